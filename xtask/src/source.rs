//! Rust source with its comments and literals blanked out, so that a search for a brace or a word
//! finds code only. A full parser would know more; these rules need no more.

use std::iter::Peekable;
use std::str::Chars;

/// The same text, character for character and line for line, with a space for everything inside
/// comments, strings and character literals.
pub(crate) fn code_only(source: &str) -> String {
    let mut blanker = Blanker { rest: source.chars().peekable(), code: String::new() };
    while blanker.step() {}
    blanker.code
}

struct Blanker<'a> {
    rest: Peekable<Chars<'a>>,
    code: String,
}

impl Blanker<'_> {
    fn step(&mut self) -> bool {
        let Some(next) = self.rest.next() else { return false };
        match (next, self.rest.peek().copied()) {
            ('/', Some('/')) => self.line_comment(),
            ('/', Some('*')) => self.block_comment(),
            ('"', _) => self.string(),
            ('r', Some('"' | '#')) if !self.inside_word() => self.raw_string(),
            ('\'', Some(after)) => self.quote(after),
            _ => self.code.push(next),
        }
        true
    }

    /// The letter at hand continues a word, so `r` cannot open a raw string. `br` and `cr` can.
    fn inside_word(&self) -> bool {
        let mut before = self.code.chars().rev();
        match before.next() {
            Some('b' | 'c') => before.next().is_some_and(word_part),
            last => last.is_some_and(word_part),
        }
    }

    fn blank(&mut self, gone: char) {
        self.code.push(if gone == '\n' { '\n' } else { ' ' });
    }

    fn blank_next(&mut self) -> Option<char> {
        let gone = self.rest.next()?;
        self.blank(gone);
        Some(gone)
    }

    fn line_comment(&mut self) {
        self.blank('/');
        while self.rest.peek().is_some_and(|next| *next != '\n') {
            self.blank_next();
        }
    }

    fn block_comment(&mut self) {
        self.blank('/');
        self.blank_next();
        let mut depth = 1;
        while depth > 0 {
            let Some(gone) = self.blank_next() else { return };
            match (gone, self.rest.peek()) {
                ('*', Some('/')) => depth -= 1,
                ('/', Some('*')) => depth += 1,
                _ => continue,
            }
            self.blank_next();
        }
    }

    fn string(&mut self) {
        self.blank('"');
        while let Some(gone) = self.blank_next() {
            match gone {
                '\\' => self.blank_next(),
                '"' => return,
                _ => continue,
            };
        }
    }

    /// `r"…"` or `r#"…"#`; or, when no quote follows, a raw name such as `r#type`.
    fn raw_string(&mut self) {
        self.code.push('r');
        let mut hashes = 0;
        while self.rest.next_if_eq(&'#').is_some() {
            self.blank('#');
            hashes += 1;
        }
        if self.rest.peek() == Some(&'"') {
            self.blank_next();
            self.raw_body(hashes);
        }
    }

    fn raw_body(&mut self, hashes: usize) {
        while let Some(gone) = self.blank_next() {
            if gone != '"' {
                continue;
            }
            let mut closing = 0;
            while closing < hashes && self.rest.peek() == Some(&'#') {
                self.blank_next();
                closing += 1;
            }
            if closing == hashes {
                return;
            }
        }
    }

    /// A character literal, or the tick of a lifetime.
    fn quote(&mut self, after: char) {
        let mut ahead = self.rest.clone();
        ahead.next();
        if after != '\\' && ahead.peek() != Some(&'\'') {
            self.code.push('\'');
            return;
        }
        self.blank('\'');
        if self.blank_next() == Some('\\') {
            self.blank_next();
        }
        while self.blank_next().is_some_and(|gone| gone != '\'') {}
    }
}

/// Could stand in a name.
pub(crate) fn word_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::code_only;

    #[test]
    fn literals_and_comments_leave_only_code() {
        let check = |source: &str, expected: &str| {
            assert_eq!(code_only(source), expected);
            assert_eq!(source.chars().count(), expected.chars().count());
        };
        check("a // {\nb", "a     \nb");
        check("a /* { /* } */ { */ b", "a                   b");
        check("x(\"{\\\"{\", y)", "x(      , y)");
        check("x(r#\"{\"{\"#, y)", "x(r       , y)");
        check("x(br\"\\\", y)", "x(br   , y)");
        check("var\"{\"", "var   ");
        check("r#type {", "r type {");
        check("m('{', '\\'', '\\u{7b}') {", "m(   ,     ,         ) {");
        check("f<'a>(x: &'a str) {", "f<'a>(x: &'a str) {");
        check("('a', 'b')", "(   ,    )");
        check("\"a\n{\"", "  \n  ");
    }
}
