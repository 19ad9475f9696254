//! What pins a case to a pack: its archive and its hash. And stories, which pin nothing.

use base::Language;
use pack::{compile, model::PackHash, source::Archive};

use crate::town::Town;

const LICENCE: &str = "procedures/herb-room-licence.yaml";

const STORY: &str = "
scenario: mint
title: { zh: 薄荷, en: Mint }
people: { keeper: { applies_as: person } }
play:
  - { passes: 2016-02-01 }
";

fn archived(town: &Town) -> Archive {
    town.compile().expect("the town is sound").archive
}

fn hash(town: &Town) -> PackHash {
    town.compile().expect("the town is sound").pack.hash
}

#[test]
fn an_archive_comes_back_as_it_went() {
    let archive = archived(&Town::willow().with("scenarios/mint.yaml", STORY.to_owned()));
    let bytes = archive.to_bytes();
    assert_eq!(Archive::from_bytes(&bytes).as_ref(), Some(&archive));
    let again = compile(&archive, "willow").expect("an archive is a library");
    assert_eq!((again.pack.hash, &again.archive), (archive.hash(), &archive));
    for length in [1, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(Archive::from_bytes(&bytes[..length]), None, "{length} bytes");
    }
    assert_eq!(Archive::from_bytes(&[bytes, vec![0]].concat()), None);
}

#[test]
fn the_hash_is_of_what_rules_a_case() {
    let town = Town::willow();
    let longer = town.text(LICENCE).replace("term: 10 working days", "term: 9 working days");
    let remark = format!("{}# a remark\n", town.text("remedies.yaml"));
    let herbs = format!("{}H4,甘菊,Chamomile\n", town.text("codes/herbs.csv"));
    for (path, text, expected) in [
        (LICENCE, town.text(LICENCE).to_owned(), true),
        (LICENCE, longer, false),
        ("remedies.yaml", remark, false),
        ("codes/herbs.csv", herbs, false),
        ("scenarios/mint.yaml", STORY.to_owned(), true),
        ("demo/people.csv", "name\n".to_owned(), true),
    ] {
        let same = hash(&town.with(path, text)) == hash(&town);
        assert_eq!(same, expected, "{path}");
    }
    assert_eq!(hash(&town), archived(&town).hash());
}

#[test]
fn a_parent_and_a_name_are_part_of_the_hash() {
    let archive = archived(&Town::willow());
    let mut other = archive.clone();
    other
        .packs
        .get_mut("cn")
        .expect("the parent is there")
        .insert("x.csv".to_owned(), String::new());
    assert_ne!(archive.hash(), other.hash());
    assert_ne!(archive.hash(), Archive { name: "cn".to_owned(), ..archive.clone() }.hash());
}

#[test]
fn faults_of_stories_are_found_where_they_stand() {
    for (change, word, line) in [
        (("passes", "pases"), "which-kind", 6),
        (("applies_as: person", "applies_as: persom"), "unknown-word", 4),
        (("scenario: mint", "scenario: Mint"), "not-a-name", 2),
        (("title:", "titel:"), "unknown-field", 3),
    ] {
        let story = STORY.replacen(change.0, change.1, 1);
        let town = Town::willow().with("scenarios/mint.yaml", story);
        let rejected = pack::scenarios(&town, "willow").expect_err(word);
        let fault = rejected.faults.iter().next().expect("a fault");
        let (path, found) = (rejected.sources.path(fault.at.file), rejected.sources.line(fault.at));
        assert_eq!((path, found, fault.word), ("willow/scenarios/mint.yaml", line, word));
        assert!(town.compile().is_ok(), "a story rules no case");
        assert!(!fault.says.to(Language::Zh).is_empty());
    }
    let good = Town::willow().with("scenarios/mint.yaml", STORY.to_owned());
    assert_eq!(pack::scenarios(&good, "willow").map(|stories| stories.len()).ok(), Some(1));
}
