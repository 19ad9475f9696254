//! One run of `decide`: the case as it changes, and the entries written so far.

use base::{Date, Term};
use pack::model::{Pack, Procedure, Stage, Step, Target};

use super::{Changes, Moment, Snapshot, effect};
use crate::{
    case::{Case, Deadline, Standing},
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
                        return Ok((decisions, self.at(name.clone(), stage.within.term)));
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

    /// The standing at a stage whose term counts from today.
    pub(super) fn at(&self, step: base::Name, term: Term) -> Standing {
        Standing::At { step, counted_from: self.today(), term, due: self.deadline(term) }
    }

    /// The deadline of `term` counted from today.
    pub(super) fn deadline(&self, term: Term) -> Deadline {
        Deadline::of(term, self.today(), self.snapshot.calendar, &self.pack.zone)
    }

    /// The stage of that name.
    pub(super) fn stage(&self, step: &base::Name) -> Result<&'a Stage, Refusal> {
        self.procedure.stage(step.as_str()).ok_or_else(|| Refusal::PackFault(step.to_string()))
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
