//! A running city: its pack compiled and kept, its database open, its people known.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use base::{Division, Instant, Name, Text};
use kernel::{Actor, BodyId, PartyId};
use pack::{
    Compiled,
    model::{Pack, PackHash},
    source::Archive,
};
use sha2::{Digest, Sha256};
use store::{Store, VaultKey, proposals::Stage};

use crate::{
    cli::Stopped,
    library::Packs as Library,
    web::{Packs, People, Person, Role},
};

/// Where a city keeps what it knows.
pub(crate) struct Place {
    folder: PathBuf,
    database: String,
}

impl Place {
    /// A folder for papers and keys, and a database; one inside the folder unless another is named.
    pub(crate) fn new(folder: &Path, database: Option<String>) -> Result<Self, Stopped> {
        fs::create_dir_all(folder.join("papers"))?;
        let own = || format!("sqlite:{}", folder.join("city.db").display());
        Ok(Self { folder: folder.to_owned(), database: database.unwrap_or_else(own) })
    }

    /// The folder of papers.
    pub(crate) fn papers(&self) -> PathBuf {
        self.folder.join("papers")
    }

    /// The folder of the lake.
    pub(crate) fn lake(&self) -> PathBuf {
        self.folder.join("lake")
    }

    /// The folder for what does not fit into memory while rules are asked.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.folder.join("scratch")
    }

    /// The folder in which systems leave files of rows, each in the one of its source and feed.
    pub(crate) fn drop(&self) -> Result<PathBuf, Stopped> {
        let folder = self.folder.join("drop");
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// A secret of so many bytes, made when first asked for and readable by its owner alone.
    pub(crate) fn secret<const N: usize>(&self, name: &str) -> Result<[u8; N], Stopped> {
        let path = self.folder.join(format!("{name}.key"));
        if !path.exists() {
            self.make_secret::<N>(name, &path)?;
        }
        let kept = fs::read(&path)?;
        kept.try_into().map_err(|_| Stopped(format!("`{}` is not a key", path.display())))
    }

    /// Written beside its place, made safe, and moved there whole: a key that is lost takes every
    /// personal detail with it.
    fn make_secret<const N: usize>(&self, name: &str, path: &Path) -> Result<(), Stopped> {
        let mut fresh = [0_u8; N];
        getrandom::fill(&mut fresh).map_err(|error| Stopped(error.to_string()))?;
        let beside = self.folder.join(format!("{name}.key.part"));
        let mut file = private_file(&beside)?;
        file.write_all(&fresh)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        Ok(fs::File::open(&self.folder)?.sync_all()?)
    }

    /// Opens the database for a jurisdiction.
    pub(crate) async fn open(&self, jurisdiction: &Division) -> Result<Store, Stopped> {
        let key = VaultKey::from_bytes(self.secret("vault")?);
        let opened = Store::open(&self.database, jurisdiction.clone(), key).await;
        opened.map_err(|error| Stopped(format!("the database did not open: {error}")))
    }
}

fn private_file(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Puts the pack in force, and makes every pack known that a case may be pinned to.
pub(crate) async fn packs(
    store: &Store,
    compiled: Compiled,
    by: Actor,
    at: Instant,
) -> Result<Packs, Stopped> {
    let Compiled { pack, archive } = compiled;
    let live = Arc::new(pack);
    let mut by_hash = know_kept(store).await?;
    know_published(store).await?;
    store.install(live.clone(), archive.to_bytes(), by, at).await.map_err(failed)?;
    by_hash.insert(live.hash, live.clone());
    Packs::new(live, Arc::new(by_hash)).map_err(|rejected| {
        Stopped(rejected.faults.render(&rejected.sources, base::Language::En, false))
    })
}

/// The pack to serve: the one given, or the one that officers have published, where it is or will
/// be in force and nobody asks for the one given. Somebody who starts the program with an older
/// folder does not undo what was published.
///
/// # Errors
/// What the database or a kept pack says.
pub(crate) async fn to_serve(
    store: &Store,
    given: Compiled,
    at: Instant,
) -> Result<(Compiled, bool), Stopped> {
    know_kept(store).await?;
    know_published(store).await?;
    if store.in_force().await.map_err(failed)?.is_some() {
        // What fell due while nobody served takes effect first, a published pack among it.
        if let Err(store::SubmitError::Store(error)) = store.advance(at).await {
            return Err(failed(error));
        }
    }
    let Some(hash) = store.in_force().await.map_err(failed)? else { return Ok((given, false)) };
    let adopted = store.adoptions().await.map_err(failed)?;
    let adopted = adopted.last().map(|own| own.number);
    let proposals = store.proposals().await.map_err(failed)?;
    let published = proposals
        .iter()
        .any(|own| own.stage == Stage::Published || adopted.is_some() && own.adopted_by == adopted);
    if hash == given.pack.hash || !published {
        return Ok((given, false));
    }
    let kept = store.kept_packs().await.map_err(failed)?;
    let kept = kept.into_iter().find(|(own, _)| *own == hash);
    let (_, sources) = kept.ok_or_else(|| Stopped("the pack in force is not kept".to_owned()))?;
    Ok((whole(&sources)?, true))
}

/// Makes the pack known that is published and waits for its day.
async fn know_published(store: &Store) -> Result<(), Stopped> {
    if let Some((number, _)) = store.waiting_publication().await.map_err(failed)? {
        let sources = store.proposed_sources(number).await.map_err(failed)?.unwrap_or_default();
        store.know(Arc::new(recompiled(&sources)?));
    }
    Ok(())
}

/// Makes every pack known that the database keeps.
pub(crate) async fn know_kept(store: &Store) -> Result<BTreeMap<PackHash, Arc<Pack>>, Stopped> {
    let mut by_hash = BTreeMap::new();
    for (hash, bytes) in store.kept_packs().await.map_err(failed)? {
        let pinned = Arc::new(recompiled(&bytes)?);
        store.know(pinned.clone());
        by_hash.insert(hash, pinned);
    }
    Ok(by_hash)
}

fn recompiled(bytes: &[u8]) -> Result<Pack, Stopped> {
    whole(bytes).map(|compiled| compiled.pack)
}

fn whole(bytes: &[u8]) -> Result<Compiled, Stopped> {
    let unreadable = || Stopped("a pack kept in the database does not read back".to_owned());
    let archive = Archive::from_bytes(bytes).ok_or_else(unreadable)?;
    let name = archive.name.clone();
    pack::compile(&archive, &name).map_err(|_| unreadable())
}

fn failed(error: store::StoreError) -> Stopped {
    Stopped(error.to_string())
}

/// The reference of an invented person, made from its id so that it is the same each time.
pub(crate) fn party(id: &str) -> PartyId {
    let digest: [u8; 32] = Sha256::digest(id.as_bytes()).into();
    let mut reference = [0; 16];
    reference.copy_from_slice(digest.split_at(16).0);
    PartyId(reference)
}

/// The invented people of a pack's demonstration.
pub(crate) fn people(library: &Library, pack: &str) -> People {
    let text = |path: &str| library.text(pack, path).unwrap_or_default();
    let applicants = rows(&text("demo/people.csv")).into_iter().filter_map(applicant);
    let officers = rows(&text("demo/officers.csv")).into_iter().filter_map(officer);
    People(applicants.chain(officers).collect())
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let records = reader.records().filter_map(Result::ok);
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

fn applicant(row: Vec<String>) -> Option<Person> {
    let [id, zh, en, ..] = row.as_slice() else { return None };
    let role = Role::Applicant { party: party(id) };
    Some(Person { id: id.clone(), name: Text::new(zh, en), role })
}

fn officer(row: Vec<String>) -> Option<Person> {
    let [id, zh, en, office, division, ..] = row.as_slice() else { return None };
    let body =
        BodyId { office: Name::new(office).ok()?, division: Division::parse(division).ok()? };
    let role = Role::Officer { party: party(id), body };
    Some(Person { id: id.clone(), name: Text::new(zh, en), role })
}
