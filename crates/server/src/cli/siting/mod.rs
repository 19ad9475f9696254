//! `yiyang siting`: choosing sites with a bound, and how well people reach what there is.

mod places;
mod reach;
mod solve;
mod streets;

use std::{fs, path::Path};

use ::siting::Fault;
use clap::Subcommand;

use super::{Call, Ended, Stopped, sheet::tell};

/// What can be done with sites.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Choose sites, and print them as JSON with what they are worth and what no others beat.
    Solve(solve::Solving),
    /// Print as JSON how well each place of people reaches what is supplied.
    Access(reach::Reaching),
    /// Print a table of ways along streets, for the other two.
    Ways(streets::Going),
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let done = match command {
        Command::Solve(solving) => solve::run(&solving).map(|text| format!("{text}\n")),
        Command::Access(reaching) => reach::run(&reaching).map(|text| format!("{text}\n")),
        Command::Ways(going) => streets::run(&going, call.language),
    };
    match done {
        Ok(text) => super::say(&text).map(|()| true),
        Err(No::Faults(faults)) => {
            let told = faults.iter().map(|own| (own.number(), own.says(), own.next()));
            Ok(tell(call.language, told))
        }
        Err(No::Streets(own)) => Ok(tell(call.language, [(own.number(), own.says(), own.next())])),
        Err(No::Stopped(stopped)) => Err(stopped),
    }
}

/// Why nothing is printed.
enum No {
    /// What was given has these faults.
    Faults(Vec<Fault>),
    /// What is wrong with the streets, or with a place on them.
    Streets(travel::Fault),
    /// The command cannot go on.
    Stopped(Stopped),
}

impl From<Vec<Fault>> for No {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<travel::Fault> for No {
    fn from(fault: travel::Fault) -> Self {
        Self::Streets(fault)
    }
}

impl From<Stopped> for No {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, Stopped> {
    fs::read(file).map_err(|error| Stopped(format!("`{}`: {error}", file.display())))
}
