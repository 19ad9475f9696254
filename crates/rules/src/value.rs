//! The kinds of facts, and facts.

use std::{collections::BTreeSet, fmt};

use base::{Date, Division, Fen, Instant, Name, Point, Text};
use minicbor::{Decode, Encode};

/// The kind of a fact or of what a condition yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// Free text.
    Text,
    /// A day.
    Date,
    /// Money in fen.
    Money,
    /// An administrative division.
    Division,
    /// One of the named options.
    Choice(Vec<Name>),
    /// A code of the named list.
    Code(Name),
    /// A set of codes of the named list.
    Codes(Name),
    /// Bodies of government, each as `office@division`; the value is a set of such codes.
    Bodies,
    /// A text in both languages.
    Bilingual,
    /// A person or an organisation.
    Party,
    /// An entry of the named register, by its key; the value is a text.
    Entry(Name),
    /// A personal detail in the vault: all that can be asked is whether it was given.
    Sealed,
    /// A place on the ground: all that can be asked is whether it is known.
    Point,
    /// A moment, to the microsecond.
    Moment,
    /// A number with that many decimals.
    Decimal(u8),
    /// Several texts, of no list; the value is a set of codes.
    Texts,
}

impl Type {
    /// The kind in words, Chinese and English.
    pub fn title(&self) -> Text {
        let (zh, en) = match self {
            Self::Boolean => ("是非", "yes or no"),
            Self::Integer => ("整数", "whole number"),
            Self::Text => ("文本", "text"),
            Self::Date => ("日期", "day"),
            Self::Money => ("金额", "money"),
            Self::Division => ("行政区划", "division"),
            Self::Choice(_) => ("选项", "option"),
            Self::Code(list) => return named("代码", "code of", list),
            Self::Codes(list) => return named("代码集", "codes of", list),
            Self::Bodies => ("机关", "bodies"),
            Self::Bilingual => ("双语文本", "text in both languages"),
            Self::Party => ("当事人", "party"),
            Self::Entry(register) => return named("登记", "entry of", register),
            Self::Sealed => ("个人信息", "personal detail"),
            Self::Point => ("经纬度", "place on the ground"),
            Self::Moment => ("时刻", "moment"),
            Self::Texts => ("若干文本", "texts"),
            Self::Decimal(places) => {
                let (zh, en) = (format!("{places} 位小数"), format!("number to {places} decimals"));
                return Text::new(zh, en);
            }
        };
        Text::new(zh, en)
    }

    /// Whether the value is of this kind. Options and codes are not looked up: whoever took the
    /// value in has done so.
    pub(crate) fn takes(&self, value: &Value) -> bool {
        if let (Self::Decimal(wanted), Value::Decimal { places, .. }) = (self, value) {
            return wanted == places;
        }
        matches!(
            (self, value),
            (Self::Boolean, Value::Boolean(_))
                | (Self::Integer, Value::Integer(_))
                | (Self::Text | Self::Entry(_), Value::Text(_))
                | (Self::Date, Value::Date(_))
                | (Self::Money, Value::Money(_))
                | (Self::Division, Value::Division(_))
                | (Self::Choice(_), Value::Choice(_))
                | (Self::Code(_), Value::Code(_))
                | (Self::Codes(_) | Self::Bodies | Self::Texts, Value::Codes(_))
                | (Self::Bilingual, Value::Bilingual(_))
                | (Self::Party, Value::Party(_))
                | (Self::Sealed, Value::Sealed)
                | (Self::Point, Value::Point(_))
                | (Self::Moment, Value::Moment(_))
        )
    }

    /// Whether values of this kind have an order.
    pub(crate) fn ordered(&self) -> bool {
        matches!(self, Self::Integer | Self::Date | Self::Money | Self::Moment | Self::Decimal(_))
    }
}

fn named(zh: &str, en: &str, list: &Name) -> Text {
    Text::new(format!("{zh}（{list}）"), format!("{en} {list}"))
}

/// A typed fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Value {
    /// True or false.
    #[n(0)]
    Boolean(#[n(0)] bool),
    /// A whole number.
    #[n(1)]
    Integer(#[n(0)] i64),
    /// Free text.
    #[n(2)]
    Text(#[n(0)] String),
    /// A day.
    #[n(3)]
    Date(#[n(0)] Date),
    /// Money in fen.
    #[n(4)]
    Money(#[n(0)] Fen),
    /// An administrative division.
    #[n(5)]
    Division(#[n(0)] Division),
    /// One of several named options.
    #[n(6)]
    Choice(#[n(0)] Name),
    /// A code of a list.
    #[n(7)]
    Code(#[n(0)] String),
    /// A set of codes.
    #[n(8)]
    Codes(#[n(0)] BTreeSet<String>),
    /// A text in both languages.
    #[n(9)]
    Bilingual(#[n(0)] Text),
    /// A person or an organisation, by its reference.
    #[n(10)]
    Party(#[n(0)] String),
    /// A personal detail that was given and lies in the vault.
    #[n(11)]
    Sealed,
    /// A place on the ground.
    #[n(12)]
    Point(#[n(0)] Point),
    /// A moment.
    #[n(13)]
    Moment(#[n(0)] Instant),
    /// A number as so many units of its last decimal; only those of one scale are compared.
    #[n(14)]
    Decimal {
        /// How many units.
        #[n(0)]
        units: i64,
        /// How many decimals, nine at most.
        #[n(1)]
        places: u8,
    },
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => f.write_str(if *value { "yes" } else { "no" }),
            Self::Integer(value) => value.fmt(f),
            Self::Text(text) | Self::Code(text) | Self::Party(text) => f.write_str(text),
            Self::Date(date) => date.fmt(f),
            Self::Money(fen) => fen.fmt(f),
            Self::Division(division) => division.fmt(f),
            Self::Choice(name) => name.fmt(f),
            Self::Codes(codes) => {
                f.write_str(&codes.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
            }
            Self::Bilingual(text) => write!(f, "{} / {}", text.zh, text.en),
            Self::Sealed => f.write_str("***"),
            Self::Point(point) => point.fmt(f),
            Self::Moment(instant) => instant.fmt(f),
            Self::Decimal { units, places } => decimal(*units, *places, f),
        }
    }
}

fn decimal(units: i64, places: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let digits = format!("{:0>1$}", units.unsigned_abs(), usize::from(places) + 1);
    let (whole, part) = digits.split_at(digits.len() - usize::from(places));
    let (sign, point) = (if units < 0 { "-" } else { "" }, if places > 0 { "." } else { "" });
    write!(f, "{sign}{whole}{point}{part}")
}
