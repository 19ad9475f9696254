//! Linking: every name is found, every condition typed, every value read as its field says.

mod body;
mod commitment;
mod complete;
mod credit;
mod derive;
mod draw;
mod example;
mod expression;
mod feed;
mod fhir;
mod field;
mod handled;
mod knowledge;
mod layout;
mod life_event;
mod migration;
mod national;
mod picture;
mod procedure;
mod register;
mod review;
mod risk;
mod signed;
mod step;
mod supervision;
mod turn;
mod unused;
mod words;

use std::{collections::BTreeMap, fmt::Display};

use crate::{
    compile::Parsed,
    fault::{Fault, Faults, Sources},
    language::Manifest,
    model::{Pack, PackHash},
    node::Span,
    read::Spanned,
};
use base::{Name, Text, near::near_miss};
pub(crate) use expression::scope;

/// What linking reads and where it reports.
pub(crate) struct Linker<'a> {
    pub(crate) parsed: &'a Parsed,
    pub(crate) sources: &'a Sources,
    pub(crate) faults: &'a mut Faults,
}

/// Links everything that was read; `None` when something the rest depends on is missing.
pub(crate) fn link(
    parsed: &Parsed,
    hash: PackHash,
    sources: &Sources,
    faults: &mut Faults,
) -> Option<Pack> {
    let mut linker = Linker { parsed, sources, faults };
    let own = parsed.manifests.last()?;
    linker.check_editions();
    linker.check_complete();
    let mut pack = linker.national(own, hash)?;
    pack.sections = linker.sections(&pack);
    pack.registers = linker.registers(&pack);
    linker.derive(&mut pack);
    linker.handled(&mut pack);
    linker.fhir(&mut pack);
    pack.remedies = linker.remedies(&pack);
    pack.service = linker.service();
    pack.tables = linker.tables(&pack);
    pack.procedures = linker.procedures(&pack);
    pack.delegations = linker.delegations(&pack);
    pack.life_events = linker.life_events(&pack);
    pack.migrations = linker.migrations(&pack);
    pack.feeds = linker.feeds(&pack);
    pack.knowledge = linker.knowledge(&pack);
    pack.finding_kinds = linker.finding_kinds();
    pack.rules = linker.rules(&pack);
    pack.risks = linker.risks(&pack);
    pack.credits = linker.credits(&pack);
    pack.boards = linker.boards();
    pack.pictures = linker.pictures(&pack);
    for (register, field) in sought(&pack) {
        if let Some(register) = pack.registers.get_mut(&register) {
            register.sought_by.insert(field);
        }
    }
    if !parsed.in_part {
        linker.check_unused(own);
    }
    Some(pack)
}

/// The fields of registers by which procedures look entries up, and the identifiers by which the
/// directory is asked for them; and those that name whom ratings rate, who has points, and what
/// pictures show of a party.
fn sought(pack: &Pack) -> Vec<(Name, Name)> {
    let of_entries = pack.registers.values().flat_map(|register| &register.looks_up);
    let looks = pack.procedures.values().flat_map(|procedure| &procedure.looks_up);
    let looks = looks.chain(of_entries);
    let by = |(_, look): &(Name, crate::model::LooksUp)| {
        look.wheres.first().map(|(field, _)| (look.register.clone(), field.clone()))
    };
    let registers = pack.registers.values();
    let identified = registers.flat_map(|register| {
        register.identified_by().map(|field| (register.name.clone(), field.clone()))
    });
    let rated = pack.risks.values().flat_map(|risk| risk.entries());
    let rated = rated.map(|(_, own)| (own.register.clone(), own.names.clone()));
    let points = pack.credits.values().map(|own| &own.points);
    let points = points.map(|own| (own.register.clone(), own.names.clone()));
    let pictured = pack.pictures.values().flat_map(|picture| {
        let registers = picture.registers().filter_map(|own| pack.registers.get(own));
        let held = registers.filter_map(|own| Some((own.name.clone(), own.held_by.clone()?)));
        held.chain(picture.entries().map(|own| (own.register.clone(), own.names.clone())))
    });
    looks.filter_map(by).chain(identified).chain(rated).chain(points).chain(pictured).collect()
}

impl Linker<'_> {
    fn check_editions(&mut self) {
        for manifest in &self.parsed.manifests {
            if manifest.edition.value != crate::source::EDITION {
                self.faults.push(Fault::new("edition", manifest.edition.at, other_edition()));
            }
        }
    }

    /// A fault unless `name` is one of `known`.
    pub(crate) fn must_know<'n, T: Display + AsRef<str>>(
        &mut self,
        what: Kind,
        name: &Spanned<T>,
        known: impl IntoIterator<Item = &'n str> + Clone,
    ) -> bool {
        let written = name.value.as_ref();
        let found = known.clone().into_iter().any(|candidate| candidate == written);
        if !found {
            let near = near_miss(written, known);
            self.faults.push(Fault::new(what.word(), name.at, what.unknown(written)).near(near));
        }
        found
    }

    /// Collects by name; a name that comes twice is a fault.
    pub(crate) fn unique<T>(
        &mut self,
        items: impl IntoIterator<Item = (Name, Span, T)>,
    ) -> BTreeMap<Name, T> {
        let mut found: BTreeMap<Name, (Span, T)> = BTreeMap::new();
        for (name, at, item) in items {
            match found.get(&name) {
                Some((first, _)) => {
                    let fault = Fault::new("defined-twice", at, defined_twice(&name));
                    self.faults.push(fault.also(*first, defined_here()));
                }
                None => {
                    found.insert(name, (at, item));
                }
            }
        }
        found.into_iter().map(|(name, (_, item))| (name, item)).collect()
    }

    pub(crate) fn fault(&mut self, word: &'static str, at: Span, zh: &str, en: &str) {
        self.faults.push(Fault::new(word, at, Text::new(zh, en)));
    }
}

/// What a name was expected to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Office,
    Level,
    Body,
    CodeList,
    Identifier,
    Section,
    Register,
    RegisterField,
    Certificate,
    Table,
    Remedy,
    Step,
    Target,
    Outcome,
    Answer,
    Condition,
    Commitment,
    LaterPaper,
    FormField,
    RowKey,
    Entry,
    Requirement,
    Fee,
    Procedure,
    Lookup,
    Class,
    Carried,
    Resource,
    Column,
    Feed,
    Knowledge,
    Fact,
    Rule,
    Finding,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Office => "unknown-office",
            Self::Level => "unknown-level",
            Self::Body => "unknown-body",
            Self::CodeList => "unknown-code-list",
            Self::Identifier => "unknown-identifier-kind",
            Self::Section => "unknown-section",
            Self::Register => "unknown-register",
            Self::RegisterField => "unknown-register-field",
            Self::Certificate => "unknown-certificate",
            Self::Table => "unknown-table",
            Self::Remedy => "unknown-remedy",
            Self::Step => "unknown-step",
            Self::Target => "unknown-target",
            Self::Outcome => "unknown-outcome",
            Self::Answer => "unknown-answer",
            Self::Condition => "unknown-condition",
            Self::Commitment => "unknown-commitment",
            Self::LaterPaper => "unknown-later-paper",
            Self::FormField => "unknown-form-field",
            Self::Entry => "unknown-entry",
            Self::Requirement => "unknown-requirement",
            Self::Fee => "unknown-fee",
            Self::Procedure => "unknown-procedure",
            Self::Lookup => "unknown-look-up",
            Self::Class => "unknown-class",
            Self::Resource => "unknown-resource",
            Self::Column => "unknown-column",
            Self::Feed => "unknown-feed",
            Self::Knowledge => "unknown-knowledge",
            Self::Fact => "unknown-fact",
            Self::Rule => "unknown-rule",
            Self::Finding => "unknown-finding-kind",
            Self::RowKey | Self::Carried => "unknown-row",
        }
    }

    fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Office => ("机关", "office"),
            Self::Level => ("层级", "level"),
            Self::Body => ("办事主体", "body of the procedure"),
            Self::CodeList => ("代码表", "code list"),
            Self::Identifier => ("标识种类", "kind of identifier"),
            Self::Section => ("表单节", "form section"),
            Self::Register => ("登记簿", "register"),
            Self::RegisterField => ("登记项", "register field"),
            Self::Certificate => ("证书", "certificate"),
            Self::Table => ("数据表", "table"),
            Self::Remedy => ("救济途径", "remedy"),
            Self::Step => ("环节", "step"),
            Self::Target => ("环节或结局", "step or end"),
            Self::Outcome => ("结果", "outcome"),
            Self::Answer => ("意见", "answer"),
            Self::Condition => ("条件", "condition"),
            Self::Commitment => ("承诺", "commitment"),
            Self::LaterPaper => ("事后提交的材料", "paper handed in later"),
            Self::FormField => ("表单项", "form field"),
            Self::RowKey => ("表中的行", "row of a table"),
            Self::Entry => ("指向登记的表单项或查询", "question that names an entry, or look-up,"),
            Self::Requirement => ("共用条件", "shared condition"),
            Self::Fee => ("收费项目", "fee"),
            Self::Procedure => ("办事程序", "procedure"),
            Self::Lookup => ("查询", "look-up"),
            Self::Class => ("类别", "class of objects"),
            Self::Resource => ("目录资源", "resource of the directory"),
            Self::Column => ("列", "column"),
            Self::Feed => ("数据源", "feed"),
            Self::Knowledge => ("知识表", "knowledge table"),
            Self::Fact => ("列或查得的事实", "column or looked-up fact"),
            Self::Rule => ("监管规则", "rule"),
            Self::Finding => ("发现的类别", "kind of findings"),
            Self::Carried => ("措施或系统表的行", "measure or row of the table of systems"),
        }
    }

    fn unknown(self, written: &str) -> Text {
        let (zh, en) = self.titles();
        Text::new(format!("没有名为 `{written}` 的{zh}"), format!("there is no {en} `{written}`"))
    }
}

fn other_edition() -> Text {
    Text::new(
        "包的语言版本不是本程序所读的版本 1",
        "the pack is not written in edition 1, the one this program reads",
    )
}

fn defined_twice(name: &Name) -> Text {
    Text::new(format!("`{name}` 重复定义"), format!("`{name}` is defined twice"))
}

fn defined_here() -> Text {
    Text::new("首次定义于此", "first defined here")
}

/// The name of a pack as its manifest gives it.
pub(crate) fn jurisdiction(manifests: &[Manifest]) -> Option<&Spanned<base::Division>> {
    manifests.iter().rev().find_map(|manifest| manifest.jurisdiction.as_ref())
}
