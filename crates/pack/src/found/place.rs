//! The old place and the new one: which division stands for which, and what each is called.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, DivisionLevel, Language};

use super::{Unfounded, edit::scalars};
use crate::{model::Pack, node::Node};

/// Where the divisions of the old place lie in the new one.
pub(super) struct Places {
    old: Division,
    pub(super) new: Division,
    moved: BTreeMap<Division, Division>,
    /// Names of the old place with those of the new one, longer ones first: Chinese, English.
    zh: Vec<(String, String)>,
    en: Vec<(String, String)>,
    /// What the old place itself is called.
    own: Vec<String>,
    /// Names that a comment about the old place gives away.
    telling: BTreeSet<String>,
}

/// What the kind of a place is called at the end of its name.
const KINDS: [&str; 8] = [
    " Autonomous Region",
    " Municipality",
    " Province",
    " City",
    "特别行政区",
    "自治区",
    "省",
    "市",
];

/// A name without the word for the kind of place.
fn proper(name: &str) -> &str {
    let bare = KINDS.iter().find_map(|kind| name.strip_suffix(kind));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(name)
}

/// The first place of the old one's kind that has no pack.
pub(super) fn free(pack: &Pack, old: &Division, taken: &[Division]) -> Option<Division> {
    let name = |place: &Division| pack.divisions.name(place).map(|name| name.zh.clone());
    let kind = |place: &Division| name(place)?.chars().last();
    let wanted = kind(old);
    let mut places = pack.divisions.provinces();
    let free = |place: &&Division| *place != old && !taken.contains(place);
    places.find(|place| free(place) && kind(place) == wanted).cloned()
}

/// Finds a division of the new place for each of the old place that the pack's files name.
pub(super) fn places(
    pack: &Pack,
    old: &Division,
    new: &Division,
    nodes: &BTreeMap<String, Node>,
) -> Result<Places, Unfounded> {
    if pack.divisions.name(new).is_none() {
        return Err(Unfounded::Unknown(new.clone()));
    }
    if new.level() != DivisionLevel::Province {
        return Err(Unfounded::NotProvincial(new.clone()));
    }
    if new == old {
        return Err(Unfounded::Same(new.clone()));
    }
    let mut moved = moved(pack, old, new, &named(pack, old, nodes))
        .ok_or_else(|| Unfounded::TooFewDistricts(new.clone()))?;
    moved.extend(foreign(pack, old, &named(pack, new, nodes)));
    Ok(Places::new(pack, old, new, moved))
}

/// What was foreign to the old place and lies in the new one gives way to a division of the old: a
/// story that is turned away for it must be turned away in the new place too.
fn foreign(
    pack: &Pack,
    old: &Division,
    named: &BTreeSet<Division>,
) -> BTreeMap<Division, Division> {
    let like = |level| pack.divisions.all_within(old).find(move |place| place.level() == level);
    let moved =
        named.iter().filter_map(|place| Some((place.clone(), like(place.level())?.clone())));
    moved.collect()
}

/// The divisions of a place that the files name, but for rows of tables that are left behind.
fn named(pack: &Pack, place: &Division, nodes: &BTreeMap<String, Node>) -> BTreeSet<Division> {
    let mut named = BTreeSet::new();
    for (path, node) in nodes {
        let rows = node.get("rows").filter(|_| path.starts_with("tables/"));
        let kept = rows.and_then(|rows| rows.entries().first()).map(|(key, _)| key.value.as_str());
        scalars(node, &mut Vec::new(), &mut |keys, scalar| {
            if kept.is_some() && keys.first() == Some(&"rows") && keys.get(1).copied() != kept {
                return;
            }
            let text = scalar.text().unwrap_or_default();
            let parts = text.split(['@', '-']).filter_map(|part| Division::parse(part).ok());
            named.extend(parts.filter(|division| {
                division.within(place) && pack.divisions.name(division).is_some()
            }));
        });
    }
    named
}

/// The new division for each old one; `None` when the new place has too few.
fn moved(
    pack: &Pack,
    old: &Division,
    new: &Division,
    named: &BTreeSet<Division>,
) -> Option<BTreeMap<Division, Division>> {
    let mut moved = BTreeMap::from([(old.clone(), new.clone())]);
    let counties: BTreeSet<Division> =
        named.iter().filter_map(|division| division.at(DivisionLevel::County)).collect();
    let inside = |county: &Division, level| -> Vec<&Division> {
        named.iter().filter(|d| d.level() == level && d.within(county)).collect()
    };
    let fits = |county: &Division, needed: usize| {
        pack.divisions.name(county).is_some_and(|name| name.en.is_some())
            && townships(pack, county).len() >= needed
    };
    let mut places = pack.divisions.all_within(new).filter(|d| d.level() == DivisionLevel::County);
    for county in counties {
        let wanted = inside(&county, DivisionLevel::Township);
        let place = places.find(|place| fits(place, wanted.len()))?;
        moved.insert(county.clone(), place.clone());
        moved.extend(county.parent().zip(place.parent()).filter(|(from, _)| from != old));
        let there = townships(pack, place);
        moved.extend(wanted.into_iter().cloned().zip(there.into_iter().cloned()));
    }
    Some(moved)
}

fn townships<'p>(pack: &'p Pack, county: &Division) -> Vec<&'p Division> {
    let children = pack.divisions.children(county).iter();
    children.filter(|division| division.level() == DivisionLevel::Township).collect()
}

impl Places {
    fn new(
        pack: &Pack,
        old: &Division,
        new: &Division,
        moved: BTreeMap<Division, Division>,
    ) -> Self {
        let name = |division: &Division, language| {
            let name = pack.divisions.name(division);
            name.map(|name| name.to(language).to_owned()).unwrap_or_default()
        };
        let called = |language: Language| {
            let own = (name(old, language), name(new, language));
            let bare = (proper(&own.0).to_owned(), proper(&own.1).to_owned());
            let inner = moved.iter().filter(|(from, _)| from.level() >= DivisionLevel::County);
            let inner = inner.filter(|(from, _)| from.within(old));
            let inner = inner.map(|(from, to)| (name(from, language), name(to, language)));
            let mut names: Vec<_> = inner.chain([own, bare]).collect();
            names.retain(|(from, _)| !from.is_empty());
            names.sort_by_key(|(from, _)| (std::cmp::Reverse(from.len()), from.clone()));
            names
        };
        let languages = [Language::Zh, Language::En];
        let own = languages.map(|language| name(old, language));
        let own = own.iter().flat_map(|own| [own.clone(), proper(own).to_owned()]);
        let mut own: Vec<String> = own.filter(|name| !name.is_empty()).collect();
        own.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let counties = pack.divisions.all_within(old);
        let counties = counties.filter(|division| division.level() == DivisionLevel::County);
        let told = counties.flat_map(|county| languages.map(|language| name(county, language)));
        let telling = told.chain(own.iter().cloned()).filter(|name| !name.is_empty()).collect();
        let (zh, en) = (called(Language::Zh), called(Language::En));
        Self { old: old.clone(), new: new.clone(), moved, zh, en, own, telling }
    }

    /// The new division for an old one's code.
    pub(super) fn code(&self, text: &str) -> Option<&Division> {
        self.moved.get(text)
    }

    /// A text with the names of the new place.
    pub(super) fn renamed(&self, text: &str, language: Language) -> String {
        let names = match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        };
        exchanged(text, names)
    }

    /// The title of a body of the whole place, with `{division}` for the place's name.
    pub(super) fn general(&self, text: &str) -> String {
        let names: Vec<(String, String)> =
            self.own.iter().map(|name| (name.clone(), "{division}".to_owned())).collect();
        exchanged(text, &names)
    }

    /// Whether a text names the old place itself.
    pub(super) fn names_old(&self, text: &str) -> bool {
        self.own.iter().any(|name| text.contains(name.as_str()))
    }

    /// The divisions of the new place as a table.
    pub(super) fn sheet(&self, pack: &Pack) -> String {
        let rows = pack.divisions.all_within(&self.new).map(|division| {
            let name = pack.divisions.name(division);
            let zh = name.map(|name| name.zh.as_str()).unwrap_or_default();
            let en = name.and_then(|name| name.en.as_deref()).unwrap_or_default();
            format!("{division},{zh},{en}\n")
        });
        std::iter::once("code,name_zh,name_en\n".to_owned()).chain(rows).collect()
    }

    /// A YAML text without the comments that speak of the old place, by its name, that of a
    /// district or its code: what they say is not known of the new one.
    pub(super) fn without_comments(&self, text: &str) -> String {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let comment = |line: &&str| line.trim_start().starts_with('#');
        let told = |block: &[&str]| {
            let says = block.concat();
            let mut words = says.split(|letter: char| !letter.is_ascii_alphanumeric());
            let code = words.any(|word| word == self.old.as_str());
            let named = code || self.telling.iter().any(|name| says.contains(name.as_str()));
            named && block.first().is_some_and(comment)
        };
        let blocks = lines.chunk_by(|one, other| comment(one) == comment(other));
        blocks.filter(|block| !told(block)).flatten().copied().collect()
    }
}

/// A text in which each name gives way to another, once: what was put in is not looked at again.
fn exchanged(text: &str, names: &[(String, String)]) -> String {
    let mut rest = text;
    let mut said = String::new();
    while let Some(letter) = rest.chars().next() {
        match names.iter().find(|(from, _)| rest.starts_with(from.as_str())) {
            Some((from, to)) => {
                said.push_str(to);
                rest = rest.get(from.len()..).unwrap_or_default();
            }
            None => {
                said.push(letter);
                rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            }
        }
    }
    said
}
