//! What surrounds every page: language, navigation, who is signed in, and the notice that a
//! demonstration's data is invented.

use super::words::Words;

/// The frame of a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The texts of the page's language.
    pub(crate) words: Words,
    /// The place's title.
    pub(crate) site: String,
    /// True when persons and institutions are invented.
    pub(crate) invented: bool,
    /// True when people may sign in here.
    pub(crate) demo: bool,
    /// The page's address behind the language, with its query: `/plan?on=2030-01-31`.
    pub(crate) path: String,
    /// Who reads.
    pub(crate) reader: Reader,
    /// The token of the session's forms.
    pub(crate) token: String,
    /// How many messages the reader has not read.
    pub(crate) unread: u32,
}

/// Who reads a page, as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Nobody is signed in.
    Nobody,
    /// Somebody who acts on their own behalf.
    Applicant {
        /// The person's name.
        name: String,
    },
    /// Somebody who acts for a body.
    Officer {
        /// The person's name.
        name: String,
        /// The body's title.
        body: String,
        /// The body's office.
        office: String,
    },
}

impl Frame {
    /// The text of that key.
    pub(crate) fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// Whether somebody is signed in.
    pub(crate) fn signed_in(&self) -> bool {
        self.reader != Reader::Nobody
    }

    /// An address in the page's language.
    pub(crate) fn to(&self, path: &str) -> String {
        format!("/{}{path}", self.words.code())
    }

    /// The same page in the other language.
    pub(crate) fn elsewhere(&self) -> String {
        format!("/{}{}", self.words.other().code(), self.path)
    }

    /// Marks the part of the site that the page belongs to.
    pub(crate) fn current(&self, part: &str) -> &'static str {
        let own = self.path.split(['?', '#']).next().unwrap_or_default();
        let inside = own == part || own.strip_prefix(part).is_some_and(|r| r.starts_with('/'));
        if inside { "page" } else { "false" }
    }
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// Where it leads.
    pub(crate) href: String,
    /// What it says.
    pub(crate) text: String,
}

/// One line of a description: what, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// What.
    pub(crate) title: String,
    /// What is said of it.
    pub(crate) text: String,
    /// The entry it names; empty where it names none that anybody may read.
    pub(crate) href: String,
}

/// A citation as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cited {
    /// The act and its article.
    pub(crate) text: String,
    /// How sure we are, in words.
    pub(crate) sure: String,
    /// The same as a style: `verified`, `secondary`, `assumed`.
    pub(crate) mark: &'static str,
}
