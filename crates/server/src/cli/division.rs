//! `yiyang division path CODE`: a division and all it lies in, from the province down.

use base::{Division, Divisions, Language};
use clap::Subcommand;

use super::{Call, Ended, Stopped};

/// What can be looked up.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print each division from the province down to CODE: code, Chinese name, English name,
    /// with tabs between.
    Path {
        /// A code of 2, 4, 6, 9 or 12 digits.
        code: String,
    },
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    let Command::Path { code } = command;
    let divisions = divisions(call)?;
    let found = Division::parse(&code).and_then(|division| {
        divisions.path(&division).map(|path| path.into_iter().map(line).collect::<Vec<_>>())
    });
    match found {
        Ok(lines) => {
            println!("{}", lines.join("\n"));
            Ok(true)
        }
        Err(reason) => {
            eprintln!("invalid {}: {}", reason.word, reason.says.to(call.language));
            Ok(false)
        }
    }
}

fn line((code, name): (Division, &base::division::DivisionName)) -> String {
    format!("{code}\t{}\t{}", name.to(Language::Zh), name.to(Language::En))
}

/// The divisions of all packs together.
fn divisions(call: &Call) -> Result<Divisions, Stopped> {
    let names = call.packs.names();
    let sheets: Vec<String> =
        names.iter().filter_map(|name| call.packs.text(name, "divisions.csv")).collect();
    let texts: Vec<&str> = sheets.iter().map(String::as_str).collect();
    Divisions::from_csv(&texts).map_err(|reason| Stopped(reason.says.to(call.language).to_owned()))
}
