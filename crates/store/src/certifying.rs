//! What certifies signatures: certificates and lists of revoked ones, kept as they came. Who kept
//! one has judged it; here it is only found again.

use std::collections::BTreeSet;

use base::{Instant, Name};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    store::Store,
};

/// The certificates of one name that are read: one who certifies renews its own now and then.
const OF_NAME_MAX: i64 = 16;
/// The lists of one name that are read.
const LISTS_MAX: i64 = 4;
/// The certificates of one issuer that are read at a time.
const PAGE: i64 = 500;

/// A document that certifies something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certifying {
    /// SHA-256 of the document.
    pub digest: [u8; 32],
    /// What it is.
    pub kind: CertifyingKind,
    /// By what it is found: SHA-256 of the name of whom a certificate is about, or of who made a
    /// list.
    pub name: [u8; 32],
    /// SHA-256 of the name of who made it.
    pub issuer: [u8; 32],
    /// From when a certificate holds, or when a list was made.
    pub at: Instant,
    /// The document, as DER.
    pub document: Vec<u8>,
    /// Who sent it.
    pub source: Name,
    /// When it came.
    pub taken_at: Instant,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertifyingKind {
    /// A certificate.
    Certificate,
    /// A list of revoked certificates.
    List,
}

impl CertifyingKind {
    fn word(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::List => "list",
        }
    }
}

impl Store {
    /// Keeps documents, each once. The digests of those that were new.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; none is kept then.
    pub async fn keep_certifying(
        &self,
        documents: &[Certifying],
    ) -> Result<BTreeSet<[u8; 32]>, StoreError> {
        let inner = self.inner();
        let mut tx = inner.db.write().await?;
        let mut new = BTreeSet::new();
        for own in documents {
            if kept(&mut tx, inner.jurisdiction.as_str(), own).await? > 0 {
                new.insert(own.digest);
            }
        }
        tx.commit().await?;
        Ok(new)
    }

    /// The certificate of that digest.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn certificate(&self, digest: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        let inner = self.inner();
        let sql = "SELECT document FROM certifying
                   WHERE jurisdiction = $1 AND digest = $2 AND kind = 'certificate'";
        let mut tx = inner.db.once().await?;
        let row: Option<(Vec<u8>,)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(inner.jurisdiction.as_str()).bind(digest.to_vec()).fetch_optional(c).await)?;
        Ok(row.map(|(document,)| document))
    }

    /// The latest documents of a kind and a name, the latest first: of certificates 16 at most, of
    /// lists 4, for one who certifies may have two keys for a while.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn certifying(
        &self,
        kind: CertifyingKind,
        name: &[u8; 32],
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let inner = self.inner();
        let most = if kind == CertifyingKind::List { LISTS_MAX } else { OF_NAME_MAX };
        let sql = "SELECT document FROM certifying
                   WHERE jurisdiction = $1 AND kind = $2 AND name = $3
                   ORDER BY at DESC, digest LIMIT $4";
        let mut tx = inner.db.once().await?;
        let rows: Vec<(Vec<u8>,)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(inner.jurisdiction.as_str()).bind(kind.word()).bind(name.to_vec()).bind(most)
            .fetch_all(c).await)?;
        Ok(rows.into_iter().map(|(document,)| document).collect())
    }

    /// The certificates that somebody issued, after one, by digest; 500 at most.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn issued_by(
        &self,
        issuer: &[u8; 32],
        after: Option<[u8; 32]>,
    ) -> Result<Vec<([u8; 32], Vec<u8>)>, StoreError> {
        let inner = self.inner();
        let after = after.map_or_else(Vec::new, |digest| digest.to_vec());
        let sql = "SELECT digest, document FROM certifying
                   WHERE jurisdiction = $1 AND kind = 'certificate' AND issuer = $2 AND digest > $3
                   ORDER BY digest LIMIT $4";
        let mut tx = inner.db.once().await?;
        let rows: Vec<(Vec<u8>, Vec<u8>)> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(inner.jurisdiction.as_str()).bind(issuer.to_vec()).bind(after).bind(PAGE)
            .fetch_all(c).await)?;
        let row =
            |(digest, document): (Vec<u8>, Vec<u8>)| Ok((column::hash_of(&digest)?, document));
        rows.into_iter().map(row).collect()
    }
}

async fn kept(tx: &mut Tx, place: &str, own: &Certifying) -> Result<u64, StoreError> {
    let sql = "INSERT INTO certifying
                 (jurisdiction, digest, kind, name, issuer, at, document, source, taken_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    let done = on!(tx, c => sqlx::query(sql).bind(place).bind(own.digest.to_vec())
        .bind(own.kind.word()).bind(own.name.to_vec()).bind(own.issuer.to_vec())
        .bind(own.at.micros()).bind(own.document.clone()).bind(own.source.as_str())
        .bind(own.taken_at.micros()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done)
}
