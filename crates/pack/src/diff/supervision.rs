//! Rules: which findings there will be.

use base::{Date, Text};

use super::{
    Pair,
    notes::{Found, Notes, names, paired},
};
use crate::model::{Finds, Query, Rule, RuleLook, RuleStage, RuleVerdict};

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    kinds(pair, notes);
    let before = pair.before.rules.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.rules.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        notes.begin(own.title.clone(), Text::new("受监管的人", "whoever is supervised"));
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增监管规则", "a new rule")),
            Found::Dropped(_) => notes.say(name, Text::new("取消监管规则", "the rule is dropped")),
            Found::Both(old, new) => {
                notes.inside(name);
                rule(old, new, notes);
            }
        }
    }
}

fn kinds(pair: &Pair<'_>, notes: &mut Notes) {
    let title = Text::new("发现的类别", "Kinds of findings");
    notes.begin(title, Text::new("受监管的人", "whoever is supervised"));
    notes.inside("finding-kinds");
    let before = pair.before.finding_kinds.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.finding_kinds.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        match found {
            Found::Added(own) => notes.say(name, named("新增类别", "a new kind", own)),
            Found::Dropped(own) => notes.say(name, named("取消类别", "the kind is dropped", own)),
            Found::Both(old, new) => {
                let since = notes.differences.len();
                notes.reworded(name, old, new, since);
            }
        }
    }
}

fn named(zh: &str, en: &str, title: &Text) -> Text {
    Text::new(format!("{zh}：{}", title.zh), format!("{en}: {}", title.en))
}

fn rule(old: &Rule, new: &Rule, notes: &mut Notes) {
    let since = notes.differences.len();
    let version = |own: &Rule| names([own.version]);
    notes.turned("version", ("版本", "version"), &version(old), &version(new));
    notes.turned("from", ("适用日期", "days"), &days(old), &days(new));
    notes.turned("verdict", ("性质", "verdict"), &verdict(old.verdict), &verdict(new.verdict));
    notes.turned("stage", ("阶段", "stage"), &stage(old.stage), &stage(new.stage));
    notes.turned("kind", ("类别", "kind"), &names([&old.kind]), &names([&new.kind]));
    notes.turned("feed", ("数据源", "feed"), &names([&old.feed]), &names([&new.feed]));
    let about = ("所指", "whom a finding is about");
    notes.turned("subject", about, &names([&old.subject]), &names([&new.subject]));
    let shows = ("发现载明", "what a finding shows");
    notes.turned("shows", shows, &names(&old.shows), &names(&new.shows));
    finds(&old.finds, &new.finds, notes);
    notes.reworded("rule", old, new, since);
}

fn finds(old: &Finds, new: &Finds, notes: &mut Notes) {
    match (old, new) {
        (Finds::Row(old), Finds::Row(new)) => {
            let looks = |own: &[(_, RuleLook)]| names(own.iter().map(looked));
            let what = ("查找", "what is looked up");
            notes.turned("looks_up", what, &looks(&old.looks_up), &looks(&new.looks_up));
            let written = |own: &rules::Expression| names([format!("`{}`", own.source())]);
            notes.turned("finds", ("条件", "condition"), &written(&old.that), &written(&new.that));
        }
        (Finds::Query(old), Finds::Query(new)) => query(old, new, notes),
        (Finds::Row(_), Finds::Query(_)) | (Finds::Query(_), Finds::Row(_)) => {
            let says = Text::new("改用另一种写法", "it finds in another way");
            notes.say("finds", says);
        }
    }
}

fn query(old: &Query, new: &Query, notes: &mut Notes) {
    notes.turned(
        "reads",
        ("另读的数据源", "further feeds"),
        &names(&old.reads),
        &names(&new.reads),
    );
    let what = ("所读登记簿", "registers read");
    notes.turned("registers", what, &names(&old.registers), &names(&new.registers));
    let what = ("所读知识表", "knowledge tables read");
    notes.turned("knowledge", what, &names(&old.knowledge), &names(&new.knowledge));
    let key = |own: &Query| names(own.key.iter().map(|(feed, column)| format!("{feed}.{column}")));
    notes.turned("key", ("键", "key"), &key(old), &key(new));
    let reach = |own: &Query| names(own.reach);
    notes.turned("reach", ("涉及天数", "days of reach"), &reach(old), &reach(new));
    if old.sql != new.sql {
        notes.say(
            "sql",
            Text::new("查询有变化，请对照原文", "the query differs; compare the texts"),
        );
    }
}

fn looked<N: std::fmt::Display>((name, look): &(N, RuleLook)) -> String {
    match look {
        RuleLook::Knowledge { table, by } => {
            let by: Vec<&str> = by.iter().map(base::Name::as_str).collect();
            format!("{name}: {table}({})", by.join(", "))
        }
        RuleLook::Register { register, by } => format!("{name}: {register}({by})"),
    }
}

fn days(rule: &Rule) -> Text {
    let until = rule.until.map_or("…".to_owned(), |day: Date| day.to_string());
    let days = format!("{} – {until}", rule.from);
    Text::new(days.clone(), days)
}

fn verdict(verdict: RuleVerdict) -> Text {
    match verdict {
        RuleVerdict::Clear => Text::new("违反", "clear"),
        RuleVerdict::Suspect => Text::new("疑点", "suspect"),
    }
}

fn stage(stage: RuleStage) -> Text {
    match stage {
        RuleStage::Before => Text::new("事前", "before"),
        RuleStage::At => Text::new("事中", "at"),
        RuleStage::After => Text::new("事后", "after"),
    }
}
