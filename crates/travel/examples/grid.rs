//! How long it takes to read streets, to put them in order and to tell many ways: of an extract, or
//! of an invented grid of some 200,000 crossings, of which a tenth of the streets is left out and a
//! fifth is one way.
//!
//! ```text
//! cargo run --release -p travel --example grid [-- FILE walk|car]
//! ```

#![allow(clippy::float_arithmetic, clippy::indexing_slicing, reason = "a measurement")]

use std::{env, error::Error, fmt, fmt::Write as _, fs, time::Instant};

use base::Point;
use fastrand::Rng;
use travel::{Assumed, Measure, Mode, Network, Router};

/// Crossings in a row and in a column.
const SIDE: usize = 448;
/// Millionths of a degree between two.
const STEP: i64 = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut asked = env::args().skip(1);
    let file = asked.next();
    let mode = asked.next().and_then(|word| Mode::named(&word)).unwrap_or(Mode::Car);
    let bytes = match &file {
        Some(file) => fs::read(file)?,
        None => grid().into_bytes(),
    };
    let begun = Watch::now();
    let assumed = Assumed { part_points_min: 20, ..Assumed::default() };
    let network = Network::read(bytes.as_slice(), mode, &assumed)?;
    println!("read {} bytes: {}", bytes.len(), begun.elapsed());
    let largest = network.parts().first().ok_or("no part")?;
    println!(
        "points {} streets {} arcs {} parts {} largest {}",
        network.points(),
        network.streets(),
        network.arcs(),
        network.parts().len(),
        largest.points
    );
    let begun = Watch::now();
    let router = Router::new(&network, Measure::Metres);
    println!("order, structure, measure: {}", begun.elapsed());
    let begun = Watch::now();
    let timed = router.with(Measure::Time);
    println!("another measure: {}", begun.elapsed());
    let mut random = Rng::with_seed(350);
    let reach = i64::try_from(SIDE)? * STEP;
    let mut anywhere = || {
        let (x, y) = match file {
            Some(_) => (random.i64(-50_000..50_000), random.i64(-50_000..50_000)),
            None => (random.i64(0..reach), random.i64(0..reach)),
        };
        let from = if file.is_some() { largest.at } else { corner() };
        Point::new(from.longitude() + x, from.latitude() + y).unwrap_or(from)
    };
    let from: Vec<Point> = (0..350).map(|_| anywhere()).collect();
    let to: Vec<Point> = (0..800).map(|_| anywhere()).collect();
    for (router, within) in [(&router, u32::MAX), (&timed, u32::MAX), (&timed, 1_800_000)] {
        let begun = Watch::now();
        let ways = router.table(&from, &to, within)?;
        let (pairs, none) = (ways.pairs().count(), ways.no_way().len());
        println!("350 x 800 within {within}: {}, {pairs} ways, {none} none", begun.elapsed());
    }
    let begun = Watch::now();
    let routes = from.iter().zip(&to).take(100).filter_map(|own| timed.route(*own.0, *own.1).ok());
    let points: usize = routes.map(|own| own.points.len()).sum();
    println!("100 routes: {}, {points} points", begun.elapsed());
    Ok(())
}

/// Seconds as they pass, and as processors work where the system tells it.
struct Watch(Instant, f64);

impl Watch {
    fn now() -> Self {
        Self(Instant::now(), worked())
    }

    fn elapsed(&self) -> Told {
        Told(self.0.elapsed().as_secs_f64(), worked() - self.1)
    }
}

struct Told(f64, f64);

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} s ({:.2} s of work)", self.0, self.1)
    }
}

/// Hundredths of a second that all threads have worked.
fn worked() -> f64 {
    let told = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = told.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|own| own.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn corner() -> Point {
    Point::new(100_000_000, 30_000_000).unwrap_or_else(|| unreachable!("on the earth"))
}

/// The grid as XML.
fn grid() -> String {
    let mut random = Rng::with_seed(49);
    let mut text = String::from("<osm version=\"0.6\">\n");
    let id = |x: usize, y: usize| 1 + x + y * SIDE;
    for y in 0..SIDE {
        for x in 0..SIDE {
            let place = |own: usize| i64::try_from(own).unwrap_or_default() * STEP;
            let (lon, lat) = (place(x) + random.i64(0..400), place(y) + random.i64(0..400));
            let id = id(x, y);
            let _ = writeln!(text, "<node id=\"{id}\" lon=\"100.{lon:06}\" lat=\"30.{lat:06}\"/>");
        }
    }
    let classes = ["primary", "secondary", "tertiary", "residential", "residential", "service"];
    let mut number = 0;
    for y in 0..SIDE {
        for x in 0..SIDE {
            for (u, v) in [(x + 1, y), (x, y + 1)] {
                number += 1;
                if u == SIDE || v == SIDE || random.u8(0..10) == 0 {
                    continue;
                }
                let class = classes[random.usize(0..classes.len())];
                let oneway = ["yes", "-1", "no", "no", "no", "no", "no", "no", "no", "no"];
                let oneway = oneway[random.usize(0..10)];
                let (from, to) = (id(x, y), id(u, v));
                let _ = writeln!(
                    text,
                    "<way id=\"{number}\"><nd ref=\"{from}\"/><nd ref=\"{to}\"/><tag k=\"highway\" \
                     v=\"{class}\"/><tag k=\"oneway\" v=\"{oneway}\"/></way>"
                );
            }
        }
    }
    text.push_str("</osm>\n");
    text
}
