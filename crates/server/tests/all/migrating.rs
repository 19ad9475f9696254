//! `yiyang pack check NEW --from OLD`: the plans of an edition held against the one before it.

use std::{fs, path::Path, process::Command};

use crate::program::{Town, copy};

/// What the program says of the town's next edition held against the town, and whether it is sound.
fn check(packs: &Path) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.current_dir(packs).env_remove("YIYANG_LANGUAGE").env_remove("YIYANG_PACKS");
    let words = ["--language", "en", "pack", "check", "reform", "--from", "willow"];
    let done = command.args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

#[test]
fn plans_are_held_against_the_edition_before() {
    let town = Town::found("migrating");
    let packs = town.folder().join("packs");
    let reform = packs.join("reform");
    copy(&packs.join("willow"), &reform);
    fs::remove_dir_all(reform.join("scenarios")).unwrap();
    let manifest = fs::read_to_string(reform.join("pack.yaml")).unwrap();
    fs::write(reform.join("pack.yaml"), manifest.replace("pack: willow", "pack: reform")).unwrap();
    let (sound, _, why) = check(&packs);
    let hash = why.strip_prefix("no migration is `from` ").map(str::trim);
    assert!(!sound && hash.is_some(), "{why}");
    let plan = |check: &str| {
        format!(
            "migration: kilns\ntitle: {{ zh: 过渡, en: Reform }}\nprocedure: kiln-permit\n\
             from: \"{}\"\nclock: keeps\nsteps: {{ accept: accept, check: {check} }}\n\
             basis:\n  - {{ act: 柳溪过渡办法（虚构）, confidence: assumed }}\n",
            hash.unwrap_or_default()
        )
    };
    fs::create_dir_all(reform.join("migrations")).unwrap();
    fs::write(reform.join("migrations/kilns.yaml"), plan("check")).unwrap();
    let (sound, said, why) = check(&packs);
    assert!(sound && said.ends_with("kilns: 2 steps move, 0 stay\n"), "{said}{why}");
    fs::write(reform.join("migrations/kilns.yaml"), plan("accept")).unwrap();
    let (sound, _, why) = check(&packs);
    assert!(!sound && why.starts_with("kilns check: across-the-entry: "), "{why}");
}
