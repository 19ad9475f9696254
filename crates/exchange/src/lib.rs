//! Our values in the standard formats that other programs read.
//!
//! Nothing here opens a file or asks a network: a value goes in, a text or a file comes out, and
//! the same value gives the same bytes.

pub mod bpmn;
pub mod credential;
pub mod licence;
