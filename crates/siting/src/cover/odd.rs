//! Cuts by odd numbers of customers.
//!
//! A customer is covered at most as much as its sites are open, and at most once. Both added up
//! over some customers say that twice as many of them are covered, at most, as there are customers
//! and coverings by open sites; halved and rounded, as whole numbers allow: no more of them are
//! covered than half of them, rounded down, and for each open site half of those it covers, rounded
//! up. These are the cuts of A. Caprara and M. Fischetti, "{0, 1/2}-Chvátal-Gomory cuts" (1996);
//! only of an odd number of customers do they say anything new.
//!
//! What such a cut excludes: three customers of which every two share a site that is half open.

use super::merged::Core;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// How near to whole a number counts as whole.
const WHOLE: f64 = 1e-6;

/// How many customers a cut has at most.
const CUSTOMERS: usize = 9;

/// A cut must miss less than this of being half a covering short: 1 would exclude nothing.
const MISSED: f64 = 0.98;

/// The same for cuts of three, of which there are many.
const MISSED_OF_THREE: f64 = 0.9;

/// How many cuts are made at a time: those that exclude the most.
const AT_ONCE: usize = 600;

/// No more of these customers are covered than half of them and what sites add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Odd {
    /// The customers, in order.
    pub(super) customers: Vec<u32>,
    /// For each site that covers some of them half of how many, rounded up.
    pub(super) sites: Vec<(u32, u32)>,
}

impl Odd {
    fn new(core: &Core, customers: Vec<u32>) -> Self {
        let mut covers = BTreeMap::<u32, u32>::new();
        for site in customers.iter().flat_map(|customer| core.by.of(*customer as usize)) {
            *covers.entry(*site).or_default() += 1;
        }
        let sites = covers.into_iter().map(|(site, covers)| (site, covers.div_ceil(2))).collect();
        Self { customers, sites }
    }

    /// Half of the customers, rounded down.
    pub(super) fn half(&self) -> u32 {
        u32::try_from(self.customers.len() / 2).unwrap_or(u32::MAX)
    }
}

/// Cuts that exclude what a program has found: how far each site is open, and each customer
/// covered.
pub(super) fn odd_cuts(core: &Core, open: &[f64], covered: &[f64]) -> Vec<Odd> {
    let seeker = Seeker::new(core, open, covered);
    let mut found = BTreeMap::new();
    let starts: BTreeSet<u32> = seeker.near.iter().flatten().copied().collect();
    for start in starts {
        seeker.grow(start, &mut found);
        seeker.of_three(start, &mut found);
    }
    let mut found: Vec<(Vec<u32>, f64)> = found.into_iter().collect();
    found.sort_by(|one, other| one.1.total_cmp(&other.1).then_with(|| one.0.cmp(&other.0)));
    let cuts = found.into_iter().take(AT_ONCE);
    cuts.map(|(customers, _)| Odd::new(core, customers)).collect()
}

/// Customers that can be of a cut: covered in whole by sites that are open in part.
struct Seeker<'part> {
    open: &'part [f64],
    /// For each customer its sites that are open at all; none where it can be of no cut.
    sites: Vec<Vec<u32>>,
    /// For each customer what it misses of being covered in whole, and by no more than is open.
    misses: Vec<f64>,
    /// For each site the customers of cuts that it covers.
    near: Vec<Vec<u32>>,
}

impl<'part> Seeker<'part> {
    fn new(core: &Core, open: &'part [f64], covered: &[f64]) -> Self {
        let mut near = vec![Vec::new(); core.sites()];
        let (mut sites, mut misses) = (Vec::new(), Vec::new());
        for ((list, covered), customer) in core.by.iter().zip(covered).zip(0_u32..) {
            let own: Vec<u32> =
                list.iter().copied().filter(|site| open[*site as usize] > WHOLE).collect();
            let sum: f64 = own.iter().map(|site| open[*site as usize]).sum();
            let missed = (1.0 - covered).max(0.0) + (sum - covered).max(0.0);
            let part = own.iter().all(|site| open[*site as usize] < 1.0 - WHOLE);
            let fits = part && own.len() > 1 && missed < MISSED;
            if fits {
                own.iter().for_each(|site| near[*site as usize].push(customer));
            }
            sites.push(if fits { own } else { Vec::new() });
            misses.push(missed);
        }
        Self { open, sites, misses, near }
    }

    /// How far the sites are open together that stand in one of two ascending lists alone.
    fn apart(&self, one: &[u32], other: &[u32]) -> f64 {
        let (mut mine, mut its, mut sum) = (0, 0, 0.0);
        while let (Some(own), Some(other)) = (one.get(mine), other.get(its)) {
            match own.cmp(other) {
                Ordering::Less => (mine, sum) = (mine + 1, sum + self.open[*own as usize]),
                Ordering::Greater => (its, sum) = (its + 1, sum + self.open[*other as usize]),
                Ordering::Equal => (mine, its) = (mine + 1, its + 1),
            }
        }
        let rest = one[mine..].iter().chain(&other[its..]);
        rest.fold(sum, |sum, site| sum + self.open[*site as usize])
    }

    /// The site most open of some.
    fn most_open<'a>(&self, sites: &'a [u32]) -> Option<&'a u32> {
        let open = |site: &u32| self.open[*site as usize];
        sites.iter().max_by(|one, other| open(one).total_cmp(&open(other)))
    }

    /// From one customer on, takes in whoever shares the site most open of those that cover an odd
    /// number, and misses the least.
    fn grow(&self, start: u32, found: &mut BTreeMap<Vec<u32>, f64>) {
        let mut customers = vec![start];
        let mut odd = self.sites[start as usize].clone();
        let mut missed = self.misses[start as usize];
        while customers.len() < CUSTOMERS {
            let Some(site) = self.most_open(&odd) else { return };
            let others = self.near[*site as usize].iter().filter(|own| !customers.contains(own));
            let value = |own: &u32| {
                missed + self.misses[*own as usize] + self.apart(&odd, &self.sites[*own as usize])
            };
            let valued = others.map(|own| (value(own), *own));
            let best = valued.min_by(|one, other| one.0.total_cmp(&other.0));
            let Some((value, own)) = best else { return };
            odd = apart(&odd, &self.sites[own as usize]);
            missed += self.misses[own as usize];
            customers.push(own);
            if customers.len() % 2 == 1 && value < MISSED {
                customers.sort_unstable();
                found.insert(customers, value);
                return;
            }
        }
    }

    /// Cuts of three whose first customer it is: the third one is covered by the most open one of
    /// the sites that cover only one of the others.
    fn of_three(&self, first: u32, found: &mut BTreeMap<Vec<u32>, f64>) {
        let sites = &self.sites[first as usize];
        let near = sites.iter().flat_map(|site| &self.near[*site as usize]);
        let near: BTreeSet<u32> = near.copied().filter(|own| *own > first).collect();
        for second in near {
            let missed = self.misses[first as usize] + self.misses[second as usize];
            if missed >= MISSED_OF_THREE {
                continue;
            }
            let odd = apart(sites, &self.sites[second as usize]);
            let Some(shared) = self.most_open(&odd) else { continue };
            for third in &self.near[*shared as usize] {
                let missed = missed + self.misses[*third as usize];
                if *third <= second || missed >= MISSED_OF_THREE {
                    continue;
                }
                let value = missed + self.apart(&odd, &self.sites[*third as usize]);
                if value < MISSED_OF_THREE {
                    found.insert(vec![first, second, *third], value);
                }
            }
        }
    }
}

/// What stands in one of two ascending lists alone.
fn apart(one: &[u32], other: &[u32]) -> Vec<u32> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut alone = Vec::new();
    loop {
        match (one.peek(), other.peek()) {
            (Some(mine), Some(its)) if mine == its => {
                one.next();
                other.next();
            }
            (Some(mine), its) if its.is_none_or(|its| mine < its) => alone.extend(one.next()),
            (_, Some(_)) => alone.extend(other.next()),
            _ => return alone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cover::sparse::Lists;
    use fastrand::Rng;

    fn core(sites: usize, lists: Vec<Vec<u32>>) -> Core {
        let weights = vec![1; lists.len()];
        Core::new(sites, Lists::new(lists), weights, sites)
    }

    #[test]
    fn three_that_share_half_open_sites_are_cut() {
        let core = core(3, vec![vec![0, 1], vec![1, 2], vec![0, 2]]);
        let cuts = odd_cuts(&core, &[0.5; 3], &[1.0; 3]);
        assert_eq!(cuts, [Odd::new(&core, vec![0, 1, 2])]);
        assert_eq!((cuts[0].half(), cuts[0].sites.as_slice()), (1, &[(0, 1), (1, 1), (2, 1)][..]));
        assert_eq!(odd_cuts(&core, &[1.0, 1.0, 0.0], &[1.0; 3]), []);
    }

    /// No choice of whole sites is ever cut off, and what is cut off was found.
    #[test]
    fn cuts_exclude_no_choice() {
        let mut rng = Rng::with_seed(1);
        let mut cuts = 0;
        for _ in 0..400 {
            let sites = rng.usize(3..9);
            let list = |rng: &mut Rng| {
                let site = |_| u32::try_from(rng.usize(..sites)).unwrap();
                (0..3).map(site).collect::<Vec<u32>>()
            };
            let lists: Vec<Vec<u32>> = (0..rng.usize(3..14)).map(|_| list(&mut rng)).collect();
            let core = core(sites, lists);
            let open: Vec<f64> = (0..sites).map(|_| [0.0, 0.5, 0.5, 0.5][rng.usize(..4)]).collect();
            let sum = |list: &[u32]| list.iter().map(|site| open[*site as usize]).sum::<f64>();
            let covered: Vec<f64> = core.by.iter().map(|list| sum(list).min(1.0)).collect();
            for cut in odd_cuts(&core, &open, &covered) {
                cuts += 1;
                let half = f64::from(cut.half());
                let add = |sum: f64, (site, half): &(u32, u32)| {
                    sum + f64::from(*half) * open[*site as usize]
                };
                let most = cut.sites.iter().fold(half, add);
                let found: f64 = cut.customers.iter().map(|own| covered[*own as usize]).sum();
                assert!(found > most + 1e-9, "nothing is cut off: {found} of {most}");
                for choice in 0_u32..1 << sites {
                    let is_open = |site: &u32| choice >> site & 1 == 1;
                    let is_covered = |own: &&u32| core.by.of(**own as usize).iter().any(is_open);
                    let covered = cut.customers.iter().filter(is_covered).count();
                    let opened = cut.sites.iter().filter(|(site, _)| is_open(site));
                    let most = cut.half() + opened.map(|(_, half)| half).sum::<u32>();
                    assert!(covered <= most as usize, "{choice:b} is cut off");
                }
            }
        }
        assert!(cuts > 100, "{cuts}");
    }
}
