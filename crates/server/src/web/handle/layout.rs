//! Layout plans: reading them, their texts, workbooks and papers, and drawing drafts up.

mod reach;
mod terms;

use std::{sync::Arc, time::Duration};

use access::Action;
use axum::{
    extract::{Path, Query as Asked},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use base::Language;
use kernel::{Command, Standing, decide::acting, register::Version};
use layout::{Draft, Measures, measures};
use pack::model::{By, Register, Stage};
use siting::layout::Worth;
use store::{Submission, SubmitError};

use super::register::Made;
use crate::web::{
    app::Role,
    components::site_map::{About, Ground, SiteMap, Table},
    drafting::{Job, State, What},
    fault::{Fault, Refused, numbered},
    frame::Link,
    geojson::{Filled, GeoJson, collection},
    pages::{
        layout::{DraftPage, DrawingUpPage, LayoutPage},
        standards::StandardsPage,
    },
    permit::may_on_site,
    planned::{self, Planned, Reckoned, features, gap, permille},
    posted::Posted,
    session::random,
    visit::{SignedIn, Visit, page},
    words::Words,
};

pub(in crate::web) use reach::show as reach;
pub(in crate::web) use terms::Typed;

/// The address of a file of a plan that has no language.
pub(in crate::web) const FILE: &str = "/layouts/{case}/{file}";

/// The survey.
const SURVEY: &str = "survey.txt";
/// What lies on its map.
const SURVEY_MAP: &str = "survey.geojson";
/// What lies on the map of how well people reach places.
const REACH_MAP: &str = "access.geojson";
/// The program that verifies a draft.
const PROGRAM: &str = "verify_draft.py";
/// The most sites that are listed for what they would add.
const OTHERS: usize = 20;
/// How a workbook is called by browsers.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A plan.
pub(in crate::web) async fn show(
    visit: Visit,
    Path(case): Path<String>,
) -> Result<Response, Fault> {
    let planned = Planned::of(visit, &case).await?;
    page(&plan_page(&planned, Typed::begun(&planned))?)
}

fn plan_page(planned: &Planned, typed: Typed) -> Result<LayoutPage, Fault> {
    let (words, measured) = (planned.visit.words, measures(&planned.survey, None));
    let today = measured.rounds.first().ok_or(Fault::Broken)?;
    let drafts = planned.drafts.iter().zip(1..);
    let says = match (planned.public, planned.officer) {
        (true, _) => "layout-public",
        (false, _) => "layout-not-public",
    };
    let case = planned.officer.then(|| Link {
        href: planned.visit.to(&format!("/cases/{}", planned.case.id)),
        text: planned.shown().number(planned.case.id.0),
    });
    let jobs = if may_draft(planned) { jobs(planned) } else { Vec::new() };
    let source = format!("/layouts/{}/{SURVEY_MAP}", planned.case.id);
    Ok(LayoutPage {
        frame: planned.visit.frame(),
        title: planned.title(),
        case,
        read_by: words.t(says),
        facts: planned.survey_facts(),
        today: planned.round(today),
        standards: planned.standards(),
        by_area: Link { href: planned.to("/standards"), text: words.t("layout-standards-by-area") },
        drafts: drafts.map(|(draft, number)| planned.draft_row(number, draft)).collect(),
        jobs,
        form: may_draft(planned).then(|| typed.form(planned)),
        reach: reach_link(planned, None),
        map: map(planned, source, (None, &measured), planned.tables(&measured)),
        files: files(planned, &[(SURVEY, "layout-survey-file"), (PROGRAM, "layout-program")]),
    })
}

/// What areas should have and do have.
pub(in crate::web) async fn standards(
    visit: Visit,
    Path(case): Path<String>,
) -> Result<Response, Fault> {
    let planned = Planned::of(visit, &case).await?;
    page(&StandardsPage {
        frame: planned.visit.frame(),
        plan: Link { href: planned.to(""), text: planned.title() },
        on: planned.survey.on().to_string(),
        standards: planned.standards(),
        heads: planned.standard_heads(),
        areas: planned.areas_by_standard(),
    })
}

/// Whether the reader is an officer of the body that makes drafts as the case stands.
fn may_draft(planned: &Planned) -> bool {
    let role = planned.visit.person().map(|person| &person.role);
    let (Some(Role::Officer { body, .. }), Some((_, stage))) = (role, stage(planned)) else {
        return false;
    };
    let (visit, case) = (&planned.visit, &planned.case);
    let By::Body(name) = &stage.by else { return false };
    let acts = acting(visit.pack(), &planned.pack, case, name, visit.today());
    planned.officer && acts.contains(body)
}

/// The stage at which the case takes drafts, where it stands at one.
fn stage(planned: &Planned) -> Option<(&base::Name, &Stage)> {
    let Standing::At { step, .. } = &planned.case.standing else { return None };
    let procedure = planned.pack.procedures.get(&planned.case.procedure)?;
    let stage = procedure.stage(step.as_str()).filter(|stage| stage.drafts)?;
    Some((step, stage))
}

fn jobs(planned: &Planned) -> Vec<(Link, String)> {
    let (visit, words) = (&planned.visit, planned.visit.words);
    let all = visit.app.drafting.of(planned.case.id).into_iter();
    let line = |(number, job): (u64, Arc<Job>)| {
        let what = match job.what {
            What::Draft => "layout-drawing",
            What::Curve => "layout-curve",
        };
        let href = visit.to(&format!("/cases/{}/drafting/{number}", planned.case.id));
        let says = if job.runs() { "layout-runs" } else { "layout-ended" };
        let text = words.with_both("entry-named", &words.t(what), &number.to_string());
        (Link { href, text }, words.t(says))
    };
    all.map(line).collect()
}

fn map(
    planned: &Planned,
    source: String,
    (draft, measured): (Option<&Draft>, &Measures),
    tables: Vec<Table>,
) -> SiteMap {
    let words = planned.visit.words;
    let says = if draft.is_some() { "layout-map-draft" } else { "layout-map-survey" };
    let (title, says) = (words.t("layout-map-fold"), words.t(says));
    let about = About { id: "plan-map", title, says, source, filled: Filled::Met };
    let features = features(&planned.survey, draft, Some(measured), None);
    SiteMap::of(words, about, Ground::of(planned.shown()), &features, tables)
}

/// The way to how well people reach places, with the last year of a draft.
fn reach_link(planned: &Planned, draft: Option<&Draft>) -> Link {
    let then = planned.thens().filter(|own| Some(own.draft) == draft).last();
    let then = then.map(|own| format!("?then={}", own.word())).unwrap_or_default();
    let href = planned.to(&format!("/access{then}"));
    Link { href, text: planned.visit.words.t("reach-title") }
}

/// Files of a plan that have no language.
fn files(planned: &Planned, named: &[(&str, &str)]) -> Vec<Link> {
    let link = |(file, text): &(&str, &str)| Link {
        href: format!("/layouts/{}/{file}", planned.case.id),
        text: planned.visit.words.t(text),
    };
    named.iter().map(link).collect()
}

/// A draft on file.
pub(in crate::web) async fn draft(
    visit: Visit,
    Path((case, number)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let planned = Planned::of(visit, &case).await?;
    let reckoned = planned.reckoned(planned.draft(&number)?).await?;
    let words = planned.visit.words;
    let text = format!("draft-{number}.txt");
    let named = [
        (SURVEY, "layout-survey-file"),
        (text.as_str(), "layout-draft-file"),
        (PROGRAM, "layout-program"),
    ];
    let mut links = files(&planned, &named);
    let told = [("plan.xlsx", "layout-workbook"), ("report.pdf", "layout-report")];
    links.extend(told.map(|(file, text)| Link {
        href: planned.to(&format!("/drafts/{number}/{file}")),
        text: words.t(text),
    }));
    let geojson = format!("/layouts/{}/draft-{number}.geojson", planned.case.id);
    links.push(Link { href: geojson.clone(), text: words.t("layout-geojson") });
    let title = words.with("layout-draft", &number);
    page(&draft_page(&planned, &reckoned, (title, geojson), links)?)
}

fn draft_page(
    planned: &Planned,
    reckoned: &Reckoned<'_>,
    (title, source): (String, String),
    files: Vec<Link>,
) -> Result<DraftPage, Fault> {
    let (draft, words) = (reckoned.draft, planned.visit.words);
    let number = planned.drafts.iter().position(|own| own == draft).map(|at| at + 1);
    let says = match draft.gap_permillion() {
        0 => words.t("layout-proved"),
        parts => words.with("layout-within", &gap(parts)),
    };
    let others = reckoned.worth.iter().filter(|own| !own.picked).take(OTHERS);
    Ok(DraftPage {
        frame: planned.visit.frame(),
        plan: Link { href: planned.to(""), text: planned.title() },
        title,
        adopted: number.is_some() && number == planned.adopted(),
        filing: None,
        refused: Vec::new(),
        says,
        facts: planned.draft_facts(reckoned),
        rounds: reckoned.measures.rounds.iter().map(|own| planned.round(own)).collect(),
        reach: number.map(|_| reach_link(planned, Some(draft))),
        others: others.map(|own| other(planned, draft, own)).collect(),
        map: map(planned, source, (Some(draft), &reckoned.measures), planned.tables_of(reckoned)),
        files,
    })
}

fn other(planned: &Planned, draft: &Draft, own: &Worth) -> (Link, [String; 3]) {
    let cells = [planned.course(&own.course), planned.worth(draft, own), planned.yuan(own.cost)];
    (planned.site(&own.site), cells)
}

/// A draft on file as a workbook.
pub(in crate::web) async fn workbook(
    visit: Visit,
    Path((case, number)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let planned = Planned::of(visit, &case).await?;
    let reckoned = planned.reckoned(planned.draft(&number)?).await?;
    let reached = planned.reached_last(reckoned.draft).await?;
    let bytes = planned.workbook(&reckoned, &reached).map_err(|error| Fault::broken(&error))?;
    Ok((named(WORKBOOK, &format!("plan-{case}-{number}.xlsx")), bytes).into_response())
}

/// A draft on file as a paper, in both languages.
pub(in crate::web) async fn report(
    visit: Visit,
    Path((case, number)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let language = visit.words.0;
    let told = |language| Visit { words: Words(language), ..visit.clone() };
    let zh = Planned::of(told(Language::Zh), &case).await?;
    let en = Planned::of(told(Language::En), &case).await?;
    let reckoned = zh.reckoned(zh.draft(&number)?).await?;
    let paper = planned::report(&zh, &en, (&number, language), &reckoned);
    let bytes = visit.app.documents.print(paper).await?;
    Ok((named("application/pdf", &format!("plan-{case}-{number}.pdf")), bytes).into_response())
}

fn named(media: &str, file: &str) -> [(HeaderName, String); 2] {
    let disposition = format!("attachment; filename=\"{file}\"");
    [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition)]
}

/// A text of a plan, or what lies on a map of it.
pub(in crate::web) async fn file(
    visit: Visit,
    Path((case, file)): Path<(String, String)>,
    Asked(asked): Asked<reach::Asked>,
) -> Result<Response, Fault> {
    let planned = Planned::of(visit, &case).await?;
    let plain = "text/plain; charset=utf-8";
    let numbered = |suffix: &str| file.strip_prefix("draft-")?.strip_suffix(suffix);
    if let Some(number) = numbered(".txt") {
        return Ok((named(plain, &file), planned.draft(number)?.text()).into_response());
    }
    if let Some(number) = numbered(".geojson") {
        return Ok(lies(&planned, Some(planned.draft(number)?)).await?.into_response());
    }
    match file.as_str() {
        SURVEY => Ok((named(plain, SURVEY), planned.survey.text()).into_response()),
        SURVEY_MAP => Ok(lies(&planned, None).await?.into_response()),
        REACH_MAP => Ok(reach::lies(&planned, &asked).await?.into_response()),
        PROGRAM => Ok((named(plain, PROGRAM), layout::PROGRAM).into_response()),
        _ => Err(Fault::NoSuchPage),
    }
}

async fn lies(planned: &Planned, draft: Option<&Draft>) -> Result<GeoJson, Fault> {
    let measured = measures(&planned.survey, draft);
    let reached = planned.reached_first(draft).await?;
    Ok(collection(&features(&planned.survey, draft, Some(&measured), Some(&reached))))
}

/// Begins to draw up a draft, or the price of equity.
pub(in crate::web) async fn begin(
    who: SignedIn,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let planned = Planned::of(who.visit, &id).await?;
    if stage(&planned).is_none() {
        return Err(kernel::Refusal::NotNow.into());
    }
    if !may_draft(&planned) {
        return Err(kernel::Refusal::NotCompetent.into());
    }
    let mut typed = Typed::of(&posted);
    let Some(terms) = typed.terms(&planned) else { return back(&planned, typed) };
    if let Err(faults) = terms.check(&planned.survey) {
        typed.refuse(&planned, &faults);
        return back(&planned, typed);
    }
    let what = if posted.one("what") == "curve" { What::Curve } else { What::Draft };
    let limit = Duration::from_secs(typed.seconds());
    let drafting = &planned.visit.app.drafting;
    let begun = drafting.begin(planned.case.id, what, (planned.survey.clone(), terms), limit);
    match begun {
        Some(number) => {
            let href = planned.visit.to(&format!("/cases/{id}/drafting/{number}"));
            Ok(Redirect::to(&href).into_response())
        }
        None => {
            typed.busy(&planned);
            back(&planned, typed)
        }
    }
}

/// The form once more, with what is wrong with it.
fn back(planned: &Planned, typed: Typed) -> Result<Response, Fault> {
    let shown = page(&plan_page(planned, typed)?)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// Something that is being drawn up, of a case that the reader may see.
async fn job(visit: Visit, id: &str, number: &str) -> Result<(Planned, Arc<Job>), Fault> {
    let planned = Planned::of(visit, id).await?;
    let number = number.parse().map_err(|_| Fault::NoSuchPage)?;
    let job = planned.visit.app.drafting.get(planned.case.id, number);
    let job = job.filter(|_| planned.officer).ok_or(Fault::NoSuchPage)?;
    Ok((planned, job))
}

/// How far something is that is being drawn up, or what came of it.
pub(in crate::web) async fn drawing(
    who: SignedIn,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (planned, job) = job(who.visit, &id, &number).await?;
    match job.state() {
        State::Drawn(drawn) => page(&found(&planned, &drawn, (&id, &number), Vec::new())?),
        _ => page(&drawing_page(&planned, &job, (&id, &number))),
    }
}

/// A draft that is not on file yet.
fn found(
    planned: &Planned,
    drawn: &(Draft, Arc<Vec<Worth>>),
    (id, number): (&str, &str),
    refused: Vec<Refused>,
) -> Result<DraftPage, Fault> {
    let (draft, worth) = drawn;
    let measures = measures(&planned.survey, Some(draft));
    let reckoned = Reckoned { draft, measures, worth: worth.clone() };
    let title = planned.visit.words.with("layout-found", number);
    let source = format!("/layouts/{id}/{SURVEY_MAP}");
    let page = draft_page(planned, &reckoned, (title, source), Vec::new())?;
    let action = planned.visit.to(&format!("/cases/{id}/drafting/{number}/file"));
    let filing = may_draft(planned).then(|| (action, random()));
    Ok(DraftPage { filing, refused, ..page })
}

fn drawing_page(planned: &Planned, job: &Job, (id, number): (&str, &str)) -> DrawingUpPage {
    let (visit, words) = (&planned.visit, planned.visit.words);
    let href = visit.to(&format!("/cases/{id}/drafting/{number}"));
    let (state, goal) = (job.state(), job.terms.goal);
    let (gone, all) = job.seconds();
    let mut says = Vec::new();
    if let State::Running(so_far) = &state {
        says.push(words.with_both("layout-seconds-gone", &gone.to_string(), &all.to_string()));
        says.push(match so_far {
            None => words.t("layout-nothing-yet"),
            Some(own) => words.with_both(
                "layout-so-far",
                &planned.value(goal, own.value),
                &planned.value(goal, own.bound),
            ),
        });
    }
    let (refused, curve) = match &state {
        State::None(unfit) => (planned.refused(unfit), Vec::new()),
        State::Curve(points) => {
            let points = points.iter().map(|own| {
                let floor = permille(own.floor.into());
                match own.reached {
                    Some((value, bound)) => {
                        [floor, planned.value(goal, value), planned.value(goal, bound)]
                    }
                    None if own.impossible => [floor, words.t("layout-impossible"), String::new()],
                    None => [floor, words.t("layout-not-found"), String::new()],
                }
            });
            (Vec::new(), points.collect())
        }
        State::Running(_) | State::Drawn(_) => (Vec::new(), Vec::new()),
    };
    DrawingUpPage {
        frame: visit.frame(),
        plan: Link { href: planned.to(""), text: planned.title() },
        stop: format!("{href}/stop"),
        key: random(),
        runs: matches!(state, State::Running(_)),
        says,
        refused,
        curve,
        href,
    }
}

/// Asks what is being drawn up to stop: the best so far is the draft.
pub(in crate::web) async fn stop(
    who: SignedIn,
    Path((id, number)): Path<(String, String)>,
    _posted: Posted,
) -> Result<Response, Fault> {
    let (planned, job) = job(who.visit, &id, &number).await?;
    job.stop();
    let href = planned.visit.to(&format!("/cases/{id}/drafting/{number}"));
    Ok(Redirect::to(&href).into_response())
}

/// Puts a draft on file that was drawn up.
pub(in crate::web) async fn put_on_file(
    who: SignedIn,
    Path((id, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Fault> {
    let role = who.role.clone();
    let (planned, job) = job(who.visit, &id, &number).await?;
    let State::Drawn(drawn) = job.state() else { return Err(Fault::NoSuchPage) };
    let (step, _) = stage(&planned).ok_or(kernel::Refusal::NotNow)?;
    let step = step.clone();
    let submission = Submission {
        key: posted.key.clone(),
        actor: officer(&role)?,
        at: planned.visit.now,
        case: Some(planned.case.id),
        seen: None,
        command: Command::Draft { step, text: drawn.0.text() },
        personal: Vec::new(),
    };
    match planned.visit.app.store.submit(submission).await {
        Ok(_) => Ok(Redirect::to(&planned.to("")).into_response()),
        Err(error @ SubmitError::Refused(_)) => {
            let refused = Refused::of(&error, planned.visit.words.0);
            let number_of = refused.number;
            let shown = page(&found(&planned, &drawn, (&id, &number), vec![refused])?)?;
            let shown = (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response();
            Ok(numbered(number_of, shown))
        }
        Err(error) => Err(error.into()),
    }
}

fn officer(role: &Role) -> Result<kernel::Actor, Fault> {
    match role {
        Role::Officer { .. } => Ok(role.actor()),
        _ => Err(Fault::OtherRole),
    }
}

/// The way to the plan that an entry comes from, where everybody may read it.
pub(in crate::web) async fn link_for(
    visit: &Visit,
    register: &Register,
    versions: &[Version],
) -> Result<Option<Link>, Fault> {
    let procedures = visit.pack().procedures.values();
    let mut plans = procedures.filter_map(|own| Some((own, own.layout.as_ref()?)));
    let planned = plans.any(|(own, layout)| {
        own.register == register.name || layout.sites.register == register.name
    });
    let first = versions.iter().min_by_key(|version| version.decided_by);
    let Some(first) = first.filter(|_| planned) else { return Ok(None) };
    let made = Made::load(visit, first.decided_by).await?;
    let Some(case) = made.case.filter(|case| case.layout.is_some()) else { return Ok(None) };
    let planned = Planned::of(visit.clone(), &case.id.to_string()).await;
    let seen = planned.is_ok() && may_on_site(visit, Action::SeeLayout);
    let href = visit.to(&format!("/layouts/{}", case.id));
    Ok(seen.then(|| Link { href, text: visit.words.t("layout-plan-link") }))
}
