//! Which cases take up which findings of supervision: a view of the ledger, by which a finding
//! leads to its case, and one that is in an open case is not taken up a second time.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Name};
use kernel::{Case, CaseId};
use pack::model::Pack;
use rules::Value;

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    finding::{FindingId, half},
    store::Store,
};

/// Findings or cases of one statement.
const ROWS: usize = 1_000;

/// A case that takes up a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenUp {
    /// The case.
    pub case: CaseId,
    /// Its procedure.
    pub procedure: Name,
    /// True until it has ended or is withdrawn.
    pub open: bool,
}

/// The findings that an answer lists: each word of 32 hexadecimal digits, however they are parted.
#[must_use]
pub fn findings_in(answer: &str) -> BTreeSet<FindingId> {
    let words = answer.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter_map(finding_id).collect()
}

/// The finding of 32 hexadecimal digits.
#[must_use]
pub fn finding_id(text: &str) -> Option<FindingId> {
    let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = digits.then(|| u128::from_str_radix(text, 16).ok()).flatten()?;
    Some(number.to_be_bytes())
}

/// What a case takes up, where its procedure takes up findings.
pub(crate) fn of_case(pack: &Pack, case: &Case) -> Option<(i64, BTreeSet<FindingId>)> {
    let path = pack.procedures.get(&case.procedure)?.takes_up.as_ref()?;
    let findings = match case.facts.get(path) {
        Some(Value::Text(said)) => findings_in(said),
        _ => BTreeSet::new(),
    };
    Some((column::case(case.id), findings))
}

/// Writes what cases take up over what stands there.
pub(crate) async fn put(
    tx: &mut Tx,
    place: &Division,
    rows: &BTreeMap<i64, BTreeSet<FindingId>>,
) -> Result<(), StoreError> {
    for (case, findings) in rows {
        let sql = "DELETE FROM taken_up WHERE jurisdiction = $1 AND case_id = $2";
        on!(&mut *tx, c => sqlx::query(sql).bind(place.as_str()).bind(case)
            .execute(c).await.map(drop))?;
        let findings: Vec<&FindingId> = findings.iter().collect();
        for findings in findings.chunks(ROWS) {
            let into = "INSERT INTO taken_up (jurisdiction, finding, case_id) ";
            on!(&mut *tx, c => {
                let mut query = sqlx::QueryBuilder::new(into);
                query.push_values(findings, |mut values, finding| {
                    values.push_bind(place.as_str()).push_bind(finding.to_vec()).push_bind(case);
                });
                query.build().persistent(false).execute(c).await.map(drop)
            })?;
        }
    }
    Ok(())
}

/// Every row: case and finding.
pub(crate) async fn all(
    tx: &mut Tx,
    place: &Division,
) -> Result<Vec<(i64, FindingId)>, StoreError> {
    let sql = "SELECT case_id, finding FROM taken_up WHERE jurisdiction = $1";
    let rows: Vec<(i64, Vec<u8>)> =
        on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).fetch_all(c).await)?;
    rows.into_iter().map(|(case, finding)| Ok((case, half(finding)?))).collect()
}

impl Store {
    /// The cases that take up each of these findings, the earliest first; none of those that no
    /// case takes up.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn taken_up(
        &self,
        findings: &[FindingId],
    ) -> Result<BTreeMap<FindingId, Vec<TakenUp>>, StoreError> {
        type Row = (Vec<u8>, i64, String, String);
        let inner = self.inner();
        let mut tx = inner.db.once().await?;
        let mut taken: BTreeMap<FindingId, Vec<TakenUp>> = BTreeMap::new();
        for findings in findings.chunks(ROWS) {
            let rows: Vec<Row> = on!(&mut tx, c => {
                let from = "SELECT t.finding, t.case_id, c.procedure, c.standing
                            FROM taken_up t JOIN case_view c
                              ON c.jurisdiction = t.jurisdiction AND c.case_id = t.case_id
                            WHERE t.jurisdiction = ";
                let mut sql = sqlx::QueryBuilder::new(from);
                sql.push_bind(inner.jurisdiction.as_str()).push(" AND t.finding IN (");
                let mut list = sql.separated(", ");
                for finding in findings {
                    list.push_bind(finding.to_vec());
                }
                sql.push(") ORDER BY t.case_id");
                sql.build_query_as().persistent(false).fetch_all(c).await
            })?;
            for (finding, case, procedure, standing) in rows {
                taken.entry(half(finding)?).or_default().push(TakenUp {
                    case: column::case_of(case)?,
                    procedure: column::name_of(&procedure)?,
                    open: !matches!(standing.as_str(), "ended" | "withdrawn"),
                });
            }
        }
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_read_however_they_are_parted() {
        let (one, two) = ("0123456789abcdef0123456789abcdef", "FFFFFFFFFFFFFFFF0000000000000001");
        let both = findings_in(&format!("{one}、{two}，{one}\n无"));
        assert_eq!(both.len(), 2);
        assert_eq!(both.first().unwrap()[..2], [0x01, 0x23]);
        assert!(findings_in(&format!("{one}0 +{}", &one[1..])).is_empty());
        assert!(findings_in("+123456789abcdef0123456789abcdef").is_empty());
    }
}
