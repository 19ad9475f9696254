//! How fast rules that look at one row are asked: five rules with a table of 11,290 rows, the size
//! of the first batch of knowledge published by the national insurance administration, over
//! settlement lines. Table, persons and lines are invented.
//!
//! usage: cargo bench -p supervise -- LINES

use std::{env, error::Error, path::Path, sync::Arc, time::Instant as Clock};

use arrow_array::{
    ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use kernel::EntryNumber;
use pack::{
    compile,
    model::Pack,
    source::{Files, Folder, Library},
};
use supervise::{Histories, Judged, RowJudge};

/// The rows of the table.
const TABLE: u32 = 11_290;
/// The items that are settled; the table knows some of them.
const ITEMS: u32 = 60_000;
/// The lines that are asked of together.
const TOGETHER: usize = 8_192;

/// The rules: what they are called and what they find.
const RULES: [(&str, &str); 5] = [
    ("item-against-sex", "limit.sex != sex"),
    ("children-only-item", "limit.children-only and years(born-on, event-day) >= 14"),
    ("item-below-age", "years(born-on, event-day) < limit.age-min"),
    ("item-above-age", "years(born-on, event-day) > limit.age-max"),
    ("item-outpatient-only", "limit.outpatient-only and care != 'outpatient'"),
];

struct City;

impl Library for City {
    fn files(&self, name: &str) -> Option<Files> {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        let mut files = Folder(&packs).files(name)?;
        if name == "willow" {
            files.insert("knowledge/item-limits.yaml".to_owned(), TABLE_FILE.to_owned());
            files.insert("knowledge/item-limits.csv".to_owned(), sheet());
            for (rule, finds) in RULES {
                files.insert(format!("supervision/{rule}.yaml"), written(rule, finds));
            }
        }
        Some(files)
    }
}

const TABLE_FILE: &str = "knowledge: item-limits
title: { zh: 项目限制（虚构）, en: Limits on items (invented) }
basis:
  - { act: 柳溪医保目录（虚构）, confidence: assumed }
key: [item]
columns:
  item: { title: { zh: 项目, en: Item }, type: text }
  sex:
    title: { zh: 性别, en: Sex }
    type: { choice: { female: { zh: 女, en: Female }, male: { zh: 男, en: Male } } }
    optional: true
  children-only: { title: { zh: 仅限儿童, en: Children only }, type: boolean, optional: true }
  age-min: { title: { zh: 最低年龄, en: Least age }, type: integer, optional: true }
  age-max: { title: { zh: 最高年龄, en: Greatest age }, type: integer, optional: true }
  outpatient-only: { title: { zh: 仅限门诊, en: Outpatients only }, type: boolean, optional: true }
";

/// Most rows limit the sex, as most of the published ones do.
fn sheet() -> String {
    let mut sheet =
        "from,until,item,sex,children-only,age-min,age-max,outpatient-only\n".to_owned();
    for row in 0..TABLE {
        let says = match row % 10 {
            0..6 => {
                if row.is_multiple_of(2) {
                    "female,,,,"
                } else {
                    "male,,,,"
                }
            }
            6 | 7 => ",true,,,",
            8 => ",,18,60,",
            _ => ",,,,true",
        };
        sheet += &format!("2025-06-01,,I{:06},{says}\n", row * 5);
    }
    sheet
}

fn written(rule: &str, finds: &str) -> String {
    format!(
        "rule: {rule}
title: {{ zh: {rule}（虚构）, en: {rule} (invented) }}
basis:
  - {{ act: 柳溪医保目录（虚构）, confidence: assumed }}
version: 1
from: 2025-06-01
verdict: clear
stage: after
kind: charging
feed: settlement-lines
subject: institution
shows: [item]
looks_up:
  limit: {{ knowledge: item-limits, by: {{ item: item }} }}
finds: {finds}
"
    )
}

/// Lines of the columns that the rules read.
fn lines(
    from: usize,
    count: usize,
    chance: &mut fastrand::Rng,
) -> Result<RecordBatch, Box<dyn Error>> {
    let numbers = || from..from + count;
    let first = 1_767_225_600_000_000_i64;
    let number = Int64Array::from_iter_values(numbers().map(|number| number as i64));
    let at = numbers().map(|number| first + number as i64 * 1_000_000);
    let at = TimestampMicrosecondArray::from_iter_values(at).with_timezone("UTC");
    let texts = |texts: Vec<String>| Arc::new(StringArray::from(texts)) as ArrayRef;
    let institution =
        texts(numbers().map(|_| format!("inst-{:04}", chance.u32(..3_000))).collect());
    let item = texts(numbers().map(|_| format!("I{:06}", chance.u32(..ITEMS))).collect());
    let word = |chance: &mut fastrand::Rng, words: &[&str]| {
        texts(
            numbers()
                .map(|_| chance.choice(words).copied().unwrap_or_default().to_owned())
                .collect(),
        )
    };
    let sex = word(chance, &["female", "male"]);
    let care = word(chance, &["outpatient", "inpatient", "home"]);
    let born = Date32Array::from_iter_values(numbers().map(|_| chance.i32(-10_000..19_000)));
    Ok(RecordBatch::try_from_iter([
        ("intake_number", Arc::new(number) as ArrayRef),
        ("settled_at", Arc::new(at) as ArrayRef),
        ("institution", institution),
        ("item", item),
        ("sex", sex),
        ("care", care),
        ("born_on", Arc::new(born) as ArrayRef),
    ])?)
}

fn town() -> Result<Pack, Box<dyn Error>> {
    let compiled = compile(&City, "willow");
    let compiled =
        compiled.map_err(|no| no.faults.render(&no.sources, base::Language::En, false))?;
    Ok(compiled.pack)
}

fn main() -> Result<(), Box<dyn Error>> {
    let count = env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let pack = town()?;
    let named = |name: &&str| {
        let rule = pack.rules.values().find(|rule| rule.name.as_str() == *name);
        rule.and_then(|rule| RowJudge::new(&pack, rule))
    };
    let names: Vec<&str> = RULES.iter().map(|(name, _)| *name).collect();
    let judges: Vec<RowJudge<'_>> = names.iter().filter_map(named).collect();
    let mut chance = fastrand::Rng::with_seed(7);
    let mut batches = Vec::new();
    for from in (0..count).step_by(TOGETHER) {
        batches.push(lines(from, TOGETHER.min(count - from), &mut chance)?);
    }
    let histories = Histories::new(EntryNumber(0), Vec::new());
    println!("{count} lines, {} rules, a table of {TABLE} rows, one core", judges.len());
    let mut all = 0;
    for (name, judge) in names.iter().zip(&judges) {
        let (mut judged, begun) = (Judged::default(), Clock::now());
        for batch in &batches {
            judge.ask(batch, &histories, &mut judged).map_err(|unfit| format!("{unfit:?}"))?;
        }
        let micros = begun.elapsed().as_micros().max(1);
        all += micros;
        let (found, untold) = (judged.findings.len(), judged.undetermined);
        let rate = u128::from(judged.asked) * 1_000_000 / micros;
        println!("{name}: {rate} evaluations/s, {found} found, {untold} undetermined");
    }
    println!("all rules over each line: {} lines/s", count as u128 * 1_000_000 / all.max(1));
    Ok(())
}
