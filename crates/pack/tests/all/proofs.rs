//! Each proof with the smallest change of the good pack that breaks it. `proofs.txt` is what its
//! author then reads: what is wrong, and the shortest way there. `GOLDEN=1` writes it anew.

use std::{env, fmt::Write, fs, path::PathBuf};

use base::Language;

use crate::town::Town;

mod directory;
mod fairs;

const LICENCE: &str = "procedures/herb-room-licence.yaml";
const JOINT: &str = "procedures/tea-house-licence.yaml";
const KILN: &str = "procedures/kiln-permit.yaml";
const REMEDIES: &str = "remedies.yaml";
const FIGURES: &str = "figures/herb-rooms.yaml";
const OFFICES: &str = "authorities.yaml";

/// A fire authority that no district has.
const FIRE: &str = "  fire:
    title: { zh: 消防部门, en: Fire authority }
    bodies:
      - level: province
        title: { zh: 消防局, en: Fire Bureau }
        from: 2015-01-01
  civil-affairs:
";

/// A decision that follows the grant at once and amends the entry again.
const RESEATED: &str = "    then: reseated
  reseated:
    title: { zh: 改座, en: Reseated }
    by: decider
    decides: confirmed
    notice: { zh: 改座。, en: Reseated. }
    amends: { seats: tea-house.seats }
    then: licensed";

/// A notice of what is missing, at the applicant's own step.
const ASKS_HIMSELF: &str = "    outcomes:
      more:
        title: { zh: 补正, en: More }
        reasons: true
        supplement:
          within: { term: 5 working days, basis: { act: 虚构, confidence: assumed } }
          lapse: lapsed
          times: 1
      asked:";

/// Who takes in, found by a rule.
const TAKES_IN_BY_RULE: &str = "competent: { office: health, level: deciding";

/// Silence that finds a promise kept.
const KEPT_BY_SILENCE: &str =
    "    silence: { deemed: kept, basis: { act: 虚构, confidence: assumed } }
    outcomes:
      kept:";

/// The supplement by which the kiln's roster is asked for, up to its term and after it.
const ROSTER_ASKED: &str = "        supplement:
          within: { term: 10 working days, basis: \
                            { act: 柳溪茶窑条例（虚构）, article: 8, confidence: assumed } }
          lapse: revoked
          times: 1
";

/// A second record under the key of the first.
const RECORDED_AGAIN: &str = "    records:
      broken-word:
        key: \"W-{division}-{year}-{case}\"
        fields:
          name: kiln.name
          found-on: decided-on
    appeal: { remedies: [town-review], upheld: accept }";

/// A change: in which file, what, to what. Where the part stands there several times, the first is
/// meant.
type Change = (&'static str, &'static str, &'static str);

/// A name for each change, the changes, and the word of the proof that fails.
const BROKEN: &[(&str, &[Change], &str)] = &[
    ("nothing leads to a step", &[(LICENCE, "then: statement", "then: settle")], "unreachable"),
    (
        "a circle without a way out",
        &[(LICENCE, "then: kept", "then: void"), (LICENCE, "    then: voided", "    then: check")],
        "cannot-end",
    ),
    (
        "decisions that follow one another",
        &[
            (LICENCE, "    then: turned-down", "    then: lapsed"),
            (LICENCE, "    then: run-out", "    then: refused"),
        ],
        "endless-decisions",
    ),
    (
        "turned down without a decision",
        &[(LICENCE, "reasons: true, then: refused", "reasons: true, then: turned-down")],
        "loss-without-decision",
    ),
    (
        "a refusal that cannot be appealed",
        &[(LICENCE, "    appeal: { remedies: [town-review, litigation], upheld: examine }\n", "")],
        "no-remedy",
    ),
    (
        "a refusal that does not count as a loss",
        &[(LICENCE, "en: Turned down }, adverse: true", "en: Turned down }")],
        "loss-unsaid",
    ),
    (
        "a refusal without reasons",
        &[(LICENCE, "en: Refuse }, reasons: true,", "en: Refuse },")],
        "no-reasons",
    ),
    (
        "a notice of what is missing without reasons",
        &[(LICENCE, "missing }\n        reasons: true", "missing }")],
        "no-reasons",
    ),
    (
        "silence is taken for what needs conditions met",
        &[(LICENCE, "en: Accepted }, then", "en: Accepted }, needs_met: true, then")],
        "silence",
    ),
    (
        "silence is taken for a notice",
        &[(LICENCE, "deemed: accepted", "deemed: incomplete")],
        "silence",
    ),
    (
        "an applicant who need never answer",
        &[(LICENCE, "en: Examination }\n    by: competent", "en: Test }\n    by: applicant")],
        "waits-for-ever",
    ),
    (
        "more time promised than the law gives",
        &[(LICENCE, "term: 15 working", "term: 21 working")],
        "promise-over-law",
    ),
    (
        "a day too many on the longest way",
        &[(LICENCE, "term: 5 natural", "term: 6 natural")],
        "over-the-limit",
    ),
    ("time counts from the start", &[(LICENCE, "  from: examine\n", "")], "over-the-limit"),
    (
        "time counts from a step that may be passed by",
        &[(LICENCE, "  from: examine", "  from: statement")],
        "clock-never-starts",
    ),
    (
        "stages that lead back",
        &[(LICENCE, "en: Waive it }, then: settle", "en: Waive it }, then: examine")],
        "endless-stages",
    ),
    (
        "a grant that asks for no conditions",
        &[(LICENCE, "en: Grant }, needs_met: true", "en: Grant }")],
        "granted-past-conditions",
    ),
    (
        "a grant behind the statement",
        &[(LICENCE, "then: settle", "then: granted")],
        "granted-past-conditions",
    ),
    (
        "a condition that is met by saying nothing",
        &[(LICENCE, "that: herb-room.", "that: herb-room.rent is missing or herb-room.")],
        "true-of-nothing",
    ),
    (
        "a field that nothing fills",
        &[(LICENCE, "        night: herb-room.night\n", "")],
        "field-not-filled",
    ),
    (
        "a field that is filled from what may be left open",
        &[("sections/herb-room.yaml", "type: boolean }", "type: boolean, need: optional }")],
        "field-not-filled",
    ),
    (
        "a refusal that enters",
        &[(LICENCE, "decides: granted", "decides: refused")],
        "enters-ungranted",
    ),
    (
        "a refusal that issues a certificate",
        &[(LICENCE, "decides: granted", "decides: refused")],
        "issues-ungranted",
    ),
    (
        "a grant that enters nothing",
        &[(LICENCE, "decides: lapsed", "decides: granted")],
        "grants-nothing",
    ),
    (
        "a second entry",
        &[(LICENCE, "en: Sound }, then: kept", "en: Sound }, then: granted")],
        "enters-twice",
    ),
    (
        "an entry amended before it is made",
        &[(LICENCE, "reasons: true, then: refused", "reasons: true, then: void")],
        "amends-nothing",
    ),
    (
        "a licence taken back that stays in the register",
        &[(LICENCE, "    amends: { status: \"'voided'\" }\n", "")],
        "voids-nothing",
    ),
    (
        "a refusal after the grant",
        &[(LICENCE, "en: Untrue }, reasons: true, then: void", "en: Untrue }, then: refused")],
        "refuses-granted",
    ),
    (
        "a withdrawal after the grant",
        &[(LICENCE, "withdrawal: [accept, examine]", "withdrawal: [accept, check]")],
        "withdrawn-after-entry",
    ),
    (
        "a lapse that somebody chose",
        &[(LICENCE, "reasons: true, then: refused", "reasons: true, then: lapsed")],
        "lapses-in-time",
    ),
    (
        "an entry that is voided when it is made",
        &[(LICENCE, "status: \"'open'\"", "status: \"'voided'\"")],
        "enters-out-of-force",
    ),
    (
        "an entry that is open when it is voided",
        &[(LICENCE, "status: \"'voided'\"", "status: \"'open'\"")],
        "voided-in-force",
    ),
    (
        "a register that does not say when an entry is in force",
        &[("registers/herb-room.yaml", "in_force: status = 'open'\n", "")],
        "voided-in-force",
    ),
    (
        "a day without a figure",
        &[(FIGURES, "until: 2020-01-01", "until: 2019-12-31")],
        "figure-gap",
    ),
    (
        "a day with two figures",
        &[(FIGURES, "until: 2020-01-01", "until: 2020-01-02")],
        "figure-gap",
    ),
    (
        "a day without a competent body",
        &[(OFFICES, "until: 2018-01-01", "until: 2017-12-31")],
        "no-competent-body",
    ),
    (
        "a day with two competent bodies",
        &[(OFFICES, "until: 2018-01-01", "until: 2018-01-02")],
        "no-competent-body",
    ),
    (
        "a level on which nobody holds the office",
        &[(OFFICES, "  fire:\n", "  fires:\n"), (OFFICES, "  civil-affairs:\n", FIRE)],
        "no-competent-body",
    ),
    (
        "a level that follows from a question left open",
        &[("sections/tea-house.yaml", "en: Grand } } }", "en: Grand } } }\n    need: optional")],
        "level-unknown",
    ),
    (
        "a decision in the name of another body",
        &[(JOINT, "en: Refused }\n    by: decider", "en: Refused }\n    by: planning")],
        "decided-by-another",
    ),
    (
        "a review in which nobody can object",
        &[(JOINT, "counts: refuses", "counts: abstains")],
        "one-sided",
    ),
    ("silence that refuses", &[(JOINT, "deemed: silent", "deemed: objects")], "silence-refuses"),
    (
        "an objection without reasons",
        &[(JOINT, "counts: refuses, reasons: true", "counts: refuses")],
        "no-reasons",
    ),
    (
        "a stop of the clock without reasons",
        &[(JOINT, "en: Testing }\n        reasons: true", "en: Testing }")],
        "no-reasons",
    ),
    (
        "a licence granted by the silence of all",
        &[
            (JOINT, "deemed: silent", "deemed: agrees"),
            (JOINT, "deemed: silent", "deemed: agrees"),
            (JOINT, "approved: settle", "approved: granted"),
        ],
        "granted-by-silence",
    ),
    (
        "a licence granted though not all approved",
        &[(JOINT, "otherwise: hearing-offered", "otherwise: granted")],
        "granted-unapproved",
    ),
    (
        "a licence refused because a body was silent",
        &[(JOINT, "otherwise: hearing-offered", "otherwise: refused")],
        "refused-by-silence",
    ),
    (
        "a grant by the applicant's own choice",
        &[(JOINT, "en: Waive it }, then: settle", "en: Waive it }, then: granted")],
        "grants-himself",
    ),
    (
        "two decisions in a row that write the entry",
        &[(JOINT, "    then: licensed", RESEATED)],
        "written-twice",
    ),
    (
        "a step of the applicant that asks the applicant",
        &[(JOINT, "    outcomes:\n      asked:", ASKS_HIMSELF)],
        "asks-himself",
    ),
    (
        "a step of the applicant in the field",
        &[(LICENCE, "    by: applicant\n", "    by: applicant\n    in_the_field: true\n")],
        "field-of-applicant",
    ),
    (
        "a body that takes in by a rule",
        &[(JOINT, "competent: { office: health, level: county", TAKES_IN_BY_RULE)],
        "competent-by-rule",
    ),
    (
        "a challenge heard below",
        &[(REMEDIES, "office: planning, level: own", "office: planning, level: county")],
        "heard-below",
    ),
    ("a promise without evidence", &[(KILN, "    evidence: [roster]\n", "")], "nothing-to-show"),
    (
        "a promise kept by silence",
        &[(KILN, "    outcomes:\n      kept:", KEPT_BY_SILENCE)],
        "kept-unseen",
    ),
    (
        "a check that cannot ask for the evidence",
        &[(KILN, ROSTER_ASKED, "        then: revoked\n")],
        "evidence-unasked",
    ),
    (
        "two records under one key",
        &[(KILN, "    appeal: { remedies: [town-review], upheld: accept }", RECORDED_AGAIN)],
        "records-alike",
    ),
    (
        "a body that has longer than all together",
        &[(JOINT, "term: 15 working", "term: 21 working")],
        "part-over-review",
    ),
    (
        "a review one day too long",
        &[(JOINT, "term: 20 working", "term: 26 working")],
        "over-the-limit",
    ),
    (
        "an offer of a hearing whose time is counted",
        &[
            (JOINT, "term: 20 working", "term: 21 working"),
            (JOINT, "    uncounted: { ground", "    # uncounted: { ground"),
        ],
        "over-the-limit",
    ),
    (
        "a review withdrawn from after the grant",
        &[(
            JOINT,
            "    issues: tea-house-licence\n    then: licensed",
            "    issues: tea-house-licence\n    then: review",
        )],
        "withdrawn-after-entry",
    ),
    (
        "a grant on a promise that nobody checks",
        &[(KILN, "    then: check", "    then: burning")],
        "promise-unchecked",
    ),
    (
        "a check that ends without a finding",
        &[(KILN, "en: Kept }, then: confirmed", "en: Kept }, then: burning")],
        "promise-unchecked",
    ),
    (
        "a promise broken by one who made none",
        &[(KILN, "    then: burning\n  check", "    then: check\n  check")],
        "settles-unpromised",
    ),
    (
        "a broken promise without consequence",
        &[(KILN, "decides: voided", "decides: confirmed")],
        "promise-without-consequence",
    ),
    (
        "a promise open to those of whom it is not known who they are",
        &[("sections/kiln.yaml", "en: Others } } }", "en: Others } } }\n    need: optional")],
        "signer-unknown",
    ),
    (
        "a confirmation that amends nothing",
        &[(KILN, "    amends: { checked-on: decided-on }\n", "")],
        "confirms-nothing",
    ),
    (
        "a record with a field left open",
        &[(KILN, "          found-on: decided-on\n", "")],
        "field-not-filled",
    ),
];

fn changed(changes: &[Change]) -> Town {
    let mut town = Town::willow();
    for (file, from, to) in changes {
        assert!(town.text(file).contains(from), "`{from}` is not in {file}");
        town.put(file, town.text(file).replacen(from, to, 1));
    }
    town
}

/// What an author reads after each change: the first fault with that word, in both languages.
fn read() -> String {
    let mut text = String::new();
    for (name, changes, word) in BROKEN.iter().chain(fairs::BROKEN).chain(directory::BROKEN) {
        let rejected = changed(changes).compile().expect_err(name);
        let fault = rejected.faults.iter().find(|fault| fault.word == *word);
        let fault = fault.unwrap_or_else(|| panic!("{name}: {:?}", rejected.faults));
        let place = rejected.sources.path(fault.at.file);
        let line = rejected.sources.line(fault.at);
        let (zh, en) = (fault.says.to(Language::Zh), fault.says.to(Language::En));
        writeln!(text, "{name}\n  {word} at {place}:{line}\n  {en}\n  {zh}\n").expect("a text");
    }
    text
}

#[test]
fn each_proof_shows_the_shortest_way_that_breaks_it() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/all/proofs.txt");
    let text = read();
    if env::var_os("GOLDEN").is_some() {
        fs::write(&path, &text).expect("the golden can be written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(golden, text, "proofs.txt differs; look, then GOLDEN=1");
}
