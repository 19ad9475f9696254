//! A draw as a part of a procedure: which objects are inspected this time, and by whom
//! (国办发〔2015〕58号, the general office's notice on random inspection).

use base::Name;

use crate::read::{Named, Spanned};

record! {
    /// A draw that departments pledge seeds for, that is frozen by one decision and drawn by a
    /// later one.
    pub struct Draw {
        /// Where each department pledges a seed.
        pledges: DrawTold,
        /// Where each department tells the seed that it pledged.
        seeds: DrawTold,
        /// Who may be drawn.
        objects: DrawObjects,
        /// For each class, how many of a hundred are drawn at least.
        shares: Named<Spanned<String>>,
        /// Who may be sent.
        officers: DrawOfficers,
        /// For each body that sends officers, how many it sends to each object.
        crews: Named<Spanned<String>>,
        /// Which officer may not be sent to which object; nobody is kept from any when absent.
        conflicts: Option<DrawConflicts>,
        /// The entries that the draw makes, one for each object drawn.
        orders: DrawOrders,
    }
}

record! {
    /// A review and the question by which each of its bodies says something of its seed.
    pub struct DrawTold {
        /// The review.
        review: Spanned<Name>,
        /// The question: free text in a section that one answer of the review asks.
        field: Spanned<String>,
    }
}

record! {
    /// Who may be drawn: what a look-up finds.
    pub struct DrawObjects {
        /// The look-up.
        found: Spanned<Name>,
        /// The field of its register, a choice, with the class of an object.
        class: Spanned<Name>,
    }
}

record! {
    /// Who may be sent: what a look-up finds.
    pub struct DrawOfficers {
        /// The look-up.
        found: Spanned<Name>,
        /// The field of its register, a choice of bodies of the procedure, with the department of
        /// an officer.
        department: Spanned<Name>,
    }
}

record! {
    /// Who may not be sent to whom: what a look-up finds.
    pub struct DrawConflicts {
        /// The look-up.
        found: Spanned<Name>,
        /// The field of its register that names the officer.
        officer: Spanned<Name>,
        /// The field that names the object.
        object: Spanned<Name>,
        /// The field that says why, in words.
        reason: Spanned<Name>,
    }
}

record! {
    /// How an entry is made for each object drawn.
    pub struct DrawOrders {
        /// The register.
        register: Spanned<Name>,
        /// The key of an entry; `{case}` and `{place}`, the object's place in the draw, are filled
        /// in, and `{division}` and `{year}` where they stand there.
        key: Spanned<String>,
        /// Each field of the register and the expression that fills it, over the facts of the case
        /// and `pick.object`, `pick.class`, `pick.crew` and `pick.place`.
        fields: Named<Spanned<String>>,
    }
}
