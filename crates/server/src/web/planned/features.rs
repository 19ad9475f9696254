//! A plan as things on a map with a line of a table for each.

use std::collections::BTreeMap;

use base::Text;
use layout::{Draft, Measures, Round, Site, Survey};

use super::{Of, Planned, Reached, Reckoned, told::permille};
use crate::web::{
    components::site_map::{Line, Table},
    frame::Link,
    geojson::{Feature, Kind, Part},
};

/// What lies on the map of a survey, and of a draft of it: areas with what of their need is met and
/// how well they reach places, as far as that was counted.
pub(crate) fn features(
    survey: &Survey,
    draft: Option<&Draft>,
    measured: Option<&Measures>,
    reached: Option<&Reached>,
) -> Vec<Feature> {
    let access = reached.map(Reached::on_map).unwrap_or_default();
    let areas = survey.areas().iter().enumerate().map(|(at, area)| Feature {
        key: area.key.clone(),
        point: area.point,
        kind: Kind::Area {
            need: survey.need(area),
            met: measured.map(|own| met(own, at)),
            access: access.get(at).cloned(),
        },
    });
    let picked = |site: &Site| {
        let mut picks = draft.into_iter().flat_map(Draft::picks);
        picks.any(|pick| pick.site == site.key)
    };
    let sites = survey.sites().iter().filter_map(|site| {
        let kind = match site.now {
            0 if picked(site) => return None,
            0 => Kind::Candidate,
            places => Kind::Home { places },
        };
        Some(Feature { key: site.key.clone(), point: site.point, kind })
    });
    let refused = survey.refused().iter().filter_map(|own| {
        let kind = Kind::Refused { bar: own.bar.to_string() };
        Some(Feature { key: own.key.clone(), point: own.point?, kind })
    });
    let chosen = draft.into_iter().flat_map(|draft| chosen(survey, draft));
    areas.chain(refused).chain(sites).chain(chosen).collect()
}

/// The sites that a draft picks.
fn chosen<'a>(survey: &'a Survey, draft: &'a Draft) -> impl Iterator<Item = Feature> + 'a {
    draft.picks().iter().filter_map(|pick| {
        let site = survey.sites().get(survey.site(&pick.site)?)?;
        let course = site.courses.get(site.course(&pick.course)?)?;
        let kind = Kind::Chosen {
            course: pick.course.to_string(),
            year: pick.year,
            places: course.places,
        };
        Some(Feature { key: pick.site.clone(), point: site.point, kind })
    })
}

/// How much of the need of an area is met, as it is and in each phase.
fn met(measured: &Measures, at: usize) -> Part {
    let of = |round: &Round| {
        let met = round.areas.get(at).map_or(0, |own| own.met);
        u16::try_from(met).unwrap_or(u16::MAX)
    };
    let before = measured.rounds.first().map(of).unwrap_or_default();
    let years = measured.rounds.iter().filter_map(|round| Some((round.year?, of(round))));
    Part { before, by_year: years.collect::<BTreeMap<_, _>>() }
}

impl Planned {
    /// The tables of a survey alone: areas, homes, plots that are open, and those refused.
    pub(crate) fn tables(&self, measured: &Measures) -> Vec<Table> {
        vec![self.areas(measured), self.homes(), self.plots(None), self.barred()]
    }

    /// The tables of a draft: what it picks, areas before and after, and what is left.
    pub(crate) fn tables_of(&self, reckoned: &Reckoned<'_>) -> Vec<Table> {
        let (draft, measured) = (reckoned.draft, &reckoned.measures);
        vec![
            self.picks(reckoned),
            self.areas(measured),
            self.homes(),
            self.plots(Some(draft)),
            self.barred(),
        ]
    }

    pub(super) fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.visit.words.t(key)).collect()
    }

    pub(super) fn table(&self, title: &str, heads: Vec<String>, lines: Vec<Line>) -> Table {
        Table { title: self.visit.words.n(title, &lines.len()), heads, lines }
    }

    fn areas(&self, measured: &Measures) -> Table {
        let words = self.visit.words;
        let mut heads = self.heads(&["layout-area", "layout-people", "layout-need"]);
        heads.extend(measured.rounds.iter().map(|round| match round.year {
            None => words.t("layout-met-today"),
            Some(year) => words.with("layout-met-in", &year.to_string()),
        }));
        heads.extend(self.heads(&["layout-missing", "layout-nearest"]));
        let line = |(at, area): (usize, &layout::Area)| {
            let rounds = measured.rounds.iter().filter_map(|round| round.areas.get(at));
            let last = rounds.clone().next_back();
            let mut cells = vec![area.people.to_string(), self.survey.need(area).to_string()];
            cells.extend(rounds.map(|own| permille(own.met)));
            cells.push(last.map(|own| own.missing.to_string()).unwrap_or_default());
            let far = last.and_then(|own| own.nearest);
            cells.push(far.map_or_else(|| words.t("layout-beyond"), |metres| metres.to_string()));
            line(&area.key, self.link(&area.key, Of::Area), cells)
        };
        let lines = self.survey.areas().iter().enumerate().map(line).collect();
        self.table("layout-areas", heads, lines)
    }

    fn homes(&self) -> Table {
        let lines = self.survey.sites().iter().filter(|site| site.now > 0);
        let lines = lines.map(|site| {
            let link = self.link(&site.key, Of::Home);
            line(&site.key, link, vec![site.now.to_string(), self.courses(site)])
        });
        let heads = self.heads(&["layout-home", "layout-places", "layout-courses"]);
        self.table("layout-homes", heads, lines.collect())
    }

    /// The plots that could be built on and are not picked.
    fn plots(&self, draft: Option<&Draft>) -> Table {
        let picked = |key: &str| {
            draft.is_some_and(|draft| draft.picks().iter().any(|pick| pick.site == key))
        };
        let open = self.survey.sites().iter().filter(|own| own.now == 0 && !picked(&own.key));
        let lines = open
            .map(|site| line(&site.key, self.link(&site.key, Of::Plot), vec![self.courses(site)]));
        let heads = self.heads(&["layout-plot", "layout-courses"]);
        self.table("layout-plots", heads, lines.collect())
    }

    fn barred(&self) -> Table {
        let lines = self.survey.refused().iter().map(|own| {
            let reason = match own.reason.split_once(" / ") {
                Some((zh, en)) => Text::new(zh, en).to(self.visit.words.0).to_owned(),
                None => own.reason.clone(),
            };
            line(&own.key, self.link(&own.key, Of::Plot), vec![reason])
        });
        let heads = self.heads(&["layout-plot", "layout-reason"]);
        self.table("layout-refused", heads, lines.collect())
    }

    fn picks(&self, reckoned: &Reckoned<'_>) -> Table {
        let words = self.visit.words;
        let worth = |site: &str| {
            let mut own = reckoned.worth.iter().filter(|own| own.picked && own.site == site);
            own.next().map(|own| self.worth(reckoned.draft, own)).unwrap_or_default()
        };
        let lines = reckoned.draft.picks().iter().filter_map(|pick| {
            let site = self.survey.sites().get(self.survey.site(&pick.site)?)?;
            let course = site.courses.get(site.course(&pick.course)?)?;
            let cells = vec![
                self.course(&pick.course),
                pick.year.to_string(),
                words.with_both(
                    "layout-from-to",
                    &site.now.to_string(),
                    &course.places.to_string(),
                ),
                self.yuan(course.cost),
                worth(&pick.site),
            ];
            Some(line(&pick.site, self.site(&pick.site), cells))
        });
        let heads = self.heads(&[
            "layout-site",
            "layout-course",
            "layout-year",
            "layout-places",
            "layout-cost",
            "layout-worth",
        ]);
        self.table("layout-picks", heads, lines.collect())
    }

    /// What can be done with a site, each with its places and its cost.
    fn courses(&self, site: &Site) -> String {
        let words = self.visit.words;
        let course = |own: &layout::Course| {
            let for_it =
                words.with_both("layout-places-for", &own.places.to_string(), &self.yuan(own.cost));
            words.with_both("layout-course-line", &self.course(&own.name), &for_it)
        };
        let courses: Vec<String> = site.courses.iter().map(course).collect();
        courses.join(words.comma())
    }
}

pub(super) fn line(key: &str, link: Link, cells: Vec<String>) -> Line {
    Line { key: key.to_owned(), title: link.text, href: link.href, cells }
}
