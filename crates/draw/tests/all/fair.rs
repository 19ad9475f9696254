//! Ten thousand draws: everybody is drawn equally often, and nobody against a conflict.

use std::collections::BTreeMap;

use draw::Pick;

use crate::town::{given, lists, name, seeds};

const DRAWS: u64 = 10_000;

/// How often each was drawn.
fn counted<'p>(picks: &'p [Vec<Pick>], of: fn(&'p Pick) -> Vec<&'p str>) -> BTreeMap<&'p str, u64> {
    let mut counts = BTreeMap::new();
    for own in picks.iter().flatten().flat_map(of) {
        *counts.entry(own).or_default() += 1;
    }
    counts
}

/// The statistic of a count against a level one, scaled by as much as drawing without putting back
/// makes it smaller, lies within what chance gives in all but two of a hundred thousand runs.
///
/// Bounds: the quantiles at 0.00001 and 0.99999 of chi-square, by the approximation of Wilson and
/// Hilferty (1931).
#[expect(clippy::float_arithmetic, reason = "a statistic of a test, of which nothing is decided")]
fn level(counts: &BTreeMap<&str, u64>, drawn: u64, among: u64) {
    assert_eq!(counts.len() as u64, among, "each was drawn at least once");
    let expected = (DRAWS * drawn) as f64 / among as f64;
    let off = counts.values().map(|count| (*count as f64 - expected).powi(2)).sum::<f64>();
    let p = drawn as f64 / among as f64;
    let free = (among - 1) as f64;
    let statistic = off / (DRAWS as f64 * p * (1.0 - p)) * free / among as f64;
    let bound = |z: f64| {
        let nine = 2.0 / (9.0 * free);
        free * (1.0 - nine + z * nine.sqrt()).max(0.0).powi(3)
    };
    assert!((bound(-4.265)..bound(4.265)).contains(&statistic), "{statistic} of {free}");
}

fn drawn() -> Vec<Vec<Pick>> {
    let draw = |number| lists(number).draw(seeds(number)).unwrap().picks().to_vec();
    (0..DRAWS).map(draw).collect()
}

#[test]
fn ten_thousand_draws_are_level_and_free_of_conflicts() {
    let all = drawn();
    let of_class = |class: &'static str| {
        let all = all.iter().map(|picks| {
            picks.iter().filter(|own| own.class == name(class)).cloned().collect::<Vec<_>>()
        });
        all.collect::<Vec<_>>()
    };
    let (high, low) = (of_class("high"), of_class("low"));
    assert!(high.iter().all(|picks| picks.len() == 4), "half of eight");
    assert!(low.iter().all(|picks| picks.len() == 7), "a fifth of 32, and no fewer");
    level(&counted(&high, |own| vec![&own.object]), 4, 8);
    level(&counted(&low, |own| vec![&own.object]), 7, 32);

    let conflicts = given(0).conflicts;
    let sent = |pick: &Pick, officer: &str| pick.crew.values().flatten().any(|own| own == officer);
    for pick in all.iter().flatten() {
        let against = conflicts.iter().filter(|own| own.object == pick.object);
        assert!(against.into_iter().all(|own| !sent(pick, &own.officer)), "{pick:?}");
        let crew = [("fire", 1), ("health", 2)].map(|(office, count)| (name(office), count));
        assert!(pick.crew.iter().map(|(own, all)| (own.clone(), all.len())).eq(crew), "{pick:?}");
    }
}

/// Where nobody is conflicted, officers are sent equally often to a room, and nobody more than one
/// visit more than a colleague.
#[test]
fn officers_are_sent_in_turn_and_by_chance() {
    let draw = |number| {
        let mut given = given(number);
        given.conflicts.clear();
        draw::Lists::frozen(given).unwrap().draw(seeds(number)).unwrap().picks().to_vec()
    };
    let all: Vec<Vec<Pick>> = (0..DRAWS).map(draw).collect();
    let firsts: Vec<Vec<Pick>> = all.iter().map(|picks| picks[..1].to_vec()).collect();
    level(
        &counted(&firsts, |own| own.crew[&name("health")].iter().map(String::as_str).collect()),
        2,
        6,
    );
    level(
        &counted(&firsts, |own| own.crew[&name("fire")].iter().map(String::as_str).collect()),
        1,
        4,
    );
    for picks in all {
        let picks = [picks];
        let visits =
            counted(&picks, |own| own.crew.values().flatten().map(String::as_str).collect());
        let of = |officers: std::ops::Range<usize>| {
            officers.map(|number| visits.get(&*format!("officer-{number}")).copied().unwrap_or(0))
        };
        for officers in [0..6, 6..10] {
            let (least, most) = (of(officers.clone()).min().unwrap(), of(officers).max().unwrap());
            assert!(most - least <= 1, "{visits:?}");
        }
    }
}
