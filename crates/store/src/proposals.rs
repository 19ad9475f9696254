//! Packs that are proposed: uploaded, staged, dated, published or discarded, with who did which
//! step and when. Nothing rests on a proposal; what comes of it is the entry that adopts the pack.
//!
//! Each step is taken under the lock of the head, so that two officers cannot both take it. A
//! publication that waits for its day is adopted by the writer before anything is decided for a
//! moment from that day on.

use std::sync::Arc;

use base::{Date, Division, Instant, Name};
use kernel::{Act, Actor, BodyId, Entry, EntryNumber, PartyId};
use pack::model::{Pack, PackHash};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    ledger::{self, Head},
    packs::Kept,
    store::Store,
    world::World,
};

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Uploaded and checked.
    Proposed,
    /// Its stories are being played.
    Staging,
    /// Sound, every story came out, held against the pack in force.
    Staged,
    /// A day is named from which it is to be in force.
    Dated,
    /// Somebody else has published it; it waits for its day.
    Published,
    /// It was put in force.
    Adopted,
    /// It was given up.
    Discarded,
    /// Its day came when another pack was in force than the one it was held against.
    Overtaken,
}

impl Stage {
    const ALL: [Self; 8] = [
        Self::Proposed,
        Self::Staging,
        Self::Staged,
        Self::Dated,
        Self::Published,
        Self::Adopted,
        Self::Discarded,
        Self::Overtaken,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Staging => "staging",
            Self::Staged => "staged",
            Self::Dated => "dated",
            Self::Published => "published",
            Self::Adopted => "adopted",
            Self::Discarded => "discarded",
            Self::Overtaken => "overtaken",
        }
    }

    fn named(word: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|stage| stage.word() == word);
        found.ok_or_else(|| column::corrupt("a proposal stands nowhere"))
    }

    /// True where nothing more comes of it.
    pub fn over(self) -> bool {
        matches!(self, Self::Adopted | Self::Discarded | Self::Overtaken)
    }
}

/// An officer who takes a step, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// The officer.
    pub officer: PartyId,
    /// For which body.
    pub body: BodyId,
    /// When.
    pub at: Instant,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where it led, or `failed` where stories or plans did not come out.
    pub word: String,
    /// By whom and when.
    pub hand: Hand,
    /// The day it names.
    pub day: Option<Date>,
}

/// A pack to propose.
#[derive(Debug, Clone)]
pub struct NewProposal {
    /// The pack's name.
    pub name: Name,
    /// Its hash.
    pub hash: PackHash,
    /// True where the checker found no fault.
    pub sound: bool,
    /// Its files with those of its parents, as an archive.
    pub sources: Vec<u8>,
}

/// A proposal without its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What it is called by.
    pub number: u32,
    /// The hash of its files.
    pub hash: PackHash,
    /// True where the checker found no fault.
    pub sound: bool,
    /// Where it stands.
    pub stage: Stage,
    /// The pack in force when it was staged.
    pub base: Option<PackHash>,
    /// What came of its stories, as whoever played them wrote it down; empty before.
    pub trial: String,
    /// The day from which it is to be in force.
    pub day: Option<Date>,
    /// The entry that adopted it.
    pub adopted_by: Option<EntryNumber>,
    /// Every step, in order.
    pub steps: Vec<Step>,
}

impl Proposal {
    /// The officers who had a hand in preparing it.
    pub fn prepared_by(&self) -> impl Iterator<Item = PartyId> {
        let prepares = |step: &&Step| !matches!(step.word.as_str(), "published" | "discarded");
        self.steps.iter().filter(prepares).map(|step| step.hand.officer)
    }
}

/// Why a step was not taken; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untaken {
    /// There is no such proposal.
    NoProposal,
    /// It does not stand where that step begins.
    NotHere,
    /// Another pack is in force than the one it was held against.
    Overtaken,
    /// Another publication waits for its day.
    OneWaits,
    /// The day has passed.
    DayPast,
}

/// A pack that was put in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The pack.
    pub hash: PackHash,
    /// The entry that says so.
    pub number: EntryNumber,
    /// From when.
    pub at: Instant,
    /// By whom.
    pub by: Actor,
}

/// What comes of a step that was asked for.
pub type Taken = Result<Result<(), Untaken>, StoreError>;

/// A publication whose day has come.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) number: i64,
    pub(crate) hash: PackHash,
    pub(crate) base: PackHash,
    pub(crate) at: Instant,
    pub(crate) by: Actor,
}

type DueRow = (i64, Vec<u8>, Option<Vec<u8>>, i64, Vec<u8>, String, String);

/// The publication whose day has come by an instant, if one waits.
pub(crate) async fn due(
    tx: &mut Tx,
    place: &Division,
    by: Instant,
) -> Result<Option<Due>, StoreError> {
    let sql = "SELECT p.number, p.hash, p.base, p.from_at, s.officer, s.office, s.division
               FROM proposal p JOIN proposal_step s
                 ON s.jurisdiction = p.jurisdiction AND s.proposal = p.number
                AND s.word = 'published'
               WHERE p.jurisdiction = $1 AND p.stage = 'published' AND p.from_at <= $2
               ORDER BY p.from_at LIMIT 1";
    let row: Option<DueRow> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(by.micros()).fetch_optional(c).await)?;
    let Some((number, hash, base, at, officer, office, division)) = row else { return Ok(None) };
    Ok(Some(Due {
        number,
        hash: PackHash(column::hash_of(&hash)?),
        base: PackHash(column::hash_of(&base.unwrap_or_default())?),
        at: column::instant_of(at),
        by: Actor::Officer(column::party_of(&officer)?, column::body_of(&office, &division)?),
    }))
}

/// The pack of a publication, as it is kept once adopted.
pub(crate) async fn to_keep(tx: &mut Tx, place: &Division, due: &Due) -> Result<Kept, StoreError> {
    let sql = "SELECT name, sources FROM proposal WHERE jurisdiction = $1 AND number = $2";
    let (name, sources): (String, Vec<u8>) = on!(tx, c => sqlx::query_as(sql)
        .bind(place.as_str()).bind(due.number).fetch_one(c).await)?;
    Ok(Kept { hash: due.hash, name, sources })
}

/// Notes what became of a publication on its day.
pub(crate) async fn settle(
    tx: &mut Tx,
    place: &Division,
    due: &Due,
    adopted_by: Option<EntryNumber>,
) -> Result<(), StoreError> {
    let stage = adopted_by.map_or(Stage::Overtaken, |_| Stage::Adopted);
    let sql = "UPDATE proposal SET stage = $3, adopted_by = $4
               WHERE jurisdiction = $1 AND number = $2";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(due.number).bind(stage.word())
        .bind(adopted_by.map(column::number)).execute(c).await.map(drop))?;
    Ok(())
}

type Line = (i64, Vec<u8>, i64, String, Option<Vec<u8>>, String, Option<i64>, Option<i64>);
type StepLine = (i64, String, i64, Vec<u8>, String, String, Option<i64>);

async fn load(
    tx: &mut Tx,
    place: &Division,
    only: Option<u32>,
) -> Result<Vec<Proposal>, StoreError> {
    let (from, to) = only.map_or((0, i64::MAX), |only| (i64::from(only), i64::from(only)));
    let sql = "SELECT number, hash, sound, stage, base, trial, from_day, adopted_by FROM proposal
               WHERE jurisdiction = $1 AND number BETWEEN $2 AND $3 ORDER BY number DESC";
    let lines: Vec<Line> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).bind(from)
        .bind(to).fetch_all(c).await)?;
    let sql = "SELECT proposal, word, at, officer, office, division, day FROM proposal_step
               WHERE jurisdiction = $1 AND proposal BETWEEN $2 AND $3 ORDER BY proposal, step";
    let steps: Vec<StepLine> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).bind(from)
        .bind(to).fetch_all(c).await)?;
    let read = |(number, hash, sound, stage, base, trial, day, adopted): Line| {
        let own = steps.iter().filter(|step| step.0 == number).map(step);
        Ok(Proposal {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            hash: PackHash(column::hash_of(&hash)?),
            sound: sound == 1,
            stage: Stage::named(&stage)?,
            base: base.map(|base| column::hash_of(&base).map(PackHash)).transpose()?,
            trial,
            day: day.map(column::day_of).transpose()?,
            adopted_by: adopted.map(column::number_of).transpose()?,
            steps: own.collect::<Result<_, StoreError>>()?,
        })
    };
    lines.into_iter().map(read).collect()
}

fn step((_, word, at, officer, office, division, day): &StepLine) -> Result<Step, StoreError> {
    let body = column::body_of(office, division)?;
    let hand = Hand { officer: column::party_of(officer)?, body, at: column::instant_of(*at) };
    Ok(Step { word: word.clone(), hand, day: day.map(column::day_of).transpose()? })
}

async fn note(
    tx: &mut Tx,
    place: &Division,
    number: u32,
    word: &str,
    hand: &Hand,
    day: Option<Date>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO proposal_step
                 (jurisdiction, proposal, step, word, at, officer, office, division, day)
               SELECT $1, $2, COALESCE(MAX(step), 0) + 1, $3, $4, $5, $6, $7, $8
               FROM proposal_step WHERE jurisdiction = $1 AND proposal = $2";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(i64::from(number)).bind(word)
        .bind(hand.at.micros()).bind(hand.officer.0.to_vec()).bind(hand.body.office.as_str())
        .bind(hand.body.division.as_str()).bind(day.map(column::day))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What a step writes into a proposal's row.
struct Change {
    stage: Stage,
    base: Option<PackHash>,
    trial: String,
    day: Option<Date>,
    from_at: Option<Instant>,
}

impl Change {
    fn of(proposal: &Proposal, stage: Stage) -> Self {
        let Proposal { base, trial, day, .. } = proposal.clone();
        Self { stage, base, trial, day, from_at: None }
    }
}

async fn change(
    tx: &mut Tx,
    place: &Division,
    number: u32,
    change: &Change,
) -> Result<(), StoreError> {
    let sql = "UPDATE proposal SET stage = $3, base = $4, trial = $5, from_day = $6, from_at = $7
               WHERE jurisdiction = $1 AND number = $2";
    on!(tx, c => sqlx::query(sql).bind(place.as_str()).bind(i64::from(number))
        .bind(change.stage.word()).bind(change.base.map(|base| base.0.to_vec()))
        .bind(column::text(&change.trial)).bind(change.day.map(column::day))
        .bind(change.from_at.map(|at| at.micros())).execute(c).await.map(drop))?;
    Ok(())
}

impl Store {
    /// Keeps a pack that was uploaded, and says by which number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn propose(&self, new: &NewProposal, hand: &Hand) -> Result<u32, StoreError> {
        let place = &self.inner.jurisdiction;
        let mut tx = self.locked().await?;
        let sql = "SELECT COALESCE(MAX(number), 0) + 1 FROM proposal WHERE jurisdiction = $1";
        let number: i64 = on!(&mut tx, c => sqlx::query_scalar(sql).bind(place.as_str())
            .fetch_one(c).await)?;
        let sql = "INSERT INTO proposal
                     (jurisdiction, number, name, hash, sound, stage, trial, sources)
                   VALUES ($1, $2, $3, $4, $5, $6, '', $7)";
        on!(&mut tx, c => sqlx::query(sql).bind(place.as_str()).bind(number)
            .bind(new.name.as_str()).bind(new.hash.0.to_vec()).bind(i64::from(new.sound))
            .bind(Stage::Proposed.word()).bind(&new.sources).execute(c).await.map(drop))?;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        note(&mut tx, place, number, Stage::Proposed.word(), hand, None).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Every proposal, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn proposals(&self) -> Result<Vec<Proposal>, StoreError> {
        load(&mut self.inner.db.read().await?, &self.inner.jurisdiction, None).await
    }

    /// A proposal.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn proposal(&self, number: u32) -> Result<Option<Proposal>, StoreError> {
        let mut tx = self.inner.db.read().await?;
        Ok(load(&mut tx, &self.inner.jurisdiction, Some(number)).await?.pop())
    }

    /// The files of a proposal with those of its parents, as an archive.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn proposed_sources(&self, number: u32) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT sources FROM proposal WHERE jurisdiction = $1 AND number = $2";
        let place = self.inner.jurisdiction.as_str();
        let mut tx = self.inner.db.once().await?;
        Ok(on!(&mut tx, c => sqlx::query_scalar(sql).bind(place).bind(i64::from(number))
            .fetch_optional(c).await)?)
    }

    /// Begins to stage a sound proposal against the pack in force, also one that was held against
    /// another before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn stage(&self, number: u32, against: PackHash, hand: &Hand) -> Taken {
        let ready = [Stage::Proposed, Stage::Staged, Stage::Dated, Stage::Overtaken];
        self.step(number, &ready, (hand, "staging"), async |_, proposal, world| {
            if !proposal.sound {
                return Ok(Err(Untaken::NotHere));
            }
            if !world.rules(against) {
                return Ok(Err(Untaken::Overtaken));
            }
            let trial = String::new();
            let own = Change::of(proposal, Stage::Staging);
            Ok(Ok(Change { base: Some(against), trial, day: None, ..own }))
        })
        .await
    }

    /// Notes what came of the stories and plans of a proposal that is being staged.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn tried(&self, number: u32, trial: &str, good: bool, hand: &Hand) -> Taken {
        let (stage, word) =
            if good { (Stage::Staged, "staged") } else { (Stage::Proposed, "failed") };
        self.step(number, &[Stage::Staging], (hand, word), async |_, proposal, _| {
            Ok(Ok(Change { trial: trial.to_owned(), ..Change::of(proposal, stage) }))
        })
        .await
    }

    /// Names the day from which a staged proposal is to be in force.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn date(&self, number: u32, (day, today): (Date, Date), hand: &Hand) -> Taken {
        let ready = [Stage::Staged, Stage::Dated];
        self.step(number, &ready, (hand, "dated"), async |_, proposal, world| {
            if day < today {
                return Ok(Err(Untaken::DayPast));
            }
            if !proposal.base.is_some_and(|base| world.rules(base)) {
                return Ok(Err(Untaken::Overtaken));
            }
            Ok(Ok(Change { day: Some(day), ..Change::of(proposal, Stage::Dated) }))
        })
        .await
    }

    /// Publishes a dated proposal: from the start of its day, or from now where that has passed,
    /// its pack is in force. The pack must be known ([`Store::know`]).
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn publish(&self, number: u32, pack: &Pack, hand: &Hand) -> Taken {
        let (zone, at) = (&pack.zone, hand.at);
        let place = &self.inner.jurisdiction;
        self.step(number, &[Stage::Dated], (hand, "published"), async |tx, proposal, world| {
            let Some(day) = proposal.day.filter(|_| proposal.hash == pack.hash) else {
                return Ok(Err(Untaken::NotHere));
            };
            if day < zone.day_of(at) {
                return Ok(Err(Untaken::DayPast));
            }
            if !proposal.base.is_some_and(|base| world.rules(base)) {
                return Ok(Err(Untaken::Overtaken));
            }
            if load(tx, place, None).await?.iter().any(|own| own.stage == Stage::Published) {
                return Ok(Err(Untaken::OneWaits));
            }
            let from_at = Some(zone.start_of(day).max(at));
            Ok(Ok(Change { from_at, ..Change::of(proposal, Stage::Published) }))
        })
        .await
    }

    /// Gives a proposal up, also one that is published and waits for its day.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn discard(&self, number: u32, hand: &Hand) -> Taken {
        let ready = Stage::ALL.into_iter().filter(|stage| !stage.over()).collect::<Vec<Stage>>();
        self.step(number, &ready, (hand, "discarded"), async |_, proposal, _| {
            Ok(Ok(Change::of(proposal, Stage::Discarded)))
        })
        .await
    }

    /// Takes a step of a proposal that stands where the step begins, under the lock of the head.
    async fn step(
        &self,
        number: u32,
        ready: &[Stage],
        (hand, word): (&Hand, &str),
        decide: impl AsyncFnOnce(
            &mut Tx,
            &Proposal,
            &World,
        ) -> Result<Result<Change, Untaken>, StoreError>,
    ) -> Taken {
        let place = &self.inner.jurisdiction;
        let mut tx = self.inner.db.write().await?;
        let head = Head::lock(&mut tx, place).await?;
        let world = World::load(&mut tx, place, head).await?;
        let Some(proposal) = load(&mut tx, place, Some(number)).await?.pop() else {
            return Ok(Err(Untaken::NoProposal));
        };
        if !ready.contains(&proposal.stage) {
            return Ok(Err(Untaken::NotHere));
        }
        let changed = match decide(&mut tx, &proposal, &world).await? {
            Ok(changed) => changed,
            Err(untaken) => return Ok(Err(untaken)),
        };
        change(&mut tx, place, number, &changed).await?;
        let day = changed.day.filter(|_| matches!(word, "dated" | "published"));
        note(&mut tx, place, number, word, hand, day).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// The publication that waits for its day, or whose day has come and is not adopted yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn waiting_publication(&self) -> Result<Option<(u32, PackHash)>, StoreError> {
        let sql = "SELECT number, hash FROM proposal
                   WHERE jurisdiction = $1 AND stage = 'published' LIMIT 1";
        let mut tx = self.inner.db.once().await?;
        let row: Option<(i64, Vec<u8>)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(self.inner.jurisdiction.as_str()).fetch_optional(c).await)?;
        let Some((number, hash)) = row else { return Ok(None) };
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Some((number, PackHash(column::hash_of(&hash)?))))
    }

    /// The pack in force by the last entry that adopted one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn in_force(&self) -> Result<Option<PackHash>, StoreError> {
        let sql = "SELECT hash FROM pack WHERE jurisdiction = $1
                   ORDER BY adopted_by DESC LIMIT 1";
        let mut tx = self.inner.db.once().await?;
        let row: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql)
            .bind(self.inner.jurisdiction.as_str()).fetch_optional(c).await)?;
        row.map(|hash| column::hash_of(&hash).map(PackHash)).transpose()
    }

    /// Whether a pack is known here, so that cases can be carried on under it.
    pub fn knows(&self, hash: PackHash) -> bool {
        self.inner.shelf().get(hash).is_ok()
    }

    /// A pack that is known here.
    pub fn known(&self, hash: PackHash) -> Option<Arc<Pack>> {
        self.inner.shelf().shared(hash)
    }

    /// Every adoption of a pack, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn adoptions(&self) -> Result<Vec<Adoption>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        let entries = ledger::of_case(&mut tx, &self.inner.jurisdiction, None).await?;
        Ok(entries.into_iter().filter_map(adoption_of).collect())
    }

    /// The adoption by which a pack was in force when an entry was written; none where it never was
    /// before.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn adoption(
        &self,
        hash: PackHash,
        then: EntryNumber,
    ) -> Result<Option<Adoption>, StoreError> {
        let sql = "SELECT entry.bytes FROM pack JOIN entry
                   ON entry.jurisdiction = pack.jurisdiction AND entry.number = pack.adopted_by
                   WHERE pack.jurisdiction = $1 AND pack.hash = $2 AND pack.adopted_by < $3";
        let mut tx = self.inner.db.once().await?;
        let last: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql)
            .bind(self.inner.jurisdiction.as_str()).bind(hash.0.to_vec())
            .bind(column::number(then)).fetch_optional(c).await)?;
        drop(tx);
        if let Some(bytes) = last {
            return Ok(adoption_of(ledger::entry(&bytes)?));
        }
        // Only the last adoption is kept with a pack, and this one may have come back since.
        let all = self.adoptions().await?;
        Ok(all.into_iter().rfind(|own| own.hash == hash && own.number < then))
    }
}

/// The adoption that an entry writes down.
fn adoption_of(entry: Entry) -> Option<Adoption> {
    match entry.act {
        Act::PackAdopted(hash) => {
            Some(Adoption { hash, number: entry.number, at: entry.at, by: entry.by })
        }
        _ => None,
    }
}
