//! Changed conditions and figures, with who gains and who loses by them.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Text};
use rules::{Comparison, Expression, Shape, Type, Value};

use super::{
    Effect, Pair,
    notes::{Found, Notes, paired},
    witness::{self, Asked, Ground, Holds, Version},
    word::Words,
};
use crate::model::{
    Commitment, Field, LevelRule, Need, Pack, Procedure, Register, Requirement, TitledFigure,
};

/// What it means that something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matter {
    /// A condition of a grant, or of filing at all.
    Condition,
    /// Who may sign a promise.
    Promise,
    /// That the county's body acts.
    Level,
    /// That an entry is in force.
    InForce,
}

/// A condition of one pack with the facts that are given there.
struct Ruled<'p> {
    that: Option<&'p Expression>,
    asked: BTreeMap<String, Asked>,
}

/// The conditions of a procedure, and those of filing at all.
pub(super) fn requirements(pair: &Pair<'_>, old: &Procedure, new: &Procedure, notes: &mut Notes) {
    listed(pair, "admits", ("提交条件", "condition of filing"), |p| &p.admits, (old, new), notes);
    listed(pair, "requires", ("条件", "condition"), |p| &p.requires, (old, new), notes);
}

fn listed(
    pair: &Pair<'_>,
    key: &str,
    (zh, en): (&str, &str),
    of: fn(&Procedure) -> &[Requirement],
    (old, new): (&Procedure, &Procedure),
    notes: &mut Notes,
) {
    let before = of(old).iter().map(|own| (own.name.as_str(), own));
    let after = of(new).iter().map(|own| (own.name.as_str(), own));
    for (name, found) in paired(before, after) {
        let place = format!("{key}.{name}");
        let named = |before: (&str, &str), after: &str, own: &Requirement| {
            named(&format!("{}{zh}", before.0), &format!("{}{en}{after}", before.1), own)
        };
        let (was, is, says) = match found {
            Found::Added(own) => (None, Some(own), named(("新增", "a new "), "", own)),
            Found::Dropped(own) => (Some(own), None, named(("取消", "a "), " is dropped", own)),
            Found::Both(old, new) => (Some(old), Some(new), named(("", "the "), "", new)),
        };
        let sides = [
            Ruled { that: was.map(|own| &own.that), asked: asked(old.fields()) },
            Ruled { that: is.map(|own| &own.that), asked: asked(new.fields()) },
        ];
        let since = notes.differences.len();
        compared(pair, Matter::Condition, &place, says, sides, (old, new), notes);
        if let (Some(was), Some(is)) = (was, is) {
            let rest = |own: &Requirement| (own.says.clone(), own.basis.clone());
            notes.reworded(&place, &rest(was), &rest(is), since);
        }
    }
}

fn named(zh: &str, en: &str, own: &Requirement) -> Text {
    Text::new(format!("{zh}：{}", own.says.zh), format!("{en}: {}", own.says.en))
}

/// Who may sign a promise.
pub(super) fn promise(
    pair: &Pair<'_>,
    place: &str,
    (old_procedure, old): (&Procedure, &Commitment),
    (new_procedure, new): (&Procedure, &Commitment),
    notes: &mut Notes,
) {
    let sides = [
        Ruled {
            that: old.open_to.as_ref().map(|own| &own.that),
            asked: asked(old_procedure.fields()),
        },
        Ruled {
            that: new.open_to.as_ref().map(|own| &own.that),
            asked: asked(new_procedure.fields()),
        },
    ];
    let Text { zh, en } = &new.title;
    let says =
        Text::new(format!("谁可以签署承诺“{zh}”"), format!("who may sign the promise “{en}”"));
    compared(pair, Matter::Promise, place, says, sides, (old_procedure, new_procedure), notes);
}

/// On which level a body acts.
pub(super) fn level(
    pair: &Pair<'_>,
    place: &str,
    (old_procedure, old): (&Procedure, &LevelRule),
    (new_procedure, new): (&Procedure, &LevelRule),
    notes: &mut Notes,
) {
    let sides = [
        Ruled { that: Some(&old.county), asked: asked(old_procedure.fields()) },
        Ruled { that: Some(&new.county), asked: asked(new_procedure.fields()) },
    ];
    let Text { zh, en } = &new.title;
    let says = Text::new(format!("层级规则：{zh}"), format!("the rule on the level: {en}"));
    let since = notes.differences.len();
    compared(pair, Matter::Level, place, says, sides, (old_procedure, new_procedure), notes);
    let rest = |own: &LevelRule| (own.title.clone(), own.basis.clone());
    notes.reworded(place, &rest(old), &rest(new), since);
}

/// When an entry is in force.
pub(super) fn in_force(pair: &Pair<'_>, old: &Register, new: &Register, notes: &mut Notes) {
    let fields = |register: &Register| -> BTreeMap<String, Asked> {
        let asked = |field: &crate::model::RegisterField| {
            let asked = Asked { kind: field.input.value_type(), optional: field.optional };
            (field.name.to_string(), asked)
        };
        register.fields.iter().map(asked).collect()
    };
    let sides = [
        Ruled { that: old.in_force.as_ref(), asked: fields(old) },
        Ruled { that: new.in_force.as_ref(), asked: fields(new) },
    ];
    let says = Text::new("条目何时有效", "when an entry is in force");
    let words = Words::of_registers(pair.before, pair.after, old, new);
    told(pair, Matter::InForce, "in_force", says, &sides, &words, notes);
}

/// The facts that a form gives, and those that every case has.
fn asked<'p>(fields: impl Iterator<Item = &'p Field>) -> BTreeMap<String, Asked> {
    let own = fields.map(|field| {
        let kind = if field.personal { Type::Sealed } else { field.input.value_type() };
        (field.path.clone(), Asked { kind, optional: field.need != Need::Always })
    });
    let always = [("applicant", Type::Party), ("body.division", Type::Division)];
    let always = always.map(|(path, kind)| (path.to_owned(), Asked { kind, optional: false }));
    own.chain(always).collect()
}

fn compared(
    pair: &Pair<'_>,
    matter: Matter,
    place: &str,
    says: Text,
    sides: [Ruled<'_>; 2],
    (old, new): (&Procedure, &Procedure),
    notes: &mut Notes,
) {
    let words = Words::of_forms(pair.before, pair.after, old, new);
    told(pair, matter, place, says, &sides, &words, notes);
}

/// Tells how a condition changed, where it did: its words, its figures, and for whom.
fn told(
    pair: &Pair<'_>,
    matter: Matter,
    place: &str,
    says: Text,
    sides: &[Ruled<'_>; 2],
    words: &Words<'_>,
    notes: &mut Notes,
) {
    let [was, is] =
        [0, 1].map(|at| sides.get(at).and_then(|s| s.that).map_or("–", Expression::source));
    let asks = |side: &Ruled<'_>| -> Vec<(String, Asked)> {
        let used = sides.iter().flat_map(Ruled::uses).collect::<BTreeSet<&str>>();
        let asked = side.asked.iter().filter(|(path, _)| used.contains(path.as_str()));
        asked.map(|(path, asked)| (path.clone(), asked.clone())).collect()
    };
    let [before, after] = sides;
    let changed = was != is || asks(before) != asks(after);
    let (effects, cautions) = searched(pair, matter, sides, words, changed);
    if !changed && effects.is_empty() {
        return;
    }
    let says = match was == is {
        true => says,
        false => Text::new(
            format!("{}；原为 `{was}`，现为 `{is}`", says.zh),
            format!("{}; it was `{was}`, it is `{is}`", says.en),
        ),
    };
    notes.say(place, says);
    let zh: Vec<&str> = cautions.iter().map(|says| says.zh.as_str()).collect();
    let en: Vec<&str> = cautions.iter().map(|says| says.en.as_str()).collect();
    let caution = (!cautions.is_empty()).then(|| Text::new(zh.join("；"), en.join("; ")));
    notes.effects(effects, caution);
}

impl Ruled<'_> {
    /// The facts its condition uses.
    fn uses(&self) -> impl Iterator<Item = &str> {
        self.that.into_iter().flat_map(Expression::facts_used)
    }
}

/// Who gains and who loses on the days that matter, and what was not looked into.
fn searched(
    pair: &Pair<'_>,
    matter: Matter,
    sides: &[Ruled<'_>; 2],
    words: &Words<'_>,
    changed: bool,
) -> (Vec<Effect>, Vec<Text>) {
    let used: BTreeSet<&str> = sides.iter().flat_map(Ruled::uses).collect();
    let figures: BTreeSet<&str> = used.iter().filter_map(|f| f.strip_prefix("figure.")).collect();
    let timed = !figures.is_empty() || used.contains("filed-on") || used.contains("decided-on");
    let (mut effects, mut cautions) = (Vec::new(), Vec::new());
    let mut tried = 0;
    for (from, to) in pair.days(&figures, changed) {
        let found = on(pair, sides, from, to);
        tried += found.tried;
        cautions.extend(caution(&found));
        effects.extend(found.regions.iter().map(|region| Effect {
            gains: gains(matter, region.before, region.after),
            day: timed.then_some(to),
            says: words.effect(matter, region, to, sides.iter().filter_map(|s| s.that)),
            witness: region.witness.iter().map(|(k, v)| (k.clone(), v.to_string())).collect(),
        }));
    }
    cautions.dedup();
    if effects.is_empty() {
        cautions.insert(0, nobody(tried));
    }
    (effects, cautions)
}

fn nobody(tried: usize) -> Text {
    Text::new(
        format!("没有发现结论不同的申请人（试了 {tried} 种情形）"),
        format!("nobody was found for whom the verdict differs ({tried} cases were tried)"),
    )
}

/// What was not looked into.
fn caution(found: &witness::Found) -> Option<Text> {
    let (tried, all) = (found.tried, found.all);
    if tried < all {
        return Some(Text::new(
            format!("情形过多，{all} 种只试了 {tried} 种：以上是例子，可能还有别的"),
            format!(
                "of {all} combinations only {tried} were tried: these are examples, there may be \
                 more"
            ),
        ));
    }
    (!found.exhaustive).then(|| {
        Text::new(
            "条件把几项数字联系在一起：以上是例子，可能还有别的",
            "the condition ties several facts together: these are examples, there may be more",
        )
    })
}

fn gains(matter: Matter, before: Holds, after: Holds) -> Option<bool> {
    let counts = matches!(matter, Matter::Condition | Matter::Promise);
    match (before, after) {
        _ if !counts => None,
        (_, Holds::Yes) => Some(true),
        (Holds::Yes, _) | (Holds::Open, Holds::No) => Some(false),
        _ => None,
    }
}

fn on(pair: &Pair<'_>, [before, after]: &[Ruled<'_>; 2], from: Date, to: Date) -> witness::Found {
    // A day of filing that is held against a day of the calendar is part of the rule, so it is that
    // of each side. Elsewhere it only says how old the facts are, and is the same for both.
    let dated = [before, after].into_iter().filter_map(|side| side.that).any(by_day);
    let fixed = |pack: &Pack, day: Date| fixed(pack, day, if dated { day } else { to });
    let old =
        Version { that: before.that, fixed: fixed(pair.before, from), asked: before.asked.clone() };
    let new =
        Version { that: after.that, fixed: fixed(pair.after, to), asked: after.asked.clone() };
    witness::compare(&old, &new, &ground(pair, to))
}

/// Whether the day of filing is held against a day that is the same for everybody. Against a day
/// that is answered it only says how far ahead or back that one lies.
fn by_day(that: &Expression) -> bool {
    let filing = |side: &Expression| matches!(side.shape(), Shape::Fact("filed-on" | "decided-on"));
    let settled = |side: &Expression| side.facts_used().all(|fact| fact.starts_with("figure."));
    that.comparisons().iter().any(|Comparison { left, right }| {
        filing(left) && settled(right) || filing(right) && settled(left)
    })
}

fn fixed(pack: &Pack, day: Date, filed: Date) -> BTreeMap<String, Value> {
    let value = |titled: &TitledFigure| titled.figure.on(day).ok().map(|dated| dated.value.clone());
    let figures = pack.figures.iter();
    let figures =
        figures.filter_map(|(name, titled)| Some((format!("figure.{name}"), value(titled)?)));
    let days = ["filed-on", "decided-on"].map(|fact| (fact.to_owned(), Value::Date(filed)));
    figures.chain(days).collect()
}

fn ground(pair: &Pair<'_>, day: Date) -> Ground {
    let mut codes: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for (name, list) in pair.before.codes.iter().chain(&pair.after.codes) {
        codes.entry(name.clone()).or_default().extend(list.codes.keys().cloned());
    }
    let place = pair.after.jurisdiction.iter();
    let inner = place.clone().flat_map(|place| pair.after.divisions.all_within(place)).take(4);
    let places: BTreeSet<_> = place.chain(inner).cloned().collect();
    Ground { codes, places: places.into_iter().collect(), day }
}
