//! A batch as it came, whichever way: what it says of itself is not believed before its signature
//! and what is noted of its source bear it out.

use axum::{body::Bytes, http::HeaderMap};
use base::{Instant, Name};
use lake::Batch;

use super::{BATCH_MAX, NotSent, Taking, signed::signed_by, untaken};
use crate::web::{app::App, fault::Fault};

/// A batch that came.
pub(crate) struct Came<'a> {
    /// Who is said to send it.
    pub(crate) source: &'a str,
    /// The feed that it is said to be of.
    pub(crate) feed: &'a str,
    /// The headers, with its signature.
    pub(crate) headers: &'a HeaderMap,
    /// Its lines.
    pub(crate) body: Bytes,
    /// When it came here, or to whoever kept it for us: it was signed at about that time.
    pub(crate) at: Instant,
}

impl Came<'_> {
    /// Reads it, where its source has signed it and may send the feed; nothing is kept yet.
    ///
    /// # Errors
    /// [`Fault::Rows`] where it is not taken, another where the database fails.
    pub(crate) async fn read(
        self,
        app: &App,
        taking: &Taking,
        now: Instant,
    ) -> Result<Batch, Fault> {
        let Self { source, feed, headers, body, at } = self;
        let named = |text: &str, why| Name::new(text).map_err(|_| Fault::Rows(why));
        let (source, feed) = (named(source, NotSent::NoSource)?, named(feed, NotSent::NotItsFeed)?);
        let known = app.store.source(&source).await?.filter(|known| !known.ended);
        let known = known.ok_or(Fault::Rows(NotSent::NoSource))?;
        signed_by(&known.key, headers, &body, at).map_err(Fault::Rows)?;
        if !known.feeds.contains(&feed) {
            return Err(Fault::Rows(NotSent::NotItsFeed));
        }
        if body.len() > BATCH_MAX {
            return Err(Fault::Rows(NotSent::TooLong));
        }
        let lake = taking.lake().clone();
        let read = move || lake.batch(&feed, source.as_str(), &body, now);
        let batch = tokio::task::spawn_blocking(read).await;
        batch.map_err(|error| Fault::broken(&error))?.map_err(untaken)
    }
}
