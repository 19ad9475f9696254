//! The commands of the shell. Each reads the field's plain formats and writes lines or JSON;
//! progress and faults go to standard error.

mod access;
mod account;
mod bench;
mod bpmn;
mod calendar;
mod credential;
mod diff;
mod division;
mod door;
mod draw;
mod example;
mod feeds;
mod found;
mod guide;
mod id;
mod layout;
mod ledger;
mod licence;
mod pack;
mod plan;
mod scenario;
mod serve;
mod sheet;
mod siting;
mod takeover;

use std::{
    io::{self, BufRead, Write},
    path::PathBuf,
    process::ExitCode,
};

use base::Language;
use clap::{Parser, Subcommand, ValueEnum};

use crate::library::Packs;

pub(crate) use guide::facts;

/// One program for a city's health and elderly-care services.
#[derive(Debug, Parser)]
#[command(name = "yiyang", version, about, long_about = None)]
struct Yiyang {
    /// The folder with the packs; those built in serve where it has none of that name.
    #[arg(long, global = true, env = "YIYANG_PACKS", value_name = "DIR")]
    packs: Option<PathBuf>,
    /// The language of what is printed.
    #[arg(long, global = true, value_enum, env = "YIYANG_LANGUAGE", default_value = "en")]
    language: Spoken,
    #[command(subcommand)]
    command: Command,
}

/// A language as the shell writes it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Spoken {
    /// 中文
    Zh,
    /// English
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a city.
    Serve(serve::Serving),
    /// Serve an invented city on this machine, filled with two years of cases.
    Demo(serve::Demo),
    /// Measure this machine's figures.
    Bench(bench::Bench),
    /// Enter officers, and help those who cannot sign in.
    #[command(subcommand)]
    Account(account::Command),
    /// Verify a ledger, or take over a register that was kept elsewhere.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Verify electronic licences, and print the certificate it takes.
    #[command(subcommand)]
    Licence(licence::Command),
    /// Verify verifiable credentials, and print the key it takes.
    #[command(subcommand)]
    Credential(credential::Command),
    /// Check, explain and describe packs.
    #[command(subcommand)]
    Pack(pack::Command),
    /// Say who may do what.
    #[command(subcommand)]
    Access(access::Command),
    /// See what is carried out of the plans.
    #[command(subcommand)]
    Plan(plan::Command),
    /// Draw whom to inspect so that anybody can draw the same again.
    #[command(subcommand)]
    Draw(draw::Command),
    /// Draw up layout plans, each with a bound that it proves, and verify them.
    #[command(subcommand)]
    Layout(layout::Command),
    /// Choose sites with a bound, and measure how well people reach what there is.
    #[command(subcommand)]
    Siting(siting::Command),
    /// Play the stories of a pack, and run the examples of its rules.
    #[command(subcommand)]
    Scenario(scenario::Command),
    /// Check identifiers, one a line on standard input.
    #[command(subcommand)]
    Id(id::Command),
    /// Count working days.
    #[command(subcommand)]
    Days(calendar::Command),
    /// Look up administrative divisions.
    #[command(subcommand)]
    Division(division::Command),
}

/// What a command needs to know of the call.
pub(crate) struct Call {
    /// Where packs are found.
    pub(crate) packs: Packs,
    /// The language of what is printed.
    pub(crate) language: Language,
}

/// How a command ended: true when all is well.
pub(crate) type Ended = Result<bool, Stopped>;

/// Why a command could not go on, in words for the person at the shell.
#[derive(Debug)]
pub(crate) struct Stopped(pub(crate) String);

impl From<io::Error> for Stopped {
    /// A reader that has seen enough, such as `head`, is no fault and gets no words.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self(String::new()),
            _ => Self(error.to_string()),
        }
    }
}

/// Writes to standard output.
pub(crate) fn say(text: &str) -> Result<(), Stopped> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Runs the command line.
pub(crate) fn run() -> ExitCode {
    crate::web::ready_for_tls();
    let call = Yiyang::parse();
    let language = match call.language {
        Spoken::Zh => Language::Zh,
        Spoken::En => Language::En,
    };
    let beside = || Some(PathBuf::from("packs")).filter(|folder| folder.is_dir());
    let known = Call { packs: Packs(call.packs.or_else(beside)), language };
    let ended = match call.command {
        Command::Serve(serving) => serve::serve(&known, &serving),
        Command::Demo(demo) => serve::demo(&known, &demo),
        Command::Bench(plan) => bench::run(&known, plan),
        Command::Account(command) => account::run(&known, command),
        Command::Ledger(command) => ledger::run(&known, command),
        Command::Licence(command) => licence::run(&known, command),
        Command::Credential(command) => credential::run(&known, command),
        Command::Pack(command) => pack::run(&known, command),
        Command::Access(command) => access::run(&known, command),
        Command::Plan(command) => plan::run(&known, command),
        Command::Draw(command) => draw::run(&known, command),
        Command::Layout(command) => layout::run(&known, command),
        Command::Siting(command) => siting::run(&known, command),
        Command::Scenario(command) => scenario::run(&known, command),
        Command::Id(command) => id::run(&known, command),
        Command::Days(command) => calendar::run(&known, command),
        Command::Division(command) => division::run(&known, command),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(Stopped(why)) if why.is_empty() => ExitCode::SUCCESS,
        Err(Stopped(why)) => {
            eprintln!("yiyang: {why}");
            ExitCode::from(2)
        }
    }
}

/// Answers each line of standard input with a line; false when an answer says that the line was
/// wrong. Empty lines are passed over.
pub(crate) fn answer_lines(answer: impl Fn(&str) -> Result<String, String>) -> Ended {
    let mut good = true;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() {
            continue;
        }
        match answer(line) {
            Ok(answer) => writeln!(out, "{answer}")?,
            Err(answer) => {
                good = false;
                writeln!(out, "{answer}")?;
            }
        }
    }
    out.flush()?;
    Ok(good)
}
