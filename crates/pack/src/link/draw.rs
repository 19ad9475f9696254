//! Draws: every name is known and of its kind, each class has its share, and what one decision
//! freezes another draws from.

use std::collections::{BTreeMap, BTreeSet};

use base::{Name, Text};
use rules::{Expression, Scope, Type};

use super::{Kind, Linker, expression, step::placeholders, words::Words};
use crate::{
    language::{self, ProcedureFile},
    model::{
        Draw, DrawConflicts, DrawObjects, DrawOfficers, Input, Orders, Pack, Register,
        RegisterField, Section, Told,
    },
    node::Span,
    read::{Named, Spanned},
};

/// The placeholders that the key of an order may have.
const PLACEHOLDERS: [&str; 4] = ["division", "year", "case", "place"];

impl Linker<'_> {
    /// The draw that a procedure holds.
    pub(super) fn draw(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        form: &[Section],
        words: &Words,
    ) -> Option<Draw> {
        self.check_decided(file, "freezes", |decision| decision.freezes);
        self.check_decided(file, "draws", |decision| decision.draws);
        let written = file.draw.as_ref()?;
        let pledges = self.told(pack, file, &written.pledges);
        let seeds = self.told(pack, file, &written.seeds);
        self.check_same_bodies(file, written);
        let objects = self.found_in(pack, file, &written.objects.found);
        let officers = self.found_in(pack, file, &written.officers.found);
        let class = objects.and_then(|own| self.choice_of(own, &written.objects.class));
        let department = officers.and_then(|own| self.choice_of(own, &written.officers.department));
        self.check_shares(written, class);
        self.check_crews(file, written, department);
        let scope = expression::scope(&pack.codes, &pack.figures, form);
        let shares = self.counts(&written.shares, &scope);
        let crews = self.counts(&written.crews, &scope);
        let conflicts = written.conflicts.as_ref();
        let conflicts =
            conflicts.and_then(|own| self.conflicts(pack, file, own, objects?, officers?));
        Some(Draw {
            pledges,
            seeds,
            objects: DrawObjects {
                found: written.objects.found.value.clone(),
                class: class?.name.clone(),
            },
            shares,
            officers: DrawOfficers {
                found: written.officers.found.value.clone(),
                department: department?.name.clone(),
            },
            crews,
            conflicts,
            orders: self.orders(pack, file, words, &written.orders, (objects?, class?))?,
        })
    }

    /// Where there is a draw one decision freezes it and one draws, and elsewhere none does.
    fn check_decided(
        &mut self,
        file: &ProcedureFile,
        key: &str,
        does: impl Fn(&language::Decision) -> Option<bool>,
    ) {
        let steps = file.steps.iter().filter(|(_, step)| match step {
            language::Step::Decision(decision) => does(decision) == Some(true),
            _ => false,
        });
        let steps: Vec<Span> = steps.map(|(name, _)| name.at).collect();
        match (&file.draw, steps.as_slice()) {
            (None, all) => {
                for at in all {
                    let zh = format!("程序没有 draw，决定不能写明 {key}");
                    let en = format!("a decision has `{key}` only in a procedure with a `draw`");
                    self.fault("draw-of-nothing", *at, &zh, &en);
                }
            }
            (Some(_), [_]) => {}
            (Some(draw), []) => {
                let at = self.first_line(draw.at);
                let zh = format!("须有一项决定写明 {key}: true");
                let en = format!("one decision of the procedure has `{key}: true`");
                self.fault("draw-undecided", at, &zh, &en);
            }
            (Some(_), [_, again, ..]) => {
                let zh = format!("只能有一项决定写明 {key}: true");
                let en = format!("only one decision of the procedure has `{key}: true`");
                self.fault("draw-decided-twice", *again, &zh, &en);
            }
        }
    }

    /// The review in which seeds are pledged or told, and by which question.
    fn told(&mut self, pack: &Pack, file: &ProcedureFile, written: &language::DrawTold) -> Told {
        let reviews = file.steps.iter();
        let reviews = reviews.filter(|(_, step)| matches!(step, language::Step::Review(_)));
        let known: Vec<&str> = reviews.map(|(name, _)| name.value.as_str()).collect();
        self.must_know(Kind::Step, &written.review, known);
        let step = file.steps.get(written.review.value.as_str());
        if let Some(language::Step::Review(review)) = step {
            self.check_told(pack, review, &written.field);
        }
        Told { review: written.review.value.clone(), field: written.field.value.clone() }
    }

    /// A seed or its pledge is a text that is made public, and one answer gives it.
    fn check_told(&mut self, pack: &Pack, review: &language::Review, field: &Spanned<String>) {
        let asked = review.answers.values().flat_map(|answer| &answer.asks);
        let asked = asked.filter_map(|section| pack.sections.get(&section.value));
        let fields = asked.flat_map(|section| &section.fields);
        let texts = fields.filter(|own| own.input == Input::Text && !own.personal);
        let known: Vec<&str> = texts.map(|own| own.path.as_str()).collect();
        let times = known.iter().filter(|path| **path == field.value.as_str()).count();
        self.must_know(Kind::FormField, field, known);
        if times > 1 {
            let zh = "只能有一种意见要求填写种子或承诺";
            let en = "only one answer of the review asks for it";
            self.fault("draw-asked-twice", field.at, zh, en);
        }
    }

    /// Whoever pledged a seed tells it. That a review asks two bodies at least is said of all.
    fn check_same_bodies(&mut self, file: &ProcedureFile, written: &language::Draw) {
        let (pledging, telling) = (asked(file, &written.pledges), asked(file, &written.seeds));
        if !pledging.is_empty() && !telling.is_empty() && pledging != telling {
            let zh = "公开种子的机关须与承诺种子的机关相同";
            let en = "the bodies that tell seeds are those that pledged them";
            self.fault("draw-other-bodies", written.seeds.review.at, zh, en);
        }
    }

    /// The register in which one of the procedure's own look-ups looks.
    pub(super) fn found_in<'p>(
        &mut self,
        pack: &'p Pack,
        file: &ProcedureFile,
        found: &Spanned<Name>,
    ) -> Option<&'p Register> {
        let known: Vec<&str> = file.looks_up.names().map(|name| name.value.as_str()).collect();
        self.must_know(Kind::Lookup, found, known);
        let look = file.looks_up.get(found.value.as_str())?;
        pack.registers.get(&look.register.value)
    }

    /// A field of a register that is one of several options.
    fn choice_of<'r>(
        &mut self,
        register: &'r Register,
        name: &Spanned<Name>,
    ) -> Option<&'r RegisterField> {
        let fitting = register.fields.iter().filter(|own| matches!(own.input, Input::Choice(_)));
        let known: Vec<&str> = fitting.map(|own| own.name.as_str()).collect();
        let found = self.must_know(Kind::RegisterField, name, known);
        register.field(&name.value).filter(|_| found)
    }

    /// Every class has a share, and no other has.
    fn check_shares(&mut self, written: &language::Draw, class: Option<&RegisterField>) {
        let Some(class) = class else { return };
        for name in written.shares.names() {
            self.must_know(Kind::Class, name, options(class).iter().map(|(own, _)| own.as_str()));
        }
        let open = options(class).iter().map(|(own, _)| own.as_str());
        let open: Vec<&str> = open.filter(|own| written.shares.get(own).is_none()).collect();
        if !open.is_empty() {
            let zh = format!("须用 shares 写明抽查比例：{}", open.join("、"));
            let en = format!("say under `shares` how many are drawn of these: {}", open.join(", "));
            self.fault("draw-no-share", written.objects.class.at, &zh, &en);
        }
    }

    /// Only bodies that pledge seeds send officers, and the register knows officers of theirs.
    fn check_crews(
        &mut self,
        file: &ProcedureFile,
        written: &language::Draw,
        department: Option<&RegisterField>,
    ) {
        if written.crews.is_empty() {
            let at = self.first_line(written.at);
            let zh = "须用 crews 写明哪个机关派出几人";
            let en = "say under `crews` which body sends how many officers";
            self.fault("draw-sends-nobody", at, zh, en);
        }
        let bodies = asked(file, &written.pledges);
        for name in written.crews.names().filter(|_| !bodies.is_empty()) {
            let known = self.must_know(Kind::Body, name, bodies.iter().copied());
            let Some(field) = department.filter(|_| known) else { continue };
            if !options(field).iter().any(|(own, _)| *own == name.value) {
                let zh = "执法人员登记簿的部门项没有这个机关";
                let en = "no officer is of this body: the field of their department lacks it";
                self.fault("draw-no-officers", name.at, zh, en);
            }
        }
    }

    /// Whole numbers over the figures and the form.
    fn counts(
        &mut self,
        written: &Named<Spanned<String>>,
        scope: &Scope,
    ) -> BTreeMap<Name, Expression> {
        let mut counts = BTreeMap::new();
        for (name, source) in written.iter() {
            let count = self.expression(source, scope, &Type::Integer);
            counts.extend(count.map(|count| (name.value.clone(), count)));
        }
        counts
    }

    fn conflicts(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        written: &language::DrawConflicts,
        objects: &Register,
        officers: &Register,
    ) -> Option<DrawConflicts> {
        let register = self.found_in(pack, file, &written.found)?;
        let naming = |own: &Register| Input::Entry(own.name.clone());
        let officer = self.field_of(register, &written.officer, &naming(officers));
        let object = self.field_of(register, &written.object, &naming(objects));
        let reason = self.field_of(register, &written.reason, &Input::Text);
        Some(DrawConflicts {
            found: written.found.value.clone(),
            officer: officer?,
            object: object?,
            reason: reason?,
        })
    }

    /// The entries that a draw makes; beside the facts of the case their fields know what is
    /// picked.
    fn orders(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        words: &Words,
        written: &language::DrawOrders,
        (objects, class): (&Register, &RegisterField),
    ) -> Option<Orders> {
        let mut scope = words.scope.clone();
        scope.fact(Draw::OBJECT, Type::Entry(objects.name.clone()));
        scope.fact(Draw::CLASS, class.input.value_type());
        scope.fact(Draw::CREW, Type::Text);
        scope.fact(Draw::PLACE, Type::Integer);
        let language::DrawOrders { register, key, fields, .. } = written;
        self.made_of_picks(pack, file, &scope, (register, key, fields))
    }

    /// The entries made of what is picked, in another register than the procedure's own.
    pub(super) fn made_of_picks(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        scope: &Scope,
        (register, key, fields): (&Spanned<Name>, &Spanned<String>, &Named<Spanned<String>>),
    ) -> Option<Orders> {
        self.check_pick_key(key);
        let others = pack.registers.keys().filter(|name| **name != file.register.value);
        let known: Vec<&str> = others.map(Name::as_str).collect();
        if !self.must_know(Kind::Register, register, known) {
            return None;
        }
        let register = pack.registers.get(&register.value)?;
        Some(Orders {
            register: register.name.clone(),
            key: key.value.clone(),
            fields: self.written(register, scope, fields),
        })
    }

    /// A key holds `{case}` and `{place}`, so that no two picks are the same entry, and no other
    /// placeholder than the known ones.
    fn check_pick_key(&mut self, key: &Spanned<String>) {
        let named = placeholders(&key.value);
        let known = named.iter().all(|name| PLACEHOLDERS.contains(name));
        if !known || !["case", "place"].iter().all(|own| named.contains(own)) {
            let zh = "编号规则须含 {case} 和 {place}，此外只能用 {division}、{year}";
            let en = "a key holds {case} and {place}, and besides only {division} and {year}";
            self.fault("pick-key-rule", key.at, zh, en);
        } else if !set_off(&key.value) {
            let zh = "{place} 前后须用数字以外的字符隔开，否则两条登记可能同号";
            let en = "{place} is set off by what is no figure; two entries might else have one key";
            self.fault("pick-key-rule", key.at, zh, en);
        }
    }
}

/// Whether neither a figure nor another placeholder touches `{place}`: the eleventh of case 1 must
/// not be the first of case 11.
fn set_off(key: &str) -> bool {
    let touches = |next: Option<char>| {
        next.is_some_and(|next| next.is_ascii_digit() || matches!(next, '{' | '}'))
    };
    let sides = key.split("{place}").collect::<Vec<_>>();
    let after = sides.iter().skip(1).any(|side| touches(side.chars().next()));
    let before = sides.iter().rev().skip(1).any(|side| touches(side.chars().next_back()));
    !after && !before
}

/// The bodies that a review asks.
fn asked<'f>(file: &'f ProcedureFile, told: &language::DrawTold) -> BTreeSet<&'f str> {
    match file.steps.get(told.review.value.as_str()) {
        Some(language::Step::Review(review)) => {
            review.reviews.names().map(|body| body.value.as_str()).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// What a choice is between.
fn options(field: &RegisterField) -> &[(Name, Text)] {
    match &field.input {
        Input::Choice(options) => options,
        _ => &[],
    }
}
