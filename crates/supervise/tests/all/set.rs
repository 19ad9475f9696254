//! A rule that asks in SQL, over a lake: beside a slow model, and asked again only of what a batch
//! has touched.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use arrow_array::{ArrayRef, BinaryArray};
use base::{Date, Instant, Name};
use kernel::EntryNumber;
use lake::{Lake, PersonKey, batch::schema, feed::Kept};
use proptest::prelude::*;
use query::{Engine, Files, Limits};
use supervise::{Finding, Histories, Judged, Read, SetJudge, Touched};
use tempfile::TempDir;

use crate::bench::{at, name, town, version};

const BUYERS: [&str; 3] = ["mei", "lan", "zhu"];

/// A sale of the one herb.
#[derive(Debug, Clone)]
struct Sale {
    number: usize,
    day: i64,
    room: &'static str,
    buyer: &'static str,
    packets: i64,
    /// So many days later it is taken back.
    back: Option<i64>,
}

impl Sale {
    fn at(&self, days: i64) -> Instant {
        let first = Date::parse("2026-01-01").unwrap();
        at(&first.plus_days(self.day + days).unwrap().to_string())
    }

    fn line(&self) -> String {
        let Self { number, room, buyer, packets, .. } = self;
        format!(
            "{{\"sale\":\"s{number}\",\"sold-at\":\"{}\",\"room\":\"{room}\",\"buyer\":\"{buyer}\",\
             \"herb\":\"H1\",\"brew\":\"mild\",\"weight\":1,\"packets\":{packets},\"paid\":1,\
             \"at-counter\":true}}",
            self.at(0)
        )
    }

    fn line_of_return(&self) -> Option<String> {
        let Self { number, buyer, .. } = self;
        let at = self.at(self.back?);
        Some(format!(
            "{{\"return\":\"r{number}\",\"returned-at\":\"{at}\",\"sale\":\"s{number}\",\
             \"buyer\":\"{buyer}\"}}"
        ))
    }
}

fn sales(most: usize) -> impl Strategy<Value = Vec<Sale>> {
    let room = prop::sample::select(&["a", "b"][..]);
    let buyer = prop::sample::select(&BUYERS[..]);
    let one = (0..120_i64, room, buyer, 5..25_i64, prop::option::of(0..40_i64));
    prop::collection::vec(one, 0..most).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        let made = numbered.map(|(number, (day, room, buyer, packets, back))| Sale {
            number,
            day,
            room,
            buyer,
            packets,
            back,
        });
        made.collect()
    })
}

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

/// A lake of the town with an engine over it.
struct Lakeside {
    lake: Lake,
    engine: Engine,
    histories: Histories,
    _folder: TempDir,
}

impl Lakeside {
    fn new() -> Self {
        let folder = TempDir::with_prefix("supervise-").unwrap();
        let pack = town();
        let key = PersonKey::from_bytes([7; 64]);
        let feeds = supervise::feeds::all(pack);
        let lake = Lake::open(&folder.path().join("lake"), feeds, key, pack.zone.clone()).unwrap();
        let scratch = folder.path().join("scratch");
        let limits = Limits { memory_bytes: 64 << 20, scratch, threads: 2 };
        let mut histories = Histories::new(EntryNumber(1), vec![]);
        for room in ["a", "b"] {
            let open = version(("2020-01-01", None), (1, None), ("open", &["H1"]));
            histories.add(&name("herb-room"), room, vec![open]);
        }
        Self { lake, engine: Engine::new(limits).unwrap(), histories, _folder: folder }
    }

    async fn take(&self, feed: &str, lines: &[String]) {
        let now = at("2027-01-01");
        let taken = self.lake.take(&name(feed), "town", lines.join("\n").as_bytes(), now).await;
        assert_eq!(taken.unwrap().bad, []);
        while self.lake.gather().unwrap().is_some() {}
    }

    async fn sell(&self, sales: &[Sale]) {
        let lines: Vec<String> = sales.iter().map(Sale::line).collect();
        self.take("herb-sales", &lines).await;
        let lines: Vec<String> = sales.iter().filter_map(Sale::line_of_return).collect();
        self.take("herb-returns", &lines).await;
    }

    fn files(&self, feed: &Name) -> Option<Files> {
        let pack = town();
        let own = pack.feeds.get(feed)?;
        let (folder, files) = self.lake.files(feed.as_str()).unwrap();
        let kept = Kept::default().with(&supervise::feeds::of(own)?).unwrap();
        let at = supervise::tables::view(&own.event_at);
        Some(Files { folder, files, schema: schema(&kept, false), at })
    }

    async fn ask(&self, touched: Option<&Touched>) -> Vec<Finding> {
        let rule = &town().rules[&name("herb-hoarded")];
        let judge = SetJudge::new(town(), rule).unwrap();
        let files = |feed: &Name| self.files(feed);
        let read = Read { files: &files, histories: &self.histories, touched };
        let mut judged = Judged::default();
        judge.ask(&self.engine, &read, &mut judged).await.unwrap();
        judged.findings
    }
}

/// What a batch of sales touches.
fn touched(sales: &[Sale]) -> Option<Touched> {
    let key = PersonKey::from_bytes([7; 64]);
    let keys: BTreeSet<[u8; 16]> = sales.iter().map(|own| key.digest(own.buyer).0).collect();
    let keys: ArrayRef = Arc::new(BinaryArray::from_iter_values(keys));
    let moments = sales.iter().flat_map(|own| [own.at(0), own.at(own.back.unwrap_or(0))]);
    let moments: Vec<Instant> = moments.collect();
    let (from, to) = (*moments.iter().min()?, *moments.iter().max()?);
    Some(Touched { keys, from, to })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
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
    let files = lakeside.files(&name("herb-sales")).unwrap();
    let source = query::Source::files("herb_sales", files);
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
