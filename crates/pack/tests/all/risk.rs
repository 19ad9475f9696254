//! Ratings and boards: what they may not leave out or misspell, and what is kept of them.

use base::Name;
use pack::model::{RiskCounts, RuleVerdict};

use crate::town::{Town, check};

const ROOM: &str = "risk/herb-room.yaml";
const FAIR: &str = "risk/fair.yaml";
const BOARD: &str = "boards/selling.yaml";

#[test]
fn what_findings_count_is_known_and_counts_once() {
    let room = |from, to, word, at, near| check(ROOM, from, to, word, at, near);
    room(
        "register: herb-room",
        "register: herb-rom",
        "unknown-register",
        "herb-rom",
        Some("herb-room"),
    );
    room("kind: selling", "kind: seling", "unknown-finding-kind", "seling", Some("selling"));
    room(
        "rule: herb-hoarded",
        "rule: herb-horded",
        "unknown-rule",
        "herb-horded",
        Some("herb-hoarded"),
    );
    room("verdict: clear", "verdict: clar", "unknown-word", "clar", Some("clear"));
    room("days: 365", "days: 0", "risk-days", "0", None);
    room("each: 4", "each: 0", "risk-each", "0", None);
    room("most: 10", "most: 3", "risk-most", "3", None);
    room(", verdict: clear", "", "risk-counted-twice", "hoards", None);
    let (from, to) = ("{ rule: herb-hoarded }", "{ rule: herb-hoarded, verdict: clear }");
    room(from, to, "risk-counts-nothing", to, None);
    // What rules find about herb rooms says nothing of fairs.
    let counts = "{ kind: selling, verdict: clear }";
    room("register: herb-room", "register: fair", "risk-counts-nothing", counts, None);
    room("register: herb-room", "register: fair", "rated-twice", "fair", None);
    let basis = "basis:\n  - { act: 柳溪草药房条例（虚构）, article: 18, confidence: assumed }\n";
    room(basis, "", "no-basis", "risk: herb-room", None);
    room("risk: herb-room", "risk: herb-rooms", "misnamed", "risk: herb-rooms", Some("herb-room"));
}

#[test]
fn levels_begin_with_none_and_rise() {
    let room = |from, to, at| check(ROOM, from, to, "risk-levels", at, None);
    room("Low }, from: 0", "Low }, from: 1", "1");
    room("High }, from: 10", "High }, from: 4", "4");
    let town = Town::willow();
    let (head, _) = town.text(ROOM).split_once("levels:").expect("levels");
    let rejected = town.with(ROOM, head.to_owned()).compile().expect_err("no levels");
    assert!(rejected.faults.iter().any(|fault| fault.word == "risk-levels"));
    let (head, rest) = town.text(ROOM).split_once("points:").expect("points");
    let (_, levels) = rest.split_once("levels:").expect("levels");
    let without = format!("{head}levels:{levels}");
    let rejected = town.with(ROOM, without).compile().expect_err("no points");
    assert!(rejected.faults.iter().any(|fault| fault.word == "risk-points"));
}

#[test]
fn entries_that_count_name_the_one_that_is_rated() {
    let fair = |from, to, word, at, near| check(FAIR, from, to, word, at, near);
    fair("register: closure", "register: closur", "unknown-register", "closur", Some("closure"));
    fair("names: fair", "names: fairs", "unknown-register-field", "fairs", Some("fair"));
    fair("names: fair", "names: why", "risk-names", "why", None);
    fair("day: kept-until", "day: kept", "unknown-register-field", "kept", None);
    fair("day: kept-until", "day: marks", "risk-day", "marks", None);
}

#[test]
fn a_board_shows_kinds_that_rules_gather_findings_by() {
    let board = |from, to, word, at, near| check(BOARD, from, to, word, at, near);
    board("[selling]", "[sellings]", "unknown-finding-kind", "sellings", Some("selling"));
    board("[selling]", "[selling, selling]", "shown-twice", "selling", None);
    board("[selling]", "[]", "board-shows-nothing", "board: selling", None);
    board("board: selling", "board: sale", "misnamed", "board: sale", Some("selling"));
}

#[test]
fn what_is_kept_of_ratings_and_boards() {
    let pack = Town::willow().compile().expect("the town is sound").pack;
    let room = &pack.risks["herb-room"];
    let rules: Vec<Vec<&str>> = room
        .lines
        .iter()
        .map(|(_, line)| match &line.counts {
            RiskCounts::Findings(own) => own.rules.iter().map(Name::as_str).collect(),
            RiskCounts::Entries(_) => Vec::new(),
        })
        .collect();
    let clear = vec!["herb-beyond-limit", "slip-under-broken-seal"];
    assert_eq!(rules, [clear, vec!["herb-hoarded"]]);
    assert_eq!(room.rules().len(), 3);
    let RiskCounts::Findings(first) = &room.lines[0].1.counts else { panic!("findings") };
    assert_eq!(first.verdict, Some(RuleVerdict::Clear));
    let fair = &pack.risks["fair"];
    let entries: Vec<_> =
        fair.entries().map(|(line, own)| (line.as_str(), &own.register)).collect();
    assert_eq!(entries.len(), 2);
    // The fields that name whom a rating rates are looked up by, so that counting reads no more.
    assert!(pack.registers["closure"].sought_by.contains("fair"));
    assert!(pack.boards["selling"].shows(&pack.rules["herb-hoarded"]));
}
