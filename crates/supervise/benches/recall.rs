//! Every rule of the national pack, asked of an invented city for a year: how much of what is wrong
//! in it each finds, and what it finds besides. `cargo bench -p supervise --bench recall -- ROWS
//! FOLDER`; a folder that has the city already is used again, whatever its size. What is printed is
//! honest: where a violation is missed or a false alarm is raised, it ends with an error.
//!
//! Every rule has violations that were put in, one of each for 20,000 rows; only of `mean-cost`
//! there are two in all: what is far from the mean of all cannot be put in without moving it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant as Clock,
};

use base::Instant;
use kernel::EntryNumber;
use pack::{
    compile,
    model::{Finds, Pack, Rule},
    source::Folder,
};
use query::{Engine, Limits};
use seeded::{RULES, Seeded, Size};
use supervise::{Finding, Histories, Outcome, Stood, World};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let mut said = std::env::args().skip(1).filter(|word| word != "--bench");
    let rows: u64 = said.next().map_or(Ok(1_000_000), |word| word.parse())?;
    let folder = PathBuf::from(said.next().unwrap_or_else(|| "var/recall-bench".to_owned()));
    let began = Clock::now();
    let city = Seeded::at(&folder, Size::year(rows))?;
    let (files, entries) = (city.tables.values().map(|(_, own)| own.len()), city.registers.len());
    let files: usize = files.sum();
    println!("{} rows in {files} files, {entries} versions of entries of registers", city.rows);
    println!("made or read in {:.1?}", began.elapsed());
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let compiled = compile(&Folder(&packs), "cn");
    let pack = compiled.map_err(|_| "the pack is not sound; `yiyang pack check` says why")?.pack;
    let limits = Limits { memory_bytes: 2 << 30, scratch: folder.join("scratch"), threads: 2 };
    let (engine, histories) = (Engine::new(limits)?, histories(&city));
    let world = World {
        pack: &pack,
        engine: &engine,
        tables: &city.tables,
        histories: &histories,
        rows: city.end,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let began = Clock::now();
    let outcomes = runtime.block_on(asked(world))?;
    let elapsed = began.elapsed();
    let honest = told(&city, &pack, &outcomes);
    println!("all rules in {elapsed:.1?}");
    if honest { Ok(()) } else { Err("something was missed, or found that is right".into()) }
}

/// What registers say, all of it known before anything happens.
fn histories(city: &Seeded) -> Histories {
    let first = EntryNumber(1);
    let mut histories = Histories::new(first, vec![(Instant::from_micros(0), first)]);
    for (register, key, version) in &city.registers {
        histories.add(register, key, vec![version.clone()]);
    }
    histories
}

/// Asks every rule once, those over single rows in one reading of their feed.
async fn asked(world: World<'_>) -> Result<BTreeMap<String, Outcome>, Failed> {
    let mut all = BTreeMap::new();
    let stood = |rule| Stood { rule, asked: None, standing: &[] };
    let of_rows = |rule: &&Rule| matches!(rule.finds, Finds::Row(_));
    for feed in world.pack.feeds.values() {
        let own = world.pack.rules.values().filter(|rule| rule.feed == feed.name);
        let own: Vec<_> = own.filter(of_rows).map(stood).collect();
        if own.is_empty() {
            continue;
        }
        let outcomes = world.ask_rows(feed, &own).await?;
        all.extend(own.iter().map(|own| own.rule.name.to_string()).zip(outcomes));
        eprint!(".");
    }
    for rule in world.pack.rules.values().filter(|rule| !of_rows(rule)) {
        all.insert(rule.name.to_string(), world.ask_set(stood(rule)).await?);
        eprint!(".");
    }
    eprintln!();
    Ok(all)
}

/// Prints what was found. Whether all that is wrong was, and nothing else.
fn told(city: &Seeded, pack: &Pack, outcomes: &BTreeMap<String, Outcome>) -> bool {
    let heads = ["rule", "found", "recall", "false alarms", "rows read or asked", "ms"];
    println!("\n| {} |\n{}|", heads.join(" | "), "| --- ".repeat(heads.len()));
    let numbered = |name: &str| RULES.iter().find(|(_, own)| *own == name).map(|(own, _)| *own);
    let mut rules: Vec<&Rule> = pack.rules.values().collect();
    rules.sort_by_key(|rule| numbered(rule.name.as_str()));
    let mut honest = true;
    for rule in rules {
        let name = rule.name.as_str();
        let Some(outcome) = outcomes.get(name) else { continue };
        let held = city.held(name, outcome.found.iter().map(evidence));
        honest &= held.seeded > 0 && held.hits == held.seeded && held.alarms == 0;
        let millis = outcome.cost.elapsed.as_millis();
        let millis = match rule.finds {
            Finds::Row(_) => format!("({millis})"),
            Finds::Query(_) => millis.to_string(),
        };
        let (found, asked) = (held.found, outcome.asked);
        let (hits, seeded, alarms) = (held.hits, held.seeded, held.alarms);
        println!("| {name} | {found} | {hits}/{seeded} | {alarms} | {asked} | {millis} |");
    }
    println!("\nin brackets: one reading of the feed for all its conditions over rows");
    honest
}

fn evidence(finding: &Finding) -> Vec<(&str, u64)> {
    finding.evidence.iter().map(|own| (own.feed.as_str(), own.number)).collect()
}
