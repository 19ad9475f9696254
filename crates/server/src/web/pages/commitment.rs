//! A promise as people read it: the words, who may sign it, what it stands in for, by when and by
//! whom it is checked, what must be shown, and what follows when it is broken.

use base::Name;
use pack::model::{Commitment, Procedure};

use super::steps::{OutcomeView, outcome_view, who};
use crate::web::{frame::Cited, question::title_of, shown::Shown};

/// A promise.
#[derive(Debug)]
pub(crate) struct CommitmentView {
    /// What it is called.
    pub(crate) title: String,
    /// The words promised.
    pub(crate) says: String,
    /// Who may sign it; empty where anybody may.
    pub(crate) open_to: String,
    /// The conditions for which it stands in.
    pub(crate) covers: Vec<String>,
    /// By when and by whom it is checked; empty where nothing is said.
    pub(crate) check: String,
    /// What must be shown by then.
    pub(crate) evidence: Vec<String>,
    /// What the check may come to.
    pub(crate) ladder: Vec<OutcomeView>,
    /// Where it is written.
    pub(crate) cited: Cited,
}

impl CommitmentView {
    /// A promise of a procedure.
    pub(crate) fn of(
        shown: Shown<'_>,
        procedure: &Procedure,
        name: &Name,
        commitment: &Commitment,
    ) -> Self {
        let language = shown.words.0;
        let covered = procedure.requires.iter().filter(|r| commitment.covers.contains(&r.name));
        let open_to = commitment.open_to.as_ref().map(|who| who.says.to(language).to_owned());
        let check = procedure.check_of(name).map(|(_, stage)| stage);
        let evidence = commitment.evidence.iter();
        Self {
            title: commitment.title.to(language).to_owned(),
            says: commitment.says.to(language).to_owned(),
            open_to: open_to.unwrap_or_default(),
            covers: covered.map(|r| r.says.to(language).to_owned()).collect(),
            check: check
                .map(|stage| {
                    let term = shown.term(stage.within.term);
                    let by = who(shown, procedure, &stage.by);
                    shown.words.with_both("commitment-check", &term, &by)
                })
                .unwrap_or_default(),
            evidence: evidence.map(|p| title_of(shown, procedure, p.as_str())).collect(),
            ladder: check
                .into_iter()
                .flat_map(|stage| &stage.outcomes)
                .map(|(_, outcome)| outcome_view(shown, procedure, outcome))
                .collect(),
            cited: shown.cited(&commitment.basis),
        }
    }
}

/// Every promise of a procedure.
pub(crate) fn commitments(shown: Shown<'_>, procedure: &Procedure) -> Vec<CommitmentView> {
    let all = procedure.commitments.iter();
    all.map(|(name, promise)| CommitmentView::of(shown, procedure, name, promise)).collect()
}

#[cfg(test)]
pub(super) fn sample_commitment() -> CommitmentView {
    CommitmentView {
        title: "Promise".into(),
        says: "We promise".into(),
        open_to: "Private ones".into(),
        covers: vec!["Staff".into()],
        check: "within 60 days".into(),
        evidence: vec!["Report".into()],
        ladder: vec![OutcomeView {
            title: "Broken".into(),
            needs: String::new(),
            who: String::new(),
            asks: String::new(),
            cited: Vec::new(),
            then: "→".into(),
        }],
        cited: super::cited(),
    }
}
