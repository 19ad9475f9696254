//! Crashes between any two writes: whatever was acknowledged is there, nothing is half there, and
//! asking for everything again under the same keys ends in the same ledger and the same views.

use std::{fs, path::PathBuf};

use kernel::EntryNumber;
use store::{Store, StoreError};
use tempfile::TempDir;

use crate::{
    bench::{everywhere, sql},
    story::{Step, Story, ledger, must_agree_on_packs, open},
};

/// Every table that the store writes.
const TABLES: [&str; 15] = [
    "head",
    "entry",
    "receipt",
    "case_view",
    "waiting",
    "register_version",
    "register_value",
    "search_entry",
    "pack",
    "proposal",
    "proposal_step",
    "identity",
    "vault_key",
    "vault",
    "reading",
];

/// Statements that make the database count the rows written, and fail at the one it is told to:
/// SQLite with an error in the middle of the statement, PostgreSQL by ending its own connection.
/// A commit fails where `doomed` has a row, for its reference is checked only then.
fn traps(url: &str) -> String {
    let mut traps = "CREATE TABLE trap (writes_left BIGINT NOT NULL, commits BIGINT NOT NULL);
        INSERT INTO trap VALUES (-1, 1);
        CREATE TABLE nowhere (id BIGINT PRIMARY KEY);
        CREATE TABLE doomed
          (id BIGINT REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED);\n"
        .to_owned();
    let lite = url.starts_with("sqlite:");
    traps.push_str(if lite {
        "CREATE TRIGGER dooms AFTER UPDATE ON head BEGIN
           INSERT INTO doomed SELECT 1 FROM trap WHERE commits = 0; END;\n"
    } else {
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           UPDATE trap SET writes_left = writes_left - 1;
           IF (SELECT writes_left = 0 FROM trap) THEN
             PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
           IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
           RETURN NEW; END $$;
         CREATE FUNCTION doom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           INSERT INTO doomed SELECT 1 FROM trap WHERE commits = 0;
           RETURN NULL; END $$;
         CREATE TRIGGER dooms AFTER UPDATE ON head FOR EACH ROW EXECUTE FUNCTION doom();\n"
    });
    for table in TABLES {
        for write in ["INSERT", "UPDATE", "DELETE"] {
            let trigger = format!("CREATE TRIGGER cuts_{table}_{write} BEFORE {write} ON {table}");
            traps.push_str(&if lite {
                format!(
                    "{trigger} BEGIN UPDATE trap SET writes_left = writes_left - 1;
                     SELECT RAISE(FAIL, 'cut') FROM trap WHERE writes_left = 0; END;\n"
                )
            } else {
                format!("{trigger} FOR EACH ROW EXECUTE FUNCTION cut();\n")
            });
        }
    }
    traps
}

/// Arms the trap: the write that fails, counted from one, and whether a commit succeeds.
async fn set(url: &str, write: i64, commits: bool) {
    let commits = i64::from(commits);
    sql(url, format!("UPDATE trap SET writes_left = {write}, commits = {commits}")).await;
}

#[tokio::test]
async fn a_crash_at_any_write_leaves_what_was_before_it() {
    let story = Story::tell().await;
    everywhere("crash_at_write", async |bench| {
        sql(&bench.url, traps(&bench.url)).await;
        let mut store = open(&bench.url).await;
        let (mut crashes, mut failed_commits, mut in_adoption) = (0, 0, 0);
        for (index, (step, answer)) in story.steps.iter().enumerate() {
            let before = ledger(&store).await;
            // The last attempt gets past every write; the one numbered zero fails at the commit.
            for write in 0.. {
                let context = format!("step {index} write {write} {}", bench.url);
                set(&bench.url, write, write > 0).await;
                match step.ask(&store).await {
                    Ok(answered) => {
                        assert_eq!(&answered, answer, "{context}");
                        if write > 0 {
                            break;
                        }
                    }
                    Err(StoreError::Database(_)) => {
                        crashes += usize::from(write > 0);
                        failed_commits += usize::from(write == 0);
                        assert!(ledger(&store).await == before, "{context}");
                        let waits = store.waiting_publication().await.unwrap().is_some();
                        in_adoption += usize::from(waits && matches!(step, Step::Submit(_)));
                    }
                    Err(other) => panic!("{context}: {other:?}"),
                }
                // Every second crash ends the process too; after the others it carries on.
                if write % 2 == 0 {
                    store = open(&bench.url).await;
                }
                assert_eq!(store.verify().await.unwrap().faults, [""; 0], "{context}");
                must_agree_on_packs(&store, &context).await;
            }
        }
        println!("{crashes} crashes at a write, {failed_commits} at a commit");
        println!("{in_adoption} of them while a published pack was adopted");
        assert!(crashes > 200 && failed_commits > 20, "{crashes} {failed_commits}");
        assert!(in_adoption > 8, "{in_adoption}");
        set(&bench.url, -1, true).await;
        story.must_end_the_same(&store, "after crashes").await;
    })
    .await;
}

/// Bytes before the first page of a write-ahead log, and those of a page with its own header.
const LOG_HEAD: usize = 32;
const LOG_PAGE: usize = 24 + 4096;

/// A store as its process left it: SQLite only ever appends to its log until the log is folded
/// into the file, so what a crash leaves on the disk is a beginning of that log.
struct Left {
    _root: TempDir,
    folder: PathBuf,
    file: Vec<u8>,
    log: Vec<u8>,
    /// How long the log was at each acknowledgement, and how far the ledger had come.
    marks: Vec<(usize, EntryNumber)>,
}

impl Left {
    /// Tells the story on a disk.
    async fn behind(story: &Story) -> Self {
        let root = TempDir::with_prefix("store-").unwrap();
        let folder = root.path().to_owned();
        let (file, log) = (folder.join("town.db"), folder.join("town.db-wal"));
        let store = open(&format!("sqlite:{}", file.display())).await;
        let mut marks = vec![(fs::read(&log).unwrap().len(), store.head().await.unwrap())];
        for (step, _) in &story.steps {
            step.ask(&store).await.unwrap();
            marks.push((fs::read(&log).unwrap().len(), store.head().await.unwrap()));
        }
        let (file, log) = (fs::read(&file).unwrap(), fs::read(&log).unwrap());
        assert!(file.len() <= 4096, "the log was folded in: {} bytes", file.len());
        Self { _root: root, folder, file, log, marks }
    }

    fn pages(&self) -> usize {
        (self.log.len() - LOG_HEAD) / LOG_PAGE
    }

    /// Whether a page, counted from zero, ends a transaction: it says how large the file is then.
    fn commits(&self, page: usize) -> bool {
        let size = LOG_HEAD + page * LOG_PAGE + 4;
        self.log.get(size..size + 4).is_some_and(|size| size != [0; 4])
    }

    /// Starts again from so many bytes of the log; what was acknowledged by then must be there.
    async fn started_again(&self, story: &Story, length: usize, context: &str) -> Store {
        fs::write(self.folder.join("town.db"), &self.file).unwrap();
        fs::write(self.folder.join("town.db-wal"), &self.log[..length]).unwrap();
        let store = open(&format!("sqlite:{}", self.folder.join("town.db").display())).await;
        let (kept, head) = (ledger(&store).await, store.head().await.unwrap());
        assert!(story.ledger.starts_with(&kept), "{context}");
        let known = self.marks.iter().filter(|(log, _)| *log <= length).map(|(_, head)| *head);
        assert!(known.max().is_none_or(|known| known <= head), "{context}: {head:?}");
        assert_eq!(store.verify().await.unwrap().faults, [""; 0], "{context}");
        must_agree_on_packs(&store, context).await;
        store
    }
}

#[tokio::test]
async fn every_beginning_of_the_log_is_a_beginning_of_the_story() {
    let story = Story::tell().await;
    let mut left = Left::behind(&story).await;
    let (root, mut told) = (left.folder.clone(), 0);
    for page in 0..=left.pages() {
        // Whole pages, then a page torn somewhere in its header or body.
        for torn in [0, 1 + page * 577 % (LOG_PAGE - 1)] {
            let length = left.log.len().min(LOG_HEAD + page * LOG_PAGE + torn);
            let context = format!("{length} bytes of the log");
            left.folder = root.join(length.to_string());
            fs::create_dir_all(&left.folder).unwrap();
            let store = left.started_again(&story, length, &context).await;
            // Between commits nothing else can be found, so the story is told on only from just
            // behind each commit and from where one was torn.
            let whole = torn == 0 && (page == 0 || left.commits(page - 1));
            if whole || (torn > 0 && left.commits(page)) {
                told += 1;
                story.must_end_the_same(&store, &context).await;
            }
            fs::remove_dir_all(&left.folder).ok();
        }
    }
    println!("{} pages, told on from {told} crashes", left.pages());
    assert!(told > 60, "{told}");
}

/// Bytes of a page of the file.
const PAGE: usize = 4096;

impl Left {
    /// The file once the whole log has been folded in.
    async fn folded_in(&self) -> Vec<u8> {
        let file = self.folder.join("town.db");
        fs::write(&file, &self.file).unwrap();
        fs::write(self.folder.join("town.db-wal"), &self.log).unwrap();
        let url = format!("sqlite:{}", file.display());
        sql(&url, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        fs::read(&file).unwrap()
    }
}

/// While the log is folded in, any of the file's pages may have been written when the process ends;
/// the log is there until all of them are safe.
#[tokio::test]
async fn a_crash_while_the_log_is_folded_in_loses_nothing() {
    let story = Story::tell().await;
    let mut left = Left::behind(&story).await;
    let whole = left.folded_in().await;
    let (root, pages) = (left.folder.clone(), whole.len() / PAGE);
    assert!(pages > 20, "{pages} pages");
    let beginning = |pages: usize, torn: usize| whole[..pages * PAGE + torn].to_vec();
    // The first pages, the last of them torn; and every second page, nothing between.
    let mut files: Vec<Vec<u8>> = (1..pages).map(|n| beginning(n, n * 577 % PAGE)).collect();
    files.extend([0, 1].map(|odd| {
        let mut file = whole.clone();
        let unwritten = file.chunks_mut(PAGE).enumerate().filter(|(page, _)| page % 2 == odd);
        unwritten.for_each(|(_, page)| page.fill(0));
        file
    }));
    let log = left.log.len();
    for (number, file) in files.into_iter().enumerate() {
        let context = format!("folding in, crash {number}");
        left.folder = root.join(format!("fold-{number}"));
        left.file = file;
        fs::create_dir_all(&left.folder).unwrap();
        let store = left.started_again(&story, log, &context).await;
        assert!(ledger(&store).await == story.ledger, "{context}");
        drop(store);
        fs::remove_dir_all(&left.folder).ok();
    }
    // Everything is in the file, and the log is gone.
    left.folder = root.join("folded");
    left.file = whole;
    fs::create_dir_all(&left.folder).unwrap();
    let store = left.started_again(&story, 0, "folded in").await;
    story.must_end_the_same(&store, "folded in").await;
}
