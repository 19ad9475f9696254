//! The slow model: every street in each direction is a state, and the least cost of each is sought
//! one after the other (Dijkstra 1959). It knows rules of turning by looking each turn up.

use std::{cmp::Reverse, collections::BinaryHeap};

use fastrand::Rng;
use travel::Measure;

use crate::drawn::Drawn;

/// A way of two points.
pub(crate) struct Lane {
    pub(crate) id: i64,
    pub(crate) ends: [i64; 2],
    pub(crate) ahead: bool,
    pub(crate) back: bool,
    pub(crate) speed: u64,
}

/// A rule of turning.
pub(crate) struct Rule {
    pub(crate) only: bool,
    pub(crate) from: i64,
    pub(crate) via: i64,
    pub(crate) to: i64,
}

/// A random network, drawn and as the model has it.
#[derive(Default)]
pub(crate) struct Model {
    pub(crate) drawn: Drawn,
    pub(crate) spots: i64,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) rules: Vec<Rule>,
}

impl Model {
    pub(crate) fn random(random: &mut Rng, spots: i64, lanes: i64, rules: usize) -> Self {
        let mut own = Self { spots, ..Self::default() };
        for _ in 0..spots {
            own.drawn.spot(random.i64(0..20_000), random.i64(0..20_000), &[]);
        }
        for id in 1..=lanes {
            let from = random.i64(1..=spots);
            let to = (from + random.i64(0..spots - 1)) % spots + 1;
            own.lane(random, id, [from, to]);
        }
        for _ in 0..rules {
            own.rule(random);
        }
        own
    }

    fn rule(&mut self, random: &mut Rng) {
        let from = &self.lanes[random.usize(0..self.lanes.len())];
        let via = from.ends[random.usize(0..2)];
        let next: Vec<i64> =
            self.lanes.iter().filter(|own| own.ends.contains(&via)).map(|own| own.id).collect();
        let (from, to) = (from.id, next[random.usize(0..next.len())]);
        let only = random.u8(0..4) == 0;
        let kind = if only { "only_straight_on" } else { "no_left_turn" };
        self.drawn.rule(kind, from, via, to);
        self.rules.push(Rule { only, from, via, to });
    }

    /// A grid with so many crossings on a side: a tenth of its streets is missing, and a third is
    /// one way.
    pub(crate) fn grid(random: &mut Rng, side: i64, rules: usize) -> Self {
        let mut own = Self { spots: side * side, ..Self::default() };
        for spot in 0..side * side {
            let (x, y) = (spot % side * 1_000, spot / side * 1_000);
            own.drawn.spot(x + random.i64(0..400), y + random.i64(0..400), &[]);
        }
        for spot in 0..side * side {
            let east = (spot % side + 1 < side).then_some(spot + 1);
            let north = (spot / side + 1 < side).then_some(spot + side);
            for next in east.into_iter().chain(north) {
                if random.u8(0..10) > 0 {
                    let id = i64::try_from(own.lanes.len()).unwrap() + 1;
                    own.lane(random, id, [spot + 1, next + 1]);
                }
            }
        }
        for _ in 0..rules {
            own.rule(random);
        }
        own
    }

    fn lane(&mut self, random: &mut Rng, id: i64, ends: [i64; 2]) {
        let (oneway, ahead, back) = match random.u8(0..6) {
            0 => ("yes", true, false),
            1 => ("-1", false, true),
            _ => ("no", true, true),
        };
        let speed = random.u64(20..90);
        let said = speed.to_string();
        let tags = [("highway", "residential"), ("oneway", oneway), ("maxspeed", &said)];
        self.drawn.way(id, &ends, &tags);
        self.lanes.push(Lane { id, ends, ahead, back, speed });
    }

    /// What a lane costs, in what the router counts.
    fn cost(&self, lane: &Lane, measure: Measure) -> u64 {
        let [from, to] = lane.ends.map(|own| self.drawn.at(own));
        let length = from.millimetres_to(to);
        let cost = match measure {
            Measure::Metres => (length + 50) / 100,
            Measure::Time => (length * 3_600 + lane.speed * 500) / (lane.speed * 1_000),
        };
        cost.max(1)
    }

    /// All that leave each point: lane, whether against it, and where it leads.
    fn leaving(&self) -> Vec<Vec<(usize, bool, i64)>> {
        let mut leaving = vec![Vec::new(); place(self.spots) + 1];
        for (number, own) in self.lanes.iter().enumerate() {
            let [from, to] = own.ends;
            if own.ahead {
                leaving[place(from)].push((number, false, to));
            }
            if own.back {
                leaving[place(to)].push((number, true, from));
            }
        }
        leaving
    }

    fn may(&self, lane: usize, via: i64, out: &[(usize, bool, i64)], next: usize) -> bool {
        let (lane, next) = (self.lanes[lane].id, self.lanes[next].id);
        let ours = self.rules.iter().filter(|own| own.from == lane && own.via == via);
        let there = |to: i64| out.iter().any(|own| self.lanes[own.0].id == to);
        let ours: Vec<&Rule> = ours.filter(|own| !own.only || there(own.to)).collect();
        let forbidden = ours.iter().any(|own| !own.only && own.to == next);
        let only = ours.iter().any(|own| own.only);
        !forbidden && (!only || ours.iter().any(|own| own.only && own.to == next))
    }

    /// The least cost from a point to each, counted from 1; none where no way leads.
    pub(crate) fn least(&self, from: i64, measure: Measure) -> Vec<Option<u64>> {
        let costs: Vec<u64> = self.lanes.iter().map(|own| self.cost(own, measure)).collect();
        let leaving = self.leaving();
        let mut least = vec![None; place(self.spots) + 1];
        let mut done = vec![[false; 2]; self.lanes.len()];
        let mut heap = BinaryHeap::new();
        least[place(from)] = Some(0);
        for (lane, back, to) in &leaving[place(from)] {
            heap.push(Reverse((costs[*lane], *lane, *back, *to)));
        }
        while let Some(Reverse((cost, lane, back, at))) = heap.pop() {
            if std::mem::replace(&mut done[lane][usize::from(back)], true) {
                continue;
            }
            let own = &mut least[place(at)];
            *own = Some(own.map_or(cost, |known: u64| known.min(cost)));
            let out = &leaving[place(at)];
            for (next, back, to) in out {
                if self.may(lane, at, out, *next) && !done[*next][usize::from(*back)] {
                    heap.push(Reverse((cost + costs[*next], *next, *back, *to)));
                }
            }
        }
        least
    }

    /// Whether a point has any street.
    pub(crate) fn used(&self, spot: i64) -> bool {
        self.lanes.iter().any(|own| own.ends.contains(&spot))
    }
}

fn place(own: i64) -> usize {
    usize::try_from(own).unwrap()
}
