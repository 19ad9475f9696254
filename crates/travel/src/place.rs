//! Where a place lies along a street, and what part of the street lies before and behind it.

use base::Point;

/// A place put on a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Snapped {
    /// Millimetres from the place to the street.
    pub(crate) off: u64,
    /// The street.
    pub(crate) street: u32,
    /// Millimetres from the street's beginning.
    pub(crate) along: u64,
    /// The last corner before it.
    pub(crate) corner: u32,
    /// The point on the street.
    pub(crate) at: Point,
}

/// The straight piece between two corners of a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Piece {
    pub(crate) street: u32,
    pub(crate) corner: u32,
}

/// The part of a whole that belongs to the first so many of all millimetres, rounded down; the rest
/// is the whole less this, so that both together are the whole.
pub(crate) fn part(whole: u32, along: u64, all: u64) -> u32 {
    if along >= all {
        return if all == 0 { 0 } else { whole };
    }
    let part = u128::from(whole) * u128::from(along) / u128::from(all.max(1));
    u32::try_from(part).unwrap_or(whole)
}

/// Where the straight line between two offsets from a place comes nearest to it: how far away,
/// squared, and how far along the line in parts of its length squared.
pub(crate) fn nearest((ax, ay): (i64, i64), (bx, by): (i64, i64)) -> (u128, i128, i128) {
    let wide = |own: i64| i128::from(own);
    let (dx, dy) = (wide(bx) - wide(ax), wide(by) - wide(ay));
    let length = dx * dx + dy * dy;
    let along = (-wide(ax) * dx - wide(ay) * dy).clamp(0, length);
    let (x, y) = match length {
        0 => (wide(ax), wide(ay)),
        length => (wide(ax) + dx * along / length, wide(ay) + dy * along / length),
    };
    ((x * x + y * y).unsigned_abs(), along, length)
}
