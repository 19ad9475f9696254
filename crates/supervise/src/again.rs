//! A finding found once more from what it rests on: the rows as they stood then and what registers
//! said as it was known then. Rows that were replaced since are taken from where the lake keeps
//! them.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use base::Name;
use lake::batch::{NUMBER, REPLACED_BY};
use pack::model::{Feed, Finds, Rule};
use query::{Only, Source};
use rules::Value;

use crate::{
    Asked, Evidence, Finding, Judged, NotAsked, Read, RowJudge, SetJudge, Touched, Unfit, World,
    columns::Column, evaluate::numbers, feeds, tables::view,
};

/// A row that a finding rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceRow {
    /// The feed.
    pub feed: Name,
    /// The number under which it was taken in.
    pub number: u64,
    /// What stands in its columns; a person is a digest.
    pub values: Vec<(Name, Option<Value>)>,
}

impl World<'_> {
    /// Asks a rule once more about what a finding rests on, as it was known then; none where it
    /// does not find it.
    ///
    /// # Errors
    /// [`NotAsked`].
    pub async fn again(
        &self,
        rule: &Rule,
        finding: &Finding,
        known: Asked,
    ) -> Result<Option<Finding>, NotAsked> {
        let mut judged = Judged::default();
        match &rule.finds {
            Finds::Row(_) => self.row_again(rule, finding, known, &mut judged).await?,
            Finds::Query(_) => self.set_again(rule, finding, known, &mut judged).await?,
        }
        Ok(judged.findings.into_iter().find(|own| own.id() == finding.id()))
    }

    async fn row_again(
        &self,
        rule: &Rule,
        finding: &Finding,
        known: Asked,
        judged: &mut Judged,
    ) -> Result<(), NotAsked> {
        let missing = || NotAsked::Feed(rule.feed.clone());
        let judge = RowJudge::new(self.pack, rule).ok_or_else(missing)?;
        let feed = self.pack.feeds.get(&rule.feed).ok_or_else(missing)?;
        let row = finding.row_of(&rule.feed).ok_or_else(missing)?;
        let only = Only { numbers: Some(row..row.saturating_add(1)), ..Only::default() };
        let (_, rows) = self.rows_then(feed, only, known).await?;
        let histories = self.histories.as_known(known.snapshot);
        for batch in rows {
            let unfit = |Unfit(column): Unfit| NotAsked::Column(column.to_string());
            judge.ask(&batch, &histories, judged).map_err(unfit)?;
        }
        Ok(())
    }

    async fn set_again(
        &self,
        rule: &Rule,
        finding: &Finding,
        known: Asked,
        judged: &mut Judged,
    ) -> Result<(), NotAsked> {
        let judge = SetJudge::new(self.pack, rule);
        let judge = judge.ok_or_else(|| NotAsked::Feed(rule.feed.clone()))?;
        let touched = self.rests_on(&judge, rule, finding, known).await?;
        let mut sources: Vec<(Name, Source)> = Vec::new();
        for (feed, _) in judge.keys() {
            let only = touched.as_ref().map(|touched| judge.only(feed, touched));
            let (schema, rows) = self.rows_then(feed, only.unwrap_or_default(), known).await?;
            sources.push((feed.name.clone(), Source::rows(&view(&feed.name), schema, rows)));
        }
        let rows = |feed: &Feed| {
            let own = sources.iter().find(|(name, _)| *name == feed.name);
            own.map(|(_, source)| source.clone())
        };
        let histories = self.histories.as_known(known.snapshot);
        let read = Read { rows: &rows, histories: &histories, touched: touched.as_ref() };
        judge.ask(self.engine, &read, judged).await?;
        Ok(())
    }

    /// The keys and the moment of a finding; none where its query reads everything.
    async fn rests_on(
        &self,
        judge: &SetJudge<'_>,
        rule: &Rule,
        finding: &Finding,
        known: Asked,
    ) -> Result<Option<Touched>, NotAsked> {
        let Some((feed, key)) = judge.keys().next() else { return Ok(None) };
        let keys = match key {
            None => None,
            Some(key) => {
                let row = finding.row_of(&rule.feed).unwrap_or_default();
                let only = Only { numbers: Some(row..row.saturating_add(1)), ..Only::default() };
                let (_, rows) = self.rows_then(feed, only, known).await?;
                let rows = rows.iter().find(|own| own.num_rows() > 0);
                rows.and_then(|own| own.column_by_name(&view(key))).cloned()
            }
        };
        if keys.is_none() && !judge.is_timed() {
            return Ok(None);
        }
        Ok(Some(Touched { keys, from: finding.at, to: finding.at }))
    }

    /// The rows that a finding rests on, as they were taken in, each with what stands in its
    /// columns that the pack names now.
    ///
    /// # Errors
    /// [`NotAsked`].
    pub async fn evidence(
        &self,
        evidence: &[Evidence],
        known: Asked,
    ) -> Result<Vec<EvidenceRow>, NotAsked> {
        let mut rows = Vec::new();
        for feed in self.pack.feeds.values() {
            let of = evidence.iter().filter(|own| own.feed == feed.name);
            let of: BTreeSet<u64> = of.map(|own| own.number).collect();
            let (Some(first), Some(last)) = (of.first(), of.last()) else { continue };
            let only = Only { numbers: Some(*first..last.saturating_add(1)), ..Only::default() };
            let (_, batches) = self.rows_then(feed, only, known).await?;
            for batch in batches {
                let columns = feed.columns.iter().filter_map(|own| {
                    let kind = own.kind.value_type();
                    Some((&own.name, Column::of(&batch, &own.name, &kind)?))
                });
                let columns: Vec<(&Name, Column<'_>)> = columns.collect();
                for (place, number) in numbers(&batch, NUMBER)?.into_iter().enumerate() {
                    if of.contains(&number) {
                        let value = |(name, column): &(&Name, Column<'_>)| {
                            ((*name).clone(), column.value(place))
                        };
                        let values = columns.iter().map(value).collect();
                        rows.push(EvidenceRow { feed: feed.name.clone(), number, values });
                    }
                }
            }
        }
        rows.sort_by(|a, b| (&a.feed, a.number).cmp(&(&b.feed, b.number)));
        Ok(rows)
    }

    /// Rows of a feed as they were in its table then.
    async fn rows_then(
        &self,
        feed: &Feed,
        only: Only,
        known: Asked,
    ) -> Result<(SchemaRef, Vec<RecordBatch>), NotAsked> {
        let missing = || NotAsked::Feed(feed.name.clone());
        let now = feeds::rows(feed, self.tables).ok_or_else(missing)?;
        let old = feeds::replaced(feed, self.tables).ok_or_else(missing)?;
        let schema = now.schema();
        let columns: Vec<&str> =
            schema.fields().iter().map(|field| field.name().as_str()).collect();
        let columns = columns.join(", ");
        let mut all = Vec::new();
        let of_old = format!("{REPLACED_BY} >= {}", known.rows);
        for (source, more) in [(now, None), (old, Some(of_old))] {
            let more = more.map(|more| format!(" AND {more}")).unwrap_or_default();
            let (name, rows) = (&source.name, known.rows);
            let sql = format!("SELECT {columns} FROM {name} WHERE {NUMBER} < {rows}{more}");
            let source = source.only(only.clone());
            let (rows, _) = self.engine.run(&sql, vec![source], &[NUMBER]).await?.whole().await?;
            // The same kinds, but what may be empty is told by the table.
            all.push(RecordBatch::try_new(schema.clone(), rows.columns().to_vec())?);
        }
        Ok((schema, all))
    }
}
