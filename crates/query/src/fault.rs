//! What can go wrong with a query: first what its author can mend, then what whoever runs it can.

use std::{fmt, path::PathBuf};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The query is wrong; everything that was found.
    Query(Vec<Wrong>),
    /// The answer needs more memory than the engine has, even with what lies on disk meanwhile.
    Memory {
        /// The bytes that the engine has.
        bytes: usize,
    },
    /// What does not fit into memory cannot be put into the scratch folder.
    Scratch(String),
    /// A file of rows is broken or gone.
    File {
        /// Which, where that is known.
        path: Option<PathBuf>,
        /// What is wrong with it.
        says: String,
    },
    /// A value cannot be computed, such as a division by zero.
    Value(String),
    /// Two sources have the same name, or rows do not fit the columns of their source.
    Source(String),
    /// Those who do the work elsewhere could not, or are not to be reached.
    Elsewhere(String),
    /// The engine has been stopped, or failed in a way that is a fault of its own.
    Engine(String),
}

/// Something wrong in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where, as far as that is known.
    pub place: Option<Place>,
    /// What.
    pub what: What,
}

/// A place in the text of a query, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The letter in the line.
    pub column: u64,
}

/// What is wrong in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It cannot be read, or names what is not there.
    Unclear(String),
    /// It says something that no rule may.
    Forbidden(Forbidden),
}

/// What no query may say: its answer would depend on more than the rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forbidden {
    /// Something else than one SELECT.
    NoSelect,
    /// A function that asks a clock, chance or the settings of a session.
    Unsteady(String),
    /// A function that estimates.
    Estimate(String),
    /// A number of a kind whose sums depend on the order of the rows.
    Float(String),
    /// An aggregate or window function that depends on the order of rows and is told none.
    Unordered(String),
    /// One that is told an order in which rows can tie, with what would tell them apart.
    Ties(String, String),
    /// Some of the rows, by their number or by chance.
    Some,
    /// Something that repeats itself until nothing new comes.
    Recursive,
    /// A value that is filled in later.
    Parameter(String),
    /// Two columns of the answer with one name.
    Twice(String),
    /// An order by a column that the answer does not have.
    NoSuchOrder(String),
}

impl Wrong {
    pub(crate) fn forbidden(place: Option<Place>, forbidden: Forbidden) -> Self {
        Self { place, what: What::Forbidden(forbidden) }
    }

    pub(crate) fn unclear(place: Option<Place>, says: String) -> Self {
        Self { place, what: What::Unclear(says) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(f, "{place}: ")?;
        }
        match &self.what {
            What::Unclear(says) => f.write_str(says),
            What::Forbidden(forbidden) => forbidden.fmt(f),
        }
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSelect => f.write_str("a query is one SELECT and nothing else"),
            Self::Unsteady(name) => write!(
                f,
                "`{name}` gives something else each time; compare with a column of the rows instead"
            ),
            Self::Estimate(name) => write!(f, "`{name}` estimates; count exactly instead"),
            Self::Float(what) => write!(
                f,
                "`{what}` is a float, whose sums depend on the order of rows; use whole numbers or \
                 CAST(… AS DECIMAL(38, 0))"
            ),
            Self::Unordered(name) => {
                write!(f, "`{name}` depends on the order of rows; give it an ORDER BY")
            }
            Self::Ties(name, by) => write!(
                f,
                "`{name}` is told an order in which rows can tie; end its ORDER BY with `{by}`"
            ),
            Self::Some => f.write_str("LIMIT, OFFSET and DISTINCT ON leave rows out; use a window"),
            Self::Recursive => f.write_str("a query cannot call itself; use a window"),
            Self::Parameter(name) => write!(f, "`{name}` has no value; use a table of figures"),
            Self::Twice(name) => {
                write!(f, "two columns of the answer are called `{name}`; rename one with AS")
            }
            Self::NoSuchOrder(name) => {
                write!(f, "the answer is ordered by `{name}`, which is none of its columns")
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(wrongs) => {
                let says: Vec<String> = wrongs.iter().map(Wrong::to_string).collect();
                f.write_str(&says.join("\n"))
            }
            Self::Memory { bytes } => write!(
                f,
                "the answer needs more than {} MiB of memory; ask for fewer days, or give the \
                 engine more",
                bytes >> 20
            ),
            Self::Scratch(says) => write!(f, "the scratch folder cannot be used: {says}"),
            Self::File { path: Some(path), says } => {
                write!(f, "the file of rows `{}` cannot be read: {says}", path.display())
            }
            Self::File { path: None, says } => write!(f, "a file of rows cannot be read: {says}"),
            Self::Value(says) => write!(f, "a value cannot be computed: {says}"),
            Self::Source(says) => write!(f, "a source cannot be used: {says}"),
            Self::Elsewhere(says) => write!(f, "the cluster could not answer: {says}"),
            Self::Engine(says) => write!(f, "the engine failed: {says}"),
        }
    }
}

impl std::error::Error for Fault {}
