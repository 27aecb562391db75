//! Rules on the counts of one class: f_v inside, P_v in the table, in the order of the values.

use super::problem::Entropy;
use super::table::NaiveHierarchy;

pub fn distinct(f: &[u64]) -> u64 {
    f.iter().filter(|&&count| count > 0).count() as u64
}

pub fn sum(f: &[u64]) -> u64 {
    f.iter().sum()
}

/// f_v·N - P_v·n, value by value.
pub fn extras(f: &[u64], p: &[u64]) -> Vec<i128> {
    let (n, all) = (i128::from(sum(f)), i128::from(sum(p)));
    f.iter().zip(p).map(|(&f, &p)| i128::from(f) * all - i128::from(p) * n).collect()
}

/// n·N.
fn area(f: &[u64], p: &[u64]) -> i128 {
    i128::from(sum(f)) * i128::from(sum(p))
}

pub fn entropy_l(f: &[u64], l: f64, estimator: Entropy) -> bool {
    if (distinct(f) as f64) < l.ceil() {
        return false;
    }
    let n = sum(f) as f64;
    match estimator {
        Entropy::Shannon => {
            let total: f64 = f.iter().filter(|&&f| f > 0).map(|&f| f as f64 * (f as f64).ln()).sum();
            total <= n * (n.ln() - l.ln()) + 1e-12 * n * (1.0 + n.ln())
        }
        Entropy::Grassberger => {
            let total: f64 = f.iter().filter(|&&f| f > 0).map(|&f| f as f64 * grassberger(f)).sum();
            total <= n * (grassberger(sum(f)) - l.ln())
        }
    }
}

/// G(n).
pub fn grassberger(n: u64) -> f64 {
    let first = -EULER - std::f64::consts::LN_2;
    if n == 1 {
        return first;
    }
    let even = n - n % 2;
    let mut value = first + 2.0;
    let mut at = 2;
    while at < even {
        value += 2.0 / (at + 1) as f64;
        at += 2;
    }
    value
}

pub fn recursive(f: &[u64], c: f64, l: u64) -> bool {
    let mut counts: Vec<u64> = f.iter().copied().filter(|&count| count > 0).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    if (counts.len() as u64) < l {
        return false;
    }
    let tail: u64 = counts.iter().skip(l as usize - 1).sum();
    (counts[0] as f64) < c * tail as f64
}

/// ½ Σ|q - p| <= t.
pub fn t_equal(f: &[u64], p: &[u64], t: f64) -> bool {
    let total: i128 = extras(f, p).iter().map(|extra| extra.abs()).sum();
    total as f64 <= t * (2 * area(f, p)) as f64
}

/// Σ_i |Σ_{j<=i}(q_j - p_j)|, times n·N.
pub fn ordered_sum(f: &[u64], p: &[u64]) -> i128 {
    let (mut running, mut total) = (0i128, 0i128);
    for extra in extras(f, p) {
        running += extra;
        total += running.abs();
    }
    total
}

pub fn t_ordered(f: &[u64], p: &[u64], t: f64) -> bool {
    let steps = f.len() as i128 - 1;
    ordered_sum(f, p) as f64 <= t * (steps * area(f, p)) as f64
}

/// Σ_nodes level·min(pos, neg), which is the distance times height·n·N. `domain` names the values of f and P.
pub fn hierarchical_sum(f: &[u64], p: &[u64], domain: &[String], hierarchy: &NaiveHierarchy) -> i128 {
    let leaf: Vec<i128> = extras(f, p).iter().map(|extra| -extra).collect();
    let extra_of = |level: usize, label: &str| -> i128 {
        hierarchy
            .rows
            .iter()
            .filter(|row| row[level] == label)
            .map(|row| domain.iter().position(|value| value == &row[0]).map_or(0, |at| leaf[at]))
            .sum()
    };
    let mut total = 0;
    for level in 1..=hierarchy.height() {
        let mut nodes: Vec<&String> = hierarchy.rows.iter().map(|row| &row[level]).collect();
        nodes.sort();
        nodes.dedup();
        for node in nodes {
            let mut children: Vec<&String> =
                hierarchy.rows.iter().filter(|row| &row[level] == node).map(|row| &row[level - 1]).collect();
            children.sort();
            children.dedup();
            let (mut positive, mut negative) = (0, 0);
            for child in children {
                let extra = extra_of(level - 1, child);
                if extra > 0 { positive += extra } else { negative -= extra }
            }
            total += level as i128 * positive.min(negative);
        }
    }
    total
}

pub fn t_hierarchical(f: &[u64], p: &[u64], domain: &[String], hierarchy: &NaiveHierarchy, t: f64) -> bool {
    let whole = hierarchy.height() as i128 * area(f, p);
    hierarchical_sum(f, p, domain, hierarchy) as f64 <= t * whole as f64
}

/// (q_v - p_v)/p_v of every value present.
pub fn gains(f: &[u64], p: &[u64]) -> Vec<(usize, f64)> {
    let n = i128::from(sum(f));
    let extras = extras(f, p);
    (0..f.len()).filter(|&v| f[v] > 0).map(|v| (v, extras[v] as f64 / (i128::from(p[v]) * n) as f64)).collect()
}

/// q_v/p_v of every value present.
pub fn ratios(f: &[u64], p: &[u64]) -> Vec<(usize, f64)> {
    let (n, all) = (u128::from(sum(f)), u128::from(sum(p)));
    (0..f.len())
        .filter(|&v| f[v] > 0)
        .map(|v| (v, (u128::from(f[v]) * all) as f64 / (u128::from(p[v]) * n) as f64))
        .collect()
}

pub fn beta(f: &[u64], p: &[u64], beta: f64, enhanced: bool) -> bool {
    let all = sum(p) as f64;
    gains(f, p).iter().all(|&(v, gain)| {
        let limit = if enhanced { beta.min(-(p[v] as f64 / all).ln()) } else { beta };
        gain <= limit
    })
}

pub fn delta_disclosure(f: &[u64], p: &[u64], delta: f64) -> bool {
    ratios(f, p).iter().all(|&(_, ratio)| ratio.log2().abs() < delta)
}

const EULER: f64 = 0.577_215_664_901_532_9;
