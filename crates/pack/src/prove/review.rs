//! Reviews by several bodies: each can be for and against, silence is no refusal, and nothing is
//! granted when nobody has looked.

use base::Name;

use super::Proof;
use crate::{
    language,
    model::{Counts, Effect, Join, Review, Step, Target},
};

pub(super) fn prove(proof: &mut Proof<'_>) {
    let steps = proof.procedure.steps.iter();
    let reviews: Vec<(&Name, &Review)> = steps
        .filter_map(|(name, step)| match step {
            Step::Review(review) => Some((name, review)),
            Step::Stage(_) | Step::Decision(_) => None,
        })
        .collect();
    for (name, review) in reviews {
        two_sided(proof, name, review);
        silence_refuses_nothing(proof, name, review);
        somebody_looks(proof, name, review);
    }
}

/// A body can be for and against; else it need not be asked.
fn two_sided(proof: &mut Proof<'_>, name: &Name, review: &Review) {
    let gives = |counts: Counts| review.answers.iter().any(|(_, answer)| answer.counts == counts);
    if !(gives(Counts::Approves) && gives(Counts::Refuses)) {
        let (at, path) = (proof.at_step(name), proof.way_to(name));
        let zh = "答复中须有 approves 和 refuses 两种";
        let en = "its answers must hold one that approves and one that refuses";
        proof.fails("one-sided", at, zh, en, &path);
    }
}

/// A refusal has reasons, and silence gives none.
fn silence_refuses_nothing(proof: &mut Proof<'_>, name: &Name, review: &Review) {
    for (body, part) in &review.parts {
        let deemed = review.answer(&part.silence.0);
        if deemed.is_some_and(|answer| answer.counts == Counts::Refuses) {
            let (at, path) = (at_silence(proof, name, body), proof.way_to(name));
            let zh = "沉默不能视为反对：反对须说明理由";
            let en = "silence cannot be deemed a refusal, which needs reasons";
            proof.fails("silence-refuses", at, zh, en, &path);
        }
    }
}

/// Where a review itself grants, the silence of all must not.
fn somebody_looks(proof: &mut Proof<'_>, name: &Name, review: &Review) {
    let approved = match &review.join {
        Join::LeadDecides(_) => return,
        Join::AllApprove(branches) | Join::AnyRefusalEnds(branches) => &branches.approved,
    };
    let Target::Step(next) = approved else { return };
    let decision = proof.procedure.decision(next.as_str());
    let grants = decision.is_some_and(|decision| decision.decides == Effect::Granted);
    let approves = |deemed: &Name| {
        review.answer(deemed).is_some_and(|answer| answer.counts == Counts::Approves)
    };
    if grants && review.parts.iter().all(|(_, part)| approves(&part.silence.0)) {
        let (at, path) = (proof.at_step(name), proof.way_to(name));
        let zh = "各机关都不答复时即准予";
        let en = "it is granted when every body is silent";
        proof.fails("granted-by-silence", at, zh, en, &path);
    }
}

fn at_silence(proof: &Proof<'_>, step: &Name, body: &Name) -> crate::node::Span {
    let part = match proof.file.steps.get(step.as_str()) {
        Some(language::Step::Review(review)) => review.reviews.get(body.as_str()),
        _ => None,
    };
    part.map_or_else(|| proof.at_step(step), |part| part.silence.deemed.at)
}
