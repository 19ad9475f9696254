//! A case takes up findings: a view of the ledger, which follows the case, is verified and rebuilt;
//! and none that is in an open case already.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{
    CaseId, Command, Refusal,
    command::{Choose, File},
    form::{self, Answers},
    ledger::Through,
};
use pack::model::{Applicant, Pack};
use rules::Value;
use store::{
    Submission, SubmitError,
    finding::Finding,
    taken_up::{TakenUp, finding_id},
};

use crate::{
    bench::{Bench, clerk, everywhere, keeper, name, on, sql, town_with},
    findings::{asked, finding},
};

const CASE: &str = "procedure: tea-house-case
title: { zh: 茶馆案件（虚构）, en: Case against a tea house (invented) }
summary: { zh: 查处茶馆。, en: What was found about a tea house. }
kind: order
basis:
  - { act: 柳溪茶馆办法（虚构）, confidence: assumed }
register: tea-house
applicant: [body]
against: trouble.house
takes_up: [trouble.found, more.found]
competent: { office: health, level: county, of: trouble.house.division }
clock:
  statutory: { term: 9 working days, basis: { act: 柳溪茶馆办法（虚构）, confidence: assumed } }
  promised: { term: 9 working days, basis: { act: 柳溪茶馆办法（虚构）, confidence: assumed } }
form: [trouble]
begins: verify
steps:
  verify:
    title: { zh: 核实, en: Verified }
    by: competent
    within: { term: 5 working days, basis: { act: 柳溪茶馆办法（虚构）, confidence: assumed } }
    outcomes:
      nothing: { title: { zh: 不成立, en: Nothing in it }, reasons: true, then: left-alone }
      join: { title: { zh: 并入, en: Add what was found since }, asks: [more], stays: true }
ends:
  left-alone: { title: { zh: 不成立, en: Left alone } }
exits: { withdrawal: [], correction: false }
";
const TROUBLE: &str = "section: trouble
title: { zh: 线索, en: What is wrong }
fields:
  house: { title: { zh: 茶馆, en: Tea house }, type: { entry: tea-house } }
  found: { title: { zh: 发现编号, en: Numbers of findings }, type: text, at_most: 200 }
";
const MORE: &str = "section: more
title: { zh: 并入, en: What joins }
fields:
  found: { title: { zh: 发现编号, en: Numbers of findings }, type: text, at_most: 200 }
";
const KEEPER: &str =
    "fields:\n  keeper: { title: { zh: 掌柜, en: Keeper }, type: party, optional: true }\n";
const KEPT: &str = "        keeper: applicant\n        seats: ";
fn against(pack: &Pack, key: &str, house: &str, found: &str) -> Submission {
    let said = [("trouble.house", house), ("trouble.found", found)];
    let answers: Answers =
        said.into_iter().map(|(path, text)| (path.to_owned(), vec![text.to_owned()])).collect();
    let filled = form::read(pack, &pack.procedures["tea-house-case"], &answers).unwrap();
    let command = Command::File(File {
        procedure: name("tea-house-case"),
        applicant: keeper(99),
        kind: Applicant::Body,
        subjects: BTreeMap::new(),
        facts: filled.facts,
        materials: BTreeMap::new(),
        commitments: Default::default(),
        through: Through::Own,
        on_paper: false,
        signed: None,
    });
    let at = on("2030-01-09");
    Submission {
        key: key.to_owned(),
        actor: clerk(),
        at,
        case: None,
        seen: None,
        command,
        personal: vec![],
    }
}

/// The number of a finding of the test.
fn number(finding: u8) -> String {
    format!("{finding:02x}").repeat(16)
}

async fn taken(bench: &Bench) -> BTreeMap<u8, Vec<TakenUp>> {
    let numbers: Vec<_> = (1..=6).map(|own| finding_id(&number(own)).unwrap()).collect();
    let taken = bench.store.taken_up(&numbers).await.unwrap();
    taken.into_iter().map(|(id, cases)| (id[0], cases)).collect()
}

fn by(case: CaseId, open: bool) -> TakenUp {
    TakenUp { case, procedure: name("tea-house-case"), open }
}

/// Why findings could not be taken up: the question, and the word for each.
fn unfit<T: std::fmt::Debug>(refused: Result<T, SubmitError>) -> Vec<(String, &'static str)> {
    let Err(SubmitError::Refused(Refusal::Form(faults))) = refused else {
        panic!("{refused:?}");
    };
    faults.into_iter().map(|fault| (fault.path, fault.reason.word)).collect()
}

/// The town with cases against tea houses, a tea house, and findings: 1 to 5 about it, of which 4
/// is gone, and 6 about another one.
async fn house(bench: &Bench) -> (Arc<Pack>, String) {
    let (next, sources) = town_with("2030-03-31", |files| {
        let held = [
            ("registers/tea-house.yaml", "headed: name", "headed: name\nheld_by: keeper"),
            ("registers/tea-house.yaml", "fields:\n", KEEPER),
            ("procedures/tea-house-filing.yaml", "        seats: ", KEPT),
        ];
        for (file, from, to) in held {
            let text = files.get_mut(file).unwrap();
            *text = text.replacen(from, to, 1);
        }
        files.insert("procedures/tea-house-case.yaml".to_owned(), CASE.to_owned());
        files.insert("sections/trouble.yaml".to_owned(), TROUBLE.to_owned());
        files.insert("sections/more.yaml".to_owned(), MORE.to_owned());
    });
    bench.store.install(next.clone(), sources, clerk(), on("2030-01-07")).await.unwrap();
    let house = format!("900101-{}", bench.enter(1, "柳影茶馆", on("2030-01-08")).await);
    let about = |number: u8| {
        let whom = if number == 6 { "900101-9" } else { &house };
        finding(number, "late", whom, on("2030-01-08"))
    };
    let found: Vec<Finding> = (1..=6).map(about).collect();
    bench.store.keep_findings(&asked("late", 10, on("2030-01-08")), &found, &[]).await.unwrap();
    let gone = [found[3].id];
    bench.store.keep_findings(&asked("late", 20, on("2030-01-08")), &[], &gone).await.unwrap();
    (next, house)
}

fn joins(key: &str, case: CaseId, found: &str) -> Submission {
    let facts = BTreeMap::from([("more.found".to_owned(), Value::Text(found.to_owned()))]);
    let (step, outcome) = (name("verify"), name("join"));
    let choice = Choose { step, outcome, reasons: String::new(), items: vec![], facts };
    Submission {
        key: key.to_owned(),
        actor: clerk(),
        at: on("2030-01-10"),
        case: Some(case),
        seen: None,
        command: Command::Choose(choice),
        personal: vec![],
    }
}

#[tokio::test]
async fn findings_lead_to_their_cases() {
    everywhere("taking_up", async |bench| {
        let (pack, house) = house(bench).await;
        assert_eq!(taken(bench).await, BTreeMap::new());
        let listed = format!("{}、{} {}", number(1), number(2), number(1));
        let first = bench.store.submit(against(&pack, "first", &house, &listed)).await;
        let first = first.unwrap().case;
        let listed = format!("来电 {}", number(3).to_uppercase());
        let second = bench.store.submit(against(&pack, "second", &house, &listed)).await;
        let second = second.unwrap().case;
        let open = |case| vec![by(case, true)];
        let three = BTreeMap::from([(1, open(first)), (2, open(first)), (3, open(second))]);
        assert_eq!(taken(bench).await, three);

        // What is found later joins; what joined before may be named again.
        bench.store.submit(joins("later", first, &number(5))).await.unwrap();
        let both = format!("{} {}", number(2), number(5));
        bench.store.submit(joins("again", first, &both)).await.unwrap();
        assert_eq!(taken(bench).await[&5], open(first));

        bench.choose(first, "verify", "nothing", on("2030-01-10")).await;
        let ended = taken(bench).await;
        assert_eq!(ended[&2], [by(first, false)], "it has ended");
        let third = bench.store.submit(against(&pack, "third", &house, &number(2))).await;
        let third = third.unwrap().case;
        assert_eq!(taken(bench).await[&2], [by(first, false), by(third, true)]);
        bench.must_verify().await;

        let dropped = format!("DELETE FROM taken_up WHERE case_id = {third}");
        assert_eq!(sql(&bench.url, dropped).await, 1);
        let faults = bench.store.verify().await.unwrap().faults;
        let id = finding_id(&number(2)).unwrap();
        let missing = format!("finding taken up ({third}, {id:?}): the row is missing");
        assert!(faults.contains(&missing), "{faults:?}");
        bench.store.rebuild().await.unwrap();
        bench.must_verify().await;
        assert_eq!(taken(bench).await[&2], [by(first, false), by(third, true)]);
    })
    .await;
}

#[tokio::test]
async fn a_finding_is_in_one_open_case_whoever_files_at_the_same_moment() {
    everywhere("taking_up_once", async |bench| {
        let (pack, house) = house(bench).await;
        let file = |key: &str, found: &str| bench.store.submit(against(&pack, key, &house, found));
        let found = |word| vec![("trouble.found".to_owned(), word)];
        assert_eq!(unfit(file("gone", &number(4)).await), found("finding-gone"));
        assert_eq!(unfit(file("other", &number(6)).await), found("finding-of-another"));
        assert_eq!(unfit(file("none", &number(7)).await), found("no-finding"));
        assert_eq!(unfit(file("short", &number(1)[..31]).await), found("no-finding"));

        let one = number(1);
        let (left, right) = tokio::join!(file("left", &one), file("right", &one));
        let (case, refused) = match (left, right) {
            (Ok(receipt), refused) | (refused, Ok(receipt)) => (receipt.case, refused),
            both => panic!("{both:?}"),
        };
        assert_eq!(unfit(refused), found("finding-in-case"));
        let other = file("other case", &number(2)).await.unwrap().case;
        let joining = bench.store.submit(joins("joining", case, &number(2))).await;
        assert_eq!(unfit(joining), [("more.found".to_owned(), "finding-in-case")]);

        // A case that ends gives its findings free for the one filed in the same group.
        let ended = bench.choose(other, "verify", "nothing", on("2030-01-10"));
        let two = number(2);
        let (_, next) = tokio::join!(ended, file("after it", &two));
        assert!(next.is_ok(), "{next:?}");
        bench.must_verify().await;
    })
    .await;
}
