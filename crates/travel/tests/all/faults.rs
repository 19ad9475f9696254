//! Faults are numbered, said in both languages, and listed.

use travel::Fault;
use travel::fault::{Feature, Given};

#[test]
fn the_document_of_faults_is_current() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut document =
        String::from("What is wrong with an extract of streets, or with places to be reached.\n");
    let all = Fault::all();
    assert_eq!(all.len(), 15, "one of each");
    for (fault, number) in all.iter().zip(1671..) {
        let (word, says, next) = (fault.word(), fault.says(), fault.next());
        assert_eq!(fault.number(), number, "{word}");
        assert!(chinese(&says.zh) && chinese(&next.zh) && next.zh.ends_with('。'), "{word}");
        assert!(!says.en.starts_with(char::is_uppercase) && next.en.ends_with('.'), "{word}");
        document.push_str(&format!("\n{number} {word}\n  {}\n  {}\n", says.zh, says.en));
        document.push_str(&format!("  → {}\n  → {}\n", next.zh, next.en));
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("../../docs/reference/travel-faults.txt");
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, document, "run this test with GOLDEN=1 if the change is meant");
}

#[test]
fn what_is_quoted_shows_all_of_its_letters_and_not_all_of_it() {
    let told = Fault::NotRead(Feature::Other("a\u{202e}b\n".to_owned())).says();
    assert!(told.en.contains("a\u{fffd}b\u{fffd}"), "{}", told.en);
    let told = Fault::NoBytes("x".repeat(1_000)).says();
    assert!(told.en.len() < 100, "{}", told.en);
    let told = Fault::Apart((1..1_000).map(Given::To).collect()).says();
    assert!(told.en.len() < 200 && told.en.contains("999 in all"), "{}", told.en);
    assert!(told.zh.contains("等 999 处"), "{}", told.zh);
    let (from, to) = (Given::From(1), Given::To(2));
    let told = Fault::NoWay { from, to, pairs: 9 }.says();
    assert!(told.zh.contains("共 9 对") && told.en.contains("9 such pairs"), "{told:?}");
}
