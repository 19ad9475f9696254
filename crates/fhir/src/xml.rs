//! Resources in XML (FHIR R4, section 2.6.1): elements in the order of the standard, single values
//! as attributes `value`.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, Event},
};

use crate::{
    json::TRANSLATION,
    structure::{Group, Kind},
    value::{Fields, Resource, Value},
};

/// The namespace of FHIR.
const SPACE: (&str, &str) = ("xmlns", "http://hl7.org/fhir");

/// A resource in XML; in lines where somebody reads it.
///
/// # Errors
/// Where it cannot be written, which a buffer never refuses.
pub fn xml(resource: &Resource, in_lines: bool) -> io::Result<Vec<u8>> {
    let mut out = match in_lines {
        true => Writer::new_with_indent(Vec::new(), b' ', 2),
        false => Writer::new(Vec::new()),
    };
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    whole(&mut out, resource, &[SPACE])?;
    Ok(out.into_inner())
}

type Out = Writer<Vec<u8>>;

fn open(out: &mut Out, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
    out.write_event(Event::Start(start))
}

fn empty(out: &mut Out, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
    out.write_event(Event::Empty(start))
}

fn close(out: &mut Out, name: &str) -> io::Result<()> {
    out.write_event(Event::End(BytesEnd::new(name)))
}

fn whole(out: &mut Out, resource: &Resource, space: &[(&str, &str)]) -> io::Result<()> {
    let structure = resource.kind.structure();
    open(out, structure.name, space)?;
    fill(out, structure, &resource.fields)?;
    close(out, structure.name)
}

fn fill(out: &mut Out, structure: &Group, fields: &Fields) -> io::Result<()> {
    for element in structure.elements {
        for value in fields.get(element.name) {
            one(out, element.name, element.kind, value)?;
        }
    }
    Ok(())
}

fn one(out: &mut Out, name: &str, kind: Kind, value: &Value) -> io::Result<()> {
    match (kind, value) {
        (_, Value::Text { text, english: Some(english) }) => {
            open(out, name, &[("value", text)])?;
            open(out, "extension", &[("url", TRANSLATION)])?;
            said(out, "lang", ("valueCode", "en"))?;
            said(out, "content", ("valueString", english))?;
            close(out, "extension")?;
            close(out, name)
        }
        (_, Value::Text { text, english: None } | Value::Number(text)) => {
            empty(out, name, &[("value", text)])
        }
        (_, Value::Boolean(answer)) => empty(out, name, &[("value", &answer.to_string())]),
        (Kind::Group(structure), Value::Group(fields)) => {
            open(out, name, &[])?;
            fill(out, structure, fields)?;
            close(out, name)
        }
        (_, Value::Resource(resource)) => {
            open(out, name, &[])?;
            whole(out, resource, &[])?;
            close(out, name)
        }
        // A group where none is described is refused by the check.
        (_, Value::Group(_)) => Ok(()),
    }
}

fn said(out: &mut Out, url: &str, (name, text): (&str, &str)) -> io::Result<()> {
    open(out, "extension", &[("url", url)])?;
    empty(out, name, &[("value", text)])?;
    close(out, "extension")
}
