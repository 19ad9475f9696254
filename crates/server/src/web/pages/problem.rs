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

/// A fault in words, and where its next step leads.
struct Spoken {
    title: String,
    says: String,
    next: String,
    href: String,
}

impl Spoken {
    fn of(words: Words, fault: &Fault) -> Self {
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
            Fault::Unsought(store::Unsought::TooShort) => {
                texts("search-too-short", "search-too-short-next", "search-page", "/search")
            }
            Fault::Unsought(store::Unsought::TooLong) => {
                texts("search-too-long", "search-too-long-next", "search-page", "/search")
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
            Fault::Broken => texts("fault-broken", "fault-broken-says", "next-home", "/"),
            Fault::NoPlace(_)
            | Fault::Directory(_)
            | Fault::BadAddress(_)
            | Fault::Unprinted(_)
            | Fault::UnfitFile(_) => Self::given(words, fault),
            Fault::Refused(error) => {
                let refused = Refused::of(error, words.0);
                let number = refused.number.to_string();
                Self {
                    title: words.with("refused", &number),
                    says: refused.says,
                    next: refused.next,
                    href: "/cases".into(),
                }
            }
        }
    }

    /// A fault that brings its own words.
    fn given(words: Words, fault: &Fault) -> Self {
        let own = |text: &base::Text| text.to(words.0).to_owned();
        let (title, says, next, href) = match fault {
            Fault::NoPlace(reason) => {
                (own(&reason.says), words.t("search-no-place-next"), "search-page", "/search")
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
            Fault::UnfitFile(reason) => {
                (words.t("fault-unfit-file"), own(&reason.says), "drafts", "/drafts")
            }
            Fault::Unprinted(why) => (own(&why.says()), own(&why.next()), "next-home", "/"),
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

#[cfg(test)]
impl super::Sample for ProblemPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let said = base::Text::new("缘由", "why");
        let reason = base::Reason { word: "date", says: said.clone() };
        let faults = [
            Fault::NoSuchPage,
            Fault::NoPaper,
            Fault::NoLicence,
            Fault::NotThatWay,
            Fault::SignInFirst,
            Fault::OtherRole,
            not_permitted(vec![said.clone()], Vec::new()),
            not_permitted(Vec::new(), vec![said.clone()]),
            not_permitted(Vec::new(), Vec::new()),
            Fault::OldForm,
            Fault::NoToken,
            Fault::ReadsOnly,
            Fault::TooLarge,
            Fault::Unreadable,
            Fault::TooOften(61),
            Fault::Broken,
            Fault::Unsought(store::Unsought::TooShort),
            Fault::Unsought(store::Unsought::TooLong),
            Fault::NoDraft,
            Fault::TooManyDrafts,
            Fault::UnfitFile(reason.clone()),
            Fault::BadAddress(reason.clone()),
            Fault::NoPlace(reason),
            Fault::Unprinted(print::Unprinted::NoChineseFont),
            Fault::Directory(Unfit::Parameter("colour".into())),
            Fault::Directory(Unfit::Value("_count=many".into())),
            Fault::Directory(Unfit::Format("image/png".into())),
            Fault::Directory(Unfit::Nothing),
            Fault::Directory(Unfit::Cursor),
            Fault::Refused(store::SubmitError::KeyReused),
        ];
        faults.iter().map(|fault| Self::of(frame.clone(), fault)).collect()
    }
}

#[cfg(test)]
fn not_permitted(forbidden: Vec<base::Text>, permitted: Vec<base::Text>) -> Fault {
    let action = base::Text::new("看办件", "see a case");
    Fault::NotPermitted(Box::new(NotPermitted { action, forbidden, permitted }))
}
