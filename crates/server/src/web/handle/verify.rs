//! Verifying a licence that somebody hands in: the seal in the file, and the entry in the register.
//! Nothing is kept, so the form belongs to no session.

use axum::{
    Json,
    body::Bytes,
    extract::Multipart,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use exchange::licence::{Fault as Unsound, Report, Trust, verify};

use crate::web::{
    fault::{Fault, Refused, numbered},
    pages::verify::{Found, Verdict, VerifyPage},
    posted::unread,
    sealing::root_here,
    standing::{Today, sound_in_json, unsound_in_json},
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
    match held(&visit, &bytes)? {
        Ok(report) => {
            let today = Today::of(&visit, &report.metadata).await?;
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
    match held(&visit, &bytes)? {
        Ok(report) => {
            let today = Today::of(&visit, &report.metadata).await?;
            Ok(Json(sound_in_json(&report, Some(today))).into_response())
        }
        Err(fault) => {
            let wire = (StatusCode::UNPROCESSABLE_ENTITY, Json(unsound_in_json(&fault)));
            Ok(numbered(fault.number(), wire.into_response()))
        }
    }
}

/// The certificate by which anybody can verify without us.
pub(in crate::web) async fn root(visit: Visit) -> Result<Response, Fault> {
    let root = root_here(&visit).and_then(|root| root.to_pem());
    let pem = root.map_err(|error| Fault::broken(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}

fn held(visit: &Visit, bytes: &[u8]) -> Result<Result<Report, Unsound>, Fault> {
    let root = root_here(visit).map_err(|error| Fault::broken(&error))?;
    Ok(verify(bytes, Trust::Root(&root)))
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
