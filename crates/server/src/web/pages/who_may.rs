//! Who may see and do what: the policies in force, by whom they speak of, with what they rest on.

use std::collections::BTreeSet;

use access::{Action, Policies, Policy, Role, policy::Effect};
use askama::Template;

use crate::web::{
    frame::{Cited, Frame},
    shown::Shown,
};

/// Who may see and do what.
#[derive(Debug, Template)]
#[template(path = "who-may.html")]
pub(crate) struct WhoMayPage {
    pub(crate) frame: Frame,
    /// The policies by whom they speak of, those of everybody first.
    pub(crate) parts: Vec<Part>,
}

/// The policies that speak of a role.
#[derive(Debug)]
pub(crate) struct Part {
    /// The role.
    pub(crate) title: String,
    /// What the policies say.
    pub(crate) policies: Vec<Said>,
}

/// A policy.
#[derive(Debug)]
pub(crate) struct Said {
    /// What it says.
    pub(crate) title: String,
    /// Its id, to which logs refer.
    pub(crate) id: String,
    /// True where it forbids.
    pub(crate) forbids: bool,
    /// The actions of which it speaks.
    pub(crate) actions: String,
    /// What it rests on.
    pub(crate) basis: Cited,
    /// From when until when it holds; empty where it always does.
    pub(crate) days: String,
}

impl WhoMayPage {
    /// The page as of the day that is shown.
    pub(crate) fn of(frame: Frame, shown: Shown<'_>, policies: &Policies) -> Self {
        let held = policies.all().iter().filter(|policy| policy.holds_on(shown.day));
        let held: Vec<(&Policy, BTreeSet<Role>)> = held.map(|own| (own, roles(own))).collect();
        let of = |wanted: Option<Role>| -> Vec<Said> {
            let own = held.iter().filter(|(_, roles)| match wanted {
                None => roles.len() == Role::ALL.len(),
                Some(role) => roles.len() < Role::ALL.len() && roles.contains(&role),
            });
            own.map(|(policy, _)| Said::of(shown, policy)).collect()
        };
        let all = Part { title: shown.words.t("access-everybody"), policies: of(None) };
        let each = Role::ALL.into_iter().map(|role| Part {
            title: role.title().to(shown.words.0).to_owned(),
            policies: of(Some(role)),
        });
        let parts = std::iter::once(all).chain(each).filter(|part| !part.policies.is_empty());
        Self { frame, parts: parts.collect() }
    }
}

fn roles(policy: &Policy) -> BTreeSet<Role> {
    policy.speaks_of.iter().map(|(role, _)| *role).collect()
}

impl Said {
    fn of(shown: Shown<'_>, policy: &Policy) -> Self {
        let words = shown.words;
        let actions: BTreeSet<Action> = policy.speaks_of.iter().map(|(_, own)| *own).collect();
        let titles: Vec<String> =
            actions.iter().map(|action| action.title().to(words.0).to_owned()).collect();
        let days = [(policy.from, "access-from"), (policy.until, "access-until")];
        let days = days.into_iter().filter_map(|(day, key)| Some((day?.to_string(), key)));
        let days: Vec<String> = days.map(|(day, key)| words.with(key, &day)).collect();
        Self {
            title: policy.title.to(words.0).to_owned(),
            id: policy.id.clone(),
            forbids: policy.effect == Effect::Forbid,
            actions: titles.join(words.comma()),
            basis: shown.cited(&policy.basis),
            days: days.join(words.comma()),
        }
    }
}

#[cfg(test)]
impl super::Sample for WhoMayPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let said = |forbids, days: &str| Said {
            title: "Applicants see <their> cases.".into(),
            id: "party-acts-in-own-case".into(),
            forbids,
            actions: "see a case".into(),
            basis: super::cited(),
            days: days.into(),
        };
        let part = |policies| Part { title: "an applicant".into(), policies };
        let full = vec![part(vec![said(false, ""), said(true, "from 2018-01-01")])];
        vec![Self { frame: frame.clone(), parts: Vec::new() }, Self { frame, parts: full }]
    }
}
