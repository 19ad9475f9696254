//! A procedure that holds a draw: each slip at its words, and what a new edition changes.

use pack::diff::{Days, between};

use crate::town::Town;

const ROUND: &str = "procedures/round.yaml";

const PROCEDURE: &str = "\
procedure: round
title: { zh: 巡街（虚构）, en: A round (invented) }
summary: { zh: 抽取查看哪些摊位。, en: Which stalls are looked at is drawn. }
kind: registration
basis: [{ act: 柳溪巡街办法（虚构）, confidence: assumed }]
register: round
applicant: [body]
competent: { office: planning, level: county, of: round.division }
bodies:
  fire: { office: fire, level: county, of: round.division }
  health: { office: health, level: county, of: round.division }
clock:
  statutory: { term: 20 working days, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
  promised: { term: 20 working days, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
form: [round]
looks_up:
  lots: { title: { zh: 摊位, en: Lots }, register: lot, where: { division: round.division } }
  walkers:
    title: { zh: 人员, en: Walkers }
    register: walker
    where: { division: round.division }
  kin: { title: { zh: 亲属, en: Kin }, register: kin, where: { division: round.division } }
draw:
  pledges: { review: pledge, field: round-pledge.pledge }
  seeds: { review: tell, field: round-seed.seed }
  objects: { found: lots, class: class }
  shares: { high: 50, low: 5 }
  officers: { found: walkers, department: office }
  crews: { fire: 1, health: 2 }
  conflicts: { found: kin, officer: walker, object: lot, reason: why }
  orders:
    register: errand
    key: \"E-{case}-{place}\"
    fields:
      lot: pick.object
      class: pick.class
      crew: pick.crew
      place: pick.place
      day: decided-on
begins: call
steps:
  call:
    title: { zh: 通知, en: The call }
    by: competent
    within: { term: 2 working days, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
    outcomes:
      called: { title: { zh: 通知, en: Call }, then: pledge }
      dropped: { title: { zh: 不办, en: Drop it }, reasons: true, then: given-up }
  pledge:
    title: { zh: 承诺种子, en: Seeds are pledged }
    by: competent
    within: { term: 5 working days, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
    answers:
      pledges: { title: { zh: 承诺, en: Pledges }, counts: approves, asks: [round-pledge] }
      declines: { title: { zh: 不参加, en: Declines }, counts: refuses, reasons: true }
      silent: { title: { zh: 未答复, en: No answer }, counts: abstains }
    reviews: PARTS
    join: { lead_decides: ready }
  ready:
    title: { zh: 是否都已承诺, en: Whether all have pledged }
    turns:
      all: { title: { zh: 都已承诺, en: All have }, that: draw.pledged, then: freeze }
    otherwise: { title: { zh: 没有, en: Not all }, then: given-up }
  freeze:
    title: { zh: 冻结, en: Freezing }
    by: competent
    within: { term: 5 working days, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
    outcomes:
      frozen: { title: { zh: 冻结, en: Freeze }, then: freeze-lists }
      dropped: { title: { zh: 不办, en: Drop it }, reasons: true, then: given-up }
  freeze-lists:
    title: { zh: 名单冻结, en: The lists are frozen }
    decides: granted
    freezes: true
    notice: { zh: 名单已冻结。, en: The lists are frozen. }
    enters:
      key: \"R-{case}\"
      fields: { name: round.name, status: \"'frozen'\", division: round.division }
    then: tell
  tell:
    title: { zh: 公开种子, en: Seeds are told }
    by: competent
    within: { term: 5 working days, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
    answers:
      tells: { title: { zh: 公开, en: Tells it }, counts: approves, asks: [round-seed] }
      refuses: { title: { zh: 不公开, en: Refuses }, counts: refuses, reasons: true }
      silent: { title: { zh: 未答复, en: No answer }, counts: abstains }
    reviews: PARTS
    join: { lead_decides: all-told }
  all-told:
    title: { zh: 是否都已公开, en: Whether all are told }
    turns:
      all: { title: { zh: 都已公开, en: All are }, that: draw.told, then: draw-now }
    otherwise: { title: { zh: 没有, en: Not all }, then: spoilt }
  draw-now:
    title: { zh: 抽取, en: The draw }
    decides: confirmed
    draws: true
    notice: { zh: 已抽取。, en: It is drawn. }
    amends: { status: \"'drawn'\" }
    then: drawn
ends:
  drawn: { title: { zh: 已抽取, en: Drawn } }
  spoilt: { title: { zh: 作废, en: Void } }
  given-up: { title: { zh: 不办, en: Given up } }
exits: { withdrawal: [], correction: false }
";

/// What is asked of each body in both reviews.
const PARTS: &str = "
      fire:
        title: { zh: 消防, en: Fire }
        within: { term: 5 working days, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
        silence: { deemed: silent, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
      health:
        title: { zh: 卫生, en: Health }
        within: { term: 5 working days, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }
        silence: { deemed: silent, basis: { act: 柳溪巡街办法（虚构）, confidence: assumed } }";

/// The freezing as what silence is deemed to be.
const FROZEN_BY_SILENCE: &str =
    "    silence: { deemed: frozen, basis: { act: 虚构, confidence: assumed } }
    outcomes:
      frozen:";

const DIVISION: &str = "division: { title: { zh: 地方, en: Place }, type: division }";

/// A file with a name, a title and fields.
fn file(kind: &str, name: &str, headed: &str, fields: &[&str]) -> String {
    let title = "title: { zh: 巡街（虚构）, en: A round (invented) }";
    let fields: String = fields.iter().map(|field| format!("  {field}\n")).collect();
    format!("{kind}: {name}\n{title}\n{headed}fields:\n{fields}")
}

fn text(name: &str) -> String {
    format!("{name}: {{ title: {{ zh: 文字, en: Text }}, type: text }}")
}

fn entry(register: &str) -> String {
    format!("{register}: {{ title: {{ zh: 登记, en: Entry }}, type: {{ entry: {register} }} }}")
}

/// The town in which it is drawn which stalls are looked at.
fn town() -> Town {
    let mut town = Town::willow();
    let mut section = |name: &str, fields: &[&str]| {
        town.put(&format!("sections/{name}.yaml"), file("section", name, "", fields));
    };
    section("round", &[&text("name"), DIVISION]);
    section("round-pledge", &[&text("pledge")]);
    section("round-seed", &[&text("seed")]);
    let mut register = |name: &str, headed: &str, fields: &[&str]| {
        let headed = format!("headed: {headed}\n");
        town.put(&format!("registers/{name}.yaml"), file("register", name, &headed, fields));
    };
    let choice = |name: &str, first: &str, second: &str| {
        let first = format!("{first}: {{ zh: 甲, en: One }}");
        let second = format!("{second}: {{ zh: 乙, en: Two }}");
        let kind = format!("type: {{ choice: {{ {first}, {second} }} }}");
        format!("{name}: {{ title: {{ zh: 选项, en: Option }}, {kind} }}")
    };
    let class = choice("class", "high", "low");
    register("lot", "name", &[&text("name"), &class, DIVISION]);
    register("walker", "name", &[&text("name"), &choice("office", "fire", "health"), DIVISION]);
    register("kin", "why", &[&entry("walker"), &entry("lot"), &text("why"), DIVISION]);
    let status = choice("status", "frozen", "drawn");
    register("round", "name", &[&text("name"), &status, DIVISION]);
    let place = "place: { title: { zh: 位次, en: Place }, type: integer }";
    let day = "day: { title: { zh: 日期, en: Day }, type: date }";
    register("errand", "lot", &[&entry("lot"), &class, &text("crew"), place, day]);
    town.put(ROUND, PROCEDURE.replace(" PARTS", PARTS));
    town
}

/// The town once the first `from` in the procedure is changed.
fn changed(from: &str, to: &str) -> Town {
    let town = town();
    assert!(town.text(ROUND).contains(from), "`{from}` is not in {ROUND}");
    town.with(ROUND, town.text(ROUND).replacen(from, to, 1))
}

/// The fault of that word that then stands, at its words.
fn check(from: &str, to: &str, word: &str, at: &str) {
    let rejected = changed(from, to).compile().expect_err(to);
    let found = rejected.faults.iter().find(|fault| fault.word == word);
    let found = found.map(|fault| rejected.sources.slice(fault.at).trim_end());
    assert_eq!(found, Some(at), "{word} after `{to}`: {:?}", rejected.faults);
}

#[test]
fn the_town_that_draws_is_sound() {
    let compiled = town().compile().unwrap_or_else(|rejected| panic!("{:?}", rejected.faults));
    let round = &compiled.pack.procedures["round"];
    let draw = round.draw.as_ref().expect("it holds a draw");
    assert_eq!((draw.shares.len(), draw.crews.len(), draw.orders.fields.len()), (2, 2, 5));
    assert!(round.decision("freeze-lists").is_some_and(|own| own.freezes && !own.draws));
    assert!(round.decision("draw-now").is_some_and(|own| own.draws && !own.freezes));
}

#[test]
fn what_a_draw_names_is_looked_up() {
    check("round-seed.seed", "round-seed.sed", "unknown-form-field", "round-seed.sed");
    check("review: tell", "review: ready", "unknown-step", "ready");
    check("found: lots", "found: lot", "unknown-look-up", "lot");
    check("class: class }", "class: name }", "unknown-register-field", "name");
    check("low: 5 }", "low: 5, mild: 1 }", "unknown-class", "mild");
    check(", low: 5 }", " }", "draw-no-share", "class");
    check("crews: { fire: 1", "crews: { planning: 1", "unknown-body", "planning");
    check("reason: why", "reason: lot", "unknown-register-field", "lot");
    check("register: errand", "register: round", "unknown-register", "round");
    for key in ["E-{case}", "E-{case}{place}", "E-{place}{case}", "E-{case}-1{place}"] {
        check("E-{case}-{place}", key, "pick-key-rule", &format!("\"{key}\""));
    }
}

#[test]
fn one_decision_freezes_and_one_draws() {
    let first = "pledges: { review: pledge, field: round-pledge.pledge }";
    check("    draws: true\n", "", "draw-undecided", first);
    let both = "    draws: true\n    freezes: true\n";
    check("    draws: true\n", both, "draw-decided-twice", "draw-now");
    let written = PROCEDURE.split("draw:\n").nth(1).and_then(|rest| rest.split("begins:").next());
    let written = format!("draw:\n{}", written.expect("it holds a draw"));
    check(&written, "", "draw-of-nothing", "freeze-lists");
}

#[test]
fn nobody_can_bend_a_draw() {
    let past = "en: Call }, then: freeze }";
    check("en: Call }, then: pledge }", past, "frozen-unpledged", "freeze-lists");
    check("en: Freeze }, then: freeze-lists", "en: Freeze }, then: tell", "told-unfrozen", "tell");
    check("    then: tell\n", "    then: draw-now\n", "drawn-untold", "draw-now");
    check("en: Not all }, then: spoilt", "en: Not all }, then: pledge", "frozen-again", "pledge");
    check("    outcomes:\n      frozen:", FROZEN_BY_SILENCE, "frozen-unchosen", "freeze");
    check("that: draw.told", "that: not draw.told", "drawn-by-choice", "all-told");
}

#[test]
fn a_new_draw_is_told() {
    let before = town().compile().unwrap_or_else(|rejected| panic!("{:?}", rejected.faults)).pack;
    let after = changed("low: 5 }", "low: 6 }").compile();
    let after = after.unwrap_or_else(|rejected| panic!("{:?}", rejected.faults)).pack;
    let found = between(&before, &after, Days::Telling);
    let places: Vec<&str> = found.differences.iter().map(|own| own.place.as_str()).collect();
    assert_eq!(places, ["round.draw.shares"]);
}
