//! The texts of both languages have the same keys; every one is used, and none is missing.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn at(place: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(place)
}

fn keys(language: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(at(&format!("locales/{language}/main.ftl"))).unwrap();
    let starts = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    let keys: Vec<String> =
        starts.filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect();
    let unique: BTreeSet<String> = keys.iter().cloned().collect();
    assert_eq!(unique.len(), keys.len(), "{language}: a key is written twice");
    unique
}

/// Everything that may name a text: templates, and code that is not a test.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, found);
        } else if path.is_file() {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

fn every_source() -> Vec<String> {
    let mut found = Vec::new();
    sources(&at("templates"), &mut found);
    sources(&at("src/web"), &mut found);
    found
}

/// The keys that are asked for by name.
fn asked(source: &str) -> impl Iterator<Item = &str> {
    ["t(\"", "n(\"", "with(\"", "with_both(\"", "texts(\""].into_iter().flat_map(move |call| {
        let calls = source.match_indices(call).filter(|(start, _)| {
            let before = source.get(..*start).and_then(|before| before.chars().next_back());
            before.is_none_or(|letter| !letter.is_ascii_alphanumeric() && letter != '_')
        });
        calls.filter_map(move |(start, _)| source.get(start + call.len()..)?.split('"').next())
    })
}

#[test]
fn both_languages_have_every_text_and_no_other() {
    let (zh, en) = (keys("zh"), keys("en"));
    assert_eq!(zh, en);
    let sources = every_source();
    let missing: BTreeSet<&str> = sources
        .iter()
        .flat_map(|source| asked(source))
        .filter(|key| !zh.contains(*key) && !key.is_empty())
        .collect();
    assert_eq!(missing, BTreeSet::new(), "asked for, and in no language");
    let named = |key: &str| sources.iter().any(|source| source.contains(&format!("\"{key}\"")));
    let unused: Vec<&String> = zh.iter().filter(|key| !named(key)).collect();
    assert_eq!(unused, Vec::<&String>::new(), "in both languages, and never used");
}
