//! Where verdicts can turn: for each fact that two versions of a condition use, the candidates on
//! either side of every value it is compared with.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Fen, Name, Text};
use rules::{Comparison, Expression, Shape, Type, Value};

use super::{
    Ground, Version,
    dimension::{Candidate, Dimension, Part},
};

/// No number of a form is larger.
const NUMBER_MAX: i64 = 1_000_000;

/// Days are tried as far as this from the day of comparing.
const DAYS_MAX: i64 = 150 * 366;

/// The most settings of other facts under which the values of one side of a comparison are sought.
const SETTINGS_MAX: usize = 1_000;

/// The most others that a set of codes is filled up with.
const OTHERS_MAX: i64 = 40;

/// The facts in which applicants may differ.
pub(super) struct Space {
    /// One dimension for each fact, or several.
    pub(super) dimensions: Vec<Dimension>,
    /// Dimensions whose numbers are tied together in a comparison.
    pub(super) coupled: BTreeSet<usize>,
    /// True when between two neighbouring candidates no verdict can turn.
    pub(super) exact: bool,
}

/// A comparison in one version, with the facts that are fixed there.
struct Met<'v> {
    comparison: Comparison,
    version: &'v Version<'v>,
}

struct Bounds<'v> {
    met: Vec<Met<'v>>,
    kinds: BTreeMap<String, Asked>,
    values: BTreeMap<String, BTreeSet<Value>>,
    counts: BTreeMap<String, i64>,
    coupled: BTreeSet<String>,
    exact: bool,
}

/// A fact in both versions together.
struct Asked {
    kind: Type,
    optional: bool,
}

pub(super) fn space(before: &Version<'_>, after: &Version<'_>, ground: &Ground) -> Space {
    let versions = [before, after];
    let met = versions.into_iter().flat_map(|version| {
        let comparisons = version.that.map(Expression::comparisons).unwrap_or_default();
        comparisons.into_iter().map(move |comparison| Met { comparison, version })
    });
    let mut bounds = Bounds {
        met: met.collect(),
        kinds: kinds(before, after),
        values: BTreeMap::new(),
        counts: BTreeMap::new(),
        coupled: BTreeSet::new(),
        exact: true,
    };
    bounds.find(ground);
    bounds.space(ground)
}

/// The facts that applicants give and either version uses.
fn kinds(before: &Version<'_>, after: &Version<'_>) -> BTreeMap<String, Asked> {
    let versions = [before, after];
    let used: BTreeSet<&str> =
        versions.iter().flat_map(|v| v.that.iter().flat_map(|that| that.facts_used())).collect();
    let kind = |path: &str| {
        let mut asked = versions.iter().filter_map(|version| version.asked.get(path));
        let first = asked.next()?;
        let more: Vec<_> = asked.collect();
        let optional = first.optional || more.iter().any(|asked| asked.optional);
        let kind = more.iter().fold(first.kind.clone(), |kind, other| joined(kind, &other.kind));
        Some(Asked { kind, optional })
    };
    used.into_iter().filter_map(|path| Some((path.to_owned(), kind(path)?))).collect()
}

/// The options of both versions; of other kinds the later one's.
fn joined(kind: Type, other: &Type) -> Type {
    match (kind, other) {
        (Type::Choice(mut options), Type::Choice(more)) => {
            options
                .extend(more.iter().filter(|o| !options.contains(o)).cloned().collect::<Vec<_>>());
            Type::Choice(options)
        }
        (_, other) => other.clone(),
    }
}

fn ordered(kind: &Type) -> bool {
    matches!(kind, Type::Integer | Type::Money | Type::Date)
}

impl Bounds<'_> {
    /// The facts of a part that applicants give.
    fn free<'e>(&self, part: &'e Expression) -> Vec<&'e str> {
        part.facts_used().filter(|path| self.kinds.contains_key(*path)).collect()
    }

    fn is(&self, path: &str, is: impl Fn(&Type) -> bool) -> bool {
        self.kinds.get(path).is_some_and(|asked| is(&asked.kind))
    }

    /// Facts of which every candidate is known beforehand.
    fn listed(&self, path: &str) -> bool {
        self.is(path, |kind| matches!(kind, Type::Boolean | Type::Choice(_)))
    }

    fn find(&mut self, ground: &Ground) {
        let met = std::mem::take(&mut self.met);
        for met in &met {
            let Comparison { left, right } = &met.comparison;
            let sides = [(left, right), (right, left)];
            let found = sides.into_iter().any(|(a, b)| self.side(a, b, met.version, ground));
            if !found {
                self.tied(left, right, met.version, ground);
            }
        }
        self.met = met;
    }

    /// Finds where one side of a comparison turns, where the other is known but for listed facts.
    fn side(
        &mut self,
        a: &Expression,
        b: &Expression,
        version: &Version<'_>,
        ground: &Ground,
    ) -> bool {
        let (mine, others) = (self.free(a), self.free(b));
        if mine.iter().chain(&others).all(|path| self.listed(path)) {
            return true;
        }
        if !others.iter().all(|path| self.listed(path)) {
            return false;
        }
        let Some(limits) = self.values_of(b, version, ground) else { return false };
        // Truth held against truth turns where one of them does, which is a comparison of its own.
        if limits.iter().all(|limit| matches!(limit, Value::Boolean(_))) {
            return true;
        }
        match (a.shape(), mine.as_slice()) {
            (Shape::Fact(path), _) if self.is(path, ordered) => {
                let around = limits.iter().flat_map(around).collect::<Vec<Value>>();
                self.values.entry(path.to_owned()).or_default().extend(around);
                true
            }
            (Shape::Fact(path), _) => {
                self.is(path, |k| matches!(k, Type::Code(_) | Type::Codes(_) | Type::Text))
                    && b.facts_used().next().is_none()
            }
            (Shape::Count(path), _) => {
                let most = limits.iter().filter_map(whole).max().unwrap_or_default();
                let known = self.counts.entry(path.to_owned()).or_default();
                *known = (*known).max(most);
                most < OTHERS_MAX
            }
            (Shape::Elapsed, [path]) if self.is(path, |kind| *kind == Type::Date) => {
                let path = (*path).to_owned();
                limits.iter().filter_map(whole).for_each(|limit| {
                    let days = turns(a, &path, limit, version, ground.day);
                    self.values.entry(path.clone()).or_default().extend(days);
                });
                true
            }
            _ => false,
        }
    }

    /// Every value that a part takes as the listed facts in it vary; `None` when that is too many.
    fn values_of(
        &self,
        part: &Expression,
        version: &Version<'_>,
        ground: &Ground,
    ) -> Option<BTreeSet<Value>> {
        let free = self.free(part);
        let mut settings: Vec<BTreeMap<String, Value>> = vec![BTreeMap::new()];
        for path in free {
            let candidates = self.candidates(path, ground);
            let with = |setting: &BTreeMap<String, Value>, candidate: &Candidate| {
                let value = candidate.value().map(|value| (path.to_owned(), value.clone()));
                setting.clone().into_iter().chain(value).collect::<BTreeMap<_, _>>()
            };
            settings =
                settings.iter().flat_map(|s| candidates.iter().map(|c| with(s, c))).collect();
            if settings.len() > SETTINGS_MAX {
                return None;
            }
        }
        Some(settings.iter().filter_map(|s| part.value(&version.facts(s))).collect())
    }

    /// Numbers that are tied together: a verdict turns along a line, not at a value. All but the
    /// last are given round values, as in an example on paper; the last is tried where it turns
    /// then.
    fn tied(&mut self, a: &Expression, b: &Expression, version: &Version<'_>, ground: &Ground) {
        self.exact = false;
        let free: BTreeSet<String> =
            self.free(a).into_iter().chain(self.free(b)).map(str::to_owned).collect();
        let numbers: Vec<String> = free.iter().filter(|p| self.is(p, ordered)).cloned().collect();
        let written: Vec<&Value> = a.values().into_iter().chain(b.values()).collect();
        for path in &numbers {
            let fits = |value: &&&Value| self.is(path, |kind| same_kind(kind, value));
            let near: Vec<Value> = written.iter().filter(fits).map(|v| (*v).clone()).collect();
            let kind = self.kinds.get(path).map(|asked| &asked.kind);
            let round = kind.map(|kind| round(kind, ground.day)).unwrap_or_default();
            let known = self.values.entry(path.clone()).or_default();
            known.extend(near.into_iter().chain(round));
        }
        self.coupled.extend(numbers.iter().cloned());
        if let Some(last) = numbers.last() {
            let turned = self.turned(a, b, last, version, ground);
            self.values.entry(last.clone()).or_default().extend(turned);
        }
    }

    /// Where a comparison turns in one number, for some values of the others.
    fn turned(
        &self,
        a: &Expression,
        b: &Expression,
        path: &str,
        version: &Version<'_>,
        ground: &Ground,
    ) -> Vec<Value> {
        let used: BTreeSet<&str> = self.free(a).into_iter().chain(self.free(b)).collect();
        let mut settings: Vec<BTreeMap<String, Value>> = vec![BTreeMap::new()];
        for other in used.into_iter().filter(|other| *other != path) {
            let candidates = self.candidates(other, ground);
            let values: Vec<&Value> = candidates.iter().filter_map(Candidate::value).collect();
            let with = |setting: &BTreeMap<String, Value>, value: &Value| {
                let mut longer = setting.clone();
                longer.insert(other.to_owned(), value.clone());
                longer
            };
            settings = settings.iter().flat_map(|s| values.iter().map(|v| with(s, v))).collect();
            settings.truncate(SETTINGS_MAX);
        }
        let Some(asked) = self.kinds.get(path) else { return Vec::new() };
        let (low, high) = ends(&asked.kind, ground.day);
        let mut found = Vec::new();
        for setting in settings {
            let less = |number: i64| {
                let mut facts = setting.clone();
                facts.insert(path.to_owned(), made(&asked.kind, number)?);
                let facts = version.facts(&facts);
                Some(a.value(&facts)? < b.value(&facts)?)
            };
            let turn = turn(low, high, &less).into_iter();
            found.extend(turn.flat_map(|n| [n, n + 1]).filter_map(|n| made(&asked.kind, n)));
        }
        found
    }

    /// The candidates for a fact as a whole.
    fn candidates(&self, path: &str, ground: &Ground) -> Vec<Candidate> {
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
            Type::Party => of.push(Candidate::Other(Value::Party(String::new()))),
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

    fn space(mut self, ground: &Ground) -> Space {
        let paths: Vec<String> = self.kinds.keys().cloned().collect();
        let mut dimensions = Vec::new();
        let mut coupled = BTreeSet::new();
        for path in paths {
            let kind = self.kinds.get(&path).map(|asked| asked.kind.clone());
            let tied = self.coupled.contains(&path);
            if tied {
                coupled.insert(dimensions.len());
            }
            match kind {
                Some(Type::Codes(list)) => dimensions.extend(self.set(&path, &list, ground)),
                Some(kind) => {
                    // Divisions and texts held against each other are only sampled.
                    self.exact &= !matches!(kind, Type::Division);
                    dimensions.push(Dimension {
                        of: self.candidates(&path, ground),
                        ordered: ordered(&kind),
                        open: !tied,
                        path,
                        part: Part::Whole,
                        spare: Vec::new(),
                    });
                }
                None => {}
            }
        }
        Space { dimensions, coupled, exact: self.exact }
    }

    /// A set of codes: each code that a condition names, and how many others.
    fn set(&self, path: &str, list: &Name, ground: &Ground) -> Vec<Dimension> {
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

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

fn same_kind(kind: &Type, value: &Value) -> bool {
    matches!(
        (kind, value),
        (Type::Integer, Value::Integer(_))
            | (Type::Money, Value::Money(_))
            | (Type::Date, Value::Date(_))
    )
}

/// A value and its neighbours.
fn around(value: &Value) -> Vec<Value> {
    let moved = |by: i64| match value {
        Value::Integer(number) => number.checked_add(by).map(Value::Integer),
        Value::Money(fen) => fen.plus(Fen(by)).map(Value::Money),
        Value::Date(date) => date.plus_days(by).map(Value::Date),
        _ => None,
    };
    [-1, 0, 1].into_iter().filter_map(moved).collect()
}

/// The least and the greatest number that stands for a value of that kind; days count from a day
/// long ago.
fn ends(kind: &Type, day: Date) -> (i64, i64) {
    match kind {
        Type::Date => {
            let number = first_day().map_or(0, |first| first.days_until(day));
            (number - DAYS_MAX, number + DAYS_MAX)
        }
        _ => (-NUMBER_MAX, NUMBER_MAX),
    }
}

/// A few round values of that kind.
fn round(kind: &Type, day: Date) -> Vec<Value> {
    let years = |count: u32| Some(Value::Date(day.plus_days(-366 * i64::from(count))?));
    match kind {
        Type::Integer => [10, 100, 1000].map(Value::Integer).into(),
        Type::Money => [100_000, 10_000_000].map(|fen| Value::Money(Fen(fen))).into(),
        Type::Date => [0, 1, 5, 20].into_iter().filter_map(years).collect(),
        _ => Vec::new(),
    }
}

/// The day from which days are numbered.
fn first_day() -> Option<Date> {
    Date::new(1970, 1, 1)
}

fn made(kind: &Type, number: i64) -> Option<Value> {
    match kind {
        Type::Integer => Some(Value::Integer(number)),
        Type::Money => Some(Value::Money(Fen(number))),
        Type::Date => first_day()?.plus_days(number).map(Value::Date),
        _ => None,
    }
}

/// The days on both sides of where an elapsed time passes `limit` and the number after it.
fn turns(
    part: &Expression,
    path: &str,
    limit: i64,
    version: &Version<'_>,
    day: Date,
) -> Vec<Value> {
    let (low, high) = ends(&Type::Date, day);
    let less = |than: i64| {
        move |number: i64| {
            let facts = BTreeMap::from([(path.to_owned(), made(&Type::Date, number)?)]);
            Some(whole(&part.value(&version.facts(&facts))?)? < than)
        }
    };
    [limit, limit.saturating_add(1)]
        .into_iter()
        .filter_map(|than| turn(low, high, &less(than)))
        .flat_map(|number| [number, number + 1])
        .filter_map(|number| made(&Type::Date, number))
        .collect()
}

/// The last number before something turns, when it is not the same at both ends.
fn turn(low: i64, high: i64, is: &dyn Fn(i64) -> Option<bool>) -> Option<i64> {
    let first = is(low)?;
    if is(high)? == first {
        return None;
    }
    let (mut low, mut high) = (low, high);
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if is(middle)? == first { low = middle } else { high = middle }
    }
    Some(low)
}
