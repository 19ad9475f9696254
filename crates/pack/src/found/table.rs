//! Tables: the old place's rows are its own and are left behind, but for one to be filled in.

use super::{
    Move,
    edit::{Edits, scalars},
};
use crate::node::Node;

/// The key of the row to be filled in.
const ROW: &str = "M1";

impl Move<'_> {
    /// Keeps the first row, empty, with its bodies in the new place, under an empty title.
    pub(super) fn table(&self, table: &Node, edits: &mut Edits<'_>) {
        let Some(rows) = table.get("rows").map(Node::entries) else { return };
        let Some((key, row)) = rows.first() else { return };
        if let (Some((second, _)), Some((_, last))) = (rows.get(1), rows.last()) {
            edits.cut(second.at.start, last.at.end);
        }
        edits.replace(key.at, ROW);
        let title = table.get("title").into_iter();
        for part in title.chain([row]) {
            self.emptied(part, edits);
        }
    }

    fn emptied(&self, part: &Node, edits: &mut Edits<'_>) {
        scalars(part, &mut Vec::new(), &mut |keys, scalar| match keys.last() {
            Some(&"zh") => edits.replace(scalar.at, "待填"),
            Some(&"en") => edits.replace(scalar.at, "To be filled in"),
            _ => self.moved(scalar, edits),
        });
    }

    /// A division or `office@division`, as it lies in the new place.
    pub(super) fn moved(&self, scalar: &Node, edits: &mut Edits<'_>) {
        let text = scalar.text().unwrap_or_default();
        let bare = edits.slice(scalar.at) == text;
        let new = match text.split_once('@') {
            Some((office, place)) => self.places.code(place).map(|code| format!("{office}@{code}")),
            None => self.places.code(text).map(|code| code.to_string()),
        };
        match new {
            Some(new) if bare => edits.replace(scalar.at, &new),
            Some(new) => edits.replace(scalar.at, &format!("\"{new}\"")),
            None => {}
        }
    }
}
