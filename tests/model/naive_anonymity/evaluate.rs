//! One node: what fails, what is suppressed, what is lost.

use super::classes::{Class, Frame, group, is_root};
use super::criteria::{absent_breaks, broken, size_floor};
use super::loss::{Outcome, loss, per_column};
use super::problem::{AbsentClasses, Problem};
use super::sample;

/// Everything about one node.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub node: Vec<usize>,
    pub admissible: bool,
    /// A rule forbids the node at any limit.
    pub forbidden: bool,
    /// floor(limit·N).
    pub allowed: u64,
    /// One number, but for `rank`.
    pub loss: Vec<f64>,
    /// x_d of the metric, before weights; empty where a metric has none.
    pub per_column: Vec<f64>,
    /// s: rows of R in failing classes.
    pub suppressed: u64,
    /// Kept classes with a row of R.
    pub classes: u64,
    pub min_class: Option<u64>,
    pub failing: Vec<Failing>,
    /// Classes without a row of R that break δ-presence, tested or not.
    pub absent_violations: u64,
    /// Rows of the kept class at the root of every column.
    pub fully_generalised: u64,
    /// Rows of the input outside R.
    pub outside_subset: u64,
    /// The released rows in order: labels, or `*` where suppressed.
    pub output: Vec<(usize, Vec<String>)>,
}

/// A class that is suppressed.
#[derive(Clone, Debug)]
pub struct Failing {
    pub labels: Vec<String>,
    pub n: u64,
    /// Places of the broken rules in the list of criteria; empty if a sample-based rule took it.
    pub broken: Vec<usize>,
}

/// Evaluates one node, admissible or not.
pub fn evaluate(problem: &Problem, node: &[usize]) -> Evaluation {
    evaluate_in(problem, &Frame::new(problem), node)
}

/// The same with what is equal at every node already known.
pub fn evaluate_in(problem: &Problem, frame: &Frame, node: &[usize]) -> Evaluation {
    let classes = group(problem, frame, node);
    let absent_violations = classes.iter().filter(|class| absent_breaks(problem, class)).count() as u64;
    let tested = problem.absent == AbsentClasses::Check || size_floor(problem, frame).is_none();
    let forbidden = tested && absent_violations > 0;

    let (mut kept, mut failed, mut failing) = (Vec::new(), Vec::new(), Vec::new());
    for class in classes.iter().filter(|class| class.n() > 0) {
        let broken = broken(problem, frame, node, class);
        if broken.is_empty() {
            kept.push(class);
        } else {
            failed.push(class);
            failing.push(Failing { labels: class.labels.clone(), n: class.n(), broken });
        }
    }
    let root = is_root(problem, node);
    let (kept, taken) = sample::suppress(problem, node, root, kept);
    for class in taken {
        failed.push(class);
        failing.push(Failing { labels: class.labels.clone(), n: class.n(), broken: Vec::new() });
    }

    let mut output: Vec<(usize, Vec<String>)> = Vec::new();
    let stars = vec!["*".to_owned(); problem.qi.len()];
    let labelled = |class: &Class, labels: &[String]| -> Vec<(usize, Vec<String>)> {
        class.rows.iter().map(|&row| (row, labels.to_vec())).collect()
    };
    output.extend(kept.iter().flat_map(|class| labelled(class, &class.labels)));
    output.extend(failed.iter().flat_map(|class| labelled(class, &stars)));
    output.sort();

    let outcome = Outcome { kept, failed };
    let allowed = (problem.suppression * frame.n as f64).floor() as u64;
    let suppressed = outcome.suppressed();
    Evaluation {
        node: node.to_vec(),
        admissible: !forbidden && suppressed <= allowed,
        forbidden,
        allowed,
        loss: loss(problem, frame, node, &outcome),
        per_column: per_column(problem, frame, node, &outcome),
        suppressed,
        classes: outcome.kept.len() as u64,
        min_class: outcome.kept.iter().map(|class| class.n()).min(),
        failing,
        absent_violations,
        fully_generalised: if root { outcome.kept.iter().map(|class| class.n()).sum() } else { 0 },
        outside_subset: problem.table.rows.len() as u64 - frame.n,
        output,
    }
}
