//! A draw from the shell: each department pledges, the lists are frozen, the draw is published, and
//! anybody draws the same again.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

struct Drawing(TempDir);

impl Drawing {
    fn begun() -> Self {
        let own = Self(TempDir::with_prefix("yiyang-draw-").unwrap());
        let rooms: String = (0..12).map(|room| format!("房-{room},low\n")).collect();
        own.write("objects.csv", &format!("object,class\n{rooms}"));
        own.write("officers.csv", "name,office,officer\n,health,h1\n,health,h2\n,fire,f1\n");
        own.write("conflicts.csv", "officer,object,reason\nh1,房-3,其父开办（虚构）\n");
        own
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder().join(name), text).unwrap();
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
        command.current_dir(self.folder()).env("YIYANG_LANGUAGE", "zh").arg("draw").args(words);
        command.output().unwrap()
    }

    /// What is printed of something that must go well.
    fn well(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// How something ended that must not go well, and what was printed.
    fn ill(&self, words: &[&str]) -> (i32, String) {
        let output = self.run(words);
        assert!(output.stdout.is_empty(), "what is published has no faults in it");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    fn pledged(&self, by: &str) -> String {
        let seed = format!("{by}.seed");
        let told = self.well(&["pledge", "--name", "spring", "--by", by, "--seed", &seed]);
        format!("{by}={}", told.trim())
    }

    fn freezing<'w>(pledges: &'w [String], also: &[&'w str]) -> Vec<&'w str> {
        let words = "freeze --name spring --on 2018-03-01 --from herb-room --share low=25.00 \
                     --crew health=1 --crew fire=1 --objects objects.csv --officers officers.csv";
        let pledges = pledges.iter().flat_map(|own| ["--pledge", own]);
        words.split_whitespace().chain(pledges).chain(also.iter().copied()).collect()
    }
}

#[test]
fn a_draw_is_pledged_frozen_drawn_and_drawn_again_by_anybody() {
    let own = Drawing::begun();
    let pledges = ["health", "fire"].map(|by| own.pledged(by));
    let (code, told) = own.ill(&["pledge", "--name", "s", "--by", "fire", "--seed", "fire.seed"]);
    assert_eq!(code, 2, "a seed that was pledged is not written over: {told}");

    let (_, told) = own.ill(&["pledge", "--name", "spring ", "--by", "fire", "--seed", "other"]);
    assert!(told.starts_with("1523 "), "{told}");

    let lists = own.well(&Drawing::freezing(&pledges, &["--conflicts", "conflicts.csv"]));
    own.write("lists.txt", &lists);
    assert!(lists.contains("conflict\th1\t房-3\t其父开办（虚构）\n"), "{lists}");
    let make = ["make", "lists.txt", "--seed", "health=health.seed", "--seed", "fire=fire.seed"];
    let drawn = own.well(&make);
    own.write("draw.txt", &drawn);
    assert_eq!(drawn.lines().filter(|line| line.starts_with("drawn\t")).count(), 3, "{drawn}");
    assert!(!drawn.contains("sent\t房-3\thealth\th1"), "{drawn}");
    assert_eq!(own.well(&make), drawn, "the same, whoever draws and however often");

    assert!(
        own.well(&["verify", "lists.txt", "draw.txt"])
            .contains("重新抽取，结果一致：抽中 3 个对象")
    );
    own.write("draw_again.py", &own.well(&["program"]));
    let mut again = Command::new("python3");
    match again.current_dir(own.folder()).args(["draw_again.py", "lists.txt", "draw.txt"]).output()
    {
        Ok(told) => assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr)),
        Err(_) => eprintln!("skipped: not here: python3"),
    }

    own.write("moved.txt", &lists.replace("房-3\t其父", "房-4\t其父"));
    let (code, told) = own.ill(&["verify", "moved.txt", "draw.txt", "--language", "en"]);
    assert_eq!((code, told.split(' ').next()), (1, Some("1536")), "{told}");
    let (code, told) = own.ill(&["make", "lists.txt", "--seed", "health=health.seed"]);
    assert_eq!(code, 1);
    assert!(told.starts_with("1533 fire 没有公开所承诺的种子"), "{told}");
}

#[test]
fn lists_that_are_not_sound_are_refused_with_what_to_do() {
    let own = Drawing::begun();
    let pledges = [own.pledged("health")];
    let (code, told) = own.ill(&Drawing::freezing(&pledges, &["--language", "en"]));
    assert_eq!(code, 1);
    let numbers: Vec<&str> = told.lines().step_by(2).filter_map(|own| own.get(..4)).collect();
    assert_eq!(numbers, ["1526", "1528"], "{told}");
    assert!(told.contains("  → Let that department pledge first."), "{told}");
    let pledges = [own.pledged("fire"), pledges[0].clone()];
    own.write("conflicts.csv", "officer,object,reason\nf1,房-3,…\n");
    let (_, told) = own.ill(&Drawing::freezing(&pledges, &["--conflicts", "conflicts.csv"]));
    assert!(told.contains("1532 检查对象“房-3”：fire 须派 1 人，回避后只剩 0 人"), "{told}");
    own.write("objects.csv", "key,class\na,low\n");
    let (code, told) = own.ill(&Drawing::freezing(&pledges, &[]));
    assert_eq!(code, 2);
    assert!(told.contains("1558 `objects.csv`: there is no column `object`"), "{told}");
}
