//! One group: what arrived together is decided one by one against the head that is locked, each
//! seeing the changes of those before it, and is written at once. A refusal concerns only its own
//! command; an error of the database ends the whole group.

use std::collections::{BTreeMap, BTreeSet};

use base::{Calendar, Division, Instant};
use kernel::{
    Act, Actor, Case, CaseId, Changes, Command, Entry, EntryNumber, Moment, Refusal, Snapshot,
    case::EntryKey,
    decide::alarm,
    desk,
    ledger::{Away, CalendarAdopted, OnCase},
    message,
    refusal::FormFault,
};
use pack::model::Procedure;

use crate::{
    ask::{Answer, Ask, Done, Install},
    column,
    db::{Tx, on},
    error::{StoreError, SubmitError},
    ledger::{self, Head, Line},
    messages, migrate, packs, persons,
    proposals::{self, Due},
    publication,
    receipt::Receipts,
    row::{load_cases, load_versions, put_cases, put_versions},
    search::index::{self, Ways},
    sought::{self, Looking, Missed, Sought},
    submission::{Personal, Receipt, Submission},
    taken_up::Claim,
    vault::Vault,
    views::{Shelf, Views},
    world::World,
};

/// What a group needs besides the database.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) place: &'a Division,
    pub(crate) vault: &'a Vault,
    pub(crate) shelf: &'a Shelf,
}

/// One command on a case, or one that files it: what, by whom and when.
#[derive(Clone, Copy)]
struct Move<'a> {
    case: Option<CaseId>,
    command: &'a Command,
    by: &'a Actor,
    at: Instant,
}

impl<'a> Move<'a> {
    fn of(submission: &'a Submission) -> Self {
        let Submission { case, command, actor, at, .. } = submission;
        Self { case: *case, command, by: actor, at: *at }
    }
}

/// A group in the hands of the writer.
pub(crate) struct Group<'a> {
    desk: Desk<'a>,
    world: World,
    /// The working days of the pack in force and the calendars adopted, if a pack is in force.
    calendar: Result<Calendar, StoreError>,
    head: Head,
    views: Views,
    alarms: Alarms,
    receipts: Receipts,
    lines: Vec<Line>,
    personal: Vec<(CaseId, Personal)>,
    adopted: Vec<(packs::Kept, EntryNumber)>,
    /// The publication whose day has come, until it is adopted.
    due: Option<Due>,
    messages: Vec<messages::Written>,
    pointless: Vec<messages::Pointless>,
    /// What packs looked entries up by when the group began.
    sought: Sought,
    /// How the pack in force read entries to be searched when the group began.
    ways: Ways,
}

impl<'a> Group<'a> {
    /// Locks the head and loads whatever the group names.
    pub(crate) async fn open(
        tx: &mut Tx,
        desk: Desk<'a>,
        world: Option<World>,
        asks: &[Ask],
    ) -> Result<Self, StoreError> {
        let place = desk.place;
        let head = Head::lock(tx, place).await?;
        // Another process may have written since; what was remembered then no longer holds.
        let world = match world.filter(|world| world.number == head.number) {
            Some(world) => world,
            None => World::load(tx, place, head).await?,
        };
        let latest = asks.iter().map(Ask::at).max().unwrap_or(Instant::MIN);
        let alarms = Alarms::load(tx, place, latest).await?;
        let due = proposals::due(tx, place, latest).await?;
        let named = asks.iter().filter_map(Ask::case).chain(alarms.cases());
        let mut views = Views::default();
        load(tx, place, &mut views, named).await?;
        let keys: Vec<&str> = asks.iter().filter_map(Ask::key).collect();
        let receipts = Receipts::load(tx, place, &keys).await?;
        let calendar = world.calendar(desk.shelf);
        let sought = world.sought(desk.shelf);
        let ways = world.searched(desk.shelf).ways();
        let (lines, personal, adopted) = (Vec::new(), Vec::new(), Vec::new());
        let (messages, pointless) = (Vec::new(), Vec::new());
        let mut group = Self {
            desk,
            world,
            calendar,
            head,
            views,
            alarms,
            receipts,
            lines,
            personal,
            adopted,
            due,
            messages,
            pointless,
            sought,
            ways,
        };
        group.foresee(tx, asks).await?;
        Ok(group)
    }

    /// Loads at once what the filings of the group will look at, instead of one by one as each is
    /// decided. Whatever is not foreseen is loaded then.
    async fn foresee(&mut self, tx: &mut Tx, asks: &[Ask]) -> Result<(), StoreError> {
        let filings = asks.iter().filter_map(Ask::filing);
        let looking: Vec<&Submission> = filings.filter(|filing| self.looks(filing)).collect();
        if looking.len() < 2 {
            return Ok(());
        }
        let missed = looking.into_iter().map(|filing| self.try_deciding(Move::of(filing), None).1);
        let missed = missed.fold(Missed::default(), Missed::and);
        sought::load(tx, self.desk.place, &mut self.views, missed).await
    }

    /// Whether a filing that was not made before looks at registers.
    fn looks(&self, filing: &Submission) -> bool {
        let Command::File(file) = &filing.command else { return false };
        let live = self.world.live(self.desk.shelf).ok();
        let procedure = live.and_then(|live| live.procedures.get(&file.procedure));
        let looks = |procedure: &Procedure| {
            !procedure.looks_up.is_empty() || procedure.entry_fields().next().is_some()
        };
        !self.receipts.has(&filing.key) && procedure.is_some_and(looks)
    }

    /// Does one thing that was asked for, after the terms that ran out before it.
    pub(crate) async fn take(&mut self, tx: &mut Tx, ask: &Ask) -> Result<Answer, StoreError> {
        let published = self.adopt_due(tx, ask.at()).await?;
        let (applied, stuck) = self.run_alarms(tx, ask.at()).await?;
        let (applied, stuck) = (published.0 + applied, published.1.or(stuck));
        match ask {
            Ask::Submit(submission) => self.submit(tx, submission, None).await,
            Ask::Settle(filing, choice) => {
                self.submit(tx, filing, Some(&Command::Choose(choice.clone()))).await
            }
            Ask::Advance(_) => Ok(stuck.map_or(Ok(Done::Applied(applied)), Err)),
            Ask::Install(install) => self.install(tx, install).await,
            Ask::Adopt { adopted, by, at } => self.adopt(tx, adopted, by, *at).await,
            Ask::Away { away, by, at } => self.away(tx, away, by, *at).await,
        }
    }

    /// Writes everything and gives back what holds afterwards.
    pub(crate) async fn store(mut self, tx: &mut Tx) -> Result<World, StoreError> {
        let Desk { place, vault, shelf } = self.desk;
        if !self.lines.is_empty() {
            ledger::append(tx, place, &self.lines).await?;
            self.head.store(tx, place).await?;
            put_cases(tx, place, &self.views.changed_cases(shelf)?).await?;
            self.views.absences.put(tx, place).await?;
            let versions = self.views.changed_versions();
            put_versions(tx, place, &versions).await?;
            let sought = self.world.sought(shelf);
            sought::put(tx, place, sought::values(&sought, &versions)?).await?;
            let searched = self.world.searched(shelf);
            index::put(tx, place, &searched.rows(place, &versions)?).await?;
            let live = self.world.live(shelf).ok();
            publication::put(tx, place, publication::changed(live, &self.views)).await?;
            if !self.adopted.is_empty() {
                publication::fill(tx, place, live).await?;
                sought::fill(tx, place, &sought::new_in(&sought, &self.sought)).await?;
                index::fill(tx, place, &searched, &self.ways).await?;
            }
            self.receipts.store(tx, place).await?;
            persons::keep(tx, place, vault, &self.personal).await?;
            messages::keep(tx, place, &self.messages, &self.pointless).await?;
        }
        for (kept, number) in &self.adopted {
            packs::keep(tx, place, kept, *number).await?;
        }
        self.world.number = self.head.number;
        Ok(self.world)
    }

    /// Applies the terms that ran out up to `at`, each dated at its deadline: how many, and the
    /// first refusal, which leaves its case waiting and holds up no other.
    async fn run_alarms(
        &mut self,
        tx: &mut Tx,
        at: Instant,
    ) -> Result<(usize, Option<SubmitError>), StoreError> {
        let (mut applied, mut stuck) = (0, None);
        while let Some(case) = self.alarms.take(at) {
            let moved = Move { case: Some(case), command: &Command::RunOut, by: &Actor::Clock, at };
            match self.decide(tx, moved, None).await? {
                Ok(changes) => {
                    self.write(tx, &changes.entries).await?;
                    applied += 1;
                }
                Err(error) => stuck = stuck.or(Some(error)),
            }
        }
        Ok((applied, stuck))
    }

    /// Carries a submission out, and with it what its sender has follow at once.
    async fn submit(
        &mut self,
        tx: &mut Tx,
        asked: &Submission,
        then: Option<&Command>,
    ) -> Result<Answer, StoreError> {
        let decided = match self.receipts.earlier(asked, then) {
            Err(error) => return Ok(Err(error)),
            Ok(Some(receipt)) => return Ok(Ok(Done::Receipt(receipt))),
            Ok(None) if self.moved(asked) => return Ok(Err(SubmitError::Moved)),
            Ok(None) => self.decide(tx, Move::of(asked), then).await?,
        };
        let Changes { entries, case } = match decided {
            Ok(changes) => changes,
            Err(error) => return Ok(Err(error)),
        };
        let unfit = self.unfit_findings(tx, asked, &case).await?;
        if !unfit.is_empty() {
            return Ok(Err(Refusal::Form(unfit).into()));
        }
        let first = self.next();
        self.write(tx, &entries).await?;
        let receipt = Receipt { case: case.id, first, last: case.last, repeated: false };
        self.receipts.note(asked, then, receipt);
        self.personal.extend(asked.personal.iter().map(|detail| (case.id, detail.clone())));
        Ok(Ok(Done::Receipt(receipt)))
    }

    /// What a case, as it is to be, would take up and cannot: held against all that is written and
    /// all that this group is about to write.
    async fn unfit_findings(
        &self,
        tx: &mut Tx,
        asked: &Submission,
        case: &Case,
    ) -> Result<Vec<FormFault>, StoreError> {
        let Desk { place, shelf, .. } = self.desk;
        let pack = shelf.get(case.pack)?;
        let Some(procedure) = pack.procedures.get(&case.procedure) else { return Ok(Vec::new()) };
        let before = asked.case.and_then(|id| self.views.cases.get(&id));
        match Claim::of(procedure, &case.facts, before) {
            Some(claim) => claim.faults(tx, (place, shelf), &self.views.cases).await,
            None => Ok(Vec::new()),
        }
    }

    /// Whether the case has moved on since the sender read it.
    fn moved(&self, asked: &Submission) -> bool {
        let case = asked.case.and_then(|id| self.views.cases.get(&id));
        let last = case.map(|case| case.last);
        asked.seen.is_some() && last.is_some() && asked.seen != last
    }

    /// Decides a command; what it looks at in registers and is not loaded yet is loaded, and it is
    /// decided again: same inputs, same answer.
    async fn decide(
        &mut self,
        tx: &mut Tx,
        moved: Move<'_>,
        then: Option<&Command>,
    ) -> Result<Result<Changes, SubmitError>, StoreError> {
        loop {
            let (decided, missed) = self.try_deciding(moved, then);
            if missed.nothing() {
                return Ok(decided);
            }
            sought::load(tx, self.desk.place, &mut self.views, missed).await?;
        }
    }

    fn try_deciding(
        &self,
        moved: Move<'_>,
        then: Option<&Command>,
    ) -> (Result<Changes, SubmitError>, Missed) {
        let looking = Looking::at(&self.views);
        let decided = self.decide_both(&looking, moved, then);
        (decided, looking.missed())
    }

    /// Decides a command and, where it is granted, what follows it at once.
    ///
    /// INVARIANT: what something follows at once is a filing, which changes no register: the
    /// registers are for both as they stood before.
    fn decide_both(
        &self,
        entries: &Looking<'_>,
        moved: Move<'_>,
        then: Option<&Command>,
    ) -> Result<Changes, SubmitError> {
        let case = match moved.case {
            Some(id) => Some(self.views.cases.get(&id).ok_or(Refusal::NoSuchCase)?),
            None => None,
        };
        let mut changes = self.decide_looking(entries, case, moved, self.next())?;
        if let Some(command) = then {
            let next = changes.entries.last().map_or(self.next(), |entry| entry.number.next());
            let moved = Move { command, ..moved };
            let further = self.decide_looking(entries, Some(&changes.case), moved, next)?;
            changes.entries.extend(further.entries);
            changes.case = further.case;
        }
        Ok(changes)
    }

    fn decide_looking(
        &self,
        entries: &Looking<'_>,
        case: Option<&Case>,
        moved: Move<'_>,
        next: EntryNumber,
    ) -> Result<Changes, SubmitError> {
        let live = self.world.live(self.desk.shelf)?;
        let pack = case.map_or(Ok(live), |case| self.desk.shelf.get(case.pack))?;
        let calendar = self.calendar.as_ref().map_err(StoreError::clone)?;
        let snapshot = Snapshot { live, calendar, entries };
        let moment = Moment { at: moved.at, next };
        Ok(kernel::decide(pack, snapshot, case, moved.command, moved.by, moment)?)
    }

    fn next(&self) -> EntryNumber {
        self.head.number.next()
    }

    /// Writes the entries of one command.
    async fn write(&mut self, tx: &mut Tx, entries: &[Entry]) -> Result<(), StoreError> {
        let keys = entries.iter().flat_map(|entry| entry.act.changes()).map(EntryKey::of);
        load_versions(tx, self.desk.place, &mut self.views, keys).await?;
        for entry in entries {
            self.views.apply(self.desk.shelf, entry)?;
            self.world.note(&entry.act)?;
            self.tell(entry)?;
            let (head, line) = self.head.then(entry);
            self.head = head;
            self.lines.push(line);
        }
        let written = entries.iter().filter_map(|entry| entry.case.as_ref()).map(|on| on.id);
        for case in written.collect::<BTreeSet<_>>() {
            self.set_alarm(case)?;
        }
        Ok(())
    }

    /// Notes what persons are to be told of an entry that was just folded in.
    fn tell(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let Some(case) = entry.case.as_ref().and_then(|on| self.views.cases.get(&on.id)) else {
            return Ok(());
        };
        let pack = self.desk.shelf.get(case.pack)?;
        let told = message::messages(entry, case, pack).into_iter();
        let (number, id) = (entry.number, case.id);
        self.messages.extend(told.map(|message| messages::Written { number, case: id, message }));
        let at = entry.at;
        let pointless = message::pointless(&entry.act);
        self.pointless.extend(pointless.map(|kind| messages::Pointless {
            number,
            case: id,
            kind,
            at,
        }));
        Ok(())
    }

    fn set_alarm(&mut self, id: CaseId) -> Result<(), StoreError> {
        if let Some(case) = self.views.cases.get(&id) {
            self.alarms.set(id, alarm(self.desk.shelf.get(case.pack)?, case));
        }
        Ok(())
    }

    /// Puts a pack in force, unless it is: its plans move the cases they are for, and dates that
    /// its calendar makes firm are counted again. Nothing is written where a plan is not sound.
    async fn install(&mut self, tx: &mut Tx, install: &Install) -> Result<Answer, StoreError> {
        if self.world.rules(install.kept.hash) {
            return Ok(Ok(Done::Adopted(self.head.number)));
        }
        if let Err(error) = migrate::plans(self.desk.shelf, &self.world, install.kept.hash) {
            return Ok(Err(error.into()));
        }
        Ok(Ok(Done::Adopted(self.put_in_force(tx, install).await?)))
    }

    /// Adopts the publication whose day has come by an instant, dated at the start of that day and
    /// after the terms that ran out before: how many terms did, and the first refusal. What was
    /// held against another pack than the one in force then is not adopted.
    async fn adopt_due(
        &mut self,
        tx: &mut Tx,
        at: Instant,
    ) -> Result<(usize, Option<SubmitError>), StoreError> {
        let Some(due) = self.due.take_if(|due| due.at <= at) else { return Ok((0, None)) };
        let ran_out = self.run_alarms(tx, due.at).await?;
        let Desk { place, shelf, .. } = self.desk;
        shelf.get(due.hash)?;
        let fits = self.world.rules(due.base)
            && !matches!(
                migrate::plans(shelf, &self.world, due.hash),
                Err(StoreError::Hindered(..))
            );
        let mut adopted_by = None;
        if fits {
            let kept = proposals::to_keep(tx, place, &due).await?;
            let install = Install { kept, by: due.by.clone(), at: due.at };
            adopted_by = Some(self.put_in_force(tx, &install).await?);
        }
        proposals::settle(tx, place, &due, adopted_by).await?;
        Ok(ran_out)
    }

    async fn put_in_force(
        &mut self,
        tx: &mut Tx,
        install: &Install,
    ) -> Result<EntryNumber, StoreError> {
        let number = self.next();
        let act = Act::PackAdopted(install.kept.hash);
        let by = install.by.clone();
        self.write(tx, &[Entry { number, at: install.at, by, case: None, act }]).await?;
        self.adopted.push((install.kept.clone(), number));
        self.calendar = self.world.calendar(self.desk.shelf);
        self.migrate(tx, install).await?;
        self.redate(tx, &install.by, install.at).await?;
        Ok(number)
    }

    /// True where a pack was put in force.
    pub(crate) fn has_adopted(&self) -> bool {
        !self.adopted.is_empty()
    }

    /// Moves the running cases that the plans of the pack just adopted are for.
    async fn migrate(&mut self, tx: &mut Tx, install: &Install) -> Result<(), StoreError> {
        let plans = migrate::plans(self.desk.shelf, &self.world, install.kept.hash)?;
        let calendar = self.calendar.clone()?;
        for plan in plans {
            let stored = plan.stored(tx, self.desk.place).await?;
            load(tx, self.desk.place, &mut self.views, stored).await?;
            let cases: Vec<CaseId> = self.views.cases.keys().copied().collect();
            for id in cases {
                let Some(case) = self.views.cases.get(&id) else { continue };
                let moved = plan.entry(case, &calendar, self.next(), &install.by, install.at);
                if let Some(entry) = moved {
                    self.write(tx, &[entry]).await?;
                }
            }
        }
        Ok(())
    }

    /// Adopts further days of the calendar and counts provisional dates again.
    async fn adopt(
        &mut self,
        tx: &mut Tx,
        adopted: &CalendarAdopted,
        by: &Actor,
        at: Instant,
    ) -> Result<Answer, StoreError> {
        if let Err(error) = self.joins(&adopted.days) {
            return Ok(Err(error));
        }
        let number = self.next();
        let act = Act::CalendarAdopted(adopted.clone());
        self.write(tx, &[Entry { number, at, by: by.clone(), case: None, act }]).await?;
        self.redate(tx, by, at).await?;
        Ok(Ok(Done::Adopted(number)))
    }

    /// Notes that an officer is away, or is back.
    async fn away(
        &mut self,
        tx: &mut Tx,
        away: &Away,
        by: &Actor,
        at: Instant,
    ) -> Result<Answer, StoreError> {
        let today = self.world.live(self.desk.shelf)?.zone.day_of(at);
        let act = match desk::away(away, by, today) {
            Ok(act) => act,
            Err(refusal) => return Ok(Err(SubmitError::Refused(refusal))),
        };
        let number = self.next();
        self.write(tx, &[Entry { number, at, by: by.clone(), case: None, act }]).await?;
        Ok(Ok(Done::Adopted(number)))
    }

    /// Refuses days that do not read, leave a gap, or contradict a published day.
    fn joins(&self, days: &str) -> Result<(), SubmitError> {
        let mut calendar = self.calendar.clone()?;
        let joined = Calendar::from_csv(days).and_then(|next| calendar.extend(&next));
        joined.map_err(|reason| {
            let fault = FormFault { path: "days".to_owned(), reason };
            SubmitError::Refused(Refusal::Form(vec![fault]))
        })
    }

    async fn redate(&mut self, tx: &mut Tx, by: &Actor, at: Instant) -> Result<(), StoreError> {
        let shelf = self.desk.shelf;
        self.calendar = self.world.calendar(shelf);
        let calendar = self.calendar.clone()?;
        let stored = provisional(tx, self.desk.place).await?;
        load(tx, self.desk.place, &mut self.views, stored).await?;
        let open = self.views.cases.values().filter(|case| waits_for_calendar(case));
        let open: Vec<CaseId> = open.map(|case| case.id).collect();
        for id in open {
            let Some(case) = self.views.cases.get(&id) else { continue };
            let zone = &shelf.get(case.pack)?.zone;
            if let Some(entry) = redated(case, &calendar, zone, self.next(), by, at) {
                self.write(tx, &[entry]).await?;
            }
        }
        Ok(())
    }
}

/// Loads cases and everything that the entries they made ever said.
async fn load(
    tx: &mut Tx,
    place: &Division,
    views: &mut Views,
    cases: impl IntoIterator<Item = CaseId>,
) -> Result<(), StoreError> {
    load_cases(tx, place, views, cases).await?;
    let made = views.cases.values().filter_map(|case| case.entry.clone());
    let made: Vec<EntryKey> = made.collect();
    load_versions(tx, place, views, made).await
}

/// Whether a date of a case lies past the days that were published when it was counted.
fn waits_for_calendar(case: &Case) -> bool {
    case.standing.provisional()
}

/// The entry that counts a case's provisional date again, where that changes it.
fn redated(
    case: &Case,
    calendar: &Calendar,
    zone: &base::Zone,
    number: EntryNumber,
    by: &Actor,
    at: Instant,
) -> Option<Entry> {
    let (standing, deadline) = case.standing.redated(calendar, zone)?;
    let on = OnCase { id: case.id, standing };
    let at = at.max(case.last_at);
    Some(Entry { number, at, by: by.clone(), case: Some(on), act: Act::Redated(deadline) })
}

async fn provisional(tx: &mut Tx, place: &Division) -> Result<Vec<CaseId>, StoreError> {
    let sql = "SELECT case_id FROM case_view WHERE jurisdiction = $1 AND provisional = 1
               ORDER BY case_id";
    let ids: Vec<i64> =
        on!(tx, c => sqlx::query_scalar(sql).bind(place.as_str()).fetch_all(c).await)?;
    ids.into_iter().map(column::case_of).collect()
}

/// The terms that will run out, the earliest first.
#[derive(Debug, Default)]
struct Alarms {
    queue: BTreeSet<(Instant, CaseId)>,
    of: BTreeMap<CaseId, Instant>,
}

impl Alarms {
    /// The alarms due up to `latest`.
    async fn load(tx: &mut Tx, place: &Division, latest: Instant) -> Result<Self, StoreError> {
        let sql = "SELECT alarm_at, case_id FROM case_view
                   WHERE jurisdiction = $1 AND alarm_at <= $2 ORDER BY alarm_at, case_id";
        let rows: Vec<(i64, i64)> = on!(tx, c => sqlx::query_as(sql)
            .bind(place.as_str()).bind(latest.micros()).fetch_all(c).await)?;
        let mut alarms = Self::default();
        for (at, case) in rows {
            alarms.set(column::case_of(case)?, Some(column::instant_of(at)));
        }
        Ok(alarms)
    }

    fn cases(&self) -> impl Iterator<Item = CaseId> {
        self.of.keys().copied()
    }

    fn set(&mut self, case: CaseId, at: Option<Instant>) {
        if let Some(before) = self.of.remove(&case) {
            self.queue.remove(&(before, case));
        }
        if let Some(at) = at {
            self.of.insert(case, at);
            self.queue.insert((at, case));
        }
    }

    /// Takes the earliest alarm, if it is due by `at`.
    fn take(&mut self, at: Instant) -> Option<CaseId> {
        let &(due, case) = self.queue.first().filter(|(due, _)| *due <= at)?;
        self.queue.remove(&(due, case));
        self.of.remove(&case);
        Some(case)
    }
}
