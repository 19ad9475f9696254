//! Facts that arrive in bulk.

use base::{Citation, Name, Text};
use rules::Type;

/// A feed: rows that sources send, each about one event.
#[derive(Debug)]
pub struct Feed {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// What obliges its sources to send it.
    pub basis: Vec<Citation>,
    /// The columns by which a source tells its rows apart; at least one.
    pub key: Vec<Name>,
    /// The column with the moment of the event.
    pub event_at: Name,
    /// What a row says, in order.
    pub columns: Vec<FeedColumn>,
    /// How it is proved who signed what a row tells of.
    pub signed: Option<FeedSigned>,
}

/// How it is proved who signed what a row tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSigned {
    /// The column with the fingerprint of the certificate: SHA-256, 64 digits in base 16.
    pub certificate: Name,
    /// The column with the signature, in Base64.
    pub signature: Name,
    /// The column with the entry of who signed.
    pub by: Name,
    /// The register of who may sign.
    pub signers: Name,
    /// The register of those whose certificates are trusted.
    pub trusts: Name,
    /// Its field with their own certificate, as PEM.
    pub root: Name,
    /// How many hours after the moment of signing a row may come.
    pub hours: u32,
    /// Where that is written.
    pub basis: Citation,
    /// The feed that takes in which certificates were revoked.
    pub revocations: Name,
}

/// One thing that a row says.
#[derive(Debug)]
pub struct FeedColumn {
    /// Its name.
    pub name: Name,
    /// Its heading.
    pub title: Text,
    /// What its values are.
    pub kind: ColumnKind,
    /// True when a row may leave it open.
    pub optional: bool,
}

/// What the values of a column are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnKind {
    /// Free text.
    Text,
    /// Texts.
    Texts,
    /// A whole number.
    Integer,
    /// Money.
    Money,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Moment,
    /// A person.
    Person,
    /// A number with at most so many decimals.
    Decimal(u8),
    /// One option, each with its title.
    Choice(Vec<(Name, Text)>),
    /// One code of a list.
    Code(Name),
    /// Codes of a list.
    Codes(Name),
    /// An entry of a register, by its key.
    Entry(Name),
}

impl Feed {
    /// The column of that name.
    pub fn column(&self, name: &Name) -> Option<&FeedColumn> {
        self.columns.iter().find(|column| column.name == *name)
    }
}

/// The columns of a feed of revoked certificates, besides its key: which, since when, and why.
pub const REVOKED: [&str; 3] = ["certificate", "revoked-at", "reason"];

impl ColumnKind {
    /// The type of its values in a condition. A person is known by a digest, so that two can be
    /// told to be one; nothing else can be asked of it.
    pub fn value_type(&self) -> Type {
        match self {
            Self::Text => Type::Text,
            Self::Texts => Type::Texts,
            Self::Integer => Type::Integer,
            Self::Money => Type::Money,
            Self::Boolean => Type::Boolean,
            Self::Date => Type::Date,
            Self::Moment => Type::Moment,
            Self::Person => Type::Party,
            Self::Decimal(places) => Type::Decimal(*places),
            Self::Choice(options) => {
                Type::Choice(options.iter().map(|(name, _)| name.clone()).collect())
            }
            Self::Code(list) => Type::Code(list.clone()),
            Self::Codes(list) => Type::Codes(list.clone()),
            Self::Entry(register) => Type::Entry(register.clone()),
        }
    }

    /// The kind in words.
    pub fn title(&self) -> Text {
        let (zh, en) = match self {
            Self::Text => ("文本", "text"),
            Self::Texts => ("若干文本", "texts"),
            Self::Integer => ("整数", "whole number"),
            Self::Money => ("金额", "money"),
            Self::Boolean => ("是非", "yes or no"),
            Self::Date => ("日期", "day"),
            Self::Moment => ("时刻", "moment"),
            Self::Person => ("自然人（只存摘要）", "person, kept as a digest"),
            Self::Decimal(places) => {
                let en = format!("number with at most {places} decimals");
                return Text::new(format!("至多 {places} 位小数"), en);
            }
            Self::Choice(options) => return one_of(options),
            Self::Code(list) => return of("代码", "code of", list),
            Self::Codes(list) => return of("代码集", "codes of", list),
            Self::Entry(register) => return of("登记", "entry of", register),
        };
        Text::new(zh, en)
    }
}

fn of(zh: &str, en: &str, list: &Name) -> Text {
    Text::new(format!("{zh}（{list}）"), format!("{en} {list}"))
}

fn one_of(options: &[(Name, Text)]) -> Text {
    let zh: Vec<&str> = options.iter().map(|(_, title)| title.zh.as_str()).collect();
    let en: Vec<&str> = options.iter().map(|(_, title)| title.en.as_str()).collect();
    Text::new(format!("选项（{}）", zh.join("、")), format!("one of ({})", en.join(", ")))
}
