//! Asked again whenever something has changed, rules find what they find when they are asked once.

use std::collections::{BTreeMap, BTreeSet};

use base::Name;
use kernel::EntryNumber;
use pack::model::Finds;
use proptest::prelude::*;
use supervise::{Asked, Finding, FindingId, Outcome, Says, Standing, Stood, World};

use crate::{
    bench::{name, town},
    lakeside::{Lakeside, Sale, runtime, sales},
};

/// What happens.
#[derive(Debug, Clone)]
enum Step {
    /// Rows come.
    Sold(Vec<Sale>),
    /// An earlier sale was another one: of so many packets, on another day, by another buyer.
    Corrected(Sale),
    /// It becomes known that a room was shut for the days from one to another.
    Shut(&'static str, i64, Option<i64>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let room = || prop::sample::select(&["a", "b"][..]);
    let one = prop_oneof![
        3 => sales(12).prop_map(Step::Sold),
        2 => sales(2).prop_map(|mut all| all.pop().map_or(Step::Sold(vec![]), Step::Corrected)),
        2 => (room(), 0..120_i64, prop::option::of(1..60_i64)).prop_map(|(room, from, days)| {
            Step::Shut(room, from, days.map(|days| from + days))
        }),
    ];
    prop::collection::vec(one, 1..6)
}

/// What stands of each rule and what ever stood, and up to where it was asked.
#[derive(Default)]
struct Kept {
    asked: Option<Asked>,
    standing: BTreeMap<Name, Vec<Standing>>,
    found: BTreeMap<(FindingId, Says), (Finding, Asked)>,
}

impl Kept {
    /// Asks every rule, and keeps what came of it.
    async fn ask(&mut self, lakeside: &Lakeside) {
        let (rows, tables) = lakeside.tables();
        let (engine, histories) = (&lakeside.engine, &lakeside.histories);
        let world = World { pack: town(), engine, tables: &tables, histories, rows };
        for rule in town().rules.values() {
            let standing = self.standing.entry(rule.name.clone()).or_default();
            let stood = Stood { rule, asked: self.asked, standing };
            let outcome = match rule.finds {
                Finds::Row(_) => {
                    let feed = &town().feeds[&rule.feed];
                    world.ask_rows(feed, &[stood]).await.unwrap().remove(0)
                }
                Finds::Query(_) => world.ask_set(stood).await.unwrap(),
            };
            let Outcome { found, gone, .. } = outcome;
            if self.asked.is_some_and(|asked| !world.concerns(rule, asked)) {
                assert!(found.is_empty() && gone.is_empty(), "nothing concerned {}", rule.name);
            }
            let before = standing.len();
            standing.retain(|own| !gone.contains(&own.id));
            assert_eq!(standing.len() + gone.len(), before, "only what stood is gone");
            for own in found {
                standing.push(own.standing(&rule.feed).unwrap());
                self.found.insert((own.id(), own.says()), (own, world.asked()));
            }
        }
        self.asked = Some(world.asked());
    }

    fn told(&self) -> BTreeSet<(Name, FindingId, Says)> {
        let all = self.standing.iter().flat_map(|(rule, standing)| {
            standing.iter().map(|own| (rule.clone(), own.id, own.says))
        });
        let told: BTreeSet<_> = all.collect();
        assert_eq!(told.len(), self.standing.values().map(Vec::len).sum::<usize>());
        told
    }
}

/// Carries a step out; how many sales there are then.
async fn carry_out(lakeside: &mut Lakeside, step: &Step, (sold, known): (usize, u64)) -> usize {
    match step {
        Step::Sold(sales) => {
            let numbered =
                (sold..).zip(sales).map(|(number, sale)| Sale { number, ..sale.clone() });
            let sales: Vec<Sale> = numbered.collect();
            lakeside.sell(&sales).await;
            sold + sales.len()
        }
        Step::Corrected(sale) if sold > 0 => {
            let number = usize::try_from(sale.packets).unwrap() % sold;
            lakeside.sell(&[Sale { number, back: None, ..sale.clone() }]).await;
            sold
        }
        Step::Corrected(_) => sold,
        Step::Shut(room, from, until) => {
            let day = |day: i64| {
                let first = base::Date::parse("2026-01-01").unwrap();
                first.plus_days(day).unwrap().to_string()
            };
            let until = until.map(day);
            lakeside.say(room, (&day(*from), until.as_deref()), "shut", known);
            sold
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn asking_in_steps_finds_what_asking_once_finds(steps in steps()) {
        runtime().block_on(async {
            let mut lakeside = Lakeside::new();
            let (mut kept, mut sold) = (Kept::default(), 0);
            kept.ask(&lakeside).await;
            for (step, known) in steps.iter().zip(2..) {
                sold = carry_out(&mut lakeside, step, (sold, known)).await;
                kept.ask(&lakeside).await;
                let mut once = Kept::default();
                once.ask(&lakeside).await;
                assert_eq!(kept.told(), once.told(), "after {step:?}");
            }
            found_again(&kept, &lakeside).await;
        });
    }
}

/// Everything that ever stood, found again from what it rests on, although rows were replaced and
/// registers say something else since.
async fn found_again(kept: &Kept, lakeside: &Lakeside) {
    let (rows, tables) = lakeside.tables();
    let (engine, histories) = (&lakeside.engine, &lakeside.histories);
    let world = World { pack: town(), engine, tables: &tables, histories, rows };
    for (finding, known) in kept.found.values() {
        let rule = &town().rules[&finding.rule];
        let again = world.again(rule, finding, *known).await.unwrap();
        assert_eq!(again.as_ref(), Some(finding), "as known with {known:?}");
    }
}

/// A licence revoked back to March makes findings of what was sold in April.
#[test]
fn a_register_that_changes_backwards_makes_findings_of_earlier_rows() {
    runtime().block_on(async {
        let mut lakeside = Lakeside::new();
        let sale =
            |number, day| Sale { number, day, room: "a", buyer: "mei", packets: 5, back: None };
        lakeside.sell(&[sale(0, 40), sale(1, 100)]).await;
        let mut kept = Kept::default();
        kept.ask(&lakeside).await;
        assert_eq!(kept.told().len(), 0);
        lakeside.say("a", ("2026-03-01", None), "shut", 2);
        kept.ask(&lakeside).await;
        let found: Vec<&Finding> = kept.found.values().map(|(own, _)| own).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rule, name("sale-without-licence"));
        assert_eq!(found[0].evidence[0].number, 2);
        assert_eq!(found[0].snapshot, EntryNumber(2));
        assert!(!found[0].known_then);
        // And open again, as an appeal has it, they are none.
        lakeside.say("a", ("2020-01-01", None), "open", 3);
        kept.ask(&lakeside).await;
        assert_eq!(kept.told().len(), 0);
    });
}
