//! What the rows of a feed look like: columns with their kinds, what tells two rows apart, and when
//! the event was. A pack says it; nothing here knows what a row is about.

use base::Name;
use minicbor::{Decode, Encode};

/// The letters that a text may have.
pub const TEXT_MAX: usize = 400;
/// The texts that a list may have.
pub const LIST_MAX: usize = 200;

/// A kind of facts that arrive in bulk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    name: Name,
    columns: Vec<Column>,
    key: Vec<usize>,
    at: usize,
}

/// A column of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Column {
    /// Its name.
    #[n(0)]
    pub name: Name,
    /// What its values are.
    #[n(1)]
    pub kind: Kind,
    /// True where every row has a value.
    #[n(2)]
    pub needed: bool,
}

/// What the values of a column are.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Kind {
    /// A text of at most [`TEXT_MAX`] letters.
    #[n(0)]
    Text,
    /// One of these words.
    #[n(1)]
    Word(#[n(0)] Vec<String>),
    /// Texts, such as diagnoses, at most [`LIST_MAX`].
    #[n(2)]
    Texts,
    /// A whole number.
    #[n(3)]
    Whole,
    /// A number with at most so many decimals, never more than nine.
    #[n(4)]
    Decimal(#[n(0)] u8),
    /// A day.
    #[n(5)]
    Date,
    /// A moment, to the microsecond.
    #[n(6)]
    Instant,
    /// Yes or no.
    #[n(7)]
    Truth,
    /// A person, by the identifier that the source knows. Only its keyed digest is kept.
    #[n(8)]
    Person,
}

impl Kind {
    /// Whether the values of another kind are kept in the same way.
    fn kept_as(&self, other: &Self) -> bool {
        let text = |kind: &Self| matches!(kind, Self::Text | Self::Word(_));
        self == other || (text(self) && text(other))
    }
}

/// What a table keeps: every column that its feed ever had, in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Kept {
    #[n(0)]
    columns: Vec<Column>,
}

impl Kept {
    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What is kept once the feed has these columns. A column that came later, or is gone, is one
    /// that rows need not have.
    ///
    /// # Errors
    /// The first column whose values are now of a kind that is kept in another way: such a column
    /// needs a new name.
    pub fn with(&self, feed: &Feed) -> Result<Self, Name> {
        let first = self.columns.is_empty();
        let mut columns = self.columns.clone();
        for kept in &mut columns {
            let now = feed.columns.iter().find(|column| column.name == kept.name);
            if now.is_some_and(|now| !now.kind.kept_as(&kept.kind)) {
                return Err(kept.name.clone());
            }
            kept.needed &= now.is_some_and(|now| now.needed);
        }
        for column in &feed.columns {
            if !columns.iter().any(|kept| kept.name == column.name) {
                columns.push(Column { needed: column.needed && first, ..column.clone() });
            }
        }
        Ok(Self { columns })
    }
}

/// Why columns do not make a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFeed {
    /// Two columns have this name.
    Twice(Name),
    /// The key, or the moment of the event, is no column that every row has.
    NotNeeded(Name),
    /// The moment of the event is no [`Kind::Instant`].
    NoInstant(Name),
    /// Nothing tells two rows apart.
    NoKey,
}

impl Feed {
    /// A feed of these columns, whose rows are told apart by `key` and whose event is at `at`.
    ///
    /// # Errors
    /// [`NoFeed`] with the column that is wrong.
    pub fn new(name: Name, columns: Vec<Column>, key: &[Name], at: &Name) -> Result<Self, NoFeed> {
        for (index, column) in columns.iter().enumerate() {
            if columns.iter().take(index).any(|before| before.name == column.name) {
                return Err(NoFeed::Twice(column.name.clone()));
            }
        }
        let needed = |name: &Name| {
            let found = columns.iter().position(|own| own.name == *name && own.needed);
            found.ok_or_else(|| NoFeed::NotNeeded(name.clone()))
        };
        let key = key.iter().map(needed).collect::<Result<Vec<_>, _>>()?;
        if key.is_empty() {
            return Err(NoFeed::NoKey);
        }
        let place = needed(at)?;
        if columns.get(place).is_none_or(|own| own.kind != Kind::Instant) {
            return Err(NoFeed::NoInstant(at.clone()));
        }
        Ok(Self { name, columns, key, at: place })
    }

    /// Its name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its columns, in the order in which they are kept.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The places of the columns by which a source tells its rows apart.
    pub fn key(&self) -> &[usize] {
        &self.key
    }

    /// The place of the column that says when the event was.
    pub fn at(&self) -> usize {
        self.at
    }
}
