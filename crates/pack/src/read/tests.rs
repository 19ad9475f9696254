//! A small invented language, broken in every way a pack can be broken; `faults.txt` is what its
//! author then reads.

use std::{env, fs};

use base::{Citation, Date, Division, Language, Name, Term, Text, Zone};
use serde_json::{Value, json};

use super::{Named, Read, Spanned};
use crate::{
    fault::{Faults, Sources},
    node::{Kind, Node, parse},
    schema::json_schema,
};

record! {
    /// A visit book
    /// of Willow.
    pub(crate) struct Book {
        /// Its name.
        book: Spanned<Name>,
        /// Its title.
        title: Text,
        /// What kind it is.
        r#type: Type,
        /// Its first day.
        from: Option<Date>,
        /// How many beds it counts.
        bed_count: Option<u32>,
        /// A difference.
        change: Option<i64>,
        /// How long it is open.
        within: Option<Spanned<Term>>,
        /// Where.
        place: Option<Division>,
        /// Whose days.
        zone: Option<Zone>,
        /// True when anybody may read it.
        public: Option<bool>,
        /// What it rests on.
        basis: Vec<Citation>,
        /// Its conditions.
        requires: Named<Spanned<String>>,
        /// Its steps.
        steps: Named<Step>,
        /// Whatever else.
        rows: Option<Node>,
        /// Books within.
        parts: Vec<Book>,
    }
}

choice! {
    /// What kind of book.
    pub(crate) enum Kept {
        /// By one person.
        Alone = "alone",
        /// By several.
        Together = "together",
    }
}

tagged! {
    /// What a book holds.
    pub(crate) enum Type {
        /// Words.
        Text = "text",
        /// Days.
        Date = "date",
        ---
        /// One of these.
        Choice(Named<Text>) = "choice",
        /// Codes of a list.
        Codes(Spanned<Name>) = "codes",
    }
}

variant! {
    /// A step.
    pub(crate) enum Step {
        /// Somebody chooses.
        Stage(Stage) if "outcomes",
        /// The case decides.
        Decision(Decision) if "decides",
    }
}

record! {
    /// A step that waits.
    pub(crate) struct Stage {
        /// Who keeps it.
        kept: Kept,
        /// What may be chosen.
        outcomes: Vec<Name>,
    }
}

record! {
    /// A step that acts.
    pub(crate) struct Decision {
        /// What it does.
        decides: String,
    }
}

/// The least a book may say; rows of the tables below add to it.
const BOOK: &str = "book: home-visits\ntitle: {zh: 上门服务, en: home visits}\ntype: text\n";

const GOOD: &str = "
book: home-visits
title:
  zh: 上门服务
  en: home visits
type: {choice: {early: {zh: 早, en: early}, late: {zh: 晚, en: 'no'}}}
from: 2031-01-01
bed_count: 12
change: -3
within: 5 working days
place: 990101
zone: Asia/Shanghai
public: false
basis:
  - {act: 柳镇试行办法, article: 7, confidence: assumed}
  - {act: Willow order, confidence: verified}
requires: {enough: bed_count >= 10, always: true}
steps:
  review: {kept: alone, outcomes: [passed, failed]}
  grant: {decides: 准予备案}
rows: {a: [1, 2]}
parts:
  - {book: inner, title: {zh: 内, en: inner}, type: {codes: wards}}
";

/// A name for each slip, and the text that has it; `+` stands for [`BOOK`].
const BROKEN: &[(&str, &str)] = &[
    ("a tab", "book:\thome-visits\n"),
    ("a control character", "book: home\u{0}visits\n"),
    ("a byte order mark", "\u{feff}book: home-visits\n"),
    ("nothing at all", ""),
    ("only a comment", "# 柳镇\n"),
    ("two documents", "+---\nbook: other\n"),
    ("an anchor", "+requires: {a: &x \"甲 > 1\"}\n"),
    ("an alias", "+requires:\n  a: &x b\n  c: *x\n"),
    ("an alias of nothing", "+requires: {a: *x}\n"),
    ("a tag", "+bed_count: !!int 3\n"),
    ("a key twice", "+type: date\n"),
    ("a key that is a list", "+[a]: b\n"),
    ("a bare no", "+public: no\n"),
    ("a bare tilde", "+from: ~\n"),
    ("a bare on as a key", "+steps:\n  on: {decides: x}\n"),
    ("no value", "+from:\n"),
    ("no item", "+basis:\n  -\n"),
    ("no value in braces", "+requires: {甲: 是, a: }\n"),
    ("a colon too many", "+requires: 甲: 乙\n"),
    ("a bracket left open", "+basis: [\n"),
    ("a quote left open", "+zone: \"柳镇\n"),
    ("a book that is a list", "- book\n"),
    ("a book that is a word", "书\n"),
    ("a key misspelt", "book: home-visits\ntitel: {zh: 上门服务, en: home visits}\ntype: text\n"),
    ("a key unknown", "+柳: 1\n"),
    ("fields missing", "book: home-visits\n"),
    (
        "a language missing",
        "+basis: [{act: 柳镇试行办法, confidence: assumed}]\n\
         parts: [{book: a, type: text, title: {zh: 甲}}]\n",
    ),
    ("an empty text", "+requires: {a: ' '}\n"),
    ("not a name", "book: Home Visits\ntitle: {zh: 上门服务, en: home visits}\ntype: text\n"),
    ("not a name as a key", "+requires: {上门: x}\n"),
    ("a word misspelt", "+steps:\n  审: {kept: alnoe, outcomes: []}\n"),
    ("a kind misspelt", "book: a\ntitle: {zh: 甲, en: a}\ntype: txt\n"),
    ("a kind without its value", "book: a\ntitle: {zh: 甲, en: a}\ntype: codes\n"),
    ("a kind unknown", "book: a\ntitle: {zh: 甲, en: a}\ntype: {code: wards}\n"),
    ("neither step", "+steps:\n  review: {kept: alone, outcome: []}\n"),
    ("a day that does not exist", "+from: 2031-02-30\n"),
    ("not a term", "+within: 5 workng days\n"),
    ("not a division", "+place: 99010\n"),
    ("not a zone", "+zone: Willow\n"),
    ("a quoted number", "+bed_count: '12'\n"),
    ("a number with a leading zero", "+bed_count: 012\n"),
    ("a number with an exponent", "+change: 1e3\n"),
    ("a number that is a clock", "+change: 12:30\n"),
    ("a number out of range", "+bed_count: -1\n"),
    ("a number far out of range", "+change: 99999999999999999999\n"),
    ("a quoted boolean", "+public: 'true'\n"),
    ("a capital boolean", "+public: True\n"),
    ("a list that is one value", "+basis: {act: 柳镇试行办法, confidence: assumed}\n"),
    ("a value that is a list", "+from: [2031-01-01]\n"),
    ("a map that is a value", "+requires: x\n"),
    ("confidence misspelt", "+basis: [{act: 柳镇试行办法, confidence: assume}]\n"),
    (
        "three at once",
        "+from: soon\nbed_count: many\nparts: [{title: {zh: 内, en: x}, type: text}]\n",
    ),
];

/// What an editor cannot know: the calendar, the zones, the levels of division codes; and `1e3` is
/// a whole number to JSON.
const BEYOND_SCHEMA: [&str; 5] = [
    "a day that does not exist",
    "not a division",
    "not a zone",
    "an empty text",
    "a number with an exponent",
];

fn source(text: &str) -> String {
    text.strip_prefix('+').map_or(text.to_owned(), |rest| BOOK.to_owned() + rest)
}

fn read<T: Read>(text: &str) -> (Sources, Faults, Option<T>) {
    let mut sources = Sources::default();
    let mut faults = Faults::default();
    let file = sources.add("books/home.yaml", text);
    let node = parse(file, text, &mut faults);
    let value = node.and_then(|node| T::read(&node, &mut faults));
    (sources, faults, value)
}

#[test]
fn every_slip_is_shown_where_it_stands() {
    let mut shown = String::new();
    for (name, text) in BROKEN {
        let (sources, faults, _) = read::<Book>(&source(text));
        assert!(!faults.is_empty(), "{name}: no fault");
        shown += &format!("=== {name}\n");
        shown += &faults.render(&sources, Language::Zh, false);
        shown += &faults.render(&sources, Language::En, false);
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/src/read/faults.txt");
    if env::var_os("GOLDEN").is_some() {
        fs::write(golden, &shown).unwrap();
    }
    assert_eq!(shown, fs::read_to_string(golden).unwrap(), "GOLDEN=1 rewrites faults.txt");
}

/// One character dropped, or one put in, anywhere in a good book: whatever that means, every fault
/// stands on whole characters of the text, and the book is read or a fault says why not.
#[test]
fn no_slip_of_the_hand_is_too_much() {
    for (place, dropped) in GOOD.char_indices() {
        let (before, after) = GOOD.split_at(place);
        let rest = after.strip_prefix(dropped).unwrap();
        let (sources, faults) = stands(&format!("{before}{rest}"));
        let shown = faults.render(&sources, Language::Zh, false);
        assert_eq!(shown.matches("╭─[ ").count(), faults.len());
        for put_in in ["&", "\"", "{", ": ", "\n", "|"] {
            stands(&format!("{before}{put_in}{after}"));
        }
    }
}

fn stands(text: &str) -> (Sources, Faults) {
    let (sources, faults, book) = read::<Book>(text);
    assert!(book.is_some() || !faults.is_empty(), "no fault says why: {text}");
    for fault in faults.iter() {
        assert!(text.get(fault.at.start..fault.at.end).is_some(), "{fault:?}");
    }
    (sources, faults)
}

#[test]
fn good_books_are_read() {
    let (sources, faults, book) = read::<Book>(GOOD);
    assert_eq!(faults.render(&sources, Language::En, false), "");
    let book = book.unwrap();
    assert_eq!(sources.slice(book.book.at), "home-visits");
    assert_eq!(book.title, Text::new("上门服务", "home visits"));
    assert_eq!(book.from, Date::new(2031, 1, 1));
    assert_eq!((book.bed_count, book.change, book.public), (Some(12), Some(-3), Some(false)));
    assert_eq!(book.within.map(|term| term.value), Term::parse("5 working days").ok());
    assert_eq!(book.basis[0].article.as_deref(), Some("7"));
    assert_eq!(book.requires.get("always").map(|c| &*c.value), Some("true"));
    let steps: Vec<_> = book.steps.names().map(|name| name.value.as_str()).collect();
    assert_eq!(steps, ["review", "grant"]);
    assert!(matches!(book.steps.get("review"), Some(Step::Stage(s)) if s.kept == Kept::Alone));
    assert!(matches!(&book.parts[0].r#type, Type::Codes(list) if list.value.as_str() == "wards"));
    assert!(matches!(&book.r#type, Type::Choice(of) if of.len() == 2));
}

#[test]
fn absent_fields_are_empty() {
    let (_, faults, book) = read::<Book>(BOOK);
    assert!(faults.is_empty());
    let book = book.unwrap();
    assert!(book.from.is_none() && book.basis.is_empty() && book.steps.is_empty());
    assert_eq!((Kept::ALL.len(), Kept::Together.word()), (2, "together"));
}

/// What an editor's own YAML reader makes of a node.
fn as_json(node: &Node) -> Value {
    match &node.kind {
        Kind::List(items) => items.iter().map(as_json).collect(),
        Kind::Map(entries) => entries.iter().map(|(k, v)| (k.value.clone(), as_json(v))).collect(),
        Kind::Scalar { text, quoted: false } => serde_json::from_str(text).unwrap_or(json!(text)),
        Kind::Scalar { text, .. } => json!(text),
        Kind::Refused => Value::Null,
    }
}

#[test]
fn the_schema_agrees_with_the_reader() {
    let schema = json_schema::<Book>();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let valid = |text: &str| {
        let (.., node) = read::<Node>(text);
        validator.is_valid(&as_json(&node.unwrap()))
    };
    assert!(valid(GOOD) && valid(BOOK));
    for (name, text) in BROKEN.iter().skip_while(|(name, _)| *name != "a book that is a list") {
        assert_eq!(valid(&source(text)), BEYOND_SCHEMA.contains(name), "{name}");
    }
}

#[test]
fn the_schema_describes_what_it_asks() {
    let schema = json_schema::<Book>();
    let rows = [
        ("/$ref", json!("#/$defs/Book")),
        ("/$defs/Book/description", json!("A visit book of Willow.")),
        ("/$defs/Book/properties/type/description", json!("What kind it is.")),
        ("/$defs/Book/required", json!(["book", "title", "type"])),
        ("/$defs/Book/additionalProperties", json!(false)),
        ("/$defs/Book/properties/parts/items/$ref", json!("#/$defs/Book")),
        ("/$defs/Kept/oneOf/1/const", json!("together")),
        ("/$defs/Kept/oneOf/1/description", json!("By several.")),
        ("/$defs/Step/anyOf/0/$ref", json!("#/$defs/Stage")),
    ];
    for (pointer, expected) in rows {
        assert_eq!(schema.pointer(pointer), Some(&expected), "{pointer}");
    }
}
