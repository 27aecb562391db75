//! How often every sensitive value stands in every class.

use super::grouping::Grouping;

/// The counts that are not 0, class by class, values in their order.
pub(super) struct ValueCounts {
    starts: Vec<u32>,
    cells: Vec<Cell>,
}

/// A value and its rows in a class.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) value: u32,
    pub(super) n: u32,
}

impl ValueCounts {
    /// Counts the values of all rows; `values` has one for every row, below `n_values`.
    pub(super) fn new(grouping: &Grouping<'_>, values: &[u32], n_values: usize) -> Self {
        let mut next = Vec::with_capacity(grouping.n_classes());
        let mut sum = 0u32;
        for size in &grouping.sizes {
            next.push(sum);
            sum += size;
        }
        let mut by_class = vec![0u32; values.len()];
        for (class, value) in grouping.ids.iter().zip(values) {
            let Some(place) = next.get_mut(*class as usize) else { continue };
            if let Some(target) = by_class.get_mut(*place as usize) {
                *target = *value;
            }
            *place += 1;
        }
        let mut counts = Self { starts: Vec::with_capacity(grouping.n_classes() + 1), cells: Vec::new() };
        counts.starts.push(0);
        let mut rest = by_class.as_mut_slice();
        let mut dense = vec![0u32; n_values];
        for size in &grouping.sizes {
            let (class, after) = rest.split_at_mut((*size as usize).min(rest.len()));
            rest = after;
            counts.add(class, &mut dense);
            counts.starts.push(counts.cells.len() as u32);
        }
        counts.cells.shrink_to_fit();
        counts
    }

    /// The counts of every class.
    pub(super) fn classes(&self) -> impl Iterator<Item = &[Cell]> {
        let ends = self.starts.iter().skip(1);
        self.starts
            .iter()
            .zip(ends)
            .map(|(start, end)| self.cells.get(*start as usize..*end as usize).unwrap_or_default())
    }

    /// The counts of one class.
    pub(super) fn class(&self, class: usize) -> &[Cell] {
        let at = |place: usize| self.starts.get(place).map_or(0, |start| *start as usize);
        self.cells.get(at(class)..at(class + 1)).unwrap_or_default()
    }

    fn add(&mut self, class: &mut [u32], dense: &mut [u32]) {
        // Counting by value pays when most values are there; sorting never costs more than rows.
        if class.len() / 2 > dense.len() {
            for value in class.iter() {
                if let Some(n) = dense.get_mut(*value as usize) {
                    *n += 1;
                }
            }
            for (value, n) in (0u32..).zip(dense) {
                if *n > 0 {
                    self.cells.push(Cell { value, n: std::mem::take(n) });
                }
            }
            return;
        }
        class.sort_unstable();
        for run in class.chunk_by(|one, other| one == other) {
            let value = run.first().copied().unwrap_or(0);
            self.cells.push(Cell { value, n: run.len() as u32 });
        }
    }
}
