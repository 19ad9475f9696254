//! Where an entry stands under points tables, for programs.

use ::credit::Reached;
use axum::{
    Json,
    extract::{Path, Query as Asked},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::{
    fault::Fault,
    handle::{
        Query,
        credit::{Account, Stands},
    },
    visit::SignedIn,
};

/// An entry with its points, as of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreditWire {
    /// The register of the entry.
    register: String,
    /// Its key.
    key: String,
    /// The day.
    on: String,
    /// As known with this entry of the ledger.
    known: u64,
    /// What each table makes of them, the one that rules here first.
    tables: Vec<StandingWire>,
}

/// Where it stands under a table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StandingWire {
    /// The table.
    table: String,
    /// The division where it rules.
    place: String,
    /// Whether that is here.
    here: bool,
    /// The matters that are counted, by day.
    matters: Vec<MatterWire>,
    /// The first day of the period and the first day after it; absent where the table counts
    /// nothing that day.
    period: Option<[String; 2]>,
    /// The points of the period.
    points: Option<u32>,
    /// Every bound that was reached, in order.
    reached: Vec<ReachedWire>,
    /// The next bound of the period.
    next: Option<String>,
    /// How many points are left to it.
    left: Option<u32>,
}

/// A matter for which there are points.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatterWire {
    /// The entry that says so.
    key: String,
    /// Its day.
    on: String,
    /// How many.
    points: u32,
}

/// A bound that was reached.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReachedWire {
    /// What follows.
    effect: String,
    /// The day.
    on: String,
    /// What had been counted.
    counted: u32,
    /// How much it takes.
    bound: u32,
    /// The first day on which it no longer lasts; absent where somebody must end it.
    until: Option<String>,
    /// Whether it lasts on the day asked about.
    lasts: bool,
    /// The matter by which it was reached.
    by: Option<String>,
}

impl StandingWire {
    fn of(stands: &Stands<'_>, on: base::Date) -> Self {
        let standing = stands.standing.as_ref();
        let next = standing.and_then(|own| own.next.as_ref());
        let matters = stands.matters.iter().map(|own| MatterWire {
            key: own.key.clone(),
            on: own.event.on.to_string(),
            points: own.event.points,
        });
        let reached = |own: &Reached| ReachedWire {
            effect: own.effect.to_string(),
            on: own.on.to_string(),
            counted: own.counted,
            bound: own.bound,
            until: own.until.map(|day| day.to_string()),
            lasts: own.lasts(on),
            by: stands.matters.get(own.by).map(|matter| matter.key.clone()),
        };
        Self {
            table: stands.credit.name.to_string(),
            place: stands.credit.place.to_string(),
            here: stands.here,
            matters: matters.collect(),
            period: standing.map(|own| [own.period.0.to_string(), own.period.1.to_string()]),
            points: standing.map(|own| own.points),
            reached: standing.iter().flat_map(|own| &own.reached).map(reached).collect(),
            next: next.map(|(effect, _)| effect.to_string()),
            left: next.map(|(_, left)| *left),
        }
    }
}

/// Where an entry stands.
pub(crate) async fn show(
    SignedIn { visit, role, .. }: SignedIn,
    Path((register, key)): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Json<CreditWire>, Fault> {
    let as_of = query.as_of(&visit).await?;
    let account = Account::load(&visit, &role, (&register, key), as_of).await?;
    let tables = account.stands.iter().map(|own| StandingWire::of(own, as_of.on));
    Ok(Json(CreditWire {
        register: account.register.to_string(),
        key: account.key.clone(),
        on: account.as_of.on.to_string(),
        known: account.as_of.known.0,
        tables: tables.collect(),
    }))
}
