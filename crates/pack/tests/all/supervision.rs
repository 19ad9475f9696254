//! Knowledge tables and rules: what they may not leave out or misspell, and what is kept of them.

use base::{Date, Name};
use pack::model::{FactFrom, Finds, Knowledge, Rule, RuleLook};
use rules::{Type, Value};

use crate::town::{Town, check};

const TABLE: &str = "knowledge/herb-limits.yaml";
const SHEET: &str = "knowledge/herb-limits.csv";
const ROW: &str = "supervision/herb-beyond-limit.yaml";
const QUERY: &str = "supervision/herb-hoarded.yaml";
const HEADER: &str = "from,until,herb,weight-max,age-min,brew";

fn name(text: &str) -> Name {
    Name::new(text).expect("a name")
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

/// The rows of a sheet with one row more, or the first fault: its word and what it says.
fn with_row(row: &str) -> Result<usize, (&'static str, String)> {
    let town = Town::willow();
    let compiled = town.with(SHEET, format!("{}{row}\n", town.text(SHEET))).compile();
    match compiled {
        Ok(compiled) => Ok(compiled.pack.knowledge["herb-limits"].rows.len()),
        Err(rejected) => {
            let first = rejected.faults.iter().next().expect("a fault");
            assert!(rejected.sources.slice(first.at).starts_with(row), "{first:?}");
            Err((first.word, first.says.en.clone()))
        }
    }
}

#[test]
fn knowledge_tables_are_looked_up_by_a_key() {
    let table = |from, to, word, at, near| check(TABLE, from, to, word, at, near);
    table("key: [herb]", "key: [herbs]", "unknown-column", "herbs", Some("herb"));
    table("key: [herb]", "key: []", "knowledge-without-key", "knowledge: herb-limits", None);
    table("key: [herb]", "key: [age-min]", "knowledge-key", "age-min", None);
    table("{ code: herbs }", "{ codes: herbs }", "knowledge-key", "herb", None);
    table("  age-min:", "  until:", "knowledge-column-taken", "until", None);
    table("type: integer", "type: moment", "knowledge-column-type", "age-min", None);
    table("type: integer", "type: person", "knowledge-column-type", "age-min", None);
    table("{ decimal: 2 }", "{ decimal: 10 }", "feed-decimals", "10", None);
    table("{ code: herbs }", "{ code: herb }", "unknown-code-list", "herb", Some("herbs"));
    let near = Some("herb-limits");
    table("knowledge: herb-limits", "knowledge: limits", "misnamed", "knowledge: limits", near);
    table("knowledge: herb-limits", "knowledge: limits", "sheet-without-table", HEADER, None);
    let first = "knowledge: limits";
    table("knowledge: herb-limits", first, "no-knowledge-sheet", first, None);
    let cited = "\n  - { act: 柳溪草药房条例（虚构）, article: 16, confidence: assumed }";
    table(cited, " []", "no-basis", "knowledge: herb-limits", None);
}

#[test]
fn a_table_that_no_rule_reads_is_unused() {
    let town = Town::willow();
    let text = town.text(TABLE).replace("herb-limits", "herb-notes");
    let town = town.with("knowledge/herb-notes.yaml", text);
    let rejected = town
        .with("knowledge/herb-notes.csv", town.text(SHEET).to_owned())
        .compile()
        .expect_err("nothing reads it");
    let faults: Vec<_> = rejected.faults.iter().map(|f| (f.word, f.says.en.as_str())).collect();
    let says = "nothing uses the knowledge table `herb-notes`; use it or take it out";
    assert_eq!(faults, [("unused", says)]);
}

#[test]
fn rows_are_typed_and_each_fault_stands_at_its_line() {
    let sheet = |from, to, word, at, near| check(SHEET, from, to, word, at, near);
    let swapped = "from,until,weight-max,herb,age-min,brew";
    sheet(HEADER, swapped, "knowledge-header", swapped, None);
    let (first, bad) = ("2016-01-01,,H2,4,,", "2016-01-01,,H22,4,,");
    sheet(first, bad, "knowledge-cell", bad, Some("H2"));
    let (brewed, bad) = ("2016-01-01,,H3.1,0.5,18,mild", "2016-01-01,,H3.1,0.5,18,mald");
    sheet(brewed, bad, "knowledge-cell", bad, Some("mild"));
    assert_eq!(with_row("2016-01-01,,H1,2.25,0,strong"), Ok(5));
    let refused = |row: &str, word: &str, says: &str| {
        assert_eq!(with_row(row), Err((word, says.to_owned())), "{row}");
    };
    let cell = |row: &str, says: &str| refused(row, "knowledge-cell", says);
    cell("2016-01-01,,,1,,", "column `herb`: it is empty");
    cell("2016-01-01,,H1,,,", "column `weight-max`: it is empty");
    let kind = "number with at most 2 decimals";
    for weight in ["1.125", "1.", ".5", "1,5x", "x"] {
        let quoted = format!("2016-01-01,,H1,\"{weight}\",,");
        cell(&quoted, &format!("column `weight-max`: `{weight}` is not: {kind}"));
    }
    cell("2016-01-01,,H1,1,1.5,", "column `age-min`: `1.5` is not: whole number");
    let says = "it has other columns than the first line, or a quotation mark is missing";
    refused("2016-01-01,,H1,1,", "knowledge-row", says);
    refused("2016-01-01,2016-01-01,H1,1,,", "ends-before-start", "it ends before it begins");
    let says = "`soon` is not a day; write year-month-day such as `2030-01-31`";
    refused("soon,,H1,1,,", "not-a-date", says);
    refused("2016-01-01,soon,H1,1,,", "not-a-date", says);
}

#[test]
fn two_rows_of_one_key_never_hold_on_the_same_day() {
    let check = |row: &str, other: Option<&str>| {
        let town = Town::willow();
        let compiled = town.with(SHEET, format!("{}{row}\n", town.text(SHEET))).compile();
        let found = compiled.err().map(|rejected| {
            let fault = rejected.faults.iter().next().expect("a fault").clone();
            assert_eq!(fault.word, "knowledge-overlap");
            let at = [fault.at, fault.also.first().expect("the other row").0];
            at.map(|at| rejected.sources.slice(at).to_owned())
        });
        assert_eq!(found, other.map(|other| [row.to_owned(), other.to_owned()]), "{row}");
    };
    check("2015-01-01,2016-01-01,H3,1,,", None);
    check("2016-06-01,2016-07-01,H3,1,,", Some("2016-01-01,2020-01-01,H3,1.5,14,"));
    check("2020-06-01,2021-01-01,H3,1,,", Some("2020-01-01,,H3,1.25,16,"));
    check("2019-12-31,2020-01-01,H3,1,,", Some("2016-01-01,2020-01-01,H3,1.5,14,"));
    check("2016-01-01,,H1,1,,", None);
}

/// What the town says of a herb on a day: most at once, least age, only brew.
fn limits(table: &Knowledge, herb: &str, on: &str) -> Option<[Option<Value>; 3]> {
    let row = table.row(&[Value::Code(herb.to_owned())], day(on))?;
    let of = |column: &str| table.value(row, &name(column)).cloned();
    Some(["weight-max", "age-min", "brew"].map(of))
}

#[test]
fn a_row_is_found_by_key_and_day() {
    let pack = Town::willow().compile().expect("the town is sound").pack;
    let table = &pack.knowledge["herb-limits"];
    let hundredths = |units| Some(Value::Decimal { units, places: 2 });
    let age = |years| Some(Value::Integer(years));
    let check = |herb: &str, on: &str, expected| assert_eq!(limits(table, herb, on), expected);
    check("H3", "2015-12-31", None);
    check("H3", "2016-01-01", Some([hundredths(150), age(14), None]));
    check("H3", "2019-12-31", Some([hundredths(150), age(14), None]));
    check("H3", "2020-01-01", Some([hundredths(125), age(16), None]));
    check("H2", "2031-01-01", Some([hundredths(400), None, None]));
    let mild = Some(Value::Choice(name("mild")));
    check("H3.1", "2031-01-01", Some([hundredths(50), age(18), mild]));
    check("H1", "2031-01-01", None);
    check("H9", "2031-01-01", None);
    let sorted =
        table.rows.windows(2).all(|two| (&two[0].key, two[0].from) < (&two[1].key, two[1].from));
    assert!(sorted, "{:?}", table.rows);
}

#[test]
fn cells_are_read_as_their_columns_say() {
    let check = |kind: &str, cell: &str, expected: Option<Value>| {
        let town = Town::willow();
        let table = town.text(TABLE).replacen("type: integer", &format!("type: {kind}"), 1);
        let row = format!("{HEADER}\n2016-01-01,,H1,1,{cell},\n");
        let rule = town.text(ROW).replacen(" or years(born-on, event-day) < limit.age-min", "", 1);
        let town = town.with(TABLE, table).with(SHEET, row).with(ROW, rule);
        let found = town.compile().ok().map(|compiled| {
            let table = &compiled.pack.knowledge["herb-limits"];
            limits(table, "H1", "2016-01-01").and_then(|[_, of, _]| of)
        });
        assert_eq!(found.flatten(), expected, "{kind} {cell}");
    };
    let set = |of: &[&str]| Some(Value::Codes(of.iter().map(|&one| one.to_owned()).collect()));
    check("text", "\" 柳, 溪 \"", Some(Value::Text("柳, 溪".into())));
    check("texts", "柳; 溪;;", set(&["柳", "溪"]));
    check("money", "12.5", Some(Value::Money(base::Fen(1250))));
    check("money", "12.555", None);
    check("boolean", "TRUE", Some(Value::Boolean(true)));
    check("boolean", "false", Some(Value::Boolean(false)));
    check("boolean", "yes", None);
    check("date", "2030-01-31", Some(Value::Date(day("2030-01-31"))));
    check("{ decimal: 0 }", "-3", Some(Value::Decimal { units: -3, places: 0 }));
    check("{ decimal: 1 }", "2.0", Some(Value::Decimal { units: 20, places: 1 }));
    check("{ codes: herbs }", "H1; H3.1", set(&["H1", "H3.1"]));
    check("{ codes: herbs }", "H1; H4", None);
    check("{ entry: herb-room }", "R-1", Some(Value::Text("R-1".into())));
}

#[test]
fn rules_are_looked_up() {
    let rule = |from, to, word, at, near| check(ROW, from, to, word, at, near);
    rule("feed: herb-sales", "feed: herb-sale", "unknown-feed", "herb-sale", Some("herb-sales"));
    rule("subject: room", "subject: rom", "unknown-column", "rom", Some("room"));
    rule("subject: room", "subject: herb", "subject", "herb", None);
    let kind = ("kind: selling", "kind: seling");
    rule(kind.0, kind.1, "unknown-finding-kind", "seling", Some("selling"));
    rule(
        "limit.weight-max,",
        "limit.weigth-max,",
        "unknown-fact",
        "limit.weigth-max",
        Some("limit.weight-max"),
    );
    rule("[herb, weight,", "[herb, herb,", "shown-twice", "herb", None);
    rule(
        "[herb, weight, limit.weight-max, shop.name]",
        "[]",
        "shows-nothing",
        "rule: herb-beyond-limit",
        None,
    );
    rule(
        "weight > limit.",
        "weight > limt.",
        "unknown-name",
        "limt.weight-max",
        Some("limit.weight-max"),
    );
    rule(
        "weight > limit.weight-max",
        "herb > limit.weight-max",
        "type-clash",
        "limit.weight-max",
        None,
    );
}

#[test]
fn what_a_rule_looks_up_fits() {
    let rule = |from, to, word, at, near| check(ROW, from, to, word, at, near);
    rule(
        "knowledge: herb-limits",
        "knowledge: herb-limit",
        "unknown-knowledge",
        "herb-limit",
        Some("herb-limits"),
    );
    rule("{ herb: herb }", "{ herbs: herb }", "unknown-column", "herbs", Some("herb"));
    rule("{ herb: herb }", "{ herb: herbs }", "unknown-column", "herbs", Some("herb"));
    rule("{ herb: herb }", "{ herb: sale }", "look-up-type", "sale", None);
    rule("{ herb: herb }", "{}", "look-up-key", "herb-limits", None);
    rule(
        "register: herb-room",
        "register: herb-rom",
        "unknown-register",
        "herb-rom",
        Some("herb-room"),
    );
    rule("by: room }", "by: buyer }", "look-up-type", "buyer", None);
    rule(", shop.name]", "]", "idle-look-up", "shop", None);
}

#[test]
fn a_rule_says_when_it_holds_and_finds_in_one_way() {
    let rule = |from, to, word, at, near| check(ROW, from, to, word, at, near);
    rule("version: 1", "version: 0", "rule-version", "0", None);
    rule(
        "until: 2030-01-01",
        "until: 2018-01-01",
        "ends-before-start",
        "rule: herb-beyond-limit",
        None,
    );
    rule("verdict: clear", "verdict: clean", "unknown-word", "clean", Some("clear"));
    rule("stage: after", "stage: afters", "unknown-word", "afters", Some("after"));
    rule("finds: weight", "reach: 3\nfinds: weight", "only-with-sql", "3", None);
    rule(
        "finds: weight",
        "reads: [herb-returns]\nfinds: weight",
        "only-with-sql",
        "herb-returns",
        None,
    );
    rule(
        "finds: weight",
        "sql: SELECT 1\nfinds: weight",
        "finds-or-sql",
        "rule: herb-beyond-limit",
        None,
    );
    rule(
        "rule: herb-beyond-limit",
        "rule: herb-beyond-limits",
        "misnamed",
        "rule: herb-beyond-limits",
        Some("herb-beyond-limit"),
    );
    let cited = "\n  - { act: 柳溪草药房条例（虚构）, article: 16, confidence: assumed }";
    rule(cited, " []", "no-basis", "rule: herb-beyond-limit", None);
}

#[test]
fn a_query_says_on_which_rows_a_finding_rests() {
    let rule = |from, to, word, at, near| check(QUERY, from, to, word, at, near);
    rule("[herb-returns]", "[herb-return]", "unknown-feed", "herb-return", Some("herb-returns"));
    rule("[herb-returns]", "[herb-returns, herb-sales]", "read-twice", "herb-sales", None);
    rule("[herb-room]", "[herb-rom]", "unknown-register", "herb-rom", Some("herb-room"));
    let tables = "knowledge: [herb-limit]\nreach: 31";
    rule("reach: 31", tables, "unknown-knowledge", "herb-limit", Some("herb-limits"));
    rule("reach: 31", "reach: 0", "rule-reach", "0", None);
    rule(", herb-returns: buyer", "", "rule-without-key", "herb-returns", None);
    rule(
        "{ herb-sales: buyer",
        "{ herb-sale: buyer",
        "unknown-feed",
        "herb-sale",
        Some("herb-sales"),
    );
    rule("{ herb-sales: buyer", "{ herb-sales: byer", "unknown-column", "byer", Some("buyer"));
    rule("returns: buyer", "returns: sale", "key-type", "sale", None);
    rule("[herb, packets]", "[herb, subject]", "shows-taken", "subject", None);
    rule(
        "[herb, packets]",
        "[herb, evidence-herb-returns]",
        "shows-taken",
        "evidence-herb-returns",
        None,
    );
    rule("[herb, packets]", "[herb, limit.age]", "not-a-name", "limit.age", None);
    let looks = "looks_up:\n  shop: { register: herb-room, by: room }\nreach: 31";
    rule("reach: 31", looks, "only-with-finds", "shop", None);
    rule("reach: 31", "reach: 31\nfinds: weight > 1", "finds-or-sql", "rule: herb-hoarded", None);
}

fn rule<'p>(pack: &'p pack::model::Pack, name: &str) -> &'p Rule {
    &pack.rules[name]
}

#[test]
fn what_a_rule_needs_is_known() {
    let pack = Town::willow().compile().expect("the town is sound").pack;
    let beyond = rule(&pack, "herb-beyond-limit");
    assert_eq!(beyond.subject_of, name("herb-room"));
    let applies = ["2017-12-31", "2018-01-01", "2029-12-31", "2030-01-01"];
    assert_eq!(applies.map(|on| beyond.applies_on(day(on))), [false, true, true, false]);
    let Finds::Row(row) = &beyond.finds else { panic!("it finds by rows") };
    let look = |look: &str, field: &str| FactFrom::Look { look: name(look), field: name(field) };
    let column = |column: &str| FactFrom::Column(name(column));
    let needs = row.needs.iter().map(|own| (own.path.as_str(), own.from.clone(), own.kind.clone()));
    let expected = [
        ("born-on", column("born-on"), Type::Date),
        ("event-day", FactFrom::EventDay, Type::Date),
        ("herb", column("herb"), Type::Code(name("herbs"))),
        ("limit.age-min", look("limit", "age-min"), Type::Integer),
        ("limit.weight-max", look("limit", "weight-max"), Type::Decimal(2)),
        ("shop.name", look("shop", "name"), Type::Text),
        ("weight", column("weight"), Type::Decimal(2)),
    ];
    assert_eq!(needs.collect::<Vec<_>>(), expected);
    let tables = row.looks_up.iter().filter_map(|(_, look)| match look {
        RuleLook::Knowledge { table, by } => Some((table.as_str(), by.clone())),
        RuleLook::Register { .. } => None,
    });
    assert_eq!(tables.collect::<Vec<_>>(), [("herb-limits", vec![name("herb")])]);
}

#[test]
fn what_a_query_reads_is_known() {
    let pack = Town::willow().compile().expect("the town is sound").pack;
    let hoarded = rule(&pack, "herb-hoarded");
    let Finds::Query(query) = &hoarded.finds else { panic!("it finds by a query") };
    let feeds: Vec<&str> = hoarded.feeds().map(Name::as_str).collect();
    assert_eq!(feeds, ["herb-sales", "herb-returns"]);
    assert_eq!(hoarded.registers(), [&name("herb-room")]);
    assert_eq!(hoarded.knowledge(), Vec::<&Name>::new());
    assert_eq!((query.reach, query.key.len()), (Some(31), 2));
    assert!(query.sql.starts_with("SELECT\n"), "{}", query.sql);
    let beyond = rule(&pack, "herb-beyond-limit");
    assert_eq!(beyond.knowledge(), [&name("herb-limits")]);
    assert_eq!(beyond.registers(), [&name("herb-room")]);
}
