//! The p-median problem: open p sites such that all customers together are served at least cost.

mod dual;
mod exact;
mod master;
pub(crate) mod rows;

use crate::elite::{Found, start};
use crate::swap::Field;
use crate::{Answer, Costs, FAR, Stop};
use exact::Exact;
use rows::{Columns, Rows};

/// What is asked: how many sites are to be open, which must be and which must not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ask<'a> {
    /// How many sites are open, those that must be among them.
    pub p: usize,
    /// Sites that must be open.
    pub force: &'a [u32],
    /// Sites that must not be open.
    pub forbid: &'a [u32],
    /// What chance is drawn from: the same seed, the same answer.
    pub seed: u64,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsound {
    /// No site is to be opened.
    Nothing,
    /// More sites are to be open than may be, or fewer than must be.
    Count,
    /// That site is not among the sites, or both must and must not be open.
    Site(u32),
    /// That customer can be served from no site that may be open.
    Alone(usize),
    /// No set of so many sites serves everybody.
    Unmet,
    /// No set that serves everybody was found before it was time to stop.
    Late,
}

/// What is searched, where what is asked is sound.
fn field<'a>(costs: &'a dyn Costs, ask: &Ask) -> Result<Field<'a>, Unsound> {
    let sites = costs.sites();
    let (mut forced, mut barred) = (vec![false; sites], vec![false; sites]);
    for site in ask.force {
        *forced.get_mut(*site as usize).ok_or(Unsound::Site(*site))? = true;
    }
    for site in ask.forbid {
        *barred.get_mut(*site as usize).ok_or(Unsound::Site(*site))? = true;
        if forced[*site as usize] {
            return Err(Unsound::Site(*site));
        }
    }
    let (must, mustnt) = (count(&forced), count(&barred));
    if ask.p == 0 {
        return Err(Unsound::Nothing);
    }
    if ask.p < must || ask.p > sites - mustnt {
        return Err(Unsound::Count);
    }
    for customer in 0..costs.customers() {
        let far = |site: usize| barred[site] || costs.cost(customer, site) == FAR;
        if (0..sites).all(far) {
            return Err(Unsound::Alone(customer));
        }
    }
    let free = (0..).zip(forced.iter().zip(&barred)).filter(|(_, (must, not))| !**must && !**not);
    let free = free.map(|(site, _)| site).collect();
    let many = i64::try_from(costs.customers()).unwrap_or(i64::MAX).max(1);
    let lost = (i64::from(FAR).saturating_mul(many + 1)).min((1 << 61) / many);
    let (rows, columns) = (Rows::default(), None);
    let mut field = Field { costs, rows, columns, p: ask.p, forced, free, lost };
    lists(&mut field, ask.seed);
    Ok(field)
}

/// Makes the lists: far enough for the two nearest sites of any fair set.
fn lists(field: &mut Field, seed: u64) {
    let (costs, sites) = (field.costs, field.costs.sites());
    let open = start(field, &mut fastrand::Rng::with_seed(seed), &[]);
    let reach = |customer| {
        let (_, next) = field.two(customer, &open);
        if next >= field.lost { next } else { 2 * next }
    };
    let reach: Vec<i64> = (0..costs.customers()).map(reach).collect();
    field.rows = Rows::new(costs, (4 * sites / field.p).max(64), &reach);
    let short = field.rows.entries() * 2 < costs.customers() * sites;
    field.columns = short.then(|| Columns::new(&field.rows, sites));
}

fn count(of: &[bool]) -> usize {
    of.iter().filter(|own| **own).count()
}

fn answer(found: &Found, bound: i64) -> Answer {
    Answer { open: found.open.clone(), value: found.value as f64, bound: bound as f64 }
}

/// How many rounds in a row may find nothing better, and how many where there is an end to them.
const PATIENCE: (usize, usize) = (30, 300);

/// Sites found by a search, with the bound of prices that is usually close; none where what is
/// asked is unsound or no set was found that serves everybody. Ends when the bound proves the set,
/// after a while of finding nothing better, or when it is time to stop.
pub fn median_heuristic(costs: &dyn Costs, ask: &Ask, stop: &Stop) -> Option<Answer> {
    let field = field(costs, ask).ok()?;
    let mut told = |_: &Found, _| {};
    let patience = if stop.left().is_some() { PATIENCE.1 } else { PATIENCE.0 };
    let (best, bound) = Exact::new(&field, ask.seed, stop, &mut told).seek(patience);
    (best.value < field.lost).then(|| answer(&best, bound))
}

/// Sites with the least cost, proved unless it is time to stop before; tells each better answer or
/// bound on the way. Without a set that serves everybody it is [`Unsound::Unmet`] where that is
/// proved, else [`Unsound::Late`].
pub fn median(
    costs: &dyn Costs,
    ask: &Ask,
    stop: &Stop,
    told: &mut dyn FnMut(&Answer),
) -> Result<Answer, Unsound> {
    let field = field(costs, ask)?;
    let lost = field.lost;
    let mut tell = |found: &Found, bound: i64| {
        if found.value < lost {
            told(&answer(found, bound));
        }
    };
    let (best, bound) = Exact::new(&field, ask.seed, stop, &mut tell).run();
    match best.value < lost {
        true => Ok(answer(&best, bound)),
        false if bound >= best.value => Err(Unsound::Unmet),
        false => Err(Unsound::Late),
    }
}
