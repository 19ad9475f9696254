//! What the public register says today of an entry that a licence shows. It matters more than the
//! seal: a seal proves what was issued, the register what still holds.

use base::Text;
use exchange::licence::{Fault as Unsound, Metadata, Report};
use serde_json::{Value, json};

use super::{fault::Fault, pages::register::Force, visit::Visit};

/// What the register says today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Today {
    /// What the licence shows, and it is in force.
    InForce,
    /// What the licence shows; whether that is in force the register does not say.
    AsIssued,
    /// The entry was changed since, and is in force.
    Changed,
    /// The entry is no longer in force, or nothing is said under its key.
    NotInForce,
    /// There is no such entry here, or its register is not public.
    Unknown,
}

impl Today {
    /// Looks the entry of a licence up.
    pub(crate) async fn of(visit: &Visit, licence: &Metadata) -> Result<Self, Fault> {
        let register = visit.pack().registers.get(&licence.register);
        let Some(register) = register.filter(|register| register.public) else {
            return Ok(Self::Unknown);
        };
        let store = &visit.app.store;
        if store.versions(&register.name, &licence.number).await?.is_empty() {
            return Ok(Self::Unknown);
        }
        let known = store.head().await?;
        let version = store.entry(&register.name, &licence.number, visit.now, known).await?;
        let Some(version) = version else { return Ok(Self::NotInForce) };
        Ok(match Force::of(register, &version.fields) {
            Force::Out => Self::NotInForce,
            _ if version.decided_by.0 != licence.decided_by => Self::Changed,
            Force::In => Self::InForce,
            Force::Unsaid => Self::AsIssued,
        })
    }

    /// The word for programs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::AsIssued => "as-issued",
            Self::Changed => "changed",
            Self::NotInForce => "not-in-force",
            Self::Unknown => "unknown",
        }
    }
}

/// A sound licence in JSON; `today` where a register was asked.
pub(crate) fn sound_in_json(report: &Report, today: Option<Today>) -> Value {
    let licence = &report.metadata;
    json!({
        "sound": true,
        "trusted": report.trusted,
        "today": today.map(Today::word),
        "sealed_by": report.sealed_by,
        "sealed_at": report.sealed_at.to_string(),
        "root_sm3": report.root,
        "identifier": licence.identifier.as_ref().map(ToString::to_string),
        "title_zh": licence.title.zh,
        "title_en": licence.title.en,
        "kind": licence.kind.to_string(),
        "register": licence.register.to_string(),
        "key": licence.number,
        "holder": licence.holder,
        "body_zh": licence.body.zh,
        "body_en": licence.body.en,
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
