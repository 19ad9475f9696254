//! What the pages are served from: the store, the packs, the clock and who may sign in.

use std::{
    collections::BTreeMap,
    ops::Deref,
    path::PathBuf,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use access::Policies;
use base::{Instant, Text};
use kernel::{Actor, BodyId, PartyId};
use pack::{
    Rejected,
    model::{Pack, PackHash},
};
use replay::plan::Coverage;
use store::Store;

use super::{
    documents::Documents, door::Door, drafting::Drafting, intake::Scanner, judging::Judging,
    proposed::Workshop, rates::Rates, sending::Outside, taking::Taking,
};

/// Everything a request may use. A request passes a dozen layers that each hold it, so that it must
/// cost nothing to hand on.
#[derive(Clone)]
pub(crate) struct App(Arc<Served>);

/// What the pages are served from.
#[derive(Clone)]
pub(crate) struct Served {
    /// Ledger, registers, queue and vault.
    pub(crate) store: Store,
    /// The pack in force and those that running cases are pinned to.
    pub(crate) packs: Packs,
    /// What time it is.
    pub(crate) clock: Clock,
    /// The persons who may sign in.
    pub(crate) people: Arc<People>,
    /// The folder where papers are kept, each under its SHA-256.
    pub(crate) papers: PathBuf,
    /// Looks at every file before it is kept.
    pub(crate) scanner: Scanner,
    /// Signs sessions and the tokens of forms.
    pub(crate) secret: [u8; 32],
    /// What the stories of the pack in force show, once it is told.
    pub(crate) told: Arc<OnceLock<Telling>>,
    /// What documents are made with.
    pub(crate) documents: Arc<Documents>,
    /// How people are told outside the portal.
    pub(crate) outside: Arc<Outside>,
    /// True for a demonstration: its data is invented and its persons sign in without proof.
    pub(crate) demo: bool,
    /// By what people come in.
    pub(crate) door: Arc<Door>,
    /// How often programs may ask.
    pub(crate) rates: Arc<Rates>,
    /// The packs since another was put in force while the server runs.
    pub(crate) in_force: InForce,
    /// What is known of packs that are proposed.
    pub(crate) workshop: Arc<Workshop>,
    /// The drafts of layout plans that are being drawn up.
    pub(crate) drafting: Arc<Drafting>,
    /// The lake into which systems send rows, where this server has it.
    pub(crate) taking: Option<Taking>,
    /// What asks rules of supervision, where this server has the lake.
    pub(crate) judging: Option<Judging>,
}

impl Deref for App {
    type Target = Served;

    fn deref(&self) -> &Served {
        &self.0
    }
}

impl App {
    /// Pages served from these.
    pub(crate) fn of(parts: Served) -> Self {
        Self(Arc::new(parts))
    }

    /// Its parts, to be set before it serves: what was handed on before stays as it was.
    pub(crate) fn change(&mut self) -> &mut Served {
        Arc::make_mut(&mut self.0)
    }

    /// The same with the packs that hold now: what a request begins with and keeps.
    pub(crate) fn now(&self) -> Self {
        let held = self.in_force.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        match held {
            Some((packs, told)) => Self::of(Served { packs, told, ..Served::clone(self) }),
            None => self.clone(),
        }
    }
}

/// The packs since another was put in force, with what its stories show; none before.
#[derive(Clone, Default)]
pub(crate) struct InForce(Arc<RwLock<Option<Held>>>);

/// Packs, with what the stories of the one in force show.
type Held = (Packs, Arc<OnceLock<Telling>>);

impl InForce {
    /// Serves other packs from now on.
    pub(crate) fn put(&self, packs: Packs) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *held = Some((packs, Arc::default()));
    }
}

/// What came of playing the stories of the pack in force.
#[derive(Debug)]
pub(crate) enum Telling {
    /// There are no stories to play.
    NotAtHand,
    /// What they show.
    Played(Coverage),
}

/// Compiled packs.
#[derive(Clone)]
pub(crate) struct Packs {
    /// The pack in force.
    pub(crate) live: Arc<Pack>,
    /// Every pack that a case may be pinned to, the one in force among them.
    pub(crate) by_hash: Arc<BTreeMap<PackHash, Arc<Pack>>>,
    /// Who may do and see what, as the pack in force says.
    pub(crate) access: Arc<Policies>,
}

impl Packs {
    /// The packs, with the policies of the one in force.
    ///
    /// # Errors
    /// Every fault in the policies.
    pub(crate) fn new(
        live: Arc<Pack>,
        by_hash: Arc<BTreeMap<PackHash, Arc<Pack>>>,
    ) -> Result<Self, Box<Rejected>> {
        let access = Arc::new(access::read(&live)?);
        Ok(Self { live, by_hash, access })
    }

    /// The pack of that hash, if it is loaded.
    pub(crate) fn of(&self, hash: &PackHash) -> Option<&Arc<Pack>> {
        if self.live.hash == *hash { Some(&self.live) } else { self.by_hash.get(hash) }
    }
}

/// Where moments come from.
#[derive(Debug, Clone)]
pub(crate) enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock and so many days more: a demonstration in which days have passed.
    Ahead {
        /// How many.
        days: u16,
    },
    /// Microseconds since 1970 that somebody else sets: tests and replays.
    Stepped(Arc<AtomicI64>),
}

impl Clock {
    /// This moment.
    pub(crate) fn now(&self) -> Instant {
        match self {
            Self::Stepped(micros) => Instant::from_micros(micros.load(Ordering::SeqCst)),
            Self::Ahead { days } => moment(DAY * u32::from(*days)),
            Self::System => moment(Duration::ZERO),
        }
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The moment so long after this one, by the machine's clock.
fn moment(ahead: Duration) -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + ahead;
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The invented persons who may sign in, in the order they are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct People(pub(crate) Vec<Person>);

impl People {
    /// The person of that id.
    pub(crate) fn named(&self, id: &str) -> Option<&Person> {
        self.0.iter().find(|person| person.id == id)
    }
}

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// What sessions call the person.
    pub(crate) id: String,
    /// The person's name.
    pub(crate) name: Text,
    /// For whom the person acts.
    pub(crate) role: Role,
}

/// For whom somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// On one's own behalf.
    Applicant {
        /// The person's reference.
        party: PartyId,
    },
    /// For a body.
    Officer {
        /// The person's reference.
        party: PartyId,
        /// The body.
        body: BodyId,
    },
}

impl Role {
    /// The person's reference.
    pub(crate) fn party(&self) -> PartyId {
        match self {
            Self::Applicant { party } | Self::Officer { party, .. } => *party,
        }
    }

    /// Who entries say it was.
    pub(crate) fn actor(&self) -> Actor {
        match self {
            Self::Applicant { party } => Actor::Party(*party),
            Self::Officer { party, body } => Actor::Officer(*party, body.clone()),
        }
    }
}
