//! Examples of rules: what they may not misspell or leave out, and what is kept of them.

use base::{Instant, Name};
use pack::{
    Rejected,
    model::{Example, ExampleFinding},
};

use crate::{shipped::packs, town::Town};

const FILE: &str = "examples/herb-beyond-limit.yaml";

/// The example of the town as it is shipped, with the first `from` changed.
fn read(from: &str, to: &str) -> Result<Vec<(String, Example)>, Box<Rejected>> {
    let text = std::fs::read_to_string(packs().join("willow").join(FILE)).expect("it is shipped");
    assert!(text.contains(from), "`{from}` is not in {FILE}");
    let town = Town::willow().with(FILE, text.replacen(from, to, 1));
    let pack = town.compile().expect("an example rules no case").pack;
    pack::examples(&town, "willow", &pack)
}

/// What is at fault: the word, what it points at, and the near miss.
fn check(from: &str, to: &str, word: &str, at: &str, near: Option<&str>) {
    let rejected = read(from, to).expect_err(to);
    let found = rejected.faults.iter().find(|fault| fault.word == word);
    let found = found.map(|fault| (rejected.sources.slice(fault.at), fault.near.as_deref()));
    assert_eq!(found, Some((at, near)), "{word} after `{to}`: {:?}", rejected.faults);
}

#[test]
fn names_in_an_example_are_looked_up() {
    let rule = "herb-beyond-limits";
    check(
        "rule: herb-beyond-limit",
        "rule: herb-beyond-limits",
        "unknown-rule",
        rule,
        Some("herb-beyond-limit"),
    );
    check(
        "example: herb-beyond-limit",
        "example: limit",
        "misnamed",
        "example: limit",
        Some("herb-beyond-limit"),
    );
    check("  herb-room:", "  herb-rom:", "unknown-register", "herb-rom", Some("herb-room"));
    check("{ name: 柳", "{ nam: 柳", "unknown-register-field", "nam", Some("name"));
    check(
        "usual:\n  herb-sales",
        "usual:\n  herb-sale",
        "unknown-feed",
        "herb-sale",
        Some("herb-sales"),
    );
    check(
        "rows:\n  herb-sales",
        "rows:\n  herb-sale",
        "unknown-feed",
        "herb-sale",
        Some("herb-sales"),
    );
    // A feed of the town that the rule does not read.
    check("rows:\n  herb-sales", "rows:\n  herb-returns", "unknown-feed", "herb-returns", None);
    check("packets: 1", "packet: 1", "unknown-column", "packet", Some("packets"));
    check("{ sale: a,", "{ sales: a,", "unknown-column", "sales", Some("sale"));
    check("{ weight: 1.26,", "{ weigt: 1.26,", "unknown-fact", "weigt", Some("weight"));
}

#[test]
fn rows_of_an_example_are_such_as_a_feed_takes() {
    check("{ sale: b }", "{ herb: H1 }", "missing-column", "herb", None);
    check("{ sale: b }", "{ sale: \"\" }", "missing-column", "sale", None);
    check("weight: 1.26 }", "weight: 1.255 }", "example-value", "1.255", None);
    check("brew: mild", "brew: mald", "example-value", "mald", Some("mild"));
    check("2026-03-02T15:00:00+08:00", "2026-03-02", "not-a-moment", "2026-03-02", None);
    check("at-counter: true", "at-counter: maybe", "not-true-or-false", "maybe", None);
    check("born-on: 2010-03-02", "born-on: 2010-02-30", "example-value", "2010-02-30", None);
    // What a code list lacks is taken in all the same.
    assert!(read("herb: H1", "herb: H99").is_ok());
}

#[test]
fn what_an_example_says_of_registers_and_findings_fits() {
    check(
        "until: 2026-03-02 12:00",
        "until: 2026-03-02 24:00",
        "not-a-moment",
        "2026-03-02 24:00",
        None,
    );
    check("from: 2018-01-01, until", "from: 2018-02-30, until", "not-a-date", "2018-02-30", None);
    let backward = "{ key: R-1, from: 2027-01-01, until: 2026-03-02 12:00, \
                    says: { name: 柳影草药房（虚构） } }";
    check(
        "from: 2018-01-01, until",
        "from: 2027-01-01, until",
        "ends-before-start",
        backward,
        None,
    );
    check("herb-sales: [1]", "herb-sales: [7]", "example-row", "7", None);
    check("herb-sales: [1]", "herb-sales: [0]", "example-row", "0", None);
    check(
        "rows: { herb-sales: [1] }",
        "rows: { herb-sale: [1] }",
        "unknown-feed",
        "herb-sale",
        Some("herb-sales"),
    );
    let none = "{ rows: { herb-sales: [] }, subject: R-1, shows: { weight: 1.26, \
                limit.weight-max: 1.25, shop.name: 柳影草药房（虚构） } }";
    check("herb-sales: [1]", "herb-sales: []", "example-row", none, None);
}

#[test]
fn an_example_is_kept_as_a_source_would_send_it() {
    let examples = read("sale: b", "sale: b").expect("it is sound");
    let [(path, example)] = examples.as_slice() else { panic!("one example") };
    assert_eq!(path, "willow/examples/herb-beyond-limit.yaml");
    let sales = &example.rows["herb-sales"];
    assert_eq!((sales.len(), example.undetermined), (6, 1));
    let fifth: serde_json::Value = serde_json::from_str(&sales[4]).expect("JSON");
    assert_eq!((&fifth["weight"], &fifth["at-counter"]), (&"1.25".into(), &true.into()));
    assert_eq!(fifth.get("born-on"), None, "an empty text leaves open what is usual");
    let noon = Instant::parse("2026-03-02T12:00:00+08:00").expect("a moment");
    let versions: Vec<_> = example.versions.iter().map(|own| (own.until, own.from)).collect();
    let first = Instant::parse("2018-01-01T00:00:00+08:00").expect("a moment");
    assert_eq!(versions, [(Some(noon), first), (None, noon)]);
    let ExampleFinding { rows, subject, shows } = &example.finds[0];
    let sales = Name::new("herb-sales").expect("a name");
    assert_eq!((rows, subject.as_str(), shows.len()), (&[(sales, 1)].into(), "R-1", 3));
}
