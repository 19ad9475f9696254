//! Certificates and lists of revoked ones that a system sends: what certifies the signatures of its
//! rows. Each is judged before it is kept; the same ones again change nothing.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequestParts, Path, State},
    http::{HeaderMap, request::Parts},
};
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use crate::web::{
    app::App,
    fault::Fault,
    taking::{Came, NotSent, Taking, keep_certificates},
    visit::Visit,
};

/// What became of certificates and lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeptWire {
    /// How many are new here.
    kept: usize,
    /// How many certificates that are kept here stand revoked on the lists that came, or came
    /// themselves and stand revoked on lists that are kept.
    revoked: usize,
    /// Those that are not kept.
    refused: Vec<UnkeptWire>,
}

/// A certificate or a list that is not kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnkeptWire {
    /// Its place among those that were sent, from 1.
    place: usize,
    /// The number of the refusal, the same for ever.
    number: u16,
    /// What is wrong with it.
    says: String,
    /// What to do next.
    next: String,
}

/// A turn to send certificates: taken before the body is read, like that of rows.
pub(crate) struct Turn(Taking, OwnedSemaphorePermit);

impl FromRequestParts<App> for Turn {
    type Rejection = Fault;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, Fault> {
        let taking = app.taking.clone().ok_or(Fault::Rows(NotSent::NoLake))?;
        let held = taking.turn().ok_or(Fault::Rows(NotSent::Full))?;
        Ok(Self(taking, held))
    }
}

/// Takes certificates and lists.
pub(crate) async fn take(
    State(app): State<App>,
    visit: Visit,
    Path((source, feed)): Path<(String, String)>,
    Turn(taking, held): Turn,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<KeptWire>, Fault> {
    let (source, feed, at) = (source.as_str(), feed.as_str(), visit.now);
    let came = Came { source, feed, headers: &headers, body: body.clone(), at };
    let sent = came.sent(&app).await?;
    let kept = keep_certificates(&app, &taking, sent, &body, at).await?;
    drop(held);
    let language = visit.words.0;
    let refused = kept.refused.iter().map(|(place, why)| UnkeptWire {
        place: *place,
        number: why.number(),
        says: why.says().to(language).to_owned(),
        next: why.next().to(language).to_owned(),
    });
    Ok(Json(KeptWire { kept: kept.new, revoked: kept.revoked, refused: refused.collect() }))
}
