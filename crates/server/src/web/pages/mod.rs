//! One struct for each page, with everything it shows already in the reader's language.

pub(crate) mod account;
pub(crate) mod apply;
pub(crate) mod away;
pub(crate) mod behalf;
pub(crate) mod beside;
pub(crate) mod board;
pub(crate) mod case;
pub(crate) mod cases;
pub(crate) mod certificate;
pub(crate) mod commitment;
pub(crate) mod coverage;
pub(crate) mod credit;
pub(crate) mod days;
pub(crate) mod derived;
pub(crate) mod district_map;
pub(crate) mod draft;
pub(crate) mod drawing;
pub(crate) mod findings;
pub(crate) mod for_programs;
pub(crate) mod home;
pub(crate) mod inbox;
pub(crate) mod layout;
pub(crate) mod life_event;
pub(crate) mod load;
pub(crate) mod look;
pub(crate) mod looks;
pub(crate) mod map;
pub(crate) mod messages;
pub(crate) mod naming;
pub(crate) mod packs;
pub(crate) mod picture;
pub(crate) mod plan;
pub(crate) mod problem;
pub(crate) mod published;
pub(crate) mod ratings;
pub(crate) mod reach;
pub(crate) mod register;
pub(crate) mod risk;
pub(crate) mod search;
pub(crate) mod service;
pub(crate) mod services;
pub(crate) mod sign_in;
pub(crate) mod sources;
pub(crate) mod standards;
pub(crate) mod steps;
pub(crate) mod verify;
pub(crate) mod who_may;
pub(crate) mod writes;

/// Values of a page that together show everything its template can say.
#[cfg(test)]
pub(crate) trait Sample: Sized {
    /// The values.
    fn samples(frame: super::frame::Frame) -> Vec<Self>;
}

#[cfg(test)]
fn link() -> super::frame::Link {
    super::frame::Link { href: "/zh/plan".into(), text: "A link <here>".into() }
}

#[cfg(test)]
fn row() -> super::frame::Row {
    super::frame::Row {
        title: "Title".into(),
        text: "Text & more".into(),
        href: "/zh/registers/herb-room/7".into(),
    }
}

#[cfg(test)]
fn code() -> register::Code {
    register::Code {
        src: "/zh/qr/herb-room/7.svg".into(),
        href: "/zh/registers/herb-room/7".into(),
        text: "willow.example/zh/registers/herb-room/7".into(),
    }
}

#[cfg(test)]
fn cited() -> super::frame::Cited {
    super::frame::Cited { text: "Act".into(), sure: "assumed".into(), mark: "assumed" }
}

#[cfg(test)]
fn timed() -> super::shown::Timed {
    super::shown::Timed { term: "5 working days".into(), cited: cited() }
}

#[cfg(test)]
fn refused() -> super::fault::Refused {
    super::fault::Refused { number: 1005, says: "does not fit".into(), next: "Mend it.".into() }
}
