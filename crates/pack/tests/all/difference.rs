//! What is said of small changes of the invented town: each at its place, for whom, and of a
//! condition who gains and who loses.

use base::Date;
use pack::diff::{Days, Diff, between};

use crate::town::Town;

const LICENCE: &str = "procedures/herb-room-licence.yaml";
const JOINT: &str = "procedures/tea-house-licence.yaml";
const KILN: &str = "procedures/kiln-permit.yaml";
const FIGURES: &str = "figures/herb-rooms.yaml";

/// What differs between the town and the town with the first `from` in a file changed.
fn changed(file: &str, from: &str, to: &str, days: Days) -> Diff {
    let mut town = Town::willow();
    if file.starts_with("supervision/") {
        // A rating counts by what rules say, and a line that comes to count nothing is a fault.
        town.take_away("risk/herb-room.yaml");
    }
    assert!(town.text(file).contains(from), "`{from}` is not in {file}");
    let after = town.with(file, town.text(file).replacen(from, to, 1)).compile();
    let after = after.unwrap_or_else(|r| panic!("`{to}`: {:?}", r.faults));
    let before = town.compile().expect("the town is sound");
    between(&before.pack, &after.pack, days)
}

/// Every difference as `place: says / whom`, with its effects behind it.
fn lines(diff: &Diff) -> Vec<String> {
    let differences = diff.differences.iter();
    let said = differences.flat_map(|own| {
        let effects = own.effects.iter().map(|effect| {
            let gains = match effect.gains {
                Some(true) => "gains",
                Some(false) => "loses",
                None => "changes",
            };
            let day = effect.day.map(|day| format!(" on {day}")).unwrap_or_default();
            format!("{gains}{day}: {}", effect.says.en)
        });
        let whom = own.whom.en.replace("whoever applies for ", "");
        let head = format!("{}: {} / {whom}", own.place, own.says.en);
        let caution = own.caution.iter().map(|says| says.en.clone());
        [head].into_iter().chain(effects).chain(caution).collect::<Vec<String>>()
    });
    said.collect()
}

fn check(file: &str, from: &str, to: &str, expected: &[&str]) {
    assert_eq!(lines(&changed(file, from, to, Days::Telling)), expected, "`{from}` to `{to}`");
}

#[test]
fn nothing_differs_from_itself() {
    let town = Town::willow().compile().expect("the town is sound").pack;
    assert_eq!(between(&town, &town, Days::Telling).differences, []);
}

#[test]
fn how_institutions_are_rated_and_what_boards_show() {
    let room = |from: &str, to: &str, expected: &str| {
        let expected = format!("herb-room.{expected} / whoever is rated");
        check("risk/herb-room.yaml", from, to, &[&expected]);
    };
    room("days: 365", "days: 30", "days: days: 365 → 30");
    let hoards = "hoards: findings(herb-hoarded) × 3 ≤ 3";
    let was = format!("points: points: broken: findings(selling clear) × 4 ≤ 10, {hoards}");
    let now = format!("broken: findings(selling clear) × 5 ≤ 10, {hoards}");
    room("each: 4", "each: 5", &format!("{was} → {now}"));
    let levels = "low: 0, raised: 4, high";
    let levels = format!("levels: levels: {levels}: 10 → {levels}: 20");
    room("High }, from: 10", "High }, from: 20", &levels);
    check(
        "risk/fair.yaml",
        ", day: kept-until",
        "",
        &["fair.points: points: closures: closure(fair) × 5 ≤ 5, prizes: prize(fair kept-until) \
           × 1 ≤ 2 → closures: closure(fair) × 5 ≤ 5, prizes: prize(fair) × 1 ≤ 2 \
           / whoever is rated"],
    );
    check(
        "boards/selling.yaml",
        "en: Board of",
        "en: A board of",
        &["selling.board: its wording, its source or another detail differs / supervisors: the \
           same is done; compare the texts"],
    );
}

#[test]
fn points_tables_and_what_time_ends() {
    let place = |from, to, expected: &str| {
        check("credit/fair.yaml", from, to, &[&format!("fair.{expected} / whoever has points")]);
    };
    place("place: \"90\"", "place: \"900101\"", "place: where it rules: 90 → 900101");
    let old = "2016-01-01–2020-01-01 CalendarYear: watched 6 for 3 months; barred 6 while \
               watched until ended";
    let new = "2020-01-01– Months(12): watched 5; barred 12 in 36 months for 6 months; struck";
    place(
        "points: 10, once: true",
        "points: 11, once: true",
        &format!(
            "editions: editions: {old}, {new} 10 at once until ended → {old}, {new} 11 at once \
             until ended"
        ),
    );
    check(
        "registers/shut-out.yaml",
        "lasts_until: until",
        "lasts_until: from",
        &["shut-out.lasts_until: in force until: until → from / whoever reads “Register of who \
             is shut out (invented)”"],
    );
    check(
        "registers/shut-out.yaml",
        "published_until: until",
        "published_until: from",
        &["shut-out.published_until: open to anybody until: until → from / whoever reads \
             “Register of who is shut out (invented)”"],
    );
}

#[test]
fn what_pictures_show() {
    let host = |from, to, expected: &str| {
        let whom = "supervisors and whom they supervise";
        check("pictures/host.yaml", from, to, &[&format!("host.{expected} / {whom}")]);
    };
    let fairs = "fairs: fair /fair-hosting";
    let rest = "lists: shut-out /shutting-out /letting-in, said: closure(fair) fair-points(fair)";
    host(
        "[fair-hosting, fair-closure]",
        "[fair-hosting]",
        &format!("parts: what it shows: {fairs} /fair-closure, {rest} → {fairs}, {rest}"),
    );
    let depends = "depends: what rests on what: shut-out(fair) → none";
    host("depends:\n  - { register: shut-out, names: fair }\n", "", depends);
    check(
        "pictures/host.yaml",
        "en: Fairs",
        "en: The fairs",
        &["host.picture: its wording, its source or another detail differs / supervisors and \
             whom they supervise: the same is done; compare the texts"],
    );
}

#[test]
fn what_is_asked_and_handed_in() {
    const ROOM: &str = "“Herb room licence (invented)”";
    let said = |text: &str| text.replace("ROOM", ROOM);
    let law = |from, to, expected: &str| check(LICENCE, from, to, &[&said(expected)]);
    let town = Town::willow();
    let mut papers = town.text(LICENCE).lines();
    let sign = papers.find(|line| line.starts_with("  sign:")).expect("the paper is asked for");
    law(
        sign,
        "",
        "herb-room-licence.materials.sign: a paper is no longer asked for: Sample of the sign / \
         ROOM: one paper fewer",
    );
    law(
        "en: Sample of the sign }, need: optional,",
        "en: Sample of the sign },",
        "herb-room-licence.materials.sign: the paper “Sample of the sign”: may be left out → must \
         be given / ROOM",
    );
    law(
        "applicant: [person, organisation]",
        "applicant: [organisation]",
        "herb-room-licence.applicant: who may apply: persons, organisations → organisations / ROOM",
    );
    law(
        "promised: { term: 15 working",
        "promised: { term: 14 working",
        "herb-room-licence.clock.promised: the time promised: 15 working days → 14 working days / \
         ROOM: a shorter wait",
    );
    law(
        "en: Floor plan }",
        "en: Plan of the floor }",
        "herb-room-licence.materials.plan: its wording, its source or another detail differs / \
         ROOM: the same is done; compare the texts",
    );
    law(
        "exits: { withdrawal: [accept, examine], correction: true }",
        "exits: { withdrawal: [accept], correction: true }",
        "herb-room-licence.exits.withdrawal: steps at which one may withdraw: Acceptance, \
         Examination → Acceptance / ROOM",
    );
    check(
        "sections/herb-room.yaml",
        "type: money, need: optional }",
        "type: money }",
        &[&said(
            "herb-room-licence.form.herb-room.rent: Rent a year, whether it is needed: may be left \
             out → must be given / ROOM",
        )],
    );
}

#[test]
fn who_acts_and_what_silence_means() {
    const HOUSE: &str = "“Joint licence of a tea house (invented)”";
    let law = |from, to, expected: &str| {
        check(JOINT, from, to, &[&format!("tea-house-licence.{expected} / {HOUSE}")]);
    };
    law(
        "silence: { deemed: silent,",
        "silence: { deemed: agrees,",
        "steps.review: “Parallel review”, Planning, silence counts as: No answer → Agrees",
    );
    law(
        "within: { term: 10 working days, basis: { act: 柳溪茶馆条例（虚构）, article: 6",
        "within: { term: 5 working days, basis: { act: 柳溪茶馆条例（虚构）, article: 6",
        "steps.review: “Parallel review”, Fire safety, in what time: 10 working days → 5 working \
         days",
    );
    law(
        "appeal: { remedies: [peer-review, litigation], upheld: settle }",
        "appeal: { remedies: [peer-review], upheld: settle }",
        "steps.refused: “Refused”, how it can be challenged: Review by the body's own level \
         (invented), Administrative litigation → Review by the body's own level (invented)",
    );
    law(
        "civil-affairs: { office: civil-affairs, level: county,",
        "civil-affairs: { office: civil-affairs, level: deciding,",
        "bodies.civil-affairs: the body civil-affairs: civil-affairs (county, of \
         tea-house.division) → civil-affairs (by the rule deciding, of tea-house.division)",
    );
}

#[test]
fn who_gains_and_who_loses() {
    let house = |that: &str| {
        let it_is = format!("it was `tea-house.seats >= 10`, it is `{that}`");
        format!(
            "tea-house-licence.requires.seated: the condition: At least ten seats; {it_is} / \
             “Joint licence of a tea house (invented)”"
        )
    };
    let law = |that: &str, expected: &[&str]| {
        let head = house(that);
        let all: Vec<&str> =
            std::iter::once(head.as_str()).chain(expected.iter().copied()).collect();
        check(JOINT, "that: tea-house.seats >= 10", &format!("that: {that}"), &all);
    };
    law("tea-house.seats >= 8", &["gains: Seats from 8 to 9: now met, before not met"]);
    law("tea-house.seats >= 12", &["loses: Seats from 10 to 11: now not met, before met"]);
    law(
        "tea-house.seats >= 10 or tea-house.rank = 'small'",
        &["gains: Rank: Small, and Seats 9 or less: now met, before not met"],
    );
    law(
        "not tea-house.seats < 10",
        &["nobody was found for whom the verdict differs (5 cases were tried)"],
    );
    check(
        JOINT,
        "county: tea-house.rank = 'small'",
        "county: tea-house.rank = 'small' or tea-house.seats < 30",
        &[
            "tea-house-licence.levels.deciding: the rule on the level: The district decides on \
             small houses, the province on grand ones; it was `tea-house.rank = 'small'`, it is \
             `tea-house.rank = 'small' or tea-house.seats < 30` / “Joint licence of a tea house \
             (invented)”",
            "changes: Rank: Grand, and Seats 29 or less: now the county's body acts, \
             before the province's body acts",
        ],
    );
    check(
        KILN,
        "that: kiln.run-by = 'guild'",
        "that: kiln.run-by = 'guild' or kiln.run-by = 'other'",
        &[
            "kiln-permit.commitments.manned: who may sign the promise “Promise of firemen”; it was \
             `kiln.run-by = 'guild'`, it is `kiln.run-by = 'guild' or kiln.run-by = 'other'` / \
             “Kiln permit (invented)”",
            "gains: Run by: Others: now a promise will do, before a promise will not \
             do",
        ],
    );
}

#[test]
fn a_condition_that_is_eased_from_a_day() {
    let eased = "      - { from: 2020-01-01, until: 2022-01-01, value: 3, \
                 basis: { act: 柳溪, confidence: assumed } }
      - { from: 2022-01-01, value: 2,";
    let condition = "herb-room-licence.requires.keeper-worked: the condition: The keeper must have \
                     worked long enough / “Herb room licence (invented)”";
    let gains = |on: &str, from: &str, to: &str, years: &str| {
        format!(
            "gains on {on}: At work since from {from} to {to} ({years} on {on}): now met, before \
             not met"
        )
    };
    let diff = changed(FIGURES, "      - { from: 2020-01-01, value: 3,", eased, Days::Telling);
    let said = lines(&diff);
    let gain = gains("2022-01-01", "2019-01-02", "2020-01-01", "2 whole years");
    assert_eq!(said.first().map(String::as_str), Some(condition));
    assert_eq!(said.get(1), Some(&gain));
    assert!(said.get(2).is_some_and(|figure| figure.starts_with("figures.keeper-years-min: ")));
    assert_eq!(said.len(), 3);

    // Before the first day of the new value nothing differs for anybody who files.
    let before = Days::On(Date::parse("2021-12-31").expect("a day"));
    let diff = changed(FIGURES, "      - { from: 2020-01-01, value: 3,", eased, before);
    assert!(diff.differences.iter().all(|own| own.effects.is_empty()), "{:?}", lines(&diff));

    // Two days of one pack: the law was eased between them.
    let town = Town::willow().compile().expect("the town is sound").pack;
    let day = |text| Date::parse(text).expect("a day");
    let diff = between(&town, &town, Days::Between(day("2019-01-01"), day("2021-01-01")));
    let said = lines(&diff);
    let gain = gains("2021-01-01", "2016-01-02", "2018-01-01", "3 to 4 whole years");
    let figure = "figures.keeper-years-min: the figure “Fewest years a keeper must have worked”: \
                  5 years on 2019-01-01 → 3 years on 2021-01-01 / everybody: used by Herb room \
                  licence (invented); who gains stands with its condition";
    assert_eq!(said, [condition, &gain, figure]);
    let diff = between(&town, &town, Days::Between(day("2020-01-01"), day("2021-01-01")));
    assert_eq!(diff.differences, []);
}

#[test]
fn the_last_day_of_a_certificate() {
    const SHOWS: &str = "    shows: [name, division, herbs, since]\n";
    let until = format!("{SHOWS}    until: since\n");
    let expected = "herb-room.certificates.herb-room-licence: the last day of the \
                    certificate “Herb room licence (invented)”: none → since / whoever reads \
                    “Register of herb rooms (invented)”";
    let diff = changed("registers/herb-room.yaml", SHOWS, &until, Days::Telling);
    let said = lines(&diff);
    assert_eq!(said, [expected]);
}

#[test]
fn what_sources_send() {
    const FEED: &str = "feeds/herb-sales.yaml";
    let whom = "whoever sends “Herbs sold (invented)”";
    let feed = |from: &str, to: &str, expected: &str| {
        check(FEED, from, to, &[&format!("herb-sales.{expected} / {whom}")]);
    };
    feed("[room, sale]", "[sale]", "key: what tells rows apart: room, sale → sale");
    let town = Town::willow();
    let mut lines_of = town.text(FEED).lines();
    let packets = lines_of.find(|line| line.starts_with("  packets:")).expect("it is sent");
    feed(&format!("{packets}\n"), "", "columns.packets: a column is dropped: Packets");
    let two = format!("{packets}\n{}", packets.replace("packets:", "boxes:"));
    feed(packets, &two, "columns.boxes: a new column: Packets");
    feed(
        "en: Packets }, type: integer",
        "en: Packets }, type: text",
        "columns.packets: Packets: whole number → text",
    );
    feed(
        "en: Buyer }, type: person",
        "en: Buyer }, type: person, optional: true",
        "columns.buyer: Buyer, may be left open: no → yes",
    );
    feed(
        "strong: { zh: 浓, en: Strong }",
        "strong: { zh: 浓, en: Strong }, none: { zh: 无, en: None }",
        "columns.brew: Brew: one of (Mild, Strong) → one of (Mild, Strong, None)",
    );
    let before = town.compile().expect("the town is sound");
    let with =
        town.with("feeds/kiln-fires.yaml", town.text(FEED).replace("herb-sales", "kiln-fires"));
    let after = with.compile().expect("another feed");
    let came = format!("kiln-fires: a new feed / {whom}");
    assert_eq!(lines(&between(&before.pack, &after.pack, Days::Telling)), [came]);
    let went = format!("kiln-fires: the feed is dropped / {whom}");
    assert_eq!(lines(&between(&after.pack, &before.pack, Days::Telling)), [went]);
}

#[test]
fn what_rules_know() {
    const SHEET: &str = "knowledge/herb-limits.csv";
    let sheet = |from: &str, to: &str, expected: &str| {
        check(SHEET, from, to, &[&format!("herb-limits.{expected} / events judged by it")]);
    };
    let was = "Herb H2, Most at once (liang) 4.00, Least age –, Only brew –";
    sheet(
        "H2,4,,",
        "H2,3,,",
        &format!("H2 2016-01-01: what it says: {was} → {}", was.replace("4.00", "3.00")),
    );
    let until = "H2 2016-01-01: days: 2016-01-01 – … → 2016-01-01 – 2031-01-01";
    sheet("2016-01-01,,H2", "2016-01-01,2031-01-01,H2", until);
    let dropped = format!("H2 2016-01-01: a row is dropped: {was} (2016-01-01 – …)");
    sheet("2016-01-01,,H2,4,,\n", "", &dropped);
    let more = "2016-01-01,,H2,4,,\n2016-01-01,,H1,4,,\n";
    let came = format!("H1 2016-01-01: a new row: {} (2016-01-01 – …)", was.replace("H2", "H1"));
    sheet("2016-01-01,,H2,4,,\n", more, &came);
}

#[test]
fn which_findings_there_will_be() {
    let rule = |file: &str, from: &str, to: &str, expected: &str| {
        check(file, from, to, &[&format!("{expected} / whoever is supervised")]);
    };
    let row = |from: &str, to: &str, expected: &str| {
        let expected = format!("herb-beyond-limit.{expected}");
        rule("supervision/herb-beyond-limit.yaml", from, to, &expected);
    };
    row("version: 1", "version: 2", "version: version: 1 → 2");
    let days = "2018-01-01 – 2030-01-01 → 2018-01-01 – 2031-01-01";
    row("until: 2030", "until: 2031", &format!("from: days: {days}"));
    row("verdict: clear", "verdict: suspect", "verdict: verdict: clear → suspect");
    row("stage: after", "stage: before", "stage: stage: after → before");
    row("kind: selling", "kind: hoarding", "kind: kind: selling → hoarding");
    row(
        "[herb, weight,",
        "[herb, brew,",
        "shows: what a finding shows: herb, weight, \
        limit.weight-max, shop.name → herb, brew, limit.weight-max, shop.name",
    );
    row(
        "weight > limit",
        "weight >= limit",
        "finds: condition: `weight > limit.weight-max or \
        years(born-on, event-day) < limit.age-min` → `weight >= limit.weight-max or \
        years(born-on, event-day) < limit.age-min`",
    );
    check(
        "supervision/herb-beyond-limit.yaml",
        "en: A herb sold",
        "en: Some herb sold",
        &["herb-beyond-limit.rule: its wording, its source or another detail differs / whoever \
           is supervised: the same is done; compare the texts"],
    );
    let query = |from: &str, to: &str, expected: &str| {
        rule("supervision/herb-hoarded.yaml", from, to, &format!("herb-hoarded.{expected}"));
    };
    query("reach: 31", "reach: 30", "reach: days of reach: 31 → 30");
    query("> 30\n", "> 20\n", "sql: the query differs; compare the texts");
    query("registers: [herb-room]\n", "", "registers: registers read: herb-room → none");
    query(
        "{ herb-sales: buyer, herb-returns: buyer }",
        "{ herb-sales: sale, herb-returns: sale }",
        "key: key: herb-returns.buyer, herb-sales.buyer → herb-returns.sale, herb-sales.sale",
    );
    query(
        "reach: 31",
        "knowledge: [herb-limits]\nreach: 31",
        "knowledge: knowledge tables read: none → herb-limits",
    );
}
