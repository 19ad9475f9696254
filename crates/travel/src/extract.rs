//! What is kept of an extract while it is read, the same from either kind of file: points with
//! their places, ways that may be used, and rules of turning.

use base::Point;

use crate::fault::{Fault, Feature};
use crate::mode::{Assumed, Mode, Tags, Use};

/// Parts of a millionth of a degree.
const NANO: i64 = 1_000;
/// The most of anything, so that all can be counted in 32 bits.
const MOST: usize = 1 << 30;

/// A point of the extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) id: i64,
    pub(crate) at: Point,
    /// Nobody gets past it.
    pub(crate) stopped: bool,
}

/// A way that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) id: i64,
    pub(crate) spots: Vec<i64>,
    pub(crate) used: Use,
}

/// A rule of turning at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    pub(crate) spot: i64,
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Whether it is the only way on, and not a forbidden one.
    pub(crate) only: bool,
}

/// What a relation is made of.
pub(crate) struct Member<'a> {
    pub(crate) role: &'a str,
    pub(crate) kind: Kind,
    pub(crate) id: i64,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Spot,
    Way,
    Other,
}

/// What was read.
pub(crate) struct Extract {
    mode: Mode,
    assumed: Assumed,
    pub(crate) spots: Vec<Spot>,
    pub(crate) ways: Vec<Way>,
    pub(crate) turns: Vec<Turn>,
    /// Rules of turning that are not understood.
    pub(crate) turns_left_out: u32,
}

impl Extract {
    pub(crate) fn new(mode: Mode, assumed: Assumed) -> Self {
        let (spots, ways, turns) = (Vec::new(), Vec::new(), Vec::new());
        Self { mode, assumed, spots, ways, turns, turns_left_out: 0 }
    }

    /// A point, in thousand-millionths of a degree.
    pub(crate) fn spot(
        &mut self,
        id: i64,
        (longitude, latitude): (i64, i64),
        tags: &Tags<'_>,
    ) -> Result<(), Fault> {
        let millionths = |nano: i64| nano.saturating_add(NANO / 2).div_euclid(NANO);
        // The absolute value of what nobody can have is not even asked for.
        let sound = |own: &i64| own.unsigned_abs() < 1 << 40;
        let there = Some((millionths(longitude), millionths(latitude)));
        let at = there.filter(|(x, y)| sound(x) && sound(y)).and_then(|(x, y)| Point::new(x, y));
        let at = at.ok_or(Fault::OffTheEarth(id))?;
        let stopped = !tags.is_empty() && self.mode.stopped(tags);
        self.spots.push(Spot { id, at, stopped });
        within(self.spots.len())
    }

    /// A way along points.
    pub(crate) fn way(&mut self, id: i64, spots: Vec<i64>, tags: &Tags<'_>) -> Result<(), Fault> {
        if let Some(used) = self.mode.way(tags, &self.assumed) {
            self.ways.push(Way { id, spots, used });
        }
        within(self.ways.len())
    }

    /// A relation; only rules of turning matter.
    pub(crate) fn relation(&mut self, members: &[Member<'_>], tags: &Tags<'_>) {
        let said = |key: &str| tags.iter().find(|(own, _)| *own == key).map(|(_, value)| *value);
        let rule = said("restriction:motorcar").or_else(|| said("restriction"));
        let (Some("restriction"), Some(rule)) = (said("type"), rule) else { return };
        if self.mode.excepted(said("except").unwrap_or_default()) {
            return;
        }
        match turn(members, rule) {
            Some(turns) => self.turns.extend(turns),
            None => self.turns_left_out += 1,
        }
    }

    /// What was read, in the order of its numbers, each once.
    pub(crate) fn in_order(mut self) -> Result<Self, Fault> {
        self.spots.sort_by_key(|own| own.id);
        self.ways.sort_by_key(|own| own.id);
        self.turns.sort_unstable();
        self.spots.dedup();
        self.ways.dedup();
        self.turns.dedup();
        let spot = self.spots.windows(2).find_map(|own| twice(own, |spot| spot.id));
        let way = self.ways.windows(2).find_map(|own| twice(own, |way| way.id));
        match spot.or(way) {
            Some(id) => Err(Fault::Twice(id)),
            None if self.ways.is_empty() => Err(Fault::NoStreets(self.mode)),
            None => Ok(self),
        }
    }

    /// Which of the points has that number.
    pub(crate) fn find(&self, id: i64) -> Option<usize> {
        self.spots.binary_search_by_key(&id, |own| own.id).ok()
    }
}

fn twice<T>(pair: &[T], id: impl Fn(&T) -> i64) -> Option<i64> {
    match pair {
        [one, other] if id(one) == id(other) => Some(id(one)),
        _ => None,
    }
}

fn within(count: usize) -> Result<(), Fault> {
    if count > MOST { Err(Fault::TooLarge) } else { Ok(()) }
}

/// Whether a file needs what is not read here.
pub(crate) fn needs(feature: &str) -> Result<(), Fault> {
    match feature {
        "OsmSchema-V0.6" | "DenseNodes" => Ok(()),
        "HistoricalInformation" => Err(Fault::NotRead(Feature::History)),
        other => Err(Fault::NotRead(Feature::Other(other.to_owned()))),
    }
}

/// The rules of a relation: none where it leads by way of another way, or says nothing known.
fn turn(members: &[Member<'_>], rule: &str) -> Option<Vec<Turn>> {
    let only = rule.starts_with("only_");
    if !only && !rule.starts_with("no_") {
        return None;
    }
    let of = |role: &str, kind: Kind| {
        let own = members.iter().filter(|own| own.role == role);
        own.map(|own| (own.kind == kind).then_some(own.id)).collect::<Option<Vec<i64>>>()
    };
    let via = of("via", Kind::Spot)?;
    let (from, to) = (of("from", Kind::Way)?, of("to", Kind::Way)?);
    let [spot] = via.as_slice() else { return None };
    if from.is_empty() || to.is_empty() || only && to.len() > 1 {
        return None;
    }
    let each = |from: &i64| {
        let from = *from;
        to.iter().map(move |to| Turn { spot: *spot, from, to: *to, only }).collect::<Vec<_>>()
    };
    Some(from.iter().flat_map(each).collect())
}
