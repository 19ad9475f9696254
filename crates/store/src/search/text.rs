//! Texts as they are sought: compatibility forms, letter cases, accents and traditional characters
//! are folded away, and a text falls into runs of Chinese characters and words of other letters and
//! digits. Chinese characters are also known by how they are read.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Characters of one field that are sought; what follows them is not.
const FIELD_MAX: usize = 200;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Run {
    /// Chinese characters; signs and spaces between them are passed over.
    Han(Vec<char>),
    /// Letters and digits without a gap.
    Word(String),
}

/// A text without what readers do not tell apart: full width, case, accents, traditional forms.
pub(crate) fn folded(text: &str) -> String {
    let plain = text.nfkd().flat_map(char::to_lowercase).filter(|c| !is_combining_mark(*c));
    plain.filter(|c| *c != '\0').map(simplified).take(FIELD_MAX).collect()
}

/// The simplified form of a character, where it has one.
fn simplified(written: char) -> char {
    if !is_han(written) {
        return written;
    }
    let mut bytes = [0; 4];
    fast2s::convert(written.encode_utf8(&mut bytes)).chars().next().unwrap_or(written)
}

/// Whether that is a Chinese character.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Whether a sign joins the parts of a code, as in `900101-2030-7`.
fn joins(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The letters, digits and Chinese characters of a folded text, and nothing between them.
pub(crate) fn solid(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The runs of a folded text, in order. A code in parts is a word for each part and, behind them,
/// one for the whole.
pub(crate) fn runs(folded: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut han, mut word, mut parts) = (Vec::new(), String::new(), Vec::new());
    for c in folded.chars() {
        match c {
            c if is_han(c) => {
                end_code(&mut runs, &mut word, &mut parts);
                han.push(c);
            }
            c if c.is_alphanumeric() => {
                end_han(&mut runs, &mut han);
                word.push(c);
            }
            c if joins(c) && !word.is_empty() => parts.push(std::mem::take(&mut word)),
            _ => end_code(&mut runs, &mut word, &mut parts),
        }
    }
    end_code(&mut runs, &mut word, &mut parts);
    end_han(&mut runs, &mut han);
    runs
}

fn end_han(runs: &mut Vec<Run>, han: &mut Vec<char>) {
    if !han.is_empty() {
        runs.push(Run::Han(std::mem::take(han)));
    }
}

fn end_code(runs: &mut Vec<Run>, word: &mut String, parts: &mut Vec<String>) {
    if !word.is_empty() {
        parts.push(std::mem::take(word));
    }
    if parts.len() > 1 {
        let whole = parts.concat();
        runs.extend(parts.drain(..).map(Run::Word));
        runs.push(Run::Word(whole));
    } else {
        runs.extend(parts.drain(..).map(Run::Word));
    }
}

/// How a character is read, without tones, the commonest way first; none where it is not known. 女
/// is `nu` and `nv`.
pub(crate) fn readings(c: char) -> &'static [String] {
    READINGS.get(&c).map(Vec::as_slice).unwrap_or_default()
}

/// The readings of every character: candidates are compared by the thousand.
static READINGS: LazyLock<HashMap<char, Vec<String>>> = LazyLock::new(|| {
    let blocks = ['\u{3400}'..='\u{4dbf}', '\u{4e00}'..='\u{9fff}', '\u{20000}'..='\u{323af}'];
    let characters = blocks.into_iter().flatten().chain(['\u{3007}']);
    let read = characters.map(|c| (c, looked_up(c)));
    read.filter(|(_, readings)| !readings.is_empty()).collect()
});

fn looked_up(c: char) -> Vec<String> {
    use pinyin::ToPinyinMulti;
    let Some(multi) = c.to_pinyin_multi() else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    for reading in multi.into_iter().map(|reading| reading.plain()) {
        let typed = reading.contains('ü').then(|| reading.replace('ü', "v"));
        let plain = reading.replace('ü', "u").replace('ê', "e");
        for own in [Some(plain), typed].into_iter().flatten() {
            if own.bytes().all(|byte| byte.is_ascii_lowercase()) && !found.contains(&own) {
                found.push(own);
            }
        }
    }
    found
}

/// Every syllable that some character is read by.
pub(crate) static SYLLABLES: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| READINGS.values().flatten().cloned().collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_do_not_tell_apart_is_folded() {
        let check = |text: &str, expected: &str| assert_eq!(folded(text), expected, "{text}");
        check("ＡＢＣ１２３", "abc123");
        check("Café ǍI", "cafe ai");
        check("養老機構", "养老机构");
        check("醫療衛生", "医疗卫生");
        check("①号", "1号");
        check("女\0工", "女工");
    }

    #[test]
    fn texts_fall_into_runs() {
        let han = |text: &str| Run::Han(text.chars().collect());
        let word = |text: &str| Run::Word(text.to_owned());
        let check = |text: &str, expected: &[Run]| assert_eq!(runs(text), expected, "{text}");
        check("", &[]);
        check("（柳溪）茶馆", &[han("柳溪茶馆")]);
        check("安康路12号", &[han("安康路"), word("12"), han("号")]);
        let parts = ["900101", "2030", "7", "90010120307"].map(word);
        check("900101-2030-7", &parts);
        check("tea house-", &[word("tea"), word("house")]);
        assert_eq!(solid("a-b 柳（溪）"), "ab柳溪");
    }

    #[test]
    fn characters_are_read_in_every_way() {
        let check = |c: char, expected: &[&str]| {
            let readings = readings(c);
            expected.iter().for_each(|one| assert!(readings.contains(&(*one).to_owned()), "{c}"));
        };
        check('重', &["zhong", "chong"]);
        check('长', &["chang", "zhang"]);
        check('乐', &["le", "yue"]);
        check('女', &["nu", "nv"]);
        assert!(readings('a').is_empty());
        assert!((400..600).contains(&SYLLABLES.len()), "{}", SYLLABLES.len());
    }
}
