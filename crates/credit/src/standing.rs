//! What a history of points comes to on a day: how many there are in the period, which bounds were
//! reached, by what and until when, and how far the next one is.

use base::{Date, Name};

use crate::table::{Bound, Counts, Edition, Lasts, Period, Table};

/// Points for one matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// The day of the matter to which they are added.
    pub on: Date,
    /// How many.
    pub points: u32,
}

/// What is known of a party: points that stand, and the days on which its periods began.
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

impl Table {
    /// Where a party stands on a day; none where no edition holds then, or where a period cannot be
    /// told for want of a day on which one began.
    pub fn standing(&self, history: &History, on: Date) -> Option<Standing> {
        let edition = self.on(on)?;
        let period = history.period(edition.period, on)?;
        let reached = self.reached(history, on);
        let points = history.counted(period, on);
        let lasts = |own: &&Reached| own.until.is_none_or(|until| on < until);
        let lasting = reached.iter().filter(lasts).cloned().collect();
        let left = edition.bounds.iter().filter(|bound| bound.counts == Counts::Period);
        let left = left.filter_map(|bound| {
            let left = bound.points.checked_sub(points).filter(|left| *left > 0)?;
            Some((left, bound.effect.clone()))
        });
        let next = left.min().map(|(left, effect)| (effect, left));
        Some(Standing { period, points, lasting, reached, next })
    }

    /// Every bound that was reached up to a day, in order.
    fn reached(&self, history: &History, on: Date) -> Vec<Reached> {
        let mut reached: Vec<Reached> = Vec::new();
        let events = history.in_order(on);
        for (place, event) in events.iter().enumerate() {
            let Some(edition) = self.on(event.on) else { continue };
            let upto = events.get(..=place).unwrap_or_default();
            for bound in &edition.bounds {
                let counted = counted(bound, edition, history, (upto, *event), &reached);
                let Some((before, counted)) = counted else { continue };
                if before < bound.points && counted >= bound.points {
                    reached.push(Reached {
                        effect: bound.effect.clone(),
                        on: event.on,
                        counted,
                        bound: bound.points,
                        until: until(bound, edition, history, event.on),
                        by: place,
                    });
                }
            }
        }
        reached
    }
}

/// What counts towards a bound before and with an event; none where nothing does.
fn counted(
    bound: &Bound,
    edition: &Edition,
    history: &History,
    (upto, event): (&[Event], Event),
    reached: &[Reached],
) -> Option<(u32, u32)> {
    let within = |(from, until): (Date, Date)| {
        let own = upto.iter().filter(|own| from <= own.on && own.on < until);
        let with = own.map(|own| own.points).fold(0, u32::saturating_add);
        (with.saturating_sub(event.points), with)
    };
    match &bound.counts {
        Counts::Period => history.period(edition.period, event.on).map(within),
        Counts::Months(months) => history.period(Period::Months(*months), event.on).map(within),
        Counts::Once => Some((0, event.points)),
        Counts::While(effect) => {
            // The points by which the other bound was reached are not counted once more.
            let other = reached.iter().rfind(|own| own.effect == *effect)?;
            let lasts = other.until.is_none_or(|until| event.on < until);
            let since = upto.iter().skip(other.by + 1);
            let with = since.map(|own| own.points).fold(0, u32::saturating_add);
            lasts.then(|| (with.saturating_sub(event.points), with))
        }
    }
}

fn until(bound: &Bound, edition: &Edition, history: &History, on: Date) -> Option<Date> {
    match bound.lasts {
        Lasts::Period => history.period(edition.period, on).map(|(_, end)| end),
        Lasts::Months(months) => on.plus_months(months),
        Lasts::Open => None,
    }
}

impl History {
    /// The points up to and with a day, by day and as they were given.
    fn in_order(&self, on: Date) -> Vec<Event> {
        let mut events: Vec<Event> =
            self.events.iter().filter(|own| own.on <= on).copied().collect();
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
        match period {
            Period::CalendarYear => {
                Some((Date::new(on.year(), 1, 1)?, Date::new(on.year() + 1, 1, 1)?))
            }
            Period::Months(months) => {
                let began = self.began.iter().filter(|own| **own <= on).max().copied()?;
                let cut = self.began.iter().filter(|own| **own > on).min().copied();
                let ends = |count: u32| began.plus_months(months.checked_mul(count)?);
                let (mut from, mut count) = (began, 1);
                let mut end = ends(count)?;
                while end <= on {
                    count += 1;
                    from = end;
                    end = ends(count)?;
                }
                Some((from, cut.map_or(end, |cut| cut.min(end))))
            }
        }
    }
}
