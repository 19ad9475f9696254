//! An application, one topic a page: where it starts, the list of topics, and each topic, which is
//! saved whatever is wrong with it.

use axum::{
    Json,
    extract::{Path, Query as Asked},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base::{Instant, Name};
use kernel::{PartyId, form::Answers, refusal::FormFault};
use pack::model::{Mode, Need, Procedure};
use serde::{Deserialize, Serialize};
use store::{Draft, DraftId, NewDraft, Own, Saved, Saving};

use super::{
    apply,
    before::{earlier, taken_from},
    escaped,
    handed::{file_of, too_large},
    name,
};
use crate::web::{
    app::Role,
    draft::{
        DRAFTS_MAX, Failing, LAPSES_AFTER_DAYS, Outline, Progress, SERVICES_MAX, Topic, Written,
        sharing,
    },
    entries::Offers,
    fault::{Fault, numbered},
    frame::Link,
    pages::{
        behalf::{KIND as NUMBER_KIND, NAME, NUMBER},
        draft::{
            ExpiredPage, Needed, StartPage, Task, TaskGroup, TasksPage, TopicPage, check,
            topic::{self as topic_page, Look, saved_at},
        },
    },
    permit::Permit,
    posted::{Posted, Sent},
    question::Offered,
    session::{derived, random},
    visit::{AsApplicant, SignedIn, Visit, page},
};

/// The most bytes of the answers of one page.
const PAGE_MAX: usize = 64 * 1024;

/// What the address of a topic may say besides.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct TopicQuery {
    /// The page to go to afterwards.
    #[serde(default)]
    then: String,
    /// Where the answers are to be taken from.
    #[serde(default)]
    from: String,
}

/// Somebody's draft, opened.
pub(in crate::web) struct Desk {
    /// The request.
    pub(super) visit: Visit,
    /// The draft.
    pub(super) draft: Draft,
    /// That whoever asks may.
    permit: Permit,
}

impl Desk {
    /// Opens a draft for its owner.
    pub(super) async fn open(who: AsApplicant, id: &str) -> Result<Self, Fault> {
        let id = DraftId::parse(id).ok_or(Fault::NoDraft)?;
        let own = Own { owner: who.party, id };
        let draft = who.visit.app.store.draft(own, who.visit.now).await?;
        Ok(Self { draft: draft.ok_or(Fault::NoDraft)?, visit: who.visit, permit: who.permit })
    }

    /// The same draft as it is now.
    pub(super) async fn again(self) -> Result<Self, Fault> {
        let draft = self.visit.app.store.draft(self.own(), self.visit.now).await?;
        Ok(Self { draft: draft.ok_or(Fault::NoDraft)?, ..self })
    }

    /// Which draft it is.
    pub(super) fn own(&self) -> Own {
        self.draft.line.own
    }

    /// Its topics.
    pub(super) fn outline(&self) -> Outline<'_> {
        Outline::of(self.visit.pack(), &self.draft.line.services)
    }

    /// An address in it.
    pub(super) fn to(&self, rest: &str) -> String {
        self.visit.to(&format!("/drafts/{}{rest}", self.own().id))
    }

    /// Whoever applies.
    pub(super) fn role(&self) -> Role {
        Role::Applicant { party: self.own().owner }
    }

    /// The same as other handlers take them.
    pub(super) fn signed_in(&self) -> SignedIn {
        let permit = self.permit.clone();
        SignedIn { visit: self.visit.clone(), role: self.role(), permit }
    }
}

/// When a draft lapses in which something is saved now.
pub(super) fn lapses_at(now: Instant) -> Instant {
    Instant::from_micros(now.micros().saturating_add(LAPSES_AFTER_DAYS * 24 * 3600 * 1_000_000))
}

/// Where an application starts. Officers are led to the whole form: they write down what others
/// say.
pub(in crate::web) async fn start(
    visit: Visit,
    Path(procedure): Path<String>,
) -> Result<Response, Fault> {
    let procedure = apply::known(visit.pack(), &procedure)?;
    let role = visit.person().map(|person| person.role.clone());
    let whole = visit.to(&format!("/apply/{}/whole", procedure.name));
    match role {
        Some(Role::Officer { .. }) => Ok(Redirect::to(&whole).into_response()),
        Some(Role::Applicant { party }) => {
            page(&start_page(&visit, procedure, whole, drafts_for(&visit, party, procedure).await?))
        }
        None => page(&start_page(&visit, procedure, whole, Vec::new())),
    }
}

async fn drafts_for(
    visit: &Visit,
    party: PartyId,
    procedure: &Procedure,
) -> Result<Vec<Link>, Fault> {
    let drafts = visit.app.store.drafts_of(party, visit.now).await?;
    let own = drafts.iter().filter(|own| !own.done() && own.services.contains(&procedure.name));
    let link = |own: &store::DraftLine| Link {
        href: visit.to(&format!("/drafts/{}", own.own.id)),
        text: visit.words.with("draft-changed", &visit.shown().moment(own.changed_at)),
    };
    Ok(own.map(link).collect())
}

fn start_page(visit: &Visit, procedure: &Procedure, whole: String, drafts: Vec<Link>) -> StartPage {
    let (shown, frame) = (visit.shown(), visit.frame());
    let to = |text: &base::Text| text.to(visit.words.0).to_owned();
    let papers = procedure.materials.iter().filter(|own| own.need != Need::Later);
    let papers: Vec<Needed> = papers
        .map(|own| Needed { title: to(&own.title), optional: own.need == Need::Optional })
        .collect();
    let together = sharing(visit.pack(), procedure).into_iter();
    let together = together.map(|own| Offered {
        value: own.name.to_string(),
        title: to(&own.title),
        chosen: false,
    });
    let action = visit.to(&format!("/apply/{}", procedure.name));
    StartPage {
        service: Link {
            href: visit.to(&format!("/services/{}", procedure.name)),
            text: to(&procedure.title),
        },
        summary: to(&procedure.summary),
        needs: procedure.form.iter().map(|section| to(&section.title)).collect(),
        questions: visit.words.n("draft-questions", &procedure.fields().count()),
        count: visit.words.n("draft-papers", &papers.len()),
        papers,
        promised: shown.timed(&procedure.promised),
        days: LAPSES_AFTER_DAYS,
        drafts,
        together: together.collect(),
        sign_in: visit.to(&format!("/sign-in?then={}", escaped(&action))),
        action: if frame.signed_in() { action } else { String::new() },
        key: random(),
        whole,
        frame,
    }
}

/// Begins a draft. Sent twice, the form begins one.
pub(in crate::web) async fn begin(
    who: AsApplicant,
    Path(procedure): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let (visit, party) = (&who.visit, who.party);
    let procedure = apply::known(visit.pack(), &procedure)?;
    let also: Vec<Name> =
        posted.all("also").iter().map(|word| name(word)).collect::<Result<_, _>>()?;
    let offered = sharing(visit.pack(), procedure);
    let also = also.into_iter().filter(|name| offered.iter().any(|own| own.name == *name));
    let mut services = vec![procedure.name.clone()];
    services.extend(also.take(SERVICES_MAX - 1));
    let kept = visit.app.store.drafts_of(party, visit.now).await?;
    let id = DraftId(derived(
        &visit.app.secret,
        &["draft", &posted.key, &party.to_string(), procedure.name.as_str()],
    ));
    if kept.len() >= DRAFTS_MAX && !kept.iter().any(|own| own.own.id == id) {
        return Err(Fault::TooManyDrafts);
    }
    let new = NewDraft {
        own: Own { owner: party, id },
        services,
        pack: visit.pack().hash,
        language: visit.words.0,
        at: visit.now,
        lapses_at: lapses_at(visit.now),
    };
    visit.app.store.begin_draft(&new).await?;
    Ok(Redirect::to(&visit.to(&format!("/drafts/{id}"))).into_response())
}

/// The topics of a draft.
pub(in crate::web) async fn tasks(
    who: AsApplicant,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    if desk.draft.line.done() {
        return Ok(Redirect::to(&desk.to("/filed")).into_response());
    }
    let outline = desk.outline();
    let written = Written { outline: &outline, draft: &desk.draft };
    let failing = written.failing(&desk.visit).await?;
    page(&tasks_page(&desk, &written, &failing))
}

fn tasks_page(desk: &Desk, written: &Written<'_, '_>, failing: &[Failing<'_>]) -> TasksPage {
    let (visit, shown) = (&desk.visit, desk.visit.shown());
    let line = &desk.draft.line;
    let topics = &written.outline.topics;
    let got: Vec<Progress> = topics.iter().map(|topic| written.progress(topic)).collect();
    let count = |counts: fn(Progress) -> bool| got.iter().filter(|own| counts(**own)).count();
    let done = count(|own| own == Progress::Whole).to_string();
    let all = count(|own| own != Progress::Optional).to_string();
    let group = |title: &str, own: fn(&Topic<'_>) -> bool| TaskGroup {
        title: visit.words.t(title),
        tasks: topics.iter().filter(|topic| own(topic)).map(|t| task(desk, written, t)).collect(),
    };
    let mut groups = vec![
        group("draft-group-form", |topic| matches!(topic, Topic::Who | Topic::Form(_))),
        group("materials", |topic| matches!(topic, Topic::Paper(_))),
        group("draft-group-more", |topic| matches!(topic, Topic::Promises(_) | Topic::Service)),
    ];
    groups.retain(|group| !group.tasks.is_empty());
    TasksPage {
        frame: visit.frame(),
        title: check::title(shown, written.outline),
        services: written
            .outline
            .services
            .iter()
            .map(|own| Link {
                href: visit.to(&format!("/services/{}", own.name)),
                text: own.title.to(visit.words.0).to_owned(),
            })
            .collect(),
        progress: visit.words.with_both("draft-progress", &done, &all),
        moved: line.pack != visit.pack().hash,
        warnings: check::warnings(shown, written, failing),
        groups,
        check: desk.to("/check"),
        lapse: visit.words.with("draft-lapses", &shown.day_of(line.lapses_at)),
        delete: desk.to("/delete"),
    }
}

fn task(desk: &Desk, written: &Written<'_, '_>, topic: &Topic<'_>) -> Task {
    let (key, tag) = match written.progress(topic) {
        Progress::Open => ("draft-open", "govuk-tag--blue"),
        Progress::Optional => ("draft-optional-topic", "govuk-tag--grey"),
        Progress::Begun => ("draft-begun", "govuk-tag--light-blue"),
        Progress::Wrong => ("draft-wrong", "govuk-tag--red"),
        Progress::Whole => ("draft-done", ""),
    };
    Task {
        id: topic.word().replace('.', "-"),
        link: Link {
            href: desk.to(&format!("/{}", topic.word())),
            text: topic_page::topic_title(desk.visit.shown(), topic),
        },
        status: desk.visit.words.t(key),
        tag,
    }
}

/// One topic.
pub(in crate::web) async fn topic(
    who: AsApplicant,
    Path((id, word)): Path<(String, String)>,
    Asked(query): Asked<TopicQuery>,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    let outline = desk.outline();
    let topic = outline.topic(&word).ok_or(Fault::NoSuchPage)?;
    let written = Written { outline: &outline, draft: &desk.draft };
    let mut answers = written.answers(topic);
    let fresh = answers.is_empty();
    let mut notice = String::new();
    if !query.from.is_empty() {
        let taken = taken_from(&desk, topic, &query.from).await?.ok_or(Fault::NoSuchPage)?;
        answers = taken;
        notice = desk.visit.words.t("draft-taken");
    }
    // What was answered and does not fit is said again; what is still open is not a fault yet.
    let mut faults = written.faults_of(topic, &answers);
    if query.then != "check" {
        let said = |fault: &FormFault| answers.contains_key(&fault.path);
        faults.retain(said);
    }
    let mut shown = looked(&desk, &written, topic, (&answers, &faults, &query.then)).await?;
    shown.notice = notice;
    if fresh && query.from.is_empty() {
        shown.before = earlier(&desk, topic).await?;
    }
    page(&shown)
}

/// The page of a topic with some answers and what is wrong with them.
async fn looked(
    desk: &Desk,
    written: &Written<'_, '_>,
    topic: &Topic<'_>,
    (answers, faults, then): (&Answers, &[FormFault], &str),
) -> Result<TopicPage, Fault> {
    let visit = &desk.visit;
    let role = Role::Applicant { party: desk.own().owner };
    let fields = match topic {
        Topic::Form(section) => section.fields.as_slice(),
        _ => &[],
    };
    let offers = Offers::load(visit, visit.shown(), fields.iter(), &role).await?;
    let failing = written.failing(visit).await?;
    let then = if then == "check" { "check" } else { "" };
    let look = Look { answers, faults, offers: &offers, failing: &failing, then };
    Ok(TopicPage::of(visit, written, topic, &look))
}

/// What a form says about a topic: what is left blank is not said.
fn typed(topic: &Topic<'_>, posted: &Posted) -> Answers {
    let mut answers = Answers::new();
    let written = |name: &str| !posted.one(name).is_empty();
    for name in topic.names() {
        // A list always sends a kind of document; by itself it says nothing.
        if name == NUMBER_KIND && !written(NAME) && !written(NUMBER) {
            continue;
        }
        let given: Vec<String> =
            posted.all(&name).into_iter().filter(|text| !text.trim().is_empty()).collect();
        if !given.is_empty() {
            answers.insert(name, given);
        }
    }
    answers
}

/// Saves a topic, whatever is wrong with it, and leads on where nothing is.
pub(in crate::web) async fn save(
    visit: Visit,
    who: Result<AsApplicant, Fault>,
    Path((id, word)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let who = match who {
        Err(Fault::SignInFirst) => return expired(&visit, &id, &word, sent.posted),
        who => who?,
    };
    let desk = Desk::open(who, &id).await?;
    let outline = desk.outline();
    let topic = outline.topic(&word).ok_or(Fault::NoSuchPage)?;
    let written = Written { outline: &outline, draft: &desk.draft };
    let answers = typed(topic, &sent.posted);
    let then = sent.posted.one("then").to_owned();
    match sent.proof {
        Ok(()) => {}
        Err(Fault::OldForm) => {
            let faults = written.faults_of(topic, &answers);
            let mut shown = looked(&desk, &written, topic, (&answers, &faults, &then)).await?;
            shown.notice = desk.visit.words.t("draft-old-form");
            return Ok((StatusCode::FORBIDDEN, page(&shown)?).into_response());
        }
        Err(Fault::TooLarge) => {
            let faults = [too_large(topic)];
            let shown = looked(&desk, &written, topic, (&answers, &faults, &then)).await?;
            return Ok((StatusCode::PAYLOAD_TOO_LARGE, page(&shown)?).into_response());
        }
        Err(fault) => return Err(fault),
    }
    let unfit = file_of(&desk, topic, &sent.posted).await?;
    let size: usize = answers.values().flatten().map(String::len).sum();
    if size > PAGE_MAX {
        let faults = written.faults_of(topic, &answers);
        let shown = looked(&desk, &written, topic, (&answers, &faults, &then)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let seen = sent.posted.one("revision").parse().unwrap_or(0);
    match keep(&desk, &word, seen, &answers).await? {
        Saved::Stale(newer) => {
            let draft = with_topic(&desk.draft, &word, newer.clone());
            let written = Written { outline: &outline, draft: &draft };
            let mut shown = looked(&desk, &written, topic, (&answers, &[], &then)).await?;
            let told = (newer.saved_at, &newer.answers, &answers);
            shown.stale = Some(topic_page::stale(desk.visit.shown(), &written, topic, told));
            Ok((StatusCode::CONFLICT, page(&shown)?).into_response())
        }
        Saved::Kept { .. } => saved(&desk, &word, &sent.posted, unfit).await,
    }
}

fn with_topic(draft: &Draft, word: &str, newer: store::SavedTopic) -> Draft {
    let mut draft = draft.clone();
    draft.topics.insert(word.to_owned(), newer);
    draft
}

/// Saves the answers of a topic.
async fn keep(desk: &Desk, word: &str, seen: u32, answers: &Answers) -> Result<Saved, Fault> {
    let (at, pack) = (desk.visit.now, desk.visit.pack().hash);
    let saving = Saving { topic: word, seen, answers, at, lapses_at: lapses_at(at), pack };
    desk.visit.app.store.save_topic(desk.own(), saving).await?.ok_or(Fault::NoDraft)
}

/// Where somebody is led whose answers are saved: on where they fit, back to what does not.
async fn saved(
    desk: &Desk,
    word: &str,
    posted: &Posted,
    unfit: Option<FormFault>,
) -> Result<Response, Fault> {
    let draft = desk.visit.app.store.draft(desk.own(), desk.visit.now).await?;
    let draft = draft.ok_or(Fault::NoDraft)?;
    let outline = desk.outline();
    let topic = outline.topic(word).ok_or(Fault::NoSuchPage)?;
    let written = Written { outline: &outline, draft: &draft };
    let answers = written.answers(topic);
    let to = |rest: &str| Ok(Redirect::to(&desk.to(rest)).into_response());
    match posted.one("do") {
        "remove" => return to(&format!("/{word}")),
        "later" if unfit.is_none() => return to(""),
        _ => {}
    }
    let mut faults = written.faults_of(topic, &answers);
    if let Some(unfit) = unfit {
        faults.retain(|fault| fault.path != unfit.path);
        faults.push(unfit);
    }
    faults.extend(written.unnamed(&desk.visit, topic, &answers).await?);
    if !faults.is_empty() {
        let then = posted.one("then");
        let shown = looked(desk, &written, topic, (&answers, &faults, then)).await?;
        let number = kernel::Refusal::Form(Vec::new()).number();
        let response = (StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response();
        return Ok(numbered(number, response));
    }
    match (posted.one("then"), outline.after(word)) {
        ("check", _) | (_, None) => to("/check"),
        (_, Some(next)) => to(&format!("/{}", next.word())),
    }
}

/// What a form says while it is typed, saved at once. The answer is for our script.
pub(in crate::web) async fn as_typed(
    visit: Visit,
    who: Result<AsApplicant, Fault>,
    Path((id, word)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let lost = || {
        let says = visit.words.t("draft-typed-lost");
        (StatusCode::UNAUTHORIZED, Json(Told { revision: 0, says })).into_response()
    };
    let (Ok(who), Ok(())) = (who, &sent.proof) else { return Ok(lost()) };
    let desk = Desk::open(who, &id).await?;
    let outline = desk.outline();
    let topic = outline.topic(&word).ok_or(Fault::NoSuchPage)?;
    let seen = sent.posted.one("revision").parse().unwrap_or(0);
    let answers = typed(topic, &sent.posted);
    let size: usize = answers.values().flatten().map(String::len).sum();
    if size > PAGE_MAX {
        return Err(Fault::TooLarge);
    }
    match keep(&desk, &word, seen, &answers).await? {
        Saved::Kept { revision } => {
            let says = saved_at(visit.shown(), visit.now);
            Ok(Json(Told { revision, says }).into_response())
        }
        Saved::Stale(newer) => {
            let says = visit.words.t("draft-typed-stale");
            let told = Json(Told { revision: newer.revision, says });
            Ok((StatusCode::CONFLICT, told).into_response())
        }
    }
}

/// What our script is told.
#[derive(Debug, Serialize)]
struct Told {
    revision: u32,
    says: String,
}

/// What was typed when the session had run out: it is shown again, to be sent after signing in.
fn expired(visit: &Visit, id: &str, word: &str, posted: Posted) -> Result<Response, Fault> {
    let id = DraftId::parse(id).ok_or(Fault::NoDraft)?;
    let word = name(word)?;
    let fields = posted.answers.into_iter().flat_map(|(name, values)| {
        let kept = !matches!(name.as_str(), "do");
        values.into_iter().filter(move |_| kept).map(move |value| (name.clone(), value))
    });
    let action = visit.to(&format!("/drafts/{id}/{word}"));
    let shown = ExpiredPage {
        frame: visit.frame(),
        sign_in: visit.to("/sign-in"),
        fields: fields.collect(),
        file: !posted.files.is_empty(),
        action,
    };
    Ok((StatusCode::UNAUTHORIZED, page(&shown)?).into_response())
}

/// Whether a paper was left to the office, by the answers of its topic.
pub(super) fn left_to_the_office(paper: &crate::web::draft::PaperTopic<'_>, said: &str) -> bool {
    paper.material.modes.contains(&Mode::Shared) && said == "yes"
}
