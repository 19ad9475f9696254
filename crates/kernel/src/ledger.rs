//! The ledger's words: who did what to which case, and what stood afterwards.
//!
//! Entries only grow. Each names persons by reference and carries the typed facts a decision used;
//! names, numbers and addresses of persons stay in the vault. The bytes of an entry are canonical
//! CBOR (RFC 8949, section 4.2: definite lengths, shortest integers, fields in index order): they
//! are what is chained and verified.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use base::{Date, Division, Fen, Instant, Name, Text};
use minicbor::{Decode, Encode};
use pack::model::{Effect, Ground, Mode, PackHash, Settled};
use rules::Value;
use sha2::{Digest, Sha256};

use crate::{
    case::{Deadline, Standing},
    register::Change,
};

/// The dense number of an entry, counted from 1 within a jurisdiction. *Known* is counted in these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct EntryNumber(#[n(0)] pub u64);

impl EntryNumber {
    /// The number after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A case is called by the number of the entry that filed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct CaseId(#[n(0)] pub EntryNumber);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.0)
    }
}

/// A person or an organisation, known to the ledger only by this random reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct PartyId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl PartyId {
    /// The party of a reference as it is written; none where it is no reference.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0_u8; 16];
        if text.len() != 2 * bytes.len() || !text.is_ascii() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// An office in a division, whichever body holds it on the day: `health@900101`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct BodyId {
    /// The office.
    #[n(0)]
    pub office: Name,
    /// The division it acts for.
    #[n(1)]
    pub division: Division,
}

impl BodyId {
    /// Reads what is written as `office@division`; none where it is not written so.
    pub fn parse(text: &str) -> Option<Self> {
        let (office, division) = text.split_once('@')?;
        Some(Self { office: Name::new(office).ok()?, division: Division::parse(division).ok()? })
    }
}

impl fmt::Display for BodyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.office, self.division)
    }
}

/// Who caused an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Actor {
    /// A person or organisation on its own behalf.
    #[n(0)]
    Party(#[n(0)] PartyId),
    /// An officer for a body.
    #[n(1)]
    Officer(#[n(0)] PartyId, #[n(1)] BodyId),
    /// A term that ran out.
    #[n(2)]
    Clock,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Act {
    /// A case was filed.
    #[n(0)]
    Filed(#[n(0)] Box<Filed>),
    /// An outcome was chosen at a stage, or silence was deemed to be one.
    #[n(1)]
    Chose(#[n(0)] Chose),
    /// The applicant was asked for what is missing.
    #[n(2)]
    SupplementAsked(#[n(0)] SupplementAsked),
    /// The applicant handed in what was missing.
    #[n(3)]
    Supplied(#[n(0)] Supplied),
    /// The time for a supplement ran out.
    #[n(4)]
    RanOut(#[n(0)] Name),
    /// The case decided.
    #[n(5)]
    Decided(#[n(0)] Box<Decided>),
    /// A decision was served, and the time to challenge it began.
    #[n(6)]
    Served(#[n(0)] Served),
    /// The applicant withdrew.
    #[n(7)]
    Withdrew(#[n(0)] String),
    /// The applicant challenged a decision.
    #[n(8)]
    Appealed(#[n(0)] Appealed),
    /// The body that heard the challenge ruled.
    #[n(9)]
    Ruled(#[n(0)] Ruled),
    /// A slip in the entry was corrected.
    #[n(10)]
    Corrected(#[n(0)] Corrected),
    /// The calendar for further days was adopted.
    #[n(11)]
    CalendarAdopted(#[n(0)] CalendarAdopted),
    /// A provisional date was counted again under the adopted calendar.
    #[n(12)]
    Redated(#[n(0)] Deadline),
    /// A pack was put in force.
    #[n(13)]
    PackAdopted(#[n(0)] PackHash),
    /// A body answered in a review, or its silence was deemed to be an answer.
    #[n(14)]
    Answered(#[n(0)] Answered),
    /// The clock was stopped.
    #[n(15)]
    Stopped(#[n(0)] Stopped),
    /// The clock goes on: what came of the stop; nothing when its longest time is over.
    #[n(16)]
    Resumed(#[n(0)] String),
    /// The time of a step was made longer.
    #[n(17)]
    Extended(#[n(0)] Extended),
    /// A fee was charged, or waived.
    #[n(18)]
    Charged(#[n(0)] Charged),
    /// The case goes on under another edition of its pack.
    #[n(19)]
    Migrated(#[n(0)] Migrated),
    /// The party asked that an officer stand aside.
    #[n(20)]
    RecusalAsked(#[n(0)] RecusalAsked),
    /// An officer stands aside, or need not.
    #[n(21)]
    Recused(#[n(0)] Recused),
    /// The case took a course at a turn.
    #[n(22)]
    Turned(#[n(0)] Turned),
    /// The case, now at an end, was written down among those handled.
    #[n(23)]
    Handled(#[n(0)] Box<Change>),
    /// A body gave the case to one of its officers, or took it back.
    #[n(24)]
    Assigned(#[n(0)] Assigned),
    /// An officer is away, or is back.
    #[n(25)]
    Away(#[n(0)] Away),
    /// A draft of a layout plan was put on file.
    #[n(26)]
    Drafted(#[n(0)] Box<Drafted>),
}

impl Act {
    /// What it writes to registers, in order.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        let (own, records, touched): (&[Change], &[Change], &[Change]) = match self {
            Self::Decided(decided) => (&decided.changes, &decided.records, &decided.touched),
            Self::Ruled(ruled) => (&ruled.changes, &[], &[]),
            Self::Corrected(corrected) => (&corrected.changes, &[], &[]),
            Self::Handled(change) => (std::slice::from_ref(&**change), &[], &[]),
            Self::Filed(_)
            | Self::Chose(_)
            | Self::Answered(_)
            | Self::Stopped(_)
            | Self::Resumed(_)
            | Self::SupplementAsked(_)
            | Self::Supplied(_)
            | Self::RanOut(_)
            | Self::Served(_)
            | Self::Withdrew(_)
            | Self::Appealed(_)
            | Self::CalendarAdopted(_)
            | Self::Redated(_)
            | Self::Extended(_)
            | Self::Charged(_)
            | Self::Migrated(_)
            | Self::RecusalAsked(_)
            | Self::Recused(_)
            | Self::Turned(_)
            | Self::Assigned(_)
            | Self::Away(_)
            | Self::Drafted(_)
            | Self::PackAdopted(_) => (&[], &[], &[]),
        };
        own.iter().chain(records).chain(touched)
    }
}

/// A filing: the facts it states, with personal details only marked as given.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Filed {
    /// The procedure.
    #[n(0)]
    pub procedure: Name,
    /// The pack that rules the case: to its end, unless a plan moves it.
    #[n(1)]
    pub pack: PackHash,
    /// Who applies.
    #[n(2)]
    pub applicant: PartyId,
    /// The persons whose details the form gives, by section.
    #[n(3)]
    pub subjects: BTreeMap<Name, PartyId>,
    /// The answers as typed facts.
    #[n(4)]
    pub facts: BTreeMap<String, Value>,
    /// The papers.
    #[n(5)]
    pub materials: BTreeMap<Name, Paper>,
    /// The body that handles the case.
    #[n(6)]
    pub body: BodyId,
    /// The commitments signed.
    #[n(7)]
    pub commitments: BTreeSet<Name>,
    /// What the entries named say that settles who acts, as they stood.
    #[n(8)]
    pub settled: BTreeMap<String, Value>,
    /// Through whom the applicant files.
    #[n(9)]
    pub through: Through,
    /// True where the party has not agreed to be served through the portal.
    #[n(10)]
    pub on_paper: bool,
    /// What was signed, where the application was signed here; the text itself lies in the vault.
    #[n(11)]
    pub signed: Option<SignedDigest>,
}

/// The SHA-256 of the text that an applicant signed. The text holds a salt that dies with the
/// signer's key, so the digest tells nothing of it afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct SignedDigest(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

/// Through whom somebody stands before a body (行政许可法 article 29; 民法典 articles 23 and 161).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Through {
    /// Through nobody: on its own behalf.
    #[n(0)]
    Own,
    /// An agent, by the power of attorney that it shows.
    #[n(1)]
    Agent(#[n(0)] Paper),
    /// The guardian of a person, by the proof that it shows.
    #[n(2)]
    Guardian(#[n(0)] Paper),
    /// An officer at the counter, who writes down what the applicant says.
    #[n(3)]
    Counter,
}

impl Through {
    /// The paper by which somebody files for another, and its name.
    pub fn shown(&self) -> Option<(&'static str, &Paper)> {
        match self {
            Self::Agent(paper) => Some(("power-of-attorney", paper)),
            Self::Guardian(paper) => Some(("proof-of-guardianship", paper)),
            Self::Own | Self::Counter => None,
        }
    }
}

/// A paper as handed in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Paper {
    /// How it came.
    #[n(0)]
    pub mode: Mode,
    /// The SHA-256 of the file, where one was sent.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub digest: Vec<u8>,
}

/// An outcome chosen at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Chose {
    /// The stage.
    #[n(0)]
    pub step: Name,
    /// The outcome.
    #[n(1)]
    pub outcome: Name,
    /// Why.
    #[n(2)]
    pub reasons: String,
    /// What the chooser filled in.
    #[n(3)]
    pub facts: BTreeMap<String, Value>,
    /// True where it was for the applicant to choose.
    #[n(4)]
    pub by_applicant: bool,
}

/// A step's time made longer (行政许可法 article 42).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Extended {
    /// The step.
    #[n(0)]
    pub step: Name,
    /// The outcome by which it is extended.
    #[n(1)]
    pub outcome: Name,
    /// Why.
    #[n(2)]
    pub reasons: String,
}

/// Which way a case went at a turn.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Turned {
    /// The turn.
    #[n(0)]
    pub step: Name,
    /// The course it took.
    #[n(1)]
    pub course: Name,
}

/// A fee charged, or waived.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Charged {
    /// The step that collects it.
    #[n(0)]
    pub step: Name,
    /// The fee.
    #[n(1)]
    pub fee: Name,
    /// How much; nothing where it is waived.
    #[n(2)]
    pub amount: Option<Fen>,
}

/// An answer in a review.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Answered {
    /// The review.
    #[n(0)]
    pub step: Name,
    /// The body asked, by its name in the procedure.
    #[n(1)]
    pub part: Name,
    /// The answer.
    #[n(2)]
    pub answer: Name,
    /// Why.
    #[n(3)]
    pub reasons: String,
    /// What who answers filled in.
    #[n(4)]
    pub facts: BTreeMap<String, Value>,
}

/// A draft of a layout plan, found to be what it claims.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Drafted {
    /// The stage.
    #[n(0)]
    pub step: Name,
    /// The draft, as it is written.
    #[n(1)]
    pub text: String,
}

/// A notice that the clock stands still (行政许可法 article 45).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Stopped {
    /// The step.
    #[n(0)]
    pub step: Name,
    /// The outcome by which it is stopped.
    #[n(1)]
    pub outcome: Name,
    /// The ground.
    #[n(2)]
    pub ground: Ground,
    /// Why.
    #[n(3)]
    pub reasons: String,
}

/// A notice of everything that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SupplementAsked {
    /// The stage that asks.
    #[n(0)]
    pub step: Name,
    /// The outcome by which it asks.
    #[n(1)]
    pub outcome: Name,
    /// The papers and form fields that are missing.
    #[n(2)]
    pub items: Vec<String>,
    /// Why.
    #[n(3)]
    pub reasons: String,
}

/// What the applicant handed in later.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Supplied {
    /// Answers given again.
    #[n(0)]
    pub facts: BTreeMap<String, Value>,
    /// Papers handed in.
    #[n(1)]
    pub materials: BTreeMap<Name, Paper>,
    /// What the entries now named say that settles who acts.
    #[n(2)]
    pub settled: BTreeMap<String, Value>,
}

/// A decision with everything it changes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Decided {
    /// The decision step.
    #[n(0)]
    pub step: Name,
    /// What it does to the right applied for.
    #[n(1)]
    pub effect: Effect,
    /// What it writes.
    #[n(2)]
    pub changes: Vec<Change>,
    /// The certificate it issues.
    #[n(3)]
    pub issues: Option<Name>,
    /// The body in whose name it is made.
    #[n(4)]
    pub by: BodyId,
    /// The entries it makes in other registers.
    #[n(5)]
    pub records: Vec<Change>,
    /// The commitment that it finds kept or broken.
    #[n(6)]
    pub settles: Option<Settled>,
    /// What it changes in entries that other cases made.
    #[n(7)]
    pub touched: Vec<Change>,
    /// Until when it must be served.
    #[n(8)]
    pub serve_by: Deadline,
    /// The lists of a draw that it freezes, as they are published.
    #[n(9)]
    pub frozen: Option<String>,
    /// What it draws from them, as it is published.
    #[n(10)]
    pub drawn: Option<String>,
    /// The survey of a layout plan that it takes, as it is written.
    #[n(11)]
    pub surveyed: Option<String>,
    /// The number of the draft that it adopts, counted from 1 as they were put on file.
    #[n(12)]
    pub adopted: Option<u64>,
}

/// Proof of service, with the last day of each remedy.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Served {
    /// The entry of the decision.
    #[n(0)]
    pub decision: EntryNumber,
    /// The remedies open, each until its deadline.
    #[n(1)]
    pub remedies: BTreeMap<Name, Deadline>,
    /// The way of service; none where the portal served it.
    #[n(2)]
    pub way: Option<Name>,
    /// The day on which it counts as served, from which the remedies run.
    #[n(3)]
    pub on: Date,
    /// What shows it: the number of a receipt or of a posting, the witnesses, the newspaper.
    #[n(4)]
    pub proof: String,
}

/// That an officer stand aside, as the party asks (行政处罚法 article 43).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecusalAsked {
    /// The officer.
    #[n(0)]
    pub officer: PartyId,
    /// Why, in the party's view.
    #[n(1)]
    pub grounds: String,
}

/// Whether an officer stands aside: by own declaration, or as another of the body decides.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Recused {
    /// The officer.
    #[n(0)]
    pub officer: PartyId,
    /// True where the officer stands aside.
    #[n(1)]
    pub aside: bool,
    /// Why.
    #[n(2)]
    pub reasons: String,
}

/// Who of a body deals with the case. Whoever else of the body acts all the same acts in time and
/// within its power: this is the body's own order of work.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Assigned {
    /// The body.
    #[n(0)]
    pub body: BodyId,
    /// The officer; nobody in particular where there is none.
    #[n(1)]
    pub to: Option<PartyId>,
}

/// A challenge.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Appealed {
    /// The decision challenged.
    #[n(0)]
    pub decision: EntryNumber,
    /// The remedy taken.
    #[n(1)]
    pub remedy: Name,
    /// Who hears it.
    #[n(2)]
    pub heard_by: BodyId,
    /// Why the decision is wrong, in the applicant's view.
    #[n(3)]
    pub grounds: String,
}

/// A ruling on a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Ruled {
    /// The decision challenged.
    #[n(0)]
    pub decision: EntryNumber,
    /// True when the decision is set aside.
    #[n(1)]
    pub upheld: bool,
    /// Why.
    #[n(2)]
    pub reasons: String,
    /// What setting it aside restores.
    #[n(3)]
    pub changes: Vec<Change>,
}

/// A correction of the entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Corrected {
    /// Why.
    #[n(0)]
    pub reasons: String,
    /// What the entry says instead.
    #[n(1)]
    pub changes: Vec<Change>,
}

/// Further days of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CalendarAdopted {
    /// The notice it rests on.
    #[n(0)]
    pub notice: Text,
    /// The days as comma-separated values: `date,is_workday`.
    #[n(1)]
    pub days: String,
}

/// Whether an officer of a body is away. What was said of the same officer before no longer holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Away {
    /// The officer.
    #[n(0)]
    pub officer: PartyId,
    /// The body.
    #[n(1)]
    pub body: BodyId,
    /// For how long; none where the officer is there.
    #[n(2)]
    pub spell: Option<Spell>,
}

/// The days for which somebody is away, and who stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Spell {
    /// The first day.
    #[n(0)]
    pub from: Date,
    /// The last day.
    #[n(1)]
    pub until: Date,
    /// The colleague who stands in: nothing is taken from the other, the colleague sees it too.
    #[n(2)]
    pub cover: PartyId,
}

impl Spell {
    /// Whether that day is one of them.
    pub fn holds(&self, day: Date) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// A move of a running case to another edition of its pack.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Migrated {
    /// The pack that rules the case from now on.
    #[n(0)]
    pub pack: PackHash,
    /// The plan in that pack.
    #[n(1)]
    pub migration: Name,
    /// The steps that are called otherwise in it, by their names so far.
    #[n(2)]
    pub steps: BTreeMap<Name, Name>,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// Its number.
    #[n(0)]
    pub number: EntryNumber,
    /// When it took effect; a term that ran out is dated at its deadline.
    #[n(1)]
    pub at: Instant,
    /// Who caused it.
    #[n(2)]
    pub by: Actor,
    /// The case it belongs to and how that case stands afterwards.
    #[n(3)]
    pub case: Option<OnCase>,
    /// What was done.
    #[n(4)]
    pub act: Act,
}

/// The case an entry belongs to, and its standing once the entry is written.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OnCase {
    /// The case.
    #[n(0)]
    pub id: CaseId,
    /// How it stands.
    #[n(1)]
    pub standing: Standing,
}

/// The hash of an entry and everything before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainHash(pub [u8; 32]);

impl ChainHash {
    /// What the first entry follows.
    pub const START: Self = Self([0; 32]);

    /// The hash once `bytes` follow.
    pub fn then(self, bytes: &[u8]) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(bytes).finalize().into())
    }
}

/// Why bytes are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadBytes(pub String);

impl fmt::Display for BadBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes do not read back: {}", self.0)
    }
}

impl std::error::Error for BadBytes {}

/// The canonical bytes of a value. Writing to memory cannot fail, and no value of ours refuses to
/// be written; were one to, it would have no bytes and `ledger verify` would report it.
pub fn bytes_of<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

/// The value that canonical bytes stand for.
///
/// # Errors
/// [`BadBytes`] when they are not the bytes of exactly one such value.
pub fn read_bytes<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, BadBytes> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|error| BadBytes(error.to_string()))?;
    if decoder.position() < bytes.len() {
        return Err(BadBytes("more follows than one value".to_owned()));
    }
    Ok(value)
}
