//! All rules of the national pack over an invented city, asked of one machine and of a cluster.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use arrow_array::Array as _;
use base::Instant;
use kernel::EntryNumber;
use pack::model::{Feed, Finds, Pack, Rule};
use query::{Engine, Fault};
use seeded::{Seeded, Size};
use supervise::{
    Finding, Histories, Judged, NotAsked, Read, SetJudge, Stood, Touched, World, feeds,
};
use tempfile::TempDir;

use crate::{
    examples::national,
    processes::{Processes, limits},
};

/// Rows of four months; for fewer there are no fewer persons.
const ROWS: u64 = 10_000;

/// How often rules are asked again at most.
const ROUNDS: usize = 3;

/// A city, and what is asked about it.
struct Asked {
    folder: TempDir,
    pack: Pack,
    city: Seeded,
    histories: Histories,
}

impl Asked {
    fn new() -> Self {
        let folder = TempDir::with_prefix("city-").unwrap();
        let city = Seeded::at(folder.path(), Size::autumn(ROWS)).unwrap();
        let first = EntryNumber(1);
        let mut histories = Histories::new(first, vec![(Instant::from_micros(0), first)]);
        for (register, key, version) in &city.registers {
            histories.add(register, key, vec![version.clone()]);
        }
        Self { folder, pack: national().0, city, histories }
    }

    fn here(&self) -> Engine {
        Engine::new(limits(self.folder.path())).unwrap()
    }

    fn world<'w>(&'w self, engine: &'w Engine) -> World<'w> {
        World {
            pack: &self.pack,
            engine,
            tables: &self.city.tables,
            histories: &self.histories,
            rows: self.city.end,
        }
    }

    /// What all rules find, in their order, told in full.
    async fn findings(&self, engine: &Engine) -> String {
        let world = self.world(engine);
        let (mut told, mut rounds) = (String::new(), 0);
        for rule in self.pack.rules.values() {
            let mut found = self.asked_once(&world, rule).await;
            // Rows that were handed over already are not asked for again: the next round does.
            while let Err(NotAsked::Query(Fault::Elsewhere(_))) = found
                && rounds < ROUNDS
            {
                rounds += 1;
                found = self.asked_once(&world, rule).await;
            }
            let found = found.unwrap();
            writeln!(told, "{}: {}", rule.name, found.len()).unwrap();
            found.iter().for_each(|own| tell(own, &mut told));
        }
        told
    }

    async fn asked_once(&self, world: &World<'_>, rule: &Rule) -> Result<Vec<Finding>, NotAsked> {
        let stood = Stood { rule, asked: None, standing: &[] };
        Ok(match rule.finds {
            Finds::Row(_) => {
                let feed = &self.pack.feeds[&rule.feed];
                world.ask_rows(feed, &[stood]).await?.remove(0).found
            }
            Finds::Query(_) => world.ask_set(stood).await?.found,
        })
    }

    /// What the rules about rows of one person find for what came in two months.
    async fn of_two_months(&self, engine: &Engine) -> String {
        let rows = |feed: &Feed| feeds::rows(feed, &self.city.tables);
        let here = self.here();
        let mut told = String::new();
        for rule in self.pack.rules.values() {
            let Some(judge) = SetJudge::new(&self.pack, rule) else { continue };
            let Finds::Query(query) = &rule.finds else { continue };
            let Some(key) = query.key.get(&rule.feed) else { continue };
            let feed = &self.pack.feeds[&rule.feed];
            let key = key.as_str().replace('-', "_");
            let months = "event_day >= DATE '2026-10-01' AND event_day < DATE '2026-12-01'";
            let source = rows(feed).unwrap();
            let sql = format!("SELECT {key} FROM {} WHERE {months} GROUP BY {key}", source.name);
            let keys = here.run(&sql, vec![source], &[&key]).await.unwrap();
            let keys = Arc::clone(keys.whole().await.unwrap().0.column(0));
            assert!(!keys.is_empty(), "{}", rule.name);
            let (from, to) = ("2026-10-01T00:00:00+08:00", "2026-11-30T23:59:59+08:00");
            let (from, to) = (Instant::parse(from).unwrap(), Instant::parse(to).unwrap());
            let touched = Touched { keys: Some(keys), from, to };
            let (histories, touched) = (&self.histories, Some(&touched));
            let read = Read { rows: &rows, histories, touched };
            let mut judged = Judged::default();
            judge.ask(engine, &read, &mut judged).await.unwrap();
            writeln!(told, "{}: {}", rule.name, judged.findings.len()).unwrap();
            judged.findings.iter().for_each(|own| tell(own, &mut told));
        }
        told
    }
}

/// A finding with all that it says, and by what it is known again.
fn tell(finding: &Finding, told: &mut String) {
    writeln!(told, "{} {finding:?}", finding.id()).unwrap();
}

/// How often a word stands in a text.
fn count(text: &str, word: &str) -> usize {
    text.matches(word).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_machine_and_a_cluster_find_the_same_byte_for_byte() {
    let asked = Asked::new();
    let processes = Processes::start(2);
    let there = processes.engine();
    let here = asked.findings(&asked.here()).await;
    assert!(count(&here, "Finding {") >= 150, "{here}");
    assert_eq!(asked.findings(&there).await, here);
    let months = asked.of_two_months(&asked.here()).await;
    assert!(count(&months, "Finding {") >= 10, "{months}");
    assert_eq!(asked.of_two_months(&there).await, months);
}

/// The other one does the work of an executor that ends in the middle.
#[tokio::test(flavor = "multi_thread")]
async fn an_executor_that_ends_in_the_middle_changes_nothing() {
    let asked = Asked::new();
    let mut processes = Processes::start(2);
    let there = processes.asking(Duration::from_secs(40));
    let here = asked.findings(&asked.here()).await;
    let (found, ()) = tokio::join!(asked.findings(&there), async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        processes.kill(0);
    });
    assert_eq!(found, here);
}

/// Without anybody who does the work, a rule is not asked; it does not seem to find nothing.
#[tokio::test(flavor = "multi_thread")]
async fn without_executors_a_rule_is_not_asked() {
    let asked = Asked::new();
    let mut processes = Processes::start(1);
    let there = processes.asking(Duration::from_secs(10));
    processes.kill(0);
    let rule = asked.pack.rules.values().find(|rule| matches!(rule.finds, Finds::Query(_)));
    let stood = Stood { rule: rule.unwrap(), asked: None, standing: &[] };
    let outcome = asked.world(&there).ask_set(stood).await;
    assert!(matches!(outcome, Err(NotAsked::Query(Fault::Elsewhere(_)))), "{outcome:?}");
}
