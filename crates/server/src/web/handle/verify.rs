//! Verifying what somebody hands in or holds in the hand: a licence under a seal, a credential
//! under a proof, or a print that proves nothing and leads here. In each case the register comes
//! first. Nothing is kept, so the form belongs to no session.

use axum::{
    Json,
    body::Bytes,
    extract::{Multipart, Path, Query as Asked},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base::Name;
use exchange::{
    credential,
    licence::{self, Metadata},
};
use kernel::BodyId;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::{
    certificate::{Entered, now},
    register::Issue,
};
use crate::web::{
    fault::{Fault, Refused, numbered},
    pages::{
        register::Force,
        verify::{Found, Verdict, VerifyPage},
    },
    posted::unread,
    sealing::root_here,
    standing::{Ours, Today, proved_in_json, sound_in_json, unproved_in_json, unsound_in_json},
    visit::{Visit, page},
};

/// The form.
pub(in crate::web) async fn ask(visit: Visit) -> Result<Response, Fault> {
    page(&VerifyPage { frame: visit.frame(), verdict: Verdict::Asked })
}

/// What was handed in and is sound.
enum Sound {
    Licence(licence::Report),
    Credential(credential::Report),
}

/// Why what was handed in is not.
enum Unsound {
    Licence(licence::Fault),
    Credential(credential::Fault),
}

impl Sound {
    fn metadata(&self) -> &Metadata {
        match self {
            Self::Licence(report) => &report.metadata,
            Self::Credential(report) => &report.metadata,
        }
    }
}

impl Unsound {
    fn refused(&self, visit: &Visit) -> Refused {
        let to = |text: base::Text| text.to(visit.words.0).to_owned();
        let (number, says, next) = match self {
            Self::Licence(fault) => (fault.number(), fault.says(), fault.next()),
            Self::Credential(fault) => (fault.number(), fault.says(), fault.next()),
        };
        Refused { number, says: to(says), next: to(next) }
    }
}

/// The verdict on a file.
pub(in crate::web) async fn read(visit: Visit, sent: Multipart) -> Result<Response, Fault> {
    let bytes = file(sent).await?;
    let frame = visit.frame();
    match held(&visit, bytes).await? {
        Ok(sound) => {
            let today = today(&visit, sound.metadata()).await?;
            let found = match &sound {
                Sound::Licence(report) => Found::of(&visit, report, today),
                Sound::Credential(report) => Found::of_credential(&visit, report, today),
            };
            page(&VerifyPage { frame, verdict: Verdict::Sound(Box::new(found)) })
        }
        Err(unsound) => {
            let refused = unsound.refused(&visit);
            let number = refused.number;
            let shown = page(&VerifyPage { frame, verdict: Verdict::Refused(refused) })?;
            Ok(numbered(number, (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()))
        }
    }
}

/// The same for programs, which send the file alone.
pub(in crate::web) async fn answer(visit: Visit, bytes: Bytes) -> Result<Response, Fault> {
    match held(&visit, bytes.into()).await? {
        Ok(sound) => {
            let today = Some(today(&visit, sound.metadata()).await?);
            let wire = match &sound {
                Sound::Licence(report) => {
                    sound_in_json(report, today, &Ours::of_licence(&visit, report))
                }
                Sound::Credential(report) => {
                    proved_in_json(report, today, &Ours::of(&visit, &report.metadata))
                }
            };
            Ok(Json(wire).into_response())
        }
        Err(unsound) => {
            let wire = match &unsound {
                Unsound::Licence(fault) => unsound_in_json(fault),
                Unsound::Credential(fault) => unproved_in_json(*fault),
            };
            let answer = (StatusCode::UNPROCESSABLE_ENTITY, Json(wire)).into_response();
            Ok(numbered(unsound.refused(&visit).number, answer))
        }
    }
}

/// What a print says of itself in the address that it bears.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Print {
    /// The name of the certificate in the pack.
    #[serde(default)]
    kind: String,
    /// The decision that made what it shows.
    #[serde(default)]
    decision: String,
}

/// What the register says today of a certificate that somebody holds as a print. Anybody can print
/// anything: what counts is shown here.
pub(in crate::web) async fn print(
    visit: Visit,
    Path((register, number)): Path<(String, String)>,
    Asked(print): Asked<Print>,
) -> Result<Response, Fault> {
    let register = super::name(&register)?;
    let kind = super::name(&print.kind)?;
    let decision: u64 = print.decision.parse().map_err(|_| Fault::NoSuchPage)?;
    let stands = stands(&visit, (&register, &number, &kind), |_| true).await?;
    let today = match &stands {
        Stands::So(today) => *today,
        Stands::Own(own, force) => {
            // Of a print only the decision is known; the rest is for eyes.
            let mut held = (**own).clone();
            held.decided_by = decision;
            Today::beside(&held, own, *force, visit.today())
        }
    };
    let own = match &stands {
        Stands::Own(own, _) => Some(&**own),
        Stands::So(_) => None,
    };
    let found = Found::of_print(&visit, (&register, &number, &kind), own, today);
    page(&VerifyPage { frame: visit.frame(), verdict: Verdict::Sound(Box::new(found)) })
}

/// The certificate by which anybody can verify without us.
pub(in crate::web) async fn root(visit: Visit) -> Result<Response, Fault> {
    let root = root_here(&visit.app).and_then(|root| root.to_pem());
    let pem = root.map_err(|error| Fault::broken(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}

/// Files that are held against their seals at the same time; the others wait, and nobody else does.
static DESKS: Semaphore = Semaphore::const_new(2);

/// What is handed in as text is a credential, all else a licence.
async fn held(visit: &Visit, bytes: Vec<u8>) -> Result<Result<Sound, Unsound>, Fault> {
    let _desk = DESKS.acquire().await.map_err(|error| Fault::broken(&error))?;
    let app = visit.app.clone();
    let work = move || match bytes.trim_ascii_start().first() {
        Some(b'{' | b'[') => {
            let trust = app.documents.trust(app.store.seal_keys());
            let held = credential::verify(&bytes, &trust);
            Ok(held.map(Sound::Credential).map_err(Unsound::Credential))
        }
        _ => {
            let root = root_here(&app)?;
            let held = licence::verify(&bytes, licence::Trust::Root(&root));
            Ok(held.map(Sound::Licence).map_err(Unsound::Licence))
        }
    };
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Fault::broken(&error))?;
    done.map_err(|error: licence::Unmade| Fault::broken(&error))
}

/// What the register has today under a number.
enum Stands {
    /// No certificate to compare with.
    So(Today),
    /// What the certificate of this moment says.
    Own(Box<Metadata>, Force),
}

/// What the register has today under a number, with a certificate that such a body issued.
async fn stands(
    visit: &Visit,
    (register, number, kind): (&Name, &str, &Name),
    by: impl Fn(&BodyId) -> bool,
) -> Result<Stands, Fault> {
    let register = visit.pack().registers.get(register);
    let Some(register) = register.filter(|register| register.public) else {
        return Ok(Stands::So(Today::Unknown));
    };
    let entered = Entered::load(visit, register, number, now(visit).await?).await?;
    let Some(entered) = entered else { return Ok(Stands::So(Today::Unknown)) };
    if entered.force().out() {
        return Ok(Stands::So(Today::NotInForce));
    }
    let issued = entered.issues(visit).await?;
    let of_kind = |issue: &Issue| issue.kind == *kind;
    if !issued.iter().any(|own| of_kind(own) && by(&own.by)) {
        return Ok(Stands::So(Today::NotIssued));
    }
    let own = entered.issued(visit, of_kind).await?;
    let Some(own) = own else { return Ok(Stands::So(Today::NotIssued)) };
    let own = own.metadata(visit).await?;
    Ok(Stands::Own(Box::new(own), entered.force()))
}

/// What the register says today, beside what a licence of today would say.
async fn today(visit: &Visit, held: &Metadata) -> Result<Today, Fault> {
    let by = |body: &BodyId| body.to_string() == held.office;
    let found = stands(visit, (&held.register, &held.number, &held.kind), by).await?;
    Ok(match found {
        Stands::So(today) => today,
        Stands::Own(own, force) => Today::beside(held, &own, force, visit.today()),
    })
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
