//! Working out what follows from entries as of a day.

use std::collections::BTreeMap;

use kernel::{
    decide::{Asked, follows},
    register::Fields,
};
use pack::model::Register;
use rules::Value;

use super::AsOf;
use crate::web::{
    fault::Fault,
    pages::derived::{DerivedView, Standing, standings},
    visit::Visit,
};

/// What follows from one entry, with what it came from.
pub(super) async fn of_entry(
    visit: &Visit,
    register: &Register,
    (key, fields): (&str, &Fields),
    as_of: AsOf,
) -> Result<DerivedView, Fault> {
    if register.derives.is_empty() && register.looks_up.is_empty() {
        return Ok(DerivedView::default());
    }
    let more = counted(visit, key, as_of).await?;
    let (shown, asked) = (visit.shown(), asked(as_of));
    let view = visit.app.store.looking(|entries| {
        let follows = follows(visit.pack(), register, (key, fields), entries, asked, &more);
        DerivedView::of(shown, register, fields, &follows)
    });
    Ok(view.await?)
}

/// What holds of each of several entries, in order.
pub(super) async fn of_entries(
    visit: &Visit,
    register: &Register,
    entries: &[(String, kernel::register::Version)],
    as_of: AsOf,
) -> Result<BTreeMap<String, Vec<Standing>>, Fault> {
    if register.derives.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut more = BTreeMap::new();
    for (key, _) in entries {
        more.insert(key.clone(), counted(visit, key, as_of).await?);
    }
    let (shown, asked, nothing) = (visit.shown(), asked(as_of), BTreeMap::new());
    let standing = visit.app.store.looking(|looking| {
        let of = |(key, version): &(String, kernel::register::Version)| {
            let more = more.get(key).unwrap_or(&nothing);
            let entry = (key.as_str(), &version.fields);
            let follows = follows(visit.pack(), register, entry, looking, asked, more);
            (key.clone(), standings(shown, register, &follows))
        };
        entries.iter().map(of).collect()
    });
    Ok(standing.await?)
}

fn asked(as_of: AsOf) -> Asked {
    Asked { today: as_of.on, at: as_of.at, known: as_of.known }
}

/// How many procedures carry an entry out, and how many of their cases have made one.
async fn counted(visit: &Visit, key: &str, as_of: AsOf) -> Result<BTreeMap<String, Value>, Fault> {
    let procedures = visit.pack().procedures.values();
    let carrying = procedures.filter(|p| p.carries_out.iter().any(|carried| carried == key));
    let (mut services, mut entered) = (0_i64, 0_i64);
    for procedure in carrying {
        services += 1;
        entered += i64::from(visit.app.store.entered(&procedure.name, as_of.at).await?);
    }
    let facts = [("services", services), ("entered", entered)];
    Ok(facts.map(|(name, count)| (name.to_owned(), Value::Integer(count))).into())
}
