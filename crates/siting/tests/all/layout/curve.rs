//! The price of equity: the higher the floor, the less is reached in all.

use fastrand::Rng;
use layout::{Goal, Terms};
use siting::Stop;
use siting::layout::equity_curve;

use super::slow::{best, demands};
use super::town::{survey, terms};

#[test]
fn the_curve_is_what_trying_everything_finds() {
    let stop = Stop::default();
    let mut rng = Rng::with_seed(31);
    let mut falls = 0;
    for case in 0..150 {
        let survey = survey(&mut rng, 4, 3, 30_000);
        let mut terms = terms(&mut rng, &survey, 2);
        terms.goal = [Goal::Near, Goal::Most][case % 2];
        terms.phases.iter_mut().for_each(|own| own.budget += 20);
        let floors = [0, 100, 200, 300, 500, 800];
        let points = equity_curve(&survey, &terms, &floors, 40, &stop).unwrap();
        for point in &points {
            let terms = Terms { floor: point.floor, ..terms.clone() };
            let wanted = best(&survey, &terms, &demands(&survey, &terms));
            assert_eq!(point.impossible, wanted.is_none(), "case {case}");
            assert_eq!(point.reached, wanted.map(|own| (own, own)), "case {case}");
        }
        let own: Vec<i64> = points.iter().filter_map(|own| own.reached).map(|own| own.0).collect();
        assert!(own.windows(2).all(|pair| pair[0] >= pair[1]), "case {case}: {own:?}");
        falls += own.windows(2).filter(|pair| pair[0] > pair[1]).count();
    }
    assert!(falls > 0);
}
