//! Points: where an entry stands under the tables of a pack as of a day, and from what that is
//! counted. The table that rules here comes first; those of other places stand beside it, for
//! comparison.

use std::collections::BTreeSet;

use ::credit::{Event, History, Reached, Standing};
use access::Action;
use axum::{
    extract::{Path, Query as Asked},
    response::Response,
};
use base::{Date, Name};
use kernel::register::{Version, as_of};
use pack::model::{Credit, Register};
use rules::Value;

use super::{AsOf, Query, escaped, name};
use crate::web::{
    app::Role,
    entries::{Headings, Named},
    fault::Fault,
    frame::Link,
    pages::credit::{CreditPage, EffectLine, MatterLine, TableView},
    permit::may_on_site,
    visit::{SignedIn, Visit, page},
};

/// A matter for which an entry has points.
pub(in crate::web) struct Matter {
    /// The entry that says so.
    pub(in crate::web) key: String,
    /// Day and points.
    pub(in crate::web) event: Event,
}

/// Where an entry stands under one table.
pub(in crate::web) struct Stands<'p> {
    pub(in crate::web) credit: &'p Credit,
    /// Whether the table rules here.
    pub(in crate::web) here: bool,
    /// The matters, by day.
    pub(in crate::web) matters: Vec<Matter>,
    /// None where no edition holds on the day, or where no period of the entry has a beginning.
    pub(in crate::web) standing: Option<Standing>,
}

/// An entry that has points, as of a day.
pub(in crate::web) struct Account<'p> {
    pub(in crate::web) register: Name,
    pub(in crate::web) key: String,
    pub(in crate::web) as_of: AsOf,
    pub(in crate::web) stands: Vec<Stands<'p>>,
}

/// The way to the points of an entry, for whoever may see them.
pub(in crate::web) fn link_for(
    visit: &Visit,
    register: &Register,
    key: &str,
    versions: &[Version],
) -> Option<Link> {
    visit.pack().credits.values().find(|own| own.register == register.name)?;
    let href = visit.to(&format!("/credit/{}/{}", register.name, escaped(key)));
    let link = Link { href, text: visit.words.t("credit-link") };
    let may = may_on_site(visit, Action::SeeCredit);
    (may && sees(&visit.person()?.role, register, versions)).then_some(link)
}

impl<'p> Account<'p> {
    /// What is known of an entry; for its holder and for officers.
    pub(in crate::web) async fn load(
        visit: &'p Visit,
        role: &Role,
        (register, key): (&str, String),
        as_of: AsOf,
    ) -> Result<Self, Fault> {
        let register = visit.pack().registers.get(&name(register)?).ok_or(Fault::NoSuchPage)?;
        let credits = visit.pack().credits.values().filter(|own| own.register == register.name);
        let credits: Vec<&Credit> = credits.collect();
        let versions = visit.app.store.versions(&register.name, &key).await?;
        if credits.is_empty() || versions.is_empty() || !sees(role, register, &versions) {
            return Err(Fault::NoSuchPage);
        }
        let mut stands = Vec::new();
        for credit in credits {
            let matters = matters(visit, credit, &key, as_of).await?;
            let events = matters.iter().map(|own| own.event).collect();
            let history = History { events, began: began(credit, &versions, as_of) };
            let here = visit.pack().jurisdiction.as_ref().is_some_and(|own| credit.rules_in(own));
            let standing = credit.table.standing(&history, as_of.on);
            stands.push(Stands { credit, here, matters, standing });
        }
        stands.sort_by_key(|own| !own.here);
        Ok(Self { register: register.name.clone(), key, as_of, stands })
    }
}

/// Officers see the points of everybody, others those of what they hold.
fn sees(role: &Role, register: &Register, versions: &[Version]) -> bool {
    match role {
        Role::Officer { .. } => true,
        Role::Applicant { party } => register.held_by.as_ref().is_some_and(|held_by| {
            let holder = versions.last().and_then(|own| own.fields.get(held_by));
            matches!(holder, Some(Value::Party(own)) if *own == party.to_string())
        }),
    }
}

/// The matters that stand as of a day, by their own days.
async fn matters(
    visit: &Visit,
    credit: &Credit,
    subject: &str,
    asked: AsOf,
) -> Result<Vec<Matter>, Fault> {
    let of = &credit.points;
    let Some(register) = visit.pack().registers.get(&of.register) else { return Ok(Vec::new()) };
    let store = &visit.app.store;
    let keys = store.keys_naming((&of.register, &of.names), &[subject.to_owned()]).await?;
    let found = store.whole(&of.register, &keys).await?;
    let matter = |(key, versions): (String, Vec<Version>)| {
        let fields = &as_of(&versions, asked.at, asked.known)?.fields;
        let named = matches!(fields.get(&of.names), Some(Value::Text(own)) if own == subject);
        let (Value::Date(on), Value::Integer(points)) =
            (fields.get(&of.day)?, fields.get(&of.points)?)
        else {
            return None;
        };
        let event = Event { on: *on, points: u32::try_from(*points).ok()? };
        let stands = named && register.in_force_on(fields, asked.on);
        stands.then_some(Matter { key, event })
    };
    let mut matters: Vec<Matter> = found.entries.into_iter().filter_map(matter).collect();
    matters.sort_by(|one, other| (one.event.on, &one.key).cmp(&(other.event.on, &other.key)));
    Ok(matters)
}

/// The days on which a period of the entry began, as far as is known.
fn began(credit: &Credit, versions: &[Version], asked: AsOf) -> Vec<Date> {
    let Some(field) = &credit.began else { return Vec::new() };
    let known = versions.iter().filter(|own| own.known_at(asked.known));
    let days = known.filter_map(|own| match own.fields.get(field)? {
        Value::Date(day) => Some(*day),
        _ => None,
    });
    let days: BTreeSet<Date> = days.collect();
    days.into_iter().collect()
}

/// Where an entry stands, as a page.
pub(in crate::web) async fn show(
    SignedIn { visit, role, .. }: SignedIn,
    Path((register, key)): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let as_of = query.as_of(&visit).await?;
    let account = Account::load(&visit, &role, (&register, key), as_of).await?;
    let (shown, moment) = (visit.shown(), (as_of.at, as_of.known));
    let mut named: BTreeSet<Named> = BTreeSet::new();
    named.insert((account.register.clone(), account.key.clone()));
    let headings = Headings::load(&visit, shown, &named, moment).await?;
    let first = account.stands.first();
    page(&CreditPage {
        frame: visit.frame(),
        entry: headings.link(shown, &account.register, &account.key),
        looked: query.looked(as_of),
        here: account.stands.iter().any(|own| own.here),
        matters: first.map(|own| own.matters.iter().map(line).collect()).unwrap_or_default(),
        tables: account.stands.iter().map(|own| view(&visit, own, as_of.on)).collect(),
        action: visit.to(&format!("/credit/{}/{}", account.register, escaped(&account.key))),
    })
}

fn line(matter: &Matter) -> MatterLine {
    MatterLine {
        on: matter.event.on.to_string(),
        key: matter.key.clone(),
        points: matter.event.points,
    }
}

fn view(visit: &Visit, stands: &Stands<'_>, on: Date) -> TableView {
    let (shown, language) = (visit.shown(), visit.words.0);
    let credit = stands.credit;
    let place = visit.pack().divisions.name(&credit.place);
    let edition = credit.edition(on);
    let (mut lasting, mut over) = (Vec::new(), Vec::new());
    for own in stands.standing.iter().flat_map(|own| &own.reached) {
        let line = effect(visit, stands, own);
        if own.lasts(on) { lasting.push(line) } else { over.push(line) }
    }
    let next = stands.standing.as_ref().and_then(|own| own.next.as_ref());
    let next = next.map(|(effect, left)| {
        visit.words.with_both("credit-next", &left.to_string(), &title(visit, credit, effect, on))
    });
    let period = stands.standing.as_ref().map(|own| {
        let (from, until) = own.period;
        let last = until.plus_days(-1).unwrap_or(until);
        visit.words.with_both("credit-period", &from.to_string(), &last.to_string())
    });
    TableView {
        title: credit.title.to(language).to_owned(),
        place: place.map(|own| own.to(language).to_owned()).unwrap_or_default(),
        here: stands.here,
        counted: stands.standing.is_some(),
        held: edition.is_some(),
        period: period.unwrap_or_default(),
        points: stands.standing.as_ref().map(|own| own.points).unwrap_or_default(),
        next: next.unwrap_or_default(),
        lasting,
        over,
        basis: shown.all_cited(&credit.basis),
        edition: edition.map(|own| shown.cited(&own.basis)),
    }
}

/// What follows from a bound, in the words of the edition of a day.
fn title(visit: &Visit, credit: &Credit, effect: &Name, on: Date) -> String {
    let words = credit.edition(on).and_then(|own| own.effects.get(effect));
    words.map_or_else(|| effect.to_string(), |own| own.to(visit.words.0).to_owned())
}

fn effect(visit: &Visit, stands: &Stands<'_>, own: &Reached) -> EffectLine {
    EffectLine {
        title: title(visit, stands.credit, &own.effect, own.on),
        on: own.on.to_string(),
        counted: own.counted.to_string(),
        bound: own.bound.to_string(),
        // A reader is told the last day, as of periods and entries.
        until: own
            .until
            .and_then(|until| until.plus_days(-1))
            .map_or_else(String::new, |last| last.to_string()),
        by: stands.matters.get(own.by).map(|matter| matter.key.clone()).unwrap_or_default(),
    }
}
