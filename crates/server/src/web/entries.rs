//! Entries of registers as pages name them: by what they are known by instead of their keys, and as
//! answers that a form offers. Who holds an entry is read here and shown nowhere.

use std::collections::{BTreeMap, BTreeSet};

use base::{Instant, Name};
use kernel::{
    Case, EntryNumber, PartyId,
    register::{Entries, Fields, Version, as_of},
};
use pack::model::{Field, Input, Pack, Register};
use rules::Value;
use store::RegisterQuery;

use super::{
    app::Role,
    fault::Fault,
    frame::Link,
    pages::register::{Force, heading},
    permit::published_on,
    shown::Shown,
    visit::Visit,
};

/// Entries are read in pages of this many, and so many pages at most.
const PAGE: u32 = 500;
const PAGES: usize = 4;
/// The most cases of their own that somebody is offered, the newest.
const OWN_MAX: u32 = 200;
/// The most entries that a page offers.
const OFFERED_MAX: usize = 500;

/// An entry of a register by its key.
pub(crate) type Named = (Name, String);

/// What entries are known by.
#[derive(Debug, Default)]
pub(crate) struct Headings(BTreeMap<Named, String>);

impl Headings {
    /// What the entries named were known by at an instant, as far as anybody may know.
    pub(crate) async fn load(
        visit: &Visit,
        shown: Shown<'_>,
        named: &BTreeSet<Named>,
        (at, known): (Instant, EntryNumber),
    ) -> Result<Self, Fault> {
        if named.is_empty() {
            return Ok(Self::default());
        }
        let looked = visit.app.store.looking(|entries| {
            let found = named.iter().filter_map(|entry| {
                let text = heading_of(shown, entries, entry, (at, known), true)?;
                Some((entry.clone(), text))
            });
            found.collect()
        });
        Ok(Self(looked.await?))
    }

    /// An entry with a way to it; bare where nobody but officials reads its register.
    pub(crate) fn link(&self, shown: Shown<'_>, register: &Name, key: &str) -> Link {
        let public = shown.pack.registers.get(register).is_some_and(|register| register.public);
        let href = format!("/{}/registers/{register}/{key}", shown.words.code());
        let heading = self.0.get(&(register.clone(), key.to_owned()));
        let text = match heading.filter(|heading| *heading != key) {
            Some(heading) => shown.words.with_both("entry-named", heading, key),
            None => key.to_owned(),
        };
        Link { href: if public { href } else { String::new() }, text }
    }

    /// What a value says, and the way to the entry where it names one.
    pub(crate) fn value(&self, shown: Shown<'_>, input: &Input, value: &Value) -> Link {
        match (input, value) {
            (Input::Entry(register), Value::Text(key)) => self.link(shown, register, key),
            _ => Link { href: String::new(), text: shown.value(input, value) },
        }
    }
}

/// What an entry is known by; where that is again an entry, what that one is known by.
fn heading_of(
    shown: Shown<'_>,
    entries: &dyn Entries,
    (register, key): &Named,
    (at, known): (Instant, EntryNumber),
    follow: bool,
) -> Option<String> {
    let register = shown.pack.registers.get(register).filter(|register| register.public)?;
    let versions = entries.versions(&register.name, key);
    // An entry that says nothing then is known by what it was known to say last.
    let last = || versions.iter().rfind(|own| own.known_from <= known);
    let version = as_of(&versions, at, known).or_else(last)?;
    let named = named_by(register, &version.fields).filter(|_| follow);
    named
        .and_then(|named| heading_of(shown, entries, &named, (at, known), false))
        .or_else(|| Some(heading(shown, register, &version.fields, key)))
}

/// The entry that an entry is known by, where it is known by one.
pub(crate) fn named_by(register: &Register, fields: &Fields) -> Option<Named> {
    let headed = register.field(&register.headed)?;
    entry_in(&headed.input, fields.get(&register.headed)?)
}

/// The entry that a value names.
pub(crate) fn entry_in(input: &Input, value: &Value) -> Option<Named> {
    match (input, value) {
        (Input::Entry(register), Value::Text(key)) => Some((register.clone(), key.clone())),
        _ => None,
    }
}

/// The entries that the fields of an entry name.
pub(crate) fn named_in(register: &Register, fields: &Fields) -> BTreeSet<Named> {
    let named =
        register.fields.iter().filter_map(|field| entry_in(&field.input, fields.get(&field.name)?));
    named.collect()
}

/// An entry that a question may be answered with.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    /// Its key.
    pub(crate) key: String,
    /// What it is known by.
    pub(crate) heading: String,
    /// True where the reader holds it.
    pub(crate) own: bool,
}

/// The entries of one register that are offered, the reader's own first.
#[derive(Debug, Default)]
pub(crate) struct Offered {
    /// The entries.
    pub(crate) entries: Vec<Offer>,
    /// How many there are in force, as far as they were counted.
    pub(crate) total: usize,
}

/// What a form offers its reader to choose from.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    /// Entries, by register.
    entries: BTreeMap<Name, Offered>,
    /// Whether whole districts are among the places: an officer writes of one, nobody else lives or
    /// opens something in one without a sub-district.
    pub(crate) districts: bool,
}

impl Offers {
    /// The entries in force now of every public register that a question names, and the reader's
    /// own cases that have ended where it names the register of those.
    pub(crate) async fn load<'f>(
        visit: &Visit,
        shown: Shown<'_>,
        fields: impl Iterator<Item = &'f Field>,
        role: &Role,
    ) -> Result<Self, Fault> {
        let mut offers = BTreeMap::new();
        for register in asked_for(shown.pack, fields) {
            let own = || shown.pack.handled.as_ref().filter(|own| **own == register.name);
            let offered = match (register.public, role, own()) {
                (true, _, _) => offered(visit, shown, register, role).await?,
                (false, Role::Applicant { party }, Some(_)) => ended(visit, shown, *party).await?,
                _ => continue,
            };
            offers.insert(register.name.clone(), offered);
        }
        Ok(Self { entries: offers, districts: matches!(role, Role::Officer { .. }) })
    }

    /// What is offered of a register; nothing where its entries are nobody's to choose from.
    pub(crate) fn of(&self, register: &Name) -> Option<&Offered> {
        self.entries.get(register)
    }
}

/// The registers that questions name entries of, each once.
fn asked_for<'p, 'f>(pack: &'p Pack, fields: impl Iterator<Item = &'f Field>) -> Vec<&'p Register> {
    let names: BTreeSet<&Name> = fields
        .filter_map(|field| match &field.input {
            Input::Entry(register) => Some(register),
            _ => None,
        })
        .collect();
    names.into_iter().filter_map(|name| pack.registers.get(name)).collect()
}

/// Somebody's own cases that have ended, the newest first.
async fn ended(visit: &Visit, shown: Shown<'_>, party: PartyId) -> Result<Offered, Fault> {
    let cases = visit.app.store.cases_of(party, None, OWN_MAX).await?;
    let own = cases.into_iter().filter(|case| case.applicant == party);
    let offer = |case: Case| {
        let pack = visit.app.packs.of(&case.pack)?;
        let title = pack.procedures.get(&case.procedure)?.title.to(shown.words.0);
        let filed = shown.day_of(case.filed_at);
        let key = case.handled?.key;
        Some(Offer { heading: format!("{title} · {filed}"), key, own: true })
    };
    let entries: Vec<Offer> = own.filter_map(offer).collect();
    Ok(Offered { total: entries.len(), entries })
}

async fn offered(
    visit: &Visit,
    shown: Shown<'_>,
    register: &Register,
    role: &Role,
) -> Result<Offered, Fault> {
    let rows = in_force(visit, register).await?;
    let named = rows.iter().filter_map(|(_, version)| named_by(register, &version.fields));
    let known = visit.app.store.head().await?;
    let headings = Headings::load(visit, shown, &named.collect(), (visit.now, known)).await?;
    let party = match role {
        Role::Applicant { party } => Some(Value::Party(party.to_string())),
        Role::Officer { .. } => None,
    };
    let offer = |(key, version): &(String, Version)| Offer {
        key: key.clone(),
        heading: match named_by(register, &version.fields) {
            Some((named, key)) => headings.link(shown, &named, &key).text,
            None => heading(shown, register, &version.fields, key),
        },
        own: party.is_some() && holder(register, &version.fields) == party.as_ref(),
    };
    let mut entries: Vec<Offer> = rows.iter().map(offer).collect();
    let total = entries.len();
    entries.sort_by_key(|entry| !entry.own);
    entries.truncate(OFFERED_MAX);
    Ok(Offered { entries, total })
}

fn holder<'f>(register: &Register, fields: &'f Fields) -> Option<&'f Value> {
    fields.get(register.held_by.as_ref()?)
}

async fn in_force(visit: &Visit, register: &Register) -> Result<Vec<(String, Version)>, Fault> {
    let known = visit.app.store.head().await?;
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..PAGES {
        let query = RegisterQuery {
            register: register.name.clone(),
            at: visit.now,
            known,
            heading_contains: None,
            published_on: published_on(visit, register),
            after,
            limit: PAGE,
        };
        let (rows, next) = visit.app.store.entry_page(&query).await?;
        let rows = rows.into_iter();
        found
            .extend(rows.filter(|(_, own)| !Force::of(register, &own.fields, visit.today()).out()));
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}
