//! A procedure drawn from the shell.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn shell(words: &[&str]) -> Output {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.args(["pack", "bpmn"]).args(words).arg("--packs").arg(packs);
    command.env_remove("YIYANG_LANGUAGE").output().unwrap()
}

#[test]
fn a_drawing_is_printed_or_kept_in_a_file() {
    let printed = shell(&["kiln-permit", "--language", "zh"]);
    assert!(printed.status.success());
    assert!(String::from_utf8_lossy(&printed.stdout).contains("茶窑许可（虚构）"));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kiln.bpmn");
    let kept = shell(&["kiln-permit", "--language", "zh", "--out", &file.to_string_lossy()]);
    let text = fs::read(&file).unwrap();
    assert!(kept.status.success() && kept.stdout.is_empty());
    assert_eq!(text, printed.stdout);
}

#[test]
fn what_cannot_be_drawn_or_kept_is_said() {
    let check = |words: &[&str], code: i32, said: &str| {
        let done = shell(words);
        let faults = String::from_utf8_lossy(&done.stderr);
        assert!(faults.contains(said), "{words:?}: {faults}");
        assert_eq!((done.status.code(), done.stdout.len()), (Some(code), 0), "{words:?}");
    };
    let willow = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/willow");
    let willow = willow.to_string_lossy();
    check(&["kiln-permt", &willow], 1, "did you mean `kiln-permit`?");
    check(&["kiln-permit", "nowhere"], 2, "holds no pack.yaml");
    check(&["kiln-permit", "--out", "nowhere/kiln.bpmn"], 2, "`nowhere/kiln.bpmn` cannot be");
}
