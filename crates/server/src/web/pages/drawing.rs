//! The draw that a case is: what is pledged for it, what it is drawn from, and what was drawn.

use crate::web::frame::Link;

/// A draw as far as it has got.
#[derive(Debug)]
pub(crate) struct DrawingView {
    /// What it is called, which is part of what is pledged.
    pub(crate) name: String,
    /// The commands by which those asked pledge, one for each; none once the lists are frozen.
    pub(crate) commands: Vec<String>,
    /// The lists, once they are frozen.
    pub(crate) frozen: Option<FrozenView>,
    /// What was drawn, once it was.
    pub(crate) drawn: Option<DrawnView>,
    /// Its texts, and the program that draws again; none for who may not read them.
    pub(crate) files: Vec<Link>,
}

/// The lists that it is drawn from.
#[derive(Debug)]
pub(crate) struct FrozenView {
    /// Their digest.
    pub(crate) digest: String,
    /// The entry that froze them.
    pub(crate) number: String,
    /// How much stands in them.
    pub(crate) counts: String,
}

/// What was drawn.
#[derive(Debug)]
pub(crate) struct DrawnView {
    /// The entry that drew.
    pub(crate) number: String,
    /// The objects drawn, in the order in which they were.
    pub(crate) picks: Vec<PickView>,
}

/// An object that was drawn.
#[derive(Debug)]
pub(crate) struct PickView {
    /// The object.
    pub(crate) object: Link,
    /// Its class.
    pub(crate) class: String,
    /// Who goes there: each department with its officers.
    pub(crate) crew: Vec<String>,
    /// The entry made for it; none where it cannot be told which that is.
    pub(crate) order: Option<Link>,
}

/// One for which pledges are awaited.
#[cfg(test)]
pub(super) fn sample_pledging() -> DrawingView {
    DrawingView {
        name: "fair-draw-7".into(),
        commands: vec![
            "yiyang draw pledge --name fair-draw-7 --by fire --seed fire.seed".into(),
            "yiyang draw pledge --name fair-draw-7 --by health --seed health.seed".into(),
        ],
        frozen: None,
        drawn: None,
        files: Vec::new(),
    }
}

/// One that was drawn.
#[cfg(test)]
pub(super) fn sample_drawn() -> DrawingView {
    let pick = |order| PickView {
        object: super::link(),
        class: "High <risk>".into(),
        crew: vec!["Health: H-1, H-2".into(), "Fire: F-1".into()],
        order,
    };
    let bare = Link { href: String::new(), text: "2030-7-2".into() };
    DrawingView {
        commands: Vec::new(),
        frozen: Some(FrozenView {
            digest: "0f".repeat(32),
            number: "entry 8".into(),
            counts: "40 objects, 12 officers, 1 conflict".into(),
        }),
        drawn: Some(DrawnView {
            number: "entry 9".into(),
            picks: vec![pick(Some(super::link())), pick(Some(bare)), pick(None)],
        }),
        files: vec![super::link()],
        ..sample_pledging()
    }
}
