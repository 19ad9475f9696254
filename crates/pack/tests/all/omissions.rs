//! What a pack may not leave out or misspell beyond the shape of its files: each slip at its words,
//! with what was probably meant.

use crate::town::{Town, check};

const LICENCE: &str = "procedures/herb-room-licence.yaml";
const JOINT: &str = "procedures/tea-house-licence.yaml";
const KILN: &str = "procedures/kiln-permit.yaml";
const FEED: &str = "feeds/herb-sales.yaml";
const PLAN: &str = "tables/plan.yaml";

#[test]
fn names_are_looked_up() {
    let law = |from, to, word, at, near| check(LICENCE, from, to, word, at, near);
    law("[W1]", "[W11]", "unknown-row", "W11", Some("W1"));
    law("[W1]", "[W1, A22]", "unknown-row", "A22", Some("A2"));
    law("[W1]", "[W1, herbs]", "unknown-row", "herbs", None);
    law("from: examine", "from: granted", "unknown-step", "granted", None);
    law("begins: accept", "begins: acept", "unknown-step", "acept", Some("accept"));
    law("then: granted", "then: grantd", "unknown-target", "grantd", Some("granted"));
    law(
        "of: herb-room.division",
        "of: herb-room.name",
        "unknown-form-field",
        "herb-room.name",
        None,
    );
    let heard = "of: body.division";
    check("remedies.yaml", heard, "of: division", "unknown-form-field", "division", None);
    check(PLAN, "health@90", "health@9001", "not-a-body", "health@9001", None);
    let keeper = ("sections/keeper.yaml", "section: keeper", "section: keper");
    check(keeper.0, keeper.1, keeper.2, "misnamed", keeper.2, Some("keeper"));
}

#[test]
fn findings_are_taken_up_about_somebody() {
    let taken = "begins: accept\ntakes_up: [herb-room.name]";
    let at = "herb-room.name";
    check(LICENCE, "begins: accept", taken, "takes-up-nobody", at, None);
    let closing = ("procedures/fair-closure.yaml", "begins: inspect");
    let unsaid = "begins: inspect\ntakes_up: [place.fiar]";
    check(closing.0, closing.1, unsaid, "unknown-form-field", "place.fiar", None);
    let entry = "begins: inspect\ntakes_up: [place.fair]";
    check(closing.0, closing.1, entry, "unknown-form-field", "place.fair", None);
    let later = "begins: inspect\ntakes_up: [finding.why]";
    check(closing.0, closing.1, later, "unknown-form-field", "finding.why", None);
}

#[test]
fn life_events_lead_to_every_service_of_people() {
    let events = |from, to, word, at, near| check("life-events.yaml", from, to, word, at, near);
    let whole = "[herb-room-licence, tea-house-licence, kiln-permit]";
    let some = "[herb-room-licence, tea-house-licence]";
    events(
        "kiln-permit]",
        "kiln-permits]",
        "unknown-procedure",
        "kiln-permits",
        Some("kiln-permit"),
    );
    events("kiln-permit]", "fair-closure]", "not-open-to-people", "fair-closure", None);
    events(whole, some, "no-life-event", "procedure: kiln-permit", None);
}

#[test]
fn a_procedure_carries_out_measures_and_rows_of_the_table_of_systems() {
    let town = Town::willow();
    let both = town.text(LICENCE).replacen("[W1]", "[W1, A2]", 1);
    let compiled = town.with(LICENCE, both).compile().expect("both are known");
    let carried = &compiled.pack.procedures["herb-room-licence"].carries_out;
    assert_eq!(carried, &["W1", "A2"]);
}

#[test]
fn bodies_levels_and_answers_are_looked_up() {
    let law = |from, to, word, at, near| check(JOINT, from, to, word, at, near);
    law("level: deciding", "level: decidng", "unknown-level", "decidng", Some("deciding"));
    law("level: deciding", "level: own", "unknown-level", "own", None);
    check("remedies.yaml", "level: own", "level: deciding", "unknown-level", "deciding", None);
    law("    by: decider", "    by: decidr", "unknown-body", "decidr", Some("decider"));
    law(
        "by: decider\n    decides",
        "by: applicant\n    decides",
        "unknown-body",
        "applicant",
        None,
    );
    law("      fire:", "      fires:", "unknown-body", "fires", Some("fire"));
    law("deemed: silent", "deemed: silnt", "unknown-answer", "silnt", Some("silent"));
    law("  decider: {", "  applicant: {", "reserved-name", "applicant", None);
    law("  deciding:", "  county:", "reserved-name", "county", None);
    law(
        "  decider: {",
        "  spare: { office: fire, level: county, of: tea-house.division }\n  decider: {",
        "idle-body",
        "spare",
        None,
    );
}

#[test]
fn promises_are_looked_up() {
    let law = |from, to, word, at, near| check(KILN, from, to, word, at, near);
    let near = Some("enough-firemen");
    law("[enough-firemen]", "[enough-fireman]", "unknown-condition", "enough-fireman", near);
    law("[enough-firemen]", "[]", "promises-nothing", "manned", None);
    law("[roster]", "[drawing]", "unknown-later-paper", "drawing", None);
    law("    evidence: [roster]\n", "", "later-for-what", "roster", None);
    law(
        "on_commitment: manned",
        "on_commitment: mannd",
        "unknown-commitment",
        "mannd",
        Some("manned"),
    );
    law("on_commitment: manned, ", "", "idle-promise", "manned", None);
    law("manned, needs_met: true", "manned", "promise-for-nothing", "manned", None);
    law("keeps: manned", "keeps: manned\n    breaks: manned", "kept-and-broken", "manned", None);
    law("      broken-word:", "      kiln:", "unknown-register", "kiln", None);
    let entry = "fields:\n          name: kiln.name\n          found-on: decided-on";
    law("        key: \"W-{division}-{year}-{case}\"\n", "", "key-or-rows", entry, None);
    let asked = "type: integer, need: optional";
    check(
        "sections/kiln.yaml",
        asked,
        "type: integer, need: later",
        "answered-later",
        "firemen",
        None,
    );
}

#[test]
fn nothing_is_left_out() {
    let law = |from, to, word, at| check(LICENCE, from, to, word, at, None);
    law("key: \"{division}-{year}-{case}\"", "key: \"{year}\"", "key-rule", "\"{year}\"");
    law("times: 2", "times: 0", "never-asked", "0");
    let joint = |from, to, word, at| check(JOINT, from, to, word, at, None);
    joint("times: 2", "times: 0", "never-asked", "0");
    joint(
        "          times: 1\n",
        "          times: 1\n        then: settle\n",
        "what-follows",
        "incomplete",
    );
    joint(
        "      incomplete:",
        "      leave: { title: { zh: 离, en: Leave }, then: settle }\n      incomplete:",
        "leaves-review",
        "leave",
    );
    law("[person, organisation]", "[]", "no-applicant", "procedure: herb-room-licence");
    law("modes: [upload]", "modes: []", "no-mode", "plan");
    let shows = "[name, division, herbs, since]";
    check("registers/herb-room.yaml", shows, "[]", "shows-nothing", "herb-room-licence", None);
    check("pack.yaml", "jurisdiction: \"90\"\n", "", "no-jurisdiction", "pack: willow", None);
    let drawn = "outlines:\n  - { act: 柳溪岛略图（虚构）, confidence: assumed }\n";
    check("pack.yaml", drawn, "", "outlines-unsourced", "division,ring", None);
    check(PLAN, "[planning@900101]", "[]", "empty-list", "[]", None);
    check(PLAN, "W1:", "W2x:", "unknown-row", "W1", Some("W2"));
}

#[test]
fn persons_are_protected() {
    let keeper = |from, to, word, at| check("sections/keeper.yaml", from, to, word, at, None);
    let number = "type: { identifier: resident-id }, personal: true";
    keeper(number, "type: { identifier: resident-id }", "identity", "resident-id");
    keeper(number, "type: { identifier: passport }, personal: false", "identity", "resident-id");
    keeper("type: text, personal: true", "type: text", "personal-or-not", "name");
}

#[test]
fn what_nothing_uses_is_shown() {
    let law = |from, to, at| check(LICENCE, from, to, "unused", at, None);
    law("figure.keeper-years-min", "3", "keeper-years-min");
    law("    issues: herb-room-licence\n", "", "herb-room-licence");
    let figure = "  floor-area-min:";
    let spare = [
        "  spare:",
        "    title: { zh: 余, en: Spare }",
        "    unit: { zh: 年, en: years }",
        "    values:",
        "      - { from: 2016-01-01, value: 1, basis: { act: 柳溪, confidence: assumed } }",
        figure,
    ];
    check("figures/herb-rooms.yaml", figure, &spare.join("\n"), "unused", "spare", None);
}

#[test]
fn the_last_day_of_a_certificate_is_a_day_that_it_shows() {
    const ROOM: &str = "registers/herb-room.yaml";
    const SHOWS: &str = "shows: [name, division, herbs, since]";
    let room = |to: &str, word, at, near| {
        check(ROOM, SHOWS, &format!("{to}\n    until: {at}"), word, at, near);
    };
    room(SHOWS, "unknown-register-field", "sinse", Some("since"));
    room(SHOWS, "not-a-last-day", "name", None);
    room("shows: [name]", "not-a-last-day", "since", None);
    let town = Town::willow();
    let sound = town.text(ROOM).replacen(SHOWS, &format!("{SHOWS}\n    until: since"), 1);
    let compiled = town.with(ROOM, sound).compile().expect("a day that it shows");
    let certificate = &compiled.pack.registers["herb-room"].certificates["herb-room-licence"];
    assert_eq!(certificate.until.as_ref().map(base::Name::as_str), Some("since"));
}

#[test]
fn a_feed_tells_its_rows_apart_and_says_when() {
    let feed = |from, to, word, at, near| check(FEED, from, to, word, at, near);
    feed("[room, sale]", "[room, sales]", "unknown-column", "sales", Some("sale"));
    feed("[room, sale]", "[]", "feed-without-key", "feed: herb-sales", None);
    feed("[room, sale]", "[room, born-on]", "feed-key-optional", "born-on", None);
    feed("event_at: sold-at", "event_at: sold-on", "unknown-column", "sold-on", Some("sold-at"));
    feed("event_at: sold-at", "event_at: sale", "feed-moment", "sale", None);
    feed("{ decimal: 2 }", "{ decimal: 10 }", "feed-decimals", "10", None);
    feed("  packets:", "  intake-at:", "feed-column-taken", "intake-at", None);
    feed("{ code: herbs }", "{ code: herb }", "unknown-code-list", "herb", Some("herbs"));
    let near = Some("herb-room");
    feed("{ entry: herb-room }", "{ entry: herb-rom }", "unknown-register", "herb-rom", near);
    feed("feed: herb-sales", "feed: herb-sale", "misnamed", "feed: herb-sale", Some("herb-sales"));
    let cited = "\n  - { act: 柳溪草药房条例（虚构）, article: 14, confidence: assumed }";
    feed(cited, " []", "no-basis", "feed: herb-sales", None);
}

#[test]
fn a_signed_feed_says_who_signs_and_whom_one_trusts() {
    const SLIPS: &str = "feeds/signed-slips.yaml";
    let slips = |from, to, word, at, near| check(SLIPS, from, to, word, at, near);
    let columns = "  certificate: certificate\n  signature: signature\n";
    let other = "  certificate: packets\n  signature: signature\n";
    slips(columns, other, "signed-column", "packets", None);
    let other = "  certificate: certificate\n  signature: signatur\n";
    slips(columns, other, "unknown-column", "signatur", Some("signature"));
    slips("by: room", "by: slip", "signed-by", "slip", None);
    slips("{ register: sealer,", "{ register: seale,", "unknown-register", "seale", Some("sealer"));
    slips("certificate: root", "certificate: since", "signed-trust", "since", None);
    slips("certificate: root", "certificate: rot", "unknown-register-field", "rot", Some("root"));
    slips("hours: 24", "hours: 745", "signed-within", "745", None);
    slips("hours: 24", "hours: 0", "signed-within", "0", None);
    let near = Some("broken-seals");
    slips(
        "revocations: broken-seals",
        "revocations: broken-seal",
        "unknown-feed",
        "broken-seal",
        near,
    );
    let word = "signed-revocations";
    slips("revocations: broken-seals", "revocations: herb-sales", word, "herb-sales", None);
    let packets = "en: Packets }, type: integer";
    slips(packets, "en: Packets }, type: money", "signed-unsignable", "packets", None);
}
