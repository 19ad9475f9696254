//! How well people reach places by the measures of the literature, today and once a draft stands.

use std::collections::BTreeMap;

use layout::{Draft, Survey, places};
use serde_json::{Value, json};
use siting::{
    access::{Measure, Settings, Steps},
    layout::{AVERSION, Access, Sums, access, change, permille, rounded},
};

use super::{Of, Planned, features::line, told::permille as percent};
use crate::web::{
    components::site_map::Table,
    fault::Fault,
    frame::Link,
    geojson::{self, Feature, Filled, Kind, Part},
    pages::reach::SumRow,
};

/// A draft with one of its years, to stand beside today.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Then<'a> {
    /// The number of the draft, from 1.
    pub(crate) number: usize,
    /// The draft.
    pub(crate) draft: &'a Draft,
    /// The year.
    pub(crate) year: u16,
}

impl Then<'_> {
    /// How it is asked for.
    pub(crate) fn word(&self) -> String {
        format!("{}-{}", self.number, self.year)
    }

    /// The years of the draft up to this one.
    pub(crate) fn years(&self) -> Vec<u16> {
        let years = self.draft.terms().phases.iter().map(|own| own.year);
        years.filter(|own| *own <= self.year).collect()
    }
}

/// How well people reach places by a measure.
#[derive(Debug)]
pub(crate) struct Reached {
    /// The measure.
    pub(crate) measure: Measure,
    /// The minutes of its catchment.
    pub(crate) minutes: u32,
    /// Today.
    pub(crate) today: Access,
    /// In years of a draft.
    pub(crate) years: BTreeMap<u16, Access>,
}

impl Reached {
    fn of(
        survey: &Survey,
        (measure, minutes): (Measure, u32),
        (draft, years): (Option<&Draft>, &[u16]),
    ) -> Result<Self, siting::Fault> {
        let of = |then| access(survey, &places(survey, then), measure, minutes.into());
        let mut then = BTreeMap::new();
        for (draft, year) in draft.into_iter().flat_map(|own| years.iter().map(move |at| (own, at)))
        {
            then.insert(*year, of(Some((draft, *year)))?);
        }
        Ok(Self { measure, minutes, today: of(None)?, years: then })
    }

    /// In the last of the years.
    pub(crate) fn last(&self) -> Option<(u16, &Access)> {
        self.years.last_key_value().map(|(year, own)| (*year, own))
    }

    /// What discs of a map are filled by.
    pub(crate) fn filled(&self) -> Filled {
        if self.measure.costs() { Filled::Cost } else { Filled::Access }
    }

    /// What is said of each area on a map, beside the mean of today.
    pub(crate) fn on_map(&self) -> Vec<geojson::Access> {
        let mean = self.today.sums.map_or(0.0, |own| own.mean);
        let shares = |own: &Access| own.shares(mean, self.measure.costs());
        let before = shares(&self.today);
        let after: Vec<(u16, Vec<u16>)> =
            self.years.iter().map(|(year, own)| (*year, shares(own))).collect();
        let states = || {
            let years = self.years.iter().map(|(year, own)| (Some(*year), own));
            std::iter::once((None, &self.today)).chain(years)
        };
        let part = |at: usize, own: &Vec<u16>| own.get(at).copied().unwrap_or_default();
        let area = |at: usize| geojson::Access {
            measure: self.measure.word(),
            values: states().map(|(year, own)| (year, number(own.values.get(at)))).collect(),
            part: Part {
                before: part(at, &before),
                by_year: after.iter().map(|(year, own)| (*year, part(at, own))).collect(),
            },
        };
        (0..self.today.values.len()).map(area).collect()
    }
}

/// A value as a number of a file, to three decimals.
fn number(value: Option<&Option<f64>>) -> Value {
    value.copied().flatten().map_or(Value::Null, |own| json!(rounded(own, 3)))
}

/// A value with two decimals: where places are few, an area has hundredths of one for a thousand.
fn hundredth(value: f64) -> String {
    format!("{:.2}", rounded(value, 2))
}

/// A number with one decimal.
fn tenth(value: f64) -> String {
    format!("{:.1}", rounded(value, 1))
}

/// A number with one decimal, without it where it is none.
fn short(value: f64) -> String {
    let told = tenth(value);
    told.strip_suffix(".0").map_or(told.clone(), str::to_owned)
}

impl Planned {
    /// The whole minutes of the farthest way that was surveyed: beyond them nothing is known.
    pub(crate) fn minutes(&self) -> u32 {
        let travel = self.survey.travel();
        let whole = travel.reach().checked_div(travel.speed()).unwrap_or(0).max(1);
        u32::try_from(whole).unwrap_or(u32::MAX)
    }

    /// All drafts that the reader may read, each with all of its years.
    pub(crate) fn thens(&self) -> impl Iterator<Item = Then<'_>> {
        (1..).zip(&self.drafts).flat_map(|(number, draft)| {
            let years = draft.terms().phases.iter().map(|own| own.year);
            years.map(move |year| Then { number, draft, year })
        })
    }

    /// How well people reach places by some measures, today and in years of a draft, counted beside
    /// the serving.
    pub(crate) async fn reached(
        &self,
        measures: &[Measure],
        minutes: u32,
        (draft, years): (Option<&Draft>, Vec<u16>),
    ) -> Result<Vec<Reached>, Fault> {
        let (survey, draft) = (self.survey.clone(), draft.cloned());
        let measures = measures.to_vec();
        let counted = tokio::task::spawn_blocking(move || {
            let each = measures.into_iter();
            let each =
                each.map(|own| Reached::of(&survey, (own, minutes), (draft.as_ref(), &years)));
            each.collect::<Result<Vec<_>, _>>()
        });
        let counted = counted.await.map_err(|error| Fault::broken(&error))?;
        counted.map_err(|fault| {
            eprintln!("{}", fault.says().to(base::Language::En));
            Fault::Broken
        })
    }

    /// By the measure that is shown where none is asked for, in all years of a draft.
    pub(crate) async fn reached_first(&self, draft: Option<&Draft>) -> Result<Reached, Fault> {
        let phases = draft.into_iter().flat_map(|own| &own.terms().phases);
        let years = phases.map(|own| own.year).collect();
        let mut all = self.reached(&[Measure::Enhanced], self.minutes(), (draft, years)).await?;
        all.pop().ok_or(Fault::Broken)
    }

    /// By all measures, today and in the last year of a draft.
    pub(crate) async fn reached_last(&self, draft: &Draft) -> Result<Vec<Reached>, Fault> {
        let last = draft.terms().phases.iter().map(|own| own.year).max();
        let then = (Some(draft), last.into_iter().collect());
        self.reached(&Measure::ALL, self.minutes(), then).await
    }

    /// What a measure is called, with its abbreviation.
    pub(crate) fn measure(&self, measure: Measure) -> String {
        self.visit.words.t(match measure {
            Measure::TwoStage => "reach-2sfca",
            Measure::Enhanced => "reach-e2sfca",
            Measure::ThreeStage => "reach-3sfca",
            Measure::Gaussian => "reach-g2sfca",
            Measure::Balanced => "reach-bfca",
            Measure::Raam => "reach-raam",
            Measure::Nearest => "reach-nearest",
            Measure::MeanTime => "reach-mean",
        })
    }

    /// In what a measure is told.
    pub(crate) fn unit(&self, measure: Measure) -> String {
        let key = if measure.costs() { "reach-minutes" } else { "reach-places" };
        self.visit.words.t(key)
    }

    /// What the number of a measure means: for whom, how it is counted, and by which weights.
    pub(crate) fn means(&self, measure: Measure, minutes: u32) -> Vec<String> {
        let words = self.visit.words;
        let Ok(how) = Settings::within(minutes.into()) else { return Vec::new() };
        let until = minutes.to_string();
        let steps = |own: &Steps| {
            let step = |(until, weight): &(f64, f64)| {
                words.with_both("reach-step", &short(*until), &weight.to_string())
            };
            own.0.iter().map(step).collect::<Vec<_>>().join(words.comma())
        };
        let own = match measure {
            Measure::TwoStage => words.with("reach-2sfca-means", &until),
            Measure::Enhanced => words.with("reach-e2sfca-means", &steps(&how.steps)),
            Measure::ThreeStage => words.with("reach-3sfca-means", &steps(&how.three_steps)),
            Measure::Gaussian => words.with("reach-g2sfca-means", &short(how.width)),
            Measure::Balanced => words.with("reach-bfca-means", &short(how.width)),
            Measure::Raam => words.with("reach-raam-means", &short(how.tau)),
            Measure::Nearest => words.t("reach-nearest-means"),
            Measure::MeanTime => words.t("reach-mean-means"),
        };
        let unit = if measure.costs() { "reach-cost-is" } else { "reach-value-is" };
        let unit = words.with(unit, &until);
        let paper = measure.paper().map(|paper| words.with("reach-paper", paper));
        [unit, own].into_iter().chain(paper).collect()
    }

    /// What values come to over people, line by line, today and then.
    pub(crate) fn sums(&self, reached: &Reached) -> Vec<SumRow> {
        let (words, costs) = (self.visit.words, reached.measure.costs());
        let (today, then) = (&reached.today, reached.last().map(|(_, own)| own));
        let row = |title: String, of: &dyn Fn(&Access, &Sums) -> Link| {
            let cell = |own: &Access| match &own.sums {
                Some(sums) => of(own, sums),
                None => text(words.t("reach-nobody")),
            };
            SumRow { title, today: cell(today), then: then.map(cell) }
        };
        let titled = |access: &str, cost: &str| words.t(if costs { cost } else { access });
        let mut rows = vec![
            row(words.t("reach-mean-of"), &|_, own| text(hundredth(own.mean))),
            row(words.t("reach-median"), &|_, own| text(hundredth(own.median))),
            row(words.t("reach-worst"), &|own, _| self.worst_of(own)),
            row(titled("reach-tenth", "reach-tenth-cost"), &|_, own| {
                text(percent(permille(own.tenth)))
            }),
            row(titled("reach-poor", "reach-poor-cost"), &|_, own| {
                text(percent(permille(own.poor)))
            }),
            row(words.t("reach-without"), &|_, own| text(own.without.to_string())),
            row(words.t("reach-gini"), &|_, own| text(format!("{:.3}", own.gini))),
            row(words.t("reach-theil"), &|_, own| text(format!("{:.3}", own.theil))),
        ];
        if !costs {
            let title = words.with("reach-atkinson", &AVERSION.to_string());
            rows.push(row(title, &|_, own| {
                text(own.atkinson.map(|own| format!("{own:.3}")).unwrap_or_default())
            }));
        }
        rows
    }

    /// The area that is worst off, with its value.
    fn worst_of(&self, own: &Access) -> Link {
        let at = own.ranked.first().copied();
        let area = at.and_then(|at| Some((self.survey.areas().get(at)?, own.values.get(at)?)));
        let Some((area, value)) = area else { return text(String::new()) };
        let link = self.link(&area.key, Of::Area);
        let value = self.value_of(*value);
        Link { text: self.visit.words.with_both("layout-course-line", &link.text, &value), ..link }
    }

    fn value_of(&self, value: Option<f64>) -> String {
        value.map_or_else(|| self.visit.words.t("layout-beyond"), hundredth)
    }

    /// Areas with what they reach, those that are worst off today first.
    pub(crate) fn reach_areas(&self, reached: &Reached) -> Table {
        let (words, then) = (self.visit.words, reached.last());
        let mut heads = self.heads(&["layout-area", "layout-people", "layout-need", "reach-today"]);
        heads.extend(then.map(|(year, _)| words.with("reach-in", &year.to_string())));
        heads.extend(then.map(|_| words.t("reach-change")));
        heads.push(words.t("reach-near-today"));
        heads.extend(then.map(|(year, _)| words.with("reach-near-in", &year.to_string())));
        let told = |list: &[Option<f64>], at: usize| self.value_of(list.get(at).copied().flatten());
        let far = |list: &[Option<f64>], at: usize| {
            let minutes = list.get(at).copied().flatten();
            minutes.map_or_else(|| words.t("layout-beyond"), tenth)
        };
        let line = |at: usize| {
            let area = self.survey.areas().get(at)?;
            let today = &reached.today;
            let need = self.survey.need(area).to_string();
            let mut cells = vec![area.people.to_string(), need, told(&today.values, at)];
            if let Some((_, then)) = then {
                cells.push(told(&then.values, at));
                let pair = today.values.get(at).copied().flatten();
                let pair = pair.zip(then.values.get(at).copied().flatten());
                cells.push(pair.map(|(one, other)| signed(one, other)).unwrap_or_default());
            }
            cells.push(far(&today.nearest, at));
            cells.extend(then.map(|(_, own)| far(&own.nearest, at)));
            Some(line(&area.key, self.link(&area.key, Of::Area), cells))
        };
        let ranked = &reached.today.ranked;
        let nobody = (0..self.survey.areas().len()).filter(|at| !ranked.contains(at));
        let order = ranked.iter().copied().chain(nobody);
        self.table("reach-areas", heads, order.filter_map(line).collect())
    }

    /// Sites with places today or then, with how many.
    pub(crate) fn reach_sites(&self, then: Option<Then<'_>>) -> Table {
        let words = self.visit.words;
        let today = places(&self.survey, None);
        let after = then.map(|own| places(&self.survey, Some((own.draft, own.year))));
        let mut heads = self.heads(&["layout-site", "reach-places-today"]);
        heads.extend(then.map(|own| words.with("reach-places-in", &own.year.to_string())));
        let lines = self.survey.sites().iter().enumerate().filter_map(|(at, site)| {
            let own = today.get(at).copied().unwrap_or_default();
            let later = after.as_ref().map(|all| all.get(at).copied().unwrap_or_default());
            let cells = [Some(own), later].into_iter().flatten();
            (own > 0 || later.is_some_and(|own| own > 0)).then(|| {
                let cells = cells.map(|own| own.to_string()).collect();
                line(&site.key, self.site(&site.key), cells)
            })
        });
        self.table("reach-sites", heads, lines.collect())
    }

    /// What lies on a map of it: areas, homes, and the sites of the draft up to the year.
    pub(crate) fn reach_features(&self, reached: &Reached, then: Option<Then<'_>>) -> Vec<Feature> {
        let draft = then.map(|own| own.draft);
        let mut all = super::features(&self.survey, draft, None, Some(reached));
        all.retain(|own| match own.kind {
            Kind::Area { .. } | Kind::Home { .. } => true,
            Kind::Chosen { year, places, .. } => {
                let stood = |at: usize| self.survey.sites().get(at).is_some_and(|own| own.now > 0);
                let there = places > 0 || self.survey.site(&own.key).is_some_and(stood);
                there && then.is_some_and(|then| year <= then.year)
            }
            Kind::Candidate | Kind::Refused { .. } => false,
        });
        all
    }
}

/// From one value to another as both are told.
fn signed(before: f64, after: f64) -> String {
    match hundredth(change(before, after, 2)).as_str() {
        "0.00" => "0.00".to_owned(),
        told if told.starts_with('-') => told.replacen('-', "−", 1),
        told => format!("+{told}"),
    }
}

fn text(text: String) -> Link {
    Link { href: String::new(), text }
}
