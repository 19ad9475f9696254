//! What every identifier has: a length, an alphabet, and sentences for what is wrong.
//!
//! The sentences never repeat the value, unlike others: most identifiers are personal details,
//! and a refusal may be written down where those may not.

use crate::{Reason, Text};

/// Digits.
pub(super) const DIGITS: &str = "0123456789";
/// Digits and capital letters.
pub(super) const CAPITALS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The outer form of a kind.
pub(super) struct Form {
    /// 中文名称。
    pub(super) zh: &'static str,
    /// The name in English, with its article.
    pub(super) en: &'static str,
    /// The lengths it may have; none when any will do.
    pub(super) lengths: &'static [usize],
    /// The characters it may hold.
    pub(super) alphabet: &'static str,
}

impl Form {
    /// Checks length and alphabet.
    pub(super) fn check(&self, text: &str) -> Result<(), Reason> {
        if text.is_empty() {
            return Err(self.says(
                "empty",
                format!("请填写{}", self.zh),
                format!("write {}", self.en),
            ));
        }
        let length = text.chars().count();
        if !self.lengths.is_empty() && !self.lengths.contains(&length) {
            return Err(self.wrong_length(length));
        }
        match text.chars().find(|&c| !self.alphabet.contains(c)) {
            Some(stranger) => Err(self.stranger(stranger)),
            None => Ok(()),
        }
    }

    /// Nothing but check characters.
    pub(super) fn too_short(&self) -> Reason {
        self.says(
            "length",
            format!("{}太短，校验码之前还应有内容", self.zh),
            format!("{} has something before its check digit; this is too short", self.en),
        )
    }

    /// A character that this kind, or this place in it, does not have.
    pub(super) fn stranger(&self, found: char) -> Reason {
        let (hint_zh, hint_en) = if self.alphabet.contains(found.to_ascii_uppercase()) {
            ("；字母请大写，并核对其位置", "; write capitals and check where it stands")
        } else {
            ("；请对照证件填写，不加空格和连字符", "; copy it without spaces or hyphens")
        };
        let shown = found.escape_debug();
        self.says(
            "character",
            format!("{}中不能有 `{shown}`{hint_zh}", self.zh),
            format!("{} cannot have `{shown}` there{hint_en}", self.en),
        )
    }

    /// A check digit that does not agree with the rest.
    pub(super) fn checksum(&self) -> Reason {
        self.says(
            "checksum",
            format!("{}的校验码不符；请逐位核对", self.zh),
            format!("the check digit of {} does not agree; compare each character", self.en),
        )
    }

    /// A birth date that the calendar does not have.
    pub(super) fn date(&self) -> Reason {
        self.says(
            "date",
            format!("{}中的出生日期不存在；请核对第7至14位", self.zh),
            format!("{} holds a birth date that does not exist; compare places 7 to 14", self.en),
        )
    }

    /// A province that does not exist.
    pub(super) fn division(&self) -> Reason {
        self.says(
            "division",
            format!("{}的前两位不是省级代码；请核对", self.zh),
            format!("{} does not begin with a province's code; compare places 1 and 2", self.en),
        )
    }

    fn wrong_length(&self, found: usize) -> Reason {
        let lengths = self.lengths.iter().map(usize::to_string).collect::<Vec<_>>();
        self.says(
            "length",
            format!("{}应有{}位，现有{found}位；请补全或删减", self.zh, lengths.join("或")),
            format!("{} has {} characters, not {found}", self.en, lengths.join(" or ")),
        )
    }

    fn says(&self, word: &'static str, zh: String, en: String) -> Reason {
        Reason { word, says: Text::new(zh, en) }
    }
}

/// The text of an identifier type, and how it is shown.
macro_rules! shown_as_text {
    ($kind:ty) => {
        impl $kind {
            /// The identifier as its holder's document has it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(super) use shown_as_text;
