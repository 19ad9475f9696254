//! What the applicant can do next, each with the day until which it can be done, and where.

use base::Name;
use kernel::{Deadline, Standing, ledger::Act};
use pack::model::{Remedy, Step};

use super::{Reading, days_left};
use crate::web::pages::case::{ActForm, NextStep, OutcomeOffered};

impl Reading<'_> {
    /// The panels above the forms of the party: what may be done now, until when and where.
    pub(crate) fn next_steps(&self, acts: &[ActForm]) -> Vec<NextStep> {
        let mut steps = Vec::new();
        for act in acts {
            match act {
                ActForm::Supply { .. } => steps.extend(self.to_supply()),
                ActForm::Choose { outcomes, .. } => steps.extend(self.to_choose(outcomes)),
                ActForm::Withdraw { .. } => steps.push(self.to_withdraw()),
                _ => {}
            }
        }
        if matches!(self.case.standing, Standing::Ended { .. }) {
            steps.extend(self.to_challenge());
        }
        steps
    }

    fn to_supply(&self) -> Option<NextStep> {
        let words = self.shown.words;
        let Standing::Supplementing { items, runs, .. } = &self.case.standing else { return None };
        let items = self.items(items);
        let says = match self.asked_because() {
            "" => words.with("next-supply-says", &items),
            reasons => words.with_both("next-supply-because", &items, reasons),
        };
        Some(NextStep {
            title: words.t("next-supply"),
            says,
            until: self.until(runs.due),
            href: "#do-supply".to_owned(),
        })
    }

    /// The ground of the last notice; empty where none was given.
    fn asked_because(&self) -> &str {
        let notice = self.history.iter().rev().find_map(|entry| match &entry.act {
            Act::SupplementAsked(asked) => Some(asked.reasons.as_str()),
            _ => None,
        });
        notice.unwrap_or_default()
    }

    /// A stage at which the party chooses: what there is to choose, why it was asked, and what it
    /// means to say nothing.
    fn to_choose(&self, outcomes: &[OutcomeOffered]) -> Option<NextStep> {
        let words = self.shown.words;
        let Standing::At { step, runs } = &self.case.standing else { return None };
        let Some(Step::Stage(stage)) = self.procedure.steps.get(step) else { return None };
        let titles: Vec<&str> = outcomes.iter().map(|own| own.offered.title.as_str()).collect();
        let mut says = vec![words.with("next-choose-says", &titles.join(words.comma()))];
        let deemed = stage.silence.as_ref().and_then(|(deemed, _)| stage.outcome(deemed));
        says.extend(deemed.map(|own| words.with("next-choose-silence", own.title.to(words.0))));
        let because = Some(self.brought_here_because()).filter(|reasons| !reasons.is_empty());
        says.extend(because.map(|reasons| words.with("next-choose-because", reasons)));
        Some(NextStep {
            title: stage.title.to(words.0).to_owned(),
            says: says.join(" "),
            until: self.until(runs.due),
            href: "#do-choose".to_owned(),
        })
    }

    /// The reasons of the choice that brought the case to the party; empty where none were given.
    fn brought_here_because(&self) -> &str {
        let chosen = self.history.iter().rev().find_map(|entry| match &entry.act {
            Act::Chose(chose) => Some(chose),
            _ => None,
        });
        let theirs = chosen.filter(|chose| !chose.by_applicant);
        theirs.map(|chose| chose.reasons.as_str()).unwrap_or_default()
    }

    fn to_withdraw(&self) -> NextStep {
        let words = self.shown.words;
        NextStep {
            title: words.t("next-withdraw"),
            says: words.t("next-withdraw-says"),
            until: String::new(),
            href: "#do-withdraw".to_owned(),
        }
    }

    /// The remedies that are open: those heard here lead to their form, the others say where.
    fn to_challenge(&self) -> Vec<NextStep> {
        let made = self.case.decisions.iter();
        let open = made.flat_map(|made| {
            made.remedies
                .iter()
                .filter(|(_, due)| due.provisional || self.shown.day <= due.on)
                .map(|(name, due)| self.challenge(made.number.0, name, *due))
        });
        open.collect()
    }

    fn challenge(&self, decision: u64, name: &Name, due: Deadline) -> NextStep {
        let words = self.shown.words;
        let remedy = self.shown.pack.remedies.get(name);
        let hearing = remedy.and_then(|remedy: &Remedy| remedy.hearing.as_ref());
        let (says, href) = match hearing {
            Some(hearing) => (
                words.with("next-appeal-here", &self.shown.competent(&hearing.by)),
                format!("#do-appeal-{decision}"),
            ),
            None => (words.t("next-appeal-elsewhere"), String::new()),
        };
        let title = words.with("next-appeal", &self.remedy_title(name));
        NextStep { title, says, until: self.until(due), href }
    }

    /// Until which day, and how many days that leaves.
    fn until(&self, due: Deadline) -> String {
        let words = self.shown.words;
        let left = days_left(self.shown, due.on);
        let until = words.with_both("next-until", &due.on.to_string(), &left);
        if due.provisional {
            return format!("{until} {}", words.t("clock-provisional"));
        }
        until
    }
}
