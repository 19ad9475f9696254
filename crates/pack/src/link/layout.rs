//! Layout plans: every name is known and of its kind, what is built or changed is told apart, and
//! what one decision surveys is drafted at a stage and adopted by another.

use base::Name;
use rules::{Expression, Scope, Type};

use super::{Kind, Linker, expression, words, words::Words};
use crate::{
    language::{self, ProcedureFile},
    model::{
        Input, Layout, LayoutAreas, LayoutCandidates, LayoutChange, LayoutDoes, LayoutExisting,
        LayoutNeed, LayoutSize, LayoutStandard, LayoutThere, LayoutTravel, Orders, Pack, Register,
        RegisterField, Section,
    },
    node::Span,
    read::Spanned,
};

/// What a decision or a stage does for a layout plan, and whether only one step does it.
struct Part {
    key: &'static str,
    alone: bool,
}

const PARTS: [Part; 3] = [
    Part { key: "surveys", alone: true },
    Part { key: "drafts", alone: false },
    Part { key: "adopts", alone: true },
];

impl Linker<'_> {
    /// The layout plan of a procedure.
    pub(super) fn layout(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        form: &[Section],
        words: &Words,
    ) -> Option<Layout> {
        for part in &PARTS {
            self.check_planned(file, part);
        }
        self.check_draftsmen(file);
        let written = file.layout.as_ref()?;
        self.check_adopted(pack, file);
        self.check_courses(written);
        let areas = self.areas(pack, file, &written.areas);
        let existing = self.existing(pack, file, &written.existing);
        let candidates = self.candidates(pack, file, &written.candidates);
        let scope = expression::scope(&pack.codes, &pack.figures, form);
        let count = |linker: &mut Self, source: &Spanned<String>| linker.count(source, &scope);
        let norm = count(self, &written.norm);
        let sizes = self.sizes(written, &scope);
        let changes = self.changes_of_layout(written, &scope);
        let travel = &written.travel;
        let ways = [&travel.detour, &travel.speed, &travel.reach].map(|own| count(self, own));
        let [detour, speed, reach] = ways;
        let standards = self.standards(pack, file, written, &scope);
        let (existing, stands) = existing?;
        let (candidates, open) = candidates?;
        let needs = self.needs(words, written, open);
        Some(Layout {
            areas: areas?,
            norm: norm?,
            existing,
            candidates,
            needs,
            sizes,
            changes,
            travel: LayoutTravel { detour: detour?, speed: speed?, reach: reach? },
            standards,
            sites: self.sites(pack, file, words, written, (stands, open))?,
        })
    }

    /// Where there is a layout plan, it is surveyed, drafted and adopted, and elsewhere it is not.
    fn check_planned(&mut self, file: &ProcedureFile, part: &Part) {
        let key = part.key;
        let steps = file.steps.iter().filter(|(_, step)| does(step, key));
        let steps: Vec<Span> = steps.map(|(name, _)| name.at).collect();
        match (&file.layout, steps.as_slice()) {
            (None, all) => {
                for at in all {
                    let zh = format!("程序没有 layout，环节不能写明 {key}");
                    let en = format!("a step has `{key}` only in a procedure with a `layout`");
                    self.fault("layout-of-nothing", *at, &zh, &en);
                }
            }
            (Some(layout), []) => {
                let at = self.first_line(layout.at);
                let zh = format!("须有一个环节写明 {key}");
                let en = format!("a step of the procedure has `{key}`");
                self.fault("layout-incomplete", at, &zh, &en);
            }
            (Some(_), [_, again, ..]) if part.alone => {
                let zh = format!("只能有一项决定写明 {key}");
                let en = format!("only one decision of the procedure has `{key}`");
                self.fault("layout-done-twice", *again, &zh, &en);
            }
            (Some(_), _) => {}
        }
    }

    /// Officers put drafts on file.
    fn check_draftsmen(&mut self, file: &ProcedureFile) {
        for step in file.steps.values() {
            let language::Step::Stage(stage) = step else { continue };
            if stage.drafts == Some(true) && stage.by.value.as_str() == "applicant" {
                let zh = "申请人的环节不能写明 drafts：草案由机关提交";
                let en = "a step of the applicant has no `drafts`: officers put them on file";
                self.fault("drafts-of-applicant", stage.by.at, zh, en);
            }
        }
    }

    /// The draft that is adopted is named by its number, which an outcome asks.
    fn check_adopted(&mut self, pack: &Pack, file: &ProcedureFile) {
        let asked = words::asked_of_outcomes(pack, file);
        let fields = asked.iter().flat_map(|section| &section.fields);
        let numbers = fields.filter(|field| field.input == Input::Integer && !field.personal);
        let known: Vec<&str> = numbers.map(|field| field.path.as_str()).collect();
        for step in file.steps.values() {
            let language::Step::Decision(decision) = step else { continue };
            if let Some(path) = &decision.adopts {
                self.must_know(Kind::FormField, path, known.iter().copied());
            }
        }
    }

    /// Something can be built; what can be built is not called as what can be changed, and no need
    /// as a reason that is always there.
    fn check_courses(&mut self, written: &language::Layout) {
        if written.sizes.is_empty() {
            let at = self.first_line(written.at);
            let zh = "须用 sizes 写明可以建什么";
            let en = "say under `sizes` what can be built";
            self.fault("layout-builds-nothing", at, zh, en);
        }
        for name in written.changes.names() {
            if written.sizes.get(name.value.as_str()).is_some() {
                let zh = "changes 和 sizes 不能同名";
                let en = "what is under `changes` may not have a name under `sizes`";
                self.fault("layout-course-twice", name.at, zh, en);
            }
        }
        for name in written.needs.names() {
            if Layout::BARS.contains(&name.value.as_str()) {
                let zh = "这个名称已用于系统自有的排除理由";
                let en = "it is the name of a reason that every layout plan has";
                self.fault("layout-bar-taken", name.at, zh, en);
            }
        }
    }

    fn areas(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        written: &language::LayoutAreas,
    ) -> Option<LayoutAreas> {
        let register = self.found_in(pack, file, &written.found)?;
        let point = self.field_of(register, &written.point, &Input::Point);
        let people = self.field_of(register, &written.people, &Input::Integer);
        Some(LayoutAreas { found: written.found.value.clone(), point: point?, people: people? })
    }

    fn existing<'p>(
        &mut self,
        pack: &'p Pack,
        file: &ProcedureFile,
        written: &language::LayoutExisting,
    ) -> Option<(LayoutExisting, &'p Register)> {
        let register = self.found_in(pack, file, &written.found)?;
        let point = self.field_of(register, &written.point, &Input::Point);
        let places = self.field_of(register, &written.places, &Input::Integer);
        let found = written.found.value.clone();
        Some((LayoutExisting { found, point: point?, places: places? }, register))
    }

    fn candidates<'p>(
        &mut self,
        pack: &'p Pack,
        file: &ProcedureFile,
        written: &language::LayoutCandidates,
    ) -> Option<(LayoutCandidates, &'p Register)> {
        let register = self.found_in(pack, file, &written.found)?;
        let point = self.field_of(register, &written.point, &Input::Point);
        let area = self.field_of(register, &written.area, &Input::Integer);
        let found = written.found.value.clone();
        Some((LayoutCandidates { found, point: point?, area: area? }, register))
    }

    /// What must hold of a candidate, over the facts of the case and what the candidate says.
    fn needs(
        &mut self,
        words: &Words,
        written: &language::Layout,
        candidates: &Register,
    ) -> Vec<(Name, LayoutNeed)> {
        let scope = words.with_its(candidates);
        let mut needs = Vec::new();
        for (name, own) in written.needs.iter() {
            let that = self.expression(&own.that, &scope, &Type::Boolean);
            let reason = own.reason.as_ref();
            let reason = reason.and_then(|field| self.field_of(candidates, field, &Input::Text));
            let says = own.says.clone();
            needs.extend(that.map(|that| (name.value.clone(), LayoutNeed { that, says, reason })));
        }
        needs
    }

    /// A whole number over the figures and the form.
    fn count(&mut self, source: &Spanned<String>, scope: &Scope) -> Option<Expression> {
        self.expression(source, scope, &Type::Integer)
    }

    fn sizes(&mut self, written: &language::Layout, scope: &Scope) -> Vec<(Name, LayoutSize)> {
        let mut sizes = Vec::new();
        for (name, own) in written.sizes.iter() {
            let counts = [&own.places, &own.area, &own.cost].map(|own| self.count(own, scope));
            let [Some(places), Some(area), Some(cost)] = counts else { continue };
            let title = own.title.clone();
            sizes.push((name.value.clone(), LayoutSize { title, places, area, cost }));
        }
        sizes
    }

    fn changes_of_layout(
        &mut self,
        written: &language::Layout,
        scope: &Scope,
    ) -> Vec<(Name, LayoutChange)> {
        let mut changes = Vec::new();
        for (name, own) in written.changes.iter() {
            let does = self.change_does(name, own, scope);
            let cost = self.count(&own.cost, scope);
            let (Some(does), Some(cost)) = (does, cost) else { continue };
            let title = own.title.clone();
            changes.push((name.value.clone(), LayoutChange { title, does, cost }));
        }
        changes
    }

    fn standards(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        written: &language::Layout,
        scope: &Scope,
    ) -> Vec<(Name, LayoutStandard)> {
        let areas = file.looks_up.get(written.areas.found.value.as_str());
        let areas = areas.and_then(|look| pack.registers.get(&look.register.value));
        let mut standards = Vec::new();
        for (name, own) in written.standards.iter() {
            let register = self.found_in(pack, file, &own.found);
            let least = self.count(&own.least, scope);
            let (Some(register), Some(areas)) = (register, areas) else { continue };
            let there = self.standard_there(name, own, (areas, register), scope);
            let counts = own.counts.as_ref();
            let counts = counts.map(|field| self.field_of(register, field, &Input::Integer));
            let (Some(there), Some(least)) = (there, least) else { continue };
            let standard = LayoutStandard {
                title: own.title.clone(),
                found: own.found.value.clone(),
                there,
                counts: counts.flatten(),
                per_thousand: own.per_thousand == Some(true),
                least,
            };
            standards.push((name.value.clone(), standard));
        }
        standards
    }

    /// What a standard counts lies either where a field is the same, or within so many metres.
    fn standard_there(
        &mut self,
        name: &Spanned<Name>,
        written: &language::LayoutStandard,
        (areas, register): (&Register, &Register),
        scope: &Scope,
    ) -> Option<LayoutThere> {
        match (&written.same, &written.point, &written.within) {
            (Some(same), None, None) => {
                let alike = |own: &&RegisterField| {
                    register.field(&own.name).is_some_and(|other| other.input == own.input)
                };
                let known = areas.fields.iter().filter(alike).map(|own| own.name.as_str());
                let known: Vec<&str> = known.collect();
                let found = self.must_know(Kind::RegisterField, same, known);
                found.then(|| LayoutThere::Same(same.value.clone()))
            }
            (None, Some(point), Some(within)) => {
                let point = self.field_of(register, point, &Input::Point);
                let metres = self.count(within, scope);
                Some(LayoutThere::Within { point: point?, metres: metres? })
            }
            _ => {
                let zh = "须写明 same，或者同时写明 point 和 within";
                let en = "say `same`, or both `point` and `within`";
                self.fault("standard-nowhere", name.at, zh, en);
                None
            }
        }
    }

    /// A change either adds places or leaves none.
    fn change_does(
        &mut self,
        name: &Spanned<Name>,
        written: &language::LayoutChange,
        scope: &Scope,
    ) -> Option<LayoutDoes> {
        match (&written.adds, written.closes == Some(true)) {
            (Some(adds), false) => self.count(adds, scope).map(LayoutDoes::Adds),
            (None, true) => Some(LayoutDoes::Closes),
            _ => {
                let zh = "须写明 adds 或 closes: true 之一";
                let en = "a change has either `adds` or `closes: true`";
                self.fault("adds-or-closes", name.at, zh, en);
                None
            }
        }
    }

    /// The entries that the adopted draft makes; beside the facts of the case their fields know
    /// what is picked.
    fn sites(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        words: &Words,
        written: &language::Layout,
        (stands, open): (&Register, &Register),
    ) -> Option<Orders> {
        let courses = written.sizes.names().chain(written.changes.names());
        let courses: Vec<Name> = courses.map(|name| name.value.clone()).collect();
        let mut scope = words.scope.clone();
        scope.fact(Layout::SITE, Type::Text);
        scope.fact(Layout::EXISTING, Type::Entry(stands.name.clone()));
        scope.fact(Layout::CANDIDATE, Type::Entry(open.name.clone()));
        scope.fact(Layout::POINT, Type::Point);
        scope.fact(Layout::COURSE, Type::Choice(courses));
        scope.fact(Layout::PLACES, Type::Integer);
        scope.fact(Layout::YEAR, Type::Integer);
        scope.fact(Layout::COST, Type::Money);
        scope.fact(Layout::PLACE, Type::Integer);
        let language::LayoutSites { register, key, fields, .. } = &written.sites;
        self.made_of_picks(pack, file, &scope, (register, key, fields))
    }
}

/// Whether a step does that for a layout plan.
fn does(step: &language::Step, key: &str) -> bool {
    match (step, key) {
        (language::Step::Decision(own), "surveys") => own.surveys == Some(true),
        (language::Step::Decision(own), "adopts") => own.adopts.is_some(),
        (language::Step::Stage(own), "drafts") => own.drafts == Some(true),
        _ => false,
    }
}
