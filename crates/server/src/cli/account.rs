//! `yiyang account`: officers are entered here, and set their passwords themselves with a code that
//! is used once.

use std::path::PathBuf;

use base::{Date, Instant};
use clap::{Args, Subcommand};
use identity::{AccountId, LoginName, OneTimeCode};
use kernel::{BodyId, PartyId};
use serde_json::json;
use store::{
    Store,
    accounts::{CodePurpose, NewAccount, Office, TOKENS_MAX},
};

use super::{Call, Ended, Stopped, ledger::shown, pack::load_named, say};
use crate::{
    city::{self, Place},
    json::in_order,
    web::{Clock, TOKEN_MONTHS_MAX, new_token},
};

/// How long an invitation is good, in hours.
const INVITED_HOURS: i64 = 72;

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Have somebody act for a body from a day on; prints the code with which they set a password.
    AddOfficer(AddOfficer),
    /// Print a new code with which the holder of an account sets a password.
    Invite(Invite),
    /// Make a token by which a program acts as the holder of an account; prints it this once.
    Token(MakeToken),
}

/// Which city.
#[derive(Debug, Args)]
pub(crate) struct City {
    /// The folder of the city.
    #[arg(long, default_value = "var")]
    data: PathBuf,
    /// The database, where it is not in the folder.
    #[arg(long, env = "YIYANG_DATABASE")]
    database: Option<String>,
    /// The name of the pack the city runs.
    #[arg(long, env = "YIYANG_PACK")]
    pack: Option<String>,
}

/// An officer.
#[derive(Debug, Args)]
pub(crate) struct AddOfficer {
    #[command(flatten)]
    city: City,
    /// The e-mail address or mobile number by which the officer signs in.
    #[arg(long)]
    login: String,
    /// The officer's name; not needed for somebody who has an account.
    #[arg(long)]
    name: Option<String>,
    /// The body: `health@110101`.
    #[arg(long)]
    body: String,
    /// The first day; today when absent.
    #[arg(long)]
    from: Option<String>,
    /// The first day on which no longer; none when absent.
    #[arg(long)]
    until: Option<String>,
}

/// Somebody who has an account.
#[derive(Debug, Args)]
pub(crate) struct Invite {
    #[command(flatten)]
    city: City,
    /// The e-mail address or mobile number by which the holder signs in.
    #[arg(long)]
    login: String,
}

/// A token for a program.
#[derive(Debug, Args)]
pub(crate) struct MakeToken {
    #[command(flatten)]
    city: City,
    /// The e-mail address or mobile number by which the holder signs in.
    #[arg(long)]
    login: String,
    /// The program in which it is used.
    #[arg(long)]
    title: String,
    /// The body for which it acts: `health@110101`; its holder alone when absent.
    #[arg(long)]
    body: Option<String>,
    /// The last day on which it is good; today when absent.
    #[arg(long)]
    until: Option<String>,
    /// It may only read.
    #[arg(long)]
    reads_only: bool,
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::AddOfficer(officer) => add_officer(call, &officer).await,
            Command::Invite(invite) => invite_again(call, &invite).await,
            Command::Token(token) => make_token(call, &token).await,
        }
    })
}

/// The store of a city, with the pack it runs.
async fn open(call: &Call, city: &City) -> Result<Option<(Store, ::pack::model::Pack)>, Stopped> {
    if city.database.is_none() && !city.data.join("city.db").is_file() {
        let folder = city.data.display();
        return Err(Stopped(format!("`{folder}` holds no city; serve it once first")));
    }
    let named = city.pack.clone().or_else(|| shown(call));
    let name = named.ok_or_else(|| Stopped("name the pack the city runs".to_owned()))?;
    let Some(compiled) = load_named(call, &call.packs, &name) else { return Ok(None) };
    let nowhere = || Stopped(format!("`{name}` has no jurisdiction"));
    let jurisdiction = compiled.pack.jurisdiction.clone().ok_or_else(nowhere)?;
    let store = Place::new(&city.data, city.database.clone())?.open(&jurisdiction).await?;
    city::know_kept(&store).await?;
    Ok(Some((store, compiled.pack)))
}

fn failed(error: store::StoreError) -> Stopped {
    Stopped(error.to_string())
}

fn drawn<const N: usize>() -> Result<[u8; N], Stopped> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Stopped(error.to_string()))?;
    Ok(bytes)
}

async fn add_officer(call: &Call, officer: &AddOfficer) -> Ended {
    let said = |reason: base::Reason| Stopped(reason.says.to(call.language).to_owned());
    let login = LoginName::parse(&officer.login).map_err(said)?;
    let Some((store, pack)) = open(call, &officer.city).await? else { return Ok(false) };
    let now = Clock::System.now();
    let day = |text: &Option<String>| text.as_deref().map(Date::parse).transpose().map_err(said);
    let from = day(&officer.from)?.unwrap_or_else(|| pack.zone.day_of(now));
    let until = day(&officer.until)?;
    if until.is_some_and(|until| until <= from) {
        return Err(Stopped("an office ends after its first day".to_owned()));
    }
    let office = Office { body: body(&pack, &officer.body, from)?, from, until };
    let accounts = store.accounts();
    if let Some(account) = accounts.by_login(&login).await.map_err(failed)? {
        accounts.make_officer(account.id, &office, now).await.map_err(failed)?;
        let told = json!({ "account": account.id.to_string(), "body": office.body.to_string() });
        say(&format!("{:#}\n", in_order(told)))?;
        return Ok(true);
    }
    let name = officer.name.clone().ok_or_else(|| Stopped("say the officer's `--name`".into()))?;
    let new = NewAccount {
        id: AccountId(drawn()?),
        party: PartyId(drawn()?),
        name,
        login: Some(login),
        password: None,
    };
    accounts.sign_up_officer(&new, &office, now).await.map_err(failed)?;
    invited(&store, new.id, Some(&office.body), now).await
}

/// A body that exists on the day.
fn body(pack: &::pack::model::Pack, code: &str, on: Date) -> Result<BodyId, Stopped> {
    let none =
        || Stopped(format!("`{code}` is no body on {on}; write one such as `health@110101`"));
    let known = |body: &BodyId| pack.body(&body.office, &body.division, on).is_some();
    BodyId::parse(code).filter(known).ok_or_else(none)
}

async fn invite_again(call: &Call, invite: &Invite) -> Ended {
    let said = |reason: base::Reason| Stopped(reason.says.to(call.language).to_owned());
    let login = LoginName::parse(&invite.login).map_err(said)?;
    let Some((store, _)) = open(call, &invite.city).await? else { return Ok(false) };
    let account = store.accounts().by_login(&login).await.map_err(failed)?;
    let account = account.ok_or_else(|| Stopped("nobody has an account with that name".into()))?;
    invited(&store, account.id, None, Clock::System.now()).await
}

async fn make_token(call: &Call, wanted: &MakeToken) -> Ended {
    let said = |reason: base::Reason| Stopped(reason.says.to(call.language).to_owned());
    let login = LoginName::parse(&wanted.login).map_err(said)?;
    let Some((store, pack)) = open(call, &wanted.city).await? else { return Ok(false) };
    let now = Clock::System.now();
    let today = pack.zone.day_of(now);
    let accounts = store.accounts();
    let account = accounts.by_login(&login).await.map_err(failed)?;
    let account = account.ok_or_else(|| Stopped("nobody has an account with that name".into()))?;
    let until = wanted.until.as_deref().map(Date::parse).transpose().map_err(said)?;
    let until = until.unwrap_or(today);
    let longest = today.plus_months(TOKEN_MONTHS_MAX).unwrap_or(today);
    if until < today || until > longest {
        return Err(Stopped("a token is good until today or later, for a year at most".into()));
    }
    let acting = match &wanted.body {
        None => None,
        Some(code) => {
            let acting = body(&pack, code, today)?;
            let offices = accounts.offices(account.id).await.map_err(failed)?;
            if !offices.iter().any(|office| office.body == acting && office.held_on(today)) {
                return Err(Stopped(format!("the holder does not act for `{acting}`")));
            }
            Some(acting)
        }
    };
    let (told, mut token) = new_token(wanted.title.trim(), until, now);
    (token.acting, token.reads_only) = (acting, wanted.reads_only);
    if !accounts.make_token(account.id, &token, today).await.map_err(failed)? {
        return Err(Stopped(format!("the account has {TOKENS_MAX} good tokens; end one first")));
    }
    let told = json!({ "token": told, "until": until.to_string() });
    say(&format!("{:#}\n", in_order(told)))?;
    Ok(true)
}

/// Prints a code that is good once.
async fn invited(store: &Store, id: AccountId, body: Option<&BodyId>, now: Instant) -> Ended {
    let code = OneTimeCode::new(drawn()?);
    let until = Instant::from_micros(now.micros() + INVITED_HOURS * 3_600_000_000);
    let (accounts, purpose) = (store.accounts(), CodePurpose::Invitation);
    accounts
        .set_codes(id, purpose, std::slice::from_ref(&code), until, now)
        .await
        .map_err(failed)?;
    let told = json!({
        "account": id.to_string(),
        "body": body.map(ToString::to_string),
        "code": code.shown(),
        "page": format!("/zh/invited?code={}", code.shown()),
        "good_until": until.to_string(),
    });
    say(&format!("{:#}\n", in_order(told)))?;
    Ok(true)
}
