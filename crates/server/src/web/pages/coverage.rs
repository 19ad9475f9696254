//! What is carried out of each row of the table of systems and each measure, as the stories of the
//! pack in force show it.

use askama::Template;
use pack::model::SYSTEMS;
use replay::plan::{Carried, Coverage, Lack};

use crate::web::{
    app::Telling,
    frame::{Frame, Link},
    shown::Shown,
};

/// The coverage of a place.
#[derive(Debug, Template)]
#[template(path = "coverage.html")]
pub(crate) struct CoveragePage {
    pub(crate) frame: Frame,
    /// What can be said of it.
    pub(crate) told: Told,
}

/// What can be said of the coverage.
#[derive(Debug)]
pub(crate) enum Told {
    /// The stories are still being played.
    NotYet,
    /// There are no stories to play.
    NotAtHand,
    /// What they show.
    Shows(Vec<Part>),
}

/// The rows of the table, or the measures.
#[derive(Debug)]
pub(crate) struct Part {
    /// What they are called together.
    pub(crate) title: String,
    /// How many are carried out.
    pub(crate) whole: usize,
    /// How many in part.
    pub(crate) part: usize,
    /// How many not yet.
    pub(crate) none: usize,
    /// Each.
    pub(crate) lines: Vec<Line>,
}

/// One row or measure.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its code or key.
    pub(crate) id: String,
    /// What it is about.
    pub(crate) title: String,
    /// How far it is carried out.
    pub(crate) state: State,
    /// The services that decided.
    pub(crate) services: Vec<Link>,
    /// The registers they wrote; without an address where the public may not read them.
    pub(crate) registers: Vec<Link>,
    /// How many stories show it.
    pub(crate) stories: usize,
    /// How many acceptances, refusals and other exits were seen.
    pub(crate) seen: [usize; 3],
    /// What is missing.
    pub(crate) lacks: Vec<String>,
}

/// How far something is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Wholly.
    Whole,
    /// In part.
    Part,
    /// Not yet.
    None,
}

impl State {
    fn of(lacks: &[Lack]) -> Self {
        match lacks {
            [] => Self::Whole,
            [Lack::Everything] => Self::None,
            _ => Self::Part,
        }
    }
}

impl Told {
    /// What the stories told, in one language.
    pub(crate) fn of(shown: Shown<'_>, telling: Option<&Telling>) -> Self {
        match telling {
            None => Self::NotYet,
            Some(Telling::NotAtHand) => Self::NotAtHand,
            Some(Telling::Played(coverage)) => Self::Shows(parts(shown, coverage)),
        }
    }
}

fn parts(shown: Shown<'_>, coverage: &Coverage) -> Vec<Part> {
    let list = shown.pack.codes.get(SYSTEMS);
    let systems = list.map(|list| list.title.to(shown.words.0).to_owned()).unwrap_or_default();
    let measures: Vec<&Carried> = coverage.measures.iter().map(|(_, measure)| measure).collect();
    let parts =
        [(systems, coverage.rows.iter().collect()), (shown.words.t("coverage-measures"), measures)];
    let parts = parts.into_iter().filter(|(_, all): &(_, Vec<_>)| !all.is_empty());
    parts.map(|(title, all)| Part::of(shown, title, &all)).collect()
}

impl Part {
    fn of(shown: Shown<'_>, title: String, all: &[&Carried]) -> Self {
        let lines: Vec<Line> = all.iter().map(|carried| Line::of(shown, carried)).collect();
        let count = |state| lines.iter().filter(|line| line.state == state).count();
        let (whole, part, none) = (count(State::Whole), count(State::Part), count(State::None));
        Self { title, whole, part, none, lines }
    }
}

impl Line {
    fn of(shown: Shown<'_>, carried: &Carried) -> Self {
        let lacks = carried.lacks();
        Self {
            id: carried.id.clone(),
            title: carried.title.to(shown.words.0).to_owned(),
            state: State::of(&lacks),
            services: carried.procedures.iter().map(|own| service(shown, &own.name)).collect(),
            registers: carried.registers.iter().map(|name| register(shown, name)).collect(),
            stories: carried.scenarios.len(),
            seen: [carried.accepted, carried.refused, carried.other],
            lacks: lacks.into_iter().map(|lack| lack_in_words(shown, carried, lack)).collect(),
        }
    }
}

impl Line {
    /// How many of each were seen, with the text that says so.
    fn counted(&self) -> [(usize, &'static str); 3] {
        let [accepted, refused, other] = self.seen;
        [(accepted, "coverage-accepted"), (refused, "coverage-refused"), (other, "coverage-other")]
    }
}

fn service(shown: Shown<'_>, name: &base::Name) -> Link {
    let procedure = shown.pack.procedures.get(name);
    let title = procedure.map(|procedure| procedure.title.to(shown.words.0).to_owned());
    Link {
        href: format!("/{}/services/{name}", shown.words.code()),
        text: title.unwrap_or_else(|| name.to_string()),
    }
}

fn register(shown: Shown<'_>, name: &base::Name) -> Link {
    let register = shown.pack.registers.get(name);
    let public = register.is_some_and(|register| register.public);
    let href = format!("/{}/registers/{name}", shown.words.code());
    let title = register.map(|register| register.title.to(shown.words.0).to_owned());
    Link {
        href: if public { href } else { String::new() },
        text: title.unwrap_or_else(|| name.to_string()),
    }
}

fn lack_in_words(shown: Shown<'_>, carried: &Carried, lack: Lack) -> String {
    let words = shown.words;
    match lack {
        Lack::Everything => words.t("lack-everything"),
        Lack::Acceptance => words.t("lack-acceptance"),
        Lack::Refusal => words.t("lack-refusal"),
        Lack::Exit => words.t("lack-exit"),
        Lack::Success => {
            let failed: Vec<&str> =
                carried.failed.iter().map(|story| story.name.as_str()).collect();
            words.with("lack-success", &failed.join(words.comma()))
        }
    }
}

#[cfg(test)]
impl super::Sample for CoveragePage {
    fn samples(frame: Frame) -> Vec<Self> {
        let line = |state, lacks: &[&str]| Line {
            id: "A1".into(),
            title: "One & all".into(),
            state,
            services: vec![super::link(), super::link()],
            registers: vec![super::link(), Link { href: String::new(), text: "Kept".into() }],
            stories: 2,
            seen: [1, 0, 3],
            lacks: lacks.iter().map(|lack| (*lack).to_owned()).collect(),
        };
        let whole = line(State::Whole, &[]);
        let part = line(State::Part, &["a refusal", "an exit"]);
        let mut none = line(State::None, &["everything"]);
        none.services.clear();
        none.registers.clear();
        let lines = vec![whole, part, none];
        let title = String::from("Table <of> systems");
        let shows = Told::Shows(vec![Part { title, whole: 1, part: 1, none: 1, lines }]);
        let page = |told| Self { frame: frame.clone(), told };
        vec![page(Told::NotYet), page(Told::NotAtHand), page(shows)]
    }
}
