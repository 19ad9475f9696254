//! One figure with the load under which it was measured and the aim it is held against. Whole
//! numbers only: microseconds, and counts a second or a minute.

use std::{fmt::Write, time::Duration};

use serde_json::{Value, json};

/// How long each of many things took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taken(Vec<u64>);

impl Taken {
    /// Notes one.
    pub(crate) fn note(&mut self, time: Duration) {
        self.0.push(micros(time));
    }

    /// Takes over those of another client.
    pub(crate) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// The microseconds within which so many of a hundred were done; the nearest rank.
    pub(crate) fn within(&self, hundredths: usize) -> u64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * hundredths).div_ceil(100);
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// What a rate counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Per {
    Second,
    Minute,
}

/// So many a second or a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rate {
    count: u64,
    per: Per,
}

impl Rate {
    /// The rate of `count` in `time`.
    pub(crate) fn of(count: u64, time: Duration, per: Per) -> Self {
        let unit: u64 = if per == Per::Second { 1_000_000 } else { 60_000_000 };
        Self { count: count.saturating_mul(unit) / micros(time).max(1), per }
    }

    fn says(self) -> String {
        let unit = if self.per == Per::Second { "s" } else { "min" };
        format!("{}/{unit}", self.count)
    }
}

/// What a figure should reach.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aim {
    /// At least this rate, in the figure's own unit.
    pub(crate) rate_min: Option<u64>,
    /// Ninety-five of a hundred in less than this.
    pub(crate) p95_max_micros: Option<u64>,
}

impl Aim {
    /// A figure for comparison only.
    pub(crate) const NONE: Self = Self { rate_min: None, p95_max_micros: None };
}

/// One figure.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) what: &'static str,
    /// Which database or device it was measured on.
    pub(crate) on: &'static str,
    pub(crate) load: String,
    pub(crate) rate: Option<Rate>,
    pub(crate) taken: Taken,
    /// How many got no good answer; they are among the times taken.
    pub(crate) failed: usize,
    pub(crate) aim: Aim,
}

impl Line {
    /// Whether the aim is reached; none where there is no aim.
    fn met(&self) -> Option<bool> {
        let fast = self.aim.rate_min.map(|min| self.rate.is_some_and(|rate| rate.count >= min));
        let soon = self.aim.p95_max_micros.map(|max| self.taken.within(95) < max);
        match (fast, soon) {
            (None, None) => None,
            (fast, soon) => Some(fast != Some(false) && soon != Some(false) && self.failed == 0),
        }
    }

    /// The figure for programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "what": self.what,
            "on": self.on,
            "load": self.load,
            "rate": self.rate.map(Rate::says),
            "samples": self.taken.count(),
            "failed": self.failed,
            "p50_us": self.taken.within(50),
            "p95_us": self.taken.within(95),
            "p99_us": self.taken.within(99),
            "rate_min": self.aim.rate_min,
            "p95_max_us": self.aim.p95_max_micros,
            "met": self.met(),
        })
    }

    fn cells(&self) -> [String; 8] {
        let met = self.met().map_or("", |met| if met { "met" } else { "missed" });
        let failed =
            if self.failed > 0 { format!(", {} failed", self.failed) } else { <_>::default() };
        [
            self.what.to_owned(),
            self.on.to_owned(),
            format!("{}{failed}", self.load),
            self.rate.map(Rate::says).unwrap_or_default(),
            millis(self.taken.within(50)),
            millis(self.taken.within(95)),
            millis(self.taken.within(99)),
            met.to_owned(),
        ]
    }
}

fn millis(micros: u64) -> String {
    format!("{}.{:02}", micros / 1_000, micros % 1_000 / 10)
}

/// The figures as a Markdown table, which is what docs/benchmarks.md shows.
pub(crate) fn table(lines: &[Line]) -> String {
    let mut table = String::new();
    let head = ["what", "on", "load", "rate", "p50 ms", "p95 ms", "p99 ms", "aim"];
    let rows = [head.map(str::to_owned), ["---"; 8].map(str::to_owned)];
    for cells in rows.into_iter().chain(lines.iter().map(Line::cells)) {
        // Writing to a string cannot fail.
        writeln!(table, "| {} |", cells.join(" | ")).unwrap_or_default();
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank_is_what_was_measured() {
        let check = |times: &[u64], hundredths: usize, expected: u64| {
            assert_eq!(Taken(times.to_vec()).within(hundredths), expected, "{times:?}");
        };
        check(&[], 95, 0);
        check(&[7], 50, 7);
        check(&[3, 1, 2], 50, 2);
        check(&[3, 1, 2], 99, 3);
        check(&(1..=100).collect::<Vec<_>>(), 95, 95);
        check(&(1..=1000).collect::<Vec<_>>(), 99, 990);
    }

    #[test]
    fn an_aim_is_met_or_missed() {
        let check = |aim: (Option<u64>, Option<u64>), failed: usize, expected: Option<bool>| {
            let rate = Some(Rate::of(10, Duration::from_secs(5), Per::Second));
            let taken = Taken(vec![100]);
            let aim = Aim { rate_min: aim.0, p95_max_micros: aim.1 };
            let line = Line { what: "w", on: "o", load: "l".into(), rate, taken, failed, aim };
            assert_eq!(line.met(), expected, "{aim:?}");
        };
        check((None, None), 0, None);
        check((Some(2), None), 0, Some(true));
        check((Some(3), None), 0, Some(false));
        check((None, Some(101)), 0, Some(true));
        check((None, Some(100)), 0, Some(false));
        check((Some(2), Some(100)), 0, Some(false));
        check((Some(2), Some(101)), 1, Some(false));
    }

    #[test]
    fn a_table_reads_as_markdown() {
        let rate = Some(Rate::of(3, Duration::from_secs(1), Per::Minute));
        let aim = Aim { rate_min: Some(9), p95_max_micros: None };
        let taken = Taken(vec![12_345]);
        let line = Line { what: "w", on: "o", load: "l".into(), rate, taken, failed: 2, aim };
        let row = "| w | o | l, 2 failed | 180/min | 12.34 | 12.34 | 12.34 | missed |";
        assert_eq!(table(&[line]).lines().last(), Some(row));
    }
}
