//! The sites from which nobody is far: against trying everything, and OR-Library.

use crate::given::{numbers, subsets, text};
use fastrand::Rng;
use siting::{Answer, FAR, Matrix, Stop, Unfit, center::center};

fn largest(costs: &[Vec<u32>], open: &[u32]) -> u32 {
    let own = |row: &Vec<u32>| open.iter().map(|site| row[*site as usize]).min().unwrap_or(FAR);
    costs.iter().map(own).max().unwrap_or(0)
}

fn solve(costs: &[Vec<u32>], p: usize) -> Result<Answer, Unfit> {
    let matrix = Matrix::new(costs[0].len(), costs.concat()).unwrap();
    center(&matrix, p, &Stop::default(), &mut |_| {})
}

#[test]
fn the_least_radius_is_what_trying_everything_finds() {
    let mut rng = Rng::with_seed(8);
    for case in 0..2000 {
        let (sites, customers, top) = (rng.usize(1..9), rng.usize(1..14), rng.u32(2..60));
        let mut cost = || if rng.usize(..12) == 0 { FAR } else { rng.u32(..top) };
        let mut row = || (0..sites).map(|_| cost()).collect::<Vec<u32>>();
        let costs: Vec<Vec<u32>> = (0..customers).map(|_| row()).collect();
        let p = rng.usize(1..=sites);
        let best =
            subsets(sites).filter(|set| set.len() == p).map(|set| largest(&costs, &set)).min();
        match solve(&costs, p) {
            Ok(answer) => {
                assert_eq!(Some(answer.value), best.map(f64::from), "case {case}");
                assert!(answer.proved() && answer.open.len() <= p);
                assert_eq!(f64::from(largest(&costs, &answer.open)), answer.value);
            }
            Err(unfit) => {
                assert_eq!(best, Some(FAR), "case {case}: {unfit:?}");
                assert!(matches!(unfit, Unfit::Unmet | Unfit::Customer(_)));
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_said() {
    let costs = [vec![1, FAR], vec![FAR, 1]];
    assert_eq!(solve(&costs, 0), Err(Unfit::NoSites));
    assert_eq!(solve(&costs, 3), Err(Unfit::TooMany { wanted: 3, sites: 2 }));
    assert_eq!(solve(&costs, 1), Err(Unfit::Unmet));
    assert_eq!(solve(&costs, 2).map(|own| own.value), Ok(1.0));
    assert_eq!(solve(&[vec![1, 1], vec![FAR, FAR]], 1), Err(Unfit::Customer(1)));
}

#[test]
fn the_files_of_or_library_are_proved() {
    let table =
        [("pmed1", 127.0), ("pmed3", 93.0), ("pmed5", 48.0), ("pmed7", 64.0), ("pmed9", 37.0)];
    for (name, known) in table {
        let Some(text) = text(&format!("orlib-pmed/{name}.txt")) else { continue };
        let numbers: Vec<u32> = numbers(&text).into_iter().map(|own| own as u32).collect();
        let (nodes, p) = (numbers[0] as usize, numbers[2] as usize);
        let mut ways = vec![u32::MAX / 4; nodes * nodes];
        (0..nodes).for_each(|node| ways[node * nodes + node] = 0);
        for edge in numbers[3..].chunks_exact(3) {
            let (from, to) = (edge[0] as usize - 1, edge[1] as usize - 1);
            ways[from * nodes + to] = edge[2];
            ways[to * nodes + from] = edge[2];
        }
        for over in 0..nodes {
            for from in 0..nodes {
                for to in 0..nodes {
                    let through = ways[from * nodes + over] + ways[over * nodes + to];
                    ways[from * nodes + to] = ways[from * nodes + to].min(through);
                }
            }
        }
        let costs = Matrix::new(nodes, ways).unwrap();
        let answer = center(&costs, p, &Stop::default(), &mut |_| {}).unwrap();
        assert_eq!((answer.value, answer.bound), (known, known), "{name}");
    }
}
