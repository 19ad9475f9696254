//! Parser events become a tree; the traps of YAML become faults.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};

use super::{FileId, Kind, Node, Span, Spanned, trap};
use crate::fault::{Fault, Faults};

/// Reads a file's text. `None` when it cannot be understood at all; faults are pushed either way.
pub fn parse(file: FileId, text: &str, faults: &mut Faults) -> Option<Node> {
    let mut builder = Builder::new(file, text, faults);
    if builder.invisible() { None } else { builder.document().ok() }
}

/// Nothing more of the file can be understood, and the fault that says why is pushed.
struct Stopped;

struct Builder<'t, 'f> {
    file: FileId,
    text: &'t str,
    /// The byte at which each character starts, for the parser counts characters.
    bytes: Vec<usize>,
    parser: Parser<'t, StrInput<'t>>,
    faults: &'f mut Faults,
}

impl<'t, 'f> Builder<'t, 'f> {
    fn new(file: FileId, text: &'t str, faults: &'f mut Faults) -> Self {
        let bytes = text.char_indices().map(|(byte, _)| byte).collect();
        Self { file, text, bytes, parser: Parser::new_from_str(text), faults }
    }

    /// Pushes a fault for every tab and control character; true when there is one.
    fn invisible(&mut self) -> bool {
        let text = self.text;
        let unseen = |c: &char| c.is_control() && !matches!(c, '\n' | '\r') || *c == '\u{feff}';
        let mut found = false;
        for (start, c) in text.char_indices().filter(|(_, c)| unseen(c)) {
            found = true;
            let at = Span { file: self.file, start, end: start + c.len_utf8() };
            self.faults.push(if c == '\t' { trap::tab(at) } else { trap::control(at, c) });
        }
        found
    }

    fn document(&mut self) -> Result<Node, Stopped> {
        let (event, at) = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_), _) => {}
                (Event::StreamEnd, _) => return self.stop(trap::empty(self.span(0, 0))),
                found => break found,
            }
        };
        let root = self.node(event, at, 0)?;
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(root),
                (Event::DocumentStart(_), at) => return self.stop(trap::several(at)),
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'t>, at: Span, depth: usize) -> Result<Node, Stopped> {
        if depth > trap::DEPTH_MAX {
            return self.stop(trap::deep(at));
        }
        let kind = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.adorned(at, anchor, tag.is_some());
                self.scalar(&text, style == ScalarStyle::Plain, at)
            }
            Event::SequenceStart(anchor, tag) => {
                self.adorned(at, anchor, tag.is_some());
                return self.list(at, depth);
            }
            Event::MappingStart(anchor, tag) => {
                self.adorned(at, anchor, tag.is_some());
                return self.map(at, depth);
            }
            Event::Alias(_) => self.refuse(trap::alias(at)),
            _ => return self.stop(trap::broken(at, "an event out of place")),
        };
        Ok(Node { kind, at })
    }

    fn scalar(&mut self, text: &str, plain: bool, at: Span) -> Kind {
        if plain && text.is_empty() {
            return self.refuse(trap::nothing(self.word_before(at)));
        }
        if plain && trap::bare_words(text) {
            return self.refuse(trap::bare(at, text));
        }
        Kind::Scalar { text: text.to_owned(), quoted: !plain }
    }

    fn list(&mut self, at: Span, depth: usize) -> Result<Node, Stopped> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    let at = self.enclosing(at, items.last().map(|item: &Node| item.at), end);
                    return Ok(Node { kind: Kind::List(items), at });
                }
                (event, at) => items.push(self.node(event, at, depth + 1)?),
            }
        }
    }

    fn map(&mut self, at: Span, depth: usize) -> Result<Node, Stopped> {
        let mut entries = Vec::new();
        let mut seen = BTreeMap::new();
        loop {
            let (event, key_at) = self.next()?;
            if event == Event::MappingEnd {
                let last = entries.last().map(|(_, value): &(_, Node)| value.at);
                let at = self.enclosing(at, last, key_at);
                return Ok(Node { kind: Kind::Map(entries), at });
            }
            let key = self.key(event, key_at, depth, &mut seen)?;
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            entries.extend(key.map(|key| (key, value)));
        }
    }

    /// The key of an entry; nothing when it is a trap, not a word, or was there before.
    fn key(
        &mut self,
        event: Event<'t>,
        at: Span,
        depth: usize,
        seen: &mut BTreeMap<String, Span>,
    ) -> Result<Option<Spanned<String>>, Stopped> {
        let node = self.node(event, at, depth + 1)?;
        let Kind::Scalar { text, .. } = node.kind else {
            if node.kind != Kind::Refused {
                self.faults.push(trap::key_shape(node.head()));
            }
            return Ok(None);
        };
        if let Some(first) = seen.get(&text) {
            self.faults.push(trap::duplicate(at, *first, &text));
            return Ok(None);
        }
        seen.insert(text.clone(), at);
        Ok(Some(Spanned { value: text, at }))
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Stopped> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, self.span(span.start.index(), span.end.index()))),
            Some(Err(error)) => self.unreadable(&error),
            None => {
                self.stop(trap::broken(self.span(self.bytes.len(), self.bytes.len()), "no more"))
            }
        }
    }

    fn unreadable<T>(&mut self, error: &ScanError) -> Result<T, Stopped> {
        let index = error.marker().index();
        let at = self.span(index, index + 1);
        self.stop(match error.info() {
            "while parsing node, found unknown anchor" => trap::alias(self.word_at(at)),
            info => trap::broken(self.visible(at), info),
        })
    }

    fn stop<T>(&mut self, fault: Fault) -> Result<T, Stopped> {
        self.faults.push(fault);
        Err(Stopped)
    }

    fn refuse(&mut self, fault: Fault) -> Kind {
        self.faults.push(fault);
        Kind::Refused
    }

    /// Pushes a fault for an anchor or a tag, which the parser includes in the node's place.
    fn adorned(&mut self, at: Span, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.faults.push(trap::anchored(self.word_at(at)));
        } else if tagged {
            self.faults.push(trap::tag(self.word_at(at)));
        }
    }

    /// A place from character counts, without the white space at its end.
    fn span(&self, start: usize, end: usize) -> Span {
        let byte = |index: usize| self.bytes.get(index).copied().unwrap_or(self.text.len());
        let (start, end) = (byte(start), byte(end));
        let written = self.text.get(start..end).unwrap_or("").trim_end();
        Span { file: self.file, start, end: start + written.len() }
    }

    /// From an opening to the last part inside, or to the closing bracket where there is one.
    fn enclosing(&self, open: Span, last: Option<Span>, close: Span) -> Span {
        let bracket = self.text.get(close.start..close.end).is_some_and(|c| c == "}" || c == "]");
        let end = if bracket { close.end } else { last.map_or(open.end, |last| last.end) };
        Span { end: end.max(open.end), ..open }
    }

    /// The word that starts at a place.
    fn word_at(&self, at: Span) -> Span {
        let rest = self.text.get(at.start..).unwrap_or("");
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        Span { end: at.start + length, ..at }
    }

    /// The last word before a place: the key, or the dash of the item, that has no value.
    fn word_before(&self, at: Span) -> Span {
        let before = self.text.get(..at.start).unwrap_or("").trim_end();
        let start = before.rfind(char::is_whitespace).map_or(0, |last| last + 1);
        Span { file: self.file, start, end: before.len() }
    }

    /// A place with something to underline: itself, or the last word before it.
    fn visible(&self, at: Span) -> Span {
        if at.end > at.start { at } else { self.word_before(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node>, Faults) {
        let mut faults = Faults::default();
        (parse(FileId(0), text, &mut faults), faults)
    }

    /// Each scalar and map of the tree with the bytes it stands on, in order.
    fn placed<'t>(node: &Node, text: &'t str, out: &mut Vec<(String, &'t str)>) {
        let slice = |at: Span| &text[at.start..at.end];
        match &node.kind {
            Kind::Scalar { text, .. } => out.push((text.clone(), slice(node.at))),
            Kind::List(items) => {
                out.push(("[]".to_owned(), slice(node.at)));
                items.iter().for_each(|item| placed(item, text, out));
            }
            Kind::Map(entries) => {
                out.push(("{}".to_owned(), slice(node.at)));
                for (key, value) in entries {
                    out.push((key.value.clone(), slice(key.at)));
                    placed(value, text, out);
                }
            }
            Kind::Refused => out.push(("!".to_owned(), slice(node.at))),
        }
    }

    fn check(text: &str, expected: &[(&str, &str)]) {
        let (node, faults) = read(text);
        assert!(faults.is_empty(), "{faults:?}");
        let mut found = Vec::new();
        placed(&node.unwrap(), text, &mut found);
        let found: Vec<_> = found.iter().map(|(value, slice)| (&**value, *slice)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_part_knows_its_bytes() {
        check("题: 柳镇\n", &[("{}", "题: 柳镇"), ("题", "题"), ("柳镇", "柳镇")]);
        check(
            "甲: \"引 \\u53f7\"\r\n乙: ['it''s', 2031-01-01]\r\n",
            &[
                ("{}", "甲: \"引 \\u53f7\"\r\n乙: ['it''s', 2031-01-01]"),
                ("甲", "甲"),
                ("引 号", "\"引 \\u53f7\""),
                ("乙", "乙"),
                ("[]", "['it''s', 2031-01-01]"),
                ("it's", "'it''s'"),
                ("2031-01-01", "2031-01-01"),
            ],
        );
        check(
            "---\n- 文: |\n    一\n    二\n\n- {}\n",
            &[
                ("[]", "- 文: |\n    一\n    二\n\n- {}"),
                ("{}", "文: |\n    一\n    二"),
                ("文", "文"),
                ("一\n二\n", "一\n    二"),
                ("{}", "{}"),
            ],
        );
        check(
            "a: 'no'\nb: nothing\n",
            &[
                ("{}", "a: 'no'\nb: nothing"),
                ("a", "a"),
                ("no", "'no'"),
                ("b", "b"),
                ("nothing", "nothing"),
            ],
        );
    }

    #[test]
    fn depth_has_a_limit() {
        let lists = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let dashes = |depth: usize| "- ".repeat(depth) + "a";
        for (text, good) in [(lists(60), true), (dashes(60), true), (dashes(5000), false)] {
            let (node, faults) = read(&text);
            assert_eq!((node.is_some(), faults.is_empty()), (good, good));
        }
        assert_eq!(read(&lists(70)).1.iter().next().map(|fault| fault.word), Some("too-deep"));
        assert!(read(&lists(50_000)).0.is_none());
    }

    #[test]
    fn bare_traps_are_refused_in_any_letter_case() {
        for word in ["~", "null", "NULL", "yes", "No", "on", "OFF"] {
            let (node, faults) = read(&format!("- {word}\n"));
            assert_eq!(faults.iter().map(|fault| fault.word).collect::<Vec<_>>(), ["bare-word"]);
            assert!(matches!(node, Some(Node { kind: Kind::List(_), .. })));
            assert!(read(&format!("- '{word}'\n")).1.is_empty());
        }
    }
}
