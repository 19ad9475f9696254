//! Reviews by several bodies: each can be for and against, silence is no refusal, and nothing is
//! granted when nobody has looked.

use base::Name;

use super::{Proof, flow::ADVERSE};
use crate::{
    language,
    model::{Counts, Effect, Joined, Part, Review, Step},
};

pub(super) fn prove(proof: &mut Proof<'_>) {
    let steps = proof.procedure.steps.iter();
    let reviews: Vec<(&Name, &Review)> = steps
        .filter_map(|(name, step)| match step {
            Step::Review(review) => Some((name, review)),
            Step::Stage(_) | Step::Turn(_) | Step::Decision(_) => None,
        })
        .collect();
    for (name, review) in reviews {
        two_sided(proof, name, review);
        silence_refuses_nothing(proof, name, review);
        weighs(proof, name, review);
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

/// A review by itself grants only what every body approved, one of them at least by looking; and it
/// refuses only what somebody was against, not what nobody answered.
fn weighs(proof: &mut Proof<'_>, name: &Name, review: &Review) {
    let deemed = |part: &Part| review.answer(&part.silence.0).map(|answer| answer.counts);
    let silent =
        |counts: Counts| review.parts.iter().filter(move |(_, p)| deemed(p) == Some(counts));
    let all_silent = silent(Counts::Approves).count() == review.parts.len();
    let some_silent = silent(Counts::Approves).count() < review.parts.len();
    let mut wrong = Vec::new();
    for (joined, target) in review.results() {
        let decided: Vec<Effect> =
            proof.procedure.decisions_from(target).iter().map(|(_, d)| d.decides).collect();
        let grants =
            decided.iter().any(|effect| matches!(effect, Effect::Granted | Effect::Adopted));
        let takes = decided.iter().any(|effect| ADVERSE.contains(effect));
        wrong.extend((grants && joined == Joined::Approved && all_silent).then_some(BY_SILENCE));
        wrong.extend((grants && joined != Joined::Approved).then_some(UNAPPROVED));
        wrong.extend((takes && joined != Joined::Approved && some_silent).then_some(UNANSWERED));
    }
    for (word, zh, en) in wrong {
        let (at, path) = (proof.at_step(name), proof.way_to(name));
        proof.fails(word, at, zh, en, &path);
    }
}

type Wrong = (&'static str, &'static str, &'static str);

const BY_SILENCE: Wrong =
    ("granted-by-silence", "各机关都不答复时即准予", "it is granted when every body is silent");
const UNAPPROVED: Wrong = (
    "granted-unapproved",
    "未经全部同意即准予：须由牵头机关在环节中权衡",
    "it is granted though not all approved; a stage of the lead weighs the answers first",
);
const UNANSWERED: Wrong = (
    "refused-by-silence",
    "机关不答复即导致不利决定：须由牵头机关在环节中权衡",
    "silence of a body refuses; a stage of the lead weighs the answers first",
);

fn at_silence(proof: &Proof<'_>, step: &Name, body: &Name) -> crate::node::Span {
    let part = match proof.file.steps.get(step.as_str()) {
        Some(language::Step::Review(review)) => review.reviews.get(body.as_str()),
        _ => None,
    };
    part.map_or_else(|| proof.at_step(step), |part| part.silence.deemed.at)
}
