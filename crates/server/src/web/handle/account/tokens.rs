//! Tokens by which programs act as the holder of an account (ADR 26): made, shown once, ended.

use axum::response::{IntoResponse, Redirect, Response};
use base::{Date, Instant};
use kernel::BodyId;
use sha2::{Digest as _, Sha256};
use store::{
    accounts::{TOKENS_MAX, Token, TokenDigest},
    subscription::SubscriptionId,
};

use crate::web::{
    fault::Fault,
    pages::account::{
        form::Field,
        tokens::{SubscriptionLine, TokenLine, TokensPage},
    },
    posted::Posted,
    question::Offered,
    session::{hex, random, unhex},
    visit::{AsHolder, Visit, page},
};

/// The most characters of what a token is called.
const TITLE_MAX: usize = 60;
/// The longest that a token is good, in months.
pub(crate) const TOKEN_MONTHS_MAX: u32 = 12;

/// What somebody wrote to have a token made, with what is wrong.
#[derive(Default)]
struct Written {
    title: String,
    until: String,
    acting: String,
    reads_only: bool,
    title_wrong: String,
    until_wrong: String,
    /// What the program says, once it is made.
    made: String,
}

/// The page.
pub(in crate::web) async fn show(who: AsHolder) -> Result<Response, Fault> {
    let today = who.visit.today();
    let until = today.plus_months(TOKEN_MONTHS_MAX).unwrap_or(today).to_string();
    page(&tokens_page(&who, Written { until, ..Written::default() }).await?)
}

async fn tokens_page(who: &AsHolder, written: Written) -> Result<TokensPage, Fault> {
    let visit = &who.visit;
    let (words, shown) = (visit.words, visit.shown());
    let tokens = visit.app.store.accounts().tokens(who.account, visit.today()).await?;
    let body = |acting: &Option<BodyId>| match acting {
        Some(body) => shown.body(body),
        None => words.t("tokens-self"),
    };
    let lines = tokens.iter().map(|token| TokenLine {
        id: hex(&token.digest.0),
        title: token.title.clone(),
        acting: body(&token.acting),
        reads_only: token.reads_only,
        until: token.until.to_string(),
        used: match token.used_at {
            Some(at) => words.with("tokens-used", &shown.moment(at)),
            None => words.t("tokens-unused"),
        },
    });
    let subscriptions = visit.app.store.subscriptions(who.account).await?;
    let subscriptions = subscriptions.iter().map(|own| SubscriptionLine {
        id: hex(&own.id.0),
        title: own.title.clone(),
        acting: body(&own.acting),
        stands: match own.sent_at {
            Some(at) => {
                let (number, at) = (own.sent.0.to_string(), shown.moment(at));
                words.with_both("subscriptions-took", &number, &at)
            }
            None => words.t("subscriptions-none-taken"),
        },
        fault: own.fault.clone(),
    });
    let bodies = bodies(visit, who).await?;
    let myself = Offered {
        value: String::new(),
        title: words.t("tokens-self"),
        chosen: written.acting.is_empty(),
    };
    let offered = bodies.iter().map(|body| Offered {
        value: body.to_string(),
        title: shown.body(body),
        chosen: written.acting == body.to_string(),
    });
    Ok(TokensPage {
        key: random(),
        made: written.made,
        tokens: lines.collect(),
        subscriptions: subscriptions.collect(),
        fields: vec![
            Field::text("title", words.t("tokens-title"), &written.title)
                .hinted(words.t("tokens-title-hint"))
                .completed("off")
                .wrong(written.title_wrong),
            Field::text("until", words.t("tokens-until"), &written.until)
                .hinted(words.t("day-hint"))
                .wrong(written.until_wrong),
        ],
        acting: std::iter::once(myself).chain(offered).collect(),
        reads_only: written.reads_only,
        frame: visit.frame(),
    })
}

/// The bodies for which the holder acts today.
async fn bodies(visit: &Visit, who: &AsHolder) -> Result<Vec<BodyId>, Fault> {
    let offices = visit.app.store.accounts().offices(who.account).await?;
    let held = offices.into_iter().filter(|office| office.held_on(visit.today()));
    Ok(held.map(|office| office.body).collect())
}

/// Makes a token and shows it, this once.
pub(in crate::web) async fn make(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let words = visit.words;
    let mut written = Written {
        title: posted.one("title").to_owned(),
        until: posted.one("until").to_owned(),
        acting: posted.one("acting").to_owned(),
        reads_only: posted.one("reads") == "yes",
        ..Written::default()
    };
    if written.title.is_empty() || written.title.chars().count() > TITLE_MAX {
        written.title_wrong = words.with("tokens-no-title", &TITLE_MAX.to_string());
    }
    let today = visit.today();
    let last = today.plus_months(TOKEN_MONTHS_MAX).unwrap_or(today);
    let until = match Date::parse(&written.until) {
        Ok(until) if (today..=last).contains(&until) => Some(until),
        Ok(_) => {
            written.until_wrong = words.t("tokens-bad-until");
            None
        }
        Err(reason) => {
            written.until_wrong = reason.says.to(words.0).to_owned();
            None
        }
    };
    let acting = match written.acting.as_str() {
        "" => None,
        text => {
            let held = bodies(visit, &who).await?;
            let body = BodyId::parse(text).filter(|body| held.contains(body));
            Some(body.ok_or(Fault::Unreadable)?)
        }
    };
    let (Some(until), true) = (until, written.title_wrong.is_empty()) else {
        return page(&tokens_page(&who, written).await?);
    };
    let (said, mut token) = new_token(&written.title, until, visit.now);
    (token.acting, token.reads_only) = (acting, written.reads_only);
    if !visit.app.store.accounts().make_token(who.account, &token, today).await? {
        written.title_wrong = words.with("tokens-too-many", &TOKENS_MAX.to_string());
        return page(&tokens_page(&who, written).await?);
    }
    let made = Written { made: said, until: last.to_string(), ..Written::default() };
    page(&tokens_page(&who, made).await?)
}

/// A new token with what a program says, which is kept nowhere.
pub(crate) fn new_token(title: &str, until: Date, made_at: Instant) -> (String, Token) {
    let said = format!("yy_{}{}", random(), random());
    let token = Token {
        digest: TokenDigest(Sha256::digest(said.as_bytes()).into()),
        title: title.to_owned(),
        acting: None,
        reads_only: false,
        until,
        made_at,
        used_at: None,
    };
    (said, token)
}

/// Ends a token.
pub(in crate::web) async fn end(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let digest = unhex(posted.one("id")).and_then(|bytes| bytes.try_into().ok());
    let digest = TokenDigest(digest.ok_or(Fault::Unreadable)?);
    visit.app.store.accounts().end_token(who.account, digest, visit.now).await?;
    Ok(Redirect::to(&visit.to("/account/tokens")).into_response())
}

/// Ends a subscription.
pub(in crate::web) async fn unsubscribe(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let id = unhex(posted.one("id")).and_then(|bytes| bytes.try_into().ok());
    let id = SubscriptionId(id.ok_or(Fault::Unreadable)?);
    visit.app.store.unsubscribe(who.account, id).await?;
    Ok(Redirect::to(&visit.to("/account/tokens")).into_response())
}
