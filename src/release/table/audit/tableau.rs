//! Equations solved for some of their variables, in integers throughout.

/// `denominator · x_basic + Σ entry · x_free = constant` for every row, entries being minors of the equations.
///
/// Every step keeps the entries integers and divides exactly, so nothing is ever rounded. Two-way tables keep entries
/// of -1, 0 and 1. What leaves the range of the integers, or costs more than the allowance, is [`TooLarge`].
///
/// # References
/// Bareiss: *Sylvester's identity and multistep integer-preserving Gaussian elimination*, 1968;
/// Edmonds, Maurras: *Note sur les Q-matrices d'Edmonds*, 1997.
pub(super) struct Tableau {
    /// Variable of every row.
    pub(super) basic: Vec<usize>,
    /// Variable of every column.
    pub(super) free: Vec<usize>,
    pub(super) rows: Vec<Vec<i64>>,
    /// Value of every basic variable times the denominator.
    pub(super) scaled: Vec<i128>,
    /// Positive.
    pub(super) denominator: i64,
}

/// What would be computed is too large to be computed exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the hidden cells hang together in too large a group to be audited exactly")]
pub struct TooLarge;

/// How many entries may still be touched; the same on every machine, unlike a time.
pub(in crate::release::table) struct Allowance(u64);

impl Allowance {
    pub(in crate::release::table) const fn new(entries: u64) -> Self {
        Self(entries)
    }

    pub(super) fn spend(&mut self, entries: usize) -> Result<(), TooLarge> {
        self.0 = self.0.checked_sub(entries as u64).ok_or(TooLarge)?;
        Ok(())
    }
}

impl Tableau {
    /// Eliminates: solves `equations` over `n` variables for as many as they determine. All values are zero.
    pub(super) fn eliminate(
        equations: &[Vec<(usize, i8)>],
        n: usize,
        allowance: &mut Allowance,
    ) -> Result<Self, TooLarge> {
        if equations.len().saturating_mul(n) > MOST_ENTRIES {
            return Err(TooLarge);
        }
        let mut rows = Vec::with_capacity(equations.len());
        for equation in equations {
            let mut row = vec![0; n];
            for (variable, sign) in equation {
                if let Some(entry) = row.get_mut(*variable) {
                    *entry += i64::from(*sign);
                }
            }
            rows.push(row);
        }
        // Each row starts with a variable of its own that is always zero, named beyond the real ones.
        let mut tableau = Self {
            basic: (n..n + equations.len()).collect(),
            free: (0..n).collect(),
            scaled: vec![0; rows.len()],
            rows,
            denominator: 1,
        };
        let mut order: Vec<usize> = (0..equations.len()).collect();
        order.sort_by_key(|row| equations.get(*row).map_or(0, Vec::len));
        for row in order {
            if let Some(column) = tableau.best_column(row) {
                tableau.exchange(row, column, allowance)?;
                tableau.drop_column(column);
            }
        }
        let solved: Vec<bool> = tableau.basic.iter().map(|variable| *variable < n).collect();
        retain(&mut tableau.rows, &solved);
        retain(&mut tableau.scaled, &solved);
        retain(&mut tableau.basic, &solved);
        Ok(tableau)
    }

    /// Of a row the column with the entry that keeps the others smallest, `None` if all are zero.
    fn best_column(&self, row: usize) -> Option<usize> {
        let entries = self.rows.get(row)?.iter().enumerate().filter(|(_, entry)| **entry != 0);
        entries.min_by_key(|(column, entry)| (entry.unsigned_abs(), *column)).map(|(column, _)| column)
    }

    fn drop_column(&mut self, column: usize) {
        self.free.swap_remove(column);
        for row in &mut self.rows {
            row.swap_remove(column);
        }
    }

    pub(super) fn entry(&self, row: usize, column: usize) -> i64 {
        self.rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
    }

    pub(super) fn row_of(&self, variable: usize) -> Option<usize> {
        self.basic.iter().position(|basic| *basic == variable)
    }

    /// Makes the variable of `column`, which must have the value zero, basic in `row`.
    pub(super) fn exchange(&mut self, row: usize, column: usize, allowance: &mut Allowance) -> Result<(), TooLarge> {
        let pivot = self.entry(row, column);
        let mut own = self.rows.get_mut(row).map(std::mem::take).unwrap_or_default();
        let own_scaled = self.scaled.get(row).copied().unwrap_or(0);
        let (sign, size, old) = (i128::from(pivot.signum()), i128::from(pivot).abs(), i128::from(self.denominator));
        if pivot == 0 || old == 0 {
            return Err(TooLarge);
        }
        let touched: Vec<(usize, i64)> =
            own.iter().copied().enumerate().filter(|(place, entry)| *place != column && *entry != 0).collect();
        for (other, (entries, scaled)) in self.rows.iter_mut().zip(&mut self.scaled).enumerate() {
            let factor = entries.get(column).copied().unwrap_or(0);
            if other == row || (factor == 0 && size == old) {
                continue;
            }
            let factor = sign * i128::from(factor);
            let value = scaled.checked_mul(size).and_then(|value| value.checked_sub(factor.checked_mul(own_scaled)?));
            *scaled = value.ok_or(TooLarge)? / old;
            if size == old {
                // PERF: entries under a zero of the pivot row stay as they are; `release/audit/interval/400_hidden`.
                allowance.spend(touched.len())?;
                for (place, own) in &touched {
                    if let Some(entry) = entries.get_mut(*place) {
                        *entry = small(i128::from(*entry) - factor * i128::from(*own) / old)?;
                    }
                }
            } else {
                allowance.spend(entries.len())?;
                for (entry, own) in entries.iter_mut().zip(&own) {
                    *entry = small((i128::from(*entry) * size - factor * i128::from(*own)) / old)?;
                }
            }
            if let Some(entry) = entries.get_mut(column) {
                *entry = small(-factor)?;
            }
        }
        for entry in &mut own {
            *entry *= pivot.signum();
        }
        if let Some(entry) = own.get_mut(column) {
            *entry = small(sign * old)?;
        }
        if let Some(slot) = self.rows.get_mut(row) {
            *slot = own;
        }
        if let Some(scaled) = self.scaled.get_mut(row) {
            *scaled = sign * own_scaled;
        }
        self.denominator = small(size)?;
        if let (Some(basic), Some(free)) = (self.basic.get_mut(row), self.free.get_mut(column)) {
            std::mem::swap(basic, free);
        }
        Ok(())
    }
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    items.retain(|_| keep.next().copied().unwrap_or(false));
}

/// Entries stay below 2^62, so that the difference of two products fits 128 bits.
fn small(value: i128) -> Result<i64, TooLarge> {
    i64::try_from(value).ok().filter(|value| value.unsigned_abs() < 1 << 62).ok_or(TooLarge)
}

/// 32 MiB.
const MOST_ENTRIES: usize = 1 << 22;
