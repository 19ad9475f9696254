//! A batch as it came, whichever way: what it says of itself is not believed before its signature
//! and what is noted of its source bear it out.

use axum::{body::Bytes, http::HeaderMap};
use base::{Instant, Name};
use lake::Batch;

use super::{BATCH_MAX, NotSent, Taking, proof, signed::signed_by, untaken};
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
    /// Reads it, where its source has signed it and may send the feed; nothing is kept yet. Rows
    /// that somebody must have signed are judged, and held where they do not stand up to it.
    ///
    /// # Errors
    /// [`Fault::Rows`] where it is not taken, another where the database fails.
    pub(crate) async fn read(
        self,
        app: &App,
        taking: &Taking,
        now: Instant,
    ) -> Result<Batch, Fault> {
        let (source, feed) = self.sent(app).await?;
        let (lake, body, named) = (taking.lake().clone(), self.body, feed.clone());
        let read = move || lake.batch(&named, source.as_str(), &body, now);
        let batch = tokio::task::spawn_blocking(read).await;
        let batch = batch.map_err(|error| Fault::broken(&error))?.map_err(untaken)?;
        proof::judge(app, &feed, batch, self.at).await
    }

    /// Who sent it for which feed, where it was signed by them and they may send it.
    ///
    /// # Errors
    /// [`Fault::Rows`] where it is not taken, another where the database fails.
    pub(crate) async fn sent(&self, app: &App) -> Result<(Name, Name), Fault> {
        let Self { source, feed, headers, body, at } = self;
        let named = |text: &str, why| Name::new(text).map_err(|_| Fault::Rows(why));
        let (source, feed) = (named(source, NotSent::NoSource)?, named(feed, NotSent::NotItsFeed)?);
        let known = app.store.source(&source).await?.filter(|known| !known.ended);
        let known = known.ok_or(Fault::Rows(NotSent::NoSource))?;
        signed_by(&known.key, headers, body, *at).map_err(Fault::Rows)?;
        if !known.feeds.contains(&feed) || proof::written_here(&app.now().packs.live, &feed) {
            return Err(Fault::Rows(NotSent::NotItsFeed));
        }
        if body.len() > BATCH_MAX {
            return Err(Fault::Rows(NotSent::TooLong));
        }
        Ok((source, feed))
    }
}
