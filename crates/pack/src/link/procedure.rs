//! Procedures: who is competent, what the form asks, what must hold.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, Text, near::near_miss};
use rules::{Scope, Type};

use super::{Kind, Linker, words::Words};
use crate::{
    fault::Fault,
    language::{self, Need, ProcedureFile, Timed},
    model::{
        End, Fee, Field, Input, Limit, Material, Pack, Procedure, Requirement, SYSTEMS, Section,
        Step,
    },
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
        let mut words = self.words(pack, file, &form);
        let looks_up = self.looks_up(pack, file, &mut words);
        self.against(pack, file, &form);
        self.takes_up(pack, file, &form);
        let scope = &words.scope;
        self.check_carried(pack, &file.carries_out);
        let competent = self.taking_in(pack, file, &form);
        let bodies = self.bodies(pack, file, &form);
        let levels = self.levels(file, scope);
        self.check_bodies_used(file);
        let admits = self.admits(file, scope);
        let requires = self.requirements(file, scope);
        let fees = self.fees(file, scope);
        let commitments = self.commitments(file, scope);
        let steps = self.steps(pack, file, &words);
        let draw = self.draw(pack, file, &form, &words);
        let layout = self.layout(pack, file, &form, &words);
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
            against: file.against.as_ref().map(|path| path.value.clone()),
            takes_up: file.takes_up.iter().map(|path| path.value.clone()).collect(),
            competent,
            levels,
            bodies,
            statutory: limit(&file.clock.statutory),
            promised: limit(&file.clock.promised),
            counts_from: file.clock.from.as_ref().unwrap_or(&file.begins).value.clone(),
            extension: file.clock.extension.as_ref().map(limit),
            form,
            looks_up,
            draw,
            layout,
            materials: materials(file),
            commitments,
            admits,
            requires,
            fees,
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

    /// The field that decides the place is a question for a division that must be answered, or what
    /// an entry that must be named says.
    pub(super) fn check_place(&mut self, pack: &Pack, of: &Spanned<String>, form: &[Section]) {
        let fields = form.iter().flat_map(|section| &section.fields);
        let always = fields.filter(|field| field.need == Need::Always);
        let places = always.flat_map(|field| places(pack, field)).collect::<Vec<_>>();
        self.must_know(Kind::FormField, of, places.iter().map(String::as_str));
    }

    /// A body is named by what an entry that must be named is sure to say of it.
    pub(super) fn check_names_body(&mut self, pack: &Pack, of: &Spanned<String>, form: &[Section]) {
        let fields = form.iter().flat_map(|section| &section.fields);
        let always = fields.filter(|field| field.need == Need::Always);
        let bodies = always.flat_map(|field| says_of(pack, field, &Input::Bodies));
        let bodies = bodies.collect::<Vec<_>>();
        self.must_know(Kind::FormField, of, bodies.iter().map(String::as_str));
    }

    /// A name of neither is likelier a slip in a measure of the place than in a national row.
    pub(super) fn check_carried(&mut self, pack: &Pack, carries_out: &[Spanned<String>]) {
        let rows = pack.tables.values().flat_map(|table| &table.rows);
        let measures: Vec<&str> = rows.map(|(key, _)| key.as_str()).collect();
        let systems = pack.codes.get(SYSTEMS).into_iter().flat_map(|list| list.codes.keys());
        let systems: Vec<&str> = systems.map(String::as_str).collect();
        for key in carries_out {
            let meant = near_miss(&key.value, measures.iter().copied());
            if systems.contains(&key.value.as_str()) || meant.is_none() {
                self.must_know(Kind::Carried, key, systems.iter().copied());
            } else {
                self.must_know(Kind::Carried, key, measures.iter().copied());
            }
        }
    }

    /// What a filing is admitted by; a condition has one name in a procedure.
    fn admits(&mut self, file: &ProcedureFile, scope: &Scope) -> Vec<Requirement> {
        for name in file.admits.names().filter(|n| file.requires.get(n.value.as_str()).is_some()) {
            let zh = "提交条件不能与办理条件同名";
            let en = "what admits a filing may not have the name of a condition under `requires`";
            self.fault("admits-and-requires", name.at, zh, en);
        }
        let own = file.admits.iter();
        own.filter_map(|(name, written)| self.requirement(name, written, scope)).collect()
    }

    fn requirements(&mut self, file: &ProcedureFile, scope: &Scope) -> Vec<Requirement> {
        let own: Vec<_> = file
            .requires
            .iter()
            .filter_map(|(name, written)| self.requirement(name, written, scope))
            .collect();
        let shared: Vec<_> =
            file.shares.iter().filter_map(|name| self.shared(file, name, scope)).collect();
        own.into_iter().chain(shared).collect()
    }

    /// A condition that several procedures share; each asks the sections its words come from.
    fn shared(
        &mut self,
        file: &ProcedureFile,
        name: &Spanned<Name>,
        scope: &Scope,
    ) -> Option<Requirement> {
        let parsed = self.parsed;
        let known = parsed.requirements.iter().map(|shared| shared.requirement.as_str());
        self.must_know(Kind::Requirement, name, known);
        let shared = parsed.requirements.iter().find(|r| r.requirement == name.value)?;
        self.check_shared(shared);
        let asked: Vec<&str> = file.form.iter().map(|section| section.value.as_str()).collect();
        let missing = shared.form.iter().find(|section| !asked.contains(&section.value.as_str()));
        if let Some(section) = missing {
            let says = not_asked_for(&name.value, &section.value);
            self.faults.push(Fault::new("shares-unasked", name.at, says));
            return None;
        }
        Some(Requirement {
            name: name.value.clone(),
            that: self.expression(&shared.that, scope, &Type::Boolean)?,
            says: shared.says.clone(),
            basis: shared.basis.clone(),
            shared: true,
        })
    }

    /// A shared condition names the sections that its words come from.
    fn check_shared(&mut self, shared: &language::RequirementFile) {
        let parsed = self.parsed;
        let sections = || parsed.sections.iter().map(|file| file.section.as_str());
        for section in &shared.form {
            self.must_know(Kind::Section, section, sections().collect::<Vec<_>>());
        }
        let named = |section: &str| shared.form.iter().any(|known| known.value.as_str() == section);
        let within = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let looks = shared.looks_up.values();
        let looks = looks.flat_map(|look| look.r#where.values().chain(&look.that));
        let written = looks.chain([&shared.that]);
        let words = written.flat_map(|own| own.value.split(move |c| !within(c)));
        let unsaid = words.filter_map(|word| word.split_once('.')).map(|(section, _)| section);
        let unsaid = unsaid.filter(|section| sections().any(|known| known == *section));
        if unsaid.into_iter().any(|section| !named(section)) {
            let at = self.first_line(shared.at);
            let zh = "共用条件须用 form 写明用到的表单节";
            let en = "a shared condition says under `form` which sections its words come from";
            self.fault("shares-unsaid", at, zh, en);
        }
    }

    fn fees(&mut self, file: &ProcedureFile, scope: &Scope) -> BTreeMap<Name, Fee> {
        let mut fees = BTreeMap::new();
        for (name, written) in file.fees.iter() {
            let waived = written.waived.as_ref();
            let waived = waived.and_then(|waived| self.requirement(name, waived, scope));
            if let Some(amount) = self.expression(&written.amount, scope, &Type::Money) {
                let (title, basis) = (written.title.clone(), written.basis.clone());
                fees.insert(name.value.clone(), Fee { title, amount, waived, basis });
            }
        }
        self.check_fees_collected(file);
        fees
    }

    /// A fee that no step collects is none.
    fn check_fees_collected(&mut self, file: &ProcedureFile) {
        let collected = file.steps.values().filter_map(|step| match step {
            language::Step::Stage(stage) => stage.collects.as_ref().map(|fee| fee.value.as_str()),
            _ => None,
        });
        let collected: Vec<&str> = collected.collect();
        let idle: Vec<_> =
            file.fees.names().filter(|name| !collected.contains(&name.value.as_str())).collect();
        for at in idle.into_iter().map(|name| name.at).collect::<Vec<_>>() {
            self.fault("idle-fee", at, "没有环节收取此项费用", "no step `collects` this fee");
        }
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
            shared: false,
        })
    }

    fn steps(&mut self, pack: &Pack, file: &ProcedureFile, words: &Words) -> BTreeMap<Name, Step> {
        let steps = file.steps.iter();
        steps
            .filter_map(|(name, step)| {
                Some((name.value.clone(), self.step(pack, file, words, step)?))
            })
            .collect()
    }

    /// A fee is charged when a case comes to the stage that collects it, which a filing does not.
    fn check_first_is_free(&mut self, file: &ProcedureFile) {
        let first = file.steps.get(file.begins.value.as_str());
        if let Some(language::Step::Stage(language::Stage { collects: Some(fee), .. })) = first {
            let zh = "案件开始的环节不能收费：先受理";
            let en = "the step at which a case begins collects nothing; it is taken in first";
            self.fault("charged-on-filing", fee.at, zh, en);
        }
    }

    /// A case begins at a stage or a turn; it is withdrawn, and its time begins to count, where it
    /// waits.
    fn check_entry_points(&mut self, file: &ProcedureFile) {
        let kind = |of: fn(&language::Step) -> bool| {
            let steps = file.steps.iter().filter(move |(_, step)| of(step));
            steps.map(|(name, _)| name.value.as_str()).collect::<Vec<_>>()
        };
        let waiting = kind(|s| matches!(s, language::Step::Stage(_) | language::Step::Review(_)));
        let first = kind(|s| matches!(s, language::Step::Stage(_) | language::Step::Turn(_)));
        self.must_know(Kind::Step, &file.begins, first);
        for name in file.clock.from.iter().chain(&file.exits.withdrawal) {
            self.must_know(Kind::Step, name, waiting.iter().copied());
        }
        self.check_first_is_free(file);
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

/// The paths by which an answer says a place.
fn places(pack: &Pack, field: &Field) -> Vec<String> {
    match &field.input {
        Input::Division => vec![field.path.clone()],
        _ => says_of(pack, field, &Input::Division),
    }
}

/// The paths of what the entry that an answer names is sure to say of that kind.
fn says_of(pack: &Pack, field: &Field, kind: &Input) -> Vec<String> {
    let Input::Entry(register) = &field.input else { return Vec::new() };
    let fields = pack.registers.get(register).into_iter().flat_map(|register| &register.fields);
    let said = fields.filter(|said| said.input == *kind && !said.optional);
    said.map(|said| format!("{}.{}", field.path, said.name)).collect()
}

fn not_asked_for(requirement: &Name, section: &Name) -> Text {
    Text::new(
        format!("共用条件 `{requirement}` 要用到表单节 `{section}`，本程序没有问"),
        format!("the shared condition `{requirement}` needs the section `{section}` in `form`"),
    )
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
