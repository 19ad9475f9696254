//! Who has how many points, and for what.

use askama::Template;

use crate::web::{
    components::citation::Cited,
    frame::{Frame, Link},
    question::Offered,
};

/// Those with points, those with most first.
#[derive(Debug, Template)]
#[template(path = "risk.html")]
pub(crate) struct RiskPage {
    pub(crate) frame: Frame,
    /// What the rating is called.
    pub(crate) title: String,
    /// What it rests on.
    pub(crate) basis: Vec<Cited>,
    /// The first day that counts.
    pub(crate) since: String,
    /// Other ratings.
    pub(crate) others: Vec<Link>,
    /// The register that is rated.
    pub(crate) register: String,
    /// The district that is shown.
    pub(crate) district: String,
    /// The districts that may be.
    pub(crate) districts: Vec<Offered>,
    /// How many there are of each level, the highest first.
    pub(crate) levels: Vec<LevelLine>,
    /// Those with points.
    pub(crate) rows: Vec<RiskRow>,
    /// Where the list goes on; empty at its end.
    pub(crate) next: String,
}

/// How many there are of a level.
#[derive(Debug)]
pub(crate) struct LevelLine {
    /// What it is called.
    pub(crate) title: String,
    /// The same as a tone.
    pub(crate) tone: &'static str,
    /// From how many points.
    pub(crate) from: u32,
    /// How many there are with points.
    pub(crate) count: usize,
    /// Where they are listed.
    pub(crate) href: String,
    /// Whether the list shows them alone.
    pub(crate) chosen: bool,
}

/// An entry in the list.
#[derive(Debug)]
pub(crate) struct RiskRow {
    /// What it is known by, and where its points are explained.
    pub(crate) link: Link,
    /// Where it is.
    pub(crate) division: String,
    /// Its points.
    pub(crate) points: u64,
    /// What they mean.
    pub(crate) level: String,
    /// The same as a tone.
    pub(crate) tone: &'static str,
    /// What gives it points.
    pub(crate) lines: Vec<String>,
}

/// The points of an entry.
#[derive(Debug, Template)]
#[template(path = "rated.html")]
pub(crate) struct RatedPage {
    pub(crate) frame: Frame,
    /// The list.
    pub(crate) up: Link,
    /// The entry; nowhere where no register knows it.
    pub(crate) entry: Link,
    /// Where it is.
    pub(crate) division: String,
    /// The first day that counts.
    pub(crate) since: String,
    /// The sum.
    pub(crate) points: u64,
    /// What it means.
    pub(crate) level: String,
    /// The same as a tone.
    pub(crate) tone: &'static str,
    /// What gives points, in order.
    pub(crate) lines: Vec<PointsLine>,
    /// From how many points each level is.
    pub(crate) levels: Vec<String>,
    /// What the rating rests on.
    pub(crate) basis: Vec<Cited>,
}

/// Something that gives points.
#[derive(Debug)]
pub(crate) struct PointsLine {
    /// What is counted.
    pub(crate) title: String,
    /// How many there are.
    pub(crate) count: u64,
    /// Where the findings are; empty where entries are counted.
    pub(crate) href: String,
    /// The entries that are counted.
    pub(crate) entries: Vec<Link>,
    /// The points of each.
    pub(crate) each: u32,
    /// The points of all, at most.
    pub(crate) most: u32,
    /// What they come to.
    pub(crate) points: u64,
    /// Whether they would come to more.
    pub(crate) capped: bool,
}

#[cfg(test)]
fn sample_link(href: &str) -> Link {
    Link { href: href.into(), text: "<b>A clinic</b>".into() }
}

#[cfg(test)]
impl super::Sample for RiskPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let level = |count, chosen| LevelLine {
            title: "High".into(),
            tone: "bad",
            from: 50,
            count,
            href: "/zh/risk?level=high".into(),
            chosen,
        };
        let row = |tone| RiskRow {
            link: sample_link("/zh/risk/clinic/1"),
            division: "A district".into(),
            points: 12,
            level: "High".into(),
            tone,
            lines: vec!["Breaches <i> 10".into(), "Penalties 2".into()],
        };
        let offered = |chosen| Offered { value: "all".into(), title: "Everywhere".into(), chosen };
        let page = |others: Vec<Link>, rows, next: &str| Self {
            frame: frame.clone(),
            title: "Risk".into(),
            basis: vec![super::cited()],
            since: "2026-01-01".into(),
            others,
            register: "clinic".into(),
            district: "A district".into(),
            districts: vec![offered(true), offered(false)],
            levels: vec![level(1, true), level(0, false)],
            rows,
            next: next.into(),
        };
        vec![
            page(vec![sample_link("/zh/risk?register=a")], vec![row("bad"), row("good")], "/zh/b"),
            page(vec![], vec![], ""),
        ]
    }
}

#[cfg(test)]
impl super::Sample for RatedPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let line = |count: u64, href: &str, entries| PointsLine {
            title: "Breaches <i>".into(),
            count,
            href: href.into(),
            entries,
            each: 4,
            most: 10,
            points: (count * 4).min(10),
            capped: count > 2,
        };
        let page = |href: &str, lines| Self {
            frame: frame.clone(),
            up: sample_link("/zh/risk"),
            entry: sample_link(href),
            division: "A district".into(),
            since: "2026-01-01".into(),
            points: 12,
            level: "High".into(),
            tone: "bad",
            lines,
            levels: vec!["Low from 0".into(), "High from 10".into()],
            basis: vec![super::cited()],
        };
        let entries = vec![sample_link("/zh/registers/penalty/1"), sample_link("")];
        vec![
            page(
                "/zh/registers/clinic/1",
                vec![
                    line(3, "/zh/findings?kind=a", vec![]),
                    line(2, "", entries),
                    line(0, "/zh/findings?kind=b", vec![]),
                ],
            ),
            page("", vec![]),
        ]
    }
}
