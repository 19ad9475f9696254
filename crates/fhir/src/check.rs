//! Whether a resource is what its description says: every name known, every kind right, nothing
//! missing, nothing twice that comes once.

use crate::{
    structure::{Group, Kind, Primitive},
    value::{Fields, Resource, Value},
};

/// Where a resource is not what its description says; empty where it is.
pub fn unfit(resource: &Resource) -> Vec<String> {
    let mut found = Vec::new();
    group(resource.kind.word(), resource.kind.structure(), &resource.fields, &mut found);
    found
}

fn group(at: &str, structure: &'static Group, fields: &Fields, found: &mut Vec<String>) {
    for name in fields.names().filter(|name| structure.element(name).is_none()) {
        found.push(format!("{at}.{name} is no element"));
    }
    for element in structure.elements {
        let values = fields.get(element.name);
        let at = format!("{at}.{}", element.name);
        if element.needed && values.is_empty() {
            found.push(format!("{at} is missing"));
        }
        if !element.many && values.len() > 1 {
            found.push(format!("{at} comes {} times", values.len()));
        }
        for value in values {
            one(&at, element.kind, value, found);
        }
    }
}

fn one(at: &str, kind: Kind, value: &Value, found: &mut Vec<String>) {
    match (kind, value) {
        (Kind::Group(structure), Value::Group(fields)) => {
            if fields.empty() {
                found.push(format!("{at} says nothing"));
            }
            group(at, structure, fields, found);
        }
        (Kind::Resource, Value::Resource(resource)) => found.extend(unfit(resource)),
        (Kind::Primitive(kind), value) => {
            let fits = value.word().is_some_and(|word| fits(kind, value, &word));
            if !fits {
                found.push(format!("{at} is no {}: {value:?}", kind.word()));
            }
        }
        _ => found.push(format!("{at} is no {}", kind.name())),
    }
}

/// Whether a text can stand as such a value (FHIR R4, section 2.24.0.1).
pub(crate) fn said_as(kind: Primitive, text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
    match kind {
        Primitive::Boolean => matches!(text, "true" | "false"),
        Primitive::UnsignedInt => text.parse::<u32>().is_ok(),
        Primitive::Decimal => {
            text.parse::<f64>().is_ok() && text.bytes().all(|b| b"-.0123456789".contains(&b))
        }
        Primitive::Id => (1..=64).contains(&text.len()) && text.chars().all(plain),
        Primitive::Code => !text.is_empty() && text.split(' ').all(|part| !part.is_empty()),
        Primitive::Uri | Primitive::Url | Primitive::Canonical => {
            text.contains(':') && !text.chars().any(char::is_whitespace)
        }
        Primitive::DateTime | Primitive::Instant | Primitive::String | Primitive::Markdown => {
            !text.trim().is_empty()
        }
    }
}

impl Primitive {
    /// Whether a text can stand as such a value.
    pub fn takes(self, text: &str) -> bool {
        said_as(self, text)
    }
}

fn fits(kind: Primitive, value: &Value, word: &str) -> bool {
    let written = match value {
        Value::Boolean(_) => kind == Primitive::Boolean,
        Value::Number(_) => matches!(kind, Primitive::UnsignedInt | Primitive::Decimal),
        _ => !matches!(kind, Primitive::Boolean | Primitive::UnsignedInt | Primitive::Decimal),
    };
    // A reference or a link may be relative.
    let relative = matches!(kind, Primitive::Uri) && !word.contains(char::is_whitespace);
    written && (relative || said_as(kind, word))
}
