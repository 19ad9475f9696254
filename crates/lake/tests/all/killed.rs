//! A process that takes in and gathers is killed at any moment, many times over one lake: every
//! row whose receipt it had told is there, once.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::bench::{current, earlier, gathered, line, opened, taken};

/// Where the child works.
const FOLDER: &str = "YIYANG_LAKE_OF_CHILD";
/// How often it is killed.
const KILLED: u64 = 12;

/// Takes in and gathers until it is killed, and tells what it was given a receipt for. Does nothing
/// where it is not asked to.
#[test]
fn child() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let lake = opened(Path::new(&folder));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for turn in 0.. {
        let lines: Vec<String> =
            (0..20).map(|id| line(&(id * 7 % 50).to_string(), 1 + id % 3, turn)).collect();
        let receipt = runtime.block_on(taken(&lake, "hospital-1", &lines)).receipt;
        println!("receipt {} {} {turn}", receipt.first, receipt.next);
        if turn % 3 == 0 {
            lake.gather().unwrap();
        }
    }
}

#[test]
fn what_was_acknowledged_is_there_after_any_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = BTreeMap::new();
    for kill in 0..KILLED {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "killed::child", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(60 + kill * 37 % 200));
        child.kill().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        for words in said.map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>()) {
            if let [word, first, next, turn] = words.as_slice()
                && let (Ok(first), Ok(next)) = (first.parse::<u64>(), next.parse::<u64>())
                && let (true, Ok(turn)) = (word.ends_with("receipt"), turn.parse::<i64>())
            {
                told.insert(first, (next, turn));
            }
        }
        child.wait().unwrap();
    }
    assert!(told.len() > KILLED as usize, "the child hardly came to anything");
    let lake = opened(folder.path());
    gathered(&lake);
    let rows = current(&lake);
    let replaced = earlier(&lake);
    // Fifty keys at most, each once.
    let mut ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    let mut numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
    numbers.extend(replaced.iter().map(|(row, _)| row.number));
    numbers.sort_unstable();
    assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]), "a row is there twice");
    for (first, (next, turn)) in told {
        for number in first..next {
            let found = numbers.binary_search(&number).is_ok();
            // A turn that says what the one before said repeats it; here none does within a life.
            let repeat = turn == 0;
            assert!(found || repeat, "row {number} was acknowledged and is gone");
        }
    }
}
