//! `yiyang scenario run PATH…`: stories are played and examples of rules run, and the last line
//! counts them.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use base::{Division, Language, Text};
use clap::{Subcommand, ValueEnum};
use replay::{coverage, memory::Memory, play, play::place_of, stored::Stored};

use super::{Call, Ended, Stopped, example, pack::load_named};
use crate::{library::Packs, over_http::OverHttp, web};
use ::pack::{language::scenario::Scenario, model::Pack, source::Library};

/// What can be done with stories.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play each story, and run each example, of the files and folders named; the exit code is 0
    /// only if all come out.
    Run {
        /// Where they are played.
        #[arg(long, value_enum, default_value = "memory")]
        stage: On,
        /// Also print the moves of the packs' procedures that the stories do not make (in memory).
        #[arg(long)]
        moves: bool,
        /// A pack's folder, its folder of stories or of examples, or single ones.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
}

/// A stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum On {
    /// The kernel in memory.
    Memory,
    /// An SQLite database.
    Sqlite,
    /// The PostgreSQL database at `YIYANG_TEST_POSTGRES`.
    Postgres,
    /// The pages, over a socket.
    Http,
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let Command::Run { stage, moves, paths } = command;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut tally = Tally::default();
    for (folder, wanted) in by_pack(&paths)? {
        let (packs, name) = Packs::beside(&folder);
        let compiled = load_named(call, &packs, &name);
        let stories = stories(call, &packs, &name, &wanted);
        match compiled {
            Some(compiled) => {
                let archive = compiled.archive.to_bytes();
                let pack = Arc::new(compiled.pack);
                if moves {
                    let stories = stories.iter().map(|told| &told.story);
                    runtime.block_on(unmade(&pack, stories, call.language));
                }
                let played_on = Played::of(stage, pack, archive)?;
                played_on.all(tally.next(), &stories, |told, played| {
                    tally.count(told, played, call.language);
                })?;
                let pack = &played_on.pack;
                let ran = example::run(call, (&packs, &name), pack, &wanted);
                let (passed, failed) = runtime.block_on(ran)?;
                tally.passed += passed;
                tally.failed += failed;
            }
            None => tally.failed += stories.len().max(1),
        }
    }
    println!("{}", tally.says().to(call.language));
    Ok(tally.failed == 0 && tally.passed > 0)
}

/// Prints the moves that stories do not make.
async fn unmade<'s>(pack: &Pack, stories: impl Iterator<Item = &'s Scenario>, language: Language) {
    let mut made = BTreeSet::new();
    for story in stories {
        let mut memory = Memory::new(pack);
        // A story that goes wrong is told when it is played for itself.
        play(pack, story, &mut memory).await.ok();
        made.extend(coverage::made(pack, memory.entries()));
    }
    for missing in coverage::moves(pack).difference(&made) {
        let never = match language {
            Language::Zh => "未走过",
            Language::En => "never",
        };
        println!("{never} {}", missing.says().to(language));
    }
}

/// The stories of a pack with what they are played on.
struct Played {
    pack: Arc<Pack>,
    archive: Vec<u8>,
    on: Ready,
}

/// A stage with what all its stories share.
enum Ready {
    Memory,
    Sqlite,
    Postgres,
    /// The pack as it is served.
    Http(web::Packs),
}

impl Played {
    fn of(stage: On, pack: Arc<Pack>, archive: Vec<u8>) -> Result<Self, Stopped> {
        let on = match stage {
            On::Memory => Ready::Memory,
            On::Sqlite => Ready::Sqlite,
            On::Postgres => Ready::Postgres,
            On::Http => Ready::Http(OverHttp::serving(&pack).map_err(Stopped)?),
        };
        Ok(Self { pack, archive, on })
    }

    /// Plays stories, as many at a time as there are cores where each has a database of its own,
    /// and tells of each in their order. They are numbered from `first`.
    fn all(
        &self,
        first: usize,
        stories: &[Told],
        mut tell: impl FnMut(&Told, Result<(), replay::Failure>),
    ) -> Result<(), Stopped> {
        // On PostgreSQL all stories share one database, and their places one part of its index.
        let cores = match self.on {
            Ready::Postgres => 1,
            _ => std::thread::available_parallelism().map_or(1, NonZero::get),
        };
        let runtimes: Vec<_> = (0..cores.min(stories.len()))
            .map(|_| tokio::runtime::Builder::new_multi_thread().enable_all().build())
            .collect::<Result<_, _>>()?;
        let (next, (says, hears)) = (AtomicUsize::new(0), std::sync::mpsc::channel());
        std::thread::scope(|scope| {
            for runtime in runtimes {
                let (next, says) = (&next, says.clone());
                scope.spawn(move || {
                    while let Some((at, told)) = taken(next, stories) {
                        let played = runtime.block_on(self.once(first + at, &told.story));
                        // Nobody hears any more only where the telling itself has failed.
                        if says.send((at, played)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(says);
            let mut early = BTreeMap::new();
            for (at, told) in stories.iter().enumerate() {
                while !early.contains_key(&at) {
                    let Ok((other, played)) = hears.recv() else { return };
                    early.insert(other, played);
                }
                early.remove(&at).into_iter().for_each(|played| tell(told, played));
            }
        });
        Ok(())
    }

    async fn once(&self, index: usize, story: &Scenario) -> Result<(), replay::Failure> {
        let Self { pack, archive, on } = self;
        let broken = |says| replay::Failure { beat: 0, says, refusal: None };
        let place = |index: usize| {
            Division::parse(&format!("99{index:010}")).map_err(|reason| broken(reason.says.en))
        };
        match on {
            Ready::Memory => play(pack, story, &mut Memory::new(pack)).await,
            Ready::Sqlite => {
                let passing = tempfile::tempdir().map_err(|error| broken(error.to_string()))?;
                let url = format!("sqlite:{}", passing.path().join("story.db").display());
                stored(&url, place(1)?, pack, archive, story).await
            }
            Ready::Postgres => {
                let url = std::env::var("YIYANG_TEST_POSTGRES");
                let url =
                    url.map_err(|_| broken("YIYANG_TEST_POSTGRES names no database".into()))?;
                stored(&url, place(index)?, pack, archive, story).await
            }
            Ready::Http(packs) => {
                let city = OverHttp::start(packs.clone(), archive.clone(), story).await;
                play(pack, story, &mut city.map_err(broken)?).await
            }
        }
    }
}

/// The next story that nobody has taken.
fn taken<'s>(next: &AtomicUsize, stories: &'s [Told]) -> Option<(usize, &'s Told)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, stories.get(at)?))
}

/// Plays a story in a jurisdiction of its own, and verifies the ledger it leaves.
async fn stored(
    url: &str,
    place: Division,
    pack: &Arc<Pack>,
    archive: &[u8],
    story: &Scenario,
) -> Result<(), replay::Failure> {
    let broken = |says| replay::Failure { beat: 0, says, refusal: None };
    let mut stored =
        Stored::open(url, place, pack.clone(), archive.to_vec()).await.map_err(broken)?;
    play(pack, story, &mut stored).await?;
    let faults = stored.faults().await.map_err(broken)?;
    if faults.is_empty() { Ok(()) } else { Err(broken(faults.join("; "))) }
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    fn next(&self) -> usize {
        self.passed + self.failed + 1
    }

    fn says(&self) -> Text {
        let Self { passed, failed } = self;
        Text::new(
            format!("{passed} 个通过，{failed} 个未通过"),
            format!("{passed} passed, {failed} failed"),
        )
    }

    fn count(&mut self, told: &Told, outcome: Result<(), replay::Failure>, language: Language) {
        let path = &told.path;
        let (right, wrong) = match language {
            Language::Zh => ("通过  ", "未通过"),
            Language::En => ("ok   ", "wrong"),
        };
        match outcome {
            Ok(()) => {
                self.passed += 1;
                println!("{right} {path}: {}", told.story.title.to(language));
            }
            Err(failure) => {
                self.failed += 1;
                let line = failure.beat.checked_sub(1).and_then(|beat| told.lines.get(beat));
                let place = line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
                println!("{wrong} {place}: {}", failure.says);
                if let Some(says) = &failure.refusal {
                    println!("       {}", says.to(language));
                }
            }
        }
    }
}

/// What is wanted of each pack: paths in it, of which an empty one means all.
fn by_pack(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, Vec<String>>, Stopped> {
    let mut wanted: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    for path in paths {
        let whole = path
            .canonicalize()
            .map_err(|error| Stopped(format!("`{}`: {error}", path.display())))?;
        let pack = whole.ancestors().find(|folder| folder.join("pack.yaml").is_file());
        let pack = pack.ok_or_else(|| {
            Stopped(format!("`{}` lies in no pack; name a story of one", path.display()))
        })?;
        let inner = whole.strip_prefix(pack).unwrap_or(Path::new("")).display().to_string();
        wanted.entry(pack.to_owned()).or_default().push(inner);
    }
    Ok(wanted)
}

/// Whether a file of a pack, with the pack's name before it, is among those wanted.
pub(crate) fn is_wanted(path: &str, wanted: &[String]) -> bool {
    let inner = path.split_once('/').map_or(path, |(_, inner)| inner);
    wanted.iter().any(|own| Path::new(inner).starts_with(own))
}

/// A story with where it is written.
struct Told {
    path: String,
    story: Scenario,
    /// The line on which each beat begins.
    lines: Vec<usize>,
}

impl Told {
    fn of(path: String, story: Scenario, text: &str) -> Self {
        let line = |beat| {
            let before = text.get(..place_of(beat).start).unwrap_or_default();
            before.matches('\n').count() + 1
        };
        let lines = story.play.iter().map(line).collect();
        Self { path, story, lines }
    }
}

fn stories(call: &Call, packs: &Packs, name: &str, wanted: &[String]) -> Vec<Told> {
    match ::pack::scenarios(packs, name) {
        Ok(stories) => {
            let files = packs.files(name).unwrap_or_default();
            let text = |path: &str| {
                let inner = path.split_once('/').map_or(path, |(_, inner)| inner);
                files.get(inner).map(String::as_str).unwrap_or_default()
            };
            let wanted = stories.into_iter().filter(|(path, _)| is_wanted(path, wanted));
            wanted
                .map(|(path, story)| {
                    let text = text(&path);
                    Told::of(path, story, text)
                })
                .collect()
        }
        Err(rejected) => {
            eprint!("{}", rejected.faults.render(&rejected.sources, call.language, false));
            Vec::new()
        }
    }
}
