//! Measuring: the same store and pages that a city runs, under a stated load, on loopback. Load
//! generator and server share the machine, so every figure is a lower bound of the server's own.

mod desks;
mod feeds;
mod ground;
pub(crate) mod line;
mod load;
mod pages;
mod town;
mod transitions;
mod work;

use std::{path::PathBuf, time::Instant};

use crate::{bench::ground::Ground, cli::Stopped, library::Packs as Library};
use line::{Aim, Line, Rate, Taken};
use town::Town;

/// How many clients submit at once.
const CLIENTS: [usize; 4] = [1, 4, 16, 64];
/// How often the pack is checked.
const CHECKS: usize = 5;

/// What is measured, and where.
pub(crate) struct Plan {
    /// Register entries to look up among.
    pub(crate) entries: usize,
    /// Which parts are measured; all where none is named.
    pub(crate) parts: Vec<Part>,
    /// How many officers are signed in at once.
    pub(crate) officers: usize,
    /// Rows of a year of the invented city, about.
    pub(crate) rows: u64,
    /// How long each load lasts.
    pub(crate) seconds: u64,
    /// Where the files go.
    pub(crate) folder: PathBuf,
    /// An empty PostgreSQL database, if that is measured too.
    pub(crate) server: Option<String>,
    /// Where packs are found.
    pub(crate) library: Library,
    /// Which one is run.
    pub(crate) pack: String,
}

/// A part of what is measured. What the later ones need is made in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// Syncs of the disk, and the check of a pack.
    Ground,
    /// Durable transitions by one client and by many.
    Transitions,
    /// Pages of a register at a fixed rate.
    Pages,
    /// Officers at their desks, and the mixed day.
    Desks,
    /// Rows that come in bulk, and the way from an event to its finding.
    Feeds,
    /// Views written anew.
    Rebuild,
}

impl Plan {
    fn has(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }
}

/// Measures everything.
pub(crate) async fn run(plan: &Plan) -> Result<Vec<Line>, Stopped> {
    let ground = Ground::new(&plan.folder)?;
    let mut lines = Vec::new();
    if plan.has(Part::Ground) {
        lines.extend([ground.syncs()?, checked(plan)?]);
    }
    lines.extend(on(plan, &ground, "sqlite", None).await?);
    if let Some(server) = &plan.server {
        lines.extend(on(plan, &ground, "postgres", Some(server.clone())).await?);
    }
    Ok(lines)
}

/// How long reading, linking and proving the pack takes, its stories included.
fn checked(plan: &Plan) -> Result<Line, Stopped> {
    let mut taken = Taken::default();
    for _ in 0..CHECKS {
        let began = Instant::now();
        let compiled = pack::compile(&plan.library, &plan.pack)
            .is_ok_and(|compiled| access::read(&compiled.pack).is_ok());
        if !compiled || pack::scenarios(&plan.library, &plan.pack).is_err() {
            return Err(Stopped(format!("`{}` is not sound; run `pack check`", plan.pack)));
        }
        taken.note(began.elapsed());
    }
    let aim = Aim { rate_min: None, p95_max_micros: Some(1_000_000) };
    let load = format!("`{}`, {CHECKS} times", plan.pack);
    Ok(Line { what: "pack check", on: "memory", load, rate: None, taken, failed: 0, aim })
}

/// Everything measured on one database, in the order in which it fills.
async fn on(
    plan: &Plan,
    ground: &Ground,
    name: &'static str,
    server: Option<String>,
) -> Result<Vec<Line>, Stopped> {
    let town = Town::open(plan, ground, server).await?;
    let mut lines = Vec::new();
    for clients in CLIENTS.into_iter().filter(|_| plan.has(Part::Transitions)) {
        eprintln!("{name}: transitions, {clients} clients");
        lines.push(transitions::measure(&town, name, clients, plan.seconds).await?);
    }
    eprintln!("{name}: loading {} entries", plan.entries);
    let (loaded, line) = load::fill(&town, name, plan.entries).await?;
    lines.push(line);
    if plan.has(Part::Pages) {
        eprintln!("{name}: pages");
        lines.extend(pages::measure(&town, name, &loaded, plan.seconds).await?);
    }
    if plan.officers > 0 && plan.has(Part::Desks) {
        eprintln!("{name}: {} officers at their desks", plan.officers);
        let load = (plan.officers, plan.seconds);
        lines.extend(desks::measure(&town, name, &loaded, load).await?);
    }
    if plan.has(Part::Feeds) {
        lines.extend(feeds::measure(&town, plan, ground, name).await?);
    }
    if plan.has(Part::Rebuild) {
        eprintln!("{name}: rebuilding");
        lines.push(rebuilt(&town, name).await?);
    }
    Ok(lines)
}

/// How fast every view is written anew from the ledger.
async fn rebuilt(town: &Town, on: &'static str) -> Result<Line, Stopped> {
    let head = town.store.head().await.map_err(town::failed)?;
    let began = Instant::now();
    let rows = town.store.rebuild().await.map_err(town::failed)?;
    let mut taken = Taken::default();
    taken.note(began.elapsed());
    let rate = Some(Rate::of(head.0, began.elapsed(), line::Per::Minute));
    let aim = Aim { rate_min: Some(1_000_000), p95_max_micros: None };
    let load = format!("{} entries to {rows} rows", head.0);
    Ok(Line { what: "views rebuilt", on, load, rate, taken, failed: 0, aim })
}
