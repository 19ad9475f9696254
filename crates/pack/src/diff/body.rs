//! Who acts: the bodies of a procedure, and the offices and bodies of the pack.

use base::{Date, Text};

use super::{
    Days, Pair, condition,
    notes::{Found, Notes, paired},
};
use crate::model::{
    Body, COMPETENT, Competent, Delegation, Level, LevelOf, Office, Pack, Procedure,
};

/// The bodies that act in a procedure.
pub(super) fn of_procedure(pair: &Pair<'_>, old: &Procedure, new: &Procedure, notes: &mut Notes) {
    let all = |p: &'_ Procedure| -> Vec<(String, Competent)> {
        let own = p.bodies.iter().map(|(name, body)| (name.to_string(), body.clone()));
        std::iter::once((COMPETENT.to_owned(), p.competent.clone())).chain(own).collect()
    };
    let (before, after) = (all(old), all(new));
    let before = before.iter().map(|(name, body)| (name.as_str(), body));
    let after = after.iter().map(|(name, body)| (name.as_str(), body));
    let none = Text::new("无", "none");
    for (name, found) in paired(before, after) {
        let (was, is) = match found {
            Found::Added(body) => (none.clone(), acting(body)),
            Found::Dropped(body) => (acting(body), none.clone()),
            Found::Both(old, new) => (acting(old), acting(new)),
        };
        let what = (format!("办事主体 {name}"), format!("the body {name}"));
        notes.turned(&format!("bodies.{name}"), (&what.0, &what.1), &was, &is);
    }
    let before = old.levels.iter().map(|(name, rule)| (name.as_str(), rule));
    let after = new.levels.iter().map(|(name, rule)| (name.as_str(), rule));
    for (name, found) in paired(before, after) {
        let place = format!("levels.{name}");
        match found {
            Found::Added(rule) => {
                notes.say(&place, named("新的层级规则", "a new rule on the level", &rule.title))
            }
            Found::Dropped(rule) => {
                notes.say(
                    &place,
                    named("取消层级规则", "a rule on the level is dropped", &rule.title),
                );
            }
            Found::Both(before, after) => {
                condition::level(pair, &place, (old, before), (new, after), notes);
            }
        }
    }
}

fn named(zh: &str, en: &str, title: &Text) -> Text {
    Text::new(format!("{zh}：{}", title.zh), format!("{en}: {}", title.en))
}

/// A body of a procedure in words.
pub(super) fn acting(body: &Competent) -> Text {
    let Some(office) = &body.office else {
        let of = &body.of;
        return Text::new(format!("{of} 所记载的机关"), format!("the body that {of} names"));
    };
    let level = match &body.level {
        LevelOf::Fixed(level) => at(*level),
        LevelOf::Own => Text::new("同级", "on the deciding body's level"),
        LevelOf::Ruled(rule) => Text::new(format!("按规则 {rule}"), format!("by the rule {rule}")),
    };
    let of = &body.of;
    Text::new(
        format!("{office}（{}，按 {of}）", level.zh),
        format!("{office} ({}, of {of})", level.en),
    )
}

fn at(level: Level) -> Text {
    let word = level.word();
    Text::new(word, word)
}

/// The offices of the pack.
pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    notes.begin(
        Text::new("机关", "Offices and bodies"),
        Text::new("由该机关办理的人", "whoever deals with the office"),
    );
    notes.inside("offices");
    if let (true, Days::Between(from, to)) = (pair.same_pack(), pair.days) {
        successions(pair.after, from, to, notes);
    }
    let before = pair.before.offices.iter().map(|(name, office)| (name.as_str(), office));
    let after = pair.after.offices.iter().map(|(name, office)| (name.as_str(), office));
    for (name, found) in paired(before, after) {
        match found {
            Found::Added(office) => {
                notes.say(name, named("新增机关", "a new office", &office.title))
            }
            Found::Dropped(office) => {
                notes.say(name, named("不再有这一机关", "an office is dropped", &office.title));
            }
            Found::Both(old, new) => office(name, old, new, notes),
        }
    }
    delegations(pair, notes);
}

/// Powers handed from one level to another, each by its office and first day.
fn delegations(pair: &Pair<'_>, notes: &mut Notes) {
    let named_by = |delegation: &Delegation| format!("{}.{}", delegation.office, delegation.from);
    let keyed = |pack: &'_ Pack| -> Vec<String> { pack.delegations.iter().map(named_by).collect() };
    let (old_keys, new_keys) = (keyed(pair.before), keyed(pair.after));
    let before = old_keys.iter().map(String::as_str).zip(&pair.before.delegations);
    let after = new_keys.iter().map(String::as_str).zip(&pair.after.delegations);
    for (key, found) in paired(before, after) {
        let since = notes.differences.len();
        match found {
            Found::Added(new) => {
                notes.say(key, named("新的委托", "a power is delegated", &new.title));
            }
            Found::Dropped(old) => {
                notes.say(key, named("不再委托", "a power is delegated no more", &old.title));
            }
            Found::Both(old, new) => notes.reworded(key, old, new, since),
        }
    }
}

fn office(name: &str, old: &Office, new: &Office, notes: &mut Notes) {
    let since = notes.differences.len();
    let held = |office: &Office| -> Vec<(String, Body)> {
        let key = |body: &Body| format!("{}.{}", body.level.word(), body.from);
        office.bodies.iter().map(|body| (key(body), copied(body))).collect()
    };
    let (before, after) = (held(old), held(new));
    let before = before.iter().map(|(key, body)| (key.as_str(), body));
    let after = after.iter().map(|(key, body)| (key.as_str(), body));
    for (key, found) in paired(before, after) {
        let place = format!("{name}.{key}");
        let (was, is) = match found {
            Found::Added(new) => (Text::new("无", "none"), held_by(new)),
            Found::Dropped(old) => (held_by(old), Text::new("无", "none")),
            Found::Both(old, new) => (held_by(old), held_by(new)),
        };
        let Text { zh, en } = &new.title;
        notes.turned(&place, (zh, en), &was, &is);
    }
    notes.reworded(name, old, new, since);
}

fn copied(body: &Body) -> Body {
    Body {
        level: body.level,
        title: body.title.clone(),
        short: body.short.clone(),
        from: body.from,
        until: body.until,
        power: body.power,
        basis: body.basis.clone(),
        codes: body.codes.clone(),
    }
}

fn held_by(body: &Body) -> Text {
    let (from, level) = (body.from, body.level.word());
    let until = body.until.map(|until| until.to_string()).unwrap_or_default();
    let until_en = if until.is_empty() { until.clone() } else { format!(" until {until}") };
    let until_zh = if until.is_empty() { until } else { format!("，至 {until} 前") };
    Text::new(
        format!("{}（{level}，{from} 起{until_zh}）", body.title.zh),
        format!("{} ({level}, from {from}{until_en})", body.title.en),
    )
}

/// Who succeeded whom between two days.
fn successions(pack: &Pack, from: Date, to: Date, notes: &mut Notes) {
    for (name, office) in &pack.offices {
        for level in Level::ALL {
            let on = |day: Date| {
                let mut held = office.bodies.iter().filter(|body| body.level == *level);
                held.find(|b| b.from <= day && b.until.is_none_or(|until| day < until))
            };
            let title = |day| on(day).map_or_else(|| Text::new("无", "none"), |b| b.title.clone());
            let what = (&*office.title.zh, &*office.title.en);
            notes.turned(&format!("{name}.{}", level.word()), what, &title(from), &title(to));
        }
    }
}
