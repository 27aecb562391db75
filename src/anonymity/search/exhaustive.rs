//! Every node of the lattice, one after the other.

use super::class_list::ClassList;
use super::evaluate::Effort;
use super::incumbent::Incumbent;
use super::problem::Problem;

/// Evaluates every node from the table as it is: slow, and simple enough to be believed.
pub(super) fn search(problem: &Problem<'_>, tuples: &ClassList) -> Incumbent {
    let mut incumbent = Incumbent::default();
    let mut node = problem.lattice.bottom().to_vec();
    loop {
        let found = problem.with_worker(|worker| worker.evaluate(problem, &node, tuples, Effort::Search));
        incumbent.note(problem, &node, &found);
        let mut is_done = true;
        let columns = node.iter_mut().zip(problem.lattice.bottom()).zip(problem.lattice.top()).rev();
        for ((level, min), max) in columns {
            if *level < *max {
                *level += 1;
                is_done = false;
                break;
            }
            *level = *min;
        }
        if is_done {
            return incumbent;
        }
    }
}
