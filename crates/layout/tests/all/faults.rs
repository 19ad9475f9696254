//! Surveys and terms that are not sound are refused with all that is wrong.

use layout::survey::{COST_MAX, COUNT_MAX};
use layout::{Each, Fault, Given, Goal, Item, Phase, Survey, Terms, Travel};

use crate::town::{area, course, given, name, standard, survey, terms};

fn refused(change: impl FnOnce(&mut Given)) -> Vec<Fault> {
    let mut given = given();
    change(&mut given);
    Survey::freeze(given).unwrap_err()
}

fn table(ways: &[(&str, &str, u64)]) -> Travel {
    let own = |(area, site, metres): &(&str, &str, u64)| {
        ((*area).to_owned(), (*site).to_owned(), *metres)
    };
    let ways = ways.iter().map(own).collect();
    Travel::Table { source: "walked".to_owned(), speed: 66, reach: 1_000, ways }
}

#[test]
fn surveys_are_refused_with_all_that_is_wrong() {
    let check = |wanted: &[Fault], change: &dyn Fn(&mut Given)| assert_eq!(refused(change), wanted);
    let word = |text: &str| text.to_owned();
    check(&[Fault::NotAWord(word(" x"))], &|own| own.name = word(" x"));
    check(&[Fault::NotAWord(word("a\tb"))], &|own| own.refused[0].reason = word("a\tb"));
    check(&[Fault::NoAreas], &|own| {
        own.areas.clear();
        own.standards.clear();
    });
    check(&[Fault::Twice(Item::Standard, word("well"))], &|own| {
        own.standards.push(standard("well", Each::Area, 2, &[]));
    });
    check(&[Fault::Twice(Item::Area, word("west"))], &|own| {
        own.standards[1].has.push((word("west"), 3));
    });
    check(&[Fault::Unknown(Item::Area, word("south"))], &|own| {
        own.standards[1].has.push((word("south"), 3));
    });
    check(&[Fault::Twice(Item::Area, word("east"))], &|own| own.areas.push(area("east", 0, 1)));
    check(&[Fault::Twice(Item::Site, word("well"))], &|own| {
        let site = own.sites[2].clone();
        own.sites.push(site);
    });
    check(&[Fault::Twice(Item::Course, word("plot-a large"))], &|own| {
        own.sites[0].courses.push(course("large", 1, 1));
    });
    check(&[Fault::Twice(Item::Refused, word("plot-c no-point"))], &|own| {
        let refused = own.refused[0].clone();
        own.refused.push(refused);
    });
    check(&[Fault::RefusedSite(word("well"))], &|own| own.refused[0].key = word("well"));
    check(&[Fault::NotANorm(0)], &|own| own.norm = 0);
    check(&[Fault::NotANorm(1_001)], &|own| own.norm = 1_001);
    for (detour, speed, reach) in
        [(999, 66, 9), (1_000, 0, 9), (1_000, 66, 0), (1_000, 66, 1_000_001)]
    {
        check(&[Fault::NotTravel], &|own| {
            own.travel = Travel::Straight { detour, speed, reach };
        });
    }
    let large = |at: &str, number: i64, most: i64| Fault::TooLarge { at: word(at), number, most };
    check(&[large("east", 10_000_001, 10_000_000)], &|own| own.areas[0].people = COUNT_MAX + 1);
    check(&[large("well", 10_000_001, 10_000_000)], &|own| own.sites[2].now = COUNT_MAX + 1);
    check(&[large("plot-a small", -COST_MAX - 1, COST_MAX)], &|own| {
        own.sites[0].courses[0].cost = -COST_MAX - 1;
    });
    check(&[large("floor", 10_000_001, 10_000_000)], &|own| {
        own.standards[0].least = COUNT_MAX + 1;
    });
    check(&[large("west", 10_000_001, 10_000_000)], &|own| {
        own.standards[1].has[0].1 = COUNT_MAX + 1;
    });
    check(&[Fault::TooMany(Item::Standard, 20)], &|own| {
        let some = |at| standard(&format!("s{at}"), Each::Area, 1, &[]);
        own.standards = (0..21).map(some).collect();
    });
    check(&[Fault::TooMany(Item::Course, 20)], &|own| {
        own.sites[0].courses = (0..21).map(|at| course(&format!("c{at}"), 1, 1)).collect();
    });
    check(
        &[Fault::Unknown(Item::Area, word("x")), Fault::Unknown(Item::Site, word("y"))],
        &|own| {
            own.travel = table(&[("x", "well", 1), ("east", "y", 1), ("x", "plot-a", 1)]);
        },
    );
    check(&[Fault::Twice(Item::Way, word("east well"))], &|own| {
        own.travel = table(&[("east", "well", 1), ("east", "well", 2)]);
    });
}

#[test]
fn a_table_keeps_what_is_within_reach() {
    let mut given = given();
    given.travel = table(&[("east", "well", 1_001), ("west", "well", 1_000)]);
    let survey = Survey::freeze(given).unwrap();
    assert!(!survey.text().contains("1001"));
    let ways: Vec<_> = survey.ways().iter().map(|own| (own.site, own.area, own.metres)).collect();
    assert_eq!(ways, [(2, 2, 1_000)]);
    assert_eq!(Survey::read(&survey.text()).unwrap(), survey);
}

/// The band of latitude leaves nothing out.
#[test]
fn all_pairs_within_reach_are_found() {
    let mut rng = fastrand::Rng::with_seed(7);
    for _ in 0..50 {
        let mut given = given();
        let mut place = || crate::town::point(rng.i64(0..40_000), rng.i64(0..40_000));
        given.areas = (0..30).map(|at| area(&format!("a{at:02}"), 0, 1)).collect();
        given.standards.clear();
        given.areas.iter_mut().for_each(|own| own.point = place());
        given.sites[0].point = place();
        let survey = Survey::freeze(given).unwrap();
        let mut all = Vec::new();
        for (site, own) in survey.sites().iter().enumerate() {
            for (at, area) in survey.areas().iter().enumerate() {
                let metres = area.point.metres_to(own.point) * 1_300 / 1_000;
                if metres <= 1_500 {
                    all.push((site, at, metres));
                }
            }
        }
        let ways = survey.ways().iter().map(|own| (own.site, own.area, own.metres));
        assert_eq!(ways.collect::<Vec<_>>(), all);
    }
}

#[test]
fn terms_are_refused_with_all_that_is_wrong() {
    let check = |wanted: &[Fault], change: &dyn Fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        assert_eq!(terms.check(&survey()).unwrap_err(), wanted);
    };
    let word = |text: &str| text.to_owned();
    check(&[Fault::NoPhases], &|own| own.phases.clear());
    check(&[Fault::YearsOutOfOrder], &|own| own.phases.reverse());
    check(&[Fault::YearsOutOfOrder], &|own| own.until = 2022);
    check(&[Fault::YearsOutOfOrder], &|own| own.until = 2121);
    check(&[Fault::NotAReach { reach: 1_501, most: 1_500 }], &|own| own.reach = 1_501);
    check(&[Fault::NotAReach { reach: 0, most: 1_500 }], &|own| own.reach = 0);
    check(&[Fault::NotAFloor(1_001)], &|own| own.floor = 1_001);
    let most = COST_MAX;
    check(&[Fault::TooLarge { at: word("2020"), number: -1, most }], &|own| {
        own.phases[0].budget = -1;
    });
    check(&[Fault::TooMany(Item::Phase, 20)], &|own| {
        own.phases = (2000..2021).map(|year| Phase { year, budget: 0 }).collect();
    });
    check(&[Fault::Unknown(Item::Site, word("x"))], &|own| own.barred.push(word("x")));
    check(&[Fault::Unknown(Item::Course, word("well large"))], &|own| {
        own.forced.push((word("well"), name("large")));
    });
    check(&[Fault::Twice(Item::Forced, word("well"))], &|own| {
        own.forced = vec![(word("well"), name("close")), (word("well"), name("extend"))];
    });
    check(&[Fault::Twice(Item::Barred, word("well"))], &|own| {
        own.barred = vec![word("well"), word("well")];
    });
    check(&[Fault::ForcedAndBarred(word("well"))], &|own| {
        own.forced = vec![(word("well"), name("close"))];
        own.barred = vec![word("well")];
    });
    assert_eq!(Goal::of("best"), None);
}

#[test]
fn the_document_of_faults_is_current() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut document = String::from("What is wrong with a survey or a draft of a layout plan.\n");
    let all = Fault::all();
    assert_eq!(all.len(), 30, "one of each");
    for (fault, number) in all.iter().zip(1641..) {
        let (word, says, next) = (fault.word(), fault.says(), fault.next());
        assert_eq!(fault.number(), number, "{word}");
        assert!(chinese(&says.zh) && chinese(&next.zh) && next.zh.ends_with('。'), "{word}");
        assert!(!says.en.starts_with(char::is_uppercase) && next.en.ends_with('.'), "{word}");
        document.push_str(&format!("\n{number} {word}\n  {}\n  {}\n", says.zh, says.en));
        document.push_str(&format!("  → {}\n  → {}\n", next.zh, next.en));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("../../docs/reference/layout-faults.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, document, "run this test with GOLDEN=1 if the change is meant");
}
