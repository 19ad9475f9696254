//! Making an account, and taking up an invitation.

use axum::{
    extract::Query as Asked,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base::Reason;
use identity::{AccountId, Evidence, LoginName, OneTimeCode, Password};
use kernel::PartyId;
use store::accounts::{CodePurpose, NewAccount};

use super::door::{Entering, Guard, welcome};
use crate::web::{
    door::drawn,
    fault::{Fault, numbered},
    handle::{Query, sign_in::with_session},
    not_in::NotIn,
    pages::account::form::{Field, FormPage},
    posted::Posted,
    session::random,
    visit::{Visit, page},
};

/// The most characters of a name.
const NAME_MAX: usize = 100;

/// What somebody wrote to make an account, with what is wrong.
#[derive(Default)]
struct Written {
    name: String,
    login: String,
    then: String,
    name_wrong: String,
    login_wrong: String,
    password_wrong: String,
}

/// The form for a new account.
pub(in crate::web) async fn ask(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let (visit, cookie) = with_session(visit);
    let written = Written { then: query.then, ..Written::default() };
    Ok((cookie, page(&sign_up_page(&visit, written, None))?).into_response())
}

fn sign_up_page(visit: &Visit, written: Written, not_in: Option<NotIn>) -> FormPage {
    let words = visit.words;
    FormPage {
        refused: not_in.map(|not_in| not_in.refused(words)).into_iter().collect(),
        title: words.t("sign-up"),
        lead: words.t("sign-up-lead"),
        action: visit.to("/sign-up"),
        key: random(),
        hidden: vec![("then", written.then)],
        fields: vec![
            Field::text("name", words.t("your-name"), &written.name)
                .completed("name")
                .wrong(written.name_wrong),
            Field::text("login", words.t("login-name"), &written.login)
                .hinted(words.t("login-name-hint"))
                .completed("username")
                .wrong(written.login_wrong),
            Field::password("password", words.t("password"), "new-password")
                .hinted(words.t("password-hint"))
                .wrong(written.password_wrong),
        ],
        button: words.t("sign-up-do"),
        ..FormPage::empty(visit.frame())
    }
}

/// A page with what is wrong, and the status and number that say so.
pub(super) fn mended(shown: &FormPage, not_in: Option<NotIn>) -> Result<Response, Fault> {
    let response = (StatusCode::UNPROCESSABLE_ENTITY, page(shown)?).into_response();
    Ok(match not_in {
        Some(not_in) => numbered(not_in.number(), response),
        None => response,
    })
}

/// Makes an account and signs its holder in.
pub(in crate::web) async fn enter(visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let guard = Guard::of(&visit, "sign-up", &visit.address).await?;
    let words = visit.words;
    let says = |reason: Reason| reason.says.to(words.0).to_owned();
    let name = posted.one("name");
    let login = LoginName::parse(posted.one("login"));
    let site = visit.pack().title.to(words.0).to_owned();
    let about = [name, posted.one("login"), &site];
    let password = Password::new(&posted.all("password").concat(), &about);
    let fits = !name.is_empty() && name.chars().count() <= NAME_MAX;
    let name_wrong = if fits { String::new() } else { words.t("name-needed") };
    let mut written = Written {
        name: name.to_owned(),
        login: posted.one("login").to_owned(),
        then: posted.one("then").to_owned(),
        name_wrong,
        login_wrong: login.clone().err().map(says).unwrap_or_default(),
        password_wrong: password.clone().err().map(says).unwrap_or_default(),
    };
    let (true, Ok(login), Ok(password)) = (fits, login, password) else {
        return mended(&sign_up_page(&visit, written, None), None);
    };
    let new = NewAccount {
        id: AccountId(drawn()?),
        party: PartyId(drawn()?),
        name: name.to_owned(),
        login: Some(login),
        password: Some(visit.app.door.hash(password).await?),
    };
    let accounts = visit.app.store.accounts();
    if !accounts.sign_up(&new, visit.now).await? {
        // Whoever tries many names to learn which are taken has to wait like a guesser.
        guard.failed(&visit, None).await?;
        written.login_wrong = words.t("not-in-taken");
        let shown = sign_up_page(&visit, written, Some(NotIn::LoginTaken));
        return mended(&shown, Some(NotIn::LoginTaken));
    }
    let account = accounts.account(new.id).await?.ok_or(Fault::Broken)?;
    welcome(&visit, Entering::of(&account, Evidence::Password, posted.one("then"))).await
}

/// The form that takes up an invitation.
pub(in crate::web) async fn invited(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let (visit, cookie) = with_session(visit);
    let shown = invited_page(&visit, &query.code, String::new(), None);
    Ok((cookie, page(&shown)?).into_response())
}

fn invited_page(visit: &Visit, code: &str, wrong: String, not_in: Option<NotIn>) -> FormPage {
    let words = visit.words;
    let code_wrong = if not_in.is_some() { words.t("not-in-invitation") } else { String::new() };
    FormPage {
        refused: not_in.map(|not_in| not_in.refused(words)).into_iter().collect(),
        title: words.t("invited"),
        lead: words.t("invited-lead"),
        action: visit.to("/invited"),
        key: random(),
        fields: vec![
            Field::text("code", words.t("one-time-code"), code).completed("off").wrong(code_wrong),
            Field::password("password", words.t("password-new"), "new-password")
                .hinted(words.t("password-hint"))
                .wrong(wrong),
        ],
        button: words.t("invited-do"),
        ..FormPage::empty(visit.frame())
    }
}

/// Sets the password of whoever was invited, and signs them in.
pub(in crate::web) async fn accept(visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let guard = Guard::of(&visit, "invitation", &visit.address).await?;
    let accounts = visit.app.store.accounts();
    let purpose = CodePurpose::Invitation;
    let code = OneTimeCode::typed(posted.one("code"));
    let account = match &code {
        Some(code) => accounts.code_of(code, purpose, visit.now).await?,
        None => None,
    };
    let account = match account {
        Some(account) => accounts.account(account).await?,
        None => None,
    };
    let over = async || {
        guard.failed(&visit, None).await?;
        let over = NotIn::InvitationOver;
        let shown = invited_page(&visit, posted.one("code"), String::new(), Some(over));
        mended(&shown, Some(over))
    };
    let (Some(code), Some(account)) = (code, account) else { return over().await };
    let login = account.login.as_ref().map(LoginName::as_str).unwrap_or_default();
    let typed = posted.all("password").concat();
    let password = match Password::new(&typed, &[&account.name, login]) {
        Ok(password) => password,
        Err(reason) => {
            let wrong = reason.says.to(visit.words.0).to_owned();
            return mended(&invited_page(&visit, posted.one("code"), wrong, None), None);
        }
    };
    let hash = visit.app.door.hash(password).await?;
    if accounts.use_code(&code, purpose, visit.now).await?.is_none() {
        return over().await;
    }
    accounts.set_password(account.id, &hash, None, visit.now).await?;
    welcome(&visit, Entering::of(&account, Evidence::Invitation, "")).await
}
