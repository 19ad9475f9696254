//! The lists of cases: one's own, and those that wait for a body.

use axum::{extract::Query as Asked, response::Response};
use base::Date;
use kernel::{Case, CaseId, EntryNumber, case::Service, decide::case_facts};
use pack::model::{Applicant, Decision, Enters, Pack, Procedure, Step};
use store::{InboxCursor, InboxQuery};

use super::Query;
use crate::web::{
    fault::Fault,
    frame::Link,
    pages::{
        cases::{CasesPage, Listed},
        inbox::InboxPage,
        services,
    },
    reading::{days_left, standing},
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
    let mut cases = visit.app.store.cases_of(who.party, before, PAGE).await?;
    if let Some(account) = visit.account() {
        // What one filed before one's number was proven is one's own as well.
        for party in visit.app.store.accounts().former_parties(account).await? {
            cases.extend(visit.app.store.cases_of(party, before, PAGE).await?);
        }
        cases.sort_by_key(|case| std::cmp::Reverse(case.id));
        cases.truncate(PAGE as usize);
    }
    let last = cases.last().filter(|_| cases.len() >= PAGE as usize);
    let next = last.map(|case| visit.to(&format!("/cases?after={}", case.id)));
    let due = |case: &Case| case.standing.due().map(|due| due.on);
    let cases = cases.iter().filter_map(|case| listed(visit, case, due(case))).collect();
    page(&CasesPage { frame: visit.frame(), cases, next: next.unwrap_or_default() })
}

/// The cases that wait for the officer's body.
pub(in crate::web) async fn inbox(
    who: AsOfficer,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let after = match query.after.as_str() {
        "" => None,
        text => Some(cursor(text).ok_or(Fault::NoSuchPage)?),
    };
    let asked = InboxQuery { after, ..InboxQuery::all(&who.body, PAGE) };
    let found = visit.app.store.inbox(&asked).await?;
    let next =
        found.next.map(|next| visit.to(&format!("/inbox?after={}_{}", next.due_on, next.case)));
    let lines = found.lines.iter();
    let lines = lines.filter_map(|line| listed(visit, &line.case, Some(line.due_on)));
    page(&InboxPage {
        frame: visit.frame(),
        body: visit.shown().body(&who.body),
        cases: lines.collect(),
        next: next.unwrap_or_default(),
        own: started_here(visit, &who.body),
    })
}

/// Where a queue goes on: a day and a case.
fn cursor(text: &str) -> Option<InboxCursor> {
    let (day, case) = text.split_once('_')?;
    let due_on = Date::parse(day).ok()?;
    Some(InboxCursor { due_on, case: case_id(case)? })
}

fn case_id(text: &str) -> Option<CaseId> {
    Some(CaseId(EntryNumber(text.parse().ok()?)))
}

/// The procedures that bodies of this office start themselves.
fn started_here(visit: &Visit, body: &kernel::BodyId) -> Vec<Link> {
    let procedures = visit.pack().procedures.values();
    procedures
        .filter(|procedure| procedure.applicant.contains(&Applicant::Body))
        .filter(|procedure| procedure.competent.office.as_ref() == Some(&body.office))
        .map(|procedure| services::Listed::of(visit.shown(), procedure).link)
        .collect()
}

/// A case for a list, with the day until which it waits there; none when its pack is not loaded.
fn listed(visit: &Visit, case: &Case, due_on: Option<Date>) -> Option<Listed> {
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
