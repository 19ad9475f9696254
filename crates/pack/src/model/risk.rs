//! How institutions are rated by points, and what boards show.

use std::collections::BTreeSet;

use base::{Citation, Name, Text};

use super::{Rule, RuleVerdict};

/// How the entries of a register are rated.
#[derive(Debug)]
pub struct Risk {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// What it rests on.
    pub basis: Vec<Citation>,
    /// The register whose entries it rates; no other rating rates them.
    pub register: Name,
    /// What happened within so many days counts; one at least.
    pub days: u32,
    /// What gives points, in order.
    pub lines: Vec<(Name, RiskLine)>,
    /// What the sum means: the first from no points on, each from more than the one before.
    pub levels: Vec<(Name, RiskLevel)>,
}

/// Something that gives points.
#[derive(Debug)]
pub struct RiskLine {
    /// What is counted, in words.
    pub title: Text,
    /// What is counted.
    pub counts: RiskCounts,
    /// The points of each.
    pub each: u32,
    /// The points of all together, at most; those of one at least.
    pub most: u32,
}

/// What gives points.
#[derive(Debug)]
pub enum RiskCounts {
    /// Findings that stand.
    Findings(RiskFindings),
    /// Entries in force that name the one that is rated.
    Entries(RiskEntries),
}

/// Findings that give points.
#[derive(Debug)]
pub struct RiskFindings {
    /// Those gathered by this kind; of any where absent.
    pub kind: Option<Name>,
    /// Those that mean this; anything where absent.
    pub verdict: Option<RuleVerdict>,
    /// Those of this rule; of any where absent.
    pub rule: Option<Name>,
    /// The rules of which all this holds and whose findings are about the rated register; no other
    /// line of the rating has one of them.
    pub rules: BTreeSet<Name>,
}

/// Entries that give points.
#[derive(Debug)]
pub struct RiskEntries {
    /// Their register.
    pub register: Name,
    /// The field that names the rated entry.
    pub names: Name,
    /// The field with the day that must lie within the days; any day where absent.
    pub day: Option<Name>,
}

/// What a sum of points means.
#[derive(Debug)]
pub struct RiskLevel {
    /// What it is called.
    pub title: Text,
    /// From so many points on.
    pub from: u32,
}

impl Risk {
    /// Every rule whose findings give points.
    pub fn rules(&self) -> BTreeSet<&Name> {
        let lines = self.lines.iter().filter_map(|(_, line)| match &line.counts {
            RiskCounts::Findings(findings) => Some(&findings.rules),
            RiskCounts::Entries(_) => None,
        });
        lines.flatten().collect()
    }

    /// The entries that give points, with the line of each.
    pub fn entries(&self) -> impl Iterator<Item = (&Name, &RiskEntries)> {
        self.lines.iter().filter_map(|(name, line)| match &line.counts {
            RiskCounts::Entries(entries) => Some((name, entries)),
            RiskCounts::Findings(_) => None,
        })
    }
}

/// A board: findings of some kinds by district and rule, as they are now.
#[derive(Debug)]
pub struct Board {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Text,
    /// The kinds of findings that it shows.
    pub kinds: BTreeSet<Name>,
}

impl Board {
    /// Whether it shows what that rule finds.
    pub fn shows(&self, rule: &Rule) -> bool {
        self.kinds.contains(&rule.kind)
    }
}
