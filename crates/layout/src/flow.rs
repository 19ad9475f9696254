//! As many places served as can be: the nearest first, and then moved on as long as that makes room
//! for more (L. R. Ford and D. R. Fulkerson, "Maximal flow through a network", 1956).

#![expect(clippy::indexing_slicing, reason = "numbers are made here from the lists they go into")]

use std::collections::VecDeque;

use crate::survey::Way;

/// How many places of each area are served, for so many needed and so many at each site.
pub(crate) fn served(ways: &[Way], needs: &[u64], places: &[u64]) -> Vec<u64> {
    let mut flow = Flow::new(ways, needs, places);
    flow.nearest_first();
    while flow.move_on() {}
    needs.iter().zip(&flow.missing).map(|(need, missing)| need - missing).collect()
}

struct Flow<'a> {
    ways: &'a [Way],
    at: Vec<u64>,
    missing: Vec<u64>,
    spare: Vec<u64>,
    by_area: Vec<Vec<usize>>,
    by_site: Vec<Vec<usize>>,
}

/// How a search came to an area and to a site: by which way.
struct Came {
    area: Vec<Option<usize>>,
    site: Vec<Option<usize>>,
}

impl<'a> Flow<'a> {
    fn new(ways: &'a [Way], needs: &[u64], places: &[u64]) -> Self {
        let mut by_area = vec![Vec::new(); needs.len()];
        let mut by_site = vec![Vec::new(); places.len()];
        for (at, way) in ways.iter().enumerate().filter(|(_, way)| places[way.site] > 0) {
            by_area[way.area].push(at);
            by_site[way.site].push(at);
        }
        let at = vec![0; ways.len()];
        Self { ways, at, missing: needs.to_vec(), spare: places.to_vec(), by_area, by_site }
    }

    fn nearest_first(&mut self) {
        let mut order: Vec<usize> = (0..self.ways.len()).collect();
        order.sort_unstable_by_key(|at| (self.ways[*at].metres, *at));
        for at in order {
            let Way { area, site, .. } = self.ways[at];
            let much = self.missing[area].min(self.spare[site]);
            self.at[at] += much;
            self.missing[area] -= much;
            self.spare[site] -= much;
        }
    }

    /// Serves more by moving who is served elsewhere; whether that could be done.
    fn move_on(&mut self) -> bool {
        let mut came =
            Came { area: vec![None; self.by_area.len()], site: vec![None; self.by_site.len()] };
        let mut seen: Vec<bool> = self.missing.iter().map(|missing| *missing > 0).collect();
        let mut next: VecDeque<usize> = (0..seen.len()).filter(|area| seen[*area]).collect();
        let mut ends = Vec::new();
        while let Some(area) = next.pop_front() {
            for at in &self.by_area[area] {
                let site = self.ways[*at].site;
                if came.site[site].is_some() {
                    continue;
                }
                came.site[site] = Some(*at);
                if self.spare[site] > 0 {
                    ends.push(site);
                    continue;
                }
                for back in &self.by_site[site] {
                    let other = self.ways[*back].area;
                    if self.at[*back] > 0 && !seen[other] {
                        seen[other] = true;
                        came.area[other] = Some(*back);
                        next.push_back(other);
                    }
                }
            }
        }
        let moved: Vec<bool> = ends.into_iter().map(|site| self.push(site, &came)).collect();
        moved.contains(&true)
    }

    /// Serves more at a site with room along the way by which it was found; whether any could be.
    fn push(&mut self, end: usize, came: &Came) -> bool {
        let (mut more, mut fewer) = (Vec::new(), Vec::new());
        let mut much = self.spare[end];
        let mut site = end;
        let from = loop {
            let Some(at) = came.site[site] else { return false };
            more.push(at);
            let area = self.ways[at].area;
            let Some(back) = came.area[area] else { break area };
            fewer.push(back);
            much = much.min(self.at[back]);
            site = self.ways[back].site;
        };
        much = much.min(self.missing[from]);
        more.iter().for_each(|at| self.at[*at] += much);
        fewer.iter().for_each(|at| self.at[*at] -= much);
        self.missing[from] -= much;
        self.spare[end] -= much;
        much > 0
    }
}
