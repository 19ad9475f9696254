//! Packs that are proposed: taken in, checked, played and compared, and put in force in the running
//! server. Nothing of this changes what holds until the store adopts the pack.

mod follow;
mod refusal;
mod upload;
mod workshop;

pub(crate) use follow::{follow, prepare, stories_of};
pub(crate) use refusal::Unproposed;
pub(crate) use upload::proposed;
pub(crate) use workshop::{Checked, Found, Outcome, Trial, Workshop, plans, resume, try_out};
