//! Signing in with an account: by password or by passkey.

use axum::{
    extract::Query as Asked,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use identity::{
    AccountId, Evidence, LoginName, Password, PasswordHash, Throttle,
    passkey::{CredentialId, Signed},
    throttle::{ACCOUNT, ADDRESS},
};
use kernel::BodyId;
use minicbor::{Decode, Encode};
use store::accounts::{Account, Ceremony, Event, NewSession};

use super::minutes_later;
use crate::web::{
    app::Role,
    fault::{Fault, numbered},
    handle::{Query, escaped, is_own, sign_in::with_session},
    kept::KeptForm,
    not_in::NotIn,
    pages::account::{
        door::DoorPage,
        form::{Field, PasskeyAsk},
    },
    posted::Posted,
    session::{Session, random},
    visit::{Visit, page},
};

/// How long the second factor may follow the password, in minutes.
const SECOND_WITHIN: i64 = 10;
/// How long a device's answer may not be used a second time: as long as a session lasts.
const SPENT_MINUTES: i64 = 12 * 60;
/// The characters of what a browser calls itself that are kept.
const BROWSER_MAX: usize = 200;

/// The ways in.
pub(in crate::web) async fn ask(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let (visit, cookie) = with_session(visit);
    let shown = page(&door_page(&visit, &query.then, "", None))?;
    Ok((cookie, shown).into_response())
}

fn door_page(visit: &Visit, then: &str, login: &str, not_in: Option<NotIn>) -> DoorPage {
    let words = visit.words;
    let key = random();
    let elsewhere = visit.app.door.elsewhere.as_ref();
    let failed =
        if not_in == Some(NotIn::WrongLogin) { words.t("not-in-login") } else { String::new() };
    let login = Field::text("login", words.t("login-name"), login)
        .hinted(words.t("login-name-hint"))
        .completed("username webauthn")
        .wrong(failed);
    DoorPage {
        refused: not_in.map(|not_in| not_in.refused(words)).into_iter().collect(),
        passkey: PasskeyAsk::get(visit, &key),
        key,
        fields: vec![login, Field::password("password", words.t("password"), "current-password")],
        elsewhere: elsewhere.map(|site| site.title.to(words.0).to_owned()).unwrap_or_default(),
        go: visit.to(&format!("/sign-in/elsewhere?then={}", escaped(then))),
        sign_up: visit.to(&format!("/sign-up?then={}", escaped(then))),
        then: then.to_owned(),
        frame: visit.frame(),
    }
}

/// The page again, with why somebody was not let in.
fn not_in(visit: &Visit, posted: &Posted, why: NotIn) -> Result<Response, Fault> {
    let shown = page(&door_page(visit, posted.one("then"), posted.one("login"), Some(why)))?;
    Ok(numbered(
        why.number(),
        (axum::http::StatusCode::UNPROCESSABLE_ENTITY, shown).into_response(),
    ))
}

/// What failures are counted for: a name at the door, and from where a request comes.
pub(super) struct Guard {
    name: [u8; 32],
    address: [u8; 32],
}

impl Guard {
    /// The guard of a name of a kind; refuses whoever has been wrong too often.
    pub(super) async fn of(visit: &Visit, kind: &str, name: &str) -> Result<Self, Fault> {
        let accounts = visit.app.store.accounts();
        let guard = Self {
            name: accounts.subject(kind, name),
            address: accounts.subject("address", &visit.address),
        };
        let measures: [([u8; 32], Throttle); 2] = [(guard.name, ACCOUNT), (guard.address, ADDRESS)];
        for (subject, throttle) in measures {
            if let Some(seconds) = accounts.wait(subject, throttle, visit.now).await? {
                return Err(Fault::TooOften(seconds));
            }
        }
        Ok(guard)
    }

    /// Counts a failure.
    pub(super) async fn failed(
        &self,
        visit: &Visit,
        account: Option<AccountId>,
    ) -> Result<(), Fault> {
        let accounts = visit.app.store.accounts();
        accounts.failed(&[self.name, self.address], visit.now).await?;
        if let Some(account) = account {
            accounts.note(account, Event::Failed, "", visit.now).await?;
        }
        Ok(())
    }

    /// Forgets the failures of the name; those of the address stay.
    pub(super) async fn forgive(&self, visit: &Visit) -> Result<(), Fault> {
        Ok(visit.app.store.accounts().forgive(self.name).await?)
    }
}

/// Signs in by password. An unknown account takes as long as a wrong password, and is answered
/// alike.
pub(in crate::web) async fn enter(visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let typed = posted.one("login");
    let login = LoginName::parse(typed).ok();
    let name = login.as_ref().map_or(typed, LoginName::as_str);
    let guard = Guard::of(&visit, "login", name).await?;
    let accounts = visit.app.store.accounts();
    let account = match &login {
        Some(login) => accounts.by_login(login).await?,
        None => None,
    };
    let hash = account.as_ref().and_then(|account| account.password.clone());
    let hash = hash.unwrap_or_else(PasswordHash::decoy);
    let password = Password::typed(&posted.all("password").concat());
    let fits = visit.app.door.fits(password.clone(), hash.clone()).await?;
    let Some(account) = account.as_ref().filter(|_| fits) else {
        guard.failed(&visit, account.map(|account| account.id)).await?;
        return not_in(&visit, &posted, NotIn::WrongLogin);
    };
    if hash.dated() {
        let hash = visit.app.door.hash(password).await?;
        accounts.rehash(account.id, &hash).await?;
    }
    if accounts.totp(account.id).await?.is_some() {
        let begun = Begun { account: account.id.0, then: posted.one("then").to_owned() };
        return second_factor(&visit, &begun).await;
    }
    guard.forgive(&visit).await?;
    let entering = Entering::of(account, Evidence::Password, posted.one("then"));
    welcome(&visit, entering).await
}

/// That the password of an account was right.
#[derive(Debug, Encode, Decode)]
pub(super) struct Begun {
    #[cbor(n(0), with = "minicbor::bytes")]
    account: [u8; 16],
    /// The page to go to afterwards.
    #[n(1)]
    pub(super) then: String,
}

impl Begun {
    /// The account.
    pub(super) fn account(&self) -> AccountId {
        AccountId(self.account)
    }
}

async fn second_factor(visit: &Visit, begun: &Begun) -> Result<Response, Fault> {
    let bytes = minicbor::to_vec(begun).unwrap_or_default();
    let until = minutes_later(visit.now, SECOND_WITHIN);
    let accounts = visit.app.store.accounts();
    accounts.keep_for(visit.session.digest(), Ceremony::SecondFactor, &bytes, until).await?;
    Ok(Redirect::to(&visit.to("/sign-in/second")).into_response())
}

/// Signs in by passkey, which counts for both factors: its device has verified the holder.
pub(in crate::web) async fn passkey(visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let guard = Guard::of(&visit, "passkey", &visit.address).await?;
    match passkey_account(&visit, &posted).await? {
        Some(account) => {
            let entering = Entering::of(&account, Evidence::Passkey, posted.one("then"));
            welcome(&visit, entering).await
        }
        None => {
            guard.failed(&visit, None).await?;
            not_in(&visit, &posted, NotIn::WrongPasskey)
        }
    }
}

/// The account of a device's answer, if the answer is taken.
async fn passkey_account(visit: &Visit, posted: &Posted) -> Result<Option<Account>, Fault> {
    let bytes = |name: &str| Base64UrlUnpadded::decode_vec(posted.one(name)).unwrap_or_default();
    let accounts = visit.app.store.accounts();
    let Some(kept) = accounts.passkey(&CredentialId(bytes("credential"))).await? else {
        return Ok(None);
    };
    let (client_data, authenticator) = (bytes("client-data"), bytes("authenticator"));
    let (signature, handle) = (bytes("signature"), bytes("handle"));
    let challenge = visit.session.challenge(&visit.app.secret, &posted.key);
    let signed =
        Signed { client_data: &client_data, authenticator: &authenticator, signature: &signature };
    let before = kept.passkey.counter;
    let after = match visit.app.door.site().signed(&challenge, kept.passkey, signed) {
        Ok(after) if handle == kept.account.0 => after,
        Ok(_) => return Ok(None),
        Err(fault) => {
            accounts.note(kept.account, Event::Failed, "passkey", visit.now).await?;
            eprintln!("yiyang: a passkey was not taken: {fault}");
            return Ok(None);
        }
    };
    // A device signs each challenge once.
    let until = minutes_later(visit.now, SPENT_MINUTES);
    let fresh = accounts.spend(challenge.0, until).await?;
    if !fresh || !accounts.count_passkey(before, &after, visit.now).await? {
        return Ok(None);
    }
    Ok(accounts.account(kept.account).await?)
}

/// Somebody who has shown who they are.
pub(in crate::web) struct Entering {
    /// The account; none for an invented person.
    pub(in crate::web) account: Option<AccountId>,
    /// What a demonstration calls an invented person; empty for an account.
    pub(in crate::web) person: String,
    /// For whom they act; for an account, which body is looked up.
    pub(in crate::web) role: Role,
    /// By what they showed it.
    pub(in crate::web) evidence: Evidence,
    /// The page they came for; empty for none.
    pub(in crate::web) then: String,
}

impl Entering {
    /// The holder of an account.
    pub(super) fn of(account: &Account, evidence: Evidence, then: &str) -> Self {
        Self {
            account: Some(account.id),
            person: String::new(),
            role: Role::Applicant { party: account.party },
            evidence,
            then: then.to_owned(),
        }
    }
}

/// Begins the session of somebody who has shown who they are, with a number that was never there
/// before, and leads to where they wanted to go.
pub(in crate::web) async fn welcome(visit: &Visit, entering: Entering) -> Result<Response, Fault> {
    let accounts = visit.app.store.accounts();
    let session = Session::signed_in(visit.now);
    let acting = match entering.account {
        Some(account) => first_office(visit, account).await?,
        None => None,
    };
    let officer = acting.is_some() || matches!(entering.role, Role::Officer { .. });
    let new = NewSession {
        digest: session.digest(),
        account: entering.account,
        person: entering.person.clone(),
        evidence: entering.evidence,
        browser: visit.browser.chars().take(BROWSER_MAX).collect(),
        acting,
    };
    accounts.begin(&new, visit.now).await?;
    if visit.session.somebody() {
        accounts.end(visit.session.digest(), visit.account(), visit.now).await?;
    }
    let who = entering.account.map_or(entering.person, |account| account.to_string());
    let kept = give_back(visit, &session, &who).await?;
    let first = visit.to(if officer { "/inbox" } else { "/cases" });
    let then = Some(entering.then).filter(|then| is_own(then));
    // A form that belongs to somebody else is not given back, so its page would be empty.
    let then = then.filter(|then| kept || !then.ends_with("/resume")).unwrap_or(first);
    let cookie = session.cookie(&visit.app.secret, visit.app.door.secure());
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&then)).into_response())
}

/// The first body for which an account acts today.
async fn first_office(visit: &Visit, account: AccountId) -> Result<Option<BodyId>, Fault> {
    let offices = visit.app.store.accounts().offices(account).await?;
    let today = visit.today();
    Ok(offices.into_iter().find(|office| office.held_on(today)).map(|office| office.body))
}

/// Moves the form that was kept for the browser to the session of whoever had sent it; anybody
/// else's is gone.
async fn give_back(visit: &Visit, session: &Session, who: &str) -> Result<bool, Fault> {
    let accounts = visit.app.store.accounts();
    let kept = accounts.take_for(visit.session.digest(), Ceremony::Form, visit.now).await?;
    let form = kept.as_deref().and_then(KeptForm::read).filter(|form| form.who == who);
    let Some(form) = form else { return Ok(false) };
    let until = KeptForm::until(visit.now);
    accounts.keep_for(session.digest(), Ceremony::Form, &form.to_bytes(), until).await?;
    Ok(true)
}
