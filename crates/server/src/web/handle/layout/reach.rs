//! How well people reach places of a plan, by a measure, within minutes, today and in a year of a
//! draft.

use axum::{
    extract::{Path, Query as Query_},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base::{Language, Reason, Text};
use serde::Deserialize;
use siting::access::Measure;

use crate::web::{
    components::{
        site_map::{About, Ground, SiteMap},
        text_input::TextInput,
    },
    fault::{Fault, numbered},
    frame::Link,
    geojson::{GeoJson, collection},
    pages::reach::{Found, ReachPage},
    planned::{Planned, Reached, Then, minutes_refused},
    question::{FaultLine, Offered},
    visit::{Visit, page},
    words::Words,
};

/// What is asked for; today, by the first measure and as far as was surveyed, where nothing is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    /// The word of a measure.
    measure: String,
    /// The minutes, as they were typed.
    minutes: Option<String>,
    /// A draft with a year.
    then: String,
}

impl Asked {
    fn measure(&self) -> Result<Measure, Fault> {
        match self.measure.as_str() {
            "" => Ok(Measure::Enhanced),
            word => Measure::of(word).ok_or_else(|| Fault::BadAddress(no_measure(word))),
        }
    }

    /// The minutes, if they are whole and no more than were surveyed.
    fn minutes(&self, planned: &Planned) -> Option<u32> {
        let most = planned.minutes();
        let Some(typed) = &self.minutes else { return Some(most) };
        typed.trim().parse().ok().filter(|own| (1..=most).contains(own))
    }

    fn then<'a>(&self, planned: &'a Planned) -> Result<Option<Then<'a>>, Fault> {
        match self.then.as_str() {
            "" => Ok(None),
            word => {
                let known = planned.thens().find(|own| own.word() == word);
                known.map(Some).ok_or(Fault::NoSuchPage)
            }
        }
    }
}

/// How well people reach places.
pub(in crate::web) async fn show(
    visit: Visit,
    Path(case): Path<String>,
    Query_(asked): Query_<Asked>,
) -> Result<Response, Fault> {
    let planned = Planned::of(visit, &case).await?;
    let (measure, then) = (asked.measure()?, asked.then(&planned)?);
    let Some(minutes) = asked.minutes(&planned) else {
        let typed = asked.minutes.unwrap_or_default();
        let refused = minutes_refused(planned.visit.words, &planned.minutes().to_string());
        let number = refused.number;
        let fault = FaultLine { href: "#minutes".to_owned(), text: refused.says.clone() };
        let form = form(&planned, (measure, then), &typed);
        let line = TextInput { error: fault.text.clone(), ..form.minutes };
        let (refused, faults) = (vec![refused], vec![fault]);
        let shown = page(&ReachPage { minutes: line, refused, faults, ..form })?;
        let shown = (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response();
        return Ok(numbered(number, shown));
    };
    let reached = reached(&planned, (measure, minutes), then).await?;
    let form = form(&planned, (measure, then), &minutes.to_string());
    page(&ReachPage { found: Some(found(&planned, &reached, then)), ..form })
}

async fn reached(
    planned: &Planned,
    (measure, minutes): (Measure, u32),
    then: Option<Then<'_>>,
) -> Result<Reached, Fault> {
    let years = then.map(|own| own.years()).unwrap_or_default();
    let then = (then.map(|own| own.draft), years);
    planned.reached(&[measure], minutes, then).await?.pop().ok_or(Fault::Broken)
}

/// What lies on the map of it.
pub(super) async fn lies(planned: &Planned, asked: &Asked) -> Result<GeoJson, Fault> {
    let (measure, then) = (asked.measure()?, asked.then(planned)?);
    let minutes = asked.minutes(planned).ok_or_else(|| {
        let most = planned.minutes().to_string();
        let told = |language| minutes_refused(Words(language), &most).says;
        let says = Text::new(told(Language::Zh), told(Language::En));
        Fault::BadAddress(Reason { word: "minutes", says })
    })?;
    let reached = reached(planned, (measure, minutes), then).await?;
    Ok(collection(&planned.reach_features(&reached, then)))
}

/// The form alone.
fn form(
    planned: &Planned,
    (measure, then): (Measure, Option<Then<'_>>),
    minutes: &str,
) -> ReachPage {
    let (frame, words) = (planned.visit.frame(), planned.visit.words);
    let measures = Measure::ALL.map(|own| Offered {
        value: own.word().to_owned(),
        title: planned.measure(own),
        chosen: own == measure,
    });
    let chosen = then.map(|own| own.word()).unwrap_or_default();
    let today = Offered {
        value: String::new(),
        title: words.t("reach-today-alone"),
        chosen: chosen.is_empty(),
    };
    let thens = planned.thens().map(|own| Offered {
        chosen: own.word() == chosen,
        value: own.word(),
        title: called(planned, own),
    });
    let line = frame.number_line("minutes", "reach-within", "reach-within-hint", minutes);
    let hint = words.with("reach-within-hint", &planned.minutes().to_string());
    ReachPage {
        plan: Link { href: planned.to(""), text: planned.title() },
        action: planned.to("/access"),
        measures: measures.to_vec(),
        minutes: TextInput { hint, ..line },
        thens: std::iter::once(today).chain(thens).collect(),
        refused: Vec::new(),
        faults: Vec::new(),
        found: None,
        frame,
    }
}

/// What a draft in a year is called.
fn called(planned: &Planned, then: Then<'_>) -> String {
    let words = planned.visit.words;
    let draft = words.with("layout-draft", &then.number.to_string());
    words.with_both("reach-draft-in", &draft, &then.year.to_string())
}

fn found(planned: &Planned, reached: &Reached, then: Option<Then<'_>>) -> Found {
    let words = planned.visit.words;
    let word = then.map(|own| own.word()).unwrap_or_default();
    let query = format!("measure={}&minutes={}", reached.measure.word(), reached.minutes);
    let source = format!("/layouts/{}/access.geojson?{query}&then={word}", planned.case.id);
    let costs = reached.measure.costs();
    let about = About {
        id: "reach-map",
        title: words.t("layout-map-fold"),
        says: words.t(if costs { "reach-map-cost" } else { "reach-map" }),
        source,
        filled: reached.filled(),
    };
    let features = planned.reach_features(reached, then);
    let tables = vec![planned.reach_areas(reached), planned.reach_sites(then)];
    let note = if costs { "reach-sums-cost" } else { "reach-sums-says" };
    Found {
        title: planned.measure(reached.measure),
        means: planned.means(reached.measure, reached.minutes),
        unit: planned.unit(reached.measure),
        then: then.map(|own| Link {
            href: planned.to(&format!("/drafts/{}", own.number)),
            text: called(planned, own),
        }),
        sums: planned.sums(reached),
        notes: vec![words.t(note), words.t("reach-beds")],
        assumed: vec![
            (words.t("layout-travel"), planned.travel()),
            (words.t("reach-rounding"), words.t("reach-rounding-says")),
            (words.t("layout-farthest"), planned.metres(planned.survey.travel().reach())),
            (words.t("layout-surveyed-on"), planned.survey.on().to_string()),
        ],
        map: SiteMap::of(words, about, Ground::of(planned.shown()), &features, tables),
    }
}

fn no_measure(word: &str) -> Reason {
    let known = Measure::ALL.map(Measure::word).join(", ");
    Reason {
        word: "measure",
        says: Text::new(
            format!("没有名为 `{word}` 的指标；可选：{known}"),
            format!("there is no measure `{word}`; there are {known}"),
        ),
    }
}
