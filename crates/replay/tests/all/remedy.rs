//! What the law says of remedies, whatever was decided: why a challenge is refused. Both laws rest
//! on it.

use crate::days::{Day, end_of};

/// The number of the refusal of a challenge, if it meets one. `ends` is the last day of the remedy
/// and whether further days may move it; none where the remedy is not open.
pub(crate) fn refusal(
    remedy: &str,
    ends: Option<(Day, bool)>,
    at: i64,
    grounds: bool,
) -> Option<u16> {
    let Some((day, later)) = ends else { return Some(1112) };
    if !later && at >= end_of(day) {
        return Some(1113);
    }
    if !grounds {
        return Some(1105);
    }
    // No body of the administration hears a lawsuit.
    (remedy == "litigation").then_some(1112)
}
