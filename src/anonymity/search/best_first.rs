//! Best first: nodes by their bounds, failures tagged downwards, several nodes at a time.

use std::sync::Arc;

use rayon::prelude::*;

use super::class_list::ClassList;
use super::evaluate::{Effort, Evaluation};
use super::frontier::{Frontier, least_levels};
use super::history::{History, MAX_HISTORY_BYTES};
use super::incumbent::Incumbent;
use super::margins::Margins;
use super::problem::Problem;
use super::{SearchBudget, pivot};
use crate::anonymity::Metric;

/// Searches a lattice that fits into memory.
pub(super) fn search(problem: &Problem<'_>, tuples: ClassList, budget: &SearchBudget<'_>) -> Incumbent {
    let mut incumbent = Incumbent::default();
    let mut frontier = Frontier::new(problem);
    let mut margins = Margins::none();
    let mut history = History::new(tuples, MAX_HISTORY_BYTES);
    let mut batch = Vec::new();
    // PERF: all open nodes start from the least levels that columns allow by themselves.
    let least: Vec<u8> = least_levels(problem).iter().zip(problem.lattice.top()).map(|(a, b)| *a.min(b)).collect();
    if least != problem.lattice.bottom() {
        let classes = problem.with_worker(|worker| worker.classes_of(problem, &least, history.tuples()));
        history.keep(&least, classes);
    }
    if budget.is_limited() {
        batch.push(problem.lattice.top().to_vec());
    }
    let mut spent = Spent::default();
    loop {
        if spent.is_worth_margins(problem, &margins, &frontier, &incumbent, &history) {
            margins.grow(problem, history.tuples());
            frontier.close_by_margins(problem, &incumbent, &margins);
            spent = Spent::default();
        }
        if batch.is_empty() {
            // INVARIANT: the size of a batch does not depend on the number of threads.
            let most = if incumbent.best.is_none() { 1 } else { BATCH };
            batch = frontier.choose(problem, &incumbent, most);
            batch.truncate(usize::try_from(budget.left(incumbent.n_checked)).unwrap_or(usize::MAX));
        }
        if batch.is_empty() {
            break;
        }
        let (evaluated, n_sources) = evaluate_all(problem, &mut history, &batch);
        spent.n_sources += n_sources;
        spent.n_nodes += batch.len() as u64;
        for (node, found, classes) in evaluated {
            incumbent.note(problem, &node, &found);
            // Those of a node that fails are a start for the nodes above it.
            if let Some(classes) = classes {
                history.keep(&node, classes);
            }
            if found.closes_below {
                frontier.close_below(&problem.lattice, &node);
                continue;
            }
            frontier.close(&problem.lattice, &node);
            if let Some(key) = found.above {
                frontier.raise_above(&problem.lattice, &node, key);
            }
            if problem.model.metric == Metric::Loss && found.failed_for_good > 0 && !found.failed_sizes.is_empty() {
                let raise = problem.model.raise(found.failed_for_good, &found.failed_sizes);
                frontier.raise_below(problem, &incumbent, &node, &raise);
            }
        }
        batch.clear();
    }
    let open = frontier.least_open(&incumbent);
    incumbent.note_gap(problem, open);
    incumbent
}

/// A node, what its evaluation came to, and its classes if they are a start for others.
pub(super) type Evaluated = (Vec<u8>, Evaluation, Option<ClassList>);

/// What was spent since margins grew.
#[derive(Debug, Default)]
struct Spent {
    /// Classes that nodes, and the stops on the way to them, were made from.
    n_sources: u64,
    n_nodes: u64,
}

impl Spent {
    /// Whether margins of one column more are likely to spare more than they cost.
    // PERF: those of two columns always are: they spare three of four nodes in `anonymity/search/ours/adult9_k5_0`. Those
    // of three and four columns wait until a part of their cost was spent, and come only if so many nodes are open that
    // these would cost more. All together take `anonymity/search/ours_1threads/synth100k_8/2` to a fifth of the time.
    fn is_worth_margins(
        &self,
        problem: &Problem<'_>,
        margins: &Margins,
        frontier: &Frontier,
        incumbent: &Incumbent,
        history: &History,
    ) -> bool {
        let Some(n_counts) = margins.n_next_counts(problem, history.tuples()) else { return false };
        if margins.is_empty() {
            return true;
        }
        let per_node = self.n_sources / self.n_nodes.max(1);
        self.n_sources >= n_counts / COUNTS_PER_SOURCE
            && frontier.n_open(incumbent).saturating_mul(per_node) >= n_counts
    }
}

/// Evaluates nodes, in parallel if there is more than one; results in their order, and the classes they were made from.
pub(super) fn evaluate_all(problem: &Problem<'_>, history: &mut History, batch: &[Vec<u8>]) -> (Vec<Evaluated>, u64) {
    let mut n_sources = pivot::prepare(problem, history, batch);
    let work: Vec<(&Vec<u8>, Arc<ClassList>)> = batch.iter().map(|node| (node, history.source(node))).collect();
    let evaluate = |(node, source): &(&Vec<u8>, Arc<ClassList>)| {
        problem.with_worker(|worker| {
            let found = worker.evaluate(problem, node, source, Effort::Search);
            // PERF: classes that are hardly fewer are no better start.
            let classes = worker.classes();
            let is_kept = classes.len() * 8 < source.len() * 7;
            ((*node).clone(), found, is_kept.then(|| classes.compact()))
        })
    };
    n_sources += work.iter().map(|(_, source)| source.len() as u64).sum::<u64>();
    let evaluated = if work.len() > 1 && rayon::current_num_threads() > 1 {
        work.par_iter().with_max_len(1).map(evaluate).collect()
    } else {
        work.iter().map(evaluate).collect()
    };
    (evaluated, n_sources)
}

/// Nodes that are evaluated at a time.
const BATCH: usize = 8;
/// Counts of margins that cost as much as they spare, for one class that was grouped.
const COUNTS_PER_SOURCE: u64 = 16;
