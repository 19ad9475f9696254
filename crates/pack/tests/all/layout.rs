//! A procedure that makes a layout plan: each slip at its words, and what a new edition changes.

use pack::{
    diff::{Days, between},
    model::{Layout, LayoutDoes},
};

use crate::town::Town;

const BENCHES: &str = "procedures/benches.yaml";

const PROCEDURE: &str = "\
procedure: benches
title: { zh: 长椅布局（虚构）, en: Where benches stand (invented) }
summary: { zh: 决定在哪里放长椅。, en: Where benches are put is planned. }
kind: plan
basis: [{ act: 柳溪长椅办法（虚构）, confidence: assumed }]
register: bench-plan
applicant: [body]
competent: { office: planning, level: county, of: benches.division }
clock:
  statutory: { term: 20 working days, basis: { act: 柳溪长椅办法（虚构）, confidence: assumed } }
  promised: { term: 20 working days, basis: { act: 柳溪长椅办法（虚构）, confidence: assumed } }
form: [benches]
looks_up:
  lanes:
    title: { zh: 巷, en: Lanes }
    register: lane
    where: { division: benches.division }
  benches:
    title: { zh: 长椅, en: Benches }
    register: bench
    where: { division: benches.division }
  corners:
    title: { zh: 街角, en: Corners }
    register: corner
    where: { division: benches.division }
layout:
  areas: { found: lanes, point: point, people: people }
  norm: 20
  existing: { found: benches, point: point, places: seats }
  candidates: { found: corners, point: point, area: area }
  needs:
    quiet: { that: not its.loud, says: { zh: 太吵, en: It is too loud }, reason: why }
  sizes:
    short: { title: { zh: 短椅, en: A short one }, places: 2, area: 3, cost: 100 }
    long: { title: { zh: 长椅, en: A long one }, places: 5, area: 8, cost: 200 }
  changes:
    lengthen: { title: { zh: 加长, en: Lengthen it }, adds: 3, cost: 90 }
    remove: { title: { zh: 撤走, en: Take it away }, closes: true, cost: 0 - 10 }
  travel: { detour: 1300, speed: 60, reach: 900 }
  standards:
    seats:
      title: { zh: 座位, en: Seats }
      found: benches
      same: division
      counts: seats
      per_thousand: true
      least: 21
    near: { title: { zh: 近处, en: Near by }, found: benches, point: point, within: 301, least: 1 }
  sites:
    register: planned-bench
    key: \"B-{case}-{place}\"
    fields:
      site: pick.site
      bench: pick.existing
      corner: pick.candidate
      point: pick.point
      course: pick.course
      seats: pick.places
      year: pick.year
      cost: pick.cost
      place: pick.place
begins: call
steps:
  call:
    title: { zh: 启动, en: The call }
    by: competent
    within: { term: 2 working days, basis: { act: 柳溪长椅办法（虚构）, confidence: assumed } }
    outcomes:
      called: { title: { zh: 摸底, en: Survey }, then: survey }
      dropped: { title: { zh: 不办, en: Drop it }, reasons: true, then: given-up }
  survey:
    title: { zh: 摸底, en: The survey }
    decides: granted
    surveys: true
    notice: { zh: 已摸底。, en: It is surveyed. }
    enters:
      key: \"R-{case}\"
      fields: { name: benches.name, status: \"'open'\", division: benches.division }
    then: drafting
  drafting:
    title: { zh: 编制方案, en: Drafts are made }
    by: competent
    drafts: true
    within: { term: 20 working days, basis: { act: 柳溪长椅办法（虚构）, confidence: assumed } }
    outcomes:
      drafted: { title: { zh: 征求意见, en: Ask others }, then: enough }
      dropped: { title: { zh: 不办, en: Drop it }, reasons: true, then: given-up }
  enough:
    title: { zh: 有无方案, en: Whether there is a draft }
    turns:
      some: { title: { zh: 有, en: There is }, that: layout.drafts >= 1, then: choose }
    otherwise: { title: { zh: 没有, en: None }, then: given-up }
  choose:
    title: { zh: 选定, en: The choice }
    by: competent
    within: { term: 5 working days, basis: { act: 柳溪长椅办法（虚构）, confidence: assumed } }
    outcomes:
      adopt: { title: { zh: 采用, en: Adopt }, asks: [bench-choice], then: adopt }
      anew: { title: { zh: 重新编制, en: Draft anew }, reasons: true, then: drafting }
  adopt:
    title: { zh: 采用, en: Adopted }
    decides: confirmed
    adopts: bench-choice.draft
    notice: { zh: 已采用。, en: It is adopted. }
    amends: { status: \"'adopted'\" }
    then: adopted
ends:
  adopted: { title: { zh: 已采用, en: Adopted } }
  given-up: { title: { zh: 不办, en: Given up } }
exits: { withdrawal: [], correction: false }
";

const DIVISION: &str = "division: { title: { zh: 地方, en: Place }, type: division }";
const POINT: &str = "point: { title: { zh: 位置, en: Point }, type: point, optional: true }";

/// A file with a name, a title and fields.
fn file(kind: &str, name: &str, headed: &str, fields: &[&str]) -> String {
    let title = "title: { zh: 长椅（虚构）, en: Benches (invented) }";
    let fields: String = fields.iter().map(|field| format!("  {field}\n")).collect();
    format!("{kind}: {name}\n{title}\n{headed}fields:\n{fields}")
}

fn field(name: &str, kind: &str) -> String {
    format!("{name}: {{ title: {{ zh: 一项, en: Something }}, type: {kind} }}")
}

fn open(name: &str, kind: &str) -> String {
    format!("{name}: {{ title: {{ zh: 一项, en: Something }}, type: {kind}, optional: true }}")
}

/// A choice between names.
fn choice(name: &str, options: &[&str]) -> String {
    let options: Vec<String> =
        options.iter().map(|own| format!("{own}: {{ zh: 选项, en: Option }}")).collect();
    field(name, &format!("{{ choice: {{ {} }} }}", options.join(", ")))
}

/// The town in which it is planned where benches stand.
fn town() -> Town {
    let mut town = Town::willow();
    let mut section = |name: &str, fields: &[&str]| {
        town.put(&format!("sections/{name}.yaml"), file("section", name, "", fields));
    };
    section("benches", &[&field("name", "text"), DIVISION]);
    section("bench-choice", &[&field("draft", "integer"), &field("why", "text")]);
    let mut register = |name: &str, headed: &str, fields: &[&str]| {
        let headed = format!("headed: {headed}\n");
        town.put(&format!("registers/{name}.yaml"), file("register", name, &headed, fields));
    };
    let name = &field("name", "text");
    register("lane", "name", &[name, POINT, &field("people", "integer"), DIVISION]);
    register("bench", "name", &[name, POINT, &field("seats", "integer"), DIVISION]);
    let (loud, why) = (open("loud", "boolean"), open("why", "text"));
    register("corner", "name", &[name, POINT, &field("area", "integer"), &loud, &why, DIVISION]);
    let status = choice("status", &["open", "adopted"]);
    register("bench-plan", "name", &[name, &status, DIVISION]);
    let course = choice("course", &["short", "long", "lengthen", "remove"]);
    let [seats, year, place] = ["seats", "year", "place"].map(|name| field(name, "integer"));
    let bench = open("bench", "{ entry: bench }");
    let corner = open("corner", "{ entry: corner }");
    let (site, point, cost) =
        (field("site", "text"), field("point", "point"), field("cost", "money"));
    let picked = [&site, &bench, &corner, &point, &course, &seats, &year, &cost, &place];
    register("planned-bench", "site", &picked.map(String::as_str));
    town.put(BENCHES, PROCEDURE.to_owned());
    town
}

/// The town once the first `from` in the procedure is changed.
fn changed(from: &str, to: &str) -> Town {
    let town = town();
    assert!(town.text(BENCHES).contains(from), "`{from}` is not in {BENCHES}");
    town.with(BENCHES, town.text(BENCHES).replacen(from, to, 1))
}

/// The fault of that word that then stands, at its words.
fn check(from: &str, to: &str, word: &str, at: &str) {
    let rejected = changed(from, to).compile().expect_err(to);
    let found = rejected.faults.iter().find(|fault| fault.word == word);
    let found = found.map(|fault| rejected.sources.slice(fault.at).trim_end());
    assert_eq!(found, Some(at), "{word} after `{to}`: {:?}", rejected.faults);
}

#[test]
fn the_town_that_plans_is_sound() {
    let compiled = town().compile().unwrap_or_else(|rejected| panic!("{:?}", rejected.faults));
    let benches = &compiled.pack.procedures["benches"];
    let layout = benches.layout.as_ref().expect("it makes a layout plan");
    let courses: Vec<&str> = layout.courses().map(base::Name::as_str).collect();
    assert_eq!(courses, ["short", "long", "lengthen", "remove"]);
    let does: Vec<bool> =
        layout.changes.iter().map(|(_, own)| matches!(own.does, LayoutDoes::Closes)).collect();
    assert_eq!((does, layout.sites.fields.len()), (vec![false, true], 9));
    assert_eq!((layout.counts().count(), layout.conditions().count()), (16, 1));
    let looks: Vec<&str> = layout.looks().into_iter().map(base::Name::as_str).collect();
    assert_eq!(looks, ["lanes", "benches", "corners"]);
    let per: Vec<bool> = layout.standards.iter().map(|(_, own)| own.per_thousand).collect();
    assert_eq!(per, [true, false]);
    assert!(benches.decision("survey").is_some_and(|own| own.surveys && own.adopts.is_none()));
    let adopts = benches.decision("adopt").and_then(|own| own.adopts.as_deref());
    assert_eq!(adopts, Some("bench-choice.draft"));
    assert!(benches.stage("drafting").is_some_and(|own| own.drafts));
}

#[test]
fn what_a_layout_names_is_looked_up() {
    check("found: lanes", "found: lane", "unknown-look-up", "lane");
    check("people: people", "people: name", "unknown-register-field", "name");
    check("places: seats", "places: point", "unknown-register-field", "point");
    check("area: area }", "area: why }", "unknown-register-field", "why");
    check("reason: why", "reason: area", "unknown-register-field", "area");
    check("not its.loud", "not its.noisy", "unknown-name", "its.noisy");
    check("norm: 20", "norm: figure.food", "unknown-name", "figure.food");
    check("cost: 90", "cost: true", "type-clash", "true");
    check(
        "adopts: bench-choice.draft",
        "adopts: bench-choice.why",
        "unknown-form-field",
        "bench-choice.why",
    );
    check("register: planned-bench", "register: bench-plan", "unknown-register", "bench-plan");
    check("course: pick.course", "course: pick.way", "unknown-name", "pick.way");
    check("bench: pick.existing", "bench: pick.candidate", "type-clash", "pick.candidate");
    for key in ["B-{case}", "B-{case}{place}", "B-{case}-1{place}"] {
        check("B-{case}-{place}", key, "pick-key-rule", &format!("\"{key}\""));
    }
}

#[test]
fn what_is_built_and_what_is_changed_is_told_apart() {
    check("    lengthen:", "    short:", "layout-course-twice", "short");
    check("adds: 3, ", "", "adds-or-closes", "lengthen");
    check("adds: 3", "closes: true, adds: 3", "adds-or-closes", "lengthen");
    check("    quiet:", "    too-small:", "layout-bar-taken", "too-small");
    let sizes =
        PROCEDURE.split("  sizes:\n").nth(1).and_then(|rest| rest.split("  changes").next());
    let sizes = format!("  sizes:\n{}", sizes.expect("something is built"));
    let first = "areas: { found: lanes, point: point, people: people }";
    check(&sizes, "", "layout-builds-nothing", first);
}

#[test]
fn a_standard_says_where_it_counts() {
    check("found: benches\n      same", "found: bench\n      same", "unknown-look-up", "bench");
    check("same: division", "same: seats", "unknown-register-field", "seats");
    check("counts: seats", "counts: point", "unknown-register-field", "point");
    check("point: point, within", "point: seats, within", "unknown-register-field", "seats");
    check("within: 301", "within: true", "type-clash", "true");
    check("least: 21", "least: figure.food", "unknown-name", "figure.food");
    check("      same: division\n", "", "standard-nowhere", "seats");
    check("same: division", "same: division\n      within: 5", "standard-nowhere", "seats");
    check("point: point, within: 301", "within: 301", "standard-nowhere", "near");
    check("within: 301, ", "", "standard-nowhere", "near");
}

#[test]
fn one_decision_surveys_and_one_adopts() {
    let first = "areas: { found: lanes, point: point, people: people }";
    check("    surveys: true\n", "", "layout-incomplete", first);
    check("    drafts: true\n", "", "layout-incomplete", first);
    check("    adopts: bench-choice.draft\n", "", "layout-incomplete", first);
    let both = "    adopts: bench-choice.draft\n    surveys: true\n";
    check("    adopts: bench-choice.draft\n", both, "layout-done-twice", "adopt");
    let written = PROCEDURE.split("layout:\n").nth(1).and_then(|rest| rest.split("begins:").next());
    let written = format!("layout:\n{}", written.expect("it makes a layout plan"));
    check(&written, "", "layout-of-nothing", "survey");
    check(
        "    by: competent\n    drafts",
        "    by: applicant\n    drafts",
        "drafts-of-applicant",
        "applicant",
    );
}

#[test]
fn a_plan_is_a_draft_of_its_survey() {
    let past = "en: Survey }, then: drafting }";
    check("en: Survey }, then: survey }", past, "drafted-unsurveyed", "drafting");
    check("    then: drafting\n", "    then: choose\n", "adopted-undrafted", "adopt");
    check(
        "reasons: true, then: drafting }",
        "reasons: true, then: survey }",
        "surveyed-again",
        "survey",
    );
    check("    then: adopted\n", "    then: choose\n", "adopted-again", "adopt");
    check("asks: [bench-choice], ", "", "unknown-form-field", "bench-choice.draft");
    let title = "title: { zh: 径采, en: Straight }";
    let straight = format!("straight: {{ {title}, that: layout.drafts = 9, then: adopt }}");
    let unasked = format!("then: choose }}\n      {straight}");
    check("then: choose }", &unasked, "adopted-unnamed", "adopt");
    let appealed = "    appeal: { remedies: [town-review], upheld: choose }\n    then: adopted\n";
    check("    then: adopted\n", appealed, "layout-appealed", "adopt");
    check("norm: 20", "norm: bench-choice.draft", "unknown-name", "bench-choice.draft");
    check("not its.loud", "bench-choice.draft > 1", "surveyed-unknown", "survey");
}

#[test]
fn a_new_layout_is_told() {
    let compile =
        |town: Town| town.compile().unwrap_or_else(|rejected| panic!("{:?}", rejected.faults)).pack;
    let before = compile(town());
    let check = |from: &str, to: &str, wanted: &[&str]| {
        let found = between(&before, &compile(changed(from, to)), Days::Telling);
        let places: Vec<&str> = found.differences.iter().map(|own| own.place.as_str()).collect();
        assert_eq!(places, wanted, "after `{to}`");
    };
    check("norm: 20", "norm: 21", &["benches.layout.norm"]);
    check("places: 2", "places: 3", &["benches.layout.sizes"]);
    check("adds: 3", "adds: 4", &["benches.layout.changes"]);
    check("not its.loud", "its.loud = false", &["benches.layout.needs"]);
    check("reach: 900", "reach: 901", &["benches.layout.travel"]);
    for (from, to) in [
        ("least: 21", "least: 22"),
        ("within: 301", "within: 302"),
        ("      counts: seats\n", ""),
        ("      per_thousand: true\n", ""),
    ] {
        check(from, to, &["benches.layout.standards"]);
    }
    check("zh: 近处", "zh: 邻近", &["benches.layout"]);
    check("B-{case}", "C-{case}", &["benches.layout.sites"]);
    check("zh: 太吵", "zh: 太闹", &["benches.layout"]);
}

#[test]
fn reasons_that_are_always_there_have_names() {
    assert!(Layout::BARS.iter().all(|bar| base::Name::new(bar).is_ok()));
}
