//! Layout plans, for programs: what the pages of a plan say, in whole numbers with their units.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, Query as Asked},
    http::HeaderMap,
    response::Response,
};
use base::Name;
use kernel::Case;
use layout::{Draft, Goal, Leaf, Node, Pick, Round, Survey, Terms, Travel, Tree, measures};
use pack::model::Pack;
use serde::Serialize;
use utoipa::ToSchema;

use super::{lists::GoesOn, sent::digested, standing};
use crate::web::{
    fault::Fault,
    handle::queue::case_id,
    planned::{Planned, Readable},
    visit::Visit,
};

/// How many cases are looked at for one answer: each has a survey of its own to be read.
const PAGE: u32 = 20;

/// A page of the layout plans that the reader may read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LayoutsWire {
    /// The plans, the newest first. A page may have fewer than others and still not be the last.
    layouts: Vec<LayoutLineWire>,
    /// What `after` says for the next page, if there is one.
    next: Option<String>,
}

/// A plan in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LayoutLineWire {
    /// The number of its case.
    case: u64,
    /// The procedure by which it is made.
    procedure: String,
    /// What the plan is called.
    name: String,
    /// How its case stands.
    standing: &'static str,
    /// Whether everybody may read it.
    public: bool,
    /// The day of which its survey is.
    surveyed_on: String,
    /// The SHA-256 of the text of its survey, in hexadecimal.
    survey_digest: String,
    /// How many drafts the reader may read.
    drafts: usize,
    /// The number of the draft that is adopted, counted from 1.
    adopted: Option<usize>,
}

/// A layout plan: what was surveyed, how people are served today, and the drafts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LayoutWire {
    /// The number of its case.
    case: u64,
    /// The procedure by which it is made.
    procedure: String,
    /// What the plan is called.
    name: String,
    /// How its case stands.
    standing: &'static str,
    /// Whether everybody may read it.
    public: bool,
    /// What it is made from.
    survey: SurveyWire,
    /// How people are served as it is, as far as was surveyed.
    today: RoundWire,
    /// The drafts that the reader may read, in the order of their numbers.
    drafts: Vec<DraftLineWire>,
    /// The number of the draft that is adopted, counted from 1.
    adopted: Option<usize>,
    /// Where else it is.
    links: LayoutLinksWire,
}

/// A survey, without its lists: those are in its text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SurveyWire {
    /// The day of which it is.
    on: String,
    /// What it was taken from, in words.
    taken_from: String,
    /// The SHA-256 of its text, in hexadecimal.
    digest: String,
    /// Places that a thousand people should have.
    norm_per_thousand: u64,
    /// How far it is.
    travel: TravelWire,
    /// How many areas there are.
    areas: usize,
    /// How many people live there.
    people: u64,
    /// How many sites have places today.
    homes: usize,
    /// How many sites have none and could be built on.
    plots: usize,
    /// How many parcels are no sites.
    refused: usize,
}

/// How far it is reckoned to be from areas to sites.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TravelWire {
    /// `straight`: as the crow flies times a detour. `table`: as a table has it.
    kind: &'static str,
    /// The detour in thousandths, where it is straight.
    detour_permille: Option<u64>,
    /// Where the table came from, in words, where there is one.
    source: Option<String>,
    /// Metres a minute, by which minutes are shown.
    speed_metres_a_minute: u64,
    /// How far is looked, in metres.
    reach_metres: u64,
}

/// How people are served, as it is or in a phase.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoundWire {
    /// The year of the phase; absent for what is there today.
    year: Option<u16>,
    /// Places that are needed.
    need: u64,
    /// Places that there are.
    places: u64,
    /// How many of those needed are served within reach.
    served: u64,
    /// How many are missing.
    missing: u64,
    /// The part of the need that is met, in thousandths, rounded down.
    met_permille: u64,
    /// The area of whose need the least is met, by its key; absent where nothing is needed.
    worst_area: Option<String>,
    /// How unevenly need is met over people: Gini's coefficient, in millionths.
    gini_millionths: u64,
    /// Every area, in the order of their keys.
    areas: Vec<AreaServedWire>,
}

/// How the people of an area are served.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AreaServedWire {
    /// Its key.
    area: String,
    /// The people counted there.
    people: u64,
    /// Places that it should have.
    need: u64,
    /// All places within its reach, whoever else they are for.
    places: u64,
    /// How many of those needed are served.
    served: u64,
    /// How many are missing.
    missing: u64,
    /// The part of the need that is met, in thousandths, rounded down; all where nothing is needed.
    met_permille: u64,
    /// How far the nearest site with places is, in metres; absent where none is as near as was
    /// surveyed.
    nearest_metres: Option<u64>,
}

/// What a draft is to reach, and within which bounds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermsWire {
    /// What is sought. `most`: as much need as can be, met within reach. `near`: the same, and a
    /// place counts the more the nearer it is, up to twice. `least`: the least cost at which every
    /// area has the floor.
    goal: &'static str,
    /// How far somebody goes, in metres.
    reach_metres: u64,
    /// Years with their money, in order; what is left over goes on to the next.
    phases: Vec<PhaseWire>,
    /// The year at which counting ends.
    until: u16,
    /// How much of its need each area has at least in the last phase, in thousandths.
    floor_permille: u16,
    /// Whether the floor is the highest that can be had.
    highest_floor: bool,
    /// Courses that must be taken.
    forced: Vec<ForcedWire>,
    /// Sites that stay as they are.
    barred: Vec<String>,
    /// What chance began with.
    seed: u64,
}

/// A year with the money that comes with it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PhaseWire {
    /// The year.
    year: u16,
    /// The money, in yuan.
    budget_yuan: i64,
}

/// A course that must be taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForcedWire {
    /// The site.
    site: String,
    /// The course.
    course: String,
}

/// What a draft is worth, and what no plan under the same terms beats.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DraftWorthWire {
    /// What `value` and `bound` count. `place-years-permille`: thousandths of a place that is
    /// served for a year. `yuan`: what all picks cost, where the goal is `least`.
    unit: &'static str,
    /// What the draft is worth.
    value: i64,
    /// What no plan beats: none is above it, or below it where the unit is `yuan`.
    bound: i64,
    /// How far the value may be from the best, in millionths of the value, rounded up; 0 where the
    /// draft is proved to be the best.
    gap_permillion: u64,
    /// What all picks cost, in yuan; below zero where more money is released than spent.
    cost_yuan: i64,
}

/// A draft beside the others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DraftLineWire {
    /// Its number, counted from 1.
    number: usize,
    /// Its terms.
    terms: TermsWire,
    /// What it comes to.
    worth: DraftWorthWire,
    /// How many sites it picks.
    picks: usize,
    /// The SHA-256 of its text, in hexadecimal.
    digest: String,
    /// Whether it is the one that is adopted.
    adopted: bool,
    /// Where it is.
    links: DraftLinksWire,
}

/// A draft of a layout plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DraftWire {
    /// The number of the case.
    case: u64,
    /// Its number, counted from 1.
    number: usize,
    /// Whether it is the one that is adopted.
    adopted: bool,
    /// The SHA-256 of the text of the survey, in hexadecimal.
    survey_digest: String,
    /// The SHA-256 of its own text, in hexadecimal.
    digest: String,
    /// Its terms.
    terms: TermsWire,
    /// What it comes to.
    worth: DraftWorthWire,
    /// How its bound is proved.
    proof: ProofWire,
    /// How many rounds of search: the same survey, terms and rounds give the same draft.
    search_rounds: u64,
    /// What it picks, in the order of the sites.
    picks: Vec<PickWire>,
    /// How people are served within its reach: as it is, and then in each phase.
    rounds: Vec<RoundWire>,
    /// Where else it is.
    links: DraftLinksWire,
}

/// How a bound is proved; the proof itself is in the text of the draft.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProofWire {
    /// `prices`: one set of prices of places and of money bounds every plan. `cases`: plans are
    /// told apart by what they do with sites, and each case has prices of its own.
    kind: &'static str,
    /// How many cases the bound has: 1 where the kind is `prices`.
    cases: usize,
    /// The floor that no plan is above, in thousandths; absent where the highest is not sought.
    ceiling_permille: Option<u16>,
    /// How many cases show that.
    ceiling_cases: Option<usize>,
    /// How many cases of all show that there is no such plan.
    impossible: usize,
    /// How many sets of prices there are.
    price_sets: usize,
}

/// A course that is taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PickWire {
    /// The site, by its key.
    site: String,
    /// The course.
    course: String,
    /// The year from which on.
    year: u16,
    /// Places before.
    places_before: u64,
    /// Places from that year on.
    places: u64,
    /// What it costs, in yuan; below zero where money is released.
    cost_yuan: i64,
}

/// Addresses of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LayoutLinksWire {
    /// The page, in the language of the request.
    page: String,
    /// The text of the survey.
    survey_text: String,
    /// What lies on its map, as GeoJSON.
    survey_geojson: String,
    /// The program that verifies a draft (Python).
    program: String,
}

/// Addresses of a draft.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DraftLinksWire {
    /// The draft as JSON.
    json: String,
    /// The page, in the language of the request.
    page: String,
    /// The text, with its proof.
    text: String,
    /// What lies on its map, as GeoJSON.
    geojson: String,
    /// A workbook (XLSX), in the language of the request.
    workbook: String,
    /// A paper (PDF).
    report: String,
    /// The text of the survey that it is of.
    survey_text: String,
    /// The program that verifies it (Python).
    program: String,
}

impl LayoutLineWire {
    fn of(own: &Readable) -> Result<Self, Fault> {
        let survey = own.survey()?;
        Ok(Self {
            case: own.case.id.0.0,
            procedure: own.case.procedure.to_string(),
            name: survey.name().to_owned(),
            standing: standing(&own.case.standing).0,
            public: own.public(),
            surveyed_on: survey.on().to_string(),
            survey_digest: survey.digest(),
            drafts: own.drafts(),
            adopted: own.adopted().filter(|number| *number <= own.drafts()),
        })
    }
}

impl LayoutWire {
    fn of(planned: &Planned) -> Result<Self, Fault> {
        let (case, survey) = (&planned.case, &planned.survey);
        let today = measures(survey, None).rounds;
        let drafts = (1..).zip(&planned.drafts);
        Ok(Self {
            case: case.id.0.0,
            procedure: case.procedure.to_string(),
            name: survey.name().to_owned(),
            standing: standing(&case.standing).0,
            public: planned.public,
            survey: SurveyWire::of(survey),
            today: RoundWire::of(survey, today.first().ok_or(Fault::Broken)?),
            drafts: drafts.map(|(number, own)| DraftLineWire::of(planned, number, own)).collect(),
            adopted: planned.adopted().filter(|number| *number <= planned.drafts.len()),
            links: LayoutLinksWire {
                page: planned.to(""),
                survey_text: file(planned, "survey.txt"),
                survey_geojson: file(planned, "survey.geojson"),
                program: file(planned, "verify_draft.py"),
            },
        })
    }
}

/// The address of a file of a plan.
fn file(planned: &Planned, file: &str) -> String {
    format!("/layouts/{}/{file}", planned.case.id)
}

impl SurveyWire {
    fn of(survey: &Survey) -> Self {
        let homes = survey.sites().iter().filter(|own| own.now > 0).count();
        Self {
            on: survey.on().to_string(),
            taken_from: survey.taken_from().to_owned(),
            digest: survey.digest(),
            norm_per_thousand: survey.norm(),
            travel: TravelWire::of(survey.travel()),
            areas: survey.areas().len(),
            people: survey.areas().iter().map(|own| own.people).sum(),
            homes,
            plots: survey.sites().len() - homes,
            refused: survey.refused().len(),
        }
    }
}

impl TravelWire {
    fn of(travel: &Travel) -> Self {
        let (kind, detour_permille, source) = match travel {
            Travel::Straight { detour, .. } => ("straight", Some(*detour), None),
            Travel::Table { source, .. } => ("table", None, Some(source.clone())),
        };
        Self {
            kind,
            detour_permille,
            source,
            speed_metres_a_minute: travel.speed(),
            reach_metres: travel.reach(),
        }
    }
}

impl RoundWire {
    fn of(survey: &Survey, round: &Round) -> Self {
        let areas = survey.areas().iter().zip(&round.areas);
        let areas = areas.map(|(area, own)| AreaServedWire {
            area: area.key.clone(),
            people: area.people,
            need: own.need,
            places: own.places,
            served: own.served,
            missing: own.missing,
            met_permille: own.met,
            nearest_metres: own.nearest,
        });
        let worst = round.worst.and_then(|at| survey.areas().get(at));
        Self {
            year: round.year,
            need: round.need,
            places: round.places,
            served: round.served,
            missing: round.missing,
            met_permille: round.met,
            worst_area: worst.map(|own| own.key.clone()),
            gini_millionths: round.gini,
            areas: areas.collect(),
        }
    }
}

impl TermsWire {
    fn of(terms: &Terms) -> Self {
        let phases = terms.phases.iter();
        let forced = terms.forced.iter();
        Self {
            goal: terms.goal.word(),
            reach_metres: terms.reach,
            phases: phases
                .map(|own| PhaseWire { year: own.year, budget_yuan: own.budget })
                .collect(),
            until: terms.until,
            floor_permille: terms.floor,
            highest_floor: terms.worst,
            forced: forced
                .map(|(site, own)| ForcedWire { site: site.clone(), course: own.to_string() })
                .collect(),
            barred: terms.barred.clone(),
            seed: terms.seed,
        }
    }
}

impl DraftWorthWire {
    fn of(planned: &Planned, draft: &Draft) -> Self {
        Self {
            unit: match draft.terms().goal {
                Goal::Most | Goal::Near => "place-years-permille",
                Goal::Least => "yuan",
            },
            value: draft.value(),
            bound: draft.bound(),
            gap_permillion: draft.gap_permillion(),
            cost_yuan: planned.costs(draft),
        }
    }
}

impl DraftLineWire {
    fn of(planned: &Planned, number: usize, draft: &Draft) -> Self {
        Self {
            number,
            terms: TermsWire::of(draft.terms()),
            worth: DraftWorthWire::of(planned, draft),
            picks: draft.picks().len(),
            digest: draft.digest(),
            adopted: planned.adopted() == Some(number),
            links: DraftLinksWire::of(planned, number),
        }
    }
}

impl DraftLinksWire {
    fn of(planned: &Planned, number: usize) -> Self {
        let page = planned.to(&format!("/drafts/{number}"));
        Self {
            json: format!("/api/layouts/{}/drafts/{number}", planned.case.id),
            text: file(planned, &format!("draft-{number}.txt")),
            geojson: file(planned, &format!("draft-{number}.geojson")),
            workbook: format!("{page}/plan.xlsx"),
            report: format!("{page}/report.pdf"),
            survey_text: file(planned, "survey.txt"),
            program: file(planned, "verify_draft.py"),
            page,
        }
    }
}

impl DraftWire {
    fn of(planned: &Planned, number: usize, draft: &Draft) -> Self {
        let survey = &planned.survey;
        let rounds = measures(survey, Some(draft)).rounds;
        Self {
            case: planned.case.id.0.0,
            number,
            adopted: planned.adopted() == Some(number),
            survey_digest: draft.survey().to_owned(),
            digest: draft.digest(),
            terms: TermsWire::of(draft.terms()),
            worth: DraftWorthWire::of(planned, draft),
            proof: ProofWire::of(draft),
            search_rounds: draft.rounds(),
            picks: draft.picks().iter().filter_map(|pick| PickWire::of(survey, pick)).collect(),
            rounds: rounds.iter().map(|round| RoundWire::of(survey, round)).collect(),
            links: DraftLinksWire::of(planned, number),
        }
    }
}

impl ProofWire {
    fn of(draft: &Draft) -> Self {
        let proof = draft.proof();
        let leaves = |tree: &Tree| tree.iter().filter(|own| matches!(own, Node::Leaf(_))).count();
        let impossible = |tree: &Tree| {
            tree.iter().filter(|own| matches!(own, Node::Leaf(Leaf::Impossible(_)))).count()
        };
        let (cases, ceiling) = (leaves(&proof.bound), proof.ceiling.as_ref());
        Self {
            kind: if cases == 1 { "prices" } else { "cases" },
            cases,
            ceiling_permille: ceiling.map(|(floor, _)| *floor),
            ceiling_cases: ceiling.map(|(_, tree)| leaves(tree)),
            impossible: impossible(&proof.bound) + ceiling.map_or(0, |(_, tree)| impossible(tree)),
            price_sets: proof.prices.len(),
        }
    }
}

impl PickWire {
    fn of(survey: &Survey, pick: &Pick) -> Option<Self> {
        let site = survey.sites().get(survey.site(&pick.site)?)?;
        let course = site.courses.get(site.course(&pick.course)?)?;
        Some(Self {
            site: pick.site.clone(),
            course: pick.course.to_string(),
            year: pick.year,
            places_before: site.now,
            places: course.places,
            cost_yuan: course.cost,
        })
    }
}

/// The plans that the reader may read, the newest first.
pub(crate) async fn list(
    visit: Visit,
    Asked(asked): Asked<GoesOn>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let before = match asked.after.as_str() {
        "" => None,
        text => Some(case_id(text).ok_or(Fault::NoSuchPage)?),
    };
    let mut cases: Vec<Case> = Vec::new();
    for procedure in planning(&visit) {
        cases.extend(visit.app.store.cases_under(&procedure, before, PAGE).await?);
    }
    cases.sort_by_key(|case| std::cmp::Reverse(case.id));
    cases.truncate(PAGE as usize);
    let last = cases.last().filter(|_| cases.len() >= PAGE as usize);
    let next = last.map(|case| case.id.to_string());
    let mut layouts = Vec::new();
    for case in cases {
        if let Some(own) = Readable::of(&visit, case).await? {
            layouts.push(LayoutLineWire::of(&own)?);
        }
    }
    digested(&headers, &LayoutsWire { layouts, next })
}

/// The procedures that make layout plans, in any pack that a case may be pinned to.
fn planning(visit: &Visit) -> BTreeSet<Name> {
    let packs = &visit.app.packs;
    let all = packs.by_hash.values().chain([&packs.live]);
    let own = |pack: &'_ std::sync::Arc<Pack>| {
        let procedures = pack.procedures.values().filter(|own| own.layout.is_some());
        procedures.map(|own| own.name.clone()).collect::<Vec<_>>()
    };
    all.flat_map(own).collect()
}

/// A plan.
pub(crate) async fn show(
    visit: Visit,
    Path(case): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let planned = Planned::of(visit, &case).await?;
    digested(&headers, &LayoutWire::of(&planned)?)
}

/// A draft on file.
pub(crate) async fn draft(
    visit: Visit,
    Path((case, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let planned = Planned::of(visit, &case).await?;
    let (draft, number) = (planned.draft(&number)?, number.parse().map_err(|_| Fault::NoSuchPage)?);
    digested(&headers, &DraftWire::of(&planned, number, draft))
}
