//! A layout plan as a part of a procedure: where places are to be, how many, and in which year
//! (设施布局专项规划). What there is and what could be is surveyed from registers, drafts are put
//! on file, and one of them is adopted.

use base::{Name, Text};

use crate::read::{Named, Spanned};

record! {
    /// A layout plan that one decision surveys, that drafts are put on file for, and that a later
    /// decision adopts.
    pub struct Layout {
        /// Where the people live for whom places are planned.
        areas: LayoutAreas,
        /// How many places there should be for a thousand people: a whole number over the figures
        /// and the form.
        norm: Spanned<String>,
        /// What stands today.
        existing: LayoutExisting,
        /// What could be built on.
        candidates: LayoutCandidates,
        /// What must hold of a candidate for it to be a site, by name.
        needs: Named<LayoutNeed>,
        /// What can be built, by name.
        sizes: Named<LayoutSize>,
        /// What can be done with what stands, by name; it can always be left as it is.
        changes: Named<LayoutChange>,
        /// How far people go.
        travel: LayoutTravel,
        /// What every area should have today, by name; the survey says what each has, and no draft
        /// rests on it.
        standards: Named<LayoutStandard>,
        /// The entries that the adopted draft makes, one for each site that it picks.
        sites: LayoutSites,
    }
}

record! {
    /// Where the people live: what a look-up finds.
    pub struct LayoutAreas {
        /// The look-up.
        found: Spanned<Name>,
        /// The field of its register that says where an area lies.
        point: Spanned<Name>,
        /// The field that says how many people live there, a whole number.
        people: Spanned<Name>,
    }
}

record! {
    /// What stands today: what a look-up finds.
    pub struct LayoutExisting {
        /// The look-up.
        found: Spanned<Name>,
        /// The field of its register that says where it stands.
        point: Spanned<Name>,
        /// The field that says how many places it has, a whole number.
        places: Spanned<Name>,
    }
}

record! {
    /// What could be built on: what a look-up finds.
    pub struct LayoutCandidates {
        /// The look-up.
        found: Spanned<Name>,
        /// The field of its register that says where a candidate lies.
        point: Spanned<Name>,
        /// The field with its area in square metres, a whole number.
        area: Spanned<Name>,
    }
}

record! {
    /// What must hold of a candidate: one of which it is not known to hold is refused.
    pub struct LayoutNeed {
        /// The condition: over the facts of the case, and what the candidate says, `its.field`.
        that: Spanned<String>,
        /// Why a candidate that does not meet it is refused, in a few words.
        says: Text,
        /// The field of the candidates' register, a text, that says more about it.
        reason: Option<Spanned<Name>>,
    }
}

record! {
    /// Something that can be built. Its numbers are whole, over the figures and the form.
    pub struct LayoutSize {
        /// What it is called.
        title: Text,
        /// How many places it has.
        places: Spanned<String>,
        /// How many square metres a candidate must have for it.
        area: Spanned<String>,
        /// What it costs in yuan.
        cost: Spanned<String>,
    }
}

record! {
    /// Something that can be done with what stands: it gets more places, or is closed.
    pub struct LayoutChange {
        /// What it is called.
        title: Text,
        /// How many places it adds: a whole number over the figures and the form.
        adds: Option<Spanned<String>>,
        /// True where it leaves no place.
        closes: Option<bool>,
        /// What it costs in yuan; below zero where it releases money.
        cost: Spanned<String>,
    }
}

record! {
    /// How far people go: whole numbers over the figures and the form.
    pub struct LayoutTravel {
        /// The length of a way for a thousand metres in a straight line.
        detour: Spanned<String>,
        /// How many metres one goes in a minute.
        speed: Spanned<String>,
        /// How many metres one goes at most.
        reach: Spanned<String>,
    }
}

record! {
    /// What every area should have: so many of what a look-up finds there.
    pub struct LayoutStandard {
        /// What it is called.
        title: Text,
        /// The look-up.
        found: Spanned<Name>,
        /// The field that areas and what is found both have: where it is the same, it is there.
        same: Option<Spanned<Name>>,
        /// The field that says where what is found lies, with `within`.
        point: Option<Spanned<Name>>,
        /// What is so many metres of a way from an area, or less, is there: a whole number over the
        /// figures and the form.
        within: Option<Spanned<String>>,
        /// The field that is added up, a whole number; without it each entry counts one.
        counts: Option<Spanned<Name>>,
        /// True where it is for every thousand people, not for every area.
        per_thousand: Option<bool>,
        /// How many there should be: a whole number over the figures and the form.
        least: Spanned<String>,
    }
}

record! {
    /// How an entry is made for each site that the adopted draft picks.
    pub struct LayoutSites {
        /// The register.
        register: Spanned<Name>,
        /// The key of an entry; `{case}` and `{place}`, the site's place in the draft, are filled
        /// in, and `{division}` and `{year}` where they stand there.
        key: Spanned<String>,
        /// Each field of the register and the expression that fills it, over the facts of the case
        /// and what is picked, such as `pick.site`.
        fields: Named<Spanned<String>>,
    }
}
