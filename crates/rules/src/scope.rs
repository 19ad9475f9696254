//! The names a condition may use, and the facts behind them.

use std::collections::{BTreeMap, BTreeSet};

use base::Name;

use crate::value::{Type, Value};

/// The facts a condition is asked about. A fact that is not there is missing, never false.
pub trait Facts {
    /// The fact of that path.
    fn fact(&self, path: &str) -> Option<&Value>;
}

impl Facts for BTreeMap<String, Value> {
    fn fact(&self, path: &str) -> Option<&Value> {
        self.get(path)
    }
}

impl Facts for BTreeMap<Name, Value> {
    fn fact(&self, path: &str) -> Option<&Value> {
        self.get(path)
    }
}

/// The names a condition may use, each with its kind, and the code lists that literals are looked
/// up in.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    facts: BTreeMap<String, Type>,
    codes: BTreeMap<Name, BTreeSet<String>>,
}

impl Scope {
    /// Adds a fact by its path, such as `lead-physician.registered-on`.
    pub fn fact(&mut self, path: &str, kind: Type) {
        self.facts.insert(path.to_owned(), kind);
    }

    /// Adds a code list.
    pub fn codes(&mut self, list: &Name, codes: impl IntoIterator<Item = String>) {
        self.codes.insert(list.clone(), codes.into_iter().collect());
    }

    pub(crate) fn kind_of(&self, path: &str) -> Option<&Type> {
        self.facts.get(path)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.facts.keys().map(String::as_str)
    }

    /// The words that a literal of that kind may be; `None` where any text will do.
    pub(crate) fn words<'s>(&'s self, kind: &'s Type) -> Option<Vec<&'s str>> {
        match kind {
            Type::Choice(options) => Some(options.iter().map(Name::as_str).collect()),
            Type::Code(list) | Type::Codes(list) => {
                Some(self.codes.get(list).into_iter().flatten().map(String::as_str).collect())
            }
            _ => None,
        }
    }
}
