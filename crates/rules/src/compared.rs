//! What a condition compares with what. A verdict can only turn where one of its comparisons does,
//! so whoever compares two versions of a condition looks for witnesses there.

use crate::{
    check::{Code, Expression, parts},
    syntax::{Function, Sign},
    value::Value,
};

/// Two parts of a condition that are held against each other.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The part on the left.
    pub left: Expression,
    /// The part on the right: a value, or what the left is looked for in.
    pub right: Expression,
}

/// What a part of a condition is made of, as far as its turning points follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape<'e> {
    /// A fact as it stands.
    Fact(&'e str),
    /// The number of codes in a fact.
    Count(&'e str),
    /// The years or days from one fact to another: the later the second, the more.
    Elapsed,
    /// Anything else.
    Other,
}

impl Expression {
    /// Every comparison in it, outer ones first.
    pub fn comparisons(&self) -> Vec<Comparison> {
        let mut found = Vec::new();
        self.compared(self.code(), &mut found);
        found
    }

    fn compared(&self, code: &Code, found: &mut Vec<Comparison>) {
        match code {
            Code::Two(sign, left, right) if compares(*sign) => {
                found.push(Comparison { left: self.part(left), right: self.part(right) });
            }
            Code::In(left, options) => found.extend(
                options
                    .iter()
                    .map(|option| Comparison { left: self.part(left), right: self.part(option) }),
            ),
            _ => {}
        }
        parts(code).into_iter().for_each(|part| self.compared(part, found));
    }

    /// What it is made of.
    pub fn shape(&self) -> Shape<'_> {
        match self.code() {
            Code::Fact(path, _) => Shape::Fact(path),
            Code::Call(Function::Count, arguments) => match arguments.as_slice() {
                [Code::Fact(path, _)] => Shape::Count(path),
                _ => Shape::Other,
            },
            Code::Call(Function::Years | Function::Days, arguments)
                if arguments.iter().all(|a| matches!(a, Code::Fact(..) | Code::Value(_))) =>
            {
                Shape::Elapsed
            }
            _ => Shape::Other,
        }
    }

    /// The values written in it.
    pub fn values(&self) -> Vec<&Value> {
        let mut found = Vec::new();
        written(self.code(), &mut found);
        found
    }
}

fn compares(sign: Sign) -> bool {
    !matches!(sign, Sign::And | Sign::Or | Sign::Plus | Sign::Minus | Sign::Times)
}

fn written<'c>(code: &'c Code, found: &mut Vec<&'c Value>) {
    if let Code::Value(value) = code {
        found.push(value);
    }
    parts(code).into_iter().for_each(|part| written(part, found));
}
