//! A paper as the values that our Typst source reads from `sys.inputs`.
//!
//! Every text becomes a Typst string. A string is shown as it is: `#`, `$` and `]` in it are
//! letters and can be nothing else.

use base::{Language, Text};
use typst::foundations::{Array, Bytes, Dict, IntoValue, Str, Value};

use crate::{
    Block, Check, Document, Field, Fonts, Kind, Table, Unprinted,
    letters::{LACKING, printed},
    qr,
};

/// What a paper with a mark for a lacking letter says at its end.
const LACKED: (&str, &str) = (
    "〓 代表本机字体中没有的字；以名册记载为准。",
    "〓 stands for a letter that the fonts here lack; what the register says holds.",
);

/// No part of an address is longer, so that each fits on a line.
const PART_MAX: usize = 40;

/// Turns texts into values for one paper.
struct Setting<'f> {
    fonts: &'f Fonts,
    first: Language,
}

/// The paper as values.
///
/// # Errors
/// [`Unprinted::AddressTooLong`] where an address does not fit into a QR code.
pub(crate) fn values(fonts: &Fonts, paper: &Document) -> Result<Dict, Unprinted> {
    let setting = Setting { fonts, first: paper.language };
    let mut blocks = Array::new();
    for block in &paper.blocks {
        blocks.push(setting.block(block)?);
    }
    if lacks(fonts, paper) {
        blocks.push(tagged("note", [("text", setting.both(&Text::new(LACKED.0, LACKED.1)))]));
    }
    let kind = match paper.kind {
        Kind::Certificate => "certificate",
        Kind::Notice => "notice",
    };
    let families = fonts.families().iter().map(|family| string(family));
    let number = setting.in_both(&paper.number.value, " ");
    let known_as = format!("{} {number}", setting.in_both(&paper.title, " "));
    let mark = paper.mark.as_ref().map_or(Value::None, |mark| setting.both(mark));
    let own = dict([
        ("kind", string(kind)),
        ("fonts", Value::Array(families.collect())),
        ("known-as", string(&known_as)),
        ("author", string(&setting.in_both(&paper.author, " "))),
        ("title", setting.both(&paper.title)),
        ("number", setting.field(&paper.number)),
        ("mark", mark),
        ("language", string(tag(paper.language))),
        ("blocks", Value::Array(blocks)),
    ]);
    Ok([(Str::from("paper"), own)].into_iter().collect())
}

/// Whether some letter of the paper cannot be shown.
fn lacks(fonts: &Fonts, paper: &Document) -> bool {
    let said = |text: &Text| [&text.zh, &text.en].map(|one| printed(fonts, one).contains(LACKING));
    let any = |text: &Text| said(text).contains(&true);
    let field = |field: &Field| any(&field.title) || any(&field.value);
    any(&paper.title)
        || field(&paper.number)
        || paper.blocks.iter().any(|block| match block {
            Block::To(text) | Block::Heading(text) | Block::Paragraph(text) | Block::Note(text) => {
                any(text)
            }
            Block::Fields(fields) => fields.iter().any(field),
            Block::Table(table) => table.header.iter().chain(table.rows.iter().flatten()).any(any),
            Block::Signed(lines) => lines.iter().any(any),
            Block::Check(check) => any(&check.says),
        })
}

impl Setting<'_> {
    fn block(&self, block: &Block) -> Result<Value, Unprinted> {
        Ok(match block {
            Block::To(text) => tagged("to", [("text", self.both(text))]),
            Block::Heading(text) => tagged("heading", [("text", self.both(text))]),
            Block::Paragraph(text) => tagged("paragraph", [("text", self.both(text))]),
            Block::Note(text) => tagged("note", [("text", self.both(text))]),
            Block::Fields(fields) => {
                let fields = fields.iter().map(|field| self.field(field)).collect();
                tagged("fields", [("fields", Value::Array(fields))])
            }
            Block::Table(table) => self.table(table),
            Block::Signed(lines) => tagged("signed", [("lines", self.all(lines))]),
            Block::Check(check) => self.check(check)?,
        })
    }

    fn table(&self, table: &Table) -> Value {
        let rows = table.rows.iter().map(|row| self.all(row)).collect();
        tagged("table", [("header", self.all(&table.header)), ("rows", Value::Array(rows))])
    }

    fn check(&self, check: &Check) -> Result<Value, Unprinted> {
        let code = qr::svg(&check.address)?.into_bytes();
        Ok(tagged(
            "check",
            [
                ("text", self.both(&check.says)),
                ("address", string(&check.address)),
                ("parts", Value::Array(parts(&check.address).map(|part| string(&part)).collect())),
                ("code", Value::Bytes(Bytes::new(code))),
            ],
        ))
    }

    fn field(&self, field: &Field) -> Value {
        dict([("title", self.both(&field.title)), ("value", self.both(&field.value))])
    }

    fn all(&self, texts: &[Text]) -> Value {
        Value::Array(texts.iter().map(|text| self.both(text)).collect())
    }

    /// The text in the language that is read first, then in the other; once where both are the
    /// same.
    fn both(&self, text: &Text) -> Value {
        let part = |language: Language| {
            let said = printed(self.fonts, text.to(language));
            dict([("language", string(tag(language))), ("text", string(&said))])
        };
        let languages = self.languages(text);
        Value::Array(languages.into_iter().map(part).collect())
    }

    fn in_both(&self, text: &Text, joint: &str) -> String {
        let said = self.languages(text).into_iter().map(|language| text.to(language));
        let said: Vec<String> = said.map(|one| printed(self.fonts, one)).collect();
        said.join(joint)
    }

    fn languages(&self, text: &Text) -> Vec<Language> {
        let second = match self.first {
            Language::Zh => Language::En,
            Language::En => Language::Zh,
        };
        // What is the same in both is a name, and names here are Chinese.
        match text.zh.trim() == text.en.trim() {
            true => vec![Language::Zh],
            false => vec![self.first, second],
        }
    }
}

/// An address in parts between which a line may break: behind a mark, never at a hyphen, which
/// readers of PDF take for the end of a word and leave out.
fn parts(address: &str) -> impl Iterator<Item = String> {
    address.split_inclusive(['/', '?', '&', '=']).flat_map(|part| {
        let letters: Vec<char> = part.chars().collect();
        letters.chunks(PART_MAX).map(|piece| piece.iter().collect()).collect::<Vec<String>>()
    })
}

/// The language as Typst and PDF name it (BCP 47).
fn tag(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh",
        Language::En => "en",
    }
}

fn tagged<const N: usize>(kind: &str, parts: [(&str, Value); N]) -> Value {
    let kind = (Str::from("kind"), string(kind));
    let parts = parts.into_iter().map(|(name, value)| (Str::from(name), value));
    Value::Dict(std::iter::once(kind).chain(parts).collect())
}

fn dict<const N: usize>(parts: [(&str, Value); N]) -> Value {
    Value::Dict(parts.into_iter().map(|(name, value)| (Str::from(name), value)).collect())
}

fn string(text: &str) -> Value {
    Str::from(text).into_value()
}
