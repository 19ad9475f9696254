//! How well people are served.

use fastrand::Rng;
use layout::{Each, Goal, Survey, adequacy, measures};

use crate::town::{draft, given, some_draft, standard, survey};

#[test]
fn the_town_before_and_after() {
    let (survey, draft) = (survey(), draft());
    let rounds = measures(&survey, Some(&draft)).rounds;
    let told: Vec<_> = rounds
        .iter()
        .map(|own| (own.year, own.need, own.places, own.served, own.missing, own.met, own.worst))
        .collect();
    let wanted = [
        (None, 89, 10, 10, 79, 112, Some(0)),
        (Some(2020), 89, 60, 60, 29, 674, Some(2)),
        (Some(2022), 89, 80, 78, 11, 876, Some(1)),
    ];
    assert_eq!(told, wanted);
    assert_eq!(measures(&survey, None).rounds, [rounds[0].clone()]);
    let east: Vec<_> =
        rounds.iter().map(|own| (own.areas[0].places, own.areas[0].nearest)).collect();
    assert_eq!(east[0], (0, None));
    assert_eq!(east[1].0, 50);
    assert!(east[1].1.is_some_and(|metres| metres < 300));
    assert_eq!(rounds[2].areas[0].met, 1_000);
    assert!(rounds[0].gini > rounds[1].gini && rounds[1].gini > rounds[2].gini);
}

#[test]
fn what_is_missing_in_part_is_missing() {
    let mut given = given();
    // 6 for a thousand people: of 1000, 501 and 700.
    given.standards = vec![
        standard("beds", Each::Thousand, 6, &[("east", 6), ("middle", 3)]),
        standard("station", Each::Area, 1, &[("middle", 2)]),
    ];
    let survey = Survey::freeze(given).unwrap();
    let told = |at: usize| {
        let own = adequacy(&survey, &survey.standards()[at]);
        own.iter().map(|own| (own.wanted, own.has, own.missing)).collect::<Vec<_>>()
    };
    assert_eq!(told(0), [(6, 6, 0), (4, 3, 1), (5, 0, 5)]);
    assert_eq!(told(1), [(1, 0, 1), (1, 2, 0), (1, 0, 1)]);
}

/// As many are served today as a cut allows: each set of areas has at most the places around it.
#[test]
fn as_many_are_served_as_can_be() {
    let mut rng = Rng::with_seed(3);
    let mut drafts = 0;
    while drafts < 300 {
        let Some((survey, draft)) = some_draft(&mut rng) else { continue };
        drafts += 1;
        let reach = draft.terms().reach;
        let rounds = measures(&survey, Some(&draft)).rounds;
        let least = (0_u32..1 << survey.areas().len()).map(|set| {
            let has = |area: usize| set >> area & 1 == 1;
            let out = survey.areas().iter().enumerate().filter(|(at, _)| !has(*at));
            let near = |site: usize| {
                let own =
                    survey.ways().iter().filter(|own| own.site == site && own.metres <= reach);
                own.clone().any(|own| has(own.area))
            };
            let places = survey.sites().iter().enumerate().filter(|(at, _)| near(*at));
            places.map(|(_, own)| own.now).sum::<u64>()
                + out.map(|(_, own)| survey.need(own)).sum::<u64>()
        });
        assert_eq!(rounds[0].served, least.min().unwrap());
        if draft.terms().goal != Goal::Least {
            for (round, phase) in rounds[1..].iter().zip(&draft.terms().phases) {
                let own = draft.served().iter().filter(|own| own.year == phase.year);
                assert_eq!(round.served, own.map(|own| own.places).sum::<u64>());
            }
        }
        for round in &rounds {
            assert!(round.gini <= 1_000_000 && round.met <= 1_000);
            assert_eq!(round.need, round.served + round.missing);
        }
    }
}
