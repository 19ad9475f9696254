//! An ordered map from names to values: fields of a form, steps of a procedure.

use base::{Name, Text};

use super::{Read, Spanned, fields::is_map};
use crate::{
    fault::{Fault, Faults},
    node::Node,
    schema::{Shape, Shapes},
};

/// Values by name, in the order written; no name comes twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<T>(Vec<(Spanned<Name>, T)>);

impl<T> Named<T> {
    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(key, _)| key.value.as_str() == name).map(|(_, value)| value)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Spanned<Name>, &T)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &Spanned<Name>> {
        self.iter().map(|(name, _)| name)
    }

    /// The values in order.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.iter().map(|(_, value)| value)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> IntoIterator for Named<T> {
    type Item = (Spanned<Name>, T);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Named<T> {
    type Item = &'a (Spanned<Name>, T);
    type IntoIter = std::slice::Iter<'a, (Spanned<Name>, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Read> Read for Named<T> {
    fn shape(shapes: &mut Shapes) -> Shape {
        Shape::Named(Box::new(T::shape(shapes)))
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        if !is_map(node, faults) {
            return None;
        }
        let read: Vec<_> = node.entries().iter().map(|entry| entry_read(entry, faults)).collect();
        read.into_iter().collect::<Option<_>>().map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

fn entry_read<T: Read>(
    (key, value): &(Spanned<String>, Node),
    faults: &mut Faults,
) -> Option<(Spanned<Name>, T)> {
    let name = Name::new(&key.value);
    if let Err(refused) = &name {
        faults.push(not_a_name(key, refused.says()));
    }
    let value = T::read(value, faults);
    Some((Spanned { value: name.ok()?, at: key.at }, value?))
}

fn not_a_name(key: &Spanned<String>, why: Text) -> Fault {
    Fault::new("not-a-name", key.at, why)
}
