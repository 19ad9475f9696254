//! Verifying a licence that somebody hands in: the seal in the file, and the entry in the register.
//! Nothing is kept, so the form belongs to no session.

use axum::{
    Json,
    body::Bytes,
    extract::Multipart,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use exchange::licence::{Fault as Unsound, Metadata, Report, Trust, verify};
use tokio::sync::Semaphore;

use super::{
    certificate::{Entered, now},
    register::Issue,
};
use crate::web::{
    fault::{Fault, Refused, numbered},
    pages::verify::{Found, Verdict, VerifyPage},
    posted::unread,
    sealing::root_here,
    standing::{Ours, Today, sound_in_json, unsound_in_json},
    visit::{Visit, page},
};

/// The form.
pub(in crate::web) async fn ask(visit: Visit) -> Result<Response, Fault> {
    page(&VerifyPage { frame: visit.frame(), verdict: Verdict::Asked })
}

/// The verdict on a file.
pub(in crate::web) async fn read(visit: Visit, sent: Multipart) -> Result<Response, Fault> {
    let bytes = file(sent).await?;
    let frame = visit.frame();
    match held(&visit, bytes).await? {
        Ok(report) => {
            let today = today(&visit, &report.metadata).await?;
            let found = Found::of(&visit, &report, today);
            page(&VerifyPage { frame, verdict: Verdict::Sound(Box::new(found)) })
        }
        Err(fault) => {
            let verdict = Verdict::Refused(refused(&visit, &fault));
            let shown = page(&VerifyPage { frame, verdict })?;
            let shown = (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response();
            Ok(numbered(fault.number(), shown))
        }
    }
}

/// The same for programs, which send the file alone.
pub(in crate::web) async fn answer(visit: Visit, bytes: Bytes) -> Result<Response, Fault> {
    match held(&visit, bytes.into()).await? {
        Ok(report) => {
            let today = today(&visit, &report.metadata).await?;
            let ours = Ours::of(&visit, &report);
            Ok(Json(sound_in_json(&report, Some(today), &ours)).into_response())
        }
        Err(fault) => {
            let wire = (StatusCode::UNPROCESSABLE_ENTITY, Json(unsound_in_json(&fault)));
            Ok(numbered(fault.number(), wire.into_response()))
        }
    }
}

/// The certificate by which anybody can verify without us.
pub(in crate::web) async fn root(visit: Visit) -> Result<Response, Fault> {
    let root = root_here(&visit.app).and_then(|root| root.to_pem());
    let pem = root.map_err(|error| Fault::broken(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}

/// Files that are held against their seals at the same time; the others wait, and nobody else does.
static DESKS: Semaphore = Semaphore::const_new(2);

async fn held(visit: &Visit, bytes: Vec<u8>) -> Result<Result<Report, Unsound>, Fault> {
    let _desk = DESKS.acquire().await.map_err(|error| Fault::broken(&error))?;
    let app = visit.app.clone();
    let work = move || root_here(&app).map(|root| verify(&bytes, Trust::Root(&root)));
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Fault::broken(&error))?;
    done.map_err(|error| Fault::broken(&error))
}

/// What the register says today, beside what a licence of today would say.
async fn today(visit: &Visit, licence: &Metadata) -> Result<Today, Fault> {
    let register = visit.pack().registers.get(&licence.register);
    let Some(register) = register.filter(|register| register.public) else {
        return Ok(Today::Unknown);
    };
    let entered = Entered::load(visit, register, &licence.number, now(visit).await?).await?;
    let Some(entered) = entered else { return Ok(Today::Unknown) };
    if entered.force().out() {
        return Ok(Today::NotInForce);
    }
    let issued = entered.issues(visit).await?;
    let of_kind = |issue: &Issue| issue.kind == licence.kind;
    if !issued.iter().any(|own| of_kind(own) && own.by.to_string() == licence.office) {
        return Ok(Today::NotIssued);
    }
    let Some(own) = entered.issued(visit, of_kind).await? else { return Ok(Today::NotIssued) };
    let own = own.metadata(visit).await?;
    Ok(Today::beside(licence, &own, entered.force(), visit.today()))
}

fn refused(visit: &Visit, fault: &Unsound) -> Refused {
    let to = |text: base::Text| text.to(visit.words.0).to_owned();
    Refused { number: fault.number(), says: to(fault.says()), next: to(fault.next()) }
}

/// The first file of a form; no bytes where none was chosen.
async fn file(mut sent: Multipart) -> Result<Vec<u8>, Fault> {
    while let Some(part) = sent.next_field().await.map_err(|error| unread(error.status()))? {
        if part.file_name().is_some() {
            let bytes = part.bytes().await.map_err(|error| unread(error.status()))?;
            return Ok(bytes.to_vec());
        }
    }
    Ok(Vec::new())
}
