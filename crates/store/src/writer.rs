//! The one writer of a store: it takes whatever has arrived, decides it as one group, commits
//! once, and only then answers. An acknowledged submission is on the disk; when the commit fails
//! nobody is acknowledged, and the next group starts afresh from the database.

use std::sync::Arc;

use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    ask::{Answer, Ask},
    error::{StoreError, SubmitError},
    group::{Desk, Group},
    search::Order,
    store::Inner,
    world::World,
};

/// The most that is committed at once.
pub(crate) const GROUP_MAX: usize = 256;

/// Something asked, and where the answer goes.
pub(crate) type Job = (Ask, oneshot::Sender<Answer>);

/// Serves jobs until the last store is gone.
pub(crate) async fn run(inner: Arc<Inner>, mut jobs: mpsc::Receiver<Job>) {
    let mut world: Option<World> = None;
    let mut order = Order::default();
    let mut arrived = Vec::with_capacity(GROUP_MAX);
    loop {
        let waiting = jobs.recv_many(&mut arrived, GROUP_MAX);
        let head = world.as_ref().map(|world| world.number);
        head.into_iter().for_each(|head| order.look(&inner.db, head));
        let count = match head.and_then(|head| Some((head, order.due(head)?))) {
            None => waiting.await,
            Some((head, quiet)) => match timeout(quiet, waiting).await {
                Ok(count) => count,
                Err(_) => {
                    // A search finds the same in any order.
                    order.step(&inner.db, head).await.ok();
                    continue;
                }
            },
        };
        if count == 0 {
            return;
        }
        let (asks, replies): (Vec<Ask>, Vec<_>) = arrived.drain(..).unzip();
        let answers = match commit(&inner, world.take(), &asks).await {
            Ok((kept, answers)) => {
                world = Some(kept);
                answers
            }
            Err(error) => asks.iter().map(|_| Err(SubmitError::Store(error.clone()))).collect(),
        };
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever asked may have gone; what was done stays done.
            reply.send(answer).ok();
        }
    }
}

async fn commit(
    inner: &Inner,
    world: Option<World>,
    asks: &[Ask],
) -> Result<(World, Vec<Answer>), StoreError> {
    let shelf = inner.shelf();
    let desk = Desk { place: &inner.jurisdiction, vault: &inner.vault, shelf: &shelf };
    let mut tx = inner.db.write().await?;
    let mut group = Group::open(&mut tx, desk, world, asks).await?;
    let mut answers = Vec::with_capacity(asks.len());
    for ask in asks {
        answers.push(group.take(&mut tx, ask).await?);
    }
    let adopted = group.has_adopted();
    let world = group.store(&mut tx).await?;
    tx.commit().await?;
    if adopted {
        inner.answers.forget();
    }
    Ok((world, answers))
}
