//! What the public register says today of an entry that a licence shows. It matters more than the
//! seal: a seal proves what was issued, the register what still holds.

use base::{Date, Division, Language, Name, Text};
use exchange::{
    credential,
    licence::{Fault as Unsound, Metadata, Report},
};
use kernel::BodyId;
use serde_json::{Value, json};

use super::{pages::register::Force, shown::Shown, visit::Visit, words::Words};

/// What the register says today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Today {
    /// What the licence says, and it is in force.
    InForce,
    /// What the licence says; whether that is in force the register does not say.
    AsIssued,
    /// Something else than the licence says, and the entry is in force.
    Changed,
    /// The last day that the licence shows is past, whatever the register says.
    Expired,
    /// No decision that stands and is of the body that sealed issued such a licence of the entry.
    NotIssued,
    /// The entry is no longer in force, or nothing is said under its key.
    NotInForce,
    /// There is no such entry here, or its register is not public.
    Unknown,
}

impl Today {
    /// What is said of a licence beside the one that would be made of its entry today.
    pub(crate) fn beside(licence: &Metadata, own: &Metadata, force: Force, today: Date) -> Self {
        let expired = licence.valid_until.is_some_and(|last| last < today);
        match force {
            Force::Out => Self::NotInForce,
            _ if expired => Self::Expired,
            _ if licence != own => Self::Changed,
            Force::In => Self::InForce,
            Force::Unsaid => Self::AsIssued,
        }
    }

    /// The word for programs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::AsIssued => "as-issued",
            Self::Changed => "changed",
            Self::Expired => "expired",
            Self::NotIssued => "not-issued",
            Self::NotInForce => "not-in-force",
            Self::Unknown => "unknown",
        }
    }
}

/// What the pack here calls what a licence names by code: words of ours, not of the file.
#[derive(Debug, Default)]
pub(crate) struct Ours {
    /// The kind of licence.
    pub(crate) title: Option<Text>,
    /// The body, where the pack calls its office as the certificate of the seal does.
    pub(crate) body: Option<Text>,
}

impl Ours {
    /// Looks up what a licence names in the pack in force.
    pub(crate) fn of(visit: &Visit, licence: &Metadata) -> Self {
        let register = visit.pack().registers.get(&licence.register);
        let certificate = register.and_then(|register| register.certificates.get(&licence.kind));
        Self { title: certificate.map(|own| own.title.clone()), body: body(visit, licence) }
    }

    /// The same of a sealed licence: its seal says whose it is.
    pub(crate) fn of_licence(visit: &Visit, report: &Report) -> Self {
        let own = Self::of(visit, &report.metadata);
        let body = own.body.filter(|body| body.zh == report.sealed_by);
        Self { body, ..own }
    }
}

fn body(visit: &Visit, licence: &Metadata) -> Option<Text> {
    let (office, place) = licence.office.split_once('@')?;
    let id = BodyId { office: Name::new(office).ok()?, division: Division::parse(place).ok()? };
    let day = licence.issued_on;
    visit.pack().body(&id.office, &id.division, day)?;
    let said = |language| Shown { day, words: Words(language), ..visit.shown() }.body(&id);
    Some(Text::new(said(Language::Zh), said(Language::En)))
}

/// A sound licence in JSON; `today` where a register was asked. What is called in English comes
/// from the pack, never from the file.
pub(crate) fn sound_in_json(report: &Report, today: Option<Today>, ours: &Ours) -> Value {
    let licence = &report.metadata;
    let title = ours.title.as_ref();
    json!({
        "sound": true,
        "trusted": report.trusted,
        "test": report.test,
        "today": today.map(Today::word),
        "sealed_by": report.sealed_by,
        "sealed_at": report.sealed_at.to_string(),
        "root_sm3": report.root,
        "identifier": licence.identifier.as_ref().map(ToString::to_string),
        "title_zh": title.map_or(&licence.title.zh, |title| &title.zh),
        "title_en": title.map(|title| &title.en),
        "kind": licence.kind.to_string(),
        "register": licence.register.to_string(),
        "key": licence.number,
        "holder": licence.holder,
        "body_zh": report.sealed_by,
        "body_en": ours.body.as_ref().map(|body| &body.en),
        "issued_on": licence.issued_on.to_string(),
        "valid_from": licence.valid_from.to_string(),
        "valid_until": licence.valid_until.map(|day| day.to_string()),
        "entry": licence.decided_by,
    })
}

/// Why a file is no sound licence, in JSON.
pub(crate) fn unsound_in_json(fault: &Unsound) -> Value {
    let (Text { zh: says_zh, en: says_en }, Text { zh: next_zh, en: next_en }) =
        (fault.says(), fault.next());
    json!({
        "sound": false,
        "number": fault.number(),
        "word": fault.word(),
        "says_zh": says_zh,
        "says_en": says_en,
        "next_zh": next_zh,
        "next_en": next_en,
    })
}

/// A sound credential in JSON; `today` where a register was asked.
pub(crate) fn proved_in_json(
    report: &credential::Report,
    today: Option<Today>,
    ours: &Ours,
) -> Value {
    let said = &report.metadata;
    let title = ours.title.as_ref();
    json!({
        "sound": true,
        "trusted": report.trusted,
        "today": today.map(Today::word),
        "issuer": report.issuer,
        "key_id": report.method,
        "identifier": said.identifier.as_ref().map(ToString::to_string),
        "title_zh": title.map_or(&said.title.zh, |title| &title.zh),
        "title_en": title.map(|title| &title.en),
        "kind": said.kind.to_string(),
        "register": said.register.to_string(),
        "key": said.number,
        "holder": said.holder,
        "body_zh": said.body.zh,
        "body_en": ours.body.as_ref().map(|body| &body.en),
        "issued_on": said.issued_on.to_string(),
        "valid_from": report.valid_from.to_string(),
        "valid_until": report.valid_until.map(|until| until.to_string()),
        "entry": said.decided_by,
        "entry_url": report.entry,
        "status_list": report.status.list,
        "status_index": report.status.index,
        "invented": report.invented,
    })
}

/// Why a text is no sound credential, in JSON.
pub(crate) fn unproved_in_json(fault: credential::Fault) -> Value {
    let (says, next) = (fault.says(), fault.next());
    json!({
        "sound": false,
        "number": fault.number(),
        "word": fault.word(),
        "says_zh": says.zh,
        "says_en": says.en,
        "next_zh": next.zh,
        "next_en": next.en,
    })
}
