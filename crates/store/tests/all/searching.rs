//! The search of public registers: what was typed in any way finds the entry that said it then.

use std::collections::BTreeMap;

use base::{Division, Instant, Point};
use kernel::{CaseId, Command, EntryNumber, register::Version};
use rules::Value;
use store::{Answers, Hit, SearchCursor, SearchPage, SearchQuery, Unsought, Wanted};

use crate::bench::{Bench, clerk, everywhere, name, on, sql, town};

fn query(text: &str, at: Instant, known: EntryNumber) -> SearchQuery {
    SearchQuery {
        wanted: Some(Wanted::parse(text).unwrap()),
        near: None,
        at,
        known,
        registers: Default::default(),
        in_force: None,
        district: None,
        after: None,
        limit: 50,
    }
}

async fn search(bench: &Bench, text: &str, at: Instant) -> SearchPage {
    let known = bench.store.head().await.unwrap();
    bench.store.search(&query(text, at, known)).await.unwrap().as_ref().clone()
}

fn headings(page: &SearchPage) -> Vec<String> {
    let heading = |hit: &Hit| hit.version.fields["name"].to_string();
    page.hits.iter().map(heading).collect()
}

const HOUSES: [&str; 8] = [
    "柳影茶馆",
    "柳浪Tea House",
    "重庆长乐茶楼",
    "柳影茶馆分号",
    "（松鹤）茶·园",
    "ＡＢＣ１２３茶室",
    "養和堂",
    "仁和茶馆",
];

#[tokio::test]
async fn an_entry_is_found_by_whatever_its_name_is_written_like() {
    everywhere("search_ways", async |bench| {
        for (number, called) in HOUSES.iter().enumerate() {
            bench.enter(u8::try_from(number).unwrap(), called, on("2030-01-07")).await;
        }
        let check = async |text: &str, expected: &[&str]| {
            let page = search(bench, text, on("2030-01-08")).await;
            assert_eq!(headings(&page), expected, "{text}");
            assert_eq!((page.total.found as usize, page.total.more), (expected.len(), false));
        };
        let shadows = ["柳影茶馆", "柳影茶馆分号"];
        // Two characters suffice, and one does.
        check("柳影", &shadows).await;
        check("影", &shadows).await;
        check("影馆", &[]).await;
        check("柳影茶馆", &shadows).await;
        check("茶馆分号", &["柳影茶馆分号"]).await;
        // Pinyin, whole and by its beginning, in every reading; initials.
        check("liuying", &shadows).await;
        check("liuyi", &shadows).await;
        check("yingcha", &shadows).await;
        check("LiǔYǐng", &shadows).await;
        check("liu ying", &shadows).await;
        check("lycg", &shadows).await;
        check("cgfh", &["柳影茶馆分号"]).await;
        check("lycgfh", &["柳影茶馆分号"]).await;
        check("chongqing", &["重庆长乐茶楼"]).await;
        check("zhongqingchangle", &["重庆长乐茶楼"]).await;
        check("chongqingzhangyue", &["重庆长乐茶楼"]).await;
        check("cqclcl", &["重庆长乐茶楼"]).await;
        check("zqzycl", &["重庆长乐茶楼"]).await;
        // Letters, full width, signs, traditional characters.
        check("tea", &["柳浪Tea House"]).await;
        check("house 柳浪", &["柳浪Tea House"]).await;
        check("hous", &["柳浪Tea House"]).await;
        check("ouse", &[]).await;
        check("abc1", &["ＡＢＣ１２３茶室"]).await;
        check("ａｂｃ", &["ＡＢＣ１２３茶室"]).await;
        check("松鹤茶园", &["（松鹤）茶·园"]).await;
        check("茶園", &["（松鹤）茶·园"]).await;
        check("养和", &["養和堂"]).await;
        check("養和", &["養和堂"]).await;
        check("' OR 1 \"*", &[]).await;
    })
    .await;
}

#[test]
fn too_little_and_too_much_is_not_sought() {
    let check = |text: &str, expected: Option<Unsought>| {
        assert_eq!(Wanted::parse(text).err(), expected, "{text}");
    };
    check("", Some(Unsought::TooShort));
    check(" ·（） ", Some(Unsought::TooShort));
    check("a", Some(Unsought::TooShort));
    check("１", Some(Unsought::TooShort));
    check("柳", None);
    check("ab", None);
    check("a b", None);
    check(&"柳".repeat(60), None);
    check(&"柳".repeat(61), Some(Unsought::TooLong));
    check("a b c d e f g h", None);
    check("a b c d e f g h i", Some(Unsought::TooLong));
}

/// Corrects the name of the entry that a case made.
async fn rename(bench: &Bench, case: CaseId, called: &str, at: Instant) {
    let fields = BTreeMap::from([(name("name"), Value::Text(called.to_owned()))]);
    let correct = Command::Correct { fields, reasons: "笔误 a slip".to_owned() };
    bench.act(case, clerk(), correct, at).await.unwrap();
}

#[tokio::test]
async fn an_entry_answers_by_what_it_said_then() {
    everywhere("search_then", async |bench| {
        let case = bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
        let known = bench.store.head().await.unwrap();
        rename(bench, case, "松鹤茶馆", on("2030-01-09")).await;
        bench.choose(case, "check", "false", on("2030-01-10")).await;
        let head = bench.store.head().await.unwrap();
        let check = async |text: &str, day: &str, known: EntryNumber, expected: Option<bool>| {
            let page = bench.store.search(&query(text, on(day), known)).await.unwrap();
            let force: Vec<bool> = page.hits.iter().map(|hit| hit.in_force).collect();
            assert_eq!(force, Vec::from_iter(expected), "{text} of {day} as of {}", known.0);
        };
        check("柳影", "2030-01-08", known, Some(true)).await;
        check("松鹤", "2030-01-08", known, None).await;
        check("柳影", "2030-01-06", known, None).await;
        check("柳影", "2030-01-08", head, None).await;
        check("松鹤", "2030-01-08", head, Some(true)).await;
        check("松鹤", "2030-01-11", head, Some(false)).await;
        check("sh", "2030-01-11", head, Some(false)).await;
    })
    .await;
}

#[tokio::test]
async fn the_best_answers_come_first_and_pages_go_on() {
    everywhere("search_order", async |bench| {
        let names = ["老柳影茶馆", "柳影茶馆分号", "柳影茶馆", "茶馆柳影", "别的"];
        let mut cases = Vec::new();
        for (number, called) in names.iter().enumerate() {
            let who = u8::try_from(number).unwrap();
            cases.push(bench.enter(who, called, on("2030-01-07")).await);
        }
        bench.choose(cases[1], "check", "false", on("2030-01-08")).await;
        let again = bench.enter(9, "柳影茶馆新号", on("2030-01-08")).await;
        let page = search(bench, "柳影茶馆", on("2030-01-09")).await;
        let expected = ["柳影茶馆", "柳影茶馆新号", "柳影茶馆分号", "老柳影茶馆"];
        assert_eq!(headings(&page), expected);
        let answers: Vec<Answers> = page.hits.iter().map(|hit| hit.answers).collect();
        use Answers::{Begins, Exactly, InHeading};
        assert_eq!(answers, [Exactly, Begins, Begins, InHeading]);
        let known = bench.store.head().await.unwrap();
        let first = query("柳影茶馆", on("2030-01-09"), known);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let query = SearchQuery { after, limit: 1, ..first.clone() };
            let page = bench.store.search(&query).await.unwrap();
            assert_eq!(page.total.found, 4);
            seen.extend(headings(&page));
            after = page.next;
            match after {
                Some(next) => assert_eq!(SearchCursor::parse(&next.to_string()), Some(next)),
                None => break,
            }
        }
        assert_eq!(seen, expected);
        // The key, whole or its beginning.
        let page = search(bench, &format!("900101-{again}"), on("2030-01-09")).await;
        assert_eq!(headings(&page), ["柳影茶馆新号"]);
        assert_eq!(page.hits[0].answers, Answers::Elsewhere);
    })
    .await;
}

#[tokio::test]
async fn filters_keep_what_they_say() {
    everywhere("search_filters", async |bench| {
        let case = bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
        bench.enter(2, "柳浪茶馆", on("2030-01-07")).await;
        bench.choose(case, "check", "false", on("2030-01-08")).await;
        let known = bench.store.head().await.unwrap();
        let plain = query("茶馆", on("2030-01-09"), known);
        let check = async |query: SearchQuery, expected: &[&str]| {
            let page = bench.store.search(&query).await.unwrap();
            assert_eq!(headings(&page), expected);
            assert_eq!(page.total.found as usize, expected.len());
        };
        check(plain.clone(), &["柳浪茶馆", "柳影茶馆"]).await;
        check(SearchQuery { in_force: Some(true), ..plain.clone() }, &["柳浪茶馆"]).await;
        check(SearchQuery { in_force: Some(false), ..plain.clone() }, &["柳影茶馆"]).await;
        let district = |code: &str| Some(Division::parse(code).unwrap());
        check(SearchQuery { district: district("900102"), ..plain.clone() }, &[]).await;
        let both = ["柳浪茶馆", "柳影茶馆"];
        check(SearchQuery { district: district("900101"), ..plain.clone() }, &both).await;
        let registers = |one: &str| [name(one)].into();
        check(SearchQuery { registers: registers("tea-house"), ..plain.clone() }, &both).await;
        check(SearchQuery { registers: registers("fair"), ..plain.clone() }, &[]).await;
    })
    .await;
}

#[tokio::test]
async fn who_mistypes_is_shown_what_may_be_meant() {
    everywhere("search_meant", async |bench| {
        bench.enter(1, "仁和茶馆", on("2030-01-07")).await;
        bench.enter(2, "柳影茶馆", on("2030-01-07")).await;
        let check = async |text: &str, expected: &[&str]| {
            let page = search(bench, text, on("2030-01-08")).await;
            assert_eq!(page.hits, [], "{text}");
            let meant = SearchPage { hits: page.meant, ..SearchPage::default() };
            assert_eq!(headings(&meant), expected, "{text}");
        };
        check("任和", &["仁和茶馆"]).await;
        check("人和茶馆", &["仁和茶馆"]).await;
        check("柳影茶楼", &["柳影茶馆"]).await;
        check("松", &[]).await;
    })
    .await;
}

#[tokio::test]
async fn the_index_follows_the_pack_in_force() {
    everywhere("search_pack", async |bench| {
        bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
        let found = async || search(bench, "柳影", on("2030-01-08")).await.hits.len();
        let adopt = async |from: &str, to: &str| {
            let (pack, sources) = town("2030-03-31", &[("registers/tea-house.yaml", from, to)]);
            bench.store.install(pack, sources, clerk(), on("2030-01-08")).await.unwrap();
            bench.must_verify().await;
        };
        assert_eq!(found().await, 1);
        adopt("public: true", "public: false").await;
        assert_eq!(found().await, 0, "nobody but officials reads it now");
        adopt("status = 'open'", "status != 'voided'").await;
        assert_eq!(found().await, 1, "the older entries too");
        bench.store.rebuild().await.unwrap();
        bench.must_verify().await;
    })
    .await;
}

#[tokio::test]
async fn what_time_alone_ends_is_found_as_ended_from_the_day_after_its_last() {
    everywhere("search_lasting", async |bench| {
        let lasting = [
            ("registers/tea-house.yaml", "in_force: status = 'open'", LASTS),
            ("registers/tea-house.yaml", "  seats: {", UNTIL),
            ("procedures/tea-house-filing.yaml", "        seats: tea-house.seats", UNTIL_FILLED),
        ];
        let (pack, sources) = town("2030-03-31", &lasting);
        bench.store.install(pack, sources, clerk(), on("2030-01-02")).await.unwrap();
        bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
        let found = async |day: &str, in_force: Option<bool>| {
            let known = bench.store.head().await.unwrap();
            let query = SearchQuery { in_force, ..query("柳影", on(day), known) };
            let page = bench.store.search(&query).await.unwrap();
            page.hits.iter().map(|hit| (hit.in_force, hit.version.valid_from)).collect::<Vec<_>>()
        };
        let check = async || {
            for (day, in_force) in
                [("2030-01-08", true), ("2030-01-10", true), ("2030-01-11", false)]
            {
                let hits = found(day, None).await;
                assert_eq!(hits, [(in_force, on("2030-01-07"))], "{day}");
                assert_eq!(found(day, Some(in_force)).await, hits, "{day}");
                assert_eq!(found(day, Some(!in_force)).await, [], "{day}");
            }
            bench.must_verify().await;
        };
        check().await;
        bench.store.rebuild().await.unwrap();
        check().await;
    })
    .await;
}

const LASTS: &str = "in_force: status = 'open'\nlasts_until: until";
const UNTIL: &str =
    "  until: { title: { zh: 至, en: Until }, type: date, optional: true }\n  seats: {";
const UNTIL_FILLED: &str =
    "        until: plus_days(decided-on, 3)\n        seats: tea-house.seats";

#[tokio::test]
async fn a_changed_index_is_found_and_mended() {
    everywhere("search_verify", async |bench| {
        let case = bench.enter(1, "柳影茶馆", on("2030-01-07")).await;
        bench.choose(case, "check", "false", on("2030-01-08")).await;
        let sqlite = bench.url.starts_with("sqlite:");
        let check = async |statement: &str, fault: &str| {
            sql(&bench.url, statement).await;
            let faults = bench.store.verify().await.unwrap().faults;
            assert!(faults.iter().any(|own| own.contains(fault)), "{statement}: {faults:?}");
            bench.store.rebuild().await.unwrap();
            bench.must_verify().await;
        };
        check("UPDATE search_entry SET known_until = NULL", "the row differs").await;
        check("UPDATE search_entry SET headings = 'x'", "the row differs").await;
        check("DELETE FROM search_entry", "the row is missing").await;
        let words = if sqlite { "rowid" } else { "doc" };
        let lost =
            format!("DELETE FROM search_index WHERE {words} = (SELECT min(doc) FROM search_entry)");
        check(&lost, "word \"h柳影\": the row").await;
    })
    .await;
}

/// How the characters of invented names are read.
const READ: [(char, &[&str]); 6] = [
    ('柳', &["liu"]),
    ('影', &["ying"]),
    ('馆', &["guan"]),
    ('长', &["chang", "zhang"]),
    ('安', &["an"]),
    ('先', &["xian"]),
];

/// A row of numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn text(&mut self, signs: &[&str], most: usize) -> String {
        let length = 1 + self.roll(most);
        (0..length).map(|_| signs[self.roll(signs.len())]).collect()
    }
}

/// The slow model: plain texts compared from the beginning, one entry after the other.
mod slow {
    use super::READ;

    fn plain(text: &str) -> String {
        let fold = |c: char| match c {
            '館' => '馆',
            '長' => '长',
            'Ａ' | 'A' => 'a',
            '１' => '1',
            other => other,
        };
        text.chars().map(fold).collect()
    }

    fn han(c: char) -> bool {
        READ.iter().any(|(own, _)| *own == c)
    }

    /// Texts of Chinese characters and of others, split where one kind ends or a space stands.
    fn split(text: &str) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut last = None;
        for c in text.chars() {
            let kind = match c {
                ' ' => {
                    if last == Some(true) {
                        last
                    } else {
                        None
                    }
                }
                c => Some(han(c)),
            };
            match (kind, parts.last_mut()) {
                _ if c == ' ' => {}
                (kind, Some(part)) if kind == last => part.push(c),
                _ => parts.push(c.to_string()),
            }
            last = kind;
        }
        parts
    }

    /// Every way to read characters, whole or by the first letters.
    fn read(han: &str, initials: bool) -> Vec<String> {
        han.chars().fold(vec![String::new()], |ways, c| {
            let readings = READ.iter().find(|(own, _)| *own == c).unwrap().1;
            let cut = |reading: &&str| {
                if initials { reading[..1].to_owned() } else { (*reading).to_owned() }
            };
            let longer = |way: &String| {
                readings.iter().map(|r| format!("{way}{}", cut(r))).collect::<Vec<_>>()
            };
            ways.iter().flat_map(longer).collect()
        })
    }

    fn begins(han: &str, term: &str) -> bool {
        let whole = read(han, false).iter().any(|way| way.starts_with(term));
        whole || read(han, true).iter().any(|way| way.starts_with(term))
    }

    fn stands(term: &str, part: &str) -> bool {
        match (term.chars().all(han), part.chars().all(han)) {
            (true, true) => part.contains(term),
            (false, false) => part.starts_with(term),
            (false, true) if term.len() > 1 => {
                part.char_indices().any(|(at, _)| begins(&part[at..], term))
            }
            _ => false,
        }
    }

    /// How well a name answers; `None` where neither it nor the key does.
    pub(super) fn answers(text: &str, called: &str, key: &str) -> Option<u8> {
        let (text, called) = (plain(text), plain(called));
        let terms: Vec<String> = text.split(' ').flat_map(split).collect();
        let parts = split(&called);
        let keyed: Vec<String> =
            key.split('-').map(str::to_owned).chain([key.replace('-', "")]).collect();
        let headed = |term: &String| parts.iter().any(|part| stands(term, part));
        let by_key = |term: &String| keyed.iter().any(|part| part.starts_with(term.as_str()));
        if !terms.iter().all(|term| headed(term) || by_key(term)) {
            return None;
        }
        let (sought, whole) = (text.replace(' ', ""), called.replace(' ', ""));
        let read = |part: &String| {
            part.chars().all(han)
                && terms.len() == 1
                && !terms[0].chars().all(han)
                && terms[0].len() > 1
                && begins(part, &terms[0])
        };
        Some(if whole == sought {
            0
        } else if whole.starts_with(&sought) || parts.first().is_some_and(read) {
            1
        } else if terms.iter().all(headed) {
            2
        } else {
            3
        })
    }
}

/// Everything that the slow model finds, in order: keys.
fn slowly(entries: &[(String, Vec<Version>)], query: &SearchQuery, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (key, versions) in entries {
        let version = kernel::register::as_of(versions, query.at, query.known);
        let Some(version) = version else { continue };
        let called = version.fields["name"].to_string();
        let ended = version.fields["status"].to_string() != "open";
        if let Some(rank) = slow::answers(text, &called, key)
            && query.in_force.is_none_or(|wanted| wanted != ended)
        {
            found.push((rank, ended, version.known_from, key.clone()));
        }
    }
    found.sort();
    found.into_iter().map(|(.., key)| key).collect()
}

/// Fills a town with names from few characters, renames some and voids some.
async fn many(bench: &Bench, dice: &mut Dice, count: usize) -> Vec<String> {
    let signs = ["柳", "影", "馆", "館", "长", "安", "先", "a", "Ａ", "1", "１", " "];
    let mut keys = Vec::new();
    for number in 0..count {
        let called = format!("柳{}", dice.text(&signs, 5));
        let day = ["2030-01-07", "2030-01-08", "2030-01-09"][number * 3 / count];
        let case = bench.enter(u8::try_from(number % 200).unwrap(), called.trim(), on(day)).await;
        keys.push(format!("900101-{case}"));
        match dice.roll(6) {
            0 => {
                let called = format!("柳{}", dice.text(&signs[..6], 4));
                rename(bench, case, &called, on(day)).await;
            }
            1 => bench.choose(case, "check", "false", on(day)).await,
            _ => {}
        }
    }
    keys
}

#[tokio::test]
async fn the_index_finds_what_a_slow_search_finds() {
    everywhere("search_slow", async |bench| {
        let mut dice = Dice(7);
        let mut entries = Vec::new();
        for key in many(bench, &mut dice, 240).await {
            let versions = bench.store.versions(&name("tea-house"), &key).await.unwrap();
            entries.push((key, versions));
        }
        bench.must_verify().await;
        let head = bench.store.head().await.unwrap().0;
        let signs = [
            "柳", "影", "館", "长", "安", "先", "a", "1", " ", "liu", "l", "y", "xi", "an", "z",
            "g", "9001",
        ];
        let (mut tried, mut broad) = (0, 0);
        while tried < 300 {
            let common = ["柳", "liu", "l 柳"].get(tried);
            let text = common.map_or_else(|| dice.text(&signs, 5), |own| (*own).to_owned());
            let Ok(wanted) = Wanted::parse(&text) else { continue };
            let wanted = Some(wanted);
            tried += 1;
            let days = ["2030-01-06", "2030-01-07", "2030-01-08", "2030-01-10"];
            let day = if tried <= 3 { days[3] } else { days[dice.roll(4)] };
            let then = u64::try_from(dice.roll(usize::try_from(head).unwrap())).unwrap();
            let known = if tried <= 3 { head } else { [head, head, then][dice.roll(3)] };
            let in_force = [None, None, Some(true), Some(false)][dice.roll(4)];
            let limit = [1, 7, 100][dice.roll(3)];
            let mut query =
                SearchQuery {
                    wanted, in_force, limit, ..query("柳", on(day), EntryNumber(known))
                };
            let expected = slowly(&entries, &query, &text);
            let (mut found, mut pages) = (Vec::new(), 0);
            loop {
                let page = bench.store.search(&query).await.unwrap();
                found.extend(page.hits.iter().map(|hit| hit.key.clone()));
                let total = (page.total.found as usize, page.total.more);
                let told = total.0 == expected.len() || total.1 && total.0 < expected.len();
                assert!(told, "`{text}` {day} {known}: {total:?} of {}", expected.len());
                pages += 1;
                query.after = page.next;
                if page.next.is_none() || pages > 300 {
                    break;
                }
            }
            broad += usize::from(expected.len() > 200);
            assert_eq!(found, expected, "`{text}` {day} {known} {in_force:?}");
        }
        assert!(broad > 0, "no search had many answers");
    })
    .await;
}

/// Corrects where the entry that a case made lies.
async fn locate(bench: &Bench, case: CaseId, place: Point, at: Instant) {
    let fields = BTreeMap::from([(name("point"), Value::Point(place))]);
    let correct = Command::Correct { fields, reasons: "定位 located".to_owned() };
    bench.act(case, clerk(), correct, at).await.unwrap();
}

#[tokio::test]
async fn the_nearest_come_first_as_a_slow_search_finds_them() {
    everywhere("search_near", async |bench| {
        let mut dice = Dice(11);
        let mut somewhere = move |reach: i64| {
            let mut away =
                || i64::try_from(dice.roll(usize::try_from(2 * reach).unwrap())).unwrap();
            Point::new(116_397_000 + away() - reach, 39_908_000 + away() - reach).unwrap()
        };
        let mut placed = Vec::new();
        for number in 0..60_u8 {
            let called = if number % 2 == 0 { "柳影茶馆" } else { "松鹤茶楼" };
            let case = bench.enter(number, called, on("2030-01-07")).await;
            let place = somewhere([3_000, 40_000, 120_000][usize::from(number % 3)]);
            if number % 7 != 0 {
                locate(bench, case, place, on("2030-01-07")).await;
                placed.push((place, called, format!("900101-{case}")));
            }
        }
        bench.must_verify().await;
        let known = bench.store.head().await.unwrap();
        for round in 0..30 {
            let near = somewhere([1_000, 30_000, 90_000][round % 3]);
            let text = [None, Some("柳影"), Some("chalou")][round % 3];
            let wanted = text.map(|text| Wanted::parse(text).unwrap());
            let says = |called: &str| match text {
                None => true,
                Some("柳影") => called.starts_with('柳'),
                Some(_) => called.starts_with('松'),
            };
            let mut expected: Vec<(u64, &str)> = placed
                .iter()
                .filter(|(_, called, _)| says(called))
                .map(|(place, _, key)| (near.metres_to(*place), key.as_str()))
                .collect();
            // Those as far away stand in the order of the ledger.
            expected.sort_by_key(|(metres, _)| *metres);
            let limit = [3, 10, 100][round / 10];
            let base = query("柳", on("2030-01-08"), known);
            let mut query = SearchQuery { wanted, near: Some(near), limit, ..base };
            let mut found = Vec::new();
            loop {
                let page = bench.store.search(&query).await.unwrap();
                found.extend(page.hits.iter().map(|hit| (hit.metres.unwrap(), hit.key.clone())));
                query.after = page.next;
                if page.next.is_none() {
                    break;
                }
            }
            let found: Vec<(u64, &str)> = found.iter().map(|(m, key)| (*m, key.as_str())).collect();
            assert_eq!(found, expected, "{near} {text:?}");
        }
        let far = Point::parse("0, 0").unwrap();
        let query =
            SearchQuery { wanted: None, near: Some(far), ..query("柳", on("2030-01-08"), known) };
        let page = bench.store.search(&query).await.unwrap();
        assert_eq!((page.hits.len(), page.total.found, page.total.more), (0, 0, false));
    })
    .await;
}
