//! A draft as a paper: what it comes to, what it picks and what others are left with, in both
//! languages.

use base::{Language, Text};
use print::{Block, Check, Document, Field, Kind, Table};

use super::{Planned, Reckoned};
use crate::web::components::site_map;

/// The most lines of a table in a paper; all of them are in the workbook.
const LINES_MAX: usize = 400;

/// A draft of that number as a paper, from the same plan as it is told in each language.
pub(crate) fn report(
    zh: &Planned,
    en: &Planned,
    (number, language): (&str, Language),
    reckoned: &Reckoned<'_>,
) -> Document {
    let text = |of: &dyn Fn(&Planned) -> String| Text::new(of(zh), of(en));
    let t = |key: &'static str| text(&|own: &Planned| own.visit.words.t(key));
    let invented = zh.visit.app.demo || zh.pack.invented;
    let facts = zh.draft_facts(reckoned).into_iter().zip(en.draft_facts(reckoned));
    let fields = facts.map(|(one, other)| Field {
        title: Text::new(one.0, other.0),
        value: Text::new(one.1, other.1),
    });
    let mut blocks = vec![Block::Fields(fields.collect()), Block::Heading(t("layout-rounds"))];
    blocks.push(Block::Table(rounds(zh, en, reckoned)));
    for (one, other) in zh.tables_of(reckoned).into_iter().zip(en.tables_of(reckoned)) {
        blocks.push(Block::Heading(Text::new(one.title.clone(), other.title.clone())));
        if one.lines.len() > LINES_MAX {
            blocks.push(Block::Paragraph(t("layout-rest-in-workbook")));
        }
        blocks.push(Block::Table(table(&one, &other)));
    }
    blocks.push(Block::Note(t("layout-proof-says")));
    let own = if language == Language::Zh { zh } else { en };
    let path = own.to(&format!("/drafts/{number}"));
    let address = own.visit.app.documents.origin().to(&path);
    blocks.push(Block::Check(Check { address, says: t("layout-check-says") }));
    Document {
        kind: Kind::Notice,
        language,
        title: text(&|own: &Planned| own.title()),
        number: Field { title: t("layout-draft-number"), value: Text::new(number, number) },
        author: text(&|own: &Planned| own.title()),
        at: own.visit.now,
        mark: invented.then(|| t("certificate-demo")),
        blocks,
    }
}

fn rounds(zh: &Planned, en: &Planned, reckoned: &Reckoned<'_>) -> Table {
    let row = |round: &layout::Round| both(zh.round(round).cells(), en.round(round).cells());
    Table {
        header: both(zh.round_heads(), en.round_heads()),
        rows: reckoned.measures.rounds.iter().map(row).collect(),
    }
}

fn table(zh: &site_map::Table, en: &site_map::Table) -> Table {
    let cells = |line: &site_map::Line| {
        std::iter::once(line.title.clone()).chain(line.cells.iter().cloned()).collect::<Vec<_>>()
    };
    let lines = zh.lines.iter().zip(&en.lines).take(LINES_MAX);
    Table {
        header: both(zh.heads.clone(), en.heads.clone()),
        rows: lines.map(|(one, other)| both(cells(one), cells(other))).collect(),
    }
}

fn both(zh: Vec<String>, en: Vec<String>) -> Vec<Text> {
    zh.into_iter().zip(en).map(|(zh, en)| Text::new(zh, en)).collect()
}
