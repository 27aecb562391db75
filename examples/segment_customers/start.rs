//! Starting centroids from a file.

use std::path::Path;

use ndarray::Array2;

use crate::failure::Failure;

/// Reads a matrix of `n_segments` rows: raw little-endian numbers by the ending, or CSV with a header.
pub fn read(path: &Path, n_segments: usize) -> Result<Array2<f64>, Failure> {
    let refused = |text: &str| Failure::Refused(format!("{}: {text}", path.display()));
    let rows = match path.extension().and_then(|ending| ending.to_str()) {
        Some("f64") => raw(&bytes(path)?, n_segments, f64::from_le_bytes),
        Some("f32") => raw(&bytes(path)?, n_segments, |b: [u8; 4]| f64::from(f32::from_le_bytes(b))),
        Some("csv") => Some(csv_rows(path)?),
        _ => return Err(refused("the ending must be .f64, .f32 or .csv")),
    };
    let rows = rows.ok_or_else(|| refused(&format!("the size is not that of {n_segments} rows of numbers")))?;
    if rows.dim() != (n_segments, FEATURES.len()) {
        let (n, d) = rows.dim();
        let wanted = FEATURES.len();
        return Err(refused(&format!("{n} rows of {d} numbers; {n_segments} rows of {wanted} are needed")));
    }
    match rows.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((row, column), _)) => Err(refused(&format!("row {}, column {} is not finite", row + 1, column + 1))),
        None => Ok(rows),
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::Refused(format!("{}: {error}", path.display())))
}

fn raw<const SIZE: usize>(bytes: &[u8], n: usize, number: impl Fn([u8; SIZE]) -> f64) -> Option<Array2<f64>> {
    let numbers: Vec<f64> = bytes.chunks_exact(SIZE).filter_map(|chunk| chunk.try_into().ok()).map(number).collect();
    let whole = bytes.len().is_multiple_of(SIZE) && !numbers.is_empty() && numbers.len().is_multiple_of(n);
    Array2::from_shape_vec((n, numbers.len() / n.max(1)), numbers).ok().filter(|_| whole)
}

fn csv_rows(path: &Path) -> Result<Array2<f64>, Failure> {
    let refused = |text: String| Failure::Refused(format!("{}: {text}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(|error| refused(error.to_string()))?;
    // Columns are taken in their order; names that say another order are a slip.
    let header: Vec<String> =
        reader.headers().map_err(|error| refused(error.to_string()))?.iter().map(str::to_owned).collect();
    if header != FEATURES && FEATURES.iter().all(|name| header.iter().any(|column| column == name)) {
        return Err(refused(format!("the columns must stand in the order {}", FEATURES.join(", "))));
    }
    let (mut n, mut numbers) = (0, Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| refused(error.to_string()))?;
        n += 1;
        let line = record.position().map_or(n + 1, |position| position.line() as usize);
        for (cell, column) in record.iter().zip(&header) {
            let number = cell.trim().parse();
            numbers.push(number.map_err(|_| refused(format!("line {line}, column `{column}`: not a number")))?);
        }
    }
    let d = numbers.len() / n.max(1);
    Array2::from_shape_vec((n, d), numbers).map_err(|_| refused("no row below the header".to_owned()))
}

/// The features of the program, in the order of their columns.
const FEATURES: [&str; 3] = ["recency_days", "frequency", "monetary_total"];
