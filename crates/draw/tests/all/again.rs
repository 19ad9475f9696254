//! Drawn again: by the published program, and by a slow model that shares nothing with ours but the
//! description.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::{Command, Stdio},
};

use draw::{Lists, verify};
use hmac::{Hmac, KeyInit as _, Mac as _};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::town::{lists, name, seeds};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The draw as the description has it, line by line over the published text.
fn slowly(lists: &str, seeds: &BTreeMap<String, String>) -> String {
    let rows: Vec<Vec<&str>> = lists.lines().map(|line| line.split('\t').collect()).collect();
    let of = |kind: &str| rows.iter().filter(|row| row[0] == kind).cloned().collect::<Vec<_>>();
    let digest = hex(&Sha256::digest(lists.as_bytes()));
    let told: String = seeds.iter().map(|(by, seed)| format!("\t{by}\t{seed}")).collect();
    let key = Sha256::digest(format!("draw seed 1\t{digest}{told}").as_bytes());
    let ticket = |words: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(words.as_bytes());
        hex(&mac.finalize().into_bytes())
    };
    let mut out = format!("draw 1\n{}\nlists\t{digest}\n", rows[1].join("\t"));
    for (by, seed) in seeds {
        out += &format!("seed\t{by}\t{seed}\n");
    }
    let mut chosen = BTreeSet::new();
    for share in of("share") {
        let mut own = BTreeSet::new();
        for object in of("object").iter().filter(|object| object[2] == share[1]) {
            own.insert((ticket(&format!("object\t{}", object[1])), object[1], share[1]));
        }
        let parts: usize = share[2].replace('.', "").parse().unwrap();
        let count = (0..=own.len()).find(|count| count * 10_000 >= own.len() * parts).unwrap();
        chosen.extend(own.into_iter().take(count));
    }
    let mut visits: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, object, class) in chosen {
        out += &format!("drawn\t{object}\t{class}\n");
        for crew in of("crew") {
            let free = of("officer").into_iter().filter(|officer| {
                let against = |own: &Vec<&str>| own[1] == officer[1] && own[2] == object;
                officer[2] == crew[1] && !of("conflict").iter().any(against)
            });
            let mut free: Vec<_> = free.map(|officer| officer[1]).collect();
            for _ in 0..crew[2].parse::<usize>().unwrap() {
                let next = free.iter().min_by_key(|officer| {
                    let before = visits.get(**officer).copied().unwrap_or(0);
                    (before, ticket(&format!("officer\t{object}\t{officer}")))
                });
                let next = *next.unwrap();
                free.retain(|officer| *officer != next);
                *visits.entry(next).or_default() += 1;
                out += &format!("sent\t{object}\t{}\t{next}\n", crew[1]);
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_slow_model_draws_the_same(
        number in any::<u64>(),
        shares in prop::collection::vec(0_u16..=10_000, 3),
        classes in prop::collection::vec(0_usize..3, 1..30),
        crews in prop::collection::vec(0_u16..3, 2),
        conflicts in prop::collection::btree_set((0_usize..6, 0_usize..30), 0..12),
    ) {
        let mut given = crate::town::given(number);
        let class = |place: usize| name(["a", "b", "c"][place]);
        let share = |parts| draw::Share::of_ten_thousand(parts).unwrap();
        let shares = shares.iter().enumerate().map(|(at, own)| (class(at), share(*own)));
        given.shares = shares.collect();
        given.crews[0].1 = crews[0];
        given.crews[1].1 = crews[1];
        let count = classes.len();
        given.objects = classes.into_iter().enumerate().map(|(at, own)| draw::Object {
            key: format!("客栈-{at}"),
            class: class(own),
        }).collect();
        let conflicts = conflicts.into_iter().filter(|(_, object)| *object < count);
        given.conflicts = conflicts.map(|(officer, object)| draw::Conflict {
            officer: format!("officer-{officer}"),
            object: format!("客栈-{object}"),
            reason: "…".to_owned(),
        }).collect();
        // Lists for which there is no crew are refused; that is held elsewhere.
        if let Ok(lists) = Lists::frozen(given) {
            let drawn = lists.draw(seeds(number)).unwrap().text();
            let told = seeds(number).into_iter().map(|(by, own)| (by.to_string(), own.written()));
            prop_assert_eq!(&drawn, &slowly(&lists.text(), &told.collect()));
            prop_assert!(verify(&lists.text(), &drawn).is_ok());
        }
    }
}

/// The program that is published draws the same, and finds what was changed.
#[test]
fn the_published_program_draws_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("draw_again.py");
    std::fs::write(&program, draw::PROGRAM).unwrap();
    let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status();
    if !python.is_ok_and(|status| status.success()) {
        eprintln!("skipped: not here: python3");
        return;
    }
    let again = |lists: &str, drawn: &str| {
        let files = [("lists.txt", lists), ("draw.txt", drawn)].map(|(name, text)| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            file
        });
        let told = Command::new("python3").arg(&program).args(files).output().unwrap();
        (told.status.success(), String::from_utf8_lossy(&told.stderr).into_owned())
    };
    for number in 0..20 {
        let lists = lists(number);
        let drawn = lists.draw(seeds(number)).unwrap().text();
        let (same, told) = again(&lists.text(), &drawn);
        assert!(same, "{told}");
    }
    let (lists, drawn) = (lists(1).text(), lists(1).draw(seeds(1)).unwrap().text());
    // What is no list for us is none for the program: nothing is drawn from it.
    for (from, to, why) in [
        (
            "object\troom-07\thigh\n",
            "object\troom-07\thigh\nobject\troom-07\thigh\n",
            "out of order",
        ),
        ("object\troom-07\thigh\n", "object\troom-07\thigh\ngrind\tme\t17\n", "one order"),
        ("crew\tfire\t1\n", "crew\tfire\t-1\n", "a crew is none"),
        ("crew\tfire\t1\n", "crew\tfire\t1\ncrew\tpolice\t1\n", "out of order"),
        ("share\tlow\t20.00", "share\tlow\t120.00", "a share is none"),
        ("share\tlow\t20.00\n", "", "a class has no share"),
        ("crew\thealth\t2\n", "crew\thealth\t9\n", "too few officers"),
        ("officer\tofficer-9\tfire", "officer\tofficer-9\ttax", "of no department"),
        ("draw lists 1", "draw lists 2", "not frozen lists"),
        ("\nfrom\t", "\nfrom\tx\nfrom\t", "does not stand there once"),
    ] {
        let other = lists.replacen(from, to, 1);
        assert!(Lists::read(&other).is_err(), "{to}");
        let (same, told) = again(&other, &drawn);
        assert!(!same && told.contains(why), "{to}: {told}");
    }
    let pledge = lists.lines().find(|line| line.starts_with("pledge\tfire")).unwrap();
    let alone = lists.replacen(&format!("{pledge}\n"), "", 1);
    assert!(again(&alone, &drawn).1.contains("fewer than two pledges"));
    let moved = lists.replace("room-07\thigh", "room-07\tlow");
    assert!(!again(&moved, &drawn).0, "an object in another class");
    let dropped = drawn.lines().take(20).map(|line| format!("{line}\n")).collect::<String>();
    assert!(again(&lists, &dropped).1.contains("another draw"));
    let other =
        drawn.replace(&seeds(1)[&name("fire")].written(), &seeds(2)[&name("fire")].written());
    assert!(again(&lists, &other).1.contains("not what it pledged"));
}
