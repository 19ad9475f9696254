//! Covering everybody with as few sites as can be.
//!
//! Whoever is covered whenever another one is needs no look, nor a site that another outdoes; who
//! has one site left decides it (C. Toregas, R. Swain, C. ReVelle and L. Bergman, "The location of
//! emergency service facilities", 1971). What is left is bounded by a linear program whose prices
//! are checked in whole numbers, and parted in two, each of which is reduced again.

use super::Covers;
use super::sparse::Lists;
use crate::lp::Program;
use crate::{Answer, Stop, Unfit};

/// The fewest sites that cover every customer. `told` hears every better answer and bound.
///
/// # Errors
///
/// [`Unfit::Customer`], where no site covers one, and [`Unfit::Late`], where it was stopped before
/// any sites were found that cover all.
pub fn set_cover(
    covers: &Covers,
    stop: &Stop,
    told: &mut dyn FnMut(&Answer),
) -> Result<Answer, Unfit> {
    let bare = (0..).zip(covers.by.iter()).find(|(_, list)| list.is_empty());
    if let Some((customer, _)) = bare {
        return Err(Unfit::Customer(customer));
    }
    let mut hunt = Hunt::new(covers.sites + 1, 0, stop, told);
    hunt.run(Rest::new(covers));
    let open = hunt.best.ok_or(Unfit::Late)?;
    Ok(Answer { value: open.len() as f64, bound: hunt.bound as f64, open })
}

/// Whether so many sites can cover everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Enough {
    /// These can.
    Yes(Vec<u32>),
    /// They cannot.
    No,
    /// There was no time to find out.
    Stopped,
}

/// Whether `most` sites can cover everybody.
pub(crate) fn enough(covers: &Covers, most: usize, stop: &Stop) -> Enough {
    if covers.by.iter().any(<[u32]>::is_empty) {
        return Enough::No;
    }
    let mut deaf = |_: &Answer| {};
    let mut hunt = Hunt::new(most + 1, most, stop, &mut deaf);
    hunt.run(Rest::new(covers));
    match hunt.best {
        Some(open) => Enough::Yes(open),
        None if hunt.bound > most => Enough::No,
        None => Enough::Stopped,
    }
}

/// What is left to cover.
#[derive(Debug, Clone)]
struct Rest {
    /// What the sites are called outside.
    names: Vec<u32>,
    by: Lists,
    /// The sites that are open.
    open: Vec<u32>,
    /// What no cover of it is smaller than.
    bound: usize,
}

impl Rest {
    fn new(covers: &Covers) -> Self {
        let names = (0..).take(covers.sites).collect();
        Self { names, by: covers.by.clone(), open: Vec::new(), bound: 0 }
    }

    /// The rest without some sites, and without the customers of others that are opened.
    fn without(&self, gone: &[bool], opened: &[bool]) -> Self {
        let stays = |site: usize| !gone[site] && !opened[site];
        let mut number = vec![None; self.names.len()];
        let kept: Vec<usize> = (0..self.names.len()).filter(|site| stays(*site)).collect();
        for (site, new) in kept.iter().zip(0..) {
            number[*site] = Some(new);
        }
        let left = self.by.iter().filter(|list| !list.iter().any(|site| opened[*site as usize]));
        let mut lists: Vec<Vec<u32>> = left
            .map(|list| list.iter().filter_map(|site| number[*site as usize]).collect())
            .collect();
        lists.sort_unstable();
        lists.dedup();
        let named = (0..self.names.len()).filter(|site| opened[*site]);
        let mut open = self.open.clone();
        open.extend(named.map(|site| self.names[site]));
        let names = kept.into_iter().map(|site| self.names[site]).collect();
        Self { names, by: Lists::new(lists), open, bound: self.bound }
    }

    /// Without anything that decides itself; none where somebody can no longer be covered.
    fn reduced(mut self) -> Option<Self> {
        loop {
            if self.by.iter().any(<[u32]>::is_empty) {
                return None;
            }
            let sites = self.names.len();
            let mut opened = vec![false; sites];
            for list in self.by.iter().filter(|list| list.len() == 1) {
                opened[list[0] as usize] = true;
            }
            let gone = vec![false; sites];
            if opened.contains(&true) {
                self = self.without(&gone, &opened);
                continue;
            }
            let of = self.by.turned(sites);
            let wider = wider(&self.by, &of);
            let narrow: Vec<&[u32]> = self
                .by
                .iter()
                .zip(&wider)
                .filter(|(_, wide)| !**wide)
                .map(|(list, _)| list)
                .collect();
            let by = Lists::new(narrow.into_iter().map(|list| list.iter().copied()));
            let of = by.turned(sites);
            let gone = narrower(&of, &by);
            let done = by.len() == self.by.len() && !gone.contains(&true);
            self.by = by;
            if done {
                return Some(self);
            }
            self = self.without(&gone, &opened);
        }
    }

    /// A cover by what covers the most, without what turns out not to be needed.
    fn greedy(&self, first: &[u32]) -> Vec<u32> {
        let of = self.by.turned(self.names.len());
        let mut times = vec![0_u32; self.by.len()];
        let mut new: Vec<usize> = (0..self.names.len()).map(|site| of.of(site).len()).collect();
        let mut chosen: Vec<u32> = Vec::new();
        let mut wished = first.iter().copied();
        loop {
            let best = (0..).zip(&new).max_by_key(|(site, new)| (**new, u32::MAX - site));
            let Some(site) =
                wished.next().or(best.filter(|(_, new)| **new > 0).map(|(site, _)| site))
            else {
                break;
            };
            if new[site as usize] == 0 {
                continue;
            }
            chosen.push(site);
            for customer in of.of(site as usize) {
                let customer = *customer as usize;
                if times[customer] == 0 {
                    self.by.of(customer).iter().for_each(|site| new[*site as usize] -= 1);
                }
                times[customer] += 1;
            }
        }
        for at in (0..chosen.len()).rev() {
            let customers = of.of(chosen[at] as usize);
            if customers.iter().all(|customer| times[*customer as usize] > 1) {
                customers.iter().for_each(|customer| times[*customer as usize] -= 1);
                chosen.remove(at);
            }
        }
        chosen
    }

    /// How many customers can be found of whom no two share a site.
    fn apart(&self) -> usize {
        let mut order: Vec<usize> = (0..self.by.len()).collect();
        order.sort_by_key(|customer| self.by.of(*customer).len());
        let mut used = vec![false; self.names.len()];
        let mut found = 0;
        for customer in order {
            let list = self.by.of(customer);
            if !list.iter().any(|site| used[*site as usize]) {
                list.iter().for_each(|site| used[*site as usize] = true);
                found += 1;
            }
        }
        found
    }
}

/// The lists that hold all of another list; of equal ones all but the first.
fn wider(lists: &Lists, turned: &Lists) -> Vec<bool> {
    let mut wide = vec![false; lists.len()];
    holders(lists, turned, |list, holds| {
        if !wide[list] {
            holds.iter().filter(|other| **other != list).for_each(|other| wide[*other] = true);
        }
    });
    wide
}

/// The lists of which another one holds all; of equal ones all but the first.
fn narrower(lists: &Lists, turned: &Lists) -> Vec<bool> {
    let mut narrow = vec![false; lists.len()];
    holders(lists, turned, |list, holds| {
        let length = lists.of(list).len();
        let beats =
            |other: usize| other != list && (lists.of(other).len() > length || other < list);
        let beaten = holds.iter().copied().any(beats);
        narrow[list] = beaten;
    });
    for list in (0..lists.len()).filter(|list| lists.of(*list).is_empty()) {
        narrow[list] = true;
    }
    narrow
}

/// Says for each list which lists hold all of it, itself among them.
fn holders(lists: &Lists, turned: &Lists, mut found: impl FnMut(usize, &[usize])) {
    let words = lists.len().div_ceil(64);
    let mut bits = vec![0_u64; words * turned.len()];
    for (item, inside) in turned.iter().enumerate() {
        for list in inside {
            bits[item * words + *list as usize / 64] |= 1 << (list % 64);
        }
    }
    let (mut both, mut held) = (vec![0_u64; words], Vec::new());
    for (list, items) in lists.iter().enumerate().filter(|(_, items)| !items.is_empty()) {
        both.fill(u64::MAX);
        for item in items {
            let row = &bits[*item as usize * words..(*item as usize + 1) * words];
            both.iter_mut().zip(row).for_each(|(both, row)| *both &= row);
            let left: u32 = both.iter().map(|word| word.count_ones()).sum();
            if left == 1 {
                break;
            }
        }
        let ones = both.iter().enumerate().flat_map(|(at, word)| {
            let word = *word;
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        });
        held.clear();
        held.extend(ones);
        found(list, &held);
    }
}

/// The search for a cover with fewer than so many sites.
struct Hunt<'stop, 'told> {
    /// Only a cover with fewer sites is of interest.
    fewer: usize,
    /// A cover of so many is good enough.
    content: usize,
    best: Option<Vec<u32>>,
    /// What no cover is smaller than, or `fewer` where there is none of interest.
    bound: usize,
    stop: &'stop Stop,
    told: &'told mut dyn FnMut(&Answer),
}

impl<'stop, 'told> Hunt<'stop, 'told> {
    fn new(
        fewer: usize,
        content: usize,
        stop: &'stop Stop,
        told: &'told mut dyn FnMut(&Answer),
    ) -> Self {
        Self { fewer, content, best: None, bound: 0, stop, told }
    }

    /// Goes through everything, the branch with the least bound first.
    fn run(&mut self, rest: Rest) {
        let mut waiting = vec![rest];
        while let Some(rest) = waiting.pop() {
            let least = waiting.iter().map(|rest| rest.bound).min();
            let bound = rest.bound.min(least.unwrap_or(usize::MAX));
            if bound > self.bound {
                self.bound = bound.min(self.fewer);
                self.tell();
            }
            if self.fewer <= self.content || self.stop.now() {
                self.bound = self.bound.min(self.fewer);
                return;
            }
            if rest.bound < self.fewer {
                match self.part(rest) {
                    Some(parts) => waiting.extend(parts),
                    None => return,
                }
            }
        }
        self.bound = self.fewer;
    }

    fn tell(&mut self) {
        if let Some(open) = &self.best {
            let (value, bound) = (open.len() as f64, self.bound.min(open.len()) as f64);
            (self.told)(&Answer { open: open.clone(), value, bound });
        }
    }

    /// The parts of what is left, the likelier one last; none where it was stopped.
    fn part(&mut self, rest: Rest) -> Option<Vec<Rest>> {
        let Some(mut rest) = rest.reduced() else { return Some(Vec::new()) };
        self.offer(&rest, &[]);
        let done = rest.open.len();
        rest.bound = rest.bound.max(done + rest.apart());
        if rest.by.len() == 0 || rest.bound >= self.fewer || self.fewer <= self.content {
            return Some(Vec::new());
        }
        let (open, bound) = relaxed(&rest, self.stop)?;
        rest.bound = rest.bound.max(done + bound);
        let mut wished: Vec<u32> =
            (0..).take(open.len()).filter(|site| open[*site as usize] > 0.0).collect();
        wished.sort_by(|one, other| open[*other as usize].total_cmp(&open[*one as usize]));
        self.offer(&rest, &wished);
        if rest.bound >= self.fewer {
            return Some(Vec::new());
        }
        let uneven = |site: &u32| (open[*site as usize] - 0.6).abs();
        let site =
            wished.iter().copied().min_by(|one, other| uneven(one).total_cmp(&uneven(other)))?;
        let mut mark = vec![false; rest.names.len()];
        let none = mark.clone();
        mark[site as usize] = true;
        Some(vec![rest.without(&mark, &none), rest.without(&none, &mark)])
    }

    fn offer(&mut self, rest: &Rest, wished: &[u32]) {
        let chosen = rest.greedy(wished);
        let length = rest.open.len() + chosen.len();
        if length < self.fewer {
            let names = chosen.iter().map(|site| rest.names[*site as usize]);
            let mut open: Vec<u32> = rest.open.iter().copied().chain(names).collect();
            open.sort_unstable();
            self.fewer = length;
            self.best = Some(open);
            self.tell();
        }
    }
}

/// In how many parts of one a price is counted.
const PARTS: f64 = 1_048_576.0;

/// How far sites are open in the linear program, and what it proves; none where it was stopped.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to PARTS")]
fn relaxed(rest: &Rest, stop: &Stop) -> Option<(Vec<f64>, usize)> {
    let mut program = Program::least(rest.names.iter().map(|_| (1.0, 0.0, f64::INFINITY)));
    for list in rest.by.iter() {
        program.row(1.0, f64::INFINITY, list.iter().map(|site| (*site as usize, 1.0)));
    }
    if let Some(left) = stop.left() {
        program.seconds(left);
    }
    let solved = program.solve().ok()?;
    let price = |dual: &f64| (dual.abs().min(1.0) * PARTS) as u64;
    let prices: Vec<u64> = solved.duals.iter().map(price).collect();
    let mut sums = vec![0; rest.names.len()];
    for (list, price) in rest.by.iter().zip(&prices) {
        list.iter().for_each(|site| sums[*site as usize] += price);
    }
    // Whatever the prices are, divided by the dearest site they are sound.
    let dearest = sums.into_iter().max().unwrap_or(0).max(1);
    let bound = prices.iter().sum::<u64>().saturating_sub(prices.len() as u64).div_ceil(dearest);
    Some((solved.columns, bound as usize))
}
