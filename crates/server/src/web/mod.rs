//! Pages and programs' answers over HTTP, in Chinese and English.
//!
//! No rule of law is here: what is possible now is read from the pack and the case, and the kernel
//! decides. Pages work without scripts; nothing is fetched from elsewhere.

mod api;
mod app;
mod asking;
mod assets;
mod colleagues;
mod components;
mod documents;
mod door;
mod draft;
mod drafting;
mod entries;
mod fault;
mod feeding;
mod fhir;
mod frame;
mod geojson;
mod handle;
mod in_words;
mod intake;
mod judging;
mod kept;
mod not_in;
mod pages;
mod paper;
mod permit;
mod planned;
mod possible;
mod posted;
mod proposed;
mod question;
mod rates;
mod reading;
mod routes;
mod sealing;
mod sending;
mod session;
mod shown;
mod signature;
mod standing;
mod taking;
#[cfg(test)]
mod tests;
mod visit;
mod words;

/// The names under which the form of every procedure sends what it asks besides its questions.
pub(crate) mod asked {
    pub(crate) use super::pages::{apply::KIND, behalf};
}

pub(crate) use app::{App, Clock, Packs, People, Person, Role, Served, Telling};
pub(crate) use documents::{Documents, Origin, key as credential_key};
pub(crate) use door::{Door, Elsewhere};
pub(crate) use fault::REFUSAL;
pub(crate) use feeding::Feeder;
pub(crate) use handle::account::elsewhere::BACK;
pub(crate) use handle::account::tokens::{TOKEN_MONTHS_MAX, new_token};
pub(crate) use handle::escaped;
pub(crate) use handle::upload::sweep;
pub(crate) use intake::Scanner;
pub(crate) use judging::{Judging, judge};
pub(crate) use paper::keep;
pub(crate) use planned::Undrawn;
pub(crate) use proposed::{follow, prepare, resume, stories_of};
pub(crate) use rates::{A_SECOND, Rates};
pub(crate) use routes::router;
pub(crate) use sealing::root_certificate;
pub(crate) use sending::{Mail, Outside, Sender, ready_for_tls};
pub(crate) use session::Session;
pub(crate) use standing::{Ours, proved_in_json, sound_in_json, unproved_in_json, unsound_in_json};
pub(crate) use taking::{Nats, Taking, gather, subscribe, told as told_of_lake, watch};
pub(crate) use words::Words;
