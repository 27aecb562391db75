//! Lattices too large for memory: nodes come one after the other, in the order of their bounds.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::SearchBudget;
use super::best_first::evaluate_all;
use super::class_list::ClassList;
use super::history::{History, MAX_HISTORY_BYTES};
use super::incumbent::Incumbent;
use super::lattice::is_below;
use super::problem::Problem;

/// A node that may be next.
#[derive(Clone, Debug, PartialEq)]
struct Open {
    bound: f64,
    node: Vec<u8>,
    /// Columns before it are not generalised any further from here: so every node comes once.
    from: usize,
}

impl Eq for Open {}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let height = |open: &Self| open.node.iter().map(|level| u32::from(*level)).sum::<u32>();
        let bounds = self.bound.total_cmp(&other.bound);
        bounds.then_with(|| height(self).cmp(&height(other))).then_with(|| self.node.cmp(&other.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// What is known of regions of the lattice.
#[derive(Debug, Default)]
struct Known {
    /// Nothing at or below these is admissible.
    failing: Vec<Vec<u8>>,
    /// Nothing at or above these has a lower key.
    above: Vec<(Vec<u8>, f64)>,
    evaluated: std::collections::BTreeSet<Vec<u8>>,
}

/// Searches until the budget is spent or the optimum is proven.
pub(super) fn search(problem: &Problem<'_>, tuples: ClassList, budget: &SearchBudget<'_>) -> Incumbent {
    let lattice = &problem.lattice;
    let mut incumbent = Incumbent::default();
    let mut history = History::new(tuples, MAX_HISTORY_BYTES);
    let mut known = Known::default();
    let mut run = |batch: &[Vec<u8>], incumbent: &mut Incumbent, known: &mut Known| {
        for (node, found, classes) in evaluate_all(problem, &mut history, batch).0 {
            incumbent.note(problem, &node, &found);
            if found.closes_below {
                known.failing.retain(|other| !is_below(other, &node));
                known.failing.push(node.clone());
            }
            if let Some(classes) = classes {
                history.keep(&node, classes);
            }
            if let Some(key) = found.above.filter(|_| !found.closes_below) {
                known.above.push((node.clone(), key));
            }
            known.evaluated.insert(node);
        }
    };
    // The most general node, so that there is an answer; then the cheapest chain from the bottom, halved.
    run(&[lattice.top().to_vec()], &mut incumbent, &mut known);
    let chain = cheapest_chain(problem);
    let (mut low, mut high) = (0, chain.len().saturating_sub(1));
    while low < high && budget.left(incumbent.n_checked) > 0 {
        let middle = usize::midpoint(low, high);
        let Some(node) = chain.get(middle) else { break };
        let before = incumbent.best.as_ref().map(|best| best.node.clone());
        run(std::slice::from_ref(node), &mut incumbent, &mut known);
        if incumbent.best.as_ref().map(|best| best.node.clone()) == before {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let mut heap = BinaryHeap::new();
    let bottom = lattice.bottom().to_vec();
    let bound = problem.bounds.key(&problem.model, &bottom);
    heap.push(Reverse(Open { bound, node: bottom, from: 0 }));
    let mut open = None;
    loop {
        let mut batch: Vec<Vec<u8>> = Vec::with_capacity(BATCH);
        let mut bounds = Vec::with_capacity(BATCH);
        let mut n_looked = 0_u32;
        while batch.len() < BATCH {
            n_looked += 1;
            if n_looked.is_multiple_of(ASK_CLOCK_EVERY) && budget.left(incumbent.n_checked) == 0 {
                open = bounds.first().copied().or_else(|| heap.peek().map(|Reverse(next)| next.bound));
                break;
            }
            let Some(Reverse(next)) = heap.pop() else { break };
            if !incumbent.is_open(next.bound) {
                heap.clear();
                break;
            }
            push_more_general(problem, &known, &next, &mut heap);
            let is_known = known.evaluated.contains(&next.node)
                || known.failing.iter().any(|failing| is_below(&next.node, failing))
                || known.above.iter().any(|(node, key)| !incumbent.is_open(*key) && is_below(node, &next.node))
                || incumbent.is_settled(problem, next.bound, &next.node);
            if !is_known {
                bounds.push(next.bound);
                batch.push(next.node);
            }
        }
        let left = usize::try_from(budget.left(incumbent.n_checked)).unwrap_or(usize::MAX);
        if left < batch.len() {
            open = bounds.get(left).copied().map(|bound| open.map_or(bound, |open: f64| open.min(bound))).or(open);
            batch.truncate(left);
        }
        if batch.is_empty() {
            break;
        }
        run(&batch, &mut incumbent, &mut known);
        if open.is_some() {
            break;
        }
    }
    let open = open.filter(|open| incumbent.is_open(*open));
    incumbent.note_gap(problem, open);
    incumbent
}

fn push_more_general(problem: &Problem<'_>, known: &Known, open: &Open, heap: &mut BinaryHeap<Reverse<Open>>) {
    // A bound found at the node itself holds for all above it.
    let own = known.above.iter().filter(|(node, _)| is_below(node, &open.node)).map(|(_, key)| *key);
    let own = own.fold(open.bound, f64::max);
    for (column, max) in problem.lattice.top().iter().enumerate().skip(open.from) {
        let mut node = open.node.clone();
        match node.get_mut(column) {
            Some(level) if *level < *max => *level += 1,
            _ => continue,
        }
        let bound = problem.bounds.key(&problem.model, &node).max(own);
        heap.push(Reverse(Open { bound, node, from: column }));
    }
}

/// From the bottom to the top, always by the column that adds least to the bound.
fn cheapest_chain(problem: &Problem<'_>) -> Vec<Vec<u8>> {
    let lattice = &problem.lattice;
    let mut node = lattice.bottom().to_vec();
    let mut chain = vec![node.clone()];
    loop {
        let mut next: Option<(f64, Vec<u8>)> = None;
        for (column, max) in lattice.top().iter().enumerate() {
            let mut parent = node.clone();
            match parent.get_mut(column) {
                Some(level) if *level < *max => *level += 1,
                _ => continue,
            }
            let bound = problem.bounds.key(&problem.model, &parent);
            if next.as_ref().is_none_or(|(least, _)| bound < *least) {
                next = Some((bound, parent));
            }
        }
        let Some((_, parent)) = next else { return chain };
        node = parent.clone();
        chain.push(parent);
    }
}

/// Nodes that are evaluated at a time.
const BATCH: usize = 8;
/// Nodes that are passed over before the clock is asked again.
const ASK_CLOCK_EVERY: u32 = 4096;
