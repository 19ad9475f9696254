//! Why a row was not taken: numbered, in both languages, with the column.

use base::{Name, Text};
use minicbor::{Decode, Encode};

use crate::feed::{LIST_MAX, TEXT_MAX};

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Flaw {
    /// The column, where it is about one.
    #[n(0)]
    pub column: Option<String>,
    /// What is wrong there.
    #[n(1)]
    pub flawed: Flawed,
    /// The number of whoever judged the row, where that was not the lake.
    #[n(2)]
    pub judged: Option<u16>,
}

/// A kind of wrong, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Flawed {
    /// The line is no JSON object.
    #[n(1501)]
    NoObject = 1501,
    /// A column comes twice.
    #[n(1502)]
    Twice = 1502,
    /// The feed has no such column.
    #[n(1503)]
    Unknown = 1503,
    /// A value is missing.
    #[n(1504)]
    Missing = 1504,
    /// A person is not told by a text.
    #[n(1505)]
    NoPerson = 1505,
    /// No text, or one that is too long.
    #[n(1506)]
    NoText = 1506,
    /// None of the words that the column knows.
    #[n(1507)]
    NoWord = 1507,
    /// No list of texts, or one that is too long.
    #[n(1508)]
    NoTexts = 1508,
    /// No number of the column's kind.
    #[n(1509)]
    NoNumber = 1509,
    /// No day.
    #[n(1510)]
    NoDate = 1510,
    /// No moment with its distance from UTC.
    #[n(1511)]
    NoInstant = 1511,
    /// Neither true nor false.
    #[n(1512)]
    NoTruth = 1512,
    /// An event that has not been yet.
    #[n(1513)]
    Ahead = 1513,
    /// Somebody else has judged it, under a number of their own.
    #[n(1514)]
    Judged = 1514,
}

impl Flaw {
    /// Something wrong in a column. What stands in a column's place and is no name is not kept, nor
    /// is a name that may hold somebody's number.
    pub fn of(column: &str, flawed: Flawed) -> Self {
        let digits = column.bytes().filter(u8::is_ascii_digit).count();
        let name = Name::new(column).is_ok() && column.len() <= NAME_MAX && digits <= DIGITS_MAX;
        Self { column: name.then(|| column.to_owned()), flawed, judged: None }
    }

    /// Something wrong in a column that somebody else has found, under a number of theirs.
    pub fn judged(column: &Name, number: u16) -> Self {
        Self { judged: Some(number), ..Self::of(column.as_str(), Flawed::Judged) }
    }

    /// The number under which it is known.
    pub fn number(&self) -> u16 {
        self.judged.unwrap_or(self.flawed as u16)
    }

    /// What to tell who sent the row.
    pub fn says(&self) -> Text {
        let column = self.column.as_deref().unwrap_or("…");
        let (zh, en) = self.flawed.says();
        Text::new(zh.replace("{column}", column), en.replace("{column}", column))
    }
}

/// The letters of a name that is kept.
const NAME_MAX: usize = 60;
/// The digits of a name that is kept.
const DIGITS_MAX: usize = 4;

impl Flawed {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::NoObject,
        Self::Twice,
        Self::Unknown,
        Self::Missing,
        Self::NoPerson,
        Self::NoText,
        Self::NoWord,
        Self::NoTexts,
        Self::NoNumber,
        Self::NoDate,
        Self::NoInstant,
        Self::NoTruth,
        Self::Ahead,
        Self::Judged,
    ];

    fn says(self) -> (String, String) {
        let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        match self {
            Self::NoObject => both(
                "该行不是一个 JSON 对象；请按每行一个对象重新发送",
                "the line is not a JSON object; send one object a line",
            ),
            Self::Twice => both(
                "“{column}”在同一行出现两次；请只保留一个",
                "`{column}` comes twice in the row; keep one of them",
            ),
            Self::Unknown => both(
                "数据源没有“{column}”这一列；请按列表核对列名",
                "the feed has no column `{column}`; compare the names with the list of columns",
            ),
            Self::Missing => both("缺少“{column}”；请补上", "`{column}` is missing; add it"),
            Self::NoPerson => both(
                "“{column}”须为证件号码文本",
                "`{column}` must be the person's identifier as a text",
            ),
            Self::NoText => (
                format!("“{{column}}”须为不超过 {TEXT_MAX} 个字的文本"),
                format!("`{{column}}` must be a text of at most {TEXT_MAX} letters"),
            ),
            Self::NoWord => both(
                "“{column}”不是允许的取值；请按列表核对",
                "`{column}` is none of the words that the column knows; compare with the list",
            ),
            Self::NoTexts => (
                format!("“{{column}}”须为文本列表，最多 {LIST_MAX} 项"),
                format!("`{{column}}` must be a list of texts, {LIST_MAX} at most"),
            ),
            Self::NoNumber => both(
                "“{column}”不是该列要求的数字",
                "`{column}` is not a number of the kind that the column asks for",
            ),
            Self::NoDate => both(
                "“{column}”须为日期，如 2026-03-01",
                "`{column}` must be a day such as 2026-03-01",
            ),
            Self::NoInstant => both(
                "“{column}”须为带时区的时刻，如 2026-03-01T09:30:00+08:00",
                "`{column}` must be a moment with its distance from UTC, such as \
                 2026-03-01T09:30:00+08:00",
            ),
            Self::NoTruth => {
                both("“{column}”须为 true 或 false", "`{column}` must be true or false")
            }
            Self::Judged => both(
                "“{column}”未通过核验；请按编号查明原因",
                "`{column}` did not stand up to verification; look up the number",
            ),
            Self::Ahead => both(
                "“{column}”晚于收到的时刻；请核对系统时钟",
                "`{column}` is later than the moment of receipt; check the clock of the system",
            ),
        }
    }
}
