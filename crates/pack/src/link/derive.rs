//! What follows from the entries of a register: linked once all registers are, for it looks into
//! others.

use std::collections::BTreeSet;

use base::Name;
use rules::Type;

use super::{Kind, Linker, register::fields_scope, words::Words};
use crate::{
    language::{self, RegisterFile},
    model::{Derived, DerivedCase, Forecast, Input, LooksUp, Pack, Register},
    read::Spanned,
};

/// What one register derives.
type Follows = (Vec<(Name, LooksUp)>, Vec<(Name, Derived)>, Option<Forecast>);

impl Linker<'_> {
    /// What follows from the entries of every register.
    pub(super) fn derive(&mut self, pack: &mut Pack) {
        let parsed = self.parsed;
        for file in &parsed.registers {
            let follows = self.follows(pack, file);
            if let Some(register) = pack.registers.get_mut(&file.register) {
                (register.looks_up, register.derives, register.forecast) = follows;
            }
        }
    }

    fn follows(&mut self, pack: &Pack, file: &RegisterFile) -> Follows {
        let Some(register) = pack.registers.get(&file.register) else { return Follows::default() };
        let mut scope = fields_scope(pack, &register.fields);
        scope.fact("key", Type::Entry(register.name.clone()));
        scope.fact("today", Type::Date);
        let mut words = Words::over(scope);
        let looks_up = self.looked_up(pack, &file.looks_up, &mut words);
        // How it is carried out is counted for all that is written, so it settles no look-up.
        words.scope.fact("services", Type::Integer);
        words.scope.fact("entered", Type::Integer);
        let derives = self.derived(file, &words);
        self.check_looked_up_used(file, &derives);
        let forecast = file.forecast.as_ref();
        let forecast = forecast.and_then(|f| self.forecast(pack, register, &looks_up, f));
        (looks_up, derives, forecast)
    }

    /// What is looked up is used in a case or carried forward; else it is most often a slip.
    fn check_looked_up_used(&mut self, file: &RegisterFile, derives: &[(Name, Derived)]) {
        let cases = derives.iter().flat_map(|(_, derived)| &derived.cases);
        let used: BTreeSet<&str> = cases.flat_map(|(_, case)| case.that.facts_used()).collect();
        let carried = file.forecast.as_ref().map(|forecast| forecast.of.value.as_str());
        for name in file.looks_up.names() {
            let found = format!("found.{}", name.value);
            let sum = format!("{found}.sum");
            let counts = used.contains(found.as_str()) || used.contains(sum.as_str());
            if !counts && carried != Some(name.value.as_str()) {
                let zh = "查得的内容没有用到";
                self.fault("idle-look-up", name.at, zh, "nothing follows from this look-up");
            }
        }
    }

    fn derived(&mut self, file: &RegisterFile, words: &Words) -> Vec<(Name, Derived)> {
        let mut linked = Vec::new();
        for (name, written) in file.derives.iter() {
            let mut cases = Vec::new();
            for (case, written) in written.cases.iter() {
                let that = self.expression(&written.that, &words.scope, &Type::Boolean);
                let (title, alarm) = (written.title.clone(), written.alarm.unwrap_or(false));
                let case = case.value.clone();
                cases.extend(that.map(|that| (case, DerivedCase { title, that, alarm })));
            }
            if written.cases.is_empty() {
                let zh = "推得的状态须写明 cases";
                self.fault("derives-nothing", name.at, zh, "say under `cases` what may follow");
            }
            let (title, otherwise) = (written.title.clone(), written.otherwise.clone());
            linked.push((name.value.clone(), Derived { title, cases, otherwise }));
        }
        linked
    }

    /// A forecast names whole numbers and days, of the entries found and of the entry itself.
    fn forecast(
        &mut self,
        pack: &Pack,
        register: &Register,
        looks_up: &[(Name, LooksUp)],
        written: &language::Forecast,
    ) -> Option<Forecast> {
        let known = looks_up.iter().map(|(name, _)| name.as_str());
        self.must_know(Kind::Lookup, &written.of, known.collect::<Vec<_>>());
        let (_, look) = looks_up.iter().find(|(name, _)| *name == written.of.value)?;
        let values = pack.registers.get(&look.register)?;
        Some(Forecast {
            of: written.of.value.clone(),
            value: self.field_of(values, &written.value, &Input::Integer)?,
            day: self.field_of(values, &written.day, &Input::Date)?,
            target: self.field_of(register, &written.target, &Input::Integer)?,
            by: self.field_of(register, &written.by, &Input::Date)?,
        })
    }

    /// A field of a register of that kind.
    pub(super) fn field_of(
        &mut self,
        register: &Register,
        name: &Spanned<Name>,
        input: &Input,
    ) -> Option<Name> {
        let fitting = register.fields.iter().filter(|field| field.input == *input);
        let known: Vec<&str> = fitting.map(|field| field.name.as_str()).collect();
        self.must_know(Kind::RegisterField, name, known).then(|| name.value.clone())
    }
}
