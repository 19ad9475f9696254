//! Who is served from where, once it is known which sites are open: a transport at least cost.
//!
//! Everybody is at the cheapest site first; what is too much there goes on along the cheapest way
//! from site to site, each of which hands on a customer it has, to one with room (R. G. Busacker
//! and P. J. Gowen, "A procedure for determining a family of minimum-cost network flow patterns",
//! 1960).

use super::facility::Facilities;

/// What part of a demand is nothing but rounding.
const NOTHING: f64 = 1e-10;

/// How often something is moved for each customer, at most, before rounding is to blame.
const MOVES: usize = 50;

/// What serving everybody from these sites costs, their opening not included, and infinite where
/// they cannot; none where rounding kept it from being found.
pub(super) fn transport(given: &Facilities, open: &[u32]) -> Option<f64> {
    let Some(mut flow) = Flow::new(given, open) else { return Some(f64::INFINITY) };
    for _ in 0..MOVES * (given.demand.len() + open.len()) {
        match flow.ways() {
            None => return Some(flow.cost()),
            Some(None) => return Some(f64::INFINITY),
            Some(Some(to)) => flow.push(to)?,
        }
    }
    None
}

/// What may go from one site to another: what one unit more costs there, and whose it is.
type Way = (f64, usize);

struct Flow<'given> {
    given: &'given Facilities,
    open: &'given [u32],
    /// For each site whom it serves, and how much of them.
    at: Vec<Vec<(usize, f64)>>,
    load: Vec<f64>,
    /// From each site to each other one.
    way: Vec<Vec<Way>>,
    /// The site before on the cheapest way there.
    before: Vec<Option<usize>>,
    nothing: f64,
}

impl<'given> Flow<'given> {
    fn new(given: &'given Facilities, open: &'given [u32]) -> Option<Self> {
        let mut at = vec![Vec::new(); open.len()];
        let mut load = vec![0.0; open.len()];
        for (customer, demand) in given.demand.iter().enumerate() {
            let costs = open.iter().map(|site| given.cost(customer, *site as usize)).enumerate();
            let (place, _) = costs
                .filter(|(_, cost)| cost.is_finite())
                .min_by(|one, other| one.1.total_cmp(&other.1))?;
            at[place].push((customer, *demand));
            load[place] += demand;
        }
        let all: f64 = load.iter().sum();
        let way = vec![vec![(f64::INFINITY, 0); open.len()]; open.len()];
        let before = vec![None; open.len()];
        let mut flow = Self { given, open, at, load, way, before, nothing: all * NOTHING };
        (0..open.len()).for_each(|place| flow.look(place));
        Some(flow)
    }

    fn room(&self, place: usize) -> f64 {
        self.given.capacity[self.open[place] as usize] - self.load[place]
    }

    /// Looks up the cheapest ways out of a site.
    fn look(&mut self, place: usize) {
        for to in 0..self.open.len() {
            let site = self.open[to] as usize;
            let own = self.open[place] as usize;
            let held = self.at[place].iter().enumerate().filter(|(_, (_, held))| *held > 0.0);
            let more = held.map(|(at, (customer, _))| {
                let more = self.given.cost(*customer, site) - self.given.cost(*customer, own);
                (more / self.given.demand[*customer], at)
            });
            let least = more.min_by(|one, other| one.0.total_cmp(&other.0));
            self.way[place][to] = least.unwrap_or((f64::INFINITY, 0));
        }
    }

    /// The site with room that is cheapest to reach from sites with too much; none where no site
    /// has too much, and within that none where no way leads to any room.
    fn ways(&mut self) -> Option<Option<usize>> {
        let count = self.open.len();
        let full = |place: &usize| self.room(*place) < -self.nothing;
        let mut far: Vec<f64> =
            (0..count).map(|place| if full(&place) { 0.0 } else { f64::INFINITY }).collect();
        if far.iter().all(|far| *far > 0.0) {
            return None;
        }
        self.before.fill(None);
        let ways = self.way.iter().flatten().map(|way| way.0.abs());
        let slight = ways.filter(|way| way.is_finite()).fold(0.0, f64::max) * NOTHING;
        for _ in 0..count {
            let mut changed = false;
            for from in 0..count {
                for to in 0..count {
                    let through = far[from] + self.way[from][to].0;
                    if through < far[to] - slight {
                        (far[to], self.before[to]) = (through, Some(from));
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let roomy = (0..count).filter(|place| self.room(*place) > self.nothing);
        let least = roomy.min_by(|one, other| far[*one].total_cmp(&far[*other]));
        Some(least.filter(|place| far[*place] < f64::INFINITY))
    }

    /// Moves as much as can go along the way to a site; none where the way goes in circles.
    fn push(&mut self, to: usize) -> Option<()> {
        let mut path = vec![to];
        while let Some(from) = path.last().and_then(|last| self.before[*last]) {
            path.push(from);
            if path.len() > self.open.len() {
                return None;
            }
        }
        path.reverse();
        let mut much = self.room(to).min(-self.room(path[0]));
        for step in path.windows(2) {
            much = much.min(self.at[step[0]][self.way[step[0]][step[1]].1].1);
        }
        let taken: Vec<(usize, usize)> =
            path.windows(2).map(|step| (step[0], self.way[step[0]][step[1]].1)).collect();
        for ((from, at), to) in taken.into_iter().zip(&path[1..]) {
            let customer = self.at[from][at].0;
            self.at[from][at].1 -= much;
            if self.at[from][at].1 <= self.nothing {
                self.at[from][at].1 = 0.0;
            }
            match self.at[*to].iter_mut().find(|(own, _)| *own == customer) {
                Some((_, held)) => *held += much,
                None => self.at[*to].push((customer, much)),
            }
        }
        self.load[path[0]] -= much;
        self.load[to] += much;
        path.into_iter().for_each(|place| self.look(place));
        Some(())
    }

    fn cost(&self) -> f64 {
        let mut cost = 0.0;
        for (held, site) in self.at.iter().zip(self.open) {
            for (customer, much) in held {
                let demand = self.given.demand[*customer];
                let part = if demand > 0.0 { much / demand } else { 1.0 };
                cost += if part > 0.0 {
                    part * self.given.cost(*customer, *site as usize)
                } else {
                    0.0
                };
            }
        }
        cost
    }
}
