//! The index kept in order. SQLite writes new words beside the old ones, and every search looks
//! through each such heap. While nobody writes, the heaps are made one, a little at a time, so that
//! whoever comes waits for one step at most. PostgreSQL keeps its heaps in order by itself, but it
//! chooses its way by what it last saw of a table, and looks by itself once a minute at best: while
//! a register is filled it would read whole tables where it should follow an index. It is told to
//! look whenever the ledger has grown.

use std::time::Duration;

use kernel::EntryNumber;
use tokio::task::JoinHandle;

use crate::{
    db::{Db, Tx},
    error::StoreError,
};

/// So long nobody has written when the first step is taken.
const QUIET: Duration = Duration::from_millis(500);
/// So long the next steps wait, for whoever comes in between.
const BREATH: Duration = Duration::from_millis(5);
/// Pages of the index that one step writes: about ten milliseconds.
const STEP: i64 = 64;
/// The heaps are made one anew when the ledger has grown by one part in so many; each word is then
/// written about so many times in all.
const GROWN: u64 = 8;

/// How far the index is in order.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// The ledger's last number when the heaps were last begun to be made one; nobody knows what
    /// was before the start, so that it is done once after each.
    begun: Option<EntryNumber>,
    /// Whether there is more to do.
    under_way: bool,
    /// PostgreSQL looking at its tables.
    looking: Option<JoinHandle<()>>,
}

/// A smaller ledger is read as fast in any way.
const SMALL: u64 = 1_000;
/// The tables that grow with the ledger.
const LOOK: &str = "ANALYZE case_view, entry, message, receipt, register_value, register_version,
                    search_entry, search_index, waiting";

impl Order {
    /// How long to wait for somebody who writes before a step is taken, if one is due while the
    /// ledger ends there.
    pub(crate) fn due(&self, head: EntryNumber) -> Option<Duration> {
        let grown = |begun: EntryNumber| head.0.saturating_sub(begun.0) > head.0 / GROWN;
        let due = self.begun.is_none_or(grown).then_some(QUIET);
        self.under_way.then_some(BREATH).or(due)
    }

    /// Has PostgreSQL look at its tables where the ledger has grown, beside the writing.
    pub(crate) fn look(&mut self, db: &Db, head: EntryNumber) {
        let Db::Postgres { writer, .. } = db else { return };
        let begun = self.begun.map_or(0, |begun| begun.0);
        let grown = head.0.saturating_sub(begun) > (head.0 / GROWN).max(SMALL);
        if !grown || self.looking.as_ref().is_some_and(|own| !own.is_finished()) {
            return;
        }
        self.begun = Some(head);
        let writer = writer.clone();
        // What fails is not tried again before the ledger has grown: only time depends on it.
        let look = async move { drop(sqlx::raw_sql(LOOK).execute(&writer).await) };
        self.looking = Some(tokio::spawn(look));
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; the index is then as it was.
    pub(crate) async fn step(&mut self, db: &Db, head: EntryNumber) -> Result<(), StoreError> {
        let begins = !self.under_way;
        if begins {
            self.begun = Some(head);
        }
        // What fails is not tried again before the ledger has grown.
        self.under_way = false;
        let Tx::Sqlite(mut tx) = db.write().await? else { return Ok(()) };
        // A negative number begins with all heaps, whatever their sizes; a positive one goes on.
        let pages = if begins { -STEP } else { STEP };
        let before: i64 = sqlx::query_scalar("SELECT total_changes()").fetch_one(&mut *tx).await?;
        let merge = "INSERT INTO search_index (search_index, rank) VALUES ('merge', $1)";
        sqlx::query(merge).bind(pages).execute(&mut *tx).await?;
        let after: i64 = sqlx::query_scalar("SELECT total_changes()").fetch_one(&mut *tx).await?;
        tx.commit().await?;
        // Less than two changes say that nothing was left to do.
        self.under_way = after - before >= 2;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{db::on, schema::create};

    async fn asked(db: &Db, sql: &'static str) -> i64 {
        let mut tx = db.read().await.unwrap();
        on!(&mut tx, c => sqlx::query_scalar(sql).fetch_one(c).await.map_err(|e| e.to_string()))
            .unwrap()
    }

    #[tokio::test]
    async fn the_heaps_become_one_step_by_step() {
        let db = Db::open("sqlite::memory:").await.unwrap();
        let mut tx = db.write().await.unwrap();
        create(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        for doc in 0..600_i64 {
            let mut tx = db.write().await.unwrap();
            let words: Vec<String> =
                (0..60).map(|n| format!("h{}", (doc * 31 + n * n) % 977)).collect();
            on!(&mut tx, c => sqlx::query("INSERT INTO search_index (rowid, words) VALUES ($1, $2)")
                .bind(doc).bind(words.join(" ")).execute(c).await.map(drop)).unwrap();
            tx.commit().await.unwrap();
        }
        let heaps = "SELECT count(DISTINCT segid) FROM search_index_idx";
        let found = "SELECT count(*) FROM search_index WHERE search_index MATCH 'h31'";
        let before = asked(&db, found).await;
        assert!(asked(&db, heaps).await > 3 && before > 10);

        let (mut order, mut steps) = (Order::default(), 0);
        while order.due(EntryNumber(600)).is_some() {
            order.step(&db, EntryNumber(600)).await.unwrap();
            steps += 1;
        }
        assert_eq!(asked(&db, heaps).await, 1);
        assert_eq!(asked(&db, found).await, before);
        assert!((2..100).contains(&steps), "{steps}");
        assert_eq!(order.due(EntryNumber(600 + 600 / GROWN)), None);
        assert_eq!(order.due(EntryNumber(600 + 2 * 600 / GROWN)), Some(QUIET));
    }
}
