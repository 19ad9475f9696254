//! What is drawn from, frozen before anybody can know the draw.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt,
};

use base::{Date, Name};

use crate::{
    fault::{Fault, Item},
    seed::{Pledge, digest, hex},
};

/// The most letters of a name, a key or a reason.
pub const WORD_MAX: usize = 200;
/// The fewest pledges: who alone knows the seed could choose the lists by it.
pub const PLEDGES_MIN: usize = 2;

/// The share of a class that is drawn, in parts of ten thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u16);

/// One who may be inspected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its key in the register.
    pub key: String,
    /// Its class, which sets the share.
    pub class: Name,
}

/// One who may inspect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// The number of the licence to enforce, or whatever the list knows an officer by.
    pub key: String,
    /// The department.
    pub office: Name,
}

/// Who may not inspect whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The officer.
    pub officer: String,
    /// The object.
    pub object: String,
    /// Why: a relative, a former employer, a complaint of theirs.
    pub reason: String,
}

/// Lists as somebody gives them, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What the draw is called; no other draw has that name.
    pub name: String,
    /// The day on which the lists are frozen.
    pub frozen_on: Date,
    /// What the objects were taken from, in words: a register and the entry of the ledger up to
    /// which it was read.
    pub taken_from: String,
    /// The share of each class.
    pub shares: Vec<(Name, Share)>,
    /// How many officers each department sends to an object.
    pub crews: Vec<(Name, u16)>,
    /// Who has pledged a seed, and what.
    pub pledges: Vec<(Name, Pledge)>,
    /// Who may be inspected.
    pub objects: Vec<Object>,
    /// Who may inspect.
    pub officers: Vec<Officer>,
    /// Who may not inspect whom.
    pub conflicts: Vec<Conflict>,
}

/// Frozen lists. INVARIANT: whatever the seeds, there is a crew for each object that can be drawn,
/// and something can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    pub(crate) name: String,
    pub(crate) frozen_on: Date,
    pub(crate) taken_from: String,
    pub(crate) shares: BTreeMap<Name, Share>,
    pub(crate) crews: BTreeMap<Name, u16>,
    pub(crate) pledges: BTreeMap<Name, Pledge>,
    /// The class of each object.
    pub(crate) objects: BTreeMap<String, Name>,
    /// The department of each officer.
    pub(crate) officers: BTreeMap<String, Name>,
    /// Why an officer may not inspect an object, by officer and object.
    pub(crate) conflicts: BTreeMap<String, BTreeMap<String, String>>,
}

impl Share {
    /// So many of ten thousand; none where that is more than all.
    pub fn of_ten_thousand(parts: u16) -> Option<Self> {
        (parts <= 10_000).then_some(Self(parts))
    }

    /// How many of a class are drawn: never fewer than the share says.
    pub fn of(self, count: usize) -> usize {
        count.saturating_mul(usize::from(self.0)).div_ceil(10_000)
    }

    /// A share as it is written, in percent with two decimals.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.')?;
        let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if part.len() != 2 || !figures(part) || !figures(whole) {
            return None;
        }
        let (whole, part): (u16, u16) = (whole.parse().ok()?, part.parse().ok()?);
        Self::of_ten_thousand(whole.checked_mul(100)?.checked_add(part)?)
            .filter(|share| share.to_string() == text)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Given {
    /// Lists in which nothing stands yet.
    pub fn new(name: impl Into<String>, frozen_on: Date, taken_from: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            frozen_on,
            taken_from: taken_from.into(),
            shares: Vec::new(),
            crews: Vec::new(),
            pledges: Vec::new(),
            objects: Vec::new(),
            officers: Vec::new(),
            conflicts: Vec::new(),
        }
    }
}

impl Lists {
    /// Freezes lists.
    ///
    /// # Errors
    /// Everything that is wrong with them, in order.
    pub fn frozen(given: Given) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        for word in words(&given) {
            if !is_word(word) {
                faults.push(Fault::NotAWord(word.chars().take(WORD_MAX).collect()));
            }
        }
        let objects = given.objects.into_iter().map(|own| (own.key, own.class));
        let officers = given.officers.into_iter().map(|own| (own.key, own.office));
        let conflicts =
            given.conflicts.into_iter().map(|own| ((own.officer, own.object), own.reason));
        let conflicts = each_once(Item::Conflict, conflicts, &mut faults);
        let lists = Self {
            name: given.name,
            frozen_on: given.frozen_on,
            taken_from: given.taken_from,
            shares: each_once(Item::Share, given.shares, &mut faults),
            crews: each_once(Item::Crew, given.crews.into_iter().filter(sends), &mut faults),
            pledges: each_once(Item::Pledge, given.pledges, &mut faults),
            objects: each_once(Item::Object, objects, &mut faults),
            officers: each_once(Item::Officer, officers, &mut faults),
            conflicts: by_officer(conflicts),
        };
        lists.check(&mut faults);
        if faults.is_empty() { Ok(lists) } else { Err(faults) }
    }

    fn check(&self, faults: &mut Vec<Fault>) {
        if self.pledges.len() < PLEDGES_MIN {
            faults.push(Fault::TooFewPledges(self.pledges.len()));
        }
        let pledged: BTreeSet<&Pledge> = self.pledges.values().collect();
        if pledged.len() < self.pledges.len() {
            faults.push(Fault::SamePledge);
        }
        if self.crews.is_empty() {
            faults.push(Fault::NobodySent);
        }
        if !self.objects.values().any(|class| self.drawn(class)) {
            faults.push(Fault::NothingDrawn);
        }
        let unpledged = self.crews.keys().filter(|office| !self.pledges.contains_key(*office));
        faults.extend(unpledged.map(|office| Fault::NotPledged(office.clone())));
        let classes: BTreeSet<&Name> = self.objects.values().collect();
        let unknown = classes.into_iter().filter(|class| !self.shares.contains_key(*class));
        faults.extend(unknown.map(|class| Fault::NoShare(class.clone())));
        let idle = self.officers.iter().filter(|(_, office)| !self.crews.contains_key(*office));
        faults.extend(idle.map(|(officer, _)| Fault::NotSent(officer.clone())));
        for (officer, objects) in &self.conflicts {
            if !self.officers.contains_key(officer) {
                faults.push(Fault::Unknown(Item::Officer, officer.clone()));
            }
            let unknown = objects.keys().filter(|object| !self.objects.contains_key(*object));
            faults.extend(unknown.map(|object| Fault::Unknown(Item::Object, object.clone())));
        }
        self.check_crews(faults);
    }

    /// Whatever is drawn, somebody must be able to go there.
    fn check_crews(&self, faults: &mut Vec<Fault>) {
        for (object, _) in self.objects.iter().filter(|(_, class)| self.drawn(class)) {
            for (office, wanted) in &self.crews {
                let left = self.able(object, office).count();
                if left < usize::from(*wanted) {
                    let (object, office) = (object.clone(), office.clone());
                    faults.push(Fault::NoCrew { object, office, left, wanted: *wanted });
                }
            }
        }
    }

    /// Whether any of a class is drawn.
    fn drawn(&self, class: &Name) -> bool {
        self.shares.get(class).is_some_and(|share| share.of(1) > 0)
    }

    /// The officers of a department who may inspect an object, in order.
    pub(crate) fn able<'l>(
        &'l self,
        object: &'l str,
        office: &'l Name,
    ) -> impl Iterator<Item = &'l str> {
        let own = self.officers.iter().filter(move |(_, own)| *own == office);
        own.map(|(officer, _)| officer.as_str()).filter(|officer| !self.conflicted(officer, object))
    }

    /// Whether an officer may not inspect an object.
    pub fn conflicted(&self, officer: &str, object: &str) -> bool {
        self.conflicts.get(officer).is_some_and(|objects| objects.contains_key(object))
    }

    /// What the draw is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who has pledged a seed, and what.
    pub fn pledges(&self) -> &BTreeMap<Name, Pledge> {
        &self.pledges
    }

    /// The SHA-256 of the lists as they are written, in hexadecimal: whoever changes a letter
    /// changes it.
    pub fn digest(&self) -> String {
        hex(&digest(&self.text()))
    }
}

/// All that is a name, a key or a reason.
fn words(given: &Given) -> impl Iterator<Item = &String> {
    let objects = given.objects.iter().map(|own| &own.key);
    let officers = given.officers.iter().map(|own| &own.key);
    let conflicts = given.conflicts.iter().map(|own| &own.reason);
    [&given.name, &given.taken_from].into_iter().chain(objects).chain(officers).chain(conflicts)
}

/// Whether a text may be a name, a key or a reason: one line that looks like what it is, so that
/// nothing can stand in a list twice under two texts that nobody tells apart.
pub fn is_word(text: &str) -> bool {
    let letters = text.chars().count();
    (1..=WORD_MAX).contains(&letters) && text.trim() == text && !text.chars().any(unseen)
}

/// Letters that nobody sees, or that change where others stand.
pub(crate) fn unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || ('\u{200b}'..='\u{200f}').contains(&letter)
        || ('\u{2028}'..='\u{202e}').contains(&letter)
        || ('\u{2060}'..='\u{206f}').contains(&letter)
}

/// A department of which nobody is wanted sends nobody.
fn sends((_, count): &(Name, u16)) -> bool {
    *count > 0
}

fn each_once<K: Ord + Told, V>(
    item: Item,
    all: impl IntoIterator<Item = (K, V)>,
    faults: &mut Vec<Fault>,
) -> BTreeMap<K, V> {
    let mut once = BTreeMap::new();
    for (key, value) in all {
        match once.entry(key) {
            Entry::Occupied(own) => faults.push(Fault::Twice(item, own.key().told())),
            Entry::Vacant(place) => {
                place.insert(value);
            }
        }
    }
    once
}

fn by_officer(
    conflicts: BTreeMap<(String, String), String>,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for ((officer, object), reason) in conflicts {
        all.entry(officer).or_default().insert(object, reason);
    }
    all
}

/// What can be told of a key where it comes twice.
trait Told {
    fn told(&self) -> String;
}

impl Told for Name {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for String {
    fn told(&self) -> String {
        self.clone()
    }
}

impl Told for (String, String) {
    fn told(&self) -> String {
        format!("{} {}", self.0, self.1)
    }
}
