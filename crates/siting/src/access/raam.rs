//! People choose freely between near and crowded: what the way and the crowding cost them once
//! nobody gains by another choice.
//!
//! "A rational agent model for the spatial accessibility of primary health care", J. Saxon and
//! D. Snow, 2020. Rounds, steps and the whole numbers in which people move are those of the
//! published software of the authors (PySAL's `access`), so that results can be compared.

use super::Reach;
use crate::fault::Fault;

/// How people are moved from place to place until the costs are even.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Raam {
    /// The time that is as bad as a place as crowded as all are on average.
    pub tau: f64,
    /// How many rounds.
    pub rounds: u32,
    /// The part of a place's people that may move in the first round.
    pub step: f64,
    /// The least such part.
    pub least: f64,
    /// After how many rounds the part is half.
    pub half: f64,
    /// In how many rounds, from the first, no place is given more than it has room for.
    pub gentle: u32,
}

impl Default for Raam {
    fn default() -> Self {
        Self { tau: 60.0, rounds: 150, step: 0.2, least: 0.005, half: 50.0, gentle: 20 }
    }
}

/// A way of a place of people: the place of supply it leads to, and its time in units of tau.
#[derive(Debug, Clone, Copy)]
struct Way {
    to: u32,
    travel: f64,
}

/// The best way found so far, with what it costs.
#[derive(Debug, Clone, Copy)]
struct Best {
    cost: f64,
    way: Way,
}

/// Some people of a place, from one way to another.
#[derive(Debug, Clone, Copy)]
struct Move {
    from: Way,
    to: Way,
    people: f64,
}

/// A place of people.
#[derive(Debug)]
struct Place {
    people: f64,
    /// Its ways that somebody takes, by place of supply, and how many do.
    taken: Vec<(Way, f64)>,
}

#[derive(Debug)]
struct Crowds {
    /// The ways of each place of people to where anything is supplied, the shortest first.
    ways: Vec<Way>,
    /// Where the ways of each place begin, and at last where they end.
    starts: Vec<usize>,
    /// The places of people from which each place of supply is reached, and their times.
    back: Vec<Vec<(u32, f64)>>,
    /// What each place has room for: its part of the supply, in people.
    room: Vec<f64>,
    /// How many people turn to each place of supply.
    at: Vec<f64>,
    places: Vec<Place>,
}

/// One in so many places of supply, the least crowded, is looked at from its own side.
const LEAST_CROWDED: usize = 32;

/// What the way and the crowding cost at each place: 1 is a way of `tau` to a place without
/// anybody, or no way to one that is as crowded as all are on average. None for places without
/// people, and where no supply is reached. People move in whole numbers, so they are to be given as
/// such.
///
/// # Errors
///
/// Where `tau` or `half` is not above zero, nothing is supplied, or there are no people.
pub fn raam(reach: &Reach, how: &Raam) -> Result<Vec<Option<f64>>, Fault> {
    for width in [how.tau, how.half] {
        if width.is_nan() || width <= 0.0 {
            return Err(Fault::NoWidth(width));
        }
    }
    let mut crowds = Crowds::new(reach, how.tau)?;
    let mut crowding = crowds.crowding();
    for round in 0..how.rounds {
        crowding = crowds.crowding();
        let mut moves = crowds.moves(&crowding, how.part(round));
        if round < how.gentle {
            crowds.soften(&mut moves);
        }
        crowds.carry_out(&moves);
    }
    Ok(crowds.costs(&crowding))
}

impl Raam {
    fn part(&self, round: u32) -> f64 {
        (self.step * 0.5_f64.powf(f64::from(round) / self.half)).max(self.least)
    }
}

impl Crowds {
    /// Everybody turns to the nearest.
    fn new(reach: &Reach, tau: f64) -> Result<Self, Fault> {
        let (people, supply): (f64, f64) = (reach.people.iter().sum(), reach.supply.iter().sum());
        if supply <= 0.0 {
            return Err(Fault::NoSupply);
        }
        if people <= 0.0 {
            return Err(Fault::NobodyThere);
        }
        let each = people / supply;
        let mut crowds = Self {
            ways: Vec::with_capacity(reach.ways()),
            starts: vec![0],
            back: back(reach, tau),
            room: reach.supply.iter().map(|supply| supply * each).collect(),
            at: vec![0.0; reach.supply.len()],
            places: Vec::with_capacity(reach.people.len()),
        };
        for (place, people) in reach.people.iter().enumerate() {
            let (to, time) = reach.from(place);
            let all = to.iter().zip(time).filter(|(to, _)| reach.supply[**to as usize] > 0.0);
            let all = all.map(|(to, time)| Way { to: *to, travel: time / tau });
            crowds.settle(*people, all);
        }
        Ok(crowds)
    }

    /// Adds a place whose people all turn to the first of its ways.
    fn settle(&mut self, people: f64, ways: impl Iterator<Item = Way>) {
        let first = self.starts.last().copied().unwrap_or_default();
        self.ways.extend(ways);
        let own = &mut self.ways[first..];
        own.sort_unstable_by(|one, other| {
            one.travel.total_cmp(&other.travel).then(one.to.cmp(&other.to))
        });
        let nearest = own.first().filter(|_| people > 0.0);
        let taken: Vec<(Way, f64)> = nearest.map(|way| (*way, people)).into_iter().collect();
        for (way, people) in &taken {
            self.at[way.to as usize] += people;
        }
        self.starts.push(self.ways.len());
        self.places.push(Place { people, taken });
    }

    fn crowding(&self) -> Vec<f64> {
        self.at.iter().zip(&self.room).map(|(at, room)| at / room).collect()
    }

    /// For each place, the move from its worst way that is taken to its best.
    fn moves(&self, crowding: &[f64], part: f64) -> Vec<Option<Move>> {
        let best = self.best(crowding);
        let pairs = self.places.iter().zip(&best);
        pairs.map(|(place, best)| self.better(place, *best, crowding, part)).collect()
    }

    /// For each place, the way that costs least, to the first place of supply among equals.
    ///
    /// Many turn to the few that are least crowded, so these are taken first, each with all who
    /// reach it. No other way costs less than its time and the least crowding of the others: once
    /// that is too much, so are all longer ways.
    fn best(&self, crowding: &[f64]) -> Vec<Option<Best>> {
        let open = (0..).zip(crowding).filter(|(_, own)| !own.is_nan());
        let mut order: Vec<(f64, u32)> = open.map(|(to, own)| (*own, to)).collect();
        order.sort_unstable_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let (few, rest) = order.split_at(order.len().div_ceil(LEAST_CROWDED));
        let mut best: Vec<Option<Best>> = vec![None; self.places.len()];
        for (crowding, to) in few {
            for (place, travel) in &self.back[*to as usize] {
                let way = Way { to: *to, travel: *travel };
                take(&mut best[*place as usize], way, crowding + travel);
            }
        }
        let Some((least, _)) = rest.first() else { return best };
        for (own, ends) in best.iter_mut().zip(self.starts.windows(2)) {
            for way in &self.ways[ends[0]..ends[1]] {
                if own.is_some_and(|own| least + way.travel > own.cost) {
                    break;
                }
                take(own, *way, crowding[way.to as usize] + way.travel);
            }
        }
        best
    }

    fn better(
        &self,
        place: &Place,
        best: Option<Best>,
        crowding: &[f64],
        part: f64,
    ) -> Option<Move> {
        let to = best?.way;
        let (from, held) = worst(place, crowding)?;
        if to.to == from.to {
            return None;
        }
        let there = place.taken.iter().find(|(way, _)| way.to == to.to);
        let there = there.map_or(0.0, |(_, held)| *held);
        let gain = self.even(from, held, to, there) - there;
        // Whole people only, as the software does it.
        let people = gain.min(held).min(part * place.people).trunc();
        Some(Move { from, to, people })
    }

    /// How many of both ways take the one if both are to cost the same.
    fn even(&self, from: Way, held: f64, to: Way, there: f64) -> f64 {
        let (far, near) = (from.to as usize, to.to as usize);
        let (wide, room) = (self.room[far], self.room[near]);
        let (others_far, others_near) = (self.at[far] - held, self.at[near] - there);
        let crowded = (there + held + others_far) / wide;
        ((room * wide) / (room + wide)) * ((from.travel - to.travel) + crowded - others_near / room)
    }

    /// No place is given more people at once than it has room for.
    fn soften(&self, moves: &mut [Option<Move>]) {
        let mut given = vec![0.0; self.room.len()];
        for own in moves.iter().flatten() {
            given[own.to.to as usize] += own.people;
        }
        for own in moves.iter_mut().flatten() {
            let site = own.to.to as usize;
            let times = (given[site] / self.room[site]).max(1.0);
            own.people = (own.people / times).round_ties_even();
        }
    }

    fn carry_out(&mut self, moves: &[Option<Move>]) {
        for (place, own) in self.places.iter_mut().zip(moves) {
            let Some(own) = own.filter(|own| own.people != 0.0) else { continue };
            self.at[own.to.to as usize] += own.people;
            self.at[own.from.to as usize] -= own.people;
            add(&mut place.taken, own.to, own.people);
            add(&mut place.taken, own.from, -own.people);
        }
    }

    fn costs(&self, crowding: &[f64]) -> Vec<Option<f64>> {
        let each = |(way, held): &(Way, f64)| cost(*way, crowding) * held;
        let own = |place: &Place| {
            let sum: f64 = place.taken.iter().map(each).sum();
            (!place.taken.is_empty()).then(|| sum / place.people)
        };
        self.places.iter().map(own).collect()
    }
}

/// Those who reach each place that supplies anything.
fn back(reach: &Reach, tau: f64) -> Vec<Vec<(u32, f64)>> {
    let mut counts = vec![0; reach.supply.len()];
    for to in &reach.to {
        counts[*to as usize] += 1;
    }
    let mut back: Vec<Vec<(u32, f64)>> = counts.into_iter().map(Vec::with_capacity).collect();
    for (place, ends) in (0..).zip(reach.starts.windows(2)) {
        let own = ends[0]..ends[1];
        for (to, time) in reach.to[own.clone()].iter().zip(&reach.time[own]) {
            back[*to as usize].push((place, time / tau));
        }
    }
    back
}

fn cost(way: Way, crowding: &[f64]) -> f64 {
    crowding[way.to as usize] + way.travel
}

/// Keeps a way where it costs less, or leads to an earlier place for the same.
fn take(best: &mut Option<Best>, way: Way, cost: f64) {
    let better = |own: &Best| cost < own.cost || (cost == own.cost && way.to < own.way.to);
    if best.as_ref().is_none_or(better) {
        *best = Some(Best { cost, way });
    }
}

/// The way somebody takes that costs most, to the first place among equals, and how many take it.
fn worst(place: &Place, crowding: &[f64]) -> Option<(Way, f64)> {
    let mut worst: Option<(f64, Way, f64)> = None;
    for (way, held) in &place.taken {
        let cost = cost(*way, crowding);
        if worst.is_none_or(|(most, ..)| cost > most) {
            worst = Some((cost, *way, *held));
        }
    }
    worst.map(|(_, way, held)| (way, held))
}

/// Adds people to a way; a way nobody takes any more is no longer listed.
fn add(taken: &mut Vec<(Way, f64)>, way: Way, people: f64) {
    match taken.binary_search_by_key(&way.to, |(own, _)| own.to) {
        Ok(at) => {
            taken[at].1 += people;
            if taken[at].1 == 0.0 {
                taken.remove(at);
            }
        }
        Err(at) => taken.insert(at, (way, people)),
    }
}
