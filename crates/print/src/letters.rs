//! What of a text can be printed.
//!
//! Whoever filled in a form may have written anything: letters that no font has, that show as
//! nothing, or that turn the reading around; and words longer than any line. A paper shows what can
//! be shown, says where something could not be, and stays within its margins.

use crate::Fonts;

/// 〓, the mark that printers of Chinese and Japanese have always set for a letter they lack.
pub(crate) const LACKING: char = '〓';

/// How many letters may stand without a place to break a line before one is made.
const UNBROKEN: usize = 30;

/// A place where a line may break and nothing shows.
const BREAK: char = '\u{200b}';

/// A text as it is printed.
pub(crate) fn printed(fonts: &Fonts, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for letter in text.trim().chars().filter_map(|letter| shown(fonts, letter)) {
        run = if breaks(letter) { 0 } else { run + 1 };
        if run > UNBROKEN {
            out.push(BREAK);
        }
        out.push(letter);
    }
    out
}

/// A letter as it is printed; none where it would show as nothing.
fn shown(fonts: &Fonts, letter: char) -> Option<char> {
    match letter {
        '\n' | ' ' => Some(letter),
        '\t' | '\u{a0}' | '\u{3000}' => Some(' '),
        letter if invisible(letter) => None,
        // Archives refuse letters whose meaning only one font knows.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => Some(LACKING),
        letter if fonts.has(letter) => Some(letter),
        _ => Some(LACKING),
    }
}

/// Controls, marks of direction, selectors of variants, and what else has no form of its own.
fn invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a line may break beside the letter: at a blank and at what is written without blanks.
fn breaks(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '-' | '/' | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
            | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_shown_is_marked_or_left_out() {
        let fonts = Fonts::of_system().unwrap();
        let rows = [
            ("薄荷小店", "薄荷小店"),
            ("𠮷㛃龘", "𠮷㛃龘"),
            ("a\u{202e}b\u{200b}c\u{0}", "abc"),
            ("\u{e123}\u{f0001}", "〓〓"),
            ("\u{12000}", "〓"),
            ("a\tb\u{3000}c\u{a0}d", "a b c d"),
            ("  a\nb ", "a\nb"),
        ];
        for (text, wanted) in rows {
            assert_eq!(printed(&fonts, text), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_word_longer_than_a_line_can_break() {
        let fonts = Fonts::of_system().unwrap();
        let word = "A".repeat(32);
        assert_eq!(printed(&fonts, &word), format!("{}\u{200b}A\u{200b}A", "A".repeat(30)));
        let named = "https://willow.example/zh/registers/herb-room/900101-2024-7 and so on";
        assert_eq!(printed(&fonts, named), named);
        let chinese = "中".repeat(60);
        assert_eq!(printed(&fonts, &chinese), chinese);
    }
}
