//! Classes on the way: from one grouping of the table many nodes start.

use std::sync::Arc;

use rayon::prelude::*;

use super::class_list::ClassList;
use super::history::History;
use super::problem::Problem;

/// Groups the nodes on the way to those of a batch, unless these can start from few classes already; gives the classes
/// they were made from.
///
/// On the way to a node, the columns with most values take their level first: the others stay at their lowest. Nodes
/// that agree in those columns share the way.
pub(super) fn prepare(problem: &Problem<'_>, history: &mut History, batch: &[Vec<u8>]) -> u64 {
    let mut n_sources = 0;
    for depth in (FIRST..problem.widest_first.len()).step_by(STEP) {
        let mut missing: Vec<Vec<u8>> = Vec::new();
        for node in batch {
            if history.n_source_classes(node) < FEW {
                continue;
            }
            let pivot = pivot(problem, node, depth);
            if pivot != *node && !missing.contains(&pivot) && history.is_missing(&pivot) {
                missing.push(pivot);
            }
        }
        let work: Vec<(Vec<u8>, Arc<ClassList>)> = missing
            .into_iter()
            .map(|node| {
                let source = history.source(&node);
                (node, source)
            })
            .collect();
        n_sources += work.iter().map(|(_, source)| source.len() as u64).sum::<u64>();
        let group = |(node, source): &(Vec<u8>, Arc<ClassList>)| {
            problem.with_worker(|worker| worker.classes_of(problem, node, source))
        };
        let classes: Vec<ClassList> = if work.len() > 1 && rayon::current_num_threads() > 1 {
            work.par_iter().with_max_len(1).map(group).collect()
        } else {
            work.iter().map(group).collect()
        };
        for ((node, _), classes) in work.into_iter().zip(classes) {
            history.keep(&node, classes);
        }
    }
    n_sources
}

fn pivot(problem: &Problem<'_>, node: &[u8], depth: usize) -> Vec<u8> {
    let mut pivot = problem.lattice.bottom().to_vec();
    for column in problem.widest_first.iter().take(depth) {
        if let (Some(at), Some(level)) = (pivot.get_mut(*column), node.get(*column)) {
            *at = *level;
        }
    }
    pivot
}

/// Columns of the first stop on the way.
// PERF: a stop after the first column alone has hardly fewer classes than the table: without it
// `anonymity/search/ours_1threads/synth100k_8/0` takes two thirds of the time.
const FIRST: usize = 4;
/// Columns more from one stop on the way to the next.
const STEP: usize = 3;
/// From so few classes a node is grouped faster than a way is made.
const FEW: usize = 4096;
