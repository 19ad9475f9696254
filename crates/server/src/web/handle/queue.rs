//! The lists of cases: one's own, and those that wait for a body.

use std::collections::BTreeSet;

use access::Action;
use axum::{extract::Query as Asked, response::Response};
use base::{Date, Name};
use kernel::{BodyId, Case, CaseId, EntryNumber, PartyId, case::Service, decide::case_facts};
use pack::model::{Applicant, Decision, Enters, Pack, Procedure, Step};
use serde::Deserialize;
use store::{InboxCursor, InboxQuery, Waits, Whose};

use super::{Query, escaped};
use crate::web::{
    colleagues::{Colleague, Colleagues},
    fault::Fault,
    frame::Link,
    pages::{
        cases::{CasesPage, Listed},
        inbox::{Filter, InboxPage, Kept, Waiting},
        services,
    },
    permit::may_with_lake,
    posted::Posted,
    question::{FaultLine, Offered},
    reading::{days_left, standing},
    session::random,
    shown::Shown,
    visit::{AsApplicant, AsOfficer, Visit, page},
};

/// How many cases one page shows.
const PAGE: u32 = 50;

/// One's own cases.
pub(in crate::web) async fn own(
    who: AsApplicant,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let before = match query.after.as_str() {
        "" => None,
        text => Some(case_id(text).ok_or(Fault::NoSuchPage)?),
    };
    let cases = own_cases(&who, before, PAGE).await?;
    let last = cases.last().filter(|_| cases.len() >= PAGE as usize);
    let next = last.map(|case| visit.to(&format!("/cases?after={}", case.id)));
    let due = |case: &Case| case.standing.due().map(|due| due.on);
    let cases = cases.iter().filter_map(|case| listed(visit, case, due(case))).collect();
    page(&CasesPage { frame: visit.frame(), cases, next: next.unwrap_or_default() })
}

/// One's own cases, the newest first; of those before a case, where one is named.
pub(in crate::web) async fn own_cases(
    who: &AsApplicant,
    before: Option<CaseId>,
    limit: u32,
) -> Result<Vec<Case>, Fault> {
    let store = &who.visit.app.store;
    let mut cases = store.cases_of(who.party, before, limit).await?;
    if let Some(account) = who.visit.account() {
        // What one filed before one's number was proven is one's own as well.
        for party in store.accounts().former_parties(account).await? {
            cases.extend(store.cases_of(party, before, limit).await?);
        }
        cases.sort_by_key(|case| std::cmp::Reverse(case.id));
        cases.truncate(limit as usize);
    }
    Ok(cases)
}

/// What a queue's address asks for. It holds the whole view, so that a view can be kept and sent
/// on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Viewed {
    /// Who deals with it: `mine`, `nobody`, an officer's reference; whoever where it is empty.
    whose: String,
    /// The service.
    service: String,
    /// Until when it is due: `late`, `today`, `week`; whenever where it is empty.
    due: String,
    /// Where the page before ended.
    after: String,
    /// How many cases were just given to somebody.
    done: String,
}

/// Days of the week that begins today.
const WEEK: i64 = 6;

impl Viewed {
    /// The address of the same view, as far as it is one.
    pub(super) fn href(&self, visit: &Visit, after: &str) -> String {
        let (address, asked) = (visit.to("/inbox"), self.asked(after));
        if asked.is_empty() { address } else { format!("{address}?{asked}") }
    }

    /// What the address of the view asks for.
    pub(super) fn asked(&self, after: &str) -> String {
        let pairs = [
            ("whose", self.whose.as_str()),
            ("service", &self.service),
            ("due", &self.due),
            ("after", after),
        ];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> =
            said.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        said.join("&")
    }

    fn query(
        &self,
        visit: &Visit,
        who: &AsOfficer,
        colleagues: &Colleagues,
    ) -> Result<InboxQuery, Fault> {
        let today = visit.today();
        let ahead = |days| today.plus_days(days).unwrap_or(today);
        let officer = match self.whose.as_str() {
            "" => Whose::Anybody,
            "nobody" => Whose::Nobody,
            "mine" => {
                let covered = colleagues.covered_by(who.party, today);
                Whose::Of(covered.map(|(own, _)| own.party).chain([who.party]).collect())
            }
            text => Whose::Of(vec![PartyId::parse(text).ok_or(Fault::NoSuchPage)?]),
        };
        let until = match self.due.as_str() {
            "" => None,
            "late" => Some(ahead(-1)),
            "today" => Some(today),
            "week" => Some(ahead(WEEK)),
            _ => return Err(Fault::NoSuchPage),
        };
        let procedure = match self.service.as_str() {
            "" => None,
            text => Some(Name::new(text).map_err(|_| Fault::NoSuchPage)?),
        };
        let after = match self.after.as_str() {
            "" => None,
            text => Some(cursor(text, &who.body).ok_or(Fault::NoSuchPage)?),
        };
        let (waits, limit) = (Waits::For(who.body.clone()), PAGE);
        Ok(InboxQuery { waits, officer, procedure, from: None, until, after, limit })
    }

    /// The view that a form on it was sent from.
    pub(super) fn behind(posted: &Posted) -> Self {
        let one = |name: &str| posted.one(name).to_owned();
        let (whose, service, due, after) = (one("whose"), one("service"), one("due"), one("after"));
        Self { whose, service, due, after, done: String::new() }
    }

    /// The address of the same page of the same view, which says how many cases were given away.
    pub(super) fn done(&self, visit: &Visit, count: usize) -> String {
        let address = self.href(visit, &self.after);
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}done={count}")
    }
}

/// What came of a form on the queue.
#[derive(Default)]
pub(super) struct Sent {
    /// What a view was to be called.
    pub(super) name: String,
    /// The cases that were chosen in it.
    pub(super) chosen: BTreeSet<String>,
    /// To whom they were to go.
    pub(super) officer: String,
    /// What was wrong.
    pub(super) faults: Vec<FaultLine>,
}

/// The cases that wait for the officer's body.
pub(in crate::web) async fn inbox(
    who: AsOfficer,
    Asked(viewed): Asked<Viewed>,
) -> Result<Response, Fault> {
    let colleagues = Colleagues::of(&who.visit, &who.body).await?;
    page(&view(&who, &viewed, &colleagues, Sent::default()).await?)
}

/// The queue as it is asked for, and after a form that was sent back.
pub(super) async fn view(
    who: &AsOfficer,
    viewed: &Viewed,
    colleagues: &Colleagues,
    sent: Sent,
) -> Result<InboxPage, Fault> {
    let visit = &who.visit;
    let asked = viewed.query(visit, who, colleagues)?;
    let found = visit.app.store.inbox(&asked).await?;
    let next = found.next.map(|next| viewed.href(visit, &format!("{}_{}", next.due_on, next.case)));
    let dealt_with_by = |case: &Case| {
        let officer = case.assigned.get(&who.body).and_then(|own| colleagues.get(*own));
        officer.map(|own| own.name.clone()).unwrap_or_default()
    };
    let lines = found.lines.iter().filter_map(|line| {
        let listed = listed(visit, &line.case, Some(line.due_on))?;
        let chosen = sent.chosen.contains(&listed.id);
        Some(Waiting { listed, officer: dealt_with_by(&line.case), chosen })
    });
    let kept = visit.app.store.kept_views(who.party).await?;
    let kept = kept.into_iter().map(|own| Kept {
        current: own.query == viewed.asked(""),
        href: format!("{}?{}", visit.to("/inbox"), own.query),
        name: own.name,
    });
    let covered = colleagues.covered_by(who.party, visit.today()).map(|(own, spell)| {
        visit.words.with_both("inbox-covers", &own.name, &spell.until.to_string())
    });
    Ok(InboxPage {
        frame: visit.frame(),
        body: visit.shown().body(&who.body),
        sources: may_with_lake(visit, Action::SeeSources),
        findings: may_with_lake(visit, Action::SeeFindings),
        filter: Filter::of(visit, &who.body, viewed, colleagues),
        covered: covered.collect(),
        kept: kept.collect(),
        name: sent.name,
        colleagues: offered(&sent.officer, colleagues.all().iter().map(named)),
        after: viewed.after.clone(),
        done: viewed.done.parse().map(|count: u32| count.to_string()).unwrap_or_default(),
        faults: sent.faults,
        cases: lines.collect(),
        next: next.unwrap_or_default(),
        own: started_here(visit, &who.body),
        key: random(),
    })
}

impl Filter {
    fn of(visit: &Visit, body: &BodyId, viewed: &Viewed, colleagues: &Colleagues) -> Self {
        let said = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(value, key)| ((*value).to_owned(), visit.words.t(key))).collect()
        };
        let whose =
            said(&[("", "inbox-anybody"), ("mine", "inbox-mine"), ("nobody", "inbox-nobody")]);
        let whose = whose.into_iter().chain(colleagues.all().iter().map(named));
        let services = said(&[("", "inbox-any-service")]).into_iter();
        let due = said(&[
            ("", "inbox-whenever"),
            ("late", "inbox-late"),
            ("today", "inbox-today"),
            ("week", "inbox-week"),
        ]);
        Self {
            set: viewed.href(visit, "") != visit.to("/inbox"),
            whose: offered(&viewed.whose, whose),
            services: offered(&viewed.service, services.chain(handled_here(visit, body))),
            due: offered(&viewed.due, due),
        }
    }
}

fn named(own: &Colleague) -> (String, String) {
    (own.party.to_string(), own.name.clone())
}

/// The choices of a list, with the one that is made.
fn offered(chosen: &str, all: impl IntoIterator<Item = (String, String)>) -> Vec<Offered> {
    let offered = |(value, title): (String, String)| {
        let chosen = value == chosen;
        Offered { value, title, chosen }
    };
    all.into_iter().map(offered).collect()
}

/// The services in which bodies of this office have something to do, with their titles.
fn handled_here(visit: &Visit, body: &BodyId) -> Vec<(String, String)> {
    let has = |procedure: &&Procedure| {
        procedure.bodies.values().any(|own| own.office.as_ref() == Some(&body.office))
            || procedure.competent.office.as_ref() == Some(&body.office)
    };
    let title = |own: &Procedure| (own.name.to_string(), own.title.to(visit.words.0).to_owned());
    visit.pack().procedures.values().filter(has).map(title).collect()
}

/// Where a body's queue goes on: a day and a case.
pub(in crate::web) fn cursor(text: &str, body: &BodyId) -> Option<InboxCursor> {
    let (day, case) = text.split_once('_')?;
    let due_on = Date::parse(day).ok()?;
    Some(InboxCursor { due_on, case: case_id(case)?, body: body.clone() })
}

/// A case by the number in an address.
pub(in crate::web) fn case_id(text: &str) -> Option<CaseId> {
    Some(CaseId(EntryNumber(text.parse().ok()?)))
}

/// The procedures that bodies of this office start themselves.
fn started_here(visit: &Visit, body: &BodyId) -> Vec<Link> {
    let procedures = visit.pack().procedures.values();
    procedures
        .filter(|procedure| procedure.applicant.contains(&Applicant::Body))
        .filter(|procedure| procedure.competent.office.as_ref() == Some(&body.office))
        .map(|procedure| services::Listed::of(visit.shown(), procedure).link)
        .collect()
}

/// A case for a list, with the day until which it waits there; none when its pack is not loaded.
pub(super) fn listed(visit: &Visit, case: &Case, due_on: Option<Date>) -> Option<Listed> {
    let pack: &Pack = visit.app.packs.of(&case.pack)?;
    let shown = Shown { pack, ..visit.shown() };
    let procedure = pack.procedures.get(&case.procedure)?;
    let at = standing(shown, procedure, &case.standing);
    Some(Listed {
        id: case.id.to_string(),
        about: about(shown, procedure, case),
        link: Link {
            href: visit.to(&format!("/cases/{}", case.id)),
            text: procedure.title.to(visit.words.0).to_owned(),
        },
        standing: match case.decisions.iter().any(|made| matches!(made.service, Service::Owed(_))) {
            true => visit.words.with("standing-to-serve", &at),
            false => at,
        },
        due_on: due_on.map(|due_on| due_on.to_string()).unwrap_or_default(),
        left: due_on.map(|due_on| days_left(shown, due_on)).unwrap_or_default(),
        late: due_on.is_some_and(|due_on| due_on < shown.day),
        filed_on: shown.day_of(case.filed_at),
    })
}

/// What a case is about: what its entry is, or will be, known by. Empty where the case makes no
/// entry from its form, or the answer is not there.
fn about(shown: Shown<'_>, procedure: &Procedure, case: &Case) -> String {
    let register = shown.pack.registers.get(&procedure.register);
    let headed = register.map(|register| &register.headed);
    let entries = procedure.steps.values().filter_map(|step| match step {
        Step::Decision(Decision { enters: Some(Enters::Entry { fields, .. }), .. }) => Some(fields),
        _ => None,
    });
    let mut fills = entries.flatten().filter(|(name, _)| Some(name) == headed);
    let facts = case_facts(shown.pack, case, shown.day);
    let said = fills.find_map(|(_, expression)| expression.value(&facts));
    let field = register.and_then(|register| register.field(&register.headed));
    said.zip(field).map(|(value, field)| shown.value(&field.input, &value)).unwrap_or_default()
}
