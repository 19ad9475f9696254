//! The golden table of who may do what, `docs/reference/authz.txt`, and that nothing is missing
//! from it. `GOLDEN=1` writes it anew.

use std::collections::BTreeSet;

use access::{
    Action, Policies, Role, read,
    table::{document, rows},
};
use base::Date;
use pack::model::Pack;

use super::town::{compiled, packs};

/// The pack that is written whole.
const FIRST: &str = "willow";
/// A day on which every dated policy can be seen, one way or the other.
const DAYS: [&str; 2] = ["2020-01-01", "2025-01-01"];

/// The packs of places, the first one first; what is national is in each.
fn places() -> Vec<String> {
    let folders = std::fs::read_dir(packs()).unwrap().map(|item| item.unwrap().path());
    let placed = folders.filter(|folder| {
        let manifest = std::fs::read_to_string(folder.join("pack.yaml")).unwrap_or_default();
        manifest.contains("\njurisdiction:")
    });
    let mut names: Vec<String> =
        placed.map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort_by_key(|name| (name != FIRST, name.clone()));
    names
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn city(name: &str) -> (Pack, Policies) {
    let pack = compiled(name);
    match read(&pack) {
        Ok(policies) => (pack, policies),
        Err(rejected) => {
            panic!("{}", rejected.faults.render(&rejected.sources, base::Language::En, false))
        }
    }
}

/// What a table says of one situation: action, role, situation, outcome.
type Said = (String, String, String, String);

/// What a table says, one situation at a time.
fn said(text: &str) -> Vec<Said> {
    let (mut action, mut outcome) = (String::new(), String::new());
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.len() - line.trim_start_matches(' ').len() {
            0 => action = line.split(' ').next().unwrap().to_owned(),
            2 => outcome = line.trim().to_owned(),
            _ => {
                let (role, stands) = line.trim().split_once(": ").unwrap();
                let each = stands
                    .split("; ")
                    .map(|one| (action.clone(), role.to_owned(), one.to_owned(), outcome.clone()));
                found.extend(each);
            }
        }
    }
    found
}

fn whole() -> String {
    let (pack, policies) = city(FIRST);
    let mut text = format!(
        "Who may do what: every role, action and situation, with the policy that determines it.\n\
         What no policy permits is denied; a policy that forbids wins. Where words stand in\n\
         brackets, the line is for those of whom they hold. First Willow (invented) on {},\n\
         then what is otherwise on other days and in other cities.\n",
        DAYS[1]
    );
    let first = document(&policies, &pack, day(DAYS[1]));
    text += &first;
    let known: BTreeSet<_> = said(&first).into_iter().collect();
    for name in &places() {
        let (pack, policies) = city(name);
        let on = |text| said(&document(&policies, &pack, day(text)));
        let other = |one: &Said| !known.contains(one);
        let days = DAYS.map(|text| on(text).into_iter().filter(other).collect::<BTreeSet<_>>());
        let always = days[0].intersection(&days[1]).cloned().collect::<BTreeSet<_>>();
        let part = |head: String, said: Vec<&Said>| {
            let lines = said.iter().map(|(action, role, stands, outcome)| {
                format!("  {action} · {role}: {stands}: {outcome}\n")
            });
            let lines: String = lines.collect();
            if lines.is_empty() { lines } else { format!("\n# {head}\n{lines}") }
        };
        text += &part(name.to_owned(), always.iter().collect());
        for (on, said) in DAYS.iter().zip(&days) {
            text += &part(format!("{name} on {on}"), said.difference(&always).collect());
        }
    }
    text
}

#[test]
fn the_table_is_current() {
    let path = packs().join("../docs/reference/authz.txt");
    let text = whole();
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/reference/authz.txt differs; look, then GOLDEN=1");
}

#[test]
fn every_action_role_and_policy_is_in_the_table() {
    let mut determined = BTreeSet::new();
    let mut written = BTreeSet::new();
    for name in &places() {
        let (pack, policies) = city(name);
        written.extend(policies.all().iter().map(|policy| policy.id.clone()));
        for on in DAYS {
            let rows = rows(&policies, &pack, day(on));
            for action in Action::ALL {
                for role in Role::ALL {
                    let own = |row: &&access::table::Row| {
                        row.action == *action && row.situation.who.role() == role
                    };
                    assert!(rows.iter().any(|row| own(&row)), "{role:?} {action:?}");
                }
                let permitted = |row: &access::table::Row| row.action == *action && row.permitted;
                assert!(rows.iter().any(permitted), "{name}: nobody may {action:?}");
            }
            determined.extend(rows.iter().flat_map(|row| row.by.clone()));
        }
    }
    assert_eq!(written, determined, "every policy determines at least one row");
}
