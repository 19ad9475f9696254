//! The store: one door to the ledger, its views and the vault.

use std::sync::{Arc, PoisonError, RwLock};

use base::{Date, Division, Instant, Name, Text};
use kernel::{
    Actor, BodyId, Case, CaseId, Entry, EntryNumber, Moment, PartyId,
    account::Calendars,
    command::Choose,
    ledger::{Away, CalendarAdopted, Spell},
    register::{Entries, Version},
};
use pack::model::{Pack, PackHash};
use tokio::sync::{mpsc, oneshot};

use crate::{
    absence,
    ask::{Ask, Done, Install},
    db::{Db, Durability, Tx},
    error::{StoreError, SubmitError},
    inbox::{self, InboxPage, InboxQuery},
    kept_view::{self, KeptView},
    ledger::{self, Head},
    load::{self, Load, Reach},
    naming::{Named, naming},
    packs, persons,
    persons::{Reader, Reading},
    publication,
    query::{self, RegisterPage, RegisterQuery},
    receipt, schema,
    search::{self, SearchPage, SearchQuery},
    sought::{self, Registers},
    submission::{Receipt, Submission},
    vault::{Place, SealKeys, Vault, VaultKey},
    verify::{self, Verified},
    views::Shelf,
    whole::{self, Told, Whole},
    writer::{self, Job},
};

/// Submissions that may wait; one more is told to come again.
const WAITING_MAX: usize = 4_096;

/// A jurisdiction's ledger, registers, work queue, clocks and vault. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
    jobs: mpsc::Sender<Job>,
}

/// What the store shares with its writer.
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) jurisdiction: Division,
    pub(crate) vault: Vault,
    shelf: RwLock<Shelf>,
    /// The answers to the searches of late.
    pub(crate) answers: search::Kept,
}

impl Inner {
    /// The packs known now.
    pub(crate) fn shelf(&self) -> Shelf {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Store {
    /// Opens the database at `sqlite:PATH`, `sqlite::memory:` or `postgres://…`, creates the tables
    /// that are missing, and starts the writer on the current runtime.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be opened or belongs to another key or edition.
    pub async fn open(
        url: &str,
        jurisdiction: Division,
        key: VaultKey,
    ) -> Result<Self, StoreError> {
        let db = Db::open(url).await?;
        let vault = Vault::new(jurisdiction.clone(), &key);
        schema::prepare(&db, &jurisdiction, &vault).await?;
        let (shelf, answers) = (RwLock::default(), search::Kept::default());
        let inner = Arc::new(Inner { db, jurisdiction, vault, shelf, answers });
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(writer::run(inner.clone(), waiting));
        Ok(Self { inner, jobs })
    }

    /// What the store's doors open.
    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// What the keys of the jurisdiction's official seals are derived from.
    pub fn seal_keys(&self) -> &SealKeys {
        &self.inner.vault.seals
    }

    /// Makes a compiled pack known, so that cases filed under it can be carried on.
    pub fn know(&self, pack: Arc<Pack>) {
        self.inner.shelf.write().unwrap_or_else(PoisonError::into_inner).put(pack);
    }

    /// Puts a pack in force and keeps its sources. Nothing is written when it is in force already;
    /// otherwise its plans move the running cases they are for, and provisional dates are counted
    /// again by its calendar.
    ///
    /// # Errors
    /// [`StoreError`] when the database did not keep it, or a plan is not sound.
    pub async fn install(
        &self,
        pack: Arc<Pack>,
        sources: Vec<u8>,
        by: Actor,
        at: Instant,
    ) -> Result<(), StoreError> {
        let kept = packs::Kept { hash: pack.hash, name: pack.name.to_string(), sources };
        self.know(pack);
        match self.ask(Ask::Install(Install { kept, by, at })).await {
            Ok(_) => Ok(()),
            Err(SubmitError::Store(error)) => Err(error),
            Err(_) => Err(StoreError::Stopped),
        }
    }

    /// Every pack that was ever in force, in the order of adoption, with its sources.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn kept_packs(&self) -> Result<Vec<(PackHash, Vec<u8>)>, StoreError> {
        packs::kept(&mut self.inner.db.once().await?, &self.inner.jurisdiction).await
    }

    /// Decides a submission and writes what follows. The receipt means that it is on the disk.
    ///
    /// # Errors
    /// [`SubmitError`]; nothing of the submission was kept then.
    pub async fn submit(&self, submission: Submission) -> Result<Receipt, SubmitError> {
        receipt::must_fit(&submission)?;
        match self.ask(Ask::Submit(submission)).await? {
            Done::Receipt(receipt) => Ok(receipt),
            Done::Applied(_) | Done::Adopted(_) => Err(StoreError::Stopped.into()),
        }
    }

    /// Files a case and has whoever files it choose at its first stage, as one act: both are
    /// decided and written, or neither is, and the key is the filing's.
    ///
    /// # Errors
    /// [`SubmitError`]; nothing was kept then, the filing neither.
    pub async fn settle(&self, filing: Submission, choice: Choose) -> Result<Receipt, SubmitError> {
        receipt::must_fit(&filing)?;
        let filing = Submission { case: None, ..filing };
        match self.ask(Ask::Settle(filing, choice)).await? {
            Done::Receipt(receipt) => Ok(receipt),
            Done::Applied(_) | Done::Adopted(_) => Err(StoreError::Stopped.into()),
        }
    }

    /// Adopts further days of the calendar (`date,is_workday`) by the notice they rest on, and
    /// counts every provisional date again.
    ///
    /// # Errors
    /// A form refusal when the days do not read, leave a gap or contradict a published day.
    pub async fn adopt_calendar(
        &self,
        days_csv: String,
        notice: Text,
        by: Actor,
        at: Instant,
    ) -> Result<EntryNumber, SubmitError> {
        let adopted = CalendarAdopted { notice, days: days_csv };
        match self.ask(Ask::Adopt { adopted, by, at }).await? {
            Done::Adopted(number) => Ok(number),
            Done::Applied(_) | Done::Receipt(_) => Err(StoreError::Stopped.into()),
        }
    }

    /// Notes that an officer is away, and who stands in; or that the officer is back.
    ///
    /// # Errors
    /// A refusal when somebody of another body says so, or the days do not fit.
    pub async fn note_away(
        &self,
        away: Away,
        by: Actor,
        at: Instant,
    ) -> Result<EntryNumber, SubmitError> {
        match self.ask(Ask::Away { away, by, at }).await? {
            Done::Adopted(number) => Ok(number),
            Done::Applied(_) | Done::Receipt(_) => Err(StoreError::Stopped.into()),
        }
    }

    /// The absences of a body's officers, the last said of each, whether to come, now or over.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn absences(&self, body: &BodyId) -> Result<Vec<(PartyId, Spell)>, StoreError> {
        absence::of_body(&mut self.inner.db.once().await?, &self.inner.jurisdiction, body).await
    }

    /// How much waits for bodies in reach, and for any body in cases that one in reach handles;
    /// with how much is late on a day, and how much is due from that day to the other.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn load(&self, reach: &Reach, days: (Date, Date)) -> Result<Vec<Load>, StoreError> {
        load::load(&mut self.inner.db.once().await?, &self.inner.jurisdiction, reach, days).await
    }

    /// The views of a queue that somebody keeps.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn kept_views(&self, party: PartyId) -> Result<Vec<KeptView>, StoreError> {
        kept_view::all(&mut self.inner.db.once().await?, &self.inner.jurisdiction, party).await
    }

    /// Keeps a view for somebody; one of the same name is replaced. False where
    /// [`crate::KEPT_MAX`] are kept already.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn keep_view(
        &self,
        party: PartyId,
        view: &KeptView,
        at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.inner.db.write().await?;
        let kept = kept_view::keep(&mut tx, &self.inner.jurisdiction, party, view, at).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Keeps a view for somebody no longer.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn forget_view(&self, party: PartyId, name: &str) -> Result<(), StoreError> {
        let mut tx = self.inner.db.write().await?;
        kept_view::forget(&mut tx, &self.inner.jurisdiction, party, name).await?;
        tx.commit().await
    }

    /// Applies the terms that ran out up to `at`, each dated at its deadline, and says how many.
    ///
    /// # Errors
    /// The refusal of the first term that could not take effect; the others have.
    pub async fn advance(&self, at: Instant) -> Result<usize, SubmitError> {
        match self.ask(Ask::Advance(at)).await? {
            Done::Applied(count) => Ok(count),
            Done::Receipt(_) | Done::Adopted(_) => Err(StoreError::Stopped.into()),
        }
    }

    async fn ask(&self, ask: Ask) -> Result<Done, SubmitError> {
        let (reply, answer) = oneshot::channel();
        match self.jobs.try_send((ask, reply)) {
            Ok(()) => answer.await.unwrap_or(Err(StoreError::Stopped.into())),
            Err(mpsc::error::TrySendError::Full(_)) => Err(SubmitError::Overloaded),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(StoreError::Stopped.into()),
        }
    }

    /// The number of the ledger's last entry; 0 while it is empty.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn head(&self) -> Result<EntryNumber, StoreError> {
        let mut tx = self.inner.db.once().await?;
        let number = Head::read(&mut tx, &self.inner.jurisdiction).await?.number;
        self.inner.answers.note(number);
        Ok(number)
    }

    /// A case as it stands.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn case(&self, id: CaseId) -> Result<Option<Case>, StoreError> {
        query::case(&mut self.inner.db.once().await?, &self.inner.jurisdiction, id).await
    }

    /// The entries of a case, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn history(&self, id: CaseId) -> Result<Vec<Entry>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        ledger::of_case(&mut tx, &self.inner.jurisdiction, Some(id)).await
    }

    /// The calendars that entries have adopted, and those of the packs put in force; `first` is
    /// what is known where there is no entry yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn calendars(&self, first: &Pack) -> Result<Calendars, StoreError> {
        let mut tx = self.inner.db.once().await?;
        let shelf = self.inner.shelf();
        let mut calendars = Calendars::starting(first.calendar.clone());
        for entry in ledger::of_case(&mut tx, &self.inner.jurisdiction, None).await? {
            calendars.note(&entry, |hash| Some(shelf.get(hash).ok()?.calendar.clone()));
        }
        Ok(calendars)
    }

    /// The ledger itself: so many entries after a number, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn ledger(&self, after: EntryNumber, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        ledger::after(&mut tx, &self.inner.jurisdiction, after, limit).await
    }

    /// The cases that await a body's officers and fit the question, by due day and then by case.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn inbox(&self, query: &InboxQuery) -> Result<InboxPage, StoreError> {
        let mut tx = self.inner.db.once().await?;
        inbox::inbox(&mut tx, &self.inner.jurisdiction, query).await
    }

    /// The latest cases of an applicant, the newest first; of those before a case, where one is
    /// named.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn cases_of(
        &self,
        applicant: PartyId,
        before: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<Case>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        query::cases_of(&mut tx, &self.inner.jurisdiction, applicant, before, limit).await
    }

    /// The latest cases of a procedure, the newest first; of those before a case, where one is
    /// named.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn cases_under(
        &self,
        procedure: &Name,
        before: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<Case>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        query::cases_under(&mut tx, &self.inner.jurisdiction, procedure, before, limit).await
    }

    /// What a register entry said of `at`, as believed in the snapshot that ends with `known`.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn entry(
        &self,
        register: &Name,
        key: &str,
        at: Instant,
        known: EntryNumber,
    ) -> Result<Option<Version>, StoreError> {
        let versions = self.versions(register, key).await?;
        Ok(kernel::register::as_of(&versions, at, known).cloned())
    }

    /// Everything a register entry ever said, in the order of number and then of instant.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn versions(&self, register: &Name, key: &str) -> Result<Vec<Version>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        query::versions(&mut tx, &self.inner.jurisdiction, register, key).await
    }

    /// The keys of a register after one, in order, whether their entries still say something or
    /// not; where `since` is given, at least those of which something may have changed from that
    /// moment on. 500 at most.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn keys(
        &self,
        register: &Name,
        (after, since): (Option<&str>, Option<Instant>),
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        whole::keys(&mut tx, &self.inner.jurisdiction, register, (after, since), limit).await
    }

    /// How many entries of a register had ever said something by a moment, as known with a number,
    /// whether they still do or not.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn count_entries(
        &self,
        register: &Name,
        as_of: (Instant, EntryNumber),
    ) -> Result<u64, StoreError> {
        let mut tx = self.inner.db.once().await?;
        whole::count(&mut tx, &self.inner.jurisdiction, register, as_of).await
    }

    /// Entries of a register with everything they ever said.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn whole(&self, register: &Name, keys: &[String]) -> Result<Whole, StoreError> {
        let mut tx = self.inner.db.read().await?;
        whole::whole(&mut tx, &self.inner.jurisdiction, register, keys).await
    }

    /// Some registers with everything that they ever said.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn told(&self, registers: &[&Name]) -> Result<Told, StoreError> {
        let mut tx = self.inner.db.read().await?;
        whole::told(&mut tx, &self.inner.jurisdiction, registers).await
    }

    /// The last entry of the ledger with which one of some registers came to say something else.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn changed_at(&self, registers: &[&Name]) -> Result<EntryNumber, StoreError> {
        let mut tx = self.inner.db.read().await?;
        whole::changed_at(&mut tx, &self.inner.jurisdiction, registers).await
    }

    /// The keys of entries that ever named one of some entries in a field by which a pack looks
    /// entries up, and perhaps of others: who asks looks at each.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn keys_naming(
        &self,
        (register, field): (&Name, &Name),
        named: &[String],
    ) -> Result<Vec<String>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        sought::naming(&mut tx, &self.inner.jurisdiction, (register, field), named).await
    }

    /// The entries whose fields, each a register and a field of it, name the entry of that key.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn naming(
        &self,
        key: &str,
        fields: &[(Name, Name)],
        as_of: (Instant, EntryNumber),
    ) -> Result<Named, StoreError> {
        let mut tx = self.inner.db.read().await?;
        naming(&mut tx, &self.inner.jurisdiction, key, fields, as_of).await
    }

    /// What the registers say now of everything that the conditions of a case look at.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn registers_for(
        &self,
        pack: &Pack,
        case: &Case,
        at: Instant,
    ) -> Result<Registers, StoreError> {
        let mut tx = self.inner.db.read().await?;
        let head = Head::read(&mut tx, &self.inner.jurisdiction).await?;
        let moment = Moment { at, next: head.number.next() };
        sought::seen_by(&mut tx, &self.inner.jurisdiction, (pack, case), moment).await
    }

    /// Looks at registers in one numbered state: what `look` asks for and is not loaded is loaded,
    /// and it looks again.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn looking<T>(&self, look: impl Fn(&dyn Entries) -> T) -> Result<T, StoreError> {
        let mut tx = self.inner.db.read().await?;
        sought::looking(&mut tx, &self.inner.jurisdiction, look).await
    }

    /// How many cases of a procedure, filed by an instant, have made an entry, counted up to
    /// [`query::COUNT_MAX`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn entered(&self, procedure: &Name, by: Instant) -> Result<u32, StoreError> {
        let mut tx = self.inner.db.once().await?;
        query::entered(&mut tx, &self.inner.jurisdiction, procedure, by).await
    }

    /// The entries of a register that hold for an instant, by key.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn entries(&self, query: RegisterQuery) -> Result<RegisterPage, StoreError> {
        let mut tx = self.inner.db.read().await?;
        query::entries(&mut tx, &self.inner.jurisdiction, &query).await
    }

    /// A page of a register that holds for an instant, by key, and the key after which the next
    /// begins. How many answer in all is not counted.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn entry_page(
        &self,
        query: &RegisterQuery,
    ) -> Result<(Vec<(String, Version)>, Option<String>), StoreError> {
        let mut tx = self.inner.db.once().await?;
        query::entry_page(&mut tx, &self.inner.jurisdiction, query).await
    }

    /// The entries of a register that answer a question, those that have said what they say for the
    /// shortest time first; as many as a page holds, wherever the question goes on from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn newest(&self, query: RegisterQuery) -> Result<Vec<(String, Version)>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        query::newest(&mut tx, &self.inner.jurisdiction, &query).await
    }

    /// The last day on which everybody may read an entry of a public register; none where its
    /// publication has no end.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn last_published(
        &self,
        register: &Name,
        key: &str,
    ) -> Result<Option<Date>, StoreError> {
        let mut tx = self.inner.db.once().await?;
        publication::last_of(&mut tx, &self.inner.jurisdiction, (register, key)).await
    }

    /// The entries of public registers that answer a search, the best first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn search(&self, query: &SearchQuery) -> Result<Arc<SearchPage>, StoreError> {
        let found = async {
            let mut tx = self.inner.db.read().await?;
            search::search(&mut tx, &self.inner.jurisdiction, query).await
        };
        self.inner.answers.or_find(query, found).await
    }

    /// Opens one personal detail and logs the reading; none when it was never given or is erased.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails or the detail does not open; nothing is shown
    /// without its reading being logged.
    pub async fn reveal(
        &self,
        party: PartyId,
        case: CaseId,
        path: &str,
        reader: &Reader,
        at: Instant,
    ) -> Result<Option<String>, StoreError> {
        let Inner { db, jurisdiction, vault, .. } = &*self.inner;
        let mut tx = db.write().await?;
        let detail = Place { party, case, path };
        let text = persons::reveal(&mut tx, jurisdiction, vault, detail, reader, at).await?;
        tx.commit().await?;
        Ok(text)
    }

    /// Logs that a paper of a person's case is read; it is shown only when this has succeeded.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn log_paper(
        &self,
        party: PartyId,
        case: CaseId,
        paper: &str,
        reader: &Reader,
        at: Instant,
    ) -> Result<(), StoreError> {
        let path = format!("{}{paper}", persons::PAPER);
        let mut tx = self.inner.db.write().await?;
        let detail = Place { party, case, path: &path };
        persons::log(&mut tx, &self.inner.jurisdiction, detail, reader, at).await?;
        tx.commit().await
    }

    /// Who has read a person's details, in order of time.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn readings(&self, party: PartyId) -> Result<Vec<Reading>, StoreError> {
        let mut tx = self.inner.db.read().await?;
        persons::readings(&mut tx, &self.inner.jurisdiction, party).await
    }

    /// The party that an identity number belongs to; `fresh` becomes it when the number is new.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn party_for(
        &self,
        kind: &str,
        identity: &str,
        fresh: PartyId,
    ) -> Result<PartyId, StoreError> {
        let digest = self.inner.vault.identity(kind, identity);
        let mut tx = self.locked().await?;
        let party = persons::party_for(&mut tx, &self.inner.jurisdiction, digest, fresh).await?;
        tx.commit().await?;
        Ok(party)
    }

    /// Erases a person: the key, everything sealed under it, and the identity digest. The ledger
    /// stays as it is and verifies as before.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is erased then.
    pub async fn erase(&self, party: PartyId) -> Result<(), StoreError> {
        let mut tx = self.locked().await?;
        persons::erase(&mut tx, &self.inner.jurisdiction, party).await?;
        tx.commit().await
    }

    /// A writing transaction that no group runs beside.
    pub(crate) async fn locked(&self) -> Result<Tx, StoreError> {
        let mut tx = self.inner.db.write().await?;
        Head::lock(&mut tx, &self.inner.jurisdiction).await?;
        Ok(tx)
    }

    /// Reads the whole ledger again, checks its numbers, bytes and chain, folds every view from it
    /// and compares them with what is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read; what is wrong with the data is no error
    /// but a fault of the report.
    pub async fn verify(&self) -> Result<Verified, StoreError> {
        let mut tx = self.inner.db.read().await?;
        verify::verify(&mut tx, &self.inner.jurisdiction, &self.inner.shelf()).await
    }

    /// Folds the views from the ledger again and says how many rows they have.
    ///
    /// # Errors
    /// [`StoreError`] when the ledger does not read back or a pack is missing; the views stay as
    /// they were then.
    pub async fn rebuild(&self) -> Result<usize, StoreError> {
        let mut tx = self.locked().await?;
        let shelf = self.inner.shelf();
        let rows = verify::rebuild(&mut tx, &self.inner.jurisdiction, &shelf).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// What the database promises about a power cut, read on the live writing connection.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn durability(&self) -> Result<Durability, StoreError> {
        Durability::of(&mut self.inner.db.write().await?).await
    }
}
