//! How often somebody may be wrong (NIST SP 800-63B-4, section 3.2.2: no more than 100 times in a
//! row; OWASP's authentication cheat sheet: counted for the account and for the address).

use base::Instant;

/// How many failures are let pass within how many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Failures let pass.
    pub failures_max: u32,
    /// The seconds looked back on.
    pub within_seconds: u32,
}

/// For one account: whoever guesses has ten tries in a quarter of an hour.
pub const ACCOUNT: Throttle = Throttle { failures_max: 10, within_seconds: 900 };
/// For one address, behind which a whole office may sit.
pub const ADDRESS: Throttle = Throttle { failures_max: 50, within_seconds: 900 };

impl Throttle {
    /// The moment since which failures count.
    pub fn since(self, now: Instant) -> Instant {
        Instant::from_micros(
            now.micros().saturating_sub(i64::from(self.within_seconds) * 1_000_000),
        )
    }

    /// The whole seconds to wait, given the failures since [`Throttle::since`], the latest first;
    /// none when one more try is let pass.
    pub fn wait(self, failures: &[Instant], now: Instant) -> Option<u32> {
        let nth = usize::try_from(self.failures_max).unwrap_or(usize::MAX).checked_sub(1)?;
        // Once the one that fills the measure is old enough, another is let pass.
        let fills = failures.iter().filter(|at| **at > self.since(now)).nth(nth)?;
        let left = fills.micros().saturating_sub(self.since(now).micros());
        u32::try_from(left.saturating_add(999_999) / 1_000_000).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measure_is_filled_and_empties_again() {
        let throttle = Throttle { failures_max: 3, within_seconds: 60 };
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000);
        let check = |failures: &[i64], now: i64, wait: Option<u32>| {
            let mut moments: Vec<Instant> = failures.iter().map(|seconds| at(*seconds)).collect();
            moments.sort_by(|a, b| b.cmp(a));
            assert_eq!(throttle.wait(&moments, at(now)), wait, "{failures:?} {now}");
        };
        check(&[], 100, None);
        check(&[98, 99], 100, None);
        check(&[98, 99, 100], 100, Some(58));
        check(&[41, 99, 100], 100, Some(1));
        check(&[40, 99, 100], 100, None);
        check(&[50, 51, 52, 100], 100, Some(11));
        check(&[50, 51, 52], 200, None);
    }
}
