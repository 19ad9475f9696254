//! `yiyang ledger`: for `verify` every view is rebuilt from the ledger and compared byte for byte;
//! `takeover` has a file of its own.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::{Call, Ended, Stopped, pack::load_named, say};
use crate::{city, city::Place, json::in_order};

/// What can be done with a ledger.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check the chain of entries and compare every view with what the ledger says.
    Verify {
        /// The folder of the city.
        #[arg(long, default_value = "var")]
        data: PathBuf,
        /// The database, where it is not in the folder.
        #[arg(long, env = "YIYANG_DATABASE")]
        database: Option<String>,
        /// The name of the pack the city runs.
        #[arg(long, env = "YIYANG_PACK")]
        pack: Option<String>,
    },
    /// Take over a register that was kept in a spreadsheet: each row becomes a case, decided at
    /// once.
    Takeover(super::takeover::Takeover),
}

/// The first city with a demonstration.
pub(super) fn shown(call: &Call) -> Option<String> {
    let shown = |name: &String| call.packs.text(name, "demo/people.csv").is_some();
    call.packs.names().into_iter().find(shown)
}

/// Runs the command.
pub(crate) fn run(call: &Call, command: Command) -> Ended {
    match command {
        Command::Verify { data, database, pack } => verify(call, &data, database, pack),
        Command::Takeover(takeover) => super::takeover::run(call, &takeover),
    }
}

fn verify(call: &Call, data: &Path, database: Option<String>, pack: Option<String>) -> Ended {
    if database.is_none() && !data.join("city.db").is_file() {
        return Err(Stopped(format!("`{}` holds no city", data.display())));
    }
    let named = pack.or_else(|| shown(call));
    let name = named.ok_or_else(|| Stopped("name the pack the city runs".to_owned()))?;
    let Some(compiled) = load_named(call, &call.packs, &name) else { return Ok(false) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let place = Place::new(data, database)?;
        let nowhere = || Stopped(format!("`{name}` has no jurisdiction"));
        let jurisdiction = compiled.pack.jurisdiction.clone().ok_or_else(nowhere)?;
        let store = place.open(&jurisdiction).await?;
        city::know_kept(&store).await?;
        let verified = store.verify().await.map_err(|error| Stopped(error.to_string()))?;
        say(&format!(
            "{:#}\n",
            in_order(json!({
                "entries": verified.entries,
                "cases": verified.cases,
                "versions": verified.versions,
                "faults": verified.faults,
            }))
        ))?;
        Ok(verified.faults.is_empty())
    })
}
