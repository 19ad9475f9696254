//! What surrounds every page: language, navigation, who is signed in, and the notice that a
//! demonstration's data is invented.

use super::{
    components::{
        back_link::BackLink,
        choice_list::ChoiceList,
        error_summary::ErrorSummary,
        next_page::NextPage,
        notice::{self, Notice},
        summary_list::SummaryList,
        tag::{Tag, Tone},
        text_input::{self, TextInput},
        timeline::{Item, Timeline},
    },
    fault::Refused,
    pages::case::Event,
    question::{FaultLine, Offered},
    words::Words,
};

pub(crate) use super::components::citation::Cited;

/// The frame of a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The texts of the page's language.
    pub(crate) words: Words,
    /// The place's title.
    pub(crate) site: String,
    /// True when persons and institutions are invented.
    pub(crate) invented: bool,
    /// True in a demonstration, where invented persons sign in.
    pub(crate) demo: bool,
    /// True when the reader has an account.
    pub(crate) has_account: bool,
    /// The page's address behind the language, with its query: `/plan?on=2030-01-31`.
    pub(crate) path: String,
    /// In which look.
    pub(crate) look: Look,
    /// Who reads.
    pub(crate) reader: Reader,
    /// The token of the session's forms.
    pub(crate) token: String,
    /// How many messages the reader has not read.
    pub(crate) unread: u32,
    /// By what a browser knows an officer's field sheets from a colleague's; empty for others.
    pub(crate) sheets_of: String,
}

/// In which look pages are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Everything, in the size of the reader's browser.
    Full,
    /// Large type and little else (适老化).
    Large,
}

impl Look {
    /// The word that a browser keeps for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Large => "large",
        }
    }

    /// The look of that word; everything for any other.
    pub(crate) fn of(word: &str) -> Self {
        if word == "large" { Self::Large } else { Self::Full }
    }
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
    pub(crate) fn is_officer(&self) -> bool {
        matches!(self.reader, Reader::Officer { .. })
    }

    /// Whether anybody is signed in.
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

    /// True in large type.
    pub(crate) fn large(&self) -> bool {
        self.look == Look::Large
    }

    /// The same page in the other look.
    pub(crate) fn other_look(&self) -> String {
        let look = if self.large() { Look::Full } else { Look::Large };
        let then = super::handle::escaped(&self.to(&self.path));
        self.to(&format!("/look?size={}&then={then}", look.word()))
    }

    /// A file of the look and the scripts, by its content.
    pub(crate) fn asset(&self, name: &str) -> String {
        super::assets::href(name)
    }

    /// A word that says how something stands; `mark` is what views call its tone.
    pub(crate) fn tag(&self, mark: &str, text: impl AsRef<str>) -> Tag {
        Tag::new(Tone::of(mark), text.as_ref())
    }

    /// The way up.
    pub(crate) fn back(&self, href: impl AsRef<str>, text: impl AsRef<str>) -> BackLink {
        BackLink::to(self.words, href.as_ref(), text.as_ref())
    }

    /// What has been done.
    pub(crate) fn done(&self, text: impl AsRef<str>) -> Notice {
        Notice::new(self.words, notice::Kind::Done, text.as_ref())
    }

    /// Something to beware of.
    pub(crate) fn warning(&self, text: impl AsRef<str>) -> Notice {
        Notice::new(self.words, notice::Kind::Warning, text.as_ref())
    }

    /// The way to the next page of a list; nothing on the last.
    pub(crate) fn next(&self, href: &str) -> NextPage {
        NextPage { words: self.words, href: href.to_owned() }
    }

    /// Lines of a description.
    pub(crate) fn list(&self, rows: &[Row]) -> SummaryList {
        SummaryList { rows: rows.to_vec() }
    }

    /// What is wrong with a form.
    pub(crate) fn errors(&self, refused: &[Refused], faults: &[FaultLine]) -> ErrorSummary {
        let link = |line: &FaultLine| Link { href: line.href.clone(), text: line.text.clone() };
        let faults = faults.iter().map(link).collect();
        ErrorSummary { words: self.words, refused: refused.to_vec(), faults }
    }

    /// A line for words to look for; `label` is the key of its text.
    pub(crate) fn search_line(&self, name: &'static str, label: &str, value: &str) -> TextInput {
        TextInput::new(name, text_input::Kind::Search, &self.t(label), value)
    }

    /// A line for a day; `label` is the key of its text.
    pub(crate) fn day_line(&self, name: &'static str, label: &str, value: &str) -> TextInput {
        TextInput::new(name, text_input::Kind::Day, &self.t(label), value)
    }

    /// A line for a number; `label` and `hint` are the keys of its texts.
    pub(crate) fn number_line(
        &self,
        name: &'static str,
        label: &str,
        hint: &str,
        value: &str,
    ) -> TextInput {
        let line = TextInput::new(name, text_input::Kind::Number, &self.t(label), value);
        TextInput { hint: self.t(hint), ..line }
    }

    /// What happened in a case.
    pub(crate) fn timeline(&self, history: &[Event]) -> Timeline {
        let number = |event: &Event| self.words.with("entry-number", &event.number.to_string());
        let item = |event: &Event| Item {
            title: event.what.clone(),
            by: self.words.with("timeline-by", &event.who),
            when: format!("{} · {}", event.at, number(event)),
            says: event.reasons.clone(),
            id: format!("entry-{}", event.number),
            cited: event.cited.clone(),
        };
        Timeline { items: history.iter().map(item).collect() }
    }

    /// A list to choose one from; `label` is the key of its text.
    pub(crate) fn choice(
        &self,
        name: &'static str,
        label: &str,
        offered: &[Offered],
    ) -> ChoiceList {
        ChoiceList { name, label: self.t(label), offered: offered.to_vec() }
    }

    /// The parts of the site that the reader finds in the navigation: in large type only those that
    /// people come for.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let own: &[(&str, &str)] = match self.reader {
            Reader::Applicant { .. } => {
                &[("/cases", "cases"), ("/drafts", "drafts"), ("/messages", "messages")]
            }
            Reader::Officer { .. } => &[("/inbox", "inbox"), ("/load", "load")],
            Reader::Nobody => &[],
        };
        let all = [("/services", "services"), ("/registers", "registers")];
        let more = [("/published", "published-short"), ("/plan", "plan")];
        let more = more.into_iter().filter(|_| !self.large());
        all.into_iter()
            .chain(more)
            .chain(own.iter().copied())
            .map(|(path, key)| self.part(path, key))
            .collect()
    }

    fn part(&self, path: &str, key: &str) -> Part {
        let unread = if path == "/messages" { self.unread } else { 0 };
        let typed = match path {
            "/inbox" => "i",
            "/load" => "l",
            _ => "",
        };
        let (href, text, current) = (self.to(path), self.t(key), self.within(path));
        Part { href, text, current, unread, key: typed }
    }

    /// Whether the page belongs to that part of the site.
    fn within(&self, part: &str) -> bool {
        let own = self.path.split(['?', '#']).next().unwrap_or_default();
        own == part || own.strip_prefix(part).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// A part of the site in the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Where it begins.
    pub(crate) href: String,
    /// What it is called.
    pub(crate) text: String,
    /// True on its pages.
    pub(crate) current: bool,
    /// How many messages are unread there.
    pub(crate) unread: u32,
    /// The key that leads there; empty where none does.
    pub(crate) key: &'static str,
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
