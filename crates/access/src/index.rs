//! Which policies can speak of a role and an action on a day, so that a question meets a few
//! instead of all. A policy can where the schema leaves a request for which it is not false from
//! the start; the others would have had no say.

use std::collections::{BTreeMap, BTreeSet};

use base::Date;
use cedar_policy::{PolicySet, Schema};

use crate::{action::Action, policy::Policy, who::Role};

/// The policies by day, role and action.
#[derive(Debug)]
pub(crate) struct Index(Vec<Era>);

/// The days between two changes.
#[derive(Debug)]
struct Era {
    /// Its first day; none for the first era.
    from: Option<Date>,
    slots: BTreeMap<(Role, Action), PolicySet>,
}

/// Of which roles and actions a policy can speak.
pub(crate) fn reach(policy: &cedar_policy::Policy, schema: &Schema) -> BTreeSet<(Role, Action)> {
    let asked = policy.get_valid_request_envs(schema);
    let spoken = asked.filter_map(|asked| {
        let role = Role::named(&asked.principal().to_string())?;
        Some((role, Action::named(asked.action().id().as_ref())?))
    });
    spoken.collect()
}

impl Index {
    /// The index of all policies.
    pub(crate) fn of(all: &[Policy]) -> Self {
        let changes: BTreeSet<Date> =
            all.iter().flat_map(|policy| [policy.from, policy.until]).flatten().collect();
        let firsts = std::iter::once(None).chain(changes.into_iter().map(Some));
        Self(firsts.map(|from| Era { from, slots: slots(all, from) }).collect())
    }

    /// The policies that can speak of a role and an action on a day; none where no policy can.
    pub(crate) fn on(&self, day: Date, role: Role, action: Action) -> Option<&PolicySet> {
        let after = self.0.partition_point(|era| era.from.is_none_or(|from| from <= day));
        self.0.get(after.checked_sub(1)?)?.slots.get(&(role, action))
    }

    /// The first day of each era that has not passed on a day; that day itself for the running one.
    pub(crate) fn days_from(&self, day: Date) -> BTreeSet<Date> {
        let later = self.0.iter().filter_map(|era| era.from.filter(|from| *from > day));
        later.chain([day]).collect()
    }
}

fn slots(all: &[Policy], from: Option<Date>) -> BTreeMap<(Role, Action), PolicySet> {
    let mut slots: BTreeMap<(Role, Action), PolicySet> = BTreeMap::new();
    let holds = |policy: &&Policy| match from {
        Some(day) => policy.holds_on(day),
        None => policy.from.is_none(),
    };
    for policy in all.iter().filter(holds) {
        for slot in &policy.speaks_of {
            // INVARIANT: ids are unique, which reading has seen to, so that adding does not fail.
            let _ = slots.entry(*slot).or_default().add(policy.cedar.clone());
        }
    }
    slots
}
