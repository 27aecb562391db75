//! β-likeness and δ-disclosure of one class: shares of values against those of the table.

/// β-likeness: no value is relatively more frequent than `beta` allows; enhanced, than -ln of its share allows either.
pub(super) fn is_beta_like(n: u64, counts: &[(u32, u64)], bounds: &[f64], totals: &[u64], n_table: u64) -> bool {
    counts.iter().all(|(value, count)| {
        let total = totals.get(*value as usize).copied().unwrap_or(0);
        let bound = bounds.get(*value as usize).copied().unwrap_or(0.0);
        let expected = i128::from(total) * i128::from(n);
        let surplus = i128::from(*count) * i128::from(n_table) - expected;
        // One division, so that a bound written as the quotient itself holds.
        surplus as f64 / expected as f64 <= bound
    })
}

/// The bound of every value.
pub(super) fn beta_bounds(beta: f64, enhanced: bool, totals: &[u64], n_table: u64) -> Vec<f64> {
    let bound = |total: &u64| if enhanced { beta.min(-(*total as f64 / n_table as f64).ln()) } else { beta };
    totals.iter().map(bound).collect()
}

/// δ-disclosure privacy, strict; values that the class lacks do not count.
pub(super) fn is_disclosing_less(n: u64, counts: &[(u32, u64)], delta: f64, totals: &[u64], n_table: u64) -> bool {
    counts.iter().all(|(value, count)| {
        let total = totals.get(*value as usize).copied().unwrap_or(0);
        let ratio = (u128::from(*count) * u128::from(n_table)) as f64 / (u128::from(total) * u128::from(n)) as f64;
        ratio.log2().abs() < delta
    })
}
