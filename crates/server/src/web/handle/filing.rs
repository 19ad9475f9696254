//! From a draft to its cases: the answers are checked, signed, and filed for each service.

use access::Action;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Case, Command, Refusal, Standing, form::Answers, ledger::SignedDigest};
use pack::model::Procedure;
use store::{DraftLine, Personal, Saved, Saving, SubmitError};

use super::{
    apply,
    draft::{Desk, lapses_at, left_to_the_office},
};
use crate::web::{
    draft::{LAPSES_AFTER_DAYS, Outline, SHARED, Topic, Written, first},
    entries::Headings,
    fault::{Fault, Refused},
    frame::{Link, Row},
    pages::{
        behalf::PAPER,
        draft::{
            CheckPage, DeletePage, DraftView, DraftsPage, FiledPage, FiledView, RefusedView,
            SignPage, check, topic as topic_page,
        },
        steps::step,
    },
    paper,
    permit::in_service,
    posted::Posted,
    question::{FaultLine, anchor},
    session::hex,
    shown::Shown,
    signature::{self, OVER, SIGNED, TEXT},
    visit::{AsApplicant, Visit, page},
};

/// Somebody's drafts.
pub(in crate::web) async fn list(who: AsApplicant) -> Result<Response, Fault> {
    let visit = &who.visit;
    let drafts = visit.app.store.drafts_of(who.party, visit.now).await?;
    let drafts = drafts.iter().map(|line| listed(visit, line)).collect();
    page(&DraftsPage { frame: visit.frame(), days: LAPSES_AFTER_DAYS, drafts })
}

fn listed(visit: &Visit, line: &DraftLine) -> DraftView {
    let shown = visit.shown();
    let home = visit.to(&format!("/drafts/{}", line.own.id));
    let row =
        |key: &str, text: String| Row { title: visit.words.t(key), text, href: String::new() };
    let cases: Vec<String> = line.filed.values().map(ToString::to_string).collect();
    let mut rows = vec![row("draft-last-saved", shown.moment(line.changed_at))];
    match line.done() {
        true => rows.push(row("draft-case-number", cases.join(visit.words.comma()))),
        false => rows.push(row("draft-lapses-on", shown.day_of(line.lapses_at))),
    }
    let title = check::title(shown, &Outline::of(visit.pack(), &line.services));
    DraftView {
        delete: if line.done() { String::new() } else { format!("{home}/delete") },
        link: Link { href: home, text: title },
        rows,
    }
}

/// Asks whether a draft is to be deleted.
pub(in crate::web) async fn ask_delete(
    who: AsApplicant,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    page(&DeletePage {
        frame: desk.visit.frame(),
        title: check::title(desk.visit.shown(), &desk.outline()),
        action: desk.to("/delete"),
        back: desk.to(""),
    })
}

/// Deletes a draft with its files.
pub(in crate::web) async fn delete(
    who: AsApplicant,
    Path(id): Path<String>,
    _posted: Posted,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    desk.visit.app.store.delete_draft(desk.own()).await?;
    paper::forget(&desk.visit.app.papers, desk.own().id, None).await;
    Ok(Redirect::to(&desk.visit.to("/drafts")).into_response())
}

/// The answers, to be checked.
pub(in crate::web) async fn check(
    who: AsApplicant,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    if desk.draft.line.done() {
        return Ok(Redirect::to(&desk.to("/filed")).into_response());
    }
    page(&checked(&desk).await?)
}

async fn checked(desk: &Desk) -> Result<CheckPage, Fault> {
    let outline = desk.outline();
    let written = Written { outline: &outline, draft: &desk.draft };
    let visit = &desk.visit;
    let failing = written.failing(visit).await?;
    let as_of = (visit.now, visit.app.store.head().await?);
    let headings = Headings::load(visit, visit.shown(), &check::named(&written), as_of).await?;
    Ok(CheckPage::of(visit, &written, &failing, &headings))
}

/// The statement to sign. What is not whole is checked first.
pub(in crate::web) async fn ask_signature(
    who: AsApplicant,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    if desk.draft.line.done() {
        return Ok(Redirect::to(&desk.to("/filed")).into_response());
    }
    let shown = checked(&desk).await?;
    if !shown.faults.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    page(&sign_page(&desk, "", false)?)
}

fn sign_page(desk: &Desk, name: &str, agreed: bool) -> Result<SignPage, Fault> {
    let outline = desk.outline();
    let written = Written { outline: &outline, draft: &desk.draft };
    let (shown, frame) = (desk.visit.shown(), desk.visit.frame());
    let open = outline.services.iter().filter(|own| !filed(desk, own));
    Ok(SignPage {
        title: check::title(shown, &outline),
        back: Link { href: desk.to("/check"), text: frame.t("draft-check") },
        action: desk.to("/sign"),
        services: open.map(|own| own.title.to(shown.words.0).to_owned()).collect(),
        statement: frame.t("draft-statement"),
        over: signature::over(&written)?,
        faults: Vec::new(),
        name: name.to_owned(),
        name_error: String::new(),
        agreed,
        agree_error: String::new(),
        frame,
    })
}

fn filed(desk: &Desk, service: &Procedure) -> bool {
    desk.draft.line.filed.contains_key(&service.name)
}

/// Signs and files. Sent twice, it files once.
pub(in crate::web) async fn sign(
    who: AsApplicant,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    if desk.draft.line.done() {
        return Ok(Redirect::to(&desk.to("/filed")).into_response());
    }
    let whole = checked(&desk).await?;
    if !whole.faults.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&whole)?).into_response());
    }
    let (name, agreed) = (posted.one("name"), posted.one("agree") == "yes");
    let mut asked = sign_page(&desk, name, agreed)?;
    if posted.one(OVER) != asked.over {
        // What is signed is what was shown.
        let mut shown = whole;
        let text = desk.visit.words.t("draft-changed-since");
        shown.faults.push(FaultLine { href: "#main".into(), text });
        return Ok((StatusCode::CONFLICT, page(&shown)?).into_response());
    }
    if unsigned(&mut asked) {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&asked)?).into_response());
    }
    must_file(&desk)?;
    let text = signed(&desk, name, &asked.over).await?;
    let refused = file_all(&desk, &text).await?;
    let desk = desk.again().await?;
    if refused.is_empty() {
        paper::forget(&desk.visit.app.papers, desk.own().id, None).await;
        return Ok(Redirect::to(&desk.to("/filed")).into_response());
    }
    let shown = filed_page(&desk, refused).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// Whoever signs a draft must be permitted to file for each of its services.
fn must_file(desk: &Desk) -> Result<(), Fault> {
    let (outline, role) = (desk.outline(), desk.role());
    for service in outline.services.iter().filter(|own| !filed(desk, own)) {
        in_service(&desk.visit, &role, Action::File, service)?;
    }
    Ok(())
}

/// Notes on the page what a signature lacks.
fn unsigned(asked: &mut SignPage) -> bool {
    let needed = asked.frame.t("draft-sign-needed");
    let odd = asked.name.chars().any(char::is_control) || asked.name.chars().count() > 100;
    if asked.name.is_empty() || odd {
        let text = asked.frame.t("draft-sign-name-needed");
        asked.faults.push(FaultLine { href: "#sign-name".into(), text: text.clone() });
        asked.name_error = text;
    }
    if !asked.agreed {
        asked.faults.push(FaultLine { href: "#sign-agree".into(), text: needed.clone() });
        asked.agree_error = needed;
    }
    !asked.faults.is_empty()
}

/// The signed text, kept in the draft before anything is filed: of two who send the same page one
/// signs, and both file what is signed.
async fn signed(desk: &Desk, name: &str, over: &str) -> Result<String, Fault> {
    let held = |answers: &Answers| {
        let same = first(answers, OVER) == over;
        same.then(|| first(answers, TEXT).to_owned())
    };
    let before = desk.draft.topics.get(SIGNED);
    if let Some(text) = before.and_then(|before| held(&before.answers)) {
        return Ok(text);
    }
    let outline = desk.outline();
    let written = Written { outline: &outline, draft: &desk.draft };
    let at = desk.visit.now;
    let text = signature::text(&written, desk.visit.words, name, at)?;
    let answers = Answers::from([
        (TEXT.to_owned(), vec![text.clone()]),
        (OVER.to_owned(), vec![over.to_owned()]),
    ]);
    let saving = Saving {
        topic: SIGNED,
        seen: before.map_or(0, |before| before.revision),
        answers: &answers,
        at,
        lapses_at: lapses_at(at),
        pack: desk.visit.pack().hash,
    };
    match desk.visit.app.store.save_topic(desk.own(), saving).await? {
        Some(Saved::Kept { .. }) => Ok(text),
        Some(Saved::Stale(other)) => held(&other.answers).ok_or(Fault::OldForm),
        None => Err(Fault::NoDraft),
    }
}

/// Files for every service that has no case yet, and says of each that was refused why.
async fn file_all(desk: &Desk, text: &str) -> Result<Vec<RefusedView>, Fault> {
    let outline = desk.outline();
    let written = Written { outline: &outline, draft: &desk.draft };
    let mut refused = Vec::new();
    for service in outline.services.iter().filter(|own| !filed(desk, own)) {
        if let Err(error) = file_one(desk, &written, service, text).await? {
            refused.push(refused_view(desk, &written, service, error)?);
        }
    }
    Ok(refused)
}

async fn file_one(
    desk: &Desk,
    written: &Written<'_, '_>,
    service: &Procedure,
    text: &str,
) -> Result<Result<(), SubmitError>, Fault> {
    let (visit, own) = (&desk.visit, desk.own());
    for paper in desk.draft.papers.values() {
        paper::adopt(&visit.app.papers, own.id, paper.digest).await?;
    }
    let mut posted = composed(desk, written, service);
    let prepared = apply::prepared(&desk.signed_in(), service, false, &mut posted).await?;
    let mut submission = match prepared {
        Ok(submission) => submission,
        Err(faults) => return Ok(Err(Refusal::Form(faults).into())),
    };
    if let Command::File(file) = &mut submission.command {
        let digest: SignedDigest = signature::digest(text);
        file.signed = Some(digest);
    }
    submission.personal.push(Personal {
        party: own.owner,
        path: SIGNED.to_owned(),
        text: text.to_owned(),
    });
    match visit.app.store.submit(submission).await {
        Ok(receipt) => {
            visit.app.store.draft_filed(own, &service.name, receipt.case).await?;
            Ok(Ok(()))
        }
        Err(error) => Ok(Err(error)),
    }
}

/// What is written for one service, as its whole form would send it.
fn composed(desk: &Desk, written: &Written<'_, '_>, service: &Procedure) -> Posted {
    let outline = written.outline;
    let mut answers = Answers::new();
    for topic in &outline.topics {
        let asked = match topic {
            Topic::Form(section) => service.form.iter().any(|own| own.name == section.name),
            Topic::Promises(own) => own.name == service.name,
            Topic::Who | Topic::Service => true,
            Topic::Paper(_) => false,
        };
        if asked {
            let names = topic.names();
            let own = written.answers(topic).into_iter();
            answers.extend(own.filter(|(name, _)| names.contains(name)));
        }
    }
    let (secret, session) = (&desk.visit.app.secret, &desk.visit.session);
    let mut hand_in = |item: &str, word: &str| {
        if let Some(paper) = desk.draft.papers.get(word) {
            let digest = hex(&paper.digest);
            let ticket = session.ticket(secret, &digest);
            answers.insert(format!("{}{item}", apply::KEPT), vec![format!("{digest}.{ticket}")]);
            return true;
        }
        false
    };
    let mut shared = Vec::new();
    for paper in outline.papers_of(&service.name) {
        let item = paper.material.name.as_str();
        let said = written.answers(&Topic::Paper(paper.clone()));
        if !hand_in(item, &paper.word) && left_to_the_office(paper, first(&said, SHARED)) {
            shared.push(format!("{}{item}", apply::SHARED));
        }
    }
    if written.for_another() {
        hand_in(PAPER, PAPER);
    }
    answers.extend(shared.into_iter().map(|name| (name, vec!["yes".to_owned()])));
    Posted { key: format!("draft-{}-{}", desk.own().id, service.name), answers, ..<_>::default() }
}

fn refused_view(
    desk: &Desk,
    written: &Written<'_, '_>,
    service: &Procedure,
    error: SubmitError,
) -> Result<RefusedView, Fault> {
    if let SubmitError::Store(cause) = &error {
        return Err(Fault::broken(cause));
    }
    let shown = desk.visit.shown();
    let faults = match &error {
        SubmitError::Refused(Refusal::Form(faults)) => faults.clone(),
        _ => Vec::new(),
    };
    let line = |fault: &kernel::refusal::FormFault| {
        let topic = written.outline.asking(&service.name, &fault.path);
        let word = topic.map_or_else(|| "check".to_owned(), Topic::word);
        FaultLine {
            href: desk.to(&format!("/{word}?then=check#{}", anchor(&fault.path))),
            text: shown.words.with_both(
                "fault-line",
                &topic_page::item_title(shown, written.outline, &fault.path),
                fault.reason.says.to(shown.words.0),
            ),
        }
    };
    Ok(RefusedView {
        service: service.title.to(shown.words.0).to_owned(),
        refused: Refused::of(&error, shown.words.0),
        faults: faults.iter().map(line).collect(),
    })
}

/// The cases that were filed from a draft.
pub(in crate::web) async fn done(
    who: AsApplicant,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let desk = Desk::open(who, &id).await?;
    if desk.draft.line.filed.is_empty() {
        return Ok(Redirect::to(&desk.to("")).into_response());
    }
    page(&filed_page(&desk, Vec::new()).await?)
}

async fn filed_page(desk: &Desk, refused: Vec<RefusedView>) -> Result<FiledPage, Fault> {
    let (visit, shown) = (&desk.visit, desk.visit.shown());
    let mut filed = Vec::new();
    for (service, number) in &desk.draft.line.filed {
        let Some(case) = visit.app.store.case(*number).await? else { continue };
        let procedure = visit.pack().procedures.get(service);
        let title = procedure.map(|own| own.title.to(visit.words.0).to_owned());
        filed.push(FiledView {
            service: title.unwrap_or_else(|| service.to_string()),
            number: number.to_string(),
            case: Link {
                href: visit.to(&format!("/cases/{number}")),
                text: visit.words.with("draft-to-case", &number.to_string()),
            },
            next: procedure.map(|own| next(shown, own, &case)).unwrap_or_default(),
        });
    }
    let whole = desk.draft.line.done();
    let title = if whole { "draft-filed" } else { "draft-filed-in-part" };
    let title = if filed.is_empty() { "draft-not-filed" } else { title };
    Ok(FiledPage {
        frame: visit.frame(),
        title: filed_title(shown, title),
        whole,
        filed,
        refused,
        back: desk.to(""),
    })
}

fn filed_title(shown: Shown<'_>, key: &str) -> String {
    shown.words.t(key)
}

/// What happens next in a case, and until when.
fn next(shown: Shown<'_>, procedure: &Procedure, case: &Case) -> String {
    let body = shown.body(&case.body);
    let Standing::At { step: at, runs } = &case.standing else { return body };
    let what = format!("{body}{}{}", shown.words.comma(), step(shown, procedure, at));
    shown.words.with_both("draft-next-step", &what, &runs.due.on.to_string())
}
