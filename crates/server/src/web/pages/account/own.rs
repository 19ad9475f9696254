//! One's own account.

use askama::Template;

use crate::web::frame::Frame;

/// One's own account.
#[derive(Debug, Template)]
#[template(path = "account/account.html")]
pub(crate) struct AccountPage {
    pub(crate) frame: Frame,
    /// What was just done; empty for nothing.
    pub(crate) done: String,
    /// What the holder is called.
    pub(crate) name: String,
    /// By what the holder is known at the door; empty where another site signs them in.
    pub(crate) login: String,
    /// What stands behind the identity number.
    pub(crate) proof: String,
    /// Whether there is a password.
    pub(crate) has_password: bool,
    /// Whether an app makes codes.
    pub(crate) app: bool,
    /// How many recovery codes are left.
    pub(crate) codes_left: u32,
    /// The passkeys.
    pub(crate) passkeys: Vec<PasskeyLine>,
    /// Where the holder is signed in.
    pub(crate) sessions: Vec<SessionLine>,
    /// What happened, the latest first.
    pub(crate) happened: Vec<Happened>,
    /// The bodies for which the holder may act today.
    pub(crate) offices: Vec<OfficeLine>,
    /// Whether the holder acts for one of them now.
    pub(crate) acts: bool,
}

/// A passkey.
#[derive(Debug)]
pub(crate) struct PasskeyLine {
    /// What the device calls it.
    pub(crate) id: String,
    /// What its holder calls it.
    pub(crate) title: String,
    /// When it was added.
    pub(crate) made: String,
    /// When it was last used; empty where never.
    pub(crate) used: String,
}

/// A session.
#[derive(Debug)]
pub(crate) struct SessionLine {
    /// Its digest.
    pub(crate) id: String,
    /// Whether it is this one.
    pub(crate) here: bool,
    /// The browser.
    pub(crate) browser: String,
    /// By what its holder signed in.
    pub(crate) evidence: String,
    /// When it began.
    pub(crate) began: String,
    /// When something was last asked in it.
    pub(crate) seen: String,
}

/// Something that happened.
#[derive(Debug)]
pub(crate) struct Happened {
    /// What.
    pub(crate) what: String,
    /// More of it; empty for nothing.
    pub(crate) detail: String,
    /// When.
    pub(crate) at: String,
}

/// A body for which the holder may act today.
#[derive(Debug)]
pub(crate) struct OfficeLine {
    /// The body as forms send it.
    pub(crate) body: String,
    /// Its title.
    pub(crate) title: String,
    /// The first day.
    pub(crate) from: String,
    /// The first day on which no longer; empty where no end is known.
    pub(crate) until: String,
    /// Whether the holder acts for it now.
    pub(crate) now: bool,
}

#[cfg(test)]
impl super::super::Sample for AccountPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let office = |now, until: &str| OfficeLine {
            body: "health@900101".into(),
            title: "A body".into(),
            from: "2030-01-08".into(),
            until: until.into(),
            now,
        };
        let passkey = |used: &str| PasskeyLine {
            id: "AAAA".into(),
            title: "Phone <x>".into(),
            made: "2030-01-08 09:00".into(),
            used: used.into(),
        };
        let session = |here| SessionLine {
            id: "08".into(),
            here,
            browser: "Firefox".into(),
            evidence: "Password".into(),
            began: "2030-01-08 09:00".into(),
            seen: "2030-01-08 09:30".into(),
        };
        let bare = |frame: &Frame| Self {
            frame: frame.clone(),
            done: String::new(),
            name: "Liu".into(),
            login: String::new(),
            proof: "Unproven".into(),
            has_password: false,
            app: false,
            codes_left: 0,
            passkeys: Vec::new(),
            sessions: vec![session(true)],
            happened: Vec::new(),
            offices: Vec::new(),
            acts: false,
        };
        let happened = |detail: &str| Happened {
            what: "Signed in".into(),
            detail: detail.into(),
            at: "2030-01-08 09:00".into(),
        };
        let full = Self {
            done: "Done".into(),
            login: "liu@example.cn".into(),
            has_password: true,
            app: true,
            codes_left: 7,
            passkeys: vec![passkey(""), passkey("2030-01-09 09:00")],
            sessions: vec![session(true), session(false)],
            happened: vec![happened(""), happened("Passkey")],
            offices: vec![office(true, ""), office(false, "2030-02-08")],
            acts: true,
            ..bare(&frame)
        };
        vec![bare(&frame), full]
    }
}
