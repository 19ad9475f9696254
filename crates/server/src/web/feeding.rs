//! Pushing changes to those who have subscribed to them, strictly one after the other: the next is
//! not sent before the one before was taken. A receiver that is out gets everything when it is
//! back, in order; the number of a change tells one that has come already.

use std::time::Duration;

use base::{Instant, Text};
use kernel::EntryNumber;
use store::{
    StoreError,
    subscription::{Pushed, Pushing, Subscription},
};

use super::{
    api::changes::{ChangeWire, LOOKED_MAX, Seen},
    app::{App, Person, Role},
    sending::{Hooks, wait_before},
    session::hex,
    visit::{Present, Visit, held},
};

/// How long a subscription belongs to who took it; longer than what is sent under it may last.
const LEASE: i64 = 45 * 1_000_000;
/// After so long under one lease nothing more is begun.
const ENOUGH: Duration = Duration::from_secs(10);
/// How long a node rests when nothing is due.
const REST: Duration = Duration::from_millis(500);
/// A receiver that was long out is tried again this often at the least.
const WAIT_MAX: i64 = 15 * 60 * 1_000_000;

/// One node's pushing.
pub(crate) struct Feeder {
    app: App,
    hooks: Hooks,
}

impl Feeder {
    /// A feeder of what the app sees.
    ///
    /// # Errors
    /// When no client can be made for its requests.
    pub(crate) fn new(app: App) -> Result<Self, String> {
        let hooks = Hooks::new(app.outside.private_hooks)?;
        Ok(Self { app, hooks })
    }

    /// Pushes what is due until the program ends.
    pub(crate) async fn run(self) {
        loop {
            match self.round().await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(REST).await,
                Err(error) => {
                    eprintln!("yiyang: changes wait: {error}");
                    tokio::time::sleep(REST.saturating_mul(10)).await;
                }
            }
        }
    }

    /// Pushes once to whoever has waited longest; false where nobody waits.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(crate) async fn round(&self) -> Result<bool, StoreError> {
        let now = self.app.clock.now();
        let store = &self.app.store;
        let Some(pushing) = store.take_subscription(now, later(now, LEASE)).await? else {
            return Ok(false);
        };
        let last = match self.push(&pushing).await? {
            Ok(()) => Pushed::Rests,
            Err(fault) => {
                let wait = wait_before(pushing.subscription.attempts + 1, 128).min(WAIT_MAX);
                Pushed::Again(later(self.app.clock.now(), wait), fault)
            }
        };
        store.note_pushed(&pushing, &last, self.app.clock.now()).await?;
        Ok(true)
    }

    /// Sends what has changed, until the end, until enough, or until something is not taken: then
    /// why.
    async fn push(&self, pushing: &Pushing) -> Result<Result<(), String>, StoreError> {
        let Subscription { looked, sent, .. } = &pushing.subscription;
        let (mut looked, mut sent) = (*looked, *sent);
        let began = tokio::time::Instant::now();
        let (visit, role) = match self.as_holder(&pushing.subscription).await? {
            Some(holder) => holder,
            None => return Ok(Err("its holder no longer acts for the body".to_owned())),
        };
        let Some((url, secret)) = pushing.address.as_deref().and_then(|line| line.split_once(' '))
        else {
            return Ok(Err("its address is gone".to_owned()));
        };
        while began.elapsed() < ENOUGH {
            let mut seen = Seen::by(&visit, role.clone());
            let entries = self.app.store.ledger(looked, LOOKED_MAX).await?;
            let Some(end) = entries.last().map(|entry| entry.number) else { return Ok(Ok(())) };
            for entry in &entries {
                let change = match seen.change(entry).await {
                    Ok(change) => change,
                    Err(_) => return Ok(Err("the change could not be read here".to_owned())),
                };
                let Some(change) = change else { continue };
                let told = Told { change: &change, before: sent, to: &pushing.subscription };
                let at = self.app.clock.now();
                if let Err(failed) =
                    self.hooks.call(url, secret, &told.id(), &told.body(), at).await
                {
                    // What lies before it need not be looked at again.
                    let before = EntryNumber(entry.number.0 - 1);
                    self.moved(pushing, Pushed::Looked(before)).await?;
                    return Ok(Err(failed.says));
                }
                sent = entry.number;
                if !self.moved(pushing, Pushed::Taken(sent)).await? || began.elapsed() >= ENOUGH {
                    return Ok(Ok(()));
                }
            }
            looked = end;
            if !self.moved(pushing, Pushed::Looked(end)).await? {
                return Ok(Ok(()));
            }
        }
        Ok(Ok(()))
    }

    /// Notes how far it has got; false where somebody else has taken over.
    async fn moved(&self, pushing: &Pushing, pushed: Pushed) -> Result<bool, StoreError> {
        self.app.store.note_pushed(pushing, &pushed, self.app.clock.now()).await
    }

    /// Who subscribed, as somebody who visits now; none where they no longer act for the body.
    async fn as_holder(
        &self,
        subscription: &Subscription,
    ) -> Result<Option<(Visit, Role)>, StoreError> {
        // Packs may have been put in force since the node began.
        let (app, account) = (self.app.now(), subscription.account);
        let Some(found) = app.store.accounts().account(account).await? else {
            return Ok(None);
        };
        let now = app.clock.now();
        let day = app.packs.live.zone.day_of(now);
        let party = found.party;
        let role = match subscription.acting.clone() {
            None => Role::Applicant { party },
            Some(body) => match held(&app, account, Some(body), day).await {
                Some(body) => Role::Officer { party, body },
                None => return Ok(None),
            },
        };
        // Whoever is erased sees nothing any more.
        if found.name.is_empty() {
            return Ok(None);
        }
        let name = Text::new(found.name.as_str(), found.name.as_str());
        let person = Person { id: account.to_string(), name, role: role.clone() };
        let present = Present::Holder { account, person };
        Ok(Some((Visit::of_nobody_there(app, present, now), role)))
    }
}

/// A change on its way.
struct Told<'a> {
    change: &'a ChangeWire,
    /// The change before it.
    before: EntryNumber,
    to: &'a Subscription,
}

impl Told<'_> {
    /// A number that is the same each time it is sent.
    fn id(&self) -> String {
        format!("{}.{}", self.change.number, hex(&self.to.id.0))
    }

    fn body(&self) -> serde_json::Value {
        serde_json::json!({
            "type": "change",
            "previous": self.before.0,
            "data": self.change,
        })
    }
}

fn later(now: Instant, micros: i64) -> Instant {
    Instant::from_micros(now.micros().saturating_add(micros))
}
