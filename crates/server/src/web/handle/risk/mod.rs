//! Risk: who has how many points, and for what. Each point leads to what it was counted from.

mod count;

use std::{cmp::Reverse, collections::BTreeSet};

use access::Action;
use axum::{
    extract::{Path, Query as Asked},
    response::Response,
};
use base::Name;
use pack::model::{Risk, RiskCounts, RiskLevel};
use serde::Deserialize;
use supervise::risk::{Rated, RatedLine, rate};

use self::count::{Subject, Window, count, naming};
use super::{district::District, escaped, findings::Which, name};
use crate::web::{
    entries::{Headings, Named},
    fault::Fault,
    frame::Link,
    pages::risk::{LevelLine, PointsLine, RatedPage, RiskPage, RiskRow},
    permit::may_with_lake,
    visit::{AsOfficer, Visit, page},
};

/// How many entries one page shows.
const PAGE: usize = 50;

/// Whose points are asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Whose {
    register: String,
    division: String,
    level: String,
    after: String,
}

impl Whose {
    fn address(&self, division: &District) -> String {
        let pairs = [
            ("register", self.register.as_str()),
            ("division", division.word()),
            ("level", &self.level),
            ("after", &self.after),
        ];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> =
            said.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        format!("/risk?{}", said.join("&"))
    }
}

/// The rating of a register.
fn risk_of<'v>(visit: &'v Visit, register: &str) -> Option<&'v Risk> {
    visit.pack().risks.values().find(|risk| risk.register.as_str() == register)
}

/// The way to the points of an entry, where its register is rated.
pub(in crate::web) fn link(visit: &Visit, register: &Name, key: &str) -> Option<Link> {
    let risk = risk_of(visit, register.as_str())?;
    Some(Link {
        href: visit.to(&format!("/risk/{register}/{}", escaped(key))),
        text: risk.title.to(visit.words.0).to_owned(),
    })
}

/// The same for whoever may see points.
pub(in crate::web) fn link_for(visit: &Visit, register: &Name, key: &str) -> Option<Link> {
    let link = link(visit, register, key)?;
    may_with_lake(visit, Action::SeeFindings).then_some(link)
}

/// An entry with its points.
pub(in crate::web) struct Entry<'r> {
    pub(in crate::web) key: String,
    pub(in crate::web) division: String,
    pub(in crate::web) rated: Rated<'r>,
}

impl Entry<'_> {
    /// What orders entries: those with most points first.
    fn place(&self) -> (Reverse<u64>, &str) {
        (Reverse(self.rated.points), &self.key)
    }

    fn level(&self) -> usize {
        self.rated.level.map(|(height, _)| height).unwrap_or_default()
    }
}

/// Those who have points in a district, those with most first.
pub(in crate::web) struct Ranking<'r> {
    pub(in crate::web) risk: &'r Risk,
    pub(in crate::web) district: District,
    window: Window,
    /// Of each level how many.
    levels: Vec<usize>,
    /// Those of a page.
    pub(in crate::web) entries: Vec<Entry<'r>>,
    /// After which the next page begins.
    pub(in crate::web) next: Option<String>,
}

impl Ranking<'_> {
    /// The first day whose events count.
    pub(in crate::web) fn first(&self) -> base::Date {
        self.window.first
    }
}

/// Those that an address asks for; none where the pack rates nobody.
pub(in crate::web) async fn ranking<'v>(
    who: &'v AsOfficer,
    whose: &Whose,
    limit: usize,
) -> Result<Ranking<'v>, Fault> {
    let visit = &who.visit;
    let risk = match whose.register.as_str() {
        "" => visit.pack().risks.values().next(),
        register => risk_of(visit, register),
    };
    let risk = risk.ok_or(Fault::NoSuchPage)?;
    let district = District::asked(who, &whose.division)?;
    let window = Window::of(visit, risk).await?;
    let counted = count(visit, risk, window, None).await?;
    let entry = |(key, own): (String, Subject)| {
        let rated = rate(risk, &own.counted);
        Entry { key, division: own.division, rated }
    };
    let mut entries: Vec<Entry<'_>> = counted.into_iter().map(entry).collect();
    entries.retain(|own| own.rated.points > 0 && district.has(&own.division));
    let mut levels = vec![0; risk.levels.len()];
    for own in &entries {
        if let Some(count) = levels.get_mut(own.level()) {
            *count += 1;
        }
    }
    let wanted = level_asked(risk, &whose.level)?;
    entries.retain(|own| wanted.is_none_or(|wanted| own.level() == wanted));
    entries.sort_by(|one, other| one.place().cmp(&other.place()));
    if !whose.after.is_empty() {
        let (points, key) = cursor(&whose.after).ok_or(Fault::NoSuchPage)?;
        entries.retain(|own| own.place() > (Reverse(points), key));
    }
    let more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| more);
    let next = next.map(|last| format!("{}_{}", last.rated.points, last.key));
    Ok(Ranking { risk, district, window, levels, entries, next })
}

fn level_asked(risk: &Risk, text: &str) -> Result<Option<usize>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let place = risk.levels.iter().position(|(name, _)| name.as_str() == text);
    place.map(Some).ok_or(Fault::NoSuchPage)
}

/// Where a list goes on: points and key.
fn cursor(text: &str) -> Option<(u64, &str)> {
    let (points, key) = text.split_once('_')?;
    Some((points.parse().ok()?, key))
}

/// How a level looks: the lowest is as it should be, the highest is not.
fn tone(risk: &Risk, height: usize) -> &'static str {
    match height {
        0 => "good",
        height if height + 1 == risk.levels.len() => "bad",
        _ => "open",
    }
}

fn level_tag(
    visit: &Visit,
    risk: &Risk,
    level: Option<(usize, &RiskLevel)>,
) -> (String, &'static str) {
    level.map_or((String::new(), ""), |(height, level)| {
        (level.title.to(visit.words.0).to_owned(), tone(risk, height))
    })
}

/// Those with points, those with most first.
pub(in crate::web) async fn list(
    who: AsOfficer,
    Asked(whose): Asked<Whose>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let found = ranking(&who, &whose, PAGE).await?;
    let risk = found.risk;
    let named = found.entries.iter().map(|own| (risk.register.clone(), own.key.clone()));
    let headings = headings(visit, named.collect(), found.window).await?;
    let next = found.next.as_ref().map(|after| {
        let next = Whose { after: after.clone(), ..whose.clone() };
        visit.to(&next.address(&found.district))
    });
    let others = visit.pack().risks.values().filter(|own| own.name != risk.name);
    page(&RiskPage {
        frame: visit.frame(),
        title: risk.title.to(visit.words.0).to_owned(),
        basis: visit.shown().all_cited(&risk.basis),
        since: found.window.first.to_string(),
        others: others.map(|own| other(visit, own)).collect(),
        register: risk.register.to_string(),
        district: found.district.title(visit),
        districts: found.district.offered(visit),
        levels: levels(visit, &whose, &found),
        rows: found.entries.iter().map(|own| row(visit, risk, own, &headings)).collect(),
        next: next.unwrap_or_default(),
    })
}

fn other(visit: &Visit, risk: &Risk) -> Link {
    Link {
        href: visit.to(&format!("/risk?register={}", risk.register)),
        text: risk.title.to(visit.words.0).to_owned(),
    }
}

/// Of each level how many, the highest first.
fn levels(visit: &Visit, whose: &Whose, found: &Ranking<'_>) -> Vec<LevelLine> {
    let own = found.risk.levels.iter().zip(&found.levels).enumerate();
    let line = |(height, ((name, level), count)): (usize, (&(Name, RiskLevel), &usize))| {
        let asked = Whose { level: name.to_string(), after: String::new(), ..whose.clone() };
        LevelLine {
            title: level.title.to(visit.words.0).to_owned(),
            tone: tone(found.risk, height),
            from: level.from,
            count: *count,
            href: visit.to(&asked.address(&found.district)),
            chosen: whose.level == name.as_str(),
        }
    };
    own.map(line).rev().collect()
}

fn row(visit: &Visit, risk: &Risk, own: &Entry<'_>, headings: &Headings) -> RiskRow {
    let (level, tone) = level_tag(visit, risk, own.rated.level);
    let lines = own.rated.lines.iter().filter(|line| line.points > 0);
    let text = headings.link(visit.shown(), &risk.register, &own.key).text;
    RiskRow {
        link: Link {
            href: visit.to(&format!("/risk/{}/{}", risk.register, escaped(&own.key))),
            text,
        },
        division: place(visit, &own.division),
        points: own.rated.points,
        level,
        tone,
        lines: lines.map(|line| sum(visit, line)).collect(),
    }
}

/// A line in short: what it counts, how many and what they come to.
fn sum(visit: &Visit, line: &RatedLine<'_>) -> String {
    let title = line.line.title.to(visit.words.0);
    visit.words.with_both("risk-line", title, &line.points.to_string())
}

fn place(visit: &Visit, code: &str) -> String {
    match base::Division::parse(code) {
        Ok(division) => visit.shown().place(&division),
        Err(_) => visit.words.t("district-nowhere"),
    }
}

async fn headings(
    visit: &Visit,
    named: BTreeSet<Named>,
    window: Window,
) -> Result<Headings, Fault> {
    Headings::load(visit, visit.shown(), &named, (window.now, window.known)).await
}

/// The points of an entry, each line with what it was counted from.
pub(in crate::web) async fn show(
    who: AsOfficer,
    Path((register, key)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let register = name(&register)?;
    let risk = risk_of(visit, register.as_str()).ok_or(Fault::NoSuchPage)?;
    let window = Window::of(visit, risk).await?;
    let own = count(visit, risk, window, Some(&key)).await?.remove(&key);
    let known = !visit.app.store.versions(&register, &key).await?.is_empty();
    if own.is_none() && !known {
        return Err(Fault::NoSuchPage);
    }
    let own = own.unwrap_or_default();
    let rated = rate(risk, &own.counted);
    let headings = headings(visit, BTreeSet::from([(register.clone(), key.clone())]), window);
    let entry = headings.await?.link(visit.shown(), &register, &key);
    let mut lines = Vec::new();
    for line in &rated.lines {
        lines.push(points_line(visit, risk, (line, &key), window).await?);
    }
    let (level, tone) = level_tag(visit, risk, rated.level);
    let levels = risk.levels.iter().map(|(_, own)| {
        let title = own.title.to(visit.words.0);
        visit.words.with_both("risk-level-from", title, &own.from.to_string())
    });
    page(&RatedPage {
        frame: visit.frame(),
        up: other(visit, risk),
        entry: Link { href: if known { entry.href } else { String::new() }, text: entry.text },
        division: place(visit, &own.division),
        since: window.first.to_string(),
        points: rated.points,
        level,
        tone,
        lines,
        levels: levels.collect(),
        basis: visit.shown().all_cited(&risk.basis),
    })
}

async fn points_line(
    visit: &Visit,
    risk: &Risk,
    (rated, key): (&RatedLine<'_>, &str),
    window: Window,
) -> Result<PointsLine, Fault> {
    let (mut href, mut entries) = (String::new(), Vec::new());
    match &rated.line.counts {
        RiskCounts::Findings(findings) => {
            href = visit.to(&Which::of_line(risk, findings, (key, window.first)).address());
        }
        RiskCounts::Entries(of) => {
            let found = naming(visit, of, window, Some(key)).await?;
            let named = found.iter().map(|(_, entry, _)| (of.register.clone(), entry.clone()));
            let headings = headings(visit, named.collect(), window).await?;
            let links = found.iter();
            let links =
                links.map(|(_, entry, _)| headings.link(visit.shown(), &of.register, entry));
            entries = links.collect();
        }
    }
    Ok(PointsLine {
        title: rated.line.title.to(visit.words.0).to_owned(),
        count: rated.count,
        href,
        entries,
        each: rated.line.each,
        most: rated.line.most,
        points: rated.points,
        capped: rated.capped(),
    })
}
