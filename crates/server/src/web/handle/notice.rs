//! The notice of a decision as a paper, in PDF: what was decided, why, what can be done against it
//! and until when (行政许可法 article 38, 行政处罚法 article 59). It says what the ledger holds at
//! this moment, so that a remedy taken or a service proven since stands in it too.

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use base::{Language, Name, Text};
use kernel::{Deadline, case::Made};
use print::{Block, Check, Document, Field, Kind, Table};

use super::{
    case::Loaded,
    escaped,
    printed::{alike, both, minute},
};
use crate::web::{
    fault::Fault, pages::case::DecisionView, reading::Reading, visit::SignedIn, words::Words,
};

/// The notice of the decision with that ledger number.
pub(in crate::web) async fn pdf(
    who: SignedIn,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let loaded = Loaded::of(who, &id).await?;
    let made = loaded.case.decisions.iter().find(|made| made.number.0.to_string() == number);
    let made = made.ok_or(Fault::NoSuchPage)?;
    let head = loaded.visit.app.store.head().await?.0;
    let paper = Noticed::of(&loaded, made)?.paper(head);
    let bytes = loaded.visit.app.documents.print(paper).await?;
    let named = format!("attachment; filename=\"notice-{id}-{number}.pdf\"");
    let headers =
        [(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, named.as_str())];
    Ok((headers, bytes).into_response())
}

/// A decision as it is read in each language.
struct Noticed<'a> {
    loaded: &'a Loaded,
    made: &'a Made,
    zh: (Reading<'a>, DecisionView),
    en: (Reading<'a>, DecisionView),
}

impl<'a> Noticed<'a> {
    fn of(loaded: &'a Loaded, made: &'a Made) -> Result<Self, Fault> {
        let read = |language| {
            let reading = loaded.reading(Default::default())?.told_in(Words(language));
            let decision = reading.decision(made).ok_or(Fault::NoSuchPage)?;
            Ok::<_, Fault>((reading, decision))
        };
        Ok(Self { loaded, made, zh: read(Language::Zh)?, en: read(Language::En)? })
    }

    /// What the reading and the decision say, in both languages.
    fn said(&self, of: impl Fn(&Reading<'a>, &DecisionView) -> String) -> Text {
        Text::new(of(&self.zh.0, &self.zh.1), of(&self.en.0, &self.en.1))
    }

    fn paper(&self, head: u64) -> Document {
        let Self { loaded: Loaded { visit, pack, case, .. }, made, .. } = self;
        let invented = visit.app.demo || pack.invented;
        Document {
            kind: Kind::Notice,
            language: visit.words.0,
            title: self.said(|_, decision| decision.title.clone()),
            number: Field {
                title: both(|words| words.t("notice-number")),
                value: alike(&format!("{}-{}", case.id, made.number.0)),
            },
            author: self.said(|_, decision| decision.by.clone()),
            at: minute(visit.now),
            mark: invented.then(|| both(|words| words.t("certificate-demo"))),
            blocks: self.blocks(head),
        }
    }

    fn blocks(&self, head: u64) -> Vec<Block> {
        let heading = |key: &str| Block::Heading(both(|words| words.t(key)));
        let mut blocks = vec![
            Block::To(
                self.said(|reading, _| reading.shown.words.with("notice-to", &reading.applicant())),
            ),
            Block::Paragraph(self.said(|_, decision| decision.notice.clone())),
            Block::Fields(self.facts()),
        ];
        if !self.zh.1.reasons.is_empty() {
            blocks.push(heading("reasons"));
            blocks.push(Block::Paragraph(alike(&self.zh.1.reasons)));
        }
        if !self.made.remedies.is_empty() {
            blocks.push(heading("guide-remedies"));
            blocks.push(Block::Table(self.remedies()));
        }
        let day = self.zh.0.shown.day_of(self.made.at);
        blocks.push(Block::Signed(vec![
            self.said(|_, decision| decision.by.clone()),
            alike(&day),
            both(|words| words.t("notice-no-seal")),
        ]));
        blocks.push(self.check());
        let basis = self.said(|reading, _| {
            let cited = reading.shown.all_cited(&reading.procedure.basis);
            let cited: Vec<String> = cited.into_iter().map(|cited| cited.text).collect();
            cited.join(reading.shown.words.comma())
        });
        if !basis.zh.is_empty() {
            blocks.push(Block::Note(both(|words| words.with("notice-basis", basis.to(words.0)))));
        }
        blocks.push(Block::Note(self.said(|reading, _| {
            let (words, visit) = (reading.shown.words, &self.loaded.visit);
            let at = reading.shown.moment(visit.now);
            let as_of = words.with_both("paper-as-of", &at, &head.to_string());
            let case = words.with("case-title", &self.loaded.case.id.to_string());
            words.with_both("notice-print-of", &case, &as_of)
        })));
        blocks
    }

    /// Of what case it is, and how it reached the party.
    fn facts(&self) -> Vec<Field> {
        let field = |key: &str, value: Text| Field { title: both(|words| words.t(key)), value };
        let procedure = self.zh.0.procedure;
        vec![
            field("service", procedure.title.clone()),
            field("notice-case", alike(&self.loaded.case.id.to_string())),
            field("notice-filed", alike(&self.zh.0.shown.day_of(self.loaded.case.filed_at))),
            field("notice-decided", self.said(|_, d| format!("{} · {}", d.at, d.number))),
            field("notice-service", self.said(|_, decision| decision.served.clone())),
        ]
    }

    /// What can be done against it: how, where, until when.
    fn remedies(&self) -> Table {
        let head = |key: &str| both(|words| words.t(key));
        let row = |(name, due): (&Name, &Deadline)| {
            let where_to = self.said(|reading, _| {
                let remedy = reading.shown.pack.remedies.get(name);
                let hearing = remedy.and_then(|remedy| remedy.hearing.as_ref());
                hearing.map_or_else(
                    || reading.shown.words.t("notice-elsewhere"),
                    |hearing| reading.shown.competent(&hearing.by),
                )
            });
            let until = self.said(|reading, _| match due.provisional {
                true => reading.shown.words.with("notice-provisional", &due.on.to_string()),
                false => due.on.to_string(),
            });
            vec![self.said(|reading, _| reading.remedy_title(name)), where_to, until]
        };
        Table {
            header: vec![head("remedy"), head("notice-where"), head("notice-until")],
            rows: self.made.remedies.iter().map(row).collect(),
        }
    }

    /// Where it can be held against the ledger: the entry for everybody, where there is one; the
    /// case for those who may see it.
    fn check(&self) -> Block {
        let Loaded { visit, pack, case, .. } = self.loaded;
        let public = case.entry.as_ref().filter(|entry| {
            pack.registers.get(&entry.register).is_some_and(|register| register.public)
        });
        let (path, key) = match public {
            Some(entry) => {
                let key = escaped(&entry.key);
                (format!("/registers/{}/{key}", entry.register), "notice-check-entry")
            }
            None => (format!("/cases/{}", case.id), "notice-check-case"),
        };
        Block::Check(Check {
            address: visit.app.documents.origin().to(&visit.to(&path)),
            says: both(|words| words.t(key)),
        })
    }
}
