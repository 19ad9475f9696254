//! What somebody was told, and where else it is to be told.

use askama::Template;

use crate::web::{fault::Refused, frame::Frame, question::FaultLine};

/// Somebody's messages, the latest first.
#[derive(Debug, Template)]
#[template(path = "messages.html")]
pub(crate) struct MessagesPage {
    pub(crate) frame: Frame,
    /// The messages.
    pub(crate) messages: Vec<MessageView>,
    /// The next page; empty on the last.
    pub(crate) next: String,
}

/// A message.
#[derive(Debug)]
pub(crate) struct MessageView {
    /// The entry it comes from.
    pub(crate) number: u64,
    /// The case.
    pub(crate) case: String,
    /// What happened, and in which case.
    pub(crate) title: String,
    /// What the case is about.
    pub(crate) service: String,
    /// What it means, and what to do next.
    pub(crate) says: String,
    /// Since when it is shown.
    pub(crate) at: String,
    /// Whether it has been read.
    pub(crate) read: bool,
}

/// Where somebody is told.
#[derive(Debug, Template)]
#[template(path = "outlets.html")]
pub(crate) struct OutletsPage {
    pub(crate) frame: Frame,
    /// What was just done; empty where nothing was.
    pub(crate) done: String,
    /// The secret of the hook just added; empty where none was.
    pub(crate) secret: String,
    /// Why the last attempt was refused.
    pub(crate) refused: Vec<Refused>,
    /// What was wrong with it.
    pub(crate) faults: Vec<FaultLine>,
    /// Where messages go.
    pub(crate) outlets: Vec<OutletView>,
    /// Whether e-mail is sent.
    pub(crate) mail: bool,
    /// The mail address as written.
    pub(crate) mail_written: String,
    /// The web address as written.
    pub(crate) hook_written: String,
    /// What was wrong with the mail address; empty where nothing was.
    pub(crate) mail_fault: String,
    /// What was wrong with the web address; empty where nothing was.
    pub(crate) hook_fault: String,
}

/// An outlet.
#[derive(Debug)]
pub(crate) struct OutletView {
    /// Its name.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: String,
    /// Its address.
    pub(crate) address: String,
    /// Whether messages go there, in words.
    pub(crate) standing: String,
    /// The same as a style: `good` where messages go there, else `open`.
    pub(crate) mark: &'static str,
    /// What could not be delivered, each with the reason.
    pub(crate) dead: Vec<String>,
}

/// Whether somebody's mail address is to be confirmed.
#[derive(Debug, Template)]
#[template(path = "confirm.html")]
pub(crate) struct ConfirmPage {
    pub(crate) frame: Frame,
    /// The outlet.
    pub(crate) outlet: String,
    /// What was sent there.
    pub(crate) proof: String,
}

#[cfg(test)]
impl super::Sample for MessagesPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let message = |read| MessageView {
            number: 9,
            case: "7".into(),
            title: "Your application has arrived (case 7)".into(),
            service: "Herb room licence".into(),
            says: "We have it.".into(),
            at: "2030-01-31 09:00".into(),
            read,
        };
        let none = Self { frame: frame.clone(), messages: Vec::new(), next: String::new() };
        let messages = vec![message(false), message(true)];
        vec![none, Self { frame, messages, next: "/zh/messages?after=9".into() }]
    }
}

#[cfg(test)]
impl super::Sample for OutletsPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let outlet = |confirmed: bool| OutletView {
            id: "00".into(),
            kind: "E-mail".into(),
            address: "lin@example.org".into(),
            standing: "in use".into(),
            mark: if confirmed { "good" } else { "open" },
            dead: if confirmed { vec!["entry 7: status 500".into()] } else { Vec::new() },
        };
        let bare = Self {
            frame: frame.clone(),
            done: String::new(),
            secret: String::new(),
            refused: Vec::new(),
            faults: Vec::new(),
            outlets: Vec::new(),
            mail: false,
            mail_written: String::new(),
            hook_written: String::new(),
            mail_fault: String::new(),
            hook_fault: String::new(),
        };
        let full = Self {
            frame,
            done: "Added".into(),
            secret: "whsec_AA==".into(),
            refused: vec![super::refused()],
            faults: vec![FaultLine { href: "#mail".into(), text: "no address".into() }],
            outlets: vec![outlet(true), outlet(false)],
            mail: true,
            mail_written: "lin".into(),
            hook_written: "<x>".into(),
            mail_fault: "no address".into(),
            hook_fault: "no address".into(),
        };
        vec![bare, full]
    }
}

#[cfg(test)]
impl super::Sample for ConfirmPage {
    fn samples(frame: Frame) -> Vec<Self> {
        vec![Self { frame, outlet: "00".into(), proof: "11".into() }]
    }
}
