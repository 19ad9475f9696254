//! Choosing sites for an instance of the literature, or for tables of places.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use ::siting::{
    Answer, Costs, Fault, Matrix, Plane, Stop,
    capacity::{self, medians},
    center::center,
    cover::{self, Covers, Unfit, max_cover, set_cover},
    instance::{
        Capacitated, Instance,
        csv::{Table, table},
    },
    median::{self, Unsound, median, median_heuristic},
};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{No, bytes};
use crate::cli::Stopped;

/// What is to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "kebab-case")]
pub(crate) enum Problem {
    /// So many sites with the least cost for all together.
    PMedian,
    /// So many sites of which none is far from anybody.
    PCenter,
    /// So many sites that cover the most people within the radius.
    Mclp,
    /// The fewest sites that cover everybody within the radius.
    Lscp,
    /// Sites with room and a cost of opening.
    Cflp,
    /// So many sites with room for all.
    Cpmp,
}

/// How the instance is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Written {
    /// As OR-Library writes its networks, sites with capacities, and points with capacities.
    Orlib,
    /// TSPLIB's points.
    Tsplib,
    /// A table of places: `id`, `x` and `y` (or `x_m` and `y_m`), and `weight` where they differ.
    Csv,
}

/// What is asked.
#[derive(Debug, Args)]
pub(crate) struct Solving {
    /// What is to be decided.
    #[arg(long, value_enum)]
    problem: Problem,
    /// How the instance is written.
    #[arg(long, value_enum)]
    format: Written,
    /// How many sites are open; an instance that says it need not be told.
    #[arg(short = 'p', long = "sites")]
    wanted: Option<usize>,
    /// How far a site covers, inclusive, in units of the instance.
    #[arg(long)]
    radius: Option<f64>,
    /// The capacity of each site where the instance leaves it open.
    #[arg(long)]
    capacity: Option<f64>,
    /// After how many seconds the best so far is the answer.
    #[arg(long)]
    time_limit: Option<f64>,
    /// What chance is drawn from: the same seed, the same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A table of places where sites may be, where they are not those of the customers.
    #[arg(long)]
    candidates: Option<PathBuf>,
    /// Only search; do not prove (p-median).
    #[arg(long)]
    heuristic: bool,
    /// Say on standard error each better answer and bound on the way.
    #[arg(long)]
    progress: bool,
    /// The instance.
    file: PathBuf,
}

/// Customers, sites, and who is near whom.
struct Places {
    people: Table,
    sites: Table,
}

/// The answer as JSON.
pub(super) fn run(asked: &Solving) -> Result<String, No> {
    let began = Instant::now();
    let given = bytes(&asked.file)?;
    let limit = asked.time_limit.filter(|limit| limit.is_finite() && *limit >= 0.0);
    let ends = limit.map(|limit| began + Duration::from_secs_f64(limit));
    let stop = Stop::at(ends);
    let progress = asked.progress;
    let mut told = move |answer: &Answer| {
        if progress {
            let after = began.elapsed().as_secs_f64();
            eprintln!("{after:.2} s: value {}, bound {}", answer.value, answer.bound);
        }
    };
    let (answer, read) = match asked.format {
        Written::Csv => of_tables(asked, &given, (began, &stop), &mut told)?,
        Written::Orlib | Written::Tsplib => {
            let instance = Instance::read(&given, asked.capacity)?;
            let read = began.elapsed();
            (of_instance(asked, instance, &stop, &mut told)?, read)
        }
    };
    let all = began.elapsed();
    Ok(json!({
        "problem": asked.problem.to_possible_value().map(|own| own.get_name().to_owned()),
        "value": answer.value, "bound": answer.bound, "gap": answer.gap(),
        "proved": answer.proved(), "open": answer.open,
        "seconds": { "read": read.as_secs_f64(), "solve": (all - read).as_secs_f64() },
        "seed": asked.seed,
    })
    .to_string())
}

type Told<'a> = &'a mut dyn FnMut(&Answer);

fn of_instance(
    asked: &Solving,
    instance: Instance,
    stop: &Stop,
    told: Told<'_>,
) -> Result<Answer, No> {
    match (asked.problem, instance) {
        (Problem::Cflp, Instance::Facilities(own)) => {
            own.enough()?;
            let given = capacity::Facilities {
                capacity: own.capacity,
                fixed: own.fixed,
                demand: own.demand,
                costs: own.costs,
            };
            Ok(capacity::facilities(&given, stop, told).map_err(unfit)?)
        }
        (Problem::Cpmp, Instance::Capacitated(own)) => with_room(asked, &own, stop, told),
        (_, Instance::Network(own)) => by_cost(asked, &own.costs, Some(own.wanted), stop, told),
        (_, Instance::Plane(own)) => by_cost(asked, &own, None, stop, told),
        (_, Instance::Facilities(_) | Instance::Capacitated(_)) => Err(Fault::UnknownFormat.into()),
    }
}

/// So many sites with room for whoever they serve.
fn with_room(
    asked: &Solving,
    own: &Capacitated,
    stop: &Stop,
    told: Told<'_>,
) -> Result<Answer, No> {
    own.enough()?;
    let many = own.points.len();
    let costs = (0..many).flat_map(|customer| (0..many).map(move |site| own.cost(customer, site)));
    let given = capacity::Medians {
        p: asked.wanted.unwrap_or(own.wanted),
        capacity: own.capacity.clone(),
        demand: own.demand.clone(),
        costs: costs.collect(),
    };
    Ok(medians(&given, asked.seed, stop, told).map_err(unfit)?)
}

/// What is decided by costs alone.
fn by_cost(
    asked: &Solving,
    costs: &dyn Costs,
    wanted: Option<usize>,
    stop: &Stop,
    told: Told<'_>,
) -> Result<Answer, No> {
    let wanted = || asked.wanted.or(wanted).ok_or(Fault::NoneWanted);
    match asked.problem {
        Problem::PMedian => {
            let ask = median::Ask { p: wanted()?, seed: asked.seed, ..Default::default() };
            if asked.heuristic
                && let Some(found) = median_heuristic(costs, &ask, stop)
            {
                return Ok(found);
            }
            Ok(median(costs, &ask, stop, told).map_err(|no| unsound(no, &ask, costs.sites()))?)
        }
        Problem::PCenter => Ok(center(costs, wanted()?, stop, told).map_err(unfit)?),
        Problem::Mclp | Problem::Lscp => {
            let radius = radius(asked)?.floor().clamp(0.0, f64::from(u32::MAX - 1));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
            let covers = Covers::within(costs, radius as u32);
            let weights = vec![1; costs.customers()];
            covered(asked, &covers, &weights, stop, told)
        }
        Problem::Cflp | Problem::Cpmp => Err(Fault::UnknownFormat.into()),
    }
}

fn covered(
    asked: &Solving,
    covers: &Covers,
    weights: &[u64],
    stop: &Stop,
    told: Told<'_>,
) -> Result<Answer, No> {
    if asked.problem == Problem::Lscp {
        return Ok(set_cover(covers, stop, told).map_err(unfit)?);
    }
    let p = asked.wanted.ok_or(Fault::NoneWanted)?;
    ::siting::instance::wanted(p, covers.sites())?;
    let ask = cover::Ask { p, seed: asked.seed, ..Default::default() };
    Ok(max_cover(covers, weights, &ask, stop, told).map_err(unfit)?)
}

fn radius(asked: &Solving) -> Result<f64, Fault> {
    asked.radius.filter(|radius| *radius > 0.0).ok_or(Fault::NoTime(asked.radius.unwrap_or(0.0)))
}

/// Places by tables: whoever is covered is weighed, and costs are weight times whole distance.
fn of_tables(
    asked: &Solving,
    given: &[u8],
    (began, stop): (Instant, &Stop),
    told: Told<'_>,
) -> Result<(Answer, Duration), No> {
    let people = places(given)?;
    let sites = match &asked.candidates {
        Some(file) => places(&bytes(file)?)?,
        None => people.clone(),
    };
    let places = Places { people, sites };
    let weights = places.weights()?;
    if matches!(asked.problem, Problem::Mclp | Problem::Lscp) {
        let covers = places.covers(radius(asked)?)?;
        let read = began.elapsed();
        return Ok((covered(asked, &covers, &weights, stop, told)?, read));
    }
    let same = asked.candidates.is_none() && weights.iter().all(|weight| *weight == 1);
    if same {
        let plane = Plane::new(places.people.points().collect());
        let read = began.elapsed();
        return Ok((by_cost(asked, &plane, None, stop, told)?, read));
    }
    let costs = places.costs(&weights)?;
    let read = began.elapsed();
    Ok((by_cost(asked, &costs, None, stop, told)?, read))
}

/// A table of places: where they are, and how much each counts.
fn places(given: &[u8]) -> Result<Table, Vec<Fault>> {
    let head = given.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let has = |name: &str| head.split(',').any(|own| own.trim() == name);
    let mut columns = if has("x_m") { vec!["x_m", "y_m"] } else { vec!["x", "y"] };
    columns.extend(["weight", "pop"].into_iter().find(|name| has(name)));
    table(given, "id", &columns)
}

/// Where the places of a table are.
trait Points {
    /// Each place in order.
    fn points(&self) -> impl Iterator<Item = (f64, f64)>;
}

impl Points for Table {
    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        let column = |at: usize| self.columns.get(at).into_iter().flatten().copied();
        column(0).zip(column(1))
    }
}

impl Places {
    /// How much each customer counts, in whole numbers; 1 where the table does not say.
    fn weights(&self) -> Result<Vec<u64>, Vec<Fault>> {
        if self.people.columns.len() < 3 {
            return Ok(vec![1; self.people.ids.len()]);
        }
        let amounts = self.people.amounts(2, Fault::NegativeDemand)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not below 0")]
        Ok(amounts.iter().map(|amount| amount.round() as u64).collect())
    }

    /// Which sites are within a radius of each customer, inclusive.
    fn covers(&self, radius: f64) -> Result<Covers, Fault> {
        let sites: Vec<(f64, f64)> = self.sites.points().collect();
        let near = self.people.points().map(|own| {
            let near = sites.iter().zip(0..).filter(|(site, _)| apart(own, **site) <= radius);
            near.map(|(_, site)| site).collect::<Vec<u32>>()
        });
        Covers::new(sites.len(), near).ok_or(Fault::UnknownFormat)
    }

    /// Weight times whole distance, of each customer from each site.
    fn costs(&self, weights: &[u64]) -> Result<Matrix, Fault> {
        let sites: Vec<(f64, f64)> = self.sites.points().collect();
        let mut costs = Vec::with_capacity(weights.len() * sites.len());
        for ((own, weight), line) in self.people.points().zip(weights).zip(&self.people.lines) {
            for site in &sites {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "the floor is meant, and it is not below 0"
                )]
                let cost = (apart(own, *site) as u64).checked_mul(*weight);
                let cost = cost.and_then(|cost| u32::try_from(cost).ok());
                let cost = cost.filter(|cost| *cost != ::siting::FAR);
                costs.push(cost.ok_or_else(|| Fault::TooLarge(*line, weight.to_string()))?);
            }
        }
        Matrix::new(sites.len(), costs).ok_or(Fault::Empty)
    }
}

#[expect(clippy::float_arithmetic, reason = "a distance")]
fn apart((x, y): (f64, f64), (u, v): (f64, f64)) -> f64 {
    ((x - u) * (x - u) + (y - v) * (y - v)).sqrt()
}

/// Why there is no p-median, as a fault with its number.
fn unsound(no: Unsound, ask: &median::Ask<'_>, sites: usize) -> No {
    match no {
        Unsound::Nothing => Fault::NoneWanted.into(),
        Unsound::Count => Fault::TooMany { wanted: ask.p, sites }.into(),
        Unsound::Site(site) => Fault::OpenAndClosed(site.to_string()).into(),
        Unsound::Alone(customer) => Fault::Unserved(customer.to_string()).into(),
        Unsound::Unmet => Fault::Unserved(String::new()).into(),
        Unsound::Late => late(),
    }
}

/// Why a question has no answer, as a fault with its number.
fn unfit(no: Unfit) -> No {
    match no {
        Unfit::NoSites => Fault::NoneWanted.into(),
        Unfit::TooMany => Fault::TooMany { wanted: 0, sites: 0 }.into(),
        Unfit::Site(site) => Fault::OpenAndClosed(site.to_string()).into(),
        Unfit::Customer(customer) => Fault::Unserved(customer.to_string()).into(),
        Unfit::Count | Unfit::Number => Fault::UnknownFormat.into(),
        Unfit::Room => late(),
    }
}

fn late() -> No {
    let why = "no sites were found that serve everybody before the time was over";
    Stopped(why.to_owned()).into()
}
