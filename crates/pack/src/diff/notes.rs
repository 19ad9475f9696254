//! Collecting differences, each under what it belongs to.

use std::{collections::BTreeMap, fmt::Debug};

use base::Text;

use super::{Difference, Effect};

/// The differences found so far, and what is being compared.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) differences: Vec<Difference>,
    part: Option<Text>,
    whom: Option<Text>,
    inside: String,
}

impl Notes {
    /// What follows belongs to that part and matters to them.
    pub(super) fn begin(&mut self, part: Text, whom: Text) {
        (self.part, self.whom) = (Some(part), Some(whom));
        self.inside.clear();
    }

    /// The same, at a place inside the pack.
    pub(super) fn inside(&mut self, place: &str) {
        self.inside = format!("{place}.");
    }

    /// Notes a difference that matters to whoever the part does.
    pub(super) fn say(&mut self, place: &str, says: Text) {
        self.tell(place, says, None);
    }

    /// Notes a difference with what it comes to.
    pub(super) fn come_to(&mut self, place: &str, says: Text, zh: &str, en: &str) {
        self.tell(place, says, Some(Text::new(zh, en)));
    }

    fn tell(&mut self, place: &str, says: Text, comes_to: Option<Text>) {
        let whom = self.whom.clone().unwrap_or_else(|| Text::new("", ""));
        let whom = match comes_to {
            Some(more) => {
                Text::new(format!("{}：{}", whom.zh, more.zh), format!("{}: {}", whom.en, more.en))
            }
            None => whom,
        };
        self.differences.push(Difference {
            part: self.part.clone().unwrap_or_else(|| Text::new("", "")),
            place: format!("{}{place}", self.inside),
            says,
            whom,
            effects: Vec::new(),
            caution: None,
        });
    }

    /// Adds to the difference noted last whom it does good or harm.
    pub(super) fn effects(&mut self, effects: Vec<Effect>, caution: Option<Text>) {
        if let Some(last) = self.differences.last_mut() {
            last.effects = effects;
            last.caution = caution;
        }
    }

    /// Notes that something is worded or sourced otherwise, unless more than that was noted of it
    /// since.
    pub(super) fn reworded<T: Debug>(&mut self, place: &str, old: &T, new: &T, since: usize) {
        let same = format!("{old:?}") == format!("{new:?}");
        if !same && self.differences.len() == since {
            let zh = "文字、出处或其他细节有变化";
            let en = "its wording, its source or another detail differs";
            self.come_to(
                place,
                Text::new(zh, en),
                "所办的事不变，请对照原文",
                "the same is done; compare the texts",
            );
        }
    }

    /// Notes an old and a new word for something, where they differ.
    pub(super) fn turned(&mut self, place: &str, what: (&str, &str), old: &Text, new: &Text) {
        if old != new {
            let zh = format!("{}：{} → {}", what.0, old.zh, new.zh);
            let en = format!("{}: {} → {}", what.1, old.en, new.en);
            self.say(place, Text::new(zh, en));
        }
    }
}

/// Something that is there before, after, or both times.
pub(super) enum Found<'p, T> {
    /// Only after.
    Added(&'p T),
    /// Only before.
    Dropped(&'p T),
    /// Before and after.
    Both(&'p T, &'p T),
}

/// Pairs what is called alike: in the later order, then what is gone.
pub(super) fn paired<'p, T>(
    before: impl IntoIterator<Item = (&'p str, &'p T)>,
    after: impl IntoIterator<Item = (&'p str, &'p T)>,
) -> Vec<(&'p str, Found<'p, T>)> {
    let before: Vec<(&str, &T)> = before.into_iter().collect();
    let mut left: BTreeMap<&str, &T> = before.iter().copied().collect();
    let mut found: Vec<(&str, Found<'p, T>)> = Vec::new();
    for (name, new) in after {
        found
            .push((name, left.remove(name).map_or(Found::Added(new), |old| Found::Both(old, new))));
    }
    let gone = before.into_iter().filter(|(name, _)| left.contains_key(name));
    found.extend(gone.map(|(name, old)| (name, Found::Dropped(old))));
    found
}

/// Names in a row, in both languages alike.
pub(super) fn names(names: impl IntoIterator<Item = impl ToString>) -> Text {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    if names.is_empty() {
        return Text::new("无", "none");
    }
    Text::new(names.join("、"), names.join(", "))
}

/// A word for yes or no.
pub(super) fn yes(is: bool) -> Text {
    if is { Text::new("是", "yes") } else { Text::new("否", "no") }
}
