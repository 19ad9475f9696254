//! What is found is the best there is where that is proved, and no bound is beaten.

use fastrand::Rng;
use layout::{Draft, Goal};
use siting::Stop;
use siting::layout::{Limit, Need, Unfit, draw_up, worth};

use super::slow::{best, demands};
use super::town::{survey, terms};

fn limit(stop: &Stop, rounds: u64) -> Limit<'_> {
    Limit { rounds: Some(rounds), stop }
}

#[test]
fn trying_everything_finds_nothing_better() {
    let stop = Stop::default();
    let mut rng = Rng::with_seed(11);
    let (mut proved, mut found, mut none) = (0, 0, 0);
    for case in 0..CASES {
        let survey = survey(&mut rng, 4, 4, 30_000);
        let terms = terms(&mut rng, &survey, 2);
        let wanted = best(&survey, &terms, &demands(&survey, &terms));
        match draw_up(&survey, &terms, limit(&stop, 60), &mut |_| {}) {
            Ok(draft) => {
                let text = format!("case {case}\n{}{}", survey.text(), draft.text());
                let wanted = wanted.unwrap_or_else(|| panic!("none holds: {text}"));
                draft.verify(&survey).unwrap();
                assert_eq!(Draft::read(&draft.text()).unwrap(), draft);
                let (worse, beaten) = match terms.goal {
                    Goal::Least => (draft.value() >= wanted, draft.bound() > wanted),
                    _ => (draft.value() <= wanted, draft.bound() < wanted),
                };
                assert!(worse && !beaten, "{wanted} {text}");
                found += 1;
                if draft.value() == draft.bound() {
                    proved += 1;
                    assert_eq!(draft.value(), wanted, "{text}");
                } else {
                    println!("case {case}: {} {} {wanted}", draft.value(), draft.bound());
                }
            }
            Err(Unfit::Conflict(needs)) => {
                assert_eq!(wanted, None, "case {case}: {needs:?}\n{}{terms:?}", survey.text());
                none += 1;
            }
            Err(unfit) => panic!("case {case}: {unfit:?}"),
        }
    }
    println!("{proved} of {found} proved, {none} with none");
    assert!(proved == found && none > CASES / 20, "{proved} {found} {none}");
}

#[cfg(debug_assertions)]
const CASES: usize = 400;
#[cfg(not(debug_assertions))]
const CASES: usize = 3_000;

/// Each conflict is one, and without any of its demands there is a plan.
/// Nobody is asked to pay for what adds nothing.
#[test]
fn what_costs_money_adds_something() {
    let stop = Stop::default();
    let mut rng = Rng::with_seed(17);
    let mut picks = 0;
    for _ in 0..1_200 {
        let survey = survey(&mut rng, 5, 5, 40_000);
        let terms = terms(&mut rng, &survey, 2);
        let Ok(draft) = draw_up(&survey, &terms, limit(&stop, 9), &mut |_| {}) else { continue };
        let used = worth(&survey, &draft).into_iter().filter(|own| own.picked && own.cost > 0);
        let forced = |site: &str| terms.forced.iter().any(|(own, _)| own == site);
        for own in used.filter(|own| !forced(&own.site)) {
            picks += 1;
            assert!(own.value > 0 || own.short > 0, "{own:?}\n{}", draft.text());
        }
    }
    assert!(picks > 100, "{picks}");
}

#[test]
fn conflicts_are_as_small_as_can_be() {
    let stop = Stop::default();
    let mut rng = Rng::with_seed(12);
    let mut conflicts = 0;
    let mut kinds = [0; 5];
    while conflicts < 300 {
        let survey = survey(&mut rng, 4, 4, 40_000);
        let mut terms = terms(&mut rng, &survey, 2);
        terms.floor = terms.floor.max(300);
        let Err(Unfit::Conflict(needs)) = draw_up(&survey, &terms, limit(&stop, 9), &mut |_| {})
        else {
            continue;
        };
        conflicts += 1;
        assert_eq!(only(&survey, &terms, &needs), None, "{needs:?} is none\n{}", survey.text());
        for at in 0..needs.len() {
            let mut fewer = needs.clone();
            let need = fewer.remove(at);
            kinds[kind(&need)] += 1;
            assert!(only(&survey, &terms, &fewer).is_some(), "{need:?} of {needs:?}\n{terms:?}");
        }
    }
    assert!(kinds.iter().all(|count| *count > 2), "{kinds:?}");
}

fn kind(need: &Need) -> usize {
    match need {
        Need::Floor { .. } => 0,
        Need::Money { .. } => 1,
        Need::Forced { .. } => 2,
        Need::Barred { .. } => 3,
        Need::Reach { .. } => 4,
    }
}

/// The best where only these demands hold.
fn only(survey: &layout::Survey, terms: &layout::Terms, needs: &[Need]) -> Option<i64> {
    let mut terms = terms.clone();
    let mut demands = demands(survey, &terms);
    let has = |wanted: &dyn Fn(&Need) -> bool| needs.iter().any(wanted);
    terms
        .forced
        .retain(|(own, _)| has(&|need| matches!(need, Need::Forced { site, .. } if site == own)));
    terms.barred.retain(|own| has(&|need| matches!(need, Need::Barred { site } if site == own)));
    if !has(&|need| matches!(need, Need::Reach { .. })) {
        terms.reach = 2_500;
    }
    for (floor, area) in demands.floors.iter_mut().zip(survey.areas()) {
        if !has(&|need| matches!(need, Need::Floor { area: own, .. } if *own == area.key)) {
            *floor = 0;
        }
    }
    for (money, phase) in demands.money.iter_mut().zip(&terms.phases) {
        if !has(&|need| matches!(need, Need::Money { year, .. } if *year == phase.year)) {
            *money = None;
        }
    }
    best(survey, &terms, &demands)
}

/// The same survey, terms and rounds give the same draft, byte for byte, whatever stopped it.
#[test]
fn the_same_rounds_give_the_same_draft() {
    let stop = Stop::default();
    let mut rng = Rng::with_seed(13);
    for case in 0..12 {
        let survey = survey(&mut rng, 25, 25, 60_000);
        let mut terms = terms(&mut rng, &survey, 2);
        (terms.floor, terms.goal) = (0, Goal::Near);
        terms.worst = case % 2 == 0;
        terms.forced.clear();
        let soon = std::time::Instant::now() + std::time::Duration::from_millis(20 + 10 * case);
        let soon = Stop::at(Some(soon));
        let first = draw_up(&survey, &terms, Limit { rounds: None, stop: &soon }, &mut |_| {});
        let Ok(first) = first else { continue };
        let again = draw_up(&survey, &terms, limit(&stop, first.rounds()), &mut |_| {}).unwrap();
        assert_eq!(first.text(), again.text());
    }
}

/// What a pick is worth is what trying without it shows.
#[test]
fn a_pick_is_worth_what_is_lost_without_it() {
    let stop = Stop::default();
    let mut rng = Rng::with_seed(14);
    let (mut picks, mut more) = (0, 0);
    while picks < 200 {
        let survey = survey(&mut rng, 4, 4, 30_000);
        let mut terms = terms(&mut rng, &survey, 2);
        (terms.floor, terms.goal) = (0, [Goal::Near, Goal::Most][rng.usize(..2)]);
        terms.forced.clear();
        let Ok(draft) = draw_up(&survey, &terms, limit(&stop, 20), &mut |_| {}) else { continue };
        let told = worth(&survey, &draft);
        for pick in draft.picks() {
            let own = told.iter().find(|own| own.picked && own.site == pick.site).unwrap();
            let mut fixed = terms.clone();
            fixed.phases.iter_mut().for_each(|own| own.budget = 1_000_000);
            let others = draft.picks().iter().filter(|other| other.site != pick.site);
            fixed.forced = others.map(|own| (own.site.clone(), own.course.clone())).collect();
            // Only where all is taken in the same year the slow model takes it so, too.
            if draft.picks().iter().any(|other| other.year != terms.phases[0].year) {
                continue;
            }
            fixed.phases.truncate(1);
            let forced: Vec<&String> = fixed.forced.iter().map(|own| &own.0).collect();
            let free = survey.sites().iter().filter(|own| !forced.contains(&&own.key));
            fixed.barred = free.map(|own| own.key.clone()).collect();
            let without = best(&survey, &fixed, &demands(&survey, &fixed)).unwrap();
            assert_eq!(draft.value() - own.value, without);
            picks += 1;
        }
        more += told.iter().filter(|own| !own.picked && own.value > 0).count();
    }
    assert!(more > 20, "{more}");
}
