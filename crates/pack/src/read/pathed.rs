//! An ordered map from paths to values: what a decision changes in the entry that a question names.

use super::{Read, Spanned, fields::is_map};
use crate::{
    fault::Faults,
    node::Node,
    schema::{Shape, Shapes},
};

/// Values by path, in the order written. What a path may be, the linker knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pathed<T>(Vec<(Spanned<String>, T)>);

impl<T> Pathed<T> {
    /// Paths and values in order.
    pub fn iter(&self) -> impl Iterator<Item = &(Spanned<String>, T)> {
        self.0.iter()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Pathed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Read> Read for Pathed<T> {
    fn shape(shapes: &mut Shapes) -> Shape {
        Shape::Pathed(Box::new(T::shape(shapes)))
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        if !is_map(node, faults) {
            return None;
        }
        let read: Vec<_> = node
            .entries()
            .iter()
            .map(|(path, value)| Some((path.clone(), T::read(value, faults)?)))
            .collect();
        read.into_iter().collect::<Option<_>>().map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}
