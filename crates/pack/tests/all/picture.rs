//! Pictures: what they may not leave out or misspell, and what is kept of them.

use base::Name;

use crate::town::{Town, check};

const HOST: &str = "pictures/host.yaml";

fn host(from: &str, to: &str, word: &str, at: &str, near: Option<&str>) {
    check(HOST, from, to, word, at, near);
}

#[test]
fn a_picture_names_what_there_is() {
    host("registers: [fair]", "registers: [fairs]", "unknown-register", "fairs", Some("fair"));
    host("register: closure", "register: closur", "unknown-register", "closur", Some("closure"));
    let points = "{ register: fair-points, names: fair }";
    let misspelt = "{ register: fair-points, names: fairs }";
    host(points, misspelt, "unknown-register-field", "fairs", Some("fair"));
    let near = Some("fair-hosting");
    host("[fair-hosting,", "[fair-hostin,", "unknown-procedure", "fair-hostin", near);
    let near = Some("shut-out");
    host("register: shut-out", "register: shutout", "unknown-register", "shutout", near);
    host("picture: host", "picture: hosts", "misnamed", "picture: hosts", Some("host"));
    let basis = "basis:\n  - { act: 柳溪灯市条例（虚构）, article: 16, confidence: assumed }\n";
    host(basis, "", "no-basis", "picture: host", None);
    let carries = "parts:\n  fairs:";
    let row = "carries_out: [Z9]\nparts:\n  fairs:";
    host(carries, row, "unknown-row", "Z9", None);
}

#[test]
fn a_picture_shows_what_is_a_partys() {
    host("registers: [fair]", "registers: [fair, closure]", "picture-held", "closure", None);
    let points = "{ register: fair-points, names: fair }";
    let why = "{ register: fair-points, names: why }";
    host(points, why, "picture-names", "why", None);
    // A plan is adopted by a body, against nobody.
    let (from, to) = ("[fair-hosting,", "[fair-adoption,");
    host(from, to, "picture-procedure", "fair-adoption", None);
}

#[test]
fn each_thing_stands_in_one_place_and_every_part_shows_something() {
    host("registers: [shut-out]", "registers: [shut-out, fair]", "shown-twice", "fair", None);
    let (from, to) = ("[shutting-out,", "[fair-closure,");
    host(from, to, "shown-twice", "fair-closure", None);
    host("register: closure", "register: fair-points", "shown-twice", "fair-points", None);
    host("register: closure", "register: shut-out", "shown-twice", "shut-out", None);
    let entries = "    entries:\n      - { register: closure, names: fair }\n      \
                   - { register: fair-points, names: fair }\n";
    host(entries, "", "picture-empty", "said", None);
}

#[test]
fn a_picture_is_reached_and_seen_by_somebody() {
    let town = Town::willow();
    let words = |text: String| {
        let rejected = town.with(HOST, text).compile().expect_err("nobody comes to it");
        rejected.faults.iter().map(|fault| fault.word).collect::<Vec<_>>()
    };
    let lines = |left_out: &str| {
        let lines = town.text(HOST).lines().filter(|line| !line.trim().starts_with(left_out));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    assert!(words(lines("registers:")).contains(&"picture-unreached"));
    assert!(words(lines("procedures:")).contains(&"picture-unseen"));
}

#[test]
fn what_rests_on_what_can_be_told_of_both() {
    let depends = "depends:\n  - { register: shut-out, names: fair }";
    let on = |names: &str| format!("depends:\n  - {{ register: shut-out, names: {names} }}");
    host(depends, &on("name"), "picture-depends", "name", None);
    host(depends, &on("fare"), "unknown-register-field", "fare", None);
    let stall = "depends:\n  - { register: stall, names: fair }";
    host(depends, stall, "unknown-register", "stall", None);
}

#[test]
fn what_is_kept_of_a_picture() {
    let pack = Town::willow().compile().expect("the town is sound").pack;
    let host = &pack.pictures["host"];
    let offices: Vec<&str> = host.offices(&pack).into_iter().map(Name::as_str).collect();
    assert_eq!(offices, ["civil-affairs", "fire", "planning"]);
    assert!(host.is_of(&pack.registers["fair"]) && !host.is_of(&pack.registers["closure"]));
    // Whatever a picture shows of a party is looked up, so that nothing is read in vain.
    assert!(pack.registers["fair"].sought_by.contains("host"));
    assert!(pack.registers["shut-out"].sought_by.contains("host"));
    assert!(pack.registers["fair-points"].sought_by.contains("fair"));
}
