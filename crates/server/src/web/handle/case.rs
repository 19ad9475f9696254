//! Reading one case and its papers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::{
    extract::{Path, Query as Asked},
    http::header,
    response::{IntoResponse, Response},
};
use base::Instant;
use kernel::{
    Act, Actor, Case, CaseId, Entry, EntryNumber, Refusal, Standing,
    case::Speaks,
    decide::{applies, stands_aside},
    ledger::Paper,
    register::Version,
};
use pack::model::{Field, Pack, Procedure, Step};
use store::{Registers, SubmitError};

use super::{
    Query,
    about::{self, About},
    behalf::{SEALED, leave_ended},
    name,
};
use crate::web::{
    app::Role,
    entries::{Headings, Named, Offers, entry_in},
    fault::Fault,
    in_words::questions,
    pages::case::CasePage,
    paper,
    possible::{Attempt, may_see, possible},
    posted::Posted,
    question::{as_question, fault_lines, title_of},
    reading::Reading,
    session::random,
    shown::Shown,
    signature::SIGNED,
    visit::{SignedIn, Visit, page},
};

/// A case that the reader may see, with everything its page needs.
pub(super) struct Loaded {
    /// The request.
    pub(super) visit: Visit,
    /// For whom the reader acts.
    pub(super) role: Role,
    /// The pack that rules the case.
    pub(super) pack: Arc<Pack>,
    /// The case.
    pub(super) case: Case,
    /// Its entries.
    history: Vec<Entry>,
    /// What its register entry says now.
    version: Option<Version>,
    /// What the registers say of what it looks at.
    registers: Registers,
    /// The entries that its questions may be answered with.
    offers: Offers,
    /// What the entries that it names are known by.
    headings: Headings,
    /// What may be applied for about it now that it has ended.
    about: Vec<About>,
}

impl Loaded {
    /// Loads a case for somebody who may see it; for anybody else there is no such page.
    pub(super) async fn of(who: impl Into<SignedIn>, id: &str) -> Result<Self, Fault> {
        let SignedIn { visit, mut role } = who.into();
        let id = CaseId(EntryNumber(id.parse().map_err(|_| Fault::NoSuchPage)?));
        let store = &visit.app.store;
        let case = store.case(id).await?.ok_or(Fault::NoSuchPage)?;
        let pack = visit.app.packs.of(&case.pack).cloned().ok_or(Fault::Broken)?;
        if !may_see(&pack, &role, &case) {
            let former = formerly(&visit, &case).await?;
            role = former.filter(|role| may_see(&pack, role, &case)).ok_or(Fault::NoSuchPage)?;
        }
        if leave_ended(&visit, &role, &case).await? {
            return Err(Fault::NoSuchPage);
        }
        let history = store.history(id).await?;
        let version = match &case.entry {
            Some(entry) => {
                let known = store.head().await?;
                store.entry(&entry.register, &entry.key, visit.now, known).await?
            }
            None => None,
        };
        let registers = store.registers_for(&pack, &case, visit.now).await?;
        let shown = Shown { pack: &pack, ..visit.shown() };
        let procedure = pack.procedures.get(&case.procedure).ok_or(Fault::Broken)?;
        let asked = open_questions(&pack, procedure, &case);
        let offers = Offers::load(&visit, shown, asked.iter(), &role).await?;
        let named = named_entries(procedure, &case, &history);
        let as_of = (visit.now, store.head().await?);
        let headings = Headings::load(&visit, shown, &named, as_of).await?;
        let about = about::ended(&visit, &case).await?;
        Ok(Self { visit, role, pack, case, history, version, registers, offers, headings, about })
    }

    /// The paper by which somebody filed for the applicant, and its name.
    fn shown_through(&self) -> Option<(&'static str, &Paper)> {
        self.history.first().and_then(|entry| match &entry.act {
            Act::Filed(filed) => filed.through.shown(),
            _ => None,
        })
    }

    /// Refuses an officer who stands aside what only those see who handle the case.
    fn must_handle(&self) -> Result<(), Fault> {
        match &self.role {
            Role::Officer { party, .. }
                if stands_aside(&self.case, *party) && !self.case.clerks.contains(party) =>
            {
                Err(Fault::from(SubmitError::Refused(Refusal::StandsAside)))
            }
            _ => Ok(()),
        }
    }

    /// The procedure of the case.
    pub(super) fn procedure(&self) -> Result<&Procedure, Fault> {
        self.pack.procedures.get(&self.case.procedure).ok_or(Fault::Broken)
    }

    /// The pack of the case as the reader sees it today.
    pub(super) fn shown(&self) -> Shown<'_> {
        Shown { pack: &self.pack, ..self.visit.shown() }
    }

    /// What the register entry of the case says now.
    pub(super) fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// The entries that its questions may be answered with.
    pub(super) fn offers(&self) -> &Offers {
        &self.offers
    }

    /// The page, with what was revealed and what was attempted.
    pub(super) fn page(
        &self,
        revealed: BTreeMap<String, String>,
        attempt: Attempt<'_>,
    ) -> Result<CasePage, Fault> {
        let reading = self.reading(revealed)?;
        let mut frame = self.visit.frame();
        frame.path = format!("/cases/{}", self.case.id);
        let mut page = reading.page(frame, random());
        let title = |item: &str| self.item(item);
        page.faults = fault_lines(self.shown(), attempt.before.faults, title);
        page.acts = possible(&reading, &self.role, self.version(), attempt);
        if applies(reading.procedure, &self.case, &self.role.actor()) {
            page.next = reading.next_steps(&page.acts);
            page.next.extend(self.about.iter().map(|about| about.next_step(&self.visit)));
        }
        Ok(page)
    }

    /// The case with what its pages are made from.
    pub(super) fn reading(&self, revealed: BTreeMap<String, String>) -> Result<Reading<'_>, Fault> {
        Ok(Reading {
            shown: self.shown(),
            procedure: self.procedure()?,
            live: &self.visit.app.packs.live,
            registers: &self.registers,
            case: &self.case,
            history: &self.history,
            people: &self.visit.app.people,
            headings: &self.headings,
            revealed,
        })
    }

    /// Its entries.
    pub(super) fn history(&self) -> &[Entry] {
        &self.history
    }

    /// What a question, a paper or a field of the register is called.
    fn item(&self, item: &str) -> String {
        let entry = self.case.entry.as_ref();
        let register = entry.and_then(|entry| self.pack.registers.get(&entry.register));
        let fields = register.into_iter().flat_map(|register| &register.fields);
        let field = fields.into_iter().find(|field| field.name.as_str() == item);
        match (field, self.procedure()) {
            (Some(field), _) => field.title.to(self.visit.words.0).to_owned(),
            (None, Ok(procedure)) => title_of(self.shown(), procedure, item),
            (None, Err(_)) => item.to_owned(),
        }
    }
}

/// The reader as the party in whose name they filed the case before their number was proven.
async fn formerly(visit: &Visit, case: &Case) -> Result<Option<Role>, Fault> {
    let (Some(account), Some(Role::Applicant { .. })) =
        (visit.account(), visit.person().map(|person| &person.role))
    else {
        return Ok(None);
    };
    let former = visit.app.store.accounts().former_parties(account).await?;
    let own = former.into_iter().find(|party| *party == case.applicant);
    Ok(own.map(|party| Role::Applicant { party }))
}

/// The questions that somebody may have to answer as the case stands, and those by which its entry
/// is corrected.
fn open_questions(pack: &Pack, procedure: &Procedure, case: &Case) -> Vec<Field> {
    let register = case.entry.as_ref().and_then(|entry| pack.registers.get(&entry.register));
    let fields = register.into_iter().flat_map(|register| &register.fields).map(as_question);
    let open: Vec<&Field> = match &case.standing {
        Standing::Supplementing { .. } => procedure.fields().collect(),
        Standing::At { step, .. } | Standing::Reviewing { step, .. } => {
            let outcomes = procedure.steps.get(step).map(Step::outcomes).unwrap_or_default();
            let outcomes = outcomes.iter().flat_map(|(_, outcome)| &outcome.asks);
            let review = procedure.review(step.as_str()).into_iter();
            let answers = review.flat_map(|r| &r.answers).flat_map(|(_, answer)| &answer.asks);
            outcomes.chain(answers).flat_map(|section| &section.fields).collect()
        }
        _ => Vec::new(),
    };
    fields.chain(open.into_iter().cloned()).collect()
}

/// The entries that a case names, has made or has changed.
fn named_entries(procedure: &Procedure, case: &Case, history: &[Entry]) -> BTreeSet<Named> {
    let filled = history.iter().flat_map(|entry| match &entry.act {
        Act::Answered(given) => given.facts.iter().collect(),
        _ => Vec::new(),
    });
    let facts: Vec<(&String, &rules::Value)> = case.facts.iter().chain(filled).collect();
    let questions = questions(procedure);
    let named = facts.iter().filter_map(|(path, value)| {
        let question = questions.iter().find(|question| question.path == **path)?;
        entry_in(&question.input, value)
    });
    let written = case.decisions.iter().flat_map(|made| made.records.iter().chain(&made.touched));
    let written = case.entry.iter().chain(written);
    named.chain(written.map(|entry| (entry.register.clone(), entry.key.clone()))).collect()
}

/// A case.
pub(in crate::web) async fn show(
    who: SignedIn,
    Path(id): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let nothing = Default::default();
    let mut shown = loaded.page(BTreeMap::new(), Attempt::none(&nothing, loaded.offers()))?;
    if query.done == loaded.case.last.0.to_string() {
        shown.done = loaded.shown().number(loaded.case.last);
    }
    page(&shown)
}

/// Opens one personal detail; who read it and when is logged.
pub(in crate::web) async fn reveal(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    loaded.must_handle()?;
    let path = posted.one("path");
    let about_applicant =
        loaded.case.speaks != Speaks::Nobody && SEALED.iter().any(|(sealed, _)| *sealed == path);
    let sealed = loaded.case.facts.get(path) == Some(&rules::Value::Sealed);
    let signed = path == SIGNED;
    if !sealed && !about_applicant && !signed {
        return Err(Fault::Unreadable);
    }
    let section = path.split('.').next().unwrap_or_default();
    let subject = loaded.case.subjects.get(section).unwrap_or(&loaded.case.applicant);
    // Who signed is who filed, which may be an agent.
    let party = match loaded.history.first().map(|entry| &entry.by) {
        Some(Actor::Party(signer)) if signed => signer,
        _ => subject,
    };
    let at: Instant = loaded.visit.now;
    let store = &loaded.visit.app.store;
    let reader = loaded.visit.reader_of_details(&loaded.role);
    let text = store.reveal(*party, loaded.case.id, path, &reader, at).await?;
    let text = text.unwrap_or_else(|| loaded.visit.words.t("erased"));
    let nothing = Default::default();
    let revealed = BTreeMap::from([(path.to_owned(), text)]);
    page(&loaded.page(revealed, Attempt::none(&nothing, loaded.offers()))?)
}

/// A paper as a file.
pub(in crate::web) async fn paper_file(
    who: SignedIn,
    Path((id, material)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    loaded.must_handle()?;
    let shown = loaded.shown_through();
    let shown = shown.filter(|(name, _)| *name == material).map(|(_, paper)| paper);
    let handed = shown.or(loaded.case.materials.get(&name(&material)?)).ok_or(Fault::NoSuchPage)?;
    if handed.digest.is_empty() {
        return Err(Fault::NoSuchPage);
    }
    let bytes = paper::read(&loaded.visit.app.papers, &handed.digest).await?;
    let (media, ending) = paper::kind(&bytes);
    let named = format!("attachment; filename=\"{}-{material}.{ending}\"", loaded.case.id);
    let headers = [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, named)];
    Ok((headers, bytes).into_response())
}
