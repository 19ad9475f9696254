//! What a credential says: what the licence says, the facts by the names of their fields, and where
//! to look them up.

use base::{Date, Instant, Name, Text};
use serde_json::{Map, Value, json};

use super::{Issuer, Status, proof::second};
use crate::licence::{Identifier, Metadata};

/// The contexts: the model's own, and the one W3C keeps for terms that a document defines in words
/// only. The second maps every further term, so nothing of ours has to be fetched.
pub(super) const CONTEXTS: [&str; 2] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/undefined-terms/v2",
];

const TYPE: &str = "RegisterEntryCredential";

/// A credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// What the licence of the same entry says to programs.
    pub metadata: Metadata,
    /// What the register is called.
    pub register: Text,
    /// What the certificate shows.
    pub facts: Vec<Fact>,
    /// Where the register says what holds today.
    pub entry: String,
    /// From when it holds.
    pub valid_from: Instant,
    /// Until when it holds, where it has an end.
    pub valid_until: Option<Instant>,
    /// Where it is said whether it was taken back.
    pub status: Status,
    /// Whether the town or the pack is invented.
    pub invented: bool,
    /// When the proof counts as made: when the body decided, so that the same decision gives the
    /// same bytes.
    pub made_at: Instant,
}

/// A field and what the register says in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The field's name in the pack.
    pub name: Name,
    /// What it is called.
    pub title: Text,
    /// What is said.
    pub value: Text,
}

impl Credential {
    /// As JSON, not yet signed.
    pub(super) fn to_json(&self, issuer: &Issuer) -> Value {
        let mut credential = json!({
            "@context": CONTEXTS,
            "type": ["VerifiableCredential", TYPE],
            "issuer": issuer.did(),
            "validFrom": second(self.valid_from),
            "credentialStatus": self.status.to_json(),
            "credentialSubject": self.subject(),
        });
        let until = self.valid_until.map(|until| second(until).into());
        put(&mut credential, "validUntil", until);
        credential
    }

    fn subject(&self) -> Value {
        let own = &self.metadata;
        let facts = self.facts.iter().map(|fact| {
            let (name, title, value) = (fact.name.as_str(), both(&fact.title), both(&fact.value));
            json!({ "name": name, "title": title, "value": value })
        });
        let mut subject = json!({
            "type": "RegisterEntry",
            "title": both(&own.title),
            "kind": own.kind.as_str(),
            "number": own.number,
            "holder": own.holder,
            "body": both(&own.body),
            "office": own.office,
            "issuedOn": own.issued_on.to_string(),
            "since": own.valid_from.to_string(),
            "register": own.register.as_str(),
            "registerTitle": both(&self.register),
            "decision": own.decided_by,
            "facts": facts.collect::<Vec<Value>>(),
            "entry": self.entry,
            "invented": self.invented,
        });
        put(&mut subject, "bodyCode", own.body_code.clone().map(Value::from));
        put(&mut subject, "identifier", own.identifier.as_ref().map(|own| own.to_string().into()));
        put(&mut subject, "until", own.valid_until.map(|day| day.to_string().into()));
        subject
    }
}

/// Only what is known is said.
fn put(object: &mut Value, name: &str, value: Option<Value>) {
    if let (Value::Object(members), Some(value)) = (object, value) {
        members.insert(name.to_owned(), value);
    }
}

fn both(text: &Text) -> Value {
    json!({ "zh": text.zh, "en": text.en })
}

/// What a credential of ours says to programs; none where anything is missing or of another kind.
pub(super) fn metadata(credential: &Map<String, Value>) -> Option<Metadata> {
    let contexts = credential.get("@context")?.as_array()?;
    if !contexts.iter().map(Value::as_str).eq(CONTEXTS.map(Some)) {
        return None;
    }
    let types = credential.get("type")?.as_array()?;
    types.iter().find(|own| own.as_str() == Some(TYPE))?;
    let subject = credential.get("credentialSubject")?.as_object()?;
    let said = |name: &str| subject.get(name)?.as_str().map(str::to_owned);
    let text = |name: &str| {
        let text = subject.get(name)?.as_object()?;
        let to = |language| text.get(language)?.as_str().map(str::to_owned);
        Some(Text::new(to("zh")?, to("en")?))
    };
    let name = |name: &str| Name::new(&said(name)?).ok();
    let day = |name: &str| Date::parse(&said(name)?).ok();
    Some(Metadata {
        identifier: optional(subject, "identifier", Identifier::parse)?,
        title: text("title")?,
        kind: name("kind")?,
        number: said("number")?,
        holder: said("holder")?,
        body: text("body")?,
        office: said("office")?,
        body_code: optional(subject, "bodyCode", |code| Some(code.to_owned()))?,
        issued_on: day("issuedOn")?,
        valid_from: day("since")?,
        valid_until: optional(subject, "until", |day| Date::parse(day).ok())?,
        register: name("register")?,
        decided_by: subject.get("decision")?.as_u64()?,
    })
}

/// What may be missing but must be sound where it is not: missing and unsound are two things.
fn optional<T>(
    subject: &Map<String, Value>,
    name: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Option<Option<T>> {
    match subject.get(name) {
        None => Some(None),
        Some(said) => said.as_str().and_then(read).map(Some),
    }
}
