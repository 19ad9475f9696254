//! Rules for Rust files: a module says why it exists, functions stay short, lines fit, and nothing
//! outside tests may end the process.

use super::Finding;
use crate::source::{code_only, word_part};
use crate::tree::TextFile;

const COLUMNS_MAX: usize = 100;
const FUNCTION_LINES_MAX: usize = 70;

pub(super) fn check(file: &TextFile) -> Vec<Finding> {
    let code = code_only(&file.text);
    let mut findings = Vec::new();
    if !file.text.lines().any(|line| line.starts_with("//! ")) {
        findings.push(Finding::new(&file.path, 0, "no `//!` to say why the module exists"));
    }
    findings.extend(long_lines(file));
    findings.extend(long_functions(file, &code));
    findings.extend(process_enders(file, &code));
    findings
}

fn long_lines(file: &TextFile) -> impl Iterator<Item = Finding> {
    (1..).zip(file.text.lines()).filter_map(|(number, line)| {
        let columns: usize = line.chars().map(columns).sum();
        let said = format!("{columns} columns; {COLUMNS_MAX} is the limit");
        (columns > COLUMNS_MAX).then(|| Finding::new(&file.path, number, said))
    })
}

/// Chinese characters and full-width signs take two columns, as rustfmt counts them.
fn columns(letter: char) -> usize {
    match letter {
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' => 2,
        '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

fn long_functions(file: &TextFile, code: &str) -> Vec<Finding> {
    let functions = functions(code).into_iter();
    let long = functions.filter(|function| function.lines > FUNCTION_LINES_MAX);
    long.map(|function| {
        let said = format!(
            "`{}` has {} lines; {FUNCTION_LINES_MAX} is the limit",
            function.name, function.lines
        );
        Finding::new(&file.path, function.first, said)
    })
    .collect()
}

/// How the functions measure up, for the last line of a clean report.
pub(super) fn shape(files: &[TextFile]) -> String {
    let rust = files.iter().filter(|file| file.path.ends_with(".rs"));
    let mut lines: Vec<usize> =
        rust.flat_map(|file| functions(&code_only(&file.text))).map(|found| found.lines).collect();
    lines.sort_unstable();
    let median = lines.get(lines.len() / 2).copied().unwrap_or_default();
    let longest = lines.last().copied().unwrap_or_default();
    format!("{} functions, median {median} lines, longest {longest}", lines.len())
}

struct Function {
    name: String,
    first: usize,
    lines: usize,
}

/// Every function that has a body, from its signature to its closing brace.
fn functions(code: &str) -> Vec<Function> {
    code.match_indices("fn ").filter_map(|(at, _)| function(code, at)).collect()
}

fn function(code: &str, at: usize) -> Option<Function> {
    let (before, rest) = code.split_at_checked(at)?;
    if before.ends_with(word_part) {
        return None;
    }
    let name: String = rest.chars().skip(3).take_while(|letter| word_part(*letter)).collect();
    let lines = item(rest)?.lines().count();
    let first = before.matches('\n').count() + 1;
    (!name.is_empty()).then_some(Function { name, first, lines })
}

/// From here to the brace that closes the first one opened; none when the item ends in `;`.
fn item(code: &str) -> Option<&str> {
    let mut braces = 0_usize;
    let mut brackets = 0_usize;
    for (at, letter) in code.char_indices() {
        match letter {
            '{' => braces += 1,
            '}' if braces <= 1 => return code.get(..=at),
            '}' => braces -= 1,
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            ';' if braces == 0 && brackets == 0 => return None,
            _ => {}
        }
    }
    None
}

/// `unwrap` and `expect` outside tests. The compiler's linter knows the types; this knows no
/// features or platforms, so nothing hides behind them.
fn process_enders(file: &TextFile, code: &str) -> Vec<Finding> {
    if file.path.split(['/', '.']).any(|part| part == "tests" || part == "benches") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(without_tests(code).lines()) {
        for call in [".unwrap()", ".expect("] {
            if line.replace("self.expect(", "").contains(call) {
                let said = format!("`{call}` outside tests: return the fault");
                findings.push(Finding::new(&file.path, number, said));
            }
        }
    }
    findings
}

/// The same lines with the items under `#[cfg(test)]` left blank.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        let test = item(after).unwrap_or_default();
        kept.push_str(before);
        kept.extend(test.chars().filter(|letter| *letter == '\n'));
        rest = after.get(test.len()..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::super::assert_found;
    use super::check;

    fn row(text: &str, expected: &[&str]) {
        assert_found(check, "crates/x/src/a.rs", &format!("//! Why.\n{text}"), expected);
    }

    #[test]
    fn modules_say_why() {
        let said = "0: no `//!` to say why the module exists";
        assert_found(check, "a.rs", "fn main() {}\n", &[said]);
        assert_found(check, "a.rs", "//!\n", &[said]);
        row("", &[]);
    }

    #[test]
    fn lines_fit() {
        row(&format!("{}\n", "x".repeat(100)), &[]);
        row(&format!("{}\n", "x".repeat(101)), &["2: 101 columns; 100 is the limit"]);
        row(&format!("// {}\n", "柳".repeat(48)), &[]);
        row(&format!("// {}\n", "柳".repeat(49)), &["2: 101 columns; 100 is the limit"]);
    }

    #[test]
    fn functions_stay_short() {
        let lines = |count: usize| "    x();\n".repeat(count);
        row(&format!("fn f() {{\n{}}}\n", lines(68)), &[]);
        let said = "2: `f` has 71 lines; 70 is the limit";
        row(&format!("fn f() {{\n{}}}\n", lines(69)), &[said]);
        row(&format!("fn f() {{\n{}}}\nfn g() {{}}\n", lines(69)), &[said]);
        row(&format!("fn f() {{\n\"}}\";\n// }}\n{}}}\n", lines(67)), &[said]);
        row(&format!("fn f(x: [u8; 2]) {{\n{}}}\n", lines(69)), &[said]);
        row(&format!("fn f();\nconst X: fn () = {{\n{}}};\n", lines(80)), &[]);
    }

    #[test]
    fn nothing_ends_the_process_outside_tests() {
        let unwrap = "`.unwrap()` outside tests: return the fault";
        let expect = "`.expect(` outside tests: return the fault";
        row("fn f() { x.unwrap() }\n", &[&format!("2: {unwrap}")]);
        row("fn f() {\n    x.expect(y)\n}\n", &[&format!("3: {expect}")]);
        row("fn f() { x.unwrap_or(1); self.expect(Token::End) }\n", &[]);
        row("// x.unwrap()\nconst A: &str = \"x.unwrap()\";\n", &[]);
        row("#[cfg(test)]\nmod tests {\n    fn f() { x.unwrap() }\n}\n", &[]);
        let after = "#[cfg(test)]\nmod tests {\n}\nfn f() { x.unwrap() }\n";
        row(after, &[&format!("5: {unwrap}")]);
        row("#[cfg(test)]\nmod sample;\nfn f() { x.unwrap() }\n", &[&format!("4: {unwrap}")]);
        let test = "//! Why.\nfn f() { x.unwrap() }\n";
        assert_found(check, "crates/x/tests/all.rs", test, &[]);
        assert_found(check, "crates/x/src/a/tests.rs", test, &[]);
    }
}
