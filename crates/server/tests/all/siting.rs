//! Sites and reach from the shell: answers with a bound, and what is refused.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// Nine places on a line, of which the last two are far away (invented).
const DEMAND: &str = "id,x_m,y_m,weight\na,0,0,10\nb,100,0,10\nc,200,0,30\nd,300,0,10\ne,400,0,10\n\
                      f,500,0,10\ng,600,0,10\nh,9000,0,5\ni,9100,0,5\n";
/// Three sites (invented).
const SITES: &str = "id,x_m,y_m,capacity,fixed\np,200,0,60,100\nq,500,0,60,100\nr,9050,0,60,100\n";

struct Tables(TempDir);

impl Tables {
    fn laid() -> Self {
        let own = Self(TempDir::with_prefix("yiyang-siting-").unwrap());
        own.write("demand.csv", DEMAND);
        own.write("candidates.csv", SITES);
        own
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.0.path().join(name);
        fs::write(&file, text).unwrap();
        file
    }

    fn run(&self, words: &str) -> Output {
        run(self.0.path(), words)
    }

    /// What is printed of something that must go well.
    fn well(&self, words: &str) -> Value {
        answered(self.run(words))
    }

    /// The numbers of what is refused, in order.
    fn refused(&self, words: &str) -> Vec<u16> {
        let output = self.run(words);
        assert!(output.stdout.is_empty() && output.status.code() == Some(1), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        let number = |line: &str| line.split(' ').next().and_then(|word| word.parse().ok());
        said.lines().filter_map(number).collect()
    }
}

fn run(folder: &Path, words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    command.current_dir(folder).arg("siting").args(words.split(' '));
    command.output().unwrap()
}

fn answered(output: Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Each problem by the tables beside each other; every value reckoned by hand.
#[test]
fn every_problem_is_solved_from_tables() {
    let tables = Tables::laid();
    let table = [
        ("mclp -p 1 --radius 200", 70.0, vec!["p"]),
        ("mclp -p 2 --radius 200", 90.0, vec!["p", "q"]),
        ("lscp --radius 300", 3.0, vec!["p", "q", "r"]),
        ("p-median -p 3", 6500.0, vec!["p", "q", "r"]),
        ("p-center -p 3", 200.0, vec!["p", "q", "r"]),
        ("cflp", 6800.0, vec!["p", "q", "r"]),
        ("cpmp -p 3", 6500.0, vec!["p", "q", "r"]),
    ];
    for (words, value, open) in table {
        let answer = tables.well(&format!("solve --format csv demand.csv --problem {words}"));
        assert_eq!((&answer["value"], &answer["bound"]), (&value.into(), &value.into()), "{words}");
        assert_eq!(answer["proved"], true, "{words}");
        assert_eq!(answer["open_ids"], Value::from(open), "{words}");
    }
}

#[test]
fn customers_are_sites_where_no_table_of_sites_is() {
    let tables = Tables::laid();
    tables.write("places.csv", "id,x,y\na,0,0\nb,10,0\nc,20,0\n");
    let answer = tables.well("solve --format csv places.csv --problem p-median -p 1");
    assert_eq!((&answer["value"], &answer["open_ids"][0]), (&20.0.into(), &"b".into()));
}

#[test]
fn what_cannot_be_is_refused_by_number() {
    let tables = Tables::laid();
    tables.write("below.csv", "id,x,y,weight\na,0,0,-1\nb,10,0,x\n");
    tables.write("halves.txt", "4 2 1\n1 2 5\n3 4 5\n");
    tables.write("room.txt", "1 1\n5 10\n6 3\n");
    tables.write("open.txt", "2 1\ncapacity 10\ncapacity 10\n6 3 4\n");
    tables.write("empty.csv", "");
    let table = [
        ("--format csv demand.csv --problem p-median -p 4", vec![1547]),
        ("--format csv demand.csv --problem p-median -p 0", vec![1548]),
        ("--format csv demand.csv --problem p-median", vec![1548]),
        ("--format csv demand.csv --problem mclp -p 1", vec![1577]),
        ("--format csv demand.csv --problem lscp --radius 100", vec![1550]),
        ("--format csv demand.csv --problem cpmp -p 1", vec![1549]),
        ("--format csv below.csv --problem p-median -p 1", vec![1542]),
        ("--format csv empty.csv --problem p-median -p 1", vec![1559]),
        ("--format orlib halves.txt --problem p-median", vec![1546]),
        ("--format orlib room.txt --problem cflp", vec![1549]),
        ("--format orlib open.txt --problem cflp", vec![1555]),
        ("--format orlib open.txt --problem p-center", vec![1555]),
    ];
    for (words, numbers) in table {
        assert_eq!(tables.refused(&format!("solve {words}")), numbers, "{words}");
    }
    let said = String::from_utf8(
        tables.run("solve --format csv demand.csv --problem lscp --radius 100").stderr,
    );
    assert!(said.unwrap().contains("`a`"), "who cannot be served is called as in the table");
}

#[test]
fn negative_demand_is_named_by_its_line() {
    let tables = Tables::laid();
    tables.write("below.csv", "id,x,y,weight\na,0,0,1\nb,10,0,-2\n");
    let output = tables.run("solve --format csv below.csv --problem p-median -p 1");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("1544 line 3"), "{said}");
}

#[test]
fn reach_is_measured_from_three_tables() {
    let tables = Tables::laid();
    tables.write("supply.csv", "id,beds\ns,10\nt,20\n");
    tables.write("people.csv", "id,pop\na,100\nb,100\n");
    tables.write("cost.csv", "origin,dest,cost\na,s,10\nb,s,20\nb,t,30\n");
    let words = "access --supply supply.csv --demand people.csv --cost cost.csv";
    let answer = tables.well(words);
    let two = [10.0 / 200.0, 10.0 / 200.0 + 20.0 / 100.0];
    assert_eq!(answer["measures"]["2sfca"], Value::from(two.to_vec()));
    assert_eq!(answer["measures"]["within"], Value::from(vec![10.0, 30.0]));
    assert_eq!((&answer["ways"], &answer["assumed"]["until"]), (&3.into(), &30.0.into()));
    tables.write("cost.csv", "origin,dest,cost\na,s,10\na,z,-1\n");
    assert_eq!(tables.refused(words), [1552]);
}

/// The files of the literature, through the program.
#[test]
fn files_of_the_literature_are_proved() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/siting");
    if !folder.exists() {
        println!("skipped: not here: conformance/siting");
        return;
    }
    let table = [
        ("p-median --format orlib orlib-pmed/pmed1.txt", 5819.0),
        ("p-center --format orlib orlib-pmed/pmed1.txt", 127.0),
        ("p-median --format tsplib -p 300 tsplib/rl1304.tsp", 177_326.0),
        ("mclp --format csv -p 20 --radius 2000 mclp-seeded/demand.csv", 500_646.0),
        ("cflp --format orlib orlib-cap/cap71.txt", 932_615.75),
        ("cpmp --format orlib cpmp/pmedcap01.txt", 713.0),
    ];
    for (words, value) in table {
        let answer = answered(run(&folder, &format!("solve --problem {words}")));
        let told = answer["value"].as_f64().unwrap();
        assert!((told - value).abs() < 1e-6 && answer["proved"] == true, "{words}: {answer}");
    }
}

/// The streets of an invented town: crossings are 200 metres apart.
const TOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../travel/tests/town/town.osm.pbf");

/// Ways along streets are a table that choosing sites and measuring reach take.
#[test]
fn ways_along_streets_lead_to_sites_and_reach() {
    let tables = Tables::laid();
    // Two crossings of the south street, and a place far from all of it.
    let people = "id,lon,lat,weight\na,100.0,30.0,10\nb,100.004154,30.0,30\nz,101.0,31.0,1\n";
    tables.write("people.csv", people);
    tables.write("homes.csv", "id,lon,lat,beds\ns,100.002077,30.0,20\n");
    let words = format!("ways --network {TOWN} --from people.csv --to homes.csv --within 30");
    let output = tables.run(&words);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("OpenStreetMap") && said.contains("assumed: 75 m/min"), "{said}");
    assert!(said.lines().any(|line| line.starts_with("168")), "a place is nowhere near: {said}");
    let ways = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = ways.lines().collect();
    let [head, one, other] = lines.as_slice() else { panic!("{ways}") };
    assert_eq!(*head, "origin,dest,cost");
    for (line, id) in [(one, "a,s,"), (other, "b,s,")] {
        let minutes: f64 = line.strip_prefix(id).unwrap().parse().unwrap();
        assert!((2.6..2.8).contains(&minutes), "200 m at 75 m a minute: {line}");
    }
    tables.write("cost.csv", &ways);
    let words = "solve --format csv people.csv --candidates homes.csv --cost cost.csv";
    assert_eq!(tables.well(&format!("{words} --problem mclp -p 1 --radius 3"))["value"], 40.0);
    assert_eq!(tables.refused(&format!("{words} --problem p-median -p 1")), [1550]);
    tables.write("people.csv", "id,pop\na,10\nb,30\nz,1\n");
    let words = "access --supply homes.csv --demand people.csv --cost cost.csv --until 5";
    let reached = tables.well(words);
    assert_eq!(reached["measures"]["2sfca"], Value::from(vec![0.5, 0.5, 0.0]));
}

/// A file that is no extract is refused by its number, and so is one that is not there.
#[test]
fn what_is_no_extract_is_refused() {
    let tables = Tables::laid();
    tables.write("people.csv", "id,lon,lat\na,100.0,30.0\n");
    let words = "ways --network candidates.csv --from people.csv --to people.csv --within 5";
    let numbers = tables.refused(words);
    assert!(numbers.first().is_some_and(|own| (1671..=1685).contains(own)), "{numbers:?}");
    let output = tables.run(&words.replace("candidates.csv", "none.pbf"));
    assert!(!output.status.success() && output.stdout.is_empty());
}
