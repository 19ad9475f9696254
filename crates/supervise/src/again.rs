//! A finding found once more from what it rests on: the rows as they stood then and what registers
//! said as it was known then. Rows that were replaced since are taken from where the lake keeps
//! them.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use base::Name;
use lake::batch::{NUMBER, REPLACED_BY};
use pack::model::{Feed, Finds, Rule};
use query::{Only, Source};

use crate::{
    Asked, Finding, Judged, NotAsked, Read, RowJudge, SetJudge, Touched, Unfit, World, feeds,
    tables::view,
};

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
