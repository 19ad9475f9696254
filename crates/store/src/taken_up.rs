//! Which cases take up which findings of supervision: a view of the ledger, by which a finding
//! leads to its case, and one that is in an open case is not taken up a second time, whoever files
//! at the same moment.

use std::collections::{BTreeMap, BTreeSet};

use base::{Division, Name, Reason, Text};
use kernel::{Case, CaseId, Standing, refusal::FormFault};
use pack::model::{Input, Pack, PackHash, Procedure};
use rules::Value;

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    finding::{self, FindingId, Found, half},
    store::Store,
    views::Shelf,
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
    let procedure = pack.procedures.get(&case.procedure)?;
    let takes_up = !procedure.takes_up.is_empty();
    takes_up.then(|| (column::case(case.id), listed(procedure, &case.facts)))
}

/// The findings that a case of a procedure takes up by its answers.
#[must_use]
pub fn listed(procedure: &Procedure, facts: &BTreeMap<String, Value>) -> BTreeSet<FindingId> {
    let said = procedure.takes_up.iter().filter_map(|path| match facts.get(path) {
        Some(Value::Text(said)) => Some(findings_in(said)),
        _ => None,
    });
    said.flatten().collect()
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
        let inner = self.inner();
        let mut tx = inner.db.once().await?;
        cases(&mut tx, &inner.jurisdiction, findings).await
    }

    /// What cannot be taken up of the findings that a filing lists, at the questions that list
    /// them. It is held against what is there once more as the case is filed.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn unfit_findings(
        &self,
        procedure: &Procedure,
        facts: &BTreeMap<String, Value>,
    ) -> Result<Vec<FormFault>, StoreError> {
        let Some(claim) = Claim::of(procedure, facts, None) else {
            return Ok(Vec::new());
        };
        let inner = self.inner();
        let mut tx = inner.db.once().await?;
        let shelf = inner.shelf();
        claim.faults(&mut tx, (&inner.jurisdiction, &shelf), &BTreeMap::new()).await
    }
}

/// The cases that take up each of these findings, the earliest first.
async fn cases(
    tx: &mut Tx,
    place: &Division,
    findings: &[FindingId],
) -> Result<BTreeMap<FindingId, Vec<TakenUp>>, StoreError> {
    type Row = (Vec<u8>, i64, String, String);
    let mut taken: BTreeMap<FindingId, Vec<TakenUp>> = BTreeMap::new();
    for findings in findings.chunks(ROWS) {
        let rows: Vec<Row> = on!(&mut *tx, c => {
            let from = "SELECT t.finding, t.case_id, c.procedure, c.standing
                        FROM taken_up t JOIN case_view c
                          ON c.jurisdiction = t.jurisdiction AND c.case_id = t.case_id
                        WHERE t.jurisdiction = ";
            let mut sql = sqlx::QueryBuilder::new(from);
            sql.push_bind(place.as_str()).push(" AND t.finding IN (");
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

/// What a case is to take up that it did not take up before.
pub(crate) struct Claim<'a> {
    /// The case, where it is there already.
    case: Option<CaseId>,
    /// The register that knows the party.
    register: &'a Name,
    party: &'a str,
    /// The findings, with the question that lists each.
    findings: BTreeMap<FindingId, &'a str>,
    /// Words that were meant as the number of a finding and are none, with their question.
    odd: Vec<(&'a str, String)>,
}

impl<'a> Claim<'a> {
    /// What these answers claim besides what `before` has; none where they list no findings.
    pub(crate) fn of(
        procedure: &'a Procedure,
        facts: &'a BTreeMap<String, Value>,
        before: Option<&Case>,
    ) -> Option<Self> {
        let has = before.map(|case| listed(procedure, &case.facts)).unwrap_or_default();
        let against = procedure.against.as_ref()?;
        let field = procedure.fields().find(|own| own.path == *against)?;
        let Input::Entry(register) = &field.input else { return None };
        let Some(Value::Text(party)) = facts.get(against) else { return None };
        let (party, case) = (party.trim(), before.map(|case| case.id));
        let (findings, odd_words) = (BTreeMap::new(), Vec::new());
        let mut claim = Self { case, register, party, findings, odd: odd_words };
        for path in &procedure.takes_up {
            let Some(Value::Text(said)) = facts.get(path) else { continue };
            let new = findings_in(said).into_iter().filter(|own| !has.contains(own));
            claim.findings.extend(new.map(|own| (own, path.as_str())));
            claim.odd.extend(odd(said).map(|word| (path.as_str(), word)));
        }
        (!claim.findings.is_empty() || !claim.odd.is_empty()).then_some(claim)
    }

    /// What cannot be taken up: the number of no finding, about somebody else, gone, or in an open
    /// case already. Cases `in_hand` stand as they do there, not as the database has them.
    pub(crate) async fn faults(
        &self,
        tx: &mut Tx,
        (place, shelf): (&Division, &Shelf),
        in_hand: &BTreeMap<CaseId, Case>,
    ) -> Result<Vec<FormFault>, StoreError> {
        let ids: Vec<FindingId> = self.findings.keys().copied().collect();
        let found = finding::last_of(tx, place, &ids).await?;
        let taken = self.cases(tx, (place, shelf), in_hand).await?;
        let mut faults: Vec<FormFault> =
            self.odd.iter().map(|(path, word)| fault(path, not_one(word))).collect();
        for (id, path) in &self.findings {
            let reason = match found.get(id) {
                None => Some(not_one(&hex(id))),
                Some(own) if !self.concerns(own, shelf) => Some(of_another(id)),
                Some(own) if own.gone_at.is_some() => Some(gone(id)),
                Some(_) => taken.get(id).map(|case| in_another(id, *case)),
            };
            faults.extend(reason.map(|reason| fault(path, reason)));
        }
        Ok(faults)
    }

    /// The open case that takes up each of them, where there is one.
    async fn cases(
        &self,
        tx: &mut Tx,
        (place, shelf): (&Division, &Shelf),
        in_hand: &BTreeMap<CaseId, Case>,
    ) -> Result<BTreeMap<FindingId, CaseId>, StoreError> {
        let ids: Vec<FindingId> = self.findings.keys().copied().collect();
        let mut taken = BTreeMap::new();
        for (id, cases) in cases(tx, place, &ids).await? {
            let open = cases.iter().find(|own| own.open && !in_hand.contains_key(&own.case));
            taken.extend(open.map(|own| (id, own.case)));
        }
        for case in in_hand.values().filter(|case| Some(case.id) != self.case && is_open(case)) {
            let (_, takes_up) = of_case(shelf.get(case.pack)?, case).unwrap_or_default();
            taken.extend(takes_up.into_iter().map(|id| (id, case.id)));
        }
        Ok(taken)
    }

    /// Whether a finding is about the party, in the register that knows it.
    fn concerns(&self, found: &Found, shelf: &Shelf) -> bool {
        let Found { finding, .. } = found;
        let pack = shelf.get(PackHash(finding.about.pack)).ok();
        let rule = pack.and_then(|pack| pack.rules.get(&finding.rule));
        finding.subject == self.party && rule.is_none_or(|own| own.subject_of == *self.register)
    }
}

/// Until it has ended or is withdrawn.
fn is_open(case: &Case) -> bool {
    !matches!(case.standing, Standing::Ended { .. } | Standing::Withdrawn)
}

fn fault(path: &str, reason: Reason) -> FormFault {
    FormFault { path: path.to_owned(), reason }
}

fn hex(id: &FindingId) -> String {
    format!("{:032x}", u128::from_be_bytes(*id))
}

/// Words that were meant as the number of a finding and are none.
fn odd(listed: &str) -> impl Iterator<Item = String> {
    let words = listed.split(|c: char| !c.is_ascii_alphanumeric());
    let number = |word: &&str| word.len() > 16 && word.bytes().all(|own| own.is_ascii_hexdigit());
    words.filter(number).filter(|word| word.len() != 32).map(str::to_owned)
}

fn not_one(word: &str) -> Reason {
    let zh = format!("`{word}` 不是监管发现的编号；请从发现页上复制");
    let en = format!("`{word}` is the number of no finding; copy it from the page of the finding");
    Reason { word: "no-finding", says: Text::new(zh, en) }
}

fn of_another(id: &FindingId) -> Reason {
    let id = hex(id);
    let zh = format!("发现 `{id}` 说的不是这一当事人；请另立案件");
    let en = format!("finding `{id}` is about another party; open another case on it");
    Reason { word: "finding-of-another", says: Text::new(zh, en) }
}

fn gone(id: &FindingId) -> Reason {
    let id = hex(id);
    let zh = format!("发现 `{id}` 已不成立；请删去");
    let en = format!("finding `{id}` does not stand any more; leave it out");
    Reason { word: "finding-gone", says: Text::new(zh, en) }
}

fn in_another(id: &FindingId, case: CaseId) -> Reason {
    let id = hex(id);
    let zh = format!("发现 `{id}` 已在案件 {case} 中；请在该案中办理");
    let en = format!("finding `{id}` is in case {case} already; go on in that case");
    Reason { word: "finding-in-case", says: Text::new(zh, en) }
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
