//! What the texts of surveys and drafts have in common: one thing a line, its words set apart by
//! tabs, and one text for the same thing, so that its digest stands for it.

use std::fmt::{Display, Write as _};
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::fault::Fault;

/// The most letters of a name, a key or a reason.
pub(crate) const WORD_MAX: usize = 200;

/// Adds a line.
pub(crate) fn line(text: &mut String, words: &[&dyn Display]) {
    for (place, word) in words.iter().enumerate() {
        let apart = if place == 0 { "" } else { "\t" };
        // Writing into a text cannot fail.
        let _ = write!(text, "{apart}{word}");
    }
    text.push('\n');
}

/// The lines after the first, each with its number, if the first is as it should be.
pub(crate) fn lines<'t>(
    text: &'t str,
    head: &str,
    other: Fault,
) -> Result<impl Iterator<Item = (Vec<&'t str>, usize)>, Vec<Fault>> {
    let mut lines = text.split('\n').zip(1..);
    if lines.next().map(|(first, _)| first) != Some(head) {
        return Err(vec![other]);
    }
    let lines = lines.filter(|(own, _)| !own.is_empty());
    Ok(lines.map(|(own, number)| (own.split('\t').collect(), number)))
}

/// A number, written as numbers are.
pub(crate) fn number<N: FromStr + Display>(text: &str) -> Option<N> {
    text.parse().ok().filter(|number: &N| number.to_string() == text)
}

/// Refuses a text that is not written in its one order, at the first line that shows it.
pub(crate) fn same(written: &str, text: &str) -> Result<(), Vec<Fault>> {
    if written == text {
        return Ok(());
    }
    let same = written.split('\n').zip(text.split('\n')).take_while(|(one, other)| one == other);
    Err(vec![Fault::NotALine(same.count() + 1)])
}

/// The SHA-256 of a text, in hexadecimal.
pub(crate) fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text may be a name, a key or a reason: one line that looks like what it is.
pub(crate) fn is_word(text: &str) -> bool {
    let letters = text.chars().count();
    (1..=WORD_MAX).contains(&letters) && text.trim() == text && !text.chars().any(unseen)
}

/// Letters that nobody sees, or that change where others stand.
pub(crate) fn unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || ('\u{200b}'..='\u{200f}').contains(&letter)
        || ('\u{2028}'..='\u{202e}').contains(&letter)
        || ('\u{2060}'..='\u{206f}').contains(&letter)
}
