//! What the bodies asked in reviews have answered, and who has not answered yet.

use std::collections::BTreeMap;

use base::Name;
use kernel::{
    Actor, Standing,
    case::{Part, Parts, Running},
    decide::body_of,
    ledger::{Act, Answered},
};
use pack::model::{Counts, Review};

use super::{Reading, kept};
use crate::web::{frame::Row, pages::case::OpinionView};

impl Reading<'_> {
    /// What the bodies asked in reviews have answered, and who has not answered yet.
    pub(super) fn opinions(&self) -> Vec<OpinionView> {
        let steps = self.procedure.steps.keys();
        let reviews = steps.filter_map(|name| Some((name, self.procedure.review(name.as_str())?)));
        reviews.flat_map(|(name, review)| self.opinions_in(name, review)).collect()
    }

    pub(super) fn opinions_in(&self, step: &Name, review: &Review) -> Vec<OpinionView> {
        let open = self.open_parts(step);
        let opinion = |name: &Name, part: &pack::model::Part| {
            let given = self.history.iter().rev().find_map(|entry| match &entry.act {
                Act::Answered(given) if given.step == *step && given.part == *name => {
                    Some((entry, given))
                }
                _ => None,
            });
            let waits = open.get(name);
            let (answer, mark, when, reasons) = match (waits, given) {
                (Some(when), _) => (self.shown.words.t("opinion-open"), "open", when.clone(), ""),
                (None, Some((entry, given))) => {
                    let answer = review.answer(&given.answer);
                    let title = answer.map(|answer| answer.title.to(self.shown.words.0));
                    let title = title.unwrap_or(given.answer.as_str()).to_owned();
                    let mark = mark(answer.map(|answer| answer.counts));
                    (title, mark, self.shown.moment(entry.at), given.reasons.as_str())
                }
                (None, None) => return None,
            };
            // Who has answered is who answered, whoever would be asked today.
            let answered_by = given.filter(|_| waits.is_none()).map(|(entry, _)| &entry.by);
            let body = match answered_by {
                Some(Actor::Officer(_, body)) => Some(body.clone()),
                _ => body_of(self.shown.pack, self.case, name),
            };
            Some(OpinionView {
                part: part.title.to(self.shown.words.0).to_owned(),
                body: body.map(|body| self.shown.body(&body)).unwrap_or_default(),
                answer,
                mark,
                when,
                reasons: reasons.to_owned(),
                filled: given
                    .filter(|_| waits.is_none())
                    .map(|(_, given)| self.filled(review, given))
                    .unwrap_or_default(),
            })
        };
        review.parts.iter().filter_map(|(name, part)| opinion(name, part)).collect()
    }

    /// What who answered filled in.
    pub(super) fn filled(&self, review: &Review, given: &Answered) -> Vec<Row> {
        let answer = review.answer(&given.answer);
        let sections = answer.into_iter().flat_map(|answer| &answer.asks);
        let fields = sections.flat_map(|section| &section.fields);
        let row = |field: &pack::model::Field| {
            let said = given.facts.get(&field.path)?;
            let value = self.headings.value(self.shown, &field.input, said);
            let title = field.title.to(self.shown.words.0).to_owned();
            Some(Row { title, text: value.text, href: value.href })
        };
        fields.filter_map(row).collect()
    }

    /// The parts of a review that are still open, each with when it is due, or what is left of its
    /// time while the clock stands still.
    pub(super) fn open_parts(&self, at: &Name) -> BTreeMap<Name, String> {
        fn open<T>(parts: &Parts<T>, time: impl Fn(&T) -> String) -> BTreeMap<Name, String> {
            let open = parts.iter().filter_map(|(name, part)| match part {
                Part::Awaited(kept) => Some((name.clone(), time(kept))),
                Part::Answered { .. } => None,
            });
            open.collect()
        }
        match &self.case.standing {
            Standing::Reviewing { step, parts, .. } if step == at => {
                let due = |runs: &Running| runs.due.on.to_string();
                open(parts, |runs| self.shown.words.with("due-on", &due(runs)))
            }
            Standing::Supplementing { step, held, .. } | Standing::Stopped { step, held, .. }
                if step == at =>
            {
                open(&held.parts, |left| kept(self.shown, *left))
            }
            _ => BTreeMap::new(),
        }
    }
}

/// What an answer counts as, as a style.
pub(super) fn mark(counts: Option<Counts>) -> &'static str {
    match counts {
        Some(Counts::Approves) => "good",
        Some(Counts::Refuses) => "bad",
        Some(Counts::Abstains) | None => "open",
    }
}
