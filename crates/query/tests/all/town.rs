//! A small lake with visits, and a bigger one with many.

use std::{path::Path, sync::Arc};

use arrow_array::{BinaryArray, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use base::{Instant, Name, Zone};
use lake::{Column, Feed, Kind, Lake, PersonKey, batch::schema, feed::Kept, table::DataFile};
use query::{Answer, Engine, Fault, Files, Limits, Source};

pub(crate) const MIB: usize = 1 << 20;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn column(text: &str, kind: Kind, needed: bool) -> Column {
    Column { name: name(text), kind, needed }
}

/// Visits, invented; with what a later edition asks for as well.
pub(crate) fn visits(later: bool) -> Feed {
    let mut columns = vec![
        column("visit", Kind::Text, true),
        column("began-at", Kind::Instant, true),
        column("patient", Kind::Person, true),
        column("fee", Kind::Whole, false),
        column("dose", Kind::Decimal(2), false),
        column("diagnoses", Kind::Texts, false),
    ];
    if later {
        columns.push(column("ward", Kind::Text, false));
    }
    Feed::new(name("visits"), columns, &[name("visit")], &name("began-at")).unwrap()
}

/// Noon of a day in March 2026 in China, and so many seconds.
pub(crate) fn moment(day: u8, seconds: i64) -> Instant {
    let noon = Instant::parse(&format!("2026-03-{day:02}T12:00:00+08:00")).unwrap();
    Instant::from_micros(noon.micros() + seconds * 1_000_000)
}

pub(crate) fn patient(number: u64) -> [u8; 16] {
    PersonKey::from_bytes([7; 64]).digest(&format!("P{number}")).0
}

/// A lake with so many visits on each of five days, and with a ward on the last.
pub(crate) async fn made(folder: &Path, each: u64) -> Files {
    let zone = || Zone::named("Asia/Shanghai").unwrap();
    for (later, days) in [(false, 1..5), (true, 5..6)] {
        let key = PersonKey::from_bytes([7; 64]);
        let lake = Lake::open(folder, [visits(later)], key, zone()).unwrap();
        for day in days {
            let lines: Vec<String> = (0..each).map(|visit| line(day, visit, later)).collect();
            for lines in lines.chunks(10_000) {
                let lines = lines.join("\n");
                let now = moment(31, 0);
                let taken = lake.take(&name("visits"), "east", lines.as_bytes(), now).await;
                assert!(taken.unwrap().bad.is_empty());
            }
            while lake.gather().unwrap().is_some() {}
        }
    }
    let lake = Lake::open(folder, [visits(true)], PersonKey::from_bytes([7; 64]), zone()).unwrap();
    let (folder, files) = lake.files("visits").unwrap();
    files_of(&folder, files)
}

fn files_of(folder: &Path, files: Vec<DataFile>) -> Files {
    let schema = schema(&Kept::default().with(&visits(true)).unwrap(), false);
    Files { folder: folder.to_owned(), files, schema, at: "began_at".to_owned() }
}

fn line(day: u8, visit: u64, ward: bool) -> String {
    let at = moment(day, i64::try_from(visit % 7_200).unwrap());
    let (patient, fee) = (visit * 7 % 1_000, visit * 13 % 500);
    let ward = if ward { r#","ward":"W1""# } else { "" };
    let diagnosis = if visit.is_multiple_of(3) { r#"["I10","J45"]"# } else { r#"["J45"]"# };
    format!(
        "{{\"visit\":\"V{day}-{visit}\",\"began-at\":\"{at}\",\"patient\":\"P{patient}\",\
         \"fee\":{fee},\"dose\":\"{}.25\",\"diagnoses\":{diagnosis}{ward}}}",
        visit % 9,
    )
}

pub(crate) fn engine(scratch: &Path, memory_bytes: usize, threads: usize) -> Engine {
    Engine::new(Limits { memory_bytes, scratch: scratch.join("scratch"), threads }).unwrap()
}

pub(crate) async fn asked(
    engine: &Engine,
    sql: &str,
    sources: Vec<Source>,
    order_by: &[&str],
) -> Result<RecordBatch, Fault> {
    Ok(engine.run(sql, sources, order_by).await?.whole().await?.0)
}

/// The whole numbers of the only column of an answer.
pub(crate) async fn numbers(engine: &Engine, sql: &str, sources: Vec<Source>) -> Vec<i64> {
    let rows = asked(engine, sql, sources, &[]).await.unwrap();
    let column = rows.column(0).as_any().downcast_ref::<Int64Array>().unwrap();
    column.values().to_vec()
}

/// Many rows in memory in a seeded order: a key, a number and a text that takes room.
pub(crate) fn many(rows: i64, seed: u64) -> Source {
    let mut places: Vec<i64> = (0..rows).collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut places);
    let schema = Arc::new(Schema::new(vec![
        Field::new("key", DataType::Binary, false),
        Field::new("number", DataType::Int64, false),
        Field::new("text", DataType::Utf8, false),
    ]));
    let batches = places.chunks(8_192).map(|places| {
        let keys: Vec<[u8; 8]> =
            places.iter().map(|place| (place * 31 % 9_973).to_be_bytes()).collect();
        let keys = BinaryArray::from_iter_values(keys);
        let texts =
            StringArray::from_iter_values(places.iter().map(|place| format!("{place:0>100}")));
        let numbers = Int64Array::from(places.to_vec());
        let columns: Vec<arrow_array::ArrayRef> =
            vec![Arc::new(keys), Arc::new(numbers), Arc::new(texts)];
        RecordBatch::try_new(schema.clone(), columns).unwrap()
    });
    Source::rows("many", schema.clone(), batches.collect())
}

pub(crate) async fn spilled(answer: Answer) -> (RecordBatch, u64) {
    let (rows, cost) = answer.whole().await.unwrap();
    (rows, cost.bytes_spilled)
}
