//! `yiyang pack new`: a pack for another place from one that there is, checked and played before it
//! is written.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base::{Division, Language, Name, Text};
use clap::Args;
use replay::{memory::Memory, play};

use super::{Call, Ended, Stopped, say};
use crate::library::Packs;
use ::pack::{
    compile,
    found::{Founded, Unfounded, Wanted, found, jurisdiction},
    scenarios,
    source::{Files, Library},
};

/// What is made.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The new pack's name.
    #[arg(value_parser = name)]
    name: Name,
    /// The pack it is made from.
    #[arg(long, value_name = "PACK")]
    from: String,
    /// The place, as two digits; one of the same kind that has no pack when absent.
    #[arg(long, value_name = "CODE", value_parser = place)]
    jurisdiction: Option<Division>,
    /// The folder in which the pack's folder is made; that of the packs when absent.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// The Chinese title.
    #[arg(long, requires = "title_en")]
    title_zh: Option<String>,
    /// The English title.
    #[arg(long, requires = "title_zh")]
    title_en: Option<String>,
}

fn name(text: &str) -> Result<Name, String> {
    Name::new(text).map_err(|not| not.says().en)
}

fn place(text: &str) -> Result<Division, String> {
    Division::parse(text).map_err(|reason| reason.says.en)
}

/// The packs with one more that is not written yet.
struct Beside<'p> {
    packs: &'p Packs,
    name: &'p str,
    files: &'p Files,
}

impl Library for Beside<'_> {
    fn files(&self, pack: &str) -> Option<Files> {
        if pack == self.name { Some(self.files.clone()) } else { self.packs.files(pack) }
    }
}

/// Runs the command.
pub(crate) fn run(call: &Call, new: New) -> Ended {
    let packs = call.packs.0.clone();
    let into = new.into.clone().or(packs).unwrap_or_else(|| PathBuf::from("packs"));
    let folder = into.join(new.name.as_str());
    if folder.exists() || call.packs.names().iter().any(|known| known == new.name.as_str()) {
        let says = there_already(new.name.as_str());
        return Err(Stopped(says.to(call.language).to_owned()));
    }
    let wanted = Wanted {
        name: new.name.clone(),
        from: new.from,
        jurisdiction: new.jurisdiction,
        title: new.title_zh.zip(new.title_en).map(|(zh, en)| Text::new(zh, en)),
    };
    let mut founded = match found(&call.packs, &wanted, &taken(&call.packs)) {
        Ok(founded) => founded,
        Err(unfounded) => return refused(call, &unfounded),
    };
    let Some(left_out) = checked(call, &wanted.name, &mut founded)? else { return Ok(false) };
    founded.notes.extend(left_out);
    write(&folder, &wanted, &founded)?;
    say(&report(&folder, &founded, call.language))?;
    Ok(true)
}

fn there_already(name: &str) -> Text {
    Text::new(format!("已有名为 `{name}` 的包"), format!("there is a pack `{name}` already"))
}

/// The places that have packs.
fn taken(packs: &Packs) -> Vec<Division> {
    let names = packs.names();
    let manifests = names.iter().filter_map(|name| packs.text(name, "pack.yaml"));
    manifests.filter_map(|text| jurisdiction(&text)).collect()
}

fn refused(call: &Call, unfounded: &Unfounded) -> Ended {
    if let Unfounded::Unsound(rejected) = unfounded {
        eprint!("{}", rejected.faults.render(&rejected.sources, call.language, false));
    }
    eprintln!("{}: {}", unfounded.word(), unfounded.says().to(call.language));
    Ok(false)
}

/// Checks the pack and plays its stories; those that do not come out in the new place are left out,
/// and it is said which. `None` when the pack is not sound.
fn checked(call: &Call, name: &Name, founded: &mut Founded) -> Result<Option<Vec<Text>>, Stopped> {
    let files = founded.files.clone();
    let beside = Beside { packs: &call.packs, name: name.as_str(), files: &files };
    let rejected = |rejected: Box<::pack::Rejected>| {
        eprint!("{}", rejected.faults.render(&rejected.sources, call.language, false));
    };
    let pack = match compile(&beside, name.as_str()) {
        Ok(compiled) => compiled.pack,
        Err(faults) => {
            rejected(faults);
            return Ok(None);
        }
    };
    let stories = match scenarios(&beside, name.as_str()) {
        Ok(stories) => stories,
        Err(faults) => {
            rejected(faults);
            return Ok(None);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut left_out = Vec::new();
    for (path, story) in stories {
        if let Err(failure) = runtime.block_on(play(&pack, &story, &mut Memory::new(&pack))) {
            let inner = path.split_once('/').map_or(path.as_str(), |(_, inner)| inner);
            founded.files.remove(inner);
            left_out.push(Text::new(
                format!("没有带来演练 {inner}：{failure}"),
                format!("the story {inner} was left out: {failure}"),
            ));
        }
    }
    Ok(Some(left_out))
}

fn write(folder: &Path, wanted: &Wanted, founded: &Founded) -> Result<(), Stopped> {
    for (path, text) in &founded.files {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, text)?;
    }
    Ok(fs::write(folder.join("README.md"), readme(wanted, founded))?)
}

/// What the pack's README says: where it comes from and what is to be replaced.
fn readme(wanted: &Wanted, founded: &Founded) -> String {
    let (name, from, place) = (&wanted.name, &wanted.from, &founded.jurisdiction);
    let notes = |language: Language| -> String {
        founded.notes.iter().map(|note| format!("- {}\n", note.to(language))).collect()
    };
    format!(
        "# {name}\n\n由 `{from}` 包为地区 `{place}` 生成。使用之前须逐项核实：\n\n{}\n\
         Made from the pack `{from}` for the place `{place}`. To be checked before it is used:\n\
         \n{}",
        notes(Language::Zh),
        notes(Language::En)
    )
}

fn report(folder: &Path, founded: &Founded, language: Language) -> String {
    let folder = folder.display();
    let place = &founded.jurisdiction;
    let stories = founded.files.keys().filter(|path| path.starts_with("scenarios/")).count();
    let head = match language {
        Language::Zh => format!("{folder}：地区 {place}，可靠，{stories} 个演练成立\n"),
        Language::En => format!("{folder}: for {place}, sound, {stories} stories come out\n"),
    };
    let notes = founded.notes.iter().map(|note| format!("- {}\n", note.to(language)));
    std::iter::once(head).chain(notes).collect()
}
