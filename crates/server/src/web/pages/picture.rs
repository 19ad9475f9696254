//! A picture of one party across departments, as of a day.

use askama::Template;

use super::register::{Listed, Looked};
use crate::web::frame::{Cited, Frame, Link};

/// A party by one of its entries, with what registers and cases say of it.
#[derive(Debug, Template)]
#[template(path = "picture.html")]
pub(crate) struct PicturePage {
    pub(crate) frame: Frame,
    /// What the picture is called.
    pub(crate) title: String,
    /// The entry by which one came.
    pub(crate) entry: Link,
    /// What was asked.
    pub(crate) looked: Looked,
    /// The offices that take part, and so see it.
    pub(crate) offices: String,
    /// What calls for attention.
    pub(crate) calls: Vec<CallLine>,
    /// Its parts, in order.
    pub(crate) parts: Vec<PartView>,
    /// True where there are more cases than were read.
    pub(crate) more: bool,
    /// What it rests on.
    pub(crate) basis: Vec<Cited>,
    /// Where the page asks again.
    pub(crate) action: String,
}

/// Something that calls for attention.
#[derive(Debug)]
pub(crate) struct CallLine {
    /// What it is.
    pub(crate) says: String,
    /// What shows it; without an address where the reader may not open it.
    pub(crate) links: Vec<Link>,
}

/// A part.
#[derive(Debug)]
pub(crate) struct PartView {
    /// Its title.
    pub(crate) title: String,
    /// Entries, register by register.
    pub(crate) groups: Vec<GroupView>,
    /// Whether cases belong to it.
    pub(crate) asked_for: bool,
    /// The cases that run, the newest first.
    pub(crate) open: Vec<CaseLine>,
    /// Those that have come to an end.
    pub(crate) over: Vec<CaseLine>,
}

/// Entries of one register.
#[derive(Debug)]
pub(crate) struct GroupView {
    /// The register; without an address where nobody reads it.
    pub(crate) register: Link,
    /// As what they name an entry of the party; empty where the party holds them.
    pub(crate) field: String,
    /// How many there are.
    pub(crate) total: usize,
    /// How many of them stand.
    pub(crate) standing: usize,
    /// True where the register is not open to reading, so that only their number is shown.
    pub(crate) closed: bool,
    /// The entries.
    pub(crate) entries: Vec<EntryLine>,
    /// True where there are more than were read.
    pub(crate) more: bool,
}

/// An entry.
#[derive(Debug)]
pub(crate) struct EntryLine {
    /// What a list says of it.
    pub(crate) listed: Listed,
    /// What else it says in a word.
    pub(crate) short: Vec<String>,
    /// Its last day; empty where it says none.
    pub(crate) until: String,
    /// Certificates, points, risk and findings.
    pub(crate) links: Vec<Link>,
}

/// A case.
#[derive(Debug)]
pub(crate) struct CaseLine {
    /// Its procedure; without an address where the reader may not open the case.
    pub(crate) link: Link,
    /// Its number.
    pub(crate) id: String,
    /// How it stands.
    pub(crate) standing: String,
    /// Who is to act.
    pub(crate) who: String,
    /// Until when; empty where no term runs.
    pub(crate) due: String,
    /// True where that day is past.
    pub(crate) late: bool,
    /// The day it was filed.
    pub(crate) filed_on: String,
}

#[cfg(test)]
impl super::Sample for PicturePage {
    fn samples(frame: Frame) -> Vec<Self> {
        use super::register::Force;
        let bare = || Link { href: String::new(), text: "<b>Nobody reads it</b>".into() };
        let line = |force, until: &str, links| EntryLine {
            listed: Listed {
                key: "F-1".into(),
                link: super::link(),
                force,
                since: "2030-01-31".into(),
                standings: super::derived::sample().standings,
            },
            short: vec!["Kind: <i>fine</i>".into()],
            until: until.into(),
            links,
        };
        let case = |link, due: &str, late| CaseLine {
            link,
            id: "7".into(),
            standing: "At: Examination".into(),
            who: "The <i>drug</i> authority".into(),
            due: due.into(),
            late,
            filed_on: "2030-01-01".into(),
        };
        let group = |field: &str, closed, entries: Vec<EntryLine>| GroupView {
            register: if closed { bare() } else { super::link() },
            field: field.into(),
            total: 2,
            standing: 1,
            closed,
            entries,
            more: closed,
        };
        let part = |groups, open, over| PartView {
            title: "Research <b>".into(),
            groups,
            asked_for: true,
            open,
            over,
        };
        let empty = GroupView { total: 0, standing: 0, ..group("", false, vec![]) };
        let entries =
            vec![line(Force::In, "2030-12-31", vec![super::link()]), line(Force::Out, "", vec![])];
        let groups = vec![group("", false, entries), group("Fair", true, vec![]), empty];
        let cases = vec![case(super::link(), "2030-02-01", true), case(bare(), "", false)];
        let call = CallLine { says: "Overdue <i>".into(), links: vec![super::link(), bare()] };
        let over = vec![case(super::link(), "", false)];
        let page = |calls, parts, more| Self {
            frame: frame.clone(),
            title: "One picture".into(),
            entry: super::link(),
            looked: Looked { q: String::new(), on: "2030-01-31".into(), known: String::new() },
            offices: "Health, <i>Drug</i>".into(),
            calls,
            parts,
            more,
            basis: vec![super::cited()],
            action: "/zh/pictures/host/fair/1".into(),
        };
        let full = vec![part(groups, cases, over), part(vec![], vec![], vec![])];
        vec![page(vec![call], full, true), page(vec![], vec![], false)]
    }
}
