//! Where a case of a procedure may go from a step, read off the steps alone.

use base::Name;

use super::{Decision, Follows, Outcome, Procedure, Settled, Stage, Step, Target};

impl Procedure {
    /// Where a case goes on at once from a step without waiting for anybody: past a decision, by
    /// one of the courses of a turn, past a fee that is waived. Nowhere from any other.
    pub fn at_once(&self, step: &Name) -> Vec<&Target> {
        match self.steps.get(step) {
            Some(Step::Decision(decision)) => vec![&decision.then],
            Some(Step::Turn(turn)) => turn.courses.iter().map(|(_, course)| &course.then).collect(),
            Some(Step::Stage(stage)) => {
                stage.collects.iter().filter_map(|collects| collects.waived.as_ref()).collect()
            }
            Some(Step::Review(_)) | None => Vec::new(),
        }
    }

    /// Every target that a case may pass or come to from one, that one first, until somebody is
    /// awaited or the case ends.
    pub fn passes<'p>(&'p self, target: &'p Target) -> Vec<&'p Target> {
        let mut passed = vec![target];
        let mut next = 0;
        while let Some(target) = passed.get(next).copied() {
            next += 1;
            let Target::Step(name) = target else { continue };
            for further in self.at_once(name) {
                if !passed.contains(&further) {
                    passed.push(further);
                }
            }
        }
        passed
    }

    /// The decisions that may follow one another from a target, until somebody is awaited or the
    /// case ends, whichever way it turns; a fee that may be waived is passed by.
    pub fn decisions_from<'p>(&'p self, target: &'p Target) -> Vec<(&'p Name, &'p Decision)> {
        let passed = self.passes(target).into_iter();
        let decisions = passed.filter_map(|target| match target {
            Target::Step(name) => Some((name, self.decision(name.as_str())?)),
            Target::End(_) => None,
        });
        decisions.collect()
    }

    /// Whether somebody may be awaited before a case that goes to a target ends.
    pub fn may_wait(&self, target: &Target) -> bool {
        self.passes(target).into_iter().any(|target| match target {
            Target::Step(name) => self.steps.get(name).is_some_and(Step::waits),
            Target::End(_) => false,
        })
    }

    /// The stage at which a promise is checked: the one that leads to the decision that finds it
    /// kept.
    pub fn check_of(&self, commitment: &Name) -> Option<(&Name, &Stage)> {
        let keeps = |target: &Target| match target {
            Target::Step(step) => self.decision(step.as_str()).is_some_and(|decision| {
                decision.settles == Some(Settled::Kept(commitment.clone()))
            }),
            Target::End(_) => false,
        };
        self.steps.iter().find_map(|(name, step)| match step {
            Step::Stage(stage) => {
                let leads = |outcome: &Outcome| match &outcome.follows {
                    Follows::Then(target) => keeps(target),
                    Follows::Supplement(_)
                    | Follows::Stop(_)
                    | Follows::Extend(_)
                    | Follows::Stay => false,
                };
                stage.outcomes.iter().any(|(_, o)| leads(o)).then_some((name, stage))
            }
            Step::Review(_) | Step::Turn(_) | Step::Decision(_) => None,
        })
    }
}
