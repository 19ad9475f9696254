//! TSPLIB's points in the plane (`EUC_2D`), read as sites and customers.
//!
//! "TSPLIB — A Traveling Salesman Problem Library", G. Reinelt, 1991. The cost is the floor of the
//! distance, as in the literature on p-medians.

use super::words::{Faults, coordinate, count, lines, place, text};
use crate::costs::Plane;
use crate::fault::Fault;

const POINTS: &[u8] = b"NODE_COORD_SECTION";
const END: &[u8] = b"EOF";

/// Whether a text has a section of points.
pub(super) fn looks(bytes: &[u8]) -> bool {
    lines(bytes).any(|(_, words)| words.first() == Some(&POINTS))
}

/// What stands before the points.
#[derive(Debug, Default)]
struct Head {
    points: Option<usize>,
    plane: bool,
}

impl Head {
    fn take(&mut self, line: usize, words: &[&[u8]]) -> Result<(), Fault> {
        let joined = words.join(&b' ');
        let colon = joined.iter().position(|byte| *byte == b':');
        let (key, value) = joined.split_at(colon.unwrap_or(joined.len()));
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        match key.trim_ascii() {
            b"DIMENSION" => self.points = Some(count(line, value)?),
            b"EDGE_WEIGHT_TYPE" if value == b"EUC_2D" => self.plane = true,
            b"EDGE_WEIGHT_TYPE" => return Err(Fault::UnknownFormat),
            _ => {}
        }
        Ok(())
    }
}

/// The points, by their numbers.
///
/// # Errors
///
/// All that is wrong with it.
pub fn tsplib(bytes: &[u8]) -> Result<Plane, Vec<Fault>> {
    let (mut faults, mut head, mut lines) = (Faults::default(), Head::default(), lines(bytes));
    for (line, words) in lines.by_ref() {
        if words.first() == Some(&POINTS) {
            break;
        }
        faults.note(head.take(line, &words));
    }
    if !head.plane {
        faults.note::<()>(Err(Fault::UnknownFormat));
    }
    let lines: Vec<_> = lines.take_while(|(_, words)| words.first() != Some(&END)).collect();
    let (said, found) = (head.points.unwrap_or(0), lines.len());
    if said != found {
        faults.note::<()>(Err(Fault::WrongCount { said: said as u64, found: found as u64 }));
    } else if found == 0 {
        faults.note::<()>(Err(Fault::Empty));
    }
    let mut points = vec![None; found];
    for (line, words) in &lines {
        faults.note(point(*line, words, &mut points));
        if faults.full() {
            break;
        }
    }
    faults.or(|| Plane::new(points.into_iter().flatten().collect()))
}

fn point(line: usize, words: &[&[u8]], points: &mut [Option<(f64, f64)>]) -> Result<(), Fault> {
    let [number, x, y] = words else { return Err(Fault::NotALine(line)) };
    let own = &mut points[place(line, number, points.len())?];
    if own.is_some() {
        return Err(Fault::Twice(line, text(number)));
    }
    *own = Some((coordinate(line, x)?, coordinate(line, y)?));
    Ok(())
}
