//! Work queues: what waits for a body, or for all in reach of one, by due day and then by case.

use base::{Date, Division, Name};
use kernel::{BodyId, Case, CaseId, PartyId};
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    load::{Reach, codes},
    query::LIMIT_MAX,
    row::case_in,
};

/// A case in a work queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxLine {
    /// The case as it stands.
    pub case: Case,
    /// The body that must act.
    pub body: BodyId,
    /// The last day on which the body may act in time.
    pub due_on: Date,
}

/// Where a work queue goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxCursor {
    /// The due day of the last case shown.
    pub due_on: Date,
    /// That case.
    pub case: CaseId,
    /// The body that it waits for.
    pub body: BodyId,
}

/// Which bodies' work is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waits {
    /// What waits for one body.
    For(BodyId),
    /// What waits for bodies in reach, and for any body in cases that one in reach handles.
    In {
        /// What is in reach.
        reach: Reach,
        /// Of which office the body that must act is, where one is named.
        office: Option<Name>,
        /// For which division it acts, where one is named.
        division: Option<Division>,
    },
}

/// What is asked of work queues: everything that fits all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxQuery {
    /// Whose work.
    pub waits: Waits,
    /// Who deals with it.
    pub officer: Whose,
    /// Of which service, where one is named.
    pub procedure: Option<Name>,
    /// Due on that day at the earliest.
    pub from: Option<Date>,
    /// Due on that day at the latest.
    pub until: Option<Date>,
    /// Where the page before ended.
    pub after: Option<InboxCursor>,
    /// The most cases wanted; 500 at most.
    pub limit: u32,
}

impl InboxQuery {
    /// Everything that waits for a body, from the beginning.
    pub fn all(body: &BodyId, limit: u32) -> Self {
        let (waits, officer) = (Waits::For(body.clone()), Whose::Anybody);
        Self { waits, officer, procedure: None, from: None, until: None, after: None, limit }
    }
}

/// Who of a body deals with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Whoever.
    Anybody,
    /// Nobody in particular.
    Nobody,
    /// One of these.
    Of(Vec<PartyId>),
}

/// A page of a body's work queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxPage {
    /// The cases, the most urgent first.
    pub lines: Vec<InboxLine>,
    /// Where the next page begins, if there is one.
    pub next: Option<InboxCursor>,
}

/// A value that a database takes.
trait Bound<D: Database>: for<'q> Encode<'q, D> + Type<D> {}
impl<D: Database, T: for<'q> Encode<'q, D> + Type<D>> Bound<D> for T {}

/// A page of a work queue.
pub(crate) async fn inbox(
    tx: &mut Tx,
    place: &Division,
    query: &InboxQuery,
) -> Result<InboxPage, StoreError> {
    let limit = query.limit.clamp(1, LIMIT_MAX);
    let rows: Vec<(Vec<u8>, String, String, i64)> = on!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT c.state, w.office, w.division, w.due_on FROM waiting w JOIN case_view c
               ON c.jurisdiction = w.jurisdiction AND c.case_id = w.case_id
             WHERE w.jurisdiction = ",
        );
        sql.push_bind(place.as_str().to_owned());
        by_body(&mut sql, &query.waits);
        by_officer(&mut sql, &query.officer);
        by_service_and_day(&mut sql, query);
        sql.push(" ORDER BY w.due_on, w.case_id, w.office, w.division LIMIT ");
        sql.push_bind(i64::from(limit));
        sql.build_query_as().fetch_all(c).await
    })?;
    let lines = rows.into_iter().map(|(state, office, division, due_on)| {
        let body = column::body_of(&office, &division)?;
        Ok(InboxLine { case: case_in(&state)?, body, due_on: column::day_of(due_on)? })
    });
    let lines: Vec<InboxLine> = lines.collect::<Result<_, StoreError>>()?;
    let full = lines.len() >= limit as usize;
    let next = lines.last().filter(|_| full);
    let next = next.map(|line| InboxCursor {
        due_on: line.due_on,
        case: line.case.id,
        body: line.body.clone(),
    });
    Ok(InboxPage { lines, next })
}

fn by_body<D: Database>(sql: &mut QueryBuilder<D>, waits: &Waits)
where
    String: Bound<D>,
{
    let named = |name: &Name| name.to_string();
    match waits {
        Waits::For(body) => {
            sql.push(" AND w.office = ").push_bind(named(&body.office));
            sql.push(" AND w.division = ").push_bind(body.division.to_string());
        }
        Waits::In { reach, office, division } => {
            sql.push(" AND (");
            within(sql, "w", &reach.within);
            sql.push(" AND w.office = ").push_bind(named(&reach.office)).push(" OR ");
            within(sql, "c", &reach.within);
            sql.push(" AND c.office = ").push_bind(named(&reach.office)).push(")");
            if let Some(office) = office {
                sql.push(" AND w.office = ").push_bind(named(office));
            }
            if let Some(division) = division {
                sql.push(" AND w.division = ").push_bind(division.to_string());
            }
        }
    }
}

/// That a table's division lies in one.
fn within<D: Database>(sql: &mut QueryBuilder<D>, table: &str, division: &Division)
where
    String: Bound<D>,
{
    let (first, behind) = codes(division);
    sql.push(format!("{table}.division >= ")).push_bind(first);
    sql.push(format!(" AND {table}.division < ")).push_bind(behind);
}

fn by_officer<D: Database>(sql: &mut QueryBuilder<D>, officer: &Whose)
where
    Vec<u8>: Bound<D>,
{
    match officer {
        Whose::Anybody => {}
        Whose::Nobody => drop(sql.push(" AND w.officer IS NULL")),
        // PostgreSQL knows no empty list.
        Whose::Of(officers) if officers.is_empty() => drop(sql.push(" AND 1 = 0")),
        Whose::Of(officers) => {
            sql.push(" AND w.officer IN (");
            let mut list = sql.separated(", ");
            for officer in officers {
                list.push_bind(officer.0.to_vec());
            }
            sql.push(")");
        }
    }
}

fn by_service_and_day<D: Database>(sql: &mut QueryBuilder<D>, query: &InboxQuery)
where
    String: Bound<D>,
    i64: Bound<D>,
{
    if let Some(procedure) = &query.procedure {
        sql.push(" AND w.procedure = ").push_bind(procedure.to_string());
    }
    if let Some(from) = query.from {
        sql.push(" AND w.due_on >= ").push_bind(column::day(from));
    }
    if let Some(until) = query.until {
        sql.push(" AND w.due_on <= ").push_bind(column::day(until));
    }
    if let Some(after) = &query.after {
        sql.push(" AND (w.due_on, w.case_id, w.office, w.division) > (");
        sql.push_bind(column::day(after.due_on));
        sql.push(", ").push_bind(column::case(after.case));
        sql.push(", ").push_bind(after.body.office.to_string());
        sql.push(", ").push_bind(after.body.division.to_string()).push(")");
    }
}
