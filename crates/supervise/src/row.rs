//! A rule that asks a condition of each row of its feed.
//!
//! A row is first given what tables say on the day of its event and what registers said at its
//! moment. Where a table says nothing of it, and the condition could not hold without, the rule
//! does not concern the row and nothing more is read of it. What cannot be told for want of a fact
//! is counted, and is no finding.

use arrow_array::{RecordBatch, cast::AsArray as _, types::Int64Type};
use base::{Date, Instant, Name, Zone};
use kernel::{EntryNumber, register::Version};
use lake::batch::NUMBER;
use pack::model::{FactFrom, Finds, Knowledge, KnowledgeRow, Pack, RowRule, Rule, RuleLook};
use rules::{Facts, Type, Value};

use crate::{
    columns::Column,
    finding::{Evidence, Finding},
    histories::Histories,
};

/// A rule that is ready to be asked of rows.
pub struct RowJudge<'p> {
    rule: &'p Rule,
    row: &'p RowRule,
    zone: &'p Zone,
    /// The columns that are read, each once, with the types of their values.
    columns: Vec<(Name, Type)>,
    at: usize,
    subject: usize,
    looks: Vec<Look<'p>>,
    facts: Vec<Source<'p>>,
}

/// What is looked up for a row.
struct Look<'p> {
    from: LookedIn<'p>,
    /// The columns by which.
    by: Vec<usize>,
    /// Whether the rule holds only where something was found.
    needed: bool,
}

enum LookedIn<'p> {
    Table(&'p Knowledge),
    Register(&'p Name),
}

/// Where a fact comes from.
enum Source<'p> {
    Column(usize),
    EventDay,
    /// The look-up, and the place of the column in its table, or the field of the entry.
    Look(usize, Field<'p>),
}

enum Field<'p> {
    Column(usize),
    Field(&'p Name),
}

/// What was found by a look-up.
enum Found<'k> {
    Row(&'k KnowledgeRow),
    Version(&'k Version),
}

/// What came of asking a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// The rows it was asked of.
    pub asked: u64,
    /// Those of which it could not be told, for want of a fact.
    pub undetermined: u64,
    /// What it found, in the order of the rows.
    pub findings: Vec<Finding>,
}

/// Rows that are not of the rule's feed, or not as the pack describes it now: the first column that
/// is missing, or is kept in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit(pub Name);

/// A fact of a row: read from it, or found elsewhere.
enum Fact<'k> {
    Own(Option<Value>),
    There(Option<&'k Value>),
}

/// The facts of one row, by their paths.
struct RowFacts<'r, 'k>(&'r [(&'r str, Fact<'k>)]);

impl Facts for RowFacts<'_, '_> {
    fn fact(&self, path: &str) -> Option<&Value> {
        let (_, fact) = self.0.iter().find(|(own, _)| *own == path)?;
        match fact {
            Fact::Own(value) => value.as_ref(),
            Fact::There(value) => *value,
        }
    }
}

impl<'p> RowJudge<'p> {
    /// A rule of a pack, ready to be asked; none for one that asks in SQL.
    pub fn new(pack: &'p Pack, rule: &'p Rule) -> Option<Self> {
        let Finds::Row(row) = &rule.finds else { return None };
        let feed = pack.feeds.get(&rule.feed)?;
        let mut columns: Vec<(Name, Type)> = Vec::new();
        let mut place = |name: &Name| {
            if let Some(place) = columns.iter().position(|(own, _)| own == name) {
                return Some(place);
            }
            columns.push((name.clone(), feed.column(name)?.kind.value_type()));
            Some(columns.len() - 1)
        };
        let (at, subject) = (place(&feed.event_at)?, place(&rule.subject)?);
        let mut looks = Vec::new();
        for (name, look) in &row.looks_up {
            let (from, by) = match look {
                RuleLook::Knowledge { table, by } => {
                    (LookedIn::Table(pack.knowledge.get(table)?), by.as_slice())
                }
                RuleLook::Register { register, by } => {
                    (LookedIn::Register(register), std::slice::from_ref(by))
                }
            };
            let by = by.iter().map(&mut place).collect::<Option<Vec<usize>>>()?;
            let needed = row.that.rests_on(name.as_str());
            looks.push(Look { from, by, needed });
        }
        let fact = |from: &'p FactFrom| {
            Some(match from {
                FactFrom::Column(name) => Source::Column(place(name)?),
                FactFrom::EventDay => Source::EventDay,
                FactFrom::Look { look, field } => {
                    let own = row.looks_up.iter().position(|(name, _)| name == look)?;
                    Source::Look(own, Field::of(&looks.get(own)?.from, field)?)
                }
            })
        };
        let facts = row.needs.iter().map(|need| &need.from).map(fact);
        let facts = facts.collect::<Option<Vec<Source<'p>>>>()?;
        Some(Self { rule, row, zone: &pack.zone, columns, at, subject, looks, facts })
    }

    /// The columns that are read of rows, besides the number of the row.
    pub fn columns(&self) -> impl Iterator<Item = &Name> {
        self.columns.iter().map(|(name, _)| name)
    }

    /// Asks the rule of rows.
    ///
    /// # Errors
    /// [`Unfit`] where they are not rows of its feed; nothing was asked then.
    pub fn ask(
        &self,
        rows: &RecordBatch,
        histories: &Histories,
        judged: &mut Judged,
    ) -> Result<(), Unfit> {
        let column = |(name, kind): &(Name, Type)| {
            Column::of(rows, name, kind).ok_or_else(|| Unfit(name.clone()))
        };
        let columns = self.columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        let numbers = rows.column_by_name(NUMBER);
        let numbers = numbers.and_then(|array| array.as_primitive_opt::<Int64Type>());
        let numbers = numbers.ok_or_else(|| Unfit(self.rule.feed.clone()))?.values();
        let mut facts = Vec::with_capacity(self.facts.len());
        for (place, number) in numbers.iter().enumerate() {
            let row = Row { columns: &columns, place, number: number.cast_unsigned() };
            self.ask_row(&row, histories, (&mut facts, judged));
        }
        Ok(())
    }

    fn ask_row<'k>(
        &'k self,
        row: &Row<'_, '_>,
        histories: &'k Histories,
        (facts, judged): (&mut Vec<(&'k str, Fact<'k>)>, &mut Judged),
    ) {
        let Some(Value::Moment(at)) = row.value(self.at) else { return };
        let day = self.zone.day_of(at);
        if !self.rule.applies_on(day) {
            return;
        }
        judged.asked += 1;
        let when = When { at, day, known: histories.head() };
        let Some(found) = self.found(row, when, histories) else { return };
        self.gather(row, when, (&found, facts));
        match self.row.that.value(&RowFacts(facts)) {
            Some(Value::Boolean(true)) => {}
            Some(_) => return,
            None => {
                judged.undetermined += 1;
                return;
            }
        }
        let shows = self.rule.shows.iter().map(|path| {
            let seen = RowFacts(facts).fact(path).map(ToString::to_string);
            (path.clone(), seen)
        });
        let shows = shows.collect();
        let known_then = self.known_then(row, when, (histories, facts));
        let subject = row.value(self.subject).map(|value| value.to_string());
        judged.findings.push(Finding {
            rule: self.rule.name.clone(),
            at,
            subject: subject.unwrap_or_default(),
            evidence: vec![Evidence { feed: self.rule.feed.clone(), number: row.number }],
            version: self.rule.version,
            verdict: self.rule.verdict,
            shows,
            snapshot: histories.head(),
            known_then,
        });
    }

    /// Whether the rule holds with what was known at the moment of the event, too.
    fn known_then<'k>(
        &'k self,
        row: &Row<'_, '_>,
        when: When,
        (histories, facts): (&'k Histories, &mut Vec<(&'k str, Fact<'k>)>),
    ) -> bool {
        if !self.looks.iter().any(|look| matches!(look.from, LookedIn::Register(_))) {
            return true;
        }
        let then = When { known: histories.number_at(when.at), ..when };
        let Some(found) = self.found(row, then, histories) else { return false };
        self.gather(row, then, (&found, facts));
        self.row.that.value(&RowFacts(facts)) == Some(Value::Boolean(true))
    }

    /// What was found for a row; none where the rule does not concern it.
    fn found<'k>(
        &'k self,
        row: &Row<'_, '_>,
        when: When,
        histories: &'k Histories,
    ) -> Option<Vec<Option<Found<'k>>>> {
        let mut all = Vec::with_capacity(self.looks.len());
        for look in &self.looks {
            let by = look.by.iter().map(|place| row.value(*place));
            let by: Option<Vec<Value>> = by.collect();
            let found = by.and_then(|by| look.from.find(&by, when, histories));
            if found.is_none() && look.needed {
                return None;
            }
            all.push(found);
        }
        Some(all)
    }

    /// Puts together the facts of a row.
    fn gather<'k>(
        &'k self,
        row: &Row<'_, '_>,
        when: When,
        (found, facts): (&[Option<Found<'k>>], &mut Vec<(&'k str, Fact<'k>)>),
    ) {
        facts.clear();
        for (need, source) in self.row.needs.iter().zip(&self.facts) {
            let fact = match source {
                Source::Column(place) => Fact::Own(row.value(*place)),
                Source::EventDay => Fact::Own(Some(Value::Date(when.day))),
                Source::Look(look, field) => {
                    let found = found.get(*look).and_then(Option::as_ref);
                    Fact::There(found.and_then(|found| found.fact(field)))
                }
            };
            facts.push((need.path.as_str(), fact));
        }
    }
}

/// One row.
struct Row<'r, 'b> {
    columns: &'r [Column<'b>],
    place: usize,
    number: u64,
}

impl Row<'_, '_> {
    fn value(&self, column: usize) -> Option<Value> {
        self.columns.get(column)?.value(self.place)
    }
}

/// For when something is looked up, and as known with which entry.
#[derive(Debug, Clone, Copy)]
struct When {
    at: Instant,
    day: Date,
    known: EntryNumber,
}

impl<'p> Field<'p> {
    fn of(from: &LookedIn<'p>, field: &'p Name) -> Option<Self> {
        match from {
            LookedIn::Register(_) => Some(Self::Field(field)),
            LookedIn::Table(table) => {
                let place = table.columns.iter().position(|column| column.name == *field);
                place.map(Self::Column)
            }
        }
    }
}

impl LookedIn<'_> {
    fn find<'k>(&'k self, by: &[Value], when: When, histories: &'k Histories) -> Option<Found<'k>> {
        match self {
            Self::Table(table) => table.row(by, when.day).map(Found::Row),
            Self::Register(register) => {
                let [Value::Text(key)] = by else { return None };
                histories.said(register, key, (when.at, when.known)).map(Found::Version)
            }
        }
    }
}

impl<'k> Found<'k> {
    fn fact(&self, field: &Field<'_>) -> Option<&'k Value> {
        match (self, field) {
            (Self::Row(row), Field::Column(place)) => row.values.get(*place)?.as_ref(),
            (Self::Version(version), Field::Field(name)) => version.fields.get(*name),
            _ => None,
        }
    }
}
