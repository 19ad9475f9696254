//! A certificate as a paper, in PDF.

use axum::{
    extract::{Path, Query as Asked},
    response::Response,
};
use base::{Instant, Language, Text};
use print::{Block, Check, Document, Field, Kind};

use super::{
    Query,
    certificate::{Issued, in_force},
    code,
};
use crate::web::{fault::Fault, visit::Visit, words::Words};

/// A text of ours in both languages.
pub(super) fn both(of: impl Fn(Words) -> String) -> Text {
    Text::new(of(Words(Language::Zh)), of(Words(Language::En)))
}

/// What is written alike in both.
pub(super) fn alike(text: &str) -> Text {
    Text::new(text, text)
}

/// The certificate of this moment; none of an entry that is not in force.
pub(in crate::web) async fn pdf(
    visit: Visit,
    Path(place): Path<(String, String)>,
    Asked(query): Asked<Query>,
) -> Result<Response, Fault> {
    let issued = in_force(&visit, place, &query).await?;
    let paper = paper(&visit, &issued).await?;
    let bytes = visit.app.documents.print(paper).await?;
    Ok(issued.file("application/pdf", "pdf", bytes))
}

async fn paper<'v>(visit: &'v Visit, issued: &Issued<'v>) -> Result<Document, Fault> {
    let invented = visit.app.demo || visit.pack().invented;
    Ok(Document {
        kind: Kind::Certificate,
        language: visit.words.0,
        title: issued.certificate.title.clone(),
        number: Field { title: both(|words| words.t("licence-number")), value: alike(&issued.key) },
        author: issued.body(visit),
        // What it says is of this minute, so that two prints within one are the same.
        at: minute(visit.now),
        mark: invented.then(|| both(|words| words.t("certificate-demo"))),
        blocks: blocks(visit, issued).await?,
    })
}

/// The minute of a moment.
pub(super) fn minute(at: Instant) -> Instant {
    Instant::from_micros(at.micros().div_euclid(60_000_000) * 60_000_000)
}

async fn blocks<'v>(visit: &'v Visit, issued: &Issued<'v>) -> Result<Vec<Block>, Fault> {
    let rows = issued.both_rows(visit).await?;
    let fields = rows.into_iter().map(|(title, value)| Field { title, value }).collect();
    let day = visit.pack().zone.day_of(issued.issue.at).to_string();
    let mut blocks = vec![
        Block::Fields(fields),
        Block::Signed(vec![
            issued.body(visit),
            alike(&day),
            both(|words| words.t("paper-no-seal")),
        ]),
        Block::Check(Check {
            address: code::address(visit, issued),
            says: both(|words| words.t("code-says-paper")),
        }),
    ];
    let cited = |words: Words| {
        let all = issued.shown(visit, words.0).all_cited(&issued.certificate.basis);
        let all: Vec<String> = all.into_iter().map(|cited| cited.text).collect();
        all.join(words.comma())
    };
    if !issued.certificate.basis.is_empty() {
        blocks.push(Block::Note(both(|words| words.with("paper-basis", &cited(words)))));
    }
    let (at, head) = (visit.shown().moment(visit.now), visit.app.store.head().await?);
    blocks.push(Block::Note(both(|words| {
        let entry = format!("{} {}", issued.register.title.to(words.0), issued.key);
        let as_of = words.with_both("paper-as-of", &at, &head.0.to_string());
        words.with_both("paper-print-of", &entry, &as_of)
    })));
    Ok(blocks)
}
