//! Reading one case and its papers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use access::Action;
use axum::{
    extract::{Path, Query as Asked},
    http::header,
    response::{IntoResponse, Response},
};
use base::Instant;
use kernel::{
    Act, Actor, Case, CaseId, Entry, EntryNumber, Standing,
    case::Speaks,
    decide::{applies, concerned, is_open},
    form::Answers,
    ledger::Paper,
    register::Version,
};
use pack::model::{Field, Pack, Procedure, Step};
use rules::Value;
use serde::Deserialize;
use store::{Reader, Registers};

use super::{
    Query,
    about::{self, About},
    behalf::SEALED,
    escaped,
    findings::taken::{self, Further},
    name,
};
use crate::web::{
    app::Role,
    colleagues::Colleagues,
    entries::{Headings, Named, Offers, entry_in},
    fault::Fault,
    in_words::questions,
    pages::{
        beside::{Beside, BesidePage},
        case::{CasePage, Fact, PaperView},
        drawing::DrawingView,
        findings::FindingLine,
    },
    paper,
    permit::{Permit, may_on_site, may_with_lake},
    possible::{Attempt, possible},
    posted::Posted,
    question::{Offered, as_question, fault_lines, title_of},
    reading::{Reading, named_in_draw},
    session::random,
    shown::Shown,
    signature::SIGNED,
    visit::{SignedIn, Visit, page},
};

/// A case with which the reader may do what the request asks, with everything its page needs.
pub(crate) struct Loaded {
    /// The request.
    pub(crate) visit: Visit,
    /// For whom the reader acts.
    pub(crate) role: Role,
    /// That the reader may do what the request asks.
    permit: Permit,
    /// The pack that rules the case.
    pub(crate) pack: Arc<Pack>,
    /// From when that is in force.
    in_force_from: Option<Instant>,
    /// The case.
    pub(crate) case: Case,
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
    /// The findings of supervision that it takes up.
    findings: Vec<FindingLine>,
    /// What else was found that could join it.
    further: Further,
    /// The answers that a form of the case begins with.
    begun: Answers,
    /// The officers of the reader's body, where it has a hand in the open case.
    colleagues: Option<Colleagues>,
}

impl Loaded {
    /// Loads a case; that somebody may see it was decided before.
    pub(crate) async fn of(who: impl Into<SignedIn>, id: &str) -> Result<Self, Fault> {
        let SignedIn { visit, role, permit } = who.into();
        let id = CaseId(EntryNumber(id.parse().map_err(|_| Fault::NoSuchPage)?));
        let store = &visit.app.store;
        let case = store.case(id).await?.ok_or(Fault::NoSuchPage)?;
        let pack = visit.app.packs.of(&case.pack).cloned().ok_or(Fault::Broken)?;
        let history = store.history(id).await?;
        let adopted = store.adoption(case.pack, ruled_since(&history)).await?;
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
        let findings = taken::of_case(&visit, procedure, &case).await?;
        let further = Further::of(&visit, &role, procedure, &case).await?;
        let begun = further.begun(procedure, &case);
        let colleagues = match &role {
            Role::Officer { body, .. }
                if is_open(&case) && concerned(&pack, &case).contains(body) =>
            {
                Some(Colleagues::of(&visit, body).await?)
            }
            _ => None,
        };
        Ok(Self {
            visit,
            role,
            permit,
            pack,
            in_force_from: adopted.map(|adopted| adopted.at),
            case,
            history,
            version,
            registers,
            offers,
            headings,
            about,
            findings,
            further,
            begun,
            colleagues,
        })
    }

    /// To whom of the reader's body the case can be given, and to nobody in particular.
    fn give(&self) -> Vec<Offered> {
        let (Some(colleagues), Role::Officer { body, .. }) = (&self.colleagues, &self.role) else {
            return Vec::new();
        };
        let has = self.case.assigned.get(body);
        let nobody = Offered {
            value: "nobody".to_owned(),
            title: self.visit.words.t("inbox-nobody"),
            chosen: has.is_none(),
        };
        let named = colleagues.all().iter().map(|own| Offered {
            value: own.party.to_string(),
            title: own.name.clone(),
            chosen: has == Some(&own.party),
        });
        std::iter::once(nobody).chain(named).collect()
    }

    /// The paper by which somebody filed for the applicant, and its name.
    fn shown_through(&self) -> Option<(&'static str, &Paper)> {
        self.history.first().and_then(|entry| match &entry.act {
            Act::Filed(filed) => filed.through.shown(),
            _ => None,
        })
    }

    /// Who reads something of the case now, and which policies permit it.
    fn reader(&self) -> Reader {
        self.visit.reader_of_details(&self.role, &self.permit)
    }

    /// The procedure of the case.
    pub(crate) fn procedure(&self) -> Result<&Procedure, Fault> {
        self.pack.procedures.get(&self.case.procedure).ok_or(Fault::Broken)
    }

    /// The pack of the case as the reader sees it today.
    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown { pack: &self.pack, ..self.visit.shown() }
    }

    /// What the register entry of the case says now.
    pub(crate) fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// The entries that its questions may be answered with.
    pub(crate) fn offers(&self) -> &Offers {
        &self.offers
    }

    /// The page, with what was revealed and what was attempted.
    pub(crate) fn page(
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
        page.give = self.give();
        let reads = page.papers.iter().any(|paper| !paper.href.is_empty());
        if reads && matches!(self.role, Role::Officer { .. }) {
            page.beside = self.visit.to(&format!("/cases/{}/beside", self.case.id));
        }
        self.list_findings(&mut page)?;
        self.keep_to_policies(&mut page);
        if applies(reading.procedure, &self.case, &self.role.actor()) {
            page.next = reading.next_steps(&page.acts);
            page.next.extend(self.about.iter().map(|about| about.next_step(&self.visit)));
        }
        Ok(page)
    }

    /// The case with what its pages are made from.
    pub(in crate::web) fn reading(
        &self,
        revealed: BTreeMap<String, String>,
    ) -> Result<Reading<'_>, Fault> {
        Ok(Reading {
            shown: self.shown(),
            procedure: self.procedure()?,
            live: &self.visit.app.packs.live,
            registers: &self.registers,
            case: &self.case,
            history: &self.history,
            in_force_from: self.in_force_from,
            people: &self.visit.app.people,
            headings: &self.headings,
            begun: &self.begun,
            revealed,
        })
    }

    /// Its entries.
    pub(super) fn history(&self) -> &[Entry] {
        &self.history
    }

    /// Lists the findings that the case takes up in place of their numbers.
    fn list_findings(&self, page: &mut CasePage) -> Result<(), Fault> {
        let procedure = self.procedure()?;
        let Some(against) = procedure.against.as_ref().filter(|_| !procedure.takes_up.is_empty())
        else {
            return Ok(());
        };
        page.findings.clone_from(&self.findings);
        if self.further.count() > 0 {
            let count = self.further.count();
            page.further = self.visit.words.n("case-further", &count);
        }
        let questions: Vec<String> =
            procedure.takes_up.iter().map(|path| self.item(path)).collect();
        for section in &mut page.sections {
            let lists = |fact: &Fact| questions.contains(&fact.title);
            for fact in section.facts.iter_mut().filter(|fact| lists(fact)) {
                fact.text = taken::besides(&fact.text, &self.findings);
            }
            section.facts.retain(|fact| !lists(fact) || !fact.text.is_empty());
        }
        page.sections.retain(|section| !section.facts.is_empty());
        if let Some(Value::Text(party)) = self.case.facts.get(against)
            && may_with_lake(&self.visit, Action::SeeFindings)
        {
            page.findings_all = self.visit.to(&format!("/findings?subject={}", escaped(party)));
        }
        Ok(())
    }

    /// Takes off the page what policies would refuse.
    fn keep_to_policies(&self, page: &mut CasePage) {
        let may = |action| self.permit.also(&self.visit, action);
        page.acts.retain(|act| may(act.action()));
        if !may(Action::SeePaper) {
            page.papers.iter_mut().for_each(|paper| paper.href.clear());
            page.beside.clear();
        }
        let drawing = page.drawing.iter_mut().filter(|drawing| !self.reads(drawing));
        drawing.for_each(|drawing| drawing.files.clear());
        if !may(Action::Reveal) {
            let sealed = page.sections.iter_mut().flat_map(|section| &mut section.facts);
            let sealed = sealed.filter(|fact| !fact.sealed.is_empty());
            sealed.for_each(|fact| fact.close(&self.visit.words.t("access-sealed")));
        }
    }

    /// Whether the texts of a draw are for the reader: before it is drawn, for officers only.
    fn reads(&self, drawing: &DrawingView) -> bool {
        let officer = matches!(self.role, Role::Officer { .. });
        (officer || drawing.drawn.is_some()) && may_on_site(&self.visit, Action::SeeDraw)
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

/// The entry by which a case came under its pack: that which filed it, or the last that moved it.
fn ruled_since(history: &[Entry]) -> EntryNumber {
    let moved = history.iter().rfind(|entry| matches!(entry.act, Act::Migrated(_)));
    moved.or(history.first()).map_or(EntryNumber(0), |entry| entry.number)
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
    let written = written.map(|entry| (entry.register.clone(), entry.key.clone()));
    named.chain(written).chain(named_in_draw(procedure, case)).collect()
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

/// Which paper stands beside what the case states.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Opened {
    #[serde(default)]
    paper: String,
}

/// What a case states beside one of its papers.
pub(in crate::web) async fn beside(
    who: SignedIn,
    Path(id): Path<String>,
    Asked(opened): Asked<Opened>,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let nothing = Default::default();
    let read = loaded.page(BTreeMap::new(), Attempt::none(&nothing, loaded.offers()))?;
    let named = |paper: &PaperView| paper.href.rsplit('/').next().unwrap_or_default().to_owned();
    let files: Vec<PaperView> =
        read.papers.into_iter().filter(|paper| !paper.href.is_empty()).collect();
    let open = files.iter().find(|paper| named(paper) == opened.paper).or(files.first());
    let shown = open.map(|paper| {
        let (title, href) = (paper.title.clone(), paper.href.clone());
        Beside { title, src: format!("{href}?beside=yes"), href }
    });
    let papers = files.iter().map(|paper| Offered {
        value: named(paper),
        title: paper.title.clone(),
        chosen: open.is_some_and(|open| open.href == paper.href),
    });
    page(&BesidePage {
        papers: papers.collect(),
        frame: loaded.visit.frame(),
        id: read.id,
        action: read.action,
        key: read.key,
        sections: read.sections,
        shown,
    })
}

/// How a paper is wanted.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Wanted {
    /// `yes` where it is shown within a page.
    #[serde(default)]
    beside: String,
}

/// Opens one personal detail; who read it and when is logged.
pub(in crate::web) async fn reveal(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let path = posted.one("path");
    let text = revealed(&loaded, path).await?;
    let text = text.unwrap_or_else(|| loaded.visit.words.t("erased"));
    let nothing = Default::default();
    let revealed = BTreeMap::from([(path.to_owned(), text)]);
    page(&loaded.page(revealed, Attempt::none(&nothing, loaded.offers()))?)
}

/// One personal detail, which is logged as read; none where it was erased.
pub(crate) async fn revealed(loaded: &Loaded, path: &str) -> Result<Option<String>, Fault> {
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
    let (store, at) = (&loaded.visit.app.store, loaded.visit.now);
    Ok(store.reveal(*party, loaded.case.id, path, &loaded.reader(), at).await?)
}

/// The kinds of files that are shown within a page of ours.
const SHOWN_WITHIN: [&str; 4] =
    ["application/pdf", "image/jpeg", "image/png", "text/plain; charset=utf-8"];

/// A mark of an answer that pages of ours may show within themselves.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Within;

/// A paper as a file; who read it and when is logged.
pub(in crate::web) async fn paper_file(
    who: SignedIn,
    Path((id, material)): Path<(String, String)>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let shown = loaded.shown_through();
    let shown = shown.filter(|(name, _)| *name == material).map(|(_, paper)| paper);
    let handed = shown.or(loaded.case.materials.get(&name(&material)?)).ok_or(Fault::NoSuchPage)?;
    if handed.digest.is_empty() {
        return Err(Fault::NoSuchPage);
    }
    let bytes = paper::read(&loaded.visit.app.papers, &handed.digest).await?;
    let (store, at) = (&loaded.visit.app.store, loaded.visit.now);
    let (party, id) = (loaded.case.applicant, loaded.case.id);
    store.log_paper(party, id, &material, &loaded.reader(), at).await?;
    let (media, ending) = paper::kind(&bytes);
    // Nothing that could run is shown within a page.
    let within = wanted.beside == "yes" && SHOWN_WITHIN.contains(&media);
    let how = if within { "inline" } else { "attachment" };
    let named = format!("{how}; filename=\"{}-{material}.{ending}\"", loaded.case.id);
    let headers = [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, named)];
    let mut response = (headers, bytes).into_response();
    if within {
        response.extensions_mut().insert(Within);
    }
    Ok(response)
}
