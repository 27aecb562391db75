//! The measures of loss, as they are written.

use super::classes::{Class, Frame};
use super::problem::{Aggregate, Metric, Problem};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Classes of a node (n > 0), kept and failed.
pub struct Outcome<'a> {
    pub kept: Vec<&'a Class>,
    pub failed: Vec<&'a Class>,
}

impl Outcome<'_> {
    /// s.
    pub fn suppressed(&self) -> u64 {
        self.failed.iter().map(|class| class.n()).sum()
    }
}

/// (sF, gF).
pub fn factors(gs: f64) -> (f64, f64) {
    (if gs < 0.5 { 2.0 * gs } else { 1.0 }, if gs <= 0.5 { 1.0 } else { 2.0 - 2.0 * gs })
}

/// floor(x·1e10)/1e10; a negative zero becomes zero.
pub fn floor10(x: f64) -> f64 {
    (x * 1e10).floor() / 1e10 + 0.0
}

/// The loss: one number, or the sorted terms under `rank`.
pub fn loss(problem: &Problem, frame: &Frame, node: &[usize], outcome: &Outcome) -> Vec<f64> {
    let (s_factor, g_factor) = factors(problem.gs);
    let (n, s) = (frame.n, outcome.suppressed());
    let terms = per_column(problem, frame, node, outcome);
    let squares = |classes: &[&Class]| classes.iter().map(|class| u128::from(class.n()).pow(2)).sum::<u128>();
    match problem.metric {
        Metric::Aecs => {
            let extra = if s > 0 { 1.0 } else { 0.0 };
            let divisor = s_factor * outcome.kept.len() as f64 + g_factor * extra;
            vec![if divisor == 0.0 { f64::INFINITY } else { n as f64 / divisor }]
        }
        Metric::DmStar => vec![(squares(&outcome.kept) + squares(&outcome.failed)) as f64],
        Metric::Dm => vec![(squares(&outcome.kept) + u128::from(n) * u128::from(s)) as f64],
        Metric::Ebil | Metric::Payout | Metric::PayoutJournalist => {
            let kept: f64 = outcome.kept.iter().map(|class| own_term(problem, node, class)).sum();
            let unit = if problem.metric == Metric::Ebil { 1.0 } else { problem.profit.benefit };
            vec![kept + s_factor * s as f64 * unit]
        }
        metric => aggregate(problem, problem.aggregate.or(metric.default_aggregate()).unwrap(), &terms),
    }
}

/// The values x_d of a metric that has one per column; none for the others.
pub fn per_column(problem: &Problem, frame: &Frame, node: &[usize], outcome: &Outcome) -> Vec<f64> {
    let (s_factor, g_factor) = factors(problem.gs);
    let (n, s) = (frame.n as f64, outcome.suppressed() as f64);
    let mut values = Vec::new();
    for (d, column) in problem.qi.iter().enumerate() {
        let hierarchy = problem.hierarchy(column);
        let (level, height) = (node[d], hierarchy.height());
        let steps = if height == 0 { 0.0 } else { level as f64 / height as f64 };
        let x = match problem.metric {
            Metric::Loss => {
                let weighed = |classes: &[&Class]| -> u128 {
                    classes
                        .iter()
                        .map(|class| u128::from(class.n()) * u128::from(hierarchy.count(&class.labels[d], level)))
                        .sum()
                };
                let h = hierarchy.size() as f64;
                let (a, b) = (weighed(&outcome.kept) as f64, weighed(&outcome.failed) as f64);
                let punished = if s_factor == 1.0 { s } else { (1.0 - s_factor) * b / h + s_factor * s };
                let total = g_factor * a / h + punished;
                let low = g_factor * n / h;
                if n == low { 0.0 } else { floor10(((total - low) / (n - low)).max(0.0)) }
            }
            Metric::Nue => floor10(entropy(problem, frame, column, level, g_factor)),
            Metric::Nmnue => {
                let mut hidden: BTreeMap<&str, u64> = BTreeMap::new();
                for class in &outcome.failed {
                    *hidden.entry(&class.labels[d]).or_insert(0) += class.n();
                }
                let lost: f64 = hidden.values().map(|&c| c as f64 * (c as f64 / s).log2()).sum();
                floor10(entropy(problem, frame, column, level, g_factor) - s_factor * lost)
            }
            Metric::Precision => g_factor * steps,
            Metric::NmPrecision => ((n - s) * g_factor * steps + s * s_factor) / n,
            Metric::Height => level as f64,
            _ => return Vec::new(),
        };
        values.push(x);
    }
    values
}

/// -gF·Σ_v n(v)·log2(n(v)/n(g_l(v))) over the rows of R.
fn entropy(problem: &Problem, frame: &Frame, column: &str, level: usize, g_factor: f64) -> f64 {
    let (hierarchy, at) = (problem.hierarchy(column), problem.table.position(column));
    let count = |wanted: &dyn Fn(&str) -> bool| {
        let rows = problem.table.rows.iter().enumerate();
        rows.filter(|(row, cells)| frame.released[*row] && wanted(&cells[at])).count() as f64
    };
    let mut total = 0.0;
    for row in &hierarchy.rows {
        let own = count(&|cell| cell == row[0]);
        if own > 0.0 {
            let joined = count(&|cell| hierarchy.label(cell, level) == Some(row[level].as_str()));
            total += own * (own / joined).log2();
        }
    }
    -g_factor * total
}

/// y_d = w_d·x_d, put together.
pub fn aggregate(problem: &Problem, how: Aggregate, terms: &[f64]) -> Vec<f64> {
    let weight = |column: &String| problem.weights.get(column).copied().unwrap_or(1.0);
    let largest = problem.qi.iter().map(weight).fold(0.0, f64::max);
    let y: Vec<f64> = problem.qi.iter().zip(terms).map(|(column, x)| weight(column) / largest * x).collect();
    let m = y.len() as f64;
    match how {
        Aggregate::Arithmetic => vec![y.iter().sum::<f64>() / m],
        Aggregate::Geometric => vec![y.iter().map(|y| 1.0 + y).product::<f64>().powf(1.0 / m) - 1.0],
        Aggregate::Sum => vec![y.iter().sum()],
        Aggregate::Max => vec![y.iter().copied().fold(f64::NEG_INFINITY, f64::max)],
        Aggregate::Rank => {
            let mut sorted = y;
            sorted.sort_by(|a, b| b.total_cmp(a));
            sorted
        }
    }
}

/// Which loss is less: lexicographic, so that it serves `rank` too.
pub fn compare(a: &[f64], b: &[f64]) -> Ordering {
    a.partial_cmp(b).expect("a loss is a number")
}

/// share_d of a class.
pub fn shares(problem: &Problem, node: &[usize], class: &Class) -> Vec<f64> {
    let mut shares = Vec::new();
    for (d, column) in problem.qi.iter().enumerate() {
        let hierarchy = problem.hierarchy(column);
        shares.push(hierarchy.count(&class.labels[d], node[d]) as f64 / hierarchy.size() as f64);
    }
    shares
}

/// IL(E).
pub fn information_loss(problem: &Problem, node: &[usize], class: &Class) -> f64 {
    let sizes: f64 = problem.qi.iter().map(|column| problem.hierarchy(column).size() as f64).product();
    let divisor = sizes.log10();
    if divisor == 0.0 {
        return 0.0;
    }
    let kept: f64 = shares(problem, node, class).iter().product();
    (1.0 + kept.log10() / divisor).clamp(0.0, 1.0)
}

/// π: 1/n, or 1/pcount for the journalist.
pub fn risk_of(class: &Class, journalist: bool) -> f64 {
    1.0 / if journalist { class.pcount() as f64 } else { class.n() as f64 }
}

/// b(1 - IL) - (a·π if g·π - c > 0 else 0).
pub fn payout(problem: &Problem, node: &[usize], class: &Class, risk: f64) -> f64 {
    let profit = problem.profit;
    let cost = if profit.gain * risk - profit.cost > 0.0 { profit.loss * risk } else { 0.0 };
    profit.benefit * (1.0 - information_loss(problem, node, class)) - cost
}

/// What a kept class adds to `ebil` and `payout`.
pub fn own_term(problem: &Problem, node: &[usize], class: &Class) -> f64 {
    let (_, g_factor) = factors(problem.gs);
    let n = class.n() as f64;
    match problem.metric {
        Metric::Ebil => g_factor * n * information_loss(problem, node, class),
        Metric::Payout | Metric::PayoutJournalist => {
            let risk = risk_of(class, problem.metric == Metric::PayoutJournalist);
            g_factor * n * (problem.profit.benefit - payout(problem, node, class, risk))
        }
        _ => 0.0,
    }
}
