//! `yiyang bench`: the figures that docs/benchmarks.md publishes, measured on this machine. JSON
//! goes to standard output, progress and a table to standard error; an aim missed is a figure, no
//! fault.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{Call, Ended, Stopped, say};
use crate::{
    bench::{self, Part, Plan, line},
    json::in_order,
};

/// How much is measured.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// How many register entries, each of a case of its own, are looked up among.
    #[arg(long, default_value_t = 1_000_000)]
    entries: usize,
    /// How many seconds each load lasts.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How many officers are signed in at once, each of whom acts once in half a minute.
    #[arg(long, default_value_t = 2_000)]
    officers: usize,
    /// About how many rows the year of the invented city has, among which findings are made.
    #[arg(long, default_value_t = 2_000_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(100_000..))]
    rows: u64,
    /// Measure only this part; may be named more than once. All when absent.
    #[arg(long = "part")]
    parts: Vec<Part>,
    /// The folder under which the databases are made, and removed afterwards; on a real disk.
    #[arg(long, default_value = "var")]
    data: PathBuf,
    /// An empty PostgreSQL database, measured beside SQLite where one is named.
    #[arg(long, env = "YIYANG_TEST_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
    /// The pack's name; the first city with a demonstration when absent.
    #[arg(long, env = "YIYANG_PACK")]
    pack: Option<String>,
}

/// Runs the command.
pub(crate) fn run(call: &Call, bench: Bench) -> Ended {
    let named = bench.pack.or_else(|| {
        let shown = |name: &String| call.packs.text(name, "demo/people.csv").is_some();
        call.packs.names().into_iter().find(shown)
    });
    let plan = Plan {
        entries: bench.entries,
        parts: bench.parts,
        officers: bench.officers,
        rows: bench.rows,
        seconds: bench.seconds,
        folder: bench.data,
        server: bench.postgres,
        library: call.packs.clone(),
        pack: named.ok_or_else(|| Stopped("no pack has a demonstration; name one".into()))?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let lines = runtime.block_on(bench::run(&plan))?;
    eprint!("{}", line::table(&lines));
    let cores = std::thread::available_parallelism()?.get();
    let figures: Vec<Value> = lines.iter().map(line::Line::json).collect();
    let version = env!("CARGO_PKG_VERSION");
    let told = json!({ "version": version, "cores": cores, "figures": figures });
    say(&format!("{:#}\n", in_order(told)))?;
    Ok(true)
}
