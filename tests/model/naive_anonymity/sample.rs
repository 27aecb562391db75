//! Rules on the whole set of kept classes.

use super::classes::Class;
use super::loss::{aggregate, compare, own_term, shares};
use super::problem::{Criterion, Metric, Problem};

/// Suppresses, rule by rule, the shortest prefix of the kept classes that fulfils it; gives what stays and what goes.
/// Taking further classes from the front never breaks a rule again, so the order of the rules does not matter.
pub fn suppress<'a>(
    problem: &Problem,
    node: &[usize],
    root: bool,
    kept: Vec<&'a Class>,
) -> (Vec<&'a Class>, Vec<&'a Class>) {
    // The class at the root everywhere is in neither number and stays.
    if root {
        return (kept, Vec::new());
    }
    let mut order = kept;
    order.sort_by(|a, b| {
        let (mine, other) = (own_loss(problem, node, a), own_loss(problem, node, b));
        a.n().cmp(&b.n()).then(compare(&mine, &other)).then(a.rows[0].cmp(&b.rows[0]))
    });
    let mut cut = 0;
    for rule in &problem.criteria {
        while !fulfilled(rule, &order[cut..]) {
            cut += 1;
        }
    }
    let stays = order.split_off(cut);
    (stays, order)
}

/// Does the rule hold for these classes? No rows: yes.
pub fn fulfilled(rule: &Criterion, classes: &[&Class]) -> bool {
    let rows: u64 = classes.iter().map(|class| class.n()).sum();
    if rows == 0 {
        return true;
    }
    match rule {
        Criterion::AverageRisk(limit) => classes.len() as f64 / rows as f64 <= *limit,
        Criterion::SampleUniqueness(limit) => {
            let alone = classes.iter().filter(|class| class.n() == 1).count();
            alone as f64 / rows as f64 <= *limit
        }
        _ => true,
    }
}

/// Own loss of a class; 0 under metrics where it does not matter.
pub fn own_loss(problem: &Problem, node: &[usize], class: &Class) -> Vec<f64> {
    match problem.metric {
        Metric::Loss => {
            let terms: Vec<f64> = shares(problem, node, class).iter().map(|share| class.n() as f64 * share).collect();
            aggregate(problem, problem.aggregate.or(Metric::Loss.default_aggregate()).unwrap(), &terms)
        }
        Metric::Ebil | Metric::Payout | Metric::PayoutJournalist => vec![own_term(problem, node, class)],
        _ => vec![0.0],
    }
}
