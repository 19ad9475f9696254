//! Drafts that are not what they say are refused, and no plan beats a bound that is proved.

use fastrand::Rng;
use layout::{Draft, Fault, Found, Goal, Leaf, Levels, Model, Node, Proof, Split};

use crate::town::{
    counted, draft, found, name, pick, plain, served, some_draft, some_plan, some_proof,
    some_survey, survey, terms,
};

/// A letter of a draft that is changed, left out or added is refused, or it says nothing else about
/// what the plan is worth and what nothing beats.
#[test]
fn whatever_is_changed_shows_or_does_not_matter() {
    let (survey, draft) = (survey(), draft());
    let text = draft.text();
    let (mut refused, mut same) = (0, 0);
    for (place, letter) in text.char_indices() {
        let (before, after) = (&text[..place], &text[place + letter.len_utf8()..]);
        let other = if letter == '7' { '8' } else { '7' };
        for changed in [
            format!("{before}{after}"),
            format!("{before}{other}{after}"),
            format!("{before}{other}{letter}{after}"),
            format!("{before}0{letter}{after}"),
        ] {
            let told = Draft::read(&changed).and_then(|own| own.verify(&survey).map(|()| own));
            match told {
                Err(_) => refused += 1,
                Ok(own) => {
                    let claims = (own.value(), own.bound(), own.survey());
                    assert_eq!(claims, (draft.value(), draft.bound(), draft.survey()), "{changed}");
                    same += 1;
                }
            }
        }
    }
    assert!(refused > 9 * same, "{refused} {same}");
}

/// Any letter of the survey that is changed shows.
#[test]
fn a_survey_that_is_changed_shows() {
    let (survey, draft) = (survey().text(), draft());
    for (place, letter) in survey.char_indices() {
        let (before, after) = (&survey[..place], &survey[place + letter.len_utf8()..]);
        for changed in [format!("{before}{after}"), format!("{before}7{letter}{after}")] {
            let told = layout::Survey::read(&changed).and_then(|own| draft.verify(&own));
            assert!(told.is_err(), "{changed}");
        }
    }
}

fn faults(change: impl FnOnce(&mut Found)) -> Vec<Fault> {
    let mut found = found();
    change(&mut found);
    Draft::new(&survey(), found).unwrap_err()
}

#[test]
fn drafts_are_refused_with_all_that_is_wrong() {
    let well = || "well".to_owned();
    let check = |wanted: &[Fault], change: &dyn Fn(&mut Found)| {
        assert_eq!(faults(change), wanted);
    };
    check(&[Fault::OverBudget { year: 2020, spent: 800, money: 600 }], &|own| {
        own.picks[1].year = 2020;
    });
    check(&[Fault::NotAPhase(2021)], &|own| {
        own.picks.push(pick("plot-a", "small", 2021));
    });
    check(&[Fault::NotBarred(well())], &|own| {
        own.terms.barred.push(well());
        own.served[5].places = 10;
    });
    check(&[Fault::NotForced(well())], &|own| {
        own.terms.forced.push((well(), name("close")));
        own.served[5].places = 10;
    });
    check(&[Fault::NotForced("plot-a".to_owned())], &|own| {
        own.terms.forced.push(("plot-a".to_owned(), name("small")));
    });
    check(
        &[Fault::OverNeed { year: 2022, area: "west".to_owned(), served: 29, need: 28 }],
        &|own| {
            own.served[5].places = 29;
        },
    );
    check(&[Fault::OverPlaces { year: 2020, site: well(), served: 11, places: 10 }], &|own| {
        own.served[2].places = 11;
    });
    let far = || Fault::OutOfReach { area: "east".to_owned(), site: well() };
    check(&[far()], &|own| own.served[2].area = "east".to_owned());
    check(&[Fault::Unknown(layout::Item::Site, "x".to_owned())], &|own| {
        own.served[2].site = "x".to_owned();
    });
    let wanted = Fault::BelowFloor { area: "middle".to_owned(), served: 10, wanted: 11 };
    check(&[wanted], &|own| own.terms.floor = 501);
    check(&[Fault::Twice(layout::Item::Served, "2020 west well".to_owned())], &|own| {
        own.served[2].places = 5;
        own.served.push(served(2020, "west", "well", 3));
    });
    check(&[Fault::NotAProof(1)], &|own| own.proof.bound.clear());
    check(&[Fault::NotAProof(1)], &|own| own.terms.worst = true);
    check(&[Fault::NotAProof(1)], &|own| own.proof.bound = vec![Node::Leaf(Leaf::Impossible(0))]);
    check(&[Fault::NotAProof(2)], &|own| own.proof.bound.push(Node::Leaf(Leaf::Bound(0))));
    let split = Node::Split(Split { site: well(), course: None, year: None });
    check(&[Fault::NotAProof(2)], &|own| own.proof.bound.insert(0, split.clone()));
    let mut text = draft().text().replace("value\t744000", "value\t745000");
    let other = Draft::read(&text).unwrap().verify(&survey()).unwrap_err();
    assert_eq!(other, [Fault::OtherValue { said: 745_000, found: 744_000 }]);
    text = draft().text().replacen("bound\t", "bound\t9", 1);
    let other = Draft::read(&text).unwrap().verify(&survey()).unwrap_err();
    assert!(matches!(other[..], [Fault::OtherBound { .. }]), "{other:?}");
    let other = draft().verify(&some_survey(&mut Rng::with_seed(1))).unwrap_err();
    assert_eq!(other, [Fault::OtherSurvey]);
}

/// Whatever the prices and the tree, no plan under the same terms is worth more.
#[test]
fn no_plan_beats_any_proof() {
    let mut rng = Rng::with_seed(2);
    let (mut plans, mut drafts) = (Vec::new(), 0);
    while drafts < 400 {
        let Some((survey, draft)) = some_draft(&mut rng) else { continue };
        drafts += 1;
        let terms = draft.terms();
        for _ in 0..10 {
            let (picks, served) = some_plan(&mut rng, &survey, terms);
            let proof = some_proof(&mut rng, &survey, terms);
            let (terms, rounds) = (terms.clone(), 0);
            let other = Found { terms, picks, served, proof, rounds };
            let Ok(other) = Draft::new(&survey, other) else { continue };
            let worse = |value: i64, bound: i64| match draft.terms().goal {
                Goal::Least => value >= bound,
                _ => value <= bound,
            };
            assert!(worse(other.value(), draft.bound()), "{}", draft.text());
            assert!(worse(draft.value(), other.bound()), "{}", draft.text());
            plans.push(draft.terms().goal.word());
        }
    }
    let counts = counted(plans.into_iter());
    assert!(counts.len() == 3 && counts.values().all(|count| *count > 300), "{counts:?}");
}

/// The plot in the middle is worth the most for its money: a bound by hand.
#[test]
fn prices_come_to_what_is_reckoned_by_hand() {
    let (survey, terms) = (survey(), terms());
    let model = Model::new(&survey, &terms);
    assert_eq!((&model.needs[..], &model.years[..]), (&[40, 21, 28][..], &[2, 8][..]));
    assert_eq!((&model.money[..], model.step), (&[600, 900][..], 2_000));
    // With no prices each site serves what it can: fifty at each plot and thirty at the well, where
    // only east and middle are near plot-b, middle and west near the well.
    let free = model.worth(&Levels::free(&model), true);
    let best: Vec<i128> =
        free.sites.iter().map(|own| own.iter().max().unwrap() / layout::proof::ONE).collect();
    assert_eq!((free.base, &best[..]), (0, &[500_000, 500_000, 300_000][..]));
    // A yuan that costs 1000 from the first phase on takes 600,000 from the large plot.
    let mut levels = Levels::free(&model);
    levels.money[0] = 1_000_000_000_000;
    let worth = model.worth(&levels, true);
    assert_eq!(worth.base, 600_000 * layout::proof::ONE);
    let later = worth.sites[0].iter().max().unwrap() / layout::proof::ONE;
    assert_eq!(later, 400_000, "in the second phase it costs nothing and counts eight years");
}

#[test]
fn the_highest_floor_is_proved_or_refused() {
    let survey = survey();
    let mut own = found();
    (own.terms.worst, own.terms.floor) = (true, 476);
    // Beyond a reach of nothing all is possible, and the ceiling must still be proved.
    own.proof.ceiling = Some((1_000, Vec::new()));
    let draft = Draft::new(&survey, own.clone()).unwrap();
    draft.verify(&survey).unwrap();
    assert_eq!(Draft::read(&draft.text()).unwrap(), draft);
    own.proof.ceiling = Some((999, vec![Node::Leaf(Leaf::Impossible(0))]));
    assert_eq!(Draft::new(&survey, own.clone()).unwrap_err(), [Fault::NotAProof(1)]);
    // Every need met takes 89 places. Twenty more at the well for 200 yuan and then twelve yuan for
    // each make 88 of 900 yuan.
    let terms = own.terms.clone();
    let mut levels = Levels::free(&Model::new(&survey, &terms));
    levels.lifts.fill(1_000);
    levels.money[1] = 83_333_334;
    own.proof.prices.push(levels.named(&survey, &terms));
    own.proof.ceiling = Some((999, vec![Node::Leaf(Leaf::Impossible(1))]));
    let draft = Draft::new(&survey, own.clone()).unwrap();
    Draft::read(&draft.text()).unwrap().verify(&survey).unwrap();
    own.proof.ceiling = Some((950, vec![Node::Leaf(Leaf::Impossible(1))]));
    assert_eq!(Draft::new(&survey, own).unwrap_err(), [Fault::NotAProof(1)], "86 may be met");
}

#[test]
fn a_bound_is_no_finer_than_values_are() {
    let (survey, mut terms) = (survey(), terms());
    let bound = |proof: Proof, terms: &layout::Terms| proof.check(&survey, terms).unwrap();
    assert_eq!(bound(plain(&survey, &terms), &terms) % 2_000, 0);
    terms.goal = Goal::Near;
    assert_eq!(Model::new(&survey, &terms).step, 2);
}
