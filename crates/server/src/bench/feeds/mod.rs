//! What systems send in bulk, and what is found in it: the lake, the gathering and the judging of a
//! server, over an invented city for a year. Its rows lie in the lake before anything is measured;
//! whatever is measured is sent as a source sends it.

mod city;
mod found;
mod over_nats;
mod rows;
mod sending;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use base::Name;
use lake::PersonKey;
use pack::model::Rule;
use store::source::{Source, SourceStep};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};

use super::{
    Plan,
    ground::Ground,
    line::{Aim, Line, Taken},
    pages::stopped,
    town::{Town, failed},
};
use crate::{
    cli::Stopped,
    web::{self, App, Judging, Taking},
};
use city::City;
use sending::Sender;

/// The feed whose rows are most of what comes.
const LINES: &str = "settlement-lines";
/// What comes is gathered, and rules are asked of it, within this time, or never.
const WITHIN: Duration = Duration::from_secs(1_200);
/// How often it is looked whether they are.
const LOOK: Duration = Duration::from_millis(50);

/// A server with a lake, and what runs beside its pages.
struct Site {
    app: App,
    sender: Sender,
    serving: JoinHandle<()>,
    gathering: JoinHandle<()>,
}

/// Measures the way of rows into the lake, and the way from an event to its finding.
pub(super) async fn measure(
    town: &Town,
    plan: &Plan,
    ground: &Ground,
    on: &'static str,
) -> Result<Vec<Line>, Stopped> {
    if city::FEEDS.iter().any(|feed| !town.pack.feeds.keys().any(|own| own.as_str() == *feed)) {
        eprintln!("`{}` has no feeds of the national pack: they are not measured", plan.pack);
        return Ok(Vec::new());
    }
    let folder = ground.of(&format!("feeds-{on}"));
    let site = Site::open(town, &folder).await?;
    eprintln!("{on}: a city of {} rows a year goes into the lake", plan.rows);
    let mut city = City::made(&folder, plan.rows).await?;
    city.fill(&site).await?;
    found::prepare(&site).await?;
    site.gathered().await?;
    let judging = tokio::spawn(web::judge(site.app.clone()));
    let mut lines = vec![first_asked(&site, &city, on).await?];
    eprintln!("{on}: from events to findings");
    lines.extend(found::measure(&site, &mut city, on).await?);
    eprintln!("{on}: rows over HTTP, {} s", plan.seconds);
    lines.push(sending::measure(&site, plan.seconds, (on, 0)).await?);
    lines.push(caught_up(&site, on).await?);
    judging.abort();
    lines.push(sending::measure(&site, plan.seconds, (on, 1)).await?);
    site.gathered().await?;
    lines.extend(over_nats::measure(&site, plan.seconds, ground, on).await?);
    site.end().await?;
    Ok(lines)
}

/// How long every rule takes to be asked of the whole city, which is what a pack that comes into
/// force costs.
async fn first_asked(site: &Site, city: &City, on: &'static str) -> Result<Line, Stopped> {
    let rules = site.app.packs.live.rules.len();
    let load = format!("{rules} rules, {} rows in {} files", city.rows, site.files()?);
    let taken = site.asked(|_| true).await?;
    let what = "rules asked of everything";
    Ok(Line { what, on, load, rate: None, taken, failed: 0, aim: Aim::NONE })
}

/// How long after a load the rules are asked of all of it.
async fn caught_up(site: &Site, on: &'static str) -> Result<Line, Stopped> {
    let load = "after the load before, gathered and asked".to_owned();
    let taken = site.asked(|rule| rule.feed.as_str() == LINES).await?;
    Ok(Line { what: "rules caught up", on, load, rate: None, taken, failed: 0, aim: Aim::NONE })
}

impl Site {
    /// Serves the town with a lake in a folder, into which one source sends.
    async fn open(town: &Town, folder: &Path) -> Result<Self, Stopped> {
        let mut app = town.app.clone();
        let told = |fault| Stopped(web::told_of_lake(&fault));
        let key = PersonKey::from_bytes([7; 64]);
        let served = app.change();
        served.taking = Taking::open(&folder.join("lake"), &town.pack, key).map_err(told)?;
        served.judging = Some(Judging::open(&folder.join("scratch")).map_err(stopped)?);
        // The year is over: nothing in it is ahead of the clock.
        served.clock = city::over();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let sender = Sender::new(format!("http://{}", listener.local_addr()?))?;
        note(town, &app, sender.public()).await?;
        let router = web::router(app.clone());
        let serving = async move { axum::serve(listener, router).await.unwrap_or_default() };
        let serving = tokio::spawn(serving);
        let gathering = tokio::spawn(web::gather(app.clone()));
        Ok(Self { app, sender, serving, gathering })
    }

    fn taking(&self) -> Result<&Taking, Stopped> {
        self.app.taking.as_ref().ok_or_else(|| Stopped("the lake is in use".to_owned()))
    }

    /// Waits until all that came is in the tables.
    async fn gathered(&self) -> Result<(), Stopped> {
        let (since, lake) = (Instant::now(), self.taking()?.lake());
        while lake.waiting().map_err(stopped)? > 0 {
            if since.elapsed() > WITHIN {
                return Err(Stopped("rows are not gathered".to_owned()));
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Waits until all that came is in the tables and some rules have been asked of it; how long
    /// that took.
    async fn asked(&self, wanted: impl Fn(&Rule) -> bool) -> Result<Taken, Stopped> {
        let (since, pack) = (Instant::now(), &self.app.packs.live);
        self.gathered().await?;
        let (rows, _) = self.taking()?.lake().snapshot([]).map_err(stopped)?;
        let mut waiting: Vec<&Name> =
            pack.rules.values().filter(|rule| wanted(rule)).map(|rule| &rule.name).collect();
        while !waiting.is_empty() {
            if since.elapsed() > WITHIN {
                return Err(Stopped(format!("rules are not asked: {waiting:?}")));
            }
            sleep(LOOK).await;
            for own in self.app.store.rules_asked().await.map_err(failed)? {
                if !own.trouble.is_empty() {
                    return Err(Stopped(format!("`{}`: {}", own.rule, own.trouble)));
                }
                waiting.retain(|name| **name != own.rule || own.rows < rows);
            }
        }
        let mut taken = Taken::default();
        taken.note(since.elapsed());
        Ok(taken)
    }

    /// How many files the city's feeds are.
    fn files(&self) -> Result<usize, Stopped> {
        let names = city::FEEDS.map(str::to_owned);
        let (_, tables) = self.taking()?.lake().snapshot(names).map_err(stopped)?;
        Ok(tables.values().map(|(_, files)| files.len()).sum())
    }

    /// Ends what runs beside, once it has nothing left to do in the folder.
    async fn end(self) -> Result<(), Stopped> {
        self.gathered().await?;
        self.gathering.abort();
        self.serving.abort();
        Ok(())
    }
}

/// Notes the source that sends everything.
async fn note(town: &Town, app: &App, key: [u8; 32]) -> Result<(), Stopped> {
    let named = |text| Name::new(text).map_err(|reason| Stopped(reason.says().en));
    let feeds = city::FEEDS.into_iter().map(named).collect::<Result<_, _>>()?;
    let (name, title) = (named(sending::SOURCE)?, "量测用数据源（虚构）".to_owned());
    let source = Source { name, title, feeds, key, ended: false };
    let officer = town.officers.iter().next();
    let (body, officer) = officer.ok_or_else(|| Stopped("nobody is an officer".to_owned()))?;
    let (officer, body, at) = (*officer, body.clone(), app.clock.now());
    let step = SourceStep { source, officer, body, at };
    app.store.note_source(&step, true).await.map_err(failed)?;
    Ok(())
}
