//! Lists that are not sound are refused with all that is wrong, and whatever is changed afterwards
//! shows.

use draw::{Conflict, Fault, Given, Item, Lists, Object, Officer, Seed, verify};

use crate::town::{given, lists, name, seed, seeds, share};

fn refused(change: impl FnOnce(&mut Given)) -> Vec<Fault> {
    let mut given = given(1);
    change(&mut given);
    Lists::frozen(given).unwrap_err()
}

#[test]
fn lists_are_refused_with_all_that_is_wrong() {
    let check = |change: fn(&mut Given), wanted: &[Fault]| assert_eq!(refused(change), wanted);
    let room = || "room-01".to_owned();
    check(|given| given.name = " spring".to_owned(), &[Fault::NotAWord(" spring".to_owned())]);
    for unseen in ['\u{200b}', '\u{202e}', '\u{2028}', '\u{1b}', '\u{ad}', '\u{feff}'] {
        let mut given = given(1);
        given.objects[0].key = format!("room{unseen}-00");
        given.conflicts.remove(0);
        let told = Lists::frozen(given).unwrap_err();
        assert!(matches!(told[..], [Fault::NotAWord(_)]), "{told:?}");
        assert!(told[0].says().en.contains("room\u{fffd}-00"), "{}", told[0].says().en);
    }
    check(
        |given| given.conflicts[0].reason = "one\ttwo".to_owned(),
        &[Fault::NotAWord("one\ttwo".to_owned())],
    );
    check(
        |given| given.objects.push(Object { key: "room-01".to_owned(), class: name("low") }),
        &[Fault::Twice(Item::Object, room())],
    );
    check(|given| drop(given.shares.remove(0)), &[Fault::NoShare(name("high"))]);
    check(
        |given| drop(given.pledges.remove(0)),
        &[Fault::TooFewPledges(1), Fault::NotPledged(name("fire"))],
    );
    check(|given| given.pledges[0].1 = given.pledges[1].1, &[Fault::SamePledge]);
    check(
        |given| given.officers.push(Officer { key: "eve".to_owned(), office: name("tax") }),
        &[Fault::NotSent("eve".to_owned())],
    );
    let eve = Conflict { officer: "eve".to_owned(), object: room(), reason: "…".to_owned() };
    let mut unknown = given(1);
    unknown.conflicts.push(eve);
    let told = Lists::frozen(unknown).unwrap_err();
    assert_eq!(told, [Fault::Unknown(Item::Officer, "eve".to_owned())]);
    let all = refused(|given| given.crews[0].1 = 7);
    assert_eq!(all.len(), 40, "each of the rooms lacks a crew");
    let idle = refused(|given| given.crews.iter_mut().for_each(|own| own.1 = 0));
    assert_eq!(idle[0], Fault::NobodySent);
    assert_eq!(idle.len(), 11, "and none of the ten officers has anything to do there");
    let nothing = |change: fn(&mut Given)| refused(change) == [Fault::NothingDrawn];
    assert!(nothing(|given| given.shares.iter_mut().for_each(|own| own.1 = share(0))));
    assert!(nothing(|given| (given.objects.clear(), given.conflicts.clear()).0));
}

/// Nobody goes where none of a class is drawn, so nobody must be able to.
#[test]
fn a_class_of_which_none_is_drawn_needs_no_crew() {
    let mut given = given(1);
    given.shares[1].1 = share(0);
    for officer in 0..6 {
        let (officer, object) = (format!("officer-{officer}"), "room-39".to_owned());
        given.conflicts.push(Conflict { officer, object, reason: "…".to_owned() });
    }
    let drawn = Lists::frozen(given).unwrap().draw(seeds(1)).unwrap();
    assert_eq!(drawn.picks().len(), 4);
}

#[test]
fn lists_are_read_as_they_were_written() {
    let lists = lists(1);
    assert_eq!(Lists::read(&lists.text()).unwrap(), lists);
    let text = lists.text();
    let swapped = text.replacen(
        "room-00\thigh\nobject\troom-01\thigh",
        "room-01\thigh\nobject\troom-00\thigh",
        1,
    );
    assert_ne!(swapped, text);
    assert!(matches!(Lists::read(&swapped).unwrap_err()[..], [Fault::NotALine(11)]), "one order");
    assert_eq!(Lists::read("").unwrap_err(), [Fault::NotLists]);
    assert_eq!(Lists::read("draw lists 1\nname\tx\n").unwrap_err(), [Fault::NotALine(3)]);
    let no_day = text.replacen("2018-03-01", "2018-13-01", 1);
    assert_eq!(Lists::read(&no_day).unwrap_err(), [Fault::NotALine(3)]);
    for line in
        ["share\tlow\t5", "share\tlow\t100.01", "share\tlow\t05.00", "crew\tfire", "else\tx"]
    {
        let told = Lists::read(&text.replacen("share\tlow\t20.00", line, 1));
        assert_eq!(told.unwrap_err(), [Fault::NotALine(6)], "{line}");
    }
    assert!(Lists::read(&text.replace('\n', "\r\n")).is_err());
}

/// Any letter of the lists that is changed, left out or added shows, and so does any of the draw.
#[test]
fn whatever_is_changed_afterwards_shows() {
    let (lists, drawn) = (lists(1), lists(1).draw(seeds(1)).unwrap());
    let (lists, drawn) = (lists.text(), drawn.text());
    assert!(verify(&lists, &drawn).is_ok());
    let changed = |text: &str| {
        let places = text.char_indices().collect::<Vec<_>>();
        let mut all = Vec::new();
        for (place, letter) in places {
            let (before, after) = (&text[..place], &text[place + letter.len_utf8()..]);
            let other = if letter == '7' { '8' } else { '7' };
            all.push(format!("{before}{after}"));
            all.push(format!("{before}{other}{after}"));
            all.push(format!("{before}{other}{letter}{after}"));
        }
        all
    };
    for other in changed(&lists) {
        assert!(verify(&other, &drawn).is_err(), "{other}");
    }
    for other in changed(&drawn) {
        assert!(verify(&lists, &other).is_err(), "{other}");
    }
}

#[test]
fn seeds_must_be_those_that_were_pledged() {
    let lists = lists(1);
    let draw = |change: &dyn Fn(&mut std::collections::BTreeMap<base::Name, Seed>)| {
        let mut seeds = seeds(1);
        change(&mut seeds);
        lists.draw(seeds).unwrap_err()
    };
    let fire = name("fire");
    assert_eq!(
        draw(&|seeds| {
            seeds.remove(&fire);
        }),
        Fault::NotTold(fire.clone())
    );
    let other = seed("fire", 2);
    assert_eq!(
        draw(&|seeds| {
            seeds.insert(fire.clone(), other);
        }),
        Fault::OtherSeed(fire.clone())
    );
    let tax = name("tax");
    let told = draw(&|seeds| {
        seeds.insert(tax.clone(), other);
    });
    assert_eq!(told, Fault::Unknown(Item::Pledge, "tax".to_owned()));
    // Who tells another's seed in an earlier draw, or another's as its own, is found out.
    assert_ne!(other.pledge("spring", &fire), other.pledge("autumn", &fire));
    assert_ne!(other.pledge("spring", &fire), other.pledge("spring", &tax));
}

#[test]
fn the_document_of_faults_is_current() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut document = String::from("What is wrong with lists, or with a draw.\n");
    let all = Fault::all();
    assert_eq!(all.len(), 20, "one of each");
    for (fault, number) in all.iter().zip(1521..) {
        let (word, says, next) = (fault.word(), fault.says(), fault.next());
        assert_eq!(fault.number(), number, "{word}");
        assert!(chinese(&says.zh) && chinese(&next.zh) && next.zh.ends_with('。'), "{word}");
        assert!(!says.en.starts_with(char::is_uppercase) && next.en.ends_with('.'), "{word}");
        document.push_str(&format!("\n{number} {word}\n  {}\n  {}\n", says.zh, says.en));
        document.push_str(&format!("  → {}\n  → {}\n", next.zh, next.en));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("../../docs/reference/draw-faults.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, document, "run this test with GOLDEN=1 if the change is meant");
}
