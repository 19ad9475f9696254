//! The shapes of the pack language as JSON Schema (draft 2020-12), so that an editor completes and
//! checks a pack while it is written. The schema says less than the reader: links and proofs need
//! the whole pack.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::read::Read;

/// The shape of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Boolean,
    /// A whole number between two limits, both included.
    Integer {
        /// The least value.
        min: i64,
        /// The greatest value.
        max: i64,
    },
    /// Any single value, taken as text.
    Text,
    /// A text that matches a regular expression.
    Pattern(&'static str),
    /// As [`Shape::Pattern`], but editors may take the bare digits for a number.
    Digits(&'static str),
    /// One word of a closed list.
    Words(Vec<Word>),
    /// A list.
    List(Box<Shape>),
    /// A map from names to values of one shape.
    Named(Box<Shape>),
    /// A map from paths to values of one shape.
    Pathed(Box<Shape>),
    /// A map with these keys and no others.
    Record(Vec<Field>),
    /// One of several.
    Either(Vec<Shape>),
    /// A shape defined under a name.
    Of(&'static str),
    /// Anything: its reader knows more.
    Any,
}

/// A word of a closed list, with what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    word: &'static str,
    doc: String,
}

impl Word {
    /// A word with its meaning.
    pub fn new(word: &'static str, doc: &str) -> Self {
        Self { word, doc: flowing(doc) }
    }
}

/// A key of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    key: &'static str,
    doc: String,
    shape: Shape,
    required: bool,
}

impl Field {
    /// A key whose value is read as `T`; it must be written unless `T` says what its absence means.
    pub fn of<T: Read>(key: &'static str, doc: &str, shapes: &mut Shapes) -> Self {
        let shape = T::shape(shapes);
        Self { key, doc: flowing(doc), shape, required: T::absent().is_none() }
    }
}

/// The shapes that have a name, collected while the root's shape is asked for.
#[derive(Debug, Default)]
pub struct Shapes(BTreeMap<&'static str, (String, Shape)>);

impl Shapes {
    /// Puts a shape under a name, once, and answers a reference to it. A shape may refer to itself.
    pub fn define(
        &mut self,
        name: &'static str,
        doc: &str,
        make: impl FnOnce(&mut Shapes) -> Shape,
    ) -> Shape {
        if !self.0.contains_key(name) {
            self.0.insert(name, (String::new(), Shape::Any));
            let shape = make(self);
            self.0.insert(name, (flowing(doc), shape));
        }
        Shape::Of(name)
    }
}

/// The JSON Schema of a file whose root is read as `T`.
pub fn json_schema<T: Read>() -> Value {
    let mut shapes = Shapes::default();
    let root = json(&T::shape(&mut shapes));
    let defined = |(name, (doc, shape)): (&&str, &(String, Shape))| {
        ((*name).to_owned(), with(json(shape), "description", json!(doc)))
    };
    let definitions = shapes.0.iter().map(defined).collect::<Map<_, _>>();
    let dialect = json!("https://json-schema.org/draft/2020-12/schema");
    with(with(root, "$schema", dialect), "$defs", Value::Object(definitions))
}

fn with(mut schema: Value, key: &str, value: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
    schema
}

fn json(shape: &Shape) -> Value {
    match shape {
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Integer { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Shape::Text => json!({"type": ["string", "number", "boolean"], "minLength": 1}),
        Shape::Pattern(pattern) => json!({"type": "string", "pattern": pattern}),
        Shape::Digits(pattern) => json!({"type": ["string", "integer"], "pattern": pattern}),
        Shape::Words(words) => json!({"oneOf": words.iter().map(constant).collect::<Vec<_>>()}),
        Shape::List(item) => json!({"type": "array", "items": json(item)}),
        Shape::Named(value) => named(value),
        Shape::Pathed(value) => {
            json!({"type": "object", "additionalProperties": json(value)})
        }
        Shape::Record(fields) => record(fields),
        Shape::Either(shapes) => json!({"anyOf": shapes.iter().map(json).collect::<Vec<_>>()}),
        Shape::Of(name) => json!({"$ref": format!("#/$defs/{name}")}),
        Shape::Any => json!({}),
    }
}

fn constant(word: &Word) -> Value {
    json!({"const": word.word, "description": word.doc})
}

fn named(value: &Shape) -> Value {
    let mut shapes = Shapes::default();
    let name = json(&base::Name::shape(&mut shapes));
    json!({"type": "object", "propertyNames": name, "additionalProperties": json(value)})
}

fn record(fields: &[Field]) -> Value {
    let property = |field: &Field| {
        let described = with(json(&field.shape), "description", json!(field.doc));
        (field.key.to_owned(), described)
    };
    let properties: Map<_, _> = fields.iter().map(property).collect();
    let required: Vec<_> = fields.iter().filter(|f| f.required).map(|f| f.key).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// A doc comment as one line of text.
fn flowing(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
