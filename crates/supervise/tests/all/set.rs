//! A rule that asks in SQL, over a lake: beside a slow model, and asked again only of what a batch
//! has touched.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use arrow_array::{ArrayRef, BinaryArray};
use base::Instant;
use lake::PersonKey;
use proptest::prelude::*;
use query::{Engine, Limits};
use supervise::{Finding, SetJudge, Touched, feeds};
use tempfile::TempDir;

use crate::{
    bench::{name, town},
    lakeside::{Lakeside, Sale, runtime, sales},
};

/// Who hoards, by the words of the rule: the day, the room of the last sale, and the sales.
fn hoarded(sales: &[Sale]) -> BTreeSet<(Instant, String, Vec<usize>)> {
    let mut found = BTreeSet::new();
    for last in sales {
        let until = last.at(0);
        let bought: Vec<&Sale> = sales
            .iter()
            .filter(|own| own.buyer == last.buyer && own.day <= last.day)
            .filter(|own| own.day > last.day - 31)
            .filter(|own| own.back.is_none_or(|back| own.at(back) > until))
            .collect();
        let rooms: BTreeSet<&str> = bought.iter().map(|own| own.room).collect();
        let packets: i64 = bought.iter().map(|own| own.packets).sum();
        if rooms.len() > 1 && packets > 30 {
            let numbers = bought.iter().map(|own| own.number).collect();
            found.insert((until, last.room.to_owned(), numbers));
        }
    }
    found
}

/// What a batch of sales touches.
fn touched(sales: &[Sale]) -> Option<Touched> {
    let key = PersonKey::from_bytes([7; 64]);
    let keys: BTreeSet<[u8; 16]> = sales.iter().map(|own| key.digest(own.buyer).0).collect();
    let keys: ArrayRef = Arc::new(BinaryArray::from_iter_values(keys));
    let moments = sales.iter().flat_map(|own| [own.at(0), own.at(own.back.unwrap_or(0))]);
    let moments: Vec<Instant> = moments.collect();
    let (from, to) = (*moments.iter().min()?, *moments.iter().max()?);
    Some(Touched { keys: Some(keys), from, to })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_is_found_is_what_the_slow_model_finds(sales in sales(30)) {
        let found = runtime().block_on(async {
            let lakeside = Lakeside::new();
            lakeside.sell(&sales).await;
            lakeside.ask(None).await
        });
        // Sales are taken in first and in order, so that the number of a row is that of its sale.
        let told: BTreeSet<(Instant, String, Vec<usize>)> = found
            .iter()
            .map(|own| {
                let rows = own.evidence.iter().map(|row| usize::try_from(row.number).unwrap() - 1);
                (own.at, own.subject.clone(), rows.collect())
            })
            .collect();
        prop_assert_eq!(told, hoarded(&sales));
        prop_assert!(found.is_sorted());
    }

    #[test]
    fn what_a_batch_touches_is_found_as_if_everything_were_asked(
        before in sales(25),
        batch in sales(4),
    ) {
        let batch: Vec<Sale> = (before.len()..)
            .zip(batch)
            .map(|(number, sale)| Sale { number, ..sale })
            .collect();
        runtime().block_on(async {
            let lakeside = Lakeside::new();
            lakeside.sell(&before).await;
            let first = lakeside.ask(None).await;
            lakeside.sell(&batch).await;
            let whole = lakeside.ask(None).await;
            let Some(touched) = touched(&batch) else { return };
            let again = lakeside.ask(Some(&touched)).await;
            // Those of other buyers, and those far from the batch, stay; the others are told anew.
            let reach = 31 * 24 * 3600 * 1_000_000;
            let near = |own: &Finding| {
                own.at.micros() >= touched.from.micros() - reach
                    && own.at.micros() <= touched.to.micros() + reach
            };
            let buyers: BTreeSet<&str> = batch.iter().map(|own| own.buyer).collect();
            let all: Vec<&Sale> = before.iter().chain(&batch).collect();
            let lines = rows_of(&lakeside).await;
            let of_batch = |own: &Finding| {
                let sale = lines.iter().find(|(number, _)| *number == own.evidence[0].number);
                let sale = sale.and_then(|(_, sale)| all.iter().find(|own| own.number == *sale));
                sale.is_some_and(|sale| buyers.contains(sale.buyer))
            };
            let kept = first.into_iter().filter(|own| !(near(own) && of_batch(own)));
            let mut now: Vec<Finding> = kept.chain(again).collect();
            now.sort();
            assert_eq!(now, whole);
        });
    }
}

/// The number of each row of sales, with the number of its sale.
async fn rows_of(lakeside: &Lakeside) -> Vec<(u64, usize)> {
    use arrow_array::{cast::AsArray as _, types::Int64Type};
    let (_, tables) = lakeside.tables();
    let source = feeds::rows(&town().feeds[&name("herb-sales")], &tables).unwrap();
    let sql = "SELECT intake_number, sale FROM herb_sales";
    let answer = lakeside.engine.run(sql, vec![source], &["intake_number"]).await.unwrap();
    let (rows, _) = answer.whole().await.unwrap();
    let numbers = rows.column(0).as_primitive::<Int64Type>().values();
    let sales = rows.column(1).as_string::<i32>();
    let sales = sales.iter().flatten().map(|sale| sale[1..].parse().unwrap());
    numbers.iter().map(|number| number.cast_unsigned()).zip(sales).collect()
}

#[test]
fn the_queries_of_the_town_are_sound() {
    let scratch = TempDir::with_prefix("scratch-").unwrap();
    let limits =
        Limits { memory_bytes: 64 << 20, scratch: Path::new(scratch.path()).into(), threads: 1 };
    let engine = Engine::new(limits).unwrap();
    let judges = town().rules.values().filter_map(|rule| SetJudge::new(town(), rule));
    let judges: Vec<SetJudge<'_>> = judges.collect();
    assert!(!judges.is_empty());
    for judge in judges {
        judge.check(&engine).unwrap();
    }
}
