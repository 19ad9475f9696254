//! Durable transitions: so many clients, each of whom submits the next step of a case as soon as
//! the step before is on the disk (a closed loop).

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::{
    line::{Aim, Line, Per, Rate, Taken},
    town::{DAYS, Town, refused},
};
use crate::cli::Stopped;

/// Measures `clients` clients for so many seconds.
pub(crate) async fn measure(
    town: &Town,
    on: &'static str,
    clients: usize,
    seconds: u64,
) -> Result<Line, Stopped> {
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    let all = join_all((0..clients).map(|index| client(town, clients, index, until))).await;
    let time = began.elapsed();
    let mut taken = Taken::default();
    for of_client in all {
        taken.join(of_client?);
    }
    let rate = Some(Rate::of(taken.count(), time, Per::Second));
    let aim = Aim { rate_min: Some(2_000), p95_max_micros: Some(50_000) };
    let load = format!("clients: {clients}");
    Ok(Line { what: "durable transitions", on, load, rate, taken, failed: 0, aim })
}

/// Takes one case after the other to its end until the time is over.
async fn client(
    town: &Town,
    clients: usize,
    index: usize,
    until: Instant,
) -> Result<Taken, Stopped> {
    let mut taken = Taken::default();
    let mut turn = index;
    while Instant::now() < until {
        let Some(work) = town.work.get(turn % town.work.len()) else { break };
        let mut case = None;
        for step in 0..work.steps() {
            let key = format!("of-{clients}-{turn}-{step}");
            let submission = work.step(step, case, key, town.at(DAYS));
            let began = Instant::now();
            let receipt = town.store.submit(submission).await.map_err(refused)?;
            taken.note(began.elapsed());
            case = Some(receipt.case);
        }
        turn += clients;
    }
    Ok(taken)
}
