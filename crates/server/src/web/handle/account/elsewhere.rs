//! Signing in through another site: there, and back.

use std::collections::BTreeMap;

use axum::{
    extract::Query as Asked,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base::{Language, id};
use identity::{
    AccountId, Evidence, Proof,
    provider::{Errand, ProviderFault, Said, Secret},
};
use kernel::PartyId;
use minicbor::{Decode, Encode};
use store::accounts::{Account, Ceremony, NewAccount, Proved};

use super::{
    door::{Entering, Guard, welcome},
    minutes_later,
};
use crate::web::{
    door::{Elsewhere, drawn},
    fault::{Fault, numbered},
    handle::{Query, sign_in::with_session},
    not_in::NotIn,
    pages::account::form::FormPage,
    session::random,
    visit::{Visit, page},
    words::Words,
};

/// The address to which the other site sends people back.
pub(crate) const BACK: &str = "/oidc/callback";
/// How long somebody may stay at the other site, in minutes.
const AWAY_MINUTES: i64 = 15;

/// What is kept while somebody is at the other site.
#[derive(Debug, Encode, Decode)]
struct Away {
    #[n(0)]
    state: String,
    #[n(1)]
    nonce: String,
    #[n(2)]
    verifier: String,
    #[n(3)]
    then: String,
    #[n(4)]
    chinese: bool,
}

/// Sends somebody to the other site. A link leads here, for a form may only be sent to this site.
pub(in crate::web) async fn go(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let Some(site) = visit.app.door.elsewhere.as_ref() else { return Err(Fault::NoSuchPage) };
    let (visit, cookie) = with_session(visit.clone());
    let errand = Errand::new(drawn()?);
    let address = match site.address(&errand).await {
        Ok(address) => address,
        Err(fault) => return not_elsewhere(&visit, &fault),
    };
    let away = Away {
        state: errand.state,
        nonce: errand.nonce,
        verifier: errand.verifier.0,
        then: query.then,
        chinese: visit.words.0 == Language::Zh,
    };
    let bytes = minicbor::to_vec(&away).unwrap_or_default();
    let until = minutes_later(visit.now, AWAY_MINUTES);
    let accounts = visit.app.store.accounts();
    accounts.keep_for(visit.session.digest(), Ceremony::Provider, &bytes, until).await?;
    Ok((cookie, Redirect::to(&address)).into_response())
}

fn not_elsewhere(visit: &Visit, fault: &ProviderFault) -> Result<Response, Fault> {
    eprintln!("yiyang: {fault}");
    not_in(visit, NotIn::NotElsewhere)
}

/// A page that says why somebody is not let in, and leads back to the ways in.
fn not_in(visit: &Visit, why: NotIn) -> Result<Response, Fault> {
    let (visit, cookie) = with_session(visit.clone());
    let words = visit.words;
    let shown = FormPage {
        refused: vec![why.refused(words)],
        title: words.t("not-signed-in"),
        links: vec![crate::web::frame::Link {
            href: visit.to("/sign-in/account"),
            text: words.t("sign-in"),
        }],
        key: random(),
        ..FormPage::empty(visit.frame())
    };
    let response = (StatusCode::UNPROCESSABLE_ENTITY, cookie, page(&shown)?).into_response();
    Ok(numbered(why.number(), response))
}

/// Takes somebody back from the other site.
pub(in crate::web) async fn back(
    mut visit: Visit,
    Asked(returned): Asked<BTreeMap<String, String>>,
) -> Result<Response, Fault> {
    let app = visit.app.clone();
    let Some(site) = app.door.elsewhere.as_ref() else { return Err(Fault::NoSuchPage) };
    let guard = Guard::of(&visit, "elsewhere", &visit.address).await?;
    let (digest, kind) = (visit.session.digest(), Ceremony::Provider);
    let kept = app.store.accounts().take_for(digest, kind, visit.now).await?;
    let away: Option<Away> = kept.and_then(|bytes| minicbor::decode(&bytes).ok());
    let Some(away) = away else {
        guard.failed(&visit, None).await?;
        return not_elsewhere(&visit, &ProviderFault::OtherErrand);
    };
    visit.words = Words(if away.chinese { Language::Zh } else { Language::En });
    let Away { state, nonce, verifier, then, .. } = away;
    let errand = Errand { state, nonce, verifier: Secret(verifier) };
    let said = match site.redeem(errand, &returned, visit.now).await {
        Ok(said) => said,
        Err(fault) => {
            guard.failed(&visit, None).await?;
            return not_elsewhere(&visit, &fault);
        }
    };
    match account_of(&visit, site, &said).await? {
        Ok(account) => welcome(&visit, Entering::of(&account, Evidence::Provider, &then)).await,
        Err(why) => not_in(&visit, why),
    }
}

/// The account of the other site's user: the one it has, the one signed in, or a new one; with what
/// the other site says of the identity number.
async fn account_of(
    visit: &Visit,
    site: &Elsewhere,
    said: &Said,
) -> Result<Result<Account, NotIn>, Fault> {
    let accounts = visit.app.store.accounts();
    let known = accounts.by_provider(&said.issuer, &said.subject).await?;
    let number = said.number.clone().filter(|number| id::check(site.number_kind, number).is_ok());
    let number = number.map(|number| (site.number_kind.name(), number));
    let own = known.as_ref().map(|account| account.id).or(visit.account());
    if let Some((kind, number)) = &number {
        let holder = accounts.by_number(kind, number).await?;
        if holder.is_some_and(|holder| Some(holder.id) != own) {
            return Ok(Err(NotIn::NumberElsewhere));
        }
    }
    let id = match own {
        Some(id) => id,
        None => new_account(visit, said).await?,
    };
    if known.is_none() {
        accounts.tie(id, &said.issuer, &said.subject, visit.now).await?;
    }
    if let Some((kind, number)) = &number {
        let proof = Proof::Asserted { issuer: said.issuer.clone(), at: visit.now };
        let proved = accounts.prove(id, (kind, number), &proof, visit.now).await?;
        if proved == Proved::OtherAccount {
            return Ok(Err(NotIn::NumberElsewhere));
        }
    }
    Ok(Ok(accounts.account(id).await?.ok_or(Fault::Broken)?))
}

async fn new_account(visit: &Visit, said: &Said) -> Result<AccountId, Fault> {
    let new = NewAccount {
        id: AccountId(drawn()?),
        party: PartyId(drawn()?),
        name: said.name.clone().unwrap_or_else(|| visit.words.t("nameless")),
        login: None,
        password: None,
    };
    visit.app.store.accounts().sign_up(&new, visit.now).await?;
    Ok(new.id)
}
