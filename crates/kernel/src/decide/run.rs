//! One run of `decide`: the case as it changes, and the entries written so far.

use base::{Date, Name, Term};
use pack::model::{By, Pack, Procedure, Review, Stage, Step, Target};

use super::{Changes, Moment, Snapshot, bodies, effect};
use crate::{
    case::{Case, Deadline, Held, Part, Running, Standing},
    ledger::{Act, Actor, BodyId, Entry, EntryNumber, OnCase},
    refusal::Refusal,
};

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

    /// Writes `act`, then carries out the decisions on the way to `target` and stands there.
    pub(super) fn go(&mut self, act: Act, target: &'a Target) -> Result<(), Refusal> {
        let (decisions, standing) = self.follow(target)?;
        self.write(act, standing.clone());
        for (name, decision) in decisions {
            effect::carry_out(self, name, decision, &standing)?;
        }
        Ok(())
    }

    /// The decisions passed on the way to `target`, and where the case stands afterwards.
    pub(super) fn follow(
        &self,
        target: &'a Target,
    ) -> Result<(Vec<effect::Named<'a>>, Standing), Refusal> {
        let mut decisions = Vec::new();
        let mut target = target;
        for _ in 0..=self.procedure.steps.len() {
            match target {
                Target::End(end) => return Ok((decisions, Standing::Ended { end: end.clone() })),
                Target::Step(name) => match self.procedure.steps.get_key_value(name) {
                    Some((name, Step::Stage(stage))) => {
                        let runs = self.runs(stage.within.term);
                        return Ok((decisions, Standing::At { step: name.clone(), runs }));
                    }
                    Some((name, Step::Review(review))) => {
                        return Ok((decisions, self.reviewing(name.clone(), review)));
                    }
                    Some((name, Step::Decision(decision))) => {
                        decisions.push((name, decision));
                        target = &decision.then;
                    }
                    None => return Err(Refusal::PackFault(name.to_string())),
                },
            }
        }
        Err(Refusal::PackFault(self.procedure.name.to_string()))
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
        match step.by() {
            Some(By::Body(name)) => self.must_act_as(name),
            Some(By::Applicant) => self.must_be_applicant(),
            None => Err(Refusal::NotNow),
        }
    }

    /// Refuses anybody but an officer of the body that acts under that name.
    pub(super) fn must_act_as(&self, name: &Name) -> Result<(), Refusal> {
        self.must_be(&self.body(name)?)
    }

    /// Refuses anybody but the applicant.
    pub(super) fn must_be_applicant(&self) -> Result<(), Refusal> {
        match self.actor {
            Actor::Party(party) if *party == self.case.applicant => Ok(()),
            _ => Err(Refusal::NotYourCase),
        }
    }

    /// Refuses anybody but an officer of `body`, while the body holds its office.
    pub(super) fn must_be(&self, body: &BodyId) -> Result<(), Refusal> {
        let holds = self.snapshot.live.body(&body.office, &body.division, self.today()).is_some();
        match self.actor {
            Actor::Officer(_, own) if own == body && holds => Ok(()),
            _ => Err(Refusal::NotCompetent),
        }
    }

    /// Refuses a moment before the case's last entry took effect.
    pub(super) fn must_not_go_back(&self) -> Result<(), Refusal> {
        if self.moment.at < self.case.last_at { Err(Refusal::BeforeLastEntry) } else { Ok(()) }
    }
}
