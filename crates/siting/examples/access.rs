//! Measures of reach on a case of city size: 7,535 places of people, 1,500 of supply, 4.65 million
//! times between them, made from a seed, or read from a folder with demand.csv, supply.csv and
//! cost.csv. Prints the CPU seconds of reading and of each measure. With `check` before the folder,
//! compares with its expected.csv; with `pmed` before a folder, reads all instances in it.
//!
//! `cargo run -p siting --release --example access [[check|pmed] FOLDER]`

#![allow(clippy::indexing_slicing, clippy::float_arithmetic, reason = "it measures")]

use std::fmt::Write as _;
use std::io::Error;
use std::path::Path;
use std::time::Instant;

use siting::access::{
    Among, Decay, Raam, Reach, average, balanced, choices, mean_time, nearest, raam, three_stage,
    two_stage, within,
};
use siting::instance::csv::{reach, table, ways};
use siting::{Costs, Instance, equity};

/// The three tables, as bytes.
struct Files {
    demand: Vec<u8>,
    supply: Vec<u8>,
    cost: Vec<u8>,
}

const PLACES: u32 = 7_535;
const SITES: u32 = 1_500;
/// The part of a square of 60 by 60 within which a way is listed: some 4.65 million ways.
const MINUTES_EACH: f64 = 2.138;

fn main() -> Result<(), Error> {
    let mut words = std::env::args().skip(1);
    match (words.next().as_deref(), words.next()) {
        (None, _) => measure(&made(20_250_101)).map(|_| ()),
        (Some("check"), Some(folder)) => check(folder.as_ref()),
        (Some("pmed"), Some(folder)) => instances(folder.as_ref()),
        (Some(folder), _) => measure(&read(folder.as_ref())?).map(|_| ()),
    }
}

fn read(folder: &Path) -> Result<Files, Error> {
    let file = |name: &str| std::fs::read(folder.join(name));
    Ok(Files { demand: file("demand.csv")?, supply: file("supply.csv")?, cost: file("cost.csv")? })
}

/// A case from a seed: places evenly over a square, times in hundredths of a minute.
fn made(seed: u64) -> Files {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut points = |count: u32| -> Vec<(f64, f64)> {
        (0..count).map(|_| (random.f64() * 60.0, random.f64() * 60.0)).collect()
    };
    let (places, sites) = (points(PLACES), points(SITES));
    let (mut demand, mut supply) = (String::from("id,pop\n"), String::from("id,beds\n"));
    let mut cost = String::from("origin,dest,cost\n");
    for place in 0..PLACES {
        let _ = writeln!(demand, "{place},{}", random.u32(50..6000));
    }
    for site in 0..SITES {
        let _ = writeln!(supply, "{},{}", 1_000_000 + site, random.u32(5..400));
    }
    for (place, (x, y)) in places.iter().enumerate() {
        for (site, (u, v)) in sites.iter().enumerate() {
            let minutes = (x - u).hypot(y - v) * MINUTES_EACH + 2.0;
            if minutes <= 60.0 {
                let _ = writeln!(cost, "{place},{},{minutes:.2}", 1_000_000 + site);
            }
        }
    }
    Files { demand: demand.into_bytes(), supply: supply.into_bytes(), cost: cost.into_bytes() }
}

fn said(faults: impl std::fmt::Debug) -> Error {
    Error::other(format!("{faults:?}"))
}

fn load(files: &Files) -> Result<(Vec<String>, Reach), Error> {
    let people = table(&files.demand, "id", &["pop"]).map_err(said)?;
    let supply = table(&files.supply, "id", &["beds"]).map_err(said)?;
    let columns = ["origin", "dest", "cost"];
    let ways = ways(&files.cost, columns, &people, &supply, f64::INFINITY).map_err(said)?;
    let reach = reach(&people, &supply, ways).map_err(said)?;
    Ok((people.ids, reach))
}

fn measure(files: &Files) -> Result<(Vec<String>, Vec<Vec<f64>>), Error> {
    let mut lap = Lap::new();
    let (ids, reach) = load(files)?;
    println!("{} ways", reach.ways());
    lap.next("load");
    let e2 = Decay::Steps(vec![(10.0, 1.0), (20.0, 0.68), (30.0, 0.22)]);
    let three = Decay::Steps(vec![(10.0, 0.962), (20.0, 0.704), (30.0, 0.377), (60.0, 0.042)]);
    let mut all = Vec::new();
    let mut keep = |name: &str, values: Result<Vec<f64>, _>| -> Result<(), Error> {
        all.push(values.map_err(|fault: siting::Fault| said(fault))?);
        lap.next(name);
        Ok(())
    };
    keep("wc30", within(&reach, 30.0, &Decay::Even))?;
    keep("2sfca30", two_stage(&reach, 30.0, &Decay::Even))?;
    keep("e2sfca", two_stage(&reach, 30.0, &e2))?;
    keep("3sfca", three_stage(&reach, 60.0, &three))?;
    keep("g2sfca", two_stage(&reach, 60.0, &Decay::Gaussian(20.0)))?;
    let crowded = raam(&reach, &Raam::default());
    let plain = |values: Vec<Option<f64>>| values.into_iter().map(|own| own.unwrap_or(f64::NAN));
    keep("raam", crowded.map(|values| plain(values).collect()))?;
    keep("bfca", balanced(&reach, 60.0, &Decay::Gaussian(20.0)))?;
    others(&reach, &all[4])?;
    lap.next("others");
    lap.whole();
    Ok((ids, all))
}

fn others(reach: &Reach, values: &[f64]) -> Result<(), Error> {
    let near = average(&nearest(reach), reach.people()).map_err(said)?;
    let mean = mean_time(reach, 60.0, Among::Supply).map_err(said)?;
    let mean = average(&mean, reach.people()).map_err(said)?;
    let most = choices(reach, 30.0).map_err(said)?.into_iter().max();
    let gini = equity::gini(values, reach.people()).map_err(said)?;
    println!("nearest {near:?} mean {mean:?} choices {most:?} gini {gini:.4}");
    Ok(())
}

/// Compares with what others have computed: the greatest difference, as a part.
fn check(folder: &Path) -> Result<(), Error> {
    let (ids, all) = measure(&read(folder)?)?;
    let names =
        ["wc30_beds", "2sfca30_beds", "e2sfca_beds", "3sfca_beds", "g2sfca_beds", "raam_beds"];
    let expected = std::fs::read(folder.join("expected.csv"))?;
    let expected = table(&expected, "id", &names).map_err(said)?;
    assert_eq!(expected.ids, ids, "the same places");
    for ((name, wanted), own) in names.iter().zip(&expected.columns).zip(&all) {
        let apart = |(own, wanted): (&f64, &f64)| (own - wanted).abs() / wanted.abs().max(1e-300);
        let most = own.iter().zip(wanted).map(apart).fold(0.0, f64::max);
        println!("{name}: {most:e}");
    }
    Ok(())
}

fn instances(folder: &Path) -> Result<(), Error> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.flatten().map(|own| own.path()).collect();
    paths.sort();
    let mut lap = Lap::new();
    for path in paths {
        let read = Instance::read(&std::fs::read(&path)?, Some(8_000.0));
        let told = match read {
            Ok(Instance::Network(own)) => {
                let row = (0..own.costs.sites()).map(|to| u64::from(own.costs.cost(0, to)));
                format!("{} points, p {}, row {}", own.costs.sites(), own.wanted, row.sum::<u64>())
            }
            Ok(Instance::Plane(own)) => format!("{} points", own.sites()),
            Ok(Instance::Facilities(own)) => {
                format!("{} sites, {:?}", own.capacity.len(), own.enough())
            }
            Ok(Instance::Capacitated(own)) => format!("{} points", own.points.len()),
            Err(faults) => format!("{faults:?}"),
        };
        lap.next(&format!("{} {told}", path.display()));
    }
    lap.whole();
    Ok(())
}

/// Seconds, one after another: those of the clock, and of the processor.
struct Lap {
    first: (f64, f64),
    last: (f64, f64),
    clock: Instant,
}

impl Lap {
    fn new() -> Self {
        let now = (0.0, processor());
        Self { first: now, last: now, clock: Instant::now() }
    }

    fn next(&mut self, name: &str) {
        let now = (self.clock.elapsed().as_secs_f64(), processor());
        println!("{name}: {:.4} (processor {:.3})", now.0 - self.last.0, now.1 - self.last.1);
        self.last = now;
    }

    fn whole(&self) {
        let (first, last) = (self.first, self.last);
        println!("in all: {:.4} (processor {:.3})", last.0 - first.0, last.1 - first.1);
    }
}

/// CPU seconds of this process, by Linux, in steps of some milliseconds.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|own| own.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
