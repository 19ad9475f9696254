//! The directory as of a moment and a ledger number: which registers it shows to whoever asks, and
//! how their entries stood.

use std::collections::{BTreeMap, BTreeSet};

use access::Action;
use base::{Instant, Name};
use fhir::{
    Resource, ResourceType,
    search::{Asked, Criterion, Token},
};
use kernel::{
    EntryNumber,
    register::{Stood, stood},
};
use pack::model::{Input, Register, Shown, ShownAs};

use super::project::{City, entry_of};
use crate::web::{fault::Fault, permit::may, visit::Visit};

/// Entries that are read at once.
pub(super) const AT_ONCE: usize = 250;

/// The directory as somebody may see it.
pub(super) struct Directory<'v> {
    visit: &'v Visit,
    /// Where its entries become resources.
    pub(super) city: City<'v>,
    /// As of when, and as known with which number.
    pub(super) as_of: (Instant, EntryNumber),
}

/// One kind of resource that a register shows.
pub(super) type View<'v> = (&'v Register, &'v Shown);

/// An entry with how it stood, the oldest first.
pub(super) struct Entry<'v> {
    /// Its register, and what of it is shown.
    pub(super) view: View<'v>,
    /// Its key.
    pub(super) key: String,
    /// How it stood.
    pub(super) stood: Vec<Stood>,
}

impl<'v> Directory<'v> {
    /// As of now.
    pub(super) async fn now(visit: &'v Visit) -> Result<Self, Fault> {
        let known = visit.app.store.head().await?;
        Ok(Self::as_of(visit, (visit.now, known)))
    }

    /// As of a moment and a number.
    pub(super) fn as_of(visit: &'v Visit, as_of: (Instant, EntryNumber)) -> Self {
        let city = City { pack: visit.pack(), origin: visit.app.documents.origin().text() };
        Self { visit, city, as_of }
    }

    /// What shows such resources, in the order of registers, of those the reader may look into.
    pub(super) fn views(&self, of: ResourceType, action: Action) -> Vec<View<'v>> {
        let registers = self.visit.pack().registers.values();
        let open = registers.filter(|own| own.public && may(self.visit, action, own));
        open.flat_map(|own| own.fhir.iter().map(move |shown| (own, shown)))
            .filter(|(_, shown)| shown.resource == of)
            .collect()
    }

    /// Entries with how they stood; those that had not yet said anything are left out.
    pub(super) async fn entries(
        &self,
        view: View<'v>,
        keys: &[String],
    ) -> Result<Vec<Entry<'v>>, Fault> {
        let whole = self.visit.app.store.whole(&view.0.name, keys).await?;
        let told = whole.entries.into_iter().filter_map(|(key, versions)| {
            let stood = stood(&versions, &whole.moments, self.as_of);
            (!stood.is_empty()).then_some(Entry { view, key, stood })
        });
        Ok(told.collect())
    }

    /// The entry that an id names.
    pub(super) async fn entry(
        &self,
        of: ResourceType,
        id: &str,
    ) -> Result<Option<Entry<'v>>, Fault> {
        let Some((register, key)) = entry_of(id) else { return Ok(None) };
        let mut views = self.views(of, Action::SeeEntry).into_iter();
        match views.find(|(own, _)| own.name == register) {
            Some(view) => Ok(self.entries(view, &[key]).await?.into_iter().next()),
            None => Ok(None),
        }
    }

    /// So many keys after one, in order; with `since`, at least those that have changed from then
    /// on.
    pub(super) async fn keys(
        &self,
        register: &Name,
        from: (Option<&str>, Option<Instant>),
        room: usize,
    ) -> Result<Vec<String>, Fault> {
        let room = u32::try_from(room).unwrap_or(u32::MAX);
        Ok(self.visit.app.store.keys(register, from, room).await?)
    }

    /// How many resources of that kind there are.
    pub(super) async fn count(&self, of: ResourceType, action: Action) -> Result<u64, Fault> {
        let mut count = 0;
        for (register, _) in self.views(of, action) {
            count += self.visit.app.store.count_entries(&register.name, self.as_of).await?;
        }
        Ok(count)
    }

    /// An entry as it stands.
    pub(super) fn resource(&self, entry: &Entry<'v>) -> Option<Resource> {
        self.version(entry, entry.stood.last()?)
    }

    /// An entry as it stood.
    pub(super) fn version(&self, entry: &Entry<'v>, stood: &Stood) -> Option<Resource> {
        let (register, shown) = entry.view;
        self.city.resource(register, shown, (&entry.key, stood))
    }

    /// What a reference such as `Organization/…` leads to.
    pub(super) async fn resolve(&self, reference: &str) -> Result<Option<Resource>, Fault> {
        let Some((word, id)) = reference.split_once('/') else { return Ok(None) };
        let Some(of) = ResourceType::named(word) else { return Ok(None) };
        let entry = self.entry(of, id).await?;
        Ok(entry.and_then(|entry| self.resource(&entry)))
    }

    /// The only keys whose entries can meet all criteria; none where that is not known beforehand.
    pub(super) async fn candidates(
        &self,
        view: View<'v>,
        criteria: &[Criterion],
    ) -> Result<Option<BTreeSet<String>>, Fault> {
        let mut all: Option<BTreeSet<String>> = None;
        for criterion in criteria {
            let found = match (&criterion.asked, criterion.parameter.name) {
                (Asked::Token { any, none: false }, "_id") => {
                    let ids = any.iter().filter_map(|own| own.code.as_deref());
                    let own = ids.filter_map(entry_of).filter(|(own, _)| *own == view.0.name);
                    own.map(|(_, key)| key).collect()
                }
                (Asked::Token { any, none: false }, "identifier") => {
                    match self.identified(view, any).await? {
                        Some(found) => found,
                        None => continue,
                    }
                }
                (Asked::Reference(any), _) => self.referring(view, criterion, any).await?,
                _ => continue,
            };
            all = Some(match all {
                Some(own) => own.intersection(&found).cloned().collect(),
                None => found,
            });
        }
        Ok(all)
    }

    /// The keys of entries that may have one of some identifiers; none where any of a system does.
    async fn identified(
        &self,
        (register, _): View<'v>,
        any: &[Token],
    ) -> Result<Option<BTreeSet<String>>, Fault> {
        let codes: Option<Vec<String>> = any.iter().map(|own| own.code.clone()).collect();
        let Some(codes) = codes else { return Ok(None) };
        let mut keys: BTreeSet<String> = codes.iter().cloned().collect();
        for field in register.identified_by() {
            let store = &self.visit.app.store;
            keys.extend(store.keys_naming((&register.name, field), &codes).await?);
        }
        Ok(Some(keys))
    }

    /// The keys of entries that may refer to one of some resources.
    async fn referring(
        &self,
        (register, shown): View<'v>,
        criterion: &Criterion,
        any: &[String],
    ) -> Result<BTreeSet<String>, Fault> {
        let mut named: BTreeMap<Name, Vec<String>> = BTreeMap::new();
        for (own, key) in any.iter().filter_map(|own| entry_of(own.split_once('/')?.1)) {
            named.entry(own).or_default().push(key);
        }
        let mut keys = BTreeSet::new();
        let looked = |name: &str| criterion.parameter.paths.contains(&name);
        let elements = shown.elements.iter().filter(|own| looked(own.element.name));
        for source in elements.flat_map(|element| &element.sources) {
            let (target, field) = match source {
                ShownAs::Own(_) => (&register.name, None),
                ShownAs::Entry { field, .. } => match register.field(field).map(|own| &own.input) {
                    Some(Input::Entry(target)) => (target, Some(field)),
                    _ => continue,
                },
                _ => continue,
            };
            let Some(named) = named.get(target) else { continue };
            match field {
                None => keys.extend(named.iter().cloned()),
                Some(field) => {
                    let store = &self.visit.app.store;
                    keys.extend(store.keys_naming((&register.name, field), named).await?);
                }
            }
        }
        Ok(keys)
    }
}
