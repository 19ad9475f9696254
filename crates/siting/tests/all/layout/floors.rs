//! The highest floor is the one that trying all floors finds.

use fastrand::Rng;
use layout::{Draft, Terms};
use siting::Stop;
use siting::layout::{Limit, Unfit, draw_up};

use super::slow::{best, demands};
use super::town::{survey, terms};

#[test]
fn the_highest_floor_is_found_and_proved() {
    let stop = Stop::default();
    let mut rng = Rng::with_seed(21);
    let mut proved = 0;
    for case in 0..CASES {
        let survey = survey(&mut rng, 3, 3, 20_000);
        let mut terms = terms(&mut rng, &survey, 2);
        terms.worst = true;
        let at = |floor: u16| {
            let terms = Terms { floor, worst: false, ..terms.clone() };
            best(&survey, &terms, &demands(&survey, &terms))
        };
        let told = draw_up(&survey, &terms, Limit { rounds: Some(40), stop: &stop }, &mut |_| {});
        match told {
            Ok(draft) => {
                draft.verify(&survey).unwrap();
                assert_eq!(Draft::read(&draft.text()).unwrap(), draft);
                let floor = draft.terms().floor;
                let value = at(floor).unwrap();
                assert!(floor == 1_000 || at(floor + 1).is_none(), "case {case}: {floor}");
                let ceiling = draft.proof().ceiling.as_ref().unwrap().0;
                assert_eq!(ceiling, floor, "case {case}");
                assert_eq!((draft.value(), draft.bound()), (value, value), "case {case}");
                proved += 1;
            }
            Err(Unfit::Conflict(_)) => assert!(at(terms.floor).is_none(), "case {case}"),
            Err(unfit) => panic!("case {case}: {unfit:?}"),
        }
    }
    assert!(proved > CASES / 3, "{proved}");
}

#[cfg(debug_assertions)]
const CASES: usize = 60;
#[cfg(not(debug_assertions))]
const CASES: usize = 400;
