//! Promises: what they stand in for, what shows that they were kept, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use base::Name;
use rules::Scope;

use super::{Kind, Linker, words::Words};
use crate::{
    language::{self, Need, ProcedureFile},
    model::{Commitment, Pack, Recorded, Settled},
    read::Spanned,
};

impl Linker<'_> {
    pub(super) fn commitments(
        &mut self,
        file: &ProcedureFile,
        scope: &Scope,
    ) -> BTreeMap<Name, Commitment> {
        let mut commitments = BTreeMap::new();
        for (name, written) in file.commitments.iter() {
            if written.covers.is_empty() {
                let zh = "承诺须写明所涉条件（covers）";
                let en = "a promise says under `covers` which conditions it stands in for";
                self.fault("promises-nothing", name.at, zh, en);
            }
            if written.evidence.is_empty() {
                let zh = "承诺须写明届时提交的证明（evidence）";
                let en = "a promise says under `evidence` what must be shown by then";
                self.fault("nothing-to-show", name.at, zh, en);
            }
            let open_to = written.open_to.as_ref();
            let linked = Commitment {
                title: written.title.clone(),
                says: written.says.clone(),
                open_to: open_to.and_then(|who| self.requirement(name, who, scope)),
                covers: self.covered(file, written),
                evidence: self.evidence(file, written),
                basis: written.basis.clone(),
            };
            commitments.insert(name.value.clone(), linked);
        }
        self.check_later(file);
        self.check_promised(file);
        commitments
    }

    fn covered(&mut self, file: &ProcedureFile, written: &language::Commitment) -> BTreeSet<Name> {
        for condition in &written.covers {
            let own = file.requires.names();
            let known = own.chain(&file.shares).map(|name| name.value.as_str());
            self.must_know(Kind::Condition, condition, known.collect::<Vec<_>>());
        }
        written.covers.iter().map(|name| name.value.clone()).collect()
    }

    /// Evidence is a paper that is handed in later: one handed in before shows no promise kept.
    fn evidence(&mut self, file: &ProcedureFile, written: &language::Commitment) -> BTreeSet<Name> {
        for paper in &written.evidence {
            let later = file.materials.iter().filter(|(_, m)| m.need == Some(Need::Later));
            let known = later.map(|(name, _)| name.value.as_str());
            self.must_know(Kind::LaterPaper, paper, known.collect::<Vec<_>>());
        }
        written.evidence.iter().map(|name| name.value.clone()).collect()
    }

    /// A paper that is handed in later is evidence of some promise.
    fn check_later(&mut self, file: &ProcedureFile) {
        let shown = file.commitments.values().flat_map(|written| &written.evidence);
        let shown: BTreeSet<&Name> = shown.map(|paper| &paper.value).collect();
        let idle: Vec<_> = file
            .materials
            .iter()
            .filter(|(_, material)| material.need == Some(Need::Later))
            .filter(|(name, _)| !shown.contains(&name.value))
            .map(|(name, _)| name.at)
            .collect();
        for at in idle {
            let zh = "事后提交的材料须是某项承诺的证明（evidence）";
            let en = "a paper handed in later is the `evidence` of a promise";
            self.fault("later-for-what", at, zh, en);
        }
    }

    /// A promise that no outcome rests on need not be signed.
    fn check_promised(&mut self, file: &ProcedureFile) {
        let outcomes = file.steps.values().flat_map(|step| match step {
            language::Step::Stage(stage) => stage.outcomes.values().collect::<Vec<_>>(),
            _ => Vec::new(),
        });
        let relied: Vec<&Name> =
            outcomes.filter_map(|o| o.on_commitment.as_ref().map(|name| &name.value)).collect();
        let idle: Vec<_> =
            file.commitments.names().filter(|name| !relied.contains(&&name.value)).collect();
        for at in idle.into_iter().map(|name| name.at).collect::<Vec<_>>() {
            let zh = "没有任何结果以此承诺为据（on_commitment）";
            let en = "no outcome rests on this promise by `on_commitment`";
            self.fault("idle-promise", at, zh, en);
        }
    }

    /// The commitment on which an outcome rests; it then needs the conditions met.
    pub(super) fn on_commitment(
        &mut self,
        file: &ProcedureFile,
        outcome: &language::Outcome,
    ) -> Option<Name> {
        let name = outcome.on_commitment.as_ref()?;
        if outcome.needs_met != Some(true) {
            let zh = "以承诺为据的结果须同时写明 needs_met: true";
            let en = "an outcome that rests on a promise has `needs_met: true` too";
            self.fault("promise-for-nothing", name.at, zh, en);
        }
        self.commitment(file, name)
    }

    fn commitment(&mut self, file: &ProcedureFile, name: &Spanned<Name>) -> Option<Name> {
        let known: Vec<&str> = file.commitments.names().map(|name| name.value.as_str()).collect();
        self.must_know(Kind::Commitment, name, known).then(|| name.value.clone())
    }

    /// What a decision finds of a promise; one thing only.
    pub(super) fn settles(
        &mut self,
        file: &ProcedureFile,
        decision: &language::Decision,
    ) -> Option<Settled> {
        match (&decision.keeps, &decision.breaks) {
            (Some(kept), None) => self.commitment(file, kept).map(Settled::Kept),
            (None, Some(broken)) => self.commitment(file, broken).map(Settled::Broken),
            (Some(_), Some(broken)) => {
                let zh = "一项决定不能同时认定承诺已履行和未履行";
                let en = "a decision finds a promise kept or broken, not both";
                self.fault("kept-and-broken", broken.at, zh, en);
                None
            }
            (None, None) => None,
        }
    }

    /// Two decisions that record under one key would undo one another.
    fn must_be_its_own(
        &mut self,
        file: &ProcedureFile,
        register: &Spanned<Name>,
        enters: &language::Enters,
    ) {
        let key = |enters: &language::Enters| enters.key.as_ref().map(|key| key.value.clone());
        let all = file.steps.values().flat_map(|step| match step {
            language::Step::Decision(decision) => decision.records.iter().collect::<Vec<_>>(),
            _ => Vec::new(),
        });
        let same =
            all.filter(|(name, other)| name.value == register.value && key(other) == key(enters));
        if same.count() > 1 {
            let zh = "两项决定以同一编号载入同一名册";
            let en = "two decisions record under the same key in this register";
            self.fault("records-alike", register.at, zh, en);
        }
    }

    /// The entries that a decision makes in other registers.
    pub(super) fn records(
        &mut self,
        pack: &Pack,
        file: &ProcedureFile,
        words: &Words,
        decision: &language::Decision,
    ) -> Vec<Recorded> {
        let mut records = Vec::new();
        for (register, enters) in decision.records.iter() {
            self.must_be_its_own(file, register, enters);
            let others = pack.registers.keys().filter(|name| **name != file.register.value);
            let known: Vec<&str> = others.map(Name::as_str).collect();
            if !self.must_know(Kind::Register, register, known) {
                continue;
            }
            let Some(found) = pack.registers.get(&register.value) else { continue };
            let Some(key) = &enters.key else {
                let zh = "载入其他名册须写明 key";
                let en = "an entry in another register has a `key`";
                self.fault("key-or-rows", enters.at, zh, en);
                continue;
            };
            self.check_key(key);
            records.push(Recorded {
                register: register.value.clone(),
                key: key.value.clone(),
                fields: self.written(found, &words.scope, &enters.fields),
            });
        }
        records
    }
}
