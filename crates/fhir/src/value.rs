//! Resources as trees of named values. In which order they are written, and as what, the
//! description says.

use crate::structure::ResourceType;

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Which.
    pub kind: ResourceType,
    /// What it says.
    pub fields: Fields,
}

impl Resource {
    /// A resource that says nothing yet.
    pub fn new(kind: ResourceType) -> Self {
        Self { kind, fields: Fields::default() }
    }

    /// Its id; empty where it has none.
    pub fn id(&self) -> &str {
        self.fields.text("id").unwrap_or_default()
    }

    /// Type and id, as references name it.
    pub fn reference(&self) -> String {
        format!("{}/{}", self.kind.word(), self.id())
    }

    /// Every value at a path such as `type.coding.code`.
    pub fn at(&self, path: &str) -> Vec<&Value> {
        self.fields.at(path)
    }
}

/// Named values; a name comes once, with all its values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(&'static str, Vec<Value>)>);

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, a code, an address, a day or a moment.
    Text {
        /// It.
        text: String,
        /// The same in English, where it is a text for people and in Chinese.
        english: Option<String>,
    },
    /// Yes or no.
    Boolean(bool),
    /// A number as it is written.
    Number(String),
    /// Elements.
    Group(Fields),
    /// A whole resource.
    Resource(Box<Resource>),
}

impl Value {
    /// A text; none where nothing is left of it, for FHIR knows no empty text.
    pub fn text(text: &str) -> Option<Self> {
        let text = plainly(text)?;
        Some(Self::Text { text, english: None })
    }

    /// A text in both languages.
    pub fn both(text: &base::Text) -> Option<Self> {
        let english = plainly(&text.en).filter(|en| *en != text.zh);
        match plainly(&text.zh) {
            Some(zh) => Some(Self::Text { text: zh, english }),
            None => Self::text(&text.en),
        }
    }

    /// What a single value says.
    pub fn word(&self) -> Option<String> {
        match self {
            Self::Text { text, .. } | Self::Number(text) => Some(text.clone()),
            Self::Boolean(answer) => Some(answer.to_string()),
            Self::Group(_) | Self::Resource(_) => None,
        }
    }

    /// Its elements.
    pub fn group(&self) -> Option<&Fields> {
        match self {
            Self::Group(fields) => Some(fields),
            Self::Resource(resource) => Some(&resource.fields),
            _ => None,
        }
    }
}

/// A text without what FHIR's strings may not hold: control characters, and space at its ends.
fn plainly(text: &str) -> Option<String> {
    let kept = |letter: &char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    let line = |letter: char| if matches!(letter, '\n' | '\r' | '\t') { ' ' } else { letter };
    let text: String = text.chars().map(line).filter(kept).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl Fields {
    /// Adds a value to those of a name.
    pub fn add(&mut self, name: &'static str, value: impl Into<Option<Value>>) -> &mut Self {
        let Some(value) = value.into() else { return self };
        if value.group().is_some_and(Self::empty) {
            return self;
        }
        match self.0.iter_mut().find(|(own, _)| *own == name) {
            Some((_, values)) => values.push(value),
            None => self.0.push((name, vec![value])),
        }
        self
    }

    /// The same with one value more.
    pub fn holding(mut self, name: &'static str, value: impl Into<Option<Value>>) -> Self {
        self.add(name, value);
        self
    }

    /// The same with a text.
    pub fn says(self, name: &'static str, text: &str) -> Self {
        self.holding(name, Value::text(text))
    }

    /// As a value.
    pub fn whole(self) -> Value {
        Value::Group(self)
    }

    /// Whether nothing is said.
    pub fn empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of a name.
    pub fn get(&self, name: &str) -> &[Value] {
        self.0.iter().find(|(own, _)| *own == name).map_or(&[], |(_, values)| values)
    }

    /// The only element of that name that is a group, made where there is none.
    pub fn part(&mut self, name: &'static str) -> Option<&mut Self> {
        if !self.0.iter().any(|(own, _)| *own == name) {
            self.0.push((name, vec![Value::Group(Self::default())]));
        }
        let values = self.0.iter_mut().find(|(own, _)| *own == name).map(|(_, values)| values);
        match values?.first_mut()? {
            Value::Group(fields) => Some(fields),
            _ => None,
        }
    }

    /// The text under a name.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name).first()? {
            Value::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The names in the order in which they were said.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    /// Keeps the names for which that holds.
    pub fn keep(&mut self, that: impl Fn(&str) -> bool) {
        self.0.retain(|(name, _)| that(name));
    }

    /// Every value at a path.
    pub fn at(&self, path: &str) -> Vec<&Value> {
        let Some((first, rest)) = path.split_once('.') else {
            return self.get(path).iter().collect();
        };
        let groups = self.get(first).iter().filter_map(Value::group);
        groups.flat_map(|fields| fields.at(rest)).collect()
    }
}
