//! XML as a tree, read by a strict reader: what is not well-formed fails.

use std::collections::BTreeMap;

use quick_xml::{
    Reader,
    escape::unescape,
    events::{BytesStart, Event, attributes::Attribute},
};

/// An element; names are without their prefix.
#[derive(Debug, Clone, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) children: Vec<Element>,
    pub(crate) text: String,
}

impl Element {
    /// Reads a text.
    pub(crate) fn read(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap_or_else(|fault| panic!("{fault}\n{text}")) {
                Event::Start(start) => open.push(element(&start)),
                Event::Empty(start) => open.last_mut().unwrap().children.push(element(&start)),
                Event::End(_) => {
                    let done = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(text) => {
                    open.last_mut().unwrap().text.push_str(&text);
                }
                Event::GeneralRef(name) => {
                    let said = format!("&{};", &*name);
                    let said = unescape(&said).unwrap();
                    open.last_mut().unwrap().text.push_str(&said);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(open.len(), 1, "an element is not closed");
        let [root] = open.pop().unwrap().children.try_into().unwrap();
        root
    }

    /// An attribute, which must be there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.attributes.get(name).unwrap_or_else(|| panic!("no `{name}` in {self:?}"))
    }

    /// Every element below, in order.
    pub(crate) fn all(&self) -> Vec<&Self> {
        self.children.iter().flat_map(|child| [vec![child], child.all()].concat()).collect()
    }

    /// The texts of its children of that name.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        let mine = self.children.iter().filter(|child| child.name == name);
        mine.map(|child| child.text.as_str()).collect()
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let attribute = |found: Attribute<'_>| {
        let value = unescape(&found.value).unwrap().into_owned();
        (found.key.as_ref().to_owned(), value)
    };
    Element {
        name: start.local_name().as_ref().to_owned(),
        attributes: start.attributes().map(|found| attribute(found.unwrap())).collect(),
        ..Element::default()
    }
}
