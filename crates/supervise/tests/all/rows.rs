//! A condition asked of each row: beside a slow model, and as of the moment of the event.

use base::{Date, Instant};
use kernel::{EntryNumber, register::Version};
use pack::model::Pack;
use proptest::prelude::*;
use supervise::{Evidence, Finding, Histories, Judged, RowJudge, Unfit};

use crate::bench::{at, name, sales, town, version};

/// What a row says, as far as the rules look.
#[derive(Debug, Clone)]
struct Sale {
    day: Date,
    room: &'static str,
    herb: &'static str,
    /// Hundredths of a liang.
    weight: i64,
    born: Option<Date>,
}

impl Sale {
    fn line(&self) -> String {
        let Self { day, room, herb, weight, born } = self;
        let born = born.map(|born| format!("\"born_on\":\"{born}\",")).unwrap_or_default();
        let weight = format!("{}.{:02}", weight / 100, weight % 100);
        format!(
            "\"sale\":\"s\",\"sold_at\":\"{day}T04:00:00Z\",\"room\":\"{room}\",\
             \"buyer\":\"00\",{born}\"herb\":\"{herb}\",\"brew\":\"mild\",\
             \"weight\":\"{weight}\",\"packets\":1,\"paid\":\"1.00\",\"at_counter\":true"
        )
    }

    fn at(&self) -> Instant {
        at(&self.day.to_string())
    }
}

fn asked(pack: &Pack, rule: &str, sales_of: &[Sale], histories: &Histories) -> Judged {
    let lines: Vec<String> = sales_of.iter().map(Sale::line).collect();
    let judge = RowJudge::new(pack, &pack.rules[&name(rule)]).unwrap();
    let mut judged = Judged::default();
    judge.ask(&sales(pack, &lines), histories, &mut judged).unwrap();
    judged
}

fn numbers(judged: &Judged) -> Vec<u64> {
    judged.findings.iter().flat_map(|own| own.evidence.iter().map(|row| row.number)).collect()
}

/// The limits of the town as its sheet has them: herb, from, until, hundredths, least age.
const LIMITS: &[(&str, &str, &str, i64, Option<i32>)] = &[
    ("H3", "2016-01-01", "2020-01-01", 150, Some(14)),
    ("H3", "2020-01-01", "9999-01-01", 125, Some(16)),
    ("H3.1", "2016-01-01", "9999-01-01", 50, Some(18)),
    ("H2", "2016-01-01", "9999-01-01", 400, None),
];

/// Whether the sale is beyond its limit; none where that cannot be told.
fn beyond(sale: &Sale) -> Option<bool> {
    let day = sale.day.to_string();
    let limit = LIMITS
        .iter()
        .find(|(herb, from, until, ..)| *herb == sale.herb && **from <= *day && *day < **until);
    let Some((.., most, age)) = limit else { return Some(false) };
    if sale.weight > *most {
        return Some(true);
    }
    let years = |born: Date| {
        let had = |years: i32| {
            let text = format!("{:04}{}", i32::from(born.year()) + years, &born.to_string()[4..]);
            text <= day
        };
        (0..200).take_while(|years| had(*years + 1)).count() as i32
    };
    Some(years(sale.born?) < (*age)?)
}

fn sale() -> impl Strategy<Value = Sale> {
    let day = |from: i64, days: i64| {
        let first = Date::parse("1990-01-01").unwrap();
        (0..days).prop_map(move |day| first.plus_days(from + day).unwrap())
    };
    let herb = prop::sample::select(&["H1", "H2", "H3", "H3.1", "H9"][..]);
    let room = prop::sample::select(&["a", "b", "c"][..]);
    // From 2016 to 2032, and births from 1990 on, but for 29 February, which has no slow model.
    let born = prop::option::of(day(0, 10_000));
    let born = born.prop_map(|born| born.filter(|born| !born.to_string().ends_with("02-29")));
    (day(9_500, 6_000), room, herb, 0..500_i64, born)
        .prop_map(|(day, room, herb, weight, born)| Sale { day, room, herb, weight, born })
}

/// Versions of a room over ten days each, some of them no longer believed.
fn versions() -> impl Strategy<Value = Vec<Version>> {
    let one = (0..6_000_i64, 1..2_000_i64, 1..20_u64, prop::option::of(1..10_u64), any::<bool>());
    prop::collection::vec(one, 0..6).prop_map(|all| {
        let first = Date::parse("2016-01-01").unwrap();
        let made = all.into_iter().map(|(from, days, known, more, open)| {
            let from = first.plus_days(from).unwrap();
            let until = from.plus_days(days).unwrap().to_string();
            let status = if open { "open" } else { "voided" };
            version(
                (&from.to_string(), Some(&until)),
                (known, more.map(|more| known + more)),
                (status, &["H1", "H2"]),
            )
        });
        made.collect()
    })
}

/// When each entry was made: the first on the first day of 2016, one each 200 days.
fn made() -> Vec<(Instant, EntryNumber)> {
    let first = Date::parse("2016-01-01").unwrap();
    let one = |number: u64| {
        let day = first.plus_days(i64::try_from(number).unwrap() * 200).unwrap();
        (at(&day.to_string()), EntryNumber(number))
    };
    (1..30).map(one).collect()
}

fn unlicensed(sale: &Sale, versions: &[Version], known: EntryNumber) -> bool {
    let at = sale.at();
    let said = versions.iter().find(|own| {
        own.valid_from <= at
            && own.valid_until.is_none_or(|until| at < until)
            && own.known_from <= known
            && own.known_until.is_none_or(|until| known < until)
    });
    let open = said.is_some_and(|own| own.fields[&name("status")].to_string() == "open");
    !open || !["H1", "H2"].contains(&sale.herb)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_limit_is_exceeded_where_the_slow_model_says_so(
        sales in prop::collection::vec(sale(), 0..40),
    ) {
        let pack = town();
        let histories = Histories::new(EntryNumber(0), vec![]);
        let judged = asked(pack, "herb-beyond-limit", &sales, &histories);
        let applies = |sale: &&(u64, &Sale)| {
            let day = sale.1.day.to_string();
            ("2018-01-01".."2030-01-01").contains(&day.as_str())
        };
        let numbered: Vec<(u64, &Sale)> = (1..).zip(&sales).collect();
        let within: Vec<&(u64, &Sale)> = numbered.iter().filter(applies).collect();
        let of = |wanted| {
            let rows = within.iter().filter(move |(_, sale)| beyond(sale) == wanted);
            rows.map(|(number, _)| *number).collect::<Vec<_>>()
        };
        prop_assert_eq!(numbers(&judged), of(Some(true)));
        prop_assert_eq!(judged.undetermined, of(None).len() as u64);
        prop_assert_eq!(judged.asked, within.len() as u64);
    }

    #[test]
    fn a_licence_is_looked_at_as_of_the_sale_and_as_known(
        sales in prop::collection::vec(sale(), 0..30),
        versions in versions(),
        head in 0..30_u64,
    ) {
        let pack = town();
        let mut histories = Histories::new(EntryNumber(head), made());
        for room in ["a", "b"] {
            histories.add(&name("herb-room"), room, versions.clone());
        }
        let judged = asked(pack, "sale-without-licence", &sales, &histories);
        let first = Date::parse("2018-01-01").unwrap();
        let of = |room: &str| if room == "c" { &[] } else { versions.as_slice() };
        let found = (1_u64..).zip(&sales).filter(|(_, sale)| {
            sale.day >= first && unlicensed(sale, of(sale.room), EntryNumber(head))
        });
        let found: Vec<(u64, bool)> = found
            .map(|(number, sale)| {
                let then = made().into_iter().filter(|(made, _)| *made <= sale.at());
                let then = then.map(|(_, number)| number).max().unwrap_or(EntryNumber(0));
                (number, unlicensed(sale, of(sale.room), then))
            })
            .collect();
        let told = judged.findings.iter().map(|own| (own.evidence[0].number, own.known_then));
        prop_assert_eq!(told.collect::<Vec<_>>(), found);
        prop_assert_eq!(judged.undetermined, 0);
    }
}

#[test]
fn a_licence_taken_back_to_march_makes_a_finding_of_a_sale_in_april() {
    let pack = town();
    let sold = |day: &str| Sale {
        day: Date::parse(day).unwrap(),
        room: "a",
        herb: "H1",
        weight: 10,
        born: None,
    };
    let sales = [sold("2026-02-10"), sold("2026-04-10"), sold("2026-06-10")];
    let made = vec![(at("2025-01-01"), EntryNumber(1)), (at("2026-05-20"), EntryNumber(2))];
    let open =
        |until, known_until| version(("2025-01-01", until), (1, known_until), ("open", &["H1"]));
    let room = name("herb-room");
    let mut before = Histories::new(EntryNumber(1), made.clone());
    before.add(&room, "a", vec![open(None, None)]);
    assert_eq!(asked(pack, "sale-without-licence", &sales, &before).findings, []);

    // In May the licence is taken back as of March.
    let mut after = Histories::new(EntryNumber(2), made);
    let mut still = open(Some("2026-03-01"), None);
    still.known_from = EntryNumber(2);
    let voided = version(("2026-03-01", None), (2, None), ("voided", &["H1"]));
    after.add(&room, "a", vec![open(None, Some(2)), still, voided]);
    let judged = asked(pack, "sale-without-licence", &sales, &after);
    let told: Vec<(u64, bool)> =
        judged.findings.iter().map(|own| (own.evidence[0].number, own.known_then)).collect();
    // Nobody knew in April; in June it was known.
    assert_eq!(told, [(2, false), (3, true)]);
    let Finding { subject, version, shows, snapshot, evidence, .. } = &judged.findings[0];
    assert_eq!((subject.as_str(), *version, *snapshot), ("a", 2, EntryNumber(2)));
    let shown = |path: &str, said: &str| (path.to_owned(), Some(said.to_owned()));
    assert_eq!(*shows, [shown("herb", "H1"), shown("room.status", "voided")]);
    assert_eq!(*evidence, [Evidence { feed: name("herb-sales"), number: 2 }]);
    let mut again = judged.findings[0].clone();
    again.snapshot = EntryNumber(9);
    assert_eq!(again.id(), judged.findings[0].id(), "the same rule on the same row");
    assert_ne!(judged.findings[0].id(), judged.findings[1].id());
}

#[test]
fn rows_of_something_else_are_refused_by_their_column() {
    let pack = town();
    let judge = RowJudge::new(pack, &pack.rules[&name("herb-beyond-limit")]).unwrap();
    let rows = sales(pack, &[]);
    let histories = Histories::new(EntryNumber(0), vec![]);
    let mut judged = Judged::default();
    judge.ask(&rows, &histories, &mut judged).unwrap();
    assert_eq!(judged, Judged::default());
    let place = rows.schema().index_of("weight").unwrap();
    let mut fewer = rows.clone();
    fewer.remove_column(place);
    assert_eq!(judge.ask(&fewer, &histories, &mut judged), Err(Unfit(name("weight"))));
    assert!(RowJudge::new(pack, &pack.rules[&name("herb-hoarded")]).is_none());
}
