//! `yiyang pack diff` as an official reads it: the invented town against the town after a reform,
//! in both languages. `difference.txt` is what is read; `GOLDEN=1` writes it anew.

use std::{fs, path::Path, process::Command};

use crate::program::Town;

/// What the reform changes: file, before, after.
const REFORM: [(&str, &str, &str); 9] = [
    ("pack.yaml", "pack: willow", "pack: reform"),
    ("procedures/herb-room-licence.yaml", "  sign: {", "  signboard: {"),
    ("procedures/herb-room-licence.yaml", "promised: { term: 15", "promised: { term: 14"),
    (
        "procedures/herb-room-licence.yaml",
        "or herb-room.purpose = 'charity'",
        "or herb-room.purpose = 'charity' and herb-room.night",
    ),
    ("procedures/tea-house-licence.yaml", "tea-house.seats >= 10", "tea-house.seats >= 8"),
    (
        "procedures/tea-house-licence.yaml",
        "county: tea-house.rank = 'small'",
        "county: tea-house.rank = 'small' or tea-house.seats < 30",
    ),
    (
        "procedures/tea-house-licence.yaml",
        "silence: { deemed: silent,",
        "silence: { deemed: agrees,",
    ),
    (
        "figures/herb-rooms.yaml",
        "from: 2020-01-01, value: 3,",
        "from: 2020-01-01, until: 2022-01-01, value: 3,",
    ),
    (
        "figures/herb-rooms.yaml",
        "  floor-area-min:",
        "      - { from: 2022-01-01, value: 2, basis: { act: 柳溪草药房条例（虚构）2022 修订, \
         article: 7, confidence: assumed } }\n  floor-area-min:",
    ),
];

/// Copies the town's pack beside it and carries the reform out there.
fn reform(packs: &Path) {
    let (from, to) = (packs.join("willow"), packs.join("reform"));
    crate::program::copy(&from, &to);
    fs::remove_dir_all(to.join("scenarios")).unwrap();
    for (file, before, after) in REFORM {
        let text = fs::read_to_string(to.join(file)).unwrap();
        assert!(text.contains(before), "`{before}` is not in {file}");
        fs::write(to.join(file), text.replacen(before, after, 1)).unwrap();
    }
}

fn said(packs: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.current_dir(packs).env_remove("YIYANG_LANGUAGE").env_remove("YIYANG_PACKS");
    let done = command.args(words).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    said
}

#[test]
fn a_reform_is_told_in_both_languages() {
    let town = Town::found("difference");
    let packs = town.folder().join("packs");
    reform(&packs);
    let reformed = ["pack", "diff", "willow", "reform"];
    let eased = ["pack", "diff", "willow", "--from", "2019-01-01", "--to", "2021-01-01"];
    let mut text = String::new();
    for (language, words) in ["zh", "en"].iter().flat_map(|l| [(l, &reformed[..]), (l, &eased)]) {
        let told = said(&packs, &[&["--language", language], words].concat());
        text.push_str(&format!("$ yiyang --language {language} {}\n{told}\n", words.join(" ")));
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/difference.txt");
    if std::env::var_os("GOLDEN").is_some() {
        fs::write(&golden, &text).unwrap();
    }
    let kept = fs::read_to_string(&golden).unwrap_or_default();
    assert!(kept == text, "difference.txt differs; look, then GOLDEN=1\n{text}");
}

#[test]
fn each_effect_has_a_witness_in_json() {
    let town = Town::found("witness");
    let packs = town.folder().join("packs");
    let told = said(
        &packs,
        &["pack", "diff", "willow", "--from", "2019-01-01", "--to", "2021-01-01", "--json"],
    );
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let effect = &told["differences"][0]["effects"][0];
    assert_eq!(effect["effect"], "gains");
    assert_eq!(effect["filed-on"], "2021-01-01");
    assert_eq!(effect["witness"]["keeper.worked-since"], "2016-01-02");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let town = Town::found("compared");
    let check = |words: &[&str], code: i32, says: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
        command.current_dir(town.folder().join("packs")).env_remove("YIYANG_LANGUAGE");
        let done = command.args(["pack", "diff"]).args(words).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{said}");
        assert!(said.contains(says), "{said}");
    };
    check(&["willow"], 2, "name a second pack");
    check(&["willow", "--from", "2021-01-01", "--to", "2019-01-01"], 2, "before `--to`");
    check(&["willow", "elsewhere"], 2, "holds no pack.yaml");
    check(&["willow", "cn", "--from", "2019-01-01", "--to", "2021-01-01"], 2, "cannot be used");
}
