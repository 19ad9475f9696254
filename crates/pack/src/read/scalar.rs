//! The single values of a pack, and the two small maps of `base`: a text in both languages and a
//! citation.

use base::{Citation, Confidence, Date, Division, Name, Reason, Term, Text, Zone, near::near_miss};

use super::{Fields, Read, fields::word, words};
use crate::{
    fault::{Fault, Faults},
    node::{Kind, Node},
    schema::{Field, Shape, Shapes, Word},
};

/// Reads a single value with a parser of its own; `fault` is the word of the fault when it refuses.
pub fn scalar<T>(
    node: &Node,
    fault: &'static str,
    parse: impl FnOnce(&str) -> Result<T, Text>,
    faults: &mut Faults,
) -> Option<T> {
    let text = word(node, faults)?;
    parse(text).map_err(|says| faults.push(Fault::new(fault, node.at, says))).ok()
}

/// A single value of `base` that tells itself why it refuses.
fn reasoned<T>(
    node: &Node,
    fault: &'static str,
    parse: impl FnOnce(&str) -> Result<T, Reason>,
    faults: &mut Faults,
) -> Option<T> {
    scalar(node, fault, |text| parse(text).map_err(|reason| reason.says), faults)
}

impl Read for bool {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Boolean
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        let text = word(node, faults)?;
        match (text, &node.kind) {
            ("true", Kind::Scalar { quoted: false, .. }) => Some(true),
            ("false", Kind::Scalar { quoted: false, .. }) => Some(false),
            _ => {
                faults.push(not_true_or_false(node, text));
                None
            }
        }
    }
}

impl Read for i64 {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Integer { min: i64::MIN, max: i64::MAX }
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        integer(node, i64::MIN, i64::MAX, faults)
    }
}

impl Read for u32 {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Integer { min: 0, max: i64::from(u32::MAX) }
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        let value = integer(node, 0, i64::from(u32::MAX), faults)?;
        u32::try_from(value).ok()
    }
}

impl Read for String {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Text
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        let filled = |text: &str| match text.trim().is_empty() {
            true => Err(Text::new("文字是空的：请写上", "the text is empty; write one")),
            false => Ok(text.to_owned()),
        };
        scalar(node, "empty-text", filled, faults)
    }
}

impl Read for Name {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Pattern("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        scalar(
            node,
            "not-a-name",
            |text| Name::new(text).map_err(base::name::NotAName::says),
            faults,
        )
    }
}

impl Read for Date {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        reasoned(node, "not-a-date", Date::parse, faults)
    }
}

impl Read for Term {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Pattern(
            "^(on-the-spot|[1-9][0-9]{0,3} (working days?|natural days?|months?|years?))$",
        )
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        reasoned(node, "not-a-term", Term::parse, faults)
    }
}

impl Read for Division {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Digits("^[0-9]{2,12}$")
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        reasoned(node, "not-a-division", Division::parse, faults)
    }
}

impl Read for Zone {
    fn shape(_: &mut Shapes) -> Shape {
        Shape::Pattern("^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$")
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        reasoned(node, "not-a-zone", Zone::named, faults)
    }
}

impl Read for Confidence {
    fn shape(shapes: &mut Shapes) -> Shape {
        shapes.define("Confidence", "How sure we are that the source says so.", |_| {
            Shape::Words(vec![
                Word::new("verified", "Read in the text of the source itself."),
                Word::new("secondary", "Read in a report, a digest or another system's data."),
                Word::new("assumed", "Our reading or general knowledge; to be confirmed."),
            ])
        })
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        let list = [
            ("verified", Self::Verified),
            ("secondary", Self::Secondary),
            ("assumed", Self::Assumed),
        ];
        words(node, &list, faults)
    }
}

impl Read for Text {
    fn shape(shapes: &mut Shapes) -> Shape {
        shapes.define("Text", "A text in both languages; the Chinese rules.", |shapes| {
            Shape::Record(vec![
                Field::of::<String>("zh", "中文。", shapes),
                Field::of::<String>("en", "English.", shapes),
            ])
        })
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        let fields = Fields::open(node, &["zh", "en"], faults)?;
        let zh = fields.read("zh", faults);
        let en = fields.read("en", faults);
        Some(Self { zh: zh?, en: en? })
    }
}

impl Read for Citation {
    fn shape(shapes: &mut Shapes) -> Shape {
        shapes.define("Citation", "A law, notice or paper, and its article.", |shapes| {
            Shape::Record(vec![
                Field::of::<String>(
                    "act",
                    "Its title or number, as its publisher writes it.",
                    shapes,
                ),
                Field::of::<Option<String>>("article", "The article, section or measure.", shapes),
                Field::of::<Confidence>("confidence", "How sure we are.", shapes),
            ])
        })
    }

    fn read(node: &Node, faults: &mut Faults) -> Option<Self> {
        let fields = Fields::open(node, &["act", "article", "confidence"], faults)?;
        let act = fields.read("act", faults);
        let article = fields.read("article", faults);
        let confidence = fields.read("confidence", faults);
        Some(Self { act: act?, article: article?, confidence: confidence? })
    }
}

/// A bare whole number: digits without a leading zero, with a minus sign where negative.
fn integer(node: &Node, min: i64, max: i64, faults: &mut Faults) -> Option<i64> {
    let text = word(node, faults)?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let leading = digits.len() > 1 && digits.starts_with('0');
    let quoted = matches!(node.kind, Kind::Scalar { quoted: true, .. });
    if !plain || leading || quoted || text == "-0" {
        faults.push(not_a_number(node, text));
        return None;
    }
    let value = text.parse().ok().filter(|value| (min..=max).contains(value));
    if value.is_none() {
        faults.push(out_of_range(node, text, min, max));
    }
    value
}

fn not_true_or_false(node: &Node, text: &str) -> Fault {
    let says = Text::new(
        format!("此处须为不加引号的 `true` 或 `false`，不是 `{text}`"),
        format!("`true` or `false` without quotes belongs here, not `{text}`"),
    );
    let near = near_miss(&text.to_lowercase(), ["true", "false"]).filter(|near| *near != text);
    Fault::new("not-true-or-false", node.at, says).near(near)
}

fn not_a_number(node: &Node, text: &str) -> Fault {
    let says = Text::new(
        format!("`{text}` 不是整数：只写数字，不加引号，不以零开头"),
        format!("`{text}` is not a whole number; write digits, no quotes, no leading zero"),
    );
    Fault::new("not-a-number", node.at, says)
}

fn out_of_range(node: &Node, text: &str, min: i64, max: i64) -> Fault {
    let says = Text::new(
        format!("`{text}` 超出范围：须在 {min} 到 {max} 之间"),
        format!("`{text}` is out of range; it must lie between {min} and {max}"),
    );
    Fault::new("number-range", node.at, says)
}
