//! Places put on the nearest street. Pieces of streets are listed by cells of a grid, long pieces
//! by wider cells, so that each stands in few and only those nearby are looked at.

use base::Point;

use crate::network::{Corner, Network};
use crate::place::{Piece, Snapped, nearest};
use crate::turns::index;

/// The side of the smallest cells, in millionths of a degree: some 200 metres.
const SIDE: i64 = 2_000;
/// How often the side is doubled, until a cell is wider than the earth.
const LEVELS: u8 = 18;
/// How far is looked at first, in millimetres.
const FIRST: u64 = 50_000;
/// Half a circle.
const HALF: i64 = 180_000_000;

/// A piece in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    level: u8,
    row: i32,
    column: i32,
    piece: Piece,
}

/// The pieces of all streets on which places can lie.
#[derive(Debug)]
pub(crate) struct Pieces {
    entries: Vec<Entry>,
    levels: Vec<u8>,
    /// The most western, southern, eastern and northern of what any street reaches.
    bounds: [i64; 4],
}

/// What became of a place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Put {
    On(Snapped),
    Far,
    Outside,
}

impl Pieces {
    pub(crate) fn new(network: &Network) -> Self {
        let mut entries = Vec::new();
        let mut bounds = [i64::MAX, i64::MAX, i64::MIN, i64::MIN];
        for (street, number) in network.streets.iter().zip(0..) {
            let corners = network.corners.get(index(street.first)..=index(street.last));
            for (pair, corner) in corners.unwrap_or_default().windows(2).zip(street.first..) {
                let [one, other] = pair else { continue };
                widened(&mut bounds, one.at);
                widened(&mut bounds, other.at);
                if street.stops {
                    listed(&mut entries, one, other, Piece { street: number, corner });
                }
            }
        }
        entries.sort_unstable();
        let mut levels: Vec<u8> = entries.iter().map(|own| own.level).collect();
        levels.dedup();
        Self { entries, levels, bounds }
    }

    /// The place on the nearest street within so many metres. Of streets equally near it is the one
    /// that comes first in the network.
    pub(crate) fn put(&self, network: &Network, place: Point, metres: u32) -> Put {
        let most = u64::from(metres) * 1_000;
        let mut within = FIRST.min(most);
        loop {
            let (wide, high) = spans(place, within);
            if within == most && self.outside(place, wide, high) {
                return Put::Outside;
            }
            let found = self.nearest_within(network, place, wide, high);
            match found.filter(|own| own.off <= within) {
                Some(own) => return Put::On(own),
                None if within == most => return Put::Far,
                None => within = (within * 2).min(most),
            }
        }
    }

    fn outside(&self, place: Point, wide: i64, high: i64) -> bool {
        let [west, south, east, north] = self.bounds;
        let (x, y) = (place.longitude(), place.latitude());
        x < west.saturating_sub(wide)
            || x > east.saturating_add(wide)
            || y < south.saturating_sub(high)
            || y > north.saturating_add(high)
    }

    fn nearest_within(
        &self,
        network: &Network,
        place: Point,
        wide: i64,
        high: i64,
    ) -> Option<Snapped> {
        let mut best: Option<(u128, Piece)> = None;
        for level in &self.levels {
            let side = SIDE << level;
            let cell = |own: i64| i32::try_from(own.div_euclid(side)).unwrap_or_default();
            let rows = cell(place.latitude() - high)..=cell(place.latitude() + high);
            let (west, east) = (cell(place.longitude() - wide), cell(place.longitude() + wide));
            for row in rows {
                let begins = |own: &Entry| (own.level, own.row, own.column) < (*level, row, west);
                let from = self.entries.partition_point(begins);
                let of_row = self.entries.iter().skip(from);
                let same =
                    |own: &&Entry| (own.level, own.row) == (*level, row) && own.column <= east;
                for own in of_row.take_while(same) {
                    let Some((one, other)) = ends(network, own.piece) else { continue };
                    let (off, ..) = nearest(place.offset_to(one.at), place.offset_to(other.at));
                    best = match best {
                        Some(kept) if kept <= (off, own.piece) => Some(kept),
                        _ => Some((off, own.piece)),
                    };
                }
            }
        }
        best.and_then(|(off, piece)| snapped(network, place, piece, off))
    }
}

/// How many millionths of a degree to the side and upwards so many millimetres reach.
fn spans(place: Point, millimetres: u64) -> (i64, i64) {
    let reach = i64::try_from(millimetres).unwrap_or(i64::MAX);
    let aside = if place.longitude() < 0 { 1_000 } else { -1_000 };
    let beside = Point::new(place.longitude() + aside, place.latitude());
    let east = beside.map_or(0, |own| place.offset_to(own).0.abs());
    let wide = reach.saturating_mul(1_000).checked_div(east).map_or(HALF, |own| own + 2);
    // A millionth of a degree is never less than 110 millimetres on a meridian.
    (wide.min(HALF), reach / 110 + 2)
}

fn widened(bounds: &mut [i64; 4], at: Point) {
    let [west, south, east, north] = bounds;
    *west = at.longitude().min(*west);
    *south = at.latitude().min(*south);
    *east = at.longitude().max(*east);
    *north = at.latitude().max(*north);
}

/// Lists a piece in the cells it may touch, four at the most. What crosses the line of the date is
/// not listed, so that it does not seem to cross everything else.
fn listed(entries: &mut Vec<Entry>, one: &Corner, other: &Corner, piece: Piece) {
    let sorted = |one: i64, other: i64| (one.min(other), one.max(other));
    let (west, east) = sorted(one.at.longitude(), other.at.longitude());
    let (south, north) = sorted(one.at.latitude(), other.at.latitude());
    let extent = (east - west).max(north - south);
    let level = (0..LEVELS).find(|level| SIDE << level >= extent);
    let Some(level) = level.filter(|_| east - west <= HALF) else { return };
    let cell = |own: i64| i32::try_from(own.div_euclid(SIDE << level)).unwrap_or_default();
    for row in cell(south)..=cell(north) {
        let columns = cell(west)..=cell(east);
        entries.extend(columns.map(|column| Entry { level, row, column, piece }));
    }
}

fn ends(network: &Network, piece: Piece) -> Option<(&Corner, &Corner)> {
    let corner = index(piece.corner);
    network.corners.get(corner).zip(network.corners.get(corner + 1))
}

fn snapped(network: &Network, place: Point, piece: Piece, off: u128) -> Option<Snapped> {
    let (one, other) = ends(network, piece)?;
    let (_, along, length) = nearest(place.offset_to(one.at), place.offset_to(other.at));
    let part = |whole: i128| (whole * along).checked_div(length).unwrap_or_default();
    let between = |from: i64, to: i64| {
        i64::try_from(i128::from(from) + part(i128::from(to) - i128::from(from))).ok()
    };
    let longitude = between(one.at.longitude(), other.at.longitude())?;
    let at = Point::new(longitude, between(one.at.latitude(), other.at.latitude())?)?;
    let further = part(i128::from(other.along) - i128::from(one.along));
    let along = one.along + u64::try_from(further).ok()?;
    let off = u64::try_from(off.isqrt()).ok()?;
    Some(Snapped { off, street: piece.street, along, corner: piece.corner, at })
}
