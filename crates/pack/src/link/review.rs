//! Reviews by several bodies, and what stops a clock.

use base::Name;

use super::{Kind, Linker, procedure::limit};
use crate::{
    language::{self, ProcedureFile},
    model::{Answer, Branches, Follows, Join, Outcome, Pack, Part, Review, Stop, Uncounted},
    node::Span,
    read::Spanned,
};

impl Linker<'_> {
    pub(super) fn review(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        review: &language::Review,
    ) -> Option<Review> {
        if review.reviews.len() < 2 {
            let zh = "并联审查至少须有两个机关；只有一个时请写成普通环节";
            let en = "a review asks at least two bodies; ask one alone in a stage";
            self.fault("review-of-one", review.at, zh, en);
        }
        Some(Review {
            title: review.title.clone(),
            by: crate::model::By::Body(self.acts(file, &review.by)),
            within: limit(&review.within),
            answers: self.answers(pack, file, review),
            parts: self.parts(file, review),
            join: self.join(file, &review.join)?,
            outcomes: self.meanwhile(pack, file, review),
        })
    }

    fn parts(&mut self, file: &ProcedureFile, review: &language::Review) -> Vec<(Name, Part)> {
        let mut parts = Vec::new();
        for (body, part) in review.reviews.iter() {
            self.acts(file, body);
            let known = review.answers.names().map(|name| name.value.as_str());
            self.must_know(Kind::Answer, &part.silence.deemed, known.collect::<Vec<_>>());
            let linked = Part {
                title: part.title.clone(),
                within: limit(&part.within),
                silence: (part.silence.deemed.value.clone(), part.silence.basis.clone()),
            };
            parts.push((body.value.clone(), linked));
        }
        parts
    }

    fn answers(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        review: &language::Review,
    ) -> Vec<(Name, Answer)> {
        let mut answers = Vec::new();
        for (name, answer) in review.answers.iter() {
            let linked = Answer {
                title: answer.title.clone(),
                counts: answer.counts,
                reasons: answer.reasons.unwrap_or(false),
                asks: self.asks(pack, file, &answer.asks),
            };
            answers.push((name.value.clone(), linked));
        }
        self.check_silent_answers(review);
        answers
    }

    /// Silence is deemed to be an answer that nobody has to fill anything in for.
    fn check_silent_answers(&mut self, review: &language::Review) {
        for part in review.reviews.values() {
            let deemed = &part.silence.deemed;
            let answer = review.answers.get(deemed.value.as_str());
            if answer.is_some_and(|answer| !answer.asks.is_empty()) {
                let zh = "沉默视为的意见不能要求填写";
                let en = "what silence is deemed to be asks nobody to fill anything in";
                self.fault("asks-silence", deemed.at, zh, en);
            }
        }
    }

    fn join(&mut self, file: &ProcedureFile, join: &language::Join) -> Option<Join> {
        match join {
            language::Join::LeadDecides(join) => {
                Some(Join::LeadDecides(self.target(file, &join.lead_decides)?))
            }
            language::Join::AllApprove(join) => {
                Some(Join::AllApprove(self.branches(file, &join.all_approve)?))
            }
            language::Join::AnyRefusalEnds(join) => {
                Some(Join::AnyRefusalEnds(self.branches(file, &join.any_refusal_ends)?))
            }
        }
    }

    fn branches(
        &mut self,
        file: &ProcedureFile,
        branches: &language::Branches,
    ) -> Option<Branches> {
        let approved = self.target(file, &branches.approved);
        let otherwise = self.target(file, &branches.otherwise);
        Some(Branches { approved: approved?, otherwise: otherwise? })
    }

    /// What the leading body may do while the others answer: nothing that would leave the review.
    fn meanwhile(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        review: &language::Review,
    ) -> Vec<(Name, Outcome)> {
        let outcomes = self.outcomes(pack, file, &review.outcomes);
        let parts = review.reviews.values().map(|part| &part.within);
        let terms: Vec<_> = std::iter::once(&review.within).chain(parts).collect();
        self.check_extensions(&review.outcomes, &terms);
        for (name, outcome) in &outcomes {
            let at = review.outcomes.names().find(|written| written.value == *name);
            self.check_chosen(at.map_or(review.at, |name| name.at), outcome);
            if matches!(outcome.follows, Follows::Then(_)) {
                let at = review.outcomes.names().find(|written| written.value == *name);
                let zh = "审查期间只能要求补正或中止计时，去向由 join 决定";
                let en = "it may only ask for a supplement or stop the clock; `join` leads on";
                self.fault("leaves-review", at.map_or(review.at, |name| name.at), zh, en);
            }
        }
        outcomes
    }

    pub(super) fn stop(&mut self, stop: &language::Stop) -> Stop {
        self.at_least_once(&stop.times);
        Stop { ground: stop.ground, within: limit(&stop.within), times: stop.times.value }
    }

    /// What may be done no times at all is no outcome.
    pub(super) fn at_least_once(&mut self, times: &Spanned<u32>) {
        if times.value == 0 {
            let zh = "次数须至少为 1，否则请删去这一结果";
            self.fault("never-asked", times.at, zh, "once at least, or leave the outcome out");
        }
    }

    /// An outcome of a step says what follows in exactly one way.
    pub(super) fn says_one_thing(&mut self, at: Span, ways: usize) -> bool {
        if ways != 1 {
            let zh = "结果须写明 then、supplement、stop、extend、stays 之一";
            let en = "an outcome has one of `then`, `supplement`, `stop`, `extend` and `stays`";
            self.fault("what-follows", at, zh, en);
        }
        ways == 1
    }
}

/// Why a step's time is not counted.
pub(super) fn uncounted(written: &language::Uncounted) -> Uncounted {
    Uncounted { ground: written.ground, basis: written.basis.clone() }
}
