//! What anybody reads first: the front page, the plan, the services.

use axum::{
    extract::{Path, Query as Asked, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use base::Instant;
use kernel::EntryNumber;
use pack::model::Register;
use store::RegisterQuery;

use super::{
    AsOf, Query,
    derived::{of_entries, of_entry},
    escaped, everything, name, ratings,
    register::register_named,
};
use crate::web::{
    app::App,
    entries::{Headings, named_in},
    fault::Fault,
    frame::Link,
    pages::{
        coverage::{CoveragePage, Told},
        home::{Figure, HomePage},
        life_event::{LifeEventPage, life_events},
        plan::{Measure, MeasurePage, Plan, PlanPage, plan_registers, rows},
        register::{Counted, RegistersPage, link},
        service::ServicePage,
        services::ServicesPage,
    },
    visit::{Visit, page, preferred},
};

/// To the front page in the language the browser asks for.
pub(in crate::web) async fn root(headers: HeaderMap) -> Redirect {
    Redirect::to(&format!("/{}/", preferred(&headers).code()))
}

/// The health of the server: it answers when the ledger can be read.
pub(in crate::web) async fn health(State(app): State<App>) -> Result<String, Fault> {
    let head = app.store.head().await?;
    Ok(format!("ok {}\n", head.0))
}

/// The front page.
pub(in crate::web) async fn home(visit: Visit) -> Result<Response, Fault> {
    let head = visit.app.store.head().await?;
    let words = visit.words;
    let plans = plan_registers(visit.pack());
    let (mut registers, mut entries) = (0, 0);
    for register in visit.pack().registers.values().filter(|register| register.public) {
        entries += total(&visit, register, visit.now, head).await?;
        // A plan has its own door.
        registers += usize::from(plans.iter().all(|plan| plan.name != register.name));
    }
    let figure = |count: String, of| Figure { count, of: words.t(of) };
    let figures = vec![
        figure(head.0.to_string(), "figure-ledger"),
        figure(visit.pack().procedures.len().to_string(), "figure-services"),
        figure(registers.to_string(), "figure-registers"),
        figure(entries.to_string(), "figure-entries"),
    ];
    let events = life_events(visit.shown());
    page(&HomePage { frame: visit.frame(), events, figures })
}

async fn total(
    visit: &Visit,
    register: &Register,
    at: Instant,
    known: EntryNumber,
) -> Result<u32, Fault> {
    let query = RegisterQuery {
        register: register.name.clone(),
        at,
        known,
        heading_contains: None,
        // What is told here is told to everybody.
        published_on: register.published_until.as_ref().map(|_| visit.today()),
        after: None,
        limit: 1,
    };
    Ok(visit.app.store.entries(query).await?.total)
}

/// The plan as of a day.
pub(in crate::web) async fn plan(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let as_of = query.as_of(&visit).await?;
    let mut plans = Vec::new();
    for register in plan_registers(visit.pack()) {
        let entries = everything(&visit, &register.name, as_of).await?;
        let standings = of_entries(&visit, register, &entries, as_of).await?;
        plans.push(Plan::of(visit.shown(), register, &entries, &standings, as_of.on));
    }
    page(&PlanPage { frame: visit.frame(), on: as_of.on.to_string(), plans })
}

/// What is carried out of each row and each measure.
pub(in crate::web) async fn coverage(visit: Visit) -> Result<Response, Fault> {
    let told = Told::of(visit.shown(), visit.app.told.get());
    page(&CoveragePage { frame: visit.frame(), told })
}

/// One measure as of a day.
pub(in crate::web) async fn measure(
    visit: Visit,
    Path(key): Path<String>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let as_of = query.as_of(&visit).await?;
    let AsOf { on, at, known } = as_of;
    let shown = visit.shown();
    for register in plan_registers(visit.pack()) {
        let Some(version) = visit.app.store.entry(&register.name, &key, at, known).await? else {
            continue;
        };
        let href = format!("{}/{key}", link(shown, register).href);
        let derived = of_entry(&visit, register, (&key, &version.fields), as_of).await?;
        let mut measure = Measure::of(shown, register, &key, &version.fields, on);
        measure.follow(derived.standings.clone());
        let named = named_in(register, &version.fields);
        let headings = Headings::load(&visit, shown, &named, (at, known)).await?;
        return page(&MeasurePage {
            frame: visit.frame(),
            on: on.to_string(),
            measure,
            derived,
            rows: rows(shown, register, &version.fields, &headings),
            entry: Link { href, text: register.title.to(visit.words.0).to_owned() },
        });
    }
    Err(Fault::NoSuchPage)
}

/// The services that hold a word and that somebody of a kind may start.
pub(in crate::web) async fn services(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let (q, whom) = query.services();
    page(&ServicesPage::of(visit.frame(), visit.shown(), q, whom))
}

/// The guide to one service.
pub(in crate::web) async fn service(
    visit: Visit,
    Path(procedure): Path<String>,
) -> Result<Response, Fault> {
    let procedure = visit.pack().procedures.get(&name(&procedure)?).ok_or(Fault::NoSuchPage)?;
    let ratings = ratings::of_service(&visit, procedure).await?;
    page(&ServicePage { ratings, ..ServicePage::of(visit.frame(), visit.shown(), procedure) })
}

/// One life event with the services it needs.
pub(in crate::web) async fn life_event(
    visit: Visit,
    Path(event): Path<String>,
) -> Result<Response, Fault> {
    let named = name(&event)?;
    let event = visit.pack().life_events.iter().find(|own| own.name == named);
    let event = event.ok_or(Fault::NoSuchPage)?;
    page(&LifeEventPage::of(visit.frame(), visit.shown(), event))
}

/// Every public register; the one named where something is sought in it.
pub(in crate::web) async fn registers(
    visit: Visit,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    if let Some((register, sought)) = query.register() {
        let register = register_named(&visit, register)?;
        let address = format!("/registers/{}?q={}", register.name, escaped(sought));
        return Ok(Redirect::to(&visit.to(&address)).into_response());
    }
    let shown = visit.shown();
    let head = visit.app.store.head().await?;
    let (mut registers, mut empty) = (Vec::new(), Vec::new());
    for register in visit.pack().registers.values().filter(|register| register.public) {
        let link = link(shown, register);
        match total(&visit, register, visit.now, head).await? {
            0 => empty.push(link),
            total => {
                registers.push(Counted { link, total, basis: shown.all_cited(&register.basis) })
            }
        }
    }
    page(&RegistersPage { frame: visit.frame(), registers, empty })
}
