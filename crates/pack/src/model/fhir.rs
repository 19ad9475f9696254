//! Which resources of the directory the entries of a register are.

use std::collections::BTreeMap;

use base::{Name, Text};
use fhir::{Element, ResourceType};

use super::Register;

/// One resource that every entry is.
#[derive(Debug)]
pub struct Shown {
    /// Which.
    pub resource: ResourceType,
    /// What fills it, in the order written.
    pub elements: Vec<ShownElement>,
}

/// One element and what fills it.
#[derive(Debug)]
pub struct ShownElement {
    /// The element that it is a part of, where it is one.
    pub within: Option<&'static Element>,
    /// The element.
    pub element: &'static Element,
    /// What fills it.
    pub sources: Vec<ShownAs>,
}

/// What fills an element.
#[derive(Debug)]
pub enum ShownAs {
    /// The value of a field.
    Said(Name),
    /// The same for every entry.
    Fixed(String),
    /// The code that a field says, under its own name and under that of a system.
    Coded {
        /// The field.
        field: Name,
        /// The system.
        system: Option<String>,
        /// Codes of the system by what the field says; where there are none, the field says codes
        /// of the system itself.
        map: BTreeMap<String, ShownCode>,
    },
    /// The same code for every entry.
    Code {
        /// Its system.
        system: String,
        /// The code.
        code: ShownCode,
    },
    /// An identifier.
    Identifier {
        /// The field.
        field: Name,
        /// Its system.
        system: String,
    },
    /// An address on the ground.
    Address {
        /// The field that says it.
        field: Option<Name>,
        /// The field with the division.
        division: Option<Name>,
    },
    /// A period in days, both of them within it.
    Period {
        /// The field with the first day.
        from: Option<Name>,
        /// The field with the last day.
        until: Option<Name>,
    },
    /// A way to reach somebody.
    Contact {
        /// The field.
        field: Name,
        /// What it is.
        system: String,
    },
    /// Another resource of the same entry.
    Own(ResourceType),
    /// The resource that another entry is.
    Entry {
        /// The field that names the entry.
        field: Name,
        /// Which of its resources.
        resource: ResourceType,
    },
    /// What a resource is called that is not here.
    Named(Name),
    /// The address at which programs read the entry.
    Here,
}

/// A code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCode {
    /// The code.
    pub code: String,
    /// What it is called.
    pub display: Option<Text>,
}

impl Register {
    /// The fields that the directory shows as identifiers, some perhaps more than once.
    pub fn identified_by(&self) -> impl Iterator<Item = &Name> {
        let elements = self.fhir.iter().flat_map(|shown| &shown.elements);
        let sources = elements.flat_map(|element| &element.sources);
        sources.filter_map(|source| match source {
            ShownAs::Identifier { field, .. } => Some(field),
            _ => None,
        })
    }
}
