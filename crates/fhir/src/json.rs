//! Resources in JSON (FHIR R4, section 2.6.2): an element that may come several times is a list
//! however often it comes; what a text says in another language stands beside it under its name
//! with a line before.

use serde_json::{Map, Value as Json, json};

use crate::{
    structure::{Group, Kind},
    value::{Fields, Resource, Value},
};

/// The extension by which a text says the same in another language.
pub(crate) const TRANSLATION: &str = "http://hl7.org/fhir/StructureDefinition/translation";

/// A resource in JSON.
pub fn json(resource: &Resource) -> Json {
    let structure = resource.kind.structure();
    let mut members = Map::new();
    members.insert("resourceType".to_owned(), json!(structure.name));
    fill(&mut members, structure, &resource.fields);
    Json::Object(members)
}

/// The same as text; in lines where somebody reads it.
pub fn json_text(resource: &Resource, in_lines: bool) -> String {
    let made = json(resource);
    if in_lines { format!("{made:#}") } else { made.to_string() }
}

fn fill(members: &mut Map<String, Json>, structure: &Group, fields: &Fields) {
    for element in structure.elements {
        let values = fields.get(element.name);
        if values.is_empty() {
            continue;
        }
        let mut said: Vec<Json> = values.iter().map(|value| one(element.kind, value)).collect();
        let mut beside: Vec<Json> = values.iter().map(translated).collect();
        let any = beside.iter().any(|own| !own.is_null());
        let (said, beside) = match element.many {
            true => (Json::Array(said), Json::Array(beside)),
            false => (said.swap_remove(0), beside.swap_remove(0)),
        };
        members.insert(element.name.to_owned(), said);
        if any {
            members.insert(format!("_{}", element.name), beside);
        }
    }
}

fn one(kind: Kind, value: &Value) -> Json {
    match (kind, value) {
        (_, Value::Text { text, .. }) => json!(text),
        (_, Value::Boolean(answer)) => json!(answer),
        (_, Value::Number(text)) => serde_json::from_str(text).unwrap_or(Json::Null),
        (Kind::Group(structure), Value::Group(fields)) => {
            let mut members = Map::new();
            fill(&mut members, structure, fields);
            Json::Object(members)
        }
        (_, Value::Resource(resource)) => json(resource),
        // A group where none is described is refused by the check.
        (_, Value::Group(_)) => Json::Null,
    }
}

fn translated(value: &Value) -> Json {
    let Value::Text { english: Some(english), .. } = value else { return Json::Null };
    json!({"extension": [{
        "extension": [
            {"url": "lang", "valueCode": "en"},
            {"url": "content", "valueString": english},
        ],
        "url": TRANSLATION,
    }]})
}
