//! What to take along where there is room for only so much.

/// Things with a profit and a size.
#[derive(Debug, Default)]
pub(super) struct Knapsack {
    /// Each thing's profit above 0, its size, and what it is called.
    pub(super) things: Vec<(f64, u64, u32)>,
    /// For each room the most profit, so far.
    most: Vec<f64>,
    /// For each thing and each room whether it is taken.
    taken: Vec<bool>,
}

impl Knapsack {
    /// At least what the most profit is: the last thing may be taken in part.
    pub(super) fn above(&mut self, room: u64) -> f64 {
        self.things.retain(|(_, size, _)| *size <= room);
        let all: u64 = self.things.iter().map(|(_, size, _)| size).sum();
        if all > room {
            let each = |(profit, size, _): &(f64, u64, u32)| profit / (*size as f64);
            let by = |one: &_, other: &_| each(other).total_cmp(&each(one));
            self.things.sort_by(by);
        }
        let (mut left, mut sum) = (room, 0.0);
        for (profit, size, _) in &self.things {
            if *size > left {
                return sum + profit * left as f64 / *size as f64;
            }
            left -= size;
            sum += profit;
        }
        sum
    }

    /// The most profit, and what is taken for it.
    pub(super) fn best(&mut self, room: u64, names: &mut Vec<u32>) -> f64 {
        names.clear();
        let all: u64 = self.things.iter().map(|(_, size, _)| size).sum();
        if all <= room {
            names.extend(self.things.iter().map(|(.., name)| name));
            return self.things.iter().map(|(profit, ..)| profit).sum();
        }
        let rooms = usize::try_from(room).unwrap_or(usize::MAX - 1) + 1;
        self.most.clear();
        self.most.resize(rooms, 0.0);
        self.taken.clear();
        self.taken.resize(rooms * self.things.len(), false);
        for ((profit, size, _), taken) in self.things.iter().zip(self.taken.chunks_mut(rooms)) {
            let size = usize::try_from(*size).unwrap_or(usize::MAX);
            for at in (size..rooms).rev() {
                let with = self.most[at - size] + profit;
                if with > self.most[at] {
                    self.most[at] = with;
                    taken[at] = true;
                }
            }
        }
        let mut at = rooms - 1;
        for (thing, (_, size, name)) in self.things.iter().enumerate().rev() {
            if self.taken[thing * rooms + at] {
                names.push(*name);
                at -= usize::try_from(*size).unwrap_or(at);
            }
        }
        self.most[rooms - 1]
    }
}
