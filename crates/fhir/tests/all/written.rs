//! JSON and XML say the same, whatever people have typed.

use base::Text;
use fhir::{Fields, Resource, ResourceType, Value, json, json_text, unfit, xml};
use quick_xml::{Reader, escape::unescape, events::Event};

/// An organisation that says something of every kind.
pub(crate) fn organisation(name: &str) -> Resource {
    let mut resource = Resource::new(ResourceType::Organization);
    let coding = Fields::default().says("system", "urn:kinds").says("code", "clinic");
    let coding = coding.holding("display", Value::both(&Text::new("诊所", "Clinic"))).whole();
    let address =
        Fields::default().says("text", "柳溪一号").says("line", "一号").says("line", "二楼");
    resource
        .fields
        .add("name", Value::text(name))
        .add("id", Value::text("room.1"))
        .add("active", Value::Boolean(true))
        .add("alias", Value::both(&Text::new("薄荷", "Mint")))
        .add("alias", Value::text("a <b> & \"c\" 'd'"))
        .add("type", Fields::default().holding("coding", coding).whole())
        .add("address", address.whole())
        .add("meta", Fields::default().says("versionId", "7").whole());
    resource
}

/// A place on the ground.
pub(crate) fn location() -> Resource {
    let mut resource = Resource::new(ResourceType::Location);
    let position = Fields::default()
        .holding("latitude", Value::Number("39.908".to_owned()))
        .holding("longitude", Value::Number("-116.397".to_owned()));
    resource
        .fields
        .add("id", Value::text("room.1"))
        .add("name", Value::text("地点"))
        .add("position", position.whole())
        .add("status", Value::text("active"));
    resource
}

fn bundle() -> Resource {
    let mut bundle = Resource::new(ResourceType::Bundle);
    bundle.fields.add("type", Value::text("searchset"));
    bundle.fields.add("total", Value::Number("2".to_owned()));
    for resource in [organisation("薄荷小店"), location()] {
        let entry = Fields::default().says("fullUrl", "http://a.example/x");
        let entry = entry.holding("resource", Value::Resource(Box::new(resource)));
        bundle.fields.add("entry", entry.whole());
    }
    bundle
}

/// Every single value with the names that lead to it, as JSON has them; what stands under `_name`
/// is told with the name, for XML writes it within.
fn of_json(at: &str, value: &serde_json::Value, told: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                match name.as_str() {
                    "resourceType" => {
                        told.push((at.to_owned(), value.as_str().unwrap().to_owned()))
                    }
                    _ => of_json(&format!("{at}/{}", name.trim_start_matches('_')), value, told),
                }
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|own| of_json(at, own, told)),
        serde_json::Value::Null => {}
        serde_json::Value::String(text) => told.push((at.to_owned(), text.clone())),
        other => told.push((at.to_owned(), other.to_string())),
    }
}

/// The same as XML has them.
fn of_xml(bytes: &[u8]) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(std::str::from_utf8(bytes).unwrap());
    let (mut path, mut told): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap();
        let (start, closed) = match &event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(_) => {
                path.pop();
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let name = start.name().as_ref().to_owned();
        let resource = name.chars().next().unwrap().is_uppercase();
        if resource {
            told.push((path.concat(), name.clone()));
        }
        path.push(if resource { String::new() } else { format!("/{name}") });
        for attribute in start.attributes() {
            let attribute = attribute.unwrap();
            let key = attribute.key.as_ref().to_owned();
            let text = attribute.value.into_owned();
            let text = unescape(&text).unwrap().into_owned();
            match key.as_str() {
                "xmlns" => assert_eq!(text, "http://hl7.org/fhir"),
                "value" => told.push((path.concat(), text)),
                other => told.push((format!("{}/{other}", path.concat()), text)),
            }
        }
        if closed {
            path.pop();
        }
    }
    told
}

#[test]
fn both_formats_say_the_same() {
    for resource in [organisation("薄荷小店"), location(), bundle()] {
        assert_eq!(unfit(&resource), [""; 0]);
        let mut from_json = Vec::new();
        of_json("", &json(&resource), &mut from_json);
        for in_lines in [false, true] {
            let mut from_xml = of_xml(&xml(&resource, in_lines).unwrap());
            let mut wanted = from_json.clone();
            from_xml.sort();
            wanted.sort();
            assert_eq!(from_xml, wanted);
            let text: serde_json::Value =
                serde_json::from_str(&json_text(&resource, in_lines)).unwrap();
            assert_eq!(text, json(&resource));
        }
    }
}

#[test]
fn elements_stand_in_the_order_of_the_standard_and_lists_are_lists() {
    let resource = organisation("薄荷小店");
    let written = String::from_utf8(xml(&resource, false).unwrap()).unwrap();
    let at = |part: &str| written.find(part).unwrap_or_else(|| panic!("{part} in {written}"));
    let order = ["<id ", "<meta>", "<active ", "<type>", "<name ", "<alias ", "<address>"];
    assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{written}");
    let json = json(&resource);
    assert_eq!(json["alias"], serde_json::json!(["薄荷", "a <b> & \"c\" 'd'"]));
    assert_eq!(json["_alias"][1], serde_json::Value::Null);
    assert_eq!(json["_alias"][0]["extension"][0]["extension"][1]["valueString"], "Mint");
    assert!(json["name"].is_string() && json["type"].is_array() && json["active"].is_boolean());
}

#[test]
fn what_people_typed_is_text_that_fhir_takes() {
    for (typed, told) in [
        ("  薄荷\u{0}小店\n ", Some("薄荷小店")),
        ("a\u{1}b\u{fffe}", Some("ab")),
        ("a\tb\r\nc", Some("a b  c")),
        (" \u{1} ", None),
        ("", None),
    ] {
        let resource = organisation(typed);
        assert_eq!(resource.fields.text("name"), told, "{typed:?}");
        assert!(!of_xml(&xml(&resource, false).unwrap()).is_empty());
    }
}

#[test]
fn what_is_not_as_described_is_told() {
    let mut resource = organisation("薄荷小店");
    resource.fields.add("colour", Value::text("red")).add("name", Value::text("twice"));
    resource.fields.add("active", Value::text("yes"));
    let mut found = unfit(&resource);
    found.sort();
    assert_eq!(
        found,
        [
            "Organization.active comes 2 times",
            "Organization.active is no boolean: Text { text: \"yes\", english: None }",
            "Organization.colour is no element",
            "Organization.name comes 2 times",
        ]
    );
    let endpoint = Resource::new(ResourceType::Endpoint);
    let lacks = ["status", "connectionType", "payloadType", "address"];
    assert_eq!(unfit(&endpoint), lacks.map(|own| format!("Endpoint.{own} is missing")));
}
