//! The kernel's smaller parts: registers against a slow model, canonical bytes, and the refusals as
//! a document. What it decides is tested in `replay`, which has packs to decide under.

#[cfg(test)]
mod bytes;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod registers;
