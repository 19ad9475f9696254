//! Where to put care: sites chosen for given customers, each answer with a bound that proves how
//! good it is, and how well people reach what there is.
//!
//! Plain inputs, plain outputs: no case, no register, no city, no clock but a [`Stop`] that is
//! given.
//! Sites and customers are numbered from 0 as in what was given.

#![allow(
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "dense tables whose indices are made here and never given; what is decided is exact \
              or has its bound beside it"
)]

pub mod access;
mod answer;
mod ask;
pub mod capacity;
pub mod center;
mod costs;
pub mod cover;
mod elite;
pub mod equity;
mod fault;
pub mod instance;
pub mod layout;
mod lp;
pub mod median;
mod swap;

pub use answer::{Answer, Stop};
pub use ask::{Ask, Unfit};
pub use costs::{Costs, FAR, Matrix, Plane};
pub use fault::Fault;
pub use instance::Instance;
