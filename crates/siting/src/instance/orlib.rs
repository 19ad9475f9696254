//! OR-Library's networks of p-median problems: "n m p", then m edges "i j cost".
//!
//! "OR-Library: distributing test problems by electronic mail", J. E. Beasley, 1990; "A note on
//! solving large p-median problems", J. E. Beasley, 1985. Edges go both ways, a later line for the
//! same two points replaces the earlier one, and costs are lengths of shortest paths ("A note on
//! two problems in connexion with graphs", E. W. Dijkstra, 1959).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::wanted;
use super::words::{Faults, count, lines, place, text, whole};
use crate::costs::{FAR, Matrix};
use crate::fault::Fault;

/// A network: what it costs from each point to each, and how many sites are wanted.
#[derive(Debug, Clone)]
pub struct Network {
    /// Lengths of shortest paths.
    pub costs: Matrix,
    /// How many sites are wanted.
    pub wanted: usize,
}

/// The most points of which a table of lengths is made: it takes 4 bytes for each pair.
const POINTS_MAX: usize = 20_000;

/// An edge: its two points, the lower first, and its length.
type Edge = (u32, u32, u32);

struct Head {
    line: usize,
    points: usize,
    edges: usize,
    wanted: usize,
}

/// A network with its shortest paths.
///
/// # Errors
///
/// All that is wrong with it; a network in parts names the smallest that is cut off.
pub fn pmed(bytes: &[u8]) -> Result<Network, Vec<Fault>> {
    let mut lines = lines(bytes);
    let (line, words) = lines.next().ok_or_else(|| vec![Fault::Empty])?;
    let head = head(line, &words).map_err(|fault| vec![fault])?;
    let (mut faults, mut edges, mut found) = (Faults::default(), Vec::new(), 0);
    faults.note(wanted(head.wanted, head.points));
    for (line, words) in lines {
        found += 1;
        edges.extend(faults.note(edge(line, &words, head.points)));
        if faults.full() {
            break;
        }
    }
    if found != head.edges && !faults.full() {
        let count = Fault::WrongCount { said: head.edges as u64, found: found as u64 };
        faults.note::<()>(Err(count));
    }
    faults.or(|| ())?;
    let ways = Ways::new(head.points, edges);
    let part = ways.smallest_part();
    if !part.is_empty() {
        return Err(vec![Fault::CutOff(part)]);
    }
    let costs = Matrix::new(head.points, ways.lengths());
    let costs = costs.ok_or_else(|| vec![Fault::NotALine(head.line)])?;
    Ok(Network { costs, wanted: head.wanted })
}

fn head(line: usize, words: &[&[u8]]) -> Result<Head, Fault> {
    let [points, edges, wanted] = words else { return Err(Fault::NotALine(line)) };
    let word = points;
    let points = count(line, word)?;
    match points {
        0 => Err(Fault::Empty),
        _ if points > POINTS_MAX => Err(Fault::TooLarge(line, text(word))),
        _ => {
            let (edges, wanted) = (count(line, edges)?, count(line, wanted)?);
            Ok(Head { line, points, edges, wanted })
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "points are at most POINTS_MAX")]
fn edge(line: usize, words: &[&[u8]], points: usize) -> Result<Edge, Fault> {
    let [one, other, cost] = words else { return Err(Fault::NotALine(line)) };
    let (from, to) = (place(line, one, points)? as u32, place(line, other, points)? as u32);
    let long = whole(line, cost, Fault::NegativeCost)?;
    // No path is longer than all its edges: so none reaches FAR.
    let most = FAR / points as u32 - 1;
    let length = u32::try_from(long).ok().filter(|length| *length <= most);
    let length = length.ok_or_else(|| Fault::TooLarge(line, text(cost)))?;
    Ok((from.min(to), from.max(to), length))
}

/// From each point, where its edges lead and how long they are.
#[derive(Debug)]
struct Ways {
    starts: Vec<usize>,
    ends: Vec<(u32, u32)>,
}

impl Ways {
    fn new(points: usize, mut edges: Vec<Edge>) -> Self {
        // The last of each pair is kept: the order among the same pair is that of the text.
        edges.sort_by_key(|(from, to, _)| (*from, *to));
        edges.reverse();
        edges.dedup_by_key(|(from, to, _)| (*from, *to));
        let back = edges.iter().map(|(from, to, length)| (*to, *from, *length));
        let mut both: Vec<Edge> = edges.iter().copied().chain(back).collect();
        both.sort_unstable();
        let mut starts = vec![0; points + 1];
        for (from, ..) in &both {
            starts[*from as usize + 1] += 1;
        }
        for point in 0..points {
            starts[point + 1] += starts[point];
        }
        Self { starts, ends: both.into_iter().map(|(_, to, length)| (to, length)).collect() }
    }

    fn points(&self) -> usize {
        self.starts.len() - 1
    }

    fn from(&self, point: u32) -> &[(u32, u32)] {
        &self.ends[self.starts[point as usize]..self.starts[point as usize + 1]]
    }

    /// The smallest part, the first among equals, where there are several; points from 1. Where the
    /// parts are equal it is not the first, which the others are cut off from.
    fn smallest_part(&self) -> Vec<u32> {
        let mut seen = vec![false; self.points()];
        let mut parts: Vec<Vec<u32>> = Vec::new();
        for point in (0..).take(self.points()) {
            if !seen[point as usize] {
                parts.push(self.part(point, &mut seen));
            }
        }
        let largest = parts.iter().zip(0..).max_by_key(|(part, at)| (part.len(), Reverse(*at)));
        let largest = largest.map(|(_, at)| at);
        let others = parts.iter().zip(0..).filter(|(_, at)| Some(*at) != largest);
        let smallest = others.min_by_key(|(part, _)| part.len());
        smallest.map(|(part, _)| part.iter().map(|point| point + 1).collect()).unwrap_or_default()
    }

    /// All points that a point is joined to, in order.
    fn part(&self, point: u32, seen: &mut [bool]) -> Vec<u32> {
        let (mut part, mut next) = (vec![point], 0);
        seen[point as usize] = true;
        while let Some(own) = part.get(next).copied() {
            next += 1;
            for (to, _) in self.from(own) {
                if !std::mem::replace(&mut seen[*to as usize], true) {
                    part.push(*to);
                }
            }
        }
        part.sort_unstable();
        part
    }

    /// The lengths of the shortest paths from each point to each.
    fn lengths(&self) -> Vec<u32> {
        let points = self.points();
        let (mut lengths, mut heap) = (vec![FAR; points * points], BinaryHeap::new());
        for (row, point) in lengths.chunks_mut(points).zip(0..) {
            row[point as usize] = 0;
            heap.push(Reverse((0, point)));
            while let Some(Reverse((length, own))) = heap.pop() {
                if length == row[own as usize] {
                    self.extend(own, length, row, &mut heap);
                }
            }
        }
        lengths
    }

    fn extend(
        &self,
        point: u32,
        length: u32,
        row: &mut [u32],
        heap: &mut BinaryHeap<Reverse<(u32, u32)>>,
    ) {
        for (to, more) in self.from(point) {
            let longer = length + more;
            if longer < row[*to as usize] {
                row[*to as usize] = longer;
                heap.push(Reverse((longer, *to)));
            }
        }
    }
}
