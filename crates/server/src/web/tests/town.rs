//! The invented town of Willow, served from a database in memory.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicI64},
};

use base::{Instant, Text};
use kernel::{Actor, BodyId, PartyId};
use pack::{
    compile,
    source::{Files, Folder, Library},
};
use store::{Store, VaultKey};

use crate::web::{
    App, Clock, Documents, Origin, Packs, People, Person, Role, Scanner, Served, router,
};

/// The town with its clock.
pub(super) struct Town {
    /// What serves it.
    pub(super) app: App,
    /// Its clock.
    clock: Arc<AtomicI64>,
}

/// The packs of a folder, with more files in the town's.
struct More {
    folder: PathBuf,
    files: &'static [(&'static str, &'static str)],
}

impl Library for More {
    fn files(&self, pack: &str) -> Option<Files> {
        let mut files = Folder(&self.folder).files(pack)?;
        let more = self.files.iter().filter(|_| pack == "willow");
        // The town's own life events lead to its own services only.
        if more.clone().any(|(path, _)| path.starts_with("procedures/")) {
            files.remove("life-events.yaml");
        }
        files.extend(more.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        Some(files)
    }
}

/// Monday of an ordinary week.
const FIRST: &str = "2024-03-04T09:00:00+08:00";

impl Town {
    /// A new town, whose plan nobody has adopted yet.
    pub(super) async fn found(name: &str) -> Self {
        Self::found_with(name, &[]).await
    }

    /// A new town whose pack has more files, or others.
    pub(super) async fn found_with(
        name: &str,
        files: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self::found_under(name, files, [7; 32]).await
    }

    /// The same under another vault key.
    pub(super) async fn found_under(
        name: &str,
        files: &'static [(&'static str, &'static str)],
        key: [u8; 32],
    ) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let compiled = match compile(&More { folder, files }, "willow") {
            Ok(compiled) => compiled,
            Err(rejected) => panic!("{:#?}", rejected.faults),
        };
        let pack = Arc::new(compiled.pack);
        let jurisdiction = pack.jurisdiction.clone().unwrap();
        let key = VaultKey::from_bytes(key);
        let store = Store::open("sqlite::memory:", jurisdiction, key).await.unwrap();
        let now = Instant::parse(FIRST).unwrap();
        let operator = Actor::Officer(PartyId([9; 16]), body("health@90"));
        let sources = compiled.archive.to_bytes();
        store.install(pack.clone(), sources, operator, now).await.unwrap();
        let by_hash = Arc::new(BTreeMap::from([(pack.hash, pack.clone())]));
        let clock = Arc::new(AtomicI64::new(now.micros()));
        let origin = Origin::parse("https://willow.example").unwrap();
        let app = App::of(Served {
            store,
            packs: Packs::new(pack, by_hash).unwrap_or_else(|no| panic!("{:#?}", no.faults)),
            clock: Clock::Stepped(clock.clone()),
            people: Arc::new(people()),
            papers: papers(name),
            scanner: Scanner::default(),
            secret: [3; 32],
            told: Arc::default(),
            documents: Documents::at(origin),
            outside: Arc::new(crate::web::Outside {
                portal: "http://portal.test".into(),
                mail: true,
                private_hooks: true,
            }),
            demo: true,
            door: Arc::default(),
            rates: Arc::default(),
            in_force: <_>::default(),
            workshop: Arc::default(),
            drafting: Arc::default(),
            taking: None,
            judging: None,
        });
        Self { app, clock }
    }

    /// What answers requests.
    pub(super) fn router(&self) -> axum::Router {
        router(self.app.clone())
    }

    /// Lets minutes pass.
    pub(super) async fn pass_minutes(&self, minutes: i64) {
        self.pass(minutes * 60).await;
    }

    /// Lets days pass.
    pub(super) async fn pass_days(&self, days: i64) {
        self.pass(days * 24 * 3600).await;
    }

    /// Lets days pass in which nothing looks at the clock.
    pub(super) fn pass_days_unseen(&self, days: i64) {
        self.move_on(days * 24 * 3600);
    }

    async fn pass(&self, seconds: i64) {
        let now = self.move_on(seconds);
        self.app.store.advance(now).await.unwrap();
    }

    fn move_on(&self, seconds: i64) -> Instant {
        let step = seconds * 1_000_000;
        let before = self.clock.fetch_add(step, std::sync::atomic::Ordering::SeqCst);
        Instant::from_micros(before + step)
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.app.papers);
    }
}

/// A folder of the test's own, under the build's.
fn papers(name: &str) -> PathBuf {
    let place = std::env::temp_dir().join(format!("yiyang-web-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&place);
    place
}

/// A body by its code.
pub(super) fn body(code: &str) -> BodyId {
    BodyId::parse(code).unwrap()
}

fn people() -> People {
    let applicant = |id: &str, zh: &str, en: &str, number| Person {
        id: id.into(),
        name: Text::new(zh, en),
        role: Role::Applicant { party: PartyId([number; 16]) },
    };
    let officer = |id: &str, code: &str, number| Person {
        id: id.into(),
        name: Text::new("某官员", "An officer"),
        role: Role::Officer { party: PartyId([number; 16]), body: body(code) },
    };
    People(vec![
        applicant("lin", "林某", "Lin", 1),
        applicant("wu", "吴某", "Wu", 2),
        officer("east", "health@900101", 3),
        officer("west", "health@900102", 4),
        officer("town", "health@90", 5),
        officer("fire", "fire@900101", 6),
        officer("planner", "planning@90", 7),
        officer("planner-east", "planning@900101", 8),
        officer("civil", "civil-affairs@900101", 10),
    ])
}
