//! Stories, told of the new place: every division moves, wherever a story names one.

use super::{
    Move,
    edit::{Edits, scalars},
};
use crate::{model::Input, node::Node};

/// A code of this many digits is a division wherever it stands.
const PLAIN: usize = 6;

impl Move<'_> {
    /// Moves the divisions of a story.
    pub(super) fn story(&self, story: &Node, edits: &mut Edits<'_>) {
        scalars(story, &mut Vec::new(), &mut |keys, scalar| {
            let text = scalar.text().unwrap_or_default();
            let key = keys.last().copied().unwrap_or_default();
            let officer = key == "of" && keys.first() == Some(&"people");
            let long = text.len() >= PLAIN && text.bytes().all(|byte| byte.is_ascii_digit());
            if officer || long || text.contains('@') || self.holds_division(key) {
                self.moved(scalar, edits);
            } else if key == "key" {
                self.key(scalar, edits);
            }
        });
        for beat in story.get("play").map(items).unwrap_or_default() {
            let field = beat.get("corrects").and_then(Node::text);
            if let (Some(field), Some(to)) = (field, beat.get("to"))
                && self.holds_division(field)
            {
                self.moved(to, edits);
            }
        }
    }

    /// Whether a question of a form or a field of an entry is a division.
    fn holds_division(&self, name: &str) -> bool {
        let questions = self.pack.procedures.values().flat_map(|procedure| procedure.fields());
        let mut questions = questions.filter(|field| field.input == Input::Division);
        let fields = self.pack.registers.values().flat_map(|register| &register.fields);
        let mut fields = fields.filter(|field| field.input == Input::Division);
        questions.any(|field| field.path == name) || fields.any(|field| field.name.as_str() == name)
    }

    /// The key of an entry, which may hold a division between hyphens.
    fn key(&self, scalar: &Node, edits: &mut Edits<'_>) {
        let text = scalar.text().unwrap_or_default();
        let part = |part: &str| {
            let code = self.places.code(part).filter(|_| part.len() >= PLAIN);
            code.map_or_else(|| part.to_owned(), ToString::to_string)
        };
        let moved: Vec<String> = text.split('-').map(part).collect();
        let moved = moved.join("-");
        if moved != text {
            edits.replace(scalar.at, &format!("\"{moved}\""));
        }
    }
}

fn items(node: &Node) -> &[Node] {
    match &node.kind {
        crate::node::Kind::List(items) => items,
        _ => &[],
    }
}
