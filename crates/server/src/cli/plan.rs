//! `yiyang plan coverage`: what carries out each row of the table of systems and each measure,
//! computed from the decisions that the stories reach when they are played.

use std::{collections::BTreeSet, fmt::Display, path::PathBuf};

use base::{Language, Name, Text};
use clap::Subcommand;
use replay::plan::{Carried, Coverage, Lack, Played, Within, played};
use serde::Serialize;

use super::{Call, Ended, Stopped, pack::load_named, say};
use crate::library::Packs;
use ::pack::{
    language::scenario::Scenario,
    model::{Pack, SYSTEMS},
};

/// What can be asked about plans.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play the stories, and print what the decisions they reach carry out of each row of the table
    /// of systems and each measure; the exit code is 0 only if every story comes out.
    Coverage {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// The packs' folders; every city's pack that is not invented when absent.
        dirs: Vec<PathBuf>,
    },
}

/// Packs with their stories played.
type Told = Vec<(Pack, Vec<Played>)>;

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let Command::Coverage { json, dirs } = command;
    let Some(told) = told(call, &dirs)? else { return Ok(false) };
    if told.is_empty() {
        return Err(Stopped("no city's pack is at hand; name a pack's folder".to_owned()));
    }
    let parts: Vec<(&Pack, &[Played])> = told.iter().map(|(p, t)| (p, t.as_slice())).collect();
    let coverage = Coverage::of(&parts);
    let packs: Vec<&Pack> = told.iter().map(|(pack, _)| pack).collect();
    match json {
        true => say(&in_json(&Wire::of(&coverage, call.language))?)?,
        false => say(&Page { packs: &packs, language: call.language }.of(&coverage))?,
    }
    let stories = told.iter().flat_map(|(_, stories)| stories);
    let failed: Vec<&Played> = stories.filter(|story| !story.passed).collect();
    for story in &failed {
        eprintln!("wrong {}; `yiyang scenario run` says where", story.story);
    }
    Ok(failed.is_empty())
}

/// Each pack with its stories played; `None`, and the faults printed, when one is not sound.
fn told(call: &Call, dirs: &[PathBuf]) -> Result<Option<Told>, Stopped> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut told = Told::new();
    for (packs, name) in wanted(call, dirs)? {
        let Some(compiled) = load_named(call, &packs, &name) else { return Ok(None) };
        if dirs.is_empty() && !of_a_city(&compiled.pack) {
            continue;
        }
        let Some(stories) = stories(call, &packs, &name) else { return Ok(None) };
        let played = runtime.block_on(played(&compiled.pack, &stories));
        told.push((compiled.pack, played));
    }
    Ok(Some(told))
}

/// The packs named, each once, or all there are.
fn wanted(call: &Call, dirs: &[PathBuf]) -> Result<Vec<(Packs, String)>, Stopped> {
    if dirs.is_empty() {
        return Ok(call.packs.names().into_iter().map(|name| (call.packs.clone(), name)).collect());
    }
    let mut folders = BTreeSet::new();
    for dir in dirs {
        if !dir.join("pack.yaml").is_file() {
            let says = format!("`{}` holds no pack.yaml; name a pack's folder", dir.display());
            return Err(Stopped(says));
        }
        folders.insert(dir.canonicalize()?);
    }
    Ok(folders.iter().map(|folder| Packs::beside(folder)).collect())
}

fn of_a_city(pack: &Pack) -> bool {
    pack.jurisdiction.is_some() && !pack.invented
}

fn stories(call: &Call, packs: &Packs, name: &str) -> Option<Vec<Scenario>> {
    match ::pack::scenarios(packs, name) {
        Ok(stories) => Some(stories.into_iter().map(|(_, story)| story).collect()),
        Err(rejected) => {
            eprint!("{}", rejected.faults.render(&rejected.sources, call.language, false));
            None
        }
    }
}

/// Everything, as programs read it.
#[derive(Serialize)]
struct Wire {
    rows: Vec<OneWire>,
    measures: Vec<OneWire>,
}

/// One row, or one measure with its pack.
#[derive(Serialize)]
struct OneWire {
    #[serde(skip_serializing_if = "Option::is_none")]
    pack: Option<String>,
    id: String,
    title: String,
    procedures: Vec<String>,
    registers: Vec<String>,
    scenarios: Vec<String>,
    failed: Vec<String>,
    accepted: usize,
    refused: usize,
    other: usize,
    complete: bool,
}

impl Wire {
    fn of(coverage: &Coverage, language: Language) -> Self {
        let rows = coverage.rows.iter().map(|row| OneWire::of(None, row, language));
        let measures = coverage.measures.iter();
        let measures = measures.map(|(pack, one)| OneWire::of(Some(pack), one, language));
        Self { rows: rows.collect(), measures: measures.collect() }
    }
}

impl OneWire {
    fn of(pack: Option<&Name>, carried: &Carried, language: Language) -> Self {
        Self {
            pack: pack.map(Name::to_string),
            id: carried.id.clone(),
            title: carried.title.to(language).to_owned(),
            procedures: words(&carried.procedures),
            registers: words(&carried.registers),
            scenarios: words(&carried.scenarios),
            failed: words(&carried.failed),
            accepted: carried.accepted,
            refused: carried.refused,
            other: carried.other,
            complete: carried.lacks().is_empty(),
        }
    }
}

fn in_json(wire: &Wire) -> Result<String, Stopped> {
    let text = serde_json::to_string_pretty(wire).map_err(|error| Stopped(error.to_string()))?;
    Ok(text + "\n")
}

fn words<T: Display>(names: &BTreeSet<T>) -> Vec<String> {
    names.iter().map(T::to_string).collect()
}

/// The same for a person at the shell.
struct Page<'p> {
    packs: &'p [&'p Pack],
    language: Language,
}

impl Page<'_> {
    fn of(&self, coverage: &Coverage) -> String {
        let title = self.packs.iter().find_map(|pack| pack.codes.get(SYSTEMS));
        let title = title.map(|list| list.title.to(self.language)).unwrap_or_default();
        let rows: Vec<&Carried> = coverage.rows.iter().collect();
        let rule = self.say(
            "已落实：演练中作出过准予、不予和终止（或其他退出）各至少一次，且全部通过。",
            "Carried out: played stories reached an acceptance, a refusal and a lapse or other \
             exit, and none failed.",
        );
        let mut text = format!("{rule}\n\n{}", self.part(title, &rows));
        for pack in self.packs {
            let own = coverage.measures.iter().filter(|(of, _)| *of == pack.name);
            let own: Vec<&Carried> = own.map(|(_, measure)| measure).collect();
            if own.is_empty() {
                continue;
            }
            let title = pack.title.to(self.language);
            let title = self.say(&format!("措施：{title}"), &format!("Measures: {title}"));
            text.push_str(&format!("\n{}", self.part(&title, &own)));
        }
        text
    }

    fn part(&self, title: &str, all: &[&Carried]) -> String {
        let whole = all.iter().filter(|carried| carried.lacks().is_empty()).count();
        let none = all.iter().filter(|carried| carried.lacks() == [Lack::Everything]).count();
        let (total, part) = (all.len(), all.len() - whole - none);
        let counted = self.say(
            &format!("共 {total} 项：已落实 {whole}，部分落实 {part}，尚未落实 {none}"),
            &format!("{total}: {whole} carried out, {part} in part, {none} not yet"),
        );
        let width = all.iter().map(|carried| carried.id.len()).max().unwrap_or_default();
        let lines = all.iter().map(|carried| self.one(carried, width));
        format!("{title}\n{counted}\n{}", lines.collect::<String>())
    }

    fn one(&self, carried: &Carried, width: usize) -> String {
        let lacks = carried.lacks();
        let state = match lacks.as_slice() {
            [] => self.say("已落实　", "carried out"),
            [Lack::Everything] => self.say("尚未落实", "not yet    "),
            _ => self.say("部分落实", "in part    "),
        };
        let title = carried.title.to(self.language);
        let head = format!("  {:width$}  {state}  {title}\n", carried.id);
        let details = self.details(carried, &lacks);
        let details = details.into_iter().filter(|(_, said)| !said.is_empty());
        let said = details.map(|(what, said)| format!("  {:width$}    {what}{said}\n", ""));
        head + &said.collect::<String>()
    }

    fn details(&self, carried: &Carried, lacks: &[Lack]) -> Vec<(String, String)> {
        if lacks == [Lack::Everything] {
            return Vec::new();
        }
        let procedures: Vec<String> = carried.procedures.iter().map(|p| self.service(p)).collect();
        let registers: Vec<String> = carried.registers.iter().map(|r| self.register(r)).collect();
        let Carried { scenarios, accepted, refused, other, .. } = carried;
        let stories = scenarios.len();
        let seen = self.say(
            &format!("{stories} 个；准予 {accepted} 次，不予 {refused} 次，终止等 {other} 次"),
            &format!("{stories}; accepted {accepted}, refused {refused}, other exits {other}"),
        );
        let lacks: Vec<String> = lacks.iter().map(|lack| self.lack(*lack)).collect();
        let comma = self.say("、", "; ");
        vec![
            (self.say("事项：", "services: "), procedures.join(&comma)),
            (self.say("登记簿：", "registers: "), registers.join(&comma)),
            (self.say("演练：", "stories: "), seen),
            (self.say("尚缺：", "missing: "), lacks.join(&comma)),
            (self.say("未通过：", "failed: "), words(&carried.failed).join(&comma)),
        ]
    }

    fn lack(&self, lack: Lack) -> String {
        match lack {
            Lack::Everything => self.say("决定", "any decision"),
            Lack::Acceptance => self.say("准予", "an acceptance"),
            Lack::Refusal => self.say("不予", "a refusal"),
            Lack::Exit => self.say("终止或其他退出", "a lapse or other exit"),
            Lack::Success => self.say("演练全部通过", "stories that all come out"),
        }
    }

    fn service(&self, name: &Within) -> String {
        let pack = self.packs.iter().find(|pack| pack.name == name.pack);
        let procedure = pack.and_then(|pack| pack.procedures.get(&name.name));
        self.named(procedure.map(|procedure| &procedure.title), name)
    }

    fn register(&self, name: &Name) -> String {
        let register = self.packs.iter().find_map(|pack| pack.registers.get(name));
        self.named(register.map(|register| &register.title), name)
    }

    fn named(&self, title: Option<&Text>, name: &impl Display) -> String {
        let title = title.map(|title| title.to(self.language)).unwrap_or_default();
        self.say(&format!("{title}（{name}）"), &format!("{title} ({name})"))
    }

    fn say(&self, zh: &str, en: &str) -> String {
        match self.language {
            Language::Zh => zh.to_owned(),
            Language::En => en.to_owned(),
        }
    }
}
