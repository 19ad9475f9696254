//! Commitments (告知承诺): the applicant promises in writing that conditions are met, is granted at
//! once on that word, and is checked by a day; a broken promise takes back what was granted.
//!
//! 国办发〔2020〕42号 and, for each procedure, the notice it cites.

use base::{Citation, Name, Text};

use super::procedure::Requirement;
use crate::read::Spanned;

record! {
    /// A promise that an applicant may sign.
    pub struct Commitment {
        /// What it is called.
        title: Text,
        /// The words promised.
        says: Text,
        /// Who may sign it; anybody when absent.
        open_to: Option<Requirement>,
        /// The conditions for which it stands in while they are not known; never when one is known
        /// not to hold.
        covers: Vec<Spanned<Name>>,
        /// The papers, handed in later, without which it is not found kept.
        evidence: Vec<Spanned<Name>>,
        /// Where it is written.
        basis: Citation,
    }
}
