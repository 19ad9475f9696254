//! `yiyang layout`: surveys frozen from tables, drafts of a layout plan drawn up, verified, and
//! drawn up again to the same letter.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use ::layout::{
    Area, Course, Draft, Fault, Given, Goal, Item, Measures, PROGRAM, Phase, Refused, Site, Survey,
    Terms, Travel, measures,
};
use ::siting::{
    Stop,
    layout::{Limit, Need, Progress, Unfit, draw_up},
};
use base::{Date, Language, Name, Text};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::{
    Call, Ended, Stopped, say,
    sheet::{Row, Unread, Wrong, rows, tell, text},
};
use crate::web::{Undrawn, Words};

/// What can be done for a layout plan.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Freeze a survey from tables, and print it as it is to be published.
    Survey(Surveying),
    /// Draw up a draft for a survey, and print it with the bound that it proves.
    DrawUp(Drawing),
    /// Verify a draft against its survey: picks, money, whom each site serves, value and bound.
    Verify {
        /// The survey.
        survey: PathBuf,
        /// The draft.
        draft: PathBuf,
    },
    /// Draw a draft up again, and say whether it comes to the same letter.
    Again {
        /// The survey.
        survey: PathBuf,
        /// The draft.
        draft: PathBuf,
    },
    /// Print as JSON how well each area is served, as it is and with a draft.
    Measures {
        /// The survey.
        survey: PathBuf,
        /// The draft.
        draft: Option<PathBuf>,
    },
    /// Print the program that verifies a draft without us (Python).
    Program,
}

/// What a survey is frozen from.
#[derive(Debug, Args)]
pub(crate) struct Surveying {
    /// What the plan is called.
    #[arg(long)]
    name: String,
    /// The day of which it is, such as `2026-03-02`.
    #[arg(long)]
    on: String,
    /// What it was taken from, in words.
    #[arg(long)]
    from: String,
    /// Places for a thousand people.
    #[arg(long)]
    norm: u64,
    /// Metres of way for a thousand metres as the crow flies.
    #[arg(long, default_value_t = 1300)]
    detour: u64,
    /// Metres a minute, for showing minutes.
    #[arg(long, default_value_t = 60)]
    speed: u64,
    /// How far is looked, in metres.
    #[arg(long)]
    reach: u64,
    /// A sheet with the columns `area,point,people`; a point is `116.4 39.9`.
    #[arg(long)]
    areas: PathBuf,
    /// A sheet with the columns `site,point,now`: places today, 0 where nothing stands.
    #[arg(long)]
    sites: PathBuf,
    /// A sheet with the columns `site,course,places,cost`: places afterwards, and whole yuan.
    #[arg(long)]
    courses: PathBuf,
    /// A sheet with the columns `site,point,bar,reason`: what is no site, and why.
    #[arg(long)]
    refused: Option<PathBuf>,
    /// A sheet with the columns `area,site,metres`, instead of straight lines with a detour.
    #[arg(long, requires = "ways_from")]
    ways: Option<PathBuf>,
    /// Where the ways come from, in words.
    #[arg(long)]
    ways_from: Option<String>,
}

/// What is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sought {
    /// As much need as can be, met within reach.
    Most,
    /// The same, and a place counts the more the nearer it is.
    Near,
    /// The least cost at which every area has the floor.
    Least,
}

/// The terms of a draft, and how long to look.
#[derive(Debug, Args)]
pub(crate) struct Drawing {
    /// The survey.
    survey: PathBuf,
    /// What is sought.
    #[arg(long, value_enum, default_value = "most")]
    goal: Sought,
    /// How far somebody goes, in metres; as far as was surveyed when absent.
    #[arg(long)]
    reach: Option<u64>,
    /// A year and the money that comes with it, in whole yuan, such as `2027=50000000`.
    #[arg(long = "phase", value_name = "YEAR=YUAN", required = true)]
    phases: Vec<String>,
    /// The year at which counting ends.
    #[arg(long)]
    until: u16,
    /// How much of its need each area has in the last phase, in permille.
    #[arg(long, default_value_t = 0)]
    floor: u16,
    /// Find the highest floor that can be had, and then the best at it.
    #[arg(long)]
    worst: bool,
    /// A course that must be taken, such as `DK-7=small`.
    #[arg(long = "force", value_name = "SITE=COURSE")]
    forced: Vec<String>,
    /// A site that stays as it is.
    #[arg(long = "bar", value_name = "SITE")]
    barred: Vec<String>,
    /// What chance begins with.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many rounds to look; the same number gives the same draft.
    #[arg(long)]
    rounds: Option<u64>,
    /// After how many seconds the best so far is the draft.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time_limit: Option<Duration>,
    /// Say on standard error each better value and bound on the way.
    #[arg(long)]
    progress: bool,
}

/// Why nothing is printed.
enum No {
    /// What was given has these faults.
    Faults(Vec<Fault>),
    /// A sheet is none that is asked for.
    Sheet(Wrong),
    /// Demands that cannot all be met, none of which can be left out.
    Conflict(Vec<Need>),
    /// Drawing up has come to nothing else.
    Undrawn(Undrawn),
    /// The command cannot go on.
    Stopped(Stopped),
}

impl From<Vec<Fault>> for No {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<Wrong> for No {
    fn from(wrong: Wrong) -> Self {
        Self::Sheet(wrong)
    }
}

impl From<Unread> for No {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::File(stopped) => Self::Stopped(stopped),
            Unread::Sheet(wrong) => Self::Sheet(wrong),
        }
    }
}

impl From<Stopped> for No {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let language = call.language;
    let done = match command {
        Command::Survey(own) => surveyed(&own).map(|survey| survey.text()),
        Command::DrawUp(own) => drawn_up(&own).map(|draft| draft.text()),
        Command::Verify { survey, draft } => verified(&survey, &draft, language),
        Command::Again { survey, draft } => again(&survey, &draft, language),
        Command::Measures { survey, draft } => measured(&survey, draft.as_deref()),
        Command::Program => Ok(PROGRAM.to_owned()),
    };
    match done {
        Ok(text) => say(&text).map(|()| true),
        Err(No::Faults(faults)) => Ok(refused(language, &faults)),
        Err(No::Sheet(own)) => Ok(tell(language, [(own.number(), own.says(), own.next())])),
        Err(No::Conflict(needs)) => Ok(conflict(language, &needs)),
        Err(No::Undrawn(own)) => Ok(undrawn(language, own, "")),
        Err(No::Stopped(stopped)) => Err(stopped),
    }
}

fn refused(language: Language, faults: &[Fault]) -> bool {
    tell(language, faults.iter().map(|own| (own.number(), own.says(), own.next())))
}

/// Why there is no draft, as the pages say it.
fn undrawn(language: Language, own: Undrawn, what: &str) -> bool {
    let (says, next) = own.says(Words(language), what);
    let says = says.replace(" \n", "\n");
    tell(language, [(own.number(), Text::new(&says, &says), Text::new(&next, &next))])
}

/// Demands that conflict, one a line.
fn conflict(language: Language, needs: &[Need]) -> bool {
    let line = |need: &Need| match need {
        Need::Floor { area, places } => format!("\n  floor {area} {places}"),
        Need::Money { year, money } => format!("\n  money {year} {money}"),
        Need::Forced { site, course } => format!("\n  force {site}={course}"),
        Need::Barred { site } => format!("\n  bar {site}"),
        Need::Reach { metres } => format!("\n  reach {metres}"),
    };
    undrawn(language, Undrawn::Conflict, &needs.iter().map(line).collect::<String>())
}

fn surveyed(asked: &Surveying) -> Result<Survey, No> {
    let on = Date::parse(&asked.on).map_err(|_| Fault::NotRead(asked.on.clone()))?;
    let mut sites = sites(asked)?;
    let columns = ["site", "course", "places", "cost"];
    for Row { at, cells: [site, name, places, cost] } in rows(&asked.courses, columns)? {
        let own = sites.iter_mut().find(|own| own.key == site);
        let own = own.ok_or(Fault::Unknown(Item::Site, site))?;
        let (name, places) = (at.name(&name)?, at.whole(&places)?);
        own.courses.push(Course { name, places, cost: at.whole(&cost)? });
    }
    let area = |Row { at, cells: [key, point, people] }: Row<'_, 3>| -> Result<Area, Wrong> {
        Ok(Area { key, point: at.point(&point)?, people: at.whole(&people)? })
    };
    let areas = rows(&asked.areas, ["area", "point", "people"])?.into_iter().map(area);
    Ok(Survey::freeze(Given {
        name: asked.name.clone(),
        on,
        taken_from: asked.from.clone(),
        norm: asked.norm,
        travel: travel(asked)?,
        areas: areas.collect::<Result<_, _>>()?,
        sites,
        refused: bars(asked)?,
        standards: Vec::new(),
    })?)
}

fn sites(asked: &Surveying) -> Result<Vec<Site>, No> {
    let site = |Row { at, cells: [key, point, now] }: Row<'_, 3>| {
        let (point, now) = (at.point(&point)?, at.whole(&now)?);
        Ok(Site { key, point, now, courses: Vec::new() })
    };
    rows(&asked.sites, ["site", "point", "now"])?.into_iter().map(site).collect()
}

fn bars(asked: &Surveying) -> Result<Vec<Refused>, No> {
    let Some(file) = &asked.refused else { return Ok(Vec::new()) };
    let bar = |Row { at, cells: [key, point, bar, reason] }: Row<'_, 4>| {
        let point = (!point.is_empty()).then(|| at.point(&point)).transpose()?;
        Ok(Refused { key, point, bar: at.name(&bar)?, reason })
    };
    rows(file, ["site", "point", "bar", "reason"])?.into_iter().map(bar).collect()
}

fn travel(asked: &Surveying) -> Result<Travel, No> {
    let (speed, reach) = (asked.speed, asked.reach);
    let Some((file, source)) = asked.ways.as_ref().zip(asked.ways_from.clone()) else {
        return Ok(Travel::Straight { detour: asked.detour, speed, reach });
    };
    let way =
        |Row { at, cells: [area, site, metres] }: Row<'_, 3>| Ok((area, site, at.whole(&metres)?));
    let ways = rows(file, ["area", "site", "metres"])?.into_iter().map(way);
    Ok(Travel::Table { source, speed, reach, ways: ways.collect::<Result<_, Wrong>>()? })
}

/// The terms; all words of them that cannot be read.
fn terms(asked: &Drawing, survey: &Survey) -> Result<Terms, Vec<Fault>> {
    let phase = |own: &str| {
        let (year, budget) = own.split_once('=')?;
        Some(Phase { year: year.parse().ok()?, budget: budget.parse().ok()? })
    };
    let course = |own: &str| {
        let (site, course) = own.split_once('=')?;
        Some((site.to_owned(), Name::new(course).ok()?))
    };
    let words = asked.phases.iter().filter(|own| phase(own).is_none());
    let words = words.chain(asked.forced.iter().filter(|own| course(own).is_none()));
    let faults: Vec<Fault> = words.cloned().map(Fault::NotRead).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Terms {
        goal: match asked.goal {
            Sought::Most => Goal::Most,
            Sought::Near => Goal::Near,
            Sought::Least => Goal::Least,
        },
        reach: asked.reach.unwrap_or_else(|| survey.travel().reach()),
        phases: asked.phases.iter().filter_map(|own| phase(own)).collect(),
        until: asked.until,
        floor: asked.floor,
        worst: asked.worst,
        forced: asked.forced.iter().filter_map(|own| course(own)).collect(),
        barred: asked.barred.clone(),
        seed: asked.seed,
    })
}

fn drawn_up(asked: &Drawing) -> Result<Draft, No> {
    let survey = Survey::read(&text(&asked.survey)?)?;
    let terms = terms(asked, &survey)?;
    let began = Instant::now();
    let limit = asked.time_limit;
    let stop = Stop::at(limit.and_then(|limit| began.checked_add(limit)));
    let mut told = |so_far: &Progress| {
        if asked.progress {
            let after = began.elapsed().as_secs_f64();
            eprintln!("{after:.2} s: value {}, bound {}", so_far.value, so_far.bound);
        }
    };
    let limit = Limit { rounds: asked.rounds, stop: &stop };
    draw_up(&survey, &terms, limit, &mut told).map_err(unfit)
}

fn unfit(unfit: Unfit) -> No {
    match unfit {
        Unfit::Faults(faults) => No::Faults(faults),
        Unfit::Conflict(needs) => No::Conflict(needs),
        Unfit::Stopped => No::Undrawn(Undrawn::Stopped),
    }
}

fn read(survey: &Path, draft: &Path) -> Result<(Survey, Draft), No> {
    Ok((Survey::read(&text(survey)?)?, Draft::read(&text(draft)?)?))
}

fn verified(survey: &Path, draft: &Path, language: Language) -> Result<String, No> {
    let (survey, draft) = read(survey, draft)?;
    draft.verify(&survey)?;
    let (picks, value, bound) = (draft.picks().len(), draft.value(), draft.bound());
    Ok(match language {
        Language::Zh => format!("方案核对无误：{picks} 处设施，值 {value}，界 {bound}\n"),
        Language::En => format!("the draft holds: {picks} sites, value {value}, bound {bound}\n"),
    })
}

fn again(survey: &Path, draft: &Path, language: Language) -> Result<String, No> {
    let (survey, draft) = read(survey, draft)?;
    draft.verify(&survey)?;
    let limit = Limit { rounds: Some(draft.rounds()), stop: &Stop::default() };
    let drawn = draw_up(&survey, draft.terms(), limit, &mut |_| {}).map_err(unfit)?;
    if drawn.text() != draft.text() {
        return Err(No::Undrawn(Undrawn::Other));
    }
    Ok(match language {
        Language::Zh => "重新编制，逐字相同\n".to_owned(),
        Language::En => "drawn up again, it is the same draft to the letter\n".to_owned(),
    })
}

fn measured(survey: &Path, draft: Option<&Path>) -> Result<String, No> {
    let survey = Survey::read(&text(survey)?)?;
    let draft = draft.map(text).transpose()?.map(|draft| Draft::read(&draft)).transpose()?;
    if let Some(draft) = &draft {
        draft.verify(&survey)?;
    }
    let Measures { rounds } = measures(&survey, draft.as_ref());
    let rounds = rounds.iter().map(|round| {
        let areas = survey.areas().iter().zip(&round.areas).map(|(area, own)| {
            json!({
                "area": area.key, "need": own.need, "places": own.places, "served": own.served,
                "missing": own.missing, "met": own.met, "nearest": own.nearest,
            })
        });
        json!({
            "year": round.year, "need": round.need, "places": round.places,
            "served": round.served, "missing": round.missing, "met": round.met,
            "gini": round.gini, "areas": areas.collect::<Vec<_>>(),
        })
    });
    Ok(format!("{}\n", json!({ "rounds": rounds.collect::<Vec<_>>() })))
}

/// A time in seconds.
fn seconds(word: &str) -> Result<Duration, String> {
    let seconds: f64 = word.parse().map_err(|_| "it is no number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
