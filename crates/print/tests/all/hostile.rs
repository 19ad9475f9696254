//! What people write into forms is letters on a paper and nothing else.

use base::{Language, Text};
use print::{Block, Check, Document, Field};

use crate::desk::{Pdf, printed};

/// A certificate with one more row.
fn with(title: &str, value: &str) -> Document {
    let [mut paper, _] = Document::samples(Language::Zh);
    let field = Field { title: Text::new(title, title), value: Text::new(value, value) };
    paper.blocks.insert(1, Block::Fields(vec![field]));
    paper
}

#[test]
fn markup_in_a_value_is_letters() {
    let values = [
        "#let paper = none",
        "]#panic(\"x\")[",
        "$ x^2 $ & \\ ` ``` `",
        "#read(\"/etc/passwd\") @label <label>",
        "*bold* _it_ = heading // comment /* comment */",
        "</svg><script>alert(1)</script>",
        "- list\n+ list\n/ term: x",
    ];
    for value in values {
        let letters = Pdf::of(&printed(&with(value, value))).letters();
        let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(letters.matches(&plain).count(), 2, "{value} in {letters}");
    }
}

#[test]
fn letters_that_cannot_be_printed_are_marked_and_said_to_be() {
    let rows = [
        ("\u{e123}某", true),
        ("\u{12000}", true),
        ("a\u{202e}b\u{0}c\u{feff}", false),
        ("龘𠮷㛃", false),
        ("", false),
    ];
    for (value, marked) in rows {
        let letters = Pdf::of(&printed(&with("某", value))).letters();
        assert_eq!(letters.contains("〓代表"), marked, "{value:?} in {letters}");
    }
}

/// The columns of dots in which anything is drawn between the frames.
fn within_margins(pdf: &Pdf, page: u32) {
    let (width, height, dots) = pdf.dots(page);
    // From the inner frame at 14 mm to the text at 26 mm, with room for rounding.
    let dot = |mm: usize| mm * 150 * 10 / 254;
    for x in (dot(16)..dot(24)).chain(width - dot(24)..width - dot(16)) {
        let dark = (dot(20)..height - dot(20)).filter(|y| dots[y * width + x] < 200).count();
        assert_eq!(dark, 0, "something is drawn in the margin at column {x} of page {page}");
    }
}

#[test]
fn long_values_wrap_within_the_margins_and_pages_are_numbered() {
    let rows = [
        "A".repeat(400),
        "中".repeat(400),
        "https://willow.example/".to_owned() + &"x/".repeat(150),
        "１２３４５６７８９０".repeat(40),
    ];
    for value in rows {
        let pdf = Pdf::of(&printed(&with("很长的值", &value)));
        within_margins(&pdf, 1);
        assert!(pdf.letters().matches(value.chars().next().unwrap()).count() > 20);
    }
    let mut paper = with("很长的值", "值");
    let row = Field { title: Text::new("项", "Row"), value: Text::new("值", "A value") };
    paper.blocks.insert(2, Block::Fields(vec![row; 60]));
    let pdf = Pdf::of(&printed(&paper));
    let text = pdf.text();
    for said in ["第 1 页，共", "第 2 页，共"] {
        assert!(text.contains(said), "{said} in {text}");
    }
    within_margins(&pdf, 2);
    let mut paper = with("a", "b");
    paper.title = Text::new("许".repeat(80), "Licence ".repeat(40));
    within_margins(&Pdf::of(&printed(&paper)), 1);
}

#[test]
fn an_address_longer_than_a_code_holds_is_refused() {
    let mut paper = with("a", "b");
    let says = Text::new("扫码", "Scan");
    paper.blocks.push(Block::Check(Check { address: "a".repeat(3000), says }));
    let why = print::print(&crate::desk::FONTS, &paper).unwrap_err();
    assert_eq!((why.number(), why.word()), (1442, "address-too-long"));
}
