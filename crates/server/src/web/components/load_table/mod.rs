//! How much waits, line by line: a table of figures (1.3.1), each leading to the cases behind it
//! and named by its line and column (2.4.4), with a bar beside each line that repeats them. What is
//! late, soon due and due later differ by pattern and not by colour alone (1.4.1, 1.4.11).

use askama::{Template, filters::HtmlSafe};

use super::Component;
use crate::web::words::Words;

/// The length of the longest bar, in hundredths of the room.
const LONGEST: u64 = 100;

/// A table of what waits.
#[derive(Debug, Clone, Template)]
#[template(path = "load_table/template.html")]
pub(crate) struct LoadTable {
    /// The reader's language.
    pub(crate) words: Words,
    /// The anchor.
    pub(crate) id: &'static str,
    /// What it is a table of.
    pub(crate) title: String,
    /// What a line is.
    pub(crate) of: String,
    /// The lines.
    pub(crate) lines: Vec<LoadLine>,
}

/// A line of it.
#[derive(Debug, Clone)]
pub(crate) struct LoadLine {
    /// What it is about.
    pub(crate) title: String,
    /// Cases whose last day has passed.
    pub(crate) late: Figure,
    /// Cases whose last day is near.
    pub(crate) soon: Figure,
    /// The others.
    pub(crate) later: Figure,
    /// All of them.
    pub(crate) all: Figure,
}

/// A number of cases.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// How many.
    pub(crate) count: u32,
    /// The cases behind it.
    pub(crate) href: String,
}

/// A part of a bar, in hundredths of the room.
pub(crate) struct Part {
    /// Which: `late`, `soon`, `later`.
    pub(crate) mark: &'static str,
    /// Where it begins.
    pub(crate) from: u64,
    /// How long it is.
    pub(crate) length: u64,
}

impl LoadTable {
    /// The parts of a line's bar that there are. One that is too short to be seen is drawn as the
    /// shortest that can be.
    fn bar(&self, line: &LoadLine) -> Vec<Part> {
        let most = self.lines.iter().map(|line| line.all.count).max().unwrap_or_default().max(1);
        let mut from = 0;
        let each = [("late", &line.late), ("soon", &line.soon), ("later", &line.later)];
        let some = each.into_iter().filter(|(_, figure)| figure.count > 0);
        some.map(|(mark, figure)| {
            let length = (u64::from(figure.count) * LONGEST / u64::from(most)).max(1);
            let part = Part { mark, from, length };
            from += length;
            part
        })
        .collect()
    }

    fn figures<'l>(&self, line: &'l LoadLine) -> [(&'static str, &'l Figure); 4] {
        [
            ("load-late", &line.late),
            ("load-soon", &line.soon),
            ("load-later", &line.later),
            ("load-all", &line.all),
        ]
    }
}

impl HtmlSafe for LoadTable {}

impl Component for LoadTable {
    const NAME: &'static str = "load_table";
    const CRITERIA: &'static [&'static str] = &["1.3.1", "1.4.1", "1.4.11", "2.4.4"];

    fn samples(words: Words) -> Vec<Self> {
        let line = |key: &str, late: u32, soon: u32, later: u32| {
            let figure = |count| Figure { count, href: "#main".into() };
            LoadLine {
                title: words.t(key),
                late: figure(late),
                soon: figure(soon),
                later: figure(later),
                all: figure(late + soon + later),
            }
        };
        let lines = vec![line("services", 3, 40, 12), line("registers", 0, 1, 400)];
        let (title, of) = (words.t("load-by-service"), words.t("service"));
        vec![Self { words, id: "load-sample", title, of, lines }]
    }
}
