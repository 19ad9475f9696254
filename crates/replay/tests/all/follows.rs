//! What follows from an entry, as of a day and as known with a number; nobody has written it.

use std::collections::BTreeMap;

use base::{Date, Instant, Name};
use kernel::{
    EntryNumber,
    decide::{Asked, follows},
};
use pack::{
    language::scenario::Scenario,
    model::Pack,
    source::{Files, Library},
};
use replay::{memory::Memory, play};

use crate::shipped;

/// The plan is published, and a year later a room opens that sells the first herb of its first
/// measure.
const STORY: &str = r#"
scenario: follows
title: { zh: 计划与草药房, en: The plan and a room }
people:
  town: { office: health, of: "90" }
  east: { office: health, of: "900101" }
  lan: { applies_as: person }
forms:
  plan: { plan.division: "90" }
  good:
    herb-room.name: 柳记草药房（虚构）
    herb-room.division: "900101001"
    herb-room.herbs: [H1, H3.1]
    herb-room.main-herb: H1
    herb-room.floor-area: 30
    herb-room.night: "yes"
    herb-room.purpose: trade
    keeper.name: 蓝溪（虚构）
    keeper.resident-id: "110101190305170009"
    keeper.worked-since: 2008-01-01
play:
  - { files: plan-adoption, when: 2016-03-01, by: town, case: p, form: plan }
  - { chooses: published, when: 2016-03-01 13:00, by: town, case: p }
  - { files: herb-room-licence, when: 2017-05-22, by: lan, case: c, form: good }
  - { chooses: accepted, when: 2017-05-22 14:00, by: east, case: c }
  - { chooses: good, when: 2017-05-24, by: east, case: c }
"#;

/// One story beside the files of a pack.
struct Told(Files);

impl Library for Told {
    fn files(&self, _: &str) -> Option<Files> {
        Some(self.0.clone())
    }
}

fn story() -> Scenario {
    let files = BTreeMap::from([("scenarios/follows.yaml".to_owned(), STORY.to_owned())]);
    let told = pack::scenarios(&Told(files.into_iter().collect()), "willow");
    told.unwrap_or_else(|wrong| panic!("{:?}", wrong.faults)).remove(0).1
}

/// What holds of a measure on a day, as known with a number: the case, whether it calls for
/// attention, and how many rooms were found.
fn standing(pack: &Pack, city: &Memory<'_>, key: &str, day: &str, known: u64) -> String {
    let register = &pack.registers[&Name::new("measure").unwrap()];
    let today = Date::parse(day).unwrap();
    let at = Instant::from_micros(pack.zone.end_of(today).micros() - 1);
    let known = EntryNumber(known);
    let version = city.entry(&register.name, key, at, known).unwrap();
    let asked = Asked { today, at, known };
    let entry = (key, &version.fields);
    let found = follows(pack, register, entry, city.registers(), asked, &BTreeMap::new());
    let case = found.cases.iter().find_map(|(_, case)| *case);
    let case = case.map_or("under way".to_owned(), |case| {
        format!("{}{}", case.title.en, if case.alarm { "!" } else { "" })
    });
    let rooms = found.found.values().next().and_then(Option::as_ref);
    format!("{case}, {}", rooms.map_or("?".to_owned(), |rooms| rooms.len().to_string()))
}

#[tokio::test]
async fn a_standing_is_worked_out_as_of_a_day_and_as_known_then() {
    let pack = shipped::compiled("willow").pack;
    let mut city = Memory::new(&pack);
    play(&pack, &story(), &mut city).await.unwrap_or_else(|wrong| panic!("{wrong}"));
    let last = city.entries().len() as u64;
    // The grant is decided and served by the last two entries, after the choice.
    let before = last - 3;
    let check = |key: &str, day: &str, known: u64, expected: &str| {
        assert_eq!(standing(&pack, &city, key, day, known), expected, "{key} on {day} at {known}");
    };
    check("W1", "2016-03-01", last, "under way, 0");
    check("W1", "2017-05-23", last, "under way, 0");
    check("W1", "2017-05-24", last, "A room has opened, 1");
    check("W1", "2019-01-01", last, "A room has opened, 1");
    // As it was known before the room opened.
    check("W1", "2017-11-30", before, "under way, 0");
    check("W1", "2017-12-01", before, "Due soon!, 0");
    check("W1", "2018-01-01", before, "Late!, 0");
    // Without a first herb nothing can be looked up; that makes no case true.
    check("W2", "2018-11-30", last, "under way, ?");
    check("W2", "2018-12-31", last, "Due soon!, ?");
    check("W2", "2019-01-01", last, "Late!, ?");
}
