//! The ways to break a file: every node deleted, renamed, retyped, replaced or swapped.

use std::ops::RangeInclusive;

use base::Date;
use pack::node::{Kind, Node};

use super::tree::{self, Lines, Path};

/// What is done to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slip {
    /// The entry or item is left out.
    Delete,
    /// Its key is spelt otherwise.
    Rename,
    /// Another kind of value stands there: a word for a number or a day, a number for a word.
    Retype,
    /// Another word of the same kind stands there.
    Replace,
    /// Its value and that of its next sibling change places.
    Swap,
}

const SLIPS: [Slip; 5] = [Slip::Delete, Slip::Rename, Slip::Retype, Slip::Replace, Slip::Swap];

impl Slip {
    fn word(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Rename => "rename",
            Self::Retype => "retype",
            Self::Replace => "replace",
            Self::Swap => "swap",
        }
    }
}

/// A file with one slip in it.
#[derive(Debug)]
pub(super) struct Mutant {
    /// What was done and where: `swap sections/keeper.yaml/fields/name`.
    pub(super) id: String,
    /// The same for every name and number of a list: `swap sections/keeper.yaml/fields/*`.
    pub(super) class: String,
    /// The path of the file.
    pub(super) file: String,
    /// The file as it now reads.
    pub(super) text: String,
    /// The lines at which a fault says where the slip is.
    pub(super) lines: Vec<RangeInclusive<usize>>,
}

/// Every mutant of a file.
pub(super) fn mutants(file: &str, root: &Node) -> Vec<Mutant> {
    let places = tree::places(root);
    let slips = places.iter().flat_map(|path| SLIPS.map(|slip| (slip, path)));
    slips.filter_map(|(slip, path)| mutant(file, root, slip, path)).collect()
}

fn mutant(file: &str, root: &Node, slip: Slip, path: &Path) -> Option<Mutant> {
    let mut broken = root.clone();
    slipped(&mut broken, slip, path)?;
    let (text, lines) = tree::write(&broken);
    let names = tree::names(root, path);
    let said = |names: &[String]| format!("{} {file}/{}", slip.word(), names.join("/"));
    Some(Mutant {
        id: said(&names),
        class: match names.last() {
            Some(last) if WORDS.contains(&last.as_str()) => format!("{} **/{last}", slip.word()),
            _ => said(&general(root, path, &names)),
        },
        file: file.to_owned(),
        text,
        lines: places_said(slip, path, &lines),
    })
}

/// Breaks the tree; `None` where the slip changes nothing or cannot be made.
fn slipped(broken: &mut Node, slip: Slip, path: &Path) -> Option<()> {
    let last = *path.last()?;
    let parent = tree::parent(broken, path);
    match slip {
        Slip::Delete => match &mut parent.kind {
            Kind::Map(entries) => drop(entries.remove(last)),
            Kind::List(items) => drop(items.remove(last)),
            Kind::Scalar { .. } | Kind::Refused => return None,
        },
        Slip::Rename => tree::key(parent, last)?.value.push('x'),
        Slip::Retype => {
            let value = tree::value(parent, last);
            *value = tree::bare(retyped(value));
        }
        Slip::Replace => {
            let free = tree::key(parent, last).is_some_and(|key| FREE.contains(&&*key.value));
            // A retyped text is as good a text as another word.
            let value = Some(tree::value(parent, last)).filter(|_| !free)?;
            let text = value.text().filter(|_| retyped(value) == "7")?;
            *value = tree::bare(if text == "nonsense" { "nothing" } else { "nonsense" });
        }
        Slip::Swap => {
            let first = tree::value(parent, last).clone();
            let (_, second) = *tree::parts(parent).get(last + 1)?;
            let second = second.clone();
            if tree::plain_value(&first) == tree::plain_value(&second) {
                return None;
            }
            *tree::value(parent, last) = second;
            *tree::value(parent, last + 1) = first;
        }
    }
    Some(())
}

/// A value of another kind than the one that stands there.
fn retyped(value: &Node) -> &'static str {
    match value.text() {
        None => "nonsense",
        Some(text) if text.parse::<i64>().is_ok() || Date::parse(text).is_ok() => "nonsense",
        Some(_) => "7",
    }
}

/// Where a fault may stand to say where the slip is. A missing part is missed at what holds it, or
/// where its siblings begin.
fn places_said(slip: Slip, path: &Path, lines: &Lines) -> Vec<RangeInclusive<usize>> {
    let Some((last, parent)) = path.split_last() else { return Vec::new() };
    let line = |path: &[usize]| lines.get(path).cloned();
    let first = |path: &[usize]| line(path).map(|lines| *lines.start()..=*lines.start());
    let found = match slip {
        Slip::Delete => {
            let holders = (1..=parent.len()).map(|depth| first(&parent[..depth]));
            holders.chain([first(&[parent, &[0]].concat()), Some(1..=1)]).collect()
        }
        Slip::Rename => vec![first(path)],
        Slip::Retype | Slip::Replace => vec![line(path)],
        Slip::Swap => vec![line(path), line(&[parent, &[last + 1]].concat())],
    };
    found.into_iter().flatten().collect()
}

/// The keys under which any text may stand.
const FREE: [&str; 4] = ["act", "article", "en", "zh"];

/// The keys of texts and citations, which are the same wherever they stand.
const WORDS: [&str; 5] = ["act", "article", "confidence", "en", "zh"];

/// The keys under which the language has names of the pack's own.
const NAMING: [&str; 25] = [
    "amends",
    "answers",
    "bodies",
    "changes",
    "certificates",
    "choice",
    "codes",
    "columns",
    "commitments",
    "ends",
    "fees",
    "fields",
    "figures",
    "levels",
    "looks_up",
    "materials",
    "offices",
    "outcomes",
    "records",
    "remedies",
    "requires",
    "reviews",
    "rows",
    "steps",
    "where",
];

/// The names on the way with the pack's own names and the numbers of lists as `*`.
fn general(root: &Node, path: &[usize], names: &[String]) -> Vec<String> {
    let holder = |depth: usize| tree::at(root, &path[..depth]);
    let own = |depth: usize| {
        let in_list = matches!(holder(depth).kind, Kind::List(_));
        in_list || depth > 0 && NAMING.contains(&&*names[depth - 1])
    };
    let shown = |(depth, name): (usize, &String)| match own(depth) {
        true => "*".to_owned(),
        false => name.clone(),
    };
    names.iter().enumerate().map(shown).collect()
}
