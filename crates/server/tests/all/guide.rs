//! The guides are run: every file that they list is written, every command is carried out by the
//! program itself, and what it prints is compared with what the guide shows. `GOLDEN=1` writes the
//! shown outputs anew. The reference of the pack language names every key of the JSON Schema.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use tempfile::TempDir;

use crate::program::Program;

/// The guide in each language, and how its commands say so.
const GUIDES: [(&str, &str); 2] =
    [("from-paper-to-service.zh.md", " --language zh"), ("from-paper-to-service.md", "")];

/// What stands in a guide for the hash of a pack, which changes with every parent of it.
const HASH: &str = "‹hash›";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(document: &str) -> String {
    fs::read_to_string(root().join("docs/guide").join(document)).unwrap()
}

/// A fenced block: what follows the fence, and the lines within it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    info: String,
    lines: Vec<String>,
    /// The number of the line after the fence.
    begins: usize,
}

impl Block {
    fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

fn blocks(document: &str) -> Vec<Block> {
    let (mut found, mut open) = (Vec::new(), None::<Block>);
    for (index, line) in document.lines().enumerate() {
        match (line.strip_prefix("```"), open.as_mut()) {
            (Some(""), Some(_)) => found.extend(open.take()),
            (Some(info), None) => {
                let (info, lines) = (info.to_owned(), Vec::new());
                open = Some(Block { info, lines, begins: index + 1 });
            }
            (_, Some(block)) => block.lines.push(line.to_owned()),
            (_, None) => {}
        }
    }
    assert_eq!(open, None, "a block is not closed");
    found
}

/// One step of a guide that can be carried out.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// A file is written.
    File { path: String, text: String },
    /// Lines of a file are replaced.
    Mend { path: String, before: String, after: String },
    /// Commands are run, and print what the block that follows shows.
    Run { commands: String, shown: Block },
    /// The program serves, and a page of it says each line.
    Serve { command: String, page: String, lines: Vec<String> },
}

fn steps(document: &str) -> Vec<Step> {
    let mut blocks = blocks(document).into_iter();
    let mut steps = Vec::new();
    while let Some(block) = blocks.next() {
        let file = block.info.split_once(" file=").map(|(kind, path)| (kind, path.to_owned()));
        steps.push(match (file, block.info.as_str()) {
            (Some(("diff", path)), _) => {
                let side = |off: char| -> String {
                    let kept = block.lines.iter().filter(|line| !line.starts_with(off));
                    kept.map(|line| format!("{}\n", line.get(1..).unwrap_or(""))).collect()
                };
                Step::Mend { path, before: side('+'), after: side('-') }
            }
            (Some((_, path)), _) => Step::File { path, text: block.text() },
            (None, "sh run") => {
                let shown = blocks.next().unwrap();
                assert_eq!(shown.info, "text", "after: {block:?}");
                Step::Run { commands: block.text(), shown }
            }
            (None, "sh serve") => {
                let shown = blocks.next().unwrap();
                let page = shown.info.strip_prefix("text page=").unwrap().to_owned();
                Step::Serve { command: block.text(), page, lines: shown.lines }
            }
            (None, other) => panic!("nothing is done with a block of `{other}`"),
        });
    }
    steps
}

/// A clerk's desk: an empty folder, and the program on the path.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.0.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn mend(&self, path: &str, before: &str, after: &str) {
        let text = fs::read_to_string(self.0.path().join(path)).unwrap();
        assert_eq!(text.matches(before).count(), 1, "{path} must say once:\n{before}");
        self.write(path, &text.replacen(before, after, 1));
    }

    fn command(&self, program: &str) -> Command {
        let program_folder = Path::new(env!("CARGO_BIN_EXE_yiyang")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(self.0.path())
            .env("PATH", format!("{}:{path}", program_folder.display()));
        for set in ["YIYANG_LANGUAGE", "YIYANG_PACKS", "YIYANG_PACK", "YIYANG_DATABASE"] {
            command.env_remove(set);
        }
        command
    }

    /// What the commands print, line by line, and with which code they end if it is not 0.
    fn printed(&self, commands: &str) -> Vec<String> {
        let mut shell = self.command("sh");
        let done = shell.args(["-c", &format!("exec 2>&1\n{commands}")]).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let mut lines: Vec<String> = said.lines().map(without_hash).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        if !done.status.success() {
            lines.push(format!("(exit code {})", done.status.code().unwrap()));
        }
        lines
    }

    async fn serve(&self, command: &str, page: &str) -> String {
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words.first(), Some(&"yiyang"));
        let mut program = self.command(env!("CARGO_BIN_EXE_yiyang"));
        program.args(&words[1..]).args(["--listen", "127.0.0.1:0"]);
        program.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut serving = Program::of(program);
        let address = format!("{}{page}", serving.address());
        let said = reqwest::get(&address).await.unwrap().text().await.unwrap();
        assert!(serving.stop().0.success());
        said
    }
}

fn without_hash(line: &str) -> String {
    let hash = line.len() == 64 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hash { HASH.to_owned() } else { line.trim_end().to_owned() }
}

/// The document with what its commands printed in place of what it showed.
fn rewritten(document: &str, printed: &[(Block, Vec<String>)]) -> String {
    let mut lines: Vec<String> = document.lines().map(str::to_owned).collect();
    for (block, said) in printed.iter().rev() {
        lines.splice(block.begins..block.begins + block.lines.len(), said.iter().cloned());
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

async fn follow(document: &str) {
    let text = read(document);
    let desk = Desk::new();
    let mut printed = Vec::new();
    for step in steps(&text) {
        match step {
            Step::File { path, text } => desk.write(&path, &text),
            Step::Mend { path, before, after } => desk.mend(&path, &before, &after),
            Step::Run { commands, shown } => printed.push((shown, desk.printed(&commands))),
            Step::Serve { command, page, lines } => {
                let said = desk.serve(&command, &page).await;
                for line in lines {
                    assert!(said.contains(&line), "{page} of {document} does not say: {line}");
                }
            }
        }
    }
    let golden = rewritten(&text, &printed);
    if std::env::var_os("GOLDEN").is_some() {
        fs::write(root().join("docs/guide").join(document), &golden).unwrap();
        return;
    }
    for (shown, said) in printed {
        assert_eq!(shown.lines, said, "{document}, line {}", shown.begins);
    }
}

#[tokio::test]
async fn what_the_chinese_guide_lists_is_so() {
    follow(GUIDES[0].0).await;
}

#[tokio::test]
async fn what_the_english_guide_lists_is_so() {
    follow(GUIDES[1].0).await;
}

/// A step without what may differ between languages: what is printed, and the language asked for.
fn bare(step: Step, language: &str) -> (String, String) {
    match step {
        Step::File { path, text } => (path, text),
        Step::Mend { path, before, after } => (path, format!("{before}→\n{after}")),
        Step::Run { commands, .. } => {
            for line in commands.lines().filter(|line| line.starts_with("yiyang")) {
                assert!(line.contains(language), "`{line}` does not say{language}");
            }
            ("run".to_owned(), commands.replace(language, ""))
        }
        Step::Serve { command, page, .. } => {
            let page = page.get(3..).unwrap().to_owned();
            (command.replace(language, ""), page)
        }
    }
}

#[test]
fn both_languages_take_the_same_steps() {
    let [chinese, english] = GUIDES.map(|(document, language)| {
        let steps = steps(&read(document)).into_iter();
        steps.map(|step| bare(step, language)).collect::<Vec<_>>()
    });
    assert!(english.len() > 30, "{} steps", english.len());
    assert_eq!(chinese, english);
    let [chinese, english] = GUIDES
        .map(|(document, _)| read(document).lines().filter(|line| line.starts_with("## ")).count());
    assert_eq!(chinese, english, "headings");
}

/// The names of all properties, and the words that one can choose, in a schema.
fn keys(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(parts) => {
            if let Some(Value::Object(properties)) = parts.get("properties") {
                found.extend(properties.keys().cloned());
            }
            found.extend(parts.get("const").and_then(Value::as_str).map(str::to_owned));
            parts.values().for_each(|part| keys(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| keys(part, found)),
        _ => {}
    }
}

#[test]
fn the_reference_names_every_key() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yiyang"));
    let done = command.args(["pack", "schema"]).output().unwrap();
    let mut wanted = BTreeSet::new();
    keys(&serde_json::from_slice(&done.stdout).unwrap(), &mut wanted);
    assert!(wanted.contains("looks_up") && wanted.contains("expert-review"), "{wanted:?}");
    let text = read("language.md");
    wanted.retain(|key| !text.contains(&format!("`{key}`")));
    assert_eq!(wanted, BTreeSet::new(), "language.md does not name them");
}

/// The lines without the margin that all of them have.
fn flush(lines: &[&str]) -> String {
    let margin = |line: &&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|line| !line.is_empty()).map(margin).min().unwrap_or(0);
    lines.iter().map(|line| format!("{}\n", line.get(least..).unwrap_or(""))).collect()
}

#[test]
fn the_examples_of_the_reference_stand_in_packs() {
    let examples = blocks(&read("language.md"));
    assert!(examples.len() > 20, "{} examples", examples.len());
    for example in examples {
        let path = example.info.split_once(" from=").unwrap().1;
        let text = fs::read_to_string(root().join("packs").join(path)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let stands = lines.windows(example.lines.len()).any(|part| flush(part) == example.text());
        assert!(stands, "{path} does not say:\n{}", example.text());
    }
}
