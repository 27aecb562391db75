//! Does a class pass a rule?

use super::classes::{Class, Frame};
use super::distance;
use super::loss::{payout, risk_of};
use super::problem::{Attacker, Criterion, KMapEstimator, Problem};

/// The rules this class (n > 0) breaks, by their place in the list; the size floor is named by the rules that set it.
pub fn broken(problem: &Problem, frame: &Frame, node: &[usize], class: &Class) -> Vec<usize> {
    (0..problem.criteria.len()).filter(|&rule| !passes(problem, frame, node, class, &problem.criteria[rule])).collect()
}

/// One class-based rule; the others let every class pass.
pub fn passes(problem: &Problem, frame: &Frame, node: &[usize], class: &Class, rule: &Criterion) -> bool {
    let counts = |column: &str| {
        let values = frame.values(column);
        (values.counts(&class.rows), values.table.clone())
    };
    match rule {
        Criterion::K(k) => class.n() >= *k,
        Criterion::DistinctL { column, l } => distance::distinct(&counts(column).0) >= *l,
        Criterion::EntropyL { column, l, estimator } => distance::entropy_l(&counts(column).0, *l, *estimator),
        Criterion::RecursiveL { column, c, l } => distance::recursive(&counts(column).0, *c, *l),
        Criterion::TEqual { column, t } => {
            let (f, p) = counts(column);
            distance::t_equal(&f, &p, *t)
        }
        Criterion::TOrdered { column, t } => {
            let (f, p) = counts(column);
            distance::t_ordered(&f, &p, *t)
        }
        Criterion::THierarchical { column, t } => {
            let (f, p) = counts(column);
            distance::t_hierarchical(&f, &p, &frame.values(column).domain, problem.hierarchy(column), *t)
        }
        Criterion::Beta { column, beta, enhanced } => {
            let (f, p) = counts(column);
            distance::beta(&f, &p, *beta, *enhanced)
        }
        Criterion::DeltaDisclosure { column, delta } => {
            let (f, p) = counts(column);
            distance::delta_disclosure(&f, &p, *delta)
        }
        Criterion::DeltaPresence { lo, hi } => presence(class.n(), class.pcount(), *lo, *hi),
        Criterion::KMapTable(k) => class.pcount() >= *k,
        Criterion::KMapEstimated { k, population, significance, estimator } => {
            let all = problem.table.rows.len() as u64;
            class.n() >= estimated_k(*k, frame.n, all, *population, *significance, *estimator)
        }
        Criterion::Profitability(attacker) => {
            let needed = (problem.profit.gain / problem.profit.cost).floor() + 1.0;
            match attacker {
                Attacker::Prosecutor => payout(problem, node, class, risk_of(class, false)) > 0.0,
                Attacker::Journalist => payout(problem, node, class, risk_of(class, true)) > 0.0,
                Attacker::ProsecutorNoAttack => class.n() as f64 >= needed,
                Attacker::JournalistNoAttack => class.pcount() as f64 >= needed,
            }
        }
        Criterion::Inclusion | Criterion::AverageRisk(_) | Criterion::SampleUniqueness(_) => true,
    }
}

/// lo <= n/pcount <= hi, closed.
pub fn presence(n: u64, pcount: u64, lo: f64, hi: f64) -> bool {
    let share = n as f64 / pcount as f64;
    lo - 1e-12 <= share && share <= hi + 1e-12
}

/// A class without a row of R that breaks δ-presence.
pub fn absent_breaks(problem: &Problem, class: &Class) -> bool {
    class.n() == 0
        && problem.criteria.iter().any(|rule| match rule {
            Criterion::DeltaPresence { lo, hi } => !presence(0, class.pcount(), *lo, *hi),
            _ => false,
        })
}

/// k' of estimated k-map.
pub fn estimated_k(k: u64, n: u64, all: u64, population: f64, significance: f64, estimator: KMapEstimator) -> u64 {
    let lambda = (k * all) as f64 / population;
    let at_zero = (-lambda).exp();
    let (mut term, mut total, mut j) = (at_zero, at_zero, 0u64);
    let enough = |j: u64, total: f64| match estimator {
        KMapEstimator::Poisson => total >= 1.0 - significance,
        KMapEstimator::ZeroTruncated => j >= 1 && (total - at_zero) / (1.0 - at_zero) >= 1.0 - significance,
    };
    // The minimum with k ends the search: a greater j changes nothing.
    while !enough(j, total) && j < k {
        j += 1;
        term *= lambda / j as f64;
        total += term;
    }
    k.min(n).min(j + 1)
}

/// The largest bound on n that any rule sets; none if no rule sets one.
pub fn size_floor(problem: &Problem, frame: &Frame) -> Option<u64> {
    let all = problem.table.rows.len() as u64;
    problem
        .criteria
        .iter()
        .filter_map(|rule| match rule {
            Criterion::K(k) => Some(*k),
            Criterion::DistinctL { l, .. } | Criterion::RecursiveL { l, .. } => Some(*l),
            Criterion::EntropyL { l, .. } => Some(l.ceil() as u64),
            Criterion::KMapEstimated { k, population, significance, estimator } => {
                Some(estimated_k(*k, frame.n, all, *population, *significance, *estimator))
            }
            Criterion::Profitability(Attacker::ProsecutorNoAttack) => {
                Some(((problem.profit.gain / problem.profit.cost).floor() + 1.0) as u64)
            }
            _ => None,
        })
        .max()
}
