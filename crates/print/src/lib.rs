//! Papers that people hold in their hands: a certificate, a notice, a decision, as PDF.
//!
//! Values go in, bytes come out: nothing here opens a file but the fonts, asks a network or looks
//! at a clock, so the same paper with the same fonts gives the same bytes. What a paper says is
//! passed to Typst as data and never becomes part of its source, so that nobody's name can be a
//! command.
//!
//! Each PDF is PDF/A-2a (ISO 19005-2), which archives keep, and PDF/UA-1 (ISO 14289-1), which
//! screen readers read: tagged, with its language, its title and its text as letters. A paper is no
//! original: the original is the sealed document (GB/T 33190, `exchange::licence`), and the paper
//! says so.

mod document;
mod fault;
mod fonts;
mod letters;
mod press;
pub mod qr;
mod values;

pub use document::{Block, Check, Document, Field, Kind, Table};
pub use fault::Unprinted;
pub use fonts::Fonts;
pub use press::print;
