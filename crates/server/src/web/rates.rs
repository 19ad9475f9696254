//! How often a program may ask, counted for each token on each node: one that runs wild keeps
//! nobody else waiting.

use std::num::NonZeroU32;

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use store::accounts::TokenDigest;

/// Requests a second that a token may make in the long run, where the operator says nothing else.
pub(crate) const A_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(49);
/// So many seconds' worth of requests may come at once.
const AT_ONCE: u32 = 4;

/// The requests of programs, as far as they count.
pub(crate) struct Rates {
    counted: DefaultKeyedRateLimiter<[u8; 32]>,
}

impl Default for Rates {
    fn default() -> Self {
        Self::of(A_SECOND)
    }
}

impl Rates {
    /// Rates at which each token may make so many requests a second.
    pub(crate) fn of(a_second: NonZeroU32) -> Self {
        let at_once = a_second.saturating_mul(NonZeroU32::new(AT_ONCE).unwrap_or(a_second));
        let quota = Quota::per_second(a_second).allow_burst(at_once);
        Self { counted: RateLimiter::keyed(quota) }
    }

    /// Counts a request of a token that is good; the whole seconds to wait, where it is one too
    /// many.
    pub(crate) fn wait(&self, token: TokenDigest) -> Option<u32> {
        let until = self.counted.check_key(&token.0).err()?;
        let wait = until.wait_time_from(DefaultClock::default().now());
        Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// How many tokens are counted.
    #[cfg(test)]
    pub(crate) fn tokens(&self) -> usize {
        self.counted.len()
    }

    /// Forgets the tokens that have not been used for so long that nothing is held against them.
    pub(crate) fn forget(&self) {
        self.counted.retain_recent();
    }
}
