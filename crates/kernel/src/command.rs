//! What somebody may ask of a case.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Name};
use pack::model::{Applicant, Mode};
use rules::Value;

use crate::ledger::{EntryNumber, Paper, PartyId, SignedDigest, Through};

/// A paper as the applicant hands it in.
pub type Handed = BTreeMap<Name, Paper>;

/// A command on one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Start a case.
    File(File),
    /// Choose an outcome at the stage the case is at.
    Choose(Choose),
    /// Answer for a body in a review.
    Answer(Answer),
    /// Put a draft of the case's layout plan on file.
    Draft {
        /// The stage the officer believes the case to be at.
        step: Name,
        /// The text of the draft.
        text: String,
    },
    /// Let the stopped clock go on.
    Resume {
        /// What came of the stop.
        reasons: String,
    },
    /// Hand in what a supplement notice asked for.
    Supply(Supply),
    /// Give the application up.
    Withdraw {
        /// Why, in the applicant's words.
        reasons: String,
    },
    /// Challenge a decision.
    Appeal {
        /// The decision's entry.
        decision: EntryNumber,
        /// The remedy taken.
        remedy: Name,
        /// Why the decision is wrong.
        grounds: String,
    },
    /// Rule on the challenge.
    Rule {
        /// True to set the decision aside.
        upheld: bool,
        /// Why.
        reasons: String,
    },
    /// Correct a slip in the entry the case made.
    Correct {
        /// The fields and what they should say.
        fields: BTreeMap<Name, Value>,
        /// Why.
        reasons: String,
    },
    /// Serve a decision that the portal did not serve.
    Serve(Serve),
    /// Ask that an officer stand aside.
    AskRecusal {
        /// The officer.
        officer: PartyId,
        /// Why, in the party's view.
        grounds: String,
    },
    /// Stand aside, or decide whether another officer of the body does.
    Recuse {
        /// The officer.
        officer: PartyId,
        /// True to stand aside.
        aside: bool,
        /// Why.
        reasons: String,
    },
    /// Give the case to an officer of one's body, or to nobody in particular.
    Assign {
        /// The officer.
        to: Option<PartyId>,
    },
    /// Let the term that has run out take effect; given by the store, never by a person.
    RunOut,
}

/// A filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The procedure.
    pub procedure: Name,
    /// Who applies.
    pub applicant: PartyId,
    /// What the applicant is.
    pub kind: Applicant,
    /// The persons whose details the form gives, by section.
    pub subjects: BTreeMap<Name, PartyId>,
    /// The answers as typed facts; personal ones only marked as given.
    pub facts: BTreeMap<String, Value>,
    /// The papers.
    pub materials: Handed,
    /// The commitments signed.
    pub commitments: BTreeSet<Name>,
    /// Through whom the applicant files.
    pub through: Through,
    /// True where the party has not agreed to be served through the portal.
    pub on_paper: bool,
    /// The digest of what was signed, where the application was signed here.
    pub signed: Option<SignedDigest>,
}

/// Proof of service of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serve {
    /// The decision's entry.
    pub decision: EntryNumber,
    /// The way of service, one of those the pack names.
    pub way: Name,
    /// The day on which it was handed over, left, delivered or made public.
    pub on: Date,
    /// What shows it.
    pub proof: String,
}

/// A choice at a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choose {
    /// The stage the chooser believes the case to be at.
    pub step: Name,
    /// The outcome.
    pub outcome: Name,
    /// Why.
    pub reasons: String,
    /// What is missing, where the outcome asks for a supplement.
    pub items: Vec<String>,
    /// What the chooser fills in, where the outcome asks for it.
    pub facts: BTreeMap<String, Value>,
}

/// An answer in a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The review the body believes the case to be at.
    pub step: Name,
    /// The body, by its name in the procedure.
    pub part: Name,
    /// The answer.
    pub answer: Name,
    /// Why.
    pub reasons: String,
    /// What who answers fills in, where the answer asks for it.
    pub facts: BTreeMap<String, Value>,
}

/// What is handed in later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Supply {
    /// Answers given again.
    pub facts: BTreeMap<String, Value>,
    /// Papers.
    pub materials: Handed,
}

/// A paper sent as a file with this digest.
pub fn uploaded(digest: [u8; 32]) -> Paper {
    Paper { mode: Mode::Upload, digest: digest.to_vec() }
}
