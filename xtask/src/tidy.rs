//! The house rules that a machine can check, all reported at once. A review remark made twice
//! becomes a line here.

mod names;
mod rust;
mod text;

use std::fmt;

use crate::graph;
use crate::tree::{self, TextFile};

/// A rule broken at a line of a file; line 0 is the file as a whole.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    said: String,
}

impl Finding {
    fn new(path: &str, line: usize, said: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, said: said.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.said),
            line => write!(f, "{}:{line}: {}", self.path, self.said),
        }
    }
}

/// Checks the whole tree: what was checked, or every finding.
pub(crate) fn run() -> Result<String, String> {
    let files = tree::text_files()?;
    let mut findings: Vec<Finding> = files.iter().flat_map(check).collect();
    findings.extend(graph_finding(&files));
    findings.sort();
    if findings.is_empty() {
        return Ok(format!("tidy: {} files, {}", files.len(), rust::shape(&files)));
    }
    let mut report: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    report.push_str(&format!("tidy: {} findings in {} files", findings.len(), files.len()));
    Err(report)
}

fn check(file: &TextFile) -> Vec<Finding> {
    let mut findings = text::check(file);
    findings.extend(names::check(file));
    if file.path.ends_with(".rs") {
        findings.extend(rust::check(file));
    }
    findings
}

fn graph_finding(files: &[TextFile]) -> Option<Finding> {
    let kept = files.iter().find(|file| file.path == graph::FILE).map(|file| file.text.as_str());
    match graph::current() {
        Ok(current) if kept == Some(&current) => None,
        Ok(_) => Some(Finding::new(
            graph::FILE,
            0,
            "is not the graph of our crates; if it is meant, run `cargo xtask golden deps`",
        )),
        Err(fault) => Some(Finding::new(graph::FILE, 0, fault)),
    }
}

/// One row of a table: a file, and what must be said of it as `LINE: TEXT`.
#[cfg(test)]
fn assert_found(check: fn(&TextFile) -> Vec<Finding>, path: &str, text: &str, expected: &[&str]) {
    let file = TextFile { path: path.to_owned(), text: text.to_owned() };
    let found: Vec<String> =
        check(&file).iter().map(|finding| format!("{}: {}", finding.line, finding.said)).collect();
    assert_eq!(found, expected, "{path}: {text:?}");
}
