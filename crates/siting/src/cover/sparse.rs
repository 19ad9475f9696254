//! Lists of numbers laid one behind the other.

/// So many lists of numbers, each ascending and without the same number twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    /// Where each list starts, and where the last one ends.
    starts: Vec<usize>,
    items: Vec<u32>,
}

impl Lists {
    /// Those lists.
    pub(crate) fn new(lists: impl IntoIterator<Item = impl IntoIterator<Item = u32>>) -> Self {
        let mut made = Self { starts: vec![0], items: Vec::new() };
        for list in lists {
            let from = made.items.len();
            made.items.extend(list);
            made.items[from..].sort_unstable();
            made.close(from);
        }
        made
    }

    /// Ends a list whose numbers ascend: the same number stays once.
    fn close(&mut self, from: usize) {
        let mut kept = from;
        for at in from..self.items.len() {
            if kept == from || self.items[at] != self.items[kept - 1] {
                self.items[kept] = self.items[at];
                kept += 1;
            }
        }
        self.items.truncate(kept);
        self.starts.push(kept);
    }

    /// How many lists there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// One of the lists.
    pub(crate) fn of(&self, list: usize) -> &[u32] {
        &self.items[self.starts[list]..self.starts[list + 1]]
    }

    /// All lists, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|ends| &self.items[ends[0]..ends[1]])
    }

    /// For each number below `count` the lists it stands in.
    pub(crate) fn turned(&self, count: usize) -> Self {
        let mut starts = vec![0; count + 1];
        for item in &self.items {
            starts[*item as usize + 1] += 1;
        }
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut items = vec![0; self.items.len()];
        for (list, number) in self.iter().zip(0..) {
            for item in list {
                items[next[*item as usize]] = number;
                next[*item as usize] += 1;
            }
        }
        Self { starts, items }
    }
}
