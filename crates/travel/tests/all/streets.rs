//! Which ways may be used, in which direction and how fast; barriers, roundabouts, rules of
//! turning.

use base::Point;
use travel::{Between, Fault, Measure, Mode, Network, Router};

use crate::drawn::{Drawn, Tags, crossing, place};

/// Metres an hour ahead and back on a way of that kind between two streets; none where it may not
/// be used so.
fn used(mode: Mode, tags: Tags<'_>) -> [Option<u64>; 2] {
    let mut drawn = Drawn::default();
    let spots = [(0, 0), (2_000, 0), (12_000, 0), (14_000, 0)];
    let spots = spots.map(|(x, y)| drawn.spot(x, y, &[]));
    drawn.way(1, &spots[0..2], &[("highway", "residential")]);
    drawn.way(2, &spots[1..3], tags);
    drawn.way(3, &spots[2..4], &[("highway", "residential")]);
    let network = drawn.network(mode).unwrap();
    let router = Router::new(&network, Measure::Time);
    let ends = [drawn.at(spots[1]), drawn.at(spots[2])];
    let length = ends[0].millimetres_to(ends[1]);
    let ways = router.table(&ends, &ends, u32::MAX).unwrap();
    [ways.between(0, 1), ways.between(1, 0)].map(|own| match own {
        Between::Within(time) => Some((length * 3_600 + u64::from(time) / 2) / u64::from(time)),
        Between::NoWay | Between::Apart => None,
        other => panic!("{other:?}"),
    })
}

fn check(mode: Mode, tags: Tags<'_>, expected: [Option<u64>; 2]) {
    let close = |(own, expected): (Option<u64>, Option<u64>)| match (own, expected) {
        (Some(own), Some(expected)) => own.abs_diff(expected) <= 1 + expected / 10_000,
        (own, expected) => own == expected,
    };
    let own = used(mode, tags);
    assert!(own.into_iter().zip(expected).all(close), "{tags:?}: {own:?}, not {expected:?}");
}

#[test]
fn people_walk_where_they_may() {
    let row = |tags: Tags<'_>, walked: bool| {
        let pace = walked.then_some(4_500);
        check(Mode::Walk, tags, [pace, pace]);
    };
    row(&[("highway", "residential")], true);
    row(&[("highway", "footway")], true);
    row(&[("highway", "steps")], true);
    row(&[("highway", "pedestrian"), ("area", "yes")], true);
    row(&[("public_transport", "platform")], true);
    row(&[("railway", "platform")], true);
    row(&[("railway", "rail")], false);
    row(&[("highway", "residential"), ("oneway", "yes")], true);
    row(&[("highway", "motorway")], false);
    row(&[("highway", "trunk")], false);
    row(&[("highway", "trunk"), ("foot", "yes")], true);
    row(&[("highway", "trunk"), ("sidewalk", "both")], true);
    row(&[("highway", "primary"), ("motorroad", "yes")], false);
    row(&[("highway", "cycleway")], false);
    row(&[("highway", "cycleway"), ("foot", "designated")], true);
    row(&[("highway", "service"), ("access", "private")], false);
    row(&[("highway", "service"), ("access", "private"), ("foot", "yes")], true);
    row(&[("highway", "residential"), ("foot", "no")], false);
    row(&[("highway", "secondary"), ("foot", "use_sidepath")], false);
    row(&[("highway", "construction")], false);
    row(&[("building", "yes")], false);
    check(Mode::Walk, &[("highway", "footway"), ("oneway:foot", "yes")], [Some(4_500), None]);
    check(Mode::Walk, &[("highway", "steps"), ("oneway:foot", "-1")], [None, Some(4_500)]);
}

#[test]
fn cars_drive_as_fast_as_signs_or_classes_say() {
    let row = |tags: Tags<'_>, ahead: Option<u64>, back: Option<u64>| {
        check(Mode::Car, tags, [ahead, back].map(|own| own.map(|own| own * 1_000)));
    };
    let both = |tags: Tags<'_>, speed: u64| row(tags, Some(speed), Some(speed));
    both(&[("highway", "trunk")], 85);
    both(&[("highway", "primary")], 65);
    both(&[("highway", "primary_link")], 30);
    both(&[("highway", "residential")], 25);
    both(&[("highway", "living_street")], 10);
    both(&[("highway", "service")], 15);
    both(&[("highway", "primary"), ("maxspeed", "60")], 60);
    both(&[("highway", "residential"), ("maxspeed", "20 mph")], 32);
    both(&[("highway", "residential"), ("maxspeed", "40 km/h")], 40);
    both(&[("highway", "residential"), ("maxspeed", "CN:urban")], 25);
    both(&[("highway", "residential"), ("maxspeed", "none")], 25);
    both(&[("highway", "residential"), ("maxspeed", "0")], 25);
    both(&[("highway", "residential"), ("maxspeed", "99999999999")], 25);
    row(&[("highway", "secondary"), ("maxspeed:forward", "50")], Some(50), Some(55));
    row(
        &[("highway", "secondary"), ("maxspeed", "40"), ("maxspeed:backward", "30")],
        Some(40),
        Some(30),
    );
}

#[test]
fn cars_drive_the_way_they_may() {
    let row = |tags: Tags<'_>, ahead: bool, back: bool| {
        let own = used(Mode::Car, tags).map(|own| own.is_some());
        assert_eq!(own, [ahead, back], "{tags:?}");
    };
    row(&[("highway", "residential"), ("oneway", "yes")], true, false);
    row(&[("highway", "residential"), ("oneway", "1")], true, false);
    row(&[("highway", "residential"), ("oneway", "-1")], false, true);
    row(&[("highway", "residential"), ("oneway", "reverse")], false, true);
    row(&[("highway", "residential"), ("oneway", "no")], true, true);
    row(&[("highway", "residential"), ("oneway", "reversible")], false, false);
    row(&[("highway", "tertiary"), ("junction", "roundabout")], true, false);
    row(&[("highway", "tertiary"), ("junction", "circular")], true, false);
    row(&[("highway", "tertiary"), ("junction", "roundabout"), ("oneway", "-1")], false, true);
    row(&[("highway", "motorway")], true, false);
    row(&[("highway", "motorway"), ("oneway", "no")], true, true);
    row(&[("highway", "motorway_link")], true, true);
    row(&[("highway", "footway")], false, false);
    row(&[("highway", "track")], false, false);
    row(&[("highway", "service"), ("access", "no")], false, false);
    row(&[("highway", "service"), ("access", "private")], false, false);
    row(&[("highway", "service"), ("access", "no"), ("motor_vehicle", "yes")], true, true);
    row(&[("highway", "residential"), ("motorcar", "no"), ("access", "yes")], false, false);
    row(&[("highway", "residential"), ("vehicle", "destination")], true, true);
    row(&[("highway", "service"), ("service", "emergency_access")], false, false);
    row(&[("highway", "pedestrian"), ("area", "yes")], false, false);
    row(&[("highway", "service"), ("area", "yes")], false, false);
}

/// Whether one gets past a point with that on it.
fn passed(mode: Mode, tags: Tags<'_>) -> bool {
    let mut drawn = Drawn::default();
    let from = drawn.spot(0, 0, &[]);
    let barrier = drawn.spot(1_000, 0, tags);
    let to = drawn.spot(2_000, 0, &[]);
    drawn.way(1, &[from, barrier, to], &[("highway", "residential")]);
    let network = drawn.network(mode).unwrap();
    let router = Router::new(&network, Measure::Metres);
    let route = router.route(drawn.at(from), drawn.at(to));
    assert_eq!(network.parts().len(), if route.is_ok() { 1 } else { 2 });
    route.is_ok()
}

#[test]
fn barriers_stop_whom_they_stop() {
    let row = |tags: Tags<'_>, walking: bool, driving: bool| {
        assert_eq!(
            [passed(Mode::Walk, tags), passed(Mode::Car, tags)],
            [walking, driving],
            "{tags:?}"
        );
    };
    row(&[("highway", "crossing")], true, true);
    row(&[("barrier", "bollard")], true, false);
    row(&[("barrier", "bollard"), ("bollard", "rising")], true, true);
    row(&[("barrier", "block")], true, false);
    row(&[("barrier", "gate")], true, true);
    row(&[("barrier", "lift_gate")], true, true);
    row(&[("barrier", "wall")], false, false);
    row(&[("barrier", "gate"), ("access", "private")], false, false);
    row(&[("barrier", "gate"), ("access", "no"), ("foot", "yes")], true, false);
    row(&[("barrier", "bollard"), ("motor_vehicle", "yes")], true, true);
}

/// A crossing with a street in each direction, 1 in the south, then against the clock; a rule; and
/// whether one goes straight on from the south to the north, to the right, and back.
fn turned(kind: &str, from: i64, to: i64) -> [bool; 4] {
    let mut drawn = Drawn::default();
    let middle = drawn.spot(0, 0, &[]);
    let spots = [(0, -3_000), (3_000, 0), (0, 3_000), (-3_000, 0)];
    for (number, (x, y)) in (1..).zip(spots) {
        let spot = drawn.spot(x, y, &[]);
        drawn.way(number, &[middle, spot], &[("highway", "residential")]);
    }
    drawn.rule(kind, from, middle, to);
    let network = drawn.network(Mode::Car).unwrap();
    let router = Router::new(&network, Measure::Metres);
    let at = |street: i64| drawn.at(1 + street);
    let straight = |from: i64, to: i64| {
        let there = at(from).millimetres_to(at(0)) + at(0).millimetres_to(at(to));
        let cost = router.route(at(from), at(to)).unwrap().cost;
        u64::from(cost) <= there / 1_000 + 2
    };
    [straight(1, 2), straight(1, 3), straight(1, 4), straight(3, 1)]
}

#[test]
fn turns_are_made_where_they_may() {
    let row = |kind: &str, from: i64, to: i64, expected: [bool; 4]| {
        assert_eq!(turned(kind, from, to), expected, "{kind} from {from} to {to}");
    };
    row("no_left_turn", 1, 4, [true, true, false, true]);
    row("no_right_turn", 1, 2, [false, true, true, true]);
    row("no_straight_on", 1, 3, [true, false, true, true]);
    row("only_straight_on", 1, 3, [false, true, false, true]);
    row("only_right_turn", 1, 2, [true, false, false, true]);
    row("no_straight_on", 3, 1, [true, true, true, false]);
    row("no_u_turn", 1, 1, [true, true, true, true]);
    row("only_straight_on", 1, 9, [true, true, true, true]);
    row("beware", 1, 3, [true, true, true, true]);
}

/// Metres by car between two crossings of the invented town.
fn driven(network: &Network, from: Point, to: Point) -> Result<u32, Fault> {
    Router::new(network, Measure::Metres).route(from, to).map(|own| own.cost)
}

#[test]
fn the_town_is_driven_as_it_is_drawn() {
    let network = crate::extracts::town(Mode::Car);
    let row = |from: (i64, i64), to: (i64, i64), blocks: u32| {
        let (from, to) = (crossing(from.0, from.1), crossing(to.0, to.1));
        let cost = driven(&network, from, to).unwrap();
        assert!(cost.abs_diff(200 * blocks) <= 2 + blocks, "{from} {to}: {cost}");
    };
    // One way to the east, and the next to the west.
    row((0, 2), (5, 2), 5);
    row((5, 2), (0, 2), 7);
    row((5, 3), (0, 3), 5);
    row((0, 3), (5, 3), 7);
    // From the ring road nobody turns left at its first crossing: back and around is longer, and a
    // turn back beyond the crossing longer still. The other way round it is a right turn.
    let near = place(1_869, 1_799);
    let there = driven(&network, near, crossing(1, 2)).unwrap();
    assert!(there.abs_diff(580) <= 3, "{there}");
    row((1, 2), (0, 1), 2);
    // Straight on and no turn, but also from the other side.
    row((2, 3), (2, 5), 2);
    row((2, 3), (3, 4), 4);
    row((2, 5), (3, 4), 2);
    // A rule that cars are excepted from.
    row((3, 4), (4, 3), 2);
}
