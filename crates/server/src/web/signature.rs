//! What an applicant signs: one text that holds every answer and paper, the statement agreed to,
//! the name typed, the account and the moment. The text is sealed in the vault with the case; the
//! filing names its digest, so that an auditor can show what was signed and that it is that.

use std::collections::BTreeMap;

use base::Instant;
use kernel::{form::Answers, ledger::SignedDigest};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    draft::Written,
    fault::Fault,
    session::{hex, random},
    words::Words,
};

/// Where the vault keeps what was signed, under the signer.
pub(crate) const SIGNED: &str = "signature";
/// The text that is signed.
pub(crate) const TEXT: &str = "text";
/// The digest of the answers that it holds.
pub(crate) const OVER: &str = "over";

/// The answers in their canonical form: topics, questions and papers in the order of their names.
#[derive(Serialize)]
struct Canonical<'a> {
    answers: BTreeMap<&'a str, &'a Answers>,
    pack: String,
    papers: BTreeMap<&'a str, String>,
    services: Vec<&'a str>,
}

/// What is signed, its parts in the order of their names.
#[derive(Serialize)]
struct Signed<'a> {
    account: String,
    application: Canonical<'a>,
    language: &'static str,
    name: &'a str,
    /// Random, so that nobody finds out by trying what a digest stands for.
    salt: String,
    signed_at_micros: i64,
    statement: String,
}

fn canonical<'a>(written: &'a Written<'_, '_>) -> Canonical<'a> {
    let asked: Vec<String> = written.outline.topics.iter().map(|topic| topic.word()).collect();
    let topics = written.draft.topics.iter().filter(|(word, _)| asked.contains(word));
    let papers = written.draft.papers.iter();
    Canonical {
        answers: topics.map(|(word, topic)| (word.as_str(), &topic.answers)).collect(),
        pack: written.outline.pack.hash.to_string(),
        papers: papers.map(|(word, paper)| (word.as_str(), hex(&paper.digest))).collect(),
        services: written.outline.services.iter().map(|own| own.name.as_str()).collect(),
    }
}

/// The digest of what is written, as a page carries it.
///
/// # Errors
/// When what is written cannot be put into its canonical form.
pub(crate) fn over(written: &Written<'_, '_>) -> Result<String, Fault> {
    let text = serde_json::to_vec(&canonical(written)).map_err(|error| Fault::broken(&error))?;
    Ok(hex(&Sha256::digest(text)))
}

/// The text that is signed.
///
/// # Errors
/// When what is written cannot be put into its canonical form.
pub(crate) fn text(
    written: &Written<'_, '_>,
    words: Words,
    name: &str,
    at: Instant,
) -> Result<String, Fault> {
    let signed = Signed {
        account: written.draft.line.own.owner.to_string(),
        application: canonical(written),
        language: words.code(),
        name,
        salt: random(),
        signed_at_micros: at.micros(),
        statement: words.t("draft-statement"),
    };
    serde_json::to_string(&signed).map_err(|error| Fault::broken(&error))
}

/// What the filing says of a signed text.
pub(crate) fn digest(text: &str) -> SignedDigest {
    SignedDigest(Sha256::digest(text).into())
}
