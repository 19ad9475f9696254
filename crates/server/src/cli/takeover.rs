//! `yiyang ledger takeover`: a register that was kept in a spreadsheet is taken over row by row.
//! The summary goes to standard output as JSON.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use base::{Division, Name, Text};
use clap::Args;
use kernel::{Actor, BodyId};
use serde_json::json;

use super::{Call, Ended, Stopped, pack::load_named, say};
use crate::{
    city::{self, Place},
    json::in_order,
    takeover::{Order, Outcome, Sheet, Whose, read_sheet, take_over, write_to_mend},
    web::Clock,
};
use ::pack::{Compiled, model::Pack};

/// What is taken over, and how.
#[derive(Debug, Args)]
pub(crate) struct Takeover {
    /// The spreadsheet: CSV (UTF-8 or GB18030) or XLSX; its first row names questions of the form.
    rows: PathBuf,
    /// The folder of the city.
    #[arg(long, default_value = "var")]
    data: PathBuf,
    /// The database, where it is not in the folder.
    #[arg(long, env = "YIYANG_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The name of the pack the city runs.
    #[arg(long, env = "YIYANG_PACK")]
    pack: Option<String>,
    /// The procedure by which each row becomes a case.
    #[arg(long, value_parser = named)]
    procedure: Name,
    /// Whose officer files and decides: OFFICE@DIVISION, or OFFICE@each for the body that is
    /// competent for the row.
    #[arg(long, value_parser = whose)]
    by: Arc<Whose>,
    /// The outcome that is chosen at once.
    #[arg(long, value_parser = named)]
    outcome: Name,
    /// Where the rows that were refused are written, to be mended and sent in again.
    #[arg(long, value_name = "OUT.csv")]
    mend: Option<PathBuf>,
    /// What the source is called; the name of the file when absent.
    #[arg(long)]
    source: Option<String>,
    /// An answer for every row that has none: QUESTION=TEXT, where {source} and {row} say where the
    /// row is from.
    #[arg(long, value_name = "QUESTION=TEXT", value_parser = answer)]
    answer: Vec<(String, String)>,
    /// How many rows are on their way at once.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..=2048))]
    workers: u16,
}

fn named(text: &str) -> Result<Name, String> {
    Name::new(text).map_err(|fault| fault.says().en)
}

fn whose(text: &str) -> Result<Arc<Whose>, String> {
    let (office, division) = text.split_once('@').ok_or("write OFFICE@DIVISION or OFFICE@each")?;
    let office = named(office)?;
    if division == "each" {
        return Ok(Arc::new(Whose::Each(office)));
    }
    let division = Division::parse(division).map_err(|reason| reason.says.en)?;
    Ok(Arc::new(Whose::One(BodyId { office, division })))
}

fn answer(text: &str) -> Result<(String, String), String> {
    let (path, answer) = text.split_once('=').ok_or("write QUESTION=TEXT")?;
    Ok((path.to_owned(), answer.to_owned()))
}

/// Runs the command.
pub(crate) fn run(call: &Call, takeover: &Takeover) -> Ended {
    let name = takeover.pack.clone().or_else(|| super::ledger::shown(call));
    let name = name.ok_or_else(|| Stopped("name the pack the city runs".to_owned()))?;
    let Some(compiled) = load_named(call, &call.packs, &name) else { return Ok(false) };
    let sheet = read_sheet(&takeover.rows, &takeover.source())?;
    order(takeover, &compiled.pack)?.must_ask(&sheet)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(taken_over(call, takeover, compiled, &sheet))
}

fn order<'p>(takeover: &Takeover, pack: &'p Pack) -> Result<Order<'p>, Stopped> {
    let answers: BTreeMap<String, String> = takeover.answer.iter().cloned().collect();
    let whose = takeover.by.clone();
    Order::new(pack, &takeover.procedure, whose, &takeover.outcome, answers)
}

impl Takeover {
    fn source(&self) -> String {
        let file = || self.rows.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.source.clone().unwrap_or_else(file)
    }
}

async fn taken_over(call: &Call, takeover: &Takeover, compiled: Compiled, sheet: &Sheet) -> Ended {
    let place = Place::new(&takeover.data, takeover.database.clone())?;
    let nowhere = || Stopped(format!("`{}` has no jurisdiction", compiled.pack.name));
    let jurisdiction = compiled.pack.jurisdiction.clone().ok_or_else(nowhere)?;
    let store = place.open(&jurisdiction).await?;
    let packs = city::packs(&store, compiled, Actor::Clock, Clock::System.now()).await?;
    let order = order(takeover, &packs.live)?;
    let outcome = take_over(&store, &order, sheet, usize::from(takeover.workers)).await?;
    if let Some(path) = &takeover.mend {
        write_to_mend(path, sheet, &outcome.refused, call.language)?;
    }
    if !outcome.refused.is_empty() {
        eprintln!("yiyang: {}", to_mend(takeover, &outcome).to(call.language));
    }
    say(&format!("{:#}\n", in_order(summary(&outcome))))?;
    Ok(outcome.refused.is_empty())
}

fn summary(outcome: &Outcome<'_>) -> serde_json::Value {
    json!({
        "taken_over": outcome.taken_over,
        "already_there": outcome.already_there,
        "refused": outcome.by_kind(),
        "seconds": outcome.time.as_secs_f64(),
        "rows_a_second": u64::try_from(outcome.rate()).unwrap_or(u64::MAX),
    })
}

fn to_mend(takeover: &Takeover, outcome: &Outcome<'_>) -> Text {
    let count = outcome.refused.len();
    match &takeover.mend {
        Some(path) => Text::new(
            format!("{count} 行未接管，见 `{}`；改正后用同一命令再次送入", path.display()),
            format!(
                "{count} rows were refused and are in `{}`; mend them and send that file in by \
                 the same command",
                path.display()
            ),
        ),
        None => Text::new(
            format!("{count} 行未接管；加 `--mend OUT.csv` 再次运行，即可得到这些行及原因"),
            format!(
                "{count} rows were refused; run it again with `--mend OUT.csv` to get them with \
                 the reasons"
            ),
        ),
    }
}
