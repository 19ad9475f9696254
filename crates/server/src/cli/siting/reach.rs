//! How well people reach what there is, from three tables.

use std::path::PathBuf;

use ::siting::{
    Fault,
    access::{Decay, Measure, Reach, Settings, Steps, choices, two_stage, within},
    equity,
    instance::csv::{reach, table, ways},
};
use clap::Args;
use serde_json::{Map, Value, json};

use super::{No, bytes};

/// What is read, and how it is measured.
#[derive(Debug, Args)]
pub(crate) struct Reaching {
    /// A table of what is supplied: `id` and an amount.
    #[arg(long)]
    supply: PathBuf,
    /// A table of people: `id` and how many.
    #[arg(long)]
    demand: PathBuf,
    /// A table of ways, as far as they are known: `origin`, `dest`, and what they cost, in minutes.
    #[arg(long)]
    cost: PathBuf,
    /// The column of the amounts supplied.
    #[arg(long, default_value = "beds")]
    supply_column: String,
    /// The column of how many people there are.
    #[arg(long, default_value = "pop")]
    demand_column: String,
    /// The column of what a way costs.
    #[arg(long, default_value = "cost")]
    cost_column: String,
    /// How far people go in two stages and where supply is counted, inclusive.
    #[arg(long, default_value_t = Settings::default().until)]
    until: f64,
    /// How far a way counts at all, inclusive.
    #[arg(long, default_value_t = Settings::default().farthest)]
    farthest: f64,
    /// Steps of the enhanced two stages: `10=1,20=0.68,30=0.22`.
    #[arg(long, default_value_t = Settings::default().steps.to_string())]
    steps: String,
    /// Steps of the three stages.
    #[arg(long, default_value_t = Settings::default().three_steps.to_string())]
    three_steps: String,
    /// The width of Gaussian weights.
    #[arg(long, default_value_t = Settings::default().width)]
    width: f64,
    /// The time that is as bad as a place as crowded as all are on average.
    #[arg(long, default_value_t = Settings::default().tau)]
    tau: f64,
}

/// The measures of each place, as JSON.
pub(super) fn run(asked: &Reaching) -> Result<String, No> {
    let supply = table(&bytes(&asked.supply)?, "id", &[&asked.supply_column])?;
    let people = table(&bytes(&asked.demand)?, "id", &[&asked.demand_column])?;
    let columns = ["origin", "dest", asked.cost_column.as_str()];
    let known = ways(&bytes(&asked.cost)?, columns, &people, &supply, asked.farthest)?;
    let reach = reach(&people, &supply, known)?;
    let measured = measured(asked, &reach)?;
    let two = two_stage(&reach, asked.until, &Decay::Even)?;
    let of_all = json!({
        "gini": equity::gini(&two, reach.people())?,
        "worst_tenth": equity::worst_off(&two, reach.people(), 0.1)?,
        "of": "2sfca",
    });
    Ok(json!({
        "id": people.ids, "ways": reach.ways(), "measures": measured, "equity": of_all,
        "assumed": {
            "until": asked.until, "farthest": asked.farthest, "steps": asked.steps,
            "three_steps": asked.three_steps, "width": asked.width, "tau": asked.tau,
        },
    })
    .to_string())
}

fn measured(asked: &Reaching, reach: &Reach) -> Result<Value, Fault> {
    let how = Settings {
        until: asked.until,
        farthest: asked.farthest,
        steps: Steps::read(&asked.steps)?,
        three_steps: Steps::read(&asked.three_steps)?,
        width: asked.width,
        tau: asked.tau,
    };
    let mut all = Map::new();
    for own in Measure::ALL {
        all.insert(own.word().to_owned(), json!(own.of_each(reach, &how)?));
    }
    all.insert("within".to_owned(), json!(within(reach, asked.until, &Decay::Even)?));
    all.insert("choices".to_owned(), json!(choices(reach, asked.until)?));
    Ok(Value::Object(all))
}
