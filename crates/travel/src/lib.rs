//! How long it takes, or how far it is, along streets: an extract of OpenStreetMap becomes a
//! [`Network`] for walking or for driving, and a [`Router`] tells the least time or distance
//! between many places at once, with the way that leads there.
//!
//! What is assumed stands in [`Assumed`] and in the tables of [`mode`], and every figure is a whole
//! number: the same extract gives the same bytes everywhere. A place that lies too far from any
//! street, or on streets that hang together with no others, is named as such ([`ways`], [`fault`])
//! and never taken for one that is merely far.
//!
//! The streets are those of OpenStreetMap, © its contributors, under the Open Database Licence:
//! whoever shows what was found with them shows [`source`] too.
//!
//! Reading order: what may be used how fast ([`mode`]), the network ([`network`]), places put on
//! streets (`snap`), what is told of many ([`router`], `sweep`, [`ways`]) and of one ([`route`]).
//!
//! It knows nothing of health or of cities, opens no file, and has no clock and no chance of its
//! own.

mod extract;
pub mod fault;
pub mod mode;
pub mod network;
mod pbf;
mod place;
pub mod route;
pub mod router;
mod snap;
mod sweep;
mod turns;
pub mod ways;
mod wire;
mod xml;

pub use fault::{Fault, Feature};
pub use mode::{Assumed, Mode};
pub use network::{LeftOut, Network, Part};
pub use route::Route;
pub use router::{Measure, Router};
pub use ways::{Between, Standing, Ways};

use base::Text;

/// What is said wherever distances along these streets are shown.
pub fn source() -> Text {
    Text::new(
        "道路数据：© OpenStreetMap 贡献者，依据开放数据库许可（ODbL 1.0）提供。",
        "Streets: © OpenStreetMap contributors, under the Open Database Licence (ODbL 1.0).",
    )
}
