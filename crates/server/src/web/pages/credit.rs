//! Where an entry stands under points tables, as of a day.

use askama::Template;

use super::register::Looked;
use crate::web::frame::{Cited, Frame, Link};

/// An entry with its points.
#[derive(Debug, Template)]
#[template(path = "credit.html")]
pub(crate) struct CreditPage {
    pub(crate) frame: Frame,
    /// Whose points they are.
    pub(crate) entry: Link,
    /// What was asked.
    pub(crate) looked: Looked,
    /// Whether some table rules here.
    pub(crate) here: bool,
    /// The matters that stand, by day.
    pub(crate) matters: Vec<MatterLine>,
    /// The tables, the one that rules here first.
    pub(crate) tables: Vec<TableView>,
    /// Where the page asks again.
    pub(crate) action: String,
}

/// A matter.
#[derive(Debug)]
pub(crate) struct MatterLine {
    /// Its day.
    pub(crate) on: String,
    /// The entry that says so.
    pub(crate) key: String,
    /// How many points.
    pub(crate) points: u32,
}

/// What a table makes of them.
#[derive(Debug)]
pub(crate) struct TableView {
    /// What it is called.
    pub(crate) title: String,
    /// Where it rules.
    pub(crate) place: String,
    /// Whether it rules here.
    pub(crate) here: bool,
    /// Whether it could be counted.
    pub(crate) counted: bool,
    /// Whether an edition holds on the day.
    pub(crate) held: bool,
    /// The period within which points add up.
    pub(crate) period: String,
    /// The points of the period.
    pub(crate) points: u32,
    /// How far the next bound is; empty where there is none.
    pub(crate) next: String,
    /// The effects that last.
    pub(crate) lasting: Vec<EffectLine>,
    /// Those that are over.
    pub(crate) over: Vec<EffectLine>,
    /// What the table rests on.
    pub(crate) basis: Vec<Cited>,
    /// Where the edition of the day is written.
    pub(crate) edition: Option<Cited>,
}

/// A bound that was reached.
#[derive(Debug)]
pub(crate) struct EffectLine {
    /// What follows.
    pub(crate) title: String,
    /// Since when.
    pub(crate) on: String,
    /// What had been counted.
    pub(crate) counted: String,
    /// How much it takes.
    pub(crate) bound: String,
    /// The first day on which it no longer lasts; empty where somebody must end it.
    pub(crate) until: String,
    /// The matter by which it was reached.
    pub(crate) by: String,
}

#[cfg(test)]
impl super::Sample for CreditPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let effect = |until: &str| EffectLine {
            title: "Verification is put off <i>".into(),
            on: "2026-03-01".into(),
            counted: "14".into(),
            bound: "12".into(),
            until: until.into(),
            by: "PP-1".into(),
        };
        let table = |here, counted, held, effects: bool| TableView {
            title: "Points for bad practice".into(),
            place: "A city".into(),
            here,
            counted,
            held,
            period: "2026-01-01 to 2026-12-31".into(),
            points: 14,
            next: if effects { "3 more".into() } else { String::new() },
            lasting: if effects { vec![effect(""), effect("2026-09-01")] } else { vec![] },
            over: if effects { vec![effect("2026-02-01")] } else { vec![] },
            basis: vec![super::cited()],
            edition: held.then(super::cited),
        };
        let matter = MatterLine { on: "2026-03-01".into(), key: "<b>PP-1</b>".into(), points: 4 };
        let page = |here, matters, tables| Self {
            frame: frame.clone(),
            entry: Link { href: "/zh/registers/clinic/1".into(), text: "<b>A clinic</b>".into() },
            looked: Looked { q: String::new(), on: "2026-03-01".into(), known: String::new() },
            here,
            matters,
            tables,
            action: "/zh/credit/clinic/1".into(),
        };
        vec![
            page(
                true,
                vec![matter],
                vec![table(true, true, true, true), table(false, true, true, false)],
            ),
            page(
                false,
                vec![],
                vec![table(false, false, true, false), table(false, false, false, false)],
            ),
        ]
    }
}
