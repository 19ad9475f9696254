//! Which calendar was known when.

use base::Calendar;
use pack::model::PackHash;

use crate::ledger::{Act, Entry, EntryNumber};

/// The calendars that entries have adopted, each from its entry on.
#[derive(Debug, Clone)]
pub struct Calendars {
    /// INVARIANT: in the order of their entries.
    known: Vec<(EntryNumber, Calendar)>,
    latest: Calendar,
    adopted: Vec<Calendar>,
}

impl Calendars {
    /// What is known before any entry: the calendar of the first pack.
    pub fn starting(with: Calendar) -> Self {
        Self { known: Vec::new(), latest: with, adopted: Vec::new() }
    }

    /// What is known after an entry: a pack brings its own calendar, to which the days adopted are
    /// added that it does not have; a calendar is added to the days known. Days that do not join
    /// are passed over, as they were when the entry was written.
    pub fn note(&mut self, entry: &Entry, of_pack: impl Fn(PackHash) -> Option<Calendar>) {
        let calendar = match &entry.act {
            Act::CalendarAdopted(adopted) => match Calendar::from_csv(&adopted.days) {
                Ok(further) => {
                    self.adopted.push(further.clone());
                    let mut calendar = self.latest.clone();
                    calendar.extend(&further).ok();
                    Some(calendar)
                }
                Err(_) => None,
            },
            Act::PackAdopted(hash) => of_pack(*hash).map(|mut calendar| {
                for further in &self.adopted {
                    calendar.extend(further).ok();
                }
                calendar
            }),
            _ => None,
        };
        if let Some(calendar) = calendar {
            self.known.push((entry.number, calendar.clone()));
            self.latest = calendar;
        }
    }

    /// The calendar by which an entry was decided: that of the entries before it.
    pub fn before(&self, number: EntryNumber) -> &Calendar {
        let before = self.known.iter().rev().find(|(from, _)| *from < number);
        let first = self.known.first();
        before.or(first).map_or(&self.latest, |(_, calendar)| calendar)
    }

    /// The calendar as it is known now.
    pub fn latest(&self) -> &Calendar {
        &self.latest
    }
}
