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
        /// How it is proved who signed what a row tells of; nobody signed it when absent.
        signed: Option<FeedSigned>,
    }
}

record! {
    /// How it is proved who signed what a row tells of (电子签名法 article 13): the signature is
    /// over the row itself, by the key of a certificate that names who signed.
    pub struct FeedSigned {
        /// The column with the fingerprint of the certificate.
        certificate: Spanned<Name>,
        /// The column with the signature.
        signature: Spanned<Name>,
        /// The column with the entry of who signed. The certificate names its key, and the entry
        /// was in force at the moment of signing.
        by: Spanned<Name>,
        /// Whose certificates are trusted.
        trusts: FeedTrust,
        /// How long after the moment of signing a row may come.
        within: FeedWithin,
        /// The feed that takes in which certificates were revoked.
        revocations: Spanned<Name>,
    }
}

record! {
    /// Whose certificates are trusted: while such an entry is in force, its certificate is.
    pub struct FeedTrust {
        /// The register of those who certify.
        register: Spanned<Name>,
        /// Its field with their own certificate, as PEM.
        certificate: Spanned<Name>,
    }
}

record! {
    /// How long after the moment of signing a row may come. Whoever has taken a key could name an
    /// earlier moment; only so much earlier.
    pub struct FeedWithin {
        /// The hours.
        hours: Spanned<u32>,
        /// Where that is written.
        basis: Citation,
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
