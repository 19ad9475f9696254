//! A layout plan: how people are served today, the drafts side by side, one draft before and after,
//! and drafts that are being drawn up.

use askama::Template;

use crate::web::{
    components::{site_map::SiteMap, text_input::TextInput},
    fault::Refused,
    frame::{Frame, Link},
    pages::standards::StandardRow,
    question::{FaultLine, Offered},
};

/// A plan: the survey, what is on file and what is being drawn up.
#[derive(Debug, Template)]
#[template(path = "layout-plan.html")]
pub(crate) struct LayoutPage {
    pub(crate) frame: Frame,
    /// What is planned.
    pub(crate) title: String,
    /// The case, for those who may see it.
    pub(crate) case: Option<Link>,
    /// Whether everybody may read it, in a sentence.
    pub(crate) read_by: String,
    /// What was surveyed, line by line.
    pub(crate) facts: Vec<(String, String)>,
    /// How people are served today.
    pub(crate) today: RoundRow,
    /// What areas should have, and how many of them do.
    pub(crate) standards: Vec<StandardRow>,
    /// The same by area.
    pub(crate) by_area: Link,
    /// The way to how well people reach places.
    pub(crate) reach: Link,
    /// The drafts on file.
    pub(crate) drafts: Vec<DraftRow>,
    /// What is being drawn up, or was and is not on file.
    pub(crate) jobs: Vec<(Link, String)>,
    /// The form by which another is drawn up, for those who may.
    pub(crate) form: Option<TermsForm>,
    /// The map with its tables.
    pub(crate) map: SiteMap,
    /// The texts.
    pub(crate) files: Vec<Link>,
}

/// How people are served at some time.
#[derive(Debug, Clone)]
pub(crate) struct RoundRow {
    /// When.
    pub(crate) when: String,
    /// Places that are needed.
    pub(crate) need: String,
    /// Places that there are.
    pub(crate) places: String,
    /// How many of those needed are served.
    pub(crate) served: String,
    /// How many are missing.
    pub(crate) missing: String,
    /// The part that is met.
    pub(crate) met: String,
    /// The area of whose need the least is met.
    pub(crate) worst: Option<Link>,
    /// How unevenly it is met.
    pub(crate) gini: String,
}

impl RoundRow {
    /// Its cells in order.
    pub(crate) fn cells(self) -> Vec<String> {
        let worst = self.worst.map(|link| link.text).unwrap_or_default();
        let [when, need, places] = [self.when, self.need, self.places];
        vec![when, need, places, self.served, self.missing, self.met, worst, self.gini]
    }
}

/// A draft beside the others.
#[derive(Debug, Clone)]
pub(crate) struct DraftRow {
    /// The draft.
    pub(crate) link: Link,
    /// What it seeks.
    pub(crate) goal: String,
    /// The floor that it holds.
    pub(crate) floor: String,
    /// How many sites it picks.
    pub(crate) picks: String,
    /// What it costs.
    pub(crate) cost: String,
    /// What it is worth.
    pub(crate) value: String,
    /// What no other is worth.
    pub(crate) bound: String,
    /// How far it may be from the best.
    pub(crate) gap: String,
    /// How people are served in its last phase.
    pub(crate) last: Option<RoundRow>,
    /// Whether it is the one that was adopted.
    pub(crate) adopted: bool,
}

/// The terms of a draft, as they are asked for.
#[derive(Debug)]
pub(crate) struct TermsForm {
    /// Where it is sent.
    pub(crate) action: String,
    /// The number of the form.
    pub(crate) key: String,
    /// What was refused.
    pub(crate) refused: Vec<Refused>,
    /// What is wrong with single answers.
    pub(crate) faults: Vec<FaultLine>,
    /// What can be sought.
    pub(crate) goals: Vec<Offered>,
    /// How long is looked.
    pub(crate) seconds: Vec<Offered>,
    /// The reach.
    pub(crate) reach: TextInput,
    /// Years with their money.
    pub(crate) phases: Vec<(TextInput, TextInput)>,
    /// The year at which counting ends.
    pub(crate) until: TextInput,
    /// The floor.
    pub(crate) floor: TextInput,
    /// Whether the highest floor is sought.
    pub(crate) worst: bool,
    /// Sites that must be used, and sites that stay as they are.
    pub(crate) forced: String,
    pub(crate) barred: String,
}

/// A draft, on file or not yet.
#[derive(Debug, Template)]
#[template(path = "layout-draft.html")]
pub(crate) struct DraftPage {
    pub(crate) frame: Frame,
    /// The way back to the plan.
    pub(crate) plan: Link,
    /// What the draft is called.
    pub(crate) title: String,
    /// Whether it is the one that was adopted.
    pub(crate) adopted: bool,
    /// The form that puts it on file, where it is not yet: where it is sent, and its number.
    pub(crate) filing: Option<(String, String)>,
    /// Why it was not put on file.
    pub(crate) refused: Vec<Refused>,
    /// What it says of itself and the best there can be.
    pub(crate) says: String,
    /// Its terms and what it comes to, line by line.
    pub(crate) facts: Vec<(String, String)>,
    /// How people are served, as it is and in each phase.
    pub(crate) rounds: Vec<RoundRow>,
    /// The way to how well people reach places then, where it is on file.
    pub(crate) reach: Option<Link>,
    /// What other sites would add beyond the money, the most first: site, course, value, cost.
    pub(crate) others: Vec<(Link, [String; 3])>,
    /// The map with its tables.
    pub(crate) map: SiteMap,
    /// The texts, the workbook and the paper.
    pub(crate) files: Vec<Link>,
}

/// Something that is being drawn up.
#[derive(Debug, Template)]
#[template(path = "layout-drawing.html")]
pub(crate) struct DrawingUpPage {
    pub(crate) frame: Frame,
    /// The way back to the plan.
    pub(crate) plan: Link,
    /// Its own address.
    pub(crate) href: String,
    /// Where it is asked to stop.
    pub(crate) stop: String,
    /// The number of the form.
    pub(crate) key: String,
    /// Whether it is still at it.
    pub(crate) runs: bool,
    /// How far it is, in sentences: the time, and the best so far.
    pub(crate) says: Vec<String>,
    /// Why nothing came of it.
    pub(crate) refused: Vec<Refused>,
    /// The price of equity: floor, value, bound.
    pub(crate) curve: Vec<[String; 3]>,
}

#[cfg(test)]
mod samples {
    use super::{
        DraftPage, DraftRow, DrawingUpPage, Frame, LayoutPage, Refused, RoundRow, SiteMap,
        TermsForm, TextInput,
    };
    use crate::web::{
        components::{Component, text_input::Kind},
        pages::{Sample, link, standards::samples::standard},
        question::{FaultLine, Offered},
    };

    fn map(frame: &Frame) -> SiteMap {
        SiteMap::samples(frame.words).remove(0)
    }

    fn round(worst: bool) -> RoundRow {
        RoundRow {
            when: "2031".into(),
            need: "550".into(),
            places: "300".into(),
            served: "280".into(),
            missing: "270".into(),
            met: "50.9 %".into(),
            worst: worst.then(link),
            gini: "0.214".into(),
        }
    }

    fn row(adopted: bool) -> DraftRow {
        DraftRow {
            link: link(),
            goal: "Most".into(),
            floor: "30.0 %".into(),
            picks: "7".into(),
            cost: "500".into(),
            value: "1234.5".into(),
            bound: "1240.0".into(),
            gap: "0.45 %".into(),
            last: (!adopted).then(|| round(true)),
            adopted,
        }
    }

    fn refused() -> Vec<Refused> {
        vec![Refused { number: 1649, says: "Not <sound>".into(), next: "Mend it.".into() }]
    }

    fn form(frame: &Frame) -> TermsForm {
        let line = |name| frame.number_line(name, "layout-reach", "layout-reach-hint", "1000");
        let phase = |name, error: &str| TextInput {
            told_at: "phases-hint",
            error: error.into(),
            ..TextInput::new(name, Kind::Number, "Phase <1>", "2027")
        };
        let offered =
            |value: &str, chosen| Offered { value: value.into(), title: "A & B".into(), chosen };
        TermsForm {
            action: "/zh/cases/7/drafting".into(),
            key: "abc".into(),
            refused: refused(),
            faults: vec![FaultLine { href: "#reach".into(), text: "No <number>".into() }],
            goals: vec![offered("most", true), offered("near", false)],
            seconds: vec![offered("10", false), offered("60", true)],
            reach: line("reach"),
            phases: vec![(phase("year-1", ""), phase("money-1", "No <number>"))],
            until: line("until"),
            floor: line("floor"),
            worst: true,
            forced: "DK-1 small".into(),
            barred: "DK-2".into(),
        }
    }

    fn facts() -> Vec<(String, String)> {
        vec![("Norm".into(), "40 <each>".into())]
    }

    impl Sample for LayoutPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = |whole: bool| Self {
                title: "A plan <here>".into(),
                case: whole.then(link),
                read_by: "Everybody".into(),
                facts: facts(),
                today: round(whole),
                standards: if whole { vec![standard()] } else { Vec::new() },
                by_area: link(),
                reach: link(),
                drafts: if whole { vec![row(true), row(false)] } else { Vec::new() },
                jobs: if whole { vec![(link(), "running".into())] } else { Vec::new() },
                form: whole.then(|| form(&frame)),
                map: map(&frame),
                files: vec![link()],
                frame: frame.clone(),
            };
            vec![page(true), page(false)]
        }
    }

    impl Sample for DraftPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = |filed: bool| Self {
                plan: link(),
                title: "Draft 2 <here>".into(),
                adopted: filed,
                filing: (!filed).then(|| ("/zh/cases/7/drafting/3/file".into(), "abc".into())),
                refused: if filed { Vec::new() } else { refused() },
                says: "No other plan is better by more than 0.45 %.".into(),
                facts: facts(),
                rounds: vec![round(false), round(true)],
                reach: filed.then(link),
                others: if filed {
                    vec![(link(), ["small".into(), "12.0".into(), "500".into()])]
                } else {
                    Vec::new()
                },
                map: map(&frame),
                files: if filed { vec![link()] } else { Vec::new() },
                frame: frame.clone(),
            };
            vec![page(true), page(false)]
        }
    }

    impl Sample for DrawingUpPage {
        fn samples(frame: Frame) -> Vec<Self> {
            let page = |runs: bool| Self {
                plan: link(),
                href: "/zh/cases/7/drafting/3".into(),
                stop: "/zh/cases/7/drafting/3/stop".into(),
                key: "abc".into(),
                runs,
                says: vec!["7 seconds gone".into(), "Best so far <1>".into()],
                refused: if runs { Vec::new() } else { refused() },
                curve: if runs {
                    Vec::new()
                } else {
                    vec![["0 %".into(), "12".into(), "12".into()]]
                },
                frame: frame.clone(),
            };
            vec![page(true), page(false)]
        }
    }
}
