//! What rules find, as it is now: by district, by rule, and the latest.

use askama::Template;

#[cfg(test)]
use super::findings::sample_line;
use super::{
    district_map::DistrictMap,
    findings::{CountLine, FindingLine},
};
use crate::web::{
    frame::{Frame, Link},
    question::Offered,
};

/// A board.
#[derive(Debug, Template)]
#[template(path = "board.html")]
pub(crate) struct BoardPage {
    pub(crate) frame: Frame,
    /// What it is called.
    pub(crate) title: String,
    /// Other boards.
    pub(crate) others: Vec<Link>,
    /// Its address.
    pub(crate) address: String,
    /// The same of the district that it shows.
    pub(crate) again: String,
    /// The district that it shows.
    pub(crate) district: String,
    /// The districts that it may show.
    pub(crate) offered: Vec<Offered>,
    /// As of when it is.
    pub(crate) at: String,
    /// How many findings stand.
    pub(crate) standing: Figure,
    /// How many of them were found since yesterday.
    pub(crate) new: Figure,
    /// The districts with their numbers, where outlines are known.
    pub(crate) map: Option<DistrictMap>,
    /// The same as a table.
    pub(crate) districts: Vec<DistrictLine>,
    /// How much stands of each rule.
    pub(crate) rules: Vec<CountLine>,
    /// The latest.
    pub(crate) latest: Vec<FindingLine>,
}

/// A number with the list of what it counts.
#[derive(Debug)]
pub(crate) struct Figure {
    /// The number.
    pub(crate) count: u64,
    /// The list.
    pub(crate) href: String,
}

/// A district.
#[derive(Debug)]
pub(crate) struct DistrictLine {
    /// What it is called, and the board of it alone.
    pub(crate) link: Link,
    /// How many findings stand.
    pub(crate) standing: Figure,
    /// How many of them were found since yesterday.
    pub(crate) new: Figure,
    /// True for the one that the board shows.
    pub(crate) chosen: bool,
}

#[cfg(test)]
impl super::Sample for BoardPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let link = || Link { href: "/zh/board/a".into(), text: "<b>A board</b>".into() };
        let figure = |count| Figure { count, href: "/zh/findings?board=a".into() };
        let district = |count, chosen| DistrictLine {
            link: link(),
            standing: figure(count),
            new: figure(count / 2),
            chosen,
        };
        let rule = |count: u64| CountLine {
            rule: link(),
            verdict: "Clear".into(),
            tone: "bad",
            count,
            new: count / 2,
            found: "/zh/findings?rule=a".into(),
            found_new: "/zh/findings?rule=a&new=yes".into(),
        };
        let latest = || sample_line("/zh/a");
        let offered = |chosen| Offered { value: "all".into(), title: "Everywhere".into(), chosen };
        let page = |others: Vec<Link>, count, map, latest| Self {
            frame: frame.clone(),
            title: "A <board>".into(),
            others,
            address: "/zh/board/a".into(),
            again: "/zh/board/a?division=1".into(),
            district: "A district".into(),
            offered: vec![offered(true), offered(false)],
            at: "2026-01-01 09:00".into(),
            standing: figure(count),
            new: figure(count / 2),
            map,
            districts: vec![district(count, true), district(0, false)],
            rules: vec![rule(count), rule(0)],
            latest,
        };
        vec![
            page(vec![link()], 4, Some(super::district_map::sample()), vec![latest()]),
            page(vec![], 0, None, vec![]),
        ]
    }
}
