//! What somebody wants something of, with the facts that policies may ask about.

use std::collections::BTreeSet;

use base::Name;

use crate::{action::Kind, who::Seat};

/// A thing with its facts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum What {
    /// The pages as a whole.
    Site,
    /// A service.
    Service {
        /// The procedure.
        procedure: Name,
        /// True where persons or organisations may start it.
        people: bool,
        /// True where bodies may start it.
        bodies: bool,
        /// The office that is competent for it; none where an entry that is named says which.
        office: Option<Name>,
    },
    /// A register.
    Register {
        /// Its name.
        register: Name,
        /// True where anybody may read it.
        public: bool,
        /// False where one of its entries is asked about whose publication has ended.
        published: bool,
    },
    /// A case.
    Case(Box<CaseFacts>),
    /// The queue of a body; of none where the asker acts for none.
    Inbox(Option<Seat>),
    /// What is kept of a person, by the person's reference, whichever body the person acts for.
    Person(String),
    /// The ledger, the packs and the calendar.
    Ledger,
    /// A pack that is proposed, with the officers who had a hand in preparing it, by reference.
    Proposal(BTreeSet<String>),
    /// What systems send in bulk.
    Lake,
}

/// Who stands how in a case. Persons are told by reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaseFacts {
    /// Its procedure.
    pub procedure: Name,
    /// Who applies.
    pub parties: BTreeSet<String>,
    /// Who speaks today for who applies, by power of attorney or as a guardian.
    pub agents: BTreeSet<String>,
    /// The body that is competent, with those to which it has handed its power.
    pub competent: BTreeSet<Seat>,
    /// The bodies that have or may have a hand in it, the competent one among them.
    pub bodies: BTreeSet<Seat>,
    /// The bodies above those: of the same office, in a division around theirs.
    pub above: BTreeSet<Seat>,
    /// The bodies that are asked in a review.
    pub reviewing: BTreeSet<Seat>,
    /// The body that hears a challenge.
    pub hearing: BTreeSet<Seat>,
    /// Officers who stand there as the applicant does: they filed for their body, or wrote down at
    /// the counter what the applicant said.
    pub speaking: BTreeSet<String>,
    /// Officers who stand aside, or whose own case it is.
    pub aside: BTreeSet<String>,
}

impl CaseFacts {
    /// A case of a procedure with which nobody has anything to do.
    pub fn of(procedure: Name) -> Self {
        Self {
            procedure,
            parties: BTreeSet::new(),
            agents: BTreeSet::new(),
            competent: BTreeSet::new(),
            bodies: BTreeSet::new(),
            above: BTreeSet::new(),
            reviewing: BTreeSet::new(),
            hearing: BTreeSet::new(),
            speaking: BTreeSet::new(),
            aside: BTreeSet::new(),
        }
    }
}

/// What holds of the request besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Circumstances {
    /// True for a demonstration, in which all persons are invented.
    pub demo: bool,
    /// True where whoever asks has an account; an invented person has none.
    pub account: bool,
}

impl What {
    /// The kind of thing.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Site => Kind::Site,
            Self::Service { .. } => Kind::Service,
            Self::Register { .. } => Kind::Register,
            Self::Case(_) => Kind::Case,
            Self::Inbox(_) => Kind::Inbox,
            Self::Person(_) => Kind::Person,
            Self::Ledger => Kind::Ledger,
            Self::Proposal(_) => Kind::Proposal,
            Self::Lake => Kind::Lake,
        }
    }
}
