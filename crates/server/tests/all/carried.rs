//! `yiyang plan coverage` at the shell, and the page of it: rows with nothing are listed, and a
//! story that fails is named and ends the command with 1.

use std::{
    fs,
    process::{Command, Output},
};

use serde_json::{Value, json};

use crate::program::Town;

fn coverage(town: &Town, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.args(["plan", "coverage"]).args(more).env_remove("YIYANG_LANGUAGE");
    command.arg(town.folder().join("packs/willow")).output().unwrap()
}

fn found<'v>(part: &'v Value, id: &str) -> &'v Value {
    part.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap()
}

#[test]
fn rows_and_measures_as_json() {
    let town = Town::found("carried");
    let done = coverage(&town, &["--json"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let all: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(all["rows"].as_array().unwrap().len(), 60);
    let nothing = json!({
        "id": "A10", "title": "Demonstration projects", "procedures": [], "registers": [],
        "scenarios": [], "failed": [], "accepted": 0, "refused": 0, "other": 0, "complete": false,
    });
    assert_eq!(*found(&all["rows"], "A10"), nothing);
    let eased = found(&all["measures"], "W1");
    assert_eq!(eased["pack"], "willow");
    assert_eq!(eased["procedures"], json!(["willow/herb-room-licence"]));
    assert_eq!(eased["registers"], json!(["herb-room"]));
    assert_eq!(eased["complete"], true);
    let told = eased["scenarios"].as_array().unwrap();
    assert!(told.contains(&json!("willow/room-granted-at-once")), "{told:?}");
    assert!(!told.contains(&json!("willow/tea-declined")), "{told:?}");
}

#[test]
fn a_story_that_fails_is_named_in_words() {
    let town = Town::found("carried-not");
    let story = town.folder().join("packs/willow/scenarios/room-not-mended.yaml");
    let text = fs::read_to_string(&story).unwrap();
    fs::write(&story, text.replace("end: voided", "end: kept")).unwrap();
    for (language, parts) in [
        ("en", ["in part      Make it easy to open a herb room", "failed: willow/room-not-mended"]),
        ("zh", ["部分落实  便利草药房开办", "未通过：willow/room-not-mended"]),
    ] {
        let done = coverage(&town, &["--language", language]);
        assert_eq!(done.status.code(), Some(1));
        let said = String::from_utf8(done.stdout).unwrap();
        for part in parts {
            assert!(said.contains(part), "`{part}` in: {said}");
        }
        assert!(String::from_utf8_lossy(&done.stderr).contains("wrong willow/room-not-mended"));
    }
}

#[tokio::test]
async fn the_page_tells_soon_after_the_start() {
    let town = Town::found("carried-page");
    let mut program = town.start("0.01");
    let page = format!("{}/en/plan/coverage", program.address());
    let mut said = String::new();
    for _ in 0..600 {
        said = reqwest::get(&page).await.unwrap().text().await.unwrap();
        if !said.contains("The stories are being played.") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(said.contains("<p>1 carried out, 0 in part, 1 not yet.</p>"), "{said}");
    assert!(program.stop().0.success());
}
