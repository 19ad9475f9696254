//! Near a place: the ground is cut into cells, and the cells around the place are read in ever
//! wider squares until the nearest entries are certain.

use base::Point;

use super::{
    find::{Count, SearchCursor, SearchPage, SearchQuery, Weighed, counted, hits},
    index::StoredSearch,
    read::Reader,
    wanted::Answers,
};
use crate::error::StoreError;

/// The side of a cell in millionths of a degree: about 280 metres from south to north.
const CELL: i64 = 2_500;
/// Cells around the earth.
const COLUMNS: i64 = 360_000_000 / CELL;
/// How many cells beyond the own one the squares reach, the last about 45 kilometres.
const REACHES: [i64; 5] = [2, 6, 18, 54, 162];
/// Entries read of one square; in a wider one nothing more would be certain.
const READ_MAX: i64 = 20_000;

/// Row and column of a place.
fn row_and_column(place: Point) -> (i64, i64) {
    ((place.latitude() + 90_000_000) / CELL, (place.longitude() + 180_000_000) / CELL)
}

/// The number of the cell in which a place lies.
pub(crate) fn cell(place: Point) -> i64 {
    let (row, column) = row_and_column(place);
    row * COLUMNS + column
}

/// The cells of a square around a place: the first and the last of each row.
fn bands(place: Point, reach: i64) -> Vec<(i64, i64)> {
    let (row, column) = row_and_column(place);
    let rows = row - reach..=row + reach;
    rows.map(|row| (row * COLUMNS + column - reach, row * COLUMNS + column + reach)).collect()
}

/// The metres within which a square leaves nothing out, a fiftieth less than its cells measure.
fn certain(place: Point, reach: i64) -> u64 {
    let beside = |east: i64, north: i64| {
        let other = Point::new(place.longitude() + east, place.latitude() + north);
        other.map_or(0, |other| place.metres_to(other))
    };
    let away = reach * CELL;
    let sides = [beside(away, 0), beside(-away, 0), beside(0, away), beside(0, -away)];
    let least = sides.into_iter().min().unwrap_or(0);
    least - least / 50
}

/// The entries nearest to a place, of those that answer the rest of the query.
pub(crate) async fn nearest(
    reader: &mut Reader<'_>,
    near: Point,
) -> Result<SearchPage, StoreError> {
    let query = reader.query;
    let mut within = Vec::new();
    let mut more = true;
    for reach in REACHES {
        let rows = reader.around(&bands(near, reach), READ_MAX).await?;
        let all = i64::try_from(rows.len()).is_ok_and(|read| read < READ_MAX);
        let sure = certain(near, reach);
        let kept = rows.into_iter().filter(|row| admitted(query, row));
        let measured = kept.filter_map(|row| Some((row.point()?.metres_to(near), row)));
        within = measured.filter(|(metres, _)| *metres <= sure).collect();
        more = Some(&reach) != REACHES.last() || !all;
        if query.coming(&within) > query.limit() || !all {
            break;
        }
    }
    page(reader, within, more).await
}

/// Whether an entry answers everything but where it lies.
pub(super) fn admitted(query: &SearchQuery, row: &StoredSearch) -> bool {
    let answers = |wanted: &super::Wanted| wanted.answered(&row.spoken()).is_some();
    query.admits(row) && query.wanted.as_ref().is_none_or(answers)
}

/// A page of entries by their distance.
pub(crate) async fn page(
    reader: &mut Reader<'_>,
    within: Vec<(u64, StoredSearch)>,
    more: bool,
) -> Result<SearchPage, StoreError> {
    let query = reader.query;
    let mut by_register = counted(within.iter().map(|(_, row)| row.register.as_str()))?;
    by_register.values_mut().for_each(|count| count.more = more);
    let mut weighed: Vec<Weighed> = within
        .into_iter()
        .filter(|(_, row)| query.asks_for(&row.register))
        .map(|(metres, row)| Weighed::at(metres, Answers::Elsewhere, row))
        .collect();
    weighed.sort_by_key(|own| own.place);
    let total = Count { found: u32::try_from(weighed.len()).unwrap_or(u32::MAX), more };
    let mut rest: Vec<Weighed> =
        weighed.into_iter().filter(|own| Some(own.place) > query.after).collect();
    let further = rest.len() > query.limit();
    rest.truncate(query.limit());
    let next: Option<SearchCursor> = rest.last().filter(|_| further).map(|own| own.place);
    let hits = hits(reader, rest).await?;
    Ok(SearchPage { hits, next, total, by_register, meant: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_holds_every_place_within_what_is_certain() {
        let place = Point::parse("116.397, 39.908").unwrap();
        for reach in REACHES {
            let bands = bands(place, reach);
            let sure = certain(place, reach);
            assert!(sure > 190 * u64::try_from(reach).unwrap(), "{sure}");
            for step in 0..400_i64 {
                let (east, north) =
                    ((step % 20 - 10) * reach * 300, (step / 20 - 10) * reach * 300);
                let other = Point::new(place.longitude() + east, place.latitude() + north).unwrap();
                let held = bands.iter().any(|(low, high)| (*low..=*high).contains(&cell(other)));
                assert!(held || place.metres_to(other) > sure, "{other}");
            }
        }
    }
}
