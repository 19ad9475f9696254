//! Who of a body is away, and who stands in: a view of the ledger.

use std::collections::BTreeMap;

use base::Division;
use kernel::{
    BodyId, PartyId,
    ledger::{Away, Spell},
};
use sqlx::{ColumnIndex, FromRow, Row};

use crate::{
    column,
    db::{Tx, on},
    error::StoreError,
    row::Stored,
};

/// An officer of a body: office, division, person.
pub(crate) type Officer = (String, String, Vec<u8>);

/// A row of `absence`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredAbsence {
    pub(crate) office: String,
    pub(crate) division: String,
    pub(crate) officer: Vec<u8>,
    pub(crate) from_day: i64,
    pub(crate) until_day: i64,
    pub(crate) cover: Vec<u8>,
}

/// The columns of [`StoredAbsence`], in order.
macro_rules! absence_columns {
    () => {
        "office, division, officer, from_day, until_day, cover"
    };
}

impl<'r, R: Row> FromRow<'r, R> for StoredAbsence
where
    usize: ColumnIndex<R>,
    i64: Stored<'r, R::Database>,
    String: Stored<'r, R::Database>,
    Vec<u8>: Stored<'r, R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            office: row.try_get(0)?,
            division: row.try_get(1)?,
            officer: row.try_get(2)?,
            from_day: row.try_get(3)?,
            until_day: row.try_get(4)?,
            cover: row.try_get(5)?,
        })
    }
}

impl StoredAbsence {
    fn of(away: &Away, spell: &Spell) -> Self {
        Self {
            office: away.body.office.to_string(),
            division: away.body.division.to_string(),
            officer: away.officer.0.to_vec(),
            from_day: column::day(spell.from),
            until_day: column::day(spell.until),
            cover: spell.cover.0.to_vec(),
        }
    }

    /// What names the row.
    pub(crate) fn officer(&self) -> Officer {
        (self.office.clone(), self.division.clone(), self.officer.clone())
    }

    fn read(self) -> Result<(PartyId, Spell), StoreError> {
        let spell = Spell {
            from: column::day_of(self.from_day)?,
            until: column::day_of(self.until_day)?,
            cover: column::party_of(&self.cover)?,
        };
        Ok((column::party_of(&self.officer)?, spell))
    }
}

/// What the entries folded so far say of officers: nothing of one who is back.
#[derive(Debug, Default)]
pub(crate) struct Absences(BTreeMap<Officer, Option<StoredAbsence>>);

impl Absences {
    /// Notes what an entry says.
    pub(crate) fn note(&mut self, away: &Away) {
        let BodyId { office, division } = &away.body;
        let officer = (office.to_string(), division.to_string(), away.officer.0.to_vec());
        let row = away.spell.as_ref().map(|spell| StoredAbsence::of(away, spell));
        self.0.insert(officer, row);
    }

    /// The rows that there are.
    pub(crate) fn rows(&self) -> BTreeMap<Officer, StoredAbsence> {
        let rows = self.0.iter();
        rows.filter_map(|(officer, row)| Some((officer.clone(), row.clone()?))).collect()
    }

    /// Writes them over what stands there.
    pub(crate) async fn put(&self, tx: &mut Tx, place: &Division) -> Result<(), StoreError> {
        let out = "DELETE FROM absence
                   WHERE jurisdiction = $1 AND office = $2 AND division = $3 AND officer = $4";
        let into = concat!(
            "INSERT INTO absence (jurisdiction, ",
            absence_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7)"
        );
        for ((office, division, officer), row) in &self.0 {
            on!(tx, c => sqlx::query(out).bind(place.as_str()).bind(office).bind(division)
                .bind(officer).execute(c).await.map(drop))?;
            let Some(row) = row else { continue };
            on!(tx, c => sqlx::query(into).bind(place.as_str()).bind(office).bind(division)
                .bind(officer).bind(row.from_day).bind(row.until_day).bind(&row.cover)
                .execute(c).await.map(drop))?;
        }
        Ok(())
    }
}

/// Every row.
pub(crate) async fn all(tx: &mut Tx, place: &Division) -> Result<Vec<StoredAbsence>, StoreError> {
    let sql = concat!(
        "SELECT ",
        absence_columns!(),
        " FROM absence WHERE jurisdiction = $1 ORDER BY office, division, officer"
    );
    Ok(on!(tx, c => sqlx::query_as(sql).bind(place.as_str()).fetch_all(c).await)?)
}

/// The absences of a body's officers, those to come and those that are over included.
pub(crate) async fn of_body(
    tx: &mut Tx,
    place: &Division,
    body: &BodyId,
) -> Result<Vec<(PartyId, Spell)>, StoreError> {
    let sql = concat!(
        "SELECT ",
        absence_columns!(),
        " FROM absence WHERE jurisdiction = $1 AND office = $2 AND division = $3 ORDER BY officer"
    );
    let (office, division) = (body.office.as_str(), body.division.as_str());
    let rows: Vec<StoredAbsence> = on!(tx, c => sqlx::query_as(sql).bind(place.as_str())
        .bind(office).bind(division).fetch_all(c).await)?;
    rows.into_iter().map(StoredAbsence::read).collect()
}
