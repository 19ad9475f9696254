//! The words under which an entry stands in the index. A first letter keeps kinds of words apart:
//! `h` of the heading, `b` how it begins, `x` the whole of it, `s p i` how it is read (one
//! syllable, two, initials), `c` how the reading begins, `o` of other fields, and `r d` for
//! register and district.

use std::{borrow::Cow, collections::BTreeSet};

use super::text::{Run, readings, runs, solid};

/// So many letters of a word are words themselves; a longer beginning is looked for by the longest
/// of these that it holds, and then compared.
const BEGINNINGS: [usize; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16];
/// The most initials in one word of the index.
pub(crate) const INITIALS_MAX: usize = 4;
/// The characters of a whole heading that are compared in the index.
const WHOLE_MAX: usize = 24;

/// What an entry says that can be sought, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Spoken<'s> {
    /// What it is known by, in each language it is known in.
    pub(crate) headings: Vec<Cow<'s, str>>,
    /// What else it says.
    pub(crate) others: Vec<Cow<'s, str>>,
}

impl Spoken<'_> {
    /// Every word it stands under.
    pub(crate) fn words(&self) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        for heading in &self.headings {
            of_heading(heading, &mut words);
        }
        for run in self.others.iter().flat_map(|other| runs(other)) {
            match run {
                Run::Han(han) => words.extend(pairs(&han).map(|pair| coded('o', pair))),
                Run::Word(word) => words.extend(beginnings(&word).map(|part| coded('o', part))),
            }
        }
        words
    }
}

fn of_heading(heading: &str, words: &mut BTreeSet<String>) {
    let whole: Vec<char> = solid(heading).chars().collect();
    words.insert(coded('x', whole.iter().take(WHOLE_MAX).copied()));
    words.extend((1..=2).filter_map(|n| whole.get(..n)).map(|b| coded('b', b.iter().copied())));
    for (at, run) in runs(heading).into_iter().enumerate() {
        match run {
            Run::Han(han) => {
                words.extend(han.iter().map(|c| coded('h', [*c])));
                words.extend(pairs(&han).map(|pair| coded('h', pair)));
                read(&spelled(&han), at == 0, words);
            }
            Run::Word(word) => words.extend(beginnings(&word).map(|part| coded('h', part))),
        }
    }
}

/// How each character of a run is read.
pub(crate) fn spelled(han: &[char]) -> Vec<&'static [String]> {
    han.iter().map(|c| readings(*c)).collect()
}

/// The words of how a run is read; of a run at the beginning also how the reading begins.
fn read(spelled: &[&[String]], first: bool, words: &mut BTreeSet<String>) {
    for (at, own) in spelled.iter().enumerate() {
        let begins = first && at == 0;
        let next = spelled.get(at + 1).copied().unwrap_or_default();
        for one in *own {
            words.insert(format!("s{one}"));
            words.extend(next.iter().map(|two| format!("p{one}{two}")));
            if begins {
                words.insert(format!("cs{one}"));
                words.extend(next.iter().map(|two| format!("cp{one}{two}")));
            }
        }
        let mut grams = BTreeSet::from([String::new()]);
        for readings in spelled.iter().skip(at).take(INITIALS_MAX) {
            let longer = |gram: &String| {
                let letters = readings.iter().filter_map(|reading| reading.chars().next());
                letters.map(|letter| format!("{gram}{letter}")).collect::<Vec<_>>()
            };
            grams = grams.iter().flat_map(longer).collect();
            for gram in grams.iter().filter(|gram| gram.len() > 1) {
                words.insert(format!("i{gram}"));
                words.extend(begins.then(|| format!("ci{gram}")));
            }
        }
    }
}

/// Two characters each that stand side by side.
pub(crate) fn pairs(han: &[char]) -> impl Iterator<Item = [char; 2]> {
    han.windows(2).filter_map(|pair| <[char; 2]>::try_from(pair).ok())
}

/// The beginnings of a word that stand in the index.
fn beginnings(word: &str) -> impl Iterator<Item = Vec<char>> {
    let letters: Vec<char> = word.chars().collect();
    let lengths = BEGINNINGS.into_iter().filter(move |length| *length <= letters.len());
    let letters: Vec<char> = word.chars().collect();
    lengths.map(move |length| letters.iter().take(length).copied().collect())
}

/// The longest beginning of a word that stands in the index.
pub(crate) fn beginning(word: &str) -> Vec<char> {
    let length = word.chars().count();
    let longest = BEGINNINGS.into_iter().rfind(|known| *known <= length).unwrap_or(1);
    word.chars().take(longest).collect()
}

/// The word of a whole heading, or of the beginning of one.
pub(crate) fn whole(kind: char, solid: &str) -> String {
    let length = if kind == 'x' { WHOLE_MAX } else { 2 };
    coded(kind, solid.chars().take(length))
}

/// A word of the index. The databases' own splitters of texts know letters, digits and the older
/// Chinese characters for what they are; any other is written by its number.
pub(crate) fn coded(kind: char, letters: impl IntoIterator<Item = char>) -> String {
    let mut word = String::from(kind);
    for letter in letters {
        match letter {
            'a'..='z' | '0'..='9' | '\u{3400}'..='\u{4db5}' | '\u{4e00}'..='\u{9fcc}' => {
                word.push(letter);
            }
            other => word.push_str(&format!("u{:x}z", u32::from(other))),
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_stands_under_what_it_says() {
        let spoken = Spoken {
            headings: vec!["柳乐a1".into()],
            others: vec!["安康路".into(), "9111".into()],
        };
        let words: Vec<String> = spoken.words().into_iter().collect();
        let expected = "b柳 b柳乐 cill cily cpliule cpliuyue csliu h乐 h柳 h柳乐 ha ha1 ill ily \
                        o9 o91 o911 o9111 o安康 o康路 pliule pliuyue sle sliu syue x柳乐a1";
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        let known = |word: &&String| expected.contains(&word.as_str());
        let unknown: Vec<_> = words.iter().filter(|word| !known(word)).collect();
        // 乐 has rarer readings, which stand beside these.
        let rarer =
            |word: &str| word.contains("luo") || word.contains("lao") || word.contains("liao");
        assert!(unknown.iter().all(|word| rarer(word)), "{unknown:?}");
        expected.iter().for_each(|word| assert!(words.contains(&(*word).to_owned()), "{word}"));
    }

    #[test]
    fn rare_characters_are_written_by_their_number() {
        assert_eq!(coded('h', "〇\u{2b627}é".chars()), "hu3007zu2b627zue9z");
        assert_eq!(beginning("123456789"), "12345678".chars().collect::<Vec<_>>());
    }
}
