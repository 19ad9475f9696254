//! Procedures: who is competent, what the form asks, what must hold.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, near::near_miss};
use rules::{Scope, Type};

use super::{Kind, Linker, scope};
use crate::{
    language::{self, Need, ProcedureFile, Timed},
    model::{End, Limit, Material, Pack, Procedure, Requirement, SYSTEMS, Section, Step},
    read::Spanned,
};

impl Linker<'_> {
    pub(super) fn procedures(&mut self, pack: &Pack) -> BTreeMap<Name, Procedure> {
        let parsed = self.parsed;
        let linked: Vec<_> = parsed
            .procedures
            .iter()
            .filter_map(|file| Some((file.procedure.clone(), file.at, self.procedure(pack, file)?)))
            .collect();
        self.unique(linked)
    }

    fn procedure(&mut self, pack: &Pack, file: &ProcedureFile) -> Option<Procedure> {
        let known = pack.registers.keys().map(Name::as_str);
        self.must_know(Kind::Register, &file.register, known);
        let form = self.form(pack, file);
        let scope = scope(&pack.codes, &pack.figures, &form);
        self.check_carries_out(pack, file);
        let competent = self.taking_in(pack, file, &form);
        let bodies = self.bodies(pack, file, &form);
        let levels = self.levels(file, &scope);
        self.check_bodies_used(file);
        let requires = self.requirements(file, &scope);
        let commitments = self.commitments(file, &scope);
        let steps = self.steps(pack, file, &scope);
        self.check_entry_points(file);
        Some(Procedure {
            name: file.procedure.clone(),
            title: file.title.clone(),
            summary: file.summary.clone(),
            kind: file.kind,
            carries_out: file.carries_out.iter().map(|key| key.value.clone()).collect(),
            basis: file.basis.clone(),
            register: file.register.value.clone(),
            applicant: file.applicant.clone(),
            competent,
            levels,
            bodies,
            statutory: limit(&file.clock.statutory),
            promised: limit(&file.clock.promised),
            form,
            materials: materials(file),
            commitments,
            requires,
            begins: file.begins.value.clone(),
            steps,
            ends: ends(file),
            withdrawal: withdrawal(file),
            correction: file.exits.correction,
        })
    }

    fn form(&mut self, pack: &Pack, file: &ProcedureFile) -> Vec<Section> {
        let known = || pack.sections.keys().map(Name::as_str);
        file.form
            .iter()
            .filter(|name| self.must_know(Kind::Section, name, known()))
            .filter_map(|name| pack.sections.get(&name.value).cloned())
            .collect()
    }

    /// The field that decides the place is a question for a division that must be answered.
    pub(super) fn check_place(&mut self, of: &Spanned<String>, form: &[Section]) {
        let fields = form.iter().flat_map(|section| &section.fields);
        let places = fields.filter(|field| {
            field.input.value_type() == Type::Division && field.need == Need::Always
        });
        let known: Vec<&str> = places.map(|field| field.path.as_str()).collect();
        self.must_know(Kind::FormField, of, known);
    }

    /// A name of neither is likelier a slip in a measure of the place than in a national row.
    fn check_carries_out(&mut self, pack: &Pack, file: &ProcedureFile) {
        let rows = pack.tables.values().flat_map(|table| &table.rows);
        let measures: Vec<&str> = rows.map(|(key, _)| key.as_str()).collect();
        let systems = pack.codes.get(SYSTEMS).into_iter().flat_map(|list| list.codes.keys());
        let systems: Vec<&str> = systems.map(String::as_str).collect();
        for key in &file.carries_out {
            let meant = near_miss(&key.value, measures.iter().copied());
            if systems.contains(&key.value.as_str()) || meant.is_none() {
                self.must_know(Kind::Carried, key, systems.iter().copied());
            } else {
                self.must_know(Kind::Carried, key, measures.iter().copied());
            }
        }
    }

    fn requirements(&mut self, file: &ProcedureFile, scope: &Scope) -> Vec<Requirement> {
        let written = file.requires.iter();
        written.filter_map(|(name, written)| self.requirement(name, written, scope)).collect()
    }

    pub(super) fn requirement(
        &mut self,
        name: &Spanned<Name>,
        written: &language::Requirement,
        scope: &Scope,
    ) -> Option<Requirement> {
        Some(Requirement {
            name: name.value.clone(),
            that: self.expression(&written.that, scope, &Type::Boolean)?,
            says: written.says.clone(),
            basis: written.basis.clone(),
        })
    }

    fn steps(&mut self, pack: &Pack, file: &ProcedureFile, scope: &Scope) -> BTreeMap<Name, Step> {
        let steps = file.steps.iter();
        steps
            .filter_map(|(name, step)| {
                Some((name.value.clone(), self.step(pack, file, scope, step)?))
            })
            .collect()
    }

    /// A case begins at a stage; it is withdrawn, and its time begins to count, where it waits.
    fn check_entry_points(&mut self, file: &ProcedureFile) {
        let steps = file.steps.iter().filter_map(|(name, step)| match step {
            language::Step::Stage(_) => Some((name.value.as_str(), true)),
            language::Step::Review(_) => Some((name.value.as_str(), false)),
            language::Step::Decision(_) => None,
        });
        let (waiting, stages): (Vec<_>, Vec<_>) =
            steps.map(|(name, stage)| (name, stage.then_some(name))).unzip();
        self.must_know(Kind::Step, &file.begins, stages.into_iter().flatten());
        for name in file.clock.from.iter().chain(&file.exits.withdrawal) {
            self.must_know(Kind::Step, name, waiting.iter().copied());
        }
        for (name, _) in file.ends.iter() {
            if file.steps.get(name.value.as_str()).is_some() {
                self.fault(
                    "step-and-end",
                    name.at,
                    "结局不能与环节同名",
                    "an end may not have the name of a step",
                );
            }
        }
    }
}

/// A length of time with its source.
pub(super) fn limit(timed: &Timed) -> Limit {
    Limit { term: timed.term.value, basis: timed.basis.clone() }
}

fn materials(file: &ProcedureFile) -> Vec<Material> {
    let linked = file.materials.iter().map(|(name, material)| Material {
        name: name.value.clone(),
        title: material.title.clone(),
        hint: material.hint.clone(),
        need: material.need.unwrap_or(Need::Always),
        modes: material.modes.clone(),
        basis: material.basis.clone(),
    });
    linked.collect()
}

fn ends(file: &ProcedureFile) -> BTreeMap<Name, End> {
    let linked = file.ends.iter().map(|(name, end)| {
        let adverse = end.adverse.unwrap_or(false);
        (name.value.clone(), End { title: end.title.clone(), adverse })
    });
    linked.collect()
}

fn withdrawal(file: &ProcedureFile) -> BTreeSet<Name> {
    file.exits.withdrawal.iter().map(|name| name.value.clone()).collect()
}
