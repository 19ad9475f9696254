//! Where proposals are checked, played and compared: beside the serving, on threads of their own,
//! each once. What is found is kept in memory and found again after a restart; what came of the
//! stories is kept in the store.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use base::Text;
use pack::{
    Rejected, compile,
    diff::{Days, Diff, between},
    language::scenario::Scenario,
    model::{Migration, Pack, PackHash},
    source::{Archive, Library},
};
use replay::{memory::Memory, play, play::place_of};
use serde::{Deserialize, Serialize};
use store::{
    StoreError,
    proposals::{Hand, Proposal, Stage},
};

use crate::web::{app::App, fault::Fault};

/// So many proposals are kept compiled.
const KEPT_MAX: usize = 6;

/// A proposal as the checker sees it.
#[derive(Debug)]
pub(crate) struct Checked {
    /// Its files and those of its parents.
    pub(crate) archive: Archive,
    /// The pack, or every fault.
    pub(crate) outcome: Result<Sound, Vec<Found>>,
}

/// A pack without faults.
#[derive(Debug)]
pub(crate) struct Sound {
    /// The pack.
    pub(crate) pack: Arc<Pack>,
    /// Its stories, each with its path.
    pub(crate) stories: Vec<(String, Scenario)>,
}

/// A fault, where it is and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// File and line.
    pub(crate) place: String,
    /// The line itself.
    pub(crate) line: String,
    /// Its word, stable for programs.
    pub(crate) word: &'static str,
    /// What is wrong and what to do.
    pub(crate) says: Text,
    /// What was probably meant; empty where nobody can say.
    pub(crate) near: String,
}

/// What came of one story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// File, and the line of the beat that did not come out.
    pub(crate) place: String,
    /// What it tells.
    pub(crate) zh: String,
    /// The same in English.
    pub(crate) en: String,
    /// Why it did not come out; nothing where it did.
    pub(crate) wrong: Option<String>,
}

/// What came of all stories, and of the plans by which running cases move.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trial {
    /// Each story.
    pub(crate) stories: Vec<Outcome>,
    /// True where each plan is sound.
    pub(crate) plans_sound: bool,
}

impl Trial {
    fn good(&self) -> bool {
        self.plans_sound && self.stories.iter().all(|story| story.wrong.is_none())
    }

    /// What the store has kept; none before.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// A plan by which running cases move, with what hinders it.
#[derive(Debug)]
pub(crate) struct Plan<'p> {
    /// The plan.
    pub(crate) plan: &'p Migration,
    /// What hinders it, each with its step.
    pub(crate) hindered: Vec<Text>,
    /// True where its earlier edition never was in force here: it has no cases.
    pub(crate) idle: bool,
}

/// The plans of a pack for editions that are known here.
pub(crate) fn plans<'p>(app: &App, pack: &'p Pack) -> Vec<Plan<'p>> {
    let each = pack.migrations.values().map(|plan| {
        let from = app.packs.of(&plan.from);
        let hindered = from.map(|from| pack::migrate::check(from, pack, plan)).unwrap_or_default();
        let says = |own: pack::migrate::Hindrance| match own.step {
            Some(step) => Text::new(
                format!("`{step}`：{}", own.says.zh),
                format!("`{step}`: {}", own.says.en),
            ),
            None => own.says,
        };
        Plan { plan, hindered: hindered.into_iter().map(says).collect(), idle: from.is_none() }
    });
    each.collect()
}

type Compared = BTreeMap<(PackHash, PackHash), Arc<Diff>>;

/// What is known of proposals in this process.
#[derive(Debug, Default)]
pub(crate) struct Workshop {
    checked: Mutex<BTreeMap<u32, Arc<Checked>>>,
    compared: Mutex<Compared>,
    /// How many stories of how many are played, by proposal.
    playing: Mutex<BTreeMap<u32, (usize, usize)>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Drops the oldest where there are too many.
fn bounded<K: Ord + Clone, V>(map: &mut BTreeMap<K, V>) {
    while map.len() > KEPT_MAX {
        map.pop_first();
    }
}

impl Workshop {
    /// A proposal as the checker sees it.
    pub(crate) async fn checked(app: &App, number: u32) -> Result<Arc<Checked>, Fault> {
        if let Some(known) = locked(&app.workshop.checked).get(&number) {
            return Ok(known.clone());
        }
        let sources = app.store.proposed_sources(number).await?.ok_or(Fault::NoSuchPage)?;
        let archive = Archive::from_bytes(&sources).ok_or(Fault::Broken)?;
        let checked = Arc::new(Checked::of(archive).await?);
        Self::keep(app, number, checked.clone());
        Ok(checked)
    }

    /// Keeps what was found of a proposal.
    pub(crate) fn keep(app: &App, number: u32, checked: Arc<Checked>) {
        let mut kept = locked(&app.workshop.checked);
        kept.insert(number, checked);
        bounded(&mut kept);
    }

    /// How many of how many stories are played; none where none are being played here.
    pub(crate) fn progress(&self, number: u32) -> Option<(usize, usize)> {
        locked(&self.playing).get(&number).copied()
    }

    /// What differs between two packs.
    pub(crate) async fn diff(
        app: &App,
        before: Arc<Pack>,
        after: Arc<Pack>,
    ) -> Result<Arc<Diff>, Fault> {
        let key = (before.hash, after.hash);
        if let Some(known) = locked(&app.workshop.compared).get(&key) {
            return Ok(known.clone());
        }
        let found = tokio::task::spawn_blocking(move || between(&before, &after, Days::Telling));
        let found = Arc::new(found.await.map_err(|error| Fault::broken(&error))?);
        let mut kept = locked(&app.workshop.compared);
        kept.insert(key, found.clone());
        bounded(&mut kept);
        Ok(found)
    }
}

impl Checked {
    /// Checks an archive as `yiyang pack check` does.
    pub(crate) async fn of(archive: Archive) -> Result<Self, Fault> {
        let checked = tokio::task::spawn_blocking(move || Self::now(archive)).await;
        checked.map_err(|error| Fault::broken(&error))
    }

    fn now(archive: Archive) -> Self {
        let name = archive.name.clone();
        let found = compile(&archive, &name).and_then(|compiled| {
            access::read(&compiled.pack)?;
            let stories = pack::scenarios(&archive, &name)?;
            let pack = Arc::new(compiled.pack);
            Ok((Sound { pack, stories }, compiled.archive))
        });
        match found {
            Ok((sound, archive)) => Self { archive, outcome: Ok(sound) },
            Err(rejected) => Self { outcome: Err(found_in(&rejected)), archive },
        }
    }

    /// The hash of its files.
    pub(crate) fn hash(&self) -> PackHash {
        match &self.outcome {
            Ok(sound) => sound.pack.hash,
            Err(_) => self.archive.hash(),
        }
    }
}

fn found_in(rejected: &Rejected) -> Vec<Found> {
    let Rejected { faults, sources } = rejected;
    let each = faults.iter().map(|fault| {
        let line = sources.line(fault.at);
        let text = sources.text(fault.at.file).lines().nth(line - 1).unwrap_or_default();
        Found {
            place: format!("{}:{line}", sources.path(fault.at.file)),
            line: text.trim().chars().take(200).collect(),
            word: fault.word,
            says: fault.says.clone(),
            near: fault.near.clone().unwrap_or_default(),
        }
    });
    each.collect()
}

/// Plays the stories of a proposal that is being staged and notes what came of them. Nobody waits.
pub(crate) fn try_out(app: App, number: u32, hand: Hand) {
    tokio::spawn(async move {
        let tried = tried(&app, number, &hand).await;
        locked(&app.workshop.playing).remove(&number);
        if let Err(error) = tried {
            eprintln!("yiyang: proposal {number} was not staged: {error:?}");
        }
    });
}

async fn tried(app: &App, number: u32, hand: &Hand) -> Result<(), Fault> {
    let checked = Workshop::checked(app, number).await?;
    let Ok(sound) = &checked.outcome else { return Err(Fault::Broken) };
    locked(&app.workshop.playing).insert(number, (0, sound.stories.len()));
    let plans_sound = plans(app, &sound.pack).iter().all(|plan| plan.hindered.is_empty());
    Workshop::diff(app, app.packs.live.clone(), sound.pack.clone()).await?;
    let (runtime, own, doing) =
        (tokio::runtime::Handle::current(), checked.clone(), app.workshop.clone());
    let played = tokio::task::spawn_blocking(move || {
        let Ok(sound) = &own.outcome else { return Vec::new() };
        let each = sound.stories.iter().enumerate().map(|(nth, (path, story))| {
            let outcome = runtime.block_on(played(&own.archive, &sound.pack, path, story));
            locked(&doing.playing).insert(number, (nth + 1, sound.stories.len()));
            outcome
        });
        each.collect()
    });
    let stories = played.await.map_err(|error| Fault::broken(&error))?;
    let trial = Trial { stories, plans_sound };
    let text = serde_json::to_string(&trial).map_err(|error| Fault::broken(&error))?;
    let hand = Hand { at: app.clock.now(), ..hand.clone() };
    // Who has discarded it meanwhile wants no outcome.
    app.store.tried(number, &text, trial.good(), &hand).await.map(drop).map_err(Fault::from)
}

async fn played(archive: &Archive, pack: &Pack, path: &str, story: &Scenario) -> Outcome {
    let came = play(pack, story, &mut Memory::new(pack)).await;
    let (zh, en) = (story.title.zh.clone(), story.title.en.clone());
    let Err(failure) = came else {
        return Outcome { place: path.to_owned(), zh, en, wrong: None };
    };
    let beat = failure.beat.checked_sub(1).and_then(|beat| story.play.get(beat));
    let inner = path.split_once('/').map_or(path, |(_, inner)| inner);
    let files = archive.files(&archive.name).unwrap_or_default();
    let text = files.get(inner).map(String::as_str).unwrap_or_default();
    let place = beat.map_or_else(
        || path.to_owned(),
        |beat| {
            let before = text.get(..place_of(beat).start).unwrap_or_default();
            format!("{path}:{}", before.matches('\n').count() + 1)
        },
    );
    Outcome { place, zh, en, wrong: Some(failure.says) }
}

/// Takes up again what was being staged when the program was stopped.
pub(crate) async fn resume(app: &App) -> Result<(), StoreError> {
    for Proposal { number, stage, steps, .. } in app.store.proposals().await? {
        if let (Stage::Staging, Some(last)) = (stage, steps.last()) {
            try_out(app.clone(), number, last.hand.clone());
        }
    }
    Ok(())
}
