//! How much waits where, for whoever answers for it: by body, service and officer.

use base::{Date, Division, Name};
use kernel::{BodyId, PartyId};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
};

/// An office in a division and in every division inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The office.
    pub office: Name,
    /// The division.
    pub within: Division,
}

/// The first code that lies in a division and the first behind it, as databases order them: a code
/// in it begins with its own.
pub(crate) fn codes(division: &Division) -> (String, String) {
    let first = division.as_str().to_owned();
    // The sign that follows the digit nine.
    let behind = format!("{first}:");
    (first, behind)
}

/// How much waits for one body in one service with one of its officers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The body that must act.
    pub body: BodyId,
    /// The service.
    pub procedure: Name,
    /// Its officer who deals with the cases; none where nobody in particular does.
    pub officer: Option<PartyId>,
    /// Cases that wait for it.
    pub waiting: u32,
    /// Those of them whose last day has passed.
    pub late: u32,
    /// Those whose last day is in the days asked for.
    pub soon: u32,
}

/// How much waits for bodies in reach, and for any body in cases that one in reach handles: by
/// body, service and officer.
pub(crate) async fn load(
    tx: &mut Tx,
    place: &Division,
    reach: &Reach,
    (today, soon): (Date, Date),
) -> Result<Vec<Load>, StoreError> {
    let sql = "SELECT w.office, w.division, w.procedure, w.officer, count(*),
           count(CASE WHEN w.due_on < $5 THEN 1 END),
           count(CASE WHEN w.due_on BETWEEN $5 AND $6 THEN 1 END)
         FROM waiting w JOIN case_view c
           ON c.jurisdiction = w.jurisdiction AND c.case_id = w.case_id
         WHERE w.jurisdiction = $1
           AND ((w.office = $2 AND w.division >= $3 AND w.division < $4)
             OR (c.office = $2 AND c.division >= $3 AND c.division < $4))
         GROUP BY w.office, w.division, w.procedure, w.officer
         ORDER BY w.office, w.division, w.procedure, w.officer IS NOT NULL, w.officer";
    type Row = (String, String, String, Option<Vec<u8>>, i64, i64, i64);
    let (first, behind) = codes(&reach.within);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(reach.office.as_str()).bind(first).bind(behind).bind(column::day(today))
        .bind(column::day(soon)).fetch_all(c).await)?;
    let count = |count: i64| {
        u32::try_from(count).map_err(|_| column::corrupt("more cases wait than can be counted"))
    };
    rows.into_iter()
        .map(|(office, division, procedure, officer, waiting, late, soon)| {
            Ok(Load {
                body: column::body_of(&office, &division)?,
                procedure: column::name_of(&procedure)?,
                officer: officer.map(|officer| column::party_of(&officer)).transpose()?,
                waiting: count(waiting)?,
                late: count(late)?,
                soon: count(soon)?,
            })
        })
        .collect()
}
