//! Form sections and the fields they ask for.

use base::{Name, Text};

use crate::read::{Named, Spanned};

record! {
    /// A part of a form that several procedures may ask, filled in once.
    pub struct Section {
        /// The section's own name.
        section: Name,
        /// Its heading.
        title: Text,
        /// What to know before filling it in.
        hint: Option<Text>,
        /// The natural person whose personal details the section asks for, where it does.
        subject: Option<Text>,
        /// The questions, in order.
        fields: Named<Field>,
    }
}

record! {
    /// One question.
    pub struct Field {
        /// The question.
        title: Text,
        /// What to know before answering.
        hint: Option<Text>,
        /// What kind of answer it takes.
        r#type: FieldType,
        /// Whether an answer must be given; always when absent.
        need: Option<Need>,
        /// True when the answer belongs to a person and is kept in the vault, never in the ledger.
        personal: Option<bool>,
        /// The least that a whole number may be.
        at_least: Option<u32>,
        /// The most that a whole number may be, or characters a text, or codes a set, may have.
        at_most: Option<u32>,
    }
}

choice! {
    /// Whether something must be given.
    pub enum Need {
        /// It must be given.
        Always = "always",
        /// It may be left out.
        Optional = "optional",
        /// It is handed in after the decision, when it is asked for; papers only.
        Later = "later",
    }
}

tagged! {
    /// The kind of a field's answer.
    pub enum FieldType {
        /// Free text.
        Text = "text",
        /// A whole number.
        Integer = "integer",
        /// Yes or no.
        Boolean = "boolean",
        /// A day.
        Date = "date",
        /// Money in fen.
        Money = "money",
        /// An administrative division.
        Division = "division",
        /// A text in both languages.
        Bilingual = "bilingual",
        /// Bodies of government, each as `office@division`.
        Bodies = "bodies",
        /// A place on the ground: longitude and latitude in degrees.
        Point = "point",
        /// Who holds an entry; registers only, filled with the applicant.
        Party = "party",
        ---
        /// An identifier of a kind `base` can check, such as `uscc`.
        Identifier(Spanned<Name>) = "identifier",
        /// One of the options named here.
        Choice(Named<Text>) = "choice",
        /// One code of a code list.
        Code(Spanned<Name>) = "code",
        /// A set of codes of a code list.
        Codes(Spanned<Name>) = "codes",
        /// An entry of a register, by its key; what that entry says can then be used too.
        Entry(Spanned<Name>) = "entry",
    }
}
