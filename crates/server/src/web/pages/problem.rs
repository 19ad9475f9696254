//! What went wrong, and what to do next.

use askama::Template;

use crate::web::{
    fault::{Fault, Refused},
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
    /// What to do next.
    pub(crate) next: Link,
}

impl ProblemPage {
    /// The page for a fault.
    pub(crate) fn of(frame: Frame, fault: &Fault) -> Self {
        let Spoken { title, says, next, href } = Spoken::of(frame.words, fault);
        let next = Link { href: frame.to(&href), text: next };
        Self { frame, number: fault.number(), title, says, next }
    }
}

/// A fault's title and sentence.
pub(crate) fn in_words(words: Words, fault: &Fault) -> (String, String) {
    let Spoken { title, says, .. } = Spoken::of(words, fault);
    (title, says)
}

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
            Fault::UnfitFile(reason) => Self {
                title: words.t("fault-unfit-file"),
                says: reason.says.to(words.0).to_owned(),
                next: words.t("drafts"),
                href: "/drafts".into(),
            },
            Fault::TooOften(seconds) => Self {
                title: words.t("fault-too-often"),
                says: words.n("fault-too-often-says", &seconds.div_ceil(60)),
                next: words.t("sign-in"),
                href: "/sign-in".into(),
            },
            Fault::Broken => texts("fault-broken", "fault-broken-says", "next-home", "/"),
            Fault::NoPlace(reason) => Self {
                title: reason.says.to(words.0).to_owned(),
                says: words.t("search-no-place-next"),
                next: words.t("search-page"),
                href: "/search".into(),
            },
            Fault::BadAddress(reason) => Self {
                title: words.t("fault-bad-address"),
                says: reason.says.to(words.0).to_owned(),
                next: words.t("next-home"),
                href: "/".into(),
            },
            Fault::Unprinted(why) => Self {
                title: why.says().to(words.0).to_owned(),
                says: why.next().to(words.0).to_owned(),
                next: words.t("next-home"),
                href: "/".into(),
            },
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
}

#[cfg(test)]
impl super::Sample for ProblemPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let said = base::Text::new("缘由", "why");
        let reason = base::Reason { word: "date", says: said };
        let faults = [
            Fault::NoSuchPage,
            Fault::NoPaper,
            Fault::NoLicence,
            Fault::NotThatWay,
            Fault::SignInFirst,
            Fault::OtherRole,
            Fault::OldForm,
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
            Fault::Refused(store::SubmitError::KeyReused),
        ];
        faults.iter().map(|fault| Self::of(frame.clone(), fault)).collect()
    }
}
