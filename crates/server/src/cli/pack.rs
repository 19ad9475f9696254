//! `yiyang pack …`: check a pack, explain a procedure, compare packs, list facts, describe the
//! language.

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::{Call, Ended, Stopped, diff, found, guide, say};
use crate::library::Packs;
use ::pack::{
    Compiled, compile,
    language::{
        Authorities, FigureFile, Manifest, MigrationFile, ProcedureFile, RegisterFile, Remedies,
        Section, TableFile, scenario::Scenario,
    },
    model::Pack,
    schema::json_schema,
};

/// What can be done with packs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read, link and prove a pack; print every fault at once.
    Check {
        /// The pack's folder.
        dir: PathBuf,
        /// The folder of an earlier edition: hold the plans by which its cases move against it.
        #[arg(long, value_name = "OLD")]
        from: Option<PathBuf>,
    },
    /// Print the service guide of a procedure.
    Explain {
        /// The procedure's name.
        procedure: String,
        /// The pack's folder; the first pack that has the procedure when absent.
        dir: Option<PathBuf>,
    },
    /// Say what changes for whom: between two packs, or between two days of one.
    Diff(diff::Compared),
    /// Make a pack for another place from one that there is.
    New(found::New),
    /// Print the JSON Schema of each kind of file, for editors.
    Schema {
        /// Write one file a kind into this folder instead.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// List every citation and figure with how sure we are of it.
    Facts {
        /// The pack's folder.
        dir: PathBuf,
        /// Only those not read in their source itself.
        #[arg(long)]
        unverified: bool,
    },
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    match command {
        Command::Check { dir, from } => check(call, &dir, from.as_deref()),
        Command::Explain { procedure, dir } => explain(call, &procedure, dir.as_deref()),
        Command::Diff(compared) => diff::run(call, &compared),
        Command::New(new) => found::run(call, new),
        Command::Schema { out } => schema(out.as_deref()),
        Command::Facts { dir, unverified } => facts(call, &dir, unverified),
    }
}

/// Compiles the pack in `dir`, or prints its faults.
pub(crate) fn load(call: &Call, dir: &Path) -> Result<Option<Compiled>, Stopped> {
    if !dir.join("pack.yaml").is_file() {
        let says = format!("`{}` holds no pack.yaml; name a pack's folder", dir.display());
        return Err(Stopped(says));
    }
    let (packs, name) = Packs::beside(dir);
    Ok(load_named(call, &packs, &name))
}

/// Compiles a pack by name, or prints its faults.
pub(crate) fn load_named(call: &Call, packs: &Packs, name: &str) -> Option<Compiled> {
    let colour = std::io::stderr().is_terminal();
    match compile(packs, name) {
        Ok(compiled) => Some(compiled),
        Err(rejected) => {
            eprint!("{}", rejected.faults.render(&rejected.sources, call.language, colour));
            None
        }
    }
}

fn check(call: &Call, dir: &Path, from: Option<&Path>) -> Ended {
    let Some(Compiled { pack, .. }) = load(call, dir)? else { return Ok(false) };
    let (packs, name) = Packs::beside(dir);
    if let Err(rejected) = ::pack::scenarios(&packs, &name) {
        eprint!("{}", rejected.faults.render(&rejected.sources, call.language, false));
        return Ok(false);
    }
    let hash = pack.hash;
    println!(
        "{}: {} procedures, {} registers, {} tables: sound\n{hash}",
        pack.name,
        pack.procedures.len(),
        pack.registers.len(),
        pack.tables.len()
    );
    match from {
        Some(from) => Ok(load(call, from)?.is_some_and(|old| moves(call, &old.pack, &pack))),
        None => Ok(true),
    }
}

/// Prints what hinders each plan for the cases of an earlier edition; false where there is none, or
/// one is not sound.
fn moves(call: &Call, old: &Pack, new: &Pack) -> bool {
    let plans: Vec<_> = new.migrations.values().filter(|plan| plan.from == old.hash).collect();
    if plans.is_empty() {
        eprintln!("no migration is `from` {}", old.hash);
        return false;
    }
    let mut sound = true;
    for plan in plans {
        let hindered = ::pack::migrate::check(old, new, plan);
        for fault in &hindered {
            let at = fault.step.as_ref().map(|step| format!(" {step}")).unwrap_or_default();
            eprintln!("{}{at}: {}: {}", plan.name, fault.word, fault.says.to(call.language));
        }
        if hindered.is_empty() {
            println!("{}: {} steps move, {} stay", plan.name, plan.steps.len(), plan.stays.len());
        }
        sound &= hindered.is_empty();
    }
    sound
}

fn explain(call: &Call, procedure: &str, dir: Option<&Path>) -> Ended {
    let compiled = match dir {
        Some(dir) => load(call, dir)?,
        None => with_procedure(call, procedure),
    };
    let Some(Compiled { pack, .. }) = compiled else { return Ok(false) };
    match pack.procedures.get(procedure) {
        Some(found) => {
            say(&guide::of(&pack, found, call.language))?;
            Ok(true)
        }
        None => {
            let known = pack.procedures.keys().map(base::Name::as_str);
            let near = base::near::near_miss(procedure, known);
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            eprintln!("there is no procedure `{procedure}`{near}");
            Ok(false)
        }
    }
}

/// The first pack with that procedure, invented ones last; any pack when none has it.
fn with_procedure(call: &Call, procedure: &str) -> Option<Compiled> {
    let names = call.packs.names();
    let mut compiled: Vec<Compiled> =
        names.iter().filter_map(|name| compile(&call.packs, name).ok()).collect();
    compiled.sort_by_key(|c| (!c.pack.procedures.contains_key(procedure), c.pack.invented));
    compiled.into_iter().next()
}

/// The schema of each kind of file, by the path that files of the kind have.
fn schemas() -> Map<String, Value> {
    [
        ("pack.yaml", json_schema::<Manifest>()),
        ("authorities.yaml", json_schema::<Authorities>()),
        ("remedies.yaml", json_schema::<Remedies>()),
        ("figures/*.yaml", json_schema::<FigureFile>()),
        ("sections/*.yaml", json_schema::<Section>()),
        ("registers/*.yaml", json_schema::<RegisterFile>()),
        ("tables/*.yaml", json_schema::<TableFile>()),
        ("procedures/*.yaml", json_schema::<ProcedureFile>()),
        ("migrations/*.yaml", json_schema::<MigrationFile>()),
        ("scenarios/*.yaml", json_schema::<Scenario>()),
    ]
    .map(|(path, schema)| (path.to_owned(), schema))
    .into_iter()
    .collect()
}

fn schema(out: Option<&Path>) -> Ended {
    let Some(folder) = out else {
        say(&format!("{:#}\n", Value::Object(schemas())))?;
        return Ok(true);
    };
    std::fs::create_dir_all(folder)?;
    for (path, schema) in schemas() {
        let kind = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        std::fs::write(folder.join(format!("{kind}.schema.json")), format!("{schema:#}\n"))?;
    }
    Ok(true)
}

fn facts(call: &Call, dir: &Path, unverified: bool) -> Ended {
    let Some(Compiled { pack, .. }) = load(call, dir)? else { return Ok(false) };
    let facts: Vec<Value> = guide::facts(&pack, call.language)
        .into_iter()
        .filter(|fact| !unverified || fact.basis.confidence != base::Confidence::Verified)
        .map(|fact| {
            json!({
                "where": fact.place,
                "says": fact.says,
                "act": fact.basis.act,
                "article": fact.basis.article,
                "confidence": guide::word(fact.basis.confidence),
            })
        })
        .collect();
    say(&format!("{:#}\n", Value::Array(facts)))?;
    Ok(true)
}
