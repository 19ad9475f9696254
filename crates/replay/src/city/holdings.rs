//! Which entries a city's cases have made, whose they are and where: what forms that name an entry
//! are filled in with.

use std::collections::BTreeMap;

use base::{Division, Name};
use kernel::{Case, PartyId};
use rules::Value;

/// An entry that a case made.
#[derive(Debug, Clone)]
pub(super) struct Holding {
    key: String,
    /// Who applied in the case that made it.
    pub(super) holder: PartyId,
    /// The place of that case.
    pub(super) place: Division,
}

/// The entries made so far, by register.
#[derive(Debug, Default)]
pub(super) struct Holdings(BTreeMap<Name, Vec<Holding>>);

/// Who names entries, and among which.
#[derive(Clone, Copy)]
pub(super) struct Choosing<'h> {
    /// The entries.
    pub(super) holdings: &'h Holdings,
    /// Who fills the form in; nobody in particular where a body does.
    pub(super) party: Option<PartyId>,
    /// The entry that is named where one of its register is asked for, whoever holds it.
    pub(super) first: Option<(&'h Name, &'h Holding)>,
}

impl Holdings {
    /// Takes note of the entries that a case has made.
    pub(super) fn note(&mut self, case: &Case) {
        let records = case.decisions.iter().flat_map(|made| &made.records);
        for entry in case.entry.iter().chain(records).chain(&case.handled) {
            let known = self.0.entry(entry.register.clone()).or_default();
            if known.iter().all(|holding| holding.key != entry.key) {
                let (holder, place) = (case.applicant, place(case));
                known.push(Holding { key: entry.key.clone(), holder, place });
            }
        }
    }

    /// One entry of a register.
    pub(super) fn any(&self, register: &Name, lot: &mut fastrand::Rng) -> Option<&Holding> {
        lot.choice(self.0.get(register)?)
    }
}

impl Choosing<'_> {
    /// The key of an entry of a register: the one to begin with, else one's own, else anybody's.
    pub(super) fn one(&self, register: &Name, lot: &mut fastrand::Rng) -> Option<String> {
        if let Some((_, holding)) = self.first.filter(|(own, _)| *own == register) {
            return Some(holding.key.clone());
        }
        let all = self.holdings.0.get(register)?;
        let own: Vec<&Holding> =
            all.iter().filter(|holding| Some(holding.holder) == self.party).collect();
        let chosen = lot.choice(own).or_else(|| lot.choice(all));
        chosen.map(|holding| holding.key.clone())
    }
}

/// Where a case plays: the first place its form names, else that of the body that handles it.
fn place(case: &Case) -> Division {
    let named = case.facts.values().find_map(|value| match value {
        Value::Division(place) => Some(place.clone()),
        _ => None,
    });
    named.unwrap_or_else(|| case.body.division.clone())
}
