//! The account of days of a case: each term with what is used and left of it, every day from the
//! one on which it began, and why it counts or does not.

use askama::Template;

use crate::web::frame::{Cited, Frame, Link};

/// The account of a case.
#[derive(Debug, Template)]
#[template(path = "days.html")]
pub(crate) struct DaysPage {
    pub(crate) frame: Frame,
    /// The case's number.
    pub(crate) id: String,
    /// The case.
    pub(crate) case: Link,
    /// The terms that run or stand still.
    pub(crate) open: Vec<AccountView>,
    /// Those that have ended, the latest first.
    pub(crate) ended: Vec<AccountView>,
}

/// One term.
#[derive(Debug)]
pub(crate) struct AccountView {
    /// Where it stands on the page.
    pub(crate) anchor: String,
    /// Whose time it is.
    pub(crate) title: String,
    /// How it stands, in short sentences.
    pub(crate) summary: Vec<String>,
    /// What happened to it: when it began, stood still, was made longer and ended.
    pub(crate) turns: Vec<Turn>,
    /// Its days by month; none where it is too long to be drawn.
    pub(crate) months: Vec<Month>,
    /// Its days as a list, those that follow one another alike in one line.
    pub(crate) list: Vec<Span>,
}

/// Something that happened to a term.
#[derive(Debug)]
pub(crate) struct Turn {
    /// The day.
    pub(crate) on: String,
    /// What.
    pub(crate) what: String,
    /// Who brought it about, and by which entry.
    pub(crate) by: String,
    /// The ledger entry in the case's history; empty where it is none of it.
    pub(crate) href: String,
    /// Where it is written that it may be so.
    pub(crate) cited: Vec<Cited>,
}

/// A month of days.
#[derive(Debug)]
pub(crate) struct Month {
    /// Which.
    pub(crate) title: String,
    /// Its weeks, Monday first; a day that does not belong to the term is empty.
    pub(crate) weeks: Vec<Vec<Cell>>,
}

/// A day of a month.
#[derive(Debug, Default, Clone)]
pub(crate) struct Cell {
    /// The day of the month; empty where the month has no such day.
    pub(crate) number: String,
    /// What it is for the term; empty where it is none of its days.
    pub(crate) says: String,
    /// The class by which it is shown: `counted`, `off`, `stopped` and `edge`.
    pub(crate) mark: &'static str,
}

/// Days that follow one another alike.
#[derive(Debug)]
pub(crate) struct Span {
    /// The days.
    pub(crate) days: String,
    /// What they are.
    pub(crate) says: String,
}

#[cfg(test)]
impl super::Sample for DaysPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let account = |months: bool| AccountView {
            anchor: "step-accept".into(),
            title: "Acceptance".into(),
            summary: vec!["12 of 20 working days are used.".into()],
            turns: vec![
                Turn {
                    on: "2030-01-31".into(),
                    what: "It began".into(),
                    by: "The applicant, entry 7".into(),
                    href: "/zh/cases/7#entry-7".into(),
                    cited: vec![super::cited()],
                },
                Turn {
                    on: "2030-02-28".into(),
                    what: "Over".into(),
                    by: String::new(),
                    href: String::new(),
                    cited: Vec::new(),
                },
            ],
            months: if months { vec![sample_month()] } else { Vec::new() },
            list: vec![Span { days: "2030-01-31".into(), says: "First day".into() }],
        };
        let bare = Self {
            frame: frame.clone(),
            id: "7".into(),
            case: super::link(),
            open: Vec::new(),
            ended: Vec::new(),
        };
        let (open, ended) = (vec![account(true)], vec![account(false)]);
        vec![bare, Self { frame, id: "7".into(), case: super::link(), open, ended }]
    }
}

#[cfg(test)]
fn sample_month() -> Month {
    let day =
        |number: &str, says: &str, mark| Cell { number: number.into(), says: says.into(), mark };
    let mut week = vec![Cell::default(); 5];
    week.extend([day("1", "first day", "edge"), day("2", "weekend", "off")]);
    Month { title: "2030-01".into(), weeks: vec![week] }
}
