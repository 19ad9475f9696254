//! The steps of a procedure, each target found and each written field typed.

use base::{Name, Unit};
use rules::{Expression, Scope, Type};

use super::{Kind, Linker, procedure::limit, review::uncounted, words::Words};
use crate::{
    language::{self, ProcedureFile},
    model::{
        Appeal, By, Changed, Collects, Decision, Enters, Extend, Follows, Outcome, Pack, Register,
        Stage, Step, Supplement, Target,
    },
    node::Span,
    read::{Named, Spanned},
};

/// The placeholders a key may have.
const PLACEHOLDERS: [&str; 3] = ["division", "year", "case"];
/// The outcome by which a fee is booked.
const PAID: &str = "paid";

impl Linker<'_> {
    pub(super) fn step(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        words: &Words,
        step: &language::Step,
    ) -> Option<Step> {
        match step {
            language::Step::Stage(stage) => Some(Step::Stage(self.stage(pack, file, words, stage))),
            language::Step::Review(review) => self.review(pack, file, review).map(Step::Review),
            language::Step::Turn(turn) => self.turn(file, words, turn).map(Step::Turn),
            language::Step::Decision(decision) => {
                self.decision(pack, file, words, decision).map(Step::Decision)
            }
        }
    }

    fn stage(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        words: &Words,
        stage: &language::Stage,
    ) -> Stage {
        let outcomes = self.outcomes(pack, file, &stage.outcomes);
        self.check_silence(stage, &outcomes);
        self.check_extensions(&stage.outcomes, &[&stage.within]);
        let by = self.by(file, &stage.by);
        let waits = |(_, outcome): &&(Name, Outcome)| {
            matches!(outcome.follows, Follows::Supplement(_) | Follows::Stop(_))
        };
        if by == By::Applicant && outcomes.iter().any(|outcome| waits(&outcome)) {
            let zh = "申请人的环节不能要求补正或中止计时";
            let en = "a step of the applicant asks for no supplement and stops no clock";
            self.fault("asks-himself", stage.by.at, zh, en);
        }
        if by == By::Applicant && stage.in_the_field == Some(true) {
            let zh = "申请人的环节不能写明 in_the_field：带去现场的是工作人员";
            let en = "a step of the applicant is not `in_the_field`: officers go out";
            self.fault("field-of-applicant", stage.by.at, zh, en);
        }
        let silence = stage.silence.as_ref();
        Stage {
            title: stage.title.clone(),
            by,
            within: limit(&stage.within),
            until: self.until(words, stage, &outcomes),
            collects: self.collects(file, stage),
            uncounted: stage.uncounted.as_ref().map(uncounted),
            in_the_field: stage.in_the_field.unwrap_or(false),
            drafts: stage.drafts.unwrap_or(false),
            silence: silence.map(|s| (s.deemed.value.clone(), s.basis.clone())),
            outcomes,
        }
    }

    /// Silence is deemed to be an outcome that nobody has to fill anything in for.
    fn check_silence(&mut self, stage: &language::Stage, outcomes: &[(Name, Outcome)]) {
        let Some(silence) = &stage.silence else {
            let all = outcomes.iter().map(|(name, outcome)| (name, outcome));
            return self.check_clock(stage, all);
        };
        let known = stage.outcomes.names().map(|name| name.value.as_str());
        self.must_know(Kind::Outcome, &silence.deemed, known.collect::<Vec<_>>());
        let deemed = outcomes.iter().find(|(name, _)| *name == silence.deemed.value);
        let idle = outcomes.iter().filter(|(name, _)| *name != silence.deemed.value);
        self.check_clock(stage, idle.map(|(name, outcome)| (name, outcome)));
        if deemed.is_some_and(|(_, outcome)| !outcome.asks.is_empty()) {
            let zh = "沉默视为的结果不能要求填写";
            let en = "what silence is deemed to be asks nobody to fill anything in";
            self.fault("asks-silence", silence.deemed.at, zh, en);
        }
    }

    /// What only time brings about is what silence is deemed to be.
    fn check_clock<'o>(
        &mut self,
        stage: &language::Stage,
        idle: impl Iterator<Item = (&'o Name, &'o Outcome)>,
    ) {
        for (name, outcome) in idle {
            let at = stage.outcomes.names().find(|written| written.value == *name);
            self.check_chosen(at.map_or(stage.at, |name| name.at), outcome);
        }
    }

    /// Somebody chooses an outcome that silence is not deemed to be.
    pub(super) fn check_chosen(&mut self, at: Span, outcome: &Outcome) {
        if outcome.by == Some(By::Clock) {
            let zh = "by: clock 的结果须是 silence 所视为的结果";
            let en = "an outcome `by: clock` is what `silence` is deemed to be";
            self.fault("never-comes", at, zh, en);
        }
    }

    /// The day on which a stage ends at the latest; its clock is not stopped, for the day stays.
    fn until(
        &mut self,
        words: &Words,
        stage: &language::Stage,
        outcomes: &[(Name, Outcome)],
    ) -> Option<Expression> {
        let until = stage.until.as_ref()?;
        let goes_on =
            |outcome: &Outcome| matches!(outcome.follows, Follows::Then(_) | Follows::Stay);
        if outcomes.iter().any(|(_, outcome)| !goes_on(outcome)) {
            let zh = "以日期为限的环节不能补正、中止或延长";
            let en =
                "a stage that ends on a day asks no supplement, stops no clock and extends none";
            self.fault("until-held", until.at, zh, en);
        }
        self.expression(until, &words.scope, &Type::Date)
    }

    /// The fee collected at a stage: booked by the outcome `paid`, and passed by where it is
    /// waived.
    fn collects(&mut self, file: &ProcedureFile, stage: &language::Stage) -> Option<Collects> {
        let fee = stage.collects.as_ref()?;
        let known = file.fees.names().map(|name| name.value.as_str());
        self.must_know(Kind::Fee, fee, known.collect::<Vec<_>>());
        let booked = stage.outcomes.get(PAID).is_some();
        let waivable = file.fees.get(fee.value.as_str()).is_some_and(|fee| fee.waived.is_some());
        if !booked || waivable != stage.waived.is_some() {
            let zh = "收费环节须有结果 paid；费用可免时还须写明 waived 去向，否则不写";
            let en = "who collects a fee has an outcome `paid`, and `waived` if it can be waived";
            self.fault("fee-unbooked", fee.at, zh, en);
        }
        let waived = stage.waived.as_ref().and_then(|target| self.target(file, target));
        Some(Collects { fee: fee.value.clone(), waived })
    }

    /// What may be chosen at a step.
    pub(super) fn outcomes(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        outcomes: &Named<language::Outcome>,
    ) -> Vec<(Name, Outcome)> {
        let mut linked = Vec::new();
        for (name, outcome) in outcomes.iter() {
            let outcome = self.outcome(pack, file, name.at, outcome);
            linked.extend(outcome.map(|outcome| (name.value.clone(), outcome)));
        }
        linked
    }

    fn outcome(
        &mut self,
        pack: &Pack,
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
        let extend = outcome.extend.as_ref();
        let extend = extend.map(|extend| Some(Follows::Extend(self.extend(extend))));
        let stays = outcome.stays.filter(|stays| *stays).map(|_| Some(Follows::Stay));
        let ways: Vec<_> = [then, supplement, stop, extend, stays].into_iter().flatten().collect();
        if !self.says_one_thing(at, ways.len()) {
            return None;
        }
        let follows = ways.into_iter().flatten().next()?;
        self.check_asks(at, outcome, &follows);
        Some(Outcome {
            title: outcome.title.clone(),
            needs_met: outcome.needs_met.unwrap_or(false),
            on_commitment: self.on_commitment(file, outcome),
            reasons: outcome.reasons.unwrap_or(false),
            by: outcome.by.as_ref().map(|by| self.chosen_by(file, by)),
            asks: self.asks(pack, file, &outcome.asks),
            follows,
        })
    }

    /// What is filled in goes with the case; where somebody is waited for it would be lost, and a
    /// case that stays with nothing added has not moved.
    fn check_asks(&mut self, at: Span, outcome: &language::Outcome, follows: &Follows) {
        match (follows, outcome.asks.first()) {
            (Follows::Stay, None) => {
                let zh = "写明 stays 的结果须用 asks 写明补充填写什么";
                let en = "an outcome that `stays` says under `asks` what it adds";
                self.fault("stays-with-nothing", at, zh, en);
            }
            (Follows::Then(_) | Follows::Stay, _) | (_, None) => {}
            (_, Some(asked)) => {
                let zh = "只有写明 then 或 stays 的结果才能要求填写";
                let en =
                    "only an outcome with `then` or `stays` asks for something to be filled in";
                self.fault("asks-in-passing", asked.at, zh, en);
            }
        }
    }

    /// Time is added in the days by which it is counted: what is left of months and years, once a
    /// clock has stood still, is counted in days.
    pub(super) fn check_extensions(
        &mut self,
        outcomes: &Named<language::Outcome>,
        terms: &[&language::Timed],
    ) {
        let by_days = |unit: Unit| matches!(unit, Unit::WorkingDays | Unit::NaturalDays);
        for extend in outcomes.values().filter_map(|outcome| outcome.extend.as_ref()) {
            let added = &extend.by.term;
            let unit = added.value.unit;
            if !by_days(unit) || terms.iter().any(|timed| timed.term.value.unit != unit) {
                let zh = "延长须与本环节的时限同为工作日，或同为自然日";
                let en = "a step is extended by days of the kind in which its own time is counted";
                self.fault("extends-otherwise", added.at, zh, en);
            }
        }
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

    fn extend(&mut self, extend: &language::Extend) -> Extend {
        self.at_least_once(&extend.times);
        Extend { by: limit(&extend.by), times: extend.times.value }
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
        words: &Words,
        decision: &language::Decision,
    ) -> Option<Decision> {
        let scope = &words.scope;
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
            records: self.records(pack, file, words, decision),
            changes: self.changes(pack, words, decision),
            succeeds: self.succeeds(words, decision),
            settles: self.settles(file, decision),
            issues: self.issues(register, decision),
            freezes: decision.freezes.unwrap_or(false),
            draws: decision.draws.unwrap_or(false),
            surveys: decision.surveys.unwrap_or(false),
            adopts: decision.adopts.as_ref().map(|path| path.value.clone()),
            appeal: decision.appeal.as_ref().and_then(|appeal| self.appeal(pack, file, appeal)),
            then: self.target(file, &decision.then)?,
        })
    }

    /// What a decision changes in entries that exist.
    fn changes(
        &mut self,
        pack: &Pack,
        words: &Words,
        decision: &language::Decision,
    ) -> Vec<Changed> {
        let mut changes = Vec::new();
        for (path, fields) in decision.changes.iter() {
            let Some((whose, register)) = words.whose(&path.value) else {
                self.must_know(Kind::Entry, path, words.entries().collect::<Vec<_>>());
                continue;
            };
            if let Some(found) = pack.registers.get(&register) {
                let fields = self.written(found, &words.with_its(found), fields);
                changes.push(Changed { whose, register, fields });
            }
        }
        changes
    }

    /// The entry whose place the new one takes is one that the decision changes too.
    fn succeeds(&mut self, words: &Words, decision: &language::Decision) -> Option<String> {
        let succeeds = decision.succeeds.as_ref()?;
        let known = decision.changes.iter().map(|(path, _)| path.value.as_str());
        let named = known.filter(|path| words.named.contains_key(*path));
        self.must_know(Kind::Entry, succeeds, named.collect::<Vec<_>>());
        if decision.enters.is_none() {
            let zh = "承继须有新的登记（enters）";
            self.fault("succeeds-nothing", succeeds.at, zh, "the new entry stands under `enters`");
        }
        Some(succeeds.value.clone())
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
        let named = placeholders(&key.value);
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

/// The placeholders that a key names.
pub(super) fn placeholders(key: &str) -> Vec<&str> {
    key.split('{').skip(1).filter_map(|part| part.split('}').next()).collect()
}
