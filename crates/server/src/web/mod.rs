//! Pages and programs' answers over HTTP, in Chinese and English.
//!
//! No rule of law is here: what is possible now is read from the pack and the case, and the kernel
//! decides. Pages work without scripts; nothing is fetched from elsewhere.

mod api;
mod app;
mod assets;
mod components;
mod entries;
mod fault;
mod frame;
mod handle;
mod in_words;
mod pages;
mod paper;
mod permit;
mod possible;
mod posted;
mod question;
mod reading;
mod routes;
mod sealing;
mod session;
mod shown;
mod standing;
#[cfg(test)]
mod tests;
mod visit;
mod words;

/// The names under which the form of every procedure sends what it asks besides its questions.
pub(crate) mod asked {
    pub(crate) use super::pages::{apply::KIND, behalf};
}

pub(crate) use app::{App, Clock, Packs, People, Person, Role, Telling};
pub(crate) use fault::REFUSAL;
pub(crate) use paper::keep;
pub(crate) use routes::router;
pub(crate) use sealing::root_certificate;
pub(crate) use standing::{Ours, sound_in_json, unsound_in_json};
