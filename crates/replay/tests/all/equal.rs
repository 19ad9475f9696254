//! Equal treatment whatever the ownership (基本医疗卫生与健康促进法 article 41): who owns or runs
//! an institution is no input of the procedures that carry row A24, and swapping it changes nothing
//! that they decide.

use std::collections::BTreeMap;

use kernel::{Act, Case, CaseId};
use pack::{
    language::scenario::Scenario,
    model::{Enters, Pack, Procedure, Step},
    source::{Files, Library},
};
use replay::{memory::Memory, play};
use rules::Expression;

use crate::shipped;

/// The row of the table of systems.
const ROW: &str = "A24";
/// What a fact about who owns or runs something is called, wherever it stands.
const OF_OWNERS: [&str; 3] = ["ownership", "run-by", "funding"];
/// The words that answer such a question, each swapped for the other.
const SWAPPED: [(&str, &str, &str); 3] = [
    ("ownership", "non-profit", "for-profit"),
    ("run-by", "public", "private"),
    ("funding", "government", "private"),
];

/// The packs with procedures of the row, and those procedures.
fn equal_in(pack: &Pack) -> Vec<&Procedure> {
    let all = pack.procedures.values();
    all.filter(|procedure| procedure.carries_out.iter().any(|row| row == ROW)).collect()
}

/// Everything that a procedure works out.
fn expressions(procedure: &Procedure) -> Vec<&Expression> {
    let mut all: Vec<&Expression> =
        procedure.admits.iter().chain(&procedure.requires).map(|r| &r.that).collect();
    all.extend(procedure.levels.values().map(|rule| &rule.county));
    for (_, look) in &procedure.looks_up {
        all.extend(look.wheres.iter().map(|(_, is)| is).chain(&look.that));
    }
    for step in procedure.steps.values() {
        match step {
            Step::Stage(stage) => all.extend(&stage.until),
            Step::Review(_) => {}
            Step::Turn(turn) => {
                all.extend(turn.courses.iter().filter_map(|(_, course)| course.that.as_ref()));
            }
            Step::Decision(decision) => {
                if let Some(Enters::Entry { fields, .. }) = &decision.enters {
                    all.extend(fields.iter().map(|(_, fill)| fill));
                }
                all.extend(decision.amends.iter().map(|(_, fill)| fill));
                let changed = decision.changes.iter().flat_map(|changed| &changed.fields);
                all.extend(changed.map(|(_, fill)| fill));
            }
        }
    }
    all
}

#[test]
fn who_owns_it_is_no_input() {
    let mut seen = 0;
    for name in shipped::with_stories() {
        let pack = shipped::compiled(&name).pack;
        for procedure in equal_in(&pack) {
            seen += 1;
            let owners = |path: &str| OF_OWNERS.contains(&path.rsplit('.').next().unwrap_or(path));
            assert!(!procedure.fields().any(|field| owners(&field.path)), "{}", procedure.name);
            for expression in expressions(procedure) {
                let used = expression.facts_used().find(|fact| owners(fact));
                assert_eq!(used, None, "{}: {}", procedure.name, expression.source());
            }
        }
    }
    assert!(seen > 0, "no procedure carries {ROW}");
}

/// A pack's stories with owners swapped in every line that says who they are; what other registers
/// say of owners is not asked then.
struct Swapped(BTreeMap<String, Files>);

impl Library for Swapped {
    fn files(&self, pack: &str) -> Option<Files> {
        self.0.get(pack).cloned()
    }
}

fn swapped(name: &str) -> Vec<(String, Scenario)> {
    let files = shipped::files(name).into_iter().map(|(path, text)| {
        let story = path.starts_with("scenarios/");
        let text = if story { other_owners(&text) } else { text };
        (path, text)
    });
    let library = Swapped([(name.to_owned(), files.collect())].into());
    pack::scenarios(&library, name).unwrap_or_else(|rejected| panic!("{:?}", rejected.faults))
}

fn other_owners(story: &str) -> String {
    let asks_owners = |line: &&str| {
        line.trim_start().starts_with("- { asks:") && OF_OWNERS.iter().any(|own| line.contains(own))
    };
    let lines = story.lines().filter(|line| !asks_owners(line));
    lines.map(swap_line).collect::<Vec<_>>().join("\n")
}

/// A line with the answer after each question about owners swapped.
fn swap_line(line: &str) -> String {
    let mut line = line.to_owned();
    for (own, one, other) in SWAPPED {
        let (from, to, held) =
            (format!("{own}: {one}"), format!("{own}: {other}"), format!("{own}: \u{0}"));
        line = line.replace(&to, &held).replace(&from, &to).replace(&held, &from);
    }
    line
}

/// What they decided in a story, unless it goes wrong in a procedure that is not of the row: one
/// that is there for some owners alone, such as a benefit for those run privately.
async fn decided_unless_barred(
    pack: &Pack,
    story: &Scenario,
) -> Option<Vec<(CaseId, String, String)>> {
    let mut stage = Memory::new(pack);
    match play(pack, story, &mut stage).await {
        Ok(()) => Some(decided(pack, story).await),
        Err(wrong) => {
            let own = filed_by(story, wrong.beat)
                .is_some_and(|name| equal_in(pack).iter().any(|procedure| procedure.name == name));
            assert!(!own, "{}: {wrong}", story.scenario);
            None
        }
    }
}

/// The procedure of the case that a beat is about.
fn filed_by(story: &Scenario, beat: usize) -> Option<base::Name> {
    use pack::language::scenario::Beat;
    let case = match story.play.get(beat.checked_sub(1)?)? {
        Beat::Files(files) => return Some(files.files.value.clone()),
        Beat::Chooses(chooses) => &chooses.case.value,
        Beat::Answers(answers) => &answers.case.value,
        Beat::Supplies(supplies) => &supplies.case.value,
        Beat::Sees(sees) => &sees.sees.value,
        _ => return None,
    };
    let files = story.play.iter().filter_map(|beat| match beat {
        Beat::Files(files) => Some(files),
        _ => None,
    });
    let mut own = files.filter(|files| files.case.as_ref().is_some_and(|own| own.value == *case));
    own.next().map(|files| files.files.value.clone())
}

/// What the procedures of the row decided in a story: of each case the steps, and what was entered.
async fn decided(pack: &Pack, story: &Scenario) -> Vec<(CaseId, String, String)> {
    let mut stage = Memory::new(pack);
    play(pack, story, &mut stage)
        .await
        .unwrap_or_else(|wrong| panic!("{}: {wrong}", story.scenario));
    let equal: Vec<_> = equal_in(pack).into_iter().map(|procedure| &procedure.name).collect();
    let cases: BTreeMap<CaseId, &Case> = stage.cases().map(|case| (case.id, case)).collect();
    let acts = stage.entries().iter().filter_map(|entry| {
        let case = cases.get(&entry.case.as_ref()?.id)?;
        let Act::Decided(decided) = &entry.act else { return None };
        let own = equal.contains(&&case.procedure);
        own.then(|| (case.id, decided.step.to_string(), format!("{:?}", decided.changes)))
    });
    acts.collect()
}

#[tokio::test]
async fn swapping_the_owners_changes_no_decision() {
    let mut compared = 0;
    for name in shipped::with_stories() {
        let pack = shipped::compiled(&name).pack;
        if equal_in(&pack).is_empty() {
            continue;
        }
        for ((path, story), (_, other)) in shipped::stories(&name).iter().zip(swapped(&name)) {
            // A story that is about owners alone, such as one of their licence, has none of these.
            let before = match decides_here(&pack, story) {
                true => decided(&pack, story).await,
                false => continue,
            };
            if let Some(after) = decided_unless_barred(&pack, &other).await {
                assert_eq!(before, after, "{path}");
                compared += before.len();
            }
        }
    }
    assert!(compared > 0, "no story reaches a decision of {ROW}");
}

/// Whether a story files a case of the row.
fn decides_here(pack: &Pack, story: &Scenario) -> bool {
    let equal: Vec<_> = equal_in(pack).into_iter().map(|procedure| &procedure.name).collect();
    story.play.iter().any(|beat| match beat {
        pack::language::scenario::Beat::Files(files) => equal.contains(&&files.files.value),
        _ => false,
    })
}
