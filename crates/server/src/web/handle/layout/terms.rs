//! The terms of a draft as somebody types them.

use base::Name;
use layout::{Fault, Goal, Phase, Terms};

use crate::web::{
    components::text_input::{Kind, TextInput},
    fault::Refused,
    pages::layout::TermsForm,
    planned::Planned,
    posted::Posted,
    question::{FaultLine, Offered},
    session::random,
    words::Words,
};

/// How many years are asked for.
const PHASES: [(&str, &str); 4] =
    [("year-1", "money-1"), ("year-2", "money-2"), ("year-3", "money-3"), ("year-4", "money-4")];
/// How long may be looked, in seconds.
const SECONDS: [u64; 4] = [10, 60, 300, 900];
/// Yuan in what money is typed in.
const TEN_THOUSAND: i64 = 10_000;

/// What was typed, with what is wrong with it.
#[derive(Debug, Default)]
pub(in crate::web) struct Typed {
    goal: String,
    reach: String,
    phases: Vec<(String, String)>,
    until: String,
    floor: String,
    worst: bool,
    forced: String,
    barred: String,
    seconds: String,
    faults: Vec<FaultLine>,
    refused: Vec<Refused>,
}

impl Typed {
    /// What stands in the form at first: the terms of the last draft, or a year's beginning.
    pub(super) fn begun(planned: &Planned) -> Self {
        let Some(last) = planned.drafts.last() else {
            let year = planned.survey.on().year();
            return Self {
                goal: Goal::Most.word().to_owned(),
                reach: planned.survey.travel().reach().to_string(),
                phases: vec![((year + 1).to_string(), String::new())],
                until: (year + 6).to_string(),
                floor: "0".to_owned(),
                seconds: "60".to_owned(),
                ..Self::default()
            };
        };
        let terms = last.terms();
        let phase = |own: &Phase| (own.year.to_string(), (own.budget / TEN_THOUSAND).to_string());
        let forced = terms.forced.iter().map(|(site, course)| format!("{site} {course}"));
        Self {
            goal: terms.goal.word().to_owned(),
            reach: terms.reach.to_string(),
            phases: terms.phases.iter().map(phase).collect(),
            until: terms.until.to_string(),
            floor: (terms.floor / 10).to_string(),
            worst: terms.worst,
            forced: forced.collect::<Vec<_>>().join("\n"),
            barred: terms.barred.join("\n"),
            seconds: "60".to_owned(),
            ..Self::default()
        }
    }

    /// What a form says.
    pub(super) fn of(posted: &Posted) -> Self {
        let one = |name: &str| posted.one(name).to_owned();
        Self {
            goal: one("goal"),
            reach: one("reach"),
            phases: PHASES.iter().map(|(year, money)| (one(year), one(money))).collect(),
            until: one("until"),
            floor: one("floor"),
            worst: posted.one("worst") == "yes",
            forced: one("forced"),
            barred: one("barred"),
            seconds: one("seconds"),
            ..Self::default()
        }
    }

    /// How long is looked, in seconds.
    pub(super) fn seconds(&self) -> u64 {
        let asked = self.seconds.parse().ok();
        asked.filter(|asked| SECONDS.contains(asked)).unwrap_or(60)
    }

    /// The terms; nothing where an answer cannot be read, which is then noted.
    pub(super) fn terms(&mut self, planned: &Planned) -> Option<Terms> {
        let goal = Goal::of(&self.goal).unwrap_or(Goal::Most);
        let reach = self.number(planned, "reach", &self.reach.clone());
        let until = self.number(planned, "until", &self.until.clone());
        let floor = self.number(planned, "floor", &self.floor.clone());
        let phases = self.read_phases(planned);
        let forced = self.read_forced(planned);
        let barred = self.barred.lines().map(str::trim).filter(|line| !line.is_empty());
        let barred = barred.map(str::to_owned).collect();
        if !self.faults.is_empty() {
            return None;
        }
        let short = |number: u64| u16::try_from(number).unwrap_or(u16::MAX);
        Some(Terms {
            goal,
            reach: reach?,
            phases,
            until: short(until?),
            floor: short(floor?.saturating_mul(10)),
            worst: self.worst,
            forced,
            barred,
            seed: 1,
        })
    }

    fn number(&mut self, planned: &Planned, name: &str, typed: &str) -> Option<u64> {
        let number = typed.trim().parse().ok();
        if number.is_none() {
            let text = planned.visit.words.t("layout-not-a-number");
            self.faults.push(FaultLine { href: format!("#{name}"), text });
        }
        number
    }

    /// Years with their money; a line that is left empty is none.
    fn read_phases(&mut self, planned: &Planned) -> Vec<Phase> {
        let typed = self.phases.clone();
        let mut phases = Vec::new();
        for ((year, money), (own, sum)) in typed.iter().zip(PHASES) {
            if year.trim().is_empty() && money.trim().is_empty() {
                continue;
            }
            let year = self.number(planned, own, year);
            let money = self.number(planned, sum, money);
            if let Some((year, money)) = year.zip(money) {
                let budget = i64::try_from(money).unwrap_or(i64::MAX);
                phases.push(Phase {
                    year: u16::try_from(year).unwrap_or(u16::MAX),
                    budget: budget.saturating_mul(TEN_THOUSAND),
                });
            }
        }
        phases
    }

    /// Sites that must be used, one a line: the site and the course, parted by a blank.
    fn read_forced(&mut self, planned: &Planned) -> Vec<(String, Name)> {
        let mut forced = Vec::new();
        for line in self.forced.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let read = line.rsplit_once(char::is_whitespace);
            let read = read.and_then(|(site, course)| Some((site, Name::new(course).ok()?)));
            match read {
                Some((site, course)) => forced.push((site.trim().to_owned(), course)),
                None => {
                    let text = planned.visit.words.with("layout-not-forced", line);
                    self.faults.push(FaultLine { href: "#forced".to_owned(), text });
                }
            }
        }
        forced
    }

    /// Notes what is wrong with the terms.
    pub(super) fn refuse(&mut self, planned: &Planned, faults: &[Fault]) {
        let language = planned.visit.words.0;
        self.refused.extend(faults.iter().map(|own| Refused {
            number: own.number(),
            says: own.says().to(language).to_owned(),
            next: own.next().to(language).to_owned(),
        }));
    }

    /// Notes that as many drafts as can be are being drawn up.
    pub(super) fn busy(&mut self, planned: &Planned) {
        let text = planned.visit.words.t("layout-busy");
        self.faults.push(FaultLine { href: "#new".to_owned(), text });
    }

    /// The form.
    pub(super) fn form(self, planned: &Planned) -> TermsForm {
        let (frame, words) = (planned.visit.frame(), planned.visit.words);
        let fault = |name: &str| {
            let own = self.faults.iter().find(|own| own.href.strip_prefix('#') == Some(name));
            own.map(|own| own.text.clone()).unwrap_or_default()
        };
        let line = |name: &'static str, (label, hint): (&str, &str), value: &str| {
            let line = frame.number_line(name, label, hint, value);
            TextInput { error: fault(name), ..line }
        };
        let goals = [Goal::Most, Goal::Near, Goal::Least].map(|goal| Offered {
            value: goal.word().to_owned(),
            title: planned.goal(goal),
            chosen: goal.word() == self.goal,
        });
        let seconds = SECONDS.map(|seconds| Offered {
            value: seconds.to_string(),
            title: words.n("layout-seconds-many", &seconds),
            chosen: seconds == self.seconds(),
        });
        let phase = |name: &'static str, label: String, value: &str| TextInput {
            told_at: "phases-hint",
            error: fault(name),
            ..TextInput::new(name, Kind::Number, &label, value)
        };
        let typed = |at: usize| self.phases.get(at).cloned().unwrap_or_default();
        let phases = PHASES.iter().enumerate().map(|(at, (year, money))| {
            let (own, sum) = typed(at);
            let number = (at + 1).to_string();
            let (from, yuan) = ("layout-phase-year", "layout-phase-money");
            let from = phase(year, words.with(from, &number), &own);
            (from, phase(money, words.with(yuan, &number), &sum))
        });
        TermsForm {
            action: planned.visit.to(&format!("/cases/{}/drafting", planned.case.id)),
            key: random(),
            goals: goals.to_vec(),
            seconds: seconds.to_vec(),
            reach: line("reach", ("layout-reach", "layout-reach-hint"), &self.reach),
            phases: phases.collect(),
            until: line("until", ("layout-until", "layout-until-hint"), &self.until),
            floor: line("floor", ("layout-floor", "layout-floor-hint"), &self.floor),
            worst: self.worst,
            forced: self.forced.clone(),
            barred: self.barred.clone(),
            refused: self.refused.clone(),
            faults: self.faults.iter().map(|own| named(words, own)).collect(),
        }
    }
}

/// What is wrong with an answer, with what was asked: what is listed above a form is read without
/// it.
fn named(words: Words, own: &FaultLine) -> FaultLine {
    let name = own.href.trim_start_matches('#');
    let phase = |(year, money): (&str, &str), number: usize| {
        let number = number.to_string();
        match name {
            _ if name == year => Some(words.with("layout-phase-year", &number)),
            _ if name == money => Some(words.with("layout-phase-money", &number)),
            _ => None,
        }
    };
    let asked = match name {
        "reach" => Some(words.t("layout-reach")),
        "until" => Some(words.t("layout-until")),
        "floor" => Some(words.t("layout-floor")),
        _ => PHASES.into_iter().zip(1..).find_map(|(own, number)| phase(own, number)),
    };
    let text = match asked {
        Some(asked) => words.with_both("fault-line", &asked, &own.text),
        None => own.text.clone(),
    };
    FaultLine { text, ..own.clone() }
}
