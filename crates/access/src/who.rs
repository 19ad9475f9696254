//! Who wants something: the roles, and a person in one of them.

use base::{Division, Name, Text};

/// In which role somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Whoever is not signed in.
    Anyone,
    /// A person or organisation on its own behalf.
    Applicant,
    /// Who speaks for the applicant of the case in question: an agent or a guardian.
    Agent,
    /// Somebody who acts for a body.
    Officer,
    /// Somebody who looks after the others and acts in nothing.
    Auditor,
    /// Somebody who runs the platform.
    Administrator,
    /// The platform's own programs, such as its clock.
    System,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Anyone,
        Self::Applicant,
        Self::Agent,
        Self::Officer,
        Self::Auditor,
        Self::Administrator,
        Self::System,
    ];

    /// The word by which policies name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Anyone => "Anyone",
            Self::Applicant => "Applicant",
            Self::Agent => "Agent",
            Self::Officer => "Officer",
            Self::Auditor => "Auditor",
            Self::Administrator => "Administrator",
            Self::System => "System",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Self::Anyone => Text::new("任何人（未登录）", "anybody, not signed in"),
            Self::Applicant => Text::new("申请人", "an applicant"),
            Self::Agent => Text::new("代理人、监护人", "an agent or a guardian"),
            Self::Officer => Text::new("机关工作人员", "an officer of a body"),
            Self::Auditor => Text::new("审计人员", "an auditor"),
            Self::Administrator => Text::new("平台管理员", "an administrator"),
            Self::System => Text::new("平台程序", "the platform's own programs"),
        }
    }

    /// The role of that word, in small or large letters.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word().eq_ignore_ascii_case(word))
    }
}

/// A body as policies see it: an office with the division it acts for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat {
    /// The office.
    pub office: Name,
    /// The division.
    pub division: Division,
}

impl Seat {
    /// What names it: `health@900101`.
    pub(crate) fn word(&self) -> String {
        format!("{}@{}", self.office, self.division)
    }
}

/// A person in a role; the text is a reference that names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Somebody who is not signed in.
    Anyone,
    /// A person or organisation on its own behalf.
    Applicant(String),
    /// Who speaks for the applicant of the case in question.
    Agent(String),
    /// Somebody who acts for a body.
    Officer(String, Seat),
    /// Somebody who looks after the others.
    Auditor(String),
    /// Somebody who runs the platform.
    Administrator(String),
    /// A program of the platform.
    System(String),
}

impl Who {
    /// In which role.
    pub fn role(&self) -> Role {
        match self {
            Self::Anyone => Role::Anyone,
            Self::Applicant(_) => Role::Applicant,
            Self::Agent(_) => Role::Agent,
            Self::Officer(..) => Role::Officer,
            Self::Auditor(_) => Role::Auditor,
            Self::Administrator(_) => Role::Administrator,
            Self::System(_) => Role::System,
        }
    }

    /// What names the person.
    pub(crate) fn reference(&self) -> &str {
        match self {
            Self::Anyone => "anyone",
            Self::Applicant(reference)
            | Self::Agent(reference)
            | Self::Officer(reference, _)
            | Self::Auditor(reference)
            | Self::Administrator(reference)
            | Self::System(reference) => reference,
        }
    }
}
