//! What there is for programs, and what each number of a fault means.

use askama::Template;

use crate::web::{documents::Origin, fault::Refused, frame::Frame, routes::OfPrograms};

/// What there is for programs.
#[derive(Debug, Template)]
#[template(path = "for-programs.html")]
pub(crate) struct ForProgramsPage {
    pub(crate) frame: Frame,
    /// The address of everything.
    pub(crate) origin: String,
    /// The addresses.
    pub(crate) addresses: Vec<AddressLine>,
}

/// An address and what it is for.
#[derive(Debug)]
pub(crate) struct AddressLine {
    /// How it is asked.
    pub(crate) method: &'static str,
    /// The address.
    pub(crate) path: String,
    /// What it is for.
    pub(crate) title: String,
}

impl ForProgramsPage {
    /// The page of these doors.
    pub(crate) fn of(frame: Frame, doors: &[OfPrograms], origin: &Origin) -> Self {
        let line = |door: &OfPrograms| AddressLine {
            method: door.method_word(),
            path: door.path.to_owned(),
            title: door.action.title().to(frame.words.0).to_owned(),
        };
        let addresses = doors.iter().map(line).collect();
        Self { frame, origin: origin.to(""), addresses }
    }
}

/// What numbers of faults mean.
#[derive(Debug, Template)]
#[template(path = "faults.html")]
pub(crate) struct FaultsPage {
    pub(crate) frame: Frame,
    /// The faults.
    pub(crate) faults: Vec<Refused>,
    /// True where only one was asked for.
    pub(crate) only: bool,
}

#[cfg(test)]
impl super::Sample for ForProgramsPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let line = |title: &str| AddressLine {
            method: "POST",
            path: "/api/files".into(),
            title: title.into(),
        };
        let origin = "https://city.example".to_owned();
        vec![Self { frame, origin, addresses: vec![line("send <a file>")] }]
    }
}

#[cfg(test)]
impl super::Sample for FaultsPage {
    fn samples(frame: Frame) -> Vec<Self> {
        let fault = || Refused { number: 1301, says: "No <page>".into(), next: "Go home.".into() };
        let page = |faults, only| Self { frame: frame.clone(), faults, only };
        vec![page(vec![fault()], true), page(vec![fault(), fault()], false)]
    }
}
