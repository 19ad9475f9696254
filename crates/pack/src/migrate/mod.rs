//! Whether a plan by which running cases move from an earlier edition of a pack is sound.
//!
//! The checker of one pack sees the new side alone; here both editions are held against each other.
//! A case that moves must stand in a state that the new edition has proved sound, with everything
//! known that was sure to be known there, and nobody may lose by the move what the earlier edition
//! gave: a day, a remedy, the way to withdraw (行政许可法 articles 7 and 8).
//!
//! What is asked of a plan is asked for every way by which a case may have come to its step, so a
//! plan can be refused although no case at hand would be harmed.

mod made;
mod side;
mod time;
mod whole;

use std::fmt;

use base::{Name, Text};

use crate::model::{Carried, Follows, Migration, Pack, Stage, Step};
use side::Side;

/// Why a plan cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hindrance {
    /// Its own word, stable for programs.
    pub word: &'static str,
    /// The step of the earlier edition that it is about; none where it is the procedure.
    pub step: Option<Name>,
    /// What is wrong and what to do.
    pub says: Text,
}

impl fmt::Display for Hindrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Some(step) => write!(f, "{} at `{step}`: {}", self.word, self.says.en),
            None => write!(f, "{}: {}", self.word, self.says.en),
        }
    }
}

/// Everything that hinders a plan; nothing when it is sound.
pub fn check(old: &Pack, new: &Pack, migration: &Migration) -> Vec<Hindrance> {
    let mut found = Vec::new();
    let sides = (Side::of(old, &migration.procedure), Side::of(new, &migration.procedure));
    let (Some(old), Some(new)) = sides else {
        let zh = "较早版本中没有这一程序";
        return vec![hindrance("no-such-procedure", None, zh, "an edition has no such procedure")];
    };
    if old.pack.hash != migration.from {
        let en = "the plan is for cases of another edition";
        found.push(hindrance("other-edition", None, "方案针对的是另一版本的案件", en));
    }
    let plan = Plan { migration, old, new };
    plan.every_step(&mut found);
    whole::check(&plan, &mut found);
    for (old, new) in &migration.steps {
        if let (Some(from), Some(to)) = (plan.old.waiting(old), plan.new.waiting(new)) {
            let at = Place { step: old, from, new_step: new, to };
            plan.place(&at, &mut found);
        }
    }
    found.dedup();
    found
}

/// A plan with both editions of its procedure.
struct Plan<'p> {
    migration: &'p Migration,
    old: Side<'p>,
    new: Side<'p>,
}

/// A step of the earlier edition and the one at which its cases go on.
struct Place<'p> {
    step: &'p Name,
    from: &'p Step,
    new_step: &'p Name,
    to: &'p Step,
}

impl Place<'_> {
    fn hindered(&self, word: &'static str, zh: &str, en: &str) -> Hindrance {
        hindrance(word, Some(self.step), zh, en)
    }
}

fn hindrance(word: &'static str, step: Option<&Name>, zh: &str, en: &str) -> Hindrance {
    Hindrance { word, step: step.cloned(), says: Text::new(zh, en) }
}

impl Plan<'_> {
    /// Every step at which a case may wait moves or stays, and no other is named.
    fn every_step(&self, found: &mut Vec<Hindrance>) {
        let Migration { steps, stays, .. } = self.migration;
        for step in self.old.waits() {
            if !steps.contains_key(step) && !stays.contains_key(step) {
                let zh = "该环节既未写明迁往何处，也未写明留下";
                let en = "cases wait here, and the plan does not say whether they move or stay";
                found.push(hindrance("left-out", Some(step), zh, en));
            }
        }
        for step in steps.keys().chain(stays.keys()) {
            if self.old.waiting(step).is_none() {
                let zh = "较早版本中没有等待办理的此环节";
                let en = "no case of the earlier edition waits at such a step";
                found.push(hindrance("no-such-step", Some(step), zh, en));
            }
        }
    }

    /// What must hold of one step that moves.
    fn place(&self, at: &Place<'_>, found: &mut Vec<Hindrance>) {
        self.same_entry(at, found);
        self.knows(at, found);
        self.may_withdraw(at, found);
        self.same_ends_of_term(at, found);
        made::check(self, at, found);
        time::check(self, at, found);
    }

    /// A case that has made an entry goes on where one has been made, another where none has.
    fn same_entry(&self, at: &Place<'_>, found: &mut Vec<Hindrance>) {
        let before = self.old.entered(at.step);
        if !before.is_subset(&self.new.entered(at.new_step)) {
            let zh = "登记前后的案件不能互换：新环节与旧环节在载入登记上不一致";
            let en = "the case has made an entry and goes on before the entry, or the reverse";
            found.push(at.hindered("across-the-entry", zh, en));
        }
    }

    /// What is sure to be known at the new step is known of a case that moves there, or the step
    /// can ask for it.
    fn knows(&self, at: &Place<'_>, found: &mut Vec<Hindrance>) {
        let known = self.old.known(at.step);
        let known: Vec<String> =
            known.iter().map(|fact| side::renamed(fact, self.migration)).collect();
        let asks =
            at.to.outcomes().iter().any(|(_, o)| matches!(o.follows, Follows::Supplement(_)));
        let places = self.new.places();
        // A paper is for the decision to grant; once there is an entry none is missed.
        let granted = !self.old.entered(at.step).contains(&false);
        let needed = self.new.known(at.new_step).into_iter();
        let needed = needed.filter(|fact| !(known.contains(fact) || granted && side::paper(fact)));
        for fact in needed {
            let asked_for = asks && side::in_form(&fact) && !places.contains(&fact.as_str());
            if !asked_for {
                let zh = format!("新版本在此必知 `{fact}`，迁来的案件没有，此环节也不能要求补正");
                let en = format!(
                    "the new edition is sure to know `{fact}` here; a case that moves does not \
                     have it, and the step cannot ask for it"
                );
                found.push(at.hindered("not-known", &zh, &en));
            }
        }
    }

    /// Whether the term that runs is kept: the plan says so, and it stays the turn of the same.
    fn runs_on(&self, at: &Place<'_>) -> bool {
        let same = at.from.by().zip(at.to.by()).is_some_and(|(from, to)| from.same_turn(to));
        same && self.migration.clock == Carried::Keeps
    }

    fn may_withdraw(&self, at: &Place<'_>, found: &mut Vec<Hindrance>) {
        let (before, after) = (&self.old.procedure.withdrawal, &self.new.procedure.withdrawal);
        if before.contains(at.step) && !after.contains(at.new_step) {
            let zh = "申请人在此可以撤回，新环节不可以";
            let en = "the applicant may withdraw here, and no longer at the new step";
            found.push(at.hindered("withdrawal-lost", zh, en));
        }
    }

    /// A day on which a term ends and a fee that is paid are the same, for they were settled when
    /// the case came to its step.
    fn same_ends_of_term(&self, at: &Place<'_>, found: &mut Vec<Hindrance>) {
        let (from, to) = (stage(at.from), stage(at.to));
        let until = |stage: Option<&Stage>| {
            stage.and_then(|s| s.until.as_ref()).map(|until| until.source().to_owned())
        };
        let fee = |stage: Option<&Stage>| {
            stage.and_then(|s| s.collects.as_ref()).map(|collects| collects.fee.clone())
        };
        let runs_on = self.runs_on(at);
        if until(from) != until(to) || !runs_on && until(to).is_some() {
            let zh = "该环节以某日为终期，迁移后须以同一日为终期，且时限须继续计算";
            let en = "a step that ends on a day ends on the same one, and its clock is kept";
            found.push(at.hindered("other-last-day", zh, en));
        }
        if fee(from) != fee(to) {
            let en = "the fee that is paid at the step is another one at the new step";
            found.push(at.hindered("other-fee", "新环节收取的费用不同", en));
        }
    }
}

fn stage(step: &Step) -> Option<&Stage> {
    match step {
        Step::Stage(stage) => Some(stage),
        Step::Review(_) | Step::Turn(_) | Step::Decision(_) => None,
    }
}
