//! A page with one short form: what it is about, what is wrong, fields, one button.

use askama::Template;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use identity::{AccountId, passkey::ALGORITHMS};

use crate::web::{
    fault::Refused,
    frame::{Frame, Link},
    visit::Visit,
};

/// A page with one short form.
#[derive(Debug, Template)]
#[template(path = "account/form.html")]
pub(crate) struct FormPage {
    pub(crate) frame: Frame,
    /// Why what was sent was refused.
    pub(crate) refused: Vec<Refused>,
    /// What was just done; empty for nothing.
    pub(crate) done: String,
    /// What the page is about.
    pub(crate) title: String,
    /// The same at more length.
    pub(crate) lead: String,
    /// Where the form is sent; empty where there is none.
    pub(crate) action: String,
    /// The submission's number.
    pub(crate) key: String,
    /// What the form sends unseen.
    pub(crate) hidden: Vec<(&'static str, String)>,
    /// What it asks.
    pub(crate) fields: Vec<Field>,
    /// What is to be scanned or typed elsewhere.
    pub(crate) figure: Option<Figure>,
    /// What a device is asked before the form is sent.
    pub(crate) passkey: Option<PasskeyAsk>,
    /// What the button says.
    pub(crate) button: String,
    /// Where else one may go.
    pub(crate) links: Vec<Link>,
}

impl FormPage {
    /// A page that says nothing yet.
    pub(crate) fn empty(frame: Frame) -> Self {
        Self {
            frame,
            refused: Vec::new(),
            done: String::new(),
            title: String::new(),
            lead: String::new(),
            action: String::new(),
            key: String::new(),
            hidden: Vec::new(),
            fields: Vec::new(),
            figure: None,
            passkey: None,
            button: String::new(),
            links: Vec::new(),
        }
    }

    fn wrong(&self) -> Vec<&Field> {
        wrong(&self.fields)
    }
}

/// The fields with something wrong, to which what is said above the form leads.
pub(crate) fn wrong<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Vec<&'f Field> {
    fields.into_iter().filter(|field| !field.error.is_empty()).collect()
}

/// A picture to scan, with what it says for those who type it.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// The picture as an address.
    pub(crate) picture: String,
    /// What the picture is, in words.
    pub(crate) says: String,
    /// What is typed instead.
    pub(crate) typed: String,
    /// What that is called.
    pub(crate) typed_title: String,
}

/// A question with one answer.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its name and id.
    pub(crate) name: &'static str,
    /// What it asks.
    pub(crate) label: String,
    /// How to answer; empty for nothing.
    pub(crate) hint: String,
    /// What was answered; never a password.
    pub(crate) value: String,
    /// What is wrong with it; empty for nothing.
    pub(crate) error: String,
    /// The kind of input: `text`, `password`.
    pub(crate) kind: &'static str,
    /// What a browser may fill in (HTML, 4.10.18.7.1).
    pub(crate) autocomplete: &'static str,
    /// Which keyboard a telephone shows: `text`, `numeric`.
    pub(crate) keyboard: &'static str,
    /// The answers to choose from; empty where one is typed.
    pub(crate) choices: Vec<(String, String)>,
}

impl Field {
    /// A question that is answered by a line of text.
    pub(crate) fn text(name: &'static str, label: String, value: &str) -> Self {
        Self {
            name,
            label,
            hint: String::new(),
            value: value.to_owned(),
            error: String::new(),
            kind: "text",
            autocomplete: "off",
            keyboard: "text",
            choices: Vec::new(),
        }
    }

    /// A question for a password, which is never shown again.
    pub(crate) fn password(name: &'static str, label: String, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete, ..Self::text(name, label, "") }
    }

    /// A question with answers to choose from.
    pub(crate) fn choice(
        name: &'static str,
        label: String,
        value: &str,
        choices: Vec<(String, String)>,
    ) -> Self {
        Self { choices, ..Self::text(name, label, value) }
    }

    /// The same with a hint.
    pub(crate) fn hinted(self, hint: String) -> Self {
        Self { hint, ..self }
    }

    /// The same with what is wrong.
    pub(crate) fn wrong(self, error: String) -> Self {
        Self { error, ..self }
    }

    /// The same with what a browser may fill in.
    pub(crate) fn completed(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// The same with digits to type.
    pub(crate) fn numeric(self) -> Self {
        Self { keyboard: "numeric", ..self }
    }

    /// What describes it, by id.
    pub(crate) fn described(&self) -> String {
        let hint = Some(format!("{}-hint", self.name)).filter(|_| !self.hint.is_empty());
        let error = Some(format!("{}-error", self.name)).filter(|_| !self.error.is_empty());
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}

/// What a device is asked, for the script that asks it.
#[derive(Debug, Clone)]
pub(crate) struct PasskeyAsk {
    /// `create` or `get`.
    pub(crate) purpose: &'static str,
    /// The host to which the key belongs.
    pub(crate) site: String,
    /// What is to be signed, in base64url, as everything below that is bytes.
    pub(crate) challenge: String,
    /// The account's number.
    pub(crate) user: String,
    /// By what the account is known at the door.
    pub(crate) login: String,
    /// The holder's name.
    pub(crate) name: String,
    /// Keys that are there already.
    pub(crate) known: String,
    /// The algorithms taken.
    pub(crate) algorithms: String,
}

impl PasskeyAsk {
    /// Asks any device for a key of this site.
    pub(crate) fn get(visit: &Visit, key: &str) -> Self {
        let challenge = visit.session.challenge(&visit.app.secret, key);
        Self {
            purpose: "get",
            site: visit.app.door.site().id,
            challenge: Base64UrlUnpadded::encode_string(&challenge.0),
            user: String::new(),
            login: String::new(),
            name: String::new(),
            known: String::new(),
            algorithms: String::new(),
        }
    }

    /// Asks a device to make a key for an account, with its login name and its holder's name.
    pub(crate) fn create(
        visit: &Visit,
        key: &str,
        account: AccountId,
        (login, name): (&str, &str),
        known: &[String],
    ) -> Self {
        Self {
            purpose: "create",
            user: Base64UrlUnpadded::encode_string(&account.0),
            login: login.to_owned(),
            name: name.to_owned(),
            known: known.join(" "),
            algorithms: ALGORITHMS.map(|number| number.to_string()).join(" "),
            ..Self::get(visit, key)
        }
    }
}

/// A question that was answered wrongly, and a password.
#[cfg(test)]
pub(crate) fn fields() -> Vec<Field> {
    let choices = vec![("a".to_owned(), "One <way>".to_owned())];
    vec![
        Field::text("name", "Name".into(), "<value>").hinted("How".into()).wrong("So not".into()),
        Field::password("password", "Password".into(), "new-password"),
        Field::choice("kind", "Kind".into(), "a", choices),
    ]
}

#[cfg(test)]
pub(super) fn ask() -> PasskeyAsk {
    PasskeyAsk {
        purpose: "get",
        site: "localhost".into(),
        challenge: "AAAA".into(),
        user: "AAAA".into(),
        login: "li@example.cn".into(),
        name: "Li \"<x>\"".into(),
        known: "AAAA BBBB".into(),
        algorithms: "-7".into(),
    }
}

#[cfg(test)]
impl super::super::Sample for FormPage {
    fn samples(frame: Frame) -> Vec<Self> {
        use crate::web::not_in::NotIn;
        let plain = |frame: &Frame| Self {
            title: "A form".into(),
            lead: "About it".into(),
            done: "Done".into(),
            action: "/zh/sign-up".into(),
            key: "1".into(),
            hidden: vec![("then", "/zh/\"cases".into())],
            fields: fields(),
            button: "Do".into(),
            links: vec![super::super::link()],
            ..Self::empty(frame.clone())
        };
        let figure = Figure {
            picture: "data:image/svg+xml;base64,AAAA".into(),
            says: "A code".into(),
            typed: "ABCD EFGH".into(),
            typed_title: "Secret".into(),
        };
        let refused = NotIn::ALL.map(|not_in| not_in.refused(frame.words)).to_vec();
        vec![
            plain(&frame),
            Self { refused, figure: Some(figure), ..plain(&frame) },
            Self { passkey: Some(ask()), ..plain(&frame) },
            Self { action: String::new(), fields: Vec::new(), ..plain(&frame) },
        ]
    }
}
