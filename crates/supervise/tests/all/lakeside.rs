//! A lake of the town with an engine over it, and invented sales.

use std::collections::BTreeMap;

use base::{Date, Instant};
use kernel::{
    EntryNumber,
    register::{self, Change, Version},
};
use lake::{Lake, PersonKey, Tables};
use proptest::prelude::*;
use query::{Engine, Limits};
use supervise::{Finding, Histories, Judged, Read, SetJudge, Touched, feeds};
use tempfile::TempDir;

use crate::bench::{at, name, town, version};

const BUYERS: [&str; 3] = ["mei", "lan", "zhu"];

/// A sale of the one herb.
#[derive(Debug, Clone)]
pub(crate) struct Sale {
    pub(crate) number: usize,
    pub(crate) day: i64,
    pub(crate) room: &'static str,
    pub(crate) buyer: &'static str,
    pub(crate) packets: i64,
    /// So many days later it is taken back.
    pub(crate) back: Option<i64>,
}

impl Sale {
    pub(crate) fn at(&self, days: i64) -> Instant {
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

pub(crate) fn sales(most: usize) -> impl Strategy<Value = Vec<Sale>> {
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

/// A lake of the town with an engine over it.
pub(crate) struct Lakeside {
    lake: Lake,
    pub(crate) engine: Engine,
    pub(crate) histories: Histories,
    rooms: BTreeMap<&'static str, Vec<Version>>,
    _folder: TempDir,
}

impl Lakeside {
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("supervise-").unwrap();
        let pack = town();
        let key = PersonKey::from_bytes([7; 64]);
        let feeds = feeds::all(pack);
        let lake = Lake::open(&folder.path().join("lake"), feeds, key, pack.zone.clone()).unwrap();
        let scratch = folder.path().join("scratch");
        let limits = Limits { memory_bytes: 64 << 20, scratch, threads: 2 };
        let open = version(("2020-01-01", None), (1, None), ("open", &["H1"]));
        let rooms = ["a", "b"].map(|room| (room, vec![open.clone()])).into();
        let engine = Engine::new(limits).unwrap();
        let histories = Histories::new(EntryNumber(1), vec![]);
        let mut own = Self { lake, engine, histories, rooms, _folder: folder };
        own.known(1);
        own
    }

    /// What registers said up to an entry of the ledger.
    fn known(&mut self, number: u64) {
        let made = |number| {
            (at(if number == 1 { "2019-12-31" } else { "2027-01-01" }), EntryNumber(number))
        };
        self.histories = Histories::new(EntryNumber(number), (1..=number).map(made).collect());
        for (room, versions) in &self.rooms {
            self.histories.add(&name("herb-room"), room, versions.clone());
        }
    }

    /// It becomes known with an entry of the ledger how a room stood from one day until another.
    pub(crate) fn say(
        &mut self,
        room: &'static str,
        (from, until): (&str, Option<&str>),
        status: &str,
        number: u64,
    ) {
        let says = version((from, until), (number, None), (status, &["H1"]));
        let change = Change {
            register: name("herb-room"),
            key: room.to_owned(),
            from: says.valid_from,
            until: says.valid_until,
            says: Some(says.fields),
            wrote: Default::default(),
            undoes: None,
        };
        let versions = self.rooms.entry(room).or_default();
        let believed = versions.iter().filter(|own| own.known_until.is_none());
        let written = register::write(believed, &change, EntryNumber(number));
        for own in versions.iter_mut().filter(|own| written.superseded.contains(own)) {
            own.known_until = Some(EntryNumber(number));
        }
        versions.extend(written.inserted);
        self.known(number);
    }

    async fn take(&self, feed: &str, lines: &[String]) {
        let now = at("2027-01-01");
        let taken = self.lake.take(&name(feed), "town", lines.join("\n").as_bytes(), now).await;
        assert_eq!(taken.unwrap().bad, []);
        while self.lake.gather().unwrap().is_some() {}
    }

    pub(crate) async fn sell(&self, sales: &[Sale]) {
        let lines: Vec<String> = sales.iter().map(Sale::line).collect();
        self.take("herb-sales", &lines).await;
        let lines: Vec<String> = sales.iter().filter_map(Sale::line_of_return).collect();
        self.take("herb-returns", &lines).await;
    }

    /// The number under which all rows are gathered, and the tables then.
    pub(crate) fn tables(&self) -> (u64, Tables) {
        let names = town().feeds.keys();
        let names = names.flat_map(|feed| [feed.to_string(), lake::replaced(feed)]);
        self.lake.snapshot(names).unwrap()
    }

    pub(crate) async fn ask(&self, touched: Option<&Touched>) -> Vec<Finding> {
        let rule = &town().rules[&name("herb-hoarded")];
        let judge = SetJudge::new(town(), rule).unwrap();
        let (_, tables) = self.tables();
        let rows = |feed: &pack::model::Feed| feeds::rows(feed, &tables);
        let read = Read { rows: &rows, histories: &self.histories, touched };
        let mut judged = Judged::default();
        judge.ask(&self.engine, &read, &mut judged).await.unwrap();
        judged.findings
    }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
