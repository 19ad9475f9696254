//! The register in which each case that comes to an end is written down.

use std::collections::BTreeSet;

use base::Name;
use rules::{Expression, Scope, Type};

use super::{Kind, Linker, expression};
use crate::{
    language::RegisterFile,
    model::{Pack, Register},
};

/// What is known of every case that has ended, as [`Register::handled`] may use it: who applied,
/// what the procedure is called, whose case it was and where, and how and when it ended.
const FACTS: [(&str, Type); 8] = [
    ("applicant", Type::Party),
    ("procedure", Type::Text),
    ("procedure.title", Type::Bilingual),
    ("body", Type::Bodies),
    ("body.division", Type::Division),
    ("end", Type::Bilingual),
    ("filed-on", Type::Date),
    ("ended-on", Type::Date),
];

impl Linker<'_> {
    /// What fills the entry of a case that has ended, register by register, and in which of them it
    /// is written.
    pub(super) fn handled(&mut self, pack: &mut Pack) {
        let parsed = self.parsed;
        for file in parsed.registers.iter().filter(|file| !file.handled.is_empty()) {
            let Some(register) = pack.registers.get(&file.register) else { continue };
            let fields = self.of_ended(pack, register, file);
            if let Some(register) = pack.registers.get_mut(&file.register) {
                register.handled = fields;
            }
        }
        // The place says whether cases are written down, or the nearest pack it builds on does.
        let written = parsed.manifests.iter().rev().find_map(|manifest| manifest.handled.as_ref());
        let Some(written) = written else { return };
        let able = pack.registers.values().filter(|register| !register.handled.is_empty());
        let known: Vec<&str> = able.map(|register| register.name.as_str()).collect();
        if self.must_know(Kind::Register, written, known) {
            pack.handled = Some(written.value.clone());
        }
    }

    fn of_ended(
        &mut self,
        pack: &Pack,
        register: &Register,
        file: &RegisterFile,
    ) -> Vec<(Name, Expression)> {
        let mut scope: Scope = expression::lists(&pack.codes);
        for (fact, kind) in FACTS {
            scope.fact(fact, kind);
        }
        let written: BTreeSet<&str> =
            file.handled.names().map(|name| name.value.as_str()).collect();
        let must = register.fields.iter().filter(|field| !field.optional);
        let open: Vec<&str> =
            must.map(|f| f.name.as_str()).filter(|f| !written.contains(f)).collect();
        if !open.is_empty() {
            let (zh, en) = (
                format!("办结时没有填写：{}", open.join("、")),
                format!("an ended case would leave these open: {}", open.join(", ")),
            );
            self.fault("handled-not-filled", self.first_line(file.at), &zh, &en);
        }
        self.written(register, &scope, &file.handled)
    }
}
