//! Sites with capacities: against trying everything, and OR-Library.

use crate::given::{numbers, subsets, text};
use fastrand::Rng;
use siting::capacity::{Facilities, Medians, facilities, medians};
use siting::{Stop, Unfit};
use std::collections::BTreeMap;

/// What serving everybody costs at least, by all ways of parting whole demands.
fn serve(given: &Facilities, open: &[u32]) -> f64 {
    let sites = given.capacity.len();
    let mut least = BTreeMap::from([(vec![0_u32; open.len()], 0.0)]);
    for (own, demand) in given.demand.iter().enumerate() {
        for _ in 0..(*demand as u32).max(1) {
            let size = u32::from(*demand > 0.0);
            let mut next: BTreeMap<Vec<u32>, f64> = BTreeMap::new();
            for (loads, cost) in &least {
                for (place, site) in open.iter().enumerate() {
                    let mut loads = loads.clone();
                    loads[place] += size;
                    let more = given.costs[own * sites + *site as usize] / demand.max(1.0);
                    if f64::from(loads[place]) <= given.capacity[*site as usize] && more.is_finite()
                    {
                        let had = next.entry(loads).or_insert(f64::INFINITY);
                        *had = had.min(cost + more);
                    }
                }
            }
            least = next;
        }
    }
    least.into_values().fold(f64::INFINITY, f64::min)
}

#[test]
fn facilities_are_what_trying_everything_finds() {
    let mut rng = Rng::with_seed(9);
    for case in 0..2000 {
        let (sites, customers) = (rng.usize(1..5), rng.usize(1..5));
        let top = rng.u32(5..100);
        let mut some = |from: u32, to: u32| f64::from(rng.u32(from..to));
        let mut given = Facilities {
            capacity: (0..sites).map(|_| some(0, 7)).collect(),
            fixed: (0..sites).map(|_| some(0, 40)).collect(),
            demand: (0..customers).map(|_| some(0, 4)).collect(),
            costs: (0..sites * customers).map(|_| some(0, top)).collect(),
        };
        for cost in given.costs.iter_mut().filter(|_| rng.usize(..15) == 0) {
            *cost = f64::INFINITY;
        }
        let cost = |set: Vec<u32>| {
            serve(&given, &set) + set.iter().map(|site| given.fixed[*site as usize]).sum::<f64>()
        };
        let best = subsets(sites).map(cost).fold(f64::INFINITY, f64::min);
        match facilities(&given, &Stop::default(), &mut |_| {}) {
            Ok(answer) => {
                assert!((answer.value - best).abs() < 1e-6, "case {case}: {answer:?} {best}");
                assert!(answer.proved(), "case {case}");
                assert!((cost(answer.open) - best).abs() < 1e-6, "case {case}");
            }
            Err(unfit) => assert_eq!(best, f64::INFINITY, "case {case}: {unfit:?}"),
        }
    }
}

#[test]
fn who_needs_nothing_needs_no_room() {
    let given = Facilities {
        capacity: vec![5.0, 0.0],
        fixed: vec![0.0, 10.0],
        demand: vec![0.0, 0.0, 1.0],
        costs: vec![100.0, 0.0, 100.0, 0.0, 100.0, 0.0],
    };
    let answer = facilities(&given, &Stop::default(), &mut |_| {}).unwrap();
    assert_eq!((answer.value, answer.bound, &answer.open[..]), (110.0, 110.0, &[0, 1][..]));
}

/// What serving everybody wholly costs at least.
fn place(given: &Medians, open: &[u32], own: usize, left: &mut Vec<u64>) -> f64 {
    if own == given.demand.len() {
        return 0.0;
    }
    let mut least = f64::INFINITY;
    for (at, site) in open.iter().enumerate() {
        if left[at] >= given.demand[own] {
            left[at] -= given.demand[own];
            let cost = given.costs[own * given.capacity.len() + *site as usize];
            least = least.min(cost + place(given, open, own + 1, left));
            left[at] += given.demand[own];
        }
    }
    least
}

#[test]
fn medians_are_what_trying_everything_finds() {
    let mut rng = Rng::with_seed(10);
    for case in 0..3000 {
        let (sites, customers) = (rng.usize(1..6), rng.usize(1..7));
        let p = rng.usize(1..=sites.min(3));
        let part = if rng.bool() { 1.0 } else { 0.37 };
        let top = rng.u32(5..100);
        let mut given = Medians {
            p,
            capacity: (0..sites).map(|_| rng.u64(4..14)).collect(),
            demand: (0..customers).map(|_| rng.u64(0..7)).collect(),
            costs: (0..sites * customers).map(|_| f64::from(rng.u32(..top)) * part).collect(),
        };
        for cost in given.costs.iter_mut().filter(|_| rng.usize(..20) == 0) {
            *cost = f64::INFINITY;
        }
        let cost = |set: &[u32]| {
            let mut left = set.iter().map(|site| given.capacity[*site as usize]).collect();
            place(&given, set, 0, &mut left)
        };
        let sets = subsets(sites).filter(|set| set.len() == p);
        let best = sets.map(|set| cost(&set)).fold(f64::INFINITY, f64::min);
        match medians(&given, case, &Stop::default(), &mut |_| {}) {
            Ok(answer) => {
                assert!((answer.value - best).abs() < 1e-6, "case {case}: {answer:?} {best}");
                assert!(answer.proved() && answer.open.len() == p, "case {case}");
                assert!((cost(&answer.open) - best).abs() < 1e-6, "case {case}");
            }
            Err(unfit) => assert_eq!(best, f64::INFINITY, "case {case}: {unfit:?}"),
        }
    }
}

#[test]
fn what_does_not_fit_is_said() {
    let good =
        Facilities { capacity: vec![2.0], fixed: vec![1.0], demand: vec![2.0], costs: vec![3.0] };
    let solve =
        |given: &Facilities| facilities(given, &Stop::default(), &mut |_| {}).map(|own| own.value);
    assert_eq!(solve(&good), Ok(4.0));
    assert_eq!(solve(&Facilities { demand: vec![3.0], ..good.clone() }), Err(Unfit::Room));
    assert_eq!(solve(&Facilities { demand: vec![f64::NAN], ..good.clone() }), Err(Unfit::Number));
    assert_eq!(solve(&Facilities { fixed: vec![], ..good.clone() }), Err(Unfit::Count));
    assert_eq!(solve(&Facilities { fixed: vec![-1.0], ..good.clone() }), Err(Unfit::Number));
    let far = Facilities { costs: vec![f64::INFINITY], ..good.clone() };
    assert_eq!(solve(&far), Err(Unfit::Customer(0)));
    assert_eq!(solve(&Facilities::default()), Err(Unfit::NoSites));

    let good = Medians { p: 1, capacity: vec![2], demand: vec![2], costs: vec![3.0] };
    let solve =
        |given: &Medians| medians(given, 0, &Stop::default(), &mut |_| {}).map(|own| own.value);
    assert_eq!(solve(&good), Ok(3.0));
    assert_eq!(solve(&Medians { p: 0, ..good.clone() }), Err(Unfit::NoSites));
    assert_eq!(
        solve(&Medians { p: 2, ..good.clone() }),
        Err(Unfit::TooMany { wanted: 2, sites: 1 })
    );
    assert_eq!(solve(&Medians { demand: vec![3], ..good.clone() }), Err(Unfit::Room));
    assert_eq!(solve(&Medians { costs: vec![], ..good.clone() }), Err(Unfit::Count));
    assert_eq!(solve(&Medians { capacity: vec![u64::MAX], ..good }), Err(Unfit::Number));
}

#[test]
fn the_files_of_or_library_are_proved() {
    let table = [
        ("cap71", 932615.75),
        ("cap73", 1010641.45),
        ("cap101", 796648.437),
        ("cap132", 851495.325),
    ];
    for (name, known) in table {
        let Some(text) = text(&format!("orlib-cap/{name}.txt")) else { continue };
        let numbers = numbers(&text);
        let (sites, customers) = (numbers[0] as usize, numbers[1] as usize);
        let (pairs, rest) = numbers[2..].split_at(2 * sites);
        let rows: Vec<&[f64]> = rest.chunks_exact(sites + 1).take(customers).collect();
        let given = Facilities {
            capacity: pairs.iter().step_by(2).copied().collect(),
            fixed: pairs.iter().skip(1).step_by(2).copied().collect(),
            demand: rows.iter().map(|row| row[0]).collect(),
            costs: rows.iter().flat_map(|row| &row[1..]).copied().collect(),
        };
        let answer = facilities(&given, &Stop::default(), &mut |_| {}).unwrap();
        assert!((answer.value - known).abs() < 1e-3 && answer.proved(), "{name}: {answer:?}");
    }
}

#[test]
fn the_files_of_capacitated_medians_are_proved() {
    let table =
        [("01", 713.0), ("02", 740.0), ("03", 751.0), ("04", 651.0), ("05", 664.0), ("06", 778.0)];
    for (name, known) in table {
        let Some(text) = text(&format!("cpmp/pmedcap{name}.txt")) else { continue };
        let numbers = numbers(&text);
        let rows: Vec<&[f64]> = numbers[5..].chunks_exact(4).collect();
        let apart = |one: &[f64], two: &[f64]| (one[1] - two[1]).hypot(one[2] - two[2]).floor();
        let row = |one: &&[f64]| rows.iter().map(|two| apart(one, two)).collect::<Vec<f64>>();
        let given = Medians {
            p: numbers[3] as usize,
            capacity: vec![numbers[4] as u64; rows.len()],
            demand: rows.iter().map(|row| row[3] as u64).collect(),
            costs: rows.iter().flat_map(row).collect(),
        };
        let answer = medians(&given, 1, &Stop::default(), &mut |_| {}).unwrap();
        assert_eq!((answer.value, answer.bound), (known, known), "{name}");
        assert_eq!(medians(&given, 1, &Stop::default(), &mut |_| {}), Ok(answer));
    }
}
