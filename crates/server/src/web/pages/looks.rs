//! What a service looks up in registers, what it charges, and who acts in whose name: parts of its
//! guide that rest on more than the form.

use pack::model::{Delegation, Fee, Input, Level, LooksUp, Procedure};

use super::{service::Condition, writes::register_link};
use crate::web::{
    frame::{Cited, Link},
    in_words::{InWords, field_title, summed},
    question::title_of,
    shown::Shown,
};

/// What is looked up in a register.
#[derive(Debug)]
pub(crate) struct LookUpView {
    /// What is looked for.
    pub(crate) title: String,
    /// In which register.
    pub(crate) register: Link,
    /// What must hold of an entry.
    pub(crate) conditions: Vec<String>,
    /// What is added up, and whether entries that have ended count; empty where neither.
    pub(crate) notes: Vec<String>,
}

/// What is charged.
#[derive(Debug)]
pub(crate) struct FeeView {
    /// What it is for.
    pub(crate) title: String,
    /// How much, in words.
    pub(crate) amount: String,
    /// Who need not pay.
    pub(crate) waived: Vec<Condition>,
    /// Where it is written.
    pub(crate) cited: Cited,
}

/// A power handed to another level.
#[derive(Debug)]
pub(crate) struct DelegationView {
    /// What is handed over.
    pub(crate) title: String,
    /// From whom to whom.
    pub(crate) says: String,
    /// On which days.
    pub(crate) days: String,
    /// True where it holds today.
    pub(crate) current: bool,
    /// Where it was published.
    pub(crate) cited: Cited,
}

/// What a procedure looks up.
pub(super) fn look_ups(shown: Shown<'_>, procedure: &Procedure) -> Vec<LookUpView> {
    procedure.looks_up.iter().map(|(_, own)| look_up(shown, procedure, own)).collect()
}

fn look_up(shown: Shown<'_>, procedure: &Procedure, looks_up: &LooksUp) -> LookUpView {
    let words = shown.words;
    let register = shown.pack.registers.get(&looks_up.register);
    let in_words = InWords { its: register, ..InWords::of(shown, procedure) };
    let equal = looks_up.wheres.iter().map(|(name, expression)| {
        let target = register.and_then(|own| own.field(name)).map(|field| &field.input);
        let is = InWords { target, ..in_words }.says(expression);
        match target {
            Some(Input::Party) => words.with("looks-up-held-by", &is),
            _ => words.with_both("looks-up-equal", &field_title(shown, register, name), &is),
        }
    });
    let that = looks_up.that.as_ref().map(|that| in_words.says(that));
    let sum = looks_up.sum.as_ref().map(|_| words.with("looks-up-sum", &summed(shown, looks_up)));
    let ended = looks_up.ended.then(|| words.t("looks-up-ended"));
    LookUpView {
        title: looks_up.title.to(words.0).to_owned(),
        register: register_link(shown, &looks_up.register),
        conditions: equal.chain(that).collect(),
        notes: sum.into_iter().chain(ended).collect(),
    }
}

/// What a procedure charges.
pub(super) fn fees(shown: Shown<'_>, procedure: &Procedure) -> Vec<FeeView> {
    let fee = |fee: &Fee| FeeView {
        title: fee.title.to(shown.words.0).to_owned(),
        amount: InWords::of(shown, procedure).says(&fee.amount),
        waived: fee.waived.iter().map(|who| Condition::of(shown, who)).collect(),
        cited: shown.cited(&fee.basis),
    };
    procedure.fees.values().map(fee).collect()
}

/// The delegations that name a procedure and have not ended, in the order of the pack.
pub(super) fn delegations(shown: Shown<'_>, procedure: &Procedure) -> Vec<DelegationView> {
    let own = shown.pack.delegations.iter().filter(|delegation| {
        delegation.procedures.contains(&procedure.name)
            && delegation.until.is_none_or(|until| shown.day < until)
    });
    own.map(|delegation| delegated(shown, delegation)).collect()
}

fn delegated(shown: Shown<'_>, delegation: &Delegation) -> DelegationView {
    let words = shown.words;
    let office = shown.office(&delegation.office);
    let level = |level| match level {
        Level::Province => words.with("competent-province", &office),
        Level::County => words.with("competent-county", &office),
    };
    let from = delegation.from.to_string();
    DelegationView {
        title: delegation.title.to(words.0).to_owned(),
        says: words.with_both(
            "delegated",
            &level(delegation.to_level),
            &level(delegation.from_level),
        ),
        days: match delegation.until {
            Some(until) => words.with_both("days-until", &from, &until.to_string()),
            None => words.with("days-on", &from),
        },
        current: delegation.holds_on(shown.day),
        cited: shown.cited(&delegation.basis),
    }
}

/// Against whom a body acts: the holder of the entry that the form names; empty where it acts
/// against nobody.
pub(super) fn against(shown: Shown<'_>, procedure: &Procedure) -> String {
    let named = procedure.against.as_deref();
    named
        .map(|path| shown.words.with("against-holder", &title_of(shown, procedure, path)))
        .unwrap_or_default()
}

#[cfg(test)]
pub(super) fn sample_look_ups() -> Vec<LookUpView> {
    let one = |conditions, notes| LookUpView {
        title: "Places held".into(),
        register: super::link(),
        conditions,
        notes,
    };
    vec![one(vec!["Open".into()], vec!["added up".into()]), one(Vec::new(), Vec::new())]
}

#[cfg(test)]
pub(super) fn sample_fees() -> Vec<FeeView> {
    let fee = |waived| FeeView {
        title: "Fee".into(),
        amount: "100 yuan".into(),
        waived,
        cited: super::cited(),
    };
    let small = Condition { says: "Small".into(), shared: false, cited: super::cited() };
    vec![fee(vec![small]), fee(Vec::new())]
}

#[cfg(test)]
pub(super) fn sample_delegations() -> Vec<DelegationView> {
    let one = |current| DelegationView {
        title: "Handed over".into(),
        says: "the county".into(),
        days: "from 2030".into(),
        current,
        cited: super::cited(),
    };
    vec![one(true), one(false)]
}
