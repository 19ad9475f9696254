//! Form sections, their questions, and the kinds of answers.

use std::collections::BTreeMap;

use base::{Name, id};

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language::{self, FieldType, Need},
    model::{Field, Input, Pack, Section},
    read::Spanned,
};

/// The kinds of identifier that a natural person bears.
const OF_PERSONS: [&str; 3] = ["resident-id", "passport", "mainland-permit"];

impl Linker<'_> {
    pub(super) fn sections(&mut self, pack: &Pack) -> BTreeMap<Name, Section> {
        let parsed = self.parsed;
        let linked: Vec<_> = parsed
            .sections
            .iter()
            .map(|section| (section.section.clone(), section.at, self.section(pack, section)))
            .collect();
        self.unique(linked)
    }

    fn section(&mut self, pack: &Pack, section: &language::Section) -> Section {
        let fields = section
            .fields
            .iter()
            .filter_map(|(name, field)| self.field(pack, section, name, field))
            .collect();
        Section {
            name: section.section.clone(),
            title: section.title.clone(),
            hint: section.hint.clone(),
            subject: section.subject.clone(),
            fields,
        }
    }

    fn field(
        &mut self,
        pack: &Pack,
        section: &language::Section,
        name: &Spanned<Name>,
        field: &language::Field,
    ) -> Option<Field> {
        let personal = field.personal.unwrap_or(false);
        if personal && section.subject.is_none() {
            self.fault(
                "whose-detail",
                name.at,
                "个人信息项所在的节须用 subject 写明属于谁",
                "a section with personal details must say whose they are under `subject`",
            );
        }
        self.check_personal(section, name, field);
        if field.need == Some(Need::Later) {
            let zh = "问题须在申请时回答，不能写 later";
            let en = "a question is answered when applying; only papers may come later";
            self.fault("answered-later", name.at, zh, en);
        }
        if matches!(field.r#type, FieldType::Bilingual | FieldType::Bodies | FieldType::Party) {
            self.fault(
                "not-for-forms",
                name.at,
                "表单不能询问这种类型",
                "a form cannot ask for this kind of value",
            );
        }
        self.check_bounds(name, field);
        Some(Field {
            path: format!("{}.{}", section.section, name.value),
            title: field.title.clone(),
            hint: field.hint.clone(),
            input: self.input(pack, &field.r#type)?,
            need: field.need.unwrap_or(Need::Always),
            personal,
            at_least: field.at_least,
            at_most: field.at_most,
        })
    }

    /// Only whole numbers have a least value, and none is above the most.
    fn check_bounds(&mut self, name: &Spanned<Name>, field: &language::Field) {
        let Some(least) = field.at_least else { return };
        let whole = field.r#type == FieldType::Integer;
        if !whole || field.at_most.is_some_and(|most| most < least) {
            let zh = "at_least 只用于整数，且不得大于 at_most";
            let en = "`at_least` is for whole numbers, and never above `at_most`";
            self.fault("bounds", name.at, zh, en);
        }
    }

    /// An identity number is always personal; where a section asks about a person, texts and
    /// identifiers say whether they are.
    fn check_personal(
        &mut self,
        section: &language::Section,
        name: &Spanned<Name>,
        field: &language::Field,
    ) {
        let (of_person, tells) = match &field.r#type {
            FieldType::Identifier(kind) => (OF_PERSONS.contains(&kind.value.as_str()), true),
            kind => (false, *kind == FieldType::Text),
        };
        if of_person && field.personal != Some(true) {
            let zh = "个人证件号码须写明 personal: true";
            self.fault("identity", name.at, zh, "an identity number is `personal: true`");
        } else if section.subject.is_some() && tells && field.personal.is_none() {
            let zh = "有 subject 的节，文字和标识须写明 personal: true 或 false";
            let en = "about a person, texts and identifiers say `personal: true` or `false`";
            self.fault("personal-or-not", name.at, zh, en);
        }
    }

    /// The kind of a value, its code list or identifier kind found.
    pub(super) fn input(&mut self, pack: &Pack, kind: &FieldType) -> Option<Input> {
        Some(match kind {
            FieldType::Text => Input::Text,
            FieldType::Integer => Input::Integer,
            FieldType::Boolean => Input::Boolean,
            FieldType::Date => Input::Date,
            FieldType::Money => Input::Money,
            FieldType::Division => Input::Division,
            FieldType::Bilingual => Input::Bilingual,
            FieldType::Bodies => Input::Bodies,
            FieldType::Identifier(kind) => Input::Identifier(self.identifier_kind(kind)?),
            FieldType::Choice(options) => Input::Choice(
                options.iter().map(|(name, title)| (name.value.clone(), title.clone())).collect(),
            ),
            FieldType::Code(list) => Input::Code(self.code_list(pack, list)?),
            FieldType::Codes(list) => Input::Codes(self.code_list(pack, list)?),
            FieldType::Entry(register) => Input::Entry(self.register_named(register)?),
            FieldType::Point => Input::Point,
            FieldType::Party => Input::Party,
        })
    }

    /// A register by its name, whether or not it is linked yet.
    fn register_named(&mut self, register: &Spanned<Name>) -> Option<Name> {
        let parsed = self.parsed;
        let known = parsed.registers.iter().map(|file| file.register.as_str());
        self.must_know(Kind::Register, register, known).then(|| register.value.clone())
    }

    pub(super) fn code_list(&mut self, pack: &Pack, list: &Spanned<Name>) -> Option<Name> {
        let known = pack.codes.keys().map(Name::as_str);
        self.must_know(Kind::CodeList, list, known).then(|| list.value.clone())
    }

    fn identifier_kind(&mut self, kind: &Spanned<Name>) -> Option<Name> {
        if id::Kind::named(kind.value.as_str()).is_ok() {
            return Some(kind.value.clone());
        }
        let known = id::Kind::ALL.iter().map(|kind| kind.name());
        let near = base::near::near_miss(kind.value.as_str(), known);
        let what = Kind::Identifier;
        let says = what.unknown(kind.value.as_str());
        self.faults.push(Fault::new(what.word(), kind.at, says).near(near));
        None
    }
}
