//! The slow obvious twins: RFM, scaling and Lloyd over plain vectors and maps, written from their definitions.

use std::collections::{BTreeMap, BTreeSet};

/// Recency in days, purchase days and spend of each customer, by ascending number.
pub struct Table {
    pub customers: Vec<u64>,
    pub values: Vec<[f64; 3]>,
}

/// Days since 1970-01-01 of `YYYYMMDD`, by counting years and months.
pub fn days(text: &str) -> i64 {
    let (year, month, day): (i64, usize, i64) =
        (text[0..4].parse().unwrap(), text[4..6].parse().unwrap(), text[6..8].parse().unwrap());
    let leap = |y: i64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let mut sum = (1970..year).map(|y| if leap(y) { 366 } else { 365 }).sum::<i64>();
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    sum += lengths[..month - 1].iter().sum::<i64>();
    sum + day - 1
}

/// RFM of the CDNOW sample as of `analysis_date` (days), for the customers that `keep` accepts.
pub fn cdnow(csv: &str, analysis_date: i64, keep: impl Fn(u64) -> bool) -> Table {
    let mut bought: BTreeMap<u64, (BTreeSet<i64>, i64)> = BTreeMap::new();
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.trim_end().split(',').collect();
        let customer: u64 = cells[0].parse().unwrap();
        let day = days(cells[2]);
        let (major, minor) = cells[4].split_once('.').unwrap_or((cells[4], "0"));
        let cents: i64 = major.parse::<i64>().unwrap() * 100 + format!("{minor:0<2}").parse::<i64>().unwrap();
        if keep(customer) && day < analysis_date {
            let entry = bought.entry(customer).or_default();
            entry.0.insert(day);
            entry.1 += cents;
        }
    }
    let values = bought
        .values()
        .map(|(days, cents)| [(analysis_date - days.last().unwrap()) as f64, days.len() as f64, *cents as f64 / 100.0]);
    Table { values: values.collect(), customers: bought.keys().copied().collect() }
}

/// ln(1 + x), then z-scores with the population deviation.
pub fn scaled(table: &Table) -> Vec<[f64; 3]> {
    let mut x: Vec<[f64; 3]> = table.values.iter().map(|row| row.map(|value| (1.0 + value).ln())).collect();
    let n = x.len() as f64;
    for column in 0..3 {
        let mean = x.iter().map(|row| row[column]).sum::<f64>() / n;
        let deviation = (x.iter().map(|row| (row[column] - mean).powi(2)).sum::<f64>() / n).sqrt();
        x.iter_mut().for_each(|row| row[column] = (row[column] - mean) / deviation);
    }
    x
}

/// Plain Lloyd from given centroids until the centroids move no more than the tolerance; labels and inertia.
pub fn lloyd(x: &[[f64; 3]], start: &[[f64; 3]], tolerance: f64) -> (Vec<usize>, f64) {
    let n = x.len() as f64;
    let variance = (0..3)
        .map(|column| {
            let mean = x.iter().map(|row| row[column]).sum::<f64>() / n;
            x.iter().map(|row| (row[column] - mean).powi(2)).sum::<f64>() / n
        })
        .sum::<f64>()
        / 3.0;
    let distance = |a: &[f64; 3], b: &[f64; 3]| (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>();
    let nearest = |row: &[f64; 3], centroids: &[[f64; 3]]| {
        let mut best = 0;
        for candidate in 1..centroids.len() {
            if distance(row, &centroids[candidate]) < distance(row, &centroids[best]) {
                best = candidate;
            }
        }
        best
    };
    let mut centroids = start.to_vec();
    let mut labels = vec![usize::MAX; x.len()];
    for _ in 0..300 {
        let now: Vec<usize> = x.iter().map(|row| nearest(row, &centroids)).collect();
        let unchanged = now == labels;
        labels = now;
        if unchanged {
            break;
        }
        let mut moved = 0.0;
        for (segment, centroid) in centroids.iter_mut().enumerate() {
            let members: Vec<&[f64; 3]> =
                x.iter().zip(&labels).filter(|(_, label)| **label == segment).map(|(row, _)| row).collect();
            let mean = [0, 1, 2].map(|i| members.iter().map(|row| row[i]).sum::<f64>() / members.len() as f64);
            moved += distance(centroid, &mean);
            *centroid = mean;
        }
        if moved <= tolerance * variance {
            labels = x.iter().map(|row| nearest(row, &centroids)).collect();
            break;
        }
    }
    let inertia = x.iter().zip(&labels).map(|(row, label)| distance(row, &centroids[*label])).sum();
    (labels, inertia)
}

/// Quantile i/b with linear interpolation.
pub fn quantile(values: &[f64], i: usize, b: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = (sorted.len() - 1) * i;
    let (below, rest) = (position / b, position % b);
    if rest == 0 { sorted[below] } else { sorted[below] + rest as f64 / b as f64 * (sorted[below + 1] - sorted[below]) }
}
