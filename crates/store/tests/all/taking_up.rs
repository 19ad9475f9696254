//! A case takes up findings: a view of the ledger, which follows the case, is verified and rebuilt.

use std::collections::BTreeMap;

use kernel::{
    CaseId, Command,
    command::File,
    form::{self, Answers},
    ledger::Through,
};
use pack::model::{Applicant, Pack};
use store::{
    Submission,
    taken_up::{TakenUp, finding_id},
};

use crate::bench::{Bench, clerk, everywhere, keeper, name, on, sql, town_with};

const CASE: &str = "procedure: tea-house-case
title: { zh: 茶馆案件（虚构）, en: Case against a tea house (invented) }
summary: { zh: 查处茶馆。, en: What was found about a tea house. }
kind: order
basis:
  - { act: 柳溪茶馆办法（虚构）, confidence: assumed }
register: tea-house
applicant: [body]
against: trouble.house
takes_up: trouble.found
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
const KEEPER: &str =
    "fields:\n  keeper: { title: { zh: 掌柜, en: Keeper }, type: party, optional: true }\n";
const KEPT: &str = "        keeper: applicant\n        seats: ";
const ONE: &str = "00000000000000000000000000000001";
const TWO: &str = "000000000000000000000000000000AB";

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

async fn taken(bench: &Bench) -> BTreeMap<[u8; 16], Vec<TakenUp>> {
    let both = [ONE, TWO].map(|own| finding_id(own).unwrap());
    bench.store.taken_up(&both).await.unwrap()
}

fn by(case: CaseId, open: bool) -> TakenUp {
    TakenUp { case, procedure: name("tea-house-case"), open }
}

#[tokio::test]
async fn findings_lead_to_their_cases() {
    everywhere("taking_up", async |bench| {
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
        });
        bench.store.install(next.clone(), sources, clerk(), on("2030-01-07")).await.unwrap();
        let house = bench.enter(1, "柳影茶馆", on("2030-01-08")).await;
        let house = format!("900101-{house}");
        assert_eq!(taken(bench).await, BTreeMap::new());

        let first = against(&next, "first", &house, &format!("{ONE}、{TWO} {ONE}"));
        let first = bench.store.submit(first).await.unwrap().case;
        let second = against(&next, "second", &house, &format!("来电 {}", TWO.to_lowercase()));
        let second = bench.store.submit(second).await.unwrap().case;
        let (one, two) = (finding_id(ONE).unwrap(), finding_id(TWO).unwrap());
        let found = taken(bench).await;
        assert_eq!(found[&one], [by(first, true)]);
        assert_eq!(found[&two], [by(first, true), by(second, true)]);

        bench.choose(first, "verify", "nothing", on("2030-01-10")).await;
        let found = taken(bench).await;
        assert_eq!(found[&two], [by(first, false), by(second, true)], "it has ended");
        bench.must_verify().await;

        let number = finding_id(ONE).unwrap();
        let dropped = format!("DELETE FROM taken_up WHERE case_id = {first}");
        assert_eq!(sql(&bench.url, dropped).await, 2);
        let faults = bench.store.verify().await.unwrap().faults;
        let missing = format!("finding taken up ({first}, {number:?}): the row is missing");
        assert!(faults.contains(&missing), "{faults:?}");
        bench.store.rebuild().await.unwrap();
        bench.must_verify().await;
        assert_eq!(taken(bench).await, found);
    })
    .await;
}
