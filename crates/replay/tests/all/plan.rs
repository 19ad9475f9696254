//! What carries out a row is computed from what stories reach: a tag, a withdrawal or a story that
//! fails shows nothing.

use std::{collections::BTreeMap, env, fmt::Write, fs, path::Path};

use pack::{
    language::scenario::{Beat, Scenario},
    model::Pack,
    source::{Files, Library},
};
use replay::plan::{Carried, Coverage, Lack, Way, played};

use crate::shipped;

/// Packs by name, files by path.
struct Kept(BTreeMap<String, Files>);

impl Library for Kept {
    fn files(&self, pack: &str) -> Option<Files> {
        self.0.get(pack).cloned()
    }
}

impl Kept {
    /// The invented town with a slip written into one of its files.
    fn willow_with(path: &str, from: &str, to: &str) -> Self {
        let mut packs: BTreeMap<String, Files> =
            ["cn", "willow"].map(|name| (name.to_owned(), shipped::files(name))).into();
        let text = packs.get_mut("willow").unwrap().get_mut(path).unwrap();
        assert!(text.contains(from), "`{from}` is not in {path}");
        *text = text.replacen(from, to, 1);
        Self(packs)
    }

    fn compiled(&self) -> Pack {
        match pack::compile(self, "willow") {
            Ok(compiled) => compiled.pack,
            Err(rejected) => panic!("{:#?}", rejected.faults),
        }
    }

    /// The stories whose names begin so.
    fn stories(&self, begin: &str) -> Vec<Scenario> {
        let stories = pack::scenarios(self, "willow").unwrap();
        let stories = stories.into_iter().map(|(_, story)| story);
        stories.filter(|story| story.scenario.as_str().starts_with(begin)).collect()
    }
}

/// What the stories show of a row or measure of the town.
async fn shown(pack: &Pack, stories: &[Scenario], id: &str) -> Carried {
    let coverage = Coverage::of(&[(pack, &played(pack, stories).await)]);
    let measures = coverage.measures.into_iter().map(|(_, measure)| measure);
    measures.chain(coverage.rows).find(|carried| carried.id == id).unwrap()
}

fn names(of: impl IntoIterator<Item = impl ToString>) -> Vec<String> {
    of.into_iter().map(|name| name.to_string()).collect()
}

const TEA: &str = "procedures/tea-house-licence.yaml";
const TAGGED: (&str, &str) = ("kind: licence\n", "kind: licence\ncarries_out: [W2, A5]\n");

#[tokio::test]
async fn a_tag_that_no_decision_bears_out_does_not_count() {
    let town = Kept::willow_with(TEA, TAGGED.0, TAGGED.1);
    let pack = town.compiled();
    for id in ["W2", "A5"] {
        let shown = shown(&pack, &town.stories("room-"), id).await;
        assert_eq!(shown, Carried::none(id, &shown.title), "no story decides on a tea house");
        assert_eq!(shown.lacks(), [Lack::Everything]);
    }
    let told = shown(&pack, &town.stories("tea-"), "A5").await;
    assert_eq!(names(&told.procedures), ["willow/tea-house-licence"]);
    assert_eq!(names(&told.registers), ["tea-house"]);
    assert_eq!(told.lacks(), []);
}

#[tokio::test]
async fn each_story_counts_for_what_it_reached() {
    let town = Kept::willow_with(TEA, TAGGED.0, TAGGED.1);
    let pack = town.compiled();
    // accepted, refused, other, and what is missing
    let rows: [(&str, [usize; 3], &[Lack]); 5] = [
        ("tea-small-granted", [1, 0, 0], &[Lack::Refusal, Lack::Exit]),
        // Two are not taken in; the withdrawal of one of them is the other exit.
        ("tea-declined", [0, 2, 1], &[Lack::Acceptance]),
        // Two lapses and two withdrawals.
        ("tea-supplement-lapses", [0, 0, 4], &[Lack::Acceptance, Lack::Refusal]),
        ("tea-refusal-set-aside", [0, 2, 1], &[Lack::Acceptance]),
        ("kiln-", [0, 0, 0], &[Lack::Everything]),
    ];
    for (story, counts, lacks) in rows {
        let stories = town.stories(story);
        assert!(!stories.is_empty(), "{story}");
        let shown = shown(&pack, &stories, "A5").await;
        assert_eq!([shown.accepted, shown.refused, shown.other], counts, "{story}");
        assert_eq!(shown.lacks(), lacks, "{story}");
    }
}

#[tokio::test]
async fn time_that_runs_out_is_an_exit_once() {
    const HERBS: &str = "procedures/herb-room-licence.yaml";
    let rows = [
        // Into a decision: it is the decision's.
        ("lapse: void", [Way::Accepted, Way::Ended]),
        // Straight to an end: nobody decided.
        ("lapse: kept", [Way::Accepted, Way::Left]),
    ];
    for (lapse, ways) in rows {
        let pack = Kept::willow_with(HERBS, "lapse: void", lapse).compiled();
        let stories = Kept::willow_with(HERBS, "lapse: void", lapse).stories("room-not-mended");
        let told = played(&pack, &stories).await;
        let reached: Vec<Way> = told[0].reached.iter().map(|reached| reached.way).collect();
        assert_eq!(reached, ways, "{lapse}");
    }
}

#[tokio::test]
async fn a_withdrawal_alone_decides_nothing() {
    let town = Kept::willow_with(TEA, TAGGED.0, TAGGED.1);
    let pack = town.compiled();
    let mut stories = town.stories("tea-declined");
    // Nothing but the filing of one case, and its withdrawal.
    let withdraws = |beat: &Beat| matches!(beat, Beat::Withdraws(_));
    let beats = std::mem::take(&mut stories[0].play).into_iter().enumerate();
    let kept = beats.filter(|(index, beat)| *index == 0 || withdraws(beat));
    stories[0].play = kept.map(|(_, beat)| beat).collect();
    let left = played(&pack, &stories).await;
    assert!(left[0].passed && left[0].reached.len() == 1, "{left:?}");
    let carried = shown(&pack, &stories, "A5").await;
    assert_eq!(carried, Carried::none("A5", &carried.title));
    // Beside a story that decides, it is one more exit; it is still no story of the row.
    let granted = town.stories("tea-small-granted");
    stories.extend(granted);
    let carried = shown(&pack, &stories, "A5").await;
    assert_eq!((carried.accepted, carried.other), (1, 1));
    assert_eq!(names(&carried.scenarios), ["willow/tea-small-granted"]);
}

#[tokio::test]
async fn a_story_that_fails_is_named_and_shows_nothing() {
    let town = Kept::willow_with(TEA, TAGGED.0, TAGGED.1);
    let wrong = Kept::willow_with("scenarios/tea-small-granted.yaml", "end: ", "end: not-");
    let stories = wrong.stories("tea-small-granted");
    let carried = shown(&town.compiled(), &stories, "A5").await;
    assert_eq!(names(&carried.failed), ["willow/tea-small-granted"]);
    assert!(carried.procedures.is_empty() && carried.scenarios.is_empty(), "{carried:?}");
    assert_eq!(
        carried.lacks(),
        [Lack::Acceptance, Lack::Refusal, Lack::Exit, Lack::Success],
        "nothing it reached before it failed counts"
    );
}

/// What is carried out in a shipped pack, as an official could read it.
async fn document(name: &str) -> String {
    let pack = shipped::compiled(name).pack;
    let stories: Vec<Scenario> = shipped::stories(name).into_iter().map(|(_, s)| s).collect();
    let coverage = Coverage::of(&[(&pack, &played(&pack, &stories).await)]);
    assert_eq!(coverage.rows.len(), 60, "rows with nothing are listed too");
    let measures = coverage.measures.iter().map(|(_, measure)| measure);
    let mut text = format!("# {}\n", pack.title.en);
    for carried in coverage.rows.iter().chain(measures) {
        line(&mut text, carried);
    }
    text
}

/// Counts are left out: a story more is no other coverage.
fn line(text: &mut String, carried: &Carried) {
    let Carried { id, procedures, registers, failed, accepted, refused, other, .. } = carried;
    if carried.lacks() == [Lack::Everything] {
        return;
    }
    let seen = [(accepted, "accepted"), (refused, "refused"), (other, "other exit")];
    let seen: Vec<&str> = seen.into_iter().filter(|(n, _)| **n > 0).map(|(_, w)| w).collect();
    let (procedures, registers) = (names(procedures).join(" "), names(registers).join(" "));
    let _ = writeln!(text, "{id}: {procedures} -> {registers}; seen: {}", seen.join(", "));
    for story in failed {
        let _ = writeln!(text, "    failed: {story}");
    }
}

#[tokio::test]
async fn what_the_shipped_packs_carry_out_is_as_published() {
    let mut shown = Vec::new();
    for name in shipped::with_stories() {
        shown.push(document(&name).await);
    }
    let shown = shown.join("\n");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/coverage.txt");
    if env::var_os("GOLDEN").is_some() {
        fs::write(&golden, &shown).unwrap();
    }
    assert_eq!(shown, fs::read_to_string(golden).unwrap(), "GOLDEN=1 rewrites coverage.txt");
}
