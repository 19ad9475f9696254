//! Boards: findings of some kinds as they are now, by district and by rule. Each figure opens the
//! list of what it counts; the page is asked for again every few seconds (`board.js`).

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query as Asked},
    response::{IntoResponse, Redirect, Response},
};
use base::{Division, DivisionLevel, Name};
use pack::model::{Board, Rule, RuleVerdict};
use serde::Deserialize;
use store::finding::FindingCount;

use super::{
    district::{District, districts},
    findings::{Which, line, since_yesterday, taken::Cases, tone, verdict},
    name,
};
use crate::web::{
    fault::Fault,
    frame::Link,
    pages::{
        board::{BoardPage, DistrictLine, Figure},
        district_map::DistrictMap,
        findings::CountLine,
    },
    visit::{AsOfficer, Visit, page},
};

/// How many of the latest findings a board shows.
const LATEST: u32 = 10;

/// Which part of a board is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Part {
    division: String,
}

/// How many stand, and how many of them are new.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    standing: u64,
    new: u64,
}

impl Counts {
    fn add(&mut self, found: &FindingCount) {
        self.standing += found.count;
        self.new += found.new;
    }
}

/// The figures of a board, of which each is a list of findings.
struct Figures<'v> {
    visit: &'v Visit,
    board: &'v Board,
    district: District,
    counts: Vec<FindingCount>,
}

impl Figures<'_> {
    fn sum(&self, counted: impl Fn(&FindingCount) -> bool) -> Counts {
        let mut sum = Counts::default();
        self.counts.iter().filter(|own| counted(own)).for_each(|own| sum.add(own));
        sum
    }

    fn figures(&self, counts: Counts, which: &Which) -> (Figure, Figure) {
        let figure = |count, which: &Which| Figure { count, href: self.visit.to(&which.address()) };
        (figure(counts.standing, which), figure(counts.new, &which.clone().only_new()))
    }

    /// What the whole board shows of its district.
    fn all(&self) -> (Figure, Figure) {
        let which = Which::of_board(self.board).within(self.district.of_findings());
        self.figures(self.sum(|own| self.district.has(&own.division)), &which)
    }

    /// A district of the place, whichever the board is of.
    fn of_district(&self, district: &District) -> DistrictLine {
        let which = Which::of_board(self.board).within(district.of_findings());
        let sum = self.sum(|own| district.has(&own.division));
        let (standing, new) = self.figures(sum, &which);
        let path = format!("/board/{}?division={}", self.board.name, district.word());
        let (href, text) = (self.visit.to(&path), district.title(self.visit));
        let link = Link { href, text };
        DistrictLine { link, standing, new, chosen: *district == self.district }
    }

    fn districts(&self) -> Vec<DistrictLine> {
        let mut all: Vec<District> = districts(self.visit).cloned().map(District::One).collect();
        let nowhere = self.sum(|own| own.division.is_empty());
        all.extend((nowhere.standing > 0).then_some(District::Nowhere));
        all.iter().map(|own| self.of_district(own)).collect()
    }

    fn of_rule(&self, rule: &Rule) -> CountLine {
        let which = Which::of_rule(rule).within(self.district.of_findings());
        let counts = self.sum(|own| own.rule == rule.name && self.district.has(&own.division));
        let (standing, new) = self.figures(counts, &which);
        CountLine {
            rule: Link {
                href: self.visit.to(&format!("/findings/rules/{}", rule.name)),
                text: rule.title.to(self.visit.words.0).to_owned(),
            },
            verdict: verdict(self.visit, rule.verdict),
            tone: tone(rule.verdict == RuleVerdict::Clear),
            count: standing.count,
            new: new.count,
            found: standing.href,
            found_new: new.href,
        }
    }

    fn rules(&self) -> Vec<CountLine> {
        let rules = self.visit.pack().rules.values().filter(|rule| self.board.shows(rule));
        let mut lines: Vec<CountLine> = rules.map(|rule| self.of_rule(rule)).collect();
        lines.sort_by_key(|line| std::cmp::Reverse((line.count, line.new)));
        lines
    }

    fn map(&self) -> Option<DistrictMap> {
        let mut by: BTreeMap<Division, u64> = BTreeMap::new();
        for own in &self.counts {
            let division = Division::parse(&own.division).ok();
            if let Some(county) = division.and_then(|own| own.at(DivisionLevel::County)) {
                *by.entry(county).or_default() += own.count;
            }
        }
        let own = match &self.district {
            District::One(division) => division.at(DivisionLevel::County),
            District::All | District::Nowhere => None,
        };
        DistrictMap::of(self.visit.shown(), &by, own.as_ref(), |division| {
            let which = Which::of_board(self.board).within(division.as_str());
            self.visit.to(&which.address())
        })
    }
}

/// The first board of the pack.
pub(in crate::web) async fn first(who: AsOfficer) -> Result<Response, Fault> {
    let board = who.visit.pack().boards.keys().next().ok_or(Fault::NoSuchPage)?;
    Ok(Redirect::to(&who.visit.to(&format!("/board/{board}"))).into_response())
}

/// A board.
pub(in crate::web) async fn show(
    who: AsOfficer,
    Path(board): Path<String>,
    Asked(part): Asked<Part>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let board: Name = name(&board)?;
    let board = visit.pack().boards.get(&board).ok_or(Fault::NoSuchPage)?;
    let district = District::asked(&who, &part.division)?;
    let store = &visit.app.store;
    let mut counts = store.finding_counts(since_yesterday(visit)).await?;
    counts.retain(|own| visit.pack().rules.get(&own.rule).is_some_and(|rule| board.shows(rule)));
    let which = Which::of_board(board).within(district.of_findings());
    let latest = store.findings(&which.query(visit, LATEST)?).await?;
    let figures = Figures { visit, board, district, counts };
    let (standing, new) = figures.all();
    let others = visit.pack().boards.values().filter(|own| own.name != board.name);
    let others = others.map(|own| Link {
        href: visit.to(&format!("/board/{}", own.name)),
        text: own.title.to(visit.words.0).to_owned(),
    });
    let address = visit.to(&format!("/board/{}", board.name));
    page(&BoardPage {
        frame: visit.frame(),
        title: board.title.to(visit.words.0).to_owned(),
        others: others.collect(),
        again: format!("{address}?division={}", figures.district.word()),
        address,
        district: figures.district.title(visit),
        offered: figures.district.offered(visit),
        at: visit.shown().moment(visit.now),
        standing,
        new,
        map: figures.map(),
        districts: figures.districts(),
        rules: figures.rules(),
        latest: latest.iter().map(|own| line(visit, own, &Cases::default())).collect(),
    })
}
