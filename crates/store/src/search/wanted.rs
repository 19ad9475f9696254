//! What is sought: the terms of a text that somebody typed, the words of the index that an answer
//! must stand under, and the comparison that settles whether an entry answers, and how well.

use super::{
    text::{Run, SYLLABLES, folded, runs, solid},
    word::{INITIALS_MAX, Spoken, beginning, coded, pairs, spelled, whole},
};

/// The most characters that are sought.
pub const TEXT_MAX: usize = 60;
/// The most terms of one search.
const TERMS_MAX: usize = 8;
/// So many ways of cutting letters into syllables are told apart.
const CUTS_MAX: usize = 16;
/// So many letters are cut; whoever is read like all of them is read like these.
const CUT_MAX: usize = 24;

/// Why a text is not sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsought {
    /// A single letter or digit, or only signs.
    TooShort,
    /// More than [`TEXT_MAX`] characters, or more than eight terms.
    TooLong,
}

/// How well an entry answers, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answers {
    /// Its heading is what was sought.
    Exactly,
    /// Its heading begins with it.
    Begins,
    /// It stands in its heading.
    InHeading,
    /// It stands elsewhere in the entry, in part at least.
    Elsewhere,
    /// The entry by which it is known answers.
    Named,
}

impl Answers {
    /// Those that an entry gives by itself.
    pub(crate) const OWN: [Self; 4] =
        [Self::Exactly, Self::Begins, Self::InHeading, Self::Elsewhere];

    /// Its place among them.
    pub fn rank(self) -> u8 {
        self as u8
    }
}

/// A text to seek.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wanted {
    terms: Vec<Term>,
    solid: String,
}

/// A part of it that an entry must say in one place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Term {
    Han(Vec<char>),
    Word(String),
}

/// Words of the index, joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Words {
    One(String),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// No entry stands under this.
const NOTHING: &str = "0";

impl Words {
    fn any(kind: &'static str, words: impl IntoIterator<Item = String>) -> Self {
        Self::Any(words.into_iter().map(|word| Self::One(format!("{kind}{word}"))).collect())
    }

    /// This and something more.
    pub(crate) fn and(self, other: Self) -> Self {
        Self::All(vec![self, other])
    }

    /// The same with a database's signs for both joints and around a word.
    pub(crate) fn written(&self, all: &str, any: &str, quote: char) -> String {
        let joined = |parts: &[Self], joint: &str| {
            let parts: Vec<String> =
                parts.iter().map(|part| part.written(all, any, quote)).collect();
            match parts.as_slice() {
                [] => format!("{quote}{NOTHING}{quote}"),
                [one] => one.clone(),
                _ => format!("({})", parts.join(joint)),
            }
        };
        match self {
            Self::One(word) => format!("{quote}{word}{quote}"),
            Self::All(parts) => joined(parts, all),
            Self::Any(parts) => joined(parts, any),
        }
    }
}

impl Wanted {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`Unsought`] where there is too little to go by, or too much.
    pub fn parse(text: &str) -> Result<Self, Unsought> {
        if text.chars().count() > TEXT_MAX {
            return Err(Unsought::TooLong);
        }
        let folded = folded(text);
        let terms: Vec<Term> = folded.split_whitespace().flat_map(terms).collect();
        let solid = solid(&folded);
        match terms.as_slice() {
            [] => Err(Unsought::TooShort),
            [Term::Word(word)] if word.chars().count() < 2 => Err(Unsought::TooShort),
            terms if terms.len() > TERMS_MAX => Err(Unsought::TooLong),
            _ => Ok(Self { terms, solid }),
        }
    }

    /// How it is read, where it is Chinese: what else it may have been meant to be.
    pub(crate) fn as_read(&self) -> Option<Self> {
        let read = |term: &Term| match term {
            Term::Word(_) => None,
            Term::Han(han) => spelled(han).into_iter().map(|own| own.first().cloned()).collect(),
        };
        let words: Vec<String> = self.terms.iter().map(read).collect::<Option<_>>()?;
        let solid = words.concat();
        let terms = words.into_iter().map(Term::Word).collect();
        (solid.len() > 1).then_some(Self { terms, solid })
    }

    /// The words under which entries with a part of it stand, for whoever mistyped it.
    pub(crate) fn in_part(&self) -> Words {
        let pairs = self.terms.iter().flat_map(|term| match term {
            Term::Han(han) => pairs(han).map(|pair| Words::One(coded('h', pair))).collect(),
            Term::Word(word) => {
                let most = word.chars().count().div_ceil(2).max(2);
                vec![of_word(&word.chars().take(most).collect::<String>())]
            }
        });
        Words::Any(pairs.collect())
    }

    /// The text without gaps, as headings are compared with it.
    pub(crate) fn solid(&self) -> &str {
        &self.solid
    }

    /// The words that every entry stands under which answers at least so well.
    pub(crate) fn words(&self, answers: Answers) -> Words {
        let every = |of: fn(&Term) -> Words| Words::All(self.terms.iter().map(of).collect());
        match answers {
            Answers::Elsewhere | Answers::Named => every(anywhere),
            Answers::InHeading => every(in_heading),
            // The whole of a heading, or its first two characters, say enough: each further word
            // would be looked for, too.
            Answers::Exactly => Words::One(whole('x', &self.solid)),
            Answers::Begins if self.exact() && matches!(self.terms.as_slice(), [Term::Han(_)]) => {
                Words::One(whole('b', &self.solid))
            }
            Answers::Begins => {
                let mut begins = vec![Words::One(whole('b', &self.solid))];
                if let [Term::Word(word)] = self.terms.as_slice() {
                    begins.extend(read_as("c", word));
                }
                every(anywhere).and(Words::Any(begins))
            }
        }
    }

    /// Whether standing under the words is enough to answer, without comparing.
    pub(crate) fn exact(&self) -> bool {
        self.terms.iter().all(|term| match term {
            Term::Han(han) => {
                han.len() <= 2 && coded('h', han.iter().copied()).len() == 1 + 3 * han.len()
            }
            Term::Word(word) => {
                let short =
                    word.len() <= INITIALS_MAX && cuts(word).iter().all(|cut| cut.len() < 3);
                let digits = word.bytes().all(|byte| byte.is_ascii_digit());
                (short || digits && beginning(word).len() == word.len())
                    && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }
        })
    }

    /// How an entry answers by itself, if it does.
    pub(crate) fn answered(&self, spoken: &Spoken<'_>) -> Option<Answers> {
        let headings: Vec<Vec<Run>> = spoken.headings.iter().map(|own| runs(own)).collect();
        let headed = |term: &&Term| headings.iter().any(|runs| term.stands_in(runs, true));
        let elsewhere: Vec<&Term> = self.terms.iter().filter(|term| !headed(term)).collect();
        let others = || spoken.others.iter().map(|own| runs(own));
        if !elsewhere.iter().all(|term| others().any(|runs| term.stands_in(&runs, false))) {
            return None;
        }
        let solids: Vec<String> = spoken.headings.iter().map(|own| solid(own)).collect();
        let begins = |runs: &Vec<Run>| match (self.terms.as_slice(), runs.first()) {
            ([Term::Word(word)], Some(Run::Han(han))) => read_from(&spelled(han), word),
            _ => false,
        };
        Some(if solids.contains(&self.solid) {
            Answers::Exactly
        } else if solids.iter().any(|own| own.starts_with(&self.solid))
            || headings.iter().any(begins)
        {
            Answers::Begins
        } else if elsewhere.is_empty() {
            Answers::InHeading
        } else {
            Answers::Elsewhere
        })
    }
}

/// The terms of what was typed without a space: of a code in parts only the whole.
fn terms(chunk: &str) -> Vec<Term> {
    let runs = runs(chunk);
    let mut terms: Vec<Term> = Vec::new();
    for run in runs {
        match run {
            Run::Han(han) => terms.push(Term::Han(han)),
            Run::Word(word) => {
                let parts = parts_of(&terms, &word);
                terms.truncate(terms.len() - parts);
                terms.push(Term::Word(word));
            }
        }
    }
    terms
}

/// How many of the last terms are the parts of that word.
fn parts_of(terms: &[Term], word: &str) -> usize {
    let mut whole = String::new();
    for (count, term) in terms.iter().rev().enumerate() {
        let Term::Word(part) = term else { break };
        whole.insert_str(0, part);
        if whole == word && count > 0 {
            return count + 1;
        }
    }
    0
}

impl Term {
    /// Whether it stands in a field. A single Chinese character is sought in headings only, and so
    /// is how characters are read.
    fn stands_in(&self, runs: &[Run], heading: bool) -> bool {
        runs.iter().any(|run| match (self, run) {
            (Self::Han(term), Run::Han(run)) => {
                (heading || term.len() > 1) && run.windows(term.len()).any(|part| part == term)
            }
            (Self::Word(term), Run::Word(run)) => run.starts_with(term),
            (Self::Word(term), Run::Han(run)) if heading && term.chars().count() > 1 => {
                let spelled = spelled(run);
                (0..spelled.len()).any(|at| read_from(spelled.get(at..).unwrap_or_default(), term))
            }
            _ => false,
        })
    }
}

/// Whether characters read like that begin with the term, by syllables or by initials.
fn read_from(spelled: &[&[String]], term: &str) -> bool {
    spells(spelled, term) || initials(spelled, term)
}

fn spells(spelled: &[&[String]], term: &str) -> bool {
    let Some((own, further)) = spelled.split_first() else { return term.is_empty() };
    own.iter().any(|reading| {
        reading.starts_with(term)
            || term.strip_prefix(reading.as_str()).is_some_and(|rest| spells(further, rest))
    })
}

fn initials(spelled: &[&[String]], term: &str) -> bool {
    let letters: Vec<char> = term.chars().collect();
    let read = |(own, letter): (&&[String], &char)| own.iter().any(|one| one.starts_with(*letter));
    letters.len() > 1 && letters.len() <= spelled.len() && spelled.iter().zip(&letters).all(read)
}

fn in_heading(term: &Term) -> Words {
    match term {
        Term::Han(han) => of_han('h', han),
        Term::Word(word) => of_word(word),
    }
}

fn anywhere(term: &Term) -> Words {
    match term {
        Term::Han(han) if han.len() < 2 => of_han('h', han),
        Term::Han(han) => Words::Any(vec![of_han('h', han), of_han('o', han)]),
        Term::Word(word) => {
            Words::Any(vec![of_word(word), Words::One(coded('o', beginning(word)))])
        }
    }
}

fn of_han(kind: char, han: &[char]) -> Words {
    match han {
        [one] => Words::One(coded(kind, [*one])),
        _ => Words::All(pairs(han).map(|pair| Words::One(coded(kind, pair))).collect()),
    }
}

fn of_word(word: &str) -> Words {
    let mut ways = vec![Words::One(coded('h', beginning(word)))];
    ways.extend(read_as("", word));
    Words::Any(ways)
}

/// The words of what is read like that, or of what begins so.
fn read_as(kind: &'static str, word: &str) -> Vec<Words> {
    let letters = word.bytes().all(|byte| byte.is_ascii_lowercase());
    if !letters || word.len() < 2 {
        return Vec::new();
    }
    let begins = !kind.is_empty();
    let mut ways = Vec::new();
    let grams = word.as_bytes().windows(INITIALS_MAX.min(word.len()));
    let grams = grams.map(|gram| String::from_utf8_lossy(gram).into_owned());
    let grams: Vec<Words> = grams
        .take(if begins { 1 } else { usize::MAX })
        .map(|gram| Words::One(format!("{kind}i{gram}")))
        .collect();
    ways.push(Words::All(grams));
    ways.extend(cuts(word).iter().map(|cut| syllables(kind, cut)));
    ways
}

/// The words of a cut into syllables, the last of which may be a beginning.
fn syllables(kind: &'static str, cut: &[&str]) -> Words {
    let pair = |pair: &[&str], last: bool| match pair {
        [one, two] if last => Words::any(kind, begun(two).map(|whole| format!("p{one}{whole}"))),
        _ => Words::One(format!("{kind}p{}", pair.concat())),
    };
    match cut {
        [one] => Words::any(kind, begun(one).map(|whole| format!("s{whole}"))),
        _ => {
            let most = if kind.is_empty() { cut.len() } else { 1 };
            let pairs = cut.windows(2).enumerate().take(most);
            Words::All(pairs.map(|(at, two)| pair(two, at + 2 == cut.len())).collect())
        }
    }
}

/// The syllables that begin so.
fn begun(part: &str) -> impl Iterator<Item = &'static String> {
    SYLLABLES.range(part.to_owned()..).take_while(move |own| own.starts_with(part))
}

/// The ways to cut letters into syllables, the last of which may be a beginning. Where there are
/// too many ways, longer cuts are left off at their first two syllables.
fn cuts(word: &str) -> Vec<Vec<&str>> {
    let mut found = Vec::new();
    cut(word.get(..CUT_MAX).unwrap_or(word), Vec::new(), &mut found);
    if found.len() > CUTS_MAX {
        found.iter_mut().for_each(|cut| cut.truncate(3));
        found.sort_unstable();
        found.dedup();
    }
    found
}

fn cut<'w>(rest: &'w str, so_far: Vec<&'w str>, found: &mut Vec<Vec<&'w str>>) {
    if begun(rest).next().is_some() {
        found.push([so_far.as_slice(), &[rest]].concat());
    }
    for length in 1..rest.len() {
        if let Some((syllable, further)) = rest.split_at_checked(length)
            && SYLLABLES.contains(syllable)
        {
            cut(further, [so_far.as_slice(), &[syllable]].concat(), found);
        }
    }
}
