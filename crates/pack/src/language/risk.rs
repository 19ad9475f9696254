//! `risk/*.yaml`: how much there is to look at an institution for, in points of which each is
//! explained; and `boards/*.yaml`: what a live board shows of findings.
//!
//! Points order the work of supervisors (医疗保障基金使用监督管理条例 article 22, risk in choosing
//! whom to inspect). They decide nothing about anybody: whoever acts opens a case.

use base::{Citation, Name, Text};

use super::RuleVerdict;
use crate::read::{Named, Spanned};

record! {
    /// How the entries of a register are rated.
    pub struct RiskFile {
        /// The rating's own name.
        risk: Name,
        /// Its title.
        title: Text,
        /// What it rests on.
        basis: Vec<Citation>,
        /// The register whose entries it rates.
        register: Spanned<Name>,
        /// What happened within so many days counts.
        days: Spanned<u32>,
        /// What gives points, in order.
        points: Named<RiskLine>,
        /// What the sum means, the lowest first.
        levels: Named<RiskLevel>,
    }
}

variant! {
    /// Something that gives points.
    pub enum RiskLine {
        /// Findings that stand.
        Findings(FindingsLine) if "findings",
        /// Entries of another register that name the one that is rated.
        Entries(EntriesLine) if "entries",
    }
}

record! {
    /// Findings that stand give points.
    pub struct FindingsLine {
        /// What is counted, in words.
        title: Text,
        /// Which findings count.
        findings: FindingsOf,
        /// The points of each.
        each: Spanned<u32>,
        /// The points of all together, at most.
        most: Spanned<u32>,
    }
}

record! {
    /// Which findings count: everything that is said must hold.
    pub struct FindingsOf {
        /// Those gathered by this kind.
        kind: Option<Spanned<Name>>,
        /// Those that mean this.
        verdict: Option<RuleVerdict>,
        /// Those of this rule.
        rule: Option<Spanned<Name>>,
    }
}

record! {
    /// Entries that name the one that is rated give points.
    pub struct EntriesLine {
        /// What is counted, in words.
        title: Text,
        /// Which entries count.
        entries: EntriesOf,
        /// The points of each.
        each: Spanned<u32>,
        /// The points of all together, at most.
        most: Spanned<u32>,
    }
}

record! {
    /// Which entries count: those in force that name the one that is rated.
    pub struct EntriesOf {
        /// Their register.
        register: Spanned<Name>,
        /// The field that names the rated entry.
        names: Spanned<Name>,
        /// The field with the day that must lie within the days; of any day when absent.
        day: Option<Spanned<Name>>,
    }
}

record! {
    /// What a sum of points means.
    pub struct RiskLevel {
        /// What it is called.
        title: Text,
        /// From so many points on.
        from: Spanned<u32>,
    }
}

record! {
    /// A board: findings of some kinds by district and rule, as they are now.
    pub struct BoardFile {
        /// The board's own name.
        board: Name,
        /// Its title.
        title: Text,
        /// The kinds of findings that it shows.
        kinds: Vec<Spanned<Name>>,
    }
}
