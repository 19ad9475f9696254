//! Reach: as others have computed it, and as slow formulas do.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "slow models of small cases"
)]

use fastrand::Rng;
use siting::Fault;
use siting::access::{
    Among, Decay, Raam, Reach, Ways, average, balanced, choices, mean_time, nearest, raam,
    three_stage, two_stage, within,
};
use siting::instance::csv::{Table, reach, table, ways};

use crate::shared::shared;

fn tables(folder: &std::path::Path) -> (Table, Reach) {
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let people = table(&file("demand.csv"), "id", &["pop"]).unwrap();
    let supply = table(&file("supply.csv"), "id", &["beds"]).unwrap();
    let columns = ["origin", "dest", "cost"];
    let ways = ways(&file("cost.csv"), columns, &people, &supply, 60.0).unwrap();
    let reach = reach(&people, &supply, ways).unwrap();
    (people, reach)
}

#[test]
fn reach_is_what_pysal_computes() {
    let Some(folder) = shared("accessibility") else { return };
    let (people, reach) = tables(&folder);
    let steps = |steps: &[(f64, f64)]| Decay::Steps(steps.to_vec());
    let e2 = steps(&[(10.0, 1.0), (20.0, 0.68), (30.0, 0.22)]);
    let three = steps(&[(10.0, 0.962), (20.0, 0.704), (30.0, 0.377), (60.0, 0.042)]);
    let crowded = raam(&reach, &Raam::default()).unwrap();
    let own = [
        ("wc30_beds", within(&reach, 30.0, &Decay::Even).unwrap()),
        ("2sfca30_beds", two_stage(&reach, 30.0, &Decay::Even).unwrap()),
        ("e2sfca_beds", two_stage(&reach, 30.0, &e2).unwrap()),
        ("3sfca_beds", three_stage(&reach, 60.0, &three).unwrap()),
        ("g2sfca_beds", two_stage(&reach, 60.0, &Decay::Gaussian(20.0)).unwrap()),
        ("raam_beds", crowded.into_iter().map(Option::unwrap).collect()),
    ];
    let names = own.each_ref().map(|(name, _)| *name);
    let expected = std::fs::read(folder.join("expected.csv")).unwrap();
    let expected = table(&expected, "id", &names).unwrap();
    assert_eq!(expected.ids, people.ids);
    for ((name, own), wanted) in own.iter().zip(&expected.columns) {
        for ((own, wanted), id) in own.iter().zip(wanted).zip(&people.ids) {
            assert!((own - wanted).abs() <= 1e-9 * wanted.abs(), "{name} {id}: {own} {wanted}");
        }
    }
}

/// A small case, and its times in a table; ways in a random order.
fn small(random: &mut Rng) -> (Reach, Vec<Vec<Option<f64>>>) {
    let (places, sites) = (random.usize(1..8), random.usize(1..6));
    let mut amounts = |count: usize, most: u32| -> Vec<f64> {
        (0..count).map(|_| f64::from(random.u32(0..most))).collect()
    };
    let (people, supply) = (amounts(places, 60), amounts(sites, 9));
    let mut time = |_| random.bool().then(|| f64::from(random.u32(0..12)) * 5.0);
    let times: Vec<Vec<_>> = (0..places).map(|_| (0..sites).map(&mut time).collect()).collect();
    let mut pairs = Vec::new();
    for (from, row) in times.iter().enumerate() {
        let known = row.iter().enumerate().filter_map(|(to, time)| time.map(|time| (to, time)));
        pairs.extend(known.map(|(to, time)| (from as u32, to as u32, time)));
    }
    random.shuffle(&mut pairs);
    let mut ways = Ways::default();
    for (from, to, time) in pairs {
        ways.from.push(from);
        ways.to.push(to);
        ways.time.push(time);
    }
    (Reach::new(people, supply, ways).unwrap(), times)
}

fn decay(random: &mut Rng) -> Decay {
    match random.u8(0..3) {
        0 => Decay::Even,
        1 => Decay::Gaussian(15.0),
        _ => Decay::Steps(vec![(10.0, 1.0), (20.0, 0.6), (45.0, 0.1)]),
    }
}

fn ratio(own: f64, all: f64) -> f64 {
    if all > 0.0 { own / all } else { 0.0 }
}

/// All measures by their formulas, over all pairs.
fn slow(reach: &Reach, w: &[Vec<f64>]) -> [Vec<f64>; 4] {
    let (p, s) = (reach.people(), reach.supply());
    let (places, sites) = (0..p.len(), 0..s.len());
    let row = |i: usize| w[i].iter().sum::<f64>();
    let column = |j: usize| w.iter().map(|row| row[j]).sum::<f64>();
    let two = |w: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        let asked = |j: usize| places.clone().map(|i| p[i] * w(i, j)).sum::<f64>();
        let own = |i: usize| sites.clone().map(|j| w(i, j) * ratio(s[j], asked(j))).sum();
        places.clone().map(own).collect()
    };
    let fair = |i: usize| {
        let each = |j: usize| {
            let asked: f64 = places.clone().map(|i| p[i] * ratio(w[i][j], row(i))).sum();
            ratio(s[j], asked) * ratio(w[i][j], column(j))
        };
        sites.clone().map(each).sum()
    };
    let count = |i: usize| sites.clone().map(|j| w[i][j] * s[j]).sum();
    [
        places.clone().map(count).collect(),
        two(&|i, j| w[i][j]),
        two(&|i, j| w[i][j] * ratio(w[i][j], row(i))),
        places.clone().map(fair).collect(),
    ]
}

#[test]
fn catchments_are_what_the_formulas_say() {
    let mut random = Rng::with_seed(1);
    for case in 0..3_000 {
        let (reach, times) = small(&mut random);
        let (until, decay) = (f64::from(random.u32(1..12)) * 5.0, decay(&mut random));
        let weight = |time: &Option<f64>| {
            time.filter(|time| *time <= until).map_or(0.0, |time| decay.of(time))
        };
        let w: Vec<Vec<f64>> = times.iter().map(|row| row.iter().map(weight).collect()).collect();
        let own = [
            within(&reach, until, &decay).unwrap(),
            two_stage(&reach, until, &decay).unwrap(),
            three_stage(&reach, until, &decay).unwrap(),
            balanced(&reach, until, &decay).unwrap(),
        ];
        for (own, wanted) in own.iter().zip(&slow(&reach, &w)) {
            for (own, wanted) in own.iter().zip(wanted) {
                assert!((own - wanted).abs() <= 1e-9 * wanted.abs(), "{case}: {own} {wanted}");
            }
        }
    }
}

/// What people have, person by person, is together what is supplied where anybody can go.
#[test]
fn nothing_is_given_out_twice() {
    let mut random = Rng::with_seed(2);
    for case in 0..1_000 {
        let (reach, times) = small(&mut random);
        let decay = decay(&mut random);
        let seen = |to: usize, amount: &dyn Fn(usize) -> bool| {
            let near = |from: usize| times[from][to].is_some_and(|time| decay.of(time) > 0.0);
            (0..times.len()).any(|from| near(from) && amount(from))
        };
        let people = reach.people();
        let given = two_stage(&reach, f64::INFINITY, &decay).unwrap();
        let given: f64 = given.iter().zip(people).map(|(own, people)| own * people).sum();
        let served = reach.supply().iter().enumerate();
        let served = served.filter(|(to, _)| seen(*to, &|from| people[from] > 0.0));
        let all: f64 = served.map(|(_, supply)| supply).sum();
        assert!((given - all).abs() <= 1e-9 * all.max(1.0), "{case}: {given} {all}");
    }
}

#[test]
fn times_are_the_nearest_and_the_mean() {
    let mut random = Rng::with_seed(3);
    for case in 0..2_000 {
        let (reach, times) = small(&mut random);
        let until = f64::from(random.u32(1..12)) * 5.0;
        let near = nearest(&reach);
        let mean = mean_time(&reach, until, Among::Supply).unwrap();
        let plain = mean_time(&reach, until, Among::Places).unwrap();
        let many = choices(&reach, until).unwrap();
        for (place, row) in times.iter().enumerate() {
            let known = row.iter().zip(reach.supply()).filter_map(|(own, s)| own.map(|t| (t, *s)));
            let known: Vec<(f64, f64)> = known.collect();
            let some = known.iter().filter(|(_, supply)| *supply > 0.0);
            assert_eq!(near[place], some.clone().map(|(t, _)| *t).min_by(f64::total_cmp), "{case}");
            let counted = some.filter(|(t, _)| *t <= until).count();
            assert_eq!(many[place] as usize, counted, "{case}");
            let own: Vec<_> = known.iter().filter(|(t, _)| *t <= until).collect();
            let all: f64 = own.iter().map(|(_, s)| s).sum();
            let sum: f64 = own.iter().map(|(t, s)| t * s).sum();
            assert_eq!(mean[place], (all > 0.0).then(|| sum / all), "{case}");
            let sum: f64 = own.iter().map(|(t, _)| t).sum();
            assert_eq!(plain[place], (!own.is_empty()).then(|| sum / own.len() as f64), "{case}");
        }
    }
    let known = [Some(10.0), None, Some(40.0)];
    assert_eq!(average(&known, &[2.0, 9.0, 1.0]), Ok(Some((20.0, 3.0))));
    assert_eq!(average(&[None], &[2.0]), Ok(None));
    assert_eq!(average(&known, &[2.0]), Err(Fault::Lengths(3, 1)));
}

/// The published software's rounds over whole tables, as its authors wrote the rule.
fn slow_raam(reach: &Reach, times: &[Vec<Option<f64>>], how: &Raam) -> Vec<Option<f64>> {
    let (p, s) = (reach.people(), reach.supply());
    let each = p.iter().sum::<f64>() / s.iter().sum::<f64>();
    let room: Vec<f64> = s.iter().map(|s| s * each).collect();
    let travel = |i: usize, j: usize| match times[i][j] {
        Some(time) if s[j] > 0.0 => time / how.tau,
        _ => f64::INFINITY,
    };
    let first = |i: usize, cost: &dyn Fn(usize) -> f64| {
        let open = (0..s.len()).filter(|j| p[i] > 0.0 && travel(i, *j).is_finite());
        open.min_by(|one, other| cost(*one).total_cmp(&cost(*other)))
    };
    let mut held = vec![vec![0.0; s.len()]; p.len()];
    for i in 0..p.len() {
        if let Some(j) = first(i, &|j| travel(i, j)) {
            held[i][j] = p[i];
        }
    }
    let sums = |held: &[Vec<f64>]| -> Vec<f64> {
        (0..s.len()).map(|j| held.iter().map(|row| row[j]).sum()).collect()
    };
    let mut cost = vec![vec![0.0; s.len()]; p.len()];
    for round in 0..how.rounds {
        let at = sums(&held);
        let part = (how.step * 0.5_f64.powf(f64::from(round) / how.half)).max(how.least);
        let mut moves = Vec::new();
        for i in 0..p.len() {
            let total = |j: usize| at[j] / room[j] + travel(i, j);
            cost[i] = (0..s.len()).map(total).collect();
            let taken = (0..s.len()).rev().filter(|j| held[i][*j] != 0.0);
            let worst = taken.max_by(|one, other| total(*one).total_cmp(&total(*other)));
            let (Some(a), Some(b)) = (first(i, &total), worst) else { continue };
            if a == b {
                continue;
            }
            let (others_a, others_b) = (at[a] - held[i][a], at[b] - held[i][b]);
            let both = held[i][a] + held[i][b];
            let even = ((room[a] * room[b]) / (room[a] + room[b]))
                * ((travel(i, b) - travel(i, a)) + (both + others_b) / room[b]
                    - others_a / room[a]);
            let moved = (even - held[i][a]).min(held[i][b]).min(part * p[i]).trunc();
            moves.push((i, b, a, moved));
        }
        let given = |j: usize| moves.iter().filter(|m| m.2 == j).map(|m| m.3).sum::<f64>();
        let times: Vec<f64> = (0..s.len()).map(|j| (given(j) / room[j]).max(1.0)).collect();
        for (i, from, to, moved) in moves {
            let soft = (moved / times[to]).round_ties_even();
            let moved = if round < how.gentle { soft } else { moved };
            held[i][to] += moved;
            held[i][from] -= moved;
        }
    }
    let sum = |i: usize| {
        let own = (0..s.len()).filter(|j| held[i][*j] != 0.0);
        own.map(|j| cost[i][j] * held[i][j]).sum::<f64>()
    };
    let known = |i: usize| held[i].iter().any(|own| *own != 0.0);
    (0..p.len()).map(|i| known(i).then(|| sum(i) / p[i])).collect()
}

#[test]
fn people_who_choose_move_as_in_the_published_rounds() {
    let mut random = Rng::with_seed(4);
    let mut crowded = 0;
    for case in 0..1_500 {
        let (reach, times) = small(&mut random);
        let how = Raam { rounds: random.u32(1..40), ..Raam::default() };
        let own = match raam(&reach, &how) {
            Ok(own) => own,
            Err(Fault::NoSupply | Fault::NobodyThere) => continue,
            Err(fault) => panic!("{fault}"),
        };
        for (own, wanted) in own.iter().zip(slow_raam(&reach, &times, &how)) {
            let (Some(own), Some(wanted)) = (own, wanted) else {
                assert!(own.is_none() && wanted.is_none(), "{case}");
                continue;
            };
            assert!((own - wanted).abs() <= 1e-9 * wanted.abs(), "{case}: {own} {wanted}");
            crowded += 1;
        }
    }
    assert!(crowded > 3_000, "{crowded}");
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let way =
        |from: u32, to: u32, time: f64| Ways { from: vec![from], to: vec![to], time: vec![time] };
    let new = |ways| Reach::new(vec![1.0], vec![1.0], ways);
    assert_eq!(new(way(1, 0, 1.0)), Err(Fault::Unknown(1, "1".to_owned())));
    assert_eq!(new(way(0, 2, 1.0)), Err(Fault::Unknown(1, "2".to_owned())));
    assert_eq!(new(way(0, 0, -1.0)), Err(Fault::NegativeCost(1)));
    assert!(matches!(new(way(0, 0, f64::NAN)), Err(Fault::NotANumber(1, _))));
    let twice = Ways { from: vec![0; 2], to: vec![0; 2], time: vec![1.0, 2.0] };
    assert_eq!(new(twice), Err(Fault::WayTwice("0".to_owned(), "0".to_owned())));
    let short = Ways { from: vec![0; 2], to: vec![0; 2], time: vec![1.0] };
    assert_eq!(new(short), Err(Fault::Lengths(1, 2)));
    let reach = new(way(0, 0, 30.0)).unwrap();
    assert_eq!(two_stage(&reach, 0.0, &Decay::Even), Err(Fault::NoTime(0.0)));
    assert!(two_stage(&reach, f64::NAN, &Decay::Even).is_err());
    let steps = |steps: &[(f64, f64)]| within(&reach, 60.0, &Decay::Steps(steps.to_vec()));
    assert_eq!(steps(&[]), Err(Fault::NotFalling));
    assert_eq!(steps(&[(0.0, 1.0)]), Err(Fault::NoTime(0.0)));
    assert_eq!(steps(&[(20.0, 1.0), (10.0, 0.5)]), Err(Fault::NotFalling));
    assert_eq!(steps(&[(10.0, 0.5), (20.0, 0.6)]), Err(Fault::NotFalling));
    assert_eq!(steps(&[(10.0, 1.5)]), Err(Fault::NotFalling));
    assert_eq!(within(&reach, 60.0, &Decay::Gaussian(0.0)), Err(Fault::NoWidth(0.0)));
    // Limits are inclusive.
    assert_eq!(within(&reach, 30.0, &Decay::Even), Ok(vec![1.0]));
    assert_eq!(within(&reach, 29.9, &Decay::Even), Ok(vec![0.0]));
    let none = Raam { tau: 0.0, ..Raam::default() };
    assert_eq!(raam(&reach, &none), Err(Fault::NoWidth(0.0)));
    let empty = |people, supply| Reach::new(vec![people], vec![supply], Ways::default()).unwrap();
    assert_eq!(raam(&empty(1.0, 0.0), &Raam::default()), Err(Fault::NoSupply));
    assert_eq!(raam(&empty(0.0, 1.0), &Raam::default()), Err(Fault::NobodyThere));
    assert_eq!(raam(&empty(1.0, 1.0), &Raam::default()), Ok(vec![None]));
}
