//! How evenly, and the document of faults.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "slow models of small cases"
)]

use fastrand::Rng;
use siting::Fault;
use siting::equity::{atkinson, below, gini, least_by_area, median, theil, worst_off};

fn near(own: Result<f64, Fault>, wanted: f64) {
    let own = own.unwrap();
    assert!((own - wanted).abs() <= 1e-9, "{own} {wanted}");
}

#[test]
fn known_values() {
    near(gini(&[1.0, 1.0, 1.0], &[5.0, 1.0, 2.0]), 0.0);
    near(gini(&[0.0, 0.0, 0.0, 1.0], &[1.0; 4]), 0.75);
    near(gini(&[1.0, 3.0], &[1.0, 1.0]), 0.25);
    near(worst_off(&[1.0, 3.0], &[1.0, 1.0], 0.5), 0.25);
    near(worst_off(&[3.0, 1.0], &[1.0, 1.0], 0.75), 0.625);
    near(worst_off(&[0.0], &[1.0], 0.1), 0.1);
    near(below(&[1.0, 3.0, 2.0], &[1.0, 2.0, 1.0], 2.0), 0.25);
    near(median(&[3.0, 1.0, 2.0], &[1.0, 2.0, 1.0]), 1.0);
    near(median(&[3.0, 1.0, 2.0], &[2.0, 2.0, 1.0]), 2.0);
    near(theil(&[0.0, 2.0], &[1.0, 1.0]), 2.0_f64.ln());
    near(atkinson(&[1.0, 4.0], &[1.0, 1.0], 1.0), 1.0 - 2.0 / 2.5);
    near(atkinson(&[1.0, 4.0], &[1.0, 1.0], 2.0), 1.0 - 1.6 / 2.5);
    near(atkinson(&[0.0, 4.0], &[1.0, 1.0], 1.0), 1.0);
    near(atkinson(&[0.0, 4.0], &[1.0, 1.0], 2.0), 1.0);
    near(gini(&[0.0, 0.0], &[1.0, 1.0]), 0.0);
    let least = least_by_area(&[3.0, 1.0, 1.0, 5.0], &[0, 0, 0, 2], 3).unwrap();
    assert_eq!(least, [Some((1.0, 1)), None, Some((5.0, 3))]);
    assert_eq!(gini(&[1.0], &[1.0, 2.0]), Err(Fault::Lengths(1, 2)));
    assert_eq!(gini(&[1.0], &[0.0]), Err(Fault::NobodyThere));
    assert_eq!(gini(&[-1.0], &[1.0]), Err(Fault::NegativeDemand(1)));
    assert!(matches!(gini(&[1.0, f64::NAN], &[1.0; 2]), Err(Fault::NotANumber(2, _))));
    assert_eq!(worst_off(&[1.0], &[1.0], 0.0), Err(Fault::NotAPart(0.0)));
    assert_eq!(atkinson(&[1.0], &[1.0], 0.0), Err(Fault::NoWidth(0.0)));
    assert_eq!(least_by_area(&[1.0], &[3], 3), Err(Fault::Unknown(1, "3".to_owned())));
}

/// Every person by name: mean differences for Gini, sorted persons for the worst-off.
#[test]
fn persons_one_by_one_come_to_the_same() {
    let mut random = Rng::with_seed(5);
    for _ in 0..2_000 {
        let count = random.usize(1..6);
        let values: Vec<f64> = (0..count).map(|_| f64::from(random.u32(0..9))).collect();
        let people: Vec<f64> = (0..count).map(|_| f64::from(random.u32(1..6))).collect();
        let one = |(value, own): (&f64, &f64)| vec![*value; *own as usize];
        let mut persons: Vec<f64> = values.iter().zip(&people).flat_map(one).collect();
        persons.sort_by(f64::total_cmp);
        let (all, whole) = (persons.len() as f64, persons.iter().sum::<f64>());
        if whole == 0.0 {
            continue;
        }
        let apart = |one: &f64| persons.iter().map(|own| (own - one).abs()).sum::<f64>();
        let apart: f64 = persons.iter().map(apart).sum();
        near(gini(&values, &people), apart / (2.0 * all * whole));
        let some = random.usize(1..=persons.len());
        let worst: f64 = persons[..some].iter().sum();
        near(worst_off(&values, &people, some as f64 / all), worst / whole);
        let part = |own: &f64| if *own > 0.0 { own * all / whole } else { 1.0 };
        let sum: f64 = persons.iter().map(|own| part(own) * part(own).ln()).sum();
        near(theil(&values, &people), sum / all);
        let poor = persons.iter().filter(|own| **own < 4.0).count();
        near(below(&values, &people, 4.0), poor as f64 / all);
    }
}

#[test]
fn the_document_of_faults_is_current() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut document =
        String::from("What is wrong with an instance or a plan of sites, or with reach.\n");
    let all = Fault::all();
    assert_eq!(all.len(), 32, "one of each");
    for (fault, number) in all.iter().zip((1541..=1570).chain(1576..=1577)) {
        let (word, says, next) = (fault.word(), fault.says(), fault.next());
        assert_eq!(fault.number(), number, "{word}");
        assert!(chinese(&says.zh) && chinese(&next.zh) && next.zh.ends_with('。'), "{word}");
        assert!(!says.en.starts_with(char::is_uppercase) && next.en.ends_with('.'), "{word}");
        document.push_str(&format!("\n{number} {word}\n  {}\n  {}\n", says.zh, says.en));
        document.push_str(&format!("  → {}\n  → {}\n", next.zh, next.en));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("../../docs/reference/siting-faults.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, document, "run this test with GOLDEN=1 if the change is meant");
}

#[test]
fn what_is_quoted_shows_all_of_its_letters_and_not_all_of_it() {
    let told = Fault::Unknown(3, "a\u{202e}b".to_owned()).says();
    assert!(told.en.contains("a\u{fffd}b"), "{}", told.en);
    let told = Fault::Unknown(3, "x".repeat(1_000)).says();
    assert!(told.en.len() < 100, "{}", told.en);
    let told = Fault::CutOff((1..1_000).collect()).says();
    assert!(told.en.len() < 120 && told.en.contains("999"), "{}", told.en);
}
