//! What a microaggregation loses, from the output alone.

use super::super::Table;
use super::super::solution::Recoding;
use super::points::Scale;

/// 100 · SSE / SST on z-scores over released rows, `None` unless every cell is a number before and after.
// SPEC: information loss of section 6; SST of a column that varies is rows less one.
pub(super) fn of_recoding(table: &Table, recoding: &Recoding) -> Option<f64> {
    let is_in = |row: usize| recoding.is_in.as_ref().is_none_or(|is_in| is_in.get(row).copied().unwrap_or(false));
    let (mut lost, mut whole) = (0.0, 0.0);
    for recoded in &recoding.columns {
        let column = table.columns().get(recoded.place)?;
        let texts = 0..column.n_texts() as u32;
        let before: Vec<Option<f64>> = texts.map(|code| column.number(column.value_of(code))).collect();
        let after: Vec<Option<f64>> = recoded.labels.iter().map(|label| label.parse().ok()).collect();
        let mut numbers = Vec::new();
        let mut means = Vec::new();
        for (row, code) in column.text_codes().iter().enumerate().filter(|(row, _)| is_in(*row)) {
            if recoding.is_suppressed.get(row).copied().unwrap_or(true) {
                return None;
            }
            numbers.push(before.get(code as usize).copied().flatten()?);
            means.push(after.get(*recoded.codes.get(row)? as usize).copied().flatten()?);
        }
        let scale = Scale::of(&numbers);
        if scale.is_constant() {
            continue;
        }
        let apart = |(number, mean): (&f64, &f64)| scale.score(*number) - scale.score(*mean);
        lost += numbers.iter().zip(&means).map(apart).map(|apart| apart * apart).sum::<f64>();
        whole += numbers.len() as f64 - 1.0;
    }
    Some(if whole > 0.0 { 100.0 * lost / whole } else { 0.0 })
}
