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
