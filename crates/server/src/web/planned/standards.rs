//! What areas should have by dated norms and do have, as pages and workbooks tell it.

use std::collections::BTreeSet;

use layout::{Adequacy, Each, Standard, adequacy};
use pack::model::LayoutStandard;
use rules::Expression;

use super::{Of, Planned};
use crate::web::{
    frame::Link,
    pages::standards::{AreaRow, FigureLine, StandardRow},
};

impl Planned {
    /// The standards of the survey, each with how many areas have what it asks for.
    pub(crate) fn standards(&self) -> Vec<StandardRow> {
        self.survey.standards().iter().map(|own| self.standard(own)).collect()
    }

    fn standard(&self, standard: &Standard) -> StandardRow {
        let words = self.visit.words;
        let all = adequacy(&self.survey, standard);
        let meet = all.iter().filter(|own| own.missing == 0).count();
        let missing: u64 = all.iter().map(|own| own.missing).sum();
        // The part that is there, in permille, rounded down; the first area of those worst off.
        let part = |own: &Adequacy| (own.has * 1_000).checked_div(own.wanted).unwrap_or(1_000);
        let short = all.iter().zip(self.survey.areas()).filter(|(own, _)| own.missing > 0);
        let worst = short.min_by_key(|(own, area)| (part(own), u64::MAX - area.people));
        let least = match standard.each {
            Each::Thousand => "layout-standard-thousand",
            Each::Area => "layout-standard-area",
        };
        let asked = self.asked(standard);
        StandardRow {
            title: self.standard_title(standard),
            least: words.with(least, &standard.least.to_string()),
            meet: words.with_both("layout-of", &meet.to_string(), &all.len().to_string()),
            missing: missing.to_string(),
            worst: worst.map(|(own, area)| {
                let link = self.link(&area.key, Of::Area);
                let text = words.with_both("layout-course-line", &link.text, &amount(self, own));
                Link { text, ..link }
            }),
            figures: asked.map(|own| self.figures(own)).unwrap_or_default(),
        }
    }

    /// What the pack says of a standard of the survey.
    fn asked(&self, standard: &Standard) -> Option<&LayoutStandard> {
        let procedure = self.pack.procedures.get(&self.case.procedure)?;
        let mut all = procedure.layout.as_ref()?.standards.iter();
        all.find(|(name, _)| *name == standard.name).map(|(_, own)| own)
    }

    fn standard_title(&self, standard: &Standard) -> String {
        let title = self.asked(standard).map(|own| own.title.to(self.visit.words.0).to_owned());
        title.unwrap_or_else(|| standard.name.to_string())
    }

    /// The figures of a norm on the day of the survey, with where they are written.
    fn figures(&self, norm: &LayoutStandard) -> Vec<FigureLine> {
        let shown = self.shown();
        let used = norm.counts().flat_map(Expression::facts_used);
        let names: BTreeSet<&str> = used.filter_map(|path| path.strip_prefix("figure.")).collect();
        let line = |name: &str| {
            let titled = self.pack.figures.get(name)?;
            let dated = titled.figure.on(self.survey.on()).ok()?;
            let unit = titled.unit.to(shown.words.0);
            let value = shown.words.with_both("value-unit", &shown.plain(&dated.value), unit);
            let title = titled.title.to(shown.words.0);
            let says = shown.words.with_both("in-words-figure", title, &value);
            Some(FigureLine { says, basis: shown.all_cited(&dated.basis) })
        };
        names.into_iter().filter_map(line).collect()
    }

    /// What the columns of the table by areas are.
    pub(crate) fn standard_heads(&self) -> Vec<String> {
        let words = self.visit.words;
        let titles = self.survey.standards().iter().map(|own| self.standard_title(own));
        [words.t("layout-area"), words.t("layout-people")].into_iter().chain(titles).collect()
    }

    /// Areas with what they have and should have, those first that lack the most standards.
    pub(crate) fn areas_by_standard(&self) -> Vec<AreaRow> {
        let all: Vec<Vec<Adequacy>> =
            self.survey.standards().iter().map(|own| adequacy(&self.survey, own)).collect();
        let row = |(at, area): (usize, &layout::Area)| {
            let own = all.iter().filter_map(|areas| areas.get(at));
            AreaRow {
                link: self.link(&area.key, Of::Area),
                people: area.people,
                cells: own.map(|own| (amount(self, own), own.missing > 0)).collect(),
            }
        };
        let mut rows: Vec<AreaRow> = self.survey.areas().iter().enumerate().map(row).collect();
        rows.sort_by_key(|row| (u64::MAX - lacks(row), u64::MAX - row.people));
        rows
    }
}

/// How many standards an area does not have.
fn lacks(row: &AreaRow) -> u64 {
    row.cells.iter().map(|(_, lacks)| u64::from(*lacks)).sum()
}

/// What there is of what there should be.
fn amount(planned: &Planned, own: &Adequacy) -> String {
    let (has, wanted) = (own.has.to_string(), own.wanted.to_string());
    planned.visit.words.with_both("layout-of", &has, &wanted)
}
