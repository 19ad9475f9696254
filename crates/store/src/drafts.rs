//! The store's door to drafts.

use base::{Instant, Name};
use kernel::{CaseId, PartyId};

use crate::{
    draft::{self, Draft, DraftId, DraftLine, DraftPaper, NewDraft, Own, Saved, Saving},
    error::StoreError,
    store::Store,
};

impl Store {
    /// Begins a draft; one that was begun already is left as it is.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn begin_draft(&self, new: &NewDraft) -> Result<(), StoreError> {
        let mut tx = self.locked().await?;
        draft::begin(&mut tx, &self.inner.jurisdiction, &self.inner.vault, new).await?;
        tx.commit().await
    }

    /// Somebody's drafts that have not lapsed, the one changed last first.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn drafts_of(
        &self,
        owner: PartyId,
        now: Instant,
    ) -> Result<Vec<DraftLine>, StoreError> {
        let mut tx = self.inner.db.read().await?;
        draft::of_owner(&mut tx, &self.inner.jurisdiction, owner, now).await
    }

    /// A draft opened for its owner; none where there is none, or it has lapsed.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or the draft does not open.
    pub async fn draft(&self, own: Own, now: Instant) -> Result<Option<Draft>, StoreError> {
        let mut tx = self.inner.db.read().await?;
        draft::open(&mut tx, &self.inner.jurisdiction, &self.inner.vault, own, now).await
    }

    /// Saves a page of a draft; none where there is no such draft any more. The same answers again
    /// change nothing, and answers saved since the page was read are not overwritten.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is saved then.
    pub async fn save_topic(
        &self,
        own: Own,
        saving: Saving<'_>,
    ) -> Result<Option<Saved>, StoreError> {
        let mut tx = self.inner.db.write().await?;
        let (place, vault) = (&self.inner.jurisdiction, &self.inner.vault);
        let saved = draft::save(&mut tx, place, vault, own, saving).await?;
        tx.commit().await?;
        Ok(saved)
    }

    /// Hands a paper in with a draft, in place of the one before; the draft then lapses at
    /// `lapses_at`. False where there is no such draft any more.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn put_draft_paper(
        &self,
        own: Own,
        material: &str,
        paper: &DraftPaper,
        lapses_at: Instant,
    ) -> Result<bool, StoreError> {
        let mut tx = self.inner.db.write().await?;
        let (place, vault) = (&self.inner.jurisdiction, &self.inner.vault);
        let what = (material, paper, lapses_at);
        let there = draft::put_paper(&mut tx, place, vault, own, what).await?;
        tx.commit().await?;
        Ok(there)
    }

    /// Takes a paper out of a draft.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn drop_draft_paper(&self, own: Own, material: &str) -> Result<(), StoreError> {
        let mut tx = self.inner.db.write().await?;
        draft::drop_paper(&mut tx, &self.inner.jurisdiction, own, material).await?;
        tx.commit().await
    }

    /// Notes a case filed from a draft. Once each of its services has its case, what was written in
    /// it is destroyed.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn draft_filed(
        &self,
        own: Own,
        service: &Name,
        case: CaseId,
    ) -> Result<(), StoreError> {
        let mut tx = self.locked().await?;
        draft::filed(&mut tx, &self.inner.jurisdiction, own, service, case).await?;
        tx.commit().await
    }

    /// Deletes a draft with everything in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is deleted then.
    pub async fn delete_draft(&self, own: Own) -> Result<(), StoreError> {
        let mut tx = self.inner.db.write().await?;
        draft::delete(&mut tx, &self.inner.jurisdiction, own).await?;
        tx.commit().await
    }

    /// Deletes the drafts that have lapsed, and says which they were.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is deleted then.
    pub async fn sweep_drafts(&self, now: Instant) -> Result<Vec<DraftId>, StoreError> {
        let mut tx = self.inner.db.write().await?;
        let swept = draft::sweep(&mut tx, &self.inner.jurisdiction, now).await?;
        tx.commit().await?;
        Ok(swept)
    }
}
