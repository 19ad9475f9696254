//! Rules for names: modules are domain nouns, and the engines know no city.

use super::Finding;
use crate::source::{code_only, word_part};
use crate::tree::TextFile;

const NOT_NOUNS: [&str; 14] = [
    "common", "debug", "fixme", "helper", "helpers", "manager", "misc", "temp", "tmp", "todo",
    "util", "utils", "v1", "v2",
];

/// Names of places whose rules live in packs.
const CITIES: [&str; 5] = ["beijing", "北京", "shanghai", "上海", "bj-"];

/// The zone's name in every time-zone database: a clock's name, not a place's rule.
const ZONE: &str = "asia/shanghai";

pub(super) fn check(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file.path.ends_with(".rs") {
        findings.extend(module_names(file));
    }
    if file.path.starts_with("crates/") {
        findings.extend(cities(file));
    }
    findings
}

fn module_names(file: &TextFile) -> Vec<Finding> {
    let stem = file.path.strip_suffix(".rs").unwrap_or(&file.path);
    let parts = stem.split('/').map(|part| (0, part));
    let code = code_only(&file.text);
    let inline = (1..).zip(code.lines()).filter_map(|(number, line)| Some((number, module(line)?)));
    parts
        .chain(inline)
        .filter(|(_, name)| NOT_NOUNS.contains(name))
        .map(|(line, name)| {
            Finding::new(
                &file.path,
                line,
                format!("`{name}` says nothing: name the module by its noun"),
            )
        })
        .collect()
}

/// The name in `mod NAME {`. Where a module has a file, the file's name is checked.
fn module(line: &str) -> Option<&str> {
    let (before, after) = line.trim_start().split_once("mod ")?;
    let own_word = before.is_empty() || before.ends_with(' ');
    let end = after.find(|letter| !word_part(letter))?;
    let (name, rest) = after.split_at(end);
    (own_word && rest.trim_start().starts_with('{')).then_some(name)
}

fn cities(file: &TextFile) -> Vec<Finding> {
    let path = (0, file.path.as_str());
    let lines = std::iter::once(path).chain((1..).zip(file.text.lines()));
    lines
        .flat_map(|(number, line)| {
            let line = line.to_lowercase().replace(ZONE, "");
            let named = CITIES.into_iter().filter(move |city| names(&line, city));
            named.map(move |city| (number, city))
        })
        .map(|(number, city)| {
            Finding::new(
                &file.path,
                number,
                format!("`{city}` belongs in a pack; tests use Willow"),
            )
        })
        .collect()
}

/// A city's name anywhere; its short prefix only where a word begins.
fn names(line: &str, city: &str) -> bool {
    line.match_indices(city).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !city.ends_with('-') || !before.is_some_and(word_part)
    })
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;
    use super::check;

    #[test]
    fn modules_are_nouns() {
        let row = |path: &str, text: &str, expected: &[&str]| {
            assert_found(check, path, text, expected);
        };
        let said = |line: usize, name: &str| {
            format!("{line}: `{name}` says nothing: name the module by its noun")
        };
        row("xtask/src/tree.rs", "mod leaf {}\nmod utils;\n", &[]);
        row("xtask/src/utils.rs", "", &[&said(0, "utils")]);
        row("xtask/src/common/mod.rs", "", &[&said(0, "common")]);
        row("xtask/src/a.rs", "//! x\npub(crate) mod misc {\n", &[&said(2, "misc")]);
        row("xtask/src/a.rs", "// mod misc {\n", &[]);
        row("docs/utils.md", "", &[]);
    }

    #[test]
    fn engines_know_no_city() {
        let row = |path: &str, text: &str, expected: &[&str]| {
            assert_found(check, path, text, expected);
        };
        let said = |line: usize, city: &str| {
            format!("{line}: `{city}` belongs in a pack; tests use Willow")
        };
        row("crates/x/src/a.rs", "let a = \"Beijing\";\n", &[&said(1, "beijing")]);
        row("crates/x/src/a.rs", "\n// 北京市\n", &[&said(2, "北京")]);
        row("crates/x/src/beijing.rs", "", &[&said(0, "beijing")]);
        row("crates/x/src/a.rs", "\"bj-clinic\" \"obj-id\"\n", &[&said(1, "bj-")]);
        row("crates/x/src/a.rs", "\"obj-id\" Zone::named(\"Asia/Shanghai\")\n", &[]);
        row("packs/beijing/a.yaml", "北京\n", &[]);
    }
}
