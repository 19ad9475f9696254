//! What the forms share: the fields of a map, a word of a list, a key that decides.

use base::{Text, near::near_miss};

use super::Read;
use crate::{
    fault::{Fault, Faults},
    node::{Kind, Node, Span},
};

/// The YAML key of a field: its name in Rust without the mark that frees a reserved word.
pub fn key(field: &'static str) -> &'static str {
    field.strip_prefix("r#").unwrap_or(field)
}

/// A map whose unknown keys are already reported.
pub struct Fields<'n> {
    node: &'n Node,
    head: Span,
    /// Keys that were probably meant by an unknown one: they are not reported as missing too.
    slipped: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// Takes a map apart: a fault for every key that is not one of `keys`, with the near miss among
    /// those not written. `None` for anything but a map.
    pub fn open(node: &'n Node, keys: &[&'static str], faults: &mut Faults) -> Option<Self> {
        if !is_map(node, faults) {
            return None;
        }
        let mut fields = Self { node, head: node.head(), slipped: Vec::new() };
        let open: Vec<_> = keys.iter().copied().filter(|key| node.get(key).is_none()).collect();
        for (written, _) in node.entries().iter().filter(|(k, _)| !keys.contains(&&*k.value)) {
            let near = near_miss(&written.value, open.iter().copied());
            fields.slipped.extend(open.iter().filter(|&&key| Some(key) == near));
            faults.push(unknown_field(written.at, &written.value, keys, near));
        }
        Some(fields)
    }

    /// Reads one field; a fault when it is missing and may not be.
    pub fn read<T: Read>(&self, key: &'static str, faults: &mut Faults) -> Option<T> {
        let Some(value) = self.node.get(key) else {
            let absent = T::absent();
            if absent.is_none() && !self.slipped.contains(&key) {
                faults.push(missing_field(self.head, key));
            }
            return absent;
        };
        T::read(value, faults)
    }
}

/// The value of a word in a closed list; a fault with the near miss otherwise.
pub fn words<T: Copy>(node: &Node, list: &[(&str, T)], faults: &mut Faults) -> Option<T> {
    let text = word(node, faults)?;
    let found = list.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let all: Vec<_> = list.iter().map(|(word, _)| *word).collect();
        faults.push(unknown_word(node.at, text, &all));
    }
    found.map(|(_, value)| *value)
}

/// The first of `keys` that a map has; a fault when it has none.
pub fn one_of(node: &Node, keys: &[&'static str], faults: &mut Faults) -> Option<&'static str> {
    if !is_map(node, faults) {
        return None;
    }
    let found = keys.iter().copied().find(|key| node.get(key).is_some());
    if found.is_none() {
        faults.push(none_of(node, keys));
    }
    found
}

/// One of `words` written alone, or a map with one of `keys` alone: what was written, and the node
/// that carries its value.
pub fn word_or_entry<'n>(
    node: &'n Node,
    words: &[&'static str],
    keys: &[&'static str],
    faults: &mut Faults,
) -> Option<(&'static str, &'n Node)> {
    if let [(key, value)] = node.entries() {
        let found = keys.iter().copied().find(|known| *known == key.value);
        if found.is_none() {
            faults.push(unknown_word(key.at, &key.value, keys));
        }
        return Some((found?, value));
    }
    let text = word(node, faults)?;
    let found = words.iter().copied().find(|known| *known == text);
    if found.is_none() {
        faults.push(match keys.contains(&text) {
            true => needs_value(node.at, text),
            false => unknown_word(node.at, text, &[words, keys].concat()),
        });
    }
    Some((found?, node))
}

/// True for a map; a fault otherwise, unless there already is one.
pub(super) fn is_map(node: &Node, faults: &mut Faults) -> bool {
    match node.kind {
        Kind::Map(_) => return true,
        Kind::Refused => {}
        Kind::Scalar { .. } | Kind::List(_) => faults.push(not_a_map(node)),
    }
    false
}

/// The text of a scalar; a fault otherwise, unless there already is one.
pub(super) fn word<'n>(node: &'n Node, faults: &mut Faults) -> Option<&'n str> {
    if matches!(node.kind, Kind::Map(_) | Kind::List(_)) {
        faults.push(not_a_scalar(node));
    }
    node.text()
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn not_a_map(node: &Node) -> Fault {
    let says = Text::new("此处须为 `键: 值` 的映射", "a map of `key: value` belongs here");
    Fault::new("not-a-map", node.head(), says)
}

fn not_a_scalar(node: &Node) -> Fault {
    let says = Text::new(
        "此处须为单个值，不是列表或映射",
        "a single value belongs here, not a list or a map",
    );
    Fault::new("not-a-scalar", node.head(), says)
}

fn unknown_field(at: Span, key: &str, keys: &[&str], near: Option<&str>) -> Fault {
    let (zh, en) = choices(keys, near);
    let says =
        Text::new(format!("没有字段 `{key}`{zh}"), format!("there is no field `{key}` here{en}"));
    Fault::new("unknown-field", at, says).near(near)
}

fn missing_field(at: Span, key: &str) -> Fault {
    let says =
        Text::new(format!("缺少字段 `{key}`：请补上"), format!("`{key}` is missing; add it"));
    Fault::new("missing-field", at, says)
}

fn unknown_word(at: Span, word: &str, words: &[&str]) -> Fault {
    let near = near_miss(word, words.iter().copied());
    let (zh, en) = choices(words, near);
    let says =
        Text::new(format!("不认识 `{word}`{zh}"), format!("`{word}` is not a word known here{en}"));
    Fault::new("unknown-word", at, says).near(near)
}

/// What may be written, for an author whom no near miss helps.
fn choices(words: &[&str], near: Option<&str>) -> (String, String) {
    let all = listed(words);
    match near {
        Some(_) => (String::new(), String::new()),
        None => (format!("；可写 {all}"), format!("; write one of {all}")),
    }
}

fn none_of(node: &Node, keys: &[&'static str]) -> Fault {
    let all = listed(keys);
    let says = Text::new(
        format!("此处须有 {all} 中的一个，以表明它是什么"),
        format!("one of {all} must be here, to tell what this is"),
    );
    let slip = node.entries().iter().find_map(|(written, _)| {
        near_miss(&written.value, keys.iter().copied()).map(|near| (written.at, near))
    });
    let (at, near) = slip.unzip();
    Fault::new("which-kind", at.unwrap_or(node.head()), says).near(near)
}

fn needs_value(at: Span, word: &str) -> Fault {
    let says = Text::new(
        format!("`{word}` 须带值：请写成 `{{{word}: …}}`"),
        format!("`{word}` needs a value; write `{{{word}: …}}`"),
    );
    Fault::new("value-needed", at, says)
}
