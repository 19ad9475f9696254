//! One good policy broken in small ways: each fault is said at its place, with the near miss.

use access::read;
use base::Language;

use super::town::{packs, willow_with};

const GOOD: &str = r#"@id("fire-looks-on")
@title_zh("消防部门可以看办件。")
@title_en("The fire authority sees cases.")
@act("柳溪平台条例（虚构）")
@article("7")
@confidence("assumed")
@from("2018-01-01")
permit (principal is Officer, action == Action::"see-case", resource is Case)
when { principal.body.office == Office::"fire" && resource.procedure == Procedure::"kiln-permit" };
"#;

/// Breaks the policy and asks for each fault's word, line, place and near miss.
fn check(from: &str, to: &str, expected: &[(&str, usize, &str, Option<&str>)]) {
    assert!(from.is_empty() || GOOD.contains(from), "{from}");
    let text = if from.is_empty() { format!("{GOOD}{to}") } else { GOOD.replacen(from, to, 1) };
    let rejected = match read(&willow_with("willow", &text)) {
        Ok(_) => panic!("nothing wrong with {to}"),
        Err(rejected) => rejected,
    };
    let said: Vec<_> = rejected
        .faults
        .iter()
        .map(|fault| {
            let at = fault.at;
            assert!(rejected.sources.path(at.file).ends_with("willow/access.cedar"), "{to}");
            let first = rejected.sources.slice(at).lines().next().unwrap_or_default();
            (fault.word, rejected.sources.line(at), first, fault.near.as_deref())
        })
        .collect();
    let shown = rejected.faults.render(&rejected.sources, Language::Zh, false);
    assert_eq!(said, expected, "{to}\n{shown}");
}

#[test]
fn the_good_one_is_good() {
    let policies = read(&willow_with("willow", GOOD)).unwrap();
    let own = policies.all().iter().find(|policy| policy.id == "fire-looks-on").unwrap();
    assert_eq!(own.path, "willow/access.cedar");
    assert_eq!(own.basis.article.as_deref(), Some("7"));
    let day = |text: &str| base::Date::parse(text).unwrap();
    assert!(!own.holds_on(day("2017-12-31")) && own.holds_on(day("2018-01-01")));
}

#[test]
fn each_fault_is_said_at_its_place() {
    let whole = "@id(\"fire-looks-on\")";
    check("Office::\"fire\"", "Office::\"fyre\"", &[("unknown-word", 9, "\"fyre\"", Some("fire"))]);
    check(
        "Procedure::\"kiln-permit\"",
        "Procedure::\"kiln-permits\"",
        &[("unknown-word", 9, "\"kiln-permits\"", Some("kiln-permit"))],
    );
    check(
        "\"see-case\"",
        "\"see-cases\"",
        &[("unknown-word", 8, "\"see-cases\"", Some("see-case"))],
    );
    check("is Officer", "is Oficer", &[("unknown-word", 8, "Oficer", Some("Officer"))]);
    check("@act(\"柳溪平台条例（虚构）\")\n", "", &[("missing-annotation", 1, whole, None)]);
    check(
        "@title_en(\"The fire authority sees cases.\")",
        "@title_en(\" \")",
        &[("missing-annotation", 1, whole, None)],
    );
    check("@article", "@artical", &[("unknown-annotation", 5, "@artical", Some("article"))]);
    check("\"assumed\"", "\"asumed\"", &[("unknown-word", 6, "\"asumed\"", Some("assumed"))]);
    check("2018-01-01", "2018-02-30", &[("not-a-day", 7, "\"2018-02-30\"", None)]);
    check("fire-looks-on", "Fire", &[("not-a-name", 1, "\"Fire\"", None)]);
    check("when {", "when (", &[("not-cedar", 9, "(", None)]);
    check(
        "principal.body.office",
        "principal.office",
        &[("unknown-fact", 9, "principal.office", None)],
    );
    check(
        "== Office::\"fire\"",
        "== \"fire\"",
        &[("wrong-type", 9, "principal.body.office == \"fire\"", None)],
    );
    check("see-case", "see-home", &[("never-applies", 1, whole, None)]);
    check("is Officer", "is Agent", &[("unknown-fact", 9, "principal.body.office", None)]);
    check(
        "@from(\"2018-01-01\")",
        "@from(\"2018-01-01\")\n@until(\"2018-01-01\")",
        &[("never-applies", 1, whole, None)],
    );
    check("", GOOD, &[("same-policy", 10, whole, None)]);
}

#[test]
fn a_policy_that_never_applies_and_an_action_that_nobody_may_do_are_faults() {
    let never = "@id(\"x\") @title_zh(\"甲\") @title_en(\"A\") @act(\"乙\") \
                 @confidence(\"assumed\") permit (principal, action, resource) when { 1 == 2 };";
    check("", never, &[("never-applies", 10, never, None)]);
    let cn = std::fs::read_to_string(packs().join("cn/access.cedar")).unwrap();
    let id = "@id(\"bodies-see-what-waits\")";
    let ends = cn.replace(id, &format!("@until(\"2030-01-01\")\n{id}"));
    let rejected = read(&willow_with("cn", &ends)).unwrap_err();
    let fault = rejected.faults.iter().next().unwrap();
    let first = rejected.sources.slice(fault.at).lines().next().unwrap();
    // One for each action of the policy.
    assert_eq!((rejected.faults.len(), fault.word), (2, "nobody-may"));
    assert_eq!(first, "@until(\"2030-01-01\")");
    assert!(fault.says.en.starts_with("from 2030-01-01 nobody may `keep-view`"), "{fault:?}");
    assert!(read(&willow_with("cn", "// nothing\n")).is_err(), "the city's own are not enough");
}
