//! What a history of points comes to on a day: how many there are in the period, which bounds were
//! reached, by what and until when, and how far the next one is.

use base::{Date, Name};

use crate::table::{Bound, Counts, Edition, Lasts, Period, Table, later};

/// Points for one matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// The day of the matter to which they are added.
    pub on: Date,
    /// How many.
    pub points: u32,
}

/// What is known of a party: points that stand, and the days on which its periods began. What lies
/// before the first of these is one period that ends there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Its points, in any order; of one day in the order in which they were given.
    pub events: Vec<Event>,
    /// The days on which a period began, such as the founding and each verification passed.
    pub began: Vec<Date>,
}

/// A bound that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// What follows.
    pub effect: Name,
    /// The day.
    pub on: Date,
    /// What had been counted by then.
    pub counted: u32,
    /// How much it takes.
    pub bound: u32,
    /// The first day on which the effect no longer lasts; none where somebody must end it.
    pub until: Option<Date>,
    /// Which of the points, in order, reached it.
    pub by: usize,
}

/// Where a party stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The period: its first day and the first day after it.
    pub period: (Date, Date),
    /// The points in it, up to and with the day.
    pub points: u32,
    /// The effects that last on that day, in the order in which they began.
    pub lasting: Vec<Reached>,
    /// All that was ever reached up to the day, those that have ended included.
    pub reached: Vec<Reached>,
    /// The nearest bound over the points of the period that is not reached, and how many points are
    /// left to it.
    pub next: Option<(Name, u32)>,
}

impl Reached {
    /// Whether the effect lasts on a day, once the bound was reached.
    pub fn lasts(&self, on: Date) -> bool {
        self.until.is_none_or(|until| on < until)
    }
}

impl Table {
    /// Where a party stands on a day; none where no edition holds then, or where it counts from a
    /// beginning and no period of the party has one.
    pub fn standing(&self, history: &History, on: Date) -> Option<Standing> {
        let edition = self.on(on)?;
        if edition.begins_with_the_party() && history.began.is_empty() {
            return None;
        }
        let period = history.period(edition.period, on)?;
        let reached = self.reached(history, on);
        let points = history.counted(period, on);
        let lasting = reached.iter().filter(|own| own.lasts(on)).cloned().collect();
        let left = edition.bounds.iter().filter(|bound| bound.counts == Counts::Period);
        let left = left.filter_map(|bound| {
            let left = bound.points.checked_sub(points).filter(|left| *left > 0)?;
            Some((left, bound.effect.clone()))
        });
        let next = left.min().map(|(left, effect)| (effect, left));
        Some(Standing { period, points, lasting, reached, next })
    }

    /// Every bound that was reached up to a day, in order. Within what is counted an effect is
    /// reached once, whichever edition it was reached under.
    fn reached(&self, history: &History, on: Date) -> Vec<Reached> {
        let mut reached: Vec<Reached> = Vec::new();
        let events = history.in_order(on);
        for (by, event) in events.iter().enumerate() {
            let Some(edition) = self.on(event.on) else { continue };
            for bound in &edition.bounds {
                let first = first_counted(bound, edition, history, (&events, by), &reached);
                let Some(first) = first else { continue };
                let counted = sum(events.get(first..=by).unwrap_or_default());
                let before = |own: &Reached| own.effect == bound.effect && own.by >= first;
                if counted >= bound.points && !reached.iter().any(before) {
                    reached.push(Reached {
                        effect: bound.effect.clone(),
                        on: event.on,
                        counted,
                        bound: bound.points,
                        until: until(bound, edition, history, event.on),
                        by,
                    });
                }
            }
        }
        reached
    }
}

/// The first of the points that count towards a bound with one of them; none where that one does
/// not.
fn first_counted(
    bound: &Bound,
    edition: &Edition,
    history: &History,
    (events, by): (&[Event], usize),
    reached: &[Reached],
) -> Option<usize> {
    let on = events.get(by)?.on;
    let since = |(from, _): (Date, Date)| events.partition_point(|own| own.on < from);
    match &bound.counts {
        Counts::Period => history.period(edition.period, on).map(since),
        Counts::Months(months) => history.period(Period::Months(*months), on).map(since),
        Counts::Once => Some(by),
        Counts::While(effect) => {
            // The points by which the other bound was reached are not counted once more, and one
            // that was reached again meanwhile begins nothing anew.
            let other = reached.iter().find(|own| own.effect == *effect && own.lasts(on))?;
            (other.by < by).then_some(other.by + 1)
        }
    }
}

fn until(bound: &Bound, edition: &Edition, history: &History, on: Date) -> Option<Date> {
    match bound.lasts {
        Lasts::Period => history.period(edition.period, on).map(|(_, end)| end),
        Lasts::Months(months) => Some(later(on, months)),
        Lasts::Open => None,
    }
}

fn sum(events: &[Event]) -> u32 {
    events.iter().map(|own| own.points).fold(0, u32::saturating_add)
}

impl History {
    /// The points up to and with a day, by day and as they were given.
    fn in_order(&self, on: Date) -> Vec<Event> {
        let upto = self.events.iter().filter(|own| own.on <= on);
        let mut events: Vec<Event> = upto.copied().collect();
        events.sort_by_key(|own| own.on);
        events
    }

    fn counted(&self, (from, until): (Date, Date), on: Date) -> u32 {
        let own = self.events.iter().filter(|own| from <= own.on && own.on < until && own.on <= on);
        own.map(|own| own.points).fold(0, u32::saturating_add)
    }

    /// The period in which a day lies: its first day and the first day after it. One that somebody
    /// began earlier ends where the next began.
    fn period(&self, period: Period, on: Date) -> Option<(Date, Date)> {
        let months = match period {
            Period::CalendarYear => {
                let next = Date::new(on.year().saturating_add(1), 1, 1);
                return Some((Date::new(on.year(), 1, 1)?, next.unwrap_or_else(|| later(on, 12))));
            }
            Period::Months(months) => months,
        };
        let cut = self.began.iter().filter(|own| **own > on).min().copied();
        let Some(began) = self.began.iter().filter(|own| **own <= on).max().copied() else {
            return Some((Date::new(1, 1, 1)?, cut?));
        };
        let ends = |count: u32| later(began, months.saturating_mul(count));
        let (mut from, mut count) = (began, 1);
        while ends(count) <= on && ends(count) > from {
            from = ends(count);
            count += 1;
        }
        Some((from, cut.map_or(ends(count), |cut| cut.min(ends(count)))))
    }
}
