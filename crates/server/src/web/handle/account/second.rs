//! The second factor: an app's codes, how it is set up, and what stands in when it is lost.

use axum::response::{IntoResponse, Redirect, Response};
use base64ct::{Base64, Encoding as _};
use identity::{Evidence, LoginName, OneTimeCode, TotpSecret, code::RECOVERY_CODES};
use qrcode::{QrCode, render::svg};
use store::accounts::{Account, Ceremony, CodePurpose};

use super::{
    door::{Begun, Entering, Guard, welcome},
    minutes_later,
    sign_up::mended,
};
use crate::web::{
    door::drawn,
    fault::Fault,
    not_in::NotIn,
    pages::account::{
        codes::CodesPage,
        form::{Field, Figure, FormPage},
        second::SecondPage,
    },
    posted::Posted,
    session::random,
    visit::{AsHolder, Visit, page},
};

/// How long an app may take to be set up, in minutes.
const SET_UP_WITHIN: i64 = 30;
/// How long recovery codes are good, in minutes: ten years.
const RECOVERY_MINUTES: i64 = 10 * 365 * 24 * 60;

/// The form for the code of the app, or for what stands in for it.
pub(in crate::web) async fn ask(visit: Visit) -> Result<Response, Fault> {
    match begun(&visit).await? {
        Some(_) => page(&second_page(&visit, None)),
        None => Ok(Redirect::to(&visit.to("/sign-in/account")).into_response()),
    }
}

async fn begun(visit: &Visit) -> Result<Option<Begun>, Fault> {
    let accounts = visit.app.store.accounts();
    let kept = accounts.kept_for(visit.session.digest(), Ceremony::SecondFactor, visit.now).await?;
    Ok(kept.and_then(|bytes| minicbor::decode(&bytes).ok()))
}

fn second_page(visit: &Visit, wrong: Option<Stands>) -> SecondPage {
    let words = visit.words;
    let elsewhere = visit.app.door.elsewhere.as_ref();
    let told = |stands: Stands| {
        if wrong == Some(stands) { words.t("not-in-code") } else { String::new() }
    };
    let not_in = wrong.map(|_| NotIn::WrongCode.refused(words));
    SecondPage {
        refused: not_in.into_iter().collect(),
        key: random(),
        code: vec![
            Field::text("code", words.t("app-code"), "")
                .hinted(words.t("app-code-hint"))
                .completed("one-time-code")
                .numeric()
                .wrong(told(Stands::App)),
        ],
        recovery: vec![
            Field::text("recovery", words.t("recovery-code"), "")
                .hinted(words.t("recovery-code-hint"))
                .completed("off")
                .wrong(told(Stands::Recovery)),
        ],
        elsewhere: elsewhere.map(|site| site.title.to(words.0).to_owned()).unwrap_or_default(),
        go: visit.to("/sign-in/elsewhere?then="),
        frame: visit.frame(),
    }
}

/// What somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// The code of the app.
    App,
    /// A recovery code.
    Recovery,
}

/// Takes the code of the app.
pub(in crate::web) async fn enter(visit: Visit, posted: Posted) -> Result<Response, Fault> {
    second(&visit, &posted, Stands::App).await
}

/// Takes a recovery code.
pub(in crate::web) async fn recover(visit: Visit, posted: Posted) -> Result<Response, Fault> {
    second(&visit, &posted, Stands::Recovery).await
}

async fn second(visit: &Visit, posted: &Posted, stands: Stands) -> Result<Response, Fault> {
    let Some(begun) = begun(visit).await? else {
        return Ok(Redirect::to(&visit.to("/sign-in/account")).into_response());
    };
    let account = begun.account();
    let guard = Guard::of(visit, "second-factor", &account.to_string()).await?;
    let accounts = visit.app.store.accounts();
    let evidence = match stands {
        Stands::App => {
            let taken = accounts.take_totp(account, posted.one("code"), visit.now).await?;
            taken.then_some(Evidence::PasswordAndCode)
        }
        Stands::Recovery => {
            // A code of somebody else's is not used up by being typed here.
            let code = OneTimeCode::typed(posted.one("recovery"));
            let purpose = CodePurpose::Recovery;
            let used = match &code {
                Some(code)
                    if accounts.code_of(code, purpose, visit.now).await? == Some(account) =>
                {
                    accounts.use_code(code, purpose, visit.now).await?
                }
                _ => None,
            };
            used.map(|_| Evidence::PasswordAndRecovery)
        }
    };
    let Some(evidence) = evidence else {
        guard.failed(visit, Some(account)).await?;
        let shown = page(&second_page(visit, Some(stands)))?;
        let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        let number = NotIn::WrongCode.number();
        return Ok(crate::web::fault::numbered(number, (status, shown).into_response()));
    };
    accounts.take_for(visit.session.digest(), Ceremony::SecondFactor, visit.now).await?;
    guard.forgive(visit).await?;
    let account = accounts.account(account).await?.ok_or(Fault::Broken)?;
    welcome(visit, Entering::of(&account, evidence, &begun.then)).await
}

/// The page on which an app is set up, with a secret that is kept until its first code comes.
pub(in crate::web) async fn set_up(who: AsHolder) -> Result<Response, Fault> {
    let visit = &who.visit;
    let accounts = visit.app.store.accounts();
    let account = accounts.account(who.account).await?.ok_or(Fault::Broken)?;
    let secret = TotpSecret::from_bytes(drawn()?);
    let until = minutes_later(visit.now, SET_UP_WITHIN);
    let (digest, kind) = (visit.session.digest(), Ceremony::TotpSetUp);
    accounts.keep_for(digest, kind, &secret.to_bytes(), until).await?;
    page(&app_page(visit, &account, &secret, None))
}

fn app_page(
    visit: &Visit,
    account: &Account,
    secret: &TotpSecret,
    not_in: Option<NotIn>,
) -> FormPage {
    let words = visit.words;
    let site = visit.pack().title.to(words.0);
    let login = account.login.as_ref().map_or(account.name.as_str(), LoginName::as_str);
    let wrong = if not_in.is_some() { words.t("not-in-code") } else { String::new() };
    FormPage {
        refused: not_in.map(|not_in| not_in.refused(words)).into_iter().collect(),
        title: words.t("app-set-up"),
        lead: words.t("app-set-up-lead"),
        action: visit.to("/account/app"),
        key: random(),
        fields: vec![
            Field::text("code", words.t("app-code"), "")
                .hinted(words.t("app-code-hint"))
                .completed("one-time-code")
                .numeric()
                .wrong(wrong),
        ],
        button: words.t("app-set-up-do"),
        figure: Some(Figure {
            picture: picture(&secret.address(site, login)),
            says: words.t("app-qr"),
            typed: secret.typed(),
            typed_title: words.t("app-secret"),
        }),
        ..FormPage::empty(visit.frame())
    }
}

/// A text as a QR code, as an address that a page shows without asking for it.
fn picture(text: &str) -> String {
    let Ok(code) = QrCode::new(text.as_bytes()) else { return String::new() };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    format!("data:image/svg+xml;base64,{}", Base64::encode_string(drawn.as_bytes()))
}

/// Takes the first code of an app, and gives recovery codes to those who have none.
pub(in crate::web) async fn confirm(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let guard = Guard::of(visit, "second-factor", &who.account.to_string()).await?;
    let accounts = visit.app.store.accounts();
    let (digest, kind) = (visit.session.digest(), Ceremony::TotpSetUp);
    let kept = accounts.kept_for(digest, kind, visit.now).await?;
    let secret = kept.and_then(|bytes| <[u8; 20]>::try_from(bytes).ok());
    let Some(secret) = secret.map(TotpSecret::from_bytes) else {
        return Ok(Redirect::to(&visit.to("/account/app")).into_response());
    };
    let account = accounts.account(who.account).await?.ok_or(Fault::Broken)?;
    let Some(step) = secret.taken(posted.one("code"), visit.now, None) else {
        guard.failed(visit, None).await?;
        let wrong = Some(NotIn::WrongCode);
        return mended(&app_page(visit, &account, &secret, wrong), wrong);
    };
    accounts.take_for(digest, kind, visit.now).await?;
    accounts.set_totp((who.account, digest), &secret, step, visit.now).await?;
    recovery_codes(&who).await
}

/// Makes new recovery codes and shows them, once.
pub(in crate::web) async fn codes(who: AsHolder, _: Posted) -> Result<Response, Fault> {
    recovery_codes(&who).await
}

async fn recovery_codes(who: &AsHolder) -> Result<Response, Fault> {
    let visit = &who.visit;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        codes.push(OneTimeCode::new(drawn()?));
    }
    let until = minutes_later(visit.now, RECOVERY_MINUTES);
    let purpose = CodePurpose::Recovery;
    let accounts = visit.app.store.accounts();
    accounts.set_codes(who.account, purpose, &codes, until, visit.now).await?;
    page(&CodesPage {
        title: visit.words.t("recovery-codes"),
        lead: visit.words.t("recovery-codes-lead"),
        codes: codes.iter().map(OneTimeCode::shown).collect(),
        back: visit.to("/account"),
        frame: visit.frame(),
    })
}

/// Removes the app. Every session of an account with an app began with more than a password.
pub(in crate::web) async fn remove(who: AsHolder, _: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    visit.app.store.accounts().remove_totp(who.account, visit.now).await?;
    Ok(Redirect::to(&visit.to("/account?done=app-removed#second")).into_response())
}
