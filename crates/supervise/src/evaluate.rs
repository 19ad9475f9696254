//! Asking rules again once something has changed.
//!
//! A rule was asked of the rows up to a number, with what registers said up to an entry of the
//! ledger. What came since is one of three things: rows that are new, rows that took the place of
//! others, and entries of registers that say something else. A condition over rows is asked of the
//! new ones, and of those that name an entry which changed, within the time for which it did. A
//! query is asked of the keys and the time that the rows touch, or of everything where it reads a
//! register that changed. What stood in that scope and is not found any more is gone.
//!
//! So asking in steps finds what asking once would have found; a test holds one against the other.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use arrow_array::{
    Array, RecordBatch, StringArray,
    cast::AsArray as _,
    types::{Int64Type, TimestampMicrosecondType},
};
use arrow_select::concat::concat;
use base::{Instant, Name};
use kernel::EntryNumber;
use lake::{
    Tables,
    batch::{NUMBER, REPLACED_BY},
};
use pack::model::{Feed, Finds, Pack, Rule, RuleLook};
use query::{Cost, Engine, Keys, Only, Source, Within};

use crate::{
    Finding, FindingId, Histories, Judged, NotAsked, Read, RowJudge, SetJudge, Touched, Unfit,
    feeds, finding::Says, tables::view,
};

/// The most that a rule may find at once: more says that the rule is wrong, not the city.
pub const FOUND_MAX: usize = 500_000;
/// The most rows that a query is narrowed by; where more came, it is asked of everything.
const TOUCHED_MAX: usize = 500_000;

/// Up to where a rule was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The rows under lower numbers.
    pub rows: u64,
    /// What registers said up to this entry of the ledger.
    pub snapshot: EntryNumber,
}

/// What rules are asked about.
#[derive(Clone, Copy)]
pub struct World<'w> {
    /// The pack with the rules.
    pub pack: &'w Pack,
    /// What answers queries.
    pub engine: &'w Engine,
    /// The files of a table of the lake.
    pub tables: &'w Tables,
    /// What registers said.
    pub histories: &'w Histories,
    /// The rows under lower numbers are in the tables, all of them.
    pub rows: u64,
}

/// A finding that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// By what it is known again.
    pub id: FindingId,
    /// What it says.
    pub says: Says,
    /// The first row of the rule's feed that it rests on.
    pub row: u64,
    /// The moment of the event.
    pub at: Instant,
}

/// What came of asking a rule again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What it finds and did not find before, in order.
    pub found: Vec<Finding>,
    /// What it found before and does not find any more.
    pub gone: Vec<FindingId>,
    /// The rows that it was asked of, or that were read for it.
    pub asked: u64,
    /// Those of which it could not be told, for want of a fact.
    pub undetermined: u64,
    /// What it took; for conditions, that of reading the rows for all rules of the feed.
    pub cost: Cost,
}

/// A rule that is asked again, with where it stood.
#[derive(Clone, Copy)]
pub struct Stood<'s> {
    /// The rule.
    pub rule: &'s Rule,
    /// Up to where it was asked; never, where that is none.
    pub asked: Option<Asked>,
    /// What it found, as far as it stands.
    pub standing: &'s [Standing],
}

/// What a rule would find, tried on events of some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// How many findings.
    pub found: usize,
    /// How many of them do not stand.
    pub new: usize,
    /// How many that stand for that time it would not find.
    pub gone: usize,
    /// The rows that it was asked of, or that were read for it.
    pub asked: u64,
    /// Those of which it could not be told.
    pub undetermined: u64,
    /// What it took.
    pub cost: Cost,
}

impl Finding {
    /// The finding as one that stands; none where it rests on no row of that feed.
    pub fn standing(&self, feed: &Name) -> Option<Standing> {
        let row = self.row_of(feed)?;
        Some(Standing { id: self.id(), says: self.says(), row, at: self.at })
    }
}

/// What a query is asked about.
enum Scope {
    /// Nothing that it reads has changed.
    Nothing,
    /// Everything.
    All,
    /// What was touched, with the rows of its own feed that were replaced.
    Narrow(Touched, HashSet<u64>),
}

/// What a condition found, and which rows on which something stood it was asked about again.
#[derive(Default)]
struct RowRound {
    found: BTreeMap<FindingId, Finding>,
    asked: u64,
    undetermined: u64,
    again: HashSet<u64>,
}

impl RowRound {
    fn add(&mut self, judged: Judged) -> Result<(), NotAsked> {
        self.asked += judged.asked;
        self.undetermined += judged.undetermined;
        self.found.extend(judged.findings.into_iter().map(|own| (own.id(), own)));
        bounded(self.found.len())
    }
}

/// A condition with what it is asked about in a round.
struct Asking<'a> {
    judge: RowJudge<'a>,
    stood: Stood<'a>,
    round: RowRound,
    /// The rows on which something stood.
    stood_on: HashSet<u64>,
}

impl<'w> World<'w> {
    /// Up to where a rule was asked once this world was.
    pub fn asked(&self) -> Asked {
        Asked { rows: self.rows, snapshot: self.histories.head() }
    }

    /// Whether anything that a rule rests on has changed since it was asked: rows have come of a
    /// feed that it reads, or a register says something else that it looks into.
    pub fn concerns(&self, rule: &Rule, asked: Asked) -> bool {
        let files = rule.feeds().filter_map(|feed| self.tables.get(feed.as_str()));
        let mut files = files.flat_map(|(_, files)| files);
        // Where a row was replaced, the one that took its place has come.
        files.any(|file| file.last >= asked.rows)
            || rule
                .registers()
                .into_iter()
                .any(|register| !self.histories.changed(register, asked.snapshot).is_empty())
    }

    /// Asks conditions over the rows of one feed, all of which were asked up to the same.
    ///
    /// # Errors
    /// [`NotAsked`]; what stood before stands.
    pub async fn ask_rows<'s>(
        &self,
        feed: &Feed,
        rules: &[Stood<'s>],
    ) -> Result<Vec<Outcome>, NotAsked>
    where
        'w: 's,
    {
        let asking = rules.iter().map(|stood| {
            let judge = RowJudge::new(self.pack, stood.rule)?;
            let stood_on = stood.standing.iter().map(|own| own.row).collect();
            Some(Asking { judge, stood: *stood, round: RowRound::default(), stood_on })
        });
        let asking = asking.collect::<Option<Vec<Asking<'s>>>>();
        let mut asking = asking.ok_or_else(|| NotAsked::Feed(feed.name.clone()))?;
        let since = rules.first().and_then(|own| own.asked);
        let first = since.map_or(0, |since| since.rows);
        let new = Only { numbers: Some(first..self.rows), ..Only::default() };
        let mut all: Vec<&mut Asking<'s>> = asking.iter_mut().collect();
        let cost = self.ask_narrow(feed, new, &mut all).await?;
        if let Some(since) = since {
            let replaced = self.replaced(feed, &[NUMBER], since).await?;
            let replaced = numbers(&replaced, NUMBER)?;
            for own in &mut asking {
                own.round.again.extend(&replaced);
                for only in self.changed(own.stood.rule, feed, since) {
                    self.ask_narrow(feed, only, &mut [&mut *own]).await?;
                }
            }
        }
        let done = asking.into_iter().map(|own| {
            let RowRound { found, asked, undetermined, again } = own.round;
            let within = |standing: &Standing| since.is_none() || again.contains(&standing.row);
            let found = found.into_values().collect();
            let (found, gone) = compared(found, own.stood.standing, within);
            Outcome { found, gone, asked, undetermined, cost }
        });
        Ok(done.collect())
    }

    /// Asks conditions of some rows.
    async fn ask_narrow(
        &self,
        feed: &Feed,
        only: Only,
        asking: &mut [&mut Asking<'_>],
    ) -> Result<Cost, NotAsked> {
        let columns = asking.iter().flat_map(|own| own.judge.columns().map(view));
        let columns: BTreeSet<String> = columns.chain([NUMBER.to_owned()]).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let source = self.source(feed)?.only(only);
        let mut answer = self.engine.scan(source, &columns).await?;
        while let Some(batch) = answer.next().await? {
            let numbers = numbers(&batch, NUMBER)?;
            for own in &mut *asking {
                let mut judged = Judged::default();
                let unfit = |Unfit(column): Unfit| NotAsked::Column(column.to_string());
                own.judge.ask(&batch, self.histories, &mut judged).map_err(unfit)?;
                own.round.add(judged)?;
                let again = numbers.iter().filter(|number| own.stood_on.contains(number));
                own.round.again.extend(again);
            }
        }
        Ok(answer.cost().unwrap_or_default())
    }

    /// Which earlier rows name entries that say something else than before, for each look of a
    /// condition into a register.
    fn changed(&self, rule: &Rule, feed: &Feed, since: Asked) -> Vec<Only> {
        let Finds::Row(row) = &rule.finds else { return Vec::new() };
        let looks = row.looks_up.iter().filter_map(|(_, look)| match look {
            RuleLook::Register { register, by } => Some((register, by)),
            RuleLook::Knowledge { .. } => None,
        });
        let only = looks.filter_map(|(register, by)| {
            let changed = self.histories.changed(register, since.snapshot);
            let from = changed.iter().map(|own| own.from).min()?;
            let ends = changed.iter().map(|own| own.until).collect::<Option<Vec<Instant>>>();
            let values = StringArray::from_iter_values(changed.iter().map(|own| own.key));
            let within = Within {
                column: view(&feed.event_at),
                from: Some(from),
                until: ends.and_then(|ends| ends.into_iter().max()),
            };
            Some(Only {
                keys: Some(Keys { column: view(by), values: Arc::new(values) }),
                within: Some(within),
                numbers: Some(0..since.rows),
            })
        });
        only.collect()
    }

    /// Asks a query.
    ///
    /// # Errors
    /// [`NotAsked`]; what stood before stands.
    pub async fn ask_set(&self, stood: Stood<'_>) -> Result<Outcome, NotAsked> {
        let Stood { rule, standing, .. } = stood;
        let judge = SetJudge::new(self.pack, rule);
        let judge = judge.ok_or_else(|| NotAsked::Feed(rule.feed.clone()))?;
        let scope = match stood.asked {
            Some(since) => self.scope(&judge, rule, since).await?,
            None => Scope::All,
        };
        let (touched, replaced) = match scope {
            Scope::Nothing => return Ok(Outcome::default()),
            Scope::All => (None, HashSet::new()),
            Scope::Narrow(touched, replaced) => (Some(touched), replaced),
        };
        let rows = |feed: &Feed| self.source(feed).ok();
        let read = Read { rows: &rows, histories: self.histories, touched: touched.as_ref() };
        let mut judged = Judged::default();
        let cost = judge.ask(self.engine, &read, &mut judged).await?;
        bounded(judged.findings.len())?;
        let again: HashMap<FindingId, Says> =
            judged.findings.iter().map(|own| (own.id(), own.says())).collect();
        let span = touched.as_ref().and_then(|touched| judge.span(touched, 1));
        let missing = standing.iter().filter(|own| {
            let near = span.is_none_or(|(from, to)| (from..=to).contains(&own.at));
            near && again.get(&own.id) != Some(&own.says)
        });
        let mut missing: HashSet<u64> = missing.map(|own| own.row).collect();
        // What stood for keys that were not touched was not asked about.
        if touched.as_ref().is_some_and(|touched| touched.keys.is_some()) && !missing.is_empty() {
            let near = judge.touched_rows(self.engine, &read, &missing).await?;
            missing.retain(|row| near.contains(row) || replaced.contains(row));
        }
        let within = |own: &Standing| {
            let near = span.is_none_or(|(from, to)| (from..=to).contains(&own.at));
            near && missing.contains(&own.row)
        };
        let (found, gone) = compared(judged.findings, standing, within);
        Ok(Outcome { found, gone, asked: cost.rows_read, undetermined: 0, cost })
    }

    /// Tries a rule on the events from a moment to another, both included, and holds what it finds
    /// against what stands. Nothing comes of it.
    ///
    /// # Errors
    /// [`NotAsked`].
    pub async fn try_out(
        &self,
        rule: &Rule,
        (from, to): (Instant, Instant),
        standing: &[Standing],
    ) -> Result<Trial, NotAsked> {
        let (judged, cost) = match &rule.finds {
            Finds::Row(_) => self.try_row(rule, (from, to)).await?,
            Finds::Query(_) => {
                let judge = SetJudge::new(self.pack, rule);
                let judge = judge.ok_or_else(|| NotAsked::Feed(rule.feed.clone()))?;
                let touched = judge.is_timed().then_some(Touched { keys: None, from, to });
                let rows = |feed: &Feed| self.source(feed).ok();
                let (histories, touched) = (self.histories, touched.as_ref());
                let mut judged = Judged::default();
                let read = Read { rows: &rows, histories, touched };
                let cost = judge.ask(self.engine, &read, &mut judged).await?;
                (judged, cost)
            }
        };
        let Judged { mut findings, asked, undetermined } = judged;
        findings.retain(|own| (from..=to).contains(&own.at));
        bounded(findings.len())?;
        // Who is found for another limit was found all the same.
        let found: HashSet<FindingId> = findings.iter().map(Finding::id).collect();
        let stood = standing.iter().filter(|own| (from..=to).contains(&own.at));
        let stood: HashSet<FindingId> = stood.map(|own| own.id).collect();
        let (new, gone) = (found.difference(&stood).count(), stood.difference(&found).count());
        Ok(Trial { found: found.len(), new, gone, asked, undetermined, cost })
    }

    async fn try_row(
        &self,
        rule: &Rule,
        (from, to): (Instant, Instant),
    ) -> Result<(Judged, Cost), NotAsked> {
        let missing = || NotAsked::Feed(rule.feed.clone());
        let feed = self.pack.feeds.get(&rule.feed).ok_or_else(missing)?;
        let judge = RowJudge::new(self.pack, rule).ok_or_else(missing)?;
        let stood = Stood { rule, asked: None, standing: &[] };
        let (round, stood_on) = (RowRound::default(), HashSet::new());
        let mut asking = Asking { judge, stood, round, stood_on };
        let until = Instant::from_micros(to.micros().saturating_add(1));
        let within = Within { column: view(&feed.event_at), from: Some(from), until: Some(until) };
        let only = Only { within: Some(within), ..Only::default() };
        let cost = self.ask_narrow(feed, only, &mut [&mut asking]).await?;
        let RowRound { found, asked, undetermined, .. } = asking.round;
        let findings = found.into_values().collect();
        Ok((Judged { asked, undetermined, findings }, cost))
    }

    /// What a query is asked about that was asked before.
    async fn scope(
        &self,
        judge: &SetJudge<'_>,
        rule: &Rule,
        since: Asked,
    ) -> Result<Scope, NotAsked> {
        let mut registers = rule.registers().into_iter();
        let changed = registers.any(|own| !self.histories.changed(own, since.snapshot).is_empty());
        if changed {
            return Ok(Scope::All);
        }
        let (mut keys, mut keyed, mut replaced) = (Vec::new(), true, HashSet::new());
        let (mut from, mut to, mut count) = (i64::MAX, i64::MIN, 0);
        for (feed, key) in judge.keys() {
            let (key, at) = (key.map(view), view(&feed.event_at));
            let columns = [Some(NUMBER), Some(at.as_str()), key.as_deref()];
            let columns: Vec<&str> = columns.into_iter().flatten().collect();
            let old = self.replaced(feed, &columns, since).await?;
            if feed.name == rule.feed {
                replaced.extend(numbers(&old, NUMBER)?);
            }
            let new = Only { numbers: Some(since.rows..self.rows), ..Only::default() };
            let mut new = self.engine.scan(self.source(feed)?.only(new), &columns).await?;
            let mut touched = vec![old];
            while let Some(batch) = new.next().await? {
                touched.push(batch);
            }
            for batch in touched.iter().filter(|batch| batch.num_rows() > 0) {
                count += batch.num_rows();
                for moment in moments(batch, &at)? {
                    (from, to) = (from.min(moment), to.max(moment));
                }
                match &key {
                    Some(key) => keys.extend(batch.column_by_name(key).cloned()),
                    None => keyed = false,
                }
            }
        }
        if count == 0 {
            return Ok(Scope::Nothing);
        }
        let keyed = keyed && count <= TOUCHED_MAX;
        if !keyed && !judge.is_timed() {
            return Ok(Scope::All);
        }
        let parts: Vec<&dyn Array> = keys.iter().map(AsRef::as_ref).collect();
        let keys = keyed.then(|| concat(&parts)).transpose()?;
        let (from, to) = (Instant::from_micros(from), Instant::from_micros(to));
        Ok(Scope::Narrow(Touched { keys, from, to }, replaced))
    }

    /// Columns of the rows of a feed that were replaced since.
    async fn replaced(
        &self,
        feed: &Feed,
        columns: &[&str],
        since: Asked,
    ) -> Result<RecordBatch, NotAsked> {
        let source = feeds::replaced(feed, self.tables);
        let source = source.ok_or_else(|| NotAsked::Feed(feed.name.clone()))?;
        let (name, columns) = (&source.name, columns.join(", "));
        let (first, end) = (since.rows, self.rows);
        let sql = format!(
            "SELECT {columns} FROM {name} WHERE {REPLACED_BY} >= {first} AND {REPLACED_BY} < {end}"
        );
        Ok(self.engine.run(&sql, vec![source], &[NUMBER]).await?.whole().await?.0)
    }

    /// The rows of a feed.
    fn source(&self, feed: &Feed) -> Result<Source, NotAsked> {
        feeds::rows(feed, self.tables).ok_or_else(|| NotAsked::Feed(feed.name.clone()))
    }
}

/// What is found and did not stand, and what stood and is not found any more, or says something
/// else: `within` is what was asked about again.
fn compared(
    mut found: Vec<Finding>,
    standing: &[Standing],
    within: impl Fn(&Standing) -> bool,
) -> (Vec<Finding>, Vec<FindingId>) {
    found.sort();
    found.dedup();
    let now: HashMap<FindingId, Says> = found.iter().map(|own| (own.id(), own.says())).collect();
    let gone = standing.iter().filter(|own| match now.get(&own.id) {
        Some(says) => *says != own.says,
        None => within(own),
    });
    let gone: Vec<FindingId> = gone.map(|own| own.id).collect();
    let stood: HashSet<(FindingId, Says)> = standing.iter().map(|own| (own.id, own.says)).collect();
    found.retain(|own| !stood.contains(&(own.id(), own.says())));
    (found, gone)
}

fn bounded(found: usize) -> Result<(), NotAsked> {
    if found > FOUND_MAX { Err(NotAsked::TooMany(found)) } else { Ok(()) }
}

/// The whole numbers of a column.
pub(crate) fn numbers(rows: &RecordBatch, column: &str) -> Result<Vec<u64>, NotAsked> {
    let array = rows.column_by_name(column).and_then(|own| own.as_primitive_opt::<Int64Type>());
    let array = array.ok_or_else(|| NotAsked::Column(column.to_owned()))?;
    Ok(array.values().iter().map(|number| number.cast_unsigned()).collect())
}

/// The moments of a column, in microseconds.
fn moments(rows: &RecordBatch, column: &str) -> Result<Vec<i64>, NotAsked> {
    let array = rows.column_by_name(column);
    let array = array.and_then(|own| own.as_primitive_opt::<TimestampMicrosecondType>());
    let array = array.ok_or_else(|| NotAsked::Column(column.to_owned()))?;
    Ok(array.values().to_vec())
}
