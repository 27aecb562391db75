//! All criteria of an anonymisation, made ready for a table.

use super::closeness::{Ordered, Tree, is_equally_close};
use super::distinct_values::{grassberger, is_grassberger_diverse, is_recursive_diverse, is_shannon_diverse};
use super::population::{estimated_floor, is_presence_bounded};
use super::profit::no_attack_floor;
use super::ratio::{beta_bounds, is_beta_like, is_disclosing_less};
use super::{SampleRules, Stakes};
use crate::anonymity::criterion::Rule;
use crate::anonymity::prepared::{Prepared, PreparedSensitive};
use crate::anonymity::{AbsentClasses, AnonymityError, Attack, EntropyEstimator};

/// The criteria of an anonymisation: floors first, since they cost nothing.
#[derive(Debug)]
pub(in crate::anonymity) struct ClassRules {
    /// Least rows of a class; 0 if no criterion sets one.
    pub(in crate::anonymity) floor: u64,
    /// Least rows of the population in a class.
    pub(in crate::anonymity) population_floor: u64,
    /// Of every sensitive column of the plan.
    pub(in crate::anonymity) columns: Vec<ColumnRules>,
    /// After all rules of single classes.
    pub(in crate::anonymity) sample: SampleRules,
    presence: Vec<(f64, f64)>,
    is_absent_tested: bool,
    is_absent_checked_always: bool,
    payouts: Vec<Stakes>,
}

/// The rules of one sensitive column.
#[derive(Debug)]
pub(in crate::anonymity) struct ColumnRules {
    /// Least different values in a class: no subclass of a class with fewer has more.
    pub(in crate::anonymity) n_distinct: u64,
    tests: Vec<Test>,
    totals: Vec<u64>,
    n_table: u64,
}

#[derive(Debug)]
enum Test {
    Shannon { l: f64 },
    Grassberger { l: f64, table: Vec<f64> },
    Recursive { c: f64, l: u64 },
    Equal { t: f64 },
    Ordered { t: f64, order: Ordered },
    Tree { t: f64, tree: Tree },
    Beta { bounds: Vec<f64> },
    Disclosure { delta: f64 },
}

impl ClassRules {
    pub(in crate::anonymity) fn new(prepared: &Prepared<'_>) -> Result<Self, AnonymityError> {
        let plan = prepared.plan;
        let columns = prepared.sensitive.iter().map(|column| ColumnRules {
            n_distinct: 0,
            tests: Vec::new(),
            totals: column.totals.clone(),
            n_table: prepared.n,
        });
        let mut rules = Self {
            floor: 0,
            population_floor: 0,
            columns: columns.collect(),
            sample: SampleRules::new(&plan.criteria),
            presence: Vec::new(),
            is_absent_tested: false,
            is_absent_checked_always: plan.absent_classes == AbsentClasses::Check,
            payouts: Vec::new(),
        };
        for criterion in &plan.criteria {
            match &criterion.rule {
                Rule::KAnonymity { k } => rules.floor = rules.floor.max(*k),
                Rule::KMap { k } => rules.population_floor = rules.population_floor.max(*k),
                Rule::KMapEstimated { k, population, significance, estimator } => {
                    let n_all = prepared.table.n_rows() as u64;
                    let floor = estimated_floor(*k, prepared.n, n_all, *population, *significance, *estimator);
                    rules.floor = rules.floor.max(floor);
                }
                Rule::DeltaPresence { low, high } => rules.presence.push((*low, *high)),
                Rule::Profitability { attack, profit } => match no_attack_floor(*attack, *profit) {
                    Some(floor) if *attack == Attack::JournalistNoAttack => {
                        rules.population_floor = rules.population_floor.max(floor);
                    }
                    Some(floor) => rules.floor = rules.floor.max(floor),
                    None => {
                        let is_journalist = *attack == Attack::Journalist;
                        rules.payouts.push(Stakes { profit: *profit, is_journalist });
                    }
                },
                Rule::AverageRisk { .. } | Rule::SampleUniqueness { .. } => {}
                rule => {
                    let name = criterion.column().unwrap_or_default();
                    let found = prepared.sensitive.iter().zip(&mut rules.columns);
                    if let Some((sensitive, column)) = found.into_iter().find(|(s, _)| s.column.name() == name) {
                        rules.floor = rules.floor.max(column.add(rule, sensitive, prepared.n)?);
                    }
                }
            }
        }
        rules.is_absent_tested = !rules.presence.is_empty() && (rules.is_absent_checked_always || rules.floor == 0);
        Ok(rules)
    }

    /// Whether a class of the population without a released row breaks a rule.
    pub(in crate::anonymity) fn is_absent_forbidden(&self, n_population: u64) -> bool {
        self.is_absent_tested && self.is_absent_violation(n_population)
    }

    /// Whether it does, tested or not.
    pub(in crate::anonymity) fn is_absent_violation(&self, n_population: u64) -> bool {
        !self.presence.iter().all(|(low, high)| is_presence_bounded(0, n_population, *low, *high))
    }

    /// Whether a class with a released row is within the bounds of presence.
    pub(in crate::anonymity) fn is_presence_kept(&self, n: u64, n_population: u64) -> bool {
        self.presence.iter().all(|(low, high)| is_presence_bounded(n, n_population, *low, *high))
    }

    /// Whether publishing a class pays, `lost` being its loss of information.
    pub(in crate::anonymity) fn is_profitable(&self, n: u64, n_population: u64, lost: f64) -> bool {
        self.payouts.iter().all(|stakes| stakes.payout(n, n_population, lost) > 0.0)
    }

    /// Whether [`is_profitable`](Self::is_profitable) has anything to say.
    pub(in crate::anonymity) const fn asks_profit(&self) -> bool {
        !self.payouts.is_empty()
    }

    /// Whether presence is bounded.
    pub(in crate::anonymity) const fn asks_presence(&self) -> bool {
        !self.presence.is_empty()
    }

    /// Whether a class that breaks presence has a subclass that does.
    // SPEC: monotone without suppression only if absent classes are always tested.
    pub(in crate::anonymity) const fn is_presence_monotone(&self) -> bool {
        self.is_absent_checked_always
    }
}

impl ColumnRules {
    /// Adds a rule and gives the least class size that it implies.
    fn add(&mut self, rule: &Rule, sensitive: &PreparedSensitive<'_>, n: u64) -> Result<u64, AnonymityError> {
        let (least, test) = match rule {
            Rule::DistinctL { l, .. } => (*l, None),
            Rule::EntropyL { l, estimator, .. } => {
                let test = match estimator {
                    EntropyEstimator::Shannon => Test::Shannon { l: *l },
                    EntropyEstimator::Grassberger => Test::Grassberger { l: *l, table: grassberger(n) },
                };
                (l.ceil() as u64, Some(test))
            }
            Rule::RecursiveL { c, l, .. } => (*l, Some(Test::Recursive { c: *c, l: *l })),
            Rule::TEqual { t, .. } => (0, Some(Test::Equal { t: *t })),
            Rule::TOrdered { t, order, .. } => {
                (0, Some(Test::Ordered { t: *t, order: Ordered::new(sensitive, order.as_deref())? }))
            }
            Rule::THierarchical { t, hierarchy, .. } => {
                (0, Some(Test::Tree { t: *t, tree: Tree::new(sensitive, hierarchy)? }))
            }
            Rule::Beta { beta, enhanced, .. } => {
                (0, Some(Test::Beta { bounds: beta_bounds(*beta, *enhanced, &self.totals, n) }))
            }
            Rule::DeltaDisclosure { delta, .. } => (0, Some(Test::Disclosure { delta: *delta })),
            _ => (0, None),
        };
        self.n_distinct = self.n_distinct.max(least);
        self.tests.extend(test);
        Ok(least)
    }

    /// Whether there is more to ask than the number of different values.
    pub(in crate::anonymity) const fn asks_more(&self) -> bool {
        !self.tests.is_empty()
    }

    /// Whether a class of `n` rows with these values, ascending, each with its rows, keeps every rule.
    ///
    /// The error says whether a subclass of a class that fails may be the one to blame: then no more special node is
    /// free of failures.
    pub(in crate::anonymity) fn test(&self, n: u64, counts: &[(u32, u64)], scratch: &mut Vec<u64>) -> Verdict {
        let mut verdict = Verdict::Passed;
        for test in &self.tests {
            let (passed, is_monotone) = match test {
                Test::Shannon { l } => (is_shannon_diverse(n, counts, *l), true),
                Test::Grassberger { l, table } => (is_grassberger_diverse(n, counts, *l, table), false),
                Test::Recursive { c, l } => (is_recursive_diverse(counts, *c, *l, scratch), true),
                Test::Equal { t } => (is_equally_close(n, counts, *t, &self.totals), true),
                Test::Ordered { t, order } => (order.is_close(n, counts, *t, scratch), true),
                Test::Tree { t, tree } => (tree.is_close(n, counts, *t), true),
                Test::Beta { bounds } => (is_beta_like(n, counts, bounds, &self.totals, self.n_table), true),
                Test::Disclosure { delta } => {
                    (is_disclosing_less(n, counts, *delta, &self.totals, self.n_table), false)
                }
            };
            match (passed, is_monotone) {
                (true, _) => {}
                (false, true) => return Verdict::FailedMonotone,
                (false, false) => verdict = Verdict::Failed,
            }
        }
        verdict
    }
}

/// What the rules of a column say of a class. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::anonymity) enum Verdict {
    /// Every rule is kept.
    Passed,
    /// One is broken; more special nodes may keep it.
    Failed,
    /// One is broken that every more special node breaks too, in some class.
    FailedMonotone,
}
