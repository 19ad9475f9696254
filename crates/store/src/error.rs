//! What can go wrong at the database's side of the door. A person never sees SQL or the driver's
//! words: these texts are for the operator, and [`SubmitError`] has others for the person.

use std::{fmt, sync::Arc};

use base::Text;
use kernel::Refusal;
use pack::model::PackHash;

/// Why the store could not do its work.
#[derive(Debug, Clone)]
pub enum StoreError {
    /// The address names no database we know; only its beginning is kept, for the rest may be
    /// secret.
    Address(String),
    /// The database refused or could not be reached; nothing of the group was kept.
    Database(Arc<sqlx::Error>),
    /// Stored bytes or words do not read back.
    Corrupt(String),
    /// No pack has been adopted yet.
    NoPack,
    /// A pack that runs cases, or is in force, has not been loaded.
    PackMissing(PackHash),
    /// A plan of the pack by which running cases would move is not sound: its name, and what
    /// hinders it. Nothing was adopted.
    Hindered(String, Vec<String>),
    /// The vault key is not the one the database was created with.
    WrongKey,
    /// Randomness or a cipher failed.
    Vault(&'static str),
    /// The tables are of another edition of this program.
    OtherSchema(i64),
    /// The writer has stopped.
    Stopped,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(url) => write!(
                f,
                "`{url}` is no database; write `sqlite:PATH`, `sqlite::memory:` or `postgres://…`"
            ),
            Self::Database(_) => f.write_str("the database did not do its work; see the cause"),
            Self::Corrupt(what) => write!(f, "stored data does not read back: {what}; run verify"),
            Self::NoPack => f.write_str("no pack is in force; install one first"),
            Self::PackMissing(hash) => {
                f.write_str("a pinned pack is not loaded; compile the kept packs first: `")?;
                write!(f, "{hash}`")
            }
            Self::Hindered(plan, faults) => write!(
                f,
                "the pack is not adopted, for its migration `{plan}` is not sound: {}",
                faults.join("; ")
            ),
            Self::WrongKey => f.write_str(
                "the vault key is not the one of this database; start with the key it was \
                 created with",
            ),
            Self::Vault(what) => write!(f, "the vault failed: {what}"),
            Self::OtherSchema(found) => write!(
                f,
                "the tables are of edition {found}; start the program of that edition or restore \
                 the ledger into a new database"
            ),
            Self::Stopped => f.write_str("the writer has stopped; start the program again"),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(cause) => Some(cause.as_ref()),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// Why a submission had no effect.
#[derive(Debug, Clone)]
pub enum SubmitError {
    /// The kernel refuses it.
    Refused(Refusal),
    /// The idempotency key was used for another submission.
    KeyReused,
    /// More submissions wait than the store takes.
    Overloaded,
    /// The idempotency key or a detail's path is not one: empty, longer than 100 characters, or
    /// with control characters.
    KeyUnfit,
    /// The case has moved on since it was read.
    Moved,
    /// The store could not do its work.
    Store(StoreError),
}

impl SubmitError {
    /// The error's number, the same for ever; 1001 to 1199 are the kernel's refusals.
    pub fn number(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal.number(),
            Self::KeyReused => 1201,
            Self::Overloaded => 1202,
            Self::KeyUnfit => 1203,
            Self::Moved => 1204,
            Self::Store(_) => 1290,
        }
    }

    /// Its word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.word(),
            Self::KeyReused => "key-reused",
            Self::Overloaded => "overloaded",
            Self::KeyUnfit => "key-unfit",
            Self::Moved => "moved",
            Self::Store(_) => "store",
        }
    }

    /// What it means, for the person.
    pub fn says(&self) -> Text {
        match self {
            Self::Refused(refusal) => refusal.says(),
            Self::KeyReused => Text::new(
                "该提交编号已用于另一次提交",
                "this submission number was used for another submission",
            ),
            Self::Overloaded => {
                Text::new("提交过多，暂时无法受理", "too many submissions are waiting")
            }
            Self::KeyUnfit => Text::new(
                "提交编号须为 1 至 100 个字符，且不含控制字符",
                "a submission number has 1 to 100 characters and no control characters",
            ),
            Self::Moved => {
                Text::new("读取之后，办件已有新的进展", "the case has moved on since it was read")
            }
            Self::Store(_) => Text::new("系统暂时无法保存", "the system could not save this"),
        }
    }

    /// What to do next.
    pub fn next(&self) -> Text {
        match self {
            Self::Refused(refusal) => refusal.next(),
            Self::KeyReused | Self::KeyUnfit => {
                Text::new("请重新打开页面后提交。", "Open the page again and send from there.")
            }
            Self::Moved => Text::new(
                "请重新读取办件，核对后再提交。",
                "Read the case again, look at what is new, and send it then.",
            ),
            Self::Overloaded | Self::Store(_) => Text::new(
                "请稍后用同一页面再次提交，不会重复办理。",
                "Send the same page again in a while; it will not be done twice.",
            ),
        }
    }

    /// True when the same submission may succeed if it is sent again.
    pub fn again(&self) -> bool {
        match self {
            Self::Refused(_) | Self::KeyReused | Self::KeyUnfit | Self::Moved => false,
            Self::Overloaded | Self::Store(_) => true,
        }
    }
}

impl fmt::Display for SubmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            other => f.write_str(&other.says().en),
        }
    }
}

impl std::error::Error for SubmitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => error.source(),
            _ => None,
        }
    }
}

impl From<Refusal> for SubmitError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for SubmitError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
