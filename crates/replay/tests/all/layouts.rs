//! What a case has on file for a layout plan: what the survey holds and what it refuses, drafts
//! that anybody verifies again, and how many of them there can be.

use std::collections::BTreeMap;

use base::Instant;
use kernel::{Act, Case, CaseId, Command, decide::DRAFTS_MAX, ledger::bytes_of};
use layout::{Draft, Fault, Survey};
use pack::model::Pack;
use replay::{memory::Memory, play};

use crate::{
    people::{name, officer},
    shipped,
};

/// The town once the story is told.
async fn told<'p>(pack: &'p Pack, story: &str) -> Memory<'p> {
    let path = format!("willow/scenarios/{story}.yaml");
    let stories = shipped::stories("willow");
    let (_, story) = stories.iter().find(|(own, _)| *own == path).expect(story);
    let mut stage = Memory::new(pack);
    play(pack, story, &mut stage).await.unwrap_or_else(|failure| panic!("{failure}"));
    stage
}

/// The last case of a procedure that has a survey.
fn surveyed<'m>(stage: &'m Memory<'_>) -> &'m Case {
    stage.cases().filter(|case| case.layout.is_some()).last().expect("one has a survey")
}

fn survey(case: &Case) -> Survey {
    let layout = case.layout.as_ref().expect("it is surveyed");
    Survey::read(&layout.survey.text).expect("it reads")
}

#[tokio::test]
async fn a_survey_holds_all_that_stands_and_says_why_the_rest_is_left_out() {
    let pack = shipped::compiled("willow").pack;
    let stage = told(&pack, "room-layout-adopted").await;
    let case = surveyed(&stage);
    let survey = survey(case);
    assert_eq!(survey.name(), format!("room-layout-{}", case.id));
    let taken = format!("quarter, herb-room, plot, entries below {}", surveyed_at(&stage, case));
    assert_eq!((survey.taken_from(), survey.norm()), (taken.as_str(), 40));
    let areas: Vec<(&str, u64)> =
        survey.areas().iter().map(|own| (own.key.as_str(), survey.need(own))).collect();
    assert_eq!(areas, [("quarter-1", 48), ("quarter-2", 32), ("quarter-3", 20)]);
    let sites = survey.sites().iter().map(|own| {
        let courses = own.courses.iter();
        let courses =
            courses.map(|course| format!("{} {} {}", course.name, course.places, course.cost));
        (own.now, courses.collect::<Vec<_>>().join(", "))
    });
    let sites: Vec<(u64, String)> = sites.collect();
    let wanted = [
        (30, "close 0 -5000, extend 50 25000"),
        (0, "large 80 90000, small 30 40000"),
        (0, "small 30 40000"),
    ];
    assert_eq!(sites, wanted.map(|(now, courses)| (now, courses.to_owned())));
    let refused: Vec<(&str, &str, bool)> = survey
        .refused()
        .iter()
        .map(|own| (own.key.as_str(), own.bar.as_str(), own.point.is_some()))
        .collect();
    let (room, rest) = refused.split_first().expect("a room does not say where it is");
    assert!(room.0.starts_with("900101-2019-"));
    assert_eq!((room.1, room.2), ("no-point", false));
    let wanted = [
        ("plot-3", "dry", true),
        ("plot-4", "no-point", false),
        ("plot-5", "too-small", true),
        ("plot-6", "dry", true),
        ("plot-6", "no-area", true),
    ];
    assert_eq!(rest, wanted);
    let why = survey.refused().iter().find(|own| own.key == "plot-3").expect("it is flooded");
    let says = "受水淹或不明 / The river comes there or may: 每年夏天上水（虚构）";
    assert_eq!(why.reason, says);
}

/// The entry that took the survey.
fn surveyed_at(stage: &Memory<'_>, case: &Case) -> u64 {
    let layout = case.layout.as_ref().expect("it is surveyed");
    let decided = stage.entries().iter().find(|entry| entry.number == layout.survey.number);
    assert!(
        matches!(&decided.expect("it is there").act, Act::Decided(own) if own.surveyed.is_some())
    );
    // The choice that led to it was decided at once with it, by the registers before both.
    layout.survey.number.0 - 1
}

#[tokio::test]
async fn what_is_adopted_is_a_draft_that_anybody_verifies_again() {
    let pack = shipped::compiled("willow").pack;
    let stage = told(&pack, "room-layout-adopted").await;
    let case = surveyed(&stage);
    let (layout, survey) = (case.layout.as_ref().expect("it is surveyed"), survey(case));
    let drafts: Vec<Draft> =
        layout.drafts.iter().map(|own| Draft::read(&own.text).expect("it reads")).collect();
    assert!(drafts.iter().all(|draft| draft.verify(&survey).is_ok()));
    let adopted = layout.adopted.expect("one is adopted");
    let decided = stage.entries().iter().find(|entry| entry.number == adopted.number);
    let Some(Act::Decided(decided)) = decided.map(|entry| &entry.act) else {
        panic!("no decision")
    };
    assert_eq!((drafts.len(), adopted.draft, decided.adopted), (2, 2, Some(2)));
    let made: BTreeMap<String, String> = decided
        .records
        .iter()
        .map(|change| {
            let says = change.says.clone().expect("it is entered");
            let say = |field: &str| says.get(&name(field)).map(ToString::to_string);
            let fields = ["plot", "course", "floor-area", "year", "cost", "point"];
            let says = fields.map(|field| say(field).unwrap_or_default()).join(" ");
            (change.key.clone(), says)
        })
        .collect();
    let key = |place: usize| format!("PR-900101-2019-{}-{place}", case.id);
    let wanted = [
        (key(1), " extend 50 2019 25000.00 150.150000, 20.050000"),
        (key(2), "plot-1 small 30 2021 40000.00 150.148000, 20.052000"),
        (key(3), "plot-2 small 30 2019 40000.00 150.151000, 20.063000"),
    ];
    assert_eq!(made, wanted.map(|(key, says)| (key, says.to_owned())).into());
}

/// The story up to where drafts are put on file, with the text of one.
fn drafting(stage: &Memory<'_>) -> (CaseId, Instant, String) {
    let case = surveyed(stage);
    let first = case.layout.as_ref().and_then(|layout| layout.drafts.first());
    (case.id, case.last_at, first.expect("one is on file").text.clone())
}

#[tokio::test]
async fn so_many_drafts_are_on_file_and_no_more() {
    let pack = shipped::compiled("willow").pack;
    let stories = shipped::stories("willow");
    let (_, story) = stories
        .into_iter()
        .find(|(path, _)| path.ends_with("room-layout-adopted.yaml"))
        .expect("it");
    let until = story.play.iter().position(
        |beat| matches!(beat, pack::language::scenario::Beat::Drafts(own) if own.refused.is_none()),
    );
    let mut story = story;
    story.play.truncate(until.expect("a draft is put on file") + 1);
    let mut stage = Memory::new(&pack);
    play(&pack, &story, &mut stage).await.unwrap_or_else(|failure| panic!("{failure}"));
    let (case, at, text) = drafting(&stage);
    let officer = officer("planning", "900101");
    let mut put = |step: &str, text: String| {
        let command = Command::Draft { step: name(step), text };
        stage.submit(Some(case), &command, &officer, at).map(drop).map_err(|own| own.number())
    };
    assert_eq!(put("choose", text.clone()), Err(1103));
    assert_eq!(put("drafting", text.clone()), Err(1135));
    for rounds in 2..=DRAFTS_MAX {
        assert_eq!(
            put("drafting", text.replace("rounds\t1\n", &format!("rounds\t{rounds}\n"))),
            Ok(())
        );
    }
    assert_eq!(put("drafting", text.replace("rounds\t1\n", "rounds\t99\n")), Err(1136));
}

#[tokio::test]
async fn a_draft_of_another_survey_is_none() {
    let pack = shipped::compiled("willow").pack;
    let stage = told(&pack, "room-layout-adopted").await;
    let (one, other) = (surveyed(&stage), told(&pack, "room-layout-given-up").await);
    let draft = one.layout.as_ref().and_then(|layout| layout.drafts.first()).expect("one");
    let draft = Draft::read(&draft.text).expect("it reads");
    assert_eq!(draft.verify(&survey(surveyed(&other))), Err(vec![Fault::OtherSurvey]));
}

#[tokio::test]
async fn what_has_no_plan_is_written_as_before() {
    let pack = shipped::compiled("willow").pack;
    let stage = told(&pack, "fair-drawn").await;
    for entry in stage.entries() {
        let Act::Decided(decided) = &entry.act else { continue };
        // Fields that are absent at the end of an array are not written: as many as there were.
        let length = bytes_of(&**decided).first().copied().expect("bytes");
        let wanted = match (decided.frozen.is_some(), decided.drawn.is_some()) {
            (_, true) => 11,
            (true, false) => 10,
            (false, false) => 9,
        };
        assert_eq!(length, 0x80 + wanted, "entry {}", entry.number.0);
    }
}
