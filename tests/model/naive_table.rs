//! All tables that fit what is published, by enumeration; and a made-up profile.

use consentric::release::table::{
    Cell, CellId, Column, ColumnId, ContributionRange, Contributions, Measure, Relation, Table, TableBuilder,
};

/// A table as plain numbers: every relation is a total and its parts.
#[derive(Default)]
pub struct Naive {
    pub values: Vec<i64>,
    pub relations: Vec<(usize, Vec<usize>)>,
}

impl Naive {
    /// Least and greatest value of each hidden cell over all tables of whole numbers from 0 that fit.
    pub fn intervals(&self, hidden: &[usize]) -> Vec<(usize, i64, i64)> {
        let most: i64 = self.values.iter().copied().max().unwrap_or(0);
        let mut found: Vec<(usize, i64, i64)> = hidden.iter().map(|cell| (*cell, i64::MAX, i64::MIN)).collect();
        self.each(hidden, &|_| (0, most), &mut |table| {
            for (cell, low, high) in &mut found {
                *low = (*low).min(table[*cell]);
                *high = (*high).max(table[*cell]);
            }
        });
        found
    }

    /// The hidden cells on which all tables agree that differ from the true one by at most one in each cell. In a
    /// two-way table, margins included, that is all there is to compare.
    pub fn determined(&self, hidden: &[usize]) -> Vec<usize> {
        let mut moved = vec![false; self.values.len()];
        self.each(hidden, &|cell| (self.values[cell] - 1, self.values[cell] + 1), &mut |table| {
            for cell in hidden {
                moved[*cell] |= table[*cell] != self.values[*cell];
            }
        });
        hidden.iter().copied().filter(|cell| !moved[*cell]).collect()
    }

    fn each(&self, hidden: &[usize], domain: &dyn Fn(usize) -> (i64, i64), visit: &mut dyn FnMut(&[i64])) {
        let mut table = self.values.clone();
        let mut open = vec![false; table.len()];
        for cell in hidden {
            open[*cell] = true;
        }
        self.fill(hidden, domain, &mut table, &mut open, visit);
    }

    fn fill(
        &self,
        rest: &[usize],
        domain: &dyn Fn(usize) -> (i64, i64),
        table: &mut Vec<i64>,
        open: &mut Vec<bool>,
        visit: &mut dyn FnMut(&[i64]),
    ) {
        let Some((cell, rest)) = rest.split_first() else {
            visit(table);
            return;
        };
        open[*cell] = false;
        let (low, high) = domain(*cell);
        for value in low..=high {
            table[*cell] = value;
            if self.relations.iter().all(|relation| self.may_hold(relation, domain, table, open)) {
                self.fill(rest, domain, table, open, visit);
            }
        }
        open[*cell] = true;
    }

    /// Whether the open cells can still make up the difference.
    fn may_hold(
        &self,
        (total, parts): &(usize, Vec<usize>),
        domain: &dyn Fn(usize) -> (i64, i64),
        table: &[i64],
        open: &[bool],
    ) -> bool {
        let of = |cell: usize| if open[cell] { domain(cell) } else { (table[cell], table[cell]) };
        let (low, high) = of(*total);
        let least: i64 = parts.iter().map(|part| of(*part).0).sum();
        let most: i64 = parts.iter().map(|part| of(*part).1).sum();
        least <= high && most >= low
    }
}

/// A profile of forty columns: the number of customers, twelve amounts and nine dimensions of three values, by
/// segment and in all. The same for the same seed.
pub fn profile(n_segments: usize, seed: u64) -> Table {
    let mut state = seed;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut builder = TableBuilder::new();
    let range = ContributionRange::new(0, 100_000).unwrap();
    let count = builder.column(Column::new("customers", Measure::Count));
    let amounts: Vec<ColumnId> = (0..12)
        .map(|column| builder.column(Column::new(format!("amount {column}"), Measure::Mean).with_range(range)))
        .collect();
    let values: Vec<ColumnId> =
        (0..27).map(|column| builder.column(Column::new(format!("value {column}"), Measure::Share))).collect();
    let sizes: Vec<u64> =
        (0..n_segments).map(|_| if random(20) == 0 { 3 + random(7) } else { 60 + random(4_000) }).collect();
    let n: u64 = sizes.iter().sum();
    let total = builder.cell(Cell::new(count, Contributions::count(n)));
    let size_cells: Vec<CellId> =
        sizes.iter().map(|size| builder.cell(Cell::new(count, Contributions::count(*size)))).collect();
    builder.relation(Relation::new(total, size_cells.clone()));
    for column in amounts {
        let mut all: Vec<i128> = Vec::new();
        let mut parts = Vec::new();
        for (size, cell) in sizes.iter().zip(&size_cells) {
            let own: Vec<i128> = (0..*size).map(|_| 500 + i128::from(random(20_000))).collect();
            all.extend(&own);
            let own = Contributions::per_customer(own, Some(range)).unwrap();
            parts.push(builder.cell(Cell::new(column, own).with_count(*cell)));
        }
        let sum =
            builder.cell(Cell::new(column, Contributions::per_customer(all, Some(range)).unwrap()).with_count(total));
        builder.relation(Relation::new(sum, parts));
    }
    for dimension in values.chunks(3) {
        let mut parts: Vec<Vec<CellId>> = vec![Vec::new(); dimension.len()];
        let mut sums = vec![0; dimension.len()];
        for (size, cell) in sizes.iter().zip(&size_cells) {
            let third = if random(25) == 0 { random(9).min(*size) } else { size / 5 };
            let first = (size - third) / 2;
            let counts = [first, size - third - first, third];
            let block: Vec<CellId> = dimension
                .iter()
                .zip(counts)
                .map(|(column, count)| builder.cell(Cell::new(*column, Contributions::count(count)).of(*size)))
                .collect();
            for (place, own) in block.iter().enumerate() {
                parts[place].push(*own);
                sums[place] += counts[place];
            }
            builder.relation(Relation::new(*cell, block));
        }
        let margins: Vec<CellId> = dimension
            .iter()
            .zip(&sums)
            .map(|(column, sum)| builder.cell(Cell::new(*column, Contributions::count(*sum)).of(n)))
            .collect();
        for (margin, parts) in margins.iter().zip(parts) {
            builder.relation(Relation::new(*margin, parts));
        }
        builder.relation(Relation::new(total, margins));
    }
    builder.build().unwrap()
}
