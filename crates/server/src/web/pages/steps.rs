//! The steps of a service as its guide shows them: who acts in what time, what may be chosen, and
//! where that leads.

use std::collections::{BTreeSet, VecDeque};

use base::{Citation, Name};
use pack::model::{
    Answer, By, Course, Decision, Follows, Join, Outcome, Procedure, Review, Section, Stage, Step,
    Target, Turn,
};

use super::{
    service::certificate,
    writes::{WriteView, writes},
};
use crate::web::{
    frame::Cited,
    in_words::InWords,
    shown::{Shown, Timed},
};

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
        /// What else holds: an earlier end, a fee, what silence means, time that is not counted.
        notes: Vec<Note>,
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
    /// The case goes one way or another by itself.
    Turn {
        /// What is asked.
        title: String,
        /// The courses it may take, in the order in which they are tried.
        courses: Vec<CourseView>,
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
        /// What it writes into registers.
        writes: Vec<WriteView>,
        /// What follows.
        then: String,
    },
}

/// One course a case may take at a turn.
#[derive(Debug)]
pub(crate) struct CourseView {
    /// What it means.
    pub(crate) title: String,
    /// When the case takes it; empty where no other condition holds.
    pub(crate) when: String,
    /// What follows.
    pub(crate) then: String,
}

/// Something that holds at a step, with where it is written.
#[derive(Debug)]
pub(crate) struct Note {
    /// What holds.
    pub(crate) text: String,
    /// Where it is written; none where the service itself says so.
    pub(crate) cited: Vec<Cited>,
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
    /// Who may choose it, where that is not who acts at the step; empty where it is.
    pub(crate) who: String,
    /// What who chooses it fills in; empty where nothing.
    pub(crate) asks: String,
    /// What follows.
    pub(crate) then: String,
    /// Where the time of what follows is written.
    pub(crate) cited: Vec<Cited>,
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
        Follows::Stop(_) | Follows::Extend(_) | Follows::Stay => None,
    });
    let own = match step {
        Step::Stage(stage) => stage.collects.iter().filter_map(|c| c.waived.as_ref()).collect(),
        Step::Review(review) => review.results().into_iter().map(|(_, to)| to).collect(),
        Step::Turn(turn) => turn.courses.iter().map(|(_, course)| &course.then).collect(),
        Step::Decision(decision) => vec![&decision.then],
    };
    own.into_iter().chain(outcomes).collect()
}

fn view(shown: Shown<'_>, procedure: &Procedure, step: &Step) -> StepView {
    match step {
        Step::Stage(stage) => stage_view(shown, procedure, stage),
        Step::Review(review) => review_view(shown, procedure, review),
        Step::Turn(turn) => turn_view(shown, procedure, turn),
        Step::Decision(decision) => decision_view(shown, procedure, decision),
    }
}

fn stage_view(shown: Shown<'_>, procedure: &Procedure, stage: &Stage) -> StepView {
    StepView::Stage {
        title: stage.title.to(shown.words.0).to_owned(),
        who: who(shown, procedure, &stage.by),
        within: shown.timed(&stage.within),
        outcomes: stage.outcomes.iter().map(|(_, o)| outcome_view(shown, procedure, o)).collect(),
        notes: notes(shown, procedure, stage),
    }
}

fn notes(shown: Shown<'_>, procedure: &Procedure, stage: &Stage) -> Vec<Note> {
    let words = shown.words;
    let plain = |text| Note { text, cited: Vec::new() };
    let until = stage
        .until
        .as_ref()
        .map(|until| plain(words.with("until-is", &InWords::of(shown, procedure).says(until))));
    let collects = stage.collects.as_ref().map(|collects| {
        let fee = procedure.fees.get(&collects.fee).map(|fee| fee.title.to(words.0));
        let fee = fee.unwrap_or(collects.fee.as_str());
        let waived = collects.waived.as_ref();
        let waived = waived.map(|to| target_title(shown, procedure, to)).unwrap_or_default();
        plain(match waived.is_empty() {
            true => words.with("collects", fee),
            false => words.with_both("collects-or-waived", fee, &waived),
        })
    });
    let silence = stage.silence.as_ref().and_then(|(name, basis)| {
        let title = stage.outcome(name)?.title.to(words.0);
        Some(Note { text: words.with("silence-is", title), cited: vec![shown.cited(basis)] })
    });
    let uncounted = stage.uncounted.as_ref().map(|why| Note {
        text: words.with("uncounted", &shown.ground(why.ground)),
        cited: vec![shown.cited(&why.basis)],
    });
    let in_the_field = stage.in_the_field.then(|| plain(words.t("in-the-field")));
    [until, collects, silence, uncounted, in_the_field].into_iter().flatten().collect()
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
    let answers = review.answers.iter().map(|(_, answer)| answer_title(shown, answer));
    let answers: Vec<String> = answers.collect();
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

/// An answer with what is filled in for it.
fn answer_title(shown: Shown<'_>, answer: &Answer) -> String {
    let title = answer.title.to(shown.words.0);
    match answer.asks.is_empty() {
        true => title.to_owned(),
        false => shown.words.with_both("answer-asks", title, &filled_in(shown, &answer.asks)),
    }
}

/// The sections that somebody fills in.
fn filled_in(shown: Shown<'_>, asks: &[Section]) -> String {
    let titles: Vec<&str> = asks.iter().map(|section| section.title.to(shown.words.0)).collect();
    titles.join(shown.words.comma())
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

/// An outcome with who may choose it, what is filled in and where it leads.
pub(crate) fn outcome_view(
    shown: Shown<'_>,
    procedure: &Procedure,
    outcome: &Outcome,
) -> OutcomeView {
    let words = shown.words;
    let chooser = outcome.by.as_ref().map(|by| match by {
        By::Clock => words.t("chosen-by-clock"),
        By::Applicant | By::Body(_) => words.with("chosen-by", &who(shown, procedure, by)),
    });
    let asks = filled_in(shown, &outcome.asks);
    OutcomeView {
        title: outcome.title.to(words.0).to_owned(),
        needs: match outcome.on_commitment {
            Some(_) => words.t("needs-met-or-promised"),
            None if outcome.needs_met => words.t("needs-met"),
            None => String::new(),
        },
        who: chooser.unwrap_or_default(),
        asks: if asks.is_empty() { asks } else { words.with("fills-in", &asks) },
        then: then(shown, procedure, &outcome.follows),
        cited: limit(&outcome.follows).map(|basis| shown.cited(basis)).into_iter().collect(),
    }
}

/// What follows an outcome, in words.
fn then(shown: Shown<'_>, procedure: &Procedure, follows: &Follows) -> String {
    let words = shown.words;
    match follows {
        Follows::Then(target) => words.with("then", &target_title(shown, procedure, target)),
        Follows::Supplement(supplement) => words.with_both(
            "supplement-within",
            &shown.term(supplement.within.term),
            &target_title(shown, procedure, &supplement.lapse),
        ),
        Follows::Stop(stop) => words.with_both(
            "stop-within",
            &shown.ground(stop.ground),
            &shown.term(stop.within.term),
        ),
        Follows::Extend(extend) => words.with_both(
            "extend-within",
            &shown.term(extend.by.term),
            &words.n("times", &extend.times),
        ),
        Follows::Stay => words.t("then-stays"),
    }
}

/// Where the time of what follows is written.
fn limit(follows: &Follows) -> Option<&Citation> {
    match follows {
        Follows::Then(_) | Follows::Stay => None,
        Follows::Supplement(supplement) => Some(&supplement.within.basis),
        Follows::Stop(stop) => Some(&stop.within.basis),
        Follows::Extend(extend) => Some(&extend.by.basis),
    }
}

fn turn_view(shown: Shown<'_>, procedure: &Procedure, turn: &Turn) -> StepView {
    let in_words = InWords::of(shown, procedure);
    let course = |(_, course): &(Name, Course)| CourseView {
        title: course.title.to(shown.words.0).to_owned(),
        when: course.that.as_ref().map(|that| in_words.says(that)).unwrap_or_default(),
        then: shown.words.with("then", &target_title(shown, procedure, &course.then)),
    };
    StepView::Turn {
        title: turn.title.to(shown.words.0).to_owned(),
        courses: turn.courses.iter().map(course).collect(),
    }
}

fn decision_view(shown: Shown<'_>, procedure: &Procedure, decision: &Decision) -> StepView {
    let issued = decision.issues.as_ref().map(|name| certificate(shown, procedure, name));
    StepView::Decision {
        title: decision.title.to(shown.words.0).to_owned(),
        who: acting(shown, procedure, &decision.by),
        notice: decision.notice.to(shown.words.0).to_owned(),
        issues: issued.unwrap_or_default(),
        writes: writes(shown, procedure, decision),
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
        who: needs.into(),
        asks: needs.into(),
        then: "then: end".into(),
        cited: if needs.is_empty() { Vec::new() } else { vec![super::cited()] },
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
        writes: if issues.is_empty() { Vec::new() } else { super::writes::sample() },
        then: "then: end".into(),
    };
    let course = |when: &str| CourseView {
        title: "Bad".into(),
        when: when.into(),
        then: "then: repair".into(),
    };
    let turn =
        StepView::Turn { title: "Good or bad".into(), courses: vec![course("x"), course("")] };
    let note = |cited| Note { text: "silence is consent".into(), cited };
    let notes = vec![note(vec![super::cited()]), note(Vec::new())];
    vec![stage(Vec::new()), stage(notes), review, turn, decision(""), decision("Licence")]
}
