//! Registers, tables of ready rows, and remedies.

use std::collections::BTreeMap;

use base::{Date, Division, Fen, Name, Point, Text, id::Uscc};
use rules::{Scope, Type, Value};

use super::{Kind, Linker, expression};
use crate::{
    fault::Fault,
    language::{self, FieldType, Level, RegisterFile, TableFile},
    model::{
        Certificate, Hearing, Input, Limit, Pack, PortalService, Register, RegisterField, Remedy,
        Service, Table, Way, level_of,
    },
    node::Node,
    read::{Read, Spanned},
};

impl Linker<'_> {
    pub(super) fn registers(&mut self, pack: &Pack) -> BTreeMap<Name, Register> {
        let parsed = self.parsed;
        let linked: Vec<_> = parsed
            .registers
            .iter()
            .map(|file| (file.register.clone(), file.at, self.register(pack, file)))
            .collect();
        self.unique(linked)
    }

    fn register(&mut self, pack: &Pack, file: &RegisterFile) -> Register {
        let fields: Vec<RegisterField> = file
            .fields
            .iter()
            .filter_map(|(name, field)| {
                Some(RegisterField {
                    name: name.value.clone(),
                    title: field.title.clone(),
                    input: self.input(pack, &field.r#type)?,
                    optional: field.optional.unwrap_or(false),
                    locked: self.locked(name, field),
                })
            })
            .collect();
        let known = || file.fields.names().map(|name| name.value.as_str()).collect::<Vec<_>>();
        self.must_know(Kind::RegisterField, &file.headed, known());
        self.check_holder(file, &fields);
        let scope = fields_scope(pack, &fields);
        let in_force = file.in_force.as_ref();
        let public = file.public.unwrap_or(false);
        let naming = fields.iter().filter(|own| public && matches!(own.input, Input::Entry(_)));
        let sought_by = naming.map(|own| own.name.clone()).collect();
        Register {
            name: file.register.clone(),
            title: file.title.clone(),
            basis: file.basis.clone(),
            public,
            headed: file.headed.value.clone(),
            in_force: in_force.and_then(|that| self.expression(that, &scope, &Type::Boolean)),
            lasts_until: self.day_field(file.lasts_until.as_ref(), &fields),
            published_until: self.published_until(file, &fields),
            held_by: file.held_by.as_ref().map(|field| field.value.clone()),
            handled: Vec::new(),
            sought_by,
            looks_up: Vec::new(),
            derives: Vec::new(),
            forecast: None,
            certificates: self.certificates(file, &fields),
            fhir: Vec::new(),
            fields,
        }
    }

    /// Only what everybody may read can cease to be read by everybody. What is copied elsewhere
    /// does not end there: neither in a certificate that is shown nor in the directory.
    fn published_until(&mut self, file: &RegisterFile, fields: &[RegisterField]) -> Option<Name> {
        let until = file.published_until.as_ref()?;
        if !file.public.unwrap_or(false) {
            let zh = "不公开的登记簿没有公示期限";
            let en = "a register that is not public has no publication that could end";
            self.fault("publishes-nothing", until.at, zh, en);
        }
        if let Some((certificate, _)) = file.certificates.iter().next() {
            let zh = "公示会结束的登记簿不发证照";
            let en = "entries whose publication ends have no certificates";
            self.fault("published-certificate", certificate.at, zh, en);
        }
        self.day_field(Some(until), fields)
    }

    /// A day that entries say, such as the one by which time ends them.
    fn day_field(
        &mut self,
        until: Option<&Spanned<Name>>,
        fields: &[RegisterField],
    ) -> Option<Name> {
        let until = until?;
        let days = fields.iter().filter(|field| field.input == Input::Date);
        let known: Vec<&str> = days.map(|field| field.name.as_str()).collect();
        self.must_know(Kind::RegisterField, until, known).then(|| until.value.clone())
    }

    /// Only a yes can be locked.
    fn locked(&mut self, name: &Spanned<Name>, field: &language::RegisterField) -> bool {
        let locked = field.locked.unwrap_or(false);
        if locked && field.r#type != FieldType::Boolean {
            let zh = "只有是非项可以锁定";
            self.fault("locks-nothing", name.at, zh, "only a yes-or-no field can be locked");
        }
        locked
    }

    /// Who holds an entry stands in a field for a party.
    fn check_holder(&mut self, file: &RegisterFile, fields: &[RegisterField]) {
        if let Some(held_by) = &file.held_by {
            let parties = fields.iter().filter(|field| field.input == Input::Party);
            let known: Vec<&str> = parties.map(|field| field.name.as_str()).collect();
            self.must_know(Kind::RegisterField, held_by, known);
        }
    }

    fn certificates(
        &mut self,
        file: &RegisterFile,
        fields: &[RegisterField],
    ) -> BTreeMap<Name, Certificate> {
        let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let linked = file.certificates.iter().map(|(name, certificate)| {
            for shown in &certificate.shows {
                self.must_know(Kind::RegisterField, shown, known.iter().copied());
            }
            let shows: Vec<Name> =
                certificate.shows.iter().map(|shown| shown.value.clone()).collect();
            let title = certificate.title.clone();
            let basis = certificate.basis.clone();
            let code = certificate.code.as_ref().and_then(|code| self.kind_code(code));
            let until = certificate.until.as_ref();
            let until = until.and_then(|until| self.last_day(until, &shows, fields));
            (name.value.clone(), Certificate { title, shows, basis, code, until })
        });
        linked.collect()
    }

    /// The last day of a certificate is a day that it shows.
    fn last_day(
        &mut self,
        until: &Spanned<Name>,
        shows: &[Name],
        fields: &[RegisterField],
    ) -> Option<Name> {
        let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        if !self.must_know(Kind::RegisterField, until, known) {
            return None;
        }
        let mut days = fields.iter().filter(|field| field.input == Input::Date);
        let day = days.any(|field| field.name == until.value);
        if !day || !shows.contains(&until.value) {
            let zh = "证书的截止日期应为其载明的日期项";
            let en = "the last day of a certificate is a day that it shows";
            self.fault("not-a-last-day", until.at, zh, en);
            return None;
        }
        Some(until.value.clone())
    }

    /// The code of a kind of licence (GB/T 36904): a credit code and three digits.
    fn kind_code(&mut self, written: &Spanned<String>) -> Option<String> {
        let (definer, kind) = written.value.split_at_checked(18).unwrap_or_default();
        let three = kind.len() == 3 && kind.bytes().all(|byte| byte.is_ascii_digit());
        if !three || Uscc::parse(definer).is_err() {
            let zh = "证照类型代码应为统一社会信用代码加三位数字";
            let en = "the code of a kind is a unified social credit code and three digits";
            self.fault("not-a-kind-code", written.at, zh, en);
            return None;
        }
        Some(written.value.clone())
    }

    pub(super) fn remedies(&mut self, pack: &Pack) -> BTreeMap<Name, Remedy> {
        let parsed = self.parsed;
        let remedies = parsed.remedies.iter().flat_map(|file| file.remedies.iter());
        let linked: Vec<_> = remedies
            .map(|(name, remedy)| (name.value.clone(), name.at, self.remedy(pack, remedy)))
            .collect();
        self.unique(linked)
    }

    fn remedy(&mut self, pack: &Pack, remedy: &language::Remedy) -> Remedy {
        if remedy.heard_by.is_some() != remedy.ruled_within.is_some() {
            self.fault(
                "half-a-hearing",
                remedy.at,
                "heard_by 与 ruled_within 须同时写明",
                "`heard_by` and `ruled_within` belong together",
            );
        }
        let hearing = remedy.heard_by.as_ref().zip(remedy.ruled_within.as_ref());
        Remedy {
            title: remedy.title.clone(),
            within: remedy.within.term.value,
            basis: remedy.within.basis.clone(),
            hearing: hearing.map(|(by, within)| Hearing {
                by: self.hearing_body(pack, by),
                within: within.term.value,
                basis: within.basis.clone(),
            }),
        }
    }

    /// How decisions are served: as the pack says, or else as the nearest pack it builds on does.
    pub(super) fn service(&mut self) -> Option<Service> {
        let parsed = self.parsed;
        let file = parsed.service.last()?;
        let ways = file.ways.iter();
        let ways = ways.map(|(name, way)| (name.value.clone(), self.way(way))).collect();
        let limit =
            |timed: &language::Timed| Limit { term: timed.term.value, basis: timed.basis.clone() };
        Some(Service {
            within: limit(&file.within),
            burdens: limit(&file.burdens),
            published: limit(&file.published),
            portal: PortalService {
                title: file.portal.title.clone(),
                basis: file.portal.basis.clone(),
            },
            ways,
        })
    }

    fn way(&mut self, way: &language::Way) -> Way {
        if let Some(term) = &way.deemed_after
            && term.value.unit != base::Unit::NaturalDays
        {
            self.fault(
                "days-of-service",
                term.at,
                "视为送达的期间须以自然日计算",
                "the days after which something counts as served are natural days",
            );
        }
        Way {
            title: way.title.clone(),
            proof: way.proof.clone(),
            deemed_after: way.deemed_after.as_ref().map(|term| term.value),
            from: way.from,
            until: way.until,
            basis: way.basis.clone(),
        }
    }

    pub(super) fn tables(&mut self, pack: &Pack) -> BTreeMap<Name, Table> {
        let parsed = self.parsed;
        let linked: Vec<_> = parsed
            .tables
            .iter()
            .filter_map(|file| Some((file.table.clone(), file.at, self.table(pack, file)?)))
            .collect();
        self.unique(linked)
    }

    fn table(&mut self, pack: &Pack, file: &TableFile) -> Option<Table> {
        let known = pack.registers.keys().map(Name::as_str);
        self.must_know(Kind::Register, &file.register, known);
        let register = pack.registers.get(&file.register.value)?;
        if file.rows.entries().is_empty() {
            let at = file.rows.head();
            self.fault(
                "no-rows",
                at,
                "表中没有行",
                "the table has no rows; write `key: {field: …}`",
            );
        }
        let rows = file.rows.entries().iter();
        let rows =
            rows.map(|(key, row)| (key.value.clone(), self.row(pack, register, row))).collect();
        Some(Table {
            title: file.title.clone(),
            register: register.name.clone(),
            basis: file.basis.clone(),
            rows,
        })
    }

    fn row(&mut self, pack: &Pack, register: &Register, row: &Node) -> BTreeMap<Name, Value> {
        self.check_row_keys(register, row);
        let mut values = BTreeMap::new();
        for field in &register.fields {
            match row.get(field.name.as_str()) {
                Some(node) => {
                    let value = self.value(pack, &field.input, node);
                    values.extend(value.map(|value| (field.name.clone(), value)));
                }
                None if field.optional => {}
                None => self.faults.push(missing_field(row, &field.name)),
            }
        }
        values
    }

    fn check_row_keys(&mut self, register: &Register, row: &Node) {
        for (key, _) in row.entries() {
            let known = register.fields.iter().map(|field| field.name.as_str());
            self.must_know(Kind::RegisterField, key, known);
        }
    }

    /// A value written in a table or an example, read as its field says.
    pub(super) fn value(&mut self, pack: &Pack, input: &Input, node: &Node) -> Option<Value> {
        match input {
            Input::Text => String::read(node, self.faults).map(Value::Text),
            Input::Integer => i64::read(node, self.faults).map(Value::Integer),
            Input::Boolean => bool::read(node, self.faults).map(Value::Boolean),
            Input::Date => Date::read(node, self.faults).map(Value::Date),
            Input::Bilingual => Text::read(node, self.faults).map(Value::Bilingual),
            Input::Division => Division::read(node, self.faults).map(Value::Division),
            Input::Money => {
                let text = String::read(node, self.faults)?;
                self.reasoned("money", node.at, Fen::parse(&text)).map(Value::Money)
            }
            Input::Identifier(kind) => {
                let text = String::read(node, self.faults)?;
                let kind = base::id::Kind::named(kind.as_str()).ok()?;
                self.reasoned("identifier", node.at, base::id::check(kind, &text))?;
                Some(Value::Text(text))
            }
            Input::Choice(options) => {
                let word = Spanned::<Name>::read(node, self.faults)?;
                let known = options.iter().map(|(name, _)| name.as_str());
                self.must_know(Kind::RowKey, &word, known).then_some(Value::Choice(word.value))
            }
            Input::Code(list) => {
                let code = Spanned::<String>::read(node, self.faults)?;
                self.code(pack, list, &code).then_some(Value::Code(code.value))
            }
            Input::Codes(list) => {
                let codes = self.some(node)?;
                let known = codes.into_iter().filter(|code| self.code(pack, list, code));
                Some(Value::Codes(known.map(|code| code.value).collect()))
            }
            Input::Entry(_) => String::read(node, self.faults).map(Value::Text),
            Input::Point => {
                let text = String::read(node, self.faults)?;
                self.reasoned("point", node.at, Point::parse(&text)).map(Value::Point)
            }
            Input::Party => {
                let zh = "表中的行没有持有人，请将该项设为可选";
                let en = "a row of a table has no holder; make the field optional";
                self.fault("row-with-holder", node.at, zh, en);
                None
            }
            Input::Bodies => {
                let bodies = self.some(node)?;
                let known = bodies.into_iter().filter(|body| self.body_id(pack, body));
                Some(Value::Codes(known.map(|body| body.value).collect()))
            }
        }
    }

    /// A list with something in it.
    fn some(&mut self, node: &Node) -> Option<Vec<Spanned<String>>> {
        let listed = Vec::<Spanned<String>>::read(node, self.faults)?;
        if listed.is_empty() {
            self.fault("empty-list", node.at, "列表是空的", "the list is empty; name at least one");
        }
        Some(listed)
    }

    fn code(&mut self, pack: &Pack, list: &Name, code: &Spanned<String>) -> bool {
        let table = pack.codes.get(list);
        let known = table.into_iter().flat_map(|table| table.codes.keys().map(String::as_str));
        self.must_know(Kind::RowKey, code, known)
    }

    /// `office@division` names an office of the pack and a division, or `each` for every district.
    fn body_id(&mut self, pack: &Pack, body: &Spanned<String>) -> bool {
        let (office, place) = body.value.split_once('@').unwrap_or((&body.value, ""));
        let spanned = Spanned { value: office.to_owned(), at: body.at };
        let office_known =
            self.must_know(Kind::Office, &spanned, pack.offices.keys().map(Name::as_str));
        let division = Division::parse(place).ok();
        let known = |division: &Division| pack.divisions.name(division).is_some();
        let level = match &division {
            Some(division) => level_of(division).filter(|_| known(division)),
            None => (place == "each").then_some(Level::County),
        };
        if level.is_none() {
            let says = "须写作 `机关@区划代码`，或 `机关@each` 表示各区";
            let en = "is written `office@division`, or `office@each` for every district";
            self.fault("not-a-body", body.at, says, en);
        }
        let held = self.must_be_held(pack, &spanned, level);
        office_known && held
    }

    /// The office has a body on that level.
    fn must_be_held(&mut self, pack: &Pack, body: &Spanned<String>, level: Option<Level>) -> bool {
        let office = pack.offices.get(body.value.as_str());
        let bodies = || office.into_iter().flat_map(|office| &office.bodies);
        let held = level.is_some_and(|level| bodies().any(|body| body.level == level));
        if level.is_some() && office.is_some() && !held {
            let zh = "该机关在这一级没有设置";
            self.fault("no-such-body", body.at, zh, "the office has no body on this level");
        }
        held
    }
}

/// The scope of a condition over the fields of a register.
pub(super) fn fields_scope(pack: &Pack, fields: &[RegisterField]) -> Scope {
    let mut scope = expression::lists(&pack.codes);
    for field in fields {
        scope.fact(field.name.as_str(), field.input.value_type());
    }
    scope
}

fn missing_field(row: &Node, name: &Name) -> Fault {
    let says = Text::new(format!("缺少 `{name}`"), format!("`{name}` is missing"));
    Fault::new("missing-field", row.head(), says)
}
