//! l-diversity of one class.

/// Entropy l-diversity of a class of `n` rows, of which `counts` hold every value: the observed frequencies.
// SPEC: Σ f ln f <= n(ln n - ln l), with a tolerance so that a uniform class of l values passes.
pub(super) fn is_shannon_diverse(n: u64, counts: &[(u32, u64)], l: f64) -> bool {
    let n = n as f64;
    let sum: f64 = counts.iter().map(|(_, f)| *f as f64 * (*f as f64).ln()).sum();
    sum <= n * (n.ln() - l.ln()) + TOLERANCE * n * (1.0 + n.ln())
}

/// Entropy l-diversity by the estimator of Grassberger.
///
/// Terms are negative for single rows, so the sum is complete before it is compared.
pub(super) fn is_grassberger_diverse(n: u64, counts: &[(u32, u64)], l: f64, table: &[f64]) -> bool {
    let g = |count: u64| table.get((count / 2) as usize).copied().unwrap_or(0.0);
    let of = |count: u64| if count == 1 { -EULER_GAMMA - std::f64::consts::LN_2 } else { g(count) };
    let sum: f64 = counts.iter().map(|(_, f)| *f as f64 * of(*f)).sum();
    sum <= n as f64 * (of(n) - l.ln())
}

/// G of every even count up to `n`, by its half; the value of an odd count above 1 is that of the even one under it.
pub(super) fn grassberger(n: u64) -> Vec<f64> {
    let mut table = vec![0.0; (n / 2 + 1) as usize];
    let mut value = -EULER_GAMMA - std::f64::consts::LN_2 + 2.0;
    for (half, place) in table.iter_mut().enumerate().skip(1) {
        *place = value;
        value += 2.0 / (2 * half + 1) as f64;
    }
    table
}

/// Recursive (c, l)-diversity: the most frequent value against the tail from the `l`-th on.
pub(super) fn is_recursive_diverse(counts: &[(u32, u64)], c: f64, l: u64, scratch: &mut Vec<u64>) -> bool {
    if (counts.len() as u64) < l {
        return false;
    }
    scratch.clear();
    scratch.extend(counts.iter().map(|(_, count)| *count));
    scratch.sort_unstable_by(|a, b| b.cmp(a));
    let largest = scratch.first().copied().unwrap_or(0);
    let tail: u64 = scratch.iter().skip(usize::try_from(l - 1).unwrap_or(usize::MAX)).sum();
    (largest as f64) < c * tail as f64
}

const TOLERANCE: f64 = 1e-12;
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

#[cfg(test)]
mod tests {
    use super::*;

    fn uniform(values: u32, each: u64) -> Vec<(u32, u64)> {
        (0..values).map(|value| (value, each)).collect()
    }

    #[test]
    fn uniform_classes_of_2_to_7_values_have_that_entropy() {
        for l in 2..=7_u32 {
            for each in [1, 3, 1000, 1_000_003] {
                let n = u64::from(l) * each;
                assert!(is_shannon_diverse(n, &uniform(l, each), f64::from(l)));
                assert!(!is_shannon_diverse(n, &uniform(l, each), f64::from(l) + 1e-6));
            }
        }
    }

    #[test]
    fn grassberger_follows_its_recursion() {
        let table = grassberger(9);
        let first = -EULER_GAMMA - std::f64::consts::LN_2;
        assert!((table[1] - (first + 2.0)).abs() < 1e-15);
        assert!((table[2] - (first + 2.0 + 2.0 / 3.0)).abs() < 1e-15);
        assert!((table[3] - (first + 2.0 + 2.0 / 3.0 + 2.0 / 5.0)).abs() < 1e-15);
    }

    #[test]
    fn recursive_diversity_is_strict() {
        let counts = [(0, 50), (1, 1)];
        let mut scratch = Vec::new();
        assert!(!is_recursive_diverse(&counts, 50.0, 2, &mut scratch));
        assert!(is_recursive_diverse(&counts, 50.0 + 1e-9, 2, &mut scratch));
        assert!(!is_recursive_diverse(&counts, 1e9, 3, &mut scratch));
    }
}
