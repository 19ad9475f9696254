//! One run of `decide`: the case as it changes, and the entries written so far.

use std::collections::BTreeMap;

use base::{Date, Name, Term, Zone};
use pack::model::{By, Decision, Pack, Procedure, Review, Section, Stage, Step, Target, Turn};
use rules::{Facts, Value};

use super::{
    Changes, Moment, Snapshot, bodies, effect,
    facts::{CaseFacts, Look},
    fee, live_facts,
    recuse::{may_speak, stands_aside},
};
use crate::{
    case::{Case, Deadline, Held, Part, Running, Speaks, Standing},
    form,
    ledger::{Act, Actor, BodyId, Charged, Entry, EntryNumber, OnCase, Turned},
    refusal::Refusal,
};

/// What a case passes on its way to where somebody is awaited.
enum Passed<'a> {
    /// A decision that takes effect.
    Decision(&'a Name, &'a Decision),
    /// A fee that is charged, or waived.
    Charge(Charged),
    /// A turn, with the course taken.
    Turn(Turned),
}

/// A case in the hands of one command.
pub(super) struct Run<'a> {
    pub(super) pack: &'a Pack,
    pub(super) procedure: &'a Procedure,
    pub(super) snapshot: Snapshot<'a>,
    pub(super) actor: &'a Actor,
    pub(super) moment: Moment,
    pub(super) case: Case,
    pub(super) entries: Vec<Entry>,
}

/// Whether somebody stands in a case as its applicant: the party itself or who speaks for it, or an
/// officer of the body that filed it on its own behalf.
pub fn applies(procedure: &Procedure, case: &Case, actor: &Actor) -> bool {
    match (actor, &case.speaks) {
        (Actor::Party(party), Speaks::Agent(person) | Speaks::Guardian(person)) => {
            *party == case.applicant || party == person
        }
        (Actor::Party(party), _) => *party == case.applicant,
        (Actor::Officer(officer, body), Speaks::Counter(counter)) => {
            body == counter && may_speak(case, *officer)
        }
        (Actor::Officer(_, body), _) => {
            procedure.against.is_none() && case.filed_by.as_ref() == Some(body)
        }
        (Actor::Clock, _) => false,
    }
}

/// The term of a stage that begins today, ended by its day where that comes first.
pub(super) fn ended_by_its_day(
    runs: Running,
    stage: &Stage,
    facts: &dyn Facts,
    today: Date,
    zone: &Zone,
) -> Result<Running, Refusal> {
    let Some(until) = &stage.until else { return Ok(runs) };
    match until.value(facts) {
        Some(Value::Date(day)) => Ok(runs.until(day, today, zone)),
        _ => Err(Refusal::PackFault(until.source().to_owned())),
    }
}

impl<'a> Run<'a> {
    /// A run on an open case.
    pub(super) fn on(
        pack: &'a Pack,
        snapshot: Snapshot<'a>,
        case: &Case,
        actor: &'a Actor,
        moment: Moment,
    ) -> Result<Self, Refusal> {
        let procedure = pack
            .procedures
            .get(&case.procedure)
            .ok_or_else(|| Refusal::NoSuchProcedure(case.procedure.to_string()))?;
        let case = case.clone();
        Ok(Self { pack, procedure, snapshot, actor, moment, case, entries: Vec::new() })
    }

    /// The facts of the case as they are now.
    pub(super) fn facts(&self) -> CaseFacts<'_> {
        live_facts(self.pack, &self.case, self.snapshot.entries, self.moment)
    }

    /// The day on which the command is decided.
    pub(super) fn today(&self) -> Date {
        self.pack.zone.day_of(self.moment.at)
    }

    /// The number the next entry will have.
    pub(super) fn next(&self) -> EntryNumber {
        self.entries.last().map_or(self.moment.next, |entry| entry.number.next())
    }

    /// Writes an act after which the case stands as given.
    pub(super) fn write(&mut self, act: Act, standing: Standing) {
        let entry = Entry {
            number: self.next(),
            at: self.moment.at,
            by: self.actor.clone(),
            case: Some(OnCase { id: self.case.id, standing }),
            act,
        };
        if let Some(case) = Case::fold(Some(self.case.clone()), &entry) {
            self.case = case;
        }
        self.entries.push(entry);
    }

    /// What the run has changed.
    pub(super) fn finish(self) -> Changes {
        Changes { entries: self.entries, case: self.case }
    }

    /// Writes `act`, then carries out what is passed on the way to `target` and stands there.
    pub(super) fn go(&mut self, act: Act, target: &'a Target) -> Result<(), Refusal> {
        let (passed, standing) = self.follow(&act, target)?;
        self.write(act, standing.clone());
        self.pass(passed, &standing)
    }

    /// Opens the case with `act`, which files it, and goes on to where it begins. The case so far
    /// stands as if it had just come there.
    pub(super) fn begin(&mut self, act: Act, begins: &'a Target) -> Result<(), Refusal> {
        let (passed, standing) = self.follow(&act, begins)?;
        let on = OnCase { id: self.case.id, standing: standing.clone() };
        let (number, at, by) = (self.next(), self.moment.at, self.actor.clone());
        let filed = Entry { number, at, by, case: Some(on), act };
        let opened = Case::fold(None, &filed);
        self.case = opened.ok_or_else(|| Refusal::PackFault(self.procedure.name.to_string()))?;
        self.entries.push(filed);
        self.pass(passed, &standing)
    }

    fn pass(&mut self, passed: Vec<Passed<'a>>, standing: &Standing) -> Result<(), Refusal> {
        for passed in passed {
            match passed {
                Passed::Decision(name, decision) => {
                    effect::carry_out(self, name, decision, standing)?;
                }
                Passed::Charge(charged) => self.write(Act::Charged(charged), standing.clone()),
                Passed::Turn(turned) => self.write(Act::Turned(turned), standing.clone()),
            }
        }
        Ok(())
    }

    /// What is passed on the way to `target`, and where the case stands afterwards.
    fn follow(
        &self,
        act: &Act,
        target: &'a Target,
    ) -> Result<(Vec<Passed<'a>>, Standing), Refusal> {
        let mut passed = Vec::new();
        let mut target = target;
        for _ in 0..=self.procedure.steps.len() {
            match target {
                Target::End(end) => return Ok((passed, Standing::Ended { end: end.clone() })),
                Target::Step(name) => match self.procedure.steps.get_key_value(name) {
                    Some((name, Step::Stage(stage))) => {
                        let (charge, runs) = self.arrives(act, name, stage)?;
                        let waived = charge.as_ref().is_some_and(|c| c.amount.is_none());
                        passed.extend(charge.map(Passed::Charge));
                        match stage.collects.as_ref().and_then(|c| c.waived.as_ref()) {
                            Some(further) if waived => target = further,
                            _ => return Ok((passed, Standing::At { step: name.clone(), runs })),
                        }
                    }
                    Some((name, Step::Review(review))) => {
                        return Ok((passed, self.reviewing(name.clone(), review)));
                    }
                    Some((name, Step::Turn(turn))) => {
                        let (course, further) = self.turns(act, turn)?;
                        passed.push(Passed::Turn(Turned { step: name.clone(), course }));
                        target = further;
                    }
                    Some((name, Step::Decision(decision))) => {
                        passed.push(Passed::Decision(name, decision));
                        target = &decision.then;
                    }
                    None => return Err(Refusal::PackFault(name.to_string())),
                },
            }
        }
        Err(Refusal::PackFault(self.procedure.name.to_string()))
    }

    /// The case with what an act fills in, before it is written.
    fn after(&self, act: &Act) -> Case {
        let mut case = self.case.clone();
        match act {
            Act::Chose(chose) => case.facts.extend(chose.facts.clone()),
            Act::Answered(answered) => case.note_answer(answered),
            _ => {}
        }
        case
    }

    /// The course that the case takes at a turn, and where it leads. What the act fills in counts
    /// already.
    fn turns(&self, act: &Act, turn: &'a Turn) -> Result<(Name, &'a Target), Refusal> {
        let case = self.after(act);
        let facts = live_facts(self.pack, &case, self.snapshot.entries, self.moment);
        let course = turn.course(&facts);
        let (name, course) = course.ok_or_else(|| Refusal::TurnUnknown(turn.title.clone()))?;
        Ok((name.clone(), &course.then))
    }

    /// A stage that the case comes to by an act: the fee it charges, and its term. What the act
    /// fills in counts already.
    fn arrives(
        &self,
        act: &Act,
        name: &Name,
        stage: &Stage,
    ) -> Result<(Option<Charged>, Running), Refusal> {
        let runs = self.runs(stage.within.term);
        if stage.collects.is_none() && stage.until.is_none() {
            return Ok((None, runs));
        }
        let case = self.after(act);
        let facts = live_facts(self.pack, &case, self.snapshot.entries, self.moment);
        let charge = fee::charge(self.procedure, name, stage, &facts)?;
        Ok((charge, ended_by_its_day(runs, stage, &facts, self.today(), &self.pack.zone)?))
    }

    /// A review that begins today: every body is asked at once, each within its own term.
    fn reviewing(&self, step: Name, review: &Review) -> Standing {
        let asked = review.parts.iter();
        let asked =
            asked.map(|(body, part)| (body.clone(), Part::Awaited(self.runs(part.within.term))));
        Standing::Reviewing { step, runs: self.runs(review.within.term), parts: asked.collect() }
    }

    /// A term that counts from today.
    pub(super) fn runs(&self, term: Term) -> Running {
        Running::from(self.today(), term, self.snapshot.calendar, &self.pack.zone)
    }

    /// What the step the case is at goes on with once its clock, stopped today, runs again.
    pub(super) fn held(&self) -> Result<Held, Refusal> {
        self.case.standing.held(self.today(), self.snapshot.calendar).ok_or(Refusal::NotNow)
    }

    /// A step whose clock goes on today.
    pub(super) fn resumed(&self, step: Name, held: &Held) -> Standing {
        self.resumed_after(step, held, self.today())
    }

    /// A step whose clock goes on after a day, which is not counted itself.
    pub(super) fn resumed_after(&self, step: Name, held: &Held, day: Date) -> Standing {
        held.resumed(step, day, self.snapshot.calendar, &self.pack.zone)
    }

    /// The deadline of `term` counted from today.
    pub(super) fn deadline(&self, term: Term) -> Deadline {
        Deadline::of(term, self.today(), self.snapshot.calendar, &self.pack.zone)
    }

    /// The step of that name.
    pub(super) fn step(&self, step: &Name) -> Result<&'a Step, Refusal> {
        self.procedure.steps.get(step).ok_or_else(|| Refusal::PackFault(step.to_string()))
    }

    /// The stage of that name.
    pub(super) fn stage(&self, step: &Name) -> Result<&'a Stage, Refusal> {
        self.procedure.stage(step.as_str()).ok_or_else(|| Refusal::PackFault(step.to_string()))
    }

    /// The review of that name.
    pub(super) fn review(&self, step: &Name) -> Result<&'a Review, Refusal> {
        self.procedure.review(step.as_str()).ok_or_else(|| Refusal::PackFault(step.to_string()))
    }

    /// The body that acts in the case under a name of the procedure.
    pub(super) fn body(&self, name: &Name) -> Result<BodyId, Refusal> {
        let body = bodies::body_of(self.pack, &self.case, name);
        body.ok_or_else(|| Refusal::NoCompetentBody(name.to_string()))
    }

    /// Refuses anybody but the one who acts at a step.
    pub(super) fn must_act(&self, step: &Step) -> Result<(), Refusal> {
        self.must_be_by(step.by())
    }

    /// Refuses anybody but that one.
    pub(super) fn must_be_by(&self, by: Option<&By>) -> Result<(), Refusal> {
        match by {
            Some(By::Body(name)) => self.must_act_as(name),
            Some(By::Applicant) => self.must_be_applicant(),
            Some(By::Clock) | None => Err(Refusal::NotNow),
        }
    }

    /// Refuses anybody but an officer of the body that acts under that name, or of one that acts in
    /// its name by a delegation that holds today.
    pub(super) fn must_act_as(&self, name: &Name) -> Result<(), Refusal> {
        self.must_not_stand_aside()?;
        let body = self.body(name)?;
        let (live, today) = (self.snapshot.live, self.today());
        let delegates = bodies::delegates(live, self.pack, &self.case, name, &body, today);
        let found = delegates.iter().find(|delegate| self.must_be(delegate).is_ok());
        if found.is_some() { Ok(()) } else { self.must_be(&body) }
    }

    /// Refuses what does not fill in the sections asked: each question that must be answered is,
    /// each answer fits, and each entry named is there.
    pub(super) fn must_be_filled(
        &self,
        asks: &[Section],
        facts: &BTreeMap<String, Value>,
    ) -> Result<(), Refusal> {
        let mut faults = form::filled_faults(self.pack, asks, facts);
        let fields = asks.iter().flat_map(|section| &section.fields);
        faults.extend(Look::at(self.snapshot.entries, self.moment).unnamed(fields, facts));
        if faults.is_empty() { Ok(()) } else { Err(Refusal::Form(faults)) }
    }

    /// Refuses anybody but the applicant; of what a body applied for itself, anybody but its
    /// officers.
    pub(super) fn must_be_applicant(&self) -> Result<(), Refusal> {
        match (self.actor, &self.case.speaks) {
            _ if applies(self.procedure, &self.case, self.actor) => Ok(()),
            (Actor::Officer(_, body), Speaks::Counter(counter)) if body == counter => {
                Err(Refusal::StandsAside)
            }
            _ => Err(Refusal::NotYourCase),
        }
    }

    /// Refuses anybody but an officer of `body`, while the body holds its office.
    pub(super) fn must_be(&self, body: &BodyId) -> Result<(), Refusal> {
        self.must_not_stand_aside()?;
        let holds = self.snapshot.live.body(&body.office, &body.division, self.today()).is_some();
        match self.actor {
            Actor::Officer(_, own) if own == body && holds => Ok(()),
            _ => Err(Refusal::NotCompetent),
        }
    }

    /// Refuses an officer who has no hand in the case.
    fn must_not_stand_aside(&self) -> Result<(), Refusal> {
        match self.actor {
            Actor::Officer(officer, _) if stands_aside(&self.case, *officer) => {
                Err(Refusal::StandsAside)
            }
            _ => Ok(()),
        }
    }

    /// Refuses a moment before the case's last entry took effect.
    pub(super) fn must_not_go_back(&self) -> Result<(), Refusal> {
        if self.moment.at < self.case.last_at { Err(Refusal::BeforeLastEntry) } else { Ok(()) }
    }
}
