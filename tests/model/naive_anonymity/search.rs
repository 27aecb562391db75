//! Every node, one after the other.

use super::classes::Frame;
use super::evaluate::{Evaluation, evaluate_in};
use super::loss::compare;
use super::problem::Problem;
use std::cmp::Ordering;

/// The optimum.
#[derive(Clone, Debug)]
pub struct Search {
    /// The admissible node of least loss; the lowest node id among equals.
    pub best: Option<Evaluation>,
    /// Admissible nodes whose loss is within 1e-9 of the best: where sums of `f64` in another order could tip.
    pub near: Vec<Vec<usize>>,
    /// Nodes within the bounds of the levels.
    pub lattice: u64,
    /// Node with the fewest suppressed rows, for the message of a search without a solution.
    pub nearest: Option<Evaluation>,
}

/// Finds the optimum by looking at every node.
pub fn search(problem: &Problem) -> Search {
    let frame = Frame::new(problem);
    let mut best: Option<Evaluation> = None;
    let mut nearest: Option<Evaluation> = None;
    let mut admissible: Vec<(Vec<usize>, Vec<f64>)> = Vec::new();
    let nodes = nodes(problem);
    for node in &nodes {
        let found = evaluate_in(problem, &frame, node);
        if found.admissible {
            admissible.push((node.clone(), found.loss.clone()));
            // Nodes come by ascending id, so the first of equals stays.
            if best.as_ref().is_none_or(|best| compare(&found.loss, &best.loss) == Ordering::Less) {
                best = Some(found);
            }
        } else if nearest
            .as_ref()
            .is_none_or(|nearest| (found.forbidden, found.suppressed) < (nearest.forbidden, nearest.suppressed))
        {
            nearest = Some(found);
        }
    }
    let near = match &best {
        None => Vec::new(),
        Some(best) => admissible
            .into_iter()
            .filter(|(_, loss)| {
                loss.iter().zip(&best.loss).all(|(a, b)| a == b || (a - b).abs() <= 1e-9 * b.abs().max(1.0))
            })
            .map(|(node, _)| node)
            .collect(),
    };
    Search { best, near, lattice: nodes.len() as u64, nearest }
}

/// All nodes within the bounds, by ascending id: the first column is the most significant.
pub fn nodes(problem: &Problem) -> Vec<Vec<usize>> {
    let mut nodes: Vec<Vec<usize>> = vec![Vec::new()];
    for column in &problem.qi {
        let height = problem.hierarchy(column).height();
        let (least, greatest) = problem.levels.get(column).copied().unwrap_or((0, height));
        nodes = nodes
            .into_iter()
            .flat_map(|node| {
                (least..=greatest.min(height)).map(move |level| {
                    let mut longer = node.clone();
                    longer.push(level);
                    longer
                })
            })
            .collect();
    }
    nodes
}

/// The mixed-radix number of a node.
pub fn node_id(problem: &Problem, node: &[usize]) -> u128 {
    problem
        .qi
        .iter()
        .zip(node)
        .fold(0, |id, (column, &level)| id * (problem.hierarchy(column).height() as u128 + 1) + level as u128)
}
