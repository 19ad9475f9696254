//! A pack for another place: everything that changes on the way from the invented town to another
//! invented one, line by line. `founded.txt` is what changes; `GOLDEN=1` writes it anew.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use base::{Division, Language, Name, Text};
use pack::{
    diff::{Days, between},
    found::{Founded, Unfounded, Wanted, found, jurisdiction},
    source::{Files, Folder, Library},
};

use crate::shipped::packs;

/// Another invented place, in the town's own table of divisions.
const POPLAR: &str = "91,杨湖省,Poplar Province\n\
                      9101,杨湖市,Poplar City\n\
                      910101,北杨区,North Poplar\n\
                      910101001,绿杨街道,Green Poplar Subdistrict\n\
                      910101002,白杨街道,White Poplar Subdistrict\n\
                      910102,南杨区,South Poplar\n\
                      910102001,长杨街道,Tall Poplar Subdistrict\n";

/// The packs that are shipped, the town with its stories and with more divisions.
struct Map {
    divisions: &'static str,
    more: Files,
}

impl Library for Map {
    fn files(&self, pack: &str) -> Option<Files> {
        if pack == "poplar" {
            return Some(self.more.clone());
        }
        let mut files = Folder(&packs()).files(pack)?;
        if pack == "willow" {
            files.get_mut("divisions.csv")?.push_str(self.divisions);
            altered(&mut files)?;
        }
        Some(files)
    }
}

/// The town as it would be if it had bodies named after it, a paper of its own that somebody read,
/// and comments that speak of it.
fn altered(files: &mut Files) -> Option<()> {
    let authorities = files.get_mut("authorities.yaml")?;
    *authorities = authorities
        .replacen("\"{division}卫健委\"", "柳溪省卫健委", 1)
        .replacen("\"{division}规划局\"", "\"柳溪省规划局（{division}）\"", 4)
        .replacen("zh: \"柳溪省规划局（{division}）\"", "zh: \"柳溪省规划局\"", 2);
    let house = files.get_mut("procedures/tea-house-licence.yaml")?;
    let read = house.replacen(
        "柳溪承诺（虚构）, confidence: assumed",
        "柳溪承诺（虚构）, confidence: verified",
        1,
    );
    *house =
        format!("# Grand houses are rare.\n\n# It was asked for in\n# East Willow first.\n{read}");
    files.get_mut("access.cedar")?.push_str(POLICY);
    Some(())
}

/// A policy that names the town, a district of it and a paper of its own that somebody read.
const POLICY: &str = r#"
// East Willow asked for it.
@id("east-is-told")
@title_zh("东柳区规划局可以看柳溪省的办件。")
@title_en("East Willow's planning bureau sees the cases of Willow.")
@act("柳溪省平台条例（虚构）")
@confidence("verified")
permit (principal is Officer, action == Action::"see-case", resource is Case)
when {
    principal.body.office == Office::"planning" &&
    principal.body.division in Division::"900101"
};
"#;

fn map(divisions: &'static str) -> Map {
    Map { divisions, more: Files::new() }
}

fn wanted(from: &str, place: &str) -> Wanted {
    Wanted {
        name: Name::new("poplar").expect("a name"),
        from: from.to_owned(),
        jurisdiction: Some(division(place)),
        title: None,
    }
}

fn division(code: &str) -> Division {
    Division::parse(code).expect("a division")
}

fn poplar() -> Founded {
    found(&map(POPLAR), &wanted("willow", "91"), &[]).unwrap_or_else(|no| panic!("{}", no.word()))
}

/// Whether the golden shows a file: of the stories two, for the others change alike.
fn shown(path: &str) -> bool {
    let stories = ["scenarios/room-bad-input.yaml", "scenarios/tea-grand-left-unanswered.yaml"];
    path != "divisions.csv" && (!path.starts_with("scenarios/") || stories.contains(&path))
}

/// The lines that went and came, by file.
fn changes(founded: &Founded) -> String {
    let old = map(POPLAR).files("willow").expect("the town is there");
    let paths: BTreeSet<&String> = old.keys().chain(founded.files.keys()).collect();
    let mut said = String::new();
    for path in paths.into_iter().filter(|path| shown(path)) {
        let text = |files: &Files| files.get(path).cloned().unwrap_or_default();
        let (before, after) = (text(&old), text(&founded.files));
        let gone = before.lines().filter(|line| !after.lines().any(|known| known == *line));
        let come = after.lines().filter(|line| !before.lines().any(|known| known == *line));
        let gone = gone.map(|line| format!("- {line}\n"));
        let lines: String = gone.chain(come.map(|line| format!("+ {line}\n"))).collect();
        if !lines.is_empty() {
            said.push_str(&format!("{path}\n{lines}"));
        }
    }
    let notes = founded.notes.iter().map(|note| format!("{}\n{}\n", note.zh, note.en));
    said + &notes.collect::<String>()
}

#[test]
fn what_changes_on_the_way() {
    let text = changes(&poplar());
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/all/founded.txt");
    if env::var_os("GOLDEN").is_some() {
        fs::write(&golden, &text).expect("the golden can be written");
    }
    let kept = fs::read_to_string(&golden).unwrap_or_default();
    assert!(kept == text, "founded.txt differs; look, then GOLDEN=1\n{text}");
}

#[test]
fn the_new_pack_is_sound_and_asks_the_same_of_everybody() {
    let founded = poplar();
    assert_eq!(founded.files["divisions.csv"], format!("code,name_zh,name_en\n{POPLAR}"));
    assert_eq!(jurisdiction(&founded.files["pack.yaml"]), Some(division("91")));
    let map = Map { divisions: POPLAR, more: founded.files };
    let sound = |name| match pack::compile(&map, name) {
        Ok(compiled) => compiled.pack,
        Err(r) => panic!("{}", r.faults.render(&r.sources, Language::En, false)),
    };
    let (old, new) = (sound("willow"), sound("poplar"));
    assert!(pack::scenarios(&map, "poplar").is_ok_and(|stories| stories.len() > 30));
    let differences = between(&old, &new, Days::Telling).differences;
    assert!(!differences.is_empty());
    for own in differences {
        let asked = ["requires.", "materials.", "form.", "clock.", "bodies."];
        assert!(!asked.iter().any(|part| own.place.contains(part)), "{own:?}");
        assert_eq!(own.effects, [], "{own:?}");
    }
}

#[test]
fn a_title_is_taken_as_it_is_given() {
    let title = Text::new("杨湖：\"示例\"", "Poplar: a \"sample\"");
    let wanted = Wanted { title: Some(title.clone()), ..wanted("willow", "91") };
    let founded = found(&map(POPLAR), &wanted, &[]).unwrap_or_else(|no| panic!("{}", no.word()));
    let map = Map { divisions: POPLAR, more: founded.files };
    assert_eq!(pack::compile(&map, "poplar").map(|c| c.pack.title).ok(), Some(title));
}

#[test]
fn what_will_not_do_is_refused_by_name() {
    let word = |divisions, wanted: &Wanted, taken: &[Division]| {
        found(&map(divisions), wanted, taken).map_err(|no: Unfounded| no.word()).err()
    };
    let check = |from: &str, place: &str, expected: &str| {
        assert_eq!(word(POPLAR, &wanted(from, place), &[]), Some(expected), "{from} to {place}");
    };
    check("willow", "9101", "not-provincial");
    check("willow", "910101", "not-provincial");
    check("willow", "97", "unknown-division");
    check("willow", "90", "same-place");
    check("cn", "91", "placeless");
    check("wilow", "91", "unsound");
    let bare = "91,杨湖省,Poplar Province\n910101,北杨区,North Poplar\n";
    assert_eq!(word(bare, &wanted("willow", "91"), &[]), Some("too-few-districts"));

    // Where no place is named it is the first of the kind that has no pack.
    let any = Wanted { jurisdiction: None, ..wanted("willow", "91") };
    let chosen = |taken: &[Division]| found(&map(POPLAR), &any, taken).map(|f| f.jurisdiction);
    let all: Vec<Division> =
        (11..=99).filter(|n| *n != 91).map(|n| division(&n.to_string())).collect();
    assert_eq!(chosen(&all).ok(), Some(division("91")));
    let all: Vec<Division> = all.into_iter().chain([division("91")]).collect();
    assert_eq!(word(POPLAR, &any, &all), Some("no-place-left"));
}
