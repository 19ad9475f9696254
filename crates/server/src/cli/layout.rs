//! `yiyang layout`: surveys frozen from tables, drafts of a layout plan drawn up, verified, and
//! drawn up again to the same letter.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use ::layout::{
    Area, Course, Draft, Fault, Given, Goal, Measures, PROGRAM, Phase, Refused, Site, Survey,
    Terms, Travel, measures,
};
use ::siting::{
    Stop,
    layout::{Limit, Need, Progress, Unfit, draw_up},
};
use base::{Date, Language, Point};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::{
    Call, Ended, Stopped, say,
    sheet::{named, sheet, tell, text},
};

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
    #[arg(long)]
    time_limit: Option<f64>,
    /// Say on standard error each better value and bound on the way.
    #[arg(long)]
    progress: bool,
}

/// Why nothing is printed.
enum No {
    /// What was given has these faults.
    Faults(Vec<Fault>),
    /// Demands that cannot all be met, none of which can be left out.
    Conflict(Vec<Need>),
    /// The command cannot go on.
    Stopped(Stopped),
}

impl From<Vec<Fault>> for No {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
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
        Command::Survey(own) => surveyed(&own, language).map(|survey| survey.text()),
        Command::DrawUp(own) => drawn_up(&own, language).map(|draft| draft.text()),
        Command::Verify { survey, draft } => verified(&survey, &draft, language),
        Command::Again { survey, draft } => again(&survey, &draft, language),
        Command::Measures { survey, draft } => measured(&survey, draft.as_deref()),
        Command::Program => Ok(PROGRAM.to_owned()),
    };
    match done {
        Ok(text) => say(&text).map(|()| true),
        Err(No::Faults(faults)) => Ok(refused(language, &faults)),
        Err(No::Conflict(needs)) => Ok(conflict(language, &needs)),
        Err(No::Stopped(stopped)) => Err(stopped),
    }
}

fn refused(language: Language, faults: &[Fault]) -> bool {
    tell(language, faults.iter().map(|own| (own.number(), own.says(), own.next())))
}

/// Demands that conflict, one a line.
fn conflict(language: Language, needs: &[Need]) -> bool {
    eprintln!(
        "{}",
        match language {
            Language::Zh => "1364 以下要求不能同时满足，去掉其中任何一项即可：",
            Language::En => "1364 these cannot all be met, and any one of them less can:",
        }
    );
    for need in needs {
        eprintln!(
            "  {}",
            match need {
                Need::Floor { area, places } => format!("floor {area} {places}"),
                Need::Money { year, money } => format!("money {year} {money}"),
                Need::Forced { site, course } => format!("force {site}={course}"),
                Need::Barred { site } => format!("bar {site}"),
                Need::Reach { metres } => format!("reach {metres}"),
            }
        );
    }
    false
}

fn surveyed(asked: &Surveying, language: Language) -> Result<Survey, No> {
    let on = Date::parse(&asked.on).map_err(|no| Stopped(no.says.to(language).to_owned()))?;
    let mut sites = sites(asked, language)?;
    for [site, name, places, cost] in sheet(&asked.courses, ["site", "course", "places", "cost"])? {
        let none = || Stopped(format!("`{site}` is in no row of the sheet of sites"));
        let own = sites.iter_mut().find(|own| own.key == site).ok_or_else(none)?;
        let name = named(language, &name)?;
        own.courses.push(Course { name, places: number(&places)?, cost: number(&cost)? });
    }
    let area = |[key, point, people]: [String; 3]| -> Result<Area, Stopped> {
        Ok(Area { key, point: at(&point, language)?, people: number(&people)? })
    };
    let areas = sheet(&asked.areas, ["area", "point", "people"])?.into_iter().map(area);
    Ok(Survey::freeze(Given {
        name: asked.name.clone(),
        on,
        taken_from: asked.from.clone(),
        norm: asked.norm,
        travel: travel(asked)?,
        areas: areas.collect::<Result<_, _>>()?,
        sites,
        refused: bars(asked, language)?,
        standards: Vec::new(),
    })?)
}

fn sites(asked: &Surveying, language: Language) -> Result<Vec<Site>, Stopped> {
    let site = |[key, point, now]: [String; 3]| {
        let (point, now) = (at(&point, language)?, number(&now)?);
        Ok(Site { key, point, now, courses: Vec::new() })
    };
    sheet(&asked.sites, ["site", "point", "now"])?.into_iter().map(site).collect()
}

fn bars(asked: &Surveying, language: Language) -> Result<Vec<Refused>, Stopped> {
    let Some(file) = &asked.refused else { return Ok(Vec::new()) };
    let bar = |[key, point, bar, reason]: [String; 4]| {
        let point = (!point.is_empty()).then(|| at(&point, language)).transpose()?;
        Ok(Refused { key, point, bar: named(language, &bar)?, reason })
    };
    sheet(file, ["site", "point", "bar", "reason"])?.into_iter().map(bar).collect()
}

fn travel(asked: &Surveying) -> Result<Travel, Stopped> {
    let (speed, reach) = (asked.speed, asked.reach);
    let Some((file, source)) = asked.ways.as_ref().zip(asked.ways_from.clone()) else {
        return Ok(Travel::Straight { detour: asked.detour, speed, reach });
    };
    let way = |[area, site, metres]: [String; 3]| Ok((area, site, number(&metres)?));
    let ways = sheet(file, ["area", "site", "metres"])?.into_iter().map(way);
    Ok(Travel::Table { source, speed, reach, ways: ways.collect::<Result<_, Stopped>>()? })
}

fn terms(asked: &Drawing, survey: &Survey, language: Language) -> Result<Terms, Stopped> {
    let pair = |own: &str| -> Result<(String, String), Stopped> {
        let none = || Stopped(format!("`{own}` has no `=` in it"));
        let (one, other) = own.split_once('=').ok_or_else(none)?;
        Ok((one.to_owned(), other.to_owned()))
    };
    let phase = |own: &String| {
        let (year, budget) = pair(own)?;
        Ok(Phase { year: number(&year)?, budget: number(&budget)? })
    };
    let forced = |own: &String| {
        let (site, course) = pair(own)?;
        Ok((site, named(language, &course)?))
    };
    Ok(Terms {
        goal: match asked.goal {
            Sought::Most => Goal::Most,
            Sought::Near => Goal::Near,
            Sought::Least => Goal::Least,
        },
        reach: asked.reach.unwrap_or_else(|| survey.travel().reach()),
        phases: asked.phases.iter().map(phase).collect::<Result<_, Stopped>>()?,
        until: asked.until,
        floor: asked.floor,
        worst: asked.worst,
        forced: asked.forced.iter().map(forced).collect::<Result<_, Stopped>>()?,
        barred: asked.barred.clone(),
        seed: asked.seed,
    })
}

fn drawn_up(asked: &Drawing, language: Language) -> Result<Draft, No> {
    let survey = Survey::read(&text(&asked.survey)?)?;
    let terms = terms(asked, &survey, language)?;
    let began = Instant::now();
    let limit = asked.time_limit.and_then(|limit| Duration::try_from_secs_f64(limit).ok());
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
        Unfit::Stopped => Stopped("no draft was found before it was stopped".to_owned()).into(),
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
    let limit = Limit { rounds: Some(draft.rounds()), stop: &Stop::default() };
    let drawn = draw_up(&survey, draft.terms(), limit, &mut |_| {}).map_err(unfit)?;
    if drawn.text() != draft.text() {
        let other = "drawn up again, it comes to another draft";
        return Err(Stopped(other.to_owned()).into());
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

/// A point as people write it.
fn at(word: &str, language: Language) -> Result<Point, Stopped> {
    Point::parse(word).map_err(|no| Stopped(no.says.to(language).to_owned()))
}

/// A whole number.
fn number<N: std::str::FromStr>(word: &str) -> Result<N, Stopped> {
    word.trim().parse().map_err(|_| Stopped(format!("`{word}` is no whole number it takes")))
}
