//! The search of the public registers: one box, filters that are links and boxes to tick, and what
//! was found, the best first.

use askama::Template;
use kernel::register::Fields;
use pack::model::{Input, Register};
use rules::Value;
use store::{Count, Hit};

use super::{
    problem::in_words,
    register::{Looked, heading, link},
};
use crate::web::{
    entries::{Headings, named_by},
    fault::{Fault, Refused},
    frame::{Frame, Link, Row},
    shown::Shown,
    words::Words,
};

/// The search.
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub(crate) struct SearchView {
    pub(crate) frame: Frame,
    /// What was typed.
    pub(crate) q: String,
    /// As of when.
    pub(crate) looked: Looked,
    /// How many answer, in words.
    pub(crate) total: String,
    /// The registers that may be ticked.
    pub(crate) registers: Vec<Choice>,
    /// Whether what is in force is wanted.
    pub(crate) force: Force,
    /// The districts that may be chosen.
    pub(crate) districts: Vec<Choice>,
    /// Near which place.
    pub(crate) near: String,
    /// True where a filter is set.
    pub(crate) filtered: bool,
    /// The same search without filters.
    pub(crate) unfiltered: String,
    /// What came of it.
    pub(crate) answered: Answered,
    /// The next page; empty on the last.
    pub(crate) next: String,
}

/// What came of a search.
#[derive(Debug)]
pub(crate) enum Answered {
    /// Nothing was asked yet.
    NotAsked,
    /// It is not made.
    Refused {
        /// Why.
        refused: Refused,
        /// The field that must be mended.
        field: &'static str,
    },
    /// This was found.
    Found {
        /// The hits.
        hits: Vec<Listed>,
        /// Where there are none: what may have been meant.
        meant: Vec<Listed>,
    },
}

/// Which entries are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Force {
    /// Whether in force or not.
    Either,
    /// Those in force.
    In,
    /// Those that are not.
    Ended,
}

/// Something that may be ticked or chosen.
#[derive(Debug)]
pub(crate) struct Choice {
    /// What is sent.
    pub(crate) value: String,
    /// What it is called.
    pub(crate) title: String,
    /// How many were found there; empty where that is not known.
    pub(crate) count: String,
    /// Whether it is chosen.
    pub(crate) chosen: bool,
}

/// A hit.
#[derive(Debug)]
pub(crate) struct Listed {
    /// What the entry is known by, linked.
    pub(crate) link: Link,
    /// Its register.
    pub(crate) register: String,
    /// Its key.
    pub(crate) key: String,
    /// Whether it is in force.
    pub(crate) in_force: bool,
    /// Where it lies and what else tells it from others.
    pub(crate) rows: Vec<Row>,
}

impl Force {
    /// The word in an address.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Either => "",
            Self::In => "in",
            Self::Ended => "ended",
        }
    }

    /// What is asked of the store.
    pub(crate) fn wanted(self) -> Option<bool> {
        match self {
            Self::Either => None,
            Self::In => Some(true),
            Self::Ended => Some(false),
        }
    }
}

impl Answered {
    /// A search that is not made.
    pub(crate) fn refused(words: Words, fault: &Fault) -> Self {
        let (says, next) = in_words(words, fault);
        let field = if matches!(fault, Fault::NoPlace(_)) { "near" } else { "q" };
        Self::Refused { refused: Refused { number: fault.number(), says, next }, field }
    }

    /// What is wrong with a field; empty where nothing is.
    pub(crate) fn error(&self, own: &str) -> String {
        match self {
            Self::Refused { refused, field } if *field == own => {
                format!("{} {}", refused.says, refused.next)
            }
            _ => String::new(),
        }
    }
}

impl SearchView {
    /// How many there are, as a sentence.
    pub(crate) fn count(words: Words, count: Count) -> String {
        if count.more {
            return words.with("search-many", &count.found.to_string());
        }
        words.n("search-total", &count.found)
    }

    /// The same as a number.
    pub(crate) fn short(words: Words, count: Count) -> String {
        let found = count.found.to_string();
        if count.more { words.with("search-over", &found) } else { found }
    }
}

impl Listed {
    /// A hit in the list; `kept` is the part of the address that says as of when.
    pub(crate) fn of(
        shown: Shown<'_>,
        register: &Register,
        hit: &Hit,
        kept: &str,
        headings: &Headings,
    ) -> Self {
        let fields = &hit.version.fields;
        let text = match named_by(register, fields) {
            Some((named, key)) => headings.link(shown, &named, &key).text,
            None => heading(shown, register, fields, &hit.key),
        };
        let own = link(shown, register);
        let since = Row {
            title: shown.words.t("entry-since"),
            text: shown.day_of(hit.version.valid_from),
            href: String::new(),
        };
        let mut rows = told(shown, register, fields);
        rows.push(since);
        if let Some(metres) = hit.metres {
            let text = shown.words.with("search-metres", &metres.to_string());
            rows.insert(
                0,
                Row { title: shown.words.t("search-distance"), text, href: String::new() },
            );
        }
        Self {
            link: Link { href: format!("{}/{}{kept}", own.href, hit.key), text },
            register: own.text,
            key: hit.key.clone(),
            in_force: hit.in_force,
            rows,
        }
    }
}

/// Where an entry lies, and the first text it has beside its heading: an address, where it has one.
fn told(shown: Shown<'_>, register: &Register, fields: &Fields) -> Vec<Row> {
    let place = register.fields.iter().find(|field| field.input == Input::Division);
    let text = register.fields.iter().find(|field| {
        field.input == Input::Text
            && field.name != register.headed
            && fields.contains_key(&field.name)
    });
    let row = |field: &pack::model::RegisterField| {
        let value: &Value = fields.get(&field.name)?;
        let title = field.title.to(shown.words.0).to_owned();
        Some(Row { title, text: shown.value(&field.input, value), href: String::new() })
    };
    [place, text].into_iter().flatten().filter_map(row).collect()
}

#[cfg(test)]
impl super::Sample for SearchView {
    fn samples(frame: Frame) -> Vec<Self> {
        let listed = |in_force| Listed {
            link: super::link(),
            register: "Rooms".into(),
            key: "900101-2030-7".into(),
            in_force,
            rows: vec![super::row()],
        };
        let choice = |chosen| Choice {
            value: "room".into(),
            title: "Rooms".into(),
            count: "2".into(),
            chosen,
        };
        let view = |answered, force, filtered: bool| Self {
            frame: frame.clone(),
            q: "a\"b<".into(),
            looked: Looked { q: "a\"b<".into(), on: "2030-01-31".into(), known: "7".into() },
            total: Self::count(frame.words, Count { found: 2, more: filtered }),
            registers: vec![choice(true), choice(false)],
            force,
            districts: vec![choice(true), choice(false)],
            near: if filtered { "150.1, 20.05".into() } else { String::new() },
            filtered,
            unfiltered: "/zh/search?q=x".into(),
            answered,
            next: if filtered { "/zh/search?q=x&after=1.0.1".into() } else { String::new() },
        };
        let found = |hits, meant| Answered::Found { hits, meant };
        vec![
            view(Answered::NotAsked, Force::Either, false),
            view(Answered::Refused { refused: super::refused(), field: "q" }, Force::In, false),
            view(Answered::Refused { refused: super::refused(), field: "near" }, Force::In, true),
            view(found(vec![listed(true), listed(false)], Vec::new()), Force::Ended, true),
            view(found(Vec::new(), vec![listed(true)]), Force::Either, true),
            view(found(Vec::new(), Vec::new()), Force::Either, false),
        ]
    }
}
