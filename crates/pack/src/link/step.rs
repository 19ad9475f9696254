//! The steps of a procedure, each target found and each written field typed.

use base::Name;
use rules::{Expression, Scope};

use super::{Kind, Linker, procedure::limit, review::uncounted};
use crate::{
    language::{self, ProcedureFile},
    model::{
        Appeal, By, Decision, Enters, Follows, Outcome, Pack, Register, Stage, Step, Supplement,
        Target,
    },
    node::Span,
    read::{Named, Spanned},
};

/// The placeholders a key may have.
const PLACEHOLDERS: [&str; 3] = ["division", "year", "case"];

impl Linker<'_> {
    pub(super) fn step(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        scope: &Scope,
        step: &language::Step,
    ) -> Option<Step> {
        match step {
            language::Step::Stage(stage) => Some(Step::Stage(self.stage(file, stage))),
            language::Step::Review(review) => self.review(file, review).map(Step::Review),
            language::Step::Decision(decision) => {
                self.decision(pack, file, scope, decision).map(Step::Decision)
            }
        }
    }

    fn stage(&mut self, file: &ProcedureFile, stage: &language::Stage) -> Stage {
        let outcomes = self.outcomes(file, &stage.outcomes);
        if let Some(silence) = &stage.silence {
            let known = stage.outcomes.names().map(|name| name.value.as_str());
            self.must_know(Kind::Outcome, &silence.deemed, known.collect::<Vec<_>>());
        }
        let by = self.by(file, &stage.by);
        let waits = |(_, outcome): &&(Name, Outcome)| !matches!(outcome.follows, Follows::Then(_));
        if by == By::Applicant && outcomes.iter().any(|outcome| waits(&outcome)) {
            let zh = "申请人的环节不能要求补正或中止计时";
            let en = "a step of the applicant asks for no supplement and stops no clock";
            self.fault("asks-himself", stage.by.at, zh, en);
        }
        let silence = stage.silence.as_ref();
        Stage {
            title: stage.title.clone(),
            by,
            within: limit(&stage.within),
            uncounted: stage.uncounted.as_ref().map(uncounted),
            silence: silence.map(|s| (s.deemed.value.clone(), s.basis.clone())),
            outcomes,
        }
    }

    /// What may be chosen at a step.
    pub(super) fn outcomes(
        &mut self,
        file: &ProcedureFile,
        outcomes: &Named<language::Outcome>,
    ) -> Vec<(Name, Outcome)> {
        let mut linked = Vec::new();
        for (name, outcome) in outcomes.iter() {
            let outcome = self.outcome(file, name.at, outcome);
            linked.extend(outcome.map(|outcome| (name.value.clone(), outcome)));
        }
        linked
    }

    fn outcome(
        &mut self,
        file: &ProcedureFile,
        at: Span,
        outcome: &language::Outcome,
    ) -> Option<Outcome> {
        let (then, supplement, stop) = (&outcome.then, &outcome.supplement, &outcome.stop);
        let then = then.as_ref().map(|then| self.target(file, then).map(Follows::Then));
        let supplement = supplement
            .as_ref()
            .map(|supplement| self.supplement(file, supplement).map(Follows::Supplement));
        let stop = stop.as_ref().map(|stop| Some(Follows::Stop(self.stop(stop))));
        let ways: Vec<_> = [then, supplement, stop].into_iter().flatten().collect();
        if !self.says_one_thing(at, ways.len()) {
            return None;
        }
        let follows = ways.into_iter().flatten().next()?;
        Some(Outcome {
            title: outcome.title.clone(),
            needs_met: outcome.needs_met.unwrap_or(false),
            on_commitment: self.on_commitment(file, outcome),
            reasons: outcome.reasons.unwrap_or(false),
            follows,
        })
    }

    fn supplement(
        &mut self,
        file: &ProcedureFile,
        supplement: &language::Supplement,
    ) -> Option<Supplement> {
        self.at_least_once(&supplement.times);
        Some(Supplement {
            within: limit(&supplement.within),
            lapse: self.target(file, &supplement.lapse)?,
            times: supplement.times.value,
        })
    }

    pub(super) fn target(&mut self, file: &ProcedureFile, to: &Spanned<Name>) -> Option<Target> {
        let name = to.value.as_str();
        if file.steps.get(name).is_some() {
            return Some(Target::Step(to.value.clone()));
        }
        let names: Vec<&str> =
            file.steps.names().chain(file.ends.names()).map(|name| name.value.as_str()).collect();
        self.must_know(Kind::Target, to, names).then(|| Target::End(to.value.clone()))
    }

    fn decision(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        scope: &Scope,
        decision: &language::Decision,
    ) -> Option<Decision> {
        let register = pack.registers.get(&file.register.value)?;
        if decision.enters.is_some() && !decision.amends.is_empty() {
            self.fault(
                "enters-and-amends",
                decision.at,
                "一项决定不能同时新增和修改登记",
                "a decision either enters or amends, not both",
            );
        }
        let enters = decision.enters.as_ref();
        Some(Decision {
            title: decision.title.clone(),
            by: self.decided_by(file, decision)?,
            decides: decision.decides,
            notice: decision.notice.clone(),
            enters: enters.and_then(|enters| self.enters(pack, register, scope, enters)),
            amends: self.written(register, scope, &decision.amends),
            records: self.records(pack, file, scope, decision),
            settles: self.settles(file, decision),
            issues: self.issues(register, decision),
            appeal: decision.appeal.as_ref().and_then(|appeal| self.appeal(pack, file, appeal)),
            then: self.target(file, &decision.then)?,
        })
    }

    fn issues(&mut self, register: &Register, decision: &language::Decision) -> Option<Name> {
        let issues = decision.issues.as_ref()?;
        let known = register.certificates.keys().map(Name::as_str);
        self.must_know(Kind::Certificate, issues, known).then(|| issues.value.clone())
    }

    fn appeal(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        appeal: &language::Appeal,
    ) -> Option<Appeal> {
        for remedy in &appeal.remedies {
            self.must_know(Kind::Remedy, remedy, pack.remedies.keys().map(Name::as_str));
        }
        Some(Appeal {
            remedies: appeal.remedies.iter().map(|remedy| remedy.value.clone()).collect(),
            upheld: self.target(file, &appeal.upheld)?,
        })
    }

    fn enters(
        &mut self,
        pack: &Pack,
        register: &Register,
        scope: &Scope,
        enters: &language::Enters,
    ) -> Option<Enters> {
        match (&enters.key, &enters.rows) {
            (Some(key), None) => {
                self.check_key(key);
                let fields = self.written(register, scope, &enters.fields);
                Some(Enters::Entry { key: key.value.clone(), fields })
            }
            (None, Some(rows)) => {
                let tables = pack.tables.iter().filter(|(_, t)| t.register == register.name);
                let known: Vec<&str> = tables.map(|(name, _)| name.as_str()).collect();
                self.must_know(Kind::Table, rows, known).then(|| Enters::Rows(rows.value.clone()))
            }
            _ => {
                self.fault(
                    "key-or-rows",
                    enters.at,
                    "须写明 key 或 rows 之一",
                    "an entry has either a `key` or `rows`",
                );
                None
            }
        }
    }

    /// A key holds `{case}`, so that no two cases make the same entry, and no other placeholder
    /// than the known ones.
    pub(super) fn check_key(&mut self, key: &Spanned<String>) {
        let named: Vec<&str> =
            key.value.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        let known = named.iter().all(|name| PLACEHOLDERS.contains(name));
        if !known || !named.contains(&"case") {
            self.fault(
                "key-rule",
                key.at,
                "编号规则须含 {case}，并且只能用 {division}、{year}、{case}",
                "a key holds {case}, and no placeholder but {division}, {year} and {case}",
            );
        }
    }

    /// Fields of the register with what fills them.
    pub(super) fn written(
        &mut self,
        register: &Register,
        scope: &Scope,
        fields: &Named<Spanned<String>>,
    ) -> Vec<(Name, Expression)> {
        let known = || register.fields.iter().map(|field| field.name.as_str());
        let mut written = Vec::new();
        for (name, source) in fields.iter() {
            self.must_know(Kind::RegisterField, name, known());
            let field = register.fields.iter().find(|field| field.name == name.value);
            let expression =
                field.and_then(|field| self.expression(source, scope, &field.input.value_type()));
            written.extend(expression.map(|expression| (name.value.clone(), expression)));
        }
        written
    }
}
