//! Who may act for one, in what, and for how long; and for whom one may act.

use axum::{
    extract::Query as Asked,
    response::{IntoResponse, Redirect, Response},
};
use base::{Date, Name};
use identity::{AccountId, LoginName};
use store::accounts::Delegation;

use super::door::Guard;
use crate::web::{
    door::drawn,
    fault::Fault,
    handle::Query,
    pages::account::{
        agents::{AgentsPage, Given},
        form::Field,
    },
    posted::Posted,
    session::{hex, random, unhex},
    visit::{AsHolder, Visit, page},
};

/// The longest that one may let somebody act, in years.
const YEARS_MAX: u32 = 3;

/// What somebody wrote to let another act, with what is wrong.
#[derive(Default)]
struct Written {
    agent: String,
    from: String,
    until: String,
    services: Vec<String>,
    agent_wrong: String,
    from_wrong: String,
    until_wrong: String,
}

/// The page.
pub(in crate::web) async fn show(
    who: AsHolder,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let today = who.visit.today();
    let until = today.plus_months(1).unwrap_or(today);
    let (from, until) = (today.to_string(), until.to_string());
    let written = Written { from, until, ..Written::default() };
    let mut shown = agents_page(&who, written).await?;
    if !query.done.is_empty() {
        shown.done = match query.done.as_str() {
            "given" => who.visit.words.t("agents-given"),
            _ => who.visit.words.t("agents-ended"),
        };
    }
    page(&shown)
}

async fn agents_page(who: &AsHolder, written: Written) -> Result<AgentsPage, Fault> {
    let visit = &who.visit;
    let words = visit.words;
    let delegations = visit.app.store.accounts().delegations(who.account).await?;
    let (mut given, mut held) = (Vec::new(), Vec::new());
    for delegation in &delegations {
        if delegation.giver == who.account {
            given.push(line(visit, delegation, delegation.agent).await?);
        } else if delegation.holds_on(visit.today()) {
            held.push(line(visit, delegation, delegation.giver).await?);
        }
    }
    let procedures = visit.pack().procedures.iter();
    let services = procedures.filter(|(_, procedure)| open_to_applicants(procedure));
    let services = services.map(|(name, procedure)| {
        let chosen = written.services.iter().any(|service| service == name.as_str());
        (name.to_string(), procedure.title.to(words.0).to_owned(), chosen)
    });
    Ok(AgentsPage {
        done: String::new(),
        key: random(),
        fields: vec![
            Field::text("agent", words.t("agents-agent"), &written.agent)
                .hinted(words.t("login-name-hint"))
                .completed("off")
                .wrong(written.agent_wrong),
            Field::text("from", words.t("agents-from"), &written.from)
                .hinted(words.t("day-hint"))
                .wrong(written.from_wrong),
            Field::text("until", words.t("agents-until"), &written.until)
                .hinted(words.t("day-hint"))
                .wrong(written.until_wrong),
        ],
        services: services.collect(),
        given,
        held,
        frame: visit.frame(),
    })
}

/// Whether somebody may apply, and not a body alone.
fn open_to_applicants(procedure: &pack::model::Procedure) -> bool {
    !procedure.applicant.is_empty()
}

async fn line(visit: &Visit, delegation: &Delegation, other: AccountId) -> Result<Given, Fault> {
    let other = visit.app.store.accounts().account(other).await?;
    let other = other.map(|account| account.name).filter(|name| !name.is_empty());
    let procedures = &visit.pack().procedures;
    let titles = delegation.services.iter().map(|name| {
        let title = procedures.get(name).map(|procedure| procedure.title.to(visit.words.0));
        title.unwrap_or(name.as_str()).to_owned()
    });
    let titles: Vec<String> = titles.collect();
    Ok(Given {
        id: hex(&delegation.id),
        name: other.unwrap_or_else(|| visit.words.t("nameless")),
        services: match titles.is_empty() {
            true => visit.words.t("agents-all"),
            false => titles.join(visit.words.comma()),
        },
        from: delegation.from.to_string(),
        until: delegation.until.to_string(),
        ended: delegation.ended_at.map(|at| visit.shown().moment(at)).unwrap_or_default(),
    })
}

/// Lets somebody act for one.
pub(in crate::web) async fn give(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let words = visit.words;
    let guard = Guard::of(visit, "agents", &who.account.to_string()).await?;
    let mut written = Written {
        agent: posted.one("agent").to_owned(),
        from: posted.one("from").to_owned(),
        until: posted.one("until").to_owned(),
        services: posted.all("service"),
        ..Written::default()
    };
    let accounts = visit.app.store.accounts();
    let agent = match LoginName::parse(&written.agent) {
        Ok(login) => accounts.by_login(&login).await?.filter(|agent| agent.id != who.account),
        Err(_) => None,
    };
    if agent.is_none() {
        guard.failed(visit, None).await?;
        written.agent_wrong = words.t("agents-nobody");
    }
    let day = |text: &str| Date::parse(text).map_err(|reason| reason.says.to(words.0).to_owned());
    let (from, until) = (day(&written.from), day(&written.until));
    written.from_wrong = from.clone().err().unwrap_or_default();
    written.until_wrong = until.clone().err().unwrap_or_default();
    if let (Ok(from), Ok(until)) = (&from, &until)
        && (until <= from || from.plus_years(YEARS_MAX).is_none_or(|last| *until > last))
    {
        written.until_wrong = words.t("agents-until-wrong");
    }
    let known = |name: &String| {
        Name::new(name).ok().filter(|name| visit.pack().procedures.contains_key(name))
    };
    let services: Option<Vec<Name>> = written.services.iter().map(known).collect();
    let services = services.ok_or(Fault::Unreadable)?;
    let (Some(agent), Ok(from), Ok(until), true) =
        (agent, from, until, written.until_wrong.is_empty())
    else {
        let shown = agents_page(&who, written).await?;
        return refused(&shown);
    };
    let given = Delegation {
        id: drawn()?,
        giver: who.account,
        agent: agent.id,
        services,
        from,
        until,
        made_at: visit.now,
        ended_at: None,
    };
    accounts.delegate(&given).await?;
    Ok(Redirect::to(&visit.to("/account/agents?done=given")).into_response())
}

fn refused(shown: &AgentsPage) -> Result<Response, Fault> {
    let shown = page(shown)?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// Ends what one gave, at once.
pub(in crate::web) async fn end(who: AsHolder, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let id = unhex(posted.one("delegation")).and_then(|bytes| bytes.try_into().ok());
    let id: [u8; 16] = id.ok_or(Fault::Unreadable)?;
    visit.app.store.accounts().end_delegation(who.account, id, visit.now).await?;
    Ok(Redirect::to(&visit.to("/account/agents?done=ended")).into_response())
}
