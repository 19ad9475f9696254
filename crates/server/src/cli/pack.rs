//! `yiyang pack …`: check a pack, explain or draw a procedure, compare packs, list facts, describe
//! the language.

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

use base::Text;
use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::{Call, Ended, Stopped, bpmn, diff, found, guide, say};
use crate::{json::in_order, library::Packs};
use ::pack::{
    Compiled, compile,
    language::{
        Authorities, BoardFile, CreditFile, ExampleFile, FeedFile, FigureFile, FindingKindsFile,
        KnowledgeFile, LifeEventFile, Manifest, MigrationFile, PictureFile, ProcedureFile,
        RegisterFile, Remedies, RequirementFile, RiskFile, Section, ServiceFile, SupervisionFile,
        TableFile, scenario::Scenario,
    },
    model::{Pack, Procedure},
    schema::json_schema,
    source::Library,
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
    /// Draw every procedure of a pack so, a file each.
    Drawings {
        /// The pack's folder.
        dir: PathBuf,
        /// The folder in which `PROCEDURE.bpmn` is written for each.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
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
        Command::Check { dir, from } => check(call, &dir, from.as_deref()),
        Command::Explain { procedure, dir } => explain(call, &procedure, dir.as_deref()),
        Command::Diff(compared) => diff::run(call, &compared),
        Command::New(new) => found::run(call, new),
        Command::Bpmn { procedure, dir, out } => {
            bpmn::draw(call, &procedure, dir.as_deref(), out.as_deref())
        }
        Command::Drawings { dir, out } => bpmn::draw_all(call, &dir, &out),
        Command::Schema { out } => schema(out.as_deref()),
        Command::Facts { dir, unverified } => facts(call, &dir, unverified),
    }
}

/// Compiles the pack in `dir`, or prints its faults.
pub(crate) fn load(call: &Call, dir: &Path) -> Result<Option<Compiled>, Stopped> {
    if !dir.join("pack.yaml").is_file() {
        let dir = dir.display();
        let says = Text::new(
            format!("`{dir}` 中没有 pack.yaml；请写包的文件夹"),
            format!("`{dir}` holds no pack.yaml; name a pack's folder"),
        );
        return Err(Stopped(says.to(call.language).to_owned()));
    }
    let (packs, name) = Packs::beside(dir);
    Ok(load_named(call, &packs, &name))
}

/// Compiles a pack by name, or prints its faults.
pub(crate) fn load_named(call: &Call, packs: &Packs, name: &str) -> Option<Compiled> {
    let colour = std::io::stderr().is_terminal();
    let compiled = compile(packs, name);
    // Who may do what is part of the pack; nothing is served that nobody may see.
    match compiled.and_then(|own| access::read(&own.pack).map(|_| own)) {
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
    let told = ::pack::scenarios(&packs, &name).map(drop);
    if let Err(rejected) = told.and_then(|()| ::pack::examples(&packs, &name, &pack).map(drop)) {
        eprint!("{}", rejected.faults.render(&rejected.sources, call.language, false));
        return Ok(false);
    }
    say(&format!("{}\n{}\n", sound(&packs, &name).to(call.language), pack.hash))?;
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

/// What a sound pack has of its own; what it inherits is its parent's to count.
fn sound(packs: &Packs, name: &str) -> Text {
    let files = packs.files(name).unwrap_or_default();
    let count = |folder: &str| files.keys().filter(|path| path.starts_with(folder)).count();
    let [procedures, registers, tables] = ["procedures/", "registers/", "tables/"].map(count);
    let many = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    Text::new(
        format!("{name}：{procedures} 个程序、{registers} 个登记簿、{tables} 张表，可靠"),
        format!(
            "{name}: {}, {}, {}: sound",
            many(procedures, "procedure"),
            many(registers, "register"),
            many(tables, "table")
        ),
    )
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
            let near = near.map(|near| {
                Text::new(format!("；是否想写 `{near}`？"), format!("; did you mean `{near}`?"))
            });
            let near = near.unwrap_or_else(|| Text::new("", ""));
            let says = Text::new(
                format!("没有程序 `{procedure}`{}", near.zh),
                format!("there is no procedure `{procedure}`{}", near.en),
            );
            eprintln!("{}", says.to(call.language));
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
        ("life-events.yaml", json_schema::<LifeEventFile>()),
        ("service.yaml", json_schema::<ServiceFile>()),
        ("finding-kinds.yaml", json_schema::<FindingKindsFile>()),
        ("figures/*.yaml", json_schema::<FigureFile>()),
        ("sections/*.yaml", json_schema::<Section>()),
        ("registers/*.yaml", json_schema::<RegisterFile>()),
        ("requirements/*.yaml", json_schema::<RequirementFile>()),
        ("tables/*.yaml", json_schema::<TableFile>()),
        ("procedures/*.yaml", json_schema::<ProcedureFile>()),
        ("migrations/*.yaml", json_schema::<MigrationFile>()),
        ("feeds/*.yaml", json_schema::<FeedFile>()),
        ("knowledge/*.yaml", json_schema::<KnowledgeFile>()),
        ("supervision/*.yaml", json_schema::<SupervisionFile>()),
        ("risk/*.yaml", json_schema::<RiskFile>()),
        ("credit/*.yaml", json_schema::<CreditFile>()),
        ("boards/*.yaml", json_schema::<BoardFile>()),
        ("pictures/*.yaml", json_schema::<PictureFile>()),
        ("examples/*.yaml", json_schema::<ExampleFile>()),
        ("scenarios/*.yaml", json_schema::<Scenario>()),
    ]
    .map(|(path, schema)| (path.to_owned(), schema))
    .into_iter()
    .collect()
}

fn schema(out: Option<&Path>) -> Ended {
    let Some(folder) = out else {
        say(&format!("{:#}\n", in_order(Value::Object(schemas()))))?;
        return Ok(true);
    };
    std::fs::create_dir_all(folder)?;
    for (path, schema) in schemas() {
        let kind = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        std::fs::write(
            folder.join(format!("{kind}.schema.json")),
            format!("{:#}\n", in_order(schema)),
        )?;
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
    say(&format!("{:#}\n", in_order(Value::Array(facts))))?;
    Ok(true)
}
