//! The public registers: who may do what today, on any other day, and as it was known then.

use askama::Template;
use base::{Date, Instant};
use kernel::{
    EntryNumber,
    register::{Fields, Version},
};
use pack::model::Register;
use rules::{Facts, Value};

use super::{
    derived::{DerivedView, Standing},
    map::Map,
    naming::NamingView,
};
use crate::web::{
    entries::{Headings, named_by},
    frame::{Cited, Frame, Link, Row},
    shown::Shown,
};

/// Every public register.
#[derive(Debug, Template)]
#[template(path = "registers.html")]
pub(crate) struct RegistersPage {
    pub(crate) frame: Frame,
    /// The registers that have entries, with how many.
    pub(crate) registers: Vec<Counted>,
    /// Those that have none yet.
    pub(crate) empty: Vec<Link>,
}

/// A register with its size.
#[derive(Debug)]
pub(crate) struct Counted {
    /// Its title, linked.
    pub(crate) link: Link,
    /// How many entries it has today.
    pub(crate) total: u32,
    /// What it rests on.
    pub(crate) basis: Vec<Cited>,
}

/// What was asked of a register.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looked {
    /// Part of the heading.
    pub(crate) q: String,
    /// As of which day.
    pub(crate) on: String,
    /// As known with which ledger number; empty for all that is known.
    pub(crate) known: String,
}

/// A list of entries.
#[derive(Debug, Template)]
#[template(path = "register.html")]
pub(crate) struct RegisterPage {
    pub(crate) frame: Frame,
    /// The register.
    pub(crate) register: Link,
    /// What was asked.
    pub(crate) looked: Looked,
    /// How many entries match.
    pub(crate) total: String,
    /// The entries of this page.
    pub(crate) entries: Vec<Listed>,
    /// The next page; empty on the last.
    pub(crate) next: String,
    /// Where the whole register is, without the ending of the file.
    pub(crate) table: String,
    /// What was asked, as the links to it keep it.
    pub(crate) kept: String,
}

/// An entry in a list.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Its key.
    pub(crate) key: String,
    /// What it is known by, linked.
    pub(crate) link: Link,
    /// Whether it is in force.
    pub(crate) force: Force,
    /// Since when it says so.
    pub(crate) since: String,
    /// What follows from it.
    pub(crate) standings: Vec<Standing>,
}

/// Whether an entry is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Force {
    /// The register does not say when entries are in force.
    Unsaid,
    /// It is.
    In,
    /// It is not.
    Out,
}

/// One entry.
#[derive(Debug, Template)]
#[template(path = "entry.html")]
pub(crate) struct EntryPage {
    pub(crate) frame: Frame,
    /// The register.
    pub(crate) register: Link,
    /// The entry's key.
    pub(crate) key: String,
    /// What was asked.
    pub(crate) looked: Looked,
    /// What it says, if it said anything then.
    pub(crate) says: Says,
    /// What follows from it.
    pub(crate) derived: DerivedView,
    /// What other registers say of it.
    pub(crate) naming: NamingView,
    /// What people may apply for about it.
    pub(crate) services: Vec<Link>,
    /// Where its points are, for an officer who may see them.
    pub(crate) risk: Option<Link>,
    /// Where it stands under points tables, for an officer and whoever holds it.
    pub(crate) credit: Option<Link>,
    /// The pictures of whoever holds it, for departments that take part and whoever holds it.
    pub(crate) pictures: Vec<Link>,
    /// What everybody may read of the draw that it comes from.
    pub(crate) draw: Vec<Link>,
    /// Where it lies, where that is known.
    pub(crate) map: Option<Map>,
    /// Its certificates.
    pub(crate) certificates: Vec<Link>,
    /// What leads back here.
    pub(crate) check: Code,
    /// Every version, the newest belief last.
    pub(crate) versions: Vec<VersionView>,
}

/// A code that a telephone reads.
#[derive(Debug)]
pub(crate) struct Code {
    /// Where its picture is.
    pub(crate) src: String,
    /// Where it leads.
    pub(crate) href: String,
    /// The same address as people write it down.
    pub(crate) text: String,
}

/// What an entry says as of a day.
#[derive(Debug)]
pub(crate) enum Says {
    /// Nothing as of that day and number.
    Nothing,
    /// This.
    This {
        /// What it is known by.
        heading: String,
        /// Everything it says.
        rows: Vec<Row>,
        /// Whether it is in force.
        force: Force,
        /// The ledger entry of the decision that made it say so.
        decided_by: String,
        /// The guide to the service in which it was decided; without an address where there is
        /// none any more.
        guide: Link,
        /// Since when.
        since: String,
    },
}

/// One version of an entry.
#[derive(Debug)]
pub(crate) struct VersionView {
    /// What it is known by.
    pub(crate) heading: String,
    /// Whether that was in force.
    pub(crate) force: Force,
    /// From when.
    pub(crate) valid_from: String,
    /// Until when; empty where no end is known.
    pub(crate) valid_until: String,
    /// From which ledger number it is believed.
    pub(crate) known_from: String,
    /// Until which; empty where it still is.
    pub(crate) known_until: String,
    /// True for the version the page shows.
    pub(crate) current: bool,
}

/// The fields of an entry as facts.
pub(crate) struct OfFields<'a>(pub(crate) &'a Fields);

impl Facts for OfFields<'_> {
    fn fact(&self, path: &str) -> Option<&Value> {
        self.0.get(path)
    }
}

impl Force {
    /// True where the entry says something and it is not in force.
    pub(crate) fn out(self) -> bool {
        self == Self::Out
    }

    /// Whether those fields are in force on a day; what is not known to be is not.
    pub(crate) fn of(register: &Register, fields: &Fields, on: Date) -> Self {
        match (&register.in_force, &register.lasts_until) {
            (None, None) => Self::Unsaid,
            _ if register.in_force_on(&OfFields(fields), on) => Self::In,
            _ => Self::Out,
        }
    }
}

/// What an entry is known by.
pub(crate) fn heading(shown: Shown<'_>, register: &Register, fields: &Fields, key: &str) -> String {
    let said = fields.get(&register.headed).zip(register.field(&register.headed));
    said.map_or_else(|| key.to_owned(), |(value, field)| shown.value(&field.input, value))
}

/// A register, linked.
pub(crate) fn link(shown: Shown<'_>, register: &Register) -> Link {
    Link {
        href: format!("/{}/registers/{}", shown.words.code(), register.name),
        text: register.title.to(shown.words.0).to_owned(),
    }
}

impl Listed {
    /// An entry for a list as of a day; `asked` is the query that its link keeps.
    pub(crate) fn of(
        shown: Shown<'_>,
        register: &Register,
        (key, version): &(String, Version),
        (asked, on): (&str, Date),
        headings: &Headings,
    ) -> Self {
        let base = link(shown, register).href;
        let text = match named_by(register, &version.fields) {
            Some((named, key)) => headings.link(shown, &named, &key).text,
            None => heading(shown, register, &version.fields, key),
        };
        Self {
            key: key.clone(),
            link: Link { href: format!("{base}/{key}{asked}"), text },
            standings: Vec::new(),
            force: Force::of(register, &version.fields, on),
            since: shown.day_of(version.valid_from),
        }
    }
}

impl Says {
    /// What the version that holds as of the day says, and which decision made it.
    pub(crate) fn of(
        shown: Shown<'_>,
        register: &Register,
        key: &str,
        (version, on): (&Version, Date),
        (decided_by, guide): (String, Link),
        headings: &Headings,
    ) -> Self {
        let named = named_by(register, &version.fields);
        Self::This {
            heading: match named {
                Some((named, key)) => headings.link(shown, &named, &key).text,
                None => heading(shown, register, &version.fields, key),
            },
            rows: super::plan::rows(shown, register, &version.fields, headings),
            force: Force::of(register, &version.fields, on),
            decided_by,
            guide,
            since: shown.moment(version.valid_from),
        }
    }
}

impl VersionView {
    /// A version for the table; `at` and `known` say which one the page shows.
    pub(crate) fn of(
        shown: Shown<'_>,
        register: &Register,
        version: &Version,
        at: Instant,
        known: EntryNumber,
    ) -> Self {
        // What has ended is judged as of its last moment.
        let last = version.valid_until.map(|until| Instant::from_micros(until.micros() - 1));
        let judged = last.map_or(at, |last| last.min(at));
        let until = version.valid_until.map(|until| shown.moment(until));
        let disbelieved = version.known_until.map(|until| until.0.to_string());
        Self {
            heading: heading(shown, register, &version.fields, ""),
            force: Force::of(register, &version.fields, shown.pack.zone.day_of(judged)),
            valid_from: shown.moment(version.valid_from),
            valid_until: until.unwrap_or_default(),
            known_from: version.known_from.0.to_string(),
            known_until: disbelieved.unwrap_or_default(),
            current: version.valid_at(at) && version.known_at(known),
        }
    }
}

#[cfg(test)]
impl super::Sample for RegistersPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let counted = Counted { link: super::link(), total: 3, basis: vec![super::cited()] };
        vec![
            Self { frame: frame.clone(), registers: vec![counted], empty: vec![super::link()] },
            Self { frame, registers: Vec::new(), empty: Vec::new() },
        ]
    }
}

#[cfg(test)]
impl super::Sample for RegisterPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let listed = |force| Listed {
            key: "900101-2030-7".into(),
            link: super::link(),
            force,
            since: "2030-01-31".into(),
            standings: match force {
                Force::In => super::derived::sample().standings,
                Force::Out | Force::Unsaid => Vec::new(),
            },
        };
        let page = |entries, next: &str| Self {
            frame: frame.clone(),
            register: super::link(),
            looked: Looked { q: "a\"b".into(), on: "2030-01-31".into(), known: "7".into() },
            total: "3".into(),
            entries,
            next: next.into(),
            table: "/zh/registers/herb-room/table".into(),
            kept: "?on=2030-01-31".into(),
        };
        let entries = vec![listed(Force::In), listed(Force::Out), listed(Force::Unsaid)];
        vec![page(Vec::new(), ""), page(entries, "/zh/registers/herb-room?after=x")]
    }
}

#[cfg(test)]
impl super::Sample for EntryPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let version = |force, until: &str, current| VersionView {
            heading: "A room".into(),
            force,
            valid_from: "2030-01-31".into(),
            valid_until: until.into(),
            known_from: "7".into(),
            known_until: until.into(),
            current,
        };
        let this = |force| Says::This {
            heading: "A room".into(),
            rows: vec![super::row()],
            force,
            decided_by: "entry 7".into(),
            guide: super::link(),
            since: "2030-01-31".into(),
        };
        let page = |says| Self {
            frame: frame.clone(),
            register: super::link(),
            key: "900101-2030-7".into(),
            looked: Looked::default(),
            says,
            derived: super::derived::sample(),
            naming: super::naming::sample(),
            services: vec![super::link()],
            risk: Some(super::link()),
            credit: Some(super::link()),
            pictures: vec![super::link()],
            draw: vec![super::link()],
            map: Some(super::map::sample()),
            certificates: vec![super::link()],
            check: super::code(),
            versions: vec![version(Force::In, "", true), version(Force::Out, "9", false)],
        };
        vec![page(Says::Nothing), page(this(Force::In)), page(this(Force::Out))]
    }
}
