//! The distribution of a sensitive attribute over the whole table.

use std::collections::BTreeMap;

use super::attribute::Attribute;
use super::settings::GroundDistance;
use crate::anonymity::{AnonymityError, Hierarchy, TableColumn};

/// Rows of every value, and sums over values in order that let a class be compared with the table in the time of its own.
pub(super) struct Whole {
    pub(super) n: u64,
    /// P_v.
    pub(super) totals: Vec<u64>,
    /// Rows with the value or one before it.
    pub(super) up_to: Vec<u64>,
    /// Sums of `up_to` before every place, and over all.
    pub(super) sums: Vec<u128>,
    /// -ln p_v, with the room that equality needs.
    pub(super) logs: Vec<f64>,
    pub(super) by_value: Option<Gaps>,
    pub(super) tree: Option<Tree>,
}

/// Distances between neighbouring numbers, over the range.
pub(super) struct Gaps {
    /// Sums of the gaps before every place, and over all.
    pub(super) gaps: Vec<f64>,
    /// Sums of gap times `up_to`.
    pub(super) weighted: Vec<f64>,
}

/// A hierarchy over the values of the table.
pub(super) struct Tree {
    pub(super) height: u64,
    /// Of every level above 0, the group of every value, groups numbered without gaps.
    pub(super) groups: Vec<Vec<u32>>,
    /// Of every level above 0, rows of the table in every group.
    pub(super) totals: Vec<Vec<u64>>,
}

impl Whole {
    pub(super) fn new(values: &[u32], n_values: usize) -> Self {
        let mut totals = vec![0u64; n_values];
        for value in values {
            if let Some(total) = totals.get_mut(*value as usize) {
                *total += 1;
            }
        }
        let n = values.len() as u64;
        let (mut rows, mut sum) = (0, 0);
        let (mut up_to, mut sums) = (Vec::with_capacity(n_values), vec![0]);
        for total in &totals {
            rows += total;
            sum += u128::from(rows);
            up_to.push(rows);
            sums.push(sum);
        }
        let logs = totals.iter().map(|total| -(*total as f64 / n as f64).ln()).collect();
        Self { n, totals, up_to, sums, logs, by_value: None, tree: None }
    }

    pub(super) fn with_distance(
        mut self,
        attribute: &Attribute<'_>,
        distance: &GroundDistance,
    ) -> Result<Self, AnonymityError> {
        match distance {
            GroundDistance::ByValue => self.by_value = Some(self.gaps(attribute)?),
            GroundDistance::Hierarchical(hierarchy) => self.tree = Some(self.tree(attribute, hierarchy)?),
        }
        Ok(self)
    }

    fn gaps(&self, attribute: &Attribute<'_>) -> Result<Gaps, AnonymityError> {
        let mut numbers = Vec::with_capacity(self.totals.len());
        for value in 0..self.totals.len() as u32 {
            numbers.push(attribute.number(value).ok_or_else(|| AnonymityError::Role {
                column: attribute.name.clone(),
                expected: "numeric without a missing value, as a distance by value needs",
            })?);
        }
        let range = match (numbers.first(), numbers.last()) {
            (Some(first), Some(last)) if last > first => last - first,
            _ => 1.0,
        };
        let (mut gaps, mut weighted) = (vec![0.0], vec![0.0]);
        let (mut gap_sum, mut weighted_sum) = (0.0, 0.0);
        for ((number, next), rows) in numbers.iter().zip(numbers.iter().skip(1)).zip(&self.up_to) {
            // Halves first: the difference of two finite numbers may not be finite.
            let gap =
                if range.is_finite() { (next - number) / range } else { (next / 2.0 - number / 2.0) / (range / 2.0) };
            gap_sum += gap;
            weighted_sum += gap * *rows as f64;
            gaps.push(gap_sum);
            weighted.push(weighted_sum);
        }
        if !gap_sum.is_finite() || !range.is_finite() {
            let allowed = "a range that is a finite number";
            return Err(AnonymityError::OutOfRange { what: "range of a sensitive column", found: range, allowed });
        }
        Ok(Gaps { gaps, weighted })
    }

    fn tree(&self, attribute: &Attribute<'_>, hierarchy: &Hierarchy) -> Result<Tree, AnonymityError> {
        let mut places = Vec::with_capacity(self.totals.len());
        for value in 0..self.totals.len() as u32 {
            let label = attribute.label(value);
            places.push(hierarchy.value(&label).ok_or_else(|| not_in_hierarchy(attribute, &label))?);
        }
        let (mut groups, mut totals) = (Vec::new(), Vec::new());
        for level in 1..hierarchy.n_levels() {
            let mut numbers = BTreeMap::new();
            let mut group_of = Vec::with_capacity(places.len());
            let mut rows: Vec<u64> = Vec::new();
            for (place, total) in places.iter().zip(&self.totals) {
                let leader = hierarchy.group(level, *place).unwrap_or(0);
                let group = *numbers.entry(leader).or_insert_with(|| {
                    rows.push(0);
                    rows.len() as u32 - 1
                });
                if let Some(sum) = rows.get_mut(group as usize) {
                    *sum += total;
                }
                group_of.push(group);
            }
            groups.push(group_of);
            totals.push(rows);
        }
        Ok(Tree { height: hierarchy.height() as u64, groups, totals })
    }
}

fn not_in_hierarchy(attribute: &Attribute<'_>, label: &str) -> AnonymityError {
    let is_here = |column: &TableColumn, row: usize| column.text_at(row) == label;
    let column = attribute.columns.first();
    let row = column.and_then(|column| (0..column.n_rows()).find(|row| is_here(column, *row)));
    AnonymityError::NotInHierarchy { row: row.unwrap_or(0) as u64, column: attribute.name.clone() }
}
