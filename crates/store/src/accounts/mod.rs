//! Accounts: who may sign in, with what, and what happened. Nothing here is in the ledger, which
//! names parties only; an account says which party somebody is.

mod ceremony;
mod delegation;
mod factor;
mod office;
mod passkey;
mod proof;
mod row;
mod session;
mod token;
mod trail;

use base::Instant;
use identity::{AccountId, LoginName, PasswordHash, Proof};
use kernel::{CaseId, EntryNumber, PartyId};

pub use ceremony::Ceremony;
pub use delegation::Delegation;
pub use factor::{CodePurpose, Totp};
pub use office::Office;
pub use passkey::KeptPasskey;
pub use proof::Proved;
pub use session::{Here, NewSession, Session, SessionDigest};
pub use token::{ByToken, TOKENS_MAX, Token, TokenDigest};
pub use trail::{Event, Happening};

pub(crate) use row::account_id as account_of;

use crate::{
    db::{Tx, on},
    error::StoreError,
    persons,
    store::{Inner, Store},
    submission::Personal,
};

/// Where the vault keeps what belongs to an account and to no case: no entry has this number.
const NO_CASE: CaseId = CaseId(EntryNumber(0));
/// The holder's name in the vault.
const NAME: &str = "account.name";
/// The login name in the vault.
const LOGIN: &str = "account.login";

/// An account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// The party that its holder is.
    pub party: PartyId,
    /// What its holder is called; empty once the person is erased.
    pub name: String,
    /// By what its holder is known at the door; none where another site signs them in.
    pub login: Option<LoginName>,
    /// What is kept of the password, if there is one.
    pub password: Option<PasswordHash>,
    /// What stands behind the holder's identity number.
    pub proof: Proof,
    /// When it was made.
    pub made_at: Instant,
}

/// An account that is to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its number, drawn at random.
    pub id: AccountId,
    /// The party that its holder will be, drawn at random.
    pub party: PartyId,
    /// What its holder is called.
    pub name: String,
    /// By what its holder is known at the door.
    pub login: Option<LoginName>,
    /// What is kept of the password.
    pub password: Option<PasswordHash>,
}

/// The door to accounts.
#[derive(Clone, Copy)]
pub struct Accounts<'a> {
    inner: &'a Inner,
    store: &'a Store,
}

impl Store {
    /// The accounts of the jurisdiction.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { inner: self.inner(), store: self }
    }
}

impl Accounts<'_> {
    /// The place as it stands in columns.
    fn place(&self) -> &str {
        self.inner.jurisdiction.as_str()
    }

    async fn read(&self) -> Result<Tx, StoreError> {
        self.inner.db.read().await
    }

    /// For one statement.
    async fn once(&self) -> Result<Tx, StoreError> {
        self.inner.db.once().await
    }

    async fn write(&self) -> Result<Tx, StoreError> {
        self.inner.db.write().await
    }

    /// A transaction beside which nobody else makes a person's key.
    async fn alone(&self) -> Result<Tx, StoreError> {
        self.store.locked().await
    }

    /// Makes an account. False when its login name is taken: nothing is made then.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn sign_up(&self, new: &NewAccount, at: Instant) -> Result<bool, StoreError> {
        let mut tx = self.alone().await?;
        let made = self.make(&mut tx, new, at).await?;
        if made {
            self.note_in(&mut tx, new.id, Event::Made, "", at).await?;
            tx.commit().await?;
        }
        Ok(made)
    }

    async fn make(&self, tx: &mut Tx, new: &NewAccount, at: Instant) -> Result<bool, StoreError> {
        let sql = "INSERT INTO account
                     (jurisdiction, id, party, login, password, proof, made_at)
                   VALUES ($1, $2, $3, $4, $5, 'unproven', $6) ON CONFLICT DO NOTHING";
        let (id, party) = (new.id.0.to_vec(), new.party.0.to_vec());
        let login = new.login.as_ref().map(|login| self.login(login).to_vec());
        let password = new.password.as_ref().map(|hash| hash.as_str().to_owned());
        let rows = on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(id).bind(party)
            .bind(login).bind(password).bind(at.micros()).execute(c).await
            .map(|done| done.rows_affected()))?;
        if rows == 0 {
            return Ok(false);
        }
        let login = new.login.iter().map(|login| (LOGIN, login.as_str()));
        let kept: Vec<_> = login.chain([(NAME, new.name.as_str())]).collect();
        self.keep(tx, new.party, &kept).await?;
        Ok(true)
    }

    /// Seals texts of an account's holder.
    async fn keep(
        &self,
        tx: &mut Tx,
        party: PartyId,
        texts: &[(&str, &str)],
    ) -> Result<(), StoreError> {
        let personal: Vec<(CaseId, Personal)> = texts
            .iter()
            .map(|(path, text)| {
                let path = (*path).to_owned();
                (NO_CASE, Personal { party, path, text: crate::column::text(text) })
            })
            .collect();
        persons::keep(tx, &self.inner.jurisdiction, &self.inner.vault, &personal).await
    }

    /// A text that is the holder's own, and that only the holder's pages and sign-in read.
    async fn own(
        &self,
        tx: &mut Tx,
        party: PartyId,
        path: &str,
    ) -> Result<Option<String>, StoreError> {
        let place = crate::vault::Place { party, case: NO_CASE, path };
        persons::own(tx, &self.inner.jurisdiction, &self.inner.vault, place).await
    }

    /// The keyed digest of a login name.
    fn login(&self, login: &LoginName) -> [u8; 32] {
        self.inner.vault.identity("login-name", login.as_str())
    }

    /// The account of that number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let mut tx = self.read().await?;
        self.account_in(&mut tx, id).await
    }

    async fn account_in(&self, tx: &mut Tx, id: AccountId) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT id, party, login IS NOT NULL, password, proof, proven_by, proven_at,
                     made_at FROM account WHERE jurisdiction = $1 AND id = $2";
        let found: Option<row::AccountRow> = on!(&mut *tx, c => sqlx::query_as(sql)
            .bind(self.place()).bind(id.0.to_vec()).fetch_optional(c).await)?;
        match found {
            Some(found) => self.opened(tx, found).await.map(Some),
            None => Ok(None),
        }
    }

    /// A row with what the vault keeps of its holder.
    async fn opened(&self, tx: &mut Tx, found: row::AccountRow) -> Result<Account, StoreError> {
        let has_login = found.2;
        let mut account = row::account(found)?;
        let name = self.own(tx, account.party, NAME).await?;
        account.name = name.unwrap_or_default();
        if has_login {
            let login = self.own(tx, account.party, LOGIN).await?;
            account.login = login.and_then(|login| LoginName::parse(&login).ok());
        }
        Ok(account)
    }

    /// The account of that login name.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn by_login(&self, login: &LoginName) -> Result<Option<Account>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT id FROM account WHERE jurisdiction = $1 AND login = $2";
        let digest = self.login(login).to_vec();
        let id: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql)
            .bind(self.place()).bind(digest).fetch_optional(c).await)?;
        match id {
            Some(id) => self.account_in(&mut tx, row::account_id(&id)?).await,
            None => Ok(None),
        }
    }

    /// The account of a party.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn by_party(&self, party: PartyId) -> Result<Option<Account>, StoreError> {
        let mut tx = self.read().await?;
        let sql = "SELECT id FROM account WHERE jurisdiction = $1 AND party = $2";
        let id: Option<Vec<u8>> = on!(&mut tx, c => sqlx::query_scalar(sql)
            .bind(self.place()).bind(party.0.to_vec()).fetch_optional(c).await)?;
        match id {
            Some(id) => self.account_in(&mut tx, row::account_id(&id)?).await,
            None => Ok(None),
        }
    }

    /// Sets the password and ends every session of the account but one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; the old password stays then.
    pub async fn set_password(
        &self,
        id: AccountId,
        hash: &PasswordHash,
        but: Option<SessionDigest>,
        at: Instant,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        self.put_password(&mut tx, id, hash).await?;
        self.end_all(&mut tx, id, but, at).await?;
        self.note_in(&mut tx, id, Event::PasswordChanged, "", at).await?;
        tx.commit().await
    }

    /// Keeps the same password under today's parameters: nobody is signed out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn rehash(&self, id: AccountId, hash: &PasswordHash) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        self.put_password(&mut tx, id, hash).await?;
        tx.commit().await
    }

    async fn put_password(
        &self,
        tx: &mut Tx,
        id: AccountId,
        hash: &PasswordHash,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE account SET password = $3 WHERE jurisdiction = $1 AND id = $2";
        on!(&mut *tx, c => sqlx::query(sql).bind(self.place()).bind(id.0.to_vec())
            .bind(hash.as_str()).execute(c).await.map(drop))?;
        Ok(())
    }
}
