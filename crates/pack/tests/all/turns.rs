//! A case that turns by itself, a filing that is refused on the spot, a body that an entry names,
//! and cases that are written down when they end: each slip at its words, and what a new edition
//! changes.

use pack::diff::{Days, between};

use crate::town::Town;

const LIST: &str = "registers/done.yaml";
const VERDICT: &str = "procedures/verdict.yaml";
const MANIFEST: &str = "pack.yaml";
const EVENTS: &str = "life-events.yaml";

const DONE: &str = "\
register: done
title: { zh: 办结（虚构）, en: Done (invented) }
basis: [{ act: 柳溪办事条例（虚构）, confidence: assumed }]
headed: service
held_by: holder
fields:
  service: { title: { zh: 事项, en: Service }, type: bilingual }
  body: { title: { zh: 机关, en: Body }, type: bodies }
  division: { title: { zh: 地方, en: Place }, type: division }
  holder: { title: { zh: 申请人, en: Applicant }, type: party }
  judged: { title: { zh: 已评, en: Judged }, type: boolean }
handled:
  service: procedure.title
  body: body
  division: body.division
  holder: applicant
  judged: \"false\"
";

const SECTION: &str = "\
section: verdict
title: { zh: 评价（虚构）, en: The verdict (invented) }
fields:
  case: { title: { zh: 办件, en: Case }, type: { entry: done } }
  good: { title: { zh: 好, en: Good }, type: boolean }
  marks: { title: { zh: 分数, en: Marks }, need: optional, type: integer }
";

const PROCEDURE: &str = "\
procedure: verdict
title: { zh: 评价（虚构）, en: Verdict (invented) }
summary: { zh: 评价一次。, en: To say once how it was. }
kind: report
basis: [{ act: 柳溪办事条例（虚构）, confidence: assumed }]
register: judgement
applicant: [person]
competent: { of: verdict.case.body }
clock:
  statutory: { term: 9 working days, basis: { act: 柳溪办事条例（虚构）, confidence: assumed } }
  promised: { term: 9 working days, basis: { act: 柳溪办事条例（虚构）, confidence: assumed } }
form: [verdict]
admits:
  own:
    that: verdict.case.holder = applicant
    says: { zh: 本人的办件, en: A case of one's own }
    basis: { act: 柳溪办事条例（虚构）, confidence: assumed }
  once:
    that: not verdict.case.judged
    says: { zh: 只评一次, en: Once only }
    basis: { act: 柳溪办事条例（虚构）, confidence: assumed }
begins: which
steps:
  which:
    title: { zh: 好不好, en: Good or bad }
    turns:
      fine: { title: { zh: 好, en: Good }, that: verdict.good, then: entered }
    otherwise: { title: { zh: 不好, en: Bad }, then: mend }
  mend:
    title: { zh: 改, en: Mending }
    by: competent
    within: { term: 5 working days, basis: { act: 柳溪办事条例（虚构）, confidence: assumed } }
    outcomes:
      mended: { title: { zh: 改了, en: Mended }, then: entered }
  entered:
    title: { zh: 载入, en: Entered }
    decides: granted
    notice: { zh: 谢谢。, en: Thank you. }
    enters: { key: \"J-{case}\", fields: { good: verdict.good } }
    changes:
      verdict.case: { judged: \"true\" }
    then: over
ends:
  over: { title: { zh: 完, en: Over } }
exits: { withdrawal: [], correction: true }
";

const JUDGEMENT: &str = "\
register: judgement
title: { zh: 评价名册（虚构）, en: Verdicts (invented) }
basis: [{ act: 柳溪办事条例（虚构）, confidence: assumed }]
headed: good
fields:
  good: { title: { zh: 好, en: Good }, type: boolean }
";

/// Where the town says what happens in people's lives.
const EVENT: &str = "  judge:
    title: { zh: 评价, en: To judge }
    summary: { zh: 评价办过的事。, en: To say how it was. }
    services: [verdict]
";

/// The town in which whoever had a case says how it was.
fn town() -> Town {
    let mut town = Town::willow();
    town.put(LIST, DONE.to_owned());
    town.put("registers/judgement.yaml", JUDGEMENT.to_owned());
    town.put("sections/verdict.yaml", SECTION.to_owned());
    town.put(VERDICT, PROCEDURE.to_owned());
    town.put(MANIFEST, town.text(MANIFEST).replace("codes:\n", "handled: done\ncodes:\n"));
    town.put(EVENTS, format!("{}{EVENT}", town.text(EVENTS)));
    town
}

/// The fault of that word that stands once the first `from` in a file is changed, at its words.
fn check(file: &str, from: &str, to: &str, word: &str, at: &str) {
    let town = town();
    assert!(town.text(file).contains(from), "`{from}` is not in {file}");
    let broken = town.with(file, town.text(file).replacen(from, to, 1));
    let rejected = broken.compile().expect_err(to);
    let found = rejected.faults.iter().find(|fault| fault.word == word);
    let found = found.map(|fault| rejected.sources.slice(fault.at).trim_end());
    assert_eq!(found, Some(at), "{word} after `{to}`: {:?}", rejected.faults);
}

#[test]
fn the_town_that_asks_is_sound() {
    let compiled = town().compile().unwrap_or_else(|rejected| panic!("{:?}", rejected.faults));
    let handled = compiled.pack.handled().expect("cases are written down");
    assert_eq!(handled.handled.len(), handled.fields.len());
    let verdict = &compiled.pack.procedures["verdict"];
    assert_eq!(verdict.names_entry_of(&handled.name), Some("verdict.case"));
    assert!(Town::willow().compile().is_ok_and(|town| town.pack.handled().is_none()));
}

#[test]
fn a_turn_asks_what_is_known_and_leads_on() {
    let law = |from, to, word, at| check(VERDICT, from, to, word, at);
    law("that: verdict.good, then", "that: verdict.marks > 3, then", "turn-unknown", "which");
    law("      fine:", "      otherwise:", "reserved-name", "otherwise");
    law(
        concat!(
            "    turns:\n",
            "      fine: { title: { zh: 好, en: Good }, that: verdict.good, then: entered }\n"
        ),
        "    turns: {}\n",
        "turns-nowhere",
        "title: { zh: 好不好, en: Good or bad }",
    );
    law("then: over", "then: which", "turns-after-deciding", "which");
    law("en: Bad }, then: mend", "en: Bad }, then: which", "endless-decisions", "which");
}

#[test]
fn a_filing_is_admitted_by_what_every_filing_says() {
    let law = |from, to, word, at| check(VERDICT, from, to, word, at);
    law("not verdict.case.judged", "verdict.marks > 3", "admits-unknown", "verdict.marks > 3");
    law(
        "that: not verdict.case.judged",
        "that: verdict.marks is missing",
        "true-of-nothing",
        "verdict.marks is missing",
    );
    let admits = PROCEDURE.split("admits:\n").nth(1).and_then(|rest| rest.split("begins").next());
    let admits = format!("admits:\n{}", admits.expect("it says what admits"));
    law(&admits, "", "granted-unasked", "entered");
    let twice = format!(
        "{admits}requires:\n  once:\n    that: verdict.good\n    says: {{ zh: 好, en: \
                         Good }}\n    basis: {{ act: 虚构, confidence: assumed }}\n"
    );
    law(&admits, &twice, "admits-and-requires", "once");
    let past = twice.replace("requires:\n  once:", "requires:\n  fine:");
    law(&admits, &past, "granted-past-conditions", "entered");
}

#[test]
fn a_body_is_named_by_an_entry_or_found_by_its_office() {
    let law = |to, word, at| check(VERDICT, "{ of: verdict.case.body }", to, word, at);
    law("{ of: verdict.case.division }", "unknown-form-field", "verdict.case.division");
    let half = "{ office: health, of: verdict.case.division }";
    law(half, "half-a-body", half);
    let half = "{ level: county, of: verdict.case.division }";
    law(half, "half-a-body", half);
}

#[test]
fn the_list_of_ended_cases_is_filled_whole() {
    check(LIST, "  holder: applicant\n", "", "handled-not-filled", "register: done");
    check(LIST, "  body: body\n", "  body: bodies\n", "unknown-name", "bodies");
    check(MANIFEST, "handled: done", "handled: judgement", "unknown-register", "judgement");
    check(MANIFEST, "handled: done", "handled: dune", "unknown-register", "dune");
}

#[test]
fn what_a_new_edition_changes_is_told() {
    let before = town().compile().unwrap_or_else(|rejected| panic!("{:?}", rejected.faults)).pack;
    let without = Town::willow().compile().expect("the town is sound").pack;
    let found = between(&without, &before, Days::Telling);
    assert!(found.differences.iter().any(|difference| difference.place == "handled"));
    let told = |file: &str, from: &str, to: &str, place: &str| {
        let town = town();
        let after = town.with(file, town.text(file).replacen(from, to, 1)).compile();
        let after = after.unwrap_or_else(|rejected| panic!("{:?}", rejected.faults)).pack;
        let found = between(&before, &after, Days::Telling);
        let places: Vec<&str> = found.differences.iter().map(|d| d.place.as_str()).collect();
        assert!(places.contains(&place), "{places:?}");
    };
    told(
        VERDICT,
        "that: verdict.good, then",
        "that: not verdict.good, then",
        "verdict.steps.which",
    );
    told(VERDICT, "that: not verdict.case.judged", "that: verdict.good", "verdict.admits.once");
    told(
        VERDICT,
        "{ of: verdict.case.body }",
        "{ office: health, level: county, of: verdict.case.division }",
        "verdict.bodies.competent",
    );
    told(LIST, "  judged: \"false\"\n", "  judged: \"true\"\n", "done.register");
}
