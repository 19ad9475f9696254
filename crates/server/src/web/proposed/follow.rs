//! The pack in force as the database has it, followed by a server that runs: whoever put it in
//! force, an officer here or another node. A request keeps the packs with which it began.

use std::sync::Arc;

use base::Name;
use pack::{language::scenario::Scenario, model::Pack, source::Archive};
use store::StoreError;

use crate::web::app::{App, Packs};

/// Makes the pack known that is published and waits for its day, so that the writer can adopt it.
///
/// # Errors
/// [`StoreError`] when the database cannot be read, or the pack does not compile here.
pub(crate) async fn prepare(app: &App) -> Result<(), StoreError> {
    let Some((number, hash)) = app.store.waiting_publication().await? else { return Ok(()) };
    if app.store.knows(hash) {
        return Ok(());
    }
    let sources = app.store.proposed_sources(number).await?.unwrap_or_default();
    app.store.know(Arc::new(recompiled(sources).await?));
    Ok(())
}

/// Serves the pack in force from the next request on.
///
/// # Errors
/// [`StoreError`] when the database cannot be read, or the pack does not compile here.
pub(crate) async fn follow(app: &App) -> Result<(), StoreError> {
    let app = app.now();
    let Some(hash) = app.store.in_force().await? else { return Ok(()) };
    if hash == app.packs.live.hash {
        return Ok(());
    }
    let known = app.packs.by_hash.get(&hash).cloned().or_else(|| app.store.known(hash));
    let live = match known {
        Some(known) => known,
        None => {
            let kept = app.store.kept_packs().await?.into_iter().find(|(own, _)| *own == hash);
            let kept = kept.map(|(_, sources)| sources).unwrap_or_default();
            let live = Arc::new(recompiled(kept).await?);
            app.store.know(live.clone());
            live
        }
    };
    let mut by_hash = (*app.packs.by_hash).clone();
    by_hash.insert(hash, live.clone());
    let packs = Packs::new(live, Arc::new(by_hash));
    app.in_force.put(packs.map_err(|_| unreadable())?);
    Ok(())
}

/// The stories that are kept with a pack that is or was in force.
///
/// # Errors
/// [`StoreError`] when the database cannot be read.
pub(crate) async fn stories_of(
    app: &App,
    pack: &Pack,
) -> Result<Vec<(String, Scenario)>, StoreError> {
    let kept = app.store.kept_packs().await?.into_iter().find(|(hash, _)| *hash == pack.hash);
    let archive = kept.and_then(|(_, sources)| Archive::from_bytes(&sources));
    let name = Name::as_str(&pack.name);
    let read = archive.map(|archive| pack::scenarios(&archive, name).unwrap_or_default());
    Ok(read.unwrap_or_default())
}

async fn recompiled(sources: Vec<u8>) -> Result<Pack, StoreError> {
    let compiled = tokio::task::spawn_blocking(move || {
        let archive = Archive::from_bytes(&sources)?;
        let name = archive.name.clone();
        pack::compile(&archive, &name).ok()
    });
    let compiled = compiled.await.ok().flatten();
    compiled.map(|compiled| compiled.pack).ok_or_else(unreadable)
}

fn unreadable() -> StoreError {
    StoreError::Corrupt("a pack kept in the database does not compile".to_owned())
}
