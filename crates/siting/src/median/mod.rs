//! The p-median problem: open p sites such that all customers together are served at least cost.

mod dual;
mod exact;
mod master;
pub(crate) mod rows;

use crate::ask::{Ask, Mark, Unfit};
use crate::elite::{Found, start};
use crate::swap::Field;
use crate::{Answer, Costs, FAR, Stop};
use exact::Exact;
use rows::{Columns, Rows};

/// What is searched, where what is asked is sound.
fn field<'a>(costs: &'a dyn Costs, ask: &Ask) -> Result<Field<'a>, Unfit> {
    let sites = costs.sites();
    let marks = ask.marks(sites)?;
    let barred = |site: usize| marks[site] == Mark::Shut;
    for (customer, number) in (0..costs.customers()).zip(0..) {
        let far = |site: usize| barred(site) || costs.cost(customer, site) == FAR;
        if (0..sites).all(far) {
            return Err(Unfit::Customer(number));
        }
    }
    let free = (0..).zip(&marks).filter(|(_, mark)| **mark == Mark::Free);
    let free = free.map(|(site, _)| site).collect();
    let forced = marks.iter().map(|mark| *mark == Mark::Open).collect();
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
    // Few sites are soon looked through: each round tries all swaps.
    let patience = patience.min((ask.p + 4).max(8));
    let (best, bound) = Exact::new(&field, ask.seed, stop, &mut told).seek(patience);
    (best.value < field.lost).then(|| answer(&best, bound))
}

/// Sites with the least cost, proved unless it is time to stop before; tells each better answer or
/// bound on the way. Without a set that serves everybody it is [`Unfit::Unmet`] where that is
/// proved, else [`Unfit::Late`].
pub fn median(
    costs: &dyn Costs,
    ask: &Ask,
    stop: &Stop,
    told: &mut dyn FnMut(&Answer),
) -> Result<Answer, Unfit> {
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
        false if bound >= best.value => Err(Unfit::Unmet),
        false => Err(Unfit::Late),
    }
}
