//! Layout plans from the shell: tables become a survey, a survey a draft, and both verify; what is
//! wrong with any of them is told by its number.

use std::{
    fs,
    process::{Command, Output},
};

use ::layout::{Draft, Survey, measures};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Three quarters in a row a kilometre apart (invented).
const AREAS: &str = "area,point,people\nwest,112.0 35.0,700\nmiddle,112.011 35.0,501\n\
                     east,112.022 35.0,1000\n";
/// A tea house in the first, plots at the others.
const SITES: &str =
    "site,point,now\nwell,112.0 35.001,10\nplot-a,112.0115 35.001,0\nplot-b,112.0225 35.001,0\n";
/// What can be done with them.
const COURSES: &str = "site,course,places,cost\nplot-a,small,20,300\nplot-a,large,50,600\n\
                       plot-b,small,20,300\nplot-b,large,50,600\nwell,close,0,-100\n\
                       well,extend,30,200\n";
/// A parcel that is no site.
const REFUSED: &str = "site,point,bar,reason\nplot-c,,no-point,没有坐标\n";
/// The survey, but for its name.
const SURVEYING: &str = "survey --on 2020-03-01 --from tables --norm 40 --reach 1500 \
                         --areas areas.csv --sites sites.csv --courses courses.csv";
/// Terms that can be met.
const TERMS: &str = "draw-up survey.txt --phase 2021=600 --phase 2023=500 --until 2030";

struct Tables(TempDir);

impl Tables {
    fn laid() -> Self {
        let own = Self(TempDir::with_prefix("yiyang-layout-").unwrap());
        let tables = [("areas", AREAS), ("sites", SITES), ("courses", COURSES)];
        for (name, text) in tables {
            own.write(&format!("{name}.csv"), text);
        }
        own.write("refused.csv", REFUSED);
        own
    }

    /// The same with a survey, and with a draft of it.
    fn drawn() -> Self {
        let own = Self::laid();
        own.kept("survey.txt", &format!("{SURVEYING} --refused refused.csv --name tea-2020"));
        own.kept("draft.txt", TERMS);
        own
    }

    /// Forty areas and thirty sites, too many to be done in a round, with their survey.
    fn crowded() -> Self {
        let own = Self::laid();
        let mut areas = "area,point,people\n".to_owned();
        for n in 0..40 {
            let (east, north, people) = (n * 7 % 40, n * 11 % 37, 300 + n * n * 37 % 900);
            areas += &format!("a{n:02},112.{east:03} 35.{north:03},{people}\n");
        }
        let mut sites = "site,point,now\n".to_owned();
        let mut courses = "site,course,places,cost\n".to_owned();
        for n in 0..30 {
            let (east, north, now) = (n * 13 % 41, n * 5 % 39, if n % 5 == 0 { 10 } else { 0 });
            sites += &format!("s{n:02},112.{east:03} 35.{north:03},{now}\n");
            let (large, small) = (40 + n * 17 % 50, 15 + n * 7 % 20);
            courses += &format!("s{n:02},large,{large},{}\n", 500 + n * 29 % 400);
            courses += &format!("s{n:02},small,{small},{}\n", 200 + n * 31 % 150);
        }
        for (name, text) in [("areas", &areas), ("sites", &sites), ("courses", &courses)] {
            own.write(&format!("{name}.csv"), text);
        }
        own.kept("survey.txt", &format!("{SURVEYING} --name crowded"));
        own
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn run(&self, language: &str, words: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
        command.current_dir(self.0.path()).env("YIYANG_LANGUAGE", language);
        command.arg("layout").args(words.split_whitespace()).output().unwrap()
    }

    /// What is printed of something that must go well.
    fn well(&self, words: &str) -> String {
        let output = self.run("en", words);
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Keeps what is printed.
    fn kept(&self, name: &str, words: &str) -> String {
        let text = self.well(words);
        self.write(name, &text);
        text
    }

    /// Holds that something is refused by these numbers, in both languages and with what to do
    /// next, and that nothing is printed that could be published; what is told in English.
    fn refused(&self, words: &str, numbers: &[u16]) -> String {
        let told = ["zh", "en"].map(|language| {
            let output = self.run(language, words);
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{words}: {told}");
            assert!(output.stdout.is_empty(), "{words}");
            let number = |line: &str| line.split(' ').next().and_then(|word| word.parse().ok());
            let found: Vec<u16> = told.lines().filter_map(number).collect();
            assert_eq!(found, numbers, "{words}: {told}");
            assert_eq!(told.matches("  → ").count(), numbers.len(), "{words}: {told}");
            told
        });
        let [zh, en] = told;
        let chinese = |own: &char| ('\u{4e00}'..='\u{9fff}').contains(own);
        let many = |text: &str| text.chars().filter(chinese).count();
        assert!(many(&zh) > 8 && many(&en) == 0, "{zh}\n{en}");
        en
    }

    /// What the published program says of a draft, and whether it holds.
    fn verified(&self, draft: &str) -> (bool, String) {
        let mut command = Command::new("python3");
        command.current_dir(self.0.path()).args(["verify_draft.py", "survey.txt", draft]);
        let output = command.output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(told).unwrap())
    }
}

/// Tables in any order are one survey; a draft of it verifies, comes again to the letter, and
/// measures as the crate has it.
#[test]
fn tables_become_a_draft_that_holds() {
    let tables = Tables::drawn();
    let read = |name: &str| fs::read_to_string(tables.0.path().join(name)).unwrap();
    let (survey, draft) = (read("survey.txt"), read("draft.txt"));
    let mut rows: Vec<&str> = AREAS.lines().collect();
    rows[1..].reverse();
    tables.write("turned.csv", &rows.join("\n"));
    let turned = SURVEYING.replace("areas.csv", "turned.csv");
    assert_eq!(tables.well(&format!("{turned} --refused refused.csv --name tea-2020")), survey);
    let surveyed = Survey::read(&survey).unwrap();
    let drafted = Draft::read(&draft).unwrap();
    drafted.verify(&surveyed).unwrap();
    // The well is extended and a plot built at once, another plot later: all that is missing but
    // what the money does not reach.
    assert_eq!((drafted.value(), drafted.gap_permillion()), (drafted.bound(), 0));
    let said = tables.well("verify survey.txt draft.txt");
    let sums = format!("value {}, bound {}", drafted.value(), drafted.bound());
    assert!(said.starts_with("the draft holds") && said.contains(&sums), "{said}");
    let again = "drawn up again, it is the same draft to the letter\n";
    assert_eq!(tables.well("again survey.txt draft.txt"), again);
    assert_eq!(tables.well(TERMS), draft);
    for (words, own) in [("", None), (" draft.txt", Some(&drafted))] {
        let told = tables.well(&format!("measures survey.txt{words}"));
        let told: Value = serde_json::from_str(&told).unwrap();
        let rounds = measures(&surveyed, own).rounds;
        assert_eq!(told["rounds"].as_array().unwrap().len(), rounds.len());
        for (told, own) in told["rounds"].as_array().unwrap().iter().zip(&rounds) {
            let said = json!([own.year, own.need, own.places, own.served, own.missing, own.met]);
            let names = ["year", "need", "places", "served", "missing", "met"];
            assert_eq!(json!(names.map(|name| &told[name])), said);
            let areas = told["areas"].as_array().unwrap().iter();
            let missing: Vec<u64> = areas.map(|own| own["missing"].as_u64().unwrap()).collect();
            assert_eq!(missing, own.areas.iter().map(|own| own.missing).collect::<Vec<_>>());
        }
    }
}

/// The program that is published holds a draft without us, and not one with another letter.
#[test]
fn the_published_program_says_the_same() {
    let tables = Tables::drawn();
    tables.kept("verify_draft.py", "program");
    let (holds, told) = tables.verified("draft.txt");
    assert!(holds, "{told}");
    let draft = fs::read_to_string(tables.0.path().join("draft.txt")).unwrap();
    let changes = [("value\t", "value\t1"), ("bound\t", "bound\t1"), ("\t2021\n", "\t2023\n")];
    for (from, to) in changes {
        assert!(draft.contains(from), "{from}");
        tables.write("altered.txt", &draft.replacen(from, to, 1));
        let (holds, told) = tables.verified("altered.txt");
        assert!(!holds && !told.is_empty(), "{from}");
    }
}

/// Ways along streets instead of straight lines: who is out of reach is not served.
#[test]
fn ways_of_a_table_are_taken() {
    let tables = Tables::laid();
    tables.write("ways.csv", "area,site,metres\nwest,well,200\neast,plot-b,1400\neast,well,1600\n");
    let ways = format!("{SURVEYING} --name tea --ways ways.csv --ways-from streets");
    let survey = Survey::read(&tables.kept("survey.txt", &ways)).unwrap();
    assert_eq!(survey.ways().len(), 2, "what is beyond reach is left out");
    let draft = Draft::read(&tables.kept("draft.txt", TERMS)).unwrap();
    assert!(draft.picks().iter().all(|pick| pick.site != "plot-a"), "nobody is near it");
    tables.well("verify survey.txt draft.txt");
    tables.write("ways.csv", "area,site,metres\nnorth,well,200\nwest,hill,100\n");
    tables.refused(&ways, &[1645, 1645]);
    tables.write("ways.csv", "area,site,metres\nwest,well,far\n");
    tables.refused(&ways, &[1542]);
}

/// Whatever is wrong with a table is told with the table and the line.
#[test]
fn tables_that_cannot_be_are_refused() {
    let tables = Tables::laid();
    let words = format!("{SURVEYING} --name tea --refused refused.csv");
    let wrong = [
        ("areas", "area,point,old\nwest,112.0 35.0,700\n", 1558, "`people`"),
        ("areas", "area,point,people\nwest,112.0 35.0,700\neast,112.0 35.0,-5\n", 1542, "line 3"),
        ("areas", "area,point,people\nwest,112.0 35.0,7.5\n", 1542, "`7.5`"),
        ("areas", "area,point,people\nwest,here,700\n", 1554, "line 2"),
        ("areas", "area,point,people\nwest,700\n", 1554, "line 2"),
        ("areas", "area,point,people\n", 1646, ""),
        ("areas", "area,point,people\nwest,112.0 35.0,70\nwest,112.0 35.0,7\n", 1644, "`west`"),
        ("areas", "area,point,people\nwest,112.0 35.0,70000000\n", 1647, "`west`"),
        ("sites", "site,point\nwell,112.0 35.001\n", 1558, "`now`"),
        ("sites", "site,point,now\nplot-a,112.0 35.0,-1\n", 1542, "`-1`"),
        ("courses", "site,course,places,cost\nhill,small,20,300\n", 1645, "`hill`"),
        ("courses", "site,course,places,cost\nwell,Not So,20,300\n", 1554, "line 2"),
        ("courses", "site,course,places,cost\nwell,small,20,3e5\n", 1542, "`3e5`"),
        ("courses", "site,course,places,cost\nwell,small,2,3\nwell,small,2,3\n", 1644, "small"),
        ("refused", "site,point,bar,reason\nwell,,dry,wet\n", 1651, "`well`"),
        ("refused", "site,point,bar,reason\nplot-c,,,wet\n", 1554, "line 2"),
    ];
    let whole = [("areas", AREAS), ("sites", SITES), ("courses", COURSES), ("refused", REFUSED)];
    for (name, text, number, said) in wrong {
        tables.write(&format!("{name}.csv"), text);
        let told = tables.refused(&words, &[number]);
        assert!(told.contains(said), "{told}");
        let own = whole.iter().find(|(own, _)| *own == name).unwrap().1;
        tables.write(&format!("{name}.csv"), own);
    }
    for (from, to, number) in [
        ("--norm 40", "--norm 0", 1649),
        ("--reach 1500", "--reach 1500 --detour 900", 1650),
        ("--on 2020-03-01", "--on 2020-13-01", 1670),
    ] {
        tables.refused(&words.replace(from, to), &[number]);
    }
    let output = tables.run("en", &words.replace("areas.csv", "none.csv"));
    assert!(output.status.code() == Some(2) && output.stdout.is_empty());
}

/// Terms that cannot be, and terms that cannot all be met.
#[test]
fn terms_that_cannot_be_are_refused() {
    let tables = Tables::drawn();
    for (also, numbers) in [
        ("--phase 2025", &[1670][..]),
        ("--phase soon=5", &[1670]),
        ("--phase 2025=many --force plot-a", &[1670, 1670]),
        ("--phase 2022=5", &[1655]),
        ("--phase 2031=5", &[1655]),
        ("--phase 2024=-5", &[1647]),
        ("--reach 9000", &[1656]),
        ("--reach 0", &[1656]),
        ("--floor 1001", &[1657]),
        ("--force hill=small", &[1645]),
        ("--force plot-a=huge", &[1645]),
        ("--bar hill", &[1645]),
        ("--bar well --bar well", &[1644]),
        ("--force plot-a=small --bar plot-a", &[1658]),
        ("--reach 9000 --floor 1001 --bar hill", &[1656, 1657, 1645]),
    ] {
        tables.refused(&format!("{TERMS} {also}"), numbers);
    }
    let below = tables.refused(&format!("{TERMS} --phase 2024=-5"), &[1647]);
    assert!(below.contains("below zero"), "{below}");
    for wrong in ["--time-limit -1", "--time-limit soon", "--until soon", "--goal best"] {
        let output = tables.run("en", &format!("{TERMS} {wrong}"));
        assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{wrong}");
    }
    // 89 places are needed, and without that plot there can be 80, whatever the money.
    let rich = "draw-up survey.txt --phase 2021=9000 --until 2030 --floor 1000";
    let told = tables.refused(&format!("{rich} --bar plot-a"), &[1364]);
    let lines: Vec<&str> = told.lines().skip(1).collect();
    let floors = ["  floor east 40", "  floor middle 21", "  floor west 28"];
    let rest = ["  bar plot-a", "  → Ease one of them and draw up again."];
    assert_eq!(lines, [&floors[..], &rest].concat(), "the fewest of them: {told}");
    tables.well(rich);
}

/// Texts that are not what they should be, or not of each other.
#[test]
fn altered_texts_are_refused() {
    let tables = Tables::drawn();
    let draft = fs::read_to_string(tables.0.path().join("draft.txt")).unwrap();
    let value = Draft::read(&draft).unwrap().value();
    for (from, to, number) in [
        (format!("value\t{value}"), format!("value\t{}", value - 1), 1667),
        (format!("bound\t{value}"), format!("bound\t{}", value + 1), 1668),
        ("layout draft 1".to_owned(), "layout draft 2".to_owned(), 1652),
        ("goal\tmost".to_owned(), "goal\tbest".to_owned(), 1642),
        ("phase\t2021\t600".to_owned(), "phase\t2021\t060".to_owned(), 1642),
    ] {
        assert!(draft.contains(&from), "{from}");
        tables.write("altered.txt", &draft.replacen(&from, &to, 1));
        for command in ["verify", "again", "measures"] {
            tables.refused(&format!("{command} survey.txt altered.txt"), &[number]);
        }
    }
    tables.refused("verify draft.txt draft.txt", &[1641]);
    tables.refused("verify survey.txt survey.txt", &[1652]);
    tables.refused("draw-up draft.txt --phase 2021=600 --until 2030", &[1641]);
    // A draft that holds and is not what a search comes to.
    let rounds = Draft::read(&draft).unwrap().rounds();
    let (from, to) = (format!("rounds\t{rounds}\n"), format!("rounds\t{}\n", rounds + 9));
    tables.write("altered.txt", &draft.replacen(&from, &to, 1));
    tables.well("verify survey.txt altered.txt");
    tables.refused("again survey.txt altered.txt", &[1366]);
    // The same places surveyed under another name are another survey.
    tables.kept("other.txt", &format!("{SURVEYING} --refused refused.csv --name tea-2021"));
    for command in ["verify", "again", "measures"] {
        tables.refused(&format!("{command} other.txt draft.txt"), &[1653]);
    }
}

/// A search that ends early gives the best so far, with a gap that holds what is better; the same
/// rounds come to the same, and before there is anything that holds there is a number.
#[test]
fn a_search_that_is_stopped_gives_what_it_found() {
    let tables = Tables::crowded();
    let terms = "draw-up survey.txt --phase 2021=3000 --phase 2023=2500 --until 2030";
    let best = Draft::read(&tables.well(terms)).unwrap();
    assert_eq!((best.value(), best.gap_permillion()), (best.bound(), 0));
    for limit in ["--rounds 1", "--rounds 5", "--time-limit 0", "--time-limit 0 --worst"] {
        let text = tables.kept("draft.txt", &format!("{terms} {limit}"));
        let draft = Draft::read(&text).unwrap();
        tables.well("verify survey.txt draft.txt");
        tables.well("again survey.txt draft.txt");
        assert!(draft.gap_permillion() > 0, "{limit}: nothing is left to look for");
        assert!(draft.value() <= best.value() && best.value() <= draft.bound(), "{limit}");
    }
    let told = tables.run("en", &format!("{terms} --progress"));
    assert_eq!(String::from_utf8(told.stdout).unwrap(), best.text(), "nothing else is printed");
    let said = String::from_utf8(told.stderr).unwrap();
    let last = format!("value {}, bound {}", best.value(), best.bound());
    assert!(said.lines().last().is_some_and(|line| line.ends_with(&last)), "{said}");
    tables.refused(&format!("{terms} --floor 600 --time-limit 0"), &[1365]);
}
