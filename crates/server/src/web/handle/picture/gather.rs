//! What registers and cases say of a party, as of a day and as known with an entry of the ledger.

use std::collections::BTreeMap;

use access::Action;
use base::{Date, Instant, Name};
use kernel::{
    Case, Entry, EntryNumber, PartyId, Standing,
    decide::{Awaited, awaited},
    register::{Fields, Version, as_of},
};
use pack::model::{Pack, Picture, PictureEntries, Procedure, Register};
use rules::Value;
use store::finding::SubjectQuery;

use super::super::{AsOf, derived::of_entries};
use crate::web::{
    app::Role,
    entries::{Named, entry_in},
    fault::Fault,
    pages::{derived::Standing as Derived, register::Force},
    permit::{in_case, may_with_lake},
    visit::Visit,
};

/// So many entries of a register are read, by their keys, and so many cases, the newest.
const ENTRIES_MAX: usize = 200;
const CASES_MAX: usize = 300;
const PAGE: u32 = 100;

/// Entries of one register.
pub(in crate::web) struct Group<'p> {
    pub(in crate::web) register: &'p Register,
    /// The field by which they name an entry that the party holds; none where it holds them itself.
    pub(in crate::web) names: Option<&'p Name>,
    pub(in crate::web) entries: Vec<Held>,
    /// True where there are more than were read.
    pub(in crate::web) more: bool,
}

/// Whether what an entry says belongs to what is gathered.
type Belongs<'b> = &'b (dyn Fn(&Fields) -> bool + Sync);

/// An entry as it stands.
pub(in crate::web) struct Held {
    pub(in crate::web) key: String,
    pub(in crate::web) version: Version,
    pub(in crate::web) force: Force,
    /// The last day on which it is in force, where it says one.
    pub(in crate::web) until: Option<Date>,
    pub(in crate::web) derived: Vec<Derived>,
    /// How many findings about it stand now; none where the reader may not see findings.
    pub(in crate::web) findings: Option<u64>,
}

/// A case as it stood.
pub(in crate::web) struct Run<'p> {
    pub(in crate::web) case: Case,
    pub(in crate::web) pack: &'p Pack,
    pub(in crate::web) procedure: &'p Procedure,
    /// Who must act before it goes on.
    pub(in crate::web) awaited: Vec<Awaited>,
    /// The last day of the term that runs.
    pub(in crate::web) due: Option<Date>,
    /// True where that day is past.
    pub(in crate::web) late: bool,
    /// Whether the reader may open it.
    pub(in crate::web) open_to_reader: bool,
}

impl Run<'_> {
    /// Whether it has come to an end.
    pub(in crate::web) fn over(&self) -> bool {
        matches!(self.case.standing, Standing::Ended { .. } | Standing::Withdrawn)
    }
}

impl<'p> Group<'p> {
    /// The entries that the party holds in a register.
    pub(super) async fn held(
        visit: &'p Visit,
        register: &'p Register,
        party: &str,
        asked: AsOf,
    ) -> Result<Self, Fault> {
        let Some(held_by) = &register.held_by else { return Err(Fault::NoSuchPage) };
        let holds = |fields: &Fields| match fields.get(held_by) {
            Some(Value::Party(own)) => own == party,
            _ => false,
        };
        let of = (register, held_by);
        Self::read(visit, of, &[party.to_owned()], asked, (None, &holds)).await
    }

    /// The entries that name one of those in some groups.
    pub(super) async fn naming(
        visit: &'p Visit,
        own: &'p PictureEntries,
        held: &BTreeMap<&Name, Group<'p>>,
        asked: AsOf,
    ) -> Result<Option<Self>, Fault> {
        let Some(register) = visit.pack().registers.get(&own.register) else { return Ok(None) };
        let Some(field) = register.field(&own.names) else { return Ok(None) };
        let named = match &field.input {
            pack::model::Input::Entry(of) => held.get(of),
            _ => None,
        };
        let keys: Vec<String> =
            named.iter().flat_map(|own| &own.entries).map(|own| own.key.clone()).collect();
        let names = |fields: &Fields| {
            let named = fields.get(&own.names);
            matches!(named, Some(Value::Text(key)) if keys.contains(key))
        };
        let of = (register, &own.names);
        Self::read(visit, of, &keys, asked, (Some(&own.names), &names)).await.map(Some)
    }

    async fn read(
        visit: &'p Visit,
        (register, field): (&'p Register, &Name),
        values: &[String],
        asked: AsOf,
        (names, belongs): (Option<&'p Name>, Belongs<'_>),
    ) -> Result<Self, Fault> {
        let store = &visit.app.store;
        let mut keys = match values {
            [] => Vec::new(),
            values => store.keys_naming((&register.name, field), values).await?,
        };
        keys.sort();
        keys.dedup();
        let more = keys.len() > ENTRIES_MAX;
        keys.truncate(ENTRIES_MAX);
        let found = match keys.is_empty() {
            true => Vec::new(),
            false => store.whole(&register.name, &keys).await?.entries.into_iter().collect(),
        };
        let said = |(key, versions): (String, Vec<Version>)| {
            let version = as_of(&versions, asked.at, asked.known)?;
            belongs(&version.fields).then(|| (key, version.clone()))
        };
        let rows: Vec<(String, Version)> = found.into_iter().filter_map(said).collect();
        // What follows from entries that nobody reads is told to nobody.
        let mut derived = match register.public {
            true => of_entries(visit, register, &rows, asked).await?,
            false => BTreeMap::new(),
        };
        let mut entries = Vec::new();
        for (key, version) in rows {
            entries.push(Held {
                force: Force::of(register, &version.fields, asked.on),
                until: last_day(register, &version.fields),
                derived: derived.remove(&key).unwrap_or_default(),
                findings: findings(visit, (register, names), &key, asked).await?,
                key,
                version,
            });
        }
        Ok(Self { register, names, entries, more })
    }
}

/// The last day on which an entry is in force by itself, or by the certificate that shows it.
fn last_day(register: &Register, fields: &Fields) -> Option<Date> {
    let shown = register.certificates.values().filter_map(|own| own.until.as_ref());
    let days =
        register.lasts_until.iter().chain(shown).filter_map(|field| match fields.get(field)? {
            Value::Date(day) => Some(*day),
            _ => None,
        });
    days.min()
}

/// How many findings stand about an entry; they are known as of now only.
async fn findings(
    visit: &Visit,
    (register, names): (&Register, Option<&Name>),
    key: &str,
    asked: AsOf,
) -> Result<Option<u64>, Fault> {
    let rules = visit.pack().rules.values().filter(|own| own.subject_of == register.name);
    let rules: Vec<Name> = rules.map(|own| own.name.clone()).collect();
    let now = asked.on >= visit.today() && names.is_none();
    if rules.is_empty() || !now || !may_with_lake(visit, Action::SeeFindings) {
        return Ok(None);
    }
    let at_since = Instant::MIN;
    let query = SubjectQuery { rules, subject: Some(key.to_owned()), at_since };
    let counts = visit.app.store.finding_subjects(&query).await?;
    Ok(Some(counts.iter().map(|own| own.count).sum()))
}

/// The cases of a party under the procedures of a picture, as they stood, the newest first.
pub(super) async fn cases<'p>(
    visit: &'p Visit,
    (role, picture): (&Role, &Picture),
    party: PartyId,
    asked: AsOf,
) -> Result<(Vec<Run<'p>>, bool), Fault> {
    let store = &visit.app.store;
    let (mut runs, mut before) = (Vec::new(), None);
    loop {
        let page = store.cases_of(party, before, PAGE).await?;
        let last = page.last().map(|case| case.id);
        let full = page.len() >= PAGE as usize;
        let own = page.into_iter().filter(|case| case.applicant == party);
        for case in own.filter(|case| picture.procedures().any(|own| *own == case.procedure)) {
            runs.extend(run(visit, role, case, asked).await?);
        }
        if !full || runs.len() >= CASES_MAX {
            return Ok((runs, full));
        }
        before = last;
    }
}

async fn run<'p>(
    visit: &'p Visit,
    role: &Role,
    case: Case,
    asked: AsOf,
) -> Result<Option<Run<'p>>, Fault> {
    let open_to_reader = in_case(visit, role, Action::SeeCase, &case).await.is_ok();
    // A party learns of no case in which it may not look.
    if !open_to_reader && matches!(role, Role::Applicant { .. }) {
        return Ok(None);
    }
    let Some(case) = as_it_stood(visit, case, asked).await? else { return Ok(None) };
    let Some(pack) = visit.app.packs.of(&case.pack) else { return Ok(None) };
    let Some(procedure) = pack.procedures.get(&case.procedure) else { return Ok(None) };
    let awaited = awaited(pack, &case);
    let days = awaited.iter().map(|own| own.due.on).chain(case.standing.due().map(|own| own.on));
    let due = days.min();
    // Nobody is late by a day that has not come.
    let late = due.is_some_and(|due| due < asked.on.min(visit.today()));
    Ok(Some(Run { case, pack, procedure, awaited, due, late, open_to_reader }))
}

/// A case as of a day; none where it was not filed by then.
async fn as_it_stood(visit: &Visit, case: Case, asked: AsOf) -> Result<Option<Case>, Fault> {
    let told = |number: EntryNumber, at| number <= asked.known && at <= asked.at;
    if told(case.last, case.last_at) {
        return Ok(Some(case));
    }
    let history = visit.app.store.history(case.id).await?;
    let known = history.iter().filter(|entry: &&Entry| told(entry.number, entry.at));
    Ok(known.fold(None, |case, entry| Case::fold(case.clone(), entry).or(case)))
}

/// What an entry that the party holds rests on though it is not in force.
pub(in crate::web) struct Lapsed<'p> {
    pub(in crate::web) register: &'p Register,
    pub(in crate::web) key: String,
    /// The entry that is not in force.
    pub(in crate::web) on: Named,
}

/// The entries in force that rest on one that is not.
pub(super) async fn lapsed<'p>(
    visit: &Visit,
    picture: &Picture,
    held: &BTreeMap<&Name, Group<'p>>,
    asked: AsOf,
) -> Result<Vec<Lapsed<'p>>, Fault> {
    let mut found = Vec::new();
    for own in &picture.depends {
        let Some(group) = held.get(&own.register) else { continue };
        let Some(field) = group.register.field(&own.names) else { continue };
        for entry in group.entries.iter().filter(|own| own.force == Force::In) {
            let named = entry.version.fields.get(&own.names);
            let Some(on) = named.and_then(|value| entry_in(&field.input, value)) else { continue };
            if over(visit, &on, asked).await? {
                let key = entry.key.clone();
                found.push(Lapsed { register: group.register, key, on });
            }
        }
    }
    Ok(found)
}

/// Whether an entry says that it is not in force, or its certificate has run out.
async fn over(visit: &Visit, (register, key): &Named, asked: AsOf) -> Result<bool, Fault> {
    let Some(register) = visit.pack().registers.get(register) else { return Ok(false) };
    let versions = visit.app.store.versions(&register.name, key).await?;
    let Some(version) = as_of(&versions, asked.at, asked.known) else { return Ok(false) };
    let past = last_day(register, &version.fields).is_some_and(|last| last < asked.on);
    Ok(past || Force::of(register, &version.fields, asked.on).out())
}
