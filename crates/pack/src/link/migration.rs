//! Migrations: their names of this edition are found. What they say of the earlier one is held
//! against that edition by [`crate::migrate::check`].

use std::collections::BTreeMap;

use base::{Name, Text};
use rules::Type;

use super::{Kind, Linker};
use crate::{
    fault::Fault,
    language::MigrationFile,
    model::{Migration, Pack, PackHash, Procedure},
    node::Span,
};

impl Linker<'_> {
    /// The plans, of procedures that all were read.
    pub(super) fn migrations(&mut self, pack: &Pack) -> BTreeMap<Name, Migration> {
        let parsed = self.parsed;
        if parsed.in_part {
            return BTreeMap::new();
        }
        self.check_one_plan_each();
        let linked: Vec<_> = parsed
            .migrations
            .iter()
            .filter_map(|file| Some((file.migration.clone(), file.at, self.migration(pack, file)?)))
            .collect();
        self.unique(linked)
    }

    fn migration(&mut self, pack: &Pack, file: &MigrationFile) -> Option<Migration> {
        let known = pack.procedures.keys().map(Name::as_str);
        self.must_know(Kind::Procedure, &file.procedure, known);
        let from = PackHash::parse(&file.from.value);
        if from.is_none() {
            let zh = "`from` 须为较早版本的哈希：64 个十六进制小写字符，由 pack check 给出";
            let en = "`from` is the hash of the earlier edition: 64 lower-case hexadecimal digits, \
                      as `pack check` prints them";
            self.fault("not-a-hash", file.from.at, zh, en);
        }
        let procedure = pack.procedures.get(&file.procedure.value)?;
        let which = match &file.which {
            Some(which) => {
                let scope = pack.scope(&procedure.form);
                Some(self.expression(which, &scope, &Type::Boolean)?)
            }
            None => None,
        };
        self.check_moves(file, procedure);
        let steps = file.steps.iter();
        let stays = file.stays.iter();
        Some(Migration {
            name: file.migration.clone(),
            title: file.title.clone(),
            procedure: file.procedure.value.clone(),
            from: from?,
            which,
            steps: steps.map(|(old, new)| (old.value.clone(), new.value.clone())).collect(),
            stays: stays.map(|(old, reason)| (old.value.clone(), reason.clone())).collect(),
            clock: file.clock,
            basis: file.basis.clone(),
        })
    }

    /// A case goes on where this edition waits, and a step does not both move and stay.
    fn check_moves(&mut self, file: &MigrationFile, procedure: &Procedure) {
        let waits = procedure.steps.iter().filter(|(_, step)| step.waits());
        let waiting: Vec<&str> = waits.map(|(name, _)| name.as_str()).collect();
        for new in file.steps.values() {
            self.must_know(Kind::Step, new, waiting.iter().copied());
        }
        for old in file.stays.names().filter(|old| file.steps.get(old.value.as_str()).is_some()) {
            let zh = "同一环节不能既迁移又留下";
            self.fault("moves-and-stays", old.at, zh, "a step either moves or stays");
        }
        if file.steps.is_empty() {
            self.fault("moves-nothing", file.at, "没有环节迁移", "the plan moves no step");
        }
    }

    /// Cases of one procedure and one edition have one plan, so that none has two ways to go.
    fn check_one_plan_each(&mut self) {
        let mut plans: BTreeMap<(&str, &str), Span> = BTreeMap::new();
        for file in &self.parsed.migrations {
            let of = (file.procedure.value.as_str(), file.from.value.as_str());
            if let Some(first) = plans.get(&of) {
                let fault = Fault::new("migrated-twice", file.procedure.at, migrated_twice());
                self.faults.push(fault.also(*first, the_other_plan()));
            }
            plans.entry(of).or_insert(file.procedure.at);
        }
    }
}

fn migrated_twice() -> Text {
    Text::new(
        "同一程序、同一较早版本只能有一项迁移方案",
        "the cases of a procedure under one earlier edition have one plan",
    )
}

fn the_other_plan() -> Text {
    Text::new("另一项方案在此", "the other plan is here")
}
