//! Applying as a program: what a service asks, the files, and the application.

use axum::{
    Json,
    body::Body as Sent,
    extract::{Path, Query as Asked},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;
use utoipa::ToSchema;

use super::{
    acts::{done, foreign, form, not_taken, refused, unknown},
    sent::{Body, Once, acting},
    shape::ServiceFormWire,
    wire::FilingWire,
};
use crate::web::{
    entries::Offers,
    fault::Fault,
    handle::apply::{KEPT, SHARED, at_counter, known, prepared},
    intake::{self, FILE_MAX, Unfit},
    pages::{apply::ApplyPage, services},
    paper,
    posted::Posted,
    question::Before,
    session::{hex, random},
    visit::{SignedIn, Visit},
};

/// A service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceLineWire {
    /// Its name.
    procedure: String,
    /// What it is called.
    title: String,
    /// Where what it asks is told.
    href: String,
}

/// Every service.
pub(crate) async fn services(visit: Visit) -> Json<Vec<ServiceLineWire>> {
    let shown = visit.shown();
    let line = |(name, procedure): (&base::Name, &pack::model::Procedure)| ServiceLineWire {
        procedure: name.to_string(),
        title: services::Listed::of(shown, procedure).link.text,
        href: format!("/api/services/{name}"),
    };
    Json(visit.pack().procedures.iter().map(line).collect())
}

/// What a service asks of whoever applies.
pub(crate) async fn asks(
    who: SignedIn,
    Path(procedure): Path<String>,
) -> Result<Json<ServiceFormWire>, Fault> {
    let visit = &who.visit;
    let procedure = known(visit.pack(), &procedure)?;
    let offers = Offers::load(visit, visit.shown(), procedure.fields(), &who.role).await?;
    let nothing = Default::default();
    let before = Before { answers: &nothing, faults: &[], offers: &offers };
    let rest = (random(), at_counter(procedure, &who.role));
    let page = ApplyPage::of(visit.frame(), visit.shown(), procedure, before, rest);
    Ok(Json(ServiceFormWire::of(procedure.name.as_str(), &page)))
}

/// Files an application.
pub(crate) async fn file(
    who: SignedIn,
    Path(procedure): Path<String>,
    once: Once,
    Body(wire): Body<FilingWire>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let procedure = known(visit.pack(), &procedure)?;
    let questions: Vec<&str> = procedure.fields().map(|field| field.path.as_str()).collect();
    let papers: Vec<&str> = procedure.materials.iter().map(|own| own.name.as_str()).collect();
    let promises: Vec<&str> = procedure.commitments.keys().map(|own| own.as_str()).collect();
    let mut strange = foreign(&wire.answers, &questions);
    strange.extend(unknown(wire.materials.keys(), &papers));
    let odd = unknown(wire.commitments.iter(), &promises).into_iter();
    strange.extend(odd.map(|mut fault| {
        fault.path = format!("commitment:{}", fault.path);
        fault
    }));
    if !strange.is_empty() {
        return Err(form(strange));
    }
    let mut posted: Posted = (&wire).into();
    posted.key = once.key;
    let counter = at_counter(procedure, &who.role);
    let submission = match prepared(&who, procedure, counter, &mut posted).await? {
        Ok(submission) => submission,
        Err(mut faults) => {
            // Of a file that is not known it is said why, not that the paper is missing.
            let lost = not_taken(&wire.materials, kept(&posted));
            faults.retain(|fault| !lost.iter().any(|own| own.path == fault.path));
            faults.extend(lost);
            return Err(form(faults));
        }
    };
    match visit.app.store.submit(submission).await {
        Ok(receipt) => Ok(done(&receipt)),
        Err(error) => Err(refused(error, "answers")),
    }
}

/// The papers that were found among those sent.
fn kept(posted: &Posted) -> impl Iterator<Item = &str> {
    let names = posted.answers.keys();
    names.filter_map(|name| name.strip_prefix(KEPT).or(name.strip_prefix(SHARED)))
}

/// What a file is called.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Called {
    #[serde(default)]
    name: String,
}

/// A file that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileWire {
    /// What an application says for it.
    file: String,
    /// Its SHA-256.
    sha256: String,
    /// What it is.
    media_type: &'static str,
    /// Its bytes.
    size: u64,
}

/// Takes a file that applications may name.
pub(crate) async fn take(
    who: SignedIn,
    Asked(called): Asked<Called>,
    body: Sent,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    acting(visit)?;
    let path = paper::waiting(&visit.app.papers, b"").await?;
    let taken = received(body, &path).await;
    let name = intake::called(&called.name);
    let looked = match taken {
        Ok(size) => match intake::examined(&visit.app.scanner, path.clone(), name).await {
            Ok(kind) => Ok((size, kind.media)),
            Err(unfit) => Err(Fault::UnfitFile(unfit.reason())),
        },
        Err(fault) => Err(fault),
    };
    let kept = match looked {
        Ok((size, media)) => {
            let digest = paper::take(&visit.app.papers, &path).await;
            digest.map(|digest| (size, media, hex(&digest)))
        }
        Err(fault) => {
            tokio::fs::remove_file(&path).await.map_err(|error| Fault::broken(&error))?;
            Err(fault)
        }
    };
    let (size, media_type, sha256) = kept?;
    let ticket = visit.session.ticket(&visit.app.secret, &sha256);
    let wire = FileWire { file: format!("{sha256}.{ticket}"), sha256, media_type, size };
    Ok((StatusCode::CREATED, Json(wire)).into_response())
}

/// Writes what comes to a file: how much it was.
async fn received(body: Sent, path: &std::path::Path) -> Result<u64, Fault> {
    let broken = |error: std::io::Error| Fault::broken(&error);
    let mut file = tokio::fs::File::create(path).await.map_err(broken)?;
    let (mut pieces, mut size) = (body.into_data_stream(), 0_u64);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Fault::Unreadable)?;
        size = size.saturating_add(piece.len() as u64);
        if size > FILE_MAX {
            return Err(Fault::UnfitFile(Unfit::TooLarge.reason()));
        }
        file.write_all(&piece).await.map_err(broken)?;
    }
    file.flush().await.map_err(broken)?;
    Ok(size)
}
