//! What invented people write into forms.

use std::collections::BTreeMap;

use base::{Division, DivisionLevel, Instant, Outlines, Point, id::iso7064::System};
use kernel::form::Answers;
use pack::model::{Field, Input, Need, Pack, Procedure, Section};

use super::holdings::Choosing;

/// Ready answers by question; whatever has none is drawn by its kind.
#[derive(Debug, Clone, Default)]
pub struct Answering {
    ready: BTreeMap<String, Vec<String>>,
}

impl Answering {
    /// Reads `path,answer` rows; `{n}` in an answer becomes a number, `+30` as a day the one 30
    /// days after filing, and codes are parted by spaces.
    pub fn from_csv(text: &str) -> Self {
        let mut ready: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for row in reader.records().filter_map(Result::ok) {
            if let (Some(path), Some(answer)) = (row.get(0), row.get(1)) {
                ready.entry(path.to_owned()).or_default().push(answer.to_owned());
            }
        }
        Self { ready }
    }

    /// Sections filled in at an instant, naming entries that exist.
    pub(super) fn sections(
        &self,
        pack: &Pack,
        sections: &[Section],
        (at, choosing): (Instant, Choosing<'_>),
        lot: &mut fastrand::Rng,
    ) -> Answers {
        let fields = sections.iter().flat_map(|section| &section.fields);
        fields
            .filter(|field| field.need == Need::Always)
            .map(|field| {
                let answer = match &field.input {
                    Input::Entry(register) => choosing.one(register, lot).into_iter().collect(),
                    _ => self.answer(pack, field, at, lot),
                };
                (field.path.clone(), answer)
            })
            .collect()
    }

    /// The questions that may be left open, as far as there are ready answers.
    pub fn rest(&self, procedure: &Procedure, lot: &mut fastrand::Rng) -> Answers {
        let open = procedure.fields().filter(|field| field.need == Need::Optional);
        open.filter_map(|field| {
            let ready = self.ready.get(&field.path).and_then(|ready| lot.choice(ready))?;
            Some((field.path.clone(), vec![ready.clone()]))
        })
        .collect()
    }

    /// The same, with the ready answers of a form whose turn it is and no others, so that what
    /// belongs together is answered together.
    pub(super) fn turn(&self, procedure: &Procedure, turn: usize) -> Self {
        let mut own = self.clone();
        for field in procedure.fields() {
            let Some(ready) = own.ready.get_mut(&field.path) else { continue };
            let chosen = ready.get(turn).or_else(|| ready.last()).cloned();
            *ready = chosen.into_iter().collect();
        }
        own
    }

    /// Where the invented premises of a form lie: anywhere in their district, and always at the
    /// same place for the same answers.
    pub(super) fn places(pack: &Pack, procedure: &Procedure, answers: &Answers) -> Answers {
        let Some(outlines) = &pack.outlines else { return Answers::new() };
        let first = |path: &str| answers.get(path).and_then(|given| given.first());
        let asked = procedure.fields().filter(|field| field.input == Input::Point);
        asked
            .filter_map(|field| {
                let section = field.path.split('.').next()?;
                let division = first(&format!("{section}.division"))?;
                let district = Division::parse(division).ok()?.at(DivisionLevel::County)?;
                let seed = answers.values().flatten().flat_map(|answer| answer.bytes());
                let seed =
                    seed.fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
                let place = somewhere(outlines, &district, &mut fastrand::Rng::with_seed(seed))?;
                Some((field.path.clone(), vec![place.to_string()]))
            })
            .collect()
    }

    fn answer(
        &self,
        pack: &Pack,
        field: &Field,
        at: Instant,
        lot: &mut fastrand::Rng,
    ) -> Vec<String> {
        if let Some(ready) = self.ready.get(&field.path).and_then(|ready| lot.choice(ready)) {
            let ready = ready.replace("{n}", &lot.u32(1..2000).to_string());
            return match &field.input {
                Input::Codes(_) => ready.split_whitespace().map(str::to_owned).collect(),
                Input::Date => vec![days_away(pack, at, &ready).unwrap_or(ready)],
                _ => vec![ready],
            };
        }
        match &field.input {
            Input::Date => vec![long_ago(pack, at, lot)],
            Input::Division => township(pack, lot).into_iter().collect(),
            Input::Choice(options) => {
                lot.choice(options).map(|(name, _)| name.to_string()).into_iter().collect()
            }
            Input::Code(list) => codes(pack, list.as_str(), 1, lot),
            Input::Codes(list) => {
                let most = usize::try_from(field.at_most.unwrap_or(3).min(3)).unwrap_or(1);
                let count = lot.usize(1..=most.max(1));
                codes(pack, list.as_str(), count, lot)
            }
            Input::Boolean => vec![if lot.bool() { "yes" } else { "no" }.to_owned()],
            Input::Integer => vec![lot.u32(1..200).to_string()],
            Input::Money => vec![lot.u32(1_000..90_000).to_string()],
            Input::Identifier(kind) if kind.as_str() == "resident-id" => vec![resident(pack, lot)],
            // Entries are not invented: one that exists is chosen above.
            Input::Point => Vec::new(),
            Input::Entry(_) | Input::Party => Vec::new(),
            Input::Text | Input::Identifier(_) | Input::Bilingual | Input::Bodies => {
                vec![format!("虚构 {}", lot.u32(1..100_000))]
            }
        }
    }
}

/// A day three to thirty years before.
fn long_ago(pack: &Pack, at: Instant, lot: &mut fastrand::Rng) -> String {
    let today = pack.zone.day_of(at);
    today.plus_days(-lot.i64(1_100..11_000)).unwrap_or(today).to_string()
}

/// The day so many days after an instant, or before it.
fn days_away(pack: &Pack, at: Instant, written: &str) -> Option<String> {
    let signed = written.starts_with(['+', '-']);
    let days = written.trim_start_matches('+').parse().ok().filter(|_| signed)?;
    Some(pack.zone.day_of(at).plus_days(days)?.to_string())
}

/// A place in a district.
fn somewhere(outlines: &Outlines, district: &Division, lot: &mut fastrand::Rng) -> Option<Point> {
    let rings = outlines.rings().find(|(own, _)| *own == district)?.1;
    let within = |of: fn(Point) -> i64| {
        let all = || rings.iter().flatten().copied().map(of);
        Some(all().min()?..=all().max()?)
    };
    let (east, north) = (within(Point::longitude)?, within(Point::latitude)?);
    let tries =
        std::iter::repeat_with(|| Point::new(lot.i64(east.clone()), lot.i64(north.clone())));
    tries.take(100).flatten().find(|place| outlines.hold(district, *place))
}

fn township(pack: &Pack, lot: &mut fastrand::Rng) -> Option<String> {
    let place = pack.jurisdiction.as_ref()?;
    let all = pack.divisions.all_within(place);
    let towns: Vec<_> =
        all.filter(|division| division.level() == base::DivisionLevel::Township).collect();
    lot.choice(&towns).map(|division| division.to_string())
}

fn codes(pack: &Pack, list: &str, count: usize, lot: &mut fastrand::Rng) -> Vec<String> {
    let table = pack.codes.get(list);
    let all: Vec<&String> = table.into_iter().flat_map(|table| table.codes.keys()).collect();
    (0..count).filter_map(|_| lot.choice(&all).map(|code| (*code).clone())).collect()
}

/// An identity number that nobody alive can have: born 1901 to 1912, sequence number 000.
fn resident(pack: &Pack, lot: &mut fastrand::Rng) -> String {
    let place = pack.jurisdiction.as_ref();
    let counties: Vec<_> = place
        .into_iter()
        .flat_map(|place| pack.divisions.all_within(place))
        .filter(|division| division.level() == base::DivisionLevel::County)
        .collect();
    let county = lot.choice(&counties).map(ToString::to_string).unwrap_or_default();
    let (year, month, day) = (lot.u32(1901..1913), lot.u32(1..13), lot.u32(1..29));
    let body = format!("{county}{year}{month:02}{day:02}000");
    let check = System::Mod11_2.check_characters(&body).unwrap_or_default();
    format!("{body}{check}")
}
