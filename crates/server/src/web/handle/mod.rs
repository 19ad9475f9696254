//! The handlers: each reads one request, asks the store, and shows one page or passes one command.

mod about;
pub(crate) mod account;
pub(super) mod act;
pub(super) mod apply;
mod before;
pub(in crate::web) mod behalf;
pub(in crate::web) mod board;
pub(super) mod bulk;
pub(super) mod case;
pub(super) mod certificate;
pub(super) mod code;
pub(super) mod credential;
pub(in crate::web) mod credit;
pub(in crate::web) mod days;
mod derived;
pub(super) mod desk;
pub(in crate::web) mod district;
pub(super) mod draft;
pub(in crate::web) mod drawing;
pub(super) mod filing;
pub(super) mod findings;
pub(super) mod flow;
pub(in crate::web) mod for_programs;
pub(super) mod front;
pub(super) mod ground;
pub(super) mod handed;
pub(super) mod layout;
pub(super) mod load;
pub(super) mod look;
pub(super) mod messages;
mod naming;
pub(super) mod notice;
pub(super) mod packs;
pub(in crate::web) mod picture;
pub(super) mod printed;
pub(super) mod published;
pub(super) mod queue;
mod ratings;
pub(in crate::web) mod register;
pub(in crate::web) mod risk;
pub(super) mod search;
pub(super) mod sign_in;
pub(super) mod sources;
pub(in crate::web) mod upload;
pub(super) mod verify;
pub(super) mod who_may;

use base::{Date, Instant, Name};
use kernel::{EntryNumber, register::Version};
use serde::Deserialize;
use store::RegisterQuery;

use super::{fault::Fault, pages::register::Looked, visit::Visit};

/// What the query of an address may say.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::web) struct Query {
    /// Part of a heading.
    #[serde(default)]
    q: String,
    /// As of which day.
    #[serde(default)]
    on: String,
    /// As known with which ledger number.
    #[serde(default)]
    known: String,
    /// Where a list goes on.
    #[serde(default)]
    after: String,
    /// Which certificate.
    #[serde(default)]
    kind: String,
    /// What was just recorded.
    #[serde(default)]
    done: String,
    /// Who may start a service.
    #[serde(default, rename = "for")]
    whom: String,
    /// In which register something is sought.
    #[serde(default)]
    register: String,
    /// The page to go to afterwards.
    #[serde(default)]
    then: String,
    /// A code that is used once.
    #[serde(default)]
    code: String,
}

/// A question about a day as it was known with a ledger number.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct AsOf {
    /// The day.
    pub(in crate::web) on: Date,
    /// The last moment of that day.
    pub(in crate::web) at: Instant,
    /// The ledger number.
    pub(in crate::web) known: EntryNumber,
}

impl Query {
    /// The day and number asked about: today and all that is known where nothing is said.
    pub(in crate::web) async fn as_of(&self, visit: &Visit) -> Result<AsOf, Fault> {
        let on = match self.on.trim() {
            "" => visit.today(),
            text => Date::parse(text).map_err(Fault::BadAddress)?,
        };
        let known = match self.known.trim() {
            "" => visit.app.store.head().await?,
            text => EntryNumber(text.parse().map_err(|_| Fault::BadAddress(not_a_number(text)))?),
        };
        // What holds as of a day is what holds when the day closes.
        let end = visit.pack().zone.end_of(on);
        Ok(AsOf { on, at: Instant::from_micros(end.micros() - 1), known })
    }

    /// What a heading must contain, if anything is sought.
    pub(in crate::web) fn sought(&self) -> Option<String> {
        Some(self.q.trim().to_owned()).filter(|sought| !sought.is_empty())
    }

    /// What is sought among the services, and who should be able to start them.
    pub(in crate::web) fn services(&self) -> (&str, &str) {
        (self.q.trim(), self.whom.trim())
    }

    /// The register in which something is sought, if it is, and what.
    pub(in crate::web) fn register(&self) -> Option<(&str, &str)> {
        Some((self.register.trim(), self.q.trim())).filter(|(register, _)| !register.is_empty())
    }

    /// Which certificate is wanted; empty for the first.
    pub(super) fn kind(&self) -> &str {
        self.kind.trim()
    }

    /// The key after which a list goes on, if it does.
    pub(in crate::web) fn after(&self) -> Option<String> {
        Some(self.after.clone()).filter(|after| !after.is_empty())
    }

    /// The same as the page shows it in its form.
    pub(super) fn looked(&self, as_of: AsOf) -> Looked {
        Looked {
            q: self.q.trim().to_owned(),
            on: as_of.on.to_string(),
            known: self.known.trim().to_owned(),
        }
    }

    /// The part of the query that links keep, so that a reader stays at the same day and number.
    pub(super) fn kept(&self) -> String {
        let pairs = [("on", self.on.trim()), ("known", self.known.trim())];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> =
            said.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        if said.is_empty() { String::new() } else { format!("?{}", said.join("&")) }
    }
}

fn not_a_number(text: &str) -> base::Reason {
    base::Reason {
        word: "entry-number",
        says: base::Text::new(
            format!("`{text}` 不是账本编号；请写整数，如 `120`"),
            format!("`{text}` is not a ledger number; write a whole number such as `120`"),
        ),
    }
}

/// Whether an address is a page of this site, so that nobody can be led elsewhere.
pub(in crate::web) fn is_own(address: &str) -> bool {
    let pages = address.starts_with("/zh/") || address.starts_with("/en/");
    pages && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// A text as part of an address.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// A cell of a table: a program that opens it must not take it for a formula.
fn cell(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// A name in an address; a text that is none names nothing.
pub(super) fn name(text: &str) -> Result<Name, Fault> {
    Name::new(text).map_err(|_| Fault::NoSuchPage)
}

/// Every entry of a register as of a day.
pub(super) async fn everything(
    visit: &Visit,
    register: &Name,
    as_of: AsOf,
) -> Result<Vec<(String, Version)>, Fault> {
    let mut entries = Vec::new();
    let mut after = None;
    loop {
        let query = RegisterQuery {
            register: register.clone(),
            at: as_of.at,
            known: as_of.known,
            heading_contains: None,
            published_on: None,
            after,
            limit: 500,
        };
        let page = visit.app.store.entries(query).await?;
        entries.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(entries),
        }
    }
}
