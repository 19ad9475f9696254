//! An e-licence of a running town, verified by the shell without the town.

use std::{fs, process::Command};

use crate::program::Town;

fn verified(words: &[&std::ffi::OsStr]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.args(["--language", "en", "licence", "verify"]).args(words);
    let done = command.output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(said).unwrap())
}

/// The credential of the same certificate, by the key that the shell prints.
fn credential_verified(town: &Town, number: &str, bytes: &[u8]) {
    let printed = town.command(&["credential", "key"]).output().unwrap();
    let key = String::from_utf8(printed.stdout).unwrap().trim().to_owned();
    assert!(key.starts_with("z6Mk"), "{}", String::from_utf8_lossy(&printed.stderr));
    let file = town.folder().join("credential.json");
    let said = |bytes: &[u8], words: &[&str]| {
        fs::write(&file, bytes).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
        command.args(["--language", "en", "credential", "verify"]).arg(&file).args(words);
        let done = command.output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8(said).unwrap())
    };
    let (code, text) = said(bytes, &["--issuer", &key]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("key trusted: signed by did:key:z6Mk") && text.contains(number));
    let (code, text) = said(bytes, &[]);
    assert!(code == Some(1) && text.starts_with("a proof nobody vouches for"), "{text}");
    let (code, text) = said(bytes, &["--issuer", &key, "--at", "1990-01-01T00:00:00Z"]);
    assert!(code == Some(1) && text.starts_with("1470 "), "{text}");
    let forged = String::from_utf8(bytes.to_vec()).unwrap().replace(number, "900101-1999-1");
    let (code, text) = said(forged.as_bytes(), &["--issuer", &key, "--json"]);
    let wire: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &wire["number"]), (Some(1), &1467.into()));
    let (code, text) = said(bytes, &["--issuer", "nothing"]);
    assert!(code == Some(2) && text.contains("`nothing`"), "{text}");
}

#[tokio::test]
async fn a_licence_of_a_running_town_is_verified_offline() {
    let town = Town::found("licence");
    // What the demonstration has depends on the day; among fewer rooms there are days without one
    // that is open.
    let mut program = town.start("0.2");
    let base = program.address();
    let get = async |path: &str| {
        let answer = reqwest::get(format!("{base}{path}")).await.unwrap();
        (answer.status().is_success(), answer.bytes().await.unwrap())
    };
    let (_, listed) = get("/api/registers/herb-room").await;
    let listed: serde_json::Value = serde_json::from_slice(&listed).unwrap();
    let mut found = None;
    for entry in listed["entries"].as_array().unwrap() {
        let key = entry["key"].as_str().unwrap();
        let (good, bytes) = get(&format!("/en/certificates/herb-room/{key}/licence.ofd")).await;
        found = good.then(|| (key.to_owned(), bytes)).or(found);
    }
    let (key, bytes) = found.expect("a herb room in force");
    let (_, shown) = get("/seal-root.pem").await;
    let path = format!("/en/certificates/herb-room/{key}/credential.json");
    let (_, credential) = get(&path).await;
    program.stop();
    credential_verified(&town, &key, &credential);

    let printed = town.command(&["licence", "root"]).output().unwrap();
    assert_eq!(printed.stdout, shown, "{}", String::from_utf8_lossy(&printed.stderr));
    let [file, root] = ["licence.ofd", "root.pem"].map(|name| town.folder().join(name));
    fs::write(&file, &bytes).unwrap();
    fs::write(&root, &shown).unwrap();
    let (file, root) = (file.as_os_str(), root.as_os_str());
    let (code, said) = verified(&[file, "--root".as_ref(), root]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&key) && said.starts_with("seal root trusted: sealed by "), "{said}");
    assert!(said.contains("\na test seal: it proves nothing\n"), "{said}");
    let (code, said) = verified(&[file, "--root".as_ref(), root, "--json".as_ref()]);
    let wire: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &wire["trusted"], &wire["today"]), (Some(0), &true.into(), &().into()));
    // Nobody but the file says what body and licence are called in English.
    assert_eq!((&wire["test"], &wire["body_en"]), (&true.into(), &().into()));
    assert_eq!((&wire["body_zh"], &wire["title_en"]), (&wire["sealed_by"], &().into()));
    let (code, said) = verified(&[file]);
    assert!(code == Some(1) && said.starts_with("a seal nobody vouches for, calling "), "{said}");
    let mut changed = bytes.to_vec();
    let place = changed.len() / 2;
    changed[place] ^= 1;
    fs::write(file, changed).unwrap();
    let (code, said) = verified(&[file, "--root".as_ref(), root]);
    assert!(code == Some(1) && said.starts_with("140"), "{said}");
    let (code, said) = verified(&[file, "--root".as_ref(), file]);
    assert!(code == Some(2) && said.contains("holds no certificate"), "{said}");
}
