//! Risk: the points of an entry, line by line, from what was counted. Nothing is weighed that a
//! reader cannot count again: each line says how many, and what they come to.

use std::collections::BTreeMap;

use base::Name;
use pack::model::{Risk, RiskCounts, RiskLevel, RiskLine};

/// What was counted about one entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// The findings that stand within the days of the rating, by rule.
    pub findings: BTreeMap<Name, u64>,
    /// The entries that name it, by the line that counts them.
    pub entries: BTreeMap<Name, u64>,
}

/// The points of an entry.
#[derive(Debug)]
pub struct Rated<'r> {
    /// Each line that gives points, in the order of the rating.
    pub lines: Vec<RatedLine<'r>>,
    /// The sum.
    pub points: u64,
    /// What the sum means, and how high that is among the levels, the lowest being 0; none where
    /// the rating has no levels.
    pub level: Option<(usize, &'r RiskLevel)>,
}

/// The points of one line.
#[derive(Debug)]
pub struct RatedLine<'r> {
    /// Its name.
    pub name: &'r Name,
    /// What it counts.
    pub line: &'r RiskLine,
    /// How many there are.
    pub count: u64,
    /// What they come to.
    pub points: u64,
}

impl RatedLine<'_> {
    /// Whether they would come to more without the most that the line gives.
    pub fn capped(&self) -> bool {
        self.points < self.count.saturating_mul(u64::from(self.line.each))
    }
}

/// The points of an entry about which so much was counted.
pub fn rate<'r>(risk: &'r Risk, counted: &Counted) -> Rated<'r> {
    let lines: Vec<RatedLine<'r>> = risk
        .lines
        .iter()
        .map(|(name, line)| {
            let count = count(name, line, counted);
            let all = count.saturating_mul(u64::from(line.each));
            RatedLine { name, line, count, points: all.min(u64::from(line.most)) }
        })
        .collect();
    let points = lines.iter().map(|line| line.points).sum();
    let levels = risk.levels.iter().map(|(_, level)| level).enumerate();
    let level = levels.take_while(|(_, level)| u64::from(level.from) <= points).last();
    Rated { lines, points, level }
}

fn count(name: &Name, line: &RiskLine, counted: &Counted) -> u64 {
    match &line.counts {
        RiskCounts::Findings(findings) => {
            findings.rules.iter().filter_map(|rule| counted.findings.get(rule)).sum()
        }
        RiskCounts::Entries(_) => counted.entries.get(name).copied().unwrap_or_default(),
    }
}
