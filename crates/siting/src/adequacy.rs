//! Whether an area has what a norm asks for: so many beds for a thousand people.
//!
//! All of it is whole numbers; a bed that is missing in part is missing.

/// People and beds of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// How many people the norm counts.
    pub people: u64,
    /// How many beds there are.
    pub beds: u64,
}

/// What an area has and what it should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adequacy {
    /// Beds for a million people, rounded down; none where nobody is counted.
    pub per_million: Option<u128>,
    /// The beds the norm asks for, rounded up.
    pub wanted: u128,
    /// The beds that are missing.
    pub missing: u128,
}

/// People in a million.
const MILLION: u128 = 1_000_000;

/// For each area what it has, wants and lacks; the norm is in beds for a million people, that is in
/// thousandths of a bed for a thousand.
pub fn adequacy(areas: &[Area], norm: u64) -> Vec<Adequacy> {
    let own = |area: &Area| {
        let (people, beds) = (u128::from(area.people), u128::from(area.beds));
        let wanted = (people * u128::from(norm)).div_ceil(MILLION);
        let per_million = (beds * MILLION).checked_div(people);
        Adequacy { per_million, wanted, missing: wanted.saturating_sub(beds) }
    };
    areas.iter().map(own).collect()
}

/// The beds missing in all areas together: what one has too many is no help to another.
pub fn missing(areas: &[Adequacy]) -> u128 {
    areas.iter().map(|area| area.missing).sum()
}
