//! What of a table may leave: the audit against enumeration, the gate against attacks.

#[path = "model/naive_table.rs"]
mod naive_table;

use consentric::release::KAnonymity;
use consentric::release::table::{
    Attribute, Cell, CellId, Closeness, Column, ColumnId, ContributionRange, Contributions, Diversity, Dominance,
    FrozenCuts, GatedTable, Interval, Measure, PublishedCell, Reason, Relation, ReleasePolicy, SuppressBin, Table,
    TableBuilder, TableError, Threshold,
};
use naive_table::Naive;
use proptest::prelude::*;

/// A two-way table of counts with row totals, column totals and the grand total.
struct TwoWay {
    builder: TableBuilder,
    inner: Vec<Vec<CellId>>,
    naive: Naive,
}

fn two_way(counts: &[Vec<u64>]) -> TwoWay {
    let (mut builder, mut naive) = (TableBuilder::new(), Naive::default());
    let column = builder.column(Column::new("customers", Measure::Count));
    let mut add = |n: u64| {
        naive.values.push(n as i64);
        builder.cell(Cell::new(column, Contributions::count(n)))
    };
    let inner: Vec<Vec<CellId>> = counts.iter().map(|row| row.iter().map(|n| add(*n)).collect()).collect();
    let rows: Vec<CellId> = counts.iter().map(|row| add(row.iter().sum())).collect();
    let width = counts[0].len();
    let columns: Vec<CellId> = (0..width).map(|place| add(counts.iter().map(|row| row[place]).sum())).collect();
    let grand = add(counts.iter().flatten().sum());
    let mut relate = |total: CellId, parts: Vec<CellId>| {
        naive.relations.push((total.index(), parts.iter().map(|part| part.index()).collect()));
        builder.relation(Relation::new(total, parts));
    };
    for (row, total) in inner.iter().zip(&rows) {
        relate(*total, row.clone());
    }
    for (place, total) in columns.iter().enumerate() {
        relate(*total, inner.iter().map(|row| row[place]).collect());
    }
    relate(grand, rows);
    relate(grand, columns);
    TwoWay { builder, inner, naive }
}

/// One column of counts: parts and their total.
fn star(parts: &[u64]) -> (TableBuilder, CellId, Vec<CellId>) {
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let mut cell = |n| builder.cell(Cell::new(column, Contributions::count(n)));
    let total = cell(parts.iter().sum());
    let parts: Vec<CellId> = parts.iter().map(|n| cell(*n)).collect();
    builder.relation(Relation::new(total, parts.clone()));
    (builder, total, parts)
}

fn policy(threshold: u64) -> ReleasePolicy {
    ReleasePolicy::new(Threshold::new(threshold).unwrap())
}

fn hidden(gated: &GatedTable) -> Vec<usize> {
    gated.hidden().map(CellId::index).collect()
}

fn range(lower: i128, upper: i128) -> ContributionRange {
    ContributionRange::new(lower, upper).unwrap()
}

fn amounts(amounts: impl IntoIterator<Item = i128>) -> Contributions {
    Contributions::per_customer(amounts, None).unwrap()
}

fn reasons(gated: &GatedTable, cell: CellId) -> Vec<Reason> {
    gated.reasons(cell).collect()
}

/// Whether every cell hidden for its own sake keeps the interval that counts are owed.
fn counts_are_safe(table: &Table, naive: &Naive, gated: &GatedTable, shown_again: Option<CellId>, t: i128) -> bool {
    let pattern: Vec<CellId> = gated.hidden().filter(|cell| Some(*cell) != shown_again).collect();
    let is_hidden = |cell: &usize| pattern.iter().any(|other| other.index() == *cell);
    let unions = naive.relations.iter().all(|(total, parts)| {
        let open: Vec<usize> = parts.iter().copied().filter(is_hidden).collect();
        let sum: i64 = open.iter().map(|cell| naive.values[*cell]).sum();
        is_hidden(total) || open.is_empty() || open.len() == parts.len() || i128::from(sum) >= t
    });
    let intervals = table.audit(pattern.iter().copied()).intervals().unwrap();
    unions
        && intervals.iter().all(|(cell, Interval { lo, hi })| {
            let primary = gated.reasons(*cell).any(Reason::is_primary);
            !primary || hi.is_none_or(|hi| hi - lo >= t && hi >= t)
        })
}

fn tables(largest: u64) -> impl Strategy<Value = Vec<Vec<u64>>> {
    (2usize..=4, 2usize..=4)
        .prop_flat_map(move |(rows, columns)| prop::collection::vec(prop::collection::vec(0..=largest, columns), rows))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn elimination_finds_what_all_tables_that_fit_agree_on(counts in tables(9), pattern in any::<u32>()) {
        let TwoWay { builder, naive, .. } = two_way(&counts);
        let table = builder.build().unwrap();
        let cells: Vec<usize> = (0..naive.values.len()).filter(|cell| pattern >> cell & 1 == 1).collect();
        let found = table.audit(ids(&table, &cells)).determined().unwrap();
        let found: Vec<usize> = found.into_iter().map(CellId::index).collect();
        prop_assert_eq!(found, naive.determined(&cells));
    }

    #[test]
    fn intervals_are_those_of_all_tables_that_fit(counts in tables(3), pattern in any::<u32>()) {
        let TwoWay { builder, naive, inner, .. } = two_way(&counts);
        let table = builder.build().unwrap();
        // Margins stay, so that the tables are finitely many.
        let n_inner = inner.len() * inner[0].len();
        let cells: Vec<usize> = (0..n_inner).filter(|cell| pattern >> cell & 1 == 1).collect();
        let found = table.audit(ids(&table, &cells)).intervals().unwrap();
        let found: Vec<(usize, i64, i64)> =
            found.into_iter().map(|(cell, i)| (cell.index(), i.lo as i64, i.hi.unwrap() as i64)).collect();
        prop_assert_eq!(found, naive.intervals(&cells));
    }

    #[test]
    fn intervals_of_three_way_tables_are_those_of_all_tables_that_fit(
        counts in prop::collection::vec(0u64..=4, 18), pattern in any::<u32>(),
    ) {
        let (table, naive) = three_way(&counts);
        let cells: Vec<usize> = (0..18).filter(|cell| pattern >> cell & 1 == 1).collect();
        let found = table.audit(ids(&table, &cells)).intervals().unwrap();
        let found: Vec<(usize, i64, i64)> =
            found.into_iter().map(|(cell, i)| (cell.index(), i.lo as i64, i.hi.unwrap() as i64)).collect();
        prop_assert_eq!(found, naive.intervals(&cells));
    }

    #[test]
    fn counts_in_odd_cycles_are_bounded_over_whole_numbers(counts in prop::collection::vec(0u64..=5, 5)) {
        let (table, naive) = odd_cycle(&counts);
        let cells: Vec<usize> = (0..5).collect();
        let found = table.audit(ids(&table, &cells)).intervals().unwrap();
        let found: Vec<(usize, i64, i64)> =
            found.into_iter().map(|(cell, i)| (cell.index(), i.lo as i64, i.hi.unwrap() as i64)).collect();
        prop_assert_eq!(found, naive.intervals(&cells));
    }

    #[test]
    fn suppressing_more_cells_never_narrows_an_interval(counts in tables(6), less in any::<u32>(), more in any::<u32>()) {
        let TwoWay { builder, naive, .. } = two_way(&counts);
        let table = builder.build().unwrap();
        let pick = |pattern: u32| -> Vec<usize> { (0..naive.values.len()).filter(|c| pattern >> c & 1 == 1).collect() };
        let narrow = table.audit(ids(&table, &pick(less))).intervals().unwrap();
        let wide = table.audit(ids(&table, &pick(less | more))).intervals().unwrap();
        for (cell, before) in narrow {
            let (_, after) = wide.iter().find(|(other, _)| *other == cell).unwrap();
            prop_assert!(after.lo <= before.lo);
            prop_assert!(after.hi.is_none_or(|hi| before.hi.is_some_and(|least| least <= hi)));
        }
    }

    #[test]
    fn the_pattern_of_the_gate_passes_the_audit_and_no_complement_is_spare(counts in tables(30), t in 2u64..=12) {
        let TwoWay { builder, naive, .. } = two_way(&counts);
        let table = builder.build().unwrap();
        let gated = table.gate(&policy(t)).unwrap();
        prop_assert!(counts_are_safe(&table, &naive, &gated, None, t.into()));
        for cell in gated.hidden() {
            if gated.reasons(cell).eq([Reason::Complement]) {
                prop_assert!(!counts_are_safe(&table, &naive, &gated, Some(cell), t.into()), "{cell:?} is spare");
            }
        }
        for (cell, published) in gated.cells().iter().enumerate() {
            let n = naive.values[cell] as u64;
            prop_assert!(*published == PublishedCell::Hidden || n >= t);
            prop_assert!(published.shown().is_none_or(|figure| figure.value() == n as f64));
        }
    }

    #[test]
    fn three_way_tables_are_protected_as_well(counts in prop::collection::vec(0u64..=20, 18), t in 2u64..=8) {
        let (table, naive) = three_way(&counts);
        let gated = table.gate(&policy(t)).unwrap();
        prop_assume!(table.audit(gated.hidden()).intervals().is_ok());
        prop_assert!(counts_are_safe(&table, &naive, &gated, None, t.into()));
    }

    #[test]
    fn the_order_of_cells_does_not_change_the_pattern(seed in any::<u64>(), t in 5u64..=40) {
        // Counts that differ in powers of two have no ties.
        let n = 12usize;
        let mut powers: Vec<u64> = (0..n as u64).map(|i| 1 << i).collect();
        shuffle(&mut powers, seed);
        let counts: Vec<Vec<u64>> = powers.chunks(4).map(<[u64]>::to_vec).collect();
        let mut turned: Vec<Vec<u64>> = counts.iter().rev().map(|row| row.iter().rev().copied().collect()).collect();
        turned.rotate_left(1);
        let pattern = |counts: &[Vec<u64>]| {
            let TwoWay { builder, naive, .. } = two_way(counts);
            let gated = builder.build().unwrap().gate(&policy(t)).unwrap();
            let mut values: Vec<i64> = gated.hidden().map(|cell| naive.values[cell.index()]).collect();
            values.sort_unstable();
            values
        };
        prop_assert_eq!(pattern(&counts), pattern(&turned));
    }
}

fn shuffle(items: &mut [u64], mut seed: u64) {
    for place in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(place, (seed >> 33) as usize % (place + 1));
    }
}

/// The identities of cells by place: those of a builder with as many cells.
fn ids(table: &Table, cells: &[usize]) -> Vec<CellId> {
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("any", Measure::Count));
    let all: Vec<CellId> =
        (0..table.n_cells()).map(|_| builder.cell(Cell::new(column, Contributions::count(1)))).collect();
    cells.iter().map(|cell| all[*cell]).collect()
}

/// 3 x 3 x 2 counts with all two-way margins.
fn three_way(counts: &[u64]) -> (Table, Naive) {
    let (mut builder, mut naive) = (TableBuilder::new(), Naive::default());
    let column = builder.column(Column::new("customers", Measure::Count));
    let mut add = |n: u64| {
        naive.values.push(n as i64);
        builder.cell(Cell::new(column, Contributions::count(n)))
    };
    let inner: Vec<CellId> = counts.iter().map(|n| add(*n)).collect();
    let at = |i: usize, j: usize, k: usize| i * 6 + j * 2 + k;
    let mut lines: Vec<Vec<usize>> = Vec::new();
    for i in 0..3 {
        lines.extend((0..3).map(|j| vec![at(i, j, 0), at(i, j, 1)]));
        lines.extend((0..2).map(|k| vec![at(i, 0, k), at(i, 1, k), at(i, 2, k)]));
        lines.extend((0..2).map(|k| vec![at(0, i, k), at(1, i, k), at(2, i, k)]));
    }
    let totals: Vec<CellId> = lines.iter().map(|line| add(line.iter().map(|cell| counts[*cell]).sum())).collect();
    for (line, total) in lines.iter().zip(totals) {
        naive.relations.push((total.index(), line.clone()));
        builder.relation(Relation::new(total, line.iter().map(|cell| inner[*cell])));
    }
    (builder.build().unwrap(), naive)
}

/// Five counts, each two neighbours with a shown total: the linear bounds are not whole.
fn odd_cycle(counts: &[u64]) -> (Table, Naive) {
    let (mut builder, mut naive) = (TableBuilder::new(), Naive::default());
    let column = builder.column(Column::new("customers", Measure::Count));
    let mut add = |n: u64| {
        naive.values.push(n as i64);
        builder.cell(Cell::new(column, Contributions::count(n)))
    };
    let parts: Vec<CellId> = counts.iter().map(|n| add(*n)).collect();
    // Three links make the cycle odd; the others hang on it.
    let links = [(0, 1), (1, 2), (0, 2), (2, 3), (3, 4)];
    let totals: Vec<CellId> = links.iter().map(|(a, b)| add(counts[*a] + counts[*b])).collect();
    for ((a, b), total) in links.into_iter().zip(totals) {
        naive.relations.push((total.index(), vec![a, b]));
        builder.relation(Relation::new(total, [parts[a], parts[b]]));
    }
    (builder.build().unwrap(), naive)
}

#[test]
fn total_minus_parts_tells_nothing() {
    let (builder, total, parts) = star(&[400, 7, 93]);
    let gated = builder.build().unwrap().gate(&policy(10)).unwrap();
    assert_eq!(hidden(&gated), [parts[1].index(), parts[2].index()]);
    assert_eq!(gated.cell(total).shown().unwrap().value(), 500.0);
    assert_eq!(reasons(&gated, parts[1]), [Reason::BelowThreshold]);
    assert_eq!(reasons(&gated, parts[2]), [Reason::Complement]);
}

#[test]
fn the_union_of_two_hidden_cells_passes_as_a_cell() {
    // 4 + 5 customers would be told as 9 by the total: fewer than 10.
    let (builder, _, parts) = star(&[400, 4, 5, 60]);
    let gated = builder.build().unwrap().gate(&policy(10)).unwrap();
    assert_eq!(hidden(&gated), [parts[1].index(), parts[2].index(), parts[3].index()]);
    let (builder, _, parts) = star(&[400, 7, 8, 60]);
    let gated = builder.build().unwrap().gate(&policy(10)).unwrap();
    assert_eq!(hidden(&gated), [parts[1].index(), parts[2].index()]);
}

#[test]
fn primary_and_complementary_cells_look_alike_in_every_output() {
    let (builder, _, parts) = star(&[400, 7, 93]);
    let gated = builder.build().unwrap().gate(&policy(10)).unwrap();
    assert_eq!(gated.cell(parts[1]), gated.cell(parts[2]));
    assert_eq!(serde_json::to_string(&gated).unwrap(), "[500.0,400.0,null,null]");
}

#[test]
fn one_dominant_customer_hides_the_sum() {
    let mut builder = TableBuilder::new();
    let spend = builder.column(Column::new("spend", Measure::Sum).with_range(range(0, 100_000)));
    let fine = builder.cell(Cell::new(spend, amounts(vec![60; 100])));
    let dominated = builder.cell(Cell::new(spend, amounts(std::iter::once(95_000).chain(vec![100; 99]))));
    let other = builder.cell(Cell::new(spend, amounts(vec![900; 200])));
    let sum = amounts(std::iter::once(95_000).chain(vec![60; 100]).chain(vec![100; 99]).chain(vec![900; 200]));
    let total = builder.cell(Cell::new(spend, sum));
    builder.relation(Relation::new(total, [fine, dominated, other]));
    let gated = builder.build().unwrap().gate(&policy(50)).unwrap();
    assert_eq!(reasons(&gated, dominated), [Reason::Dominance]);
    // U is the width of 10,000: a sum of 6,000 has not enough room to hide behind, the larger one has.
    assert_eq!(gated.cell(other), PublishedCell::Hidden);
    assert!(gated.cell(fine).shown().is_some());
    assert!(gated.cell(total).shown().is_some());
}

#[test]
fn a_dominant_customer_is_not_told_by_the_union_of_hidden_cells() {
    let mut builder = TableBuilder::new();
    let spend = builder.column(Column::new("spend", Measure::Sum).with_range(range(0, 1_000_000)));
    let rows = [vec![900_000], vec![2; 60], vec![3; 60], vec![9_000; 60]];
    let all = amounts(rows.iter().flatten().copied());
    let parts: Vec<CellId> =
        rows.iter().map(|row| builder.cell(Cell::new(spend, amounts(row.iter().copied())))).collect();
    let total = builder.cell(Cell::new(spend, all));
    builder.relation(Relation::new(total, parts.clone()));
    let gated = builder.build().unwrap().gate(&policy(50)).unwrap();
    assert!(reasons(&gated, parts[0]).contains(&Reason::Dominance));
    // With the small ones alone the union would still be the one customer.
    assert_eq!(gated.cell(parts[3]), PublishedCell::Hidden);
}

#[test]
fn linked_tables_that_share_a_margin_protect_each_other() {
    // Customers by region and by age share their total and one of the regions is split by age once more.
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let mut cell = |n| builder.cell(Cell::new(column, Contributions::count(n)));
    let total = cell(600);
    let (north, south) = (cell(200), cell(400));
    let (young, old) = (cell(250), cell(350));
    let inner: Vec<CellId> = [4, 196, 246, 154].into_iter().map(&mut cell).collect();
    for (total, parts) in [
        (total, vec![north, south]),
        (total, vec![young, old]),
        (north, vec![inner[0], inner[1]]),
        (south, vec![inner[2], inner[3]]),
        (young, vec![inner[0], inner[2]]),
        (old, vec![inner[1], inner[3]]),
    ] {
        builder.relation(Relation::new(total, parts));
    }
    let table = builder.build().unwrap();
    let gated = table.gate(&policy(10)).unwrap();
    let pattern: Vec<CellId> = gated.hidden().collect();
    assert!(!table.audit(pattern.iter().copied()).determined().unwrap().contains(&inner[0]));
    let intervals = table.audit(pattern).intervals().unwrap();
    let own = intervals.iter().find(|(cell, _)| *cell == inner[0]).unwrap().1;
    assert!(own.hi.is_none_or(|hi| hi - own.lo >= 10));
    // Row by row alone, two hidden cells would have looked enough.
    assert!(table.audit([inner[0], inner[1]]).determined().unwrap().contains(&inner[0]));
}

fn shares(sensitive: bool, count: u64, n: u64) -> (GatedTable, CellId) {
    let mut builder = TableBuilder::new();
    let column = Column::new("ill", Measure::Share);
    let column = builder.column(if sensitive { column.sensitive() } else { column });
    let cell = builder.cell(Cell::new(column, Contributions::count(count)).of(n));
    (builder.build().unwrap().gate(&policy(10)).unwrap(), cell)
}

#[test]
fn nobody_and_everybody_with_a_sensitive_value_is_hidden() {
    for count in [0, 200, 3, 197] {
        let (gated, cell) = shares(true, count, 200);
        assert_eq!(gated.cell(cell), PublishedCell::Hidden, "{count} of 200");
        assert!(reasons(&gated, cell).contains(&Reason::GroupDisclosure));
    }
    for count in [10, 100, 190] {
        let (gated, cell) = shares(true, count, 200);
        assert!(gated.cell(cell).shown().is_some(), "{count} of 200");
    }
    // That everybody has what is not sensitive may be told; that all but three have it tells of three.
    let (gated, cell) = shares(false, 200, 200);
    assert!(gated.cell(cell).shown().is_some());
    let (gated, cell) = shares(false, 197, 200);
    assert_eq!(gated.cell(cell), PublishedCell::Hidden);
}

/// Segments of a sensitive attribute with its shares and the size of each segment.
fn attribute(segments: &[[u64; 3]], policy: &ReleasePolicy) -> (GatedTable, Vec<CellId>, Vec<Vec<CellId>>) {
    let mut builder = TableBuilder::new();
    let size = builder.column(Column::new("customers", Measure::Count));
    let values: Vec<ColumnId> =
        (0..3).map(|value| builder.column(Column::new(format!("value {value}"), Measure::Share).sensitive())).collect();
    let population = (0..3).map(|value| segments.iter().map(|counts| counts[value]).sum::<u64>());
    let mut declared = Attribute::new("diagnosis", population);
    let (mut sizes, mut blocks) = (Vec::new(), Vec::new());
    for counts in segments {
        let n = counts.iter().sum();
        sizes.push(builder.cell(Cell::new(size, Contributions::count(n))));
        let own = values.iter().zip(counts);
        let block: Vec<CellId> =
            own.map(|(column, count)| builder.cell(Cell::new(*column, Contributions::count(*count)).of(n))).collect();
        builder.relation(Relation::new(sizes[sizes.len() - 1], block.clone()));
        declared = declared.with_segment(*counts, block.clone());
        blocks.push(block);
    }
    builder.attribute(declared);
    (builder.build().unwrap().gate(policy).unwrap(), sizes, blocks)
}

fn is_hidden(gated: &GatedTable, block: &[CellId]) -> bool {
    block.iter().all(|cell| gated.cell(*cell) == PublishedCell::Hidden)
}

#[test]
fn a_homogeneous_segment_keeps_its_size_and_loses_the_attribute() {
    let policy = policy(10).with_diversity(Diversity::distinct(2).unwrap());
    let (gated, sizes, blocks) = attribute(&[[120, 0, 0], [60, 60, 60], [50, 50, 90]], &policy);
    assert!(is_hidden(&gated, &blocks[0]) && !is_hidden(&gated, &blocks[1]));
    assert!(reasons(&gated, blocks[0][0]).contains(&Reason::Diversity));
    assert!(sizes.iter().all(|size| gated.cell(*size).shown().is_some()));
}

#[test]
fn a_skewed_segment_loses_the_attribute() {
    // All three values are there, as l-diversity wants, but in other shares than in the population.
    let rule = policy(10).with_diversity(Diversity::distinct(3).unwrap());
    let segments = [[20, 20, 160], [300, 20, 20], [300, 25, 15]];
    assert!(!is_hidden(&attribute(&segments, &rule).0, &attribute(&segments, &rule).2[0]));
    let (gated, sizes, blocks) = attribute(&segments, &rule.with_closeness(Closeness::equal(0.3).unwrap()));
    assert!(is_hidden(&gated, &blocks[0]) && !is_hidden(&gated, &blocks[1]));
    assert!(reasons(&gated, blocks[0][2]).contains(&Reason::Closeness));
    assert!(gated.cell(sizes[0]).shown().is_some());
}

#[test]
fn a_segment_of_similar_values_loses_the_attribute() {
    // Ordered values, as bands of debt: two neighbouring low ones are diverse, but all say "low".
    let segments = [[100, 100, 0], [100, 100, 200], [100, 100, 200]];
    let equal = policy(10).with_diversity(Diversity::distinct(2).unwrap());
    let far = attribute(&segments, &equal.with_closeness(Closeness::ordered(0.25).unwrap()));
    assert!(is_hidden(&far.0, &far.2[0]) && reasons(&far.0, far.2[0][0]).contains(&Reason::Closeness));
    assert!(!is_hidden(&far.0, &far.2[1]));
}

#[test]
fn known_accounts_around_one_real_customer_do_not_tell_his_amount() {
    let width = 10_000;
    let build = |measure, target: i128, planted: i128| {
        let mut builder = TableBuilder::new();
        let column = Column::new("spend", measure).with_range(range(0, 100_000));
        let column = builder.column(column);
        let own = amounts(std::iter::once(target).chain(vec![planted; 49]));
        let cell = builder.cell(Cell::new(column, own));
        (builder.build().unwrap().gate(&policy(50)).unwrap(), cell)
    };
    // Planted accounts that spend nothing make him dominant.
    let (gated, cell) = build(Measure::Mean, 40_000, 0);
    assert_eq!(reasons(&gated, cell), [Reason::Dominance]);
    // Planted accounts that spend as he does are known and can be taken off; the rounding is what is left.
    for (measure, n) in [(Measure::Mean, 50.0), (Measure::Sum, 1.0)] {
        for target in [30_000, 40_000] {
            let (gated, cell) = build(measure, target, 35_000);
            let figure = gated.cell(cell).shown().unwrap();
            assert!(figure.step() * n >= f64::from(width), "{measure:?}");
        }
        let value = |target| build(measure, target, 35_000).0.cells()[0].shown().unwrap().value();
        let same = (30_000..=40_000).step_by(500).filter(|target| value(*target) == value(35_000)).count();
        assert!(same * 500 >= 9_000, "{measure:?}: only {same} amounts look alike");
    }
    // One account fewer, and the threshold hides it.
    let (builder, _, parts) = star(&[49, 500, 600]);
    let gated = builder.build().unwrap().gate(&policy(50)).unwrap();
    assert_eq!(gated.cell(parts[0]), PublishedCell::Hidden);
}

#[test]
fn the_threshold_of_another_column_does_not_tell_the_count() {
    let mut builder = TableBuilder::new();
    let count = builder.column(Column::new("customers", Measure::Count));
    let spend = builder.column(Column::new("spend", Measure::Mean).with_range(range(0, 1_000)));
    let debt = builder.column(Column::new("debt", Measure::Mean).with_range(range(0, 1_000)));
    let size = builder.cell(Cell::new(count, Contributions::count(30)));
    let own = || amounts(vec![100; 30]);
    let spent = builder.cell(Cell::new(spend, own()).with_count(size));
    let owed = builder.cell(Cell::new(debt, own()).with_count(size));
    let rule = policy(10).with_column_threshold("debt", Threshold::EXPORT);
    let gated = builder.build().unwrap().gate(&rule).unwrap();
    assert_eq!(reasons(&gated, owed), [Reason::BelowThreshold]);
    assert_eq!(reasons(&gated, size), [Reason::CountOfHidden]);
    assert!(gated.cell(spent).shown().is_some());
}

#[test]
fn eight_households_are_too_few_however_many_customers() {
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let few = builder.cell(Cell::new(column, Contributions::count(60).with_households(8)));
    let many = builder.cell(Cell::new(column, Contributions::count(60).with_households(50)));
    let gated = builder.build().unwrap().gate(&policy(50)).unwrap();
    assert_eq!(reasons(&gated, few), [Reason::FewHouseholds]);
    assert!(gated.cell(many).shown().is_some());
}

#[test]
fn a_bin_of_one_segment_takes_the_smallest_visible_one() {
    let choose = |sizes: &[u64]| {
        let segments: Vec<Contributions> = sizes.iter().map(|n| Contributions::count(*n)).collect();
        SuppressBin::choose(&segments, Threshold::INTERNAL)
    };
    assert_eq!(choose(&[400, 7, 90, 300]), SuppressBin::Row(vec![1, 2]));
    assert_eq!(choose(&[400, 7, 90, 3]), SuppressBin::Row(vec![1, 3]));
    assert_eq!(choose(&[400, 4, 90, 3]), SuppressBin::Row(vec![1, 2, 3]));
    assert_eq!(choose(&[400, 7, 90, 0]), SuppressBin::Row(vec![1, 2, 3]), "an empty segment hides nobody");
    assert_eq!(choose(&[400, 90]), SuppressBin::Unneeded);
    assert_eq!(choose(&[400, 0]), SuppressBin::Unneeded);
    assert_eq!(choose(&[7]), SuppressBin::Band { at_least: 0, at_most: 9 });
    assert_eq!(choose(&[7, 2]), SuppressBin::Band { at_least: 0, at_most: 9 });
}

#[test]
fn the_bin_is_a_cell_with_a_relation_of_its_own() {
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let mut cell = |n| builder.cell(Cell::new(column, Contributions::count(n)));
    let (total, other) = (cell(815), cell(15));
    let segments: Vec<CellId> = [400, 7, 400, 8].into_iter().map(&mut cell).collect();
    builder.relation(Relation::new(total, segments.clone()));
    builder.relation(Relation::new(other, [segments[1], segments[3]]));
    let table = builder.build().unwrap();
    let gated = table.gate(&policy(10)).unwrap();
    assert_eq!(gated.cell(other).shown().unwrap().value(), 15.0);
    assert_eq!(hidden(&gated), [segments[1].index(), segments[3].index()]);
}

#[test]
fn a_zero_is_told_only_if_declared_structural() {
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let none = || Cell::new(column, Contributions::count(0));
    let (declared, other) = (builder.cell(none().structural_zero()), builder.cell(none()));
    let gated = builder.build().unwrap().gate(&policy(10)).unwrap();
    assert_eq!(gated.cell(declared).shown().unwrap().value(), 0.0);
    assert_eq!(reasons(&gated, other), [Reason::Zero]);
}

#[test]
fn a_cell_that_must_be_published_is_a_constraint() {
    let (mut builder, total, parts) = star(&[400, 7, 93]);
    let column = builder.column(Column::new("sales", Measure::Count));
    let mut cell = |n: u64, must: bool| {
        let cell = Cell::new(column, Contributions::count(n));
        builder.cell(if must { cell.must_publish() } else { cell })
    };
    let (all, small, middle, large) = (cell(500, true), cell(7, false), cell(93, true), cell(400, false));
    builder.relation(Relation::new(all, [small, middle, large]));
    let gated = builder.build().unwrap().gate(&policy(10)).unwrap();
    assert_eq!(gated.cell(large), PublishedCell::Hidden, "the smaller one must be published");
    assert!(gated.cell(middle).shown().is_some() && gated.cell(total).shown().is_some());
    assert_eq!(gated.cell(parts[2]), PublishedCell::Hidden);
}

#[test]
fn a_relation_that_cannot_be_protected_is_named() {
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let mut cell = |n: u64, must: bool| {
        let cell = Cell::new(column, Contributions::count(n));
        builder.cell(if must { cell.must_publish() } else { cell })
    };
    let first: Vec<CellId> = [30, 10, 20].into_iter().map(|n| cell(n, false)).collect();
    let second = [cell(407, true), cell(7, false), cell(400, true)];
    builder.relation(Relation::new(first[0], [first[1], first[2]]));
    builder.relation(Relation::new(second[0], [second[1], second[2]]));
    let table = builder.build().unwrap();
    assert_eq!(table.gate(&policy(10)), Err(TableError::NoPattern { relation: 1 }));

    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    builder.cell(Cell::new(column, Contributions::count(7)).must_publish());
    let refused = builder.build().unwrap().gate(&policy(10));
    assert_eq!(refused, Err(TableError::MustPublish { cell: 0, reason: Reason::BelowThreshold }));
}

#[test]
fn a_margin_that_is_not_the_true_total_is_refused() {
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let mut cell = |n| builder.cell(Cell::new(column, Contributions::count(n)));
    // The total of the visible cells only: a reader who knows the size would have the hidden one back.
    let (total, a, b) = (cell(493), cell(400), cell(100));
    builder.relation(Relation::new(total, [a, b]));
    assert_eq!(builder.build().unwrap_err(), TableError::NotAdditive { relation: 0 });
}

#[test]
fn without_a_width_or_a_range_no_mean_is_told() {
    let build = |column: Column, policy: &ReleasePolicy| {
        let mut builder = TableBuilder::new();
        let column = builder.column(column);
        let cell = builder.cell(Cell::new(column, amounts(900..1_100)));
        (builder.build().unwrap().gate(policy).unwrap(), cell)
    };
    let (gated, cell) = build(Column::new("spend", Measure::Mean), &policy(50));
    assert_eq!(reasons(&gated, cell), [Reason::NoWidth]);
    let declared = policy(50).with_width("spend", 500).unwrap();
    let (gated, cell) = build(Column::new("spend", Measure::Mean).with_decimals(2), &declared);
    // 2 · 500 / (2 · 200 - 1) = 2.506…, so the step is 5 cents; the mean is 999.5 cents.
    let figure = gated.cell(cell).shown().unwrap();
    assert_eq!((figure.value(), figure.step()), (10.0, 0.05));
    let misspelt = policy(50).with_width("spent", 500).unwrap();
    let mut builder = TableBuilder::new();
    builder.column(Column::new("spend", Measure::Mean));
    let column = "spent".to_owned();
    assert_eq!(builder.build().unwrap().gate(&misspelt), Err(TableError::PolicyColumn { column }));
}

#[test]
fn sums_that_are_hidden_keep_their_distance_to_both_sides() {
    let mut builder = TableBuilder::new();
    let spend = builder.column(Column::new("spend", Measure::Sum).with_range(range(0, 10_000)));
    let rows: Vec<Vec<i128>> = vec![vec![9_000, 100, 100], vec![50; 60], vec![150; 80], vec![800; 90]];
    let parts: Vec<CellId> =
        rows.iter().map(|row| builder.cell(Cell::new(spend, amounts(row.iter().copied())))).collect();
    let total = builder.cell(Cell::new(spend, amounts(rows.iter().flatten().copied())));
    builder.relation(Relation::new(total, parts.clone()));
    let table = builder.build().unwrap();
    let gated = table.gate(&policy(50)).unwrap();
    let intervals = table.audit(gated.hidden()).intervals().unwrap();
    let own = intervals.iter().find(|(cell, _)| *cell == parts[0]).unwrap().1;
    // T = 9,200; U = the largest of w = 1,000; 10 % · 9,000 - 100 = 800; 9,100/0.85 - 9,200 = 1,506 (rounded up).
    assert!(own.hi.is_none_or(|hi| hi >= 9_200 + 1_506), "{own:?}");
    assert!(own.lo <= 9_200 - 1_506, "{own:?}");
}

#[test]
fn what_is_too_large_to_audit_is_not_published() {
    // Ones all over, with all two-way margins: too many equations to solve, and no cell has room for another.
    let side = 20usize;
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let inner: Vec<CellId> =
        (0..side.pow(3)).map(|_| builder.cell(Cell::new(column, Contributions::count(1)))).collect();
    for step in [1, side, side * side] {
        for line in (0..side.pow(3)).filter(|start| start / step % side == 0) {
            let total = Cell::new(column, Contributions::count(side as u64)).must_publish();
            let total = builder.cell(total);
            builder.relation(Relation::new(total, (0..side).map(|place| inner[line + place * step])));
        }
    }
    let refused = builder.build().unwrap().gate(&policy(15));
    assert!(matches!(refused, Err(TableError::NoPattern { .. })), "{refused:?}");
}

#[test]
fn the_smallest_policy_is_k_anonymity() {
    let smallest = ReleasePolicy::try_from(KAnonymity::new(20).unwrap()).unwrap();
    assert_eq!(smallest.threshold().n(), 20);
    assert_eq!(*smallest.dominance(), Dominance::default());
    assert!(ReleasePolicy::try_from(KAnonymity::new(2).unwrap().dangerous().without_suppression()).is_err());
    assert!(ReleasePolicy::try_from(KAnonymity::new(200_000).unwrap()).is_err());
}

#[test]
fn an_unreadable_threshold_denies() {
    assert_eq!("fifty".parse::<Threshold>(), Err(TableError::ThresholdUnreadable));
    assert_eq!("1".parse::<Threshold>(), Err(TableError::Threshold { found: 1 }));
    assert_eq!("100001".parse::<Threshold>(), Err(TableError::Threshold { found: 100_001 }));
    assert_eq!(" 50 ".parse::<Threshold>(), Ok(Threshold::EXPORT));
}

#[test]
fn a_histogram_over_frozen_cuts_is_a_relation_of_counts() {
    let cuts = FrozenCuts::new([100, 200, 300]).unwrap();
    let values = (0..400).map(|i| if i < 6 { 350 } else { i128::from(i % 290) });
    let counts = cuts.counts(values);
    let (builder, _, parts) = star(&counts);
    let gated = builder.build().unwrap().gate(&policy(10)).unwrap();
    assert_eq!(counts[3], 6);
    assert_eq!(gated.cell(parts[3]), PublishedCell::Hidden);
    assert!(gated.hidden().count() >= 2);
    assert!(FrozenCuts::new([1, 1]).is_err());
}

#[test]
fn debug_output_shows_no_figure() {
    let (builder, _, _) = star(&[421, 7, 93]);
    let table = builder.build().unwrap();
    let text = format!("{table:?} {:?} {:?}", Contributions::count(421), table.audit([]));
    assert!(!text.contains("421") && !text.contains("93"), "{text}");
}

#[test]
fn the_same_pattern_on_1_2_and_8_threads() {
    let table = naive_table::profile(40, 7);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| table.gate(&policy(10)).unwrap())
    };
    let one = run(1);
    assert!(one.hidden().count() > 10);
    assert_eq!(one, run(2));
    assert_eq!(one, run(8));
}
