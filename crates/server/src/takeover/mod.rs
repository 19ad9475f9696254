//! Taking over a register that somebody else kept: each row of a spreadsheet becomes a case that an
//! officer of the competent body files and decides at once, through the store's one door.
//!
//! A row is taken over whole or not at all, and once: its key is made of the source, the row's
//! number and what the row says. A row that is refused goes into a spreadsheet of its own, to be
//! mended and sent in again. A procedure whose form asks for personal details is not carried out.

mod mend;
mod row;
mod sheet;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use indicatif::ProgressBar;
use kernel::{Refusal, command::Choose};
use store::{Receipt, Store, Submission, SubmitError};

use crate::{cli::Stopped, web::Clock};
pub(crate) use mend::write as write_to_mend;
pub(crate) use row::{Order, Whose};
pub(crate) use sheet::{Row, Sheet, read as read_sheet};

/// How long a full store is left alone before it is asked again.
const PAUSE: Duration = Duration::from_millis(20);

/// A row that was refused, and why.
pub(crate) struct Refused<'s> {
    pub(crate) row: &'s Row,
    pub(crate) why: SubmitError,
}

/// What came of a sheet.
#[derive(Default)]
pub(crate) struct Outcome<'s> {
    pub(crate) taken_over: usize,
    pub(crate) already_there: usize,
    pub(crate) refused: Vec<Refused<'s>>,
    pub(crate) time: Duration,
}

impl Outcome<'_> {
    fn note(&mut self, receipt: Receipt) {
        match receipt.repeated {
            true => self.already_there += 1,
            false => self.taken_over += 1,
        }
    }

    /// How many rows were refused, by the refusal's word and what it is about.
    pub(crate) fn by_kind(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for refused in &self.refused {
            *counts.entry(kind(&refused.why)).or_default() += 1;
        }
        counts
    }

    /// How many rows a second were looked at.
    pub(crate) fn rate(&self) -> u128 {
        let rows = self.taken_over + self.already_there + self.refused.len();
        rows as u128 * 1_000_000 / self.time.as_micros().max(1)
    }
}

/// A refusal in a few words: which questions, or which conditions.
fn kind(why: &SubmitError) -> String {
    let about: Vec<&str> = match why {
        SubmitError::Refused(Refusal::Form(faults)) => {
            faults.iter().map(|fault| fault.path.as_str()).collect()
        }
        SubmitError::Refused(Refusal::ConditionsNotMet(unmet)) => {
            unmet.iter().map(|unmet| unmet.name.as_str()).collect()
        }
        _ => return why.word().to_owned(),
    };
    format!("{}: {}", why.word(), about.join(", "))
}

/// Takes over every row of a sheet, so many on their way at once.
pub(crate) async fn take_over<'s>(
    store: &Store,
    order: &Order<'_>,
    sheet: &'s Sheet,
    workers: usize,
) -> Result<Outcome<'s>, Stopped> {
    let began = Instant::now();
    let bar = ProgressBar::new(sheet.rows.len() as u64);
    let one = |row: &'s Row| async move { (row, taken(store, order, sheet, row).await) };
    let mut rows = stream::iter(&sheet.rows).map(one).buffered(workers);
    let mut outcome = Outcome::default();
    while let Some((row, result)) = rows.next().await {
        bar.inc(1);
        match result {
            Ok(receipt) => outcome.note(receipt),
            Err(SubmitError::Store(error)) => return Err(stopped(row, &error)),
            Err(why) => outcome.refused.push(Refused { row, why }),
        }
    }
    bar.finish_and_clear();
    outcome.time = began.elapsed();
    Ok(outcome)
}

fn stopped(row: &Row, error: &store::StoreError) -> Stopped {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    Stopped(format!(
        "stopped at row {}: {error}{}; what was taken over is kept: run the same command again",
        row.number,
        cause.unwrap_or_default()
    ))
}

async fn taken(
    store: &Store,
    order: &Order<'_>,
    sheet: &Sheet,
    row: &Row,
) -> Result<Receipt, SubmitError> {
    let (filing, choice) = order.of(sheet, row, Clock::System.now())?;
    settled(store, &filing, &choice).await
}

/// Hands a row in, again and again while the store has too many waiting.
async fn settled(
    store: &Store,
    filing: &Submission,
    choice: &Choose,
) -> Result<Receipt, SubmitError> {
    loop {
        match store.settle(filing.clone(), choice.clone()).await {
            Err(SubmitError::Overloaded) => tokio::time::sleep(PAUSE).await,
            other => return other,
        }
    }
}
