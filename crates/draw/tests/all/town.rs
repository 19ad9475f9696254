//! Lists of an invented town.

use std::collections::BTreeMap;

use base::{Date, Name};
use draw::{Conflict, Given, Lists, Object, Officer, Seed, Share};

/// The departments of the town.
pub(crate) const OFFICES: [&str; 2] = ["fire", "health"];

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn share(percent: u16) -> Share {
    Share::of_ten_thousand(percent * 100).unwrap()
}

/// The seed of a department in a draw of that number.
pub(crate) fn seed(office: &str, number: u64) -> Seed {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes[8..8 + office.len()].copy_from_slice(office.as_bytes());
    Seed::new(bytes)
}

pub(crate) fn seeds(number: u64) -> BTreeMap<Name, Seed> {
    OFFICES.map(|office| (name(office), seed(office, number))).into()
}

/// Forty herb rooms, ten of which are looked at, by two of six officers of one department and one
/// of four of the other; every fifth room has an officer who may not go there.
pub(crate) fn given(number: u64) -> Given {
    let day = Date::new(2018, 3, 1).unwrap();
    let mut given = Given::new("spring", day, "herb-room, entry 400");
    given.shares = vec![(name("high"), share(50)), (name("low"), share(20))];
    given.crews = vec![(name("health"), 2), (name("fire"), 1)];
    given.pledges =
        seeds(number).iter().map(|(by, seed)| (by.clone(), seed.pledge("spring", by))).collect();
    for room in 0..40 {
        let class = name(if room < 8 { "high" } else { "low" });
        given.objects.push(Object { key: format!("room-{room:02}"), class });
    }
    for officer in 0..10 {
        let office = name(if officer < 6 { "health" } else { "fire" });
        given.officers.push(Officer { key: format!("officer-{officer}"), office });
    }
    for room in (0..40).step_by(5) {
        given.conflicts.push(Conflict {
            officer: format!("officer-{}", room / 5 % 7),
            object: format!("room-{room:02}"),
            reason: "家属（虚构）".to_owned(),
        });
    }
    given
}

pub(crate) fn lists(number: u64) -> Lists {
    Lists::frozen(given(number)).unwrap()
}
