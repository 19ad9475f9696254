//! Points of an entry: each line capped, the sum and its level; held against counting one by one.

use std::collections::BTreeMap;

use base::Name;
use pack::model::{Risk, RiskCounts};
use proptest::prelude::*;
use supervise::risk::{Counted, Rated, rate};

use crate::bench::town;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn risk(of: &str) -> &'static Risk {
    &town().risks[of]
}

fn counts(pairs: &[(&str, u64)]) -> BTreeMap<Name, u64> {
    pairs.iter().map(|(own, count)| (name(own), *count)).collect()
}

/// Of each line how many, what they come to and whether it is all; the sum and its level.
fn said(rated: &Rated<'_>) -> (Vec<(u64, u64, bool)>, u64, usize, u32) {
    let lines = rated.lines.iter().map(|line| (line.count, line.points, line.capped()));
    let (height, level) = rated.level.unwrap();
    (lines.collect(), rated.points, height, level.from)
}

#[test]
fn each_line_gives_its_points_and_the_sum_has_a_level() {
    let by_findings = |pairs: &[(&str, u64)]| {
        let counted = Counted { findings: counts(pairs), ..Counted::default() };
        said(&rate(risk("herb-room"), &counted))
    };
    let (broken, hoards) = ("herb-beyond-limit", "herb-hoarded");
    assert_eq!(by_findings(&[]), (vec![(0, 0, false), (0, 0, false)], 0, 0, 0));
    assert_eq!(by_findings(&[(hoards, 1)]), (vec![(0, 0, false), (1, 3, false)], 3, 0, 0));
    assert_eq!(by_findings(&[(broken, 1)]), (vec![(1, 4, false), (0, 0, false)], 4, 1, 4));
    assert_eq!(by_findings(&[(broken, 2)]), (vec![(2, 8, false), (0, 0, false)], 8, 1, 4));
    assert_eq!(by_findings(&[(broken, 3)]), (vec![(3, 10, true), (0, 0, false)], 10, 2, 10));
    assert_eq!(
        by_findings(&[(broken, u64::MAX), (hoards, 2)]),
        (vec![(u64::MAX, 10, true), (2, 3, true)], 13, 2, 10)
    );
    // A clear breach by a rule of another kind is in no line.
    assert_eq!(by_findings(&[("sale-without-licence", 9)]).1, 0);
}

#[test]
fn entries_count_by_their_line() {
    let entries = counts(&[("closures", 1), ("prizes", 3)]);
    let counted = Counted { entries, findings: counts(&[("herb-beyond-limit", 5)]) };
    let rated = rate(risk("fair"), &counted);
    assert_eq!(said(&rated), (vec![(1, 5, false), (3, 2, true)], 7, 1, 5));
}

/// One by one: each thing gives its points while there is room for it.
fn slowly(risk: &Risk, counted: &Counted) -> (u64, u32) {
    let mut sum = 0;
    for (line, own) in &risk.lines {
        let mut room = u64::from(own.most);
        let mut give = |times: u64| {
            for _ in 0..times {
                let points = u64::from(own.each).min(room);
                room -= points;
                sum += points;
            }
        };
        match &own.counts {
            RiskCounts::Entries(_) => give(counted.entries.get(line).copied().unwrap_or(0)),
            RiskCounts::Findings(of) => {
                for rule in town().rules.values() {
                    let meets = of.kind.as_ref().is_none_or(|kind| rule.kind == *kind)
                        && of.verdict.is_none_or(|verdict| rule.verdict == verdict)
                        && of.rule.as_ref().is_none_or(|own| rule.name == *own)
                        && rule.subject_of == risk.register;
                    let times = counted.findings.get(&rule.name).copied().unwrap_or(0);
                    give(if meets { times } else { 0 });
                }
            }
        }
    }
    let levels = risk.levels.iter().map(|(_, level)| level.from);
    (sum, levels.filter(|from| u64::from(*from) <= sum).max().unwrap())
}

proptest! {
    #[test]
    fn points_are_what_counting_one_by_one_gives(
        findings in prop::collection::vec(0_u64..12, 3),
        entries in prop::collection::vec(0_u64..12, 2),
    ) {
        let rules = ["herb-beyond-limit", "herb-hoarded", "sale-without-licence"];
        let findings = rules.into_iter().zip(findings).collect::<Vec<_>>();
        let entries = ["closures", "prizes"].into_iter().zip(entries).collect::<Vec<_>>();
        let counted = Counted { findings: counts(&findings), entries: counts(&entries) };
        for risk in town().risks.values() {
            let rated = rate(risk, &counted);
            let (points, from) = slowly(risk, &counted);
            prop_assert_eq!(rated.points, points);
            prop_assert_eq!(rated.level.unwrap().1.from, from);
        }
    }
}
