//! What is tried for each fact.

use std::collections::BTreeSet;

use base::{Name, Point, Text};
use rules::{Type, Value};

use super::{
    Ground,
    bound::Bounds,
    dimension::{Candidate, Dimension, Part},
    turn::{ends, made},
};

/// The most others that a set of codes is filled up with.
pub(super) const OTHERS_MAX: i64 = 40;

impl Bounds<'_> {
    /// The candidates for a fact as a whole.
    pub(super) fn candidates(&self, path: &str, ground: &Ground) -> Vec<Candidate> {
        let Some(asked) = self.kinds.get(path) else { return Vec::new() };
        let mut of: Vec<Candidate> = Vec::new();
        if asked.optional {
            of.push(Candidate::Missing);
        }
        let named = self.values.get(path).cloned().unwrap_or_default();
        match &asked.kind {
            Type::Boolean => of.extend([true, false].map(|is| Candidate::Is(Value::Boolean(is)))),
            Type::Choice(options) => {
                of.extend(options.iter().map(|o| Candidate::Is(Value::Choice(o.clone()))));
            }
            Type::Code(list) => of.extend(self.codes(ground, list)),
            Type::Text => of.extend(self.texts()),
            Type::Integer | Type::Money | Type::Date => {
                let (low, high) = ends(&asked.kind, ground.day);
                let far = [low, high].into_iter().filter_map(|end| made(&asked.kind, end));
                let far = far.filter(|_| !self.coupled.contains(path));
                let values: BTreeSet<Value> = named.into_iter().chain(far).collect();
                of.extend(values.into_iter().map(Candidate::Is));
            }
            Type::Division => {
                let places = ground.places.iter();
                of.extend(places.map(|place| Candidate::Is(Value::Division(place.clone()))));
            }
            Type::Codes(_) | Type::Bodies => {
                of.push(Candidate::Other(Value::Codes(BTreeSet::new())));
            }
            Type::Entry(_) => of.push(Candidate::Other(Value::Text(String::new()))),
            Type::Party => of.push(Candidate::Other(Value::Party(String::new()))),
            Type::Point => {
                of.extend(Point::new(0, 0).map(|own| Candidate::Other(Value::Point(own))))
            }
            // No form and no register asks for these: they stand in rows that sources send.
            Type::Moment | Type::Decimal(_) | Type::Texts => {}
            Type::Sealed => of.push(Candidate::Other(Value::Sealed)),
            Type::Bilingual => of.push(Candidate::Other(Value::Bilingual(Text::new("", "")))),
        }
        of
    }

    /// The words written in any comparison.
    fn words(&self) -> BTreeSet<String> {
        let sides = self.met.iter().flat_map(|m| [&m.comparison.left, &m.comparison.right]);
        let word = |value: &Value| match value {
            Value::Code(word) | Value::Text(word) => vec![word.clone()],
            Value::Codes(words) => words.iter().cloned().collect(),
            _ => Vec::new(),
        };
        sides
            .flat_map(|side| side.values().into_iter().flat_map(word).collect::<Vec<_>>())
            .collect()
    }

    fn codes(&self, ground: &Ground, list: &Name) -> Vec<Candidate> {
        let words = self.words();
        let known = ground.codes.get(list).into_iter().flatten();
        let (named, other): (Vec<_>, Vec<_>) = known.partition(|code| words.contains(*code));
        let other = other.first().map(|code| Candidate::Other(Value::Code((*code).clone())));
        let named = named.into_iter().map(|code| Candidate::Is(Value::Code(code.clone())));
        named.chain(other).collect()
    }

    fn texts(&self) -> Vec<Candidate> {
        let words = self.words();
        let other = words.iter().fold("…".to_owned(), |all, word| all + word);
        let named = words.into_iter().map(|word| Candidate::Is(Value::Text(word)));
        named.chain([Candidate::Other(Value::Text(other))]).collect()
    }

    /// A set of codes: each code that a condition names, and how many others.
    pub(super) fn set(&self, path: &str, list: &Name, ground: &Ground) -> Vec<Dimension> {
        let words = self.words();
        let known = ground.codes.get(list).into_iter().flatten();
        let (named, spare): (Vec<_>, Vec<_>) = known.partition(|code| words.contains(*code));
        let spare: Vec<String> = spare.into_iter().cloned().collect();
        let most = self.counts.get(path).map_or(1, |count| count.clamp(&0, &OTHERS_MAX) + 1);
        let most = most.min(i64::try_from(spare.len()).unwrap_or(most));
        let missing = self.kinds.get(path).is_some_and(|asked| asked.optional);
        let missing = missing.then_some(Candidate::Missing);
        let numbers = (0..=most).map(|count| Candidate::Is(Value::Integer(count)));
        let has = |code: &String| Dimension {
            path: path.to_owned(),
            part: Part::Has(code.clone()),
            of: [true, false].map(|is| Candidate::Is(Value::Boolean(is))).into(),
            ordered: false,
            open: true,
            spare: Vec::new(),
        };
        let others = Dimension {
            path: path.to_owned(),
            part: Part::Others,
            of: missing.into_iter().chain(numbers).collect(),
            ordered: true,
            open: true,
            spare: spare.clone(),
        };
        named.into_iter().map(has).chain([others]).collect()
    }
}
