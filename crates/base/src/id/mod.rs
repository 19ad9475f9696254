//! Identifiers that a form asks for, each checked by its own standard.
//!
//! A value that passes is well formed; whether anybody bears it only its registry can say.

mod form;
pub mod gtin;
pub mod iso7064;
pub mod lei;
pub mod mainland_permit;
pub mod passport;
pub mod resident_id;
pub mod sscc;
pub mod uscc;

use std::fmt;

pub use gtin::Gtin;
pub use iso7064::System;
pub use lei::Lei;
pub use mainland_permit::{Holder, MainlandPermit};
pub use passport::Passport;
pub use resident_id::{ResidentId, Sex};
pub use sscc::Sscc;
pub use uscc::Uscc;

use crate::{Reason, Text, near::near_miss};

/// A kind of identifier, by the name that packs and commands use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 统一社会信用代码: `uscc`.
    Uscc,
    /// 公民身份号码: `resident-id`.
    ResidentId,
    /// 护照号码: `passport`.
    Passport,
    /// 来往内地（大陆）通行证: `mainland-permit`.
    MainlandPermit,
    /// 商品条码: `gtin`.
    Gtin,
    /// 物流单元代码: `sscc`.
    Sscc,
    /// 法人识别编码: `lei`.
    Lei,
    /// A text that ends with its check characters: `iso7064-11-2` and so on.
    Iso7064(System),
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Uscc,
        Self::ResidentId,
        Self::Passport,
        Self::MainlandPermit,
        Self::Gtin,
        Self::Sscc,
        Self::Lei,
        Self::Iso7064(System::Mod11_2),
        Self::Iso7064(System::Mod37_2),
        Self::Iso7064(System::Mod97_10),
        Self::Iso7064(System::Mod11_10),
        Self::Iso7064(System::Mod37_36),
    ];

    /// The kind's name: `resident-id`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uscc => "uscc",
            Self::ResidentId => "resident-id",
            Self::Passport => "passport",
            Self::MainlandPermit => "mainland-permit",
            Self::Gtin => "gtin",
            Self::Sscc => "sscc",
            Self::Lei => "lei",
            Self::Iso7064(system) => system.name(),
        }
    }

    /// The kind of that name.
    ///
    /// # Errors
    /// `kind` when there is none, with the nearest name or all of them.
    pub fn named(name: &str) -> Result<Self, Reason> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| unknown(name))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a value is well formed.
///
/// # Errors
/// Why it is not: `empty`, `length`, `character`, `checksum`, `date`, `division`.
pub fn check(kind: Kind, value: &str) -> Result<(), Reason> {
    match kind {
        Kind::Uscc => Uscc::parse(value).map(drop),
        Kind::ResidentId => ResidentId::parse(value).map(drop),
        Kind::Passport => Passport::parse(value).map(drop),
        Kind::MainlandPermit => MainlandPermit::parse(value).map(drop),
        Kind::Gtin => Gtin::parse(value).map(drop),
        Kind::Sscc => Sscc::parse(value).map(drop),
        Kind::Lei => Lei::parse(value).map(drop),
        Kind::Iso7064(system) => system.verify(value),
    }
}

fn unknown(name: &str) -> Reason {
    let names = Kind::ALL.map(Kind::name);
    let says = match near_miss(name, names) {
        Some(near) => Text::new(
            format!("没有标识种类 `{name}`；是否想写 `{near}`？"),
            format!("there is no kind of identifier `{name}`; did you mean `{near}`?"),
        ),
        None => Text::new(
            format!("没有标识种类 `{name}`；可用的有 {}", names.join("、")),
            format!("there is no kind of identifier `{name}`; there are {}", names.join(", ")),
        ),
    };
    Reason { word: "kind", says }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Ok(kind));
        }
        let slip = Kind::named("resident_id").unwrap_err();
        assert_eq!(slip.word, "kind");
        assert!(slip.says.en.ends_with("did you mean `resident-id`?"), "{}", slip.says.en);
        assert!(Kind::named("").unwrap_err().says.zh.contains("uscc、resident-id"));
    }

    #[test]
    fn nothing_is_well_formed_when_empty() {
        for kind in Kind::ALL {
            assert_eq!(check(kind, "").unwrap_err().word, "empty", "{kind}");
        }
    }

    #[test]
    fn strange_texts_are_refused_and_never_shown_again() {
        for kind in Kind::ALL {
            for value in [" ", "１２３", "é", "abc\u{0}", "🙂🙂🙂🙂🙂🙂🙂🙂", "-1", "00 11"]
            {
                let reason = check(kind, value).unwrap_err();
                assert!(["length", "character"].contains(&reason.word), "{kind} {value:?}");
                assert!(value.chars().count() == 1 || !reason.says.en.contains(value), "{kind}");
            }
        }
    }
}
