//! The price of equity: what is still reached in all when every area must have so much.

use layout::{Fault, Survey, Terms};

use super::{Limit, Unfit, draw_up};
use crate::Stop;

/// What is reached at a floor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The floor, in permille.
    pub floor: u16,
    /// The value of a plan and the bound that no plan beats; none where no plan has that floor, or
    /// where none was found.
    pub reached: Option<(i64, i64)>,
    /// Whether it is proved that no plan has that floor.
    pub impossible: bool,
}

/// What is reached at each of some floors, each with so many rounds.
///
/// # Errors
/// What is wrong with the terms.
pub fn equity_curve(
    survey: &Survey,
    terms: &Terms,
    floors: &[u16],
    rounds: u64,
    stop: &Stop,
) -> Result<Vec<Point>, Vec<Fault>> {
    let mut points = Vec::new();
    for floor in floors {
        let terms = Terms { floor: *floor, worst: false, ..terms.clone() };
        let limit = Limit { rounds: Some(rounds), stop };
        let point = |reached, impossible| Point { floor: *floor, reached, impossible };
        points.push(match draw_up(survey, &terms, limit, &mut |_| {}) {
            Ok(draft) => point(Some((draft.value(), draft.bound())), false),
            Err(Unfit::Faults(faults)) => return Err(faults),
            Err(Unfit::Conflict(_)) => point(None, true),
            Err(Unfit::Stopped) => point(None, false),
        });
    }
    Ok(points)
}
