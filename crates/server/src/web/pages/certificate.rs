//! A certificate: what a register says of one entry, as a paper that can be printed.

use askama::Template;

use crate::web::frame::{Cited, Frame, Link, Row};

use super::register::{Code, Force};

/// A certificate.
#[derive(Debug, Template)]
#[template(path = "certificate.html")]
pub(crate) struct CertificatePage {
    pub(crate) frame: Frame,
    /// Its title.
    pub(crate) title: String,
    /// Its number, the key of the entry.
    pub(crate) number: String,
    /// What it shows.
    pub(crate) rows: Vec<Row>,
    /// The body that issued it; empty where the register does not say.
    pub(crate) body: String,
    /// The day since which it says so.
    pub(crate) since: String,
    /// Whether the entry is in force.
    pub(crate) force: Force,
    /// What it is issued under.
    pub(crate) basis: Vec<Cited>,
    /// The entry that anybody may check it against.
    pub(crate) entry: Link,
    /// The same under a seal.
    pub(crate) electronic: Electronic,
    /// What leads to the page that holds it against the register.
    pub(crate) check: Code,
}

/// The electronic licence of a certificate.
#[derive(Debug)]
pub(crate) enum Electronic {
    /// None is made, for the entry is not in force.
    None,
    /// It can be had.
    At {
        /// Where.
        href: String,
        /// Where it can be had as a paper.
        pdf: String,
        /// Where it can be had as a verifiable credential.
        credential: String,
        /// Its national identifier; empty where it has none.
        identifier: String,
    },
}

#[cfg(test)]
impl super::Sample for CertificatePage {
    fn samples(frame: Frame) -> Vec<Self> {
        let at = |identifier: &str| Electronic::At {
            href: "/zh/certificates/herb-room/7/licence.ofd?kind=licence".into(),
            pdf: "/zh/certificates/herb-room/7/certificate.pdf?kind=licence".into(),
            credential: "/zh/certificates/herb-room/7/credential.json?kind=licence".into(),
            identifier: identifier.into(),
        };
        let page = |force, body: &str, electronic| Self {
            frame: frame.clone(),
            title: "Licence".into(),
            number: "900101-2030-7".into(),
            rows: vec![super::row()],
            body: body.into(),
            since: "2030-01-31".into(),
            force,
            basis: vec![super::cited()],
            entry: super::link(),
            electronic,
            check: super::code(),
        };
        vec![
            page(Force::In, "A body", at("1.2.156.3005.2.X")),
            page(Force::Out, "", Electronic::None),
            page(Force::Unsaid, "", at("")),
        ]
    }
}
