//! How well people of a survey reach places, against numbers counted by hand.

use base::{Date, Point};
use layout::{Area, Course, Draft, Given, Goal, Phase, Site, Survey, Terms, Travel, places};
use siting::Stop;
use siting::access::{Measure, Settings, Steps};
use siting::layout::{AVERSION, Access, Limit, access, change, draw_up, permille};

use super::town::name;

/// A thousand old people ten minutes from a tea house with ten places, and five hundred thirty
/// minutes from it; between them a plot; beyond them nobody, and ten who reach nothing.
fn survey() -> Survey {
    let point = Point::new(112_000_000, 35_000_000).unwrap();
    let area = |key: &str, people| Area { key: key.to_owned(), point, people };
    let course = |text: &str, places| Course { name: name(text), places, cost: 1 };
    let site = |key: &str, now, courses| Site { key: key.to_owned(), point, now, courses };
    let ways = [("far", "plot", 500), ("far", "tea", 1_500), ("near", "plot", 1_000)];
    let ways = ways.into_iter().chain([("near", "tea", 500), ("nobody", "tea", 50)]);
    Survey::freeze(Given {
        name: "tea".to_owned(),
        on: Date::new(2020, 1, 1).unwrap(),
        taken_from: "nothing".to_owned(),
        norm: 40,
        travel: Travel::Table {
            source: "by hand".to_owned(),
            speed: 50,
            reach: 1_500,
            ways: ways.map(|(area, site, far)| (area.to_owned(), site.to_owned(), far)).collect(),
        },
        areas: vec![area("far", 500), area("lost", 10), area("near", 1_000), area("nobody", 0)],
        sites: vec![
            site("plot", 0, vec![course("small", 20)]),
            site("tea", 10, vec![course("close", 0), course("large", 40)]),
        ],
        refused: Vec::new(),
        standards: Vec::new(),
    })
    .unwrap()
}

/// A draft that takes courses, all of them in 2022 or later.
fn draft(survey: &Survey, forced: &[(&str, &str)]) -> Draft {
    let phase = |year| Phase { year, budget: 1 };
    let terms = Terms {
        goal: Goal::Most,
        reach: 1_500,
        phases: vec![phase(2022), phase(2024)],
        until: 2030,
        floor: 0,
        worst: false,
        forced: forced.iter().map(|(site, own)| ((*site).to_owned(), name(own))).collect(),
        barred: Vec::new(),
        seed: 1,
    };
    let stop = Stop::default();
    draw_up(survey, &terms, Limit { rounds: Some(20), stop: &stop }, &mut |_| {}).unwrap()
}

/// Values of the areas, to six decimals, and nearest homes.
fn told(own: &Access) -> (Vec<Option<f64>>, Vec<Option<f64>>) {
    let to = |list: &[Option<f64>]| {
        list.iter().map(|own| own.map(|own| change(0.0, own, 6))).collect::<Vec<_>>()
    };
    (to(&own.values), to(&own.nearest))
}

fn today(measure: Measure, minutes: f64) -> Access {
    let survey = survey();
    access(&survey, &places(&survey, None), measure, minutes).unwrap()
}

#[test]
fn today_is_what_a_hand_counts() {
    let some = |own: [f64; 4]| own.map(Some).to_vec();
    // Ten places for 1,500 people; step by step for 1,000 and 0.22 of 500.
    let (all, steps) = (10_000.0 / 1_500.0, 10_000.0 / 1_110.0);
    // Of three stages: alone there is nothing else to turn to, so that weights are as given.
    let three = 10_000.0 / (0.704 * 1_000.0 + 0.042 * 500.0);
    let bell = |minutes: f64| (-minutes * minutes / 200.0).exp();
    let bells = 10_000.0 / (bell(10.0) * 1_000.0 + bell(30.0) * 500.0);
    // Whoever has one home asks it for a whole place, however far it is, and places are given out
    // by what ways count: of the empty area, whose people are none, too.
    let given = 10_000.0 / 1_500.0 / (bell(10.0) + bell(30.0) + bell(1.0));
    for (measure, wanted) in [
        (Measure::TwoStage, some([all, 0.0, all, all])),
        (Measure::Enhanced, some([0.22 * steps, 0.0, steps, steps])),
        (Measure::ThreeStage, some([0.042 * three, 0.0, 0.704 * three, 0.962 * three])),
        (Measure::Gaussian, some([bell(30.0) * bells, 0.0, bell(10.0) * bells, bell(1.0) * bells])),
        (Measure::Balanced, some([bell(30.0) * given, 0.0, bell(10.0) * given, bell(1.0) * given])),
        // At the one home are 1,500 of 1,510 people: nearly as crowded as on average, and the way.
        (
            Measure::Raam,
            vec![
                Some(30.0 * 1_500.0 / 1_510.0 + 30.0),
                None,
                Some(30.0 * 1_500.0 / 1_510.0 + 10.0),
                None,
            ],
        ),
        (Measure::Nearest, vec![Some(30.0), None, Some(10.0), Some(1.0)]),
        (Measure::MeanTime, vec![Some(30.0), None, Some(10.0), Some(1.0)]),
    ] {
        let own = today(measure, 30.0);
        let wanted: Vec<_> = wanted.iter().map(|own| own.map(|own| change(0.0, own, 6))).collect();
        assert_eq!(told(&own).0, wanted, "{measure:?}");
        assert_eq!(told(&own).1, [Some(30.0), None, Some(10.0), Some(1.0)]);
    }
}

#[test]
fn sums_are_what_a_hand_counts() {
    // Within 20 minutes a thousand of 1,510 have ten each thousand, and 510 nothing.
    let own = today(Measure::TwoStage, 20.0);
    assert_eq!(told(&own).0, [0.0, 0.0, 10.0, 10.0].map(Some));
    assert_eq!(own.ranked, [0, 1, 2]);
    // What rounds to nought has no sign, nor has a sum of nothing.
    assert!(own.values[1].unwrap().is_sign_positive() && change(0.01, 0.0, 1).is_sign_positive());
    let sums = own.sums.unwrap();
    let near = |own: f64, wanted: f64| assert!((own - wanted).abs() < 1e-9, "{own} {wanted}");
    assert_eq!((sums.without, sums.tenth, sums.median), (510, 0.0, 10.0));
    near(sums.mean, 10.0 * 1_000.0 / 1_510.0);
    near(sums.poor, 510.0 / 1_510.0);
    near(sums.gini, 510.0 / 1_510.0);
    near(sums.theil, 1.51_f64.ln());
    assert_eq!(AVERSION, 0.5);
    near(sums.atkinson.unwrap(), 510.0 / 1_510.0);
    assert_eq!(permille(sums.poor), 338);
    assert_eq!(own.shares(sums.mean, false), [0, 0, 1_000, 1_000]);
    assert_eq!(own.shares(20.0, false), [0, 0, 500, 500]);

    // Of minutes: those who reach none are worse off than all others, and in no mean.
    let own = today(Measure::Nearest, 30.0);
    assert_eq!(own.ranked, [1, 0, 2]);
    let sums = own.sums.unwrap();
    near(sums.mean, (500.0 * 30.0 + 1_000.0 * 10.0) / 1_500.0);
    near(sums.tenth, 150.0 * 30.0 / 25_000.0);
    near(sums.poor, 10.0 / 1_510.0);
    assert_eq!((sums.without, sums.median, sums.atkinson), (10, 10.0, None));
    assert_eq!(own.shares(15.0, true), [500, 0, 1_000, 1_000]);
}

/// A site counts as it is until its year has come; one that is closed is no home any more.
#[test]
fn a_draft_counts_from_its_year() {
    let survey = survey();
    let grown = draft(&survey, &[("plot", "small")]);
    let year = grown.picks()[0].year;
    let of_plot = |year| places(&survey, Some((&grown, year)))[0];
    assert_eq!((of_plot(year - 1), of_plot(year), of_plot(2029)), (0, 20, 20));
    let own = access(&survey, &[20, 10], Measure::TwoStage, 30.0).unwrap();
    assert_eq!(told(&own).0, [20.0, 0.0, 20.0, change(0.0, 10_000.0 / 1_500.0, 6)].map(Some));
    assert_eq!(told(&own).1, [Some(10.0), None, Some(10.0), Some(1.0)]);
    let mean = access(&survey, &[20, 10], Measure::MeanTime, 30.0).unwrap();
    assert_eq!(told(&mean).0[2], Some(change(0.0, 500.0 / 30.0, 6)));

    let closed = draft(&survey, &[("tea", "close")]);
    let last = places(&survey, Some((&closed, 2024)));
    assert_eq!(last[1], 0);
    // Where there are no places, nobody has any, and nobody comes to any.
    for (measure, wanted) in [(Measure::Balanced, Some(0.0)), (Measure::Raam, None)] {
        let own = access(&survey, &[0, 0], measure, 30.0).unwrap();
        assert_eq!(own.values, [wanted; 4], "{measure:?}");
        assert_eq!(own.sums.is_some(), wanted.is_some());
    }
}

#[test]
fn one_catchment_keeps_the_proportions_of_the_papers() {
    assert_eq!(Settings::within(30.0).unwrap().steps, Settings::default().steps);
    let own = Settings::within(15.0).unwrap();
    assert_eq!(own.steps.to_string(), "5=1,10=0.68,15=0.22");
    assert_eq!(own.three_steps.to_string(), "2.5=0.962,5=0.704,7.5=0.377,15=0.042");
    assert_eq!((own.until, own.farthest, own.width, own.tau), (15.0, 15.0, 5.0, 15.0));
    assert_eq!(Steps::read("5=1, 10=0.68,15=0.22"), Ok(own.steps));
    assert!(Settings::within(0.0).is_err() && Steps::read("5").is_err());
    for own in Measure::ALL {
        assert_eq!(Measure::of(own.word()), Some(own));
    }
}
