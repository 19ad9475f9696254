//! The checker's own test: every slip of the hand in a good pack is found at its line, or is listed
//! with the reason why it is none.
//!
//! `equivalent.txt` lists the slips that leave a good pack, `elsewhere.txt` those that are found,
//! but not at their line; `faults.txt` is what the checker says. `GOLDEN=1` writes the last anew.

mod list;
mod mutant;
mod tree;

use std::{collections::BTreeMap, env, fs, path::PathBuf, thread};

use pack::{
    diff::{Days, between},
    fault::{Faults, Sources},
    language::{
        Authorities, BoardFile, CreditFile, FeedFile, FigureFile, FindingKindsFile, KnowledgeFile,
        LifeEventFile, Manifest, PictureFile, ProcedureFile, RegisterFile, Remedies,
        RequirementFile, RiskFile, Section, ServiceFile, SupervisionFile, TableFile,
    },
    model::Pack,
    node::{Span, parse},
    read::Read,
};

use crate::town::Town;
use list::List;
use mutant::Mutant;

/// What the checker said about a mutant.
#[derive(Debug)]
struct Verdict {
    /// The words of its faults, each once.
    words: Vec<&'static str>,
    /// True when one stands at the slip.
    at_slip: bool,
}

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mutate").join(name)
}

fn judged(good: &Pack, town: &Town, mutant: &Mutant) -> Verdict {
    let mut sources = Sources::default();
    let faults = read_alone(mutant, &mut sources);
    if !faults.is_empty() {
        return verdict(&faults, &sources, mutant);
    }
    match town.with(&mutant.file, mutant.text.clone()).compile() {
        Ok(changed) => {
            must_be_told(good, &changed.pack, &mutant.id);
            Verdict { words: Vec::new(), at_slip: false }
        }
        Err(rejected) => verdict(&rejected.faults, &rejected.sources, mutant),
    }
}

/// A slip that leaves a good pack is a change of it, and comparing the two names some difference.
fn must_be_told(good: &Pack, changed: &Pack, id: &str) {
    let hashless = |pack: &Pack| format!("{pack:?}").replace(&format!("{:?}", pack.hash), "");
    let told = !between(good, changed, Days::Telling).differences.is_empty();
    assert_eq!(told, hashless(good) != hashless(changed), "{id}: is the change told?");
}

/// What is wrong with the file alone. A pack is linked only when all its files were read, so where
/// there is something this is all, and the other files need not be read thousands of times.
fn read_alone(mutant: &Mutant, sources: &mut Sources) -> Faults {
    let mut faults = Faults::default();
    let file = sources.add(format!("willow/{}", mutant.file), mutant.text.clone());
    let Some(node) = parse(file, &mutant.text, &mut faults) else { return faults };
    match mutant.file.split('/').next().unwrap_or_default() {
        "pack.yaml" => drop(Manifest::read(&node, &mut faults)),
        "authorities.yaml" => drop(Authorities::read(&node, &mut faults)),
        "remedies.yaml" => drop(Remedies::read(&node, &mut faults)),
        "finding-kinds.yaml" => drop(FindingKindsFile::read(&node, &mut faults)),
        "life-events.yaml" => drop(LifeEventFile::read(&node, &mut faults)),
        "service.yaml" => drop(ServiceFile::read(&node, &mut faults)),
        "figures" => drop(FigureFile::read(&node, &mut faults)),
        "sections" => drop(Section::read(&node, &mut faults)),
        "registers" => drop(RegisterFile::read(&node, &mut faults)),
        "requirements" => drop(RequirementFile::read(&node, &mut faults)),
        "tables" => drop(TableFile::read(&node, &mut faults)),
        "feeds" => drop(FeedFile::read(&node, &mut faults)),
        "knowledge" => drop(KnowledgeFile::read(&node, &mut faults)),
        "risk" => drop(RiskFile::read(&node, &mut faults)),
        "credit" => drop(CreditFile::read(&node, &mut faults)),
        "boards" => drop(BoardFile::read(&node, &mut faults)),
        "pictures" => drop(PictureFile::read(&node, &mut faults)),
        "supervision" => drop(SupervisionFile::read(&node, &mut faults)),
        "procedures" => drop(ProcedureFile::read(&node, &mut faults)),
        other => panic!("no reader for `{other}`"),
    }
    faults
}

fn verdict(faults: &Faults, sources: &Sources, mutant: &Mutant) -> Verdict {
    let mut words: Vec<_> = faults.iter().map(|fault| fault.word).collect();
    words.sort_unstable();
    words.dedup();
    let file = format!("willow/{}", mutant.file);
    let at_slip = |at: Span| {
        let line = sources.line(at);
        sources.path(at.file) == file && mutant.lines.iter().any(|lines| lines.contains(&line))
    };
    Verdict { words, at_slip: faults.iter().any(|fault| at_slip(fault.at)) }
}

/// Every mutant of every file of the town.
fn all_mutants(town: &Town) -> Vec<Mutant> {
    let files = town.files();
    files.flat_map(|(file, text)| mutant::mutants(file, &tree::read(text))).collect()
}

#[test]
fn the_town_is_sound_however_it_is_laid_out() {
    let mut town = Town::willow();
    for (file, text) in Town::willow().files() {
        town.put(file, tree::write(&tree::read(text)).0);
    }
    assert!(town.compile().is_ok());
}

fn all_judged(town: &Town, mutants: &[Mutant]) -> Vec<Verdict> {
    let good = town.compile().expect("the town is sound").pack;
    let good = &good;
    let hands = thread::available_parallelism().map_or(1, usize::from);
    let share = mutants.len().div_ceil(hands);
    let judge = |some: &[Mutant]| some.iter().map(|m| judged(good, town, m)).collect::<Vec<_>>();
    thread::scope(|scope| {
        let work = mutants.chunks(share).map(|some| scope.spawn(move || judge(some)));
        let running: Vec<_> = work.collect();
        running.into_iter().flat_map(|one| one.join().expect("no mutant panics")).collect()
    })
}

#[test]
fn every_slip_is_found_or_listed() {
    let town = Town::willow();
    let mutants = all_mutants(&town);
    let verdicts = all_judged(&town, &mutants);
    let mut equivalent = List::read(&data("equivalent.txt"));
    let mut elsewhere = List::read(&data("elsewhere.txt"));
    let mut wrong = Vec::new();
    for (mutant, verdict) in mutants.iter().zip(&verdicts) {
        let list = if verdict.words.is_empty() { &mut equivalent } else { &mut elsewhere };
        if !verdict.at_slip && !list.covers(&mutant.id) {
            wrong.push(format!("{} {}: {}", list.name, mutant.id, verdict.words.join(" ")));
        }
    }
    wrong.extend(equivalent.stale().chain(elsewhere.stale()));
    let (all, unlisted) = (mutants.len(), wrong.len());
    assert!(wrong.is_empty(), "{unlisted} of {all} slips\n{}", wrong.join("\n"));
    check_golden(&mutants, &verdicts);
}

/// One line for each class of slips and what is said about it, with how many there are.
fn check_golden(mutants: &[Mutant], verdicts: &[Verdict]) {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for (mutant, verdict) in mutants.iter().zip(verdicts) {
        let said = if verdict.words.is_empty() { "-".to_owned() } else { verdict.words.join(" ") };
        *counted.entry(format!("{}: {said}", mutant.class)).or_default() += 1;
    }
    let lines = counted.iter().map(|(said, count)| format!("{said} ({count})\n"));
    let text = lines.collect::<String>();
    let path = data("faults.txt");
    if env::var_os("GOLDEN").is_some() {
        fs::write(&path, &text).expect("the golden can be written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    let differs = |one: &str, other: &str, sign: char| {
        let missing = one.lines().filter(|line| !other.lines().any(|known| known == *line));
        missing.map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    let differences = differs(&golden, &text, '-') + &differs(&text, &golden, '+');
    assert!(golden == text, "faults.txt differs; look, then GOLDEN=1\n{differences}");
}
