//! Instances: those of the literature, those that are refused, and any bytes.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    reason = "slow models of small cases"
)]

use fastrand::Rng;
use siting::instance::csv::{reach, table, ways};
use siting::instance::{Format, Network, cap, pmed, pmedcap, sjc, tsplib};
use siting::{Costs, FAR, Fault, Instance};

use crate::shared::shared;

fn network(text: &str) -> Result<Network, Vec<Fault>> {
    pmed(text.as_bytes())
}

/// Shortest paths by all triples of points (Floyd and Warshall).
fn slow(points: usize, edges: &[(usize, usize, u32)]) -> Vec<Vec<u32>> {
    let mut lengths = vec![vec![FAR; points]; points];
    for (from, to, length) in edges {
        lengths[*from][*to] = *length;
        lengths[*to][*from] = *length;
    }
    for (own, row) in lengths.iter_mut().enumerate() {
        row[own] = 0;
    }
    for via in 0..points {
        for from in 0..points {
            for to in 0..points {
                let longer = lengths[from][via].saturating_add(lengths[via][to]);
                lengths[from][to] = lengths[from][to].min(longer);
            }
        }
    }
    lengths
}

/// The smallest part that the largest does not hold; points from 1.
fn slow_part(lengths: &[Vec<u32>]) -> Vec<u32> {
    let part = |from: usize| -> Vec<u32> {
        let near = (0..lengths.len()).filter(|to| lengths[from][*to] != FAR);
        near.map(|to| to as u32 + 1).collect()
    };
    let mut parts: Vec<Vec<u32>> = Vec::new();
    for from in 0..lengths.len() {
        if !parts.contains(&part(from)) {
            parts.push(part(from));
        }
    }
    // The largest, the first among equals, is what the others are cut off from.
    let most = parts.iter().map(Vec::len).max().unwrap();
    let largest = parts.iter().position(|part| part.len() == most).unwrap();
    parts.remove(largest);
    parts.into_iter().min_by_key(Vec::len).unwrap_or_default()
}

#[test]
fn paths_are_the_shortest_and_parts_are_named() {
    let mut random = Rng::with_seed(6);
    let (mut whole, mut apart) = (0, 0);
    for _ in 0..3_000 {
        let points = random.usize(1..9);
        let mut edges = Vec::new();
        for _ in 0..random.usize(0..14) {
            edges.push((random.usize(0..points), random.usize(0..points), random.u32(0..50)));
        }
        let mut text = format!("{points} {} 1\n", edges.len());
        for (from, to, length) in &edges {
            text.push_str(&format!(" {} {} {length} \r\n", from + 1, to + 1));
        }
        let lengths = slow(points, &edges);
        match network(&text) {
            Ok(own) => {
                for (from, row) in lengths.iter().enumerate() {
                    assert_eq!(own.costs.row(from), row, "{text}");
                }
                whole += 1;
            }
            Err(faults) => {
                assert_eq!(faults, [Fault::CutOff(slow_part(&lengths))], "{text}");
                apart += 1;
            }
        }
    }
    assert!(whole > 500 && apart > 500, "{whole} {apart}");
}

/// The least sum of costs to the nearest of p sites that swaps find from many starts.
fn swapped(costs: &impl Costs, p: usize, starts: usize) -> u64 {
    let (mut random, sites) = (Rng::with_seed(7), costs.sites());
    let value = |open: &[usize]| -> u64 {
        let near = |customer| open.iter().map(|site| costs.cost(customer, *site)).min().unwrap();
        (0..costs.customers()).map(|customer| u64::from(near(customer))).sum()
    };
    let descend = |mut open: Vec<usize>| {
        let mut best = value(&open);
        loop {
            let before = best;
            for at in 0..p {
                for site in 0..sites {
                    let old = std::mem::replace(&mut open[at], site);
                    let own = value(&open);
                    if own < best { best = own } else { open[at] = old }
                }
            }
            if best == before {
                return best;
            }
        }
    };
    let found = (0..starts).map(|_| descend(random.choose_multiple(0..sites, p)));
    found.min().unwrap()
}

#[test]
fn a_later_line_replaces_an_earlier_one() {
    let Some(folder) = shared("orlib-pmed") else { return };
    let bytes = std::fs::read(folder.join("pmed1.txt")).unwrap();
    let own = pmed(&bytes).unwrap();
    assert_eq!((own.costs.sites(), own.wanted), (100, 5));
    assert_eq!(swapped(&own.costs, 5, 4), 5819, "reached only so");
    let own = network("2 3 1\n1 2 9\n2 1 3\n1 2 5\n").unwrap();
    assert_eq!(own.costs.cost(0, 1), 5);
}

#[test]
fn all_instances_that_are_here_are_read() {
    for folder in ["orlib-pmed", "tsplib", "orlib-cap", "cpmp"] {
        let Some(folder) = shared(folder) else { return };
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let bytes = std::fs::read(&path).unwrap();
            // The networks of many points take long where nothing is optimised.
            if bytes.starts_with(b" ")
                && bytes.len() > 30_000
                && Format::of(&bytes) == Some(Format::Pmed)
            {
                continue;
            }
            let own = Instance::read(&bytes, Some(8_000.0));
            assert!(own.is_ok(), "{}: {:?}", path.display(), own.err());
        }
    }
}

#[test]
fn points_in_the_plane_are_where_they_are() {
    let Some(file) = shared("tsplib/rl1304.tsp") else { return };
    let own = tsplib(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(own.sites(), 1_304);
    assert_eq!(own.points()[0], (15_440.0, 8_888.0));
    assert_eq!(own.points()[1_303], (11_120.0, 4_708.0));
    assert_eq!(own.cost(0, 1_303), 6_011, "the floor of 6011.2…");
}

/// All sites but one closed at a time, opened and swapped, until nothing is better.
fn uncapacitated(own: &siting::capacity::Facilities) -> f64 {
    let (sites, customers) = (own.capacity.len(), own.demand.len());
    let value = |open: &[bool]| -> f64 {
        let list: Vec<usize> = (0..sites).filter(|site| open[*site]).collect();
        let near = |c: usize| list.iter().map(|s| own.cost(c, *s)).fold(f64::INFINITY, f64::min);
        let fixed: f64 = list.iter().map(|site| own.fixed[*site]).sum();
        fixed + (0..customers).map(near).sum::<f64>()
    };
    let (mut open, mut best) = (vec![true; sites], f64::INFINITY);
    loop {
        let before = best;
        for one in 0..sites {
            for other in 0..sites {
                let mut next = open.clone();
                next[one] = !next[one];
                next[other] = if one == other { next[other] } else { !next[other] };
                if value(&next) < best - 1e-6 {
                    (best, open) = (value(&next), next);
                }
            }
        }
        if best == before {
            return best;
        }
    }
}

#[test]
fn candidates_of_a_city_are_read() {
    let Some(folder) = shared("mclp-seeded") else { return };
    let read = |name: &str, columns: &[&str]| {
        table(&std::fs::read(folder.join(name)).unwrap(), "id", columns).unwrap()
    };
    let demand = read("demand.csv", &["x_m", "y_m", "weight"]);
    let weights = demand.amounts(2, Fault::NegativeDemand).unwrap();
    assert_eq!((weights.len(), weights.iter().sum::<f64>()), (3_000, 1_466_917.0));
    assert_eq!(read("candidates.csv", &["x_m", "y_m"]).ids.len(), 1_000);
}

#[test]
fn sites_with_capacities_cost_what_is_published() {
    let Some(folder) = shared("orlib-cap") else { return };
    let own = cap(&std::fs::read(folder.join("cap71.txt")).unwrap(), None).unwrap();
    assert_eq!((own.capacity.len(), own.demand.len(), own.enough()), (16, 50, Ok(())));
    let value = uncapacitated(&own);
    assert!((value - 932_615.75).abs() < 0.01, "{value}");
    let large = std::fs::read(folder.join("capb.txt")).unwrap();
    assert_eq!(cap(&large, None).unwrap_err()[0], Fault::NoCapacity);
    assert_eq!(cap(&large, Some(5_000.0)).unwrap().capacity, vec![5_000.0; 100]);
}

#[test]
fn clusters_with_capacities_are_read() {
    let Some(folder) = shared("cpmp") else { return };
    let own = pmedcap(&std::fs::read(folder.join("pmedcap01.txt")).unwrap()).unwrap();
    assert_eq!((own.points.len(), own.wanted, own.known), (50, 5, Some(713.0)));
    assert_eq!((own.points[0], own.demand[0], own.capacity[49]), ((2.0, 62.0), 3, 120));
    assert!(own.floor && own.medians().enough().is_ok());
    let own = sjc(&std::fs::read(folder.join("SJC1.dat")).unwrap()).unwrap();
    assert_eq!((own.points.len(), own.wanted, own.floor), (100, 10, false));
    assert_eq!((own.capacity[0], own.demand[0]), (720, 50));
}

#[test]
fn each_fault_is_told_with_its_line() {
    let word = |text: &str| text.to_owned();
    let table: &[(&str, &[Fault])] = &[
        ("", &[Fault::Empty]),
        (" \r\n\n", &[Fault::Empty]),
        ("hello there\n", &[Fault::UnknownFormat]),
        ("1\n", &[Fault::UnknownFormat]),
        ("2 1 1\n1 2 x\n", &[Fault::NotANumber(2, word("x"))]),
        ("2 1 1\n\n1 2 -4\n", &[Fault::NegativeCost(3)]),
        ("2 1 1\n1 3 4\n", &[Fault::Unknown(2, word("3"))]),
        ("2 1 1\n1 2\n", &[Fault::NotALine(2)]),
        ("2 2 1\n1 2 4\n", &[Fault::WrongCount { said: 2, found: 1 }]),
        ("2 1 0\n1 2 4\n", &[Fault::NoneWanted]),
        ("2 1 3\n1 2 4\n", &[Fault::TooMany { wanted: 3, sites: 2 }]),
        ("3 1 1\n1 3 4\n", &[Fault::CutOff(vec![2])]),
        ("5 2 1\n1 2 4\n4 5 1\n", &[Fault::CutOff(vec![3])]),
        ("4294967295 1 1\n1 2 4\n", &[Fault::TooLarge(1, word("4294967295"))]),
        ("2 1 1\n1 2 4294967295\n", &[Fault::TooLarge(2, word("4294967295"))]),
        ("1 1\n-5 1\n1\n1\n", &[Fault::NegativeCapacity(2)]),
        (
            "1 1\n5 -1\n-1\n-1\n",
            &[Fault::NegativeCost(2), Fault::NegativeDemand(3), Fault::NegativeCost(4)],
        ),
        ("1 1\n5 1\n1\n", &[Fault::WrongCount { said: 4, found: 3 }]),
        ("99999999999 99999999999\n5 1\n1\n", &[Fault::WrongCount { said: u64::MAX, found: 3 }]),
        ("1 1\ncapacity 1\n1\n1\n", &[Fault::NoCapacity]),
        ("1 7\n2 1 5\n1 0 0 -3\n2 0 0 3\n", &[Fault::NegativeDemand(3)]),
        ("1 7\n2 1 5\n1 0 0 3\n1 0 0 3\n", &[Fault::Unknown(4, word("1"))]),
        ("2 1\n0 0 5 3\n", &[Fault::WrongCount { said: 2, found: 1 }]),
        (
            "2 3\n0 0 5 3\n0 1e99 5 3\n",
            &[Fault::TooMany { wanted: 3, sites: 2 }, Fault::TooLarge(3, word("1e99"))],
        ),
    ];
    for (text, wanted) in table {
        assert_eq!(Instance::read(text.as_bytes(), None).unwrap_err(), *wanted, "{text}");
    }
    let tsp = |head: &str, rest: &str| {
        let text =
            format!("NAME : x\n{head}\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n{rest}");
        Instance::read(text.as_bytes(), None).map(|_| ()).unwrap_err()
    };
    assert_eq!(tsp("DIMENSION : 2", "1 0 0\n1 1 1\nEOF\n"), [Fault::Twice(6, word("1"))]);
    assert_eq!(tsp("DIMENSION: 2", "1 0 0\n"), [Fault::WrongCount { said: 2, found: 1 }]);
    assert_eq!(tsp("DIMENSION : 1", "1 0 inf\n"), [Fault::NotANumber(5, word("inf"))]);
    assert_eq!(tsp("DIMENSION : 0", "EOF\n"), [Fault::Empty]);
    let few = pmedcap(b"1 7\n2 1 5\n1 0 0 3\n2 0 0 3\n").unwrap();
    assert_eq!(few.medians().enough(), Err(Fault::TooLittle { capacity: 5.0, demand: 6.0 }));
}

#[test]
fn tables_of_a_city_are_read_or_refused() {
    let word = |text: &str| text.to_owned();
    let people =
        table("\u{feff}id,name,pop\r\na,\"x, y\",3\r\nb,,4.5\r\n".as_bytes(), "id", &["pop"]);
    let people = people.unwrap();
    assert_eq!((people.ids.join(" "), &people.columns[0]), (word("a b"), &vec![3.0, 4.5]));
    let supply = table(b"id,beds\ns,1\nt,2\n", "id", &["beds"]).unwrap();
    let read = |text: &str, until| {
        ways(text.as_bytes(), ["origin", "dest", "cost"], &people, &supply, until)
    };
    let own = read("dest,cost,origin\nt,30,b\ns,31,a\nt,5,a\n", 30.0).unwrap();
    assert_eq!((own.from, own.to, own.time), (vec![1, 0], vec![1, 1], vec![30.0, 5.0]));
    let wrong = read("origin,dest,cost\na,s,1\na,u,1\na,s,-1\nb,s\nb,s,x\n", 30.0).unwrap_err();
    let wanted = [
        Fault::Unknown(3, word("u")),
        Fault::NegativeCost(4),
        Fault::NotALine(5),
        Fault::NotANumber(6, word("x")),
    ];
    assert_eq!(wrong, wanted);
    let twice = read("origin,dest,cost\nb,t,1\nb,t,2\n", 30.0).unwrap();
    let twice = reach(&people, &supply, twice).unwrap_err();
    assert_eq!(twice, [Fault::WayTwice(word("b"), word("t"))]);
    let refused = |text: &str| table(text.as_bytes(), "id", &["pop"]).unwrap_err();
    assert_eq!(refused(""), [Fault::Empty]);
    assert_eq!(refused("id,pop\n"), [Fault::Empty]);
    assert_eq!(refused("id,x\na,1\n"), [Fault::NoColumn(word("pop"))]);
    assert_eq!(refused("id,pop\na,1\nb,1\na,2\n"), [Fault::Twice(4, word("a"))]);
    let below = table(b"id,pop\na,1\nb,-1\n", "id", &["pop"]).unwrap();
    assert_eq!(below.amounts(0, Fault::NegativeDemand), Err(vec![Fault::NegativeDemand(3)]));
}

/// Whole texts with bytes changed, lost, doubled or cut off: always an answer.
#[test]
fn any_bytes_have_an_answer() {
    let texts: [&[u8]; 7] = [
        b"4 5 2\n1 2 3\n2 3 4\n3 4 1\n1 4 9\n1 2 2\n",
        b"NAME : x\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n\
          1 0 0\n2 3 4e1\n3 1 1\nEOF\n",
        b"2 2\ncapacity 5.\n7 6.5\n3\n1 2\n4 5 6\n",
        b"1 7\n3 2 5\n1 0 0 3\n2 0 5 3\n3 1 1 1\n",
        b"3 2\n0 0 5 3\n1 1 5 3\n2 2.5 5 1\n",
        b"id,pop\na,3\n\"b\",4\n",
        b"origin,dest,cost\na,s,3\nb,t,4\na,t,5\n",
    ];
    let people = table(b"id,pop\na,3\nb,4\n", "id", &["pop"]).unwrap();
    let supply = table(b"id,beds\ns,1\nt,2\n", "id", &["beds"]).unwrap();
    let mut random = Rng::with_seed(8);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let mut bytes = random.choice(texts).unwrap().to_vec();
        for _ in 0..random.usize(0..4) {
            broken(&mut random, &mut bytes);
        }
        match Instance::read(&bytes, random.choice([None, Some(5.0), Some(f64::NAN)]).unwrap()) {
            Ok(_) => read += 1,
            Err(faults) => {
                refused += 1;
                assert!((1..=siting::instance::FAULTS_MAX).contains(&faults.len()));
                assert!(faults.iter().all(|own| !own.says().zh.is_empty()));
            }
        }
        let _ = table(&bytes, "id", &["pop"]);
        let _ = ways(&bytes, ["origin", "dest", "cost"], &people, &supply, 4.0)
            .and_then(|ways| reach(&people, &supply, ways));
    }
    assert!(read > 1_000 && refused > 1_000, "{read} {refused}");
}

fn broken(random: &mut Rng, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let at = random.usize(0..bytes.len());
    match random.u8(0..6) {
        0 => bytes[at] = random.u8(..),
        1 => bytes[at] = *random.choice(b"0123456789-.,\n e\"").unwrap(),
        2 => drop(bytes.remove(at)),
        3 => bytes.insert(at, *random.choice(b"0123456789-.,\n e\"").unwrap()),
        4 => bytes.truncate(at),
        _ => {
            let again: Vec<u8> = bytes[at..].iter().copied().take(8).collect();
            bytes.splice(at..at, again);
        }
    }
}
