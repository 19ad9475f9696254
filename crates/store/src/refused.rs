//! Batches that came as messages and could never be taken: who sent them has gone on, so that it
//! must be seen here. The messages themselves lie where they came from.

use std::time::Duration;

use base::Instant;

use crate::{column, db::on, error::StoreError, store::Store};

/// How long it is told; the message is kept as long.
pub const TOLD_WITHIN: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The most characters of the place to which a message was sent: it may be anything.
const PLACE_MAX: usize = 100;
/// How many are told at once.
const LISTED: i64 = 50;

/// A batch that could never be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedBatch {
    /// The stream in which it came.
    pub stream: String,
    /// Its number there.
    pub sequence: u64,
    /// Where it was sent: the name of a source and of a feed with a point between, as it said.
    pub place: String,
    /// When it was stored there.
    pub sent_at: Instant,
    /// Why: the number of the refusal.
    pub fault: u16,
}

impl Store {
    /// Notes a batch that could never be taken, once; what is too old to be told is forgotten.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing is noted then.
    pub async fn note_refused(&self, batch: &RefusedBatch) -> Result<(), StoreError> {
        let inner = self.inner();
        let place = inner.jurisdiction.as_str();
        let said: String = batch.place.chars().take(PLACE_MAX).collect();
        let within = i64::try_from(TOLD_WITHIN.as_micros()).unwrap_or(i64::MAX);
        let oldest = batch.sent_at.micros().saturating_sub(within);
        let mut tx = inner.db.write().await?;
        let sql =
            "INSERT INTO batch_refused (jurisdiction, stream, sequence, place, sent_at, fault)
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        on!(&mut tx, c => sqlx::query(sql).bind(place).bind(column::text(&batch.stream))
            .bind(batch.sequence.cast_signed()).bind(column::text(&said))
            .bind(batch.sent_at.micros()).bind(i64::from(batch.fault))
            .execute(c).await.map(drop))?;
        let sql = "DELETE FROM batch_refused WHERE jurisdiction = $1 AND sent_at < $2";
        on!(&mut tx, c => sqlx::query(sql).bind(place).bind(oldest).execute(c).await.map(drop))?;
        tx.commit().await
    }

    /// The batches that could never be taken, the latest first, fifty at most.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn refused_batches(&self) -> Result<Vec<RefusedBatch>, StoreError> {
        type Row = (String, i64, String, i64, i64);
        let inner = self.inner();
        let sql = "SELECT stream, sequence, place, sent_at, fault FROM batch_refused
                   WHERE jurisdiction = $1 ORDER BY sent_at DESC, sequence DESC LIMIT $2";
        let mut tx = inner.db.once().await?;
        let rows: Vec<Row> = on!(&mut tx, c => sqlx::query_as(sql)
            .bind(inner.jurisdiction.as_str()).bind(LISTED).fetch_all(c).await)?;
        let batch = |(stream, sequence, place, sent_at, fault): Row| RefusedBatch {
            stream,
            sequence: sequence.cast_unsigned(),
            place,
            sent_at: column::instant_of(sent_at),
            fault: u16::try_from(fault).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(batch).collect())
    }
}
