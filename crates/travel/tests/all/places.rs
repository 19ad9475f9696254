//! Places put on streets, and what is said of those that cannot be.

#![allow(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "the slow model")]

use base::Point;
use fastrand::Rng;
use travel::fault::Given;
use travel::{Assumed, Between, Fault, Measure, Mode, Network, Router, Standing};

use crate::drawn::{Drawn, PACKED, crossing, place};

/// Metres east and north of the corner.
fn flat(own: Point) -> (f64, f64) {
    let scale = 0.111_195_f64;
    let east = (own.longitude() - 100_000_000) as f64 * scale * 30.01_f64.to_radians().cos();
    (east, (own.latitude() - 30_000_000) as f64 * scale)
}

/// The streets nearest to a place, several where they are as near as can be told: how far away,
/// which, and how far along.
fn nearest(place: Point, streets: &[[Point; 2]]) -> Vec<(f64, usize, f64)> {
    let (x, y) = flat(place);
    let away = |(number, [one, other]): (usize, &[Point; 2])| {
        let ((ax, ay), (bx, by)) = (flat(*one), flat(*other));
        let (dx, dy) = (bx - ax, by - ay);
        let part = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
        let part = part.clamp(0.0, 1.0);
        let off = (ax + part * dx - x).hypot(ay + part * dy - y);
        (off, number, part * dx.hypot(dy))
    };
    let mut all: Vec<_> = streets.iter().enumerate().map(away).collect();
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let least = all[0].0;
    all.retain(|own| own.0 <= least * 1.005 + 0.5);
    all
}

/// Random streets, each of two points.
fn streets(random: &mut Rng, drawn: &mut Drawn) -> Vec<([i64; 2], [Point; 2])> {
    let spots = random.i64(3..12);
    for _ in 0..spots {
        drawn.spot(random.i64(0..20_000), random.i64(0..20_000), &[]);
    }
    let street = |id: i64| {
        let from = random.i64(1..=spots);
        let to = (from + random.i64(0..spots - 1)) % spots + 1;
        drawn.way(id, &[from, to], &[("highway", "footway")]);
        ([from, to], [drawn.at(from), drawn.at(to)])
    };
    (1..=14).map(street).collect()
}

/// Metres between all points of the streets.
fn between_spots(streets: &[([i64; 2], [Point; 2])]) -> Vec<[[f64; 13]; 13]> {
    let mut least = [[f64::INFINITY; 13]; 13];
    for (own, row) in least.iter_mut().enumerate() {
        row[own] = 0.0;
    }
    for ([from, to], [one, other]) in streets {
        let length = one.millimetres_to(*other) as f64 / 1_000.0;
        let (from, to) = (usize::try_from(*from).unwrap(), usize::try_from(*to).unwrap());
        least[from][to] = length.min(least[from][to]);
        least[to][from] = length.min(least[to][from]);
    }
    for by in 0..13 {
        for from in 0..13 {
            for to in 0..13 {
                least[from][to] = least[from][to].min(least[from][by] + least[by][to]);
            }
        }
    }
    vec![least]
}

#[test]
fn places_lie_on_the_nearest_street_and_ways_begin_there() {
    let mut random = Rng::with_seed(51);
    for _ in 0..1_500 {
        let mut drawn = Drawn::default();
        let streets = streets(&mut random, &mut drawn);
        let ends: Vec<[Point; 2]> = streets.iter().map(|own| own.1).collect();
        let network = drawn.network(Mode::Walk).unwrap();
        let router = Router::new(&network, Measure::Metres);
        let mut anywhere = || place(random.i64(-6_000..26_000), random.i64(-6_000..26_000));
        let places: Vec<Point> = (0..8).map(|_| anywhere()).collect();
        let ways = router.table(&places, &places, u32::MAX).unwrap();
        let least = &between_spots(&streets)[0];
        let known: Vec<_> = places.iter().map(|own| nearest(*own, &ends)).collect();
        for (place, (known, told)) in places.iter().zip(known.iter().zip(ways.from())) {
            let known = known[0].0;
            match told {
                Standing::On { metres, .. } => {
                    let off = (f64::from(*metres) - known).abs();
                    assert!(off <= 1.5 + known / 500.0, "{place}: {told:?} {known:?}");
                }
                Standing::Far | Standing::Outside => assert!(known > 499.0, "{place}: {known:?}"),
            }
        }
        for (from, starts) in known.iter().enumerate() {
            for (to, ends) in known.iter().enumerate() {
                let Between::Within(cost) = ways.between(from, to) else { continue };
                let pairs = starts.iter().flat_map(|one| ends.iter().map(move |own| (one, own)));
                let whole: Vec<f64> =
                    pairs.map(|(one, other)| whole(&streets, least, one, other)).collect();
                let near = |own: &f64| (f64::from(cost) - own).abs() <= 3.0 + own / 200.0;
                assert!(whole.iter().any(near), "{from} {to}: {cost}, not {whole:?}");
            }
        }
    }
}

/// Metres between two places, each put on a street.
fn whole(
    streets: &[([i64; 2], [Point; 2])],
    least: &[[f64; 13]; 13],
    one: &(f64, usize, f64),
    other: &(f64, usize, f64),
) -> f64 {
    let legs = |own: &(f64, usize, f64)| {
        let [first, last] = streets[own.1].0.map(|own| usize::try_from(own).unwrap());
        let [start, end] = streets[own.1].1;
        let length = start.millimetres_to(end) as f64 / 1_000.0;
        [(first, own.2), (last, length - own.2)]
    };
    let by = |a: (usize, f64), b: (usize, f64)| a.1 + least[a.0][b.0] + b.1;
    let through = legs(one).into_iter().flat_map(|a| legs(other).map(|b| by(a, b)));
    let along = (one.1 == other.1).then_some((one.2 - other.2).abs());
    through.chain(along).fold(f64::INFINITY, f64::min) + one.0 + other.0
}

#[test]
fn a_street_is_as_long_as_its_corners_say() {
    let mut drawn = Drawn::default();
    let corners = [(0, 0), (300, 400), (300, 900), (700, 900), (1_000, 500), (1_000, 0)];
    let spots = corners.map(|(x, y)| drawn.spot(x, y, &[]));
    drawn.way(1, &spots, &[("highway", "path")]);
    let network = drawn.network(Mode::Walk).unwrap();
    assert_eq!((network.points(), network.streets(), network.arcs()), (2, 1, 2));
    let router = Router::new(&network, Measure::Metres);
    for from in 0..spots.len() {
        for to in 0..spots.len() {
            let between = &spots[from.min(to)..=from.max(to)];
            let places: Vec<Point> = between.iter().map(|own| drawn.at(*own)).collect();
            let length: u64 = places.windows(2).map(|own| own[0].millimetres_to(own[1])).sum();
            let route = router.route(drawn.at(spots[from]), drawn.at(spots[to])).unwrap();
            assert!(u64::from(route.cost).abs_diff(length / 1_000) <= 1, "{from} {to}: {route:?}");
            let mut expected = places;
            if from > to {
                expected.reverse();
            }
            assert_eq!(route.points, expected, "{from} {to}");
        }
    }
}

#[test]
fn time_is_what_is_assumed() {
    let check = |pace: u32, mode: Mode| {
        let assumed = Assumed { walk_metres_a_minute: pace, ..Assumed::default() };
        let network = Network::read(PACKED, mode, &assumed).unwrap();
        let router = Router::new(&network, Measure::Time);
        // Along the south street, and 50 metres to it from the south and back.
        let (from, to) = (place(1_000, -450), place(7_000, -450));
        let route = router.route(from, to).unwrap();
        let along = place(1_000, 0).millimetres_to(place(7_000, 0));
        let off = 2 * place(1_000, -450).millimetres_to(place(1_000, 0));
        let walk = |length: u64| length * 60 / u64::from(pace);
        let expected =
            walk(off) + if mode == Mode::Walk { walk(along) } else { along * 3_600 / 25_000 };
        assert!(u64::from(route.cost).abs_diff(expected) <= 20, "{route:?}, not {expected}");
        assert!(route.milliseconds.abs_diff(expected) <= 20, "{route:?}, not {expected}");
        assert!(u64::from(route.metres).abs_diff((along + off) / 1_000) <= 2, "{route:?}");
    };
    check(75, Mode::Walk);
    check(60, Mode::Walk);
    check(75, Mode::Car);
    check(50, Mode::Car);
}

#[test]
fn whoever_cannot_be_reached_is_named() {
    let network = Network::read(PACKED, Mode::Walk, &Assumed::default()).unwrap();
    let router = Router::new(&network, Measure::Metres);
    let (island, far, outside) = (crossing(9, 9), crossing(9, 3), place(3_000_000, 0));
    let places = [crossing(0, 0), far, island, outside];
    let ways = router.table(&places, &places, 3_000).unwrap();
    assert_eq!(ways.from()[0], Standing::On { metres: 0, part: 0 });
    assert_eq!(ways.from()[1], Standing::Far);
    assert_eq!(ways.from()[2], Standing::On { metres: 0, part: 1 });
    assert_eq!(ways.from()[3], Standing::Outside);
    assert_eq!(ways.between(0, 0), Between::Within(0));
    assert_eq!(ways.between(0, 1), Between::OffStreet);
    assert_eq!(ways.between(0, 2), Between::Apart);
    assert_eq!(ways.between(2, 2), Between::Within(0));
    assert_eq!(ways.between(0, 4), Between::Unknown);
    let both = |number: usize| vec![Given::From(number), Given::To(number)];
    let faults = [
        Fault::Outside(both(4)),
        Fault::FarFromStreets { places: both(2), metres: 500 },
        Fault::Apart(both(3)),
    ];
    assert_eq!(ways.faults(), faults);
    assert_eq!(ways.pairs().collect::<Vec<_>>(), [(0, 0, 0), (2, 2, 0)]);
    let refused = |from, to| router.route(from, to).unwrap_err();
    assert_eq!(refused(places[0], island), Fault::Apart(vec![Given::To(1)]));
    assert_eq!(refused(outside, island), Fault::Outside(vec![Given::From(1)]));
    let (places, metres) = (vec![Given::To(1)], 500);
    assert_eq!(refused(island, far), Fault::FarFromStreets { places, metres });
    assert_eq!(router.table(&[], &[island], 1), Err(Fault::NoPlaces));
    assert_eq!(router.table(&[island], &[], 1), Err(Fault::NoPlaces));
}

#[test]
fn streets_that_only_lead_out_are_named() {
    let network = Network::read(PACKED, Mode::Car, &Assumed::default()).unwrap();
    let router = Router::new(&network, Measure::Time);
    // A motorway leads away from the town in the west, and nothing leads to where it begins.
    let mut drawn = Drawn::default();
    let spots = [0, 2_000, 4_000].map(|x| drawn.spot(x, 0, &[]));
    drawn.way(1, &spots[..2], &[("highway", "residential"), ("oneway", "yes")]);
    drawn.way(2, &spots[1..], &[("highway", "residential")]);
    let out = drawn.network(Mode::Car).unwrap();
    let ways = Router::new(&out, Measure::Time);
    let places = spots.map(|own| drawn.at(own));
    let ways = ways.table(&places, &places, u32::MAX).unwrap();
    assert_eq!(ways.no_way(), [(1, 0), (2, 0)]);
    assert_eq!(ways.between(2, 0), Between::NoWay);
    let (from, to) = (Given::From(2), Given::To(1));
    assert_eq!(ways.faults(), [Fault::NoWay { from, to, pairs: 2 }]);
    // Nobody stops on the motorway, so a place beside it lies on the next street.
    let beside = place(-2 * 2_077, 1_000);
    let table = router.table(&[beside], &[crossing(0, 0)], u32::MAX).unwrap();
    assert!(matches!(table.from()[0], Standing::On { metres, .. } if metres > 100), "{table:?}");
}

#[test]
fn small_parts_can_be_passed_over() {
    let assumed = Assumed { part_points_min: 3, ..Assumed::default() };
    let network = Network::read(PACKED, Mode::Walk, &assumed).unwrap();
    let router = Router::new(&network, Measure::Metres);
    let ways = router.table(&[crossing(9, 9)], &[crossing(0, 0)], 9_000).unwrap();
    assert_eq!(ways.from(), [Standing::Far]);
}

#[test]
fn a_limit_is_inclusive() {
    let network = Network::read(PACKED, Mode::Walk, &Assumed::default()).unwrap();
    let router = Router::new(&network, Measure::Metres);
    let places = [crossing(0, 0), crossing(3, 2)];
    let cost = router.route(places[0], places[1]).unwrap().cost;
    let at = |within| router.table(&places[..1], &places[1..], within).unwrap().between(0, 0);
    assert_eq!(at(cost), Between::Within(cost));
    assert_eq!(at(cost - 1), Between::Beyond);
}

#[test]
fn figures_that_nobody_can_assume_are_refused() {
    let usual = Assumed::default();
    let check = |assumed: Assumed, value: u32, most: u32| {
        let read = Network::read(PACKED, Mode::Walk, &assumed);
        assert_eq!(read, Err(Fault::NotAssumable { value, most }));
    };
    check(Assumed { walk_metres_a_minute: 0, ..usual }, 0, 1_000);
    check(Assumed { walk_metres_a_minute: 1_001, ..usual }, 1_001, 1_000);
    check(Assumed { street_metres_max: 5_001, ..usual }, 5_001, 5_000);
    check(Assumed { part_points_min: 0, ..usual }, 0, 1_000_000);
}

#[test]
fn the_same_is_told_every_time() {
    let told = || {
        let network = Network::read(PACKED, Mode::Car, &Assumed::default()).unwrap();
        let router = Router::new(&network, Measure::Time);
        let mut random = Rng::with_seed(7);
        let mut anywhere = || place(random.i64(0..10_000), random.i64(0..9_000));
        let places: Vec<Point> = (0..60).map(|_| anywhere()).collect();
        let routes: Vec<_> = places.windows(2).map(|own| router.route(own[0], own[1])).collect();
        format!("{:?} {routes:?}", router.table(&places, &places, 120_000))
    };
    assert_eq!(told(), told());
}

/// Streets that no town has: one after the other, all from one point, all at one place.
#[test]
fn strange_streets_need_no_deep_stack() {
    let count = 20_000;
    let row = |at: fn(i64) -> (i64, i64), from: fn(i64) -> i64| {
        let mut drawn = Drawn::default();
        for own in 0..count {
            let (x, y) = at(own);
            drawn.spot(x, y, &[]);
        }
        for own in 2..=count {
            drawn.way(own, &[from(own), own], &[("highway", "path")]);
        }
        let measured = move || {
            let network = drawn.network(Mode::Walk).unwrap();
            let router = Router::new(&network, Measure::Metres);
            let places = [drawn.at(1), drawn.at(count)];
            let ways = router.table(&places, &places, u32::MAX).unwrap();
            assert!(matches!(ways.between(0, 1), Between::Within(_)));
            let route = router.route(places[0], places[1]).unwrap();
            assert_eq!(ways.between(0, 1), Between::Within(route.cost));
        };
        let small = std::thread::Builder::new().stack_size(256 << 10);
        small.spawn(measured).unwrap().join().unwrap();
    };
    row(|own| (own * 3, 0), |own| own - 1);
    row(|own| (own % 200 * 9, own / 200 * 9), |_| 1);
    row(|_| (0, 0), |own| own - 1);
    row(|_| (0, 0), |own| own / 2);
}
