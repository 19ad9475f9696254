//! The examples of the packs that the project ships come out, and every rule has one that shows
//! what it finds and what it passes over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use base::Language;
use pack::{
    compile, examples,
    model::{Example, Pack},
    source::{Files, Folder, Library},
};
use query::{Engine, Limits};
use supervise::{SetJudge, example::Examples};
use tempfile::TempDir;

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// The packs that the project ships, compiled.
fn shipped() -> Vec<Pack> {
    let found = fs::read_dir(packs()).unwrap().map(|item| item.unwrap().path());
    let found = found.filter(|path| path.join("pack.yaml").is_file());
    let mut names: Vec<String> =
        found.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    names.iter().map(|name| sound(&Folder(&packs()), name)).collect()
}

fn sound(library: &dyn Library, name: &str) -> Pack {
    match compile(library, name) {
        Ok(compiled) => compiled.pack,
        Err(no) => panic!("{}", no.faults.render(&no.sources, Language::En, false)),
    }
}

fn examples_of(library: &dyn Library, pack: &Pack) -> Vec<(String, Example)> {
    match examples(library, pack.name.as_str(), pack) {
        Ok(found) => found,
        Err(no) => panic!("{}", no.faults.render(&no.sources, Language::En, false)),
    }
}

/// What differs in each example that does not come out, or why it could not be run.
fn run(pack: &Pack, examples: &[(String, Example)]) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let folder = TempDir::with_prefix("examples-").unwrap();
    let mut bench = Examples::new(folder.path()).unwrap();
    let mut wrong = Vec::new();
    for (path, example) in examples {
        match runtime.block_on(bench.run(pack, example)) {
            Ok(came) => {
                wrong.extend(came.differs.iter().map(|text| format!("{path}: {}", text.en)));
            }
            Err(not) => wrong.push(format!("{path}: {not}")),
        }
    }
    wrong
}

#[test]
fn every_shipped_example_comes_out() {
    let wrong: Vec<String> = shipped()
        .iter()
        .flat_map(|pack| run(pack, &examples_of(&Folder(&packs()), pack)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_shipped_rule_is_shown_to_find_and_to_pass_over() {
    let mut all = BTreeSet::new();
    let mut shown: BTreeMap<_, (bool, bool)> = BTreeMap::new();
    for pack in shipped() {
        all.extend(pack.rules.keys().cloned());
        for (_, example) in examples_of(&Folder(&packs()), &pack) {
            let found: BTreeSet<_> = example.finds.iter().flat_map(|own| &own.rows).collect();
            let feed = &pack.rules[&example.rule].feed;
            let sent = example.rows.get(feed).map_or(0, Vec::len);
            let rested = found.iter().filter(|(own, _)| own == feed).count();
            let own = shown.entry(example.rule.clone()).or_default();
            own.0 |= !example.finds.is_empty();
            own.1 |= rested < sent;
        }
    }
    let lacks: Vec<_> = all.iter().filter(|rule| shown.get(*rule) != Some(&(true, true))).collect();
    assert!(lacks.is_empty(), "no example that finds, or none that passes over: {lacks:?}");
}

#[test]
fn every_shipped_query_is_sound() {
    let folder = TempDir::with_prefix("scratch-").unwrap();
    let limits = Limits { memory_bytes: 64 << 20, scratch: folder.path().into(), threads: 1 };
    let engine = Engine::new(limits).unwrap();
    let mut checked = 0;
    for pack in shipped() {
        for judge in pack.rules.values().filter_map(|rule| SetJudge::new(&pack, rule)) {
            judge.check(&engine).unwrap();
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
}

/// The town with a file changed.
struct Changed(&'static str, &'static str, &'static str);

impl Library for Changed {
    fn files(&self, name: &str) -> Option<Files> {
        let mut files = Folder(&packs()).files(name)?;
        if let Some(text) = files.get_mut(self.0).filter(|_| name == "willow") {
            assert!(text.contains(self.1), "`{}` is not in {}", self.1, self.0);
            *text = text.replacen(self.1, self.2, 1);
        }
        Some(files)
    }
}

#[test]
fn what_a_change_of_a_rule_or_an_example_does_is_told() {
    const ROW: &str = "supervision/herb-beyond-limit.yaml";
    const OWN: &str = "examples/herb-beyond-limit.yaml";
    let check = |(file, from, to), wanted: &[&str]| {
        let library = Changed(file, from, to);
        let pack = sound(&library, "willow");
        let told = run(&pack, &examples_of(&library, &pack));
        let told: Vec<&str> = told
            .iter()
            .map(|line| {
                line.strip_prefix("willow/examples/herb-beyond-limit.yaml: ").unwrap_or(line)
            })
            .collect();
        assert_eq!(told, wanted, "{from} → {to}");
    };
    check(
        (ROW, "weight > limit", "weight >= limit"),
        &[
            "found though the example does not say so: the rows (herb-sales 2), about `R-1`",
            "found though the example does not say so: the rows (herb-sales 4), about `R-1`",
            "found though the example does not say so: the rows (herb-sales 5), about `R-1`",
            "the rule cannot tell of 0 rows; the example says 1",
        ],
    );
    check(
        (ROW, " or years(born-on, event-day) < limit.age-min", ""),
        &[
            "nothing is found of the rows (herb-sales 3)",
            "the rule cannot tell of 0 rows; the example says 1",
        ],
    );
    check(
        (OWN, "weight: 1.26, limit", "weight: 1.27, limit"),
        &["the rows (herb-sales 1): `weight` is `1.26`; the example says `1.27`"],
    );
    check((OWN, "sale: b", "sale: a"), &["two rows of `herb-sales` have the same key"]);
    check(
        (OWN, "undetermined: 1", "undetermined: 2"),
        &["the rule cannot tell of 1 rows; the example says 2"],
    );
}
