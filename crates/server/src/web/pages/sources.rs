//! Systems that send rows, and the rows that were not taken.

use askama::Template;

use super::account::form::Field;
use crate::web::{
    fault::Refused,
    frame::{Frame, Link},
};

/// The systems that send rows, and what has come.
#[derive(Debug, Template)]
#[template(path = "sources.html")]
pub(crate) struct SourcesPage {
    pub(crate) frame: Frame,
    /// The submission's number.
    pub(crate) key: String,
    /// Why rows cannot be taken here; empty where they can.
    pub(crate) closed: String,
    /// The systems.
    pub(crate) sources: Vec<SourceLine>,
    /// What the pack knows of rows.
    pub(crate) feeds: Vec<FeedLine>,
    /// How many rows are safe and not yet in the tables.
    pub(crate) waiting: String,
    /// How many rows were not taken and wait to be put right.
    pub(crate) held: u64,
    /// The batches that came over NATS and could never be taken.
    pub(crate) refused: Vec<RefusedLine>,
    /// The form to note another; none where the reader may not.
    pub(crate) form: Option<SourceForm>,
}

impl SourcesPage {
    /// The fields with something wrong.
    pub(crate) fn wrong(&self) -> Vec<&Field> {
        self.form.iter().flat_map(SourceForm::wrong).collect()
    }
}

/// A system that sends rows.
#[derive(Debug)]
pub(crate) struct SourceLine {
    /// What it is called, and where more is said.
    pub(crate) link: Link,
    /// The name under which it sends.
    pub(crate) name: String,
    /// The feeds it sends.
    pub(crate) feeds: Vec<String>,
    /// When it last sent any; empty where it never did.
    pub(crate) last_at: String,
    /// True once it may send no more.
    pub(crate) ended: bool,
}

/// A batch that came over NATS and could never be taken.
#[derive(Debug)]
pub(crate) struct RefusedLine {
    /// When it was sent.
    pub(crate) at: String,
    /// The source and the feed, as it said.
    pub(crate) place: String,
    /// Why, with the number.
    pub(crate) why: String,
    /// By which an operator finds the message.
    pub(crate) message: String,
}

/// A kind of rows.
#[derive(Debug)]
pub(crate) struct FeedLine {
    /// What it is called.
    pub(crate) title: String,
    /// Its name in addresses.
    pub(crate) name: String,
    /// The rows in its table.
    pub(crate) rows: String,
}

/// What is asked of a system.
#[derive(Debug)]
pub(crate) struct SourceForm {
    /// Name, title, key.
    pub(crate) fields: Vec<Field>,
    /// The feeds, each whether it is chosen.
    pub(crate) feeds: Vec<FeedChoice>,
    /// What is wrong with the choice; empty for nothing.
    pub(crate) feeds_wrong: String,
}

impl SourceForm {
    /// The fields with something wrong.
    pub(crate) fn wrong(&self) -> Vec<&Field> {
        super::account::form::wrong(&self.fields)
    }
}

/// A feed to choose.
#[derive(Debug)]
pub(crate) struct FeedChoice {
    /// Its name.
    pub(crate) name: String,
    /// What it is called.
    pub(crate) title: String,
    /// Whether it is chosen.
    pub(crate) chosen: bool,
}

/// A system that sends rows.
#[derive(Debug, Template)]
#[template(path = "source.html")]
pub(crate) struct SourcePage {
    pub(crate) frame: Frame,
    /// The submission's number.
    pub(crate) key: String,
    /// What it is called.
    pub(crate) title: String,
    /// The name under which it sends.
    pub(crate) name: String,
    /// True once it may send no more.
    pub(crate) ended: bool,
    /// Where rows of a feed are sent, for each feed.
    pub(crate) addresses: Vec<String>,
    /// The key that is noted.
    pub(crate) public_key: String,
    /// What it has sent: feed, rows, rows not taken, when last.
    pub(crate) sent: Vec<[String; 4]>,
    /// What was noted of it: when, by which body, title, feeds, the beginning of the key, standing.
    pub(crate) steps: Vec<[String; 5]>,
    /// The form to change it; none where the reader may not, or it has ended.
    pub(crate) form: Option<SourceForm>,
}

impl SourcePage {
    /// The fields with something wrong.
    pub(crate) fn wrong(&self) -> Vec<&Field> {
        self.form.iter().flat_map(SourceForm::wrong).collect()
    }
}

/// The rows that were not taken.
#[derive(Debug, Template)]
#[template(path = "held.html")]
pub(crate) struct HeldPage {
    pub(crate) frame: Frame,
    /// How many there are.
    pub(crate) count: u64,
    /// Those of this page.
    pub(crate) rows: Vec<HeldLine>,
    /// Where the list goes on; empty at its end.
    pub(crate) next: String,
}

/// A row that was not taken.
#[derive(Debug)]
pub(crate) struct HeldLine {
    /// Its number, and where it is looked at.
    pub(crate) link: Link,
    /// Who sent it.
    pub(crate) source: String,
    /// The feed.
    pub(crate) feed: String,
    /// When it came.
    pub(crate) at: String,
    /// What is wrong with it.
    pub(crate) flaws: Vec<(u16, String)>,
}

/// A row that was not taken, to be put right or given up.
#[derive(Debug, Template)]
#[template(path = "held-row.html")]
pub(crate) struct HeldRowPage {
    pub(crate) frame: Frame,
    /// The submission's number.
    pub(crate) key: String,
    /// Why what was sent was refused.
    pub(crate) refused: Vec<Refused>,
    /// Its number.
    pub(crate) number: u64,
    /// Who sent it.
    pub(crate) source: String,
    /// The feed.
    pub(crate) feed: String,
    /// When it came.
    pub(crate) at: String,
    /// Its line in the batch.
    pub(crate) line: u64,
    /// What is wrong with it.
    pub(crate) flaws: Vec<(u16, String)>,
    /// Its columns; none where the feed is gone.
    pub(crate) columns: Vec<MendField>,
    /// What became of it; empty while it is held.
    pub(crate) settled: Vec<String>,
    /// Whether the reader may put it right or give it up.
    pub(crate) may: bool,
    /// What was written of why it is given up.
    pub(crate) because: String,
    /// What is wrong with that; empty for nothing.
    pub(crate) because_wrong: String,
}

/// A column of a row that may be put right.
#[derive(Debug)]
pub(crate) struct MendField {
    /// The column's name.
    pub(crate) name: String,
    /// Its heading.
    pub(crate) title: String,
    /// What the row says there; empty for nothing.
    pub(crate) says: String,
    /// How a value is written.
    pub(crate) hint: String,
    /// What was typed.
    pub(crate) typed: String,
    /// The words to choose from; empty where one is typed.
    pub(crate) choices: Vec<(String, String)>,
    /// What is wrong there; empty for nothing.
    pub(crate) wrong: String,
    /// Whether a row may leave it open.
    pub(crate) optional: bool,
}

#[cfg(test)]
fn form(chosen: bool) -> SourceForm {
    let feed = FeedChoice { name: "visits".into(), title: "Visits <x>".into(), chosen };
    let feeds_wrong = if chosen { String::new() } else { "choose one".into() };
    SourceForm { fields: super::account::form::fields(), feeds: vec![feed], feeds_wrong }
}

#[cfg(test)]
impl super::Sample for SourcesPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let line = |ended, last: &str| SourceLine {
            link: Link { href: "/en/sources/his-1".into(), text: "A system <x>".into() },
            name: "his-1".into(),
            feeds: vec!["Visits <x>".into()],
            last_at: last.into(),
            ended,
        };
        let feed =
            || FeedLine { title: "Visits <x>".into(), name: "visits".into(), rows: "7".into() };
        let refused = || RefusedLine {
            at: "2030".into(),
            place: "his-1.visits <x>".into(),
            why: "1336 The signature does not fit".into(),
            message: "yiyang-feeds 7".into(),
        };
        let page = |sources, held, form| Self {
            frame: frame.clone(),
            key: "1".into(),
            closed: if held == 0 { "closed <x>".into() } else { String::new() },
            sources,
            feeds: if held == 0 { Vec::new() } else { vec![feed()] },
            waiting: "0".into(),
            held,
            refused: (1..held).map(|_| refused()).collect(),
            form,
        };
        vec![
            page(Vec::new(), 0, None),
            page(vec![line(false, "2030"), line(true, "")], 3, Some(form(true))),
            page(Vec::new(), 1, Some(form(false))),
        ]
    }
}

#[cfg(test)]
impl super::Sample for SourcePage {
    fn samples(frame: Frame) -> Vec<Self> {
        let page = |ended: bool, form| Self {
            frame: frame.clone(),
            key: "1".into(),
            title: "A system <x>".into(),
            name: "his-1".into(),
            ended,
            addresses: vec!["https://x/api/sources/his-1/feeds/visits".into()],
            public_key: "AAAA".into(),
            sent: if ended {
                Vec::new()
            } else {
                vec![["Visits".into(), "7".into(), "1".into(), "2030".into()]]
            },
            steps: vec![[
                "2030".into(),
                "A body".into(),
                "A <x>".into(),
                "Visits".into(),
                "AAAA".into(),
            ]],
            form,
        };
        vec![page(true, None), page(false, Some(form(true)))]
    }
}

#[cfg(test)]
impl super::Sample for HeldPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let line = HeldLine {
            link: Link { href: "/en/held/7".into(), text: "7".into() },
            source: "his-1".into(),
            feed: "Visits <x>".into(),
            at: "2030".into(),
            flaws: vec![(1501, "no <x>".into())],
        };
        let page =
            |count, rows, next: &str| Self { frame: frame.clone(), count, rows, next: next.into() };
        vec![page(0, Vec::new(), ""), page(2, vec![line], "/en/held?from=8")]
    }
}

#[cfg(test)]
impl super::Sample for HeldRowPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let column = |choices, wrong: &str| MendField {
            name: "quantity".into(),
            title: "Quantity <x>".into(),
            says: "\"ten\"".into(),
            hint: "a number".into(),
            typed: "10".into(),
            choices,
            wrong: wrong.into(),
            optional: wrong.is_empty(),
        };
        let words = vec![("a".to_owned(), "A <x>".to_owned())];
        let page = |may, settled: Vec<String>, wrong: &str| Self {
            frame: frame.clone(),
            key: "1".into(),
            refused: Vec::new(),
            number: 7,
            source: "his-1".into(),
            feed: "Visits <x>".into(),
            at: "2030".into(),
            line: 3,
            flaws: vec![(1509, "no number <x>".into())],
            columns: vec![column(words.clone(), ""), column(Vec::new(), "no number <x>")],
            settled,
            may,
            because: String::new(),
            because_wrong: wrong.into(),
        };
        vec![
            page(true, Vec::new(), ""),
            page(true, Vec::new(), "say why"),
            page(false, Vec::new(), ""),
            page(true, vec!["mended <x>".into()], ""),
        ]
    }
}
