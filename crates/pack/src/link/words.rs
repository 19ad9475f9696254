//! The words a procedure's conditions may use: its questions, what the entries they name say, what
//! is looked up, what a review came to, how far a draw is, and how many drafts of a layout plan
//! there are.

use std::collections::BTreeMap;

use base::{Name, Text};
use rules::{Scope, Type};

use super::{Kind, Linker, expression};
use crate::{
    fault::Fault,
    language::{self, ProcedureFile},
    model::{Draw, Input, Layout, LooksUp, Pack, Register, Section, Whose},
    node::Span,
    read::{Named, Spanned},
};

/// What the conditions of one procedure may say.
pub(super) struct Words {
    /// Every fact but what is looked up.
    base: Scope,
    /// Every fact.
    pub(super) scope: Scope,
    /// The questions that name an entry, with its register.
    pub(super) named: BTreeMap<String, Name>,
    /// What is looked up, with its register.
    pub(super) found: BTreeMap<Name, Name>,
}

impl Words {
    /// Words over one scope, before anything is looked up.
    pub(super) fn over(scope: Scope) -> Self {
        Self { base: scope.clone(), scope, named: BTreeMap::new(), found: BTreeMap::new() }
    }

    /// The same words with what an entry of the register says, as `its.field`.
    pub(super) fn with_its(&self, register: &Register) -> Scope {
        let mut scope = self.scope.clone();
        say(&mut scope, "its", register);
        scope
    }

    /// How the entries that exist are named in a decision's `changes`.
    pub(super) fn entries(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }

    /// The entries that a decision's `changes` may name.
    pub(super) fn whose(&self, path: &str) -> Option<(Whose, Name)> {
        if let Some(register) = self.named.get(path) {
            return Some((Whose::Named(path.to_owned()), register.clone()));
        }
        let found = path.strip_prefix(FOUND)?;
        let (name, register) = self.found.get_key_value(found)?;
        Some((Whose::Found(name.clone()), register.clone()))
    }
}

/// The entry that the case itself has made, once it has.
const ENTRY: &str = "entry";
/// What facts about looked-up entries begin with.
const FOUND: &str = "found.";

fn say(scope: &mut Scope, prefix: &str, register: &Register) {
    for field in &register.fields {
        scope.fact(&format!("{prefix}.{}", field.name), field.input.value_type());
    }
}

impl Linker<'_> {
    /// The words of a procedure without what it looks up.
    pub(super) fn words(&mut self, pack: &Pack, file: &ProcedureFile, form: &[Section]) -> Words {
        let asked = asked_of_outcomes(pack, file);
        let mut scope = expression::scope(&pack.codes, &pack.figures, form);
        let mut named = BTreeMap::new();
        for field in form.iter().chain(&asked).flat_map(|section| &section.fields) {
            scope.fact(&field.path, field.scoped());
            let Input::Entry(register) = &field.input else { continue };
            named.insert(field.path.clone(), register.clone());
            if let Some(register) = pack.registers.get(register) {
                say(&mut scope, &field.path, register);
            }
        }
        reviewed(pack, file, &mut scope);
        if file.draw.is_some() {
            scope.fact(Draw::PLEDGED, Type::Boolean);
            scope.fact(Draw::TOLD, Type::Boolean);
        }
        if file.layout.is_some() {
            scope.fact(Layout::DRAFTS, Type::Integer);
        }
        if let Some(register) = pack.registers.get(&file.register.value) {
            scope.fact(ENTRY, Type::Entry(register.name.clone()));
            say(&mut scope, ENTRY, register);
        }
        Words { base: scope.clone(), scope, named, found: BTreeMap::new() }
    }

    /// The sections that an outcome or an answer asks for: none that the form asks, and nothing
    /// personal.
    pub(super) fn asks(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        names: &[Spanned<Name>],
    ) -> Vec<Section> {
        let mut asked = Vec::new();
        for name in names {
            if file.form.iter().any(|section| section.value == name.value) {
                let zh = "申请时已经问过，不能再问";
                self.fault("asked-before", name.at, zh, "the form asks for this section already");
            }
            let known = pack.sections.keys().map(Name::as_str);
            self.must_know(Kind::Section, name, known);
            let Some(section) = pack.sections.get(&name.value) else { continue };
            if section.fields.iter().any(|field| field.personal) {
                let zh = "办理中填写的表单节不能有个人信息";
                let en = "a section filled in while a case runs has no personal details";
                self.fault("personal-later", name.at, zh, en);
            }
            asked.push(section.clone());
        }
        asked
    }

    /// What a procedure looks up, by itself and for the conditions that it shares; from then on its
    /// conditions may use it.
    pub(super) fn looks_up(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        words: &mut Words,
    ) -> Vec<(Name, LooksUp)> {
        let parsed = self.parsed;
        let mut linked = self.looked_up(pack, &file.looks_up, words);
        for name in &file.shares {
            let shared = parsed.requirements.iter().find(|r| r.requirement == name.value);
            let Some(shared) = shared else { continue };
            let asked = |own: &Spanned<Name>| file.form.iter().any(|form| form.value == own.value);
            if !shared.form.iter().all(asked) {
                continue;
            }
            for looked in shared.looks_up.names() {
                if linked.iter().any(|(other, _)| *other == looked.value) {
                    let says = looked_up_twice(&name.value, &looked.value);
                    self.faults.push(Fault::new("looked-up-twice", name.at, says));
                }
            }
            linked.extend(self.looked_up(pack, &shared.looks_up, words));
        }
        linked
    }

    /// What is looked up, by a procedure or for an entry.
    pub(super) fn looked_up(
        &mut self,
        pack: &Pack,
        written: &Named<language::LooksUp>,
        words: &mut Words,
    ) -> Vec<(Name, LooksUp)> {
        let mut linked = Vec::new();
        for (name, written) in written.iter() {
            let known = pack.registers.keys().map(Name::as_str);
            self.must_know(Kind::Register, &written.register, known);
            let Some(register) = pack.registers.get(&written.register.value) else { continue };
            let looks_up = self.lookup(register, words, name.at, written);
            words.found.insert(name.value.clone(), register.name.clone());
            words.scope.fact(&format!("{FOUND}{}", name.value), Type::Integer);
            if let Some(field) = &looks_up.sum
                && let Some(field) = register.field(field)
            {
                let sum = format!("{FOUND}{}.sum", name.value);
                words.scope.fact(&sum, field.input.value_type());
            }
            linked.push((name.value.clone(), looks_up));
        }
        linked
    }

    fn lookup(
        &mut self,
        register: &Register,
        words: &Words,
        at: Span,
        written: &language::LooksUp,
    ) -> LooksUp {
        if written.r#where.is_empty() {
            let zh = "须用 where 写明按哪一项查找";
            self.fault("looks-for-anything", at, zh, "say under `where` by what it is looked up");
        }
        let its = |scope: &Scope| {
            let mut scope = scope.clone();
            say(&mut scope, "its", register);
            scope
        };
        let that = written.that.as_ref();
        LooksUp {
            title: written.title.clone(),
            register: register.name.clone(),
            wheres: self.written(register, &words.base, &written.r#where),
            that: that.and_then(|that| self.expression(that, &its(&words.base), &Type::Boolean)),
            sum: written.sum.as_ref().and_then(|sum| self.summed(register, sum)),
            ended: written.ended.unwrap_or(false),
        }
    }

    /// Only whole numbers and money are added up.
    fn summed(&mut self, register: &Register, sum: &Spanned<Name>) -> Option<Name> {
        let adds = register.fields.iter();
        let adds = adds.filter(|field| matches!(field.input, Input::Integer | Input::Money));
        let known: Vec<&str> = adds.map(|field| field.name.as_str()).collect();
        self.must_know(Kind::RegisterField, sum, known).then(|| sum.value.clone())
    }

    /// The questions that list what rules found about the party: the first is one of the form, by
    /// which the case is opened, the others are asked by outcomes.
    pub(super) fn takes_up(&mut self, pack: &Pack, file: &ProcedureFile, form: &[Section]) {
        let Some((opening, joining)) = file.takes_up.split_first() else { return };
        self.must_know(Kind::FormField, opening, texts(form));
        let asked = asked_of_outcomes(pack, file);
        for path in joining {
            self.must_know(Kind::FormField, path, texts(&asked));
        }
        if file.against.is_none() {
            let zh = "监管发现只能由针对当事人的案件接续，须用 against 写明针对谁";
            let en = "what rules found is taken up in a case `against` somebody: say whose entry";
            self.fault("takes-up-nobody", opening.at, zh, en);
        }
    }

    /// The question that names the entry against whose holder a body acts.
    pub(super) fn against(&mut self, pack: &Pack, file: &ProcedureFile, form: &[Section]) {
        let Some(against) = &file.against else { return };
        let held = form.iter().flat_map(|section| &section.fields).filter(|field| {
            let Input::Entry(register) = &field.input else { return false };
            let register = pack.registers.get(register);
            register.is_some_and(|register| register.held_by.is_some())
                && field.need == language::Need::Always
        });
        let known: Vec<&str> = held.map(|field| field.path.as_str()).collect();
        self.must_know(Kind::FormField, against, known);
        if file.applicant != [language::Applicant::Body] {
            let zh = "只有机关依职权启动的程序才能针对他人";
            let en = "only a procedure that bodies start is `against` somebody";
            self.fault("against-as-applicant", against.at, zh, en);
        }
        if let Some(step) = file.exits.withdrawal.first() {
            let zh = "当事人不能撤回针对自己的案件";
            let en = "the party of a case `against` it could withdraw it";
            self.fault("withdrawn-by-party", step.at, zh, en);
        }
    }
}

/// The questions that are answered in words.
fn texts(sections: &[Section]) -> Vec<&str> {
    let fields = sections.iter().flat_map(|section| &section.fields);
    let texts = fields.filter(|field| matches!(field.input, Input::Text));
    texts.map(|field| field.path.as_str()).collect()
}

/// The sections that are asked once a case runs.
pub(super) fn asked_of_outcomes(pack: &Pack, file: &ProcedureFile) -> Vec<Section> {
    let outcomes = file.steps.values().flat_map(outcomes);
    outcomes.flat_map(|outcome| sections(pack, &outcome.asks)).cloned().collect()
}

fn sections<'p>(pack: &'p Pack, names: &[Spanned<Name>]) -> Vec<&'p Section> {
    names.iter().filter_map(|name| pack.sections.get(&name.value)).collect()
}

/// What each review comes to: how many gave each answer, and the sums of what they filled in.
fn reviewed(pack: &Pack, file: &ProcedureFile, scope: &mut Scope) {
    for (step, written) in file.steps.iter() {
        let language::Step::Review(review) = written else { continue };
        for (answer, written) in review.answers.iter() {
            scope.fact(&format!("{}.{}", step.value, answer.value), Type::Integer);
            let asked = sections(pack, &written.asks);
            for field in asked.into_iter().flat_map(|section| &section.fields) {
                if field.adds_up() {
                    let sum = format!("{}.sum.{}", step.value, field.path);
                    scope.fact(&sum, field.input.value_type());
                }
            }
        }
    }
}

/// The outcomes of a step that asks for something to be filled in.
fn outcomes(step: &language::Step) -> Vec<&language::Outcome> {
    match step {
        language::Step::Stage(stage) => stage.outcomes.values().collect(),
        language::Step::Review(review) => review.outcomes.values().collect(),
        language::Step::Turn(_) | language::Step::Decision(_) => Vec::new(),
    }
}

fn looked_up_twice(requirement: &Name, looked: &Name) -> Text {
    Text::new(
        format!("共用条件 `{requirement}` 查找的 `{looked}`，本程序已用这个名称查找别的"),
        format!("`{requirement}` looks up `{looked}`, a name that something else has here"),
    )
}
