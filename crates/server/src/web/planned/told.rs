//! Numbers and terms of a plan in words.

use layout::{Draft, Goal, Round, Terms, Travel};
use siting::layout::{Need, Unfit, Worth};

use super::{Of, Planned, Reckoned};
use crate::web::{
    fault::Refused,
    frame::Link,
    pages::layout::{DraftRow, RoundRow},
    words::Words,
};

/// Why drawing up has come to no draft, besides what is wrong with its terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undrawn {
    /// The terms cannot all be met.
    Conflict,
    /// It was stopped before it had found anything.
    Stopped,
    /// Drawn up again, it is another draft.
    Other,
}

impl Undrawn {
    /// Its number, the same for ever.
    pub(crate) fn number(self) -> u16 {
        match self {
            Self::Conflict => 1364,
            Self::Stopped => 1365,
            Self::Other => 1366,
        }
    }

    /// What it means, with what is in conflict, and what to do next.
    pub(crate) fn says(self, words: Words, what: &str) -> (String, String) {
        match self {
            Self::Conflict => {
                (words.with("layout-conflict", what), words.t("layout-conflict-next"))
            }
            Self::Stopped => (words.t("layout-stopped"), words.t("layout-stopped-next")),
            Self::Other => (words.t("layout-other"), words.t("layout-other-next")),
        }
    }

    fn refused(self, words: Words, what: &str) -> Refused {
        let (says, next) = self.says(words, what);
        Refused { number: self.number(), says, next }
    }
}

/// The number of minutes that are none, or beyond what was surveyed.
const MINUTES: u16 = 1369;

/// Parts of a thousand as a percentage, whose sign stays with its number.
pub(crate) fn permille(parts: u64) -> String {
    format!("{}.{}\u{a0}%", parts / 10, parts % 10)
}

/// Parts of a million as a percentage with two decimals, rounded up: a gap is never told smaller
/// than it is.
pub(crate) fn gap(parts: u64) -> String {
    let hundredths = parts.div_ceil(100);
    format!("{}.{:02}\u{a0}%", hundredths / 100, hundredths % 100)
}

/// Parts of a million as a fraction of one.
pub(crate) fn fraction(parts: u64) -> String {
    format!("{}.{:03}", parts / 1_000_000, parts % 1_000_000 / 1_000)
}

/// Minutes that are no whole number from 1 to so many.
pub(crate) fn minutes_refused(words: Words, most: &str) -> Refused {
    let says = words.with("reach-minutes-refused", most);
    Refused { number: MINUTES, says, next: words.t("reach-minutes-refused-next") }
}

/// What the numbers mean by which a plan is not shown, or no draft comes of terms.
pub(crate) fn refusals(words: Words) -> [Refused; 4] {
    let [conflict, stopped, other] =
        [Undrawn::Conflict, Undrawn::Stopped, Undrawn::Other].map(|own| own.refused(words, "…"));
    [conflict, stopped, other, minutes_refused(words, "…")]
}

impl Planned {
    /// An amount of yuan, in ten thousands.
    pub(crate) fn yuan(&self, yuan: i64) -> String {
        let sign = if yuan < 0 { "-" } else { "" };
        let (whole, rest) = (yuan.unsigned_abs() / 10_000, yuan.unsigned_abs() % 10_000);
        let amount = match rest {
            0 => format!("{sign}{whole}"),
            rest => format!("{sign}{whole}.{}", format!("{rest:04}").trim_end_matches('0')),
        };
        self.visit.words.with("layout-yuan", &amount)
    }

    /// What a draft is worth: places counted for years, or what it costs.
    pub(crate) fn value(&self, goal: Goal, value: i64) -> String {
        match goal {
            Goal::Least => self.yuan(value),
            Goal::Most | Goal::Near => {
                let (whole, rest) = (value / 1_000, value.unsigned_abs() % 1_000 / 100);
                self.visit.words.with("layout-place-years", &format!("{whole}.{rest}"))
            }
        }
    }

    /// What a site is worth to a draft.
    pub(crate) fn worth(&self, draft: &Draft, own: &Worth) -> String {
        let value = self.value(draft.terms().goal, own.value);
        match own.short {
            0 => value,
            short => self.visit.words.with_both("layout-worth-short", &value, &short.to_string()),
        }
    }

    /// What is sought.
    pub(crate) fn goal(&self, goal: Goal) -> String {
        self.visit.words.t(match goal {
            Goal::Most => "layout-goal-most",
            Goal::Near => "layout-goal-near",
            Goal::Least => "layout-goal-least",
        })
    }

    /// The terms of a draft: each with what it is called.
    pub(crate) fn terms(&self, terms: &Terms) -> Vec<(String, String)> {
        let words = self.visit.words;
        let phase = |own: &layout::Phase| {
            words.with_both("fault-line", &own.year.to_string(), &self.yuan(own.budget))
        };
        let phases: Vec<String> = terms.phases.iter().map(phase).collect();
        let floor = match terms.worst {
            true => words.with("layout-floor-highest", &permille(terms.floor.into())),
            false => permille(terms.floor.into()),
        };
        let forced = terms.forced.iter().map(|(site, course)| {
            words.with_both("layout-course-line", &self.site(site).text, &self.course(course))
        });
        let barred = terms.barred.iter().map(|site| self.site(site).text);
        let listed = |all: Vec<String>| match all.is_empty() {
            true => words.t("layout-none"),
            false => all.join(words.comma()),
        };
        vec![
            (words.t("layout-goal"), self.goal(terms.goal)),
            (words.t("layout-reach"), self.metres(terms.reach)),
            (words.t("layout-money"), phases.join(words.comma())),
            (words.t("layout-until"), terms.until.to_string()),
            (words.t("layout-floor"), floor),
            (words.t("layout-forced"), listed(forced.collect())),
            (words.t("layout-barred"), listed(barred.collect())),
            (words.t("layout-seed"), terms.seed.to_string()),
        ]
    }

    /// A way, with the minutes it takes.
    pub(crate) fn metres(&self, metres: u64) -> String {
        let minutes = metres.checked_div(self.survey.travel().speed()).unwrap_or(0);
        self.visit.words.with_both("layout-metres", &metres.to_string(), &minutes.to_string())
    }

    /// How far it is reckoned to be, in words: what is assumed is said.
    pub(crate) fn travel(&self) -> String {
        let words = self.visit.words;
        match self.survey.travel() {
            Travel::Straight { detour, speed, .. } => {
                let detour = format!("{}.{:02}", detour / 1_000, detour % 1_000 / 10);
                words.with_both("layout-straight", &detour, &speed.to_string())
            }
            Travel::Table { source, .. } => words.with("layout-by-table", source),
        }
    }

    /// How people are served today and in a phase.
    pub(crate) fn round(&self, round: &Round) -> RoundRow {
        let words = self.visit.words;
        let worst = round.worst.and_then(|at| {
            let (area, own) = (self.survey.areas().get(at)?, round.areas.get(at)?);
            let link = self.link(&area.key, Of::Area);
            let text = words.with_both("layout-course-line", &link.text, &permille(own.met));
            Some(Link { text, ..link })
        });
        RoundRow {
            when: round.year.map_or_else(|| words.t("layout-today"), |year| year.to_string()),
            need: round.need.to_string(),
            places: round.places.to_string(),
            served: round.served.to_string(),
            missing: round.missing.to_string(),
            met: permille(round.met),
            worst,
            gini: fraction(round.gini),
        }
    }

    /// A draft in the list of all, beside the others.
    pub(crate) fn draft_row(&self, number: usize, draft: &Draft) -> DraftRow {
        let (terms, measured) = (draft.terms(), layout::measures(&self.survey, Some(draft)));
        let last = measured.rounds.last().map(|round| self.round(round));
        DraftRow {
            link: Link {
                href: self.to(&format!("/drafts/{number}")),
                text: self.visit.words.with("layout-draft", &number.to_string()),
            },
            goal: self.goal(terms.goal),
            floor: permille(terms.floor.into()),
            picks: draft.picks().len().to_string(),
            cost: self.yuan(self.costs(draft)),
            value: self.value(terms.goal, draft.value()),
            bound: self.value(terms.goal, draft.bound()),
            gap: gap(draft.gap_permillion()),
            last,
            adopted: self.adopted() == Some(number),
        }
    }

    /// What all picks of a draft cost, in yuan.
    pub(crate) fn costs(&self, draft: &Draft) -> i64 {
        let course = |pick: &layout::Pick| {
            let site = self.survey.sites().get(self.survey.site(&pick.site)?)?;
            site.courses.get(site.course(&pick.course)?)
        };
        draft.picks().iter().filter_map(course).map(|own| own.cost).sum()
    }

    /// An address below that of the plan.
    pub(crate) fn to(&self, rest: &str) -> String {
        self.visit.to(&format!("/layouts/{}{rest}", self.case.id))
    }

    /// Why there is no draft: a number, what it means and what to do next.
    pub(crate) fn refused(&self, unfit: &Unfit) -> Vec<Refused> {
        let words = self.visit.words;
        match unfit {
            Unfit::Faults(faults) => {
                let to = |text: base::Text| text.to(words.0).to_owned();
                let told = faults.iter().map(|own| Refused {
                    number: own.number(),
                    says: to(own.says()),
                    next: to(own.next()),
                });
                told.collect()
            }
            Unfit::Conflict(needs) => {
                let all: Vec<String> = needs.iter().map(|need| self.need(need)).collect();
                vec![Undrawn::Conflict.refused(words, &all.join(words.comma()))]
            }
            Unfit::Stopped => vec![Undrawn::Stopped.refused(words, "")],
        }
    }

    /// What was surveyed, line by line.
    pub(crate) fn survey_facts(&self) -> Vec<(String, String)> {
        let (words, survey) = (self.visit.words, &self.survey);
        let open = survey.sites().iter().filter(|own| own.now == 0).count();
        let people: u64 = survey.areas().iter().map(|own| own.people).sum();
        let line = |title: &str, value: String| (words.t(title), value);
        vec![
            line("layout-surveyed-on", survey.on().to_string()),
            line("layout-from", survey.taken_from().to_owned()),
            line("layout-digest", survey.digest()),
            line("layout-norm", words.with("layout-norm-of", &survey.norm().to_string())),
            line("layout-travel", self.travel()),
            line("layout-farthest", self.metres(survey.travel().reach())),
            line("layout-area-count", survey.areas().len().to_string()),
            line("layout-people", people.to_string()),
            line("layout-home-count", (survey.sites().len() - open).to_string()),
            line("layout-plot-count", open.to_string()),
            line("layout-refused-count", survey.refused().len().to_string()),
        ]
    }

    /// The terms of a draft and what it comes to, line by line.
    pub(crate) fn draft_facts(&self, reckoned: &Reckoned<'_>) -> Vec<(String, String)> {
        let (words, draft) = (self.visit.words, reckoned.draft);
        let goal = draft.terms().goal;
        let line = |title: &str, value: String| (words.t(title), value);
        let mut facts = self.terms(draft.terms());
        facts.extend([
            line("layout-site-count", draft.picks().len().to_string()),
            line("layout-cost", self.yuan(self.costs(draft))),
            line("layout-value", self.value(goal, draft.value())),
            line("layout-bound", self.value(goal, draft.bound())),
            line("layout-gap", gap(draft.gap_permillion())),
            line("layout-proof", words.n("layout-leaves", &draft.proof().prices.len())),
            line("layout-search-rounds", draft.rounds().to_string()),
            line("layout-travel", self.travel()),
            line("layout-survey-digest", draft.survey().to_owned()),
            line("layout-digest", draft.digest()),
        ]);
        facts
    }

    /// What the columns of the table by phases are.
    pub(crate) fn round_heads(&self) -> Vec<String> {
        let keys = [
            "layout-when",
            "layout-need",
            "layout-places",
            "layout-served",
            "layout-missing",
            "layout-met",
            "layout-worst",
            "layout-gini",
        ];
        keys.iter().map(|key| self.visit.words.t(key)).collect()
    }

    /// A demand of the terms, in words.
    fn need(&self, need: &Need) -> String {
        let words = self.visit.words;
        match need {
            Need::Floor { area, places } => {
                let area = self.link(area, Of::Area).text;
                words.with_both("layout-need-floor", &area, &places.to_string())
            }
            Need::Money { year, money } => {
                words.with_both("layout-need-money", &year.to_string(), &self.yuan(*money))
            }
            Need::Forced { site, course } => {
                let (site, course) = (self.site(site).text, self.course(course));
                words.with_both("layout-need-forced", &site, &course)
            }
            Need::Barred { site } => words.with("layout-need-barred", &self.site(site).text),
            Need::Reach { metres } => words.with("layout-need-reach", &metres.to_string()),
        }
    }
}
