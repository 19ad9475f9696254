//! The program that is published beside drafts verifies those that are made here: trees of cases,
//! cases that are impossible, and the highest floor.

use std::process::{Command, Stdio};

use fastrand::Rng;
use layout::{Draft, Leaf, Node};
use siting::Stop;
use siting::layout::{Limit, draw_up};

use super::town::{survey, terms};

#[test]
fn the_published_program_verifies_what_is_made() {
    let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status();
    if !python.is_ok_and(|status| status.success()) {
        println!("skipped: not here: python3");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("verify_draft.py");
    std::fs::write(&program, layout::PROGRAM).unwrap();
    let stop = Stop::default();
    let mut rng = Rng::with_seed(41);
    let (mut trees, mut ceilings) = (0, 0);
    while trees < 6 || ceilings < 6 {
        let survey = survey(&mut rng, 5, 5, 20_000);
        let mut terms = terms(&mut rng, &survey, 2);
        terms.worst = rng.bool();
        let told = draw_up(&survey, &terms, Limit { rounds: Some(30), stop: &stop }, &mut |_| {});
        let Ok(draft) = told else { continue };
        // Those of one case alone, of which there are most, are verified elsewhere.
        let (tree, ceiling) = (impossible(&draft), draft.proof().ceiling.is_some());
        if !(tree && trees < 6 || ceiling && draft.proof().bound.len() > 1 && ceilings < 6) {
            continue;
        }
        trees += usize::from(tree);
        ceilings += usize::from(ceiling);
        let files = [("survey.txt", survey.text()), ("draft.txt", draft.text())];
        let files = files.map(|(name, text)| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            file
        });
        let told = Command::new("python3").arg(&program).args(files).output().unwrap();
        let why = String::from_utf8_lossy(&told.stderr);
        assert!(told.status.success(), "{why}\n{}{}", survey.text(), draft.text());
    }
}

/// Whether a case of the bound is impossible.
fn impossible(draft: &Draft) -> bool {
    let never = |node: &Node| matches!(node, Node::Leaf(Leaf::Impossible(_)));
    draft.proof().bound.iter().any(never)
}
