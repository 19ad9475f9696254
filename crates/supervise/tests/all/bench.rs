//! The invented town, its feed, and rows of it.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use arrow_array::RecordBatch;
use arrow_json::ReaderBuilder;
use arrow_schema::{DataType, Field, Schema};
use base::{Instant, Name};
use kernel::{
    EntryNumber,
    register::{Fields, Version},
};
use lake::{batch::schema, feed::Kept};
use pack::{
    compile,
    model::Pack,
    source::{Files, Folder, Library},
};
use rules::Value;

/// A sale by a room that was not licensed for the herb at that moment.
const UNLICENSED: &str = "rule: sale-without-licence
title: { zh: 无证售药（虚构）, en: A herb sold without licence (invented) }
basis:
  - { act: 柳溪草药房条例（虚构）, article: 3, confidence: assumed }
version: 2
from: 2018-01-01
verdict: clear
stage: after
kind: licence
feed: herb-sales
subject: room
shows: [herb, room.status]
looks_up:
  room: { register: herb-room, by: room }
finds: room.status is missing or room.status != 'open' or not (herb in room.herbs)
";

/// The town with one more rule.
struct More;

impl Library for More {
    fn files(&self, name: &str) -> Option<Files> {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let mut files = Folder(&packs).files(name)?;
        if name == "willow" {
            let path = "supervision/sale-without-licence.yaml".to_owned();
            files.insert(path, UNLICENSED.to_owned());
        }
        Some(files)
    }
}

/// The town, compiled once.
pub(crate) fn town() -> &'static Pack {
    static TOWN: LazyLock<Pack> = LazyLock::new(compiled);
    &TOWN
}

fn compiled() -> Pack {
    match compile(&More, "willow") {
        Ok(compiled) => compiled.pack,
        Err(no) => panic!("{}", no.faults.render(&no.sources, base::Language::En, false)),
    }
}

pub(crate) fn name(word: &str) -> Name {
    Name::new(word).unwrap()
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}T12:00:00+08:00")).unwrap()
}

/// Rows of sales from lines, numbered from 1.
pub(crate) fn sales(pack: &Pack, lines: &[String]) -> RecordBatch {
    let feed = supervise::feeds::of(&pack.feeds[&name("herb-sales")]).unwrap();
    let schema = Arc::new(of_offsets(&schema(&Kept::default().with(&feed).unwrap(), false)));
    let numbered = lines.iter().enumerate().map(|(place, line)| {
        let number = place + 1;
        let own = "\"intake_source\":\"a\",\"intake_at\":\"2030-01-01T00:00:00Z\"";
        format!("{{\"intake_number\":{number},{own},{line}}}")
    });
    let text = numbered.collect::<Vec<_>>().join("\n");
    let reader = ReaderBuilder::new(Arc::clone(&schema)).with_batch_size(lines.len().max(1));
    let mut batches = reader.build(text.as_bytes()).unwrap();
    batches.next().map_or_else(|| RecordBatch::new_empty(schema), Result::unwrap)
}

/// The same columns with the zone of moments as an offset, which the reader of lines asks for.
fn of_offsets(schema: &Schema) -> Schema {
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Timestamp(unit, Some(_)) => {
            let kind = DataType::Timestamp(*unit, Some("+00:00".into()));
            field.as_ref().clone().with_data_type(kind)
        }
        _ => field.as_ref().clone(),
    };
    Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>())
}

/// A version of a room: valid from a day until another, known from a number until another.
pub(crate) fn version(
    (from, until): (&str, Option<&str>),
    (known_from, known_until): (u64, Option<u64>),
    (status, herbs): (&str, &[&str]),
) -> Version {
    let herbs = herbs.iter().map(|herb| (*herb).to_owned()).collect();
    let fields = Fields::from([
        (name("status"), Value::Choice(name(status))),
        (name("herbs"), Value::Codes(herbs)),
        (name("name"), Value::Text("柳影草药房（虚构）".to_owned())),
    ]);
    Version {
        valid_from: at(from),
        valid_until: until.map(at),
        known_from: EntryNumber(known_from),
        known_until: known_until.map(EntryNumber),
        decided_by: EntryNumber(known_from),
        fields,
        wrote: Default::default(),
        undoes: None,
    }
}
