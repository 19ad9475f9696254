//! Tables against a slow model that looks at every day anew.

use base::{Date, Name};
use credit::{Bound, Counts, Edition, Event, History, Lasts, Period, Reached, Table};
use proptest::prelude::*;

use crate::places::day;

const EFFECTS: [&str; 3] = ["one", "two", "three"];

fn sum<'e>(events: impl Iterator<Item = &'e Event>) -> u32 {
    events.map(|own| own.points).sum()
}

/// The first day of the period in which a day lies and the first after it, by walking day by day.
fn walked(began: &[Date], months: u32, on: Date) -> Option<(Date, Date)> {
    let mut found = None;
    for start in began {
        let (mut from, mut count) = (*start, 1);
        loop {
            let until = start.plus_months(months * count).unwrap();
            let cut = began.iter().filter(|own| *own > start).min().copied();
            let end = cut.map_or(until, |cut| cut.min(until));
            if from <= on && on < end {
                found = Some((from, end));
            }
            if until > on {
                break;
            }
            (from, count) = (until, count + 1);
        }
    }
    found
}

fn period(edition: &Edition, began: &[Date], on: Date) -> Option<(Date, Date)> {
    match edition.period {
        Period::CalendarYear => {
            Some((Date::new(on.year(), 1, 1).unwrap(), Date::new(on.year() + 1, 1, 1).unwrap()))
        }
        Period::Months(months) => walked(began, months, on),
    }
}

type Told = (String, Date, u32, Option<Date>);

/// What counts towards a bound with an event: from which event on, and within which days.
fn counting(
    bound: &Bound,
    (edition, history): (&Edition, &History),
    (place, event): (usize, Event),
    told: &[(Told, usize)],
) -> Option<(usize, (Date, Date))> {
    match &bound.counts {
        Counts::Period => Some((0, period(edition, &history.began, event.on)?)),
        Counts::Months(months) => Some((0, walked(&history.began, *months, event.on)?)),
        Counts::Once => Some((place, (event.on, event.on.next()))),
        Counts::While(effect) => {
            let other = told.iter().rev().find(|((name, ..), _)| name == effect.as_str());
            let ((.., until), by) = other?;
            let lasts = until.is_none_or(|until| event.on < until) && *by < place;
            lasts.then(|| (by + 1, (day("0001-01-01"), day("9000-01-01"))))
        }
    }
}

/// Every bound that was reached, event by event: it is where what counts falls short without the
/// event and does not with it.
fn slowly(edition: &Edition, history: &History, on: Date) -> Vec<Told> {
    let mut events = history.events.clone();
    events.sort_by_key(|own| own.on);
    events.retain(|own| own.on <= on);
    let mut told: Vec<(Told, usize)> = Vec::new();
    for (place, event) in events.iter().enumerate() {
        for bound in &edition.bounds {
            let counting = counting(bound, (edition, history), (place, *event), &told);
            let Some((first, (from, until))) = counting else { continue };
            let own = |upto: usize| {
                sum(events[first..upto].iter().filter(|own| from <= own.on && own.on < until))
            };
            if own(place) < bound.points && own(place + 1) >= bound.points {
                let until = match bound.lasts {
                    Lasts::Period => period(edition, &history.began, event.on).map(|own| own.1),
                    Lasts::Months(months) => event.on.plus_months(months),
                    Lasts::Open => None,
                };
                told.push(((bound.effect.to_string(), event.on, own(place + 1), until), place));
            }
        }
    }
    told.into_iter().map(|(told, _)| told).collect()
}

fn counts() -> impl Strategy<Value = Counts> {
    prop_oneof![
        Just(Counts::Period),
        (1_u32..40).prop_map(Counts::Months),
        Just(Counts::Once),
        Just(Counts::While(Name::new("one").unwrap())),
    ]
}

fn lasts() -> impl Strategy<Value = Lasts> {
    prop_oneof![Just(Lasts::Period), (1_u32..30).prop_map(Lasts::Months), Just(Lasts::Open)]
}

/// An edition of bounds, of which the first cannot count while another lasts.
fn edition(period: Period, bounds: Vec<(Counts, u32, Lasts)>) -> Edition {
    let bounds = bounds.into_iter().zip(EFFECTS).map(|((counts, points, lasts), effect)| {
        let effect = Name::new(effect).unwrap();
        Bound { effect, counts, points, lasts }
    });
    let mut bounds: Vec<Bound> = bounds.collect();
    if let Some(first) = bounds.first_mut().filter(|own| matches!(own.counts, Counts::While(_))) {
        first.counts = Counts::Period;
    }
    Edition { from: day("2000-01-01"), until: None, period, bounds }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_slow_model_reaches_the_same(
        calendar in any::<bool>(),
        months in 1_u32..20,
        bounds in prop::collection::vec((counts(), 1_u32..30, lasts()), 1..4),
        events in prop::collection::vec((0_i64..2000, 1_u32..13), 0..25),
        began in prop::collection::btree_set(0_i64..1500, 0..4),
        on in 0_i64..2500,
    ) {
        let at = |days: i64| day("2018-01-01").plus_days(days).unwrap();
        let period = if calendar { Period::CalendarYear } else { Period::Months(months) };
        let edition = edition(period, bounds);
        let events = events.into_iter().map(|(days, points)| Event { on: at(days), points });
        let began = began.into_iter().map(at).collect();
        let history = History { events: events.collect(), began };
        let table = Table::new(vec![edition.clone()]).unwrap();
        let on = at(on);
        match table.standing(&history, on) {
            Some(standing) => {
                let told = standing.reached.iter().map(|own| {
                    (own.effect.to_string(), own.on, own.counted, own.until)
                });
                prop_assert_eq!(told.collect::<Vec<_>>(), slowly(&edition, &history, on));
                let lasts = |own: &&Reached| own.until.is_none_or(|until| on < until);
                prop_assert!(standing.lasting.iter().eq(standing.reached.iter().filter(lasts)));
            }
            None => prop_assert!(!calendar && began_by(&history, on).is_none()),
        }
    }
}

fn began_by(history: &History, on: Date) -> Option<&Date> {
    history.began.iter().find(|own| **own <= on)
}
