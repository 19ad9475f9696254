//! `migrations/*.yaml`: how cases that were filed under an earlier edition of the pack go on under
//! this one.
//!
//! 行政许可法 article 8: what was lawfully given or begun is not changed at will. So each change
//! says from which edition and for which cases it holds; a case that no plan moves runs to its end
//! under the edition it was filed under.

use base::{Citation, Name, Text};

use crate::read::{Named, Spanned};

record! {
    /// A plan by which running cases of one procedure move to this edition of the pack.
    pub struct MigrationFile {
        /// The plan's own name.
        migration: Name,
        /// Its title.
        title: Text,
        /// The procedure whose cases move.
        procedure: Spanned<Name>,
        /// The earlier edition: the hash of its sources as `yiyang pack check` prints it.
        from: Spanned<String>,
        /// The cases that move, by what their form says; all when absent. A case for which it is
        /// not known to be true stays.
        which: Option<Spanned<String>>,
        /// Where a case goes on: the step of the earlier edition at which it waits, and the step of
        /// this one.
        steps: Named<Spanned<Name>>,
        /// The steps of the earlier edition whose cases stay with it, each with the reason.
        stays: Named<Text>,
        /// What becomes of the term that runs.
        clock: Carried,
        /// What the plan rests on.
        basis: Vec<Citation>,
    }
}

choice! {
    /// What becomes of the term that runs when a case moves. Where the new step is another's turn
    /// to act, its own term always counts from that day.
    pub enum Carried {
        /// It runs on. A body has no longer than the new step gives it from the day of the move;
        /// the applicant keeps every day already given.
        Keeps = "keeps",
        /// The new step's own term counts from the day of the move; the applicant keeps the day
        /// that was given where that is later.
        Restarts = "restarts",
    }
}
