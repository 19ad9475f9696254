//! Why a command changes nothing. One variant per broken rule, numbered for ever; where several
//! apply, `decide` gives the first it comes to.

mod table;

use base::{Name, Reason, Text};

use table::Row;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The pack has no such procedure.
    NoSuchProcedure(String),
    /// There is no such case.
    NoSuchCase,
    /// A case is already open under that name.
    AlreadyFiled,
    /// The procedure is not open to such an applicant.
    NotOpenToYou,
    /// The answers do not fit the form.
    Form(Vec<FormFault>),
    /// No body is competent for the place.
    NoCompetentBody(String),
    /// What must hold for a case to be filed at all does not, or is not known to.
    NotAdmitted(Vec<Unmet>),
    /// It cannot be told from what is known where the case goes on.
    TurnUnknown(Text),
    /// The lists of a draw cannot be frozen, or a pledge or a seed is not what it must be.
    Draw(Vec<draw::Fault>),
    /// A survey cannot be taken, or a draft is not what it claims.
    Layout(Vec<layout::Fault>),
    /// It is not known where an area lies, or how many people live there.
    AreasUnknown(Vec<String>),
    /// There is no draft of that number on file.
    NoSuchDraft(i64),
    /// The same draft is on file already, by that number.
    DraftTwice(usize),
    /// As many drafts are on file as there can be.
    DraftsFull(usize),
    /// The case is somebody else's.
    NotYourCase,
    /// The body is not the one that handles this.
    NotCompetent,
    /// The case is not where the command supposes it.
    NotNow,
    /// The stage has no such outcome.
    NoSuchOutcome(Name),
    /// Reasons must be given.
    ReasonsMissing,
    /// Conditions are not met, or it is not known whether they are.
    ConditionsNotMet(Vec<Unmet>),
    /// A supplement notice must name what is missing, from the form and the papers.
    SupplementItems(Vec<String>),
    /// A later notice may not ask for what the first did not.
    SupplementWidened(Vec<String>),
    /// The stage has asked as often as it may.
    SupplementExhausted(u32),
    /// The step has stopped the clock as often as it may.
    StopExhausted(u32),
    /// An answer that settles who is competent cannot be given anew in a running case.
    PlaceSettled(Vec<String>),
    /// The applicant has not signed the commitment on which the outcome rests.
    NotCommitted(Text),
    /// The commitment cannot be found kept without its evidence.
    EvidenceMissing(Vec<String>),
    /// The step has been extended as often as it may.
    ExtensionExhausted(u32),
    /// The entry named is no longer in its register.
    EntryGone(String),
    /// Nobody on the platform holds the entry named.
    NobodyHolds(String),
    /// The fee cannot be told from what is known.
    FeeUnknown(Text),
    /// The officer has no hand in the case.
    StandsAside,
    /// No officer of that reference has had a hand in the case.
    NoSuchOfficer,
    /// The decision cannot be served in that way.
    NoSuchWay(Name),
    /// A decision is served neither before it is made nor in days to come.
    ServiceDay,
    /// Something asked for is still missing.
    StillMissing(Vec<String>),
    /// The applicant can no longer withdraw here.
    WithdrawalTooLate,
    /// The decision cannot be challenged in that way.
    RemedyNotOpen,
    /// The time to challenge the decision is over.
    RemedyTooLate,
    /// The entry cannot be corrected in that way.
    NothingToCorrect(Vec<String>),
    /// The moment lies before the case's last entry.
    BeforeLastEntry,
    /// The term has not run out, or nothing follows from it.
    NotRunOut,
    /// The pack cannot be carried out as written; the checker should have found it.
    PackFault(String),
}

/// A refusal as it is for whatever it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub number: u16,
    /// What it means.
    pub says: Text,
    /// What to do next.
    pub next: Text,
}

/// Every refusal that there is, for whoever looks a number up.
pub fn known() -> impl Iterator<Item = Known> {
    let of = |row: &Row| {
        let says = row.says(&Text::new("", ""));
        Known { number: row.number, says, next: row.next() }
    };
    table::ALL.into_iter().map(of)
}

/// One answer or paper that does not fit the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFault {
    /// `section.field`, or the name of a paper.
    pub path: String,
    /// Why.
    pub reason: Reason,
}

/// One condition that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// The condition's name.
    pub name: Name,
    /// The condition as the applicant reads it.
    pub says: Text,
    /// What would have to be known to decide it; empty when it is known not to hold.
    pub missing: Vec<String>,
}

impl Refusal {
    /// The refusal's number, the same for ever.
    pub fn number(&self) -> u16 {
        self.row().number
    }

    /// Its word for programs.
    pub fn word(&self) -> &'static str {
        self.row().word
    }

    /// What it means, for the person.
    pub fn says(&self) -> Text {
        self.row().says(&Text::new(self.detail_zh(), self.detail_en()))
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        self.row().next()
    }

    fn row(&self) -> &'static Row {
        match self {
            Self::NoSuchProcedure(_) => &table::NO_SUCH_PROCEDURE,
            Self::NoSuchCase => &table::NO_SUCH_CASE,
            Self::AlreadyFiled => &table::ALREADY_FILED,
            Self::NotOpenToYou => &table::NOT_OPEN_TO_YOU,
            Self::Form(_) => &table::FORM,
            Self::NoCompetentBody(_) => &table::NO_COMPETENT_BODY,
            Self::NotAdmitted(_) => &table::NOT_ADMITTED,
            Self::TurnUnknown(_) => &table::TURN_UNKNOWN,
            Self::Draw(_) => &table::DRAW_REFUSED,
            Self::Layout(_) => &table::LAYOUT_REFUSED,
            Self::AreasUnknown(_) => &table::AREAS_UNKNOWN,
            Self::NoSuchDraft(_) => &table::NO_SUCH_DRAFT,
            Self::DraftTwice(_) => &table::DRAFT_TWICE,
            Self::DraftsFull(_) => &table::DRAFTS_FULL,
            Self::NotYourCase => &table::NOT_YOUR_CASE,
            Self::NotCompetent => &table::NOT_COMPETENT,
            Self::NotNow => &table::NOT_NOW,
            Self::NoSuchOutcome(_) => &table::NO_SUCH_OUTCOME,
            Self::ReasonsMissing => &table::REASONS_MISSING,
            Self::ConditionsNotMet(_) => &table::CONDITIONS_NOT_MET,
            Self::SupplementItems(_) => &table::SUPPLEMENT_ITEMS,
            Self::SupplementWidened(_) => &table::SUPPLEMENT_WIDENED,
            Self::SupplementExhausted(_) => &table::SUPPLEMENT_EXHAUSTED,
            Self::StopExhausted(_) => &table::STOP_EXHAUSTED,
            Self::PlaceSettled(_) => &table::PLACE_SETTLED,
            Self::NotCommitted(_) => &table::NOT_COMMITTED,
            Self::EvidenceMissing(_) => &table::EVIDENCE_MISSING,
            Self::ExtensionExhausted(_) => &table::EXTENSION_EXHAUSTED,
            Self::EntryGone(_) => &table::ENTRY_GONE,
            Self::NobodyHolds(_) => &table::NOBODY_HOLDS,
            Self::FeeUnknown(_) => &table::FEE_UNKNOWN,
            Self::StandsAside => &table::STANDS_ASIDE,
            Self::NoSuchOfficer => &table::NO_SUCH_OFFICER,
            Self::NoSuchWay(_) => &table::NO_SUCH_WAY,
            Self::ServiceDay => &table::SERVICE_DAY,
            Self::StillMissing(_) => &table::STILL_MISSING,
            Self::WithdrawalTooLate => &table::WITHDRAWAL_TOO_LATE,
            Self::RemedyNotOpen => &table::REMEDY_NOT_OPEN,
            Self::RemedyTooLate => &table::REMEDY_TOO_LATE,
            Self::NothingToCorrect(_) => &table::NOTHING_TO_CORRECT,
            Self::BeforeLastEntry => &table::BEFORE_LAST_ENTRY,
            Self::NotRunOut => &table::NOT_RUN_OUT,
            Self::PackFault(_) => &table::PACK_FAULT,
        }
    }

    fn detail_en(&self) -> String {
        self.detail(|text| text.en.as_str(), ": ", ", ")
    }

    fn detail_zh(&self) -> String {
        self.detail(|text| text.zh.as_str(), "：", "、")
    }

    fn detail(&self, to: impl Fn(&Text) -> &str, colon: &str, comma: &str) -> String {
        let items: Vec<String> = match self {
            Self::NoSuchProcedure(word)
            | Self::NoCompetentBody(word)
            | Self::EntryGone(word)
            | Self::NobodyHolds(word)
            | Self::PackFault(word) => {
                vec![format!("`{word}`")]
            }
            Self::NoSuchOutcome(name) | Self::NoSuchWay(name) => vec![format!("`{name}`")],
            Self::Form(faults) => {
                faults.iter().map(|f| format!("`{}` {}", f.path, to(&f.reason.says))).collect()
            }
            Self::NotCommitted(title) | Self::FeeUnknown(title) | Self::TurnUnknown(title) => {
                vec![to(title).to_owned()]
            }
            Self::ConditionsNotMet(unmet) | Self::NotAdmitted(unmet) => {
                unmet.iter().map(|u| to(&u.says).into()).collect()
            }
            Self::Draw(faults) => faults.iter().map(|f| to(&f.says()).to_owned()).collect(),
            Self::Layout(faults) => faults.iter().map(|f| to(&f.says()).to_owned()).collect(),
            Self::NoSuchDraft(number) => vec![number.to_string()],
            Self::DraftTwice(number) | Self::DraftsFull(number) => vec![number.to_string()],
            Self::AreasUnknown(items)
            | Self::SupplementItems(items)
            | Self::SupplementWidened(items)
            | Self::PlaceSettled(items)
            | Self::EvidenceMissing(items)
            | Self::StillMissing(items)
            | Self::NothingToCorrect(items) => items.iter().map(|i| format!("`{i}`")).collect(),
            Self::SupplementExhausted(times)
            | Self::StopExhausted(times)
            | Self::ExtensionExhausted(times) => {
                vec![times.to_string()]
            }
            _ => Vec::new(),
        };
        if items.is_empty() { String::new() } else { format!("{colon}{}", items.join(comma)) }
    }
}
