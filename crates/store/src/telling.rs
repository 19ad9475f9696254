//! The store's doors for messages: to read them, to name outlets, and to send.

use base::{Instant, Language};
use kernel::{EntryNumber, PartyId};

use crate::{
    Store,
    error::StoreError,
    messages::{self, Told},
    outbox::{self, Dead, Outlet, OutletId, OutletKind, Sending, Sent},
};

impl Store {
    /// Somebody's messages that are shown by now, the latest first; of those before a moment and an
    /// entry, where they are named.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn messages(
        &self,
        party: PartyId,
        before: Option<(Instant, EntryNumber)>,
        now: Instant,
        limit: u32,
    ) -> Result<Vec<Told>, StoreError> {
        let inner = self.inner();
        let mut tx = inner.db.read().await?;
        messages::of(&mut tx, &inner.jurisdiction, party, before, now, limit).await
    }

    /// How many of somebody's messages are unread, counted up to [`messages::UNREAD_MAX`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn unread(&self, party: PartyId, now: Instant) -> Result<u32, StoreError> {
        let inner = self.inner();
        messages::unread(&mut inner.db.once().await?, &inner.jurisdiction, party, now).await
    }

    /// Marks somebody's messages read: those that come from an entry, or every one shown.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn mark_read(
        &self,
        party: PartyId,
        number: Option<EntryNumber>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let inner = self.inner();
        let mut tx = inner.db.write().await?;
        messages::mark_read(&mut tx, &inner.jurisdiction, party, number, now).await?;
        tx.commit().await
    }

    /// Adds an outlet of a person; none where there are [`outbox::OUTLETS_MAX`] already.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn add_outlet(
        &self,
        party: PartyId,
        kind: OutletKind,
        language: Language,
        address: &str,
        now: Instant,
    ) -> Result<Option<OutletId>, StoreError> {
        let inner = self.inner();
        let mut tx = self.locked().await?;
        let said = (kind, language, address);
        let id = outbox::add(&mut tx, &inner.jurisdiction, &inner.vault, party, said, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A person's outlets with their addresses, in the order they were added.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read or an address does not open.
    pub async fn outlets(&self, party: PartyId) -> Result<Vec<Outlet>, StoreError> {
        let inner = self.inner();
        outbox::of(&mut inner.db.read().await?, &inner.jurisdiction, &inner.vault, party).await
    }

    /// What only a message to an outlet tells, by which who got it shows that the address is
    /// theirs.
    pub fn proof_of(&self, party: PartyId, id: OutletId) -> [u8; 16] {
        self.inner().vault.outlet_proof(party, id)
    }

    /// Confirms a mail address by the proof that was sent there; false where the proof is
    /// another's, or there is nothing to confirm.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn confirm_outlet(
        &self,
        party: PartyId,
        id: OutletId,
        proof: &[u8],
        now: Instant,
    ) -> Result<bool, StoreError> {
        let inner = self.inner();
        if !inner.vault.proves_outlet(party, id, proof) {
            return Ok(false);
        }
        let mut tx = inner.db.write().await?;
        let confirmed = outbox::confirm(&mut tx, &inner.jurisdiction, party, id, now).await?;
        tx.commit().await?;
        Ok(confirmed)
    }

    /// Removes an outlet of a person, its address and what was still to be sent there.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn remove_outlet(&self, party: PartyId, id: OutletId) -> Result<(), StoreError> {
        let inner = self.inner();
        let mut tx = inner.db.write().await?;
        outbox::remove(&mut tx, &inner.jurisdiction, party, id).await?;
        tx.commit().await
    }

    /// Takes what is to be sent by now, under a lease until an instant: until then nobody else
    /// takes it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is taken then.
    pub async fn take_due(
        &self,
        now: Instant,
        until: Instant,
        limit: u32,
    ) -> Result<Vec<Sending>, StoreError> {
        let inner = self.inner();
        // Nobody is kept from writing where nothing is to be sent.
        if !outbox::any_due(&mut inner.db.read().await?, &inner.jurisdiction, now).await? {
            return Ok(Vec::new());
        }
        let mut tx = inner.db.write().await?;
        let (place, vault) = (&inner.jurisdiction, &inner.vault);
        let taken = outbox::take(&mut tx, place, vault, now, until, limit).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Notes what came of a sending; false where its lease had run out and another has taken it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the sending is then repeated once its lease is over.
    pub async fn note_sent(
        &self,
        sending: &Sending,
        sent: &Sent,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let inner = self.inner();
        let mut tx = inner.db.write().await?;
        let noted = outbox::note(&mut tx, &inner.jurisdiction, sending, sent, now).await?;
        tx.commit().await?;
        Ok(noted)
    }

    /// What was given up of a person's messages, the latest first, a hundred at most.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn given_up(&self, party: PartyId) -> Result<Vec<Dead>, StoreError> {
        let inner = self.inner();
        outbox::dead(&mut inner.db.read().await?, &inner.jurisdiction, party).await
    }

    /// Puts what was given up for an outlet back on its way.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn send_again(
        &self,
        party: PartyId,
        id: OutletId,
        now: Instant,
    ) -> Result<(), StoreError> {
        let inner = self.inner();
        let mut tx = inner.db.write().await?;
        outbox::again(&mut tx, &inner.jurisdiction, party, id, now).await?;
        tx.commit().await
    }
}
