//! The kernel behind a database: the same stories, decided by the store's writer and read back from
//! its views.

use std::{collections::BTreeMap, sync::Arc};

use base::{Date, Division, Instant, Name, Text};
use kernel::{Actor, CaseId, EntryNumber, Refusal};
use pack::model::Pack;
use store::{Personal, Store, Submission, SubmitError, VaultKey};

use crate::{
    deed,
    stage::{Deed, Outcome, Seen, Stage, Who, as_texts},
};

/// A jurisdiction of a database, with one pack in force.
pub struct Stored {
    name: &'static str,
    store: Store,
    pack: Arc<Pack>,
    submitted: u64,
    /// What the last refusal said.
    refusal: Option<Text>,
}

impl Stored {
    /// A new jurisdiction in the database at `sqlite:PATH` or `postgres://…`, with the pack in
    /// force from its first day; `sources` is the archive that is kept of it. Several may share a
    /// database.
    ///
    /// # Errors
    /// What the database said, or that the jurisdiction has a ledger already.
    pub async fn open(
        url: &str,
        jurisdiction: Division,
        pack: Arc<Pack>,
        sources: Vec<u8>,
    ) -> Result<Self, String> {
        let name = if url.starts_with("sqlite:") { "sqlite" } else { "postgres" };
        let taken = format!("`{jurisdiction}` has a ledger already; play on an empty database");
        let key = VaultKey::random().map_err(said)?;
        let store = Store::open(url, jurisdiction, key).await.map_err(said)?;
        if store.head().await.map_err(said)? != EntryNumber(0) {
            return Err(taken);
        }
        let from = pack.zone.start_of(pack.in_force);
        store.install(pack.clone(), sources, Actor::Clock, from).await.map_err(said)?;
        Ok(Self { name, store, pack, submitted: 0, refusal: None })
    }

    /// Everything wrong with what was stored, found by reading the whole ledger again.
    ///
    /// # Errors
    /// What the database said when it could not be read.
    pub async fn faults(&self) -> Result<Vec<String>, String> {
        Ok(self.store.verify().await.map_err(said)?.faults)
    }

    /// The store, for questions that no story asks.
    pub fn store(&self) -> &Store {
        &self.store
    }

    async fn procedure(&self, case: Option<CaseId>) -> Result<Option<Name>, String> {
        let Some(id) = case else { return Ok(None) };
        let case = self.store.case(id).await.map_err(said)?;
        Ok(case.map(|case| case.procedure))
    }

    /// Keeps what a refusal says; its number.
    fn refused(&mut self, refusal: &Refusal) -> u16 {
        self.refusal = Some(refusal.says());
        refusal.number()
    }

    /// A submission under a key of its own.
    fn submission(
        &mut self,
        (who, at, case): (&Who, Instant, Option<CaseId>),
        (command, personal): (kernel::Command, deed::Personal),
    ) -> Submission {
        self.submitted += 1;
        let personal =
            personal.into_iter().map(|(party, path, text)| Personal { party, path, text });
        Submission {
            key: format!("story-{}", self.submitted),
            actor: deed::actor(who),
            at,
            case,
            seen: None,
            command,
            personal: personal.collect(),
        }
    }
}

/// What went wrong, with its cause.
fn said(error: impl std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

impl Stage for Stored {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn act(
        &mut self,
        who: &Who,
        at: Instant,
        case: Option<u64>,
        deed: Deed,
    ) -> Result<Outcome, String> {
        let id = case.map(|number| CaseId(EntryNumber(number)));
        let procedure = self.procedure(id).await?;
        let meant = match deed::command(&self.pack, procedure.as_ref(), who, deed) {
            Ok(meant) => meant,
            Err(refusal) => return Ok(Err(self.refused(&refusal))),
        };
        let submission = self.submission((who, at, id), meant);
        match self.store.submit(submission).await {
            Ok(receipt) => Ok(Ok(receipt.case.0.0)),
            Err(SubmitError::Refused(refusal)) => Ok(Err(self.refused(&refusal))),
            Err(error) => Err(said(error)),
        }
    }

    fn refusal(&self) -> Option<&Text> {
        self.refusal.as_ref()
    }

    async fn adopt(&mut self, who: &Who, at: Instant, days: String) -> Result<(), String> {
        let (notice, by) = (Text::new("", ""), deed::actor(who));
        self.store.adopt_calendar(days, notice, by, at).await.map(drop).map_err(said)
    }

    async fn pass(&mut self, at: Instant) -> Result<(), String> {
        self.store.advance(at).await.map(drop).map_err(said)
    }

    async fn see(&mut self, _: &Who, case: u64) -> Result<Seen, String> {
        let case = self.store.case(CaseId(EntryNumber(case))).await.map_err(said)?;
        case.map(|case| Seen::of(&self.pack, &case)).ok_or_else(|| "no such case".to_owned())
    }

    async fn head(&mut self) -> Result<u64, String> {
        Ok(self.store.head().await.map_err(said)?.0)
    }

    async fn ask(
        &mut self,
        register: &Name,
        key: &str,
        on: Date,
        known: u64,
    ) -> Result<Option<BTreeMap<String, String>>, String> {
        let at = Instant::from_micros(self.pack.zone.end_of(on).micros() - 1);
        let version =
            self.store.entry(register, key, at, EntryNumber(known)).await.map_err(said)?;
        Ok(version.map(|version| as_texts(&version.fields)))
    }
}
