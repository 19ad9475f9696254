//! An entry of a register as a resource of the directory, as its pack says.

use base::{Division, DivisionLevel, Name, Text, Zone};
use fhir::{FACILITY, Fields, Kind, MCSD_TYPES, PROFILES, Resource, ResourceType, Value};
use kernel::register::Stood;
use pack::model::{Input, Pack, Register, Shown, ShownAs, ShownCode, ShownElement};
use rules::Value as Said;

use crate::web::pages::register::Force;

/// FHIR's bound on an id.
const ID_MAX: usize = 64;
/// What stands between a municipality and its districts in the national list of divisions, and in
/// no address: the districts, and the counties.
const BETWEEN: [&str; 2] = ["市辖区", "县"];
/// The languages of texts: Chinese, beside which the English is said.
const LANGUAGE: &str = "zh-CN";

/// Where entries become resources.
#[derive(Clone, Copy)]
pub(super) struct City<'a> {
    /// The pack in force.
    pub(super) pack: &'a Pack,
    /// The address of the city: `https://city.example`.
    pub(super) origin: &'a str,
}

/// The id of an entry's resources: its register, a point, its key. A letter that no id may hold is
/// written as a point and its bytes. None where that is longer than FHIR allows.
pub(super) fn id_of(register: &Name, key: &str) -> Option<String> {
    let mut id = format!("{register}.");
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => id.push(char::from(byte)),
            _ => id.push_str(&format!(".{byte:02X}")),
        }
    }
    (id.len() <= ID_MAX).then_some(id)
}

/// The register and key of an id.
pub(super) fn entry_of(id: &str) -> Option<(Name, String)> {
    let (register, rest) = id.split_once('.')?;
    let register = Name::new(register).ok()?;
    let mut bytes = Vec::new();
    let mut left = rest.bytes();
    while let Some(byte) = left.next() {
        if byte != b'.' {
            bytes.push(byte);
            continue;
        }
        let digits = [left.next()?, left.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    let key = String::from_utf8(bytes).ok()?;
    // One entry has one id.
    (id_of(&register, &key)? == id).then_some((register, key))
}

/// The number of a version: that of the ledger entry which brought it about, and the moment too
/// where time alone did.
pub(super) fn version_of(stood: &Stood) -> String {
    match stood.by_entry {
        true => stood.number.0.to_string(),
        false => format!("{}.{}", stood.number.0, stood.at.micros()),
    }
}

/// Whether an entry holds. Time alone ends none that is in the directory.
pub(super) fn holds(register: &Register, stood: &Stood, zone: &Zone) -> bool {
    stood.there && !Force::of(register, &stood.says, zone.day_of(stood.at)).out()
}

impl City<'_> {
    /// The address of the directory.
    pub(super) fn base(&self) -> String {
        format!("{}/fhir", self.origin)
    }

    /// The system of a code that a pack names, perhaps by its place below the city's address.
    fn system(&self, written: &str) -> String {
        match written.starts_with('/') {
            true => format!("{}{written}", self.origin),
            false => written.to_owned(),
        }
    }

    /// An entry as a resource; none where its key has no id.
    pub(super) fn resource(
        &self,
        register: &Register,
        shown: &Shown,
        (key, stood): (&str, &Stood),
    ) -> Option<Resource> {
        let id = id_of(&register.name, key)?;
        let mut resource = Resource::new(shown.resource);
        let fields = &mut resource.fields;
        fields.add("id", Value::text(&id)).add("language", Value::text(LANGUAGE));
        let number = Fields::default()
            .says("use", "official")
            .says("system", &format!("{}/registers/{}", self.origin, register.name))
            .says("value", key);
        fields.add("identifier", number.whole());
        stand(fields, shown.resource, holds(register, stood, &self.pack.zone));
        for element in &shown.elements {
            let made = self.values(register, element, (key, &id), stood);
            match element.within {
                None => made.into_iter().for_each(|value| {
                    fields.add(element.element.name, value);
                }),
                Some(part) if !made.is_empty() => {
                    let part = fields.part(part.name);
                    let name = element.element.name;
                    part.into_iter().for_each(|part| {
                        made.iter().for_each(|value| {
                            part.add(name, value.clone());
                        });
                    });
                }
                Some(_) => {}
            }
        }
        let meta = Fields::default()
            .says("versionId", &version_of(stood))
            .says("lastUpdated", &stood.at.to_string());
        let meta = profiles(&resource).into_iter().fold(meta, |meta, profile| {
            meta.holding("profile", Value::text(&format!("{PROFILES}{profile}")))
        });
        resource.fields.add("meta", meta.whole());
        Some(resource)
    }

    /// What fills an element.
    fn values(
        &self,
        register: &Register,
        element: &ShownElement,
        (key, id): (&str, &str),
        stood: &Stood,
    ) -> Vec<Value> {
        let from = From { city: self, register, element, stood };
        let sources = element.sources.iter();
        sources.flat_map(|source| from.source(source, (key, id))).collect()
    }
}

/// What the platform says itself: whether the entry holds.
fn stand(fields: &mut Fields, of: ResourceType, holds: bool) {
    match of.standing() {
        Some(fhir::structure::Standing::Active) => {
            fields.add("active", Value::Boolean(holds));
        }
        Some(fhir::structure::Standing::Status { holds: yes, ended }) => {
            fields.add("status", Value::text(if holds { yes } else { ended }));
        }
        None => {}
    }
}

/// The profiles of mCSD that a resource keeps to.
fn profiles(resource: &Resource) -> Vec<String> {
    let word = resource.kind.word();
    let facility = resource.at("type.coding").into_iter().filter_map(Value::group).any(|coding| {
        coding.text("system") == Some(MCSD_TYPES) && coding.text("code") == Some(FACILITY)
    });
    match resource.kind {
        ResourceType::Endpoint if resource.at("managingOrganization").is_empty() => Vec::new(),
        ResourceType::Organization | ResourceType::Location if facility => {
            vec![word.to_owned(), format!("Facility{word}")]
        }
        _ => vec![word.to_owned()],
    }
}

/// One element of one entry.
struct From<'a> {
    city: &'a City<'a>,
    register: &'a Register,
    element: &'a ShownElement,
    stood: &'a Stood,
}

impl From<'_> {
    fn said(&self, field: &Name) -> Option<&Said> {
        self.stood.says.get(field)
    }

    fn text(&self, field: &Name) -> Option<String> {
        match self.said(field)? {
            // INVARIANT: packs are proved to show neither; nothing else may let them out.
            Said::Party(_) | Said::Sealed => None,
            said => Some(said.to_string()),
        }
    }

    fn source(&self, source: &ShownAs, (key, id): (&str, &str)) -> Vec<Value> {
        let city = self.city;
        let one: Option<Value> = match source {
            ShownAs::Said(field) => self.said(field).and_then(|said| self.plain(said)),
            ShownAs::Fixed(text) => match self.element.element.kind {
                Kind::Primitive(fhir::Primitive::Boolean) => Some(Value::Boolean(text == "true")),
                _ => Value::text(text),
            },
            ShownAs::Coded { .. } => return self.coded(source),
            ShownAs::Code { system, code } => {
                let coding = coding(&city.system(system), &code.code, code.display.as_ref());
                Some(self.concept(vec![coding], code.display.as_ref()))
            }
            ShownAs::Identifier { field, system } => self.text(field).map(|value| {
                let system = city.system(system);
                let use_ = Fields::default().says("use", "official");
                use_.says("system", &system).says("value", &value).whole()
            }),
            ShownAs::Address { field, division } => Some(self.address(field, division)),
            ShownAs::Period { from, until } => {
                let day = |field: &Option<Name>| self.text(field.as_ref()?);
                let period = Fields::default()
                    .holding("start", day(from).and_then(|day| Value::text(&day)))
                    .holding("end", day(until).and_then(|day| Value::text(&day)));
                Some(period.whole())
            }
            ShownAs::Contact { field, system } => self.text(field).map(|value| {
                let way = Fields::default().says("system", system).says("value", &value);
                way.says("use", "work").whole()
            }),
            ShownAs::Own(resource) => Some(reference(*resource, id)),
            ShownAs::Entry { field, resource } => self.entry(field, *resource),
            ShownAs::Named(field) => {
                self.text(field).map(|name| Fields::default().says("display", &name).whole())
            }
            ShownAs::Here => {
                let key = crate::web::escaped(key);
                let here = format!("{}/api/registers/{}/{key}", city.origin, self.register.name);
                Value::text(&here)
            }
        };
        one.into_iter().collect()
    }

    fn entry(&self, field: &Name, resource: ResourceType) -> Option<Value> {
        let Input::Entry(register) = &self.register.field(field)?.input else { return None };
        Some(reference(resource, &id_of(register, &self.text(field)?)?))
    }

    /// A value by itself, as the data type of the element has it.
    fn plain(&self, said: &Said) -> Option<Value> {
        let value = match said {
            Said::Boolean(answer) => Value::Boolean(*answer),
            Said::Integer(number) => Value::Number(number.to_string()),
            Said::Bilingual(text) => Value::both(text)?,
            Said::Point(point) => {
                let degrees = |millionths: i64| Value::Number(degrees(millionths));
                return Some(
                    Fields::default()
                        .holding("longitude", degrees(point.longitude()))
                        .holding("latitude", degrees(point.latitude()))
                        .whole(),
                );
            }
            Said::Text(text) => Value::text(text)?,
            Said::Date(day) => Value::text(&day.to_string())?,
            _ => return None,
        };
        Some(match self.element.element.kind.name() {
            "HumanName" => Fields::default().says("use", "official").holding("text", value).whole(),
            _ => value,
        })
    }

    /// The codes that a field says, each under its own name and under that of the system.
    fn coded(&self, source: &ShownAs) -> Vec<Value> {
        let ShownAs::Coded { field, system, map } = source else { return Vec::new() };
        let (Some(said), Some(own)) = (self.said(field), self.register.field(field)) else {
            return Vec::new();
        };
        let codes: Vec<String> = match said {
            Said::Codes(codes) => codes.iter().cloned().collect(),
            Said::Choice(_) | Said::Code(_) => vec![said.to_string()],
            _ => Vec::new(),
        };
        let system = system.as_ref().map(|system| self.city.system(system));
        let city = self.city.base();
        let own_system = match (&own.input, &system) {
            (_, Some(system)) if map.is_empty() => system.clone(),
            (Input::Code(list) | Input::Codes(list), _) => format!("{city}/CodeSystem/{list}"),
            _ => format!("{city}/CodeSystem/{}.{field}", self.register.name),
        };
        let one = |code: &String| {
            let title = title(self.city.pack, &own.input, code);
            let known = map.get(code).zip(system.as_ref());
            let known = known.map(|(known, system): (&ShownCode, _)| {
                coding(system, &known.code, known.display.as_ref())
            });
            let codings = known.into_iter().chain([coding(&own_system, code, title)]).collect();
            self.concept(codings, title)
        };
        codes.iter().map(one).collect()
    }

    /// Codings as the data type of the element has them.
    fn concept(&self, codings: Vec<Value>, title: Option<&Text>) -> Value {
        if self.element.element.kind.name() == "Coding" {
            return codings.into_iter().next().unwrap_or(Fields::default().whole());
        }
        let concept = codings
            .into_iter()
            .fold(Fields::default(), |concept, coding| concept.holding("coding", coding));
        concept.holding("text", title.and_then(Value::both)).whole()
    }

    /// An address: what it says, and the divisions around it.
    fn address(&self, field: &Option<Name>, division: &Option<Name>) -> Value {
        let said = field.as_ref().and_then(|field| self.text(field));
        let division = match division.as_ref().and_then(|field| self.said(field)) {
            Some(Said::Division(division)) => Some(division),
            _ => None,
        };
        let name = |division: &Division| {
            let name = self.city.pack.divisions.name(division)?.zh.clone();
            (!BETWEEN.contains(&name.as_str())).then_some(name)
        };
        let at = |level| name(&division?.at(level)?);
        let province = at(DivisionLevel::Province);
        // The city of a municipality is the municipality.
        let city = at(DivisionLevel::City).or_else(|| province.clone());
        let steps = std::iter::successors(division.cloned(), Division::parent);
        let mut steps: Vec<String> = steps.filter_map(|step| name(&step)).collect();
        steps.reverse();
        let whole: String = steps.into_iter().chain(said.clone()).collect();
        Fields::default()
            .says("use", "work")
            .says("type", "physical")
            .says("text", &whole)
            .holding("line", said.as_deref().and_then(Value::text))
            .holding("city", city.as_deref().and_then(Value::text))
            .holding("district", at(DivisionLevel::County).as_deref().and_then(Value::text))
            .holding("state", province.as_deref().and_then(Value::text))
            .whole()
    }
}

/// What an option or a code is called.
fn title<'p>(pack: &'p Pack, input: &'p Input, code: &str) -> Option<&'p Text> {
    match input {
        Input::Choice(options) => {
            options.iter().find(|(name, _)| name.as_str() == code).map(|(_, title)| title)
        }
        Input::Code(list) | Input::Codes(list) => pack.codes.get(list)?.codes.get(code),
        _ => None,
    }
}

fn coding(system: &str, code: &str, display: Option<&Text>) -> Value {
    let coding = Fields::default().says("system", system).says("code", code);
    coding.holding("display", display.and_then(Value::both)).whole()
}

fn reference(resource: ResourceType, id: &str) -> Value {
    Fields::default().says("reference", &format!("{}/{id}", resource.word())).whole()
}

/// Degrees without noughts at their end.
fn degrees(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (millionths.abs() / 1_000_000, millionths.abs() % 1_000_000);
    let text = format!("{sign}{whole}.{rest:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_one_id_and_an_id_one_entry() {
        let name = |text: &str| Name::new(text).unwrap();
        for (key, id) in [
            ("900101-2024-12", Some("room.900101-2024-12")),
            ("W1", Some("room.W1")),
            ("a.b/c", Some("room.a.2Eb.2Fc")),
            ("茶", Some("room..E8.8C.B6")),
            (&"x".repeat(60), None),
        ] {
            assert_eq!(id_of(&name("room"), key).as_deref(), id, "{key}");
            if let Some(id) = id {
                assert_eq!(entry_of(id), Some((name("room"), key.to_owned())), "{id}");
            }
        }
        for id in
            ["room", "", "Room.x", "room.a.2", "room.a.2e", "room.a.zz", "room.a_b", "room.x.FF"]
        {
            assert_eq!(entry_of(id), None, "{id}");
        }
    }

    /// What one ledger entry brought about and what time made of it later are two versions.
    #[test]
    fn a_version_of_time_alone_says_its_moment() {
        let stood = |at, by_entry| Stood {
            at: base::Instant::from_micros(at),
            number: kernel::EntryNumber(17),
            by_entry,
            says: <_>::default(),
            there: true,
        };
        let versions = [stood(5, true), stood(6, false), stood(7, false)];
        assert_eq!(versions.each_ref().map(version_of), ["17", "17.6", "17.7"]);
    }

    #[test]
    fn degrees_are_written_as_short_as_they_can_be() {
        for (millionths, text) in [
            (116_397_000, "116.397"),
            (-500_000, "-0.5"),
            (39_000_000, "39"),
            (0, "0"),
            (1, "0.000001"),
        ] {
            assert_eq!(degrees(millionths), text);
        }
    }
}
