//! `kill -9` under load: eight visitors file at once, the process is killed in their midst, and
//! whoever got no answer sends the same form again.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use tokio::sync::mpsc;

use crate::{
    program::{Program, Town},
    visitor::Visitor,
};

/// Which answer each killing comes behind, and how many other pages later: drawn by lot.
const KILLS: [(usize, usize); 3] = [(23, 0), (61, 3), (38, 1)];

/// Everybody files until the program is killed.
async fn killed_under_load(
    mut program: Program,
    visitors: Vec<Visitor>,
    (answers, pages): (usize, usize),
) -> Vec<Visitor> {
    let base = program.address();
    let (told, mut tellings) = mpsc::unbounded_channel();
    let load = visitors.into_iter().map(|visitor| {
        let (base, told) = (base.clone(), told.clone());
        tokio::spawn(visitor.files(base, move || told.send(()).unwrap_or_default()))
    });
    let load: Vec<_> = load.collect();
    drop(told);
    for _ in 0..answers {
        tellings.recv().await.unwrap();
    }
    for _ in 0..pages {
        reqwest::get(format!("{base}/healthz")).await.unwrap();
    }
    program.kill();
    join_all(load).await.into_iter().map(Result::unwrap).collect()
}

/// How many cases there are, once everything has been verified.
fn cases(town: &Town) -> usize {
    usize::try_from(town.verified()["cases"].as_u64().unwrap()).unwrap()
}

/// Sends the forms again that got no answer.
async fn send_again(base: &str, visitors: &mut [Visitor]) {
    for visitor in visitors {
        for form in 0..visitor.forms.len() {
            if visitor.forms[form].case.is_none() {
                visitor.send(base, form).await.unwrap();
            }
        }
    }
}

/// Sends every form again, which leads to the case it made, and looks at each.
async fn send_all_again(base: &str, visitors: &mut [Visitor]) {
    for visitor in visitors {
        for form in 0..visitor.forms.len() {
            visitor.send(base, form).await.unwrap();
            visitor.must_see(base, &visitor.forms[form]).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_process_loses_nothing_acknowledged_and_repeats_nothing() {
    let town = Town::found("killing");
    let mut first = town.start("0.01");
    let base = first.address();
    let mut visitors = join_all((0..8).map(|number| Visitor::signed_in(number, &base))).await;
    let (ended, said) = first.stop();
    assert!(ended.success(), "{said}");
    let before = cases(&town);
    let (mut unanswered, mut unacknowledged) = (0, 0);
    for kill in KILLS {
        let already: usize = visitors.iter().map(|visitor| visitor.forms.len()).sum();
        visitors = killed_under_load(town.start("0.01"), visitors, kill).await;
        let forms = || visitors.iter().flat_map(|visitor| &visitor.forms);
        assert!(forms().count() >= already + kill.0);
        let answered = forms().filter(|form| form.case.is_some()).count();
        let kept = cases(&town) - before;
        assert!((answered..=forms().count()).contains(&kept), "{kept} of {answered}");
        unanswered += forms().count() - answered;
        unacknowledged += kept - answered;
        let mut again = town.start("0.01");
        send_again(&again.address(), &mut visitors).await;
        again.kill();
    }
    let mut last = town.start("0.01");
    send_all_again(&last.address(), &mut visitors).await;
    let (ended, said) = last.stop();
    assert!(ended.success(), "{said}");
    let forms: Vec<_> = visitors.iter().flat_map(|visitor| &visitor.forms).collect();
    let made: BTreeSet<_> = forms.iter().map(|form| form.case.unwrap()).collect();
    println!(
        "{} forms, {unanswered} without an answer, {unacknowledged} of those kept",
        forms.len()
    );
    assert_eq!(made.len(), forms.len());
    assert_eq!(cases(&town), before + forms.len());
}
