//! `feeds/*.yaml`: facts that arrive in bulk, such as settlement lines or nursing visits.

use base::{Citation, Name, Text};

use crate::read::{Named, Spanned};

record! {
    /// A feed: rows that sources send, each about one event.
    pub struct FeedFile {
        /// The feed's own name.
        feed: Name,
        /// Its title.
        title: Text,
        /// What obliges its sources to send it.
        basis: Vec<Citation>,
        /// The columns by which a source tells its rows apart.
        key: Vec<Spanned<Name>>,
        /// The column with the moment of the event.
        event_at: Spanned<Name>,
        /// What a row says, in order.
        columns: Named<FeedColumn>,
    }
}

record! {
    /// One thing that a row says.
    pub struct FeedColumn {
        /// Its heading.
        title: Text,
        /// What its values are.
        r#type: ColumnType,
        /// True when a row may leave it open.
        optional: Option<bool>,
    }
}

tagged! {
    /// What the values of a column are.
    pub enum ColumnType {
        /// Free text.
        Text = "text",
        /// Texts, such as diagnoses.
        Texts = "texts",
        /// A whole number.
        Integer = "integer",
        /// Money in yuan, to the fen.
        Money = "money",
        /// Yes or no.
        Boolean = "boolean",
        /// A day.
        Date = "date",
        /// A moment, to the microsecond, with its distance from UTC.
        Moment = "moment",
        /// A person, by the identifier that the source knows; only its keyed digest is kept.
        Person = "person",
        ---
        /// A number with at most so many decimals, nine at most.
        Decimal(Spanned<u32>) = "decimal",
        /// One of the options named here.
        Choice(Named<Text>) = "choice",
        /// One code of a code list; one that the list lacks is for rules to judge.
        Code(Spanned<Name>) = "code",
        /// Codes of a code list.
        Codes(Spanned<Name>) = "codes",
        /// An entry of a register, by its key; whether there is one is for rules to judge.
        Entry(Spanned<Name>) = "entry",
    }
}
