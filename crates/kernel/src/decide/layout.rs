//! A layout plan that is a case: a decision surveys the registers as they stand, officers put
//! drafts of it on file, and a decision adopts one of them.
//!
//! A draft proves what it claims: whoever has the survey and the draft counts again, and so does
//! this module before a draft enters the ledger. It makes none.

use std::collections::BTreeMap;

use ::layout::{
    Area, Course, Draft, Each, Given, Refused, Site, Standard, Survey, Travel, survey::straight_way,
};
use base::{Fen, Name, Point, Text};
use pack::model::{
    Decision, Layout, LayoutDoes, LayoutNeed, LayoutStandard, LayoutThere, Procedure, Stage,
};
use rules::{Expression, Facts, Value, Verdict};

use super::{
    effect::{facts_of, filled, values},
    facts::{CaseFacts, Found, Its},
    run::Run,
    taken::{found, looks_up, whole},
};
use crate::{
    case::{Case, CaseLayout, Standing},
    ledger::{Act, BodyId, Drafted},
    refusal::Refusal,
    register::{Change, Version},
};

/// How many drafts of a plan can be on file.
pub const DRAFTS_MAX: usize = 50;

/// The most letters of a reason.
const REASON_MAX: usize = 200;

/// What a case knows of its layout plan: how many drafts are on file.
pub(super) fn facts(procedure: &Procedure, case: &Case) -> BTreeMap<String, Value> {
    let known = procedure.layout.iter().map(|_| {
        let drafts = case.layout.as_ref().map_or(0, |own| own.drafts.len());
        let drafts = i64::try_from(drafts).unwrap_or(i64::MAX);
        (Layout::DRAFTS.to_owned(), Value::Integer(drafts))
    });
    known.collect()
}

/// The survey that a decision takes, as it is kept; none where it takes none.
pub(super) fn survey(
    run: &Run<'_>,
    decision: &Decision,
    by: &BodyId,
) -> Result<Option<String>, Refusal> {
    if !decision.surveys {
        return Ok(None);
    }
    let survey = Survey::freeze(given(run, layout_of(run)?, by)?).map_err(Refusal::Layout)?;
    Ok(Some(survey.text()))
}

/// Puts a draft on file at a stage that takes drafts, once it is found to be what it claims.
pub(super) fn draft(run: &mut Run<'_>, step: &Name, text: &str) -> Result<(), Refusal> {
    let stage = drafting(run, step)?;
    run.must_be_by(Some(&stage.by))?;
    let layout = on_file(run)?;
    if layout.drafts.len() >= DRAFTS_MAX {
        return Err(Refusal::DraftsFull(DRAFTS_MAX));
    }
    if let Some(number) = layout.drafts.iter().position(|own| own.text == text) {
        return Err(Refusal::DraftTwice(number + 1));
    }
    let survey = Survey::read(&layout.survey.text).map_err(Refusal::Layout)?;
    let draft = Draft::read(text).map_err(Refusal::Layout)?;
    draft.verify(&survey).map_err(Refusal::Layout)?;
    let drafted = Drafted { step: step.clone(), text: text.to_owned() };
    run.write(Act::Drafted(Box::new(drafted)), run.case.standing.clone());
    Ok(())
}

/// The stage that the case is at, if it is the one that is meant and takes drafts.
fn drafting<'a>(run: &Run<'a>, step: &Name) -> Result<&'a Stage, Refusal> {
    match &run.case.standing {
        Standing::At { step: at, .. } if at == step => {
            let stage = run.stage(step)?;
            if stage.drafts { Ok(stage) } else { Err(Refusal::NotNow) }
        }
        _ => Err(Refusal::NotNow),
    }
}

/// Refuses a number that is that of no draft on file, where one is to be named.
pub(super) fn must_be_on_file(
    run: &Run<'_>,
    facts: &BTreeMap<String, Value>,
) -> Result<(), Refusal> {
    let decisions = run.procedure.steps.keys();
    let decisions = decisions.filter_map(|step| run.procedure.decision(step.as_str()));
    for path in decisions.filter_map(|decision| decision.adopts.as_ref()) {
        if let Some(Value::Integer(number)) = facts.get(path) {
            text_of(run, *number)?;
        }
    }
    Ok(())
}

/// The number of the draft that a decision adopts, with the entry that each of its picks becomes;
/// none where it adopts none.
pub(super) fn adopted(
    run: &Run<'_>,
    decision: &Decision,
    by: &BodyId,
) -> Result<Option<(u64, Vec<Change>)>, Refusal> {
    let Some(path) = &decision.adopts else { return Ok(None) };
    let facts = facts_of(run, by);
    let Some(Value::Integer(number)) = facts.fact(path) else {
        return Err(Refusal::PackFault(path.clone()));
    };
    let draft = Draft::read(text_of(run, *number)?).map_err(Refusal::Layout)?;
    let survey = Survey::read(&on_file(run)?.survey.text).map_err(Refusal::Layout)?;
    let number = u64::try_from(*number).map_err(|_| Refusal::NoSuchDraft(*number))?;
    Ok(Some((number, sites(run, (&survey, &draft), &facts, by)?)))
}

/// The layout plan of the procedure.
fn layout_of<'a>(run: &Run<'a>) -> Result<&'a Layout, Refusal> {
    let missing = || Refusal::PackFault(run.procedure.name.to_string());
    run.procedure.layout.as_ref().ok_or_else(missing)
}

/// What the case has on file for its plan.
fn on_file<'r>(run: &'r Run<'_>) -> Result<&'r CaseLayout, Refusal> {
    let missing = || Refusal::PackFault(run.procedure.name.to_string());
    run.case.layout.as_ref().ok_or_else(missing)
}

/// The text of a draft by its number, counted from 1.
fn text_of<'r>(run: &'r Run<'_>, number: i64) -> Result<&'r str, Refusal> {
    let none = || Refusal::NoSuchDraft(number);
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let drafts = run.case.layout.iter().flat_map(|own| &own.drafts);
    let draft = drafts.into_iter().nth(place.ok_or_else(none)?).ok_or_else(none)?;
    Ok(draft.text.as_str())
}

/// What goes into the survey, from the registers as they stand.
fn given(run: &Run<'_>, layout: &Layout, by: &BodyId) -> Result<Given, Refusal> {
    let facts = &facts_of(run, by);
    let registers: Result<Vec<&str>, Refusal> =
        layout.looks().into_iter().map(|look| Ok(looks_up(run, look)?.register.as_str())).collect();
    let travel = &layout.travel;
    let found_areas = found(run, &layout.areas.found, facts)?;
    let areas = areas(layout, &found_areas)?;
    let detour = count(&travel.detour, facts)?;
    let standards = standards(run, layout, (&found_areas, detour), facts)?;
    let (mut sites, mut refused) = existing(run, layout, facts)?;
    let (open, closed) = candidates(run, layout, facts)?;
    sites.extend(open);
    refused.extend(closed);
    Ok(Given {
        name: format!("{}-{}", run.procedure.name, run.case.id),
        on: run.today(),
        taken_from: format!("{}, entries below {}", registers?.join(", "), run.moment.next.0),
        norm: count(&layout.norm, facts)?,
        travel: Travel::Straight {
            detour,
            speed: count(&travel.speed, facts)?,
            reach: count(&travel.reach, facts)?,
        },
        areas,
        sites,
        refused,
        standards,
    })
}

/// Every area. People who were left out would be planned for by nobody, so that one of which it is
/// not known where it lies, or how many live there, stops the survey.
fn areas(layout: &Layout, found: &[Found]) -> Result<Vec<Area>, Refusal> {
    let of = &layout.areas;
    let (mut areas, mut unknown) = (Vec::new(), Vec::new());
    for (key, version) in found {
        match (point(version, &of.point), number(version, &of.people)) {
            (Some(point), Some(people)) => areas.push(Area { key: key.clone(), point, people }),
            _ => unknown.push(key.clone()),
        }
    }
    if unknown.is_empty() { Ok(areas) } else { Err(Refusal::AreasUnknown(unknown)) }
}

/// What every area should have and has, as the registers stand.
fn standards(
    run: &Run<'_>,
    layout: &Layout,
    (areas, detour): (&[Found], u64),
    facts: &CaseFacts<'_>,
) -> Result<Vec<Standard>, Refusal> {
    let standard = |(name, own): &(Name, LayoutStandard)| {
        let stand = found(run, &own.found, facts)?;
        let counted: Vec<(&Version, u64)> =
            stand.iter().map(|(_, version)| (version, counts(own, version))).collect();
        let has = |there: &dyn Fn(&Version, &Version) -> bool| {
            let all = areas.iter().map(|(key, area)| {
                let own = counted.iter().filter(|(version, _)| there(area, version));
                (key.clone(), own.fold(0_u64, |sum, (_, number)| sum.saturating_add(*number)))
            });
            all.collect()
        };
        let has = match &own.there {
            LayoutThere::Same(field) => has(&|area, version| {
                let own = version.fields.get(field);
                own.is_some() && area.fields.get(field) == own
            }),
            LayoutThere::Within { point: at, metres } => {
                let most = count(metres, facts)?;
                has(&|area, version| {
                    let ends = point(area, &layout.areas.point).zip(point(version, at));
                    ends.is_some_and(|(from, to)| straight_way(from, to, detour) <= most)
                })
            }
        };
        let each = if own.per_thousand { Each::Thousand } else { Each::Area };
        Ok(Standard { name: name.clone(), each, least: count(&own.least, facts)?, has })
    };
    layout.standards.iter().map(standard).collect()
}

/// How much an entry counts for a standard.
fn counts(standard: &LayoutStandard, version: &Version) -> u64 {
    let field = standard.counts.as_ref();
    field.map_or(1, |field| number(version, field).unwrap_or_default())
}

/// What stands today as sites, and what of it is none.
fn existing(
    run: &Run<'_>,
    layout: &Layout,
    facts: &CaseFacts<'_>,
) -> Result<(Vec<Site>, Vec<Refused>), Refusal> {
    let of = &layout.existing;
    let (mut sites, mut refused) = (Vec::new(), Vec::new());
    for (key, version) in found(run, &of.found, facts)? {
        let (at, now) = (point(&version, &of.point), number(&version, &of.places));
        match (at, now) {
            (Some(point), Some(now)) => {
                sites.push(Site { key, point, now, courses: changes(layout, now, facts)? });
            }
            _ => {
                let unsaid = [(at.is_none(), NO_POINT), (now.is_none(), NO_PLACES)];
                let unsaid = unsaid.into_iter().filter(|(lacks, _)| *lacks);
                let bars = unsaid.map(|(_, bar)| bar.refuses(&key, at));
                refused.extend(bars.collect::<Result<Vec<_>, _>>()?);
            }
        }
    }
    Ok((sites, refused))
}

/// What can be done with what has so many places.
fn changes(layout: &Layout, now: u64, facts: &CaseFacts<'_>) -> Result<Vec<Course>, Refusal> {
    let change = |(name, change): &(Name, pack::model::LayoutChange)| {
        let places = match &change.does {
            LayoutDoes::Adds(adds) => now.saturating_add(count(adds, facts)?),
            LayoutDoes::Closes => 0,
        };
        Ok(Course { name: name.clone(), places, cost: whole(&change.cost, facts)? })
    };
    layout.changes.iter().map(change).collect()
}

/// What can be built on as sites, and which candidates are none: each for all that it lacks.
fn candidates(
    run: &Run<'_>,
    layout: &Layout,
    facts: &CaseFacts<'_>,
) -> Result<(Vec<Site>, Vec<Refused>), Refusal> {
    let (mut sites, mut refused) = (Vec::new(), Vec::new());
    for (key, version) in found(run, &layout.candidates.found, facts)? {
        let at = point(&version, &layout.candidates.point);
        let area = number(&version, &layout.candidates.area);
        let courses = sizes(layout, area.unwrap_or(0), facts)?;
        let mut bars = Vec::new();
        bars.extend(at.is_none().then(|| NO_POINT.refuses(&key, at)));
        bars.extend(unmet(layout, &key, &version, facts, at).into_iter().map(Ok));
        bars.extend(area.is_none().then(|| NO_AREA.refuses(&key, at)));
        let small = area.is_some() && courses.is_empty();
        bars.extend(small.then(|| TOO_SMALL.refuses(&key, at)));
        match at.filter(|_| bars.is_empty()) {
            Some(point) => sites.push(Site { key, point, now: 0, courses }),
            None => refused.extend(bars.into_iter().collect::<Result<Vec<_>, _>>()?),
        }
    }
    Ok((sites, refused))
}

/// What can be built on so many square metres.
fn sizes(layout: &Layout, area: u64, facts: &CaseFacts<'_>) -> Result<Vec<Course>, Refusal> {
    let mut courses = Vec::new();
    for (name, size) in &layout.sizes {
        if count(&size.area, facts)? <= area {
            let (places, cost) = (count(&size.places, facts)?, whole(&size.cost, facts)?);
            courses.push(Course { name: name.clone(), places, cost });
        }
    }
    Ok(courses)
}

/// What a candidate does not meet, or is not known to.
fn unmet(
    layout: &Layout,
    key: &str,
    version: &Version,
    facts: &CaseFacts<'_>,
    point: Option<Point>,
) -> Vec<Refused> {
    let its = Its { facts, fields: &version.fields };
    let unmet = layout.needs.iter().filter(|(_, need)| need.that.verdict(&its) != Verdict::True);
    let refused = unmet.map(|(name, need)| {
        let (key, bar, reason) = (key.to_owned(), name.clone(), reason(need, version));
        Refused { key, point, bar, reason }
    });
    refused.collect()
}

/// Why a candidate is refused, in both languages, and what its entry says about it.
fn reason(need: &LayoutNeed, version: &Version) -> String {
    let says = both(&need.says);
    let more = need.reason.as_ref().and_then(|field| version.fields.get(field));
    match more {
        Some(Value::Text(more)) => word(&format!("{says}: {more}")),
        _ => word(&says),
    }
}

fn both(text: &Text) -> String {
    format!("{} / {}", text.zh, text.en)
}

/// A text as one line of a survey.
fn word(text: &str) -> String {
    let seen = |letter: char| if letter.is_control() { ' ' } else { letter };
    let line: String = text.chars().map(seen).take(REASON_MAX).collect();
    line.trim().to_owned()
}

/// A reason that every plan has to leave an entry out.
struct Bar {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
}

const NO_POINT: Bar = Bar {
    name: Layout::NO_POINT,
    zh: "登记中没有位置",
    en: "the entry does not say where it lies",
};
const NO_PLACES: Bar = Bar {
    name: Layout::NO_PLACES,
    zh: "登记中没有现有位数",
    en: "the entry does not say how many places it has",
};
const NO_AREA: Bar = Bar {
    name: Layout::NO_AREA,
    zh: "登记中没有面积",
    en: "the entry does not say how large it is",
};
const TOO_SMALL: Bar =
    Bar { name: Layout::TOO_SMALL, zh: "面积小于各类规模所需", en: "nothing fits on it" };

impl Bar {
    fn refuses(&self, key: &str, point: Option<Point>) -> Result<Refused, Refusal> {
        let bar = Name::new(self.name).map_err(|_| Refusal::PackFault(self.name.to_owned()))?;
        let reason = format!("{} / {}", self.zh, self.en);
        Ok(Refused { key: key.to_owned(), point, bar, reason })
    }
}

/// A whole number that is not below zero.
fn count(expression: &Expression, facts: &dyn Facts) -> Result<u64, Refusal> {
    let fault = |_| Refusal::PackFault(expression.source().to_owned());
    u64::try_from(whole(expression, facts)?).map_err(fault)
}

fn point(version: &Version, field: &Name) -> Option<Point> {
    match version.fields.get(field) {
        Some(Value::Point(point)) => Some(*point),
        _ => None,
    }
}

/// The whole number that an entry says in a field; one below zero counts nothing.
fn number(version: &Version, field: &Name) -> Option<u64> {
    match version.fields.get(field) {
        Some(Value::Integer(number)) => u64::try_from(*number).ok(),
        _ => None,
    }
}

/// The facts with what is picked.
struct Picked<'f> {
    facts: &'f dyn Facts,
    own: BTreeMap<&'static str, Value>,
}

impl Facts for Picked<'_> {
    fn fact(&self, path: &str) -> Option<&Value> {
        self.own.get(path).or_else(|| self.facts.fact(path))
    }
}

/// The entry that each pick becomes.
fn sites(
    run: &Run<'_>,
    (survey, draft): (&Survey, &Draft),
    facts: &CaseFacts<'_>,
    by: &BodyId,
) -> Result<Vec<Change>, Refusal> {
    let layout = layout_of(run)?;
    let mut made = Vec::new();
    for (pick, place) in draft.picks().iter().zip(1..) {
        let gone = || Refusal::PackFault(format!("{} {}", pick.site, pick.course));
        let site = survey.site(&pick.site).and_then(|at| survey.sites().get(at));
        let site = site.ok_or_else(gone)?;
        let course = site.course(&pick.course).and_then(|at| site.courses.get(at));
        let mut own = picked(site, course.ok_or_else(gone)?).ok_or_else(gone)?;
        own.insert(Layout::YEAR, Value::Integer(i64::from(pick.year)));
        own.insert(Layout::PLACE, Value::Integer(place));
        own.insert(whose(layout, &pick.course).ok_or_else(gone)?, Value::Text(site.key.clone()));
        let key = filled(run, &layout.sites.key, by).replace("{place}", &place.to_string());
        let says = values(&Picked { facts, own }, &layout.sites.fields);
        made.push(Change::entered(layout.sites.register.clone(), key, run.moment.at, says));
    }
    Ok(made)
}

/// What is known of a site once a course is taken.
fn picked(site: &Site, course: &Course) -> Option<BTreeMap<&'static str, Value>> {
    let places = i64::try_from(course.places).ok()?;
    let known = [
        (Layout::SITE, Value::Text(site.key.clone())),
        (Layout::POINT, Value::Point(site.point)),
        (Layout::COURSE, Value::Choice(course.name.clone())),
        (Layout::PLACES, Value::Integer(places)),
        (Layout::COST, Value::Money(Fen(course.cost.checked_mul(100)?))),
    ];
    Some(known.into())
}

/// Whether something stands where a course is taken, or could be built.
fn whose(layout: &Layout, course: &Name) -> Option<&'static str> {
    let named = |own: &Name| own == course;
    if layout.sizes.iter().any(|(own, _)| named(own)) {
        return Some(Layout::CANDIDATE);
    }
    layout.changes.iter().any(|(own, _)| named(own)).then_some(Layout::EXISTING)
}
