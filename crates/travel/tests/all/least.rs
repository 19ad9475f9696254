//! What the router tells, held against the slow model.

use base::Point;
use fastrand::Rng;
use travel::{Between, Fault, Measure, Mode, Router};

use crate::slow::Model;

/// Every pair of points, told by the table and by the route, is as the model has it.
fn check(model: &Model, measure: Measure, random: &mut Rng) {
    let Ok(network) = model.drawn.network(Mode::Car) else { panic!("{}", model.drawn.xml()) };
    let router = Router::new(&network, Measure::Metres).with(measure);
    let spots: Vec<i64> = (1..=model.spots).filter(|own| model.used(*own)).collect();
    let places: Vec<Point> = spots.iter().map(|own| model.drawn.at(*own)).collect();
    let within = if random.bool() { u32::MAX } else { random.u32(0..2_000) };
    let ways = router.table(&places, &places, within).unwrap();
    for (from, start) in spots.iter().enumerate() {
        let least = model.least(*start, measure);
        for (to, end) in spots.iter().enumerate() {
            let told = least[usize::try_from(*end).unwrap()].map(|cost| match measure {
                Measure::Metres => u32::try_from(cost.div_ceil(10)).unwrap(),
                Measure::Time => u32::try_from(cost).unwrap(),
            });
            let said = ways.between(from, to);
            let context = || format!("{start} {end} {measure:?}\n{}", model.drawn.xml());
            match told {
                Some(cost) if cost <= within => {
                    assert_eq!(said, Between::Within(cost), "{}", context())
                }
                Some(_) => assert_eq!(said, Between::Beyond, "{}", context()),
                None => assert!(matches!(said, Between::NoWay | Between::Apart), "{}", context()),
            }
            match (router.route(places[from], places[to]), told) {
                (Ok(route), Some(cost)) => {
                    assert_eq!(route.cost, cost, "{}", context());
                    assert_eq!(route.points.first(), Some(&places[from]), "{}", context());
                    assert_eq!(route.points.last(), Some(&places[to]), "{}", context());
                    let walked: u64 =
                        route.points.windows(2).map(|own| own[0].millimetres_to(own[1])).sum();
                    let drawn = u64::from(route.metres) * 1_000;
                    assert!(walked.abs_diff(drawn) <= 1_000, "{}", context());
                    let near = match measure {
                        Measure::Metres => u64::from(cost).abs_diff(u64::from(route.metres)) <= 2,
                        Measure::Time => u64::from(cost).abs_diff(route.milliseconds) <= 20,
                    };
                    assert!(near, "{route:?} {}", context());
                }
                (Err(fault), None) => {
                    assert!(
                        matches!(fault, Fault::NoWay { .. } | Fault::Apart(_)),
                        "{}",
                        context()
                    );
                    let apart = matches!(fault, Fault::Apart(_));
                    assert_eq!(apart, said == Between::Apart, "{}", context());
                }
                (route, _) => panic!("{route:?} {}", context()),
            }
        }
    }
}

#[test]
fn thousands_of_small_networks_are_told_as_a_slow_search_tells_them() {
    let mut random = Rng::with_seed(49);
    for round in 0..3_000 {
        let spots = random.i64(2..10);
        let lanes = random.i64(1..16);
        let rules = if round % 2 == 0 { 0 } else { random.usize(1..6) };
        let model = Model::random(&mut random, spots, lanes, rules);
        let measure = if random.bool() { Measure::Metres } else { Measure::Time };
        check(&model, measure, &mut random);
    }
}

#[test]
fn larger_networks_are_told_so_too() {
    let mut random = Rng::with_seed(50);
    for round in 0..6 {
        let model = Model::random(&mut random, 60, 110 + 20 * round, 30);
        check(&model, Measure::Metres, &mut random);
        check(&model, Measure::Time, &mut random);
    }
}

/// From some crossings of a grid to some others, as the model has it.
fn grid(side: i64, starts: usize, ends: usize, rules: usize) {
    let mut random = Rng::with_seed(51);
    let model = Model::grid(&mut random, side, rules);
    let network = model.drawn.network(Mode::Car).unwrap();
    let metres = Router::new(&network, Measure::Metres);
    let times = metres.with(Measure::Time);
    let mut some = |count: usize| {
        let spots = (0..count).map(|_| random.i64(1..=side * side));
        spots.filter(|own| model.used(*own)).collect::<Vec<i64>>()
    };
    let (from, to) = (some(starts), some(ends));
    let places = |spots: &[i64]| spots.iter().map(|own| model.drawn.at(*own)).collect::<Vec<_>>();
    for (router, measure) in [(&metres, Measure::Metres), (&times, Measure::Time)] {
        let ways = router.table(&places(&from), &places(&to), u32::MAX).unwrap();
        for (start, own) in from.iter().enumerate() {
            let least = model.least(*own, measure);
            for (end, other) in to.iter().enumerate() {
                let cost = least[usize::try_from(*other).unwrap()].map(|cost| match measure {
                    Measure::Metres => u32::try_from(cost.div_ceil(10)).unwrap(),
                    Measure::Time => u32::try_from(cost).unwrap(),
                });
                let told = match ways.between(start, end) {
                    Between::Within(cost) => Some(cost),
                    Between::NoWay | Between::Apart => None,
                    other => panic!("{other:?}"),
                };
                assert_eq!(told, cost, "{own} {other} {measure:?}");
            }
        }
    }
}

#[test]
fn a_grid_of_thousands_of_crossings_is_told_so() {
    grid(45, 40, 300, 60);
}

#[test]
#[ignore = "a minute, and longer where nothing is optimised"]
fn a_grid_of_two_hundred_thousand_crossings_is_told_so() {
    grid(448, 20, 2_000, 300);
}
