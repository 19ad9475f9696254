//! The kernel in memory: the slowest and simplest stage, the one the others are compared with.

use std::collections::BTreeMap;

use base::{Calendar, Date, Instant, Name, Text};
use kernel::{
    Act, Actor, Case, CaseId, Changes, Command, Entry, EntryNumber, Moment, Refusal, Snapshot,
    decide,
    decide::{Editions, alarm, migrated},
    ledger::{CalendarAdopted, OnCase},
    register::{self, Change, Entries, Version, as_of},
};
use pack::model::{Pack, PackHash};
use rules::Value;

use crate::{
    deed,
    stage::{Deed, Outcome, Seen, Stage, Who, as_texts},
};

/// Everything a city knows, in maps.
pub struct Memory<'p> {
    /// The pack in force.
    pack: &'p Pack,
    /// Every pack that was ever in force.
    packs: BTreeMap<PackHash, &'p Pack>,
    calendar: Calendar,
    entries: Vec<Entry>,
    cases: BTreeMap<CaseId, Case>,
    registers: Registers,
    /// What the last refusal said.
    refusal: Option<Text>,
}

/// What registers say and said, by register and key.
#[derive(Debug, Default)]
pub struct Registers(BTreeMap<(Name, String), Vec<Version>>);

impl Entries for Registers {
    fn versions(&self, register: &Name, key: &str) -> Vec<Version> {
        self.0.get(&(register.clone(), key.to_owned())).cloned().unwrap_or_default()
    }

    /// Every entry of the register: who asks looks at each.
    fn with_value(&self, register: &Name, _: &Name, _: &Value) -> Vec<String> {
        let own = self.0.keys().filter(|(own, _)| own == register);
        own.map(|(_, key)| key.clone()).collect()
    }
}

impl<'p> Memory<'p> {
    /// An empty city under a pack.
    pub fn new(pack: &'p Pack) -> Self {
        Self {
            pack,
            packs: BTreeMap::from([(pack.hash, pack)]),
            calendar: pack.calendar.clone(),
            entries: Vec::new(),
            cases: BTreeMap::new(),
            registers: Registers::default(),
            refusal: None,
        }
    }

    /// The ledger so far.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The cases as they stand.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values()
    }

    /// The pack that rules a case.
    pub fn ruling(&self, case: &Case) -> &'p Pack {
        self.packs.get(&case.pack).copied().unwrap_or(self.pack)
    }

    /// What the registers say and said.
    pub fn registers(&self) -> &Registers {
        &self.registers
    }

    /// Keeps what a refusal says; its number.
    fn refused(&mut self, refusal: &Refusal) -> u16 {
        self.refusal = Some(refusal.says());
        refusal.number()
    }

    fn number(&self) -> EntryNumber {
        EntryNumber(self.entries.len() as u64)
    }

    /// Decides a command at `at`, after what has run out by then.
    ///
    /// # Errors
    /// The refusal; nothing has changed then but what had run out.
    pub fn submit(
        &mut self,
        case: Option<CaseId>,
        command: &Command,
        actor: &Actor,
        at: Instant,
    ) -> Result<CaseId, Refusal> {
        self.advance(at)?;
        self.apply(case, command, actor, at)
    }

    fn apply(
        &mut self,
        case: Option<CaseId>,
        command: &Command,
        actor: &Actor,
        at: Instant,
    ) -> Result<CaseId, Refusal> {
        let known = match case {
            Some(id) => Some(self.cases.get(&id).ok_or(Refusal::NoSuchCase)?),
            None => None,
        };
        let entries = &self.registers;
        let snapshot = Snapshot { live: self.pack, calendar: &self.calendar, entries };
        let moment = Moment { at, next: self.number().next() };
        let ruling = known.map_or(self.pack, |case| self.ruling(case));
        let changes = decide(ruling, snapshot, known, command, actor, moment)?;
        Ok(self.keep(changes))
    }

    fn keep(&mut self, changes: Changes) -> CaseId {
        for entry in changes.entries {
            for change in entry.act.changes() {
                self.write(change, entry.number);
            }
            self.entries.push(entry);
        }
        let id = changes.case.id;
        self.cases.insert(id, changes.case);
        id
    }

    fn write(&mut self, change: &Change, number: EntryNumber) {
        let key = (change.register.clone(), change.key.clone());
        let versions = self.registers.0.entry(key).or_default();
        let believed = versions.iter().filter(|version| version.known_until.is_none());
        let written = register::write(believed, change, number);
        for version in versions.iter_mut().filter(|v| written.superseded.contains(v)) {
            version.known_until = Some(number);
        }
        versions.extend(written.inserted);
    }

    /// Lets everything take effect that has run out by `at`, the earliest first.
    ///
    /// # Errors
    /// A refusal here is a fault of the kernel.
    pub fn advance(&mut self, at: Instant) -> Result<(), Refusal> {
        loop {
            let cases = self.cases.values();
            let alarms = cases.filter_map(|c| Some((alarm(self.ruling(c), c)?, c.id)));
            match alarms.filter(|(due, _)| *due <= at).min() {
                Some((due, id)) => {
                    self.apply(Some(id), &Command::RunOut, &Actor::Clock, due)?;
                }
                None => return Ok(()),
            }
        }
    }

    /// Adopts further days of the calendar and counts provisional dates again.
    ///
    /// # Errors
    /// The reason why the days cannot be adopted.
    pub fn adopt_calendar(
        &mut self,
        days: String,
        actor: &Actor,
        at: Instant,
    ) -> Result<(), base::Reason> {
        let mut calendar = self.calendar.clone();
        calendar.extend(&Calendar::from_csv(&days)?)?;
        self.advance(at)
            .map_err(|refusal| base::Reason { word: refusal.word(), says: refusal.says() })?;
        self.calendar = calendar;
        let notice = Text::new("", "");
        self.append(None, actor, at, Act::CalendarAdopted(CalendarAdopted { notice, days }));
        self.redate(actor, at);
        Ok(())
    }

    /// Puts another pack in force after what has run out: its plans, which must be sound, move the
    /// cases they are for, and provisional dates are counted again.
    ///
    /// # Errors
    /// A refusal here is a fault of the kernel.
    pub fn adopt_pack(
        &mut self,
        pack: &'p Pack,
        actor: &Actor,
        at: Instant,
    ) -> Result<(), Refusal> {
        self.advance(at)?;
        let adopted = std::mem::replace(&mut self.calendar, pack.calendar.clone());
        // A calendar whose days the pack already has is passed over.
        self.calendar.extend(&adopted).ok();
        self.pack = pack;
        self.packs.insert(pack.hash, pack);
        self.append(None, actor, at, Act::PackAdopted(pack.hash));
        for migration in pack.migrations.values() {
            let Some(from) = self.packs.get(&migration.from).copied() else { continue };
            let editions = Editions { from, to: pack };
            let moved = self.cases.values().filter_map(|case| {
                let (act, standing) = migrated(editions, migration, case, &self.calendar, at)?;
                Some((OnCase { id: case.id, standing }, act))
            });
            for (on, act) in moved.collect::<Vec<_>>() {
                self.append(Some(on), actor, at, act);
            }
        }
        self.redate(actor, at);
        Ok(())
    }

    fn redate(&mut self, actor: &Actor, at: Instant) {
        let redated: Vec<_> = self
            .cases
            .values()
            .filter_map(|c| Some((c.id, c.standing.redated(&self.calendar, &self.ruling(c).zone)?)))
            .collect();
        for (id, (standing, due)) in redated {
            self.append(Some(OnCase { id, standing }), actor, at, Act::Redated(due));
        }
    }

    fn append(&mut self, case: Option<OnCase>, by: &Actor, at: Instant, act: Act) {
        let id = case.as_ref().map(|on| on.id);
        let entry = Entry { number: self.number().next(), at, by: by.clone(), case, act };
        if let Some(id) = id
            && let Some(case) = Case::fold(self.cases.get(&id).cloned(), &entry)
        {
            self.cases.insert(id, case);
        }
        self.entries.push(entry);
    }

    /// What the register says of an instant, as known at a number.
    pub fn entry(
        &self,
        register: &Name,
        key: &str,
        at: Instant,
        known: EntryNumber,
    ) -> Option<&Version> {
        let versions = self.registers.0.get(&(register.clone(), key.to_owned()))?;
        as_of(versions, at, known)
    }
}

impl Stage for Memory<'_> {
    fn name(&self) -> &'static str {
        "memory"
    }

    async fn act(
        &mut self,
        who: &Who,
        at: Instant,
        case: Option<u64>,
        deed: Deed,
    ) -> Result<Outcome, String> {
        let id = case.map(|number| CaseId(EntryNumber(number)));
        let known = id.and_then(|id| self.cases.get(&id));
        let ruling = known.map_or(self.pack, |case| self.ruling(case));
        let command = match deed::command(ruling, known.map(|c| &c.procedure), who, deed) {
            Ok((command, _)) => command,
            Err(refusal) => return Ok(Err(self.refused(&refusal))),
        };
        let done = self.submit(id, &command, &deed::actor(who), at);
        Ok(done.map(|id| id.0.0).map_err(|refusal| self.refused(&refusal)))
    }

    fn refusal(&self) -> Option<&Text> {
        self.refusal.as_ref()
    }

    async fn adopt(&mut self, who: &Who, at: Instant, days: String) -> Result<(), String> {
        self.adopt_calendar(days, &deed::actor(who), at).map_err(|reason| reason.says.en)
    }

    async fn pass(&mut self, at: Instant) -> Result<(), String> {
        self.advance(at).map_err(|refusal| refusal.says().en)
    }

    async fn see(&mut self, _: &Who, case: u64) -> Result<Seen, String> {
        let case = self.cases.get(&CaseId(EntryNumber(case)));
        case.map(|case| Seen::of(self.ruling(case), case)).ok_or_else(|| "no such case".to_owned())
    }

    async fn head(&mut self) -> Result<u64, String> {
        Ok(self.number().0)
    }

    async fn ask(
        &mut self,
        register: &Name,
        key: &str,
        on: Date,
        known: u64,
    ) -> Result<Option<BTreeMap<String, String>>, String> {
        let at = Instant::from_micros(self.pack.zone.end_of(on).micros() - 1);
        let version = self.entry(register, key, at, EntryNumber(known));
        Ok(version.map(|version| as_texts(&version.fields)))
    }
}
