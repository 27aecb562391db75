//! The best node so far, and the one that came nearest while there is none.

use super::evaluate::Evaluation;
use super::problem::Problem;
use crate::anonymity::loss::Loss;

/// What a search has found.
#[derive(Clone, Debug, Default)]
pub(super) struct Incumbent {
    pub(super) best: Option<Best>,
    nearest: Option<(bool, u64, Vec<u8>)>,
    pub(super) n_checked: u64,
    /// (loss - least open bound) / loss.
    pub(super) gap: f64,
}

/// An admissible node.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) node: Vec<u8>,
    pub(super) loss: Loss,
    /// Bounds above it need no look.
    limit: f64,
}

impl Incumbent {
    /// Of an evaluation without a search.
    pub(super) fn of_one_node() -> Self {
        Self { n_checked: 1, ..Self::default() }
    }

    /// Takes note of an evaluated node.
    pub(super) fn note(&mut self, problem: &Problem<'_>, node: &[u8], found: &Evaluation) {
        self.n_checked += 1;
        let nearest = (found.forbidden_by.is_some(), found.suppressed, node);
        if self.nearest.as_ref().is_none_or(|(forbidden, n, node)| nearest < (*forbidden, *n, node.as_slice())) {
            self.nearest = Some((nearest.0, nearest.1, node.to_vec()));
        }
        let (true, Some(loss)) = (found.is_admissible, &found.loss) else { return };
        // SPEC: ties by node id, which is the order of levels.
        let is_better = self.best.as_ref().is_none_or(|best| loss.order(&best.loss).then(node.cmp(&best.node)).is_lt());
        if is_better {
            let slack = if problem.bounds.is_exact { 0.0 } else { SLACK * (1.0 + loss.key.abs()) };
            self.best = Some(Best { node: node.to_vec(), limit: loss.key + slack, loss: loss.clone() });
        }
    }

    /// Whether a node of that bound may be better than the best, or as good with a lower number.
    pub(super) fn is_open(&self, bound: f64) -> bool {
        self.best.as_ref().is_none_or(|best| bound <= best.limit)
    }

    /// Whether bounds equal to the best are settled by the numbers of nodes.
    pub(super) fn is_settled(&self, problem: &Problem<'_>, bound: f64, node: &[u8]) -> bool {
        problem.bounds.is_exact
            && self.best.as_ref().is_some_and(|best| {
                best.loss.values.len() == 1 && bound == best.loss.key && node > best.node.as_slice()
            })
    }

    /// Notes how far the optimum may be, `open` being the least bound that is open.
    pub(super) fn note_gap(&mut self, problem: &Problem<'_>, open: Option<f64>) {
        let Some(best) = &self.best else { return };
        let value = best.loss.values.first().copied().unwrap_or(0.0);
        let least = open.map_or(value, |key| problem.model.combine_value(key));
        self.gap = match value {
            // Of `aecs` without a kept class.
            value if least < value && value.is_infinite() => 1.0,
            value if least < value && value > 0.0 => ((value - least) / value).clamp(0.0, 1.0),
            _ => 0.0,
        };
    }

    /// The node that came nearest.
    pub(super) fn nearest(&self) -> Option<&[u8]> {
        self.nearest.as_ref().map(|(.., node)| node.as_slice())
    }
}

/// How far a bound may be rounded, or cut after ten decimals, away from the loss it stands for.
const SLACK: f64 = 1e-9;
