//! What somebody was told, and where else it is to be told. Opening a message is a form, not a
//! link: reading marks it.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::Query as Asked,
    response::{IntoResponse, Redirect, Response},
};
use base::{Instant, Language};
use kernel::{CaseId, EntryNumber, PartyId};
use serde::Deserialize;
use store::{
    messages::Told,
    outbox::{Dead, Outlet, OutletId, OutletKind},
};

use super::Query;
use crate::web::{
    fault::{Fault, Refused, numbered},
    pages::messages::{ConfirmPage, MessageView, MessagesPage, OutletView, OutletsPage},
    posted::Posted,
    question::FaultLine,
    sending::{mail_fits, public_address, says, secret},
    session::{hex, unhex},
    visit::{AsApplicant, Visit, page},
    words::Words,
};

/// How many messages one page shows.
const PAGE: u32 = 30;

/// Why an outlet is not added or confirmed; numbers of the pages, the same for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Unfit {
    /// It is no mail address.
    Mail,
    /// It is no web address that may be called.
    Hook,
    /// There are as many outlets as there may be.
    TooMany,
    /// The proof confirms nothing.
    Proof,
}

impl Unfit {
    /// Every reason.
    pub(in crate::web) const ALL: [Self; 4] = [Self::Mail, Self::Hook, Self::TooMany, Self::Proof];

    pub(in crate::web) fn refused(self, words: Words) -> Refused {
        let (number, says, next) = match self {
            Self::Mail => (1351, words.t("fault-mail"), words.t("fault-mail-next")),
            Self::Hook => (1352, words.t("fault-hook"), words.t("fault-hook-next")),
            Self::TooMany => (1353, words.t("fault-outlets"), words.t("fault-outlets-next")),
            Self::Proof => (1354, words.t("fault-proof"), words.t("fault-proof-next")),
        };
        Refused { number, says, next }
    }
}

/// One's messages.
pub(in crate::web) async fn list(
    who: AsApplicant,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let visit = &who.visit;
    let before = match query.after.as_str() {
        "" => None,
        text => Some(cursor(text).ok_or(Fault::NoSuchPage)?),
    };
    let told = visit.app.store.messages(who.party, before, visit.now, PAGE).await?;
    let last = told.last().filter(|_| told.len() >= PAGE as usize);
    let services = services(visit, &told).await?;
    let after = |told: &Told| format!("/messages?after={}_{}", told.at.micros(), told.number.0);
    let next = last.map(|told| visit.to(&after(told)));
    page(&MessagesPage {
        frame: visit.frame(),
        messages: told.iter().map(|told| view(visit, told, &services)).collect(),
        next: next.unwrap_or_default(),
    })
}

/// Where a list of messages goes on: a moment and an entry.
fn cursor(text: &str) -> Option<(Instant, EntryNumber)> {
    let (at, number) = text.split_once('_')?;
    Some((Instant::from_micros(at.parse().ok()?), EntryNumber(number.parse().ok()?)))
}

/// What the cases that messages are about are about.
async fn services(visit: &Visit, told: &[Told]) -> Result<BTreeMap<CaseId, String>, Fault> {
    let cases: BTreeSet<CaseId> = told.iter().map(|told| told.case).collect();
    let mut titles = BTreeMap::new();
    for id in cases {
        let Some(case) = visit.app.store.case(id).await? else { continue };
        let pack = visit.app.packs.of(&case.pack);
        let procedure = pack.and_then(|pack| pack.procedures.get(&case.procedure));
        titles.extend(procedure.map(|own| (id, own.title.to(visit.words.0).to_owned())));
    }
    Ok(titles)
}

fn view(visit: &Visit, told: &Told, services: &BTreeMap<CaseId, String>) -> MessageView {
    let words = visit.words;
    let said = says(words, &told.kind);
    let case = told.case.to_string();
    MessageView {
        number: told.number.0,
        title: words.with_both("messages-title-case", &said.title, &case),
        case,
        service: services.get(&told.case).cloned().unwrap_or_default(),
        says: said.says,
        at: visit.shown().moment(told.at),
        read: told.read,
    }
}

/// Marks every message read.
pub(in crate::web) async fn read_all(who: AsApplicant, _: Posted) -> Result<Response, Fault> {
    who.visit.app.store.mark_read(who.party, None, who.visit.now).await?;
    Ok(Redirect::to(&who.visit.to("/messages")).into_response())
}

/// Marks the messages of an entry read and leads to their case.
pub(in crate::web) async fn open(who: AsApplicant, posted: Posted) -> Result<Response, Fault> {
    let number = |name: &str| posted.one(name).parse::<u64>().map_err(|_| Fault::Unreadable);
    let (entry, case) = (EntryNumber(number("number")?), number("case")?);
    who.visit.app.store.mark_read(who.party, Some(entry), who.visit.now).await?;
    Ok(Redirect::to(&who.visit.to(&format!("/cases/{case}"))).into_response())
}

/// Where one is told.
pub(in crate::web) async fn settings(
    who: AsApplicant,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let mut shown = outlets(&who.visit, who.party).await?;
    shown.done = match query.done.as_str() {
        "added" => who.visit.words.t("outlet-added"),
        "confirmed" => who.visit.words.t("confirmed"),
        _ => String::new(),
    };
    page(&shown)
}

async fn outlets(visit: &Visit, party: PartyId) -> Result<OutletsPage, Fault> {
    let store = &visit.app.store;
    let (outlets, dead) = (store.outlets(party).await?, store.given_up(party).await?);
    Ok(OutletsPage {
        frame: visit.frame(),
        done: String::new(),
        secret: String::new(),
        refused: Vec::new(),
        faults: Vec::new(),
        outlets: outlets.iter().map(|outlet| outlet_view(visit, outlet, &dead)).collect(),
        mail: visit.app.outside.mail,
        mail_written: String::new(),
        hook_written: String::new(),
        mail_fault: String::new(),
        hook_fault: String::new(),
    })
}

fn outlet_view(visit: &Visit, outlet: &Outlet, dead: &[Dead]) -> OutletView {
    let words = visit.words;
    let own = dead.iter().filter(|dead| dead.outlet == outlet.id);
    let line = |dead: &Dead| {
        let title = says(words, &dead.kind).title;
        words.with_both("outlet-dead-line", &title, &dead.fault)
    };
    // A hook's secret is never shown again.
    let address = outlet.address.split(' ').next().unwrap_or_default().to_owned();
    OutletView {
        id: hex(&outlet.id.0),
        kind: match outlet.kind {
            OutletKind::Mail => words.t("outlet-mail"),
            OutletKind::Hook => words.t("outlet-hook"),
        },
        address,
        standing: words.t(if outlet.confirmed { "outlet-confirmed" } else { "outlet-waiting" }),
        mark: if outlet.confirmed { "good" } else { "open" },
        dead: own.map(line).collect(),
    }
}

/// Adds a mail address, to which a link is sent that confirms it.
pub(in crate::web) async fn add_mail(who: AsApplicant, posted: Posted) -> Result<Response, Fault> {
    let address = posted.one("address");
    if !who.visit.app.outside.mail {
        return Err(Fault::NoSuchPage);
    }
    if !mail_fits(address) {
        return sent_back(&who, Unfit::Mail, address).await;
    }
    // Who clicks twice has one address.
    let own = who.visit.app.store.outlets(who.party).await?;
    if own.iter().any(|outlet| outlet.address == address) {
        return Ok(to_settings(&who.visit, "added"));
    }
    match add(&who, OutletKind::Mail, address).await? {
        Some(_) => Ok(to_settings(&who.visit, "added")),
        None => sent_back(&who, Unfit::TooMany, address).await,
    }
}

/// Adds a hook and shows its secret this once.
pub(in crate::web) async fn add_hook(who: AsApplicant, posted: Posted) -> Result<Response, Fault> {
    let address = posted.one("address");
    let private = who.visit.app.outside.private_hooks;
    let (Some(url), Some(secret)) = (public_address(address, private), secret()) else {
        return sent_back(&who, Unfit::Hook, address).await;
    };
    match add(&who, OutletKind::Hook, &format!("{url} {secret}")).await? {
        Some(_) => {
            let mut shown = outlets(&who.visit, who.party).await?;
            shown.done = who.visit.words.t("outlet-hook-added");
            shown.secret = secret;
            page(&shown)
        }
        None => sent_back(&who, Unfit::TooMany, address).await,
    }
}

async fn add(
    who: &AsApplicant,
    kind: OutletKind,
    address: &str,
) -> Result<Option<OutletId>, Fault> {
    let Visit { app, words: Words(language), now, .. } = &who.visit;
    let language: Language = *language;
    Ok(app.store.add_outlet(who.party, kind, language, address, *now).await?)
}

/// The page again, with what was written and why it does not fit.
async fn sent_back(who: &AsApplicant, unfit: Unfit, written: &str) -> Result<Response, Fault> {
    let mut shown = outlets(&who.visit, who.party).await?;
    let refused = unfit.refused(who.visit.words);
    let (number, says) = (refused.number, refused.says.clone());
    let href = match unfit {
        Unfit::Mail => "#mail",
        Unfit::Hook => "#hook",
        Unfit::TooMany | Unfit::Proof => "",
    };
    match unfit {
        Unfit::Mail => {
            (shown.mail_written, shown.mail_fault) = (written.to_owned(), says.clone());
        }
        Unfit::Hook => {
            (shown.hook_written, shown.hook_fault) = (written.to_owned(), says.clone());
        }
        Unfit::TooMany | Unfit::Proof => {}
    }
    if !href.is_empty() {
        shown.faults = vec![FaultLine { href: href.to_owned(), text: says }];
    }
    shown.refused = vec![refused];
    let response = page(&shown)?;
    Ok(numbered(number, (axum::http::StatusCode::UNPROCESSABLE_ENTITY, response).into_response()))
}

fn to_settings(visit: &Visit, done: &str) -> Response {
    Redirect::to(&visit.to(&format!("/messages/settings?done={done}"))).into_response()
}

fn outlet_named(text: &str) -> Result<OutletId, Fault> {
    let bytes = unhex(text).and_then(|bytes| bytes.try_into().ok());
    bytes.map(OutletId).ok_or(Fault::Unreadable)
}

/// Removes an outlet.
pub(in crate::web) async fn remove(who: AsApplicant, posted: Posted) -> Result<Response, Fault> {
    let id = outlet_named(posted.one("outlet"))?;
    who.visit.app.store.remove_outlet(who.party, id).await?;
    Ok(to_settings(&who.visit, "removed"))
}

/// Puts what was given up for an outlet back on its way.
pub(in crate::web) async fn again(who: AsApplicant, posted: Posted) -> Result<Response, Fault> {
    let id = outlet_named(posted.one("outlet"))?;
    who.visit.app.store.send_again(who.party, id, who.visit.now).await?;
    Ok(to_settings(&who.visit, "again"))
}

/// What the link in a mail names.
#[derive(Debug, Deserialize)]
pub(crate) struct Link {
    #[serde(default)]
    outlet: String,
    #[serde(default)]
    proof: String,
}

/// Asks whether a mail address is to be confirmed; opening the link alone changes nothing, for mail
/// programs open links by themselves.
pub(in crate::web) async fn ask_confirm(
    who: AsApplicant,
    Asked(link): Asked<Link>,
) -> Result<Response, Fault> {
    let Link { outlet, proof } = link;
    page(&ConfirmPage { frame: who.visit.frame(), outlet, proof })
}

/// Confirms a mail address.
pub(in crate::web) async fn confirm(who: AsApplicant, posted: Posted) -> Result<Response, Fault> {
    let proof = unhex(posted.one("proof")).unwrap_or_default();
    let confirmed = match outlet_named(posted.one("outlet")) {
        Ok(id) => who.visit.app.store.confirm_outlet(who.party, id, &proof, who.visit.now).await?,
        Err(_) => false,
    };
    if confirmed {
        return Ok(to_settings(&who.visit, "confirmed"));
    }
    sent_back(&who, Unfit::Proof, "").await
}
