//! Choosing sites for an instance of the literature, or for tables of places.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use ::siting::{
    Answer, Ask, Costs, Fault, Instance, Stop, Unfit,
    capacity::{Facilities, Medians, facilities, medians},
    center::center,
    cover::{Covers, max_cover, set_cover},
    median::{median, median_heuristic},
};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{No, bytes, places::Places};
use crate::cli::Stopped;

/// What is to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "kebab-case")]
pub(super) enum Problem {
    /// So many sites with the least cost for all together.
    PMedian,
    /// So many sites of which none is far from anybody.
    PCenter,
    /// So many sites that cover the most people within the radius.
    Mclp,
    /// The fewest sites that cover everybody within the radius.
    Lscp,
    /// Sites with room and a cost of opening.
    Cflp,
    /// So many sites with room for all.
    Cpmp,
}

/// How the instance is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Written {
    /// As OR-Library writes its networks, sites with capacities, and points with capacities.
    Orlib,
    /// TSPLIB's points.
    Tsplib,
    /// A table of places: `id`, `x` and `y` (or `x_m` and `y_m`, in metres), and `weight` or `pop`
    /// where they count differently; `capacity` and `fixed` of sites that have them.
    Csv,
}

/// What is asked.
#[derive(Debug, Args)]
pub(crate) struct Solving {
    /// What is to be decided.
    #[arg(long, value_enum)]
    pub(super) problem: Problem,
    /// How the instance is written.
    #[arg(long, value_enum)]
    format: Written,
    /// How many sites are open; an instance that says it need not be told.
    #[arg(short = 'p', long = "sites")]
    wanted: Option<usize>,
    /// How far a site covers, inclusive, in units of the instance.
    #[arg(long)]
    radius: Option<f64>,
    /// The capacity of each site where the instance leaves it open.
    #[arg(long)]
    capacity: Option<f64>,
    /// After how many seconds the best so far is the answer.
    #[arg(long)]
    time_limit: Option<f64>,
    /// What chance is drawn from: the same seed, the same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A table of places where sites may be. Without it that is where `demand` in the name of the
    /// file is `candidates`, if there is such a file; else sites may be where the customers are.
    #[arg(long)]
    candidates: Option<PathBuf>,
    /// A table of ways: `origin`, `dest` and `cost`, in place of straight lines between places;
    /// where it has none, there is no way. Costs count whole, rounded up.
    #[arg(long)]
    cost: Option<PathBuf>,
    /// Only search; do not prove (p-median).
    #[arg(long)]
    heuristic: bool,
    /// Say on standard error each better answer and bound on the way.
    #[arg(long)]
    progress: bool,
    /// The instance.
    file: PathBuf,
}

/// What hears of each better answer.
type Told<'a> = &'a mut dyn FnMut(&Answer);

/// The answer as JSON.
pub(super) fn run(asked: &Solving) -> Result<String, No> {
    let began = Instant::now();
    let stop = Stop::at(asked.ends(began));
    let mut told = |answer: &Answer| {
        if asked.progress {
            let after = began.elapsed().as_secs_f64();
            eprintln!("{after:.2} s: value {}, bound {}", answer.value, answer.bound);
        }
    };
    let given = bytes(&asked.file)?;
    let (places, instance) = match asked.format {
        Written::Csv => {
            let ways = asked.cost.as_ref().map(|file| bytes(file)).transpose()?;
            (Some(Places::read(&given, asked.sites().as_deref(), ways.as_deref())?), None)
        }
        Written::Orlib | Written::Tsplib => (None, Some(Instance::read(&given, asked.capacity)?)),
    };
    let read = began.elapsed();
    let answer = match (&places, instance) {
        (Some(places), _) => of_places(asked, places, &stop, &mut told)?,
        (None, Some(instance)) => of_instance(asked, instance, &stop, &mut told)?,
        (None, None) => return Err(Fault::Empty.into()),
    };
    let solved = began.elapsed() - read;
    Ok(json!({
        "problem": asked.problem.to_possible_value().map(|own| own.get_name().to_owned()),
        "value": answer.value, "bound": answer.bound, "gap": answer.gap(),
        "proved": answer.proved(), "open": answer.open,
        "open_ids": places.map(|places| places.called(&answer.open)),
        "seconds": { "read": read.as_secs_f64(), "solve": solved.as_secs_f64() },
        "seed": asked.seed,
    })
    .to_string())
}

impl Solving {
    /// When the best so far is the answer.
    fn ends(&self, began: Instant) -> Option<Instant> {
        let limit = self.time_limit.and_then(|limit| Duration::try_from_secs_f64(limit).ok());
        limit.and_then(|limit| began.checked_add(limit))
    }

    /// The table of sites.
    fn sites(&self) -> Option<PathBuf> {
        let beside = || {
            let name = self.file.file_name()?.to_str()?;
            let beside = self.file.with_file_name(name.replace("demand", "candidates"));
            (beside != self.file && beside.exists()).then_some(beside)
        };
        self.candidates.clone().or_else(beside)
    }

    fn radius(&self) -> Result<f64, Fault> {
        let radius = self.radius.unwrap_or(0.0);
        if radius > 0.0 { Ok(radius) } else { Err(Fault::NoRadius) }
    }

    fn wanted(&self) -> Result<usize, Fault> {
        self.wanted.ok_or(Fault::NoneWanted)
    }
}

fn of_instance(
    asked: &Solving,
    instance: Instance,
    stop: &Stop,
    told: Told<'_>,
) -> Result<Answer, No> {
    let called = |number: u32| number.to_string();
    match (asked.problem, instance) {
        (Problem::Cflp, Instance::Facilities(given)) => with_fixed(&given, stop, told, called),
        (Problem::Cpmp, Instance::Capacitated(own)) => {
            let given = Medians { p: asked.wanted.unwrap_or(own.wanted), ..own.medians() };
            with_room(asked, &given, stop, told, called)
        }
        (_, Instance::Network(own)) => {
            let wanted = asked.wanted.or(Some(own.wanted));
            by_cost(asked, &own.costs, wanted, (stop, told), called)
        }
        (_, Instance::Plane(own)) => by_cost(asked, &own, asked.wanted, (stop, told), called),
        (_, Instance::Facilities(_) | Instance::Capacitated(_)) => Err(Fault::UnknownFormat.into()),
    }
}

/// Places by tables: whoever is covered is weighed, and costs are weight times distance.
fn of_places(asked: &Solving, places: &Places, stop: &Stop, told: Told<'_>) -> Result<Answer, No> {
    let called = |number: u32| places.customer(number);
    match asked.problem {
        Problem::Mclp | Problem::Lscp => {
            let covers = places.covers(asked.radius()?)?;
            covered(asked, &covers, &places.weights()?, (stop, told), called)
        }
        Problem::Cflp => with_fixed(&places.facilities(asked.capacity)?, stop, told, called),
        Problem::Cpmp => {
            let given = places.medians(asked.wanted()?, asked.capacity)?;
            with_room(asked, &given, stop, told, called)
        }
        Problem::PMedian | Problem::PCenter => match places.plane()? {
            Some(plane) => by_cost(asked, &plane, asked.wanted, (stop, told), called),
            None => {
                // Who counts more than others is not farther away for it.
                let weighed = asked.problem == Problem::PMedian;
                let costs = places.costs(weighed)?;
                by_cost(asked, &costs, asked.wanted, (stop, told), called)
            }
        },
    }
}

fn with_fixed(
    given: &Facilities,
    stop: &Stop,
    told: Told<'_>,
    called: impl Fn(u32) -> String,
) -> Result<Answer, No> {
    let enough = || given.enough();
    facilities(given, stop, told).map_err(|no| unfit(no, &called, enough))
}

/// So many sites with room for whoever they serve.
fn with_room(
    asked: &Solving,
    given: &Medians,
    stop: &Stop,
    told: Told<'_>,
    called: impl Fn(u32) -> String,
) -> Result<Answer, No> {
    let enough = || given.enough();
    medians(given, asked.seed, stop, told).map_err(|no| unfit(no, &called, enough))
}

/// What is decided by costs alone.
fn by_cost(
    asked: &Solving,
    costs: &dyn Costs,
    wanted: Option<usize>,
    (stop, told): (&Stop, Told<'_>),
    called: impl Fn(u32) -> String,
) -> Result<Answer, No> {
    let wanted = || wanted.ok_or(Fault::NoneWanted);
    let refused = |no| unfit(no, &called, || Ok(()));
    match asked.problem {
        Problem::PMedian => {
            let ask = Ask { p: wanted()?, seed: asked.seed, ..Ask::default() };
            let found = if asked.heuristic { median_heuristic(costs, &ask, stop) } else { None };
            found.map_or_else(|| median(costs, &ask, stop, told).map_err(refused), Ok)
        }
        Problem::PCenter => center(costs, wanted()?, stop, told).map_err(refused),
        Problem::Mclp | Problem::Lscp => {
            let radius = asked.radius()?.floor().clamp(0.0, f64::from(u32::MAX - 1));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
            let covers = Covers::within(costs, radius as u32);
            let weights = vec![1; costs.customers()];
            covered(asked, &covers, &weights, (stop, told), called)
        }
        Problem::Cflp | Problem::Cpmp => Err(Fault::UnknownFormat.into()),
    }
}

fn covered(
    asked: &Solving,
    covers: &Covers,
    weights: &[u64],
    (stop, told): (&Stop, Told<'_>),
    called: impl Fn(u32) -> String,
) -> Result<Answer, No> {
    let refused = |no| unfit(no, &called, || Ok(()));
    if asked.problem == Problem::Lscp {
        return set_cover(covers, stop, told).map_err(refused);
    }
    let ask = Ask { p: asked.wanted()?, seed: asked.seed, ..Ask::default() };
    max_cover(covers, weights, &ask, stop, told).map_err(refused)
}

/// Why a question has no answer, as a fault with its number.
fn unfit(no: Unfit, called: impl Fn(u32) -> String, enough: impl Fn() -> Result<(), Fault>) -> No {
    match no {
        Unfit::NoSites => Fault::NoneWanted.into(),
        Unfit::TooMany { wanted, sites } => Fault::TooMany { wanted, sites }.into(),
        Unfit::Site(site) => Fault::OpenAndClosed(site.to_string()).into(),
        Unfit::Customer(customer) => Fault::Unserved(called(customer)).into(),
        Unfit::Count | Unfit::Number => Fault::UnknownFormat.into(),
        Unfit::Room => enough().err().unwrap_or(Fault::Unmet).into(),
        Unfit::Unmet => Fault::Unmet.into(),
        Unfit::Late => {
            let why = "no sites were found that serve everybody before the time was over";
            Stopped(why.to_owned()).into()
        }
    }
}
