//! For which district an officer looks at figures: the own one where nothing is said.

use base::{Division, DivisionLevel};

use crate::web::{
    fault::Fault,
    question::Offered,
    visit::{AsOfficer, Visit},
};

/// What an address says of what lies in no division that is known.
pub(in crate::web) const NOWHERE: &str = "none";
/// What an address says for the whole place, where the reader's own district is not meant.
const EVERYWHERE: &str = "all";

/// The district that figures are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) enum District {
    /// The whole place.
    All,
    /// This one.
    One(Division),
    /// What lies in none that is known.
    Nowhere,
}

impl District {
    /// What an address asks for: where it says nothing, what the officer's body answers for.
    pub(in crate::web) fn asked(who: &AsOfficer, text: &str) -> Result<Self, Fault> {
        Ok(match text {
            "" => Self::own(who),
            EVERYWHERE => Self::All,
            NOWHERE => Self::Nowhere,
            code => Self::One(Division::parse(code).map_err(Fault::BadAddress)?),
        })
    }

    fn own(who: &AsOfficer) -> Self {
        let place = &who.body.division;
        let whole = who.visit.pack().jurisdiction.as_ref();
        match whole.is_some_and(|whole| whole.within(place)) {
            true => Self::All,
            false => Self::One(place.clone()),
        }
    }

    /// Whether something is in it that lies in the division of a code; empty where none is known.
    pub(in crate::web) fn has(&self, division: &str) -> bool {
        match self {
            Self::All => true,
            Self::One(own) => division.starts_with(own.as_str()),
            Self::Nowhere => division.is_empty(),
        }
    }

    /// As an address says it, whoever reads it.
    pub(in crate::web) fn word(&self) -> &str {
        match self {
            Self::All => EVERYWHERE,
            Self::One(own) => own.as_str(),
            Self::Nowhere => NOWHERE,
        }
    }

    /// As the address of a list of findings says it: nothing for the whole place.
    pub(in crate::web) fn of_findings(&self) -> &str {
        if *self == Self::All { "" } else { self.word() }
    }

    /// What it is called.
    pub(in crate::web) fn title(&self, visit: &Visit) -> String {
        match self {
            Self::All => visit.words.t("district-all"),
            Self::One(own) => visit.shown().place(own),
            Self::Nowhere => visit.words.t("district-nowhere"),
        }
    }

    /// What may be chosen instead, this one chosen.
    pub(in crate::web) fn offered(&self, visit: &Visit) -> Vec<Offered> {
        let mut all = vec![Self::All];
        all.extend(districts(visit).cloned().map(Self::One));
        all.push(Self::Nowhere);
        if !all.contains(self) {
            all.push(self.clone());
        }
        let offer = |one: &Self| Offered {
            value: one.word().to_owned(),
            title: one.title(visit),
            chosen: one == self,
        };
        all.iter().map(offer).collect()
    }
}

/// The districts of the place, in the order of their codes.
pub(in crate::web) fn districts(visit: &Visit) -> impl Iterator<Item = &Division> {
    let pack = visit.pack();
    let whole = pack.jurisdiction.as_ref().into_iter();
    whole.flat_map(|whole| pack.divisions.of_level(DivisionLevel::County, whole))
}
