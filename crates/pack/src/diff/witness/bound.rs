//! Where verdicts can turn: for each fact that two versions of a condition use, the candidates on
//! either side of every value it is compared with.

use std::collections::{BTreeMap, BTreeSet};

use rules::{Comparison, Expression, Shape, Type, Value};

use super::{
    Ground, Version,
    candidate::OTHERS_MAX,
    dimension::{Candidate, Dimension, Part},
    turn::{around, ends, made, ordered, round, same_kind, turn, turns, whole},
};

/// The most settings of other facts under which the values of one side of a comparison are sought.
const SETTINGS_MAX: usize = 1_000;

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
pub(super) struct Met<'v> {
    pub(super) comparison: Comparison,
    version: &'v Version<'v>,
}

/// What is found out about each fact on the way.
pub(super) struct Bounds<'v> {
    pub(super) met: Vec<Met<'v>>,
    pub(super) kinds: BTreeMap<String, Asked>,
    pub(super) values: BTreeMap<String, BTreeSet<Value>>,
    pub(super) counts: BTreeMap<String, i64>,
    pub(super) coupled: BTreeSet<String>,
    exact: bool,
}

/// A fact in both versions together.
pub(super) struct Asked {
    pub(super) kind: Type,
    pub(super) optional: bool,
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
}
