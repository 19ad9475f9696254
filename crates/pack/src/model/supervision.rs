//! Rules by which rows of feeds become findings.

use std::collections::BTreeMap;

use base::{Citation, Date, Name, Text};
use rules::{Expression, Type};

use super::{RuleStage, RuleVerdict};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// What it rests on.
    pub basis: Vec<Citation>,
    /// Its version, from 1.
    pub version: u32,
    /// The first day whose events it applies to.
    pub from: Date,
    /// The first day whose events it no longer applies to.
    pub until: Option<Date>,
    /// What a finding means.
    pub verdict: RuleVerdict,
    /// When it speaks.
    pub stage: RuleStage,
    /// What its findings are gathered by.
    pub kind: Name,
    /// The feed whose rows it finds.
    pub feed: Name,
    /// The column with the entry that a finding is about.
    pub subject: Name,
    /// The register of that entry.
    pub subject_of: Name,
    /// What a finding says, in order: columns as `column` and looked-up facts as `look.field`; of a
    /// query, names of what it yields.
    pub shows: Vec<String>,
    /// How it finds.
    pub finds: Finds,
}

/// How a rule finds.
#[derive(Debug)]
pub enum Finds {
    /// By a condition over each row.
    Row(RowRule),
    /// By a query over rows of one key.
    Query(Query),
}

/// A condition over each row of the feed.
#[derive(Debug)]
pub struct RowRule {
    /// What is looked up for a row, in order.
    pub looks_up: Vec<(Name, RuleLook)>,
    /// The condition; what is undetermined is no finding.
    pub that: Expression,
    /// The facts that the condition uses or a finding shows, each once, by their path.
    pub needs: Vec<Needed>,
}

/// What is looked up for a row.
#[derive(Debug)]
pub enum RuleLook {
    /// The row of a knowledge table on the day of the event.
    Knowledge {
        /// The table.
        table: Name,
        /// The columns of the feed that its key is equal to, in the order of its key.
        by: Vec<Name>,
    },
    /// An entry of a register as it stood at the moment of the event.
    Register {
        /// The register.
        register: Name,
        /// The column of the feed that names the entry.
        by: Name,
    },
}

/// A fact that a rule needs of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// Its path, as conditions and `shows` name it.
    pub path: String,
    /// Where it comes from.
    pub from: FactFrom,
    /// The type of its value.
    pub kind: Type,
}

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactFrom {
    /// A column of the row.
    Column(Name),
    /// The day of the event in the pack's zone.
    EventDay,
    /// A column or field of what was looked up.
    Look {
        /// The look-up.
        look: Name,
        /// The column of the knowledge table, or the field of the register.
        field: Name,
    },
}

impl FactFrom {
    /// The look-up that finds it, where one does.
    pub fn look(&self) -> Option<&Name> {
        match self {
            Self::Look { look, .. } => Some(look),
            Self::Column(_) | Self::EventDay => None,
        }
    }
}

/// A query over rows of one key.
#[derive(Debug)]
pub struct Query {
    /// Further feeds that it reads.
    pub reads: Vec<Name>,
    /// The registers that it reads.
    pub registers: Vec<Name>,
    /// The knowledge tables that it reads.
    pub knowledge: Vec<Name>,
    /// Of each feed that is read, the column such that a finding rests on rows of one value; empty
    /// where it rests on rows of all.
    pub key: BTreeMap<Name, Name>,
    /// A finding rests on rows within so many days of its moment; on all of its key when absent.
    pub reach: Option<u32>,
    /// The query.
    pub sql: String,
}

impl Rule {
    /// Whether it applies to events of that day.
    pub fn applies_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The feeds whose rows it reads, the one whose rows it finds first.
    pub fn feeds(&self) -> impl Iterator<Item = &Name> {
        let more = match &self.finds {
            Finds::Row(_) => [].as_slice(),
            Finds::Query(query) => query.reads.as_slice(),
        };
        std::iter::once(&self.feed).chain(more)
    }

    /// The knowledge tables that it reads.
    pub fn knowledge(&self) -> Vec<&Name> {
        match &self.finds {
            Finds::Query(query) => query.knowledge.iter().collect(),
            Finds::Row(row) => row.looks_up.iter().filter_map(|(_, look)| look.table()).collect(),
        }
    }

    /// The registers that it reads.
    pub fn registers(&self) -> Vec<&Name> {
        match &self.finds {
            Finds::Query(query) => query.registers.iter().collect(),
            Finds::Row(row) => {
                row.looks_up.iter().filter_map(|(_, look)| look.register()).collect()
            }
        }
    }
}

impl RuleLook {
    /// The knowledge table, where it is one.
    pub fn table(&self) -> Option<&Name> {
        match self {
            Self::Knowledge { table, .. } => Some(table),
            Self::Register { .. } => None,
        }
    }

    /// The register, where it is one.
    pub fn register(&self) -> Option<&Name> {
        match self {
            Self::Register { register, .. } => Some(register),
            Self::Knowledge { .. } => None,
        }
    }
}
