//! The one JSON object the program prints.

use std::io::Write;

use consentric::anonymity::{Claims, Nearest};
use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::Failure;

/// How long it took.
pub struct Times {
    pub search: Vec<f64>,
    pub total: f64,
}

/// The object; its keys are stable and stand in this order.
#[derive(Default, Serialize)]
pub struct Answer {
    solution: bool,
    transformation: Option<Vec<usize>>,
    loss: Value,
    suppressed: Option<u64>,
    classes: Option<u64>,
    min_class: Option<u64>,
    checked: u64,
    lattice: Value,
    ms_search: Option<f64>,
    ms_total: f64,
    peak_rss_mb: Option<f64>,
    gap: Option<f64>,
    anonymous: Option<bool>,
    outside_subset: Option<u64>,
    fully_generalised: Option<u64>,
    absent_violations: Option<u64>,
    verified: Option<bool>,
    repeats_ms: Vec<f64>,
}

impl Answer {
    /// The object of a solution.
    pub fn solved(claims: &Claims, verified: bool, times: &Times) -> Self {
        let loss = match claims.loss.as_slice() {
            [one] if one.is_infinite() => json!("infinite"),
            [one] => json!(one),
            several => json!(several),
        };
        Self {
            solution: true,
            transformation: claims.transformation.clone(),
            loss,
            suppressed: Some(claims.suppressed),
            classes: Some(claims.classes),
            min_class: Some(claims.min_class),
            checked: claims.checked,
            lattice: lattice(claims.n_nodes),
            gap: Some(claims.gap),
            anonymous: Some(claims.anonymous),
            outside_subset: Some(claims.outside_subset),
            fully_generalised: Some(claims.fully_generalised),
            absent_violations: Some(claims.absent_violations),
            verified: Some(verified),
            ..Self::timed(times)
        }
    }

    /// The object when nothing keeps every criterion.
    pub fn unsolved(nearest: &Nearest, times: &Times) -> Self {
        Self { checked: nearest.checked, lattice: lattice(nearest.n_nodes), ..Self::timed(times) }
    }

    /// Prints the object; whoever reads it has gone or has all of it.
    pub fn print(&self) -> Result<(), Failure> {
        let mut text = serde_json::to_string(self)?;
        text.push('\n');
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    fn timed(times: &Times) -> Self {
        let mut sorted = times.search.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let median = match (sorted.get(middle), middle.checked_sub(1).and_then(|before| sorted.get(before))) {
            (Some(upper), Some(lower)) if sorted.len().is_multiple_of(2) => Some((upper + lower) / 2.0),
            (upper, _) => upper.copied(),
        };
        Self {
            ms_search: median,
            ms_total: times.total,
            peak_rss_mb: peak_rss_mb(),
            repeats_ms: times.search.clone(),
            ..Self::default()
        }
    }
}

/// A lattice too large for a JSON number is given as its nearest.
fn lattice(n_nodes: u128) -> Value {
    u64::try_from(n_nodes).map_or_else(|_| json!(n_nodes as f64), |n| json!(n))
}

/// The most memory this process ever held, where the system tells.
fn peak_rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
