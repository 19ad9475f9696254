//! `supervision/*.yaml`: rules by which rows of feeds become findings.
//!
//! 行政处罚法 article 40: a finding says what was seen and on what it rests. So each rule says what
//! its findings show, and a rule changes by a new version, not in silence.

use base::{Citation, Date, Name, Text};

use crate::read::{Named, Spanned};

record! {
    /// `finding-kinds.yaml`: the kinds by which findings about one party gather into a case.
    pub struct FindingKindsFile {
        /// What each is called.
        finding_kinds: Named<Text>,
    }
}

record! {
    /// A rule: either a condition over each row of a feed, or a query over rows of several.
    pub struct SupervisionFile {
        /// The rule's own name.
        rule: Name,
        /// Its title.
        title: Text,
        /// What it rests on.
        basis: Vec<Citation>,
        /// Its version, from 1; a finding names it.
        version: Spanned<u32>,
        /// The first day whose events it applies to.
        from: Date,
        /// The first day whose events it no longer applies to.
        until: Option<Date>,
        /// What a finding means.
        verdict: RuleVerdict,
        /// When the rule speaks.
        stage: RuleStage,
        /// What its findings are gathered by.
        kind: Spanned<Name>,
        /// The feed whose rows it finds.
        feed: Spanned<Name>,
        /// The column with the entry that a finding is about.
        subject: Spanned<Name>,
        /// What a finding says: columns and looked-up facts; of a query, what it yields.
        shows: Vec<Spanned<String>>,
        /// What is looked up for a row; with `finds` only.
        looks_up: Named<RuleLook>,
        /// The condition of a finding, over columns, `event-day` and looked-up facts. What is
        /// undetermined is no finding and is counted apart.
        finds: Option<Spanned<String>>,
        /// Further feeds that the query reads; this and what follows with `sql` only.
        reads: Vec<Spanned<Name>>,
        /// The registers that the query reads.
        registers: Vec<Spanned<Name>>,
        /// The knowledge tables that the query reads.
        knowledge: Vec<Spanned<Name>>,
        /// Of each feed that is read, the column such that a finding rests on rows of one value;
        /// when absent a finding rests on rows of all.
        key: Named<Spanned<Name>>,
        /// A finding rests on rows within so many days of its moment; on all of its key when
        /// absent.
        reach: Option<Spanned<u32>>,
        /// The query that yields the findings.
        sql: Option<Spanned<String>>,
    }
}

choice! {
    /// What a finding means.
    pub enum RuleVerdict {
        /// The rule is broken.
        Clear = "clear",
        /// Somebody should look.
        Suspect = "suspect",
    }
}

choice! {
    /// When a rule speaks.
    pub enum RuleStage {
        /// Before the act, as a warning.
        Before = "before",
        /// While it happens.
        At = "at",
        /// Afterwards.
        After = "after",
    }
}

variant! {
    /// What is looked up for a row.
    pub enum RuleLook {
        /// The row of a knowledge table on the day of the event.
        Knowledge(KnowledgeLook) if "knowledge",
        /// An entry of a register as it stood at the moment of the event.
        Register(RegisterLook) if "register",
    }
}

record! {
    /// The row of a knowledge table on the day of the event.
    pub struct KnowledgeLook {
        /// The table.
        knowledge: Spanned<Name>,
        /// For each key column of the table, the column of the feed that it is equal to.
        by: Named<Spanned<Name>>,
    }
}

record! {
    /// An entry of a register as it stood at the moment of the event.
    pub struct RegisterLook {
        /// The register.
        register: Spanned<Name>,
        /// The column of the feed that names the entry.
        by: Spanned<Name>,
    }
}
