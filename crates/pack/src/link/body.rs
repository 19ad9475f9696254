//! The bodies that act in a procedure, and on which level.

use std::collections::BTreeMap;

use base::Name;
use rules::{Scope, Type};

use super::{Kind, Linker};
use crate::{
    language::{self, Level, ProcedureFile},
    model::{By, COMPETENT, Competent, LevelOf, LevelRule, Pack, Section},
    node::Span,
    read::Spanned,
};

/// How a procedure calls the one who applies.
const APPLICANT: &str = "applicant";
/// How an outcome says that only time brings it about.
const CLOCK: &str = "clock";
/// The level of the body that decided.
const OWN: &str = "own";

impl Linker<'_> {
    /// The body that hears a remedy; it may act on the level of the body that decided.
    pub(super) fn hearing_body(&mut self, pack: &Pack, by: &language::Competent) -> Competent {
        // Procedures share a remedy, and all that their cases are sure to have is a body.
        self.must_know(Kind::FormField, &by.of, ["body.division"]);
        if by.office.is_none() && by.level.is_none() {
            let zh = "审理机关须写明 office 和 level";
            let en = "the body that hears a remedy has an `office` and a `level`";
            self.fault("half-a-body", self.first_line(by.at), zh, en);
        }
        self.competent(pack, by, &[OWN])
    }

    /// The bodies of a procedure besides the competent one.
    pub(super) fn bodies(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        form: &[Section],
    ) -> BTreeMap<Name, Competent> {
        let mut bodies = BTreeMap::new();
        for (name, body) in file.bodies.iter() {
            self.must_be_free(name, &[COMPETENT, APPLICANT, CLOCK]);
            let linked = self.body_of(pack, file, form, body);
            bodies.insert(name.value.clone(), linked);
        }
        bodies
    }

    /// The body that takes cases in: found once when a case is filed, it acts on one level always,
    /// or is the one that an entry names.
    pub(super) fn taking_in(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        form: &[Section],
    ) -> Competent {
        let competent = self.body_of(pack, file, form, &file.competent);
        if competent.office.is_some() && !matches!(competent.level, LevelOf::Fixed(_)) {
            let zh = "受理机关的层级须固定；按规则分级的机关请写在 bodies 中";
            let en = "who takes a case in acts on one level; bodies by rule stand under `bodies`";
            self.fault("competent-by-rule", file.competent.at_level(), zh, en);
        }
        competent
    }

    /// A body of a procedure, of a place that its form asks for.
    fn body_of(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        form: &[Section],
        body: &language::Competent,
    ) -> Competent {
        match (&body.office, &body.level) {
            (None, None) => self.check_names_body(pack, &body.of, form),
            _ => self.check_place(pack, &body.of, form),
        }
        let rules: Vec<&str> = file.levels.names().map(|name| name.value.as_str()).collect();
        self.competent(pack, body, &rules)
    }

    fn competent(&mut self, pack: &Pack, body: &language::Competent, more: &[&str]) -> Competent {
        let known = pack.offices.keys().map(Name::as_str);
        if let Some(office) = &body.office {
            self.must_know(Kind::Office, office, known);
        }
        if body.office.is_some() != body.level.is_some() {
            let zh = "office 与 level 须同时写明；由登记写明机关的，两者都不写";
            let en = "`office` and `level` belong together; a body that an entry names has neither";
            self.fault("half-a-body", self.first_line(body.at), zh, en);
        }
        Competent {
            office: body.office.as_ref().map(|office| office.value.clone()),
            level: body.level.as_ref().map_or(LevelOf::Own, |level| self.level(level, more)),
            of: body.of.value.clone(),
        }
    }

    fn level(&mut self, written: &Spanned<Name>, more: &[&str]) -> LevelOf {
        let fixed = Level::ALL.iter().find(|level| level.word() == written.value.as_str());
        if let Some(level) = fixed {
            return LevelOf::Fixed(*level);
        }
        let words = Level::ALL.iter().map(|level| level.word());
        self.must_know(Kind::Level, written, words.chain(more.iter().copied()).collect::<Vec<_>>());
        match written.value.as_str() {
            OWN => LevelOf::Own,
            _ => LevelOf::Ruled(written.value.clone()),
        }
    }

    pub(super) fn levels(
        &mut self,
        file: &ProcedureFile,
        scope: &Scope,
    ) -> BTreeMap<Name, LevelRule> {
        let mut rules = BTreeMap::new();
        for (name, rule) in file.levels.iter() {
            let words: Vec<&str> = Level::ALL.iter().map(|level| level.word()).collect();
            self.must_be_free(name, &[&words[..], &[OWN]].concat());
            if let Some(county) = self.expression(&rule.county, scope, &Type::Boolean) {
                let (title, basis) = (rule.title.clone(), rule.basis.clone());
                rules.insert(name.value.clone(), LevelRule { title, county, basis });
            }
        }
        rules
    }

    /// A name of the pack's own that is no word of the language.
    fn must_be_free(&mut self, name: &Spanned<Name>, words: &[&str]) {
        if words.contains(&name.value.as_str()) {
            let zh = "这是语言自身的词，请另取名称";
            self.fault(
                "reserved-name",
                name.at,
                zh,
                "this is a word of the language; take another",
            );
        }
    }

    /// Every rule and body of a procedure is used in it.
    pub(super) fn check_bodies_used(&mut self, file: &ProcedureFile) {
        let bodies = std::iter::once(&file.competent).chain(file.bodies.values());
        let levels = bodies.filter_map(|body| body.level.as_ref());
        let levels: Vec<&str> = levels.map(|level| level.value.as_str()).collect();
        let acting: Vec<&str> = file.steps.values().flat_map(acting).collect();
        let unused = |names: Vec<&Spanned<Name>>, used: &[&str]| -> Vec<Span> {
            let idle = names.into_iter().filter(|name| !used.contains(&name.value.as_str()));
            idle.map(|name| name.at).collect()
        };
        let idle = unused(file.levels.names().collect(), &levels);
        let idle = idle.into_iter().chain(unused(file.bodies.names().collect(), &acting));
        for at in idle.collect::<Vec<_>>() {
            let zh = "本程序没有用到它：请使用或删去";
            self.fault(
                "idle-body",
                at,
                zh,
                "nothing in the procedure uses this; use it or take it out",
            );
        }
    }

    /// Who acts at a step.
    pub(super) fn by(&mut self, file: &ProcedureFile, by: &Spanned<Name>) -> By {
        if by.value.as_str() == APPLICANT {
            return By::Applicant;
        }
        self.must_know(Kind::Body, by, bodies(file).chain([APPLICANT]).collect::<Vec<_>>());
        By::Body(by.value.clone())
    }

    /// Who chooses an outcome: whoever may act at a step, or nobody but the clock.
    pub(super) fn chosen_by(&mut self, file: &ProcedureFile, by: &Spanned<Name>) -> By {
        if by.value.as_str() == CLOCK { By::Clock } else { self.by(file, by) }
    }

    /// A body, never the applicant.
    pub(super) fn acts(&mut self, file: &ProcedureFile, by: &Spanned<Name>) -> Name {
        self.must_know(Kind::Body, by, bodies(file).collect::<Vec<_>>());
        by.value.clone()
    }

    /// The body in whose name is decided: the competent one where none is named.
    pub(super) fn decided_by(
        &mut self,
        file: &ProcedureFile,
        decision: &language::Decision,
    ) -> Option<Name> {
        match &decision.by {
            Some(by) => Some(self.acts(file, by)),
            None => Name::new(COMPETENT).ok(),
        }
    }
}

/// The names that bodies have in a procedure.
fn bodies(file: &ProcedureFile) -> impl Iterator<Item = &str> {
    std::iter::once(COMPETENT).chain(file.bodies.names().map(|name| name.value.as_str()))
}

/// The bodies that a step names.
fn acting(step: &language::Step) -> Vec<&str> {
    match step {
        language::Step::Stage(stage) => {
            let own = stage.outcomes.values().filter_map(|outcome| outcome.by.as_ref());
            own.chain([&stage.by]).map(|by| by.value.as_str()).collect()
        }
        language::Step::Review(review) => {
            let asked = review.reviews.names().map(|name| name.value.as_str());
            let own = review.outcomes.values().filter_map(|outcome| outcome.by.as_ref());
            let own = own.map(|by| by.value.as_str());
            asked.chain([review.by.value.as_str()]).chain(own).collect()
        }
        language::Step::Turn(_) => Vec::new(),
        language::Step::Decision(decision) => {
            decision.by.iter().map(|by| by.value.as_str()).collect()
        }
    }
}
