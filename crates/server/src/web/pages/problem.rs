//! What went wrong, and what to do next.

use askama::Template;

use crate::web::{
    fault::{Fault, NotPermitted, Refused},
    fhir::Unfit,
    frame::{Frame, Link},
    words::Words,
};

/// A request that could not be answered.
#[derive(Debug, Template)]
#[template(path = "problem.html")]
pub(crate) struct ProblemPage {
    pub(crate) frame: Frame,
    /// The fault's number.
    pub(crate) number: u16,
    /// What went wrong, in a few words.
    pub(crate) title: String,
    /// What it means.
    pub(crate) says: String,
    /// What the policies say that have a say in it.
    pub(crate) policies: Vec<String>,
    /// What to do next.
    pub(crate) next: Link,
}

impl ProblemPage {
    /// The page for a fault.
    pub(crate) fn of(frame: Frame, fault: &Fault) -> Self {
        let Spoken { title, says, next, href } = Spoken::of(frame.words, fault);
        let next = Link { href: frame.to(&href), text: next };
        let policies = match fault {
            Fault::NotPermitted(why) => [&why.forbidden, &why.permitted]
                .into_iter()
                .find(|says| !says.is_empty())
                .map(|says| says.iter().map(|one| one.to(frame.words.0).to_owned()).collect())
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        Self { frame, number: fault.number(), title, says, policies, next }
    }
}

/// A fault's title and sentence.
pub(crate) fn in_words(words: Words, fault: &Fault) -> (String, String) {
    let Spoken { title, says, .. } = Spoken::of(words, fault);
    (title, says)
}

/// Where tokens for programs are made.
const TOKENS: &str = "/account/tokens";

/// What there is for programs.
const API: &str = "/for-programs";

/// A fault in words, and where its next step leads.
pub(crate) struct Spoken {
    /// What went wrong, in a few words.
    pub(crate) title: String,
    /// What it means.
    pub(crate) says: String,
    /// What to do next.
    pub(crate) next: String,
    href: String,
}

impl Spoken {
    /// The words for a fault.
    pub(crate) fn of(words: Words, fault: &Fault) -> Self {
        let texts = |title: &str, says: &str, next: &str, href: &str| Self {
            title: words.t(title),
            says: words.t(says),
            next: words.t(next),
            href: href.to_owned(),
        };
        match fault {
            Fault::NoSuchPage => texts("fault-no-page", "fault-no-page-says", "next-home", "/"),
            Fault::NoPaper => texts("fault-no-paper", "fault-no-paper-says", "next-home", "/"),
            Fault::NoLicence => {
                texts("fault-no-licence", "fault-no-licence-says", "next-home", "/")
            }
            Fault::NotThatWay => {
                texts("fault-not-that-way", "fault-not-that-way-says", "next-home", "/")
            }
            Fault::SignInFirst => {
                texts("fault-sign-in", "fault-sign-in-says", "sign-in", "/sign-in")
            }
            Fault::OtherRole => {
                texts("fault-other-role", "fault-other-role-says", "next-other-person", "/sign-in")
            }
            Fault::NoToken => texts("fault-no-token", "fault-no-token-says", "tokens", TOKENS),
            Fault::ReadsOnly => {
                texts("fault-reads-only", "fault-reads-only-says", "tokens", TOKENS)
            }
            Fault::NotPermitted(why) => Self::not_permitted(words, why),
            Fault::OldForm => texts("fault-old-form", "fault-old-form-says", "next-home", "/"),
            Fault::TooLarge => texts("fault-too-large", "fault-too-large-says", "next-home", "/"),
            Fault::Unreadable => {
                texts("fault-unreadable", "fault-unreadable-says", "next-home", "/")
            }
            Fault::NoDraft => texts("fault-no-draft", "fault-no-draft-says", "drafts", "/drafts"),
            Fault::TooManyDrafts => {
                texts("fault-many-drafts", "fault-many-drafts-says", "drafts", "/drafts")
            }
            Fault::TooOften(seconds) => Self {
                title: words.t("fault-too-often"),
                says: words.n("fault-too-often-says", &seconds.div_ceil(60)),
                next: words.t("sign-in"),
                href: "/sign-in".into(),
            },
            Fault::TooFast(seconds) => Self {
                title: words.t("fault-too-fast"),
                says: words.n("fault-too-fast-says", seconds),
                next: words.t("for-programs"),
                href: API.into(),
            },
            Fault::Broken => texts("fault-broken", "fault-broken-says", "next-home", "/"),
            Fault::NoPlace(_)
            | Fault::Unsought(_)
            | Fault::Directory(_)
            | Fault::Rows(_)
            | Fault::BadAddress(_)
            | Fault::Misshapen(_)
            | Fault::Unprinted(_)
            | Fault::UnfitFile(_) => Self::given(words, fault),
            Fault::NoKey => texts("fault-no-key", "fault-no-key-says", "for-programs", API),
            Fault::NotJson => texts("fault-not-json", "fault-not-json-says", "for-programs", API),
            Fault::TooManySubscriptions => {
                texts("fault-subscriptions", "fault-subscriptions-says", "for-programs", API)
            }
            Fault::Pointed(pointed) => Self::refused(words, &pointed.error),
            Fault::Refused(error) => Self::refused(words, error),
        }
    }

    fn refused(words: Words, error: &store::SubmitError) -> Self {
        let refused = Refused::of(error, words.0);
        Self {
            title: words.with("refused", &refused.number.to_string()),
            says: refused.says,
            next: refused.next,
            href: "/cases".into(),
        }
    }

    /// A fault that brings its own words.
    fn given(words: Words, fault: &Fault) -> Self {
        let own = |text: &base::Text| text.to(words.0).to_owned();
        let (title, says, next, href) = match fault {
            Fault::NoPlace(reason) => {
                (own(&reason.says), words.t("search-no-place-next"), "search-page", "/search")
            }
            Fault::Unsought(why) => {
                let (title, says) = match why {
                    store::Unsought::TooShort => ("search-too-short", "search-too-short-next"),
                    store::Unsought::TooLong => ("search-too-long", "search-too-long-next"),
                };
                (words.t(title), words.t(says), "search-page", "/search")
            }
            Fault::Directory(unfit) => {
                let (title, says) = match unfit {
                    Unfit::Parameter(_) => ("fhir-parameter", "fhir-parameter-says"),
                    Unfit::Value(_) => ("fhir-value", "fhir-value-says"),
                    Unfit::Format(_) => ("fhir-format", "fhir-format-says"),
                    Unfit::Nothing => ("fhir-nothing", "fhir-nothing-says"),
                    Unfit::Cursor => ("fhir-cursor", "fhir-cursor-says"),
                };
                (words.t(title), words.t(says), "next-home", "/")
            }
            Fault::BadAddress(reason) => {
                (words.t("fault-bad-address"), own(&reason.says), "next-home", "/")
            }
            Fault::Misshapen(reason) => {
                (words.t("fault-misshapen"), own(&reason.says), "for-programs", API)
            }
            Fault::UnfitFile(reason) => {
                (words.t("fault-unfit-file"), own(&reason.says), "drafts", "/drafts")
            }
            Fault::Unprinted(why) => (own(&why.says()), own(&why.next()), "next-home", "/"),
            Fault::Rows(why) => (own(&why.title()), own(&why.says()), "for-programs", API),
            _ => (fault.number().to_string(), String::new(), "next-home", "/"),
        };
        Self { title, says, next: words.t(next), href: href.to_owned() }
    }

    fn not_permitted(words: Words, why: &NotPermitted) -> Self {
        let key = match (why.forbidden.is_empty(), why.permitted.is_empty()) {
            (false, _) => "access-forbidden",
            (true, false) => "access-others-may",
            (true, true) => "access-nobody-may",
        };
        Self {
            title: words.t("fault-other-role"),
            says: words.with(key, why.action.to(words.0)),
            next: words.t("access-who-may"),
            href: "/access".into(),
        }
    }
}

/// Every fault that is told by this page, for whoever looks a number up; what one is about is said
/// where it is met.
pub(crate) fn known() -> Vec<Fault> {
    let met = base::Text::new("具体情况见当时的提示", "what it was about is said where it was met");
    let reason = base::Reason { word: "met", says: met };
    let action = base::Text::new("这件事", "do this");
    let nobody = NotPermitted { action, forbidden: Vec::new(), permitted: Vec::new() };
    vec![
        Fault::NoSuchPage,
        Fault::NoPaper,
        Fault::NotThatWay,
        Fault::SignInFirst,
        Fault::OtherRole,
        Fault::OldForm,
        Fault::TooLarge,
        Fault::Unreadable,
        Fault::BadAddress(reason.clone()),
        Fault::NoLicence,
        Fault::NoKey,
        Fault::NotJson,
        Fault::Misshapen(reason.clone()),
        Fault::TooManySubscriptions,
        Fault::TooFast(1),
        Fault::NotPermitted(Box::new(nobody)),
        Fault::NoToken,
        Fault::ReadsOnly,
        Fault::NoDraft,
        Fault::TooManyDrafts,
        Fault::UnfitFile(reason.clone()),
        Fault::TooOften(60),
        Fault::Unsought(store::Unsought::TooShort),
        Fault::Unsought(store::Unsought::TooLong),
        Fault::NoPlace(reason),
        Fault::Directory(Unfit::Parameter("…".into())),
        Fault::Directory(Unfit::Value("…".into())),
        Fault::Directory(Unfit::Format("…".into())),
        Fault::Directory(Unfit::Nothing),
        Fault::Directory(Unfit::Cursor),
        Fault::Broken,
    ]
}

#[cfg(test)]
impl super::Sample for ProblemPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let said = base::Text::new("缘由", "why");
        let faults = [
            not_permitted(vec![said.clone()], Vec::new()),
            not_permitted(Vec::new(), vec![said]),
            Fault::Unprinted(print::Unprinted::NoChineseFont),
            Fault::Refused(store::SubmitError::KeyReused),
        ];
        let faults = known().into_iter().chain(faults);
        faults.map(|fault| Self::of(frame.clone(), &fault)).collect()
    }
}

#[cfg(test)]
fn not_permitted(forbidden: Vec<base::Text>, permitted: Vec<base::Text>) -> Fault {
    let action = base::Text::new("看办件", "see a case");
    Fault::NotPermitted(Box::new(NotPermitted { action, forbidden, permitted }))
}
