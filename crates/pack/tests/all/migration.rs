//! Plans by which running cases move: one that changes nothing is sound, and each way to wrong a
//! case is found. `migrations.txt` is what the author of a plan then reads; `GOLDEN=1` writes it
//! anew.

use std::{collections::BTreeSet, env, fmt::Write, fs, path::PathBuf};

use base::Language;
use pack::{
    migrate::{Hindrance, check},
    model::{Pack, PackHash, Step},
};

use crate::town::Town;

const LICENCE: &str = "procedures/herb-room-licence.yaml";
const JOINT: &str = "procedures/tea-house-licence.yaml";
const KILN: &str = "procedures/kiln-permit.yaml";
const HERB_ROOM: &str = "sections/herb-room.yaml";
const TEA_HOUSE: &str = "sections/tea-house.yaml";
const REMEDIES: &str = "remedies.yaml";
const PLAN: &str = "migrations/reform.yaml";

/// By how much the law lets the time be extended.
const EXTENSION: &str = "  extension: { term: 10 working days, basis: { act: 行政许可法, \
                         article: 42, confidence: verified } }
form: [herb-room, keeper]";
/// An outcome that extends the time of its step.
const LONGER: &str = "      longer:
        title: { zh: 延长, en: Longer }
        reasons: true
        extend:
          by: { term: 10 working days, basis: \
                      { act: 行政许可法, article: 42, confidence: verified } }
          times: 1
      doubtful:";

/// The steps of a procedure at which a case may wait.
fn waits(pack: &Pack, procedure: &str) -> Vec<String> {
    let steps = pack.procedures[procedure].steps.iter();
    let waits = steps.filter(|(_, step)| matches!(step, Step::Stage(_) | Step::Review(_)));
    waits.map(|(name, _)| name.to_string()).collect()
}

/// A plan by which every case of a procedure moves to the step of the same name.
fn plan(pack: &Pack, procedure: &str) -> String {
    let steps = waits(pack, procedure).into_iter().map(|step| format!("  {step}: {step}\n"));
    format!(
        "migration: reform\ntitle: {{ zh: 改革, en: Reform }}\nprocedure: {procedure}\n\
         from: \"{}\"\nsteps:\n{}clock: keeps\n\
         basis:\n  - {{ act: 柳溪过渡办法（虚构）, confidence: assumed }}\n",
        pack.hash,
        steps.collect::<String>()
    )
}

/// The edition that follows the town's, with a plan for the cases of a procedure; both changed.
fn next(old: &Pack, procedure: &str, changes: &[Change]) -> Town {
    let mut town = Town::willow();
    town.put(PLAN, plan(old, procedure));
    for (file, what, with) in changes {
        let text = town.text(file).to_owned();
        assert!(text.contains(what), "{file} says nothing like `{what}`");
        town.put(file, text.replace(what, with));
    }
    town
}

fn compile(town: &Town) -> Pack {
    match town.compile() {
        Ok(compiled) => compiled.pack,
        Err(no) => panic!("{}", no.faults.render(&no.sources, Language::En, false)),
    }
}

#[test]
fn a_plan_that_changes_nothing_is_sound() {
    let old = compile(&Town::willow());
    for procedure in old.procedures.keys() {
        let new = compile(&next(&old, procedure.as_str(), &[]));
        let plan = &new.migrations["reform"];
        assert_eq!(check(&old, &new, plan), [], "{procedure}");
        assert!(plan.renamed().is_empty());
    }
}

/// Everything in a file that stands so: file, what, to what.
type Change = (&'static str, &'static str, &'static str);

/// A name for the changes, the procedure, the changes, and the word of what is found.
const WRONGED: &[(&str, &str, &[Change], &str)] = &[
    (
        "a step that is forgotten",
        "herb-room-licence",
        &[(PLAN, "  settle: settle\n", "")],
        "left-out",
    ),
    (
        "a step that never was",
        "herb-room-licence",
        &[(PLAN, "  settle: settle\n", "  settle: settle\n  granted: settle\n")],
        "no-such-step",
    ),
    (
        "a plan for another edition",
        "herb-room-licence",
        &[(
            PLAN,
            "from: \"",
            "from: \"0000000000000000000000000000000000000000000000000000000000000000\" # ",
        )],
        "other-edition",
    ),
    (
        "from before the entry to after it",
        "herb-room-licence",
        &[(PLAN, "settle: settle", "settle: check")],
        "across-the-entry",
    ),
    (
        "from after the entry to before it",
        "herb-room-licence",
        &[(PLAN, "check: check", "check: examine")],
        "across-the-entry",
    ),
    (
        "a question that was never asked",
        "herb-room-licence",
        &[(
            HERB_ROOM,
            "  night:",
            "  doors: { title: { zh: 门, en: Doors }, type: integer }\n  night:",
        )],
        "not-known",
    ),
    (
        "a paper that was never asked for",
        "herb-room-licence",
        &[(LICENCE, "need: optional, modes", "modes")],
        "not-known",
    ),
    (
        "past a review that was not held",
        "tea-house-licence",
        &[(PLAN, "accept: accept", "accept: settle")],
        "not-known",
    ),
    (
        "no way to withdraw any more",
        "herb-room-licence",
        &[(LICENCE, "withdrawal: [accept, examine]", "withdrawal: [accept]")],
        "withdrawal-lost",
    ),
    (
        "a remedy less",
        "herb-room-licence",
        &[(LICENCE, "remedies: [town-review, litigation]", "remedies: [town-review]")],
        "remedy-lost",
    ),
    (
        "a remedy that is open for less long",
        "herb-room-licence",
        &[(REMEDIES, "within: { term: 60 natural", "within: { term: 30 natural")],
        "remedy-lost",
    ),
    (
        "a decision under another name",
        "herb-room-licence",
        &[(LICENCE, "then: refused", "then: rejected"), (LICENCE, "  refused:\n", "  rejected:\n")],
        "other-decision",
    ),
    ("a promise under another name", "kiln-permit", &[(KILN, "manned", "staffed")], "promise-lost"),
    (
        "answers that count otherwise",
        "tea-house-licence",
        &[(JOINT, "en: No answer }, counts: abstains", "en: No answer }, counts: approves")],
        "other-review",
    ),
    (
        "a review that ends otherwise",
        "tea-house-licence",
        &[(JOINT, "any_refusal_ends", "all_approve")],
        "other-review",
    ),
    (
        "more time than the law gave",
        "herb-room-licence",
        &[(PLAN, "clock: keeps", "clock: restarts")],
        "over-the-limit",
    ),
    (
        "back to a step that is done",
        "herb-room-licence",
        &[(PLAN, "settle: settle", "settle: examine")],
        "over-the-limit",
    ),
    (
        "some applicants are shut out",
        "herb-room-licence",
        &[(LICENCE, "applicant: [person, organisation]", "applicant: [person]")],
        "other-parties",
    ),
    (
        "another body takes cases in",
        "herb-room-licence",
        &[(LICENCE, "competent: { office: health", "competent: { office: fire")],
        "other-body",
    ),
    (
        "a body whose place nobody recorded",
        "tea-house-licence",
        &[
            (
                TEA_HOUSE,
                "  seats:",
                "  room: { title: { zh: 草药房, en: Herb room }, type: { entry: herb-room } }\n  \
                 seats:",
            ),
            (
                JOINT,
                "civil-affairs, level: county, of: tea-house.division",
                "civil-affairs, level: county, of: tea-house.room.division",
            ),
        ],
        "place-unrecorded",
    ),
    (
        "an answer of another kind",
        "herb-room-licence",
        &[(HERB_ROOM, "trade: {", "business: {")],
        "other-answer",
    ),
    (
        "entries that lack what is now entered",
        "herb-room-licence",
        &[
            (HERB_ROOM, "type: money, need: optional", "type: money"),
            ("registers/herb-room.yaml", "type: money, optional: true", "type: money"),
        ],
        "other-entry",
    ),
    (
        "a term that ends on a day",
        "herb-room-licence",
        &[(LICENCE, "  settle:\n", "  settle:\n    until: keeper.worked-since\n")],
        "other-last-day",
    ),
    (
        "a time that is made longer",
        "herb-room-licence",
        &[(LICENCE, "form: [herb-room, keeper]", EXTENSION), (LICENCE, "      doubtful:", LONGER)],
        "extended-over-law",
    ),
    (
        "cases chosen by what was never asked",
        "herb-room-licence",
        &[
            (
                HERB_ROOM,
                "  night:",
                "  doors: { title: { zh: 门, en: Doors }, type: integer, \
                 need: optional }\n  night:",
            ),
            (PLAN, "clock: keeps", "which: herb-room.doors > 1\nclock: keeps"),
        ],
        "which-unasked",
    ),
];

fn found(procedure: &str, changes: &[Change]) -> Vec<Hindrance> {
    let old = compile(&Town::willow());
    let new = compile(&next(&old, procedure, changes));
    check(&old, &new, &new.migrations["reform"])
}

/// What the author reads of each plan that wrongs a case.
fn read() -> String {
    let mut text = String::new();
    for (called, procedure, changes, word) in WRONGED {
        let hindered = found(procedure, changes);
        assert!(hindered.iter().any(|h| h.word == *word), "{called}: {hindered:#?}");
        writeln!(text, "{called}").unwrap();
        for Hindrance { word, step, says } in hindered {
            let at = step.map(|step| format!(" at `{step}`")).unwrap_or_default();
            writeln!(text, "  {word}{at}\n  {}\n  {}", says.en, says.zh).unwrap();
        }
        writeln!(text).unwrap();
    }
    text
}

#[test]
fn each_wrong_to_a_case_is_found() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/all/migrations.txt");
    let text = read();
    if env::var_os("GOLDEN").is_some() {
        fs::write(&path, &text).expect("the golden can be written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(golden, text, "migrations.txt differs; look, then GOLDEN=1");
}

#[test]
fn a_plan_asks_of_its_own_edition_what_it_names() {
    let old = compile(&Town::willow());
    let mut second = plan(&old, "herb-room-licence");
    second = second.replace("migration: reform", "migration: again");
    let table: [(&str, &str, &str); 6] = [
        ("procedure: herb-room-licence", "procedure: herb-licence", "unknown-procedure"),
        ("settle: settle", "settle: settel", "unknown-step"),
        ("settle: settle", "settle: granted", "unknown-step"),
        ("from: \"", "from: \"x", "not-a-hash"),
        (
            "clock: keeps",
            "stays: { settle: { zh: 留, en: Stay } }\nclock: keeps",
            "moves-and-stays",
        ),
        ("clock: keeps", "which: herb-room.doors > 1\nclock: keeps", "unknown-name"),
    ];
    for (what, with, word) in table {
        let mut town = next(&old, "herb-room-licence", &[]);
        town.put(PLAN, town.text(PLAN).replace(what, with));
        let words: BTreeSet<&str> =
            town.compile().unwrap_err().faults.iter().map(|fault| fault.word).collect();
        assert_eq!(words, BTreeSet::from([word]), "{with}");
    }
    let mut town = next(&old, "herb-room-licence", &[]);
    town.put("migrations/again.yaml", second);
    let words: Vec<&str> =
        town.compile().unwrap_err().faults.iter().map(|fault| fault.word).collect();
    assert_eq!(words, ["migrated-twice"]);
}

#[test]
fn a_hash_is_read_as_it_is_printed() {
    let hash = compile(&Town::willow()).hash;
    let printed = hash.to_string();
    assert_eq!(PackHash::parse(&printed), Some(hash));
    let others = [&printed[1..], &printed.to_uppercase(), "", &"+".repeat(64), &"镇".repeat(22)];
    for other in others {
        assert_eq!(PackHash::parse(other), None, "{other}");
    }
}
