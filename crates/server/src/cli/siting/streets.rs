//! Ways along the streets of an extract of OpenStreetMap, as a table.

use std::{
    fmt::Write as _,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use ::siting::instance::csv::{Table, table};
use ::travel::{Assumed, Measure, Mode, Network, Router};
use base::{Language, Point};
use clap::{Args, ValueEnum};

use super::{No, bytes};
use crate::cli::Stopped;

/// Millionths of a degree.
const DEGREE: f64 = 1_000_000.0;
/// Milliseconds of a minute.
const MINUTE: u32 = 60_000;

/// How people go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// On foot.
    Walk,
    /// By car, on empty streets.
    Car,
}

/// Which ways are asked for.
#[derive(Debug, Args)]
pub(crate) struct Going {
    /// The extract: `.osm.pbf` or `.osm`.
    #[arg(long)]
    network: PathBuf,
    /// How people go.
    #[arg(long, value_enum, default_value = "walk")]
    mode: By,
    /// A table of places to go from: `id`, `lon` and `lat` in degrees.
    #[arg(long)]
    from: PathBuf,
    /// A table of places to go to.
    #[arg(long)]
    to: PathBuf,
    /// How far is gone at most, inclusive: minutes, or metres with `--metres`.
    #[arg(long)]
    within: u32,
    /// Print metres and not minutes.
    #[arg(long)]
    metres: bool,
    /// Metres walked in a minute.
    #[arg(long)]
    pace: Option<u32>,
    /// How far a place may lie from a street, in metres.
    #[arg(long)]
    off_street: Option<u32>,
    /// How many points streets must join to count: a smaller part is left out.
    #[arg(long)]
    part: Option<u32>,
}

/// The ways as CSV with `origin`, `dest` and `cost`; what is assumed and which places no way leads
/// to goes to standard error.
pub(super) fn run(asked: &Going, language: Language) -> Result<String, No> {
    let usual = Assumed::default();
    let assumed = Assumed {
        walk_metres_a_minute: asked.pace.unwrap_or(usual.walk_metres_a_minute),
        street_metres_max: asked.off_street.unwrap_or(usual.street_metres_max),
        part_points_min: asked.part.unwrap_or(usual.part_points_min),
    };
    let mode = match asked.mode {
        By::Walk => Mode::Walk,
        By::Car => Mode::Car,
    };
    let of_file = |error| Stopped(format!("`{}`: {error}", asked.network.display()));
    let file = BufReader::new(File::open(&asked.network).map_err(of_file)?);
    let network = Network::read(file, mode, &assumed)?;
    let (measure, within) = match asked.metres {
        true => (Measure::Metres, asked.within),
        false => (Measure::Time, asked.within.saturating_mul(MINUTE)),
    };
    let (from, to) = (places(&asked.from)?, places(&asked.to)?);
    let ways = Router::new(&network, measure).table(&from.points, &to.points, within)?;
    tell(&network, &ways.faults(), language);
    let mut text = String::from("origin,dest,cost\n");
    for (one, other, cost) in ways.pairs() {
        let (one, other) = (from.called(one), to.called(other));
        let cost = if asked.metres { cost.to_string() } else { minutes(cost) };
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{one},{other},{cost}");
    }
    Ok(text)
}

/// Says what the ways rest on, and what is wrong with single places.
fn tell(network: &Network, faults: &[travel::Fault], language: Language) {
    let (assumed, left) = (network.assumed(), network.left_out());
    let digest: String = network.digest().iter().map(|byte| format!("{byte:02x}")).collect();
    eprintln!("{}", travel::source().to(language));
    eprintln!(
        "{} {digest}: {} points, {} streets in {} parts; left out: {} points, {} rules of turning",
        network.mode().word(),
        network.points(),
        network.streets(),
        network.parts().len(),
        left.points,
        left.turns,
    );
    eprintln!(
        "assumed: {} m/min on foot, at most {} m to a street, parts of {} points and more",
        assumed.walk_metres_a_minute, assumed.street_metres_max, assumed.part_points_min,
    );
    for own in faults {
        let (says, next) = (own.says(), own.next());
        eprintln!("{} {}\n  → {}", own.number(), says.to(language), next.to(language));
    }
}

/// Places on the ground.
struct Places {
    table: Table,
    points: Vec<Point>,
}

impl Places {
    fn called(&self, number: u32) -> &str {
        let own = usize::try_from(number).ok().and_then(|number| self.table.ids.get(number));
        own.map_or("", String::as_str)
    }
}

fn places(file: &Path) -> Result<Places, No> {
    let table = table(&bytes(file)?, "id", &["lon", "lat"])?;
    let column = |at: usize| table.columns.get(at).into_iter().flatten();
    let mut points = Vec::new();
    for ((longitude, latitude), line) in column(0).zip(column(1)).zip(&table.lines) {
        let none = || Stopped(format!("`{}`, line {line}: no such place", file.display()));
        let point = Point::new(millionths(*longitude), millionths(*latitude));
        points.push(point.ok_or_else(none)?);
    }
    Ok(Places { table, points })
}

#[expect(clippy::cast_possible_truncation, clippy::float_arithmetic, reason = "checked by `Point`")]
fn millionths(degrees: f64) -> i64 {
    (degrees * DEGREE).round() as i64
}

/// Milliseconds as minutes with four decimals, rounded up.
fn minutes(milliseconds: u32) -> String {
    let parts = u64::from(milliseconds).saturating_mul(10_000).div_ceil(u64::from(MINUTE));
    format!("{}.{:04}", parts / 10_000, parts % 10_000)
}
