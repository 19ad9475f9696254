//! Order inside a body: cases given to one of its officers, and who is away with who stands in
//! (ADR 25).

use std::collections::BTreeSet;

use axum::response::{IntoResponse, Redirect, Response};
use base::Date;
use kernel::{
    CaseId, Command, EntryNumber, PartyId, Refusal,
    ledger::{Away, Spell},
};
use store::{KEPT_MAX, KeptView, Submission, SubmitError};

use super::queue::{self, Sent, Viewed};
use crate::web::{
    app::Role,
    colleagues::Colleagues,
    fault::{Fault, Refused},
    pages::away::AwayPage,
    posted::Posted,
    question::{FaultLine, Offered},
    session::random,
    visit::{AsOfficer, page},
};

/// The most cases that are given away together: those of one page.
const TOGETHER: usize = 50;

/// Gives the cases chosen to an officer of the body, or to nobody in particular. Each is a case of
/// its own: what one is refused for keeps none of the others back.
pub(in crate::web) async fn assign(who: AsOfficer, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let viewed = Viewed::behind(&posted);
    let colleagues = Colleagues::of(visit, &who.body).await?;
    let chosen: BTreeSet<String> = posted.all("case").into_iter().take(TOGETHER).collect();
    let officer = posted.one("officer").to_owned();
    let to = match officer.as_str() {
        "" => Err(FaultLine { href: "#officer".into(), text: visit.words.t("inbox-no-officer") }),
        "nobody" => Ok(None),
        text => {
            let known = PartyId::parse(text).filter(|party| colleagues.get(*party).is_some());
            Ok(Some(known.ok_or(Fault::Unreadable)?))
        }
    };
    let mut faults: Vec<FaultLine> = to.as_ref().err().cloned().into_iter().collect();
    if chosen.is_empty() {
        let text = visit.words.t("inbox-no-case");
        faults.push(FaultLine { href: "#cases".into(), text });
    }
    let mut left = BTreeSet::new();
    let mut count = 0;
    if let (Ok(to), true) = (to, faults.is_empty()) {
        for id in &chosen {
            match give(&who, &posted, id, to).await? {
                Ok(()) => count += 1,
                Err(text) => {
                    left.insert(id.clone());
                    faults.push(FaultLine { href: format!("#case-{id}"), text });
                }
            }
        }
    } else {
        left = chosen;
    }
    if faults.is_empty() {
        let address = match (posted.one("back"), posted.one("case").parse::<u64>()) {
            ("case", Ok(case)) => visit.to(&format!("/cases/{case}")),
            _ => viewed.done(visit, count),
        };
        return Ok(Redirect::to(&address).into_response());
    }
    let sent = Sent { chosen: left, officer, faults, ..Sent::default() };
    page(&queue::view(&who, &viewed, &colleagues, sent).await?)
}

/// Gives one case to somebody: nothing where that is so already, or why not.
async fn give(
    who: &AsOfficer,
    posted: &Posted,
    id: &str,
    to: Option<PartyId>,
) -> Result<Result<(), String>, Fault> {
    let visit = &who.visit;
    let number = id.parse().map_err(|_| Fault::Unreadable)?;
    let case = CaseId(EntryNumber(number));
    let stands = visit.app.store.case(case).await?.ok_or(Fault::NoSuchPage)?;
    if stands.assigned.get(&who.body).copied() == to {
        return Ok(Ok(()));
    }
    let submission = Submission {
        key: format!("{}-{id}", posted.key),
        actor: Role::Officer { party: who.party, body: who.body.clone() }.actor(),
        at: visit.now,
        case: Some(case),
        seen: None,
        command: Command::Assign { to },
        personal: Vec::new(),
    };
    match visit.app.store.submit(submission).await {
        Ok(_) => Ok(Ok(())),
        Err(error) => {
            let says = Refused::of(&error, visit.words.0);
            let case = visit.words.with("inbox-case", id);
            Ok(Err(visit.words.with_both("fault-line", &case, &says.says)))
        }
    }
}

/// The most signs of what a view is called.
const VIEW_NAME_MAX: usize = 30;

/// Keeps the view that the form stands on, or keeps one no longer.
pub(in crate::web) async fn keep_view(who: AsOfficer, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let viewed = Viewed::behind(&posted);
    if posted.one("forget") == "yes" {
        visit.app.store.forget_view(who.party, posted.one("name")).await?;
        return Ok(Redirect::to(&viewed.href(visit, "")).into_response());
    }
    let name = posted.one("name").trim().to_owned();
    let view = KeptView { name: name.clone(), query: viewed.asked("") };
    let wrong = match name.chars().count() {
        0 => Some(visit.words.t("view-no-name")),
        count if count > VIEW_NAME_MAX => {
            Some(visit.words.with("view-long-name", &VIEW_NAME_MAX.to_string()))
        }
        _ if visit.app.store.keep_view(who.party, &view, visit.now).await? => None,
        _ => Some(visit.words.with("view-too-many", &KEPT_MAX.to_string())),
    };
    let Some(wrong) = wrong else {
        return Ok(Redirect::to(&viewed.href(visit, "")).into_response());
    };
    let colleagues = Colleagues::of(visit, &who.body).await?;
    let faults = vec![FaultLine { href: "#name".into(), text: wrong }];
    let sent = Sent { name, faults, ..Sent::default() };
    page(&queue::view(&who, &viewed, &colleagues, sent).await?)
}

/// Who of the body is away, and the form to say so of oneself.
pub(in crate::web) async fn ask_away(who: AsOfficer) -> Result<Response, Fault> {
    page(&away_page(&who, &Posted::default(), Vec::new()).await?)
}

async fn away_page(
    who: &AsOfficer,
    posted: &Posted,
    faults: Vec<FaultLine>,
) -> Result<AwayPage, Fault> {
    let visit = &who.visit;
    let colleagues = Colleagues::of(visit, &who.body).await?;
    let today = visit.today();
    let known = |spell: &Spell| spell.until >= today;
    let said = colleagues.all().iter().filter_map(|own| {
        let spell = own.away.filter(known)?;
        let cover = colleagues.get(spell.cover).map(|one| one.name.clone()).unwrap_or_default();
        let (from, until) = (spell.from.to_string(), spell.until.to_string());
        Some((own.name.clone(), from, until, cover))
    });
    let others = colleagues.all().iter().filter(|own| own.party != who.party).map(|own| Offered {
        value: own.party.to_string(),
        title: own.name.clone(),
        chosen: posted.one("cover") == own.party.to_string(),
    });
    let mine = colleagues.get(who.party).and_then(|own| own.away).filter(known);
    Ok(AwayPage {
        frame: visit.frame(),
        body: visit.shown().body(&who.body),
        away: said.collect(),
        mine: mine.is_some(),
        from: posted.one("from").to_owned(),
        until: posted.one("until").to_owned(),
        others: others.collect(),
        faults,
        key: random(),
    })
}

/// Says that one is away, or is back.
pub(in crate::web) async fn away(who: AsOfficer, posted: Posted) -> Result<Response, Fault> {
    let visit = &who.visit;
    let words = visit.words;
    let line = |path: &str, text: &str| FaultLine {
        href: format!("#{path}"),
        text: words.with_both("fault-line", &words.t(&format!("away-{path}")), text),
    };
    let spell = match posted.one("back") {
        "yes" => None,
        _ => {
            let colleagues = Colleagues::of(visit, &who.body).await?;
            let cover = PartyId::parse(posted.one("cover"));
            let cover = cover.filter(|cover| colleagues.get(*cover).is_some());
            let (from, until) = (Date::parse(posted.one("from")), Date::parse(posted.one("until")));
            let mut faults = Vec::new();
            for (path, date) in [("from", &from), ("until", &until)] {
                let wrong = date.as_ref().err();
                faults.extend(wrong.map(|reason| line(path, reason.says.to(words.0))));
            }
            if cover.is_none() {
                faults.push(line("cover", &words.t("away-no-cover")));
            }
            let (Ok(from), Ok(until), Some(cover)) = (from, until, cover) else {
                return page(&away_page(&who, &posted, faults).await?);
            };
            Some(Spell { from, until, cover })
        }
    };
    let note = Away { officer: who.party, body: who.body.clone(), spell };
    let by = Role::Officer { party: who.party, body: who.body.clone() }.actor();
    match visit.app.store.note_away(note, by, visit.now).await {
        Ok(_) => Ok(Redirect::to(&visit.to("/inbox/away")).into_response()),
        Err(SubmitError::Refused(Refusal::Form(faults))) => {
            let lines = faults.iter().map(|own| line(&own.path, own.reason.says.to(words.0)));
            page(&away_page(&who, &posted, lines.collect()).await?)
        }
        Err(error) => {
            let text = Refused::of(&error, words.0).says;
            let faults = vec![FaultLine { href: "#from".into(), text }];
            page(&away_page(&who, &posted, faults).await?)
        }
    }
}
