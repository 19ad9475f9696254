//! Rules for every text file: clean ends, no notes to self, nothing that only means something on
//! the machine it was written on.

use super::Finding;
use crate::source::word_part;
use crate::tree::TextFile;

/// Files that people write and read; data, goldens and lock files may be longer.
const WRITTEN: [&str; 9] =
    [".rs", ".mjs", ".js", ".css", ".html", ".sh", ".toml", ".yaml", "Makefile"];
const LINES_MAX: usize = 800;

/// Split in two, so that this file passes its own rules.
const NOTES_TO_SELF: [[&str; 2]; 3] = [["TO", "DO"], ["FIX", "ME"], ["to", "do!("]];
const MACHINE_PATHS: [[&str; 2]; 6] = [
    ["/wo", "rk/"],
    ["/fa", "rm/"],
    ["/ro", "ot/"],
    ["/tm", "p/"],
    ["/ho", "me/"],
    ["/Us", "ers/"],
];
const REGISTRIES: [[&str; 2]; 6] = [
    ["crates", ".io"],
    ["pypi", ".org"],
    ["python", "hosted.org"],
    ["npm", "js."],
    ["deb.deb", "ian.org"],
    ["proxy.go", "lang.org"],
];

pub(super) fn check(file: &TextFile) -> Vec<Finding> {
    let mut findings = whole(file);
    for (number, line) in (1..).zip(file.text.lines()) {
        let said = line_faults(&file.path, line);
        findings.extend(said.into_iter().map(|said| Finding::new(&file.path, number, said)));
    }
    findings
}

fn whole(file: &TextFile) -> Vec<Finding> {
    let mut said = Vec::new();
    let lines = file.text.lines().count();
    if lines > LINES_MAX && WRITTEN.iter().any(|end| file.path.ends_with(end)) {
        said.push(format!("{lines} lines; {LINES_MAX} is the limit"));
    }
    if file.text.contains('\r') {
        said.push("carriage return; lines end in a line feed alone".to_owned());
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        said.push("no line feed at the end".to_owned());
    }
    said.into_iter().map(|said| Finding::new(&file.path, 0, said)).collect()
}

fn line_faults(path: &str, line: &str) -> Vec<String> {
    let mut said = Vec::new();
    if line.trim_end_matches('\r').ends_with([' ', '\t', '\u{3000}']) {
        said.push("space at the end of the line".to_owned());
    }
    for note in NOTES_TO_SELF.map(|halves| halves.concat()) {
        if starts(line, &note).any(|rest| !rest.starts_with(word_part)) {
            said.push(format!("`{note}`: do it or file an issue"));
        }
    }
    for folder in MACHINE_PATHS.map(|halves| halves.concat()) {
        if starts(line, &folder).next().is_some() {
            said.push(format!("`{folder}…` is a path of one machine"));
        }
    }
    said.extend(registry_faults(path, line));
    said
}

/// What follows each place where `sought` begins a word or a path.
fn starts<'a>(line: &'a str, sought: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(sought).filter_map(move |(at, _)| {
        let before = line.get(..at)?.chars().next_back();
        let inside = before.is_some_and(|before| word_part(before) || "./-}".contains(before));
        if inside { None } else { line.get(at + sought.len()..) }
    })
}

/// Cargo's lock file names the index of its registry; that cannot be helped.
fn registry_faults(path: &str, line: &str) -> Vec<String> {
    if path == "Cargo.lock" || path.ends_with("/Cargo.lock") {
        return Vec::new();
    }
    let hosts = REGISTRIES.map(|halves| halves.concat());
    let named = hosts.into_iter().filter(|host| line.contains(host.as_str()));
    named.map(|host| format!("`{host}` is the host of a package registry")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;
    use super::{LINES_MAX, check};

    #[test]
    fn every_text_file_is_checked() {
        let row = |path: &str, text: &str, expected: &[&str]| {
            assert_found(check, path, text, expected);
        };
        row("a.md", "fine\n", &[]);
        row("a.md", "", &[]);
        row("a.md", "cut", &["0: no line feed at the end"]);
        row("a.md", "x\r\n", &["0: carriage return; lines end in a line feed alone"]);
        row("a.md", "x\ny \n", &["2: space at the end of the line"]);
        row("a.md", "x\t\n", &["1: space at the end of the line"]);
        let long = "x\n".repeat(LINES_MAX + 1);
        row("a.rs", &long, &["0: 801 lines; 800 is the limit"]);
        row("a.csv", &long, &[]);
    }

    #[test]
    fn notes_to_self_are_found() {
        let row = |text: &str, expected: &[&str]| assert_found(check, "a.rs", text, expected);
        let (note, other) = (["TO", "DO"].concat(), ["FIX", "ME"].concat());
        let said = |note: &str| format!("1: `{note}`: do it or file an issue");
        row(&format!("// {note}: later\n"), &[&said(&note)]);
        row(&format!("// {other}\n"), &[&said(&other)]);
        row(&format!("// AU{note}S\n"), &[]);
        row(&format!("// {note}S\n"), &[]);
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        let row = |text: String, expected: &[&str]| assert_found(check, "a.sh", &text, expected);
        let path = ["/ro", "ot/x"].concat();
        let said = ["1: `/ro", "ot/…` is a path of one machine"].concat();
        row(format!("cd {path}\n"), &[&said]);
        row(format!("A=\"{path}\"\n"), &[&said]);
        row(format!("cd ..{path}\n"), &[]);
        row(format!("cd tree{path}\n"), &[]);
        row(format!("cd ${{dir}}{path}\n"), &[]);
    }

    #[test]
    fn hosts_of_registries_are_found() {
        let host = ["crates", ".io"].concat();
        let said = format!("1: `{host}` is the host of a package registry");
        let text = format!("see https://{host}/x\n");
        assert_found(check, "a.md", &text, &[&said]);
        assert_found(check, "Cargo.lock", &text, &[]);
    }
}
