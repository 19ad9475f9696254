//! Adding and removing passkeys.

use axum::response::{IntoResponse, Redirect, Response};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use identity::{
    LoginName,
    passkey::{CredentialId, Made},
};

use super::{door::Guard, minutes_later, sign_up::mended};
use crate::web::{
    fault::Fault,
    not_in::NotIn,
    pages::account::form::{Field, FormPage, PasskeyAsk},
    posted::Posted,
    session::random,
    visit::{AsHolder, page},
};

/// The most characters of a passkey's title.
const TITLE_MAX: usize = 60;
/// How long an answer may not be used a second time, in minutes.
const SPENT_MINUTES: i64 = 12 * 60;

/// The page on which a passkey is added.
pub(in crate::web) async fn ask(who: AsHolder) -> Result<Response, Fault> {
    page(&passkey_page(&who, None).await?)
}

async fn passkey_page(who: &AsHolder, not_in: Option<NotIn>) -> Result<FormPage, Fault> {
    let visit = &who.visit;
    let words = visit.words;
    let accounts = visit.app.store.accounts();
    let account = accounts.account(who.account).await?.ok_or(Fault::Broken)?;
    let known = accounts.passkeys(who.account).await?;
    let known: Vec<String> =
        known.iter().map(|kept| Base64UrlUnpadded::encode_string(&kept.passkey.id.0)).collect();
    let key = random();
    let login = account.login.as_ref().map_or(account.name.as_str(), LoginName::as_str);
    Ok(FormPage {
        refused: not_in.map(|not_in| not_in.refused(words)).into_iter().collect(),
        title: words.t("passkey-add"),
        lead: words.t("passkey-add-lead"),
        action: visit.to("/account/passkeys"),
        passkey: Some(PasskeyAsk::create(visit, &key, who.account, (login, &account.name), &known)),
        key,
        fields: vec![
            Field::text("title", words.t("passkey-title"), "")
                .hinted(words.t("passkey-title-hint"))
                .completed("off"),
        ],
        button: words.t("passkey-add-do"),
        ..FormPage::empty(visit.frame())
    })
}

/// Adds the passkey that a device has made.
pub(in crate::web) async fn add(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let guard = Guard::of(visit, "passkey", &visit.address).await?;
    let bytes = |name: &str| Base64UrlUnpadded::decode_vec(posted.one(name)).unwrap_or_default();
    let (client_data, attestation) = (bytes("client-data"), bytes("attestation"));
    let made = Made { client_data: &client_data, attestation: &attestation };
    let challenge = visit.session.challenge(&visit.app.secret, &posted.key);
    let accounts = visit.app.store.accounts();
    let passkey = match visit.app.door.site().made(&challenge, made) {
        Ok(passkey) => passkey,
        Err(fault) => {
            eprintln!("yiyang: a passkey was not taken: {fault}");
            guard.failed(visit, None).await?;
            let why = Some(NotIn::WrongPasskey);
            return mended(&passkey_page(&who, why).await?, why);
        }
    };
    let title: String = posted.one("title").chars().take(TITLE_MAX).collect();
    let title = if title.is_empty() { visit.words.t("passkey") } else { title };
    let fresh = accounts.spend(challenge.0, minutes_later(visit.now, SPENT_MINUTES)).await?;
    if !fresh || !accounts.add_passkey(who.account, &passkey, &title, visit.now).await? {
        let why = Some(NotIn::PasskeyKnown);
        return mended(&passkey_page(&who, why).await?, why);
    }
    Ok(Redirect::to(&visit.to("/account?done=passkey-added#passkeys")).into_response())
}

/// Removes a passkey.
pub(in crate::web) async fn remove(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let id = Base64UrlUnpadded::decode_vec(posted.one("passkey")).unwrap_or_default();
    let accounts = visit.app.store.accounts();
    accounts.remove_passkey(who.account, &CredentialId(id), visit.now).await?;
    Ok(Redirect::to(&visit.to("/account?done=passkey-removed#passkeys")).into_response())
}
