//! How much waits, for whoever answers for it (行政许可法 article 60): in the officer's own body
//! and those below it, and with other departments in the reviews that these hold.

use std::collections::BTreeMap;

use axum::{extract::Query as Asked, response::Response};
use base::{Date, Division, Name};
use kernel::{BodyId, PartyId};
use serde::Deserialize;
use store::{InboxCursor, InboxQuery, Load, Reach, Waits, Whose};

use super::{
    escaped,
    queue::{case_id, listed},
};
use crate::web::{
    colleagues::Colleagues,
    components::load_table::{Figure, LoadLine, LoadTable},
    fault::Fault,
    pages::load::{Behind, BehindPage, LoadPage},
    visit::{AsOfficer, Visit, page},
};

/// Days that are near: today and the six that follow.
const NEAR: i64 = 6;
/// How many cases one page shows.
const PAGE: u32 = 50;

/// What a figure counts, as its address says. Everything named must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Counted {
    /// The office of the body that must act.
    office: String,
    /// The division for which that body acts.
    division: String,
    /// The service.
    service: String,
    /// The officer who deals with it, or `nobody`.
    officer: String,
    /// `late`, `soon` or `later`; whenever where it is empty.
    due: String,
    /// Where the page before ended.
    after: String,
}

impl Counted {
    fn href(&self, visit: &Visit, due: &str, after: &str) -> String {
        let pairs = [
            ("office", self.office.as_str()),
            ("division", &self.division),
            ("service", &self.service),
            ("officer", &self.officer),
            ("due", due),
            ("after", after),
        ];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> =
            said.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let address = visit.to("/load/cases");
        if said.is_empty() { address } else { format!("{address}?{}", said.join("&")) }
    }

    fn query(&self, who: &AsOfficer) -> Option<InboxQuery> {
        let today = who.visit.today();
        let ahead = |days| today.plus_days(days);
        let (from, until) = match self.due.as_str() {
            "" => (None, None),
            "late" => (None, Some(ahead(-1)?)),
            "soon" => (Some(today), Some(ahead(NEAR)?)),
            "later" => (Some(ahead(NEAR + 1)?), None),
            _ => return None,
        };
        let officer = match self.officer.as_str() {
            "" => Whose::Anybody,
            "nobody" => Whose::Nobody,
            text => Whose::Of(vec![PartyId::parse(text)?]),
        };
        let waits = Waits::In {
            reach: reach(who),
            office: read(&self.office, |text| Name::new(text).ok())?,
            division: read(&self.division, |text| Division::parse(text).ok())?,
        };
        let procedure = read(&self.service, |text| Name::new(text).ok())?;
        let after = read(&self.after, cursor)?;
        Some(InboxQuery { waits, officer, procedure, from, until, after, limit: PAGE })
    }

    /// What is counted, in words.
    fn says(&self, visit: &Visit, colleagues: &Colleagues) -> Vec<String> {
        let (shown, words) = (visit.shown(), visit.words);
        let office = Name::new(self.office.as_str()).ok().map(|office| shown.office(&office));
        let division = Division::parse(&self.division).ok().map(|place| shown.place(&place));
        let service = Name::new(self.service.as_str()).ok();
        let service = service.map(|service| service_title(visit, &service));
        let officer = match self.officer.as_str() {
            "" => None,
            "nobody" => Some(words.t("inbox-nobody")),
            text => PartyId::parse(text)
                .and_then(|party| colleagues.get(party))
                .map(|own| own.name.clone()),
        };
        let due = match self.due.as_str() {
            "late" => Some("load-late"),
            "soon" => Some("load-soon"),
            "later" => Some("load-later"),
            _ => None,
        };
        let due = due.map(|key| words.t(key));
        [office, division, service, officer, due].into_iter().flatten().collect()
    }
}

/// A part of an address: nothing where it is empty, none where it does not read.
fn read<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

/// Where a list goes on: a day, a case and the body that it waits for.
fn cursor(text: &str) -> Option<InboxCursor> {
    let (day, rest) = text.split_once('_')?;
    let (case, body) = rest.split_once('_')?;
    let due_on = Date::parse(day).ok()?;
    Some(InboxCursor { due_on, case: case_id(case)?, body: BodyId::parse(body)? })
}

fn reach(who: &AsOfficer) -> Reach {
    Reach { office: who.body.office.clone(), within: who.body.division.clone() }
}

fn service_title(visit: &Visit, service: &Name) -> String {
    let procedure = visit.pack().procedures.get(service);
    procedure.map_or_else(|| service.to_string(), |own| own.title.to(visit.words.0).to_owned())
}

/// The figures of the officer's body and those below it.
pub(in crate::web) async fn figures(who: AsOfficer) -> Result<Response, Fault> {
    let visit = &who.visit;
    let today = visit.today();
    let near = today.plus_days(NEAR).unwrap_or(today);
    let loads = visit.app.store.load(&reach(&who), (today, near)).await?;
    let colleagues = Colleagues::of(visit, &who.body).await?;
    let sum = |part: fn(&Load) -> u32| loads.iter().map(part).sum::<u32>();
    let (all, late) = (sum(|load| load.waiting), sum(|load| load.late));
    let all = match all {
        0 => visit.words.t("load-none"),
        _ => visit.words.with_both("load-sum", &all.to_string(), &late.to_string()),
    };
    let tables = if loads.is_empty() { Vec::new() } else { tables(&who, &loads, &colleagues) };
    let body = visit.shown().body(&who.body);
    page(&LoadPage { frame: visit.frame(), body, all, tables })
}

fn tables(who: &AsOfficer, loads: &[Load], colleagues: &Colleagues) -> Vec<LoadTable> {
    let (visit, shown) = (&who.visit, who.visit.shown());
    let table = |id, title: &str, of: &str, lines| LoadTable {
        words: visit.words,
        id,
        title: visit.words.t(title),
        of: visit.words.t(of),
        lines,
    };
    let district = lines(visit, loads.iter(), |load| {
        let division = load.body.division.clone();
        let counted = Counted { division: division.to_string(), ..Counted::default() };
        (shown.place(&division), counted)
    });
    let department = lines(visit, loads.iter(), |load| {
        let office = load.body.office.to_string();
        (shown.office(&load.body.office), Counted { office, ..Counted::default() })
    });
    let service = lines(visit, loads.iter(), |load| {
        let service = load.procedure.to_string();
        (service_title(visit, &load.procedure), Counted { service, ..Counted::default() })
    });
    let own = loads.iter().filter(|load| load.body == who.body);
    let officer = lines(visit, own, |load| {
        let named = load.officer.and_then(|officer| colleagues.get(officer));
        let (title, officer) = match (load.officer, named) {
            (None, _) => (visit.words.t("inbox-nobody"), "nobody".to_owned()),
            (Some(officer), Some(own)) => (own.name.clone(), officer.to_string()),
            (Some(officer), None) => (visit.words.t("load-former"), officer.to_string()),
        };
        let (office, division) = (who.body.office.to_string(), who.body.division.to_string());
        (title, Counted { office, division, officer, ..Counted::default() })
    });
    let mut tables = vec![
        table("by-district", "load-by-district", "load-district", district),
        table("by-department", "load-by-department", "load-department", department),
        table("by-service", "load-by-service", "service", service),
    ];
    if !officer.is_empty() {
        tables.push(table("by-officer", "load-by-officer", "inbox-officer", officer));
    }
    tables
}

/// The loads added up by what they are of, the most late first.
fn lines<'l>(
    visit: &Visit,
    loads: impl Iterator<Item = &'l Load>,
    of: impl Fn(&Load) -> (String, Counted),
) -> Vec<LoadLine> {
    let mut sums: BTreeMap<String, (String, Counted, [u32; 3])> = BTreeMap::new();
    for load in loads {
        let (title, counted) = of(load);
        let key = counted.href(visit, "", "");
        let (_, _, sum) = sums.entry(key).or_insert((title, counted, [0; 3]));
        let later = load.waiting.saturating_sub(load.late).saturating_sub(load.soon);
        for (sum, count) in sum.iter_mut().zip([load.late, load.soon, later]) {
            *sum += count;
        }
    }
    let mut lines: Vec<LoadLine> = sums
        .into_values()
        .map(|(title, counted, [late, soon, later])| {
            let figure = |count, due| Figure { count, href: counted.href(visit, due, "") };
            LoadLine {
                title,
                late: figure(late, "late"),
                soon: figure(soon, "soon"),
                later: figure(later, "later"),
                all: figure(late + soon + later, ""),
            }
        })
        .collect();
    lines.sort_by(|one, other| {
        let key = |line: &LoadLine| (line.late.count, line.all.count);
        key(other).cmp(&key(one)).then_with(|| one.title.cmp(&other.title))
    });
    lines
}

/// The cases behind a figure.
pub(in crate::web) async fn behind(
    who: AsOfficer,
    Asked(counted): Asked<Counted>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let query = counted.query(&who).ok_or(Fault::NoSuchPage)?;
    let found = visit.app.store.inbox(&query).await?;
    let colleagues = Colleagues::of(visit, &who.body).await?;
    let next = found.next.map(|next| {
        let after = format!("{}_{}_{}", next.due_on, next.case, next.body);
        counted.href(visit, &counted.due, &after)
    });
    let cases = found.lines.iter().filter_map(|line| {
        let listed = listed(visit, &line.case, Some(line.due_on))?;
        let own = line.case.assigned.get(&line.body).filter(|_| line.body == who.body);
        let officer = own.and_then(|officer| colleagues.get(*officer));
        let officer = officer.map(|own| own.name.clone()).unwrap_or_default();
        Some(Behind { listed, body: visit.shown().body(&line.body), officer })
    });
    page(&BehindPage {
        frame: visit.frame(),
        body: visit.shown().body(&who.body),
        of: counted.says(visit, &colleagues),
        cases: cases.collect(),
        next: next.unwrap_or_default(),
    })
}
