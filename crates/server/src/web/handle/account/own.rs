//! One's own account: by what one signs in, where one is signed in, what happened, who read.

use std::collections::{BTreeMap, btree_map::Entry};

use axum::{
    extract::Query as Asked,
    response::{IntoResponse, Redirect, Response},
};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use identity::{Evidence, LoginName, OneTimeCode, Password, Proof};
use kernel::{Actor, CaseId, PartyId};
use store::{
    PAPER, Reading,
    accounts::{Account, CodePurpose, Event, Happening, SessionDigest},
};

use super::{door::Guard, minutes_later, sign_up::mended};
use crate::web::{
    app::Role,
    door::drawn,
    fault::Fault,
    frame::Link,
    handle::{Query, behalf::SEALED},
    not_in::NotIn,
    pages::account::{
        codes::CodesPage,
        form::{Field, FormPage},
        own::{AccountPage, Happened, OfficeLine, PasskeyLine, SessionLine},
        reads::{Read, ReadsPage},
    },
    posted::Posted,
    question::title_of,
    session::{hex, random, unhex},
    shown::Shown,
    visit::{AsHolder, SignedIn, Visit, page},
    words::Words,
};

/// How much of what happened a page shows.
const HAPPENED_MAX: u32 = 50;
/// How long a code for a counter is good, in minutes.
const COUNTER_WITHIN: i64 = 30;

/// One's own account.
pub(in crate::web) async fn show(
    who: AsHolder,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let (accounts, words) = (visit.app.store.accounts(), visit.words);
    let account = accounts.account(who.account).await?.ok_or(Fault::Broken)?;
    let shown = visit.shown();
    let own = visit.session.digest();
    let sessions = accounts.sessions(who.account, visit.now).await?;
    let sessions = sessions.into_iter().map(|session| SessionLine {
        id: hex(&session.digest.0),
        here: session.digest == own,
        browser: browser(words, &session.browser),
        evidence: evidence(words, session.evidence),
        began: shown.moment(session.began_at),
        seen: shown.moment(session.seen_at),
    });
    let passkeys = accounts.passkeys(who.account).await?;
    let passkeys = passkeys.into_iter().map(|kept| PasskeyLine {
        id: Base64UrlUnpadded::encode_string(&kept.passkey.id.0),
        title: kept.title,
        made: shown.moment(kept.made_at),
        used: kept.used_at.map(|at| shown.moment(at)).unwrap_or_default(),
    });
    let happened = accounts.happenings(who.account, HAPPENED_MAX).await?;
    let (offices, acts) = offices(visit, who.account).await?;
    let app = accounts.totp(who.account).await?.is_some();
    page(&AccountPage {
        done: done(words, &query.done),
        name: account.name.clone(),
        login: account.login.as_ref().map(LoginName::to_string).unwrap_or_default(),
        proof: proof(shown, &account),
        has_password: account.password.is_some(),
        app,
        codes_left: accounts.codes_left(who.account, CodePurpose::Recovery, visit.now).await?,
        passkeys: passkeys.collect(),
        sessions: sessions.collect(),
        happened: happened.iter().map(|one| happening(shown, one)).collect(),
        offices,
        acts,
        frame: visit.frame(),
    })
}

/// The bodies for which an account acts or may act today, and whether it acts for one now.
async fn offices(
    visit: &Visit,
    account: identity::AccountId,
) -> Result<(Vec<OfficeLine>, bool), Fault> {
    let acting = match visit.person().map(|person| &person.role) {
        Some(Role::Officer { body, .. }) => Some(body.clone()),
        _ => None,
    };
    let shown = visit.shown();
    let offices = visit.app.store.accounts().offices(account).await?;
    let lines =
        offices.iter().filter(|office| office.held_on(shown.day)).map(|office| OfficeLine {
            body: office.body.to_string(),
            title: shown.body(&office.body),
            from: office.from.to_string(),
            until: office.until.map(|until| until.to_string()).unwrap_or_default(),
            now: acting.as_ref() == Some(&office.body),
        });
    Ok((lines.collect(), acting.is_some()))
}

fn done(words: Words, word: &str) -> String {
    match word {
        "password" => words.t("done-password"),
        "app-removed" => words.t("done-app-removed"),
        "passkey-added" => words.t("done-passkey-added"),
        "passkey-removed" => words.t("done-passkey-removed"),
        "session" => words.t("done-session"),
        _ => String::new(),
    }
}

fn proof(shown: Shown<'_>, account: &Account) -> String {
    match &account.proof {
        Proof::Unproven => shown.words.t("proof-none"),
        Proof::Asserted { issuer, at } => {
            shown.words.with_both("proof-asserted", issuer, &shown.moment(*at))
        }
        Proof::Seen { at, .. } => shown.words.with("proof-seen", &shown.moment(*at)),
    }
}

/// By what somebody signed in, in words.
fn evidence(words: Words, evidence: Evidence) -> String {
    words.t(match evidence {
        Evidence::Password => "evidence-password",
        Evidence::PasswordAndCode => "evidence-code",
        Evidence::PasswordAndRecovery => "evidence-recovery",
        Evidence::Passkey => "evidence-passkey",
        Evidence::Provider => "evidence-provider",
        Evidence::Invitation => "evidence-invitation",
        Evidence::Demonstration => "evidence-demonstration",
    })
}

fn happening(shown: Shown<'_>, happened: &Happening) -> Happened {
    let words = shown.words;
    let what = words.t(match happened.event {
        Event::Made => "event-made",
        Event::SignedIn => "event-signed-in",
        Event::Failed => "event-failed",
        Event::SessionEnded => "event-session-ended",
        Event::PasswordChanged => "event-password",
        Event::AppAdded => "event-app-added",
        Event::AppRemoved => "event-app-removed",
        Event::CodesMade => "event-codes-made",
        Event::CodeUsed => "event-code-used",
        Event::PasskeyAdded => "event-passkey-added",
        Event::PasskeyRemoved => "event-passkey-removed",
        Event::ProviderAdded => "event-provider-added",
        Event::Proven => "event-proven",
        Event::CounterCodeMade => "event-counter-code",
        Event::Invited => "event-invited",
        Event::MadeOfficer => "event-officer",
        Event::DelegationGiven => "event-delegation-given",
        Event::DelegationEnded => "event-delegation-ended",
        Event::TokenMade => "event-token-made",
        Event::TokenEnded => "event-token-ended",
    });
    let detail = match happened.event {
        Event::SignedIn => {
            let found = Evidence::named(&happened.detail);
            found.map(|found| evidence(words, found)).unwrap_or_default()
        }
        Event::PasskeyAdded
        | Event::PasskeyRemoved
        | Event::ProviderAdded
        | Event::TokenMade
        | Event::TokenEnded => happened.detail.clone(),
        _ => String::new(),
    };
    Happened { what, detail, at: shown.moment(happened.at) }
}

/// What a browser calls itself, cut down to its name and its system.
fn browser(words: Words, said: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(part, _)| said.contains(part)).map(|(_, name)| *name)
    };
    let name = first(&[
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => words.t("browser-unknown"),
    }
}

/// The form for a new password.
pub(in crate::web) async fn ask_password(who: AsHolder) -> Result<Response, Fault> {
    let account = who.visit.app.store.accounts().account(who.account).await?;
    let account = account.ok_or(Fault::Broken)?;
    page(&password_page(&who.visit, &account, [String::new(), String::new()], None))
}

fn password_page(
    visit: &Visit,
    account: &Account,
    [old_wrong, new_wrong]: [String; 2],
    not_in: Option<NotIn>,
) -> FormPage {
    let words = visit.words;
    let old = Field::password("password-old", words.t("password-old"), "current-password");
    let new = Field::password("password", words.t("password-new"), "new-password");
    let old = account.password.as_ref().map(|_| old.wrong(old_wrong));
    FormPage {
        refused: not_in.map(|not_in| not_in.refused(words)).into_iter().collect(),
        title: words.t("password-change"),
        lead: words.t("password-change-lead"),
        action: visit.to("/account/password"),
        key: random(),
        fields: old
            .into_iter()
            .chain([new.hinted(words.t("password-hint")).wrong(new_wrong)])
            .collect(),
        button: words.t("password-change-do"),
        ..FormPage::empty(visit.frame())
    }
}

/// Sets a new password, for whoever knows the old one; every other session ends.
pub(in crate::web) async fn set_password(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let guard = Guard::of(visit, "password", &who.account.to_string()).await?;
    let (accounts, words) = (visit.app.store.accounts(), visit.words);
    let account = accounts.account(who.account).await?.ok_or(Fault::Broken)?;
    if let Some(hash) = &account.password {
        let old = Password::typed(&posted.all("password-old").concat());
        if !visit.app.door.fits(old, hash.clone()).await? {
            guard.failed(visit, Some(who.account)).await?;
            let wrong = [words.t("password-old-wrong"), String::new()];
            let why = Some(NotIn::WrongLogin);
            return mended(&password_page(visit, &account, wrong, why), why);
        }
    }
    let login = account.login.as_ref().map(LoginName::as_str).unwrap_or_default();
    match Password::new(&posted.all("password").concat(), &[&account.name, login]) {
        Ok(password) => {
            let hash = visit.app.door.hash(password).await?;
            let own = Some(visit.session.digest());
            accounts.set_password(who.account, &hash, own, visit.now).await?;
            Ok(Redirect::to(&visit.to("/account?done=password")).into_response())
        }
        Err(reason) => {
            let wrong = [String::new(), reason.says.to(words.0).to_owned()];
            mended(&password_page(visit, &account, wrong, None), None)
        }
    }
}

/// Ends one of one's sessions.
pub(in crate::web) async fn end_session(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let digest = unhex(posted.one("session")).and_then(|bytes| bytes.try_into().ok());
    let digest = SessionDigest(digest.ok_or(Fault::Unreadable)?);
    visit.app.store.accounts().end(digest, Some(who.account), visit.now).await?;
    Ok(Redirect::to(&visit.to("/account?done=session#sessions")).into_response())
}

/// Acts for another body from now on, or on one's own behalf.
pub(in crate::web) async fn act(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let accounts = visit.app.store.accounts();
    let offices = accounts.offices(who.account).await?;
    let today = visit.today();
    let wanted = posted.one("body");
    let held = offices
        .into_iter()
        .find(|office| office.held_on(today) && office.body.to_string() == wanted);
    let body = match (wanted.is_empty(), held) {
        (true, _) => None,
        (false, Some(office)) => Some(office.body),
        (false, None) => return Err(Fault::OtherRole),
    };
    accounts.act_for(visit.session.digest(), body.as_ref()).await?;
    let first = if body.is_some() { "/inbox" } else { "/cases" };
    Ok(Redirect::to(&visit.to(first)).into_response())
}

/// Makes the code by which an officer at a counter finds the account.
pub(in crate::web) async fn counter_code(who: AsHolder, _: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let code = OneTimeCode::new(drawn()?);
    let until = minutes_later(visit.now, COUNTER_WITHIN);
    let (accounts, purpose) = (visit.app.store.accounts(), CodePurpose::Counter);
    accounts.set_codes(who.account, purpose, std::slice::from_ref(&code), until, visit.now).await?;
    page(&CodesPage {
        title: visit.words.t("counter-code"),
        lead: visit.words.t("counter-code-lead"),
        codes: vec![code.shown()],
        back: visit.to("/account"),
        frame: visit.frame(),
    })
}

/// Who read one's personal details, when, and in which case.
pub(in crate::web) async fn reads(who: SignedIn) -> Result<Response, Fault> {
    let visit = &who.visit;
    let store = &visit.app.store;
    let (Role::Applicant { party } | Role::Officer { party, .. }) = who.role;
    let former = match visit.account() {
        Some(account) => store.accounts().former_parties(account).await?,
        None => Vec::new(),
    };
    let mut reads = Vec::new();
    let mut cases = BTreeMap::new();
    for party in std::iter::once(party).chain(former) {
        for reading in store.readings(party).await? {
            reads.push((reading.at, read(visit, &mut cases, party, &reading).await?));
        }
    }
    reads.sort_by(|(a, _), (b, _)| b.cmp(a));
    let reads = reads.into_iter().map(|(_, read)| read).collect();
    let back = visit.account().map(|_| visit.to("/account")).unwrap_or_default();
    page(&ReadsPage { reads, back, frame: visit.frame() })
}

/// One reading in words: the case and the body's part in it are why.
async fn read(
    visit: &Visit,
    cases: &mut BTreeMap<CaseId, Option<kernel::Case>>,
    party: PartyId,
    reading: &Reading,
) -> Result<Read, Fault> {
    let words = visit.words;
    let case = match cases.entry(reading.case) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(unknown) => unknown.insert(visit.app.store.case(reading.case).await?),
    };
    let case = case.as_ref();
    let pack = case.and_then(|case| visit.app.packs.of(&case.pack));
    let shown = match pack {
        Some(pack) => Shown { pack, ..visit.shown() },
        None => visit.shown(),
    };
    let procedure = case.and_then(|case| shown.pack.procedures.get(&case.procedure));
    let about_applicant = SEALED.iter().find(|(path, _)| *path == reading.path);
    let item = reading.path.strip_prefix(PAPER).unwrap_or(&reading.path);
    let what = match (about_applicant, procedure) {
        (Some((_, key)), _) => words.t(key),
        (None, Some(procedure)) => title_of(shown, procedure, item),
        (None, None) => item.to_owned(),
    };
    let service = procedure.map(|procedure| procedure.title.to(words.0)).unwrap_or_default();
    let (reader, why) = match &reading.reader.actor {
        Actor::Officer(_, body) => (shown.body(body), words.with("read-for-case", service)),
        Actor::Party(reader) if *reader == party => (words.t("read-yourself"), String::new()),
        Actor::Party(_) => (words.t("read-agent"), words.with("read-for-case", service)),
        _ => (words.t("read-system"), String::new()),
    };
    let number = reading.case.to_string();
    Ok(Read {
        at: shown.moment(reading.at),
        reader,
        why,
        what,
        policies: policies(visit, &reading.reader.policy),
        case: Link { href: visit.to(&format!("/cases/{number}")), text: number },
    })
}

/// What the policies say that permitted a reading; one that is no longer in the pack has its id.
fn policies(visit: &Visit, ids: &str) -> Vec<String> {
    let said = |id: &str| {
        let known = visit.app.packs.access.all().iter().find(|policy| policy.id == id);
        known.map_or(id, |policy| policy.title.to(visit.words.0)).to_owned()
    };
    ids.split_whitespace().map(said).collect()
}
