//! What a register shows in the directory: each element known, each source of a kind that the
//! element can hold, only public registers, and never who holds an entry.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, Text, near::near_miss};
use fhir::{Element, Group, Kind as Holds, Primitive, ResourceType};

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language::{FhirCode, FhirElements, FhirSource, FhirSources, RegisterFile},
    model::{Input, Pack, Register, Shown, ShownAs, ShownCode, ShownElement},
    node::Span,
    read::{Pathed, Spanned},
};

/// What the platform itself says of every resource.
const BY_ITSELF: [&str; 5] = ["id", "meta", "language", "active", "status"];
/// What a way to reach somebody can be (FHIR R4, contact-point-system).
const CONTACTS: [&str; 7] = ["phone", "fax", "email", "pager", "url", "sms", "other"];

/// One element with its path as it is written.
struct Place<'a> {
    element: &'static Element,
    register: &'a Register,
    at: Span,
}

impl Linker<'_> {
    /// What every register shows, once all registers are linked.
    pub(super) fn fhir(&mut self, pack: &mut Pack) {
        let parsed = self.parsed;
        for file in parsed.registers.iter().filter(|file| !file.fhir.is_empty()) {
            let Some(register) = pack.registers.get(&file.register) else { continue };
            let shown = self.shown(pack, register, file);
            if let Some(register) = pack.registers.get_mut(&file.register) {
                register.fhir = shown;
            }
        }
    }

    fn shown(&mut self, pack: &Pack, register: &Register, file: &RegisterFile) -> Vec<Shown> {
        let mut all: Vec<Shown> = Vec::new();
        for (word, elements) in file.fhir.iter() {
            if !register.public {
                let zh = "只有公开的登记簿才能进入目录";
                let en = "only a public register may be shown in the directory";
                self.fault("fhir-not-public", word.at, zh, en);
            }
            if register.published_until.is_some() {
                let zh = "公示会结束的登记不能进入目录";
                let en = "entries whose publication ends are not shown in the directory";
                self.fault("fhir-not-lasting", word.at, zh, en);
            }
            if register.lasts_until.is_some() {
                let zh = "会因时间届满而终止的登记不能进入目录";
                let en = "entries that time alone ends are not shown in the directory";
                self.fault("fhir-not-lasting", word.at, zh, en);
            }
            let known = ResourceType::DIRECTORY.map(ResourceType::word);
            if self.must_know(Kind::Resource, word, known)
                && let Some(resource) = ResourceType::named(&word.value)
            {
                let elements = self.elements(pack, register, (resource, word.at), elements);
                all.push(Shown { resource, elements });
            }
        }
        all
    }

    fn elements(
        &mut self,
        pack: &Pack,
        register: &Register,
        (resource, at): (ResourceType, Span),
        written: &FhirElements,
    ) -> Vec<ShownElement> {
        let mut shown = Vec::new();
        for (path, sources) in written.iter() {
            let Some((within, element)) = self.element(resource.structure(), path) else {
                continue;
            };
            let place = Place { element, register, at: path.at };
            let sources = self.sources(pack, &place, sources);
            shown.push(ShownElement { within, element, sources });
        }
        let written: BTreeSet<&str> =
            written.iter().filter_map(|(path, _)| path.value.split('.').next()).collect();
        self.nothing_lacks(resource, register, (&shown, &written), at);
        shown
    }

    /// The element at a path: of the resource, or of a part of it.
    fn element(
        &mut self,
        of: &'static Group,
        path: &Spanned<String>,
    ) -> Option<(Option<&'static Element>, &'static Element)> {
        let first = path.value.split('.').next().unwrap_or_default();
        if BY_ITSELF.contains(&first) && of.element(first).is_some() {
            let zh = "这一元素由平台填写：编号、版本、是否有效";
            let en = "the platform says this itself: id, version, and whether it still holds";
            self.fault("fhir-by-itself", path.at, zh, en);
            return None;
        }
        let found = match path.value.split_once('.') {
            None => of.element(&path.value).map(|element| (None, element)),
            Some((first, rest)) => of.element(first).and_then(|part| match part.kind {
                // Data types are filled as a whole; only parts of a resource have elements here.
                Holds::Group(group) if group.name.contains('.') => {
                    group.element(rest).map(|element| (Some(part), element))
                }
                _ => None,
            }),
        };
        if found.is_none() {
            let known = of.elements.iter().map(|element| element.name);
            let near = near_miss(&path.value, known);
            let says = Text::new(
                format!("资源 {} 没有元素 `{}`，或目录不提供", of.name, path.value),
                format!("{} has no element `{}` that is shown here", of.name, path.value),
            );
            self.faults.push(Fault::new("unknown-element", path.at, says).near(near));
        }
        found
    }

    /// What FHIR and mCSD ask for is there for every entry.
    fn nothing_lacks(
        &mut self,
        resource: ResourceType,
        register: &Register,
        (shown, written): (&[ShownElement], &BTreeSet<&str>),
        at: Span,
    ) {
        let needed = resource.structure().elements.iter().filter(|element| element.needed);
        let needed = needed.map(|element| element.name).filter(|name| !BY_ITSELF.contains(name));
        let needed: BTreeSet<&str> = needed.chain(resource.demanded().iter().copied()).collect();
        for name in needed {
            let own = shown.iter().filter(|own| own.within.is_none());
            let mut own = own.filter(|own| own.element.name == name);
            let sure = own.any(|own| own.sources.iter().any(|source| sure(source, register)));
            // What is written and faulty is told already.
            let faulty = written.contains(name)
                && shown.iter().any(|own| own.element.name == name && own.sources.is_empty());
            if !sure && !faulty {
                let says = Text::new(
                    format!("{} 须有 `{name}`，且每个条目都要说得出来", resource.word()),
                    format!("{} needs `{name}`, said by every entry", resource.word()),
                );
                self.faults.push(Fault::new("fhir-not-filled", at, says));
            }
        }
    }

    fn sources(&mut self, pack: &Pack, place: &Place<'_>, written: &FhirSources) -> Vec<ShownAs> {
        if written.0.is_empty() || (written.0.len() > 1 && !place.element.many) {
            let zh = "这一元素只出现一次，须有一个来源";
            let en = "the element comes once: give it one source";
            self.fault("fhir-once", place.at, zh, en);
            return Vec::new();
        }
        written.0.iter().filter_map(|source| self.source(pack, place, source)).collect()
    }

    fn source(&mut self, pack: &Pack, place: &Place<'_>, source: &FhirSource) -> Option<ShownAs> {
        let holder = [&source.field, &source.division, &source.from, &source.until];
        for name in holder.into_iter().flatten() {
            let known = place.register.fields.iter().map(|field| field.name.as_str());
            if !self.must_know(Kind::RegisterField, name, known) {
                return None;
            }
            if field(place, name).is_some_and(|input| *input == Input::Party) {
                let zh = "谁持有登记事项，不在目录中公开";
                let en = "who holds an entry is shown to nobody";
                self.fault("fhir-shows-holder", name.at, zh, en);
                return None;
            }
        }
        if !self.system_is_named(place, source) {
            return None;
        }
        let found = match place.element.kind {
            Holds::Primitive(kind) => self.single(place, kind, source),
            Holds::Group(group) => match group.name {
                "CodeableConcept" | "Coding" => return self.coded(pack, place, source),
                "Reference" => return self.reference(pack, place, source),
                name => self.whole(place, name, source),
            },
            Holds::Resource => None,
        };
        if found.is_none() {
            self.does_not_fit(place, source);
        }
        found
    }

    /// A system of codes or of identifiers is named by an address.
    fn system_is_named(&mut self, place: &Place<'_>, source: &FhirSource) -> bool {
        let Some(system) = &source.system else { return true };
        let named = names_system(&system.value) || place.element.kind.name() == "ContactPoint";
        if !named {
            let zh = "代码系统须写明地址，如 `http://…`、`urn:…`，或本市地址下的位置 `/codes/…`";
            let en = "a system is named by an address such as `http://…` or `urn:…`, or by a place \
                      below the city's own such as `/codes/…`";
            self.fault("fhir-no-system", system.at, zh, en);
        }
        named
    }

    fn does_not_fit(&mut self, place: &Place<'_>, source: &FhirSource) {
        let (name, kind) = (place.element.name, place.element.kind.name());
        let says = Text::new(
            format!("`{name}` 的类型是 {kind}，不能由此填写"),
            format!("`{name}` is a {kind}, which this cannot fill"),
        );
        self.faults.push(Fault::new("fhir-wrong-type", self.first_line(source.at), says));
    }

    /// A single value: of a field, or fixed.
    fn single(&self, place: &Place<'_>, kind: Primitive, source: &FhirSource) -> Option<ShownAs> {
        let rest = [source.system.is_some(), source.display.is_some(), source.own.is_some()];
        let more = [source.division.is_some(), source.from.is_some(), source.until.is_some()];
        if rest.into_iter().chain(more).any(|other| other) || !source.map.is_empty() {
            return None;
        }
        match (&source.field, &source.fixed, source.address) {
            (Some(name), None, None) => {
                let fits = match field(place, name)? {
                    Input::Text | Input::Bilingual | Input::Identifier(_) => {
                        matches!(kind, Primitive::String | Primitive::Markdown)
                    }
                    Input::Boolean => kind == Primitive::Boolean,
                    Input::Integer => kind == Primitive::UnsignedInt,
                    Input::Date => kind == Primitive::DateTime,
                    _ => false,
                };
                fits.then(|| ShownAs::Said(name.value.clone()))
            }
            (None, Some(text), None) => {
                kind.takes(&text.value).then(|| ShownAs::Fixed(text.value.clone()))
            }
            (None, None, Some(true)) => (kind == Primitive::Url).then_some(ShownAs::Here),
            _ => None,
        }
    }

    /// A data type that is filled as a whole from fields.
    fn whole(&self, place: &Place<'_>, name: &str, source: &FhirSource) -> Option<ShownAs> {
        let strange = source.fixed.is_some()
            || source.own.is_some()
            || source.address.is_some()
            || source.display.is_some()
            || !source.map.is_empty();
        let is = |name: &Option<Spanned<Name>>, fits: fn(&Input) -> bool| {
            name.as_ref().is_none_or(|name| field(place, name).is_some_and(fits))
        };
        let text: fn(&Input) -> bool = |input| matches!(input, Input::Text);
        let day: fn(&Input) -> bool = |input| matches!(input, Input::Date);
        let of = |name: &Option<Spanned<Name>>| name.as_ref().map(|name| name.value.clone());
        let period = source.from.is_some() || source.until.is_some();
        let (field, system) = (of(&source.field), source.system.as_ref().map(|s| &s.value));
        if strange
            || (period && name != "Period")
            || (source.division.is_some() && name != "Address")
        {
            return None;
        }
        match name {
            "Identifier" => {
                let fits: fn(&Input) -> bool =
                    |input| matches!(input, Input::Text | Input::Identifier(_));
                let system = system?.clone();
                is(&source.field, fits).then_some(())?;
                Some(ShownAs::Identifier { field: field?, system })
            }
            "HumanName" if system.is_none() => {
                let fits: fn(&Input) -> bool =
                    |input| matches!(input, Input::Text | Input::Bilingual);
                is(&source.field, fits).then_some(())?;
                Some(ShownAs::Said(field?))
            }
            "Address" if system.is_none() && (field.is_some() || source.division.is_some()) => {
                let places: fn(&Input) -> bool = |input| matches!(input, Input::Division);
                let fits = is(&source.field, text) && is(&source.division, places);
                fits.then(|| ShownAs::Address { field, division: of(&source.division) })
            }
            "ContactPoint" => {
                let system = system.filter(|system| CONTACTS.contains(&system.as_str()))?.clone();
                is(&source.field, text).then_some(())?;
                Some(ShownAs::Contact { field: field?, system })
            }
            "Period" if field.is_none() && system.is_none() && period => {
                let fits = is(&source.from, day) && is(&source.until, day);
                fits.then(|| ShownAs::Period { from: of(&source.from), until: of(&source.until) })
            }
            "Location.position" if system.is_none() => {
                is(&source.field, |input| matches!(input, Input::Point)).then_some(())?;
                Some(ShownAs::Said(field?))
            }
            _ => None,
        }
    }

    /// A code, of a field or fixed.
    fn coded(&mut self, pack: &Pack, place: &Place<'_>, source: &FhirSource) -> Option<ShownAs> {
        let strange = source.own.is_some()
            || source.division.is_some()
            || source.from.is_some()
            || source.until.is_some()
            || source.address.is_some();
        let system = source.system.as_ref();
        match (&source.field, &source.fixed) {
            _ if strange => {}
            (None, Some(code)) if source.map.is_empty() && Primitive::Code.takes(&code.value) => {
                if let Some(system) = system {
                    let code =
                        ShownCode { code: code.value.clone(), display: source.display.clone() };
                    return Some(ShownAs::Code { system: system.value.clone(), code });
                }
            }
            (Some(name), None) if source.display.is_none() => {
                let several = place.element.many;
                let fits = match field(place, name)? {
                    Input::Choice(_) | Input::Code(_) => true,
                    Input::Codes(_) => several,
                    _ => false,
                };
                if fits && (system.is_some() || source.map.is_empty()) {
                    let map = self.map(pack, field(place, name)?, (&source.map, source.at))?;
                    let system = system.map(|system| system.value.clone());
                    return Some(ShownAs::Coded { field: name.value.clone(), system, map });
                }
            }
            _ => {}
        }
        self.does_not_fit(place, source);
        None
    }

    /// The codes that options stand for: of a choice every one, of a code list those that have one.
    fn map(
        &mut self,
        pack: &Pack,
        input: &Input,
        (written, at): (&Pathed<FhirCode>, Span),
    ) -> Option<BTreeMap<String, ShownCode>> {
        let known: Vec<&str> = match input {
            Input::Choice(options) => options.iter().map(|(name, _)| name.as_str()).collect(),
            Input::Code(list) | Input::Codes(list) => pack
                .codes
                .get(list)
                .into_iter()
                .flat_map(|t| t.codes.keys().map(String::as_str))
                .collect(),
            _ => Vec::new(),
        };
        let mut map = BTreeMap::new();
        for (option, code) in written.iter() {
            if self.must_know(Kind::RowKey, option, known.iter().copied()) {
                let own =
                    ShownCode { code: code.code.value.clone(), display: code.display.clone() };
                map.insert(option.value.clone(), own);
            }
        }
        let open: Vec<&str> = known.into_iter().filter(|own| !map.contains_key(*own)).collect();
        if matches!(input, Input::Choice(_)) && !map.is_empty() && !open.is_empty() {
            let says = Text::new(
                format!("以下选项没有对应的代码：{}", open.join("、")),
                format!("these options have no code: {}", open.join(", ")),
            );
            self.faults.push(Fault::new("fhir-unmapped", self.first_line(at), says));
        }
        Some(map)
    }

    /// A reference: to another resource of the entry, to that of an entry named, or a name alone.
    fn reference(
        &mut self,
        pack: &Pack,
        place: &Place<'_>,
        source: &FhirSource,
    ) -> Option<ShownAs> {
        let strange = [&source.fixed, &source.system].into_iter().any(Option::is_some)
            || [&source.division, &source.from, &source.until].into_iter().any(Option::is_some)
            || source.display.is_some()
            || source.address.is_some()
            || !source.map.is_empty();
        let leads_to = place.element.leads_to.first().copied();
        let Some(resource) = leads_to.filter(|_| !strange) else {
            self.does_not_fit(place, source);
            return None;
        };
        let (register, found) = match (&source.field, source.own) {
            (None, Some(true)) => (place.register.name.clone(), ShownAs::Own(resource)),
            (Some(name), None) => match field(place, name)? {
                Input::Text => return Some(ShownAs::Named(name.value.clone())),
                Input::Entry(register) => {
                    let entry = ShownAs::Entry { field: name.value.clone(), resource };
                    (register.clone(), entry)
                }
                _ => {
                    self.does_not_fit(place, source);
                    return None;
                }
            },
            _ => {
                self.does_not_fit(place, source);
                return None;
            }
        };
        let files = self.parsed.registers.iter().filter(|file| file.register == register);
        let mut shown = files.flat_map(|file| file.fhir.iter().map(|(word, _)| &word.value));
        let public = pack.registers.get(&register).is_some_and(|register| register.public);
        if !public || !shown.any(|word| word == resource.word()) {
            let says = Text::new(
                format!("登记簿 `{register}` 没有资源 {}，引用落空", resource.word()),
                format!(
                    "register `{register}` shows no {}, so this leads nowhere",
                    resource.word()
                ),
            );
            self.faults.push(Fault::new("fhir-leads-nowhere", self.first_line(source.at), says));
            return None;
        }
        Some(found)
    }
}

fn field<'a>(place: &Place<'a>, name: &Spanned<Name>) -> Option<&'a Input> {
    place.register.field(&name.value).map(|field| &field.input)
}

/// Whether a text names a system: by its address, or by its place below the city's own.
fn names_system(text: &str) -> bool {
    Primitive::Uri.takes(text) || (text.starts_with('/') && !text.contains(char::is_whitespace))
}

/// Whether a source says something of every entry.
fn sure(source: &ShownAs, register: &Register) -> bool {
    let said = |name: &Name| register.field(name).is_some_and(|field| !field.optional);
    match source {
        ShownAs::Fixed(_) | ShownAs::Code { .. } | ShownAs::Own(_) | ShownAs::Here => true,
        ShownAs::Said(field)
        | ShownAs::Coded { field, .. }
        | ShownAs::Identifier { field, .. }
        | ShownAs::Contact { field, .. }
        | ShownAs::Entry { field, .. }
        | ShownAs::Named(field) => said(field),
        ShownAs::Address { field, division } => field.iter().chain(division).any(said),
        ShownAs::Period { from, until } => from.iter().chain(until).any(said),
    }
}
