//! A case as read by one of those who may: from the case, its pack and its history to the page.

use std::collections::BTreeMap;

use base::{Date, Name, Term};
use kernel::{Actor, Case, Deadline, Entry, Standing, decide::case_facts, ledger::Act};
use pack::model::{Mode, Procedure, Step};
use rules::{Value, Verdict};

use super::{
    app::People,
    frame::{Frame, Link},
    pages::{
        case::{CasePage, ClockView, ConditionView, DecisionView, Event, Fact, PaperView, Section},
        service::{end, mode, step},
    },
    question::title_of,
    session::hex,
    shown::Shown,
};

/// A case with what its page is made from.
pub(crate) struct Reading<'a> {
    /// The pack that rules the case, in the reader's language and on this day.
    pub(crate) shown: Shown<'a>,
    /// Its procedure.
    pub(crate) procedure: &'a Procedure,
    /// The case.
    pub(crate) case: &'a Case,
    /// Its entries.
    pub(crate) history: &'a [Entry],
    /// The persons whose names may be shown.
    pub(crate) people: &'a People,
    /// Personal details that the reader has just asked for.
    pub(crate) revealed: BTreeMap<String, String>,
}

impl Reading<'_> {
    /// The page, without anything to do.
    pub(crate) fn page(&self, frame: Frame, key: String) -> CasePage {
        let case = self.case;
        CasePage {
            id: case.id.to_string(),
            service: super::pages::service::Listed::of(self.shown, self.procedure).link,
            action: frame.to(&format!("/cases/{}", case.id)),
            frame,
            key,
            done: String::new(),
            refused: Vec::new(),
            faults: Vec::new(),
            standing: standing(self.shown, self.procedure, &case.standing),
            clock: clock(self.shown, &case.standing).into_iter().collect(),
            applicant: self.applicant(),
            body: self.shown.body(&case.body),
            filed_at: self.shown.moment(case.filed_at),
            entry: self.entry(),
            sections: self.sections(),
            papers: self.papers(),
            conditions: self.conditions(),
            decisions: self.decisions(),
            history: self.history.iter().map(|entry| self.event(entry)).collect(),
            acts: Vec::new(),
        }
    }

    fn applicant(&self) -> String {
        let own = |person: &&super::app::Person| match &person.role {
            super::app::Role::Applicant { party } => *party == self.case.applicant,
            super::app::Role::Officer { party, .. } => *party == self.case.applicant,
        };
        let person = self.people.0.iter().find(own);
        match person {
            Some(person) => person.name.to(self.shown.words.0).to_owned(),
            None => self.shown.words.t("who-applicant"),
        }
    }

    /// The entry the case made, and its certificates where the deciding steps issue any.
    fn entry(&self) -> Vec<Link> {
        let Some(entry) = &self.case.entry else { return Vec::new() };
        let Some(register) = self.shown.pack.registers.get(&entry.register) else {
            return Vec::new();
        };
        let language = self.shown.words.0;
        let code = self.shown.words.code();
        let own = format!("{}/{}", entry.register, entry.key);
        let mut links = vec![Link {
            href: format!("/{code}/registers/{own}"),
            text: format!("{} {}", register.title.to(language), entry.key),
        }];
        for made in &self.case.decisions {
            let Some(Step::Decision(decision)) = self.procedure.steps.get(&made.step) else {
                continue;
            };
            let issued =
                decision.issues.as_ref().and_then(|n| register.certificates.get_key_value(n));
            links.extend(issued.map(|(name, certificate)| Link {
                href: format!("/{code}/certificates/{own}?kind={name}"),
                text: certificate.title.to(language).to_owned(),
            }));
        }
        links
    }

    fn sections(&self) -> Vec<Section> {
        let section = |section: &pack::model::Section| Section {
            title: section.title.to(self.shown.words.0).to_owned(),
            facts: section.fields.iter().filter_map(|field| self.fact(field)).collect(),
        };
        self.procedure.form.iter().map(section).collect()
    }

    fn fact(&self, field: &pack::model::Field) -> Option<Fact> {
        let value = self.case.facts.get(&field.path)?;
        let revealed = self.revealed.get(&field.path);
        let sealed = *value == Value::Sealed && revealed.is_none();
        Some(Fact {
            title: field.title.to(self.shown.words.0).to_owned(),
            text: match revealed {
                Some(text) => text.clone(),
                None => self.shown.value(&field.input, value),
            },
            sealed: if sealed { field.path.clone() } else { String::new() },
        })
    }

    fn papers(&self) -> Vec<PaperView> {
        let code = self.shown.words.code();
        let paper = |(name, paper): (&Name, &kernel::ledger::Paper)| PaperView {
            title: title_of(self.shown, self.procedure, name.as_str()),
            how: mode(self.shown, paper.mode),
            href: match paper.mode {
                Mode::Upload => format!("/{code}/cases/{}/papers/{name}", self.case.id),
                Mode::Shared => String::new(),
            },
            digest: hex(&paper.digest).chars().take(12).collect(),
        };
        self.case.materials.iter().map(paper).collect()
    }

    fn conditions(&self) -> Vec<ConditionView> {
        let facts = case_facts(self.shown.pack, self.case, self.shown.day);
        let words = self.shown.words;
        let condition = |requirement: &pack::model::Requirement| {
            let (verdict, mark) = match requirement.verdict(&facts) {
                Verdict::True => (words.t("verdict-met"), "good"),
                Verdict::False => (words.t("verdict-not-met"), "bad"),
                Verdict::Undetermined { missing } => {
                    let missing = missing.iter();
                    let titles = missing.map(|item| title_of(self.shown, self.procedure, item));
                    let titles = titles.collect::<Vec<_>>().join(words.comma());
                    (words.with("verdict-open", &titles), "open")
                }
            };
            let says = requirement.says.to(words.0).to_owned();
            ConditionView { says, verdict, mark, cited: self.shown.cited(&requirement.basis) }
        };
        self.procedure.requires.iter().map(condition).collect()
    }

    fn decisions(&self) -> Vec<DecisionView> {
        let made = self.case.decisions.iter();
        made.filter_map(|made| match self.procedure.steps.get(&made.step) {
            Some(Step::Decision(decision)) => Some(DecisionView {
                title: decision.title.to(self.shown.words.0).to_owned(),
                notice: decision.notice.to(self.shown.words.0).to_owned(),
                at: self.shown.moment(made.at),
                number: self.shown.number(made.number),
                remedies: made.remedies.iter().map(|(n, due)| self.remedy(n, *due)).collect(),
            }),
            _ => None,
        })
        .collect()
    }

    /// A remedy with its last day.
    pub(crate) fn remedy(&self, name: &Name, due: Deadline) -> String {
        let key = if due.provisional { "remedy-until-provisional" } else { "remedy-until" };
        let on = due.on.to_string();
        self.shown.words.with_both(key, &self.remedy_title(name), &on)
    }

    /// What a remedy is called.
    pub(crate) fn remedy_title(&self, name: &Name) -> String {
        let remedy = self.shown.pack.remedies.get(name);
        remedy.map_or_else(|| name.to_string(), |r| r.title.to(self.shown.words.0).to_owned())
    }

    fn event(&self, entry: &Entry) -> Event {
        let then = Shown { day: self.shown.pack.zone.day_of(entry.at), ..self.shown };
        Event {
            number: entry.number.0,
            at: self.shown.moment(entry.at),
            who: self.who(then, &entry.by),
            what: self.what(then, &entry.act, &entry.by),
            reasons: reasons(&entry.act).to_owned(),
        }
    }

    fn who(&self, then: Shown<'_>, actor: &Actor) -> String {
        match actor {
            Actor::Party(_) => then.words.t("who-applicant"),
            Actor::Officer(_, body) => then.body(body),
            Actor::Clock => then.words.t("who-clock"),
        }
    }

    fn what(&self, then: Shown<'_>, act: &Act, by: &Actor) -> String {
        let words = then.words;
        match act {
            Act::Filed(_) => words.t("act-filed"),
            Act::Chose(chose) => {
                let key = if *by == Actor::Clock { "act-deemed" } else { "act-chose" };
                let outcome = self.outcome(&chose.step, &chose.outcome);
                words.with_both(key, &step(then, self.procedure, &chose.step), &outcome)
            }
            Act::SupplementAsked(asked) => words.with("act-asked", &self.items(&asked.items)),
            Act::Supplied(supplied) => {
                let papers = supplied.materials.keys().map(Name::to_string);
                let items: Vec<String> = supplied.facts.keys().cloned().chain(papers).collect();
                words.with("act-supplied", &self.items(&items))
            }
            Act::RanOut(stage) => words.with("act-ran-out", &step(then, self.procedure, stage)),
            Act::Decided(decided) => {
                words.with("act-decided", &step(then, self.procedure, &decided.step))
            }
            Act::Served(served) => words.with("act-served", &served.decision.0.to_string()),
            Act::Withdrew(_) => words.t("act-withdrew"),
            Act::Appealed(appealed) => words.with_both(
                "act-appealed",
                &self.remedy_title(&appealed.remedy),
                &then.body(&appealed.heard_by),
            ),
            Act::Ruled(ruled) if ruled.upheld => words.t("act-ruled-for"),
            Act::Ruled(_) => words.t("act-ruled-against"),
            Act::Corrected(_) => words.t("act-corrected"),
            Act::Redated(due) => words.with("act-redated", &due.on.to_string()),
            Act::CalendarAdopted(_) => words.t("act-calendar"),
            Act::PackAdopted(_) => words.t("act-pack"),
        }
    }

    fn outcome(&self, stage: &Name, outcome: &Name) -> String {
        let found = self.procedure.stage(stage.as_str()).and_then(|stage| stage.outcome(outcome));
        let title = found.map(|outcome| outcome.title.to(self.shown.words.0).to_owned());
        title.unwrap_or_else(|| outcome.to_string())
    }

    fn items(&self, items: &[String]) -> String {
        let titles = items.iter().map(|item| title_of(self.shown, self.procedure, item));
        titles.collect::<Vec<_>>().join(self.shown.words.comma())
    }
}

fn reasons(act: &Act) -> &str {
    match act {
        Act::Chose(chose) => &chose.reasons,
        Act::SupplementAsked(asked) => &asked.reasons,
        Act::Withdrew(reasons) => reasons,
        Act::Appealed(appealed) => &appealed.grounds,
        Act::Ruled(ruled) => &ruled.reasons,
        Act::Corrected(corrected) => &corrected.reasons,
        Act::Filed(_)
        | Act::Supplied(_)
        | Act::RanOut(_)
        | Act::Decided(_)
        | Act::Served(_)
        | Act::CalendarAdopted(_)
        | Act::Redated(_)
        | Act::PackAdopted(_) => "",
    }
}

/// How a case stands, in words.
pub(crate) fn standing(shown: Shown<'_>, procedure: &Procedure, standing: &Standing) -> String {
    match standing {
        Standing::At { step: at, .. } => {
            shown.words.with("standing-at", &step(shown, procedure, at))
        }
        Standing::Supplementing { .. } => shown.words.t("standing-supplementing"),
        Standing::Ended { end: at } => {
            shown.words.with("standing-ended", &end(shown, procedure, at))
        }
        Standing::Challenged { .. } => shown.words.t("standing-challenged"),
        Standing::Withdrawn => shown.words.t("standing-withdrawn"),
    }
}

fn clock(shown: Shown<'_>, standing: &Standing) -> Option<ClockView> {
    let (from, term, due, stopped) = match standing {
        Standing::At { counted_from, term, due, .. }
        | Standing::Challenged { counted_from, term, due, .. } => {
            (*counted_from, *term, *due, String::new())
        }
        Standing::Supplementing { counted_from, term, due, left, .. } => {
            (*counted_from, *term, *due, kept(shown, *left))
        }
        Standing::Ended { .. } | Standing::Withdrawn => return None,
    };
    Some(ClockView {
        due_on: due.on.to_string(),
        left: days_left(shown, due.on),
        late: due.on < shown.day,
        account: account(shown, from, term),
        provisional: due.provisional,
        stopped,
    })
}

/// From which day the term counts, and how long it is.
fn account(shown: Shown<'_>, from: Date, term: Term) -> String {
    let from = from.to_string();
    if term == Term::on_the_spot() {
        return shown.words.with("clock-on-the-spot", &from);
    }
    shown.words.with_both("clock-account", &from, &shown.term(term))
}

fn kept(shown: Shown<'_>, left: Term) -> String {
    shown.words.with("clock-stopped", &shown.term(left))
}

/// How many days are left until a day, or how many it is past.
pub(crate) fn days_left(shown: Shown<'_>, due_on: Date) -> String {
    match shown.day.days_until(due_on) {
        0 => shown.words.t("due-today"),
        days if days > 0 => shown.words.n("days-left", &days),
        days => shown.words.n("days-over", &days.saturating_neg()),
    }
}
