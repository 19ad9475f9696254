//! The layout plan of a procedure after linking.

use base::{Name, Text};
use rules::Expression;

use super::Orders;

/// A layout plan: where places are to be, how many, and in which year.
#[derive(Debug)]
pub struct Layout {
    /// Where the people live.
    pub areas: LayoutAreas,
    /// How many places there should be for a thousand people.
    pub norm: Expression,
    /// What stands today.
    pub existing: LayoutExisting,
    /// What could be built on.
    pub candidates: LayoutCandidates,
    /// What must hold of a candidate, in the order in which it is asked.
    pub needs: Vec<(Name, LayoutNeed)>,
    /// What can be built.
    pub sizes: Vec<(Name, LayoutSize)>,
    /// What can be done with what stands.
    pub changes: Vec<(Name, LayoutChange)>,
    /// How far people go.
    pub travel: LayoutTravel,
    /// What every area should have today.
    pub standards: Vec<(Name, LayoutStandard)>,
    /// The entries that the adopted draft makes.
    pub sites: Orders,
}

impl Layout {
    /// The fact that so many drafts are on file.
    pub const DRAFTS: &str = "layout.drafts";
    /// The site of an entry, by its key, among the facts that its fields rest on.
    pub const SITE: &str = "pick.site";
    /// The entry that stands there today; not known where nothing does.
    pub const EXISTING: &str = "pick.existing";
    /// The entry that is built on; not known where something stands.
    pub const CANDIDATE: &str = "pick.candidate";
    /// Where the site lies.
    pub const POINT: &str = "pick.point";
    /// What is built there or done with it.
    pub const COURSE: &str = "pick.course";
    /// How many places it then has.
    pub const PLACES: &str = "pick.places";
    /// In which year.
    pub const YEAR: &str = "pick.year";
    /// What it costs.
    pub const COST: &str = "pick.cost";
    /// Its place among what the draft picks, counted from 1.
    pub const PLACE: &str = "pick.place";

    /// Why an entry is no site: it does not say where it lies.
    pub const NO_POINT: &str = "no-point";
    /// Why a candidate is no site: it does not say how large it is.
    pub const NO_AREA: &str = "no-area";
    /// Why a candidate is no site: nothing that can be built fits on it.
    pub const TOO_SMALL: &str = "too-small";
    /// Why what stands is no site: it does not say how many places it has.
    pub const NO_PLACES: &str = "no-places";
    /// The reasons that no pack has to name.
    pub const BARS: [&str; 4] = [Self::NO_POINT, Self::NO_AREA, Self::TOO_SMALL, Self::NO_PLACES];

    /// The look-ups that the survey is taken from.
    pub fn looks(&self) -> Vec<&Name> {
        let standards = self.standards.iter().map(|(_, own)| &own.found);
        let mut looks = vec![&self.areas.found, &self.existing.found, &self.candidates.found];
        for look in standards {
            if !looks.contains(&look) {
                looks.push(look);
            }
        }
        looks
    }

    /// What the survey says by whole numbers, over the figures and the form.
    pub fn counts(&self) -> impl Iterator<Item = &Expression> {
        let sizes = self.sizes.iter().flat_map(|(_, own)| [&own.places, &own.area, &own.cost]);
        let changes = self.changes.iter().flat_map(|(_, own)| own.does.adds().chain([&own.cost]));
        let travel = [&self.travel.detour, &self.travel.speed, &self.travel.reach];
        let standards = self.standards.iter().flat_map(|(_, own)| own.counts());
        std::iter::once(&self.norm).chain(sizes).chain(changes).chain(travel).chain(standards)
    }

    /// What must hold of a candidate.
    pub fn conditions(&self) -> impl Iterator<Item = &Expression> {
        self.needs.iter().map(|(_, need)| &need.that)
    }

    /// What may become of a site: what can be built, then what can be done with what stands.
    pub fn courses(&self) -> impl Iterator<Item = &Name> {
        let sizes = self.sizes.iter().map(|(name, _)| name);
        sizes.chain(self.changes.iter().map(|(name, _)| name))
    }

    /// What a course is called.
    pub fn title(&self, course: &Name) -> Option<&Text> {
        let sizes = self.sizes.iter().map(|(name, own)| (name, &own.title));
        let mut all = sizes.chain(self.changes.iter().map(|(name, own)| (name, &own.title)));
        all.find(|(name, _)| *name == course).map(|(_, title)| title)
    }
}

/// Where the people live.
#[derive(Debug)]
pub struct LayoutAreas {
    /// The look-up that finds the areas.
    pub found: Name,
    /// The field of their register with the point.
    pub point: Name,
    /// The field with the number of people.
    pub people: Name,
}

/// What stands today.
#[derive(Debug)]
pub struct LayoutExisting {
    /// The look-up that finds it.
    pub found: Name,
    /// The field of its register with the point.
    pub point: Name,
    /// The field with the number of places.
    pub places: Name,
}

/// What could be built on.
#[derive(Debug)]
pub struct LayoutCandidates {
    /// The look-up that finds it.
    pub found: Name,
    /// The field of its register with the point.
    pub point: Name,
    /// The field with the area in square metres.
    pub area: Name,
}

/// What must hold of a candidate.
#[derive(Debug)]
pub struct LayoutNeed {
    /// The condition, over the facts of the case and what the candidate says.
    pub that: Expression,
    /// Why it is refused otherwise.
    pub says: Text,
    /// The field of the candidates' register that says more.
    pub reason: Option<Name>,
}

/// Something that can be built.
#[derive(Debug)]
pub struct LayoutSize {
    /// What it is called.
    pub title: Text,
    /// How many places it has.
    pub places: Expression,
    /// How many square metres it takes.
    pub area: Expression,
    /// What it costs in yuan.
    pub cost: Expression,
}

/// Something that can be done with what stands.
#[derive(Debug)]
pub struct LayoutChange {
    /// What it is called.
    pub title: Text,
    /// What it does to the places.
    pub does: LayoutDoes,
    /// What it costs in yuan.
    pub cost: Expression,
}

/// What a change does to the places.
#[derive(Debug)]
pub enum LayoutDoes {
    /// Adds so many.
    Adds(Expression),
    /// Leaves none.
    Closes,
}

impl LayoutDoes {
    fn adds(&self) -> impl Iterator<Item = &Expression> {
        match self {
            Self::Adds(adds) => Some(adds),
            Self::Closes => None,
        }
        .into_iter()
    }
}

/// What every area should have.
#[derive(Debug)]
pub struct LayoutStandard {
    /// What it is called.
    pub title: Text,
    /// The look-up that finds it.
    pub found: Name,
    /// Where what is found has to be.
    pub there: LayoutThere,
    /// The field that is added up; none where each entry counts one.
    pub counts: Option<Name>,
    /// Whether it is for every thousand people, not for every area.
    pub per_thousand: bool,
    /// How many there should be.
    pub least: Expression,
}

/// Where something has to be for an area to have it.
#[derive(Debug)]
pub enum LayoutThere {
    /// Where a field says the same as that of the area.
    Same(Name),
    /// Not farther away.
    Within {
        /// The field of its register with the point.
        point: Name,
        /// How many metres of a way at most.
        metres: Expression,
    },
}

impl LayoutStandard {
    /// What it says by whole numbers.
    pub fn counts(&self) -> impl Iterator<Item = &Expression> {
        let metres = match &self.there {
            LayoutThere::Same(_) => None,
            LayoutThere::Within { metres, .. } => Some(metres),
        };
        metres.into_iter().chain([&self.least])
    }
}

/// How far people go.
#[derive(Debug)]
pub struct LayoutTravel {
    /// The length of a way for a thousand metres in a straight line.
    pub detour: Expression,
    /// How many metres one goes in a minute.
    pub speed: Expression,
    /// How many metres one goes at most.
    pub reach: Expression,
}
