//! The draw of a procedure after linking.

use std::collections::BTreeMap;

use base::Name;
use rules::Expression;

/// A draw: whom to inspect, and who goes there.
#[derive(Debug)]
pub struct Draw {
    /// Where each department pledges a seed.
    pub pledges: Told,
    /// Where each department tells the seed that it pledged.
    pub seeds: Told,
    /// Who may be drawn.
    pub objects: DrawObjects,
    /// How many of a hundred are drawn at least, by class.
    pub shares: BTreeMap<Name, Expression>,
    /// Who may be sent.
    pub officers: DrawOfficers,
    /// How many officers a body sends to each object, by its name in the procedure.
    pub crews: BTreeMap<Name, Expression>,
    /// Who may not be sent to whom.
    pub conflicts: Option<DrawConflicts>,
    /// The entries that the draw makes.
    pub orders: Orders,
}

impl Draw {
    /// The fact that every body asked has pledged a seed.
    pub const PLEDGED: &str = "draw.pledged";
    /// The fact that every seed pledged was told.
    pub const TOLD: &str = "draw.told";
    /// The object of an order, among the facts that its fields rest on.
    pub const OBJECT: &str = "pick.object";
    /// The class of that object.
    pub const CLASS: &str = "pick.class";
    /// The officers who are sent to it.
    pub const CREW: &str = "pick.crew";
    /// Its place in the draw, counted from 1.
    pub const PLACE: &str = "pick.place";

    /// The look-ups that the lists are taken from.
    pub fn looks(&self) -> impl Iterator<Item = &Name> {
        let conflicts = self.conflicts.iter().map(|own| &own.found);
        [&self.objects.found, &self.officers.found].into_iter().chain(conflicts)
    }

    /// What the lists say by expressions: shares, then crews.
    pub fn counts(&self) -> impl Iterator<Item = &Expression> {
        self.shares.values().chain(self.crews.values())
    }
}

/// A review and the question by which its bodies say something of their seeds.
#[derive(Debug)]
pub struct Told {
    /// The review.
    pub review: Name,
    /// `section.field` of a section that one of its answers asks.
    pub field: String,
}

/// Who may be drawn.
#[derive(Debug)]
pub struct DrawObjects {
    /// The look-up that finds them.
    pub found: Name,
    /// The field of their register with the class.
    pub class: Name,
}

/// Who may be sent.
#[derive(Debug)]
pub struct DrawOfficers {
    /// The look-up that finds them.
    pub found: Name,
    /// The field of their register with the department, a body of the procedure.
    pub department: Name,
}

/// Who may not be sent to whom.
#[derive(Debug)]
pub struct DrawConflicts {
    /// The look-up that finds them.
    pub found: Name,
    /// The field of their register that names the officer.
    pub officer: Name,
    /// The field that names the object.
    pub object: Name,
    /// The field that says why.
    pub reason: Name,
}

/// The entries that a draw makes, one for each object drawn.
#[derive(Debug)]
pub struct Orders {
    /// The register.
    pub register: Name,
    /// The key, with `{division}`, `{year}`, `{case}` and `{place}` to fill in.
    pub key: String,
    /// The fields and what fills them.
    pub fields: Vec<(Name, Expression)>,
}
