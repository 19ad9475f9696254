//! Knowledge tables: rows that hold now, held before, or say something else.

use std::collections::BTreeMap;

use base::Text;
use rules::Value;

use super::{
    Pair, feed,
    notes::{Found, Notes, names, paired},
};
use crate::model::{FeedColumn, Knowledge, KnowledgeRow};

pub(super) fn compare(pair: &Pair<'_>, notes: &mut Notes) {
    let before = pair.before.knowledge.iter().map(|(name, own)| (name.as_str(), own));
    let after = pair.after.knowledge.iter().map(|(name, own)| (name.as_str(), own));
    for (name, found) in paired(before, after) {
        let (Found::Added(own) | Found::Dropped(own) | Found::Both(_, own)) = &found;
        notes.begin(own.title.clone(), Text::new("按此核查的事件", "events judged by it"));
        match found {
            Found::Added(_) => notes.say(name, Text::new("新增知识表", "a new knowledge table")),
            Found::Dropped(_) => notes.say(name, Text::new("取消知识表", "the table is dropped")),
            Found::Both(old, new) => {
                notes.inside(name);
                table(old, new, notes);
            }
        }
    }
}

fn table(old: &Knowledge, new: &Knowledge, notes: &mut Notes) {
    let since = notes.differences.len();
    let what = ("按哪些列查找", "what a row is found by");
    notes.turned("key", what, &names(&old.key), &names(&new.key));
    feed::columns(&old.columns, &new.columns, notes);
    let (before, after) = (rows(old), rows(new));
    let before = before.iter().map(|(key, row)| (key.as_str(), *row));
    let after = after.iter().map(|(key, row)| (key.as_str(), *row));
    for (key, found) in paired(before, after) {
        match found {
            Found::Added(own) => {
                let (is, days) = (said(new, own), days(own));
                let zh = format!("新增一行：{}（{}）", is.zh, days.zh);
                notes.say(key, Text::new(zh, format!("a new row: {} ({})", is.en, days.en)));
            }
            Found::Dropped(own) => {
                let (was, days) = (said(old, own), days(own));
                let zh = format!("取消一行：{}（{}）", was.zh, days.zh);
                let en = format!("a row is dropped: {} ({})", was.en, days.en);
                notes.say(key, Text::new(zh, en));
            }
            Found::Both(was, is) => {
                notes.turned(key, ("施行日期", "days"), &days(was), &days(is));
                notes.turned(key, ("内容", "what it says"), &said(old, was), &said(new, is));
            }
        }
    }
    notes.reworded("knowledge", old, new, since);
}

/// The rows, each by its key and its first day.
fn rows(table: &Knowledge) -> BTreeMap<String, &KnowledgeRow> {
    let named = |row: &KnowledgeRow| {
        let key: Vec<String> = row.key.iter().map(Value::to_string).collect();
        format!("{} {}", key.join(" "), row.from)
    };
    table.rows.iter().map(|row| (named(row), row)).collect()
}

fn days(row: &KnowledgeRow) -> Text {
    let until = row.until.map_or("…".to_owned(), |day| day.to_string());
    let days = format!("{} – {until}", row.from);
    Text::new(days.clone(), days)
}

fn said(table: &Knowledge, row: &KnowledgeRow) -> Text {
    let cells = || table.columns.iter().zip(&row.values);
    let cell = |value: &Option<Value>| value.as_ref().map_or("–".to_owned(), Value::to_string);
    let zh = |(own, value): (&FeedColumn, _)| format!("{} {}", own.title.zh, cell(value));
    let en = |(own, value): (&FeedColumn, _)| format!("{} {}", own.title.en, cell(value));
    let (zh, en): (Vec<_>, Vec<_>) = (cells().map(zh).collect(), cells().map(en).collect());
    Text::new(zh.join("，"), en.join(", "))
}
