//! The longest way that a case can go, counted from where its time began, still fits the limit
//! under which it was filed: a plan gives no body time that the law has not given (行政许可法
//! article 42).

use std::collections::BTreeSet;

use base::Name;

use super::{Hindrance, Place, Plan, side::Side};
use crate::{
    model::{Step, Target},
    prove::time::{counted, days_at_least, extended},
};

/// How many working days a step takes.
type Takes = fn(&Step) -> u32;

pub(super) fn check(plan: &Plan<'_>, at: &Place<'_>, found: &mut Vec<Hindrance>) {
    let law = &plan.old.procedure;
    let limit = days_at_least(law.statutory.term);
    let longest = through(plan, at, counted, here(plan, at));
    if longest.is_some_and(|days| days > limit) {
        let days = longest.unwrap_or_default();
        let zh = format!("自原起算日起最长需 {days} 个工作日，超过受理时的法定时限");
        let en = format!(
            "counted from the start the longest path takes {days} working days, more \
                          than the law allowed when the case was filed"
        );
        found.push(at.hindered("over-the-limit", &zh, &en));
    }
    let allowed = law.extension.as_ref().map_or(0, |limit| days_at_least(limit.term));
    let most = extended(at.from).max(extended(at.to));
    if through(plan, at, extended, most).is_some_and(|days| days > allowed) {
        let zh = "迁移后各环节合计可延长的时间超过法律所允许";
        let en = "after the move steps may be extended by more than the law allowed";
        found.push(at.hindered("extended-over-law", zh, en));
    }
}

/// The most that passes at the step and at the one that follows it in the plan. A term that runs on
/// is no longer than it was; one that starts afresh comes on top of what has passed.
fn here(plan: &Plan<'_>, at: &Place<'_>) -> u32 {
    let (before, after) = (counted(at.from), counted(at.to));
    match plan.runs_on(at) {
        true if before > 0 => before,
        true => after,
        false => before.saturating_add(after),
    }
}

/// The most of the limit that a case uses which moves from a step where up to `here` passes; none
/// where its first decision is made.
fn through(plan: &Plan<'_>, at: &Place<'_>, takes: Takes, here: u32) -> Option<u32> {
    let (old, new) = (&plan.old, &plan.new);
    let counts = |side: &Side<'_>, step: &Name| {
        most(side, &side.procedure.counts_from, Some(step), takes, &BTreeSet::new())
    };
    let undecided = |side: &Side<'_>, step: &Name| {
        most(side, &side.procedure.begins, Some(step), |_| 0, &BTreeSet::new()).is_some()
    };
    let spent = match counts(old, at.step) {
        Some(before) => before.saturating_add(here),
        None if undecided(old, at.step) => 0,
        None => return None,
    };
    let left = match counts(new, at.new_step) {
        Some(_) => {
            let left = most(new, at.new_step, None, takes, &BTreeSet::new()).unwrap_or(0);
            let own = if counts(old, at.step).is_some() { takes(at.to) } else { 0 };
            left.saturating_sub(own)
        }
        None if undecided(new, at.new_step) => {
            most(new, &new.procedure.counts_from, None, takes, &BTreeSet::new()).unwrap_or(0)
        }
        None => 0,
    };
    Some(spent.saturating_add(left))
}

/// The most that passes from a step until another is reached, or until the first decision where
/// none is named; none where it is not reached without one.
fn most(
    side: &Side<'_>,
    at: &Name,
    to: Option<&Name>,
    takes: Takes,
    seen: &BTreeSet<Name>,
) -> Option<u32> {
    if Some(at) == to {
        return Some(0);
    }
    let Some(step) = side.waiting(at) else { return to.is_none().then_some(0) };
    let mut seen = seen.clone();
    if !seen.insert(at.clone()) {
        return None;
    }
    let further = side.out_of(at).filter_map(|m| match &m.to {
        Target::Step(next) => most(side, next, to, takes, &seen),
        Target::End(_) => to.is_none().then_some(0),
    });
    let further = further.max().or(to.is_none().then_some(0));
    further.map(|days| days.saturating_add(takes(step)))
}
