//! The city under measurement: a store with the pack in force, its invented people, and the days
//! over which its traffic is spread, all within the published calendar.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicI64},
};

use base::{Date, Instant, Zone};
use kernel::{Actor, BodyId, PartyId};
use pack::model::Pack;
use store::{Store, StoreError, SubmitError};

use super::{
    Plan,
    ground::Ground,
    work::{self, Rehearsed, Work},
};
use crate::{
    city::{self, Place},
    cli::Stopped,
    library::Packs as Library,
    web::{App, Clock, Documents, Origin, People, Role, Served},
};

/// Days over which entries are spread.
pub(crate) const DAYS: i64 = 730;
/// Days of the calendar that stay ahead of the last act, so that no date is provisional.
const DAYS_AHEAD: i64 = 120;

/// A city under measurement.
pub(crate) struct Town {
    pub(crate) store: Store,
    pub(crate) app: App,
    pub(crate) pack: Arc<Pack>,
    pub(crate) library: Library,
    /// Officers by body.
    pub(crate) officers: BTreeMap<BodyId, PartyId>,
    /// The day of the first act.
    pub(crate) first: Date,
    /// Cases rehearsed from filing to end.
    pub(crate) work: Vec<Work>,
    /// Cases rehearsed up to the first act of a body.
    pub(crate) desks: Vec<Work>,
}

impl Town {
    /// Opens a new database and rehearses.
    pub(crate) async fn open(
        plan: &Plan,
        ground: &Ground,
        server: Option<String>,
    ) -> Result<Self, Stopped> {
        let place =
            Place::new(&ground.of(server.as_ref().map_or("sqlite", |_| "postgres")), server)?;
        let compiled = pack::compile(&plan.library, &plan.pack)
            .map_err(|_| Stopped(format!("`{}` is not sound; run `pack check`", plan.pack)))?;
        let nowhere = || Stopped(format!("`{}` has no jurisdiction", plan.pack));
        let jurisdiction = compiled.pack.jurisdiction.clone().ok_or_else(nowhere)?;
        let (zone, last) = (compiled.pack.zone.clone(), compiled.pack.calendar.last());
        let first = last.plus_days(-DAYS - DAYS_AHEAD).unwrap_or(last);
        let store = place.open(&jurisdiction).await?;
        if store.head().await.map_err(failed)?.0 > 0 {
            return Err(Stopped("the database has a ledger already; name an empty one".into()));
        }
        let packs = city::packs(&store, compiled, Actor::Clock, zone.start_of(first)).await?;
        let people = city::people(&plan.library, &plan.pack);
        let officers = officers(&people);
        let clock = Clock::Stepped(Arc::new(AtomicI64::new(at(&zone, first, DAYS).micros())));
        let (pack, papers, secret) = (packs.live.clone(), place.papers(), place.secret("session")?);
        let people = Arc::new(people);
        let (told, demo) = (Arc::default(), true);
        let documents = Documents::at(Origin::of(([127, 0, 0, 1], 8080).into()));
        let outside = Arc::default();
        let app = App::of(Served {
            store: store.clone(),
            packs,
            clock,
            people,
            papers,
            scanner: Default::default(),
            secret,
            told,
            documents,
            outside,
            demo,
            door: Arc::default(),
            rates: Arc::default(),
            in_force: <_>::default(),
            workshop: Arc::default(),
            drafting: Arc::default(),
            taking: None,
            judging: None,
        });
        let library = plan.library.clone();
        let (work, desks) = (Vec::new(), Vec::new());
        let mut town = Self { store, app, pack, library, officers, first, work, desks };
        let Rehearsed { whole, desks } = work::rehearsed(&town).await?;
        (town.work, town.desks) = (whole, desks);
        Ok(town)
    }

    /// An hour in the morning, so many days after the first.
    pub(crate) fn at(&self, days: i64) -> Instant {
        at(&self.pack.zone, self.first, days)
    }
}

fn at(zone: &Zone, first: Date, days: i64) -> Instant {
    zone.at(first.plus_days(days).unwrap_or(first), 9, 0)
}

fn officers(people: &People) -> BTreeMap<BodyId, PartyId> {
    let officer = |role: &Role| match role {
        Role::Officer { party, body } => Some((body.clone(), *party)),
        Role::Applicant { .. } => None,
    };
    people.0.iter().filter_map(|person| officer(&person.role)).collect()
}

/// A database that failed, with its cause.
pub(crate) fn failed(error: StoreError) -> Stopped {
    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
    Stopped(format!("{error}{}", cause.unwrap_or_default()))
}

/// A submission that had no effect.
pub(crate) fn refused(error: SubmitError) -> Stopped {
    match error {
        SubmitError::Store(error) => failed(error),
        other => Stopped(other.says().en),
    }
}
