//! Filling a register: every entry is the work of a case that was filed and decided through the
//! store's one door, in large groups, its case left waiting for the next officer. Only the personal
//! details stay away: nobody looks them up.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use base::Date;
use futures_util::{StreamExt as _, future::join_all, stream};
use kernel::{CaseId, Command, EntryNumber};
use pack::model::Input;
use rules::Value;
use store::Submission;

use super::{
    line::{Aim, Line, Per, Rate, Taken},
    town::{DAYS, Town, failed, refused},
    work::Work,
};
use crate::cli::Stopped;

/// Cases taken to their entry together.
const TOGETHER: usize = 1_024;
/// Of so many entries one is remembered, to be looked up.
const SAMPLED: usize = 50;
/// Microseconds of a day.
const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// An entry that can be looked up.
pub(crate) struct Known {
    /// Its register.
    pub(crate) register: String,
    /// Its key.
    pub(crate) key: String,
    /// The day from which it holds.
    pub(crate) on: Date,
    /// How many days later the look-ups may ask.
    pub(crate) days: i64,
    /// The number from which it is believed.
    pub(crate) number: EntryNumber,
}

/// Fills the register up and gives back a sample of what it holds.
pub(crate) async fn fill(
    town: &Town,
    on: &'static str,
    entries: usize,
) -> Result<(Vec<Known>, Line), Stopped> {
    let began = Instant::now();
    let mut known = Vec::new();
    let mut taken = Taken::default();
    let starts = (0..entries).step_by(TOGETHER);
    let ranges = starts.map(|from| from..entries.min(from + TOGETHER));
    // While one group is written the next is made ready.
    let mut groups = stream::iter(ranges).map(|range| entered(town, range, entries)).buffered(2);
    while let Some(group) = groups.next().await {
        let (time, sampled) = group?;
        taken.note(time);
        known.extend(sampled);
    }
    let rate = Some(Rate::of(entries as u64, began.elapsed(), Per::Second));
    let load = format!("{entries} entries, {TOGETHER} a group");
    let what = "cases filed and entered";
    Ok((known, Line { what, on, load, rate, taken, failed: 0, aim: Aim::NONE }))
}

/// The day on which an entry is made, counted from the first; the whole spread evenly.
fn day(index: usize, entries: usize) -> i64 {
    i64::try_from(index).unwrap_or(0) * DAYS / i64::try_from(entries.max(1)).unwrap_or(i64::MAX)
}

/// Files the cases and takes each as far as its entry: the time that took, and a sample.
async fn entered(
    town: &Town,
    range: Range<usize>,
    entries: usize,
) -> Result<(Duration, Vec<Known>), Stopped> {
    let began = Instant::now();
    let cases = filed(town, range.clone(), entries).await?;
    let time = began.elapsed();
    let mut known = Vec::new();
    for (index, case) in range.zip(cases).step_by(SAMPLED) {
        known.extend(sample(town, case, day(index, entries)).await?);
    }
    Ok((time, known))
}

async fn filed(town: &Town, range: Range<usize>, entries: usize) -> Result<Vec<CaseId>, Stopped> {
    let of = |index: usize| town.work.get(index % town.work.len());
    let steps = range.clone().filter_map(|index| of(index)?.entered_after);
    let mut cases: Vec<Option<CaseId>> = vec![None; range.len()];
    for step in 0..=steps.max().unwrap_or(0) {
        let submissions = range.clone().zip(&mut cases).filter_map(|(index, case)| {
            let work = of(index).filter(|work| Some(step) <= work.entered_after)?;
            let key = format!("load-{index}-{step}");
            let mut submission = quiet(work, step, *case, key, town.at(day(index, entries)));
            name(town, &mut submission, index);
            Some(async move {
                *case = Some(town.store.submit(submission).await?.case);
                Ok(())
            })
        });
        let done = join_all(submissions.collect::<Vec<_>>()).await;
        done.into_iter().collect::<Result<(), _>>().map_err(refused)?;
    }
    Ok(cases.into_iter().flatten().collect())
}

fn quiet(
    work: &Work,
    step: usize,
    case: Option<CaseId>,
    key: String,
    at: base::Instant,
) -> Submission {
    Submission { personal: Vec::new(), ..work.step(step, case, key, at) }
}

/// Characters of invented names.
const SIGNS: &str = "安康仁和瑞德美华新世纪益民福寿春晖怡园金秋松鹤同济博爱圣泉\
                     慈恩乐颐宁静远明心佳家永泰恒青禾柏桂荷槐枫榆桐梅兰竹菊莲芳清溪云岚川";

/// Three characters that tell one case from most others.
pub(super) fn called(index: usize) -> String {
    let signs: Vec<char> = SIGNS.chars().collect();
    // A stride that shares no factor with any number of names spreads neighbours over all of them.
    let mut rest = index.wrapping_mul(7_919);
    let mut next = || {
        let sign = signs.get(rest % signs.len()).copied();
        rest /= signs.len();
        sign
    };
    [next(), next(), next()].into_iter().flatten().collect()
}

/// Gives every text of a form a beginning of its own, for the rehearsed cases repeat.
fn name(town: &Town, submission: &mut Submission, index: usize) {
    let Command::File(file) = &mut submission.command else { return };
    let procedure = town.pack.procedures.get(&file.procedure);
    let asked = procedure.into_iter().flat_map(|procedure| procedure.fields());
    for field in asked.filter(|field| field.input == Input::Text) {
        if let Some(Value::Text(text)) = file.facts.get_mut(&field.path) {
            text.insert_str(0, &called(index));
        }
    }
}

async fn sample(town: &Town, case: CaseId, day: i64) -> Result<Option<Known>, Stopped> {
    let case = town.store.case(case).await.map_err(failed)?;
    let zone = &town.pack.zone;
    Ok(case.and_then(|case| {
        let made = case.entry?;
        let left = (town.at(DAYS).micros() - town.at(day).micros()) / DAY_MICROS;
        Some(Known {
            register: made.register.to_string(),
            key: made.key,
            on: zone.day_of(town.at(day)),
            days: left.max(0),
            number: case.last,
        })
    }))
}
