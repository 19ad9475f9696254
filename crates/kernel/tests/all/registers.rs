//! A register against a slow model: the list of everything ever written, gone through from the end
//! for each question.

use std::collections::{BTreeMap, BTreeSet};

use base::{Instant, Name};
use kernel::{
    EntryNumber,
    register::{Change, Fields, Version, as_of, stood, write},
};
use proptest::{prelude::*, test_runner::RngSeed};
use rules::Value;

/// The moments and numbers asked about, all of them each time.
const MOMENTS: i64 = 12;

/// From a moment, until another or for ever, the entry says a number, or is taken out; written as
/// the entry before or as one of its own.
#[derive(Debug, Clone)]
struct Writing {
    from: i64,
    lasts: Option<i64>,
    says: Option<i64>,
    same_entry: bool,
}

prop_compose! {
    fn writing()(
        from in 0..MOMENTS,
        lasts in proptest::option::of(1..MOMENTS),
        says in proptest::option::weighted(0.8, 0..100_i64),
        same_entry in proptest::bool::weighted(0.2),
    ) -> Writing {
        Writing { from, lasts, says, same_entry }
    }
}

fn fields(says: i64) -> Fields {
    [(Name::new("says").unwrap(), Value::Integer(says))].into()
}

fn change(writing: &Writing) -> Change {
    let at = Instant::from_micros;
    Change {
        register: Name::new("herb-room").unwrap(),
        key: "1".to_owned(),
        from: at(writing.from),
        until: writing.lasts.map(|lasts| at(writing.from + lasts)),
        says: writing.says.map(fields),
        wrote: BTreeSet::new(),
        undoes: None,
    }
}

/// The entries by which the writings are made.
fn numbered(writings: &[Writing]) -> Vec<(EntryNumber, &Writing)> {
    let mut number = EntryNumber(1);
    let numbered = writings.iter().map(|writing| {
        number = if writing.same_entry { number } else { number.next() };
        (number, writing)
    });
    numbered.collect()
}

fn kept(writings: &[(EntryNumber, &Writing)]) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::new();
    for (number, writing) in writings {
        let believed = versions.iter().filter(|version| version.known_until.is_none());
        let written = write(believed, &change(writing), *number);
        for version in versions.iter_mut().filter(|v| written.superseded.contains(v)) {
            version.known_until = Some(*number);
        }
        versions.extend(written.inserted);
    }
    versions
}

/// The last writing known by then that covers the moment.
fn model<'w>(
    writings: &[(EntryNumber, &'w Writing)],
    at: i64,
    known: EntryNumber,
) -> Option<(EntryNumber, &'w Writing)> {
    let covers = |writing: &Writing| {
        writing.from <= at && writing.lasts.is_none_or(|lasts| at < writing.from + lasts)
    };
    let known = writings.iter().rev().filter(|(number, _)| *number <= known);
    known.copied().find(|(_, writing)| covers(writing))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2016),
        ..ProptestConfig::default()
    })]

    #[test]
    fn answers_are_those_of_the_list(
        writings in proptest::collection::vec(writing(), 0..12),
    ) {
        let writings = numbered(&writings);
        let versions = kept(&writings);
        let last = writings.last().map_or(1, |(number, _)| number.0);
        for (number, at) in (0..=last + 1).flat_map(|n| (-1..2 * MOMENTS).map(move |at| (n, at))) {
            let (moment, number) = (Instant::from_micros(at), EntryNumber(number));
            let held: Vec<&Version> = versions
                .iter()
                .filter(|version| version.valid_at(moment) && version.known_at(number))
                .collect();
            prop_assert!(held.len() <= 1, "{at} as known at {number:?} has two answers");
            let found = as_of(&versions, moment, number);
            let expected = model(&writings, at, number);
            let said = found.map(|version| (version.decided_by, version.fields.clone()));
            let expected = expected
                .and_then(|(number, writing)| Some((number, fields(writing.says?))));
            prop_assert_eq!(said, expected, "{} as known at {:?}", at, number);
        }
    }

    /// Who looks at a moment sees what is believed by then of that moment, and what is told of it
    /// afterwards is what they saw.
    #[test]
    fn how_an_entry_stood_never_changes_afterwards(
        writings in proptest::collection::vec(writing(), 0..8),
        made in proptest::collection::vec(-3..MOMENTS, 10),
    ) {
        let writings = numbered(&writings);
        let versions = kept(&writings);
        let turns = versions.iter().flat_map(|own| [Some(own.known_from), own.known_until]);
        let (mut moments, mut counts, mut latest) = (BTreeMap::new(), BTreeMap::new(), i64::MIN);
        for number in turns.flatten().collect::<BTreeSet<EntryNumber>>() {
            // Clocks may jump back; then a number counts from the moment of the one before.
            let at = made[usize::try_from(number.0).unwrap()];
            latest = latest.max(at);
            moments.insert(number, Instant::from_micros(at));
            counts.insert(number, latest);
        }
        let mut before = Vec::new();
        for now in -4..2 * MOMENTS {
            let known = counts.iter().filter(|(_, at)| **at <= now).map(|(number, _)| *number);
            let known = known.max().unwrap_or(EntryNumber(0));
            let told = stood(&versions, &moments, (Instant::from_micros(now), known));
            let seen = model(&writings, now, known).and_then(|(_, writing)| writing.says);
            let last = told.last().filter(|own| own.there).map(|own| own.says.clone());
            prop_assert_eq!(last, seen.map(fields), "at {}", now);
            prop_assert!(told.starts_with(&before), "{now}: {before:?} became {told:?}");
            for own in &told {
                let by_entry = own.at.micros() == counts[&own.number];
                prop_assert_eq!(own.by_entry, by_entry, "{:?}", own);
            }
            before = told;
        }
    }
}

/// An entry that begins and runs out by itself, as its only writing said beforehand.
#[test]
fn time_alone_brings_an_entry_about_and_ends_it() {
    let writing = Writing { from: 3, lasts: Some(5), says: Some(7), same_entry: false };
    let writings = numbered(std::slice::from_ref(&writing));
    let (number, versions) = (writings[0].0, kept(&writings));
    let moments = BTreeMap::from([(number, Instant::from_micros(1))]);
    let at = |now| -> Vec<(i64, bool, bool)> {
        let told = stood(&versions, &moments, (Instant::from_micros(now), number));
        assert!(told.iter().all(|own| own.says == fields(7) && own.number == number), "{told:?}");
        told.iter().map(|own| (own.at.micros(), own.by_entry, own.there)).collect()
    };
    assert_eq!(at(2), []);
    assert_eq!(at(3), [(3, false, true)]);
    assert_eq!(at(7), [(3, false, true)]);
    assert_eq!(at(8), [(3, false, true), (8, false, false)]);
}
