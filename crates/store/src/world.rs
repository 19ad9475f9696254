//! What holds for every case at once: the pack in force and the calendar adopted so far, both
//! folded from the entries that belong to no case.

use base::{Calendar, Division, Reason};
use kernel::{Act, EntryNumber};
use pack::model::{Pack, PackHash};

use crate::{
    column,
    db::Tx,
    error::StoreError,
    ledger::{self, Head},
    search::index::Searched,
    sought::Sought,
    views::Shelf,
};

/// The fields by which some packs look entries up. A pack that is not loaded decides nothing; if
/// others have written meanwhile, `verify` tells which rows it lacks and `rebuild` writes them.
pub(crate) fn sought(shelf: &Shelf, packs: impl IntoIterator<Item = PackHash>) -> Sought {
    let mut sought = Sought::new();
    for pack in packs.into_iter().filter_map(|hash| shelf.get(hash).ok()) {
        let registers = pack.registers.values();
        for register in registers.filter(|register| !register.sought_by.is_empty()) {
            let fields = sought.entry(register.name.clone()).or_default();
            fields.extend(register.sought_by.iter().cloned());
        }
    }
    sought
}

/// The pack in force and the calendars adopted, as of an entry.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// The entry up to which this holds.
    pub(crate) number: EntryNumber,
    in_force: Vec<PackHash>,
    adopted: Vec<Calendar>,
}

impl World {
    /// What holds at `head`.
    pub(crate) async fn load(
        tx: &mut Tx,
        place: &Division,
        head: Head,
    ) -> Result<Self, StoreError> {
        let mut world = Self { number: head.number, in_force: Vec::new(), adopted: Vec::new() };
        for entry in ledger::of_case(tx, place, None).await? {
            world.note(&entry.act)?;
        }
        Ok(world)
    }

    /// Notes an act of no case.
    pub(crate) fn note(&mut self, act: &Act) -> Result<(), StoreError> {
        match act {
            Act::PackAdopted(hash) => self.in_force.push(*hash),
            Act::CalendarAdopted(adopted) => {
                let read = Calendar::from_csv(&adopted.days);
                let fault = |reason: Reason| column::corrupt(&reason.says.en);
                self.adopted.push(read.map_err(fault)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// True when that pack is in force.
    pub(crate) fn rules(&self, hash: PackHash) -> bool {
        self.in_force.last() == Some(&hash)
    }

    /// True when that pack is or was in force.
    pub(crate) fn has_adopted(&self, hash: PackHash) -> bool {
        self.in_force.contains(&hash)
    }

    /// The pack in force.
    pub(crate) fn live<'s>(&self, shelf: &'s Shelf) -> Result<&'s Pack, StoreError> {
        shelf.get(*self.in_force.last().ok_or(StoreError::NoPack)?)
    }

    /// The fields by which the packs that are or were in force look entries up.
    pub(crate) fn sought(&self, shelf: &Shelf) -> Sought {
        sought(shelf, self.in_force.iter().copied())
    }

    /// What is sought of entries, by the pack in force.
    pub(crate) fn searched<'s>(&self, shelf: &'s Shelf) -> Searched<'s> {
        Searched::by(self.live(shelf).ok())
    }

    /// The working days published in the pack and in every calendar adopted. A calendar whose days
    /// a newer pack already has is passed over.
    pub(crate) fn calendar(&self, shelf: &Shelf) -> Result<Calendar, StoreError> {
        let mut calendar = self.live(shelf)?.calendar.clone();
        for adopted in &self.adopted {
            calendar.extend(adopted).ok();
        }
        Ok(calendar)
    }
}
