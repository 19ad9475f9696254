//! A pack's file written out with every value on a line of its own, so that "at its line" means at
//! that very value; and the mutants of such a file.

use std::{collections::BTreeMap, ops::RangeInclusive};

use pack::{
    fault::Faults,
    node::{FileId, Kind, Node, Span, Spanned, parse},
};

/// A place in a tree: at each level the entry of the map or the item of the list.
pub(super) type Path = Vec<usize>;

/// The lines each node stands on, counted from 1; its key's line is the first.
pub(super) type Lines = BTreeMap<Path, RangeInclusive<usize>>;

/// Reads a good file.
pub(super) fn read(text: &str) -> Node {
    let mut faults = Faults::default();
    let node = parse(FileId(0), text, &mut faults).expect("a good file can be read");
    assert!(faults.is_empty(), "{faults:?}");
    node
}

/// The scalar of that text, bare.
pub(super) fn bare(text: &str) -> Node {
    scalar(text, false)
}

fn scalar(text: &str, quoted: bool) -> Node {
    let at = Span { file: FileId(0), start: 0, end: 0 };
    Node { kind: Kind::Scalar { text: text.to_owned(), quoted }, at }
}

/// The parts of a map or a list, in order, each with its key where it has one.
pub(super) fn parts(node: &Node) -> Vec<(Option<&str>, &Node)> {
    match &node.kind {
        Kind::Map(entries) => entries.iter().map(|(key, v)| (Some(&*key.value), v)).collect(),
        Kind::List(items) => items.iter().map(|item| (None, item)).collect(),
        Kind::Scalar { .. } | Kind::Refused => Vec::new(),
    }
}

/// Every place below the root, in the order of the file.
pub(super) fn places(node: &Node) -> Vec<Path> {
    let below = parts(node).into_iter().enumerate().flat_map(|(at, (_, part))| {
        let deeper = places(part).into_iter().map(move |path| [vec![at], path].concat());
        std::iter::once(vec![at]).chain(deeper)
    });
    below.collect()
}

/// The node at a place.
pub(super) fn at<'n>(root: &'n Node, path: &[usize]) -> &'n Node {
    path.iter().fold(root, |node, &part| parts(node)[part].1)
}

/// The keys and item numbers on the way to a place.
pub(super) fn names(root: &Node, path: &[usize]) -> Vec<String> {
    let step = |depth: usize| match parts(at(root, &path[..depth]))[path[depth]].0 {
        Some(key) => key.to_owned(),
        None => path[depth].to_string(),
    };
    (0..path.len()).map(step).collect()
}

/// The node that holds a place, to be changed.
pub(super) fn parent<'n>(root: &'n mut Node, path: &[usize]) -> &'n mut Node {
    path[..path.len() - 1].iter().fold(root, |node, &part| value(node, part))
}

/// One part of a map or a list, to be changed.
pub(super) fn value(node: &mut Node, part: usize) -> &mut Node {
    match &mut node.kind {
        Kind::Map(entries) => &mut entries[part].1,
        Kind::List(items) => &mut items[part],
        Kind::Scalar { .. } | Kind::Refused => panic!("a scalar has no parts"),
    }
}

/// The key of an entry, to be changed; an item of a list has none.
pub(super) fn key(node: &mut Node, part: usize) -> Option<&mut Spanned<String>> {
    match &mut node.kind {
        Kind::Map(entries) => Some(&mut entries[part].0),
        _ => None,
    }
}

/// What a value says, without where it says it.
pub(super) fn plain_value(node: &Node) -> String {
    same_line(node) + &write(node).0
}

/// The tree as YAML, with the lines of each node.
pub(super) fn write(node: &Node) -> (String, Lines) {
    let mut writer = Writer::default();
    writer.inside(node, &mut Vec::new());
    (writer.text, writer.lines)
}

#[derive(Default)]
struct Writer {
    text: String,
    line: usize,
    lines: Lines,
}

impl Writer {
    fn inside(&mut self, node: &Node, path: &mut Path) {
        for (number, (key, part)) in parts(node).into_iter().enumerate() {
            let indent = "  ".repeat(path.len());
            path.push(number);
            let first = self.line + 1;
            let opening = key.map_or("-".to_owned(), |key| format!("{key}:"));
            self.write_line(&format!("{indent}{opening}{}", same_line(part)));
            self.inside(part, path);
            self.lines.insert(path.clone(), first..=self.line);
            path.pop();
        }
    }

    fn write_line(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
        self.line += 1;
    }
}

/// What stands on the line of the key: a scalar, or that there is nothing below.
fn same_line(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar { text, quoted: true } => {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            format!(" \"{text}\"")
        }
        Kind::Scalar { text, quoted: false } => format!(" {text}"),
        Kind::Map(entries) if entries.is_empty() => " {}".to_owned(),
        Kind::List(items) if items.is_empty() => " []".to_owned(),
        Kind::Map(_) | Kind::List(_) | Kind::Refused => String::new(),
    }
}
