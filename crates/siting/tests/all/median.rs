//! The p-median against all sets of small cases, and against published optima.

use fastrand::Rng;
use siting::{
    Answer, Ask, Costs, FAR, Matrix, Plane, Stop, Unfit,
    median::{median, median_heuristic},
};
use std::path::Path;

const FOLDER: &str = "../../../shared/conformance/siting/orlib-pmed";

/// The value of a set; none where somebody cannot be served.
fn value(costs: &dyn Costs, open: &[u32]) -> Option<u64> {
    let least = |customer| open.iter().map(|site| costs.cost(customer, *site as usize)).min();
    let each = (0..costs.customers()).map(|customer| least(customer).filter(|cost| *cost != FAR));
    each.map(|cost| cost.map(u64::from)).sum()
}

/// The least value over all sets.
fn slow(costs: &dyn Costs, ask: &Ask) -> Option<u64> {
    let sites = u32::try_from(costs.sites()).unwrap();
    let sets = (0_u32..1 << sites).filter(|set| set.count_ones() as usize == ask.p);
    let has = |set: u32, site: &u32| set >> site & 1 == 1;
    let sets = sets.filter(|set| ask.force.iter().all(|site| has(*set, site)));
    let sets = sets.filter(|set| !ask.forbid.iter().any(|site| has(*set, site)));
    let open = |set| (0..sites).filter(|site| has(set, site)).collect::<Vec<_>>();
    sets.filter_map(|set| value(costs, &open(set))).min()
}

/// Solves and checks that every answer on the way holds.
fn solved(costs: &dyn Costs, ask: &Ask) -> Result<Answer, Unfit> {
    let best = slow(costs, ask).map(|best| best as f64);
    let mut last = (f64::INFINITY, 0.0);
    let answer = median(costs, ask, &Stop::default(), &mut |own| {
        assert!(own.value <= last.0 && own.bound >= last.1, "worse than told before: {own:?}");
        assert!(own.bound <= best.unwrap() && own.value >= best.unwrap(), "{own:?} {best:?}");
        assert_eq!(value(costs, &own.open).map(|own| own as f64), Some(own.value));
        last = (own.value, own.bound);
    });
    if let Ok(found) = &answer {
        assert_eq!(found.open.len(), ask.p, "{found:?}");
        assert!(found.open.is_sorted_by(|one, other| one < other), "{found:?}");
        assert!(found.proved(), "{found:?} {ask:?}");
        assert_eq!(Some(found.value), best, "{ask:?}");
        assert_eq!(value(costs, &found.open).map(|own| own as f64), Some(found.value));
        assert!(ask.force.iter().all(|site| found.open.contains(site)));
        assert!(!ask.forbid.iter().any(|site| found.open.contains(site)));
    }
    answer
}

/// Sites that must and must not be open, so that the number can be met.
fn wishes(random: &mut Rng, sites: u32, p: usize) -> (Vec<u32>, Vec<u32>) {
    let mut all: Vec<u32> = (0..sites).collect();
    random.shuffle(&mut all);
    let force = random.usize(0..=p.min(2));
    let forbid = random.usize(0..=(all.len() - p).min(2));
    let barred = all.split_off(all.len() - forbid);
    all.truncate(force);
    (all, barred)
}

#[test]
fn every_set_of_a_table_is_no_better() {
    let mut random = Rng::with_seed(1);
    let mut unmet = 0;
    for case in 0..1500 {
        let (sites, customers) = (random.u32(1..9), random.usize(1..10));
        let high = [3, 20, 1000][random.usize(..3)];
        let far = [0.0, 0.0, 0.3, 0.7][random.usize(..4)];
        let cost = |random: &mut Rng| match random.f64() < far {
            true => FAR,
            false => random.u32(0..high),
        };
        let table = (0..sites as usize * customers).map(|_| cost(&mut random)).collect();
        let costs = Matrix::new(sites as usize, table).unwrap();
        let p = random.usize(1..=sites as usize);
        let (force, forbid) = wishes(&mut random, sites, p);
        let ask = Ask { p, force: &force, forbid: &forbid, seed: case };
        match solved(&costs, &ask) {
            Ok(_) => {}
            Err(Unfit::Customer(_) | Unfit::Unmet) => {
                assert_eq!(slow(&costs, &ask), None, "case {case}");
                unmet += 1;
            }
            Err(why) => panic!("{why:?} in case {case}"),
        }
    }
    assert!((50..1000).contains(&unmet), "{unmet}");
}

#[test]
fn every_set_of_points_is_no_better() {
    let mut random = Rng::with_seed(2);
    for case in 0..300 {
        let many = random.usize(2..14);
        let wide = [4.0, 100.0, 10_000.0][random.usize(..3)];
        let mut point = || ((random.f64() * wide).floor(), (random.f64() * wide).floor());
        let costs = Plane::new((0..many).map(|_| point()).collect());
        let p = random.usize(1..=many);
        let ask = Ask { p, seed: case, ..Ask::default() };
        assert!(solved(&costs, &ask).is_ok());
    }
}

/// Random tables have a wide gap between the program and the best set, so that the tree is deep.
#[test]
fn the_tree_of_cases_is_sound() {
    let mut random = Rng::with_seed(3);
    for case in 0..60 {
        let (sites, customers) = (14, 30);
        let table = (0..sites * customers).map(|_| random.u32(1..40)).collect();
        let costs = Matrix::new(sites, table).unwrap();
        let ask = Ask { p: random.usize(3..7), seed: case, ..Ask::default() };
        assert!(solved(&costs, &ask).is_ok());
    }
}

#[test]
fn no_swap_betters_what_the_search_found() {
    let mut random = Rng::with_seed(4);
    for case in 0..8 {
        let mut point = || (random.f64() * 1000.0, random.f64() * 1000.0);
        let costs = Plane::new((0..60).map(|_| point()).collect());
        let ask = Ask { p: random.usize(1..15), seed: case, ..Ask::default() };
        let found = median_heuristic(&costs, &ask, &Stop::default()).unwrap();
        assert!(found.bound <= found.value);
        assert_eq!(value(&costs, &found.open).map(|own| own as f64), Some(found.value));
        for at in 0..found.open.len() {
            for site in (0..60).filter(|site| !found.open.contains(site)) {
                let mut other = found.open.clone();
                other[at] = site;
                assert!(value(&costs, &other).unwrap() as f64 >= found.value);
            }
        }
    }
}

/// Two towns and a land around them, so large that lists are cut short.
#[test]
fn two_seeds_prove_the_same() {
    let mut random = Rng::with_seed(8);
    let mut point = |wide: f64| (random.f64() * wide, random.f64() * wide);
    let towns = (0..160).map(|at| (point(20.0), f64::from(at % 2) * 600.0));
    let mut points: Vec<(f64, f64)> =
        towns.map(|((x, y), away)| (x + away, y + away / 2.0)).collect();
    points.extend((0..90).map(|_| point(1000.0)));
    let costs = Plane::new(points);
    for p in [12, 40] {
        let proved = |seed| {
            let ask = Ask { p, seed, ..Ask::default() };
            let found = median(&costs, &ask, &Stop::default(), &mut |_| {}).unwrap();
            assert_eq!(value(&costs, &found.open).map(|own| own as f64), Some(found.value));
            assert!(found.proved());
            found.value
        };
        assert_eq!(proved(1).to_bits(), proved(2).to_bits());
    }
}

#[test]
fn the_same_seed_gives_the_same() {
    let mut random = Rng::with_seed(5);
    let mut point = || (random.f64() * 500.0, random.f64() * 500.0);
    let costs = Plane::new((0..60).map(|_| point()).collect());
    let ask = Ask { p: 8, seed: 7, ..Ask::default() };
    let all = || {
        let mut told = Vec::new();
        let answer = median(&costs, &ask, &Stop::default(), &mut |own| told.push(own.clone()));
        (answer, told, median_heuristic(&costs, &ask, &Stop::default()))
    };
    assert_eq!(all(), all());
}

#[test]
fn what_is_unsound_is_said() {
    let costs = Matrix::new(3, vec![1, FAR, 2, FAR, 3, 4]).unwrap();
    let why = |p, force: &[u32], forbid: &[u32]| {
        let ask = Ask { p, force, forbid, seed: 0 };
        assert_eq!(median_heuristic(&costs, &ask, &Stop::default()), None);
        median(&costs, &ask, &Stop::default(), &mut |_| {}).unwrap_err()
    };
    assert_eq!(why(0, &[], &[]), Unfit::NoSites);
    assert_eq!(why(4, &[], &[]), Unfit::TooMany { wanted: 4, sites: 3 });
    assert_eq!(why(3, &[], &[0]), Unfit::TooMany { wanted: 3, sites: 2 });
    assert_eq!(why(1, &[0, 1], &[]), Unfit::TooMany { wanted: 2, sites: 1 });
    assert_eq!(why(1, &[3], &[]), Unfit::Site(3));
    assert_eq!(why(1, &[1], &[1]), Unfit::Site(1));
    assert_eq!(why(1, &[], &[0, 2]), Unfit::Customer(0));
    assert_eq!(why(1, &[], &[2]), Unfit::Unmet);
}

#[test]
fn it_stops_when_asked() {
    let mut random = Rng::with_seed(6);
    let mut point = || (random.f64() * 500.0, random.f64() * 500.0);
    let costs = Plane::new((0..200).map(|_| point()).collect());
    let stop = Stop::default();
    stop.ask();
    let ask = Ask { p: 9, ..Ask::default() };
    let answer = median(&costs, &ask, &stop, &mut |_| {}).unwrap();
    assert_eq!(value(&costs, &answer.open).map(|own| own as f64), Some(answer.value));
    assert!(answer.bound <= answer.value && answer.open.len() == 9);
}

#[test]
fn published_optima_are_proved() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let all = [(1, 5819), (3, 4250), (5, 1355), (7, 5631), (9, 2734)];
    for (number, best) in all {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("pmed{number}.txt"))) else {
            println!("skipped: not here: pmed{number} of OR-Library");
            continue;
        };
        let (costs, p) = graph(&text);
        let ask = Ask { p, seed: 1, ..Ask::default() };
        let answer = median(&costs, &ask, &Stop::default(), &mut |_| {}).unwrap();
        assert_eq!((answer.value, answer.bound), (f64::from(best), f64::from(best)));
    }
}

/// The table of all shortest paths of a graph, and p; a later line replaces an earlier one.
fn graph(text: &str) -> (Matrix, usize) {
    let mut words = text.split_whitespace().map(|word| word.parse::<usize>().unwrap());
    let mut word = || words.next().unwrap();
    let (points, edges, p) = (word(), word(), word());
    let mut table = vec![u32::MAX / 2; points * points];
    (0..points).for_each(|point| table[point * points + point] = 0);
    for _ in 0..edges {
        let (from, to, cost) = (word() - 1, word() - 1, word());
        table[from * points + to] = u32::try_from(cost).unwrap();
        table[to * points + from] = u32::try_from(cost).unwrap();
    }
    for by in 0..points {
        let through = table[by * points..(by + 1) * points].to_vec();
        for from in 0..points {
            let first = table[from * points + by];
            let row = &mut table[from * points..(from + 1) * points];
            row.iter_mut().zip(&through).for_each(|(own, rest)| *own = (*own).min(first + rest));
        }
    }
    (Matrix::new(points, table).unwrap(), p)
}
