//! `yiyang pack new`: from each pack that has stories a pack is made for other places; it is
//! checked and its stories are played by the program itself.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// Two municipalities under the central government, and a province.
const PLACES: [&str; 3] = ["31", "12", "33"];

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// A folder for new packs, which does not outlive the test.
struct Land(TempDir);

impl Land {
    fn found() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The folder, which nobody has made yet.
    fn folder(&self) -> PathBuf {
        self.0.path().join("land")
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
        command.env_remove("YIYANG_LANGUAGE").arg("--packs").arg(packs());
        command.args(words).output().unwrap()
    }

    /// What the program says, which must end well.
    fn said(&self, words: &[&str]) -> String {
        let done = self.run(words);
        let said = String::from_utf8(done.stdout).unwrap();
        assert!(
            done.status.success(),
            "{words:?}: {said}{}",
            String::from_utf8_lossy(&done.stderr)
        );
        said
    }

    fn made(&self, from: &str, place: &str) -> (PathBuf, String) {
        let name = format!("third-{place}");
        let into = self.folder().display().to_string();
        let said = self.said(&[
            "pack",
            "new",
            &name,
            "--from",
            from,
            "--jurisdiction",
            place,
            "--into",
            &into,
        ]);
        (self.folder().join(name), said)
    }
}

/// Every text of a folder and those inside it, by path.
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()) {
        match item.is_dir() {
            true => found.extend(texts(&item)),
            false => found.push((item.clone(), fs::read_to_string(&item).unwrap())),
        }
    }
    found
}

fn stories(pack: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(pack.join("scenarios")).unwrap().map(|item| item.unwrap());
    files.map(|item| item.file_name().to_string_lossy().into_owned()).collect()
}

/// The packs that have stories.
fn told() -> Vec<String> {
    let packs = fs::read_dir(packs()).unwrap().map(|item| item.unwrap().path());
    let told = packs.filter(|pack| pack.join("scenarios").is_dir());
    told.map(|pack| pack.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

/// The procedures that enter the rows of a table.
fn adopting(pack: &Path, table: &str) -> Vec<String> {
    let rows = format!("{{ rows: {table} }}");
    let all = texts(&pack.join("procedures")).into_iter();
    let adopting = all.filter(|(_, text)| text.contains(&rows));
    adopting.map(|(path, _)| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

/// The stories that ask for a row of the old place's own tables, or enter all of them: they cannot
/// be carried over.
fn of_rows(pack: &Path) -> BTreeSet<String> {
    let tables = pack.join("tables");
    let tables = if tables.is_dir() { texts(&tables) } else { Vec::new() };
    let adopted = tables.iter().map(|(path, _)| path.file_stem().unwrap().to_string_lossy());
    let adopting: Vec<String> = adopted.flat_map(|table| adopting(pack, &table)).collect();
    let rows = tables.iter().flat_map(|(_, text)| {
        let rows = text.split_once("\nrows:\n").map_or("", |(_, rows)| rows);
        let keys = rows.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        keys.filter_map(|line| line.trim().split_once(':').map(|(key, _)| key.trim_matches('"')))
    });
    let rows: Vec<&str> = rows.collect();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let asked = |own: &str| rows.contains(&own) || adopting.iter().any(|name| name == own);
    let names = |text: &str| text.split(|c| !word(c)).any(asked);
    let keyed = texts(&pack.join("scenarios")).into_iter().filter(|(_, text)| names(text));
    keyed.map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

/// The division that a pack is for.
fn place_of(pack: &Path) -> String {
    let manifest = fs::read_to_string(pack.join("pack.yaml")).unwrap();
    let line = manifest.lines().find(|line| line.starts_with("jurisdiction:")).unwrap();
    line.chars().filter(char::is_ascii_digit).collect()
}

/// The names of the old place in both languages, from whichever table has them.
fn names(pack: &Path) -> Vec<String> {
    let code = place_of(pack);
    let tables = [pack.join("divisions.csv"), packs().join("cn/divisions.csv")];
    let rows = tables.map(|table| fs::read_to_string(table).unwrap()).concat();
    let row = rows.lines().find(|row| row.starts_with(&format!("{code},"))).unwrap();
    row.split(',').skip(1).map(str::to_owned).collect()
}

fn check(land: &Land, from: &str, place: &str) {
    let source = packs().join(from);
    let (folder, said) = land.made(from, place);
    let pack = folder.display().to_string();
    assert!(land.said(&["pack", "check", &pack]).contains(": sound"), "{from} to {place}");
    let played = land.said(&["scenario", "run", &pack]);
    let (kept, all) = (stories(&folder), stories(&source));
    let examples = fs::read_dir(folder.join("examples")).map_or(0, Iterator::count);
    let passed = kept.len() + examples;
    assert!(played.ends_with(&format!("{passed} passed, 0 failed\n")), "{played}");
    let left_out: BTreeSet<String> = all.difference(&kept).cloned().collect();
    assert_eq!(left_out, of_rows(&source), "{from} to {place}");
    for story in &left_out {
        assert!(said.contains(&format!("the story scenarios/{story} was left out")), "{said}");
    }
    let cited = |line: &&str| {
        let acts = ["# Assumed here", "@act("];
        line.contains("act:") || acts.iter().any(|act| line.starts_with(act))
    };
    for (path, text) in
        texts(&folder).iter().filter(|(path, _)| path.extension() != Some("md".as_ref()))
    {
        let told: Vec<&str> = text.lines().filter(|line| !cited(line)).collect();
        for name in names(&source) {
            let found = told.iter().find(|line| line.contains(&name));
            assert_eq!(found, None, "{}", path.display());
        }
    }
    assert!(!folder.join("demo").exists() && folder.join("README.md").exists());
}

#[test]
fn a_third_place_begins_from_any_pack() {
    let land = Land::found();
    for from in told() {
        // A place does not begin from itself.
        let own = place_of(&packs().join(&from));
        for place in PLACES.into_iter().filter(|place| *place != own) {
            check(&land, &from, place);
            fs::remove_dir_all(land.folder().join(format!("third-{place}"))).unwrap();
        }
    }
}

#[test]
fn a_place_that_no_pack_has_is_chosen() {
    let land = Land::found();
    let into = land.folder().display().to_string();
    let said = land.said(&["pack", "new", "third", "--from", "willow", "--into", &into]);
    assert!(said.contains("sound"), "{said}");
    land.said(&["pack", "check", &land.folder().join("third").display().to_string()]);
}

#[test]
fn what_will_not_do_writes_nothing() {
    let land = Land::found();
    let into = land.folder().display().to_string();
    let check = |words: &[&str], code: i32, says: &str| {
        let done = land.run(&[&["pack", "new"], words, &["--into", &into]].concat());
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{said}");
        assert!(said.contains(says), "{said}");
        assert!(!land.folder().exists(), "{says}");
    };
    check(&["third", "--from", "willow", "--jurisdiction", "3301"], 1, "not-provincial: ");
    check(&["third", "--from", "willow", "--jurisdiction", "90"], 1, "same-place: ");
    check(&["third", "--from", "cn"], 1, "placeless: ");
    check(&["third", "--from", "wilow"], 1, "there is no pack `wilow`");
    check(&["willow", "--from", "willow"], 2, "there is a pack `willow` already");
    check(&["Third", "--from", "willow"], 2, "lower-case");
}
