//! OR-Library's sites with capacities and fixed costs: "m n", "capacity fixed" for each of m sites,
//! then for each of n customers its demand and what it costs to serve all of it from each site.
//!
//! "An algorithm for solving large capacitated warehouse location problems", J. E. Beasley, 1988.
//! The large instances say `capacity` where a value is to be given.

use super::words::{Faults, count, lines, positive};
use crate::capacity::Facilities;
use crate::fault::Fault;

/// The word for a capacity that is to be given.
const OPEN: &[u8] = b"capacity";

/// A word and its line.
type Word<'a> = (usize, &'a [u8]);

/// Sites and customers; `capacity` is that of each site where the text leaves it open.
///
/// # Errors
///
/// All that is wrong with it.
pub fn cap(bytes: &[u8], capacity: Option<f64>) -> Result<Facilities, Vec<Fault>> {
    let lines = lines(bytes);
    let words = lines.flat_map(|(line, words)| words.into_iter().map(move |word| (line, word)));
    let words: Vec<Word<'_>> = words.collect();
    let (sites, rest) = measured(&words).map_err(|fault| vec![fault])?;
    let (of_sites, of_customers) = rest.split_at(2 * sites);
    if capacity.is_none() && of_sites.iter().any(|(_, word)| *word == OPEN) {
        return Err(vec![Fault::NoCapacity]);
    }
    let mut faults = Faults::default();
    let (mut holds, mut fixed) = (Vec::new(), Vec::new());
    for pair in of_sites.chunks_exact(2) {
        holds.extend(faults.note(held(pair[0], capacity)));
        fixed.extend(faults.note(positive(pair[1].0, pair[1].1, Fault::NegativeCost)));
    }
    let (mut demand, mut costs) = (Vec::new(), Vec::with_capacity(of_customers.len()));
    for row in of_customers.chunks_exact(sites + 1) {
        let (own, row) = (row[0], &row[1..]);
        demand.extend(faults.note(positive(own.0, own.1, Fault::NegativeDemand)));
        for (line, word) in row {
            costs.extend(faults.note(positive(*line, word, Fault::NegativeCost)));
        }
    }
    faults.or(|| Facilities { capacity: holds, fixed, demand, costs })
}

/// How many sites there are, and all words after the counts: as many as the counts ask for.
fn measured<'a, 'b>(words: &'b [Word<'a>]) -> Result<(usize, &'b [Word<'a>]), Fault> {
    let [(line, sites), (other, customers), rest @ ..] = words else { return Err(Fault::Empty) };
    let (sites, customers) = (count(*line, sites)?, count(*other, customers)?);
    if sites == 0 || customers == 0 {
        return Err(Fault::Empty);
    }
    let (many, found) = (sites as u128, rest.len() as u64);
    let said = many.saturating_mul(2).saturating_add((many + 1).saturating_mul(customers as u128));
    if said != u128::from(found) {
        return Err(Fault::WrongCount { said: u64::try_from(said).unwrap_or(u64::MAX), found });
    }
    Ok((sites, rest))
}

fn held((line, word): Word<'_>, capacity: Option<f64>) -> Result<f64, Fault> {
    if word != OPEN {
        return positive(line, word, Fault::NegativeCapacity);
    }
    let given = capacity.ok_or(Fault::NoCapacity)?;
    match given {
        _ if !given.is_finite() => Err(Fault::NotANumber(line, given.to_string())),
        _ if given < 0.0 => Err(Fault::NegativeCapacity(line)),
        _ => Ok(given),
    }
}
