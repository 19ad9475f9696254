//! Tables of places: where customers are and sites may be, and what is to be decided of them.

use std::path::Path;

use ::siting::{
    FAR, Fault, Matrix, Plane,
    access::Ways,
    capacity::{Facilities, Medians},
    cover::Covers,
    instance::csv::{Table, table, ways},
};

use super::{No, bytes};

/// Customers and sites.
pub(super) struct Places {
    people: Table,
    /// Where sites may be; absent where that is where the customers are.
    apart: Option<Table>,
    /// What each column after the two of the place says, of customers and of sites.
    columns: [Vec<&'static str>; 2],
    /// What each way costs; absent where that is the distance.
    ways: Option<Ways>,
}

/// Columns that are read where a table has them; how much a place counts has two names.
const MORE: [&str; 4] = ["weight", "pop", "capacity", "fixed"];

impl Places {
    /// Reads the table of customers, that of sites where there is one, and ways where they are
    /// given.
    pub(super) fn read(
        people: &[u8],
        sites: Option<&Path>,
        known: Option<&[u8]>,
    ) -> Result<Self, No> {
        let (people, own) = places(people, known.is_some())?;
        let apart = sites.map(|file| Ok::<_, No>(places(&bytes(file)?, known.is_some())?));
        let (apart, theirs) = apart.transpose()?.unzip();
        let sites = apart.as_ref().unwrap_or(&people);
        let columns = ["origin", "dest", "cost"];
        let known = known.map(|known| ways(known, columns, &people, sites, f64::INFINITY));
        let (ways, theirs) = (known.transpose()?, theirs.unwrap_or_else(|| own.clone()));
        Ok(Self { people, apart, columns: [own, theirs], ways })
    }

    fn sites(&self) -> &Table {
        self.apart.as_ref().unwrap_or(&self.people)
    }

    /// What a customer is called.
    pub(super) fn customer(&self, number: u32) -> String {
        let own = usize::try_from(number).ok().and_then(|number| self.people.ids.get(number));
        own.map_or_else(|| number.to_string(), Clone::clone)
    }

    /// What sites are called.
    pub(super) fn called(&self, open: &[u32]) -> Vec<String> {
        let ids = &self.sites().ids;
        let called = |site: &u32| usize::try_from(*site).ok().and_then(|site| ids.get(site));
        open.iter().filter_map(called).cloned().collect()
    }

    /// How much each customer counts, in whole numbers; 1 where the table does not say.
    pub(super) fn weights(&self) -> Result<Vec<u64>, Vec<Fault>> {
        let [own, _] = &self.columns;
        let Some(at) = own.iter().position(|name| matches!(*name, "weight" | "pop")) else {
            return Ok(vec![1; self.people.ids.len()]);
        };
        let amounts = self.people.amounts(at + self.placed(), Fault::NegativeDemand)?;
        Ok(amounts.iter().map(|amount| whole(amount.round())).collect())
    }

    /// How much each site holds; the same for all where the table does not say.
    fn capacity(&self, each: Option<f64>) -> Result<Vec<f64>, Vec<Fault>> {
        if let Some(own) = self.of_sites("capacity", Fault::NegativeCapacity)? {
            return Ok(own.to_vec());
        }
        let each = each.filter(|each| each.is_finite() && *each >= 0.0);
        let each = each.ok_or_else(|| vec![Fault::NoCapacity])?;
        Ok(vec![each; self.sites().ids.len()])
    }

    /// A column of the sites.
    fn of_sites(
        &self,
        name: &str,
        negative: fn(usize) -> Fault,
    ) -> Result<Option<&[f64]>, Vec<Fault>> {
        let [_, theirs] = &self.columns;
        let at = theirs.iter().position(|own| *own == name);
        at.map(|at| self.sites().amounts(at + self.placed(), negative)).transpose()
    }

    /// How many columns say where a place is: none where ways are given.
    fn placed(&self) -> usize {
        if self.ways.is_some() { 0 } else { 2 }
    }

    /// How far each site is from each customer, customer by customer; infinite where no way leads.
    #[expect(clippy::indexing_slicing, reason = "ways name places that are listed")]
    fn distances(&self) -> Vec<f64> {
        let sites: Vec<(f64, f64)> = points(self.sites()).collect();
        let Some(ways) = &self.ways else {
            let people = points(&self.people);
            return people
                .flat_map(|own| sites.iter().map(move |site| apart(own, *site)))
                .collect();
        };
        let many = self.sites().ids.len();
        let mut distances = vec![f64::INFINITY; self.people.ids.len() * many];
        for ((from, to), time) in ways.from.iter().zip(&ways.to).zip(&ways.time) {
            distances[*from as usize * many + *to as usize] = *time;
        }
        distances
    }

    /// Which sites are within a radius of each customer, inclusive.
    pub(super) fn covers(&self, radius: f64) -> Result<Covers, Fault> {
        let sites = self.sites().ids.len();
        let distances = self.distances();
        let near = distances.chunks(sites.max(1)).map(|row| {
            let near = row.iter().zip(0..).filter(|(far, _)| **far <= radius);
            near.map(|(_, site)| site).collect::<Vec<u32>>()
        });
        Covers::new(sites, near).ok_or(Fault::UnknownFormat)
    }

    /// The plane where customers are sites and all count alike, which needs no table of costs.
    pub(super) fn plane(&self) -> Result<Option<Plane>, Vec<Fault>> {
        let alike = self.weights()?.iter().all(|weight| *weight == 1);
        let same = self.apart.is_none() && self.ways.is_none() && alike;
        Ok(same.then(|| Plane::new(points(&self.people).collect())))
    }

    /// The whole distance of each customer from each site, times how much it counts where that is
    /// weighed.
    pub(super) fn costs(&self, weighed: bool) -> Result<Matrix, No> {
        let sites = self.sites().ids.len();
        let (weights, distances) = (self.weights()?, self.distances());
        let rows = distances.chunks(sites.max(1)).zip(weights).zip(&self.people.lines);
        let mut costs = Vec::with_capacity(distances.len());
        for ((row, weight), line) in rows {
            let weight = if weighed { weight } else { 1 };
            for far in row {
                let cost = self.cost(*far, weight);
                costs.push(cost.ok_or_else(|| Fault::TooLarge(*line, weight.to_string()))?);
            }
        }
        Ok(Matrix::new(sites, costs).ok_or(Fault::Empty)?)
    }

    /// What serving somebody costs who is so far: no way costs [`FAR`], and what is beyond counting
    /// nothing.
    fn cost(&self, far: f64, weight: u64) -> Option<u32> {
        if far == f64::INFINITY {
            return Some(FAR);
        }
        let far = if self.ways.is_some() { far.ceil() } else { far };
        let cost = whole(far).checked_mul(weight).and_then(|cost| u32::try_from(cost).ok());
        cost.filter(|cost| *cost != FAR)
    }

    /// Sites with room and a cost of opening; serving costs weight times distance.
    pub(super) fn facilities(&self, each: Option<f64>) -> Result<Facilities, No> {
        let fixed = self.of_sites("fixed", Fault::NegativeCost)?;
        let fixed = fixed.ok_or_else(|| Fault::NoColumn("fixed".to_owned()))?.to_vec();
        let demand = self.weights()?.into_iter().map(real).collect();
        Ok(Facilities { capacity: self.capacity(each)?, fixed, demand, costs: self.served()? })
    }

    /// So many sites with room; serving costs weight times distance.
    pub(super) fn medians(&self, p: usize, each: Option<f64>) -> Result<Medians, No> {
        let capacity = self.capacity(each)?.iter().map(|own| whole(*own)).collect();
        Ok(Medians { p, capacity, demand: self.weights()?, costs: self.served()? })
    }

    /// Weight times distance, customer by customer; who needs nothing can be anywhere.
    #[expect(clippy::float_arithmetic, reason = "a distance")]
    fn served(&self) -> Result<Vec<f64>, Vec<Fault>> {
        let sites = self.sites().ids.len();
        let distances = self.distances();
        let rows = distances.chunks(sites.max(1)).zip(self.weights()?);
        let costs = rows.flat_map(|(row, weight)| {
            let cost = move |far: &f64| if weight == 0 { 0.0 } else { far * real(weight) };
            row.iter().map(cost)
        });
        Ok(costs.collect())
    }
}

/// A table of places: where they are, unless ways are given, and the other columns that it has.
fn places(given: &[u8], by_ways: bool) -> Result<(Table, Vec<&'static str>), Vec<Fault>> {
    let head = given.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let has = |name: &str| head.split(',').any(|own| own.trim() == name);
    let place: &[&str] = match (by_ways, has("x_m")) {
        (true, _) => &[],
        (false, true) => &["x_m", "y_m"],
        (false, false) => &["x", "y"],
    };
    let more: Vec<&str> = MORE.into_iter().filter(|name| has(name)).collect();
    let columns: Vec<&str> = place.iter().chain(&more).copied().collect();
    Ok((table(given, "id", &columns)?, more))
}

/// Where the places of a table are.
fn points(table: &Table) -> impl Iterator<Item = (f64, f64)> {
    let column = |at: usize| table.columns.get(at).into_iter().flatten().copied();
    column(0).zip(column(1))
}

#[expect(clippy::float_arithmetic, reason = "a distance")]
fn apart((x, y): (f64, f64), (u, v): (f64, f64)) -> f64 {
    ((x - u) * (x - u) + (y - v) * (y - v)).sqrt()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the floor is meant")]
fn whole(number: f64) -> u64 {
    number as u64
}

#[expect(clippy::cast_precision_loss, reason = "whole numbers below 2^53 are exact")]
fn real(number: u64) -> f64 {
    number as f64
}
