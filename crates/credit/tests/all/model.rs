//! Tables of two editions against a slow model that goes event by event and period by period.

use base::{Date, Name};
use credit::{Bound, Counts, Edition, Event, History, Lasts, Period, Table};
use proptest::prelude::*;

use crate::places::day;

const EFFECTS: [&str; 3] = ["one", "two", "three"];

fn sum<'e>(events: impl Iterator<Item = &'e Event>) -> u32 {
    events.map(|own| own.points).sum()
}

/// The first day of the period in which a day lies and the first after it, by walking from period
/// to period.
fn walked(began: &[Date], months: u32, on: Date) -> Option<(Date, Date)> {
    let first = began.iter().min().filter(|first| on < **first);
    let mut found = first.map(|first| (day("0001-01-01"), *first));
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

/// Within which days, and after how many events, what counts towards a bound with an event lies.
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
            let lasting = |((name, _, _, until), _): &&(Told, usize)| {
                name == effect.as_str() && until.is_none_or(|until| event.on < until)
            };
            let (_, by) = told.iter().find(lasting)?;
            (*by < place).then_some((by + 1, (day("0001-01-01"), day("9000-01-01"))))
        }
    }
}

/// Every bound that was reached, event by event: it is where what counts suffices, and the effect
/// was not reached before by what counts.
fn slowly(editions: &[Edition], history: &History, on: Date) -> Vec<Told> {
    let mut events = history.events.clone();
    events.sort_by_key(|own| own.on);
    events.retain(|own| own.on <= on);
    let mut told: Vec<(Told, usize)> = Vec::new();
    for (place, event) in events.iter().enumerate() {
        let Some(edition) = editions.iter().rfind(|own| own.from <= event.on) else { continue };
        for bound in &edition.bounds {
            let counting = counting(bound, (edition, history), (place, *event), &told);
            let Some((first, (from, until))) = counting else { continue };
            let within = |at: &usize| from <= events[*at].on && events[*at].on < until;
            let counted: Vec<usize> = (first..=place).filter(within).collect();
            let points = sum(counted.iter().map(|at| &events[*at]));
            let before = told
                .iter()
                .any(|((effect, ..), by)| effect == bound.effect.as_str() && counted.contains(by));
            if points >= bound.points && !before {
                let until = match bound.lasts {
                    Lasts::Period => period(edition, &history.began, event.on).map(|own| own.1),
                    Lasts::Months(months) => event.on.plus_months(months),
                    Lasts::Open => None,
                };
                told.push(((bound.effect.to_string(), event.on, points, until), place));
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
fn edition(from: &str, period: Period, bounds: Vec<(Counts, u32, Lasts)>) -> Edition {
    let bounds = bounds.into_iter().zip(EFFECTS).map(|((counts, points, lasts), effect)| {
        let effect = Name::new(effect).unwrap();
        Bound { effect, counts, points, lasts }
    });
    let mut bounds: Vec<Bound> = bounds.collect();
    if let Some(first) = bounds.first_mut().filter(|own| matches!(own.counts, Counts::While(_))) {
        first.counts = Counts::Period;
    }
    Edition { from: day(from), until: None, period, bounds }
}

fn periods() -> impl Strategy<Value = Period> {
    prop_oneof![Just(Period::CalendarYear), (1_u32..20).prop_map(Period::Months)]
}

fn bounds() -> impl Strategy<Value = Vec<(Counts, u32, Lasts)>> {
    prop::collection::vec((counts(), 1_u32..30, lasts()), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_slow_model_reaches_the_same(
        (old, new) in ((periods(), bounds()), (periods(), bounds())),
        events in prop::collection::vec((0_i64..2000, 1_u32..13), 0..25),
        began in prop::collection::btree_set(0_i64..1500, 1..4),
        on in 0_i64..2500,
    ) {
        let at = |days: i64| day("2018-01-01").plus_days(days).unwrap();
        let new = edition("2020-07-01", new.0, new.1);
        let old = Edition { until: Some(new.from), ..edition("2018-03-01", old.0, old.1) };
        let editions = [old, new];
        let events = events.into_iter().map(|(days, points)| Event { on: at(days), points });
        let began: Vec<Date> = began.into_iter().map(at).collect();
        let history = History { events: events.collect(), began };
        let table = Table::new(editions.to_vec()).unwrap();
        let on = at(on);
        let Some(edition) = editions.iter().rfind(|own| own.from <= on) else {
            prop_assert_eq!(table.standing(&history, on), None);
            return Ok(());
        };
        let standing = table.standing(&history, on).unwrap();
        let told = standing.reached.iter().map(|own| {
            (own.effect.to_string(), own.on, own.counted, own.until)
        });
        prop_assert_eq!(told.collect::<Vec<_>>(), slowly(&editions, &history, on));
        let lasting = standing.reached.iter().filter(|own| own.lasts(on));
        prop_assert!(standing.lasting.iter().eq(lasting));
        let (from, until) = period(edition, &history.began, on).unwrap();
        prop_assert_eq!(standing.period, (from, until));
        let within = history.events.iter().filter(|own| from <= own.on && own.on <= on);
        prop_assert_eq!(standing.points, sum(within));
        let over = edition.bounds.iter().filter(|own| own.counts == Counts::Period);
        let over = over.filter(|own| own.points > standing.points).map(|own| own.points);
        let next = standing.next.map(|(_, left)| left + standing.points);
        prop_assert_eq!(next, over.min());
    }
}
