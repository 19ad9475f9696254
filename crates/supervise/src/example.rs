//! Examples of rules, run as rows of a city are: they go into a lake, the rule is asked of what
//! lies there, and what it finds is held against what the example says.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::{Path, PathBuf},
};

use arrow_array::{cast::AsArray as _, types::Int64Type};
use base::{Instant, Name, Text};
use kernel::{EntryNumber, register::Version};
use lake::{Lake, PersonKey, Tables, batch::NUMBER};
use pack::model::{Example, ExampleFinding, Finds, Pack, Rule};
use query::{Engine, Limits};

use crate::{Finding, Histories, NotAsked, Outcome, Stood, World, feeds};

/// The bytes that the queries of examples may use.
const MEMORY_BYTES: usize = 64 << 20;
/// The source of the rows of an example.
const SOURCE: &str = "example";
/// When rows are received, in microseconds: the end of 2199, so that no event is yet to come.
const RECEIVED_MICROS: i64 = 7_258_118_399_000_000;

/// Runs examples, one after another, in a folder of its own.
pub struct Examples {
    folder: PathBuf,
    engine: Engine,
    /// How many were run. Each has a lake of its own: the engine remembers files by their paths.
    count: u64,
}

/// What came of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// How often the rule found something.
    pub found: usize,
    /// In what it differs from what the example says; empty where all is as it says.
    pub differs: Vec<Text>,
}

/// Why an example could not be run.
#[derive(Debug)]
pub enum NotRun {
    /// The lake.
    Lake(lake::Fault),
    /// A feed does not take its rows.
    NotTaken(Name),
    /// What a row lacks or says wrongly: the feed, which row, and why.
    Flawed(Name, u64, Text),
    /// Two rows of a feed have one key, so that the later replaces the earlier.
    Replaced(Name),
    /// The engine, or reading rows.
    Engine(query::Fault),
    /// The rule.
    NotAsked(NotAsked),
}

impl fmt::Display for NotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lake(fault) => fault.fmt(f),
            Self::NotTaken(feed) => write!(f, "`{feed}` takes no rows"),
            Self::Flawed(feed, row, why) => write!(f, "row {row} of `{feed}`: {}", why.en),
            Self::Replaced(feed) => write!(f, "two rows of `{feed}` have the same key"),
            Self::Engine(fault) => fault.fmt(f),
            Self::NotAsked(not) => not.fmt(f),
        }
    }
}

impl std::error::Error for NotRun {}

impl From<lake::Fault> for NotRun {
    fn from(fault: lake::Fault) -> Self {
        Self::Lake(fault)
    }
}

impl From<query::Fault> for NotRun {
    fn from(fault: query::Fault) -> Self {
        Self::Engine(fault)
    }
}

impl From<NotAsked> for NotRun {
    fn from(not: NotAsked) -> Self {
        Self::NotAsked(not)
    }
}

/// Something found, told as an example tells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    rows: BTreeSet<(Name, usize)>,
    subject: String,
    shows: Vec<(String, Option<String>)>,
}

impl Examples {
    /// Examples are run in this folder, which nothing else uses; what is left in it is of no use.
    ///
    /// # Errors
    /// [`NotRun`] where the folder cannot be used.
    pub fn new(folder: &Path) -> Result<Self, NotRun> {
        let scratch = folder.join("scratch");
        let engine = Engine::new(Limits { memory_bytes: MEMORY_BYTES, scratch, threads: 1 })?;
        Ok(Self::asked_of(folder, engine))
    }

    /// Examples whose queries this engine answers; the folder is as in [`Self::new`].
    pub fn asked_of(folder: &Path, engine: Engine) -> Self {
        Self { folder: folder.to_owned(), engine, count: 0 }
    }

    /// Runs an example of a pack.
    ///
    /// # Errors
    /// [`NotRun`] where it could not be run.
    pub async fn run(&mut self, pack: &Pack, example: &Example) -> Result<Came, NotRun> {
        let Some(rule) = pack.rules.get(&example.rule) else {
            let says = Text::new("没有这条规则", "there is no such rule");
            return Ok(Came { found: 0, differs: vec![says] });
        };
        self.count += 1;
        let folder = self.folder.join(format!("lake-{}", self.count));
        let lake = filled(&folder, (pack, rule), example).await?;
        let asked = Asked { pack, rule, engine: &self.engine, lake: &lake };
        let numbers = asked.numbers(example).await?;
        let outcome = asked.outcome(&histories(example)).await?;
        let seen = outcome.found.iter().map(|finding| seen(finding, &numbers)).collect();
        let mut differs = compared(&example.finds, seen);
        if outcome.undetermined != example.undetermined {
            let (said, is) = (example.undetermined, outcome.undetermined);
            differs.push(Text::new(
                format!("示例称 {said} 行无法判断，实为 {is} 行"),
                format!("the rule cannot tell of {is} rows; the example says {said}"),
            ));
        }
        Ok(Came { found: outcome.found.len(), differs })
    }
}

/// A lake with the rows of an example.
async fn filled(
    folder: &Path,
    (pack, rule): (&Pack, &Rule),
    example: &Example,
) -> Result<Lake, NotRun> {
    let read = rule.feeds().filter_map(|name| pack.feeds.get(name));
    let read = read.filter_map(feeds::of);
    let lake = Lake::open(folder, read, PersonKey::from_bytes([0; 64]), pack.zone.clone())?;
    let received_at = Instant::from_micros(RECEIVED_MICROS);
    for (feed, lines) in &example.rows {
        let lines = lines.join("\n");
        let taken = lake.take(feed, SOURCE, lines.as_bytes(), received_at).await;
        let taken = taken.map_err(|_| NotRun::NotTaken(feed.clone()))?;
        if let Some((row, flaws)) = taken.bad.first() {
            let says = flaws.first().map_or_else(|| Text::new("", ""), lake::Flaw::says);
            return Err(NotRun::Flawed(feed.clone(), *row, says));
        }
    }
    while lake.gather()?.is_some() {}
    Ok(lake)
}

/// A rule with the rows that it is asked of.
struct Asked<'a> {
    pack: &'a Pack,
    rule: &'a Rule,
    engine: &'a Engine,
    lake: &'a Lake,
}

impl Asked<'_> {
    /// The tables as they are now.
    fn tables(&self) -> Result<(u64, Tables), NotRun> {
        let names = self.rule.feeds();
        Ok(self.lake.snapshot(names.flat_map(|own| [own.to_string(), lake::replaced(own)]))?)
    }

    /// The numbers of the rows of each feed, in the order in which they stand in the example.
    async fn numbers(&self, example: &Example) -> Result<BTreeMap<Name, Vec<u64>>, NotRun> {
        let mut all = BTreeMap::new();
        let (_, tables) = self.tables()?;
        for (feed, lines) in &example.rows {
            let own = self.pack.feeds.get(feed).and_then(|own| feeds::rows(own, &tables));
            let source = own.ok_or_else(|| NotRun::NotTaken(feed.clone()))?;
            let sql = format!("SELECT {NUMBER} FROM {}", source.name);
            let (rows, _) = self.engine.run(&sql, vec![source], &[NUMBER]).await?.whole().await?;
            let numbers = rows.column(0).as_primitive::<Int64Type>().values();
            if numbers.len() != lines.len() {
                return Err(NotRun::Replaced(feed.clone()));
            }
            let numbers = numbers.iter().map(|number| number.cast_unsigned()).collect();
            all.insert(feed.clone(), numbers);
        }
        Ok(all)
    }

    /// What the rule finds, asked as it is asked of the rows of a city.
    async fn outcome(&self, histories: &Histories) -> Result<Outcome, NotRun> {
        let (rows, tables) = self.tables()?;
        let (pack, engine, tables) = (self.pack, self.engine, &tables);
        let world = World { pack, engine, tables, histories, rows };
        let stood = Stood { rule: self.rule, asked: None, standing: &[] };
        if matches!(self.rule.finds, Finds::Query(_)) {
            return Ok(world.ask_set(stood).await?);
        }
        let feed = pack.feeds.get(&self.rule.feed);
        let feed = feed.ok_or_else(|| NotRun::NotTaken(self.rule.feed.clone()))?;
        Ok(world.ask_rows(feed, &[stood]).await?.pop().unwrap_or_default())
    }
}

/// What registers said, all of it written down before anything happened.
fn histories(example: &Example) -> Histories {
    let number = EntryNumber(1);
    let mut histories = Histories::new(number, vec![(Instant::from_micros(0), number)]);
    for own in &example.versions {
        let version = Version {
            valid_from: own.from,
            valid_until: own.until,
            known_from: number,
            known_until: None,
            decided_by: number,
            fields: own.fields.clone(),
            wrote: Default::default(),
            undoes: None,
        };
        histories.add(&own.register, &own.key, vec![version]);
    }
    histories
}

fn seen(finding: &Finding, numbers: &BTreeMap<Name, Vec<u64>>) -> Seen {
    let rows = finding.evidence.iter().filter_map(|own| {
        let place = numbers.get(&own.feed)?.iter().position(|number| *number == own.number)?;
        Some((own.feed.clone(), place + 1))
    });
    Seen { rows: rows.collect(), subject: finding.subject.clone(), shows: finding.shows.clone() }
}

/// In what findings differ from those that an example says.
fn compared(said: &[ExampleFinding], mut seen: Vec<Seen>) -> Vec<Text> {
    let mut differs = Vec::new();
    for own in said {
        // Of several on the same rows, the one that differs least.
        let same = seen.iter().enumerate().filter(|(_, seen)| seen.rows == own.rows);
        let best = same.min_by_key(|(_, seen)| against(own, seen).len()).map(|(place, _)| place);
        match best {
            Some(place) => differs.extend(against(own, &seen.remove(place))),
            None => differs.push(Text::new(
                format!("没有发现 {}", rows(&own.rows).zh),
                format!("nothing is found of {}", rows(&own.rows).en),
            )),
        }
    }
    differs.extend(seen.iter().map(|seen| {
        let (of, subject) = (rows(&seen.rows), &seen.subject);
        Text::new(
            format!("示例没有写到的发现：{}，所指 `{subject}`", of.zh),
            format!("found though the example does not say so: {}, about `{subject}`", of.en),
        )
    }));
    differs
}

/// In what a finding differs from what an example says of the same rows.
fn against(said: &ExampleFinding, seen: &Seen) -> Vec<Text> {
    let of = rows(&said.rows);
    let mut differs = Vec::new();
    if said.subject != seen.subject {
        let (wanted, is) = (&said.subject, &seen.subject);
        differs.push(Text::new(
            format!("{}：所指为 `{is}`，示例写 `{wanted}`", of.zh),
            format!("{}: it is about `{is}`; the example says `{wanted}`", of.en),
        ));
    }
    for (path, wanted) in &said.shows {
        let shown = seen.shows.iter().find(|(own, _)| own == path);
        let is = shown.and_then(|(_, value)| value.as_deref()).unwrap_or_default();
        if is != wanted {
            differs.push(Text::new(
                format!("{}：`{path}` 为 `{is}`，示例写 `{wanted}`", of.zh),
                format!("{}: `{path}` is `{is}`; the example says `{wanted}`", of.en),
            ));
        }
    }
    differs
}

/// Rows in words.
fn rows(rows: &BTreeSet<(Name, usize)>) -> Text {
    let told = |(feed, place): &(Name, usize)| format!("{feed} {place}");
    let told = rows.iter().map(told).collect::<Vec<_>>().join(", ");
    Text::new(format!("行（{told}）"), format!("the rows ({told})"))
}

#[cfg(test)]
mod tests {
    use super::{Name, Seen, compared};
    use pack::model::ExampleFinding;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn said(row: usize, subject: &str, herb: &str) -> ExampleFinding {
        let rows = [(name("sales"), row)].into();
        let shows = vec![("herb".to_owned(), herb.to_owned())];
        ExampleFinding { rows, subject: subject.to_owned(), shows }
    }

    fn seen(row: usize, subject: &str, herb: Option<&str>) -> Seen {
        let rows = [(name("sales"), row)].into();
        let shows = vec![("herb".to_owned(), herb.map(str::to_owned))];
        Seen { rows, subject: subject.to_owned(), shows }
    }

    #[test]
    fn what_differs_is_told_in_words() {
        let check = |said: &[ExampleFinding], seen: Vec<Seen>, wanted: &[&str]| {
            let told: Vec<String> = compared(said, seen).into_iter().map(|text| text.en).collect();
            assert_eq!(told, wanted);
        };
        check(&[], vec![], &[]);
        check(&[said(1, "a", "H1")], vec![seen(1, "a", Some("H1"))], &[]);
        check(&[said(1, "a", "H1")], vec![], &["nothing is found of the rows (sales 1)"]);
        let more = ["found though the example does not say so: the rows (sales 2), about `b`"];
        check(&[], vec![seen(2, "b", None)], &more);
        let other = [
            "the rows (sales 1): it is about `b`; the example says `a`",
            "the rows (sales 1): `herb` is ``; the example says `H1`",
        ];
        check(&[said(1, "a", "H1")], vec![seen(1, "b", None)], &other);
        // Two findings on the same rows: each is held against the one that fits.
        let both = vec![seen(1, "a", Some("H1")), seen(1, "a", Some("H2"))];
        check(&[said(1, "a", "H2"), said(1, "a", "H1")], both, &[]);
    }
}
