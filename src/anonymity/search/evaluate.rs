//! One node: its classes, which of them fail, and what that loses.

use super::class_list::ClassList;
use super::group::Grouper;
use super::problem::Problem;
use crate::anonymity::Metric;
use crate::anonymity::criteria::Verdict;
use crate::anonymity::loss::{ClassSize, Fate, Loss, fixed, unfixed};

/// What a thread needs to evaluate nodes; reused from node to node.
#[derive(Debug, Default)]
pub(super) struct Worker {
    grouper: Grouper,
    /// Of every class.
    pub(super) fates: Vec<Fate>,
    failed: Vec<(u64, u32)>,
    counts: Vec<(u32, u64)>,
    scratch: Vec<u64>,
}

/// What an evaluation came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Evaluation {
    /// Rows in failing classes; at least so many if the evaluation stopped early.
    pub(super) suppressed: u64,
    /// Classes with a released row.
    pub(super) n_classes: u64,
    /// What forbids the node at any limit.
    pub(super) forbidden_by: Option<&'static str>,
    /// Classes of the population without a released row that break a rule.
    pub(super) absent_violations: u64,
    pub(super) is_admissible: bool,
    /// Whether no more special node is admissible either.
    pub(super) closes_below: bool,
    /// `None` if it was not asked for.
    pub(super) loss: Option<Loss>,
    /// Rows that fail here and in every more special node.
    pub(super) failed_for_good: u64,
    /// Σ c over these rows, of every column; empty unless the metric is `loss`.
    pub(super) failed_sizes: Vec<u64>,
    /// The least key of every more general node; of metrics that have such a bound.
    pub(super) above: Option<f64>,
}

/// How much of a node is asked for. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Whether it is admissible, and if so its loss.
    Search,
    /// Everything, admissible or not.
    Full,
}

impl Worker {
    /// The classes of the last node.
    pub(super) const fn classes(&self) -> &ClassList {
        &self.grouper.classes
    }

    /// The classes of a node, from those of a more special one.
    pub(super) fn classes_of(&mut self, problem: &Problem<'_>, node: &[u8], source: &ClassList) -> ClassList {
        self.grouper.group(source, &problem.chunks, &problem.model.columns, node, false);
        self.classes().compact()
    }

    /// Of every class that the last node was made from, whether its rows are suppressed.
    pub(super) fn suppressed_sources(&self) -> Vec<bool> {
        let fates = self.grouper.class_of.iter().map(|class| self.fates.get(*class as usize));
        fates.map(|fate| fate.is_some_and(|fate| *fate != Fate::Kept)).collect()
    }

    /// Evaluates a node from classes of a more special one.
    pub(super) fn evaluate(
        &mut self,
        problem: &Problem<'_>,
        node: &[u8],
        source: &ClassList,
        effort: Effort,
    ) -> Evaluation {
        let is_full = effort == Effort::Full;
        self.grouper.group(source, &problem.chunks, &problem.model.columns, node, is_full);
        let mut found = Evaluation::default();
        self.apply_floors(problem, &mut found);
        found.closes_below = found.forbidden_by.is_some() || found.failed_for_good > problem.allowed;
        if is_full || !found.closes_below {
            self.apply_tests(problem, node, is_full, &mut found);
            if is_full || found.suppressed <= problem.allowed {
                self.apply_sample_rules(problem, node, &mut found);
            }
        }
        found.is_admissible = found.forbidden_by.is_none() && found.suppressed <= problem.allowed;
        if is_full || found.is_admissible {
            found.loss = Some(self.loss(problem, node, &mut found));
        }
        if !found.closes_below {
            found.above = self.bound_above(problem, node, &found);
        }
        found
    }

    /// The rules that need no look at values, and the numbers of different values.
    fn apply_floors(&mut self, problem: &Problem<'_>, found: &mut Evaluation) {
        let rules = &problem.rules;
        let classes = &self.grouper.classes;
        self.fates.clear();
        let floor = rules.floor.max(1);
        if problem.prepared.plan.subset.is_none() {
            // PERF: all classes hold a row, and n is the population.
            let floor = floor.max(rules.population_floor);
            let mut failed = 0;
            self.fates.extend(classes.n.iter().map(|n| {
                let n = u64::from(*n);
                failed += if n < floor { n } else { 0 };
                if n < floor { Fate::FailedForGood } else { Fate::Kept }
            }));
            found.failed_for_good = failed;
            found.n_classes = classes.len() as u64;
        } else {
            for (n, population) in classes.n.iter().zip(&classes.n_population) {
                let (n, population) = (u64::from(*n), u64::from(*population));
                let mut fate = Fate::Kept;
                if n == 0 {
                    found.absent_violations += u64::from(rules.is_absent_violation(population));
                    if rules.is_absent_forbidden(population) {
                        found.forbidden_by = Some("delta-presence");
                    }
                } else {
                    found.n_classes += 1;
                    if n < floor || population < rules.population_floor {
                        fate = Fate::FailedForGood;
                        found.failed_for_good += n;
                    }
                }
                self.fates.push(fate);
            }
        }
        for (column, spread) in rules.columns.iter().zip(&classes.spreads) {
            if column.n_distinct <= 1 {
                continue;
            }
            for (class, (fate, n)) in self.fates.iter_mut().zip(&classes.n).enumerate() {
                if *fate == Fate::Kept && *n > 0 && spread.n_distinct(class) < column.n_distinct {
                    *fate = Fate::FailedForGood;
                    found.failed_for_good += u64::from(*n);
                }
            }
        }
        found.suppressed = found.failed_for_good;
    }

    /// The other rules of single classes; stops as soon as the node is known not to be admissible.
    fn apply_tests(&mut self, problem: &Problem<'_>, node: &[u8], is_full: bool, found: &mut Evaluation) {
        let rules = &problem.rules;
        let asks_presence = rules.asks_presence();
        let asks_profit = rules.asks_profit();
        if !asks_presence && !asks_profit && !rules.columns.iter().any(|column| column.asks_more()) {
            return;
        }
        let Self { grouper, fates, counts, scratch, .. } = self;
        let classes = &grouper.classes;
        for (class, fate) in fates.iter_mut().enumerate() {
            let n = classes.n.get(class).copied().map_or(0, u64::from);
            if *fate != Fate::Kept || n == 0 {
                continue;
            }
            let mut verdict = Verdict::Passed;
            if asks_presence && !rules.is_presence_kept(n, classes.population(class)) {
                verdict = if rules.is_presence_monotone() { Verdict::FailedMonotone } else { Verdict::Failed };
            }
            for (column, spread) in rules.columns.iter().zip(&classes.spreads) {
                // Without suppression it matters which rule fails, so all are asked until a monotone one does.
                if verdict == Verdict::FailedMonotone || (verdict == Verdict::Failed && problem.allowed > 0) {
                    break;
                }
                if column.asks_more() {
                    spread.counts(class, counts);
                    match column.test(n, counts, scratch) {
                        Verdict::Passed => {}
                        failed => verdict = failed,
                    }
                }
            }
            if verdict == Verdict::Passed && asks_profit {
                let key = classes.keys.get(class).copied().unwrap_or(0);
                let lost = problem.model.class_loss(node, problem.codes(key));
                if !rules.is_profitable(n, classes.population(class), lost) {
                    verdict = Verdict::Failed;
                }
            }
            if verdict != Verdict::Passed {
                *fate = Fate::Failed;
                found.suppressed += n;
                // SPEC: at limit 0 these rules are monotone: a subclass of the class fails too.
                found.closes_below |= verdict == Verdict::FailedMonotone && problem.allowed == 0;
                if !is_full && (found.closes_below || (problem.allowed > 0 && found.suppressed > problem.allowed)) {
                    return;
                }
            }
        }
    }

    /// The rules over all kept classes: suppresses the smallest until they hold.
    fn apply_sample_rules(&mut self, problem: &Problem<'_>, node: &[u8], found: &mut Evaluation) {
        let rules = &problem.rules.sample;
        if rules.is_empty() {
            return;
        }
        let classes = &self.grouper.classes;
        let is_root = is_all_root(problem, node);
        let mut kept: Vec<(u64, Vec<f64>, u32, usize)> = Vec::new();
        for (class, fate) in self.fates.iter().enumerate() {
            let n = classes.n.get(class).copied().map_or(0, u64::from);
            if *fate == Fate::Kept && n > 0 && !is_root {
                let first = classes.first_rows.get(class).copied().unwrap_or(0);
                kept.push((n, Vec::new(), first, class));
            }
        }
        kept.sort_unstable_by_key(|(n, _, first, _)| (*n, *first));
        let sizes: Vec<u64> = kept.iter().map(|(n, ..)| *n).collect();
        let gone = rules.prefix(&sizes);
        // PERF: only the classes of the size at which the prefix ends have to be told apart.
        if let (Some(last), true) = (gone.checked_sub(1).and_then(|last| sizes.get(last)).copied(), gone < sizes.len())
        {
            let start = sizes.partition_point(|n| *n < last);
            let end = sizes.partition_point(|n| *n <= last);
            if let Some(tied) = kept.get_mut(start..end) {
                for (n, own, _, class) in tied.iter_mut() {
                    let key = classes.keys.get(*class).copied().unwrap_or(0);
                    let size = ClassSize { n: *n, n_population: classes.population(*class), is_kept: true };
                    *own = problem.model.own_loss(node, size, problem.codes(key));
                }
                tied.sort_by(|a, b| {
                    let own = a.1.iter().zip(&b.1).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
                    own.unwrap_or(std::cmp::Ordering::Equal).then(a.2.cmp(&b.2))
                });
            }
        }
        for (n, _, _, class) in kept.iter().take(gone) {
            if let Some(fate) = self.fates.get_mut(*class) {
                *fate = Fate::Failed;
            }
            found.suppressed += n;
        }
    }

    fn loss(&mut self, problem: &Problem<'_>, node: &[u8], found: &mut Evaluation) -> Loss {
        let model = &problem.model;
        match model.metric {
            Metric::Loss => {
                found.failed_sizes = self.failed_sizes(problem, node, Fate::FailedForGood);
                let others = if found.suppressed > found.failed_for_good {
                    self.failed_sizes(problem, node, Fate::Failed)
                } else {
                    vec![0; found.failed_sizes.len()]
                };
                let all: Vec<u128> =
                    found.failed_sizes.iter().zip(&others).map(|(a, b)| u128::from(*a) + u128::from(*b)).collect();
                model.combine.loss(&model.share_losses(node, found.suppressed, &all))
            }
            Metric::NmNue => {
                let failed = self.failed_labels(problem);
                model.combine.loss(&model.entropy_losses(node, found.suppressed, &failed))
            }
            Metric::Nue | Metric::Precision | Metric::NmPrecision | Metric::Height => {
                model.combine.loss(&model.level_losses(node, found.suppressed))
            }
            Metric::Aecs | Metric::Dm | Metric::DmStar => Loss::single(model.size_loss(self.sizes())),
            Metric::Ebil | Metric::Payout | Metric::PayoutJournalist => {
                let keys = self.grouper.classes.keys.iter();
                let lost = |class: ClassSize, key: u64| {
                    if class.is_kept { model.class_loss(node, problem.codes(key)) } else { 0.0 }
                };
                Loss::single(model.class_losses(self.sizes().zip(keys).map(|(class, key)| (class, lost(class, *key)))))
            }
        }
    }

    fn sizes(&self) -> impl Iterator<Item = ClassSize> {
        let classes = &self.grouper.classes;
        let sizes = classes.n.iter().zip(&self.fates).enumerate();
        sizes.map(|(class, (n, fate))| ClassSize {
            n: u64::from(*n),
            n_population: classes.population(class),
            is_kept: *fate == Fate::Kept,
        })
    }

    /// Of every column, Σ c over the rows of a fate.
    // INVARIANT: fewer than 2³² rows times fewer than 2³² values: no sum leaves 64 bits.
    fn failed_sizes(&mut self, problem: &Problem<'_>, node: &[u8], which: Fate) -> Vec<u64> {
        let Self { grouper, fates, failed, .. } = self;
        let classes = &grouper.classes;
        failed.clear();
        let counted = classes.keys.iter().zip(&classes.n).zip(fates.iter());
        failed.extend(counted.filter(|(_, fate)| **fate == which).map(|((key, n), _)| (*key, *n)));
        let rows: u64 = failed.iter().map(|(_, n)| u64::from(*n)).sum();
        let columns = problem.model.columns.iter().zip(node).enumerate();
        let sums = columns.map(|(place, (column, level))| {
            let Some(level) = column.levels.get(usize::from(*level)) else { return 0 };
            let chunk = problem.chunks.iter().find_map(|chunk| chunk.position(place));
            match (level.n_labels, chunk) {
                (1, _) => rows * level.sizes.first().copied().map_or(0, u64::from),
                (_, Some((shift, bits))) => sum_sizes(failed, &level.sizes, shift, bits),
                (_, None) => {
                    let size = |key| level.sizes.get(problem.code(key, place)).copied().map_or(0, u64::from);
                    failed.iter().map(|(key, n)| u64::from(*n) * size(*key)).sum()
                }
            }
        });
        sums.collect()
    }

    /// Of every column, the suppressed rows of every label, by its least value.
    fn failed_labels(&self, problem: &Problem<'_>) -> Vec<Vec<u64>> {
        let classes = &self.grouper.classes;
        let columns = problem.model.columns.iter().enumerate();
        let labels = columns.map(|(place, column)| {
            let mut rows = vec![0_u64; column.values.len()];
            for ((key, n), fate) in classes.keys.iter().zip(&classes.n).zip(&self.fates) {
                if *fate != Fate::Kept
                    && let Some(sum) = rows.get_mut(problem.code(*key, place))
                {
                    *sum += u64::from(*n);
                }
            }
            rows
        });
        labels.collect()
    }

    /// The least key of all more general nodes, from the classes of this one.
    // SPEC: classes only join, and their loss of information only grows.
    fn bound_above(&self, problem: &Problem<'_>, node: &[u8], found: &Evaluation) -> Option<f64> {
        let model = &problem.model;
        let (generalisation, suppression) = (model.factors.generalisation, model.factors.suppression);
        let classes = &self.grouper.classes;
        match model.metric {
            Metric::Dm | Metric::DmStar => {
                Some(classes.n.iter().map(|n| u128::from(*n) * u128::from(*n)).sum::<u128>() as f64)
            }
            Metric::Aecs => {
                let divisor = suppression * found.n_classes as f64 + (generalisation - suppression).max(0.0);
                Some(if divisor == 0.0 { f64::INFINITY } else { model.n as f64 / divisor })
            }
            _ if problem.is_class_metric() => {
                let terms = classes.keys.iter().zip(&classes.n).filter(|(_, n)| **n > 0).map(|(key, n)| {
                    let lost = model.class_loss(node, problem.codes(*key));
                    u128::from(*n) * fixed((generalisation * lost).min(suppression))
                });
                Some(unfixed(terms.sum()) * model.stakes.map_or(1.0, |stakes| stakes.profit.benefit))
            }
            _ => None,
        }
    }
}

/// Whether a node generalises every column to its root.
pub(super) fn is_all_root(problem: &Problem<'_>, node: &[u8]) -> bool {
    let mut columns = problem.model.columns.iter().zip(node);
    columns.all(|(column, level)| column.levels.get(usize::from(*level)).is_some_and(|level| level.is_root))
}

#[expect(clippy::indexing_slicing, reason = "codes of a key are places of values, each of which has a size")]
fn sum_sizes(failed: &[(u64, u32)], sizes: &[u32], shift: u32, bits: u32) -> u64 {
    let mask = super::chunk::mask(bits);
    failed.iter().map(|(key, n)| u64::from(*n) * u64::from(sizes[((key >> shift) & mask) as usize])).sum()
}
