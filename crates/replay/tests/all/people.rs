//! What both kinds of random traffic need: words, days and papers for the kernel, and what must
//! hold of any ledger that comes of it.

use std::collections::BTreeMap;

use base::{Date, Division, Name};
use fastrand::Rng;
use kernel::{
    Act, Actor, BodyId, Case, CaseId, Deadline, Entry, EntryNumber, PartyId, Standing,
    case::{Made, Part},
    command::Handed,
    ledger::{Paper, bytes_of, read_bytes},
};
use pack::model::Mode;
use replay::memory::Memory;

use crate::days::{self, Day, Days};

pub(crate) const MINUTE: i64 = 60 * 1_000_000;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn date(day: Day) -> Date {
    Date::parse(&days::text_of(day)).unwrap()
}

/// An applicant, known by a number.
pub(crate) fn party(number: u8) -> PartyId {
    PartyId([number; 16])
}

pub(crate) fn body(office: &str, division: &str) -> BodyId {
    BodyId { office: name(office), division: Division::parse(division).unwrap() }
}

/// Somebody who acts for a body.
pub(crate) fn officer(office: &str, division: &str) -> Actor {
    Actor::Officer(party(100), body(office, division))
}

/// The papers among some items; the others are questions of the form.
pub(crate) fn papers(items: &[&str]) -> Handed {
    let papers = items.iter().filter(|item| !item.contains('.'));
    papers.map(|item| (name(item), Paper { mode: Mode::Upload, digest: vec![7; 32] })).collect()
}

/// Reasons, or only a space where none are given.
pub(crate) fn words(given: bool) -> String {
    if given { "理由".to_owned() } else { " ".to_owned() }
}

/// Further published days with invented days off and make-up days.
pub(crate) fn further(lot: &mut Rng, days: &Days) -> BTreeMap<Day, bool> {
    let last = days.last();
    let until = last + lot.i64(1..200);
    let further = (last + 1..=until).map(|day| {
        let odd = lot.u8(0..12) == 0;
        (day, Days::weekday(day) != odd)
    });
    further.collect()
}

/// Days as they are published.
pub(crate) fn csv(days: &BTreeMap<Day, bool>) -> String {
    let lines =
        days.iter().map(|(day, works)| format!("{},{}\n", days::text_of(*day), u8::from(*works)));
    std::iter::once("date,is_workday\n".to_owned()).chain(lines).collect()
}

/// The last day of a remedy as a reader sees it: a provisional date stays as it was served, and is
/// counted again when the remedy is used.
pub(crate) fn open_until(made: &Made, remedy: &str, ends: Day) -> Date {
    let served = made.remedies.get(remedy);
    served.filter(|until| until.provisional).map_or_else(|| date(ends), |until| until.on)
}

/// What must hold of any ledger: dense numbers, bytes that read back, cases that fold from it,
/// clocks that fire at a firm deadline.
pub(crate) fn holds(memory: &Memory<'_>) {
    let mut cases: BTreeMap<CaseId, Case> = BTreeMap::new();
    for (entry, number) in memory.entries().iter().zip(1..) {
        assert_eq!(entry.number, EntryNumber(number));
        assert_eq!(read_bytes(&bytes_of(entry)).as_ref(), Ok(entry));
        let Some(on) = &entry.case else { continue };
        let before = cases.remove(&on.id);
        if entry.by == Actor::Clock && !is_consequence(entry) {
            let runs_to = before.as_ref().and_then(|case| runs_to(&case.standing)).unwrap();
            // A deadline made firm when it is past runs out when that is known.
            let out_at = before.as_ref().map_or(runs_to.at, |case| runs_to.at.max(case.last_at));
            assert!(out_at == entry.at && !runs_to.provisional, "{entry:?}");
        }
        let case = Case::fold(before, entry).unwrap();
        let read: Case = read_bytes(&bytes_of(&case)).unwrap();
        assert_eq!(read, case);
        cases.insert(on.id, case);
    }
    assert!(memory.cases().eq(cases.values()));
}

/// The deadline at which something follows by itself: in a review the first of the bodies asked.
fn runs_to(standing: &Standing) -> Option<Deadline> {
    let Standing::Reviewing { parts, .. } = standing else { return standing.due() };
    let awaited = parts.values().filter_map(|part| match part {
        Part::Awaited(runs) => Some(runs.due),
        Part::Answered { .. } => None,
    });
    awaited.filter(|due| !due.provisional).min_by_key(|due| due.at)
}

/// Whether an act follows within the command that another act began.
fn is_consequence(entry: &Entry) -> bool {
    matches!(entry.act, Act::Decided(_) | Act::Served(_))
}
