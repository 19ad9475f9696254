//! The steps of a service as its guide shows them: who acts in what time, what may be chosen, and
//! where that leads.

use std::collections::{BTreeSet, VecDeque};

use base::Name;
use pack::model::{
    By, Decision, Follows, Join, Outcome, Procedure, Review, Stage, Step, Target, Uncounted,
};

use super::service::certificate;
use crate::web::shown::{Shown, Timed};

/// A step.
#[derive(Debug)]
pub(crate) enum StepView {
    /// Somebody must choose.
    Stage {
        /// What is done.
        title: String,
        /// Who chooses.
        who: String,
        /// In what time.
        within: Timed,
        /// What may be chosen.
        outcomes: Vec<OutcomeView>,
        /// What silence means, and that the time is not counted; empty where neither holds.
        notes: Vec<String>,
    },
    /// Several bodies must answer.
    Review {
        /// What is done.
        title: String,
        /// Who leads.
        who: String,
        /// The time for all together.
        within: Timed,
        /// What is asked of each body.
        parts: Vec<PartView>,
        /// What each may answer.
        answers: String,
        /// What the answers lead to.
        joins: Vec<String>,
        /// What the leading body may do meanwhile.
        outcomes: Vec<OutcomeView>,
    },
    /// The case decides at once.
    Decision {
        /// What is decided.
        title: String,
        /// In whose name.
        who: String,
        /// What the notice says.
        notice: String,
        /// What is issued; empty where nothing is.
        issues: String,
        /// What follows.
        then: String,
    },
}

/// What is asked of one body in a review.
#[derive(Debug)]
pub(crate) struct PartView {
    /// What it looks at.
    pub(crate) title: String,
    /// The body.
    pub(crate) who: String,
    /// In what time.
    pub(crate) within: Timed,
    /// What its silence is deemed to be.
    pub(crate) silence: Timed,
}

/// What may be chosen at a step.
#[derive(Debug)]
pub(crate) struct OutcomeView {
    /// What it is called.
    pub(crate) title: String,
    /// Which conditions it needs met; empty where none.
    pub(crate) needs: String,
    /// What follows.
    pub(crate) then: String,
}

/// The steps in the order in which a case first reaches them.
pub(super) fn steps(shown: Shown<'_>, procedure: &Procedure) -> Vec<StepView> {
    let mut seen = BTreeSet::from([&procedure.begins]);
    let mut waiting = VecDeque::from([&procedure.begins]);
    let mut views = Vec::new();
    while let Some(name) = waiting.pop_front() {
        let Some(step) = procedure.steps.get(name) else { continue };
        for next in targets(step) {
            if let Target::Step(next) = next
                && seen.insert(next)
            {
                waiting.push_back(next);
            }
        }
        views.push(view(shown, procedure, step));
    }
    views
}

fn targets(step: &Step) -> Vec<&Target> {
    let outcomes = step.outcomes().iter().filter_map(|(_, outcome)| match &outcome.follows {
        Follows::Then(target) => Some(target),
        Follows::Supplement(supplement) => Some(&supplement.lapse),
        Follows::Stop(_) | Follows::Extend(_) => None,
    });
    let own = match step {
        Step::Stage(stage) => stage.collects.iter().filter_map(|c| c.waived.as_ref()).collect(),
        Step::Review(review) => review.results().into_iter().map(|(_, to)| to).collect(),
        Step::Decision(decision) => vec![&decision.then],
    };
    own.into_iter().chain(outcomes).collect()
}

fn view(shown: Shown<'_>, procedure: &Procedure, step: &Step) -> StepView {
    match step {
        Step::Stage(stage) => stage_view(shown, procedure, stage),
        Step::Review(review) => review_view(shown, procedure, review),
        Step::Decision(decision) => decision_view(shown, procedure, decision),
    }
}

fn stage_view(shown: Shown<'_>, procedure: &Procedure, stage: &Stage) -> StepView {
    let deemed = stage.silence.as_ref().and_then(|(name, _)| stage.outcome(name));
    let silence =
        deemed.map(|outcome| shown.words.with("silence-is", outcome.title.to(shown.words.0)));
    let uncounted = stage.uncounted.as_ref().map(|why| not_counted(shown, why));
    StepView::Stage {
        title: stage.title.to(shown.words.0).to_owned(),
        who: who(shown, procedure, &stage.by),
        within: shown.timed(&stage.within),
        outcomes: stage.outcomes.iter().map(|(_, o)| outcome_view(shown, procedure, o)).collect(),
        notes: silence.into_iter().chain(uncounted).collect(),
    }
}

fn not_counted(shown: Shown<'_>, why: &Uncounted) -> String {
    shown.words.with_both("uncounted", &shown.ground(why.ground), &shown.cited(&why.basis).text)
}

/// Who acts at a step, in words.
pub(crate) fn who(shown: Shown<'_>, procedure: &Procedure, by: &By) -> String {
    match by {
        By::Applicant => shown.words.t("by-applicant"),
        By::Clock => shown.words.t("by-clock"),
        By::Body(name) => acting(shown, procedure, name),
    }
}

fn acting(shown: Shown<'_>, procedure: &Procedure, name: &Name) -> String {
    match procedure.bodies.get(name) {
        Some(body) => shown.competent(body),
        None => shown.words.t("by-competent"),
    }
}

fn review_view(shown: Shown<'_>, procedure: &Procedure, review: &Review) -> StepView {
    let language = shown.words.0;
    let answer = |name: &Name| {
        review.answer(name).map_or(name.as_str(), |answer| answer.title.to(language)).to_owned()
    };
    let part = |(name, part): &(Name, pack::model::Part)| PartView {
        title: part.title.to(language).to_owned(),
        who: acting(shown, procedure, name),
        within: shown.timed(&part.within),
        silence: Timed { term: answer(&part.silence.0), cited: shown.cited(&part.silence.1) },
    };
    let answers: Vec<String> = review.answers.iter().map(|(name, _)| answer(name)).collect();
    StepView::Review {
        title: review.title.to(language).to_owned(),
        who: who(shown, procedure, &review.by),
        within: shown.timed(&review.within),
        parts: review.parts.iter().map(part).collect(),
        answers: answers.join(shown.words.comma()),
        joins: joins(shown, procedure, &review.join),
        outcomes: review.outcomes.iter().map(|(_, o)| outcome_view(shown, procedure, o)).collect(),
    }
}

fn joins(shown: Shown<'_>, procedure: &Procedure, join: &Join) -> Vec<String> {
    let to = |target: &Target| target_title(shown, procedure, target);
    match join {
        Join::LeadDecides(target) => vec![shown.words.with("join-lead", &to(target))],
        Join::AllApprove(branches) => vec![
            shown.words.with("join-approved", &to(&branches.approved)),
            shown.words.with("join-otherwise", &to(&branches.otherwise)),
        ],
        Join::AnyRefusalEnds(branches) => vec![
            shown.words.with("join-approved", &to(&branches.approved)),
            shown.words.with("join-refusal", &to(&branches.otherwise)),
        ],
    }
}

/// An outcome with where it leads.
pub(crate) fn outcome_view(
    shown: Shown<'_>,
    procedure: &Procedure,
    outcome: &Outcome,
) -> OutcomeView {
    let then = match &outcome.follows {
        Follows::Then(target) => shown.words.with("then", &target_title(shown, procedure, target)),
        Follows::Supplement(supplement) => shown.words.with_both(
            "supplement-within",
            &shown.term(supplement.within.term),
            &target_title(shown, procedure, &supplement.lapse),
        ),
        Follows::Stop(stop) => shown.words.with_both(
            "stop-within",
            &shown.ground(stop.ground),
            &shown.term(stop.within.term),
        ),
        Follows::Extend(extend) => shown.words.with("extend-within", &shown.term(extend.by.term)),
    };
    OutcomeView {
        title: outcome.title.to(shown.words.0).to_owned(),
        needs: match outcome.on_commitment {
            Some(_) => shown.words.t("needs-met-or-promised"),
            None if outcome.needs_met => shown.words.t("needs-met"),
            None => String::new(),
        },
        then,
    }
}

fn decision_view(shown: Shown<'_>, procedure: &Procedure, decision: &Decision) -> StepView {
    let issued = decision.issues.as_ref().map(|name| certificate(shown, procedure, name));
    StepView::Decision {
        title: decision.title.to(shown.words.0).to_owned(),
        who: acting(shown, procedure, &decision.by),
        notice: decision.notice.to(shown.words.0).to_owned(),
        issues: issued.unwrap_or_default(),
        then: shown.words.with("then", &target_title(shown, procedure, &decision.then)),
    }
}

fn target_title(shown: Shown<'_>, procedure: &Procedure, target: &Target) -> String {
    match target {
        Target::Step(name) => step(shown, procedure, name),
        Target::End(name) => end(shown, procedure, name),
    }
}

/// What a step is called.
pub(crate) fn step(shown: Shown<'_>, procedure: &Procedure, name: &Name) -> String {
    let title = procedure.steps.get(name).map(|step| step.title().to(shown.words.0));
    title.unwrap_or(name.as_str()).to_owned()
}

/// What an end is called.
pub(crate) fn end(shown: Shown<'_>, procedure: &Procedure, name: &Name) -> String {
    let end = procedure.ends.get(name).map(|end| end.title.to(shown.words.0));
    end.unwrap_or(name.as_str()).to_owned()
}

#[cfg(test)]
pub(super) fn sample_steps() -> Vec<StepView> {
    let outcome = |needs: &str| OutcomeView {
        title: "Good".into(),
        needs: needs.into(),
        then: "then: end".into(),
    };
    let stage = |notes| StepView::Stage {
        title: "Acceptance".into(),
        who: "the body".into(),
        within: super::timed(),
        outcomes: vec![outcome("all"), outcome("")],
        notes,
    };
    let part = PartView {
        title: "Fire".into(),
        who: "the fire body".into(),
        within: super::timed(),
        silence: super::timed(),
    };
    let review = StepView::Review {
        title: "Review".into(),
        who: "the body".into(),
        within: super::timed(),
        parts: vec![part],
        answers: "agrees, objects".into(),
        joins: vec!["then: end".into()],
        outcomes: vec![outcome("")],
    };
    let decision = |issues: &str| StepView::Decision {
        title: "Granted".into(),
        who: "the body".into(),
        notice: "You may".into(),
        issues: issues.into(),
        then: "then: end".into(),
    };
    let notes = vec!["silence is consent".into()];
    vec![stage(Vec::new()), stage(notes), review, decision(""), decision("Licence")]
}
