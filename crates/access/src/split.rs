//! A text of policies cut into its policies, so that one that does not read leaves the others
//! readable, and each knows its place.

use std::ops::Range;

/// The bytes of each policy of a text, from its first annotation to its semicolon. What follows the
/// last semicolon is one more, unless it is nothing but blanks and comments.
pub(crate) fn policies(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (None, 0);
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if c.is_whitespace() {
            at += c.len_utf8();
        } else if text.get(at..).is_some_and(|rest| rest.starts_with("//")) {
            at = line_end(text, at);
        } else {
            let begun = *start.get_or_insert(at);
            at = if c == '"' { string_end(text, at + 1) } else { at + c.len_utf8() };
            if c == ';' {
                found.push(begun..at);
                start = None;
            }
        }
    }
    found.extend(start.map(|begun| begun..text.trim_end().len().max(begun)));
    found
}

fn line_end(text: &str, from: usize) -> usize {
    text.get(from..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| from + length)
}

/// The byte after the quotation mark that ends a string.
fn string_end(text: &str, from: usize) -> usize {
    let mut escaped = false;
    for (at, c) in text.get(from..).unwrap_or_default().char_indices() {
        match c {
            '"' if !escaped => return from + at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_end_at_semicolons_that_end_them() {
        let rows: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("// nothing; here\n", &[]),
            ("a; b;", &["a;", "b;"]),
            ("// a;\na // b;\n c;\n", &["a // b;\n c;"]),
            ("@t(\"甲;乙\\\";\") x;y", &["@t(\"甲;乙\\\";\") x;", "y"]),
            ("@t(\"\\\\\") x; y;", &["@t(\"\\\\\") x;", "y;"]),
            ("@t(\"open; \n", &["@t(\"open;"]),
        ];
        for (text, expected) in rows {
            let parts: Vec<&str> =
                policies(text).into_iter().map(|place| text.get(place).unwrap()).collect();
            assert_eq!(parts, expected, "{text:?}");
        }
    }
}
