//! Every rule of the national pack, asked of an invented city, finds all that is wrong in it and
//! nothing else.

use std::{collections::BTreeMap, path::Path};

use base::{Instant, Language};
use kernel::EntryNumber;
use lake::{batch::schema, feed::Kept};
use pack::{
    compile,
    model::{Finds, Pack},
    source::Folder,
};
use query::{Engine, Limits};
use seeded::{Held, Seeded, Size};
use supervise::{Finding, Histories, Outcome, Stood, World, feeds};
use tempfile::TempDir;

/// As few as can be had: for fewer rows there are no fewer persons.
const ROWS: u64 = 10_000;

fn national() -> Pack {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    match compile(&Folder(&packs), "cn") {
        Ok(compiled) => compiled.pack,
        Err(no) => panic!("{}", no.faults.render(&no.sources, Language::En, false)),
    }
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

/// Asks every rule once.
async fn asked(world: World<'_>) -> BTreeMap<String, Outcome> {
    let mut all = BTreeMap::new();
    let stood = |rule| Stood { rule, asked: None, standing: &[] };
    for feed in world.pack.feeds.values() {
        let of_rows = world.pack.rules.values().filter(|rule| rule.feed == feed.name);
        let of_rows: Vec<_> =
            of_rows.filter(|rule| matches!(rule.finds, Finds::Row(_))).map(stood).collect();
        let outcomes = world.ask_rows(feed, &of_rows).await.unwrap();
        all.extend(of_rows.iter().map(|own| own.rule.name.to_string()).zip(outcomes));
    }
    for rule in world.pack.rules.values().filter(|rule| matches!(rule.finds, Finds::Query(_))) {
        let outcome = world.ask_set(stood(rule)).await.unwrap();
        all.insert(rule.name.to_string(), outcome);
    }
    all
}

fn evidence(finding: &Finding) -> Vec<(&str, u64)> {
    finding.evidence.iter().map(|own| (own.feed.as_str(), own.number)).collect()
}

/// The rule that may be wrong in a small city: with a dozen lines a month an institution is far
/// from the mean of its peers by chance.
const BY_CHANCE: &str = "mean-cost";

#[test]
fn every_national_rule_finds_what_is_wrong_in_a_city_and_nothing_else() {
    let folder = TempDir::with_prefix("seeded-").unwrap();
    let (pack, city) = (national(), Seeded::at(folder.path(), Size::autumn(ROWS)).unwrap());
    let scratch = folder.path().join("scratch");
    let engine = Engine::new(Limits { memory_bytes: 256 << 20, scratch, threads: 1 }).unwrap();
    let histories = histories(&city);
    let world = World {
        pack: &pack,
        engine: &engine,
        tables: &city.tables,
        histories: &histories,
        rows: city.end,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let outcomes = runtime.block_on(asked(world));
    assert_eq!(outcomes.keys().collect::<Vec<_>>(), city.truth.keys().collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (rule, outcome) in &outcomes {
        let held = city.held(rule, outcome.found.iter().map(evidence));
        let Held { hits, seeded, alarms, .. } = held;
        let least = if rule == BY_CHANCE { (1, 1) } else { (4, 0) };
        if seeded < least.0 || hits < seeded || alarms > least.1 {
            wrong.push(format!("{rule}: {hits} of {seeded}, {alarms} false alarms"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The city is written without the pack, so it says itself what columns the feeds have.
#[test]
fn the_columns_of_the_city_are_those_of_the_pack() {
    let (pack, columns) = (national(), seeded::schemas().unwrap());
    for (name, written) in columns {
        let feed = pack.feeds.values().find(|feed| feed.name.as_str() == name).unwrap();
        let kept = Kept::default().with(&feeds::of(feed).unwrap()).unwrap();
        assert_eq!(written, schema(&kept, false), "{name}");
    }
}
