//! A pack that is put in force moves the running cases that its plans are for, each by an entry of
//! its own; every other case stays as it is, and a plan that is not sound keeps the pack out.

use std::sync::Arc;

use base::Date;
use kernel::{Act, Actor, CaseId, Command, Refusal, Standing, case::Part};
use pack::{model::Pack, source::Files};
use store::{StoreError, SubmitError};

use crate::bench::{
    Bench, answer, body, choice, clerk, everywhere, keeper, name, officer, on, start_of, town_with,
};

const FILING: &str = "procedures/tea-house-filing.yaml";
const GARDEN: &str = "procedures/tea-garden-licence.yaml";

/// A plan for the cases of a procedure under the bench's pack.
fn plan(bench: &Bench, procedure: &str, clock: &str, rest: &str) -> String {
    format!(
        "migration: {procedure}\ntitle: {{ zh: 过渡, en: Reform }}\nprocedure: {procedure}\n\
         from: \"{}\"\nclock: {clock}\n{rest}\
         basis:\n  - {{ act: 柳溪过渡办法（虚构）, confidence: assumed }}\n",
        bench.pack.hash
    )
}

fn edit(files: &mut Files, file: &str, changes: &[(&str, &str)]) {
    let text = files.get_mut(file).unwrap();
    for (what, with) in changes {
        assert!(text.contains(what), "{file} says nothing like `{what}`");
        *text = text.replace(what, with);
    }
}

/// The next edition: acceptance of a filing is called looking, with three days instead of five, and
/// a garden's review gives the fire body two days; houses of fewer than nine seats move.
fn reform(bench: &Bench) -> (Arc<Pack>, Vec<u8>) {
    let filing = "steps: { accept: look, check: check }\nwhich: tea-house.seats < 9\n";
    let filing = plan(bench, "tea-house-filing", "keeps", filing);
    let garden = "steps: { review: review, settle: settle }\n\
                  stays: { accept: { zh: 一日即毕, en: It takes a day } }\n";
    let garden = plan(bench, "tea-garden-licence", "keeps", garden);
    town_with("2030-06-30", |files| {
        let renamed = [
            ("begins: accept", "begins: look"),
            ("  accept:\n", "  look:\n"),
            ("upheld: accept", "upheld: look"),
            ("withdrawal: [accept]", "withdrawal: [look]"),
            (
                "within: { term: 5 working days, basis: { act: 柳溪茶馆办法（虚构）, article: 6",
                "within: { term: 3 working days, basis: { act: 柳溪茶馆办法（虚构）, article: 6",
            ),
        ];
        edit(files, FILING, &renamed);
        edit(
            files,
            GARDEN,
            &[(
                "term: 3 working days, basis: { act: 柳溪茶园办法",
                "term: 2 working days, basis: { act: 柳溪茶园办法",
            )],
        );
        files.insert("migrations/filing.yaml".to_owned(), filing);
        files.insert("migrations/garden.yaml".to_owned(), garden);
    })
}

async fn standing(bench: &Bench, case: CaseId) -> (String, String, bool) {
    let case = bench.store.case(case).await.unwrap().unwrap();
    let step = case.standing.step().map(ToString::to_string).unwrap_or_default();
    let due = case.standing.due().map(|due| due.on.to_string()).unwrap_or_default();
    (step, due, case.pack == bench.pack.hash)
}

async fn stands(bench: &Bench, case: CaseId, step: &str, due: &str, stays: bool) {
    assert_eq!(standing(bench, case).await, (step.to_owned(), due.to_owned(), stays), "{case}");
}

#[tokio::test]
async fn a_plan_moves_the_cases_it_is_for() {
    everywhere("moved", async |bench| {
        let early = bench.file(1, "柳影茶馆", on("2030-01-04")).await;
        let fresh = bench.file(2, "柳浪茶馆", on("2030-01-07")).await;
        let large = bench.store.submit(bench.filing(3, "柳岸茶馆", "9", on("2030-01-07"))).await;
        let large = large.unwrap().case;
        let asked = bench.file(4, "柳堤茶馆", on("2030-01-07")).await;
        let ask = choice("accept", "incomplete", &["tea-house.seats"]);
        bench.act(asked, clerk(), ask, on("2030-01-08")).await.unwrap();
        let entered = bench.enter(5, "柳桥茶馆", on("2030-01-07")).await;
        let garden = bench.review(6, on("2030-01-07")).await;
        let resting = bench.store.submit(bench.garden(7, "柳园", on("2030-01-07"))).await;
        let resting = resting.unwrap().case;
        let (next, sources) = reform(bench);
        bench.store.install(next.clone(), sources, clerk(), on("2030-01-08")).await.unwrap();
        // What is left of five days is less than three days for one, more for the other.
        stands(bench, early, "look", "2030-01-11", false).await;
        stands(bench, fresh, "look", "2030-01-11", false).await;
        stands(bench, large, "accept", "2030-01-14", true).await;
        stands(bench, asked, "accept", "2030-01-15", true).await;
        stands(bench, entered, "check", "2030-02-18", false).await;
        stands(bench, garden, "review", "2030-01-14", false).await;
        stands(bench, resting, "accept", "2030-01-08", true).await;
        bench.must_verify().await;
        bench.store.rebuild().await.unwrap();
        bench.must_verify().await;
        goes_on(bench, &next, [fresh, large, entered]).await;
    })
    .await;
}

/// Each goes on under the edition that rules it: to its end, and to its remedy.
async fn goes_on(bench: &Bench, next: &Pack, [moved, stayed, entered]: [CaseId; 3]) {
    let history = bench.store.history(moved).await.unwrap();
    let Act::Migrated(migrated) = &history[1].act else { panic!("{:?}", history[1]) };
    assert_eq!((migrated.pack, migrated.migration.as_str()), (next.hash, "tea-house-filing"));
    assert_eq!(migrated.steps, [(name("accept"), name("look"))].into());
    let old = bench.act(moved, clerk(), choice("accept", "accepted", &[]), on("2030-01-09")).await;
    assert!(matches!(old, Err(SubmitError::Refused(Refusal::NotNow))), "{old:?}");
    bench.choose(moved, "look", "accepted", on("2030-01-09")).await;
    bench.choose(stayed, "accept", "accepted", on("2030-01-09")).await;
    bench.choose(entered, "check", "false", on("2030-01-09")).await;
    let case = bench.store.case(entered).await.unwrap().unwrap();
    let decision = case.decisions.last().unwrap().number;
    let grounds = "不服 I object".to_owned();
    let appeal = Command::Appeal { decision, remedy: name("town-review"), grounds };
    bench.act(entered, Actor::Party(keeper(5)), appeal, on("2030-01-10")).await.unwrap();
    let rule = Command::Rule { upheld: true, reasons: "撤销 set aside".to_owned() };
    bench.act(entered, officer(body("health", "90")), rule, on("2030-01-11")).await.unwrap();
    let (step, _, stays) = standing(bench, entered).await;
    assert_eq!((step.as_str(), stays), ("check", false));
    bench.must_verify().await;
}

#[tokio::test]
async fn an_answer_given_moves_with_its_review() {
    everywhere("answered", async |bench| {
        let garden = bench.review(1, on("2030-01-07")).await;
        bench.act(garden, clerk(), answer("competent", "agrees"), on("2030-01-08")).await.unwrap();
        let (next, sources) = reform(bench);
        bench.store.install(next, sources, clerk(), on("2030-01-08")).await.unwrap();
        let case = bench.store.case(garden).await.unwrap().unwrap();
        let Standing::Reviewing { parts, .. } = &case.standing else { panic!("{case:?}") };
        assert!(matches!(parts["competent"], Part::Answered { .. }));
        let day = Date::parse("2030-01-10").unwrap();
        assert!(matches!(&parts["fire"], Part::Awaited(runs) if runs.due.on == day));
        let hands: Vec<_> = case.hands.keys().cloned().collect();
        assert_eq!(hands, [crate::bench::district("900101")]);
        // The silence of the fire body is an answer at the end of its two days.
        bench.store.advance(on("2030-01-11")).await.unwrap();
        let last = bench.store.history(garden).await.unwrap().pop().unwrap();
        assert_eq!((last.at, last.by), (start_of("2030-01-11"), Actor::Clock));
        assert_eq!(standing(bench, garden).await.0, "settle");
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_wrongs_a_case_keeps_the_pack_out() {
    everywhere("hindered", async |bench| {
        let case = bench.file(1, "柳影茶馆", on("2030-01-07")).await;
        let head = bench.store.head().await.unwrap();
        let steps = "steps: { accept: check, check: check }\n";
        let plan = plan(bench, "tea-house-filing", "keeps", steps);
        let (next, sources) = town_with("2030-06-30", |files| {
            files.insert("migrations/filing.yaml".to_owned(), plan);
        });
        let out = bench.store.install(next, sources, clerk(), on("2030-01-08")).await.unwrap_err();
        assert!(matches!(&out, StoreError::Hindered(plan, _) if plan == "tea-house-filing"));
        assert!(out.to_string().contains("across-the-entry at `accept`"), "{out}");
        assert_eq!(bench.store.head().await.unwrap(), head);
        bench.choose(case, "accept", "accepted", on("2030-01-09")).await;
        bench.must_verify().await;
    })
    .await;
}
