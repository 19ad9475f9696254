//! Subscriptions: a web address to which changes are pushed, one after the other, as the feed tells
//! them. What is sent is signed as messages are (ADR 20).

use axum::{
    Json,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base::{Reason, Text};
use kernel::EntryNumber;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::subscription::{Subscribed, Subscription, SubscriptionId};
use utoipa::ToSchema;

use super::sent::{Body, Once, acting};
use crate::web::{
    app::Role,
    fault::Fault,
    sending::{public_address, secret},
    session::{hex, unhex},
    visit::AsHolder,
};

/// The most characters of what a subscription is called.
const TITLE_MAX: usize = 60;

/// A subscription that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedWire {
    /// What it is called: the system that is told.
    title: String,
    /// The address that is called, `https://…`.
    url: String,
    /// The ledger number after which changes are sent; from now on where none is said.
    after: Option<u64>,
}

/// A subscription.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubscriptionWire {
    /// Its name.
    id: String,
    /// What it is called.
    title: String,
    /// The body for which changes are seen; absent for those of one's own cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The last ledger entry that was looked at.
    looked: u64,
    /// The last change that was taken; 0 for none.
    sent: u64,
    /// When it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<String>,
    /// How often the next change was tried in vain.
    attempts: u32,
    /// What was wrong the last time.
    #[serde(skip_serializing_if = "String::is_empty")]
    fault: String,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    again_at: Option<String>,
}

/// A subscription that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeWire {
    /// Its name.
    id: String,
    /// The secret that signs what is sent; it is told in this answer alone.
    secret: String,
    /// The ledger number after which changes are sent.
    after: u64,
}

impl From<&Subscription> for SubscriptionWire {
    fn from(own: &Subscription) -> Self {
        Self {
            id: hex(&own.id.0),
            title: own.title.clone(),
            body: own.acting.as_ref().map(ToString::to_string),
            looked: own.looked.0,
            sent: own.sent.0,
            sent_at: own.sent_at.map(|at| at.to_string()),
            attempts: own.attempts,
            fault: own.fault.clone(),
            again_at: (own.attempts > 0).then(|| own.due_at.to_string()),
        }
    }
}

/// The subscriptions of an account.
pub(crate) async fn list(who: AsHolder) -> Result<Json<Vec<SubscriptionWire>>, Fault> {
    let own = who.visit.app.store.subscriptions(who.account).await?;
    Ok(Json(own.iter().map(SubscriptionWire::from).collect()))
}

/// Makes a subscription.
pub(crate) async fn make(
    who: AsHolder,
    once: Once,
    Body(wanted): Body<WantedWire>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let title = wanted.title.trim();
    let private = visit.app.outside.private_hooks;
    let fits = (1..=TITLE_MAX).contains(&title.chars().count());
    if !fits || title.chars().any(char::is_control) {
        return Err(Fault::Misshapen(bad_title()));
    }
    if public_address(&wanted.url, private).is_none() {
        return Err(Fault::Misshapen(bad_address()));
    }
    let role = visit.person().map(|person| person.role.clone()).ok_or(Fault::SignInFirst)?;
    let acting = match &role {
        Role::Officer { body, .. } => Some(body.clone()),
        Role::Applicant { .. } => None,
    };
    let head = visit.app.store.head().await?;
    let digest = Sha256::digest(format!("subscription:{}", once.key));
    let id = digest.first_chunk::<16>().copied().map(SubscriptionId).ok_or(Fault::Broken)?;
    let subscription = Subscription {
        id,
        account: who.account,
        party: role.party(),
        acting,
        title: title.to_owned(),
        made_at: visit.now,
        looked: wanted.after.map_or(head, EntryNumber).min(head),
        sent: EntryNumber(0),
        sent_at: None,
        due_at: visit.now,
        attempts: 0,
        fault: String::new(),
    };
    let secret = secret().ok_or(Fault::Broken)?;
    let address = format!("{} {secret}", wanted.url);
    let kept = match visit.app.store.subscribe(&subscription, &address).await? {
        Subscribed::Made(address) => address,
        Subscribed::TooMany => return Err(Fault::TooManySubscriptions),
    };
    // The same key again brings back what was made with it, and nothing else.
    let Some((_, secret)) = kept.split_once(' ').filter(|(url, _)| *url == wanted.url) else {
        return Err(super::acts::refused(store::SubmitError::KeyReused, "answers"));
    };
    let wire = MadeWire { id: hex(&id.0), secret: secret.to_owned(), after: subscription.looked.0 };
    let place = [(header::LOCATION, format!("/api/subscriptions/{}", wire.id))];
    Ok((StatusCode::CREATED, place, Json(wire)).into_response())
}

/// Ends a subscription.
pub(crate) async fn end(who: AsHolder, Path(id): Path<String>) -> Result<StatusCode, Fault> {
    self::acting(&who.visit)?;
    let id = unhex(&id).and_then(|id| id.try_into().ok()).map(SubscriptionId);
    let id = id.ok_or(Fault::NoSuchPage)?;
    match who.visit.app.store.unsubscribe(who.account, id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Fault::NoSuchPage),
    }
}

fn bad_title() -> Reason {
    let says = Text::new(
        format!("`title` 须为 1 至 {TITLE_MAX} 个字符"),
        format!("`title` has 1 to {TITLE_MAX} characters"),
    );
    Reason { word: "title", says }
}

fn bad_address() -> Reason {
    let says = Text::new(
        "`url` 须为可公开访问的 `https` 地址，不带用户名",
        "`url` must be a public `https` address without a user",
    );
    Reason { word: "url", says }
}
