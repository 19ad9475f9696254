//! `fhir` of a register: which resources of the directory (FHIR R4, IHE mCSD) its entries are, and
//! what fills their elements.

use base::{Name, Text};

use crate::{
    fault::Faults,
    node::{Kind, Node},
    read::{Pathed, Read, Spanned},
    schema::{Shape, Shapes},
};

/// What fills the elements of one resource, by their paths in FHIR.
pub type FhirElements = Pathed<FhirSources>;

/// What fills one element: one source, or a list of them where it may come several times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FhirSources(pub Vec<FhirSource>);

impl Read for FhirSources {
    fn shape(shapes: &mut Shapes) -> Shape {
        let one = FhirSource::shape(shapes);
        Shape::Either(vec![one.clone(), Shape::List(Box::new(one))])
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        match node.kind {
            Kind::List(_) => Vec::read(node, faults).map(Self),
            _ => FhirSource::read(node, faults).map(|source| Self(vec![source])),
        }
    }
}

record! {
    /// One source of an element.
    pub struct FhirSource {
        /// The field whose value it is.
        field: Option<Spanned<Name>>,
        /// The same for every entry: a text, a code, an address.
        fixed: Option<Spanned<String>>,
        /// The system of codes or of an identifier; of a way to reach somebody, which it is, such
        /// as `phone`.
        system: Option<Spanned<String>>,
        /// What a fixed code is called.
        display: Option<Text>,
        /// What each option or code of the field is called in the system.
        map: Pathed<FhirCode>,
        /// True where it is another resource of the same entry.
        own: Option<bool>,
        /// The field with the division of an address.
        division: Option<Spanned<Name>>,
        /// The field with the first day of a period.
        from: Option<Spanned<Name>>,
        /// The field with the last day of a period.
        until: Option<Spanned<Name>>,
        /// True where it is the address at which programs read the entry.
        address: Option<bool>,
    }
}

record! {
    /// A code of a system.
    pub struct FhirCode {
        /// The code.
        code: Spanned<String>,
        /// What it is called.
        display: Option<Text>,
    }
}
