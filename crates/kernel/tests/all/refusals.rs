//! The refusals as a document: number, word, what it says and what to do next, in both languages.
//! `GOLDEN=1` writes it anew; a number or word that was given once stays.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use base::{Name, Reason, Text};
use kernel::{
    Refusal,
    refusal::{FormFault, Unmet},
};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn items() -> Vec<String> {
    vec!["lease".to_owned(), "keeper.name".to_owned()]
}

fn form() -> Refusal {
    let says = Text::new("必填，请填写", "must be answered; fill it in");
    let reason = Reason { word: "unanswered", says };
    Refusal::Form(vec![FormFault { path: "keeper.name".to_owned(), reason }])
}

fn unmet() -> Refusal {
    let says = Text::new("面积须达标", "the room must be large enough");
    Refusal::ConditionsNotMet(vec![Unmet { name: name("roomy"), says, missing: Vec::new() }])
}

fn not_admitted() -> Refusal {
    let says = Text::new("每件只评一次", "each case is rated once");
    Refusal::NotAdmitted(vec![Unmet { name: name("once"), says, missing: Vec::new() }])
}

/// The variant after this one, so that no new one is forgotten here.
fn after(refusal: &Refusal) -> Option<Refusal> {
    Some(match refusal {
        Refusal::NoSuchProcedure(_) => Refusal::NoSuchCase,
        Refusal::NoSuchCase => Refusal::AlreadyFiled,
        Refusal::AlreadyFiled => Refusal::NotOpenToYou,
        Refusal::NotOpenToYou => form(),
        Refusal::Form(_) => Refusal::NoCompetentBody("herb-room.division".to_owned()),
        Refusal::NoCompetentBody(_) => not_admitted(),
        Refusal::NotAdmitted(_) => Refusal::TurnUnknown(Text::new("好坏", "Good or bad")),
        Refusal::TurnUnknown(_) => Refusal::Draw(vec![draw::Fault::NotAPledge(name("health"))]),
        Refusal::Draw(_) => Refusal::Layout(vec![layout::Fault::OtherSurvey]),
        Refusal::Layout(_) => Refusal::AreasUnknown(vec!["quarter-1".to_owned()]),
        Refusal::AreasUnknown(_) => Refusal::NoSuchDraft(3),
        Refusal::NoSuchDraft(_) => Refusal::DraftTwice(1),
        Refusal::DraftTwice(_) => Refusal::DraftsFull(50),
        Refusal::DraftsFull(_) => Refusal::NotYourCase,
        Refusal::NotYourCase => Refusal::NotCompetent,
        Refusal::NotCompetent => Refusal::NotNow,
        Refusal::NotNow => Refusal::NoSuchOutcome(name("approved")),
        Refusal::NoSuchOutcome(_) => Refusal::ReasonsMissing,
        Refusal::ReasonsMissing => unmet(),
        Refusal::ConditionsNotMet(_) => Refusal::SupplementItems(items()),
        Refusal::SupplementItems(_) => Refusal::SupplementWidened(items()),
        Refusal::SupplementWidened(_) => Refusal::SupplementExhausted(2),
        Refusal::SupplementExhausted(_) => Refusal::StillMissing(items()),
        Refusal::StillMissing(_) => Refusal::WithdrawalTooLate,
        Refusal::WithdrawalTooLate => Refusal::RemedyNotOpen,
        Refusal::RemedyNotOpen => Refusal::RemedyTooLate,
        Refusal::RemedyTooLate => Refusal::NothingToCorrect(vec!["name".to_owned()]),
        Refusal::NothingToCorrect(_) => Refusal::BeforeLastEntry,
        Refusal::BeforeLastEntry => Refusal::NotRunOut,
        Refusal::NotRunOut => Refusal::StopExhausted(1),
        Refusal::StopExhausted(_) => Refusal::PlaceSettled(vec!["herb-room.division".to_owned()]),
        Refusal::PlaceSettled(_) => Refusal::NotCommitted(Text::new("司炉承诺书", "Promise")),
        Refusal::NotCommitted(_) => Refusal::EvidenceMissing(vec!["roster".to_owned()]),
        Refusal::EvidenceMissing(_) => Refusal::ExtensionExhausted(1),
        Refusal::ExtensionExhausted(_) => Refusal::EntryGone("move.tea-house".to_owned()),
        Refusal::EntryGone(_) => Refusal::NobodyHolds("order.tea-house".to_owned()),
        Refusal::NobodyHolds(_) => Refusal::FeeUnknown(Text::new("许可费", "Fee of the licence")),
        Refusal::FeeUnknown(_) => Refusal::StandsAside,
        Refusal::StandsAside => Refusal::NoSuchOfficer,
        Refusal::NoSuchOfficer => Refusal::NoSuchWay(name("by-pigeon")),
        Refusal::NoSuchWay(_) => Refusal::ServiceDay,
        Refusal::ServiceDay => Refusal::PackFault("herb-room".to_owned()),
        Refusal::PackFault(_) => return None,
    })
}

fn all() -> Vec<Refusal> {
    let first = Refusal::NoSuchProcedure("herb-rooms".to_owned());
    std::iter::successors(Some(first), after).collect()
}

fn document() -> String {
    let mut text = "The refusals of the kernel, each with an example. A number is never given \
                    twice.\n"
        .to_owned();
    for refusal in all() {
        let (says, next) = (refusal.says(), refusal.next());
        writeln!(text, "\n{} {}", refusal.number(), refusal.word()).unwrap();
        writeln!(text, "  {}\n  {}", says.zh, says.en).unwrap();
        writeln!(text, "  → {}\n  → {}", next.zh, next.en).unwrap();
    }
    text
}

#[test]
fn whoever_looks_a_number_up_finds_it() {
    let known: BTreeSet<u16> = kernel::refusal::known().map(|known| known.number).collect();
    let all: BTreeSet<u16> = all().iter().map(Refusal::number).collect();
    assert_eq!(known, all);
}

#[test]
fn numbers_and_words_are_each_given_once() {
    let all = all();
    let numbers: BTreeSet<u16> = all.iter().map(Refusal::number).collect();
    let words: BTreeSet<&str> = all.iter().map(Refusal::word).collect();
    assert_eq!((numbers.len(), words.len()), (all.len(), all.len()));
    assert!(numbers.iter().all(|number| (1001..=1199).contains(number)));
}

#[test]
fn every_refusal_says_something_and_offers_a_next_step_in_both_languages() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for refusal in all() {
        let (word, says, next) = (refusal.word(), refusal.says(), refusal.next());
        assert!(chinese(&says.zh) && chinese(&next.zh) && next.zh.ends_with('。'), "{word}");
        assert!(!chinese(&next.en) && next.en.ends_with('.'), "{word}");
        let stops = says.en.ends_with('.') || says.zh.ends_with('。');
        assert!(says.en.starts_with(char::is_lowercase) && !stops, "{word}");
    }
}

#[test]
fn the_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/refusals.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, document()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, document(), "run this test with GOLDEN=1 if the change is meant");
}
