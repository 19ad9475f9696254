//! What a story needs of the place it is played at.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use base::{Date, Instant, Name, Text};
use kernel::{
    BodyId, PartyId, Standing,
    case::{Case, EntryKey, Service},
    decide::awaited,
    form::Answers,
    register::Fields,
};
use pack::{
    language::scenario::StandsIn,
    model::{Applicant, Mode, Pack},
};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// An applicant.
    Applicant(PartyId, Applicant),
    /// An officer of a body.
    Officer(PartyId, BodyId),
}

impl Who {
    /// The acting party.
    pub fn party(&self) -> PartyId {
        match self {
            Self::Applicant(party, _) | Self::Officer(party, _) => *party,
        }
    }
}

/// For whom somebody files, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behalf {
    /// The applicant.
    pub of: Who,
    /// As what.
    pub stands_in: StandsIn,
}

/// The papers handed in, each in its way.
pub type Handing = BTreeMap<Name, Mode>;

/// What somebody does, in the words of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Files a case.
    File {
        /// The procedure.
        procedure: Name,
        /// The answers as written.
        answers: Answers,
        /// The papers.
        papers: Handing,
        /// The commitments signed.
        commits: BTreeSet<Name>,
        /// For whom, where it is not for oneself.
        behalf: Option<Behalf>,
        /// True where the party has not agreed to be served through the portal.
        on_paper: bool,
    },
    /// Chooses an outcome.
    Choose {
        /// The stage.
        step: Name,
        /// The outcome.
        outcome: Name,
        /// Why.
        reasons: String,
        /// What is missing.
        items: Vec<String>,
        /// What the chooser fills in, as written.
        answers: Answers,
    },
    /// Answers for a body in a review.
    Answer {
        /// The review.
        step: Name,
        /// The part it answers.
        part: Name,
        /// The answer.
        answer: Name,
        /// Why.
        reasons: String,
        /// What who answers fills in, as written.
        answers: Answers,
    },
    /// Puts a draft of a layout plan on file.
    Draft {
        /// The stage.
        step: Name,
        /// The text of the draft.
        text: String,
    },
    /// Lets a stopped clock go on.
    Resume {
        /// What came of the stop.
        reasons: String,
    },
    /// Hands in what was missing.
    Supply {
        /// The answers as written.
        answers: Answers,
        /// The papers.
        papers: Handing,
    },
    /// Withdraws.
    Withdraw {
        /// Why.
        reasons: String,
    },
    /// Challenges a decision.
    Appeal {
        /// The decision's entry number.
        decision: u64,
        /// The remedy.
        remedy: Name,
        /// Why.
        grounds: String,
    },
    /// Rules on the challenge.
    Rule {
        /// True to set the decision aside.
        upheld: bool,
        /// Why.
        reasons: String,
    },
    /// Serves a decision otherwise than through the portal.
    Serve {
        /// The decision's entry number.
        decision: u64,
        /// The way of service.
        way: Name,
        /// The day on which it was done.
        on: Date,
        /// What shows it.
        proof: String,
    },
    /// Asks that an officer stand aside.
    AskRecusal {
        /// The officer.
        officer: PartyId,
        /// Why.
        grounds: String,
    },
    /// Stands aside, or decides whether a colleague does.
    Recuse {
        /// The officer.
        officer: PartyId,
        /// True to stand aside.
        aside: bool,
        /// Why.
        reasons: String,
    },
    /// Corrects a field of the entry.
    Correct {
        /// The field.
        field: Name,
        /// What it should say, as written.
        to: String,
        /// Why.
        reasons: String,
    },
}

/// A case as a stage shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `at`, `reviewing`, `supplementing`, `stopped`, `ended`, `challenged` or `withdrawn`.
    pub state: String,
    /// The step, or the end it has come to.
    pub place: Option<String>,
    /// The last day of the term that runs.
    pub due: Option<Date>,
    /// Whether that day is provisional.
    pub provisional: bool,
    /// The bodies that must act now, in order.
    pub awaits: BTreeSet<String>,
    /// The register and key of each entry it made, its own first.
    pub entries: Vec<(String, String)>,
    /// The decisions, each with its entry number and the last day of each remedy.
    pub decisions: Vec<SeenDecision>,
    /// The survey of its layout plan, once there is one.
    pub survey: Option<String>,
}

/// A decision as a stage shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDecision {
    /// Its entry number.
    pub number: u64,
    /// The decision step.
    pub step: String,
    /// The last day of each remedy.
    pub remedies: BTreeMap<String, Date>,
    /// The last day on which it must be served; none once it is.
    pub serve_by: Option<Date>,
}

impl Seen {
    /// What a case shows under its pack.
    pub fn of(pack: &Pack, case: &Case) -> Self {
        let (state, place) = match &case.standing {
            Standing::At { step, .. } => ("at", Some(step)),
            Standing::Reviewing { step, .. } => ("reviewing", Some(step)),
            Standing::Supplementing { step, .. } => ("supplementing", Some(step)),
            Standing::Stopped { step, .. } => ("stopped", Some(step)),
            Standing::Ended { end } => ("ended", Some(end)),
            Standing::Challenged { end, .. } => ("challenged", Some(end)),
            Standing::Withdrawn => ("withdrawn", None),
        };
        let due = case.standing.due();
        let key = |entry: &EntryKey| (entry.register.to_string(), entry.key.clone());
        let records = case.decisions.iter().flat_map(|made| &made.records);
        let awaits = awaited(pack, case).into_iter().map(|awaited| awaited.body.to_string());
        Self {
            state: state.to_owned(),
            place: place.map(Name::to_string),
            due: due.map(|due| due.on),
            provisional: due.is_some_and(|due| due.provisional),
            awaits: awaits.collect(),
            entries: case.entry.iter().chain(records).chain(&case.handled).map(key).collect(),
            decisions: case.decisions.iter().map(SeenDecision::of).collect(),
            survey: case.layout.as_ref().map(|layout| layout.survey.text.clone()),
        }
    }
}

impl SeenDecision {
    fn of(made: &kernel::case::Made) -> Self {
        let remedies = made.remedies.iter();
        Self {
            number: made.number.0,
            step: made.step.to_string(),
            remedies: remedies.map(|(name, until)| (name.to_string(), until.on)).collect(),
            serve_by: match made.service {
                Service::Owed(due) => Some(due.on),
                Service::Done(_) | Service::Moot => None,
            },
        }
    }
}

/// In place of a refusal's number: the stage does not show this person what the deed needs.
pub const NOT_SHOWN: u16 = 0;

/// What came of a deed: the case, or the number of the refusal.
pub type Outcome = Result<u64, u16>;

/// A place where stories are played. A stage fails only when it is broken; a refusal is an outcome.
pub trait Stage {
    /// The stage's name, for reports.
    fn name(&self) -> &'static str;

    /// Somebody does something to a case, or files one.
    fn act(
        &mut self,
        who: &Who,
        at: Instant,
        case: Option<u64>,
        deed: Deed,
    ) -> impl Future<Output = Result<Outcome, String>>;

    /// What the last refusal said, where the stage hears it.
    fn refusal(&self) -> Option<&Text> {
        None
    }

    /// Further days of the calendar are adopted, as `date,is_workday` lines.
    fn adopt(
        &mut self,
        who: &Who,
        at: Instant,
        days: String,
    ) -> impl Future<Output = Result<(), String>>;

    /// Time reaches `at`.
    fn pass(&mut self, at: Instant) -> impl Future<Output = Result<(), String>>;

    /// The case as it stands.
    fn see(&mut self, who: &Who, case: u64) -> impl Future<Output = Result<Seen, String>>;

    /// The ledger's last number.
    fn head(&mut self) -> impl Future<Output = Result<u64, String>>;

    /// What the register says of the end of a day, as known at a number; each value as text.
    fn ask(
        &mut self,
        register: &Name,
        key: &str,
        on: Date,
        known: u64,
    ) -> impl Future<Output = Result<Option<BTreeMap<String, String>>, String>>;
}

/// The fields of an entry as texts.
pub fn as_texts(fields: &Fields) -> BTreeMap<String, String> {
    fields.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}
