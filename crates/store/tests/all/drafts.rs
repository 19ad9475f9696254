//! Drafts: sealed, saved page by page, never overwritten unseen, lapsed, erased with their person.

use base::{Instant, Language};
use kernel::form::Answers;
use pack::model::PackHash;
use store::{DraftId, DraftPaper, NewDraft, Own, Saved, Saving};

use crate::bench::{Bench, everywhere, keeper, name, on, sql};

const OWN: Own = Own { owner: kernel::PartyId([1; 16]), id: DraftId([5; 16]) };

fn answers(text: &str) -> Answers {
    Answers::from([("keeper.name".to_owned(), vec![text.to_owned()])])
}

async fn begin(bench: &Bench, own: Own, at: Instant) {
    let new = NewDraft {
        own,
        services: vec![name("tea-house-filing"), name("tea-garden-licence")],
        pack: bench.pack.hash,
        language: Language::En,
        at,
        lapses_at: on("2030-02-01"),
    };
    bench.store.begin_draft(&new).await.unwrap();
}

async fn save(bench: &Bench, own: Own, seen: u32, text: &str, day: &str) -> Option<Saved> {
    let (at, lapses_at) = (on(day), on("2030-03-01"));
    let answers = answers(text);
    let pack = PackHash([3; 32]);
    let saving = Saving { topic: "form-keeper", seen, answers: &answers, at, lapses_at, pack };
    bench.store.save_topic(own, saving).await.unwrap()
}

#[tokio::test]
async fn a_page_is_saved_once_and_never_overwritten_unseen() {
    everywhere("draft_pages", async |bench| {
        begin(bench, OWN, on("2030-01-07")).await;
        // Whoever begins twice has one draft.
        begin(bench, OWN, on("2030-01-08")).await;
        let kept = |revision| Some(Saved::Kept { revision });
        let rows = [
            (0, "柳三", kept(1)),
            (0, "柳三", kept(1)),
            (1, "柳三七", kept(2)),
            (1, "柳三七", kept(2)),
        ];
        for (seen, text, expected) in rows {
            assert_eq!(save(bench, OWN, seen, text, "2030-01-09").await, expected, "{seen} {text}");
        }
        let Some(Saved::Stale(newer)) = save(bench, OWN, 1, "柳四", "2030-01-10").await else {
            panic!("an older page overwrote a newer")
        };
        assert_eq!((newer.revision, &newer.answers), (2, &answers("柳三七")));
        let draft = bench.store.draft(OWN, on("2030-01-11")).await.unwrap().unwrap();
        assert_eq!(draft.topics["form-keeper"].answers, answers("柳三七"));
        assert_eq!(draft.line.begun_at, on("2030-01-07"));
        assert_eq!(draft.line.lapses_at, on("2030-03-01"));
        assert_eq!(draft.line.pack, PackHash([3; 32]));
        assert_eq!(format!("{draft:?}"), format!("Draft({})", OWN.id));
        assert_eq!(DraftId::parse(&OWN.id.to_string()), Some(OWN.id));
        let lines = bench.store.drafts_of(OWN.owner, on("2030-01-11")).await.unwrap();
        assert_eq!(lines, [draft.line]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_its_owners_and_holds_nothing_in_clear() {
    everywhere("draft_sealed", async |bench| {
        begin(bench, OWN, on("2030-01-07")).await;
        save(bench, OWN, 0, "柳三七八九", "2030-01-07").await;
        let other = Own { owner: keeper(2), ..OWN };
        assert_eq!(bench.store.draft(other, on("2030-01-08")).await.unwrap(), None);
        assert_eq!(save(bench, other, 0, "柳", "2030-01-08").await, None);
        assert_eq!(bench.store.drafts_of(keeper(2), on("2030-01-08")).await.unwrap(), []);
        let paper = DraftPaper {
            digest: [7; 32],
            size: 12,
            media: "application/pdf".to_owned(),
            name: "柳三七八九.pdf".to_owned(),
            added_at: on("2030-01-08"),
        };
        let put = bench.store.put_draft_paper(OWN, "lease", &paper, on("2030-02-08"));
        assert!(put.await.unwrap());
        let put = bench.store.put_draft_paper(other, "lease", &paper, on("2030-02-08"));
        assert!(!put.await.unwrap());
        let draft = bench.store.draft(OWN, on("2030-01-09")).await.unwrap().unwrap();
        assert_eq!(draft.papers["lease"], paper);
        // The bytes of the name stand nowhere in the tables.
        let word: String = "柳三七八九".bytes().map(|byte| format!("{byte:02x}")).collect();
        for (column, table) in [("sealed", "draft_topic"), ("sealed_name", "draft_paper")] {
            let hex = match bench.url.starts_with("sqlite") {
                true => format!("lower(hex({column}))"),
                false => format!("encode({column}, 'hex')"),
            };
            let found = format!("DELETE FROM {table} WHERE {hex} LIKE '%{word}%'");
            assert_eq!(sql(&bench.url, found).await, 0, "{table}");
        }
        bench.store.drop_draft_paper(OWN, "lease").await.unwrap();
        let draft = bench.store.draft(OWN, on("2030-01-09")).await.unwrap().unwrap();
        assert!(draft.papers.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_draft_lapses_or_is_deleted_or_erased_with_its_person() {
    everywhere("draft_ends", async |bench| {
        begin(bench, OWN, on("2030-01-07")).await;
        save(bench, OWN, 0, "柳三", "2030-01-07").await;
        let later = on("2030-03-01");
        assert_eq!(bench.store.draft(OWN, later).await.unwrap(), None);
        assert_eq!(save(bench, OWN, 1, "柳四", "2030-03-01").await, None);
        assert_eq!(bench.store.sweep_drafts(on("2030-02-28")).await.unwrap(), []);
        assert_eq!(bench.store.sweep_drafts(later).await.unwrap(), [OWN.id]);
        for leave in [true, false] {
            begin(bench, OWN, on("2030-01-07")).await;
            save(bench, OWN, 0, "柳三", "2030-01-07").await;
            match leave {
                true => bench.store.delete_draft(OWN).await.unwrap(),
                false => bench.store.erase(OWN.owner).await.unwrap(),
            }
            assert_eq!(bench.store.draft(OWN, on("2030-01-08")).await.unwrap(), None);
            for table in ["draft", "draft_topic", "draft_paper"] {
                assert_eq!(sql(&bench.url, format!("DELETE FROM {table}")).await, 0, "{table}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_written_is_destroyed_once_every_service_has_its_case() {
    everywhere("draft_filed", async |bench| {
        begin(bench, OWN, on("2030-01-07")).await;
        save(bench, OWN, 0, "柳三", "2030-01-07").await;
        let first = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        bench.store.draft_filed(OWN, &name("tea-house-filing"), first).await.unwrap();
        let draft = bench.store.draft(OWN, on("2030-01-08")).await.unwrap().unwrap();
        assert!(!draft.line.done());
        assert_eq!(draft.topics.len(), 1);
        let second = bench.review(1, on("2030-01-08")).await;
        bench.store.draft_filed(OWN, &name("tea-garden-licence"), second).await.unwrap();
        let draft = bench.store.draft(OWN, on("2030-01-09")).await.unwrap().unwrap();
        assert!(draft.line.done() && draft.topics.is_empty());
        assert_eq!(draft.line.filed[&name("tea-garden-licence")], second);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told() {
    everywhere("draft_race", async |bench| {
        begin(bench, OWN, on("2030-01-07")).await;
        let (left, right) = tokio::join!(
            save(bench, OWN, 0, "柳三", "2030-01-08"),
            save(bench, OWN, 0, "柳四", "2030-01-08"),
        );
        let kept = |saved: &Option<Saved>| matches!(saved, Some(Saved::Kept { revision: 1 }));
        let stale = |saved: &Option<Saved>| matches!(saved, Some(Saved::Stale(_)));
        assert!(kept(&left) && stale(&right) || stale(&left) && kept(&right), "{left:?} {right:?}");
    })
    .await;
}
