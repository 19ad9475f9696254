//! Trees become records: one definition gives a type, its reader and its shape for editors.
//!
//! A reader never stops at the first fault: it pushes what is wrong, goes on with the next field,
//! and answers `None` once at the end.

#[macro_use]
mod record;
mod fields;
mod named;
mod pathed;
mod scalar;
#[cfg(test)]
mod tests;

pub use fields::{Fields, key, one_of, word_or_entry, words};
pub use named::Named;
pub use pathed::Pathed;
pub use scalar::scalar;

use base::Text;

pub use crate::node::Spanned;
use crate::{
    fault::{Fault, Faults},
    node::{Kind, Node},
    schema::{Shape, Shapes},
};

/// What a node of a pack can be read as.
pub trait Read: Sized {
    /// The shape an editor should offer; records put themselves among `shapes`.
    fn shape(shapes: &mut Shapes) -> Shape;

    /// Reads a node. `None` when it cannot be read; why has then been pushed. A value may come with
    /// faults too (an unknown key beside good ones), so that later checks still see it.
    fn read(node: &Node, faults: &mut Faults) -> Option<Self>;

    /// The value when nothing is written, for fields that may be left out.
    fn absent() -> Option<Self> {
        None
    }
}

impl<T: Read> Read for Option<T> {
    fn shape(shapes: &mut Shapes) -> Shape {
        T::shape(shapes)
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        T::read(node, faults).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn shape(shapes: &mut Shapes) -> Shape {
        Shape::List(Box::new(T::shape(shapes)))
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        match &node.kind {
            Kind::List(items) => {
                let read: Vec<_> = items.iter().map(|item| T::read(item, faults)).collect();
                read.into_iter().collect()
            }
            Kind::Refused => None,
            Kind::Scalar { .. } | Kind::Map(_) => {
                faults.push(not_a_list(node));
                None
            }
        }
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl<T: Read> Read for Spanned<T> {
    fn shape(shapes: &mut Shapes) -> Shape {
        T::shape(shapes)
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        T::read(node, faults).map(|value| Spanned { value, at: node.at })
    }
}

impl Read for Node {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Any
    }

    fn read(node: &Node, _: &mut Faults) -> Option<Self> {
        Some(node.clone())
    }
}

fn not_a_list(node: &Node) -> Fault {
    let says = Text::new(
        "此处须为列表，只有一项也要写成 `- …` 或 `[…]`",
        "a list belongs here; write even a single value as `- …` or `[…]`",
    );
    Fault::new("not-a-list", node.head(), says)
}
