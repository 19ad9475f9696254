//! What happened in a case, entry by entry, in words.

use base::Name;
use kernel::{
    Actor, Entry, PartyId,
    case::Speaks,
    ledger::{Act, Migrated, Turned},
};

use super::{Reading, short};
use crate::web::{
    pages::{case::Event, steps::step},
    question::title_of,
    shown::Shown,
    words::Words,
};

impl Reading<'_> {
    pub(super) fn event(&self, entry: &Entry) -> Event {
        let then = Shown { day: self.shown.pack.zone.day_of(entry.at), ..self.shown };
        Event {
            number: entry.number.0,
            at: self.shown.moment(entry.at),
            cited: self.notice(&entry.act).map(|basis| then.cited(basis)).into_iter().collect(),
            who: self.who(then, &entry.by),
            what: self.what(then, &entry.act, &entry.by),
            reasons: reasons(&entry.act).to_owned(),
        }
    }

    pub(super) fn who(&self, then: Shown<'_>, actor: &Actor) -> String {
        let speaks = match (actor, &self.case.speaks) {
            (Actor::Party(party), Speaks::Agent(person)) if party == person => "who-agent",
            (Actor::Party(party), Speaks::Guardian(person)) if party == person => "who-guardian",
            _ => "",
        };
        match actor {
            Actor::Party(_) if !speaks.is_empty() => then.words.t(speaks),
            Actor::Party(_) if self.procedure.against.is_some() => then.words.t("party-against"),
            Actor::Party(_) => then.words.t("who-applicant"),
            Actor::Officer(_, body) => then.body(body),
            Actor::Clock => then.words.t("who-clock"),
        }
    }

    pub(super) fn what(&self, then: Shown<'_>, act: &Act, by: &Actor) -> String {
        let words = then.words;
        match act {
            Act::Filed(_) => words.t("act-filed"),
            Act::Chose(chose) => {
                let key = if *by == Actor::Clock { "act-deemed" } else { "act-chose" };
                let outcome = self.outcome(&chose.step, &chose.outcome);
                words.with_both(key, &step(then, self.procedure, &chose.step), &outcome)
            }
            Act::Answered(given) => {
                let key = if *by == Actor::Clock { "act-deemed" } else { "act-chose" };
                let (part, answer) = self.opinion_titles(&given.step, &given.part, &given.answer);
                words.with_both(key, &part, &answer)
            }
            Act::Stopped(stopped) => words.with("act-stopped", &then.ground(stopped.ground)),
            Act::Resumed(_) if *by == Actor::Clock => words.t("act-stop-over"),
            Act::Resumed(_) => words.t("act-resumed"),
            Act::Extended(_) => words.t("act-extended"),
            Act::Charged(charged) => match charged.amount {
                Some(fen) => words.with("act-charged", &fen.to_string()),
                None => words.t("act-waived"),
            },
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
            Act::Served(served) => {
                let number = served.decision.0.to_string();
                words.with_both("act-served", &number, &self.service(served))
            }
            Act::RecusalAsked(asked) => {
                words.with("act-recusal-asked", &self.officer(asked.officer))
            }
            Act::Recused(recused) => {
                let key = if recused.aside { "act-recused" } else { "act-not-recused" };
                words.with(key, &self.officer(recused.officer))
            }
            Act::Assigned(assigned) => self.given_to(words, assigned.to),
            Act::Drafted(own) => words.with("act-drafted", &step(then, self.procedure, &own.step)),
            Act::Turned(turned) => {
                let course = self.course(turned);
                words.with_both("act-turned", &step(then, self.procedure, &turned.step), course)
            }
            Act::Handled(change) => words.with("act-handled", self.register(&change.register)),
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
            Act::Away(_) => words.t("act-away"),
            Act::Migrated(migrated) => {
                words.with_both("act-migrated", &short(migrated.pack), &self.plan(migrated))
            }
        }
    }

    /// To whom the case was given.
    fn given_to(&self, words: Words, officer: Option<PartyId>) -> String {
        match officer {
            Some(officer) => words.with("act-assigned", &self.officer(officer)),
            None => words.t("act-unassigned"),
        }
    }

    /// What the course is called that the case took at a turn.
    fn course<'t>(&'t self, turned: &'t Turned) -> &'t str {
        let turn = self.procedure.turn(turned.step.as_str());
        let mut courses = turn.into_iter().flat_map(|turn| &turn.courses);
        let taken = courses.find(|(name, _)| *name == turned.course);
        taken.map_or(turned.course.as_str(), |(_, course)| course.title.to(self.shown.words.0))
    }

    /// What a register is called.
    fn register<'t>(&'t self, name: &'t Name) -> &'t str {
        let register = self.shown.pack.registers.get(name);
        register.map_or(name.as_str(), |register| register.title.to(self.shown.words.0))
    }

    /// What the plan is called by which the case moved.
    pub(super) fn plan(&self, migrated: &Migrated) -> String {
        let pack = self.shown.pack;
        let plan = pack.migrations.get(&migrated.migration).filter(|_| pack.hash == migrated.pack);
        let title = plan.map(|plan| plan.title.to(self.shown.words.0).to_owned());
        title.unwrap_or_else(|| migrated.migration.to_string())
    }

    pub(super) fn outcome(&self, step: &Name, outcome: &Name) -> String {
        let found = self.procedure.outcome(step, outcome);
        let title = found.map(|outcome| outcome.title.to(self.shown.words.0).to_owned());
        title.unwrap_or_else(|| outcome.to_string())
    }

    /// What a part of a review, and an answer to it, are called.
    pub(super) fn opinion_titles(
        &self,
        step: &Name,
        part: &Name,
        answer: &Name,
    ) -> (String, String) {
        let language = self.shown.words.0;
        let review = self.procedure.review(step.as_str());
        let asked = review.and_then(|review| review.part(part)).map(|p| p.title.to(language));
        let given = review.and_then(|review| review.answer(answer)).map(|a| a.title.to(language));
        (asked.unwrap_or(part.as_str()).to_owned(), given.unwrap_or(answer.as_str()).to_owned())
    }

    pub(super) fn items(&self, items: &[String]) -> String {
        let titles = items.iter().map(|item| title_of(self.shown, self.procedure, item));
        titles.collect::<Vec<_>>().join(self.shown.words.comma())
    }
}

pub(super) fn reasons(act: &Act) -> &str {
    match act {
        Act::Chose(chose) => &chose.reasons,
        Act::Answered(given) => &given.reasons,
        Act::Stopped(stopped) => &stopped.reasons,
        Act::Extended(extended) => &extended.reasons,
        Act::SupplementAsked(asked) => &asked.reasons,
        Act::Withdrew(reasons) | Act::Resumed(reasons) => reasons,
        Act::Appealed(appealed) => &appealed.grounds,
        Act::Ruled(ruled) => &ruled.reasons,
        Act::Corrected(corrected) => &corrected.reasons,
        Act::Served(served) => &served.proof,
        Act::RecusalAsked(asked) => &asked.grounds,
        Act::Recused(recused) => &recused.reasons,
        Act::Filed(_)
        | Act::Supplied(_)
        | Act::RanOut(_)
        | Act::Decided(_)
        | Act::CalendarAdopted(_)
        | Act::Redated(_)
        | Act::Charged(_)
        | Act::Turned(_)
        | Act::Handled(_)
        | Act::Assigned(_)
        | Act::Drafted(_)
        | Act::Migrated(_)
        | Act::Away(_)
        | Act::PackAdopted(_) => "",
    }
}
