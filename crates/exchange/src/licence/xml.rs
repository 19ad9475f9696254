//! Writing and reading the XML files of a document.

use std::{collections::BTreeMap, io};

use quick_xml::{
    Reader, Writer,
    escape::unescape,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// The namespace of OFD.
const SPACE: (&str, &str) = ("xmlns:ofd", "http://www.ofdspec.org/2016");

/// How deep elements may stand in a file that is read.
const DEPTH_MAX: usize = 32;

/// Attributes of an element, in order.
type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A file while it is written. Names are without the prefix `ofd:`.
pub(super) struct Sheet {
    out: Writer<Vec<u8>>,
    root: &'static str,
}

impl Sheet {
    /// A file with its root opened.
    pub(super) fn new(root: &'static str, attributes: Attributes<'_>) -> io::Result<Self> {
        let mut sheet = Self { out: Writer::new_with_indent(Vec::new(), b' ', 1), root };
        sheet.out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        sheet.open(root, &[&[SPACE], attributes].concat())?;
        Ok(sheet)
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        let name = format!("ofd:{name}");
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.out.write_event(Event::Start(start))
    }

    /// Closes an element.
    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.out.write_event(Event::End(BytesEnd::new(format!("ofd:{name}"))))
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        let name = format!("ofd:{name}");
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.out.write_event(Event::Empty(start))
    }

    /// An element with a text.
    pub(super) fn text(
        &mut self,
        name: &str,
        attributes: Attributes<'_>,
        text: &str,
    ) -> io::Result<()> {
        let text = plainly(text);
        self.open(name, attributes)?;
        self.out.write_event(Event::Text(BytesText::new(&text)))?;
        self.close(name)
    }

    /// The bytes of the file.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        self.close(self.root)?;
        Ok(self.out.into_inner())
    }
}

/// Whether a letter shows as itself: neither one that XML 1.0 does not know, which would make a
/// file unreadable to others, nor one that hides or turns what is written around it.
pub(super) fn plain(letter: char) -> bool {
    let hides = matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !letter.is_control() && !hides
}

/// A text with a blank for every letter that does not show as itself.
pub(super) fn plainly(text: &str) -> String {
    text.chars().map(|letter| if plain(letter) { letter } else { ' ' }).collect()
}

/// An element that was read; names are without their prefix.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The root of a file; none where it is not well-formed.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::from_str(std::str::from_utf8(bytes).ok()?);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) if open.len() < DEPTH_MAX => open.push(Self::of(&start)?),
                Event::Start(_) | Event::DocType(_) => return None,
                Event::Empty(start) => {
                    let child = Self::of(&start)?;
                    open.last_mut()?.children.push(child);
                }
                Event::End(_) => {
                    let done = open.pop()?;
                    open.last_mut()?.children.push(done);
                }
                Event::Text(text) => open.last_mut()?.text.push_str(&text),
                Event::GeneralRef(name) => {
                    let said = format!("&{};", &*name);
                    open.last_mut()?.text.push_str(&unescape(&said).ok()?);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let alone = (open.len() == 1).then(|| open.pop()).flatten()?;
        alone.children.into_iter().next()
    }

    fn of(start: &BytesStart<'_>) -> Option<Self> {
        let mut attributes = BTreeMap::new();
        for found in start.attributes() {
            let found = found.ok()?;
            let value = unescape(&found.value).ok()?.into_owned();
            attributes.insert(found.key.as_ref().to_owned(), value);
        }
        Some(Self { name: start.local_name().as_ref().to_owned(), attributes, ..Self::default() })
    }

    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// An attribute; empty where it is not there.
    pub(super) fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}
