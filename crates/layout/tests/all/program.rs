//! Verified again by the published program.

use std::process::{Command, Stdio};

use fastrand::Rng;
use layout::{Draft, Survey};

use crate::town::{draft, some_draft, survey};

/// What the program says of a survey and a draft; none where there is no such program here.
fn program() -> Option<impl Fn(&str, &str) -> (bool, String)> {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("verify_draft.py");
    std::fs::write(&program, layout::PROGRAM).unwrap();
    let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status();
    if !python.is_ok_and(|status| status.success()) {
        eprintln!("skipped: not here: python3");
        return None;
    }
    Some(move |survey: &str, draft: &str| {
        let files = [("survey.txt", survey), ("draft.txt", draft)].map(|(name, text)| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            file
        });
        let told = Command::new("python3").arg(&program).args(files).output().unwrap();
        (told.status.success(), String::from_utf8_lossy(&told.stderr).into_owned())
    })
}

#[test]
fn the_published_program_says_the_same() {
    let Some(verify) = program() else { return };
    let (own, made) = (survey().text(), draft().text());
    let (good, told) = verify(&own, &made);
    assert!(good, "{told}");
    let mut rng = Rng::with_seed(4);
    let mut drafts = 0;
    while drafts < 15 {
        let Some((survey, draft)) = some_draft(&mut rng) else { continue };
        drafts += 1;
        let (good, told) = verify(&survey.text(), &draft.text());
        assert!(good, "{told}\n{}\n{}", survey.text(), draft.text());
    }
    for (from, to, why) in [
        ("value\t744000", "value\t745000", "the value comes to"),
        ("bound\t", "bound\t9", "the bound comes to"),
        ("pick\twell\textend\t2022", "pick\twell\textend\t2020", "too much is spent"),
        ("served\t2022\twest\twell\t28", "served\t2022\twest\twell\t29", "than count"),
        ("served\t2020\twest\twell\t10", "served\t2020\twest\twell\t11", "than it has places"),
        ("served\t2020\twest\twell", "served\t2020\twest\tplot-b", "out of reach"),
        ("floor\t0", "floor\t900", "below the floor"),
        ("case\tbound\t0", "case\timpossible\t0", "said to be impossible"),
        ("case\tbound\t0", "split\twell\t-\t-\ncase\tbound\t0", "before its last case"),
        ("case\tbound\t0", "case\tbound\t1", "beyond its bounds"),
        ("survey\t", "survey\t0", "another survey"),
        ("goal\tmost\n", "", "does not stand there once"),
    ] {
        let other = made.replacen(from, to, 1);
        assert_ne!(other, made, "{from}");
        let (good, told) = verify(&own, &other);
        assert!(!good && told.contains(why), "{to}: {told}");
    }
}

/// What is changed at random is refused by both or by neither.
#[test]
fn the_published_program_refuses_the_same() {
    let Some(verify) = program() else { return };
    let mut rng = Rng::with_seed(5);
    let (mut agreed, mut taken) = (0, 0);
    while agreed < 50 {
        let Some((survey, draft)) = some_draft(&mut rng) else { continue };
        let (survey, draft) = (survey.text(), draft.text());
        let of_survey = rng.usize(..4) == 0;
        let changed = if of_survey { &survey } else { &draft };
        let digits: Vec<usize> = changed
            .char_indices()
            .filter(|(_, own)| own.is_ascii_digit())
            .map(|own| own.0)
            .collect();
        let mut changed = changed.clone();
        // Not in the head, nor in a digest.
        let late = digits.iter().filter(|at| **at > 90).copied().collect::<Vec<_>>();
        let Some(at) = late.get(rng.usize(..late.len().max(1))) else { continue };
        changed.replace_range(*at..at + 1, &rng.u32(..10).to_string());
        let (survey, draft) = if of_survey { (&changed, &draft) } else { (&survey, &changed) };
        let ours = Survey::read(survey)
            .and_then(|survey| Draft::read(draft).and_then(|own| own.verify(&survey)));
        let (theirs, told) = verify(survey, draft);
        assert_eq!(ours.is_ok(), theirs, "{ours:?} {told}\n{survey}\n{draft}");
        agreed += 1;
        taken += usize::from(theirs);
    }
    assert!(taken > 3 && taken < 47, "{taken}");
}
