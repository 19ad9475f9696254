//! Why a request did not do what it asked: every fault has a page in both languages with a next
//! step, and none of them changes anything.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base::{Reason, Text};
use kernel::Refusal;
use store::{StoreError, SubmitError, Unsought};

use super::api::problem::Pointed;
use super::fhir::Unfit;
use super::taking::NotSent;

/// Why a request failed.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// There is no such page, or the reader may not know of it.
    NoSuchPage,
    /// The file of a paper is not kept here.
    NoPaper,
    /// The page is not asked for in that way.
    NotThatWay,
    /// Somebody has to sign in first.
    SignInFirst,
    /// The reader acts in another role.
    OtherRole,
    /// No policy permits it, or one forbids it.
    NotPermitted(Box<NotPermitted>),
    /// A program came with a token that is not good.
    NoToken,
    /// A program that may only read wants to do something.
    ReadsOnly,
    /// A program wants something done and names no key under which it is done once.
    NoKey,
    /// A program sends something else than JSON.
    NotJson,
    /// The JSON of a program is not of the shape that is asked for.
    Misshapen(Reason),
    /// An account has as many subscriptions as it may.
    TooManySubscriptions,
    /// The form is not of this session, or too old.
    OldForm,
    /// What was sent is too large.
    TooLarge,
    /// What was sent cannot be read.
    Unreadable,
    /// Part of the address does not say what it should.
    BadAddress(Reason),
    /// No electronic licence is made of an entry that is not in force.
    NoLicence,
    /// There is no such draft, or it has lapsed.
    NoDraft,
    /// Somebody keeps more drafts than the platform allows.
    TooManyDrafts,
    /// A file is not taken.
    UnfitFile(Reason),
    /// A paper could not be printed.
    Unprinted(print::Unprinted),
    /// What was typed names no place on the ground.
    NoPlace(Reason),
    /// What was typed is not sought.
    Unsought(Unsought),
    /// Rows were not taken.
    Rows(NotSent),
    /// A question to the directory is not answered.
    Directory(Unfit),
    /// The command was refused.
    Refused(SubmitError),
    /// The command of a program was refused, with the places in its body that it is about.
    Pointed(Box<Pointed>),
    /// A program asks more often than it may; whole seconds to wait.
    TooFast(u32),
    /// Too many tries in a row; whole seconds to wait.
    TooOften(u32),
    /// The server cannot do its work; the operator has been told why.
    Broken,
}

/// Why something is not permitted, in the words of the policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotPermitted {
    /// What somebody wanted to do.
    pub(crate) action: Text,
    /// What the policies say that forbid it; nothing where only none permits it.
    pub(crate) forbidden: Vec<Text>,
    /// What the policies say that permit it to others.
    pub(crate) permitted: Vec<Text>,
}

impl Fault {
    /// The status of the answer. A refusal is a conflict where another moment or another hand could
    /// have done it, and otherwise says that what was sent does not fit.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchPage | Self::NoPaper | Self::NoLicence | Self::NoDraft => {
                StatusCode::NOT_FOUND
            }
            Self::TooManyDrafts | Self::TooManySubscriptions => StatusCode::CONFLICT,
            Self::UnfitFile(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotThatWay => StatusCode::METHOD_NOT_ALLOWED,
            Self::SignInFirst | Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::OtherRole | Self::ReadsOnly | Self::NotPermitted(_) | Self::OldForm => {
                StatusCode::FORBIDDEN
            }
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable | Self::BadAddress(_) | Self::NoKey | Self::Misshapen(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprinted(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unsought(_) | Self::NoPlace(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Pointed(pointed) if matches!(pointed.error, SubmitError::KeyReused) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Pointed(pointed) => refused(&pointed.error),
            Self::Directory(unfit) => unfit.status(),
            Self::Rows(why) => why.status(),
            Self::Refused(error) => refused(error),
            Self::TooOften(_) | Self::TooFast(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The fault's number, the same for ever. Those of the kernel begin at 1001, those of the store
    /// at 1201, those of the pages at 1301.
    pub(crate) fn number(&self) -> u16 {
        match self {
            Self::NoSuchPage => 1301,
            Self::NoPaper => 1302,
            Self::NotThatWay => 1303,
            Self::SignInFirst => 1304,
            Self::OtherRole => 1305,
            Self::OldForm => 1306,
            Self::TooLarge => 1307,
            Self::Unreadable => 1308,
            Self::BadAddress(_) => 1309,
            Self::NoLicence => 1310,
            Self::NoKey => 1311,
            Self::NotJson => 1312,
            Self::Misshapen(_) => 1313,
            Self::TooManySubscriptions => 1314,
            Self::TooFast(_) => 1315,
            Self::NotPermitted(_) => 1320,
            Self::NoToken => 1321,
            Self::ReadsOnly => 1322,
            Self::NoDraft => 1331,
            Self::TooManyDrafts => 1332,
            Self::UnfitFile(_) => 1333,
            Self::Unprinted(why) => why.number(),
            Self::Unsought(Unsought::TooShort) => 1361,
            Self::Unsought(Unsought::TooLong) => 1362,
            Self::NoPlace(_) => 1363,
            Self::Pointed(pointed) => pointed.error.number(),
            Self::Directory(unfit) => unfit.number(),
            Self::Rows(why) => why.number(),
            Self::Refused(error) => error.number(),
            Self::TooOften(_) => 1341,
            Self::Broken => 1390,
        }
    }

    /// Tells the operator why a paper was not printed.
    pub(crate) fn unprinted(why: print::Unprinted) -> Self {
        eprintln!("{why}");
        Self::Unprinted(why)
    }

    /// Tells the operator what the store says, and the reader only that it is broken.
    pub(crate) fn broken(error: &dyn std::error::Error) -> Self {
        match error.source() {
            Some(cause) => eprintln!("{error}: {cause}"),
            None => eprintln!("{error}"),
        }
        Self::Broken
    }
}

fn refused(error: &SubmitError) -> StatusCode {
    match error {
        SubmitError::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        SubmitError::Store(_) | SubmitError::Refused(Refusal::PackFault(_)) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        SubmitError::KeyReused => StatusCode::CONFLICT,
        SubmitError::Moved => StatusCode::PRECONDITION_FAILED,
        SubmitError::Refused(
            Refusal::AlreadyFiled
            | Refusal::NotYourCase
            | Refusal::NotAdmitted(_)
            | Refusal::NotCompetent
            | Refusal::NotNow
            | Refusal::WithdrawalTooLate
            | Refusal::RemedyNotOpen
            | Refusal::RemedyTooLate
            | Refusal::BeforeLastEntry
            | Refusal::NotRunOut,
        ) => StatusCode::CONFLICT,
        SubmitError::Refused(_) | SubmitError::KeyUnfit => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The header that gives a refusal's number to programs that send forms.
pub(crate) const REFUSAL: &str = "refusal-number";

/// An answer that gives the number of the refusal it shows.
pub(crate) fn numbered(number: u16, mut response: Response) -> Response {
    response.headers_mut().insert(REFUSAL, number.into());
    response
}

/// A refusal's number, sentence and next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Its number.
    pub(crate) number: u16,
    /// What it means.
    pub(crate) says: String,
    /// What to do next.
    pub(crate) next: String,
}

impl Refused {
    /// A refusal in a reader's language.
    pub(crate) fn of(error: &SubmitError, language: base::Language) -> Self {
        let to = |text: Text| text.to(language).to_owned();
        Self { number: error.number(), says: to(error.says()), next: to(error.next()) }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::broken(&error)
    }
}

impl From<SubmitError> for Fault {
    fn from(error: SubmitError) -> Self {
        if let SubmitError::Store(cause) = &error {
            return Self::broken(cause);
        }
        Self::Refused(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(SubmitError::Refused(refusal))
    }
}

/// The bare answer; a layer around all routes puts the page in it.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
