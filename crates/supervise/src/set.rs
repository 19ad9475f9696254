//! A rule that asks in SQL, over rows that belong together: a person's stays, the life of a code,
//! an institution beside its peers.
//!
//! The same query answers over everything and over what a batch has touched. A batch touches keys
//! and a span of time; what the rule finds at a moment rests on rows of one key within its reach of
//! that moment. So the query is asked over rows of those keys within twice the reach of the span,
//! and what it finds within once the reach stands for what was found there before.

use std::{collections::HashSet, fmt};

use arrow_array::{
    Array as _, ArrayRef, RecordBatch,
    cast::AsArray as _,
    types::{Int64Type, TimestampMicrosecondType},
};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use base::{Instant, Name};
use lake::{
    batch::{self, NUMBER},
    feed::Kept,
};
use pack::model::{Feed, Finds, Pack, Query, Rule};
use query::{Cost, Engine, Files, Keys, Only, Source, Within};

use crate::{
    Histories, Judged, feeds,
    finding::{Evidence, Finding},
    tables::{knowledge_rows, knowledge_schema, register_rows, register_schema, view},
};

/// The column with the moment of what was found.
const AT: &str = "finding_at";
/// The column with whom it is about.
const SUBJECT: &str = "subject";
/// The column with the numbers of the rows of the rule's feed; those of another feed stand in one
/// with its name behind.
const EVIDENCE: &str = "evidence";
/// A day, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// A rule that is ready to be asked.
#[derive(Clone, Copy)]
pub struct SetJudge<'p> {
    pack: &'p Pack,
    rule: &'p Rule,
    query: &'p Query,
}

/// What is read to answer.
pub struct Read<'r> {
    /// The rows of a feed, as the view of that name.
    pub rows: &'r dyn Fn(&Feed) -> Option<Source>,
    /// What registers said.
    pub histories: &'r Histories,
    /// What was touched; everything where nothing is said.
    pub touched: Option<&'r Touched>,
}

/// What was touched of a rule: keys of its rows, and the span of the moments of their events.
#[derive(Debug, Clone)]
pub struct Touched {
    /// The values of the column that is the key; all where that is none.
    pub keys: Option<ArrayRef>,
    /// The first moment.
    pub from: Instant,
    /// The last one.
    pub to: Instant,
}

/// Why a rule cannot be asked, or its answer is none.
#[derive(Debug)]
pub enum NotAsked {
    /// The query, or reading for it.
    Query(query::Fault),
    /// What the answer does not have, or not in that type.
    Column(String),
    /// It finds so many that it must be wrong.
    TooMany(usize),
    /// A feed whose files are not there.
    Feed(Name),
    /// What registers or tables say does not fit its columns.
    Tables(ArrowError),
}

impl fmt::Display for NotAsked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(fault) => fault.fmt(f),
            Self::Column(column) => write!(f, "no such column, or of another kind: {column}"),
            Self::TooMany(found) => write!(f, "{found} findings, which cannot be right"),
            Self::Feed(feed) => write!(f, "no such feed: {feed}"),
            Self::Tables(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotAsked {}

impl From<query::Fault> for NotAsked {
    fn from(fault: query::Fault) -> Self {
        Self::Query(fault)
    }
}

impl From<ArrowError> for NotAsked {
    fn from(error: ArrowError) -> Self {
        Self::Tables(error)
    }
}

impl<'p> SetJudge<'p> {
    /// A rule of a pack, ready to be asked; none for one that looks at single rows.
    pub fn new(pack: &'p Pack, rule: &'p Rule) -> Option<Self> {
        match &rule.finds {
            Finds::Query(query) => Some(Self { pack, rule, query }),
            Finds::Row(_) => None,
        }
    }

    /// Whether its query is sound: it reads what is there, says nothing that would give another
    /// answer another time, and answers what a finding needs.
    ///
    /// # Errors
    /// [`NotAsked`] with what is wrong.
    pub fn check(&self, engine: &Engine) -> Result<(), NotAsked> {
        let mut shapes = Vec::new();
        for feed in self.feeds() {
            // Whether the lake adds the day of an event to its files is theirs to say.
            let files = Files {
                folder: std::path::PathBuf::new(),
                files: Vec::new(),
                schema: schema(feed).ok_or_else(|| NotAsked::Feed(feed.name.clone()))?,
                at: view(&feed.event_at),
            };
            shapes.push(Source::shape(&view(&feed.name), files.seen()));
        }
        let registers =
            self.query.registers.iter().filter_map(|name| self.pack.registers.get(name));
        shapes.extend(registers.map(|own| Source::shape(&view(&own.name), register_schema(own))));
        let tables = self.query.knowledge.iter().filter_map(|name| self.pack.knowledge.get(name));
        shapes.extend(tables.map(|own| Source::shape(&view(&own.name), knowledge_schema(own))));
        let answers = engine.check(&self.query.sql, &shapes)?;
        self.answers(&answers)
    }

    /// Whether an answer has what a finding needs.
    fn answers(&self, columns: &SchemaRef) -> Result<(), NotAsked> {
        let is = |name: &str, fits: fn(&DataType) -> bool| {
            let field = columns.field_with_name(name);
            match field.is_ok_and(|field| fits(field.data_type())) {
                true => Ok(()),
                false => Err(NotAsked::Column(name.to_owned())),
            }
        };
        is(AT, |kind| matches!(kind, DataType::Timestamp(_, _)))?;
        is(SUBJECT, |kind| *kind == DataType::Utf8)?;
        is(EVIDENCE, of_numbers)?;
        for shown in &self.rule.shows {
            is(&shown.replace('-', "_"), |_| true)?;
        }
        Ok(())
    }

    fn feeds(&self) -> impl Iterator<Item = &'p Feed> {
        let (pack, rule) = (self.pack, self.rule);
        rule.feeds().filter_map(|name| pack.feeds.get(name))
    }

    /// Asks the rule, and adds what it found in order: by moment, subject and rows.
    ///
    /// # Errors
    /// [`NotAsked`]; nothing is added then.
    pub async fn ask(
        &self,
        engine: &Engine,
        read: &Read<'_>,
        judged: &mut Judged,
    ) -> Result<Cost, NotAsked> {
        let sources = self.sources(read)?;
        let answer = engine.run(&self.query.sql, sources, &[AT, SUBJECT, EVIDENCE]).await?;
        self.answers(answer.columns())?;
        let (rows, cost) = answer.whole().await?;
        let mut found = self.findings(&rows, read)?;
        found.retain(|finding| self.applies(finding, read.touched));
        found.sort();
        judged.asked += cost.rows_read;
        judged.findings.extend(found);
        Ok(cost)
    }

    /// Whether the rule applied on the day of what it found, and nothing that was found outside of
    /// what was touched is told anew.
    fn applies(&self, finding: &Finding, touched: Option<&Touched>) -> bool {
        let day = self.pack.zone.day_of(finding.at);
        let within = touched.and_then(|touched| self.span(touched, 1));
        let within = within.is_none_or(|(from, to)| (from..=to).contains(&finding.at));
        self.rule.applies_on(day) && within
    }

    /// The span of what was touched, so many times the reach further on either side; none where the
    /// rule reaches over all time.
    pub(crate) fn span(&self, touched: &Touched, times: i64) -> Option<(Instant, Instant)> {
        let reach = i64::from(self.query.reach?).saturating_mul(times).saturating_mul(DAY);
        let from = Instant::from_micros(touched.from.micros().saturating_sub(reach));
        Some((from, Instant::from_micros(touched.to.micros().saturating_add(reach))))
    }

    fn sources(&self, read: &Read<'_>) -> Result<Vec<Source>, NotAsked> {
        let mut sources = Vec::new();
        for feed in self.feeds() {
            sources.push(self.source(feed, read)?);
        }
        let registers =
            self.query.registers.iter().filter_map(|name| self.pack.registers.get(name));
        for register in registers {
            let rows = register_rows(register, read.histories)?;
            sources.push(Source::rows(&view(&register.name), rows.schema(), vec![rows]));
        }
        let tables = self.query.knowledge.iter().filter_map(|name| self.pack.knowledge.get(name));
        for table in tables {
            let rows = knowledge_rows(table)?;
            sources.push(Source::rows(&view(&table.name), rows.schema(), vec![rows]));
        }
        Ok(sources)
    }

    /// The rows of a feed that are read.
    fn source(&self, feed: &Feed, read: &Read<'_>) -> Result<Source, NotAsked> {
        let rows = (read.rows)(feed).ok_or_else(|| NotAsked::Feed(feed.name.clone()))?;
        let only = read.touched.map(|touched| self.only(feed, touched)).unwrap_or_default();
        Ok(rows.only(only))
    }

    /// Which of some rows of the rule's own feed are of what was touched, by number.
    ///
    /// # Errors
    /// [`NotAsked`] where they cannot be read.
    pub(crate) async fn touched_rows(
        &self,
        engine: &Engine,
        read: &Read<'_>,
        of: &HashSet<u64>,
    ) -> Result<HashSet<u64>, NotAsked> {
        let feed = self.feeds().next().ok_or_else(|| NotAsked::Feed(self.rule.feed.clone()))?;
        let mut answer = engine.scan(self.source(feed, read)?, &[NUMBER]).await?;
        let mut rows = HashSet::new();
        while let Some(batch) = answer.next().await? {
            let numbers = batch.column(0).as_primitive_opt::<Int64Type>();
            let numbers = numbers.ok_or_else(|| NotAsked::Column(NUMBER.to_owned()))?;
            let numbers = numbers.values().iter().map(|number| number.cast_unsigned());
            rows.extend(numbers.filter(|number| of.contains(number)));
        }
        Ok(rows)
    }

    /// The feeds that it reads, each with the column that is its key, where it has one.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&'p Feed, Option<&'p Name>)> {
        let key = &self.query.key;
        self.feeds().map(|feed| (feed, key.get(&feed.name)))
    }

    /// Whether what it finds can be told from rows of one time.
    pub(crate) fn is_timed(&self) -> bool {
        self.query.reach.is_some()
    }

    /// Which rows of a feed are read once something was touched.
    pub(crate) fn only(&self, feed: &Feed, touched: &Touched) -> Only {
        let keys = self.query.key.get(&feed.name).zip(touched.keys.as_ref());
        let keys =
            keys.map(|(column, values)| Keys { column: view(column), values: values.clone() });
        let within = self.span(touched, 2).map(|(from, to)| Within {
            column: view(&feed.event_at),
            from: Some(from),
            until: Some(Instant::from_micros(to.micros().saturating_add(1))),
        });
        Only { keys, within, numbers: None }
    }

    fn findings(&self, rows: &RecordBatch, read: &Read<'_>) -> Result<Vec<Finding>, NotAsked> {
        let column =
            |name: &str| rows.column_by_name(name).ok_or_else(|| NotAsked::Column(name.to_owned()));
        let wrong = |name: &str| NotAsked::Column(name.to_owned());
        let at = column(AT)?.as_primitive_opt::<TimestampMicrosecondType>();
        let at = at.ok_or_else(|| wrong(AT))?;
        let subject = column(SUBJECT)?.as_string_opt::<i32>().ok_or_else(|| wrong(SUBJECT))?;
        let mut evidence = Vec::new();
        for (place, feed) in self.rule.feeds().enumerate() {
            let name = match place {
                0 => EVIDENCE.to_owned(),
                _ => format!("{EVIDENCE}_{}", view(feed)),
            };
            // Rows of a further feed are evidence only where the query says so.
            let Some(numbers) = rows.column_by_name(&name) else { continue };
            evidence.push((feed, numbers));
        }
        let shows = self.rule.shows.iter().map(|shown| Ok((shown, column(&view_of(shown))?)));
        let shows = shows.collect::<Result<Vec<_>, NotAsked>>()?;
        let found = (0..rows.num_rows()).filter(|row| at.is_valid(*row)).map(|row| Finding {
            rule: self.rule.name.clone(),
            at: Instant::from_micros(at.value(row)),
            subject: if subject.is_valid(row) { subject.value(row) } else { "" }.to_owned(),
            evidence: rows_of(&evidence, row),
            version: self.rule.version,
            verdict: self.rule.verdict,
            shows: shows.iter().map(|(name, own)| ((*name).clone(), text(own, row))).collect(),
            snapshot: read.histories.head(),
            // Who reads no register knows the same at any time.
            known_then: self.query.registers.is_empty(),
        });
        let found: Vec<Finding> = found.collect();
        // What rests on nothing proves nothing.
        match found.iter().all(|own| own.row_of(&self.rule.feed).is_some()) {
            true => Ok(found),
            false => Err(wrong(EVIDENCE)),
        }
    }
}

fn of_numbers(kind: &DataType) -> bool {
    matches!(kind, DataType::List(of) if *of.data_type() == DataType::Int64)
}

fn view_of(shown: &str) -> String {
    shown.replace('-', "_")
}

/// The columns of a feed as the lake keeps them.
fn schema(feed: &Feed) -> Option<SchemaRef> {
    let kept = Kept::default().with(&feeds::of(feed)?).ok()?;
    Some(batch::schema(&kept, false))
}

/// The rows that a finding rests on, in order, each once.
fn rows_of(evidence: &[(&Name, &ArrayRef)], row: usize) -> Vec<Evidence> {
    let mut all = Vec::new();
    for (feed, lists) in evidence {
        let list = lists.as_list_opt::<i32>().filter(|list| list.is_valid(row));
        let numbers = list.map(|list| list.value(row));
        let numbers = numbers.as_ref().and_then(|own| own.as_primitive_opt::<Int64Type>());
        let numbers = numbers.into_iter().flat_map(|own| own.iter().flatten());
        all.extend(
            numbers
                .map(|number| Evidence { feed: (*feed).clone(), number: number.cast_unsigned() }),
        );
    }
    all.sort();
    all.dedup();
    all
}

/// What stands in a row of an answer, as text.
fn text(column: &ArrayRef, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    let options = arrow_cast::display::FormatOptions::default();
    let shown = arrow_cast::display::ArrayFormatter::try_new(column, &options).ok()?;
    Some(shown.value(row).to_string())
}
