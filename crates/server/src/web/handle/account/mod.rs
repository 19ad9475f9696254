//! Accounts: coming in, by what one comes in, and what happened.

pub(in crate::web) mod agents;
pub(in crate::web) mod counter;
pub(in crate::web) mod door;
pub(crate) mod elsewhere;
pub(in crate::web) mod own;
pub(in crate::web) mod passkeys;
pub(in crate::web) mod resume;
pub(in crate::web) mod second;
pub(in crate::web) mod sign_up;
pub(in crate::web) mod tokens;

use base::Instant;

/// That many minutes later.
fn minutes_later(now: Instant, minutes: i64) -> Instant {
    Instant::from_micros(now.micros().saturating_add(minutes * 60_000_000))
}
