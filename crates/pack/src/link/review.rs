//! Reviews by several bodies, and what stops a clock.

use base::Name;

use super::{Kind, Linker, procedure::limit};
use crate::{
    language::{self, ProcedureFile},
    model::{Answer, Branches, Follows, Join, Outcome, Part, Review, Stop, Uncounted},
    node::Span,
    read::Spanned,
};

impl Linker<'_> {
    pub(super) fn review(
        &mut self,
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
            answers: answers(review),
            parts: self.parts(file, review),
            join: self.join(file, &review.join)?,
            outcomes: self.meanwhile(file, review),
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
        file: &ProcedureFile,
        review: &language::Review,
    ) -> Vec<(Name, Outcome)> {
        let outcomes = self.outcomes(file, &review.outcomes);
        for (name, outcome) in &outcomes {
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
            let zh = "结果须写明 then、supplement、stop 之一";
            let en = "an outcome has one of `then`, `supplement` and `stop`";
            self.fault("what-follows", at, zh, en);
        }
        ways == 1
    }
}

fn answers(review: &language::Review) -> Vec<(Name, Answer)> {
    let linked = review.answers.iter().map(|(name, answer)| {
        let reasons = answer.reasons.unwrap_or(false);
        let linked = Answer { title: answer.title.clone(), counts: answer.counts, reasons };
        (name.value.clone(), linked)
    });
    linked.collect()
}

/// Why a step's time is not counted.
pub(super) fn uncounted(written: &language::Uncounted) -> Uncounted {
    Uncounted { ground: written.ground, basis: written.basis.clone() }
}
