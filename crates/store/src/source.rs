//! Systems that send rows in bulk: which there are, which feeds each sends, by which key it signs.
//! Every change is a step that says the whole and who made it; nothing is overwritten, so that what
//! was taken in can be held against the key of its time.

use base::{Instant, Name};
use kernel::{BodyId, PartyId};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    store::Store,
};

/// A source as somebody says it is from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name under which it sends; it never changes.
    pub name: Name,
    /// What it is called.
    pub title: String,
    /// The feeds whose rows it may send.
    pub feeds: Vec<Name>,
    /// The public key (Ed25519) by which its batches are verified.
    pub key: [u8; 32],
    /// True once it may send no more.
    pub ended: bool,
}

/// A step: what a source is from a moment on, and who said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceStep {
    /// The source from then on.
    pub source: Source,
    /// The officer.
    pub officer: PartyId,
    /// For which body.
    pub body: BodyId,
    /// When.
    pub at: Instant,
}

/// Name, title, feeds, key, ended, officer, office, division, when.
type Row = (String, String, String, Vec<u8>, i64, Vec<u8>, String, String, i64);

/// The columns of a step.
macro_rules! columns {
    () => {
        "source, title, feeds, key, ended, officer, office, division, at"
    };
}

fn read(row: Row) -> Result<SourceStep, StoreError> {
    let (name, title, feeds, key, ended, officer, office, division, at) = row;
    let key = key.try_into().map_err(|_| column::corrupt("a source's key is not 32 bytes"))?;
    let feeds = feeds.split_whitespace().map(column::name_of).collect::<Result<_, _>>()?;
    Ok(SourceStep {
        source: Source { name: column::name_of(&name)?, title, feeds, key, ended: ended != 0 },
        officer: column::party_of(&officer)?,
        body: column::body_of(&office, &division)?,
        at: column::instant_of(at),
    })
}

impl Store {
    /// Notes what a source is from now on. False where its name is taken, for one that is `new`, or
    /// where there is none of that name, for one that is not; nothing is noted then.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is noted then.
    pub async fn note_source(&self, step: &SourceStep, new: bool) -> Result<bool, StoreError> {
        let inner = self.inner();
        let place = inner.jurisdiction.as_str();
        let mut tx = self.locked().await?;
        let name = step.source.name.as_str();
        let before = of(&mut tx, place, name).await?.len();
        if new != (before == 0) {
            return Ok(false);
        }
        let number = i64::try_from(before).unwrap_or(i64::MAX);
        let feeds: Vec<&str> = step.source.feeds.iter().map(Name::as_str).collect();
        let sql = concat!(
            "INSERT INTO source_step (jurisdiction, number, ",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        on!(&mut tx, c => sqlx::query(sql).bind(place).bind(number).bind(name)
            .bind(column::text(&step.source.title)).bind(feeds.join(" "))
            .bind(step.source.key.to_vec()).bind(i64::from(step.source.ended))
            .bind(step.officer.0.to_vec()).bind(step.body.office.as_str())
            .bind(step.body.division.as_str()).bind(step.at.micros())
            .execute(c).await.map(drop))?;
        tx.commit().await?;
        Ok(true)
    }

    /// The steps of a source, the first one first; none where there is no such source.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn source_steps(&self, name: &Name) -> Result<Vec<SourceStep>, StoreError> {
        let inner = self.inner();
        of(&mut inner.db.read().await?, inner.jurisdiction.as_str(), name.as_str()).await
    }

    /// Every source as it is now, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn sources(&self) -> Result<Vec<SourceStep>, StoreError> {
        let inner = self.inner();
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM source_step s WHERE jurisdiction = $1 AND number =
               (SELECT MAX(number) FROM source_step l
                WHERE l.jurisdiction = s.jurisdiction AND l.source = s.source)
             ORDER BY source"
        );
        let mut tx = inner.db.read().await?;
        let place = inner.jurisdiction.as_str();
        let rows: Vec<Row> = on!(&mut tx, c => sqlx::query_as(sql).bind(place).fetch_all(c).await)?;
        rows.into_iter().map(read).collect()
    }

    /// A source as it is now.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn source(&self, name: &Name) -> Result<Option<Source>, StoreError> {
        Ok(self.source_steps(name).await?.pop().map(|step| step.source))
    }
}

async fn of(tx: &mut Tx, place: &str, name: &str) -> Result<Vec<SourceStep>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM source_step WHERE jurisdiction = $1 AND source = $2 ORDER BY number"
    );
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(sql).bind(place).bind(name).fetch_all(c).await)?;
    rows.into_iter().map(read).collect()
}
