//! `yiyang pack …`: check a pack, explain or draw a procedure, compare packs, list facts, describe the
//! language.

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::{Call, Ended, Stopped, bpmn, diff, found, guide, say};
use crate::library::Packs;
use ::pack::{
    Compiled, compile,
    language::{
        Authorities, FigureFile, Manifest, ProcedureFile, RegisterFile, Remedies, Section,
        TableFile, scenario::Scenario,
    },
    model::{Pack, Procedure},
    schema::json_schema,
};

/// What can be done with packs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read, link and prove a pack; print every fault at once.
    Check {
        /// The pack's folder.
        dir: PathBuf,
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
    /// Draw a procedure as BPMN 2.0 XML, which any viewer opens.
    Bpmn {
        /// The procedure's name.
        procedure: String,
        /// The pack's folder; the first pack that has the procedure when absent.
        dir: Option<PathBuf>,
        /// Write into this file instead.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
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
        Command::Check { dir } => check(call, &dir),
        Command::Explain { procedure, dir } => explain(call, &procedure, dir.as_deref()),
        Command::Diff(compared) => diff::run(call, &compared),
        Command::New(new) => found::run(call, new),
        Command::Bpmn { procedure, dir, out } => {
            bpmn::draw(call, &procedure, dir.as_deref(), out.as_deref())
        }
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

fn check(call: &Call, dir: &Path) -> Ended {
    let Some(Compiled { pack, .. }) = load(call, dir)? else { return Ok(false) };
    let (packs, name) = Packs::beside(dir);
    if let Err(rejected) = ::pack::scenarios(&packs, &name) {
        eprint!("{}", rejected.faults.render(&rejected.sources, call.language, false));
        return Ok(false);
    }
    let hash: String = pack.hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
    println!(
        "{}: {} procedures, {} registers, {} tables: sound\n{hash}",
        pack.name,
        pack.procedures.len(),
        pack.registers.len(),
        pack.tables.len()
    );
    Ok(true)
}

fn explain(call: &Call, procedure: &str, dir: Option<&Path>) -> Ended {
    with_procedure(call, procedure, dir, |pack, found| say(&guide::of(pack, found, call.language)))
}

/// Does something with a procedure of the pack in `dir`, or of the first pack that has it; says
/// what was probably meant where there is none of that name.
pub(crate) fn with_procedure(
    call: &Call,
    procedure: &str,
    dir: Option<&Path>,
    act: impl FnOnce(&Pack, &Procedure) -> Result<(), Stopped>,
) -> Ended {
    let compiled = match dir {
        Some(dir) => load(call, dir)?,
        None => first_with(call, procedure),
    };
    let Some(Compiled { pack, .. }) = compiled else { return Ok(false) };
    match pack.procedures.get(procedure) {
        Some(found) => act(&pack, found).map(|()| true),
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
fn first_with(call: &Call, procedure: &str) -> Option<Compiled> {
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
