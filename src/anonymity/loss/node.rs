//! The loss of one node.

use super::{Combine, Factors, QuasiColumn, floor10};
use crate::anonymity::criteria::Stakes;
use crate::anonymity::criterion::Rule;
use crate::anonymity::prepared::Prepared;
use crate::anonymity::{AnonymityError, Metric};

/// What is made least, ready for a table.
#[derive(Debug)]
pub(in crate::anonymity) struct LossModel {
    pub(in crate::anonymity) metric: Metric,
    pub(in crate::anonymity) factors: Factors,
    pub(in crate::anonymity) combine: Combine,
    pub(in crate::anonymity) columns: Vec<QuasiColumn>,
    /// Rows released.
    pub(in crate::anonymity) n: u64,
    pub(in crate::anonymity) stakes: Option<Stakes>,
    /// log10 of the product of all domains.
    log_domain: f64,
}

/// What becomes of a class. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::anonymity) enum Fate {
    /// Kept.
    Kept,
    /// Suppressed, as are all its subclasses of every more special node.
    FailedForGood,
    /// Suppressed.
    Failed,
}

/// A class as metrics see it.
#[derive(Clone, Copy, Debug)]
pub(in crate::anonymity) struct ClassSize {
    pub(in crate::anonymity) n: u64,
    pub(in crate::anonymity) n_population: u64,
    pub(in crate::anonymity) is_kept: bool,
}

impl LossModel {
    pub(in crate::anonymity) fn new(
        prepared: &Prepared<'_>,
        columns: Vec<QuasiColumn>,
    ) -> Result<Self, AnonymityError> {
        let quality = &prepared.plan.quality;
        let is_payout = matches!(quality.metric(), Metric::Payout | Metric::PayoutJournalist);
        let own = prepared.plan.criteria.iter().find_map(|criterion| match criterion.rule {
            Rule::Profitability { profit, .. } => Some(profit),
            _ => None,
        });
        let profit = quality.profit.or(own).filter(|_| is_payout);
        if is_payout && profit.is_none() {
            let instead = "set the stakes with `with_profit`, or add the profitability criterion";
            return Err(AnonymityError::Unsupported { what: "a payout metric without stakes", instead });
        }
        let is_journalist = quality.metric() == Metric::PayoutJournalist;
        let domain: f64 = columns.iter().map(|column| column.n_values as f64).product();
        Ok(Self {
            metric: quality.metric(),
            factors: Factors::new(quality.gs_factor),
            combine: Combine::new(quality, prepared.quasi.iter().map(|quasi| quasi.weight).collect()),
            columns,
            n: prepared.n,
            stakes: profit.map(|profit| Stakes { profit, is_journalist }),
            log_domain: domain.log10(),
        })
    }

    /// The loss that a key stands for.
    pub(in crate::anonymity) fn combine_value(&self, key: f64) -> f64 {
        if self.is_per_column() { self.combine.value(key) } else { key }
    }

    /// Whether columns lose on their own.
    pub(in crate::anonymity) const fn is_per_column(&self) -> bool {
        matches!(
            self.metric,
            Metric::Loss | Metric::Nue | Metric::NmNue | Metric::Precision | Metric::NmPrecision | Metric::Height
        )
    }

    /// What suppressed rows add to the bound of every more special node, of every column, weighted.
    // SPEC: S = gF·A_all/H + sF·s - w·B/H with w = gF if sF = 1 else sF; a failed row adds sF - w·share, which only
    // grows as its labels get more special.
    pub(in crate::anonymity) fn raise(&self, suppressed: u64, failed: &[u64]) -> Vec<f64> {
        let Factors { generalisation, suppression } = self.factors;
        let weight_of_share = if suppression == 1.0 { generalisation } else { suppression };
        let columns = self.columns.iter().zip(failed).zip(&self.combine.weights);
        let raise = columns.map(|((column, failed), weight)| {
            let (n, h) = (self.n as f64, column.n_values as f64);
            let low = generalisation * n / h;
            let added = suppression * suppressed as f64 - weight_of_share * *failed as f64 / h;
            if n == low { 0.0 } else { weight * added.max(0.0) / (n - low) }
        });
        raise.collect()
    }

    /// The loss of information of a class: of every column the value of any of its rows.
    // SPEC: IL = clamp(1 + log10(Π share)/log10(Π H), 0, 1), 0 if the divisor is 0.
    pub(in crate::anonymity) fn class_loss(&self, node: &[u8], values: impl Iterator<Item = usize>) -> f64 {
        if self.log_domain == 0.0 {
            return 0.0;
        }
        let shares = self.columns.iter().zip(node).zip(values);
        let product: f64 = shares.map(|((column, level), value)| column.share(usize::from(*level), value)).product();
        (1.0 + product.log10() / self.log_domain).clamp(0.0, 1.0)
    }

    /// The losses of `loss`, before they combine, from the rows suppressed and Σ c over them.
    // SPEC: S = gF·A/H + (s if sF = 1 else (1 - sF)·B/H + sF·s), low = gF·N/H, x = (S - low)/(N - low).
    pub(in crate::anonymity) fn share_losses(&self, node: &[u8], suppressed: u64, failed: &[u128]) -> Vec<f64> {
        let Factors { generalisation, suppression } = self.factors;
        let n = self.n as f64;
        let columns = self.columns.iter().zip(node).zip(failed);
        let losses = columns.map(|((column, level), failed)| {
            let h = column.n_values as f64;
            let all = column.levels.get(usize::from(*level)).map_or(0, |level| level.total);
            let kept = all.saturating_sub(*failed);
            let own = if suppression == 1.0 {
                suppressed as f64
            } else {
                (1.0 - suppression) * *failed as f64 / h + suppression * suppressed as f64
            };
            let low = generalisation * n / h;
            if n == low {
                return 0.0;
            }
            let sum = generalisation * kept as f64 / h + own;
            floor10(((sum - low) / (n - low)).max(0.0))
        });
        losses.collect()
    }

    /// The losses of columns that depend on levels alone, and on the number of suppressed rows.
    pub(in crate::anonymity) fn level_losses(&self, node: &[u8], suppressed: u64) -> Vec<f64> {
        let columns = self.columns.iter().zip(node);
        columns.map(|(column, level)| self.level_loss(column, usize::from(*level), suppressed)).collect()
    }

    pub(in crate::anonymity) fn level_loss(&self, column: &QuasiColumn, level: usize, suppressed: u64) -> f64 {
        let Factors { generalisation, suppression } = self.factors;
        let ratio = if column.height == 0 { 0.0 } else { level as f64 / column.height as f64 };
        let entropy = column.levels.get(level).map_or(0.0, |level| level.entropy);
        match self.metric {
            Metric::Nue | Metric::NmNue => floor10(generalisation * entropy),
            Metric::Precision => generalisation * ratio,
            Metric::NmPrecision => {
                let n = self.n as f64;
                ((self.n - suppressed) as f64 * generalisation * ratio + suppressed as f64 * suppression) / n
            }
            _ => level as f64,
        }
    }

    /// The losses of `nmnue`: of every column the suppressed rows of each label, in the order of values.
    pub(in crate::anonymity) fn entropy_losses(&self, node: &[u8], suppressed: u64, failed: &[Vec<u64>]) -> Vec<f64> {
        let Factors { generalisation, suppression } = self.factors;
        let columns = self.columns.iter().zip(node).zip(failed);
        let losses = columns.map(|((column, level), failed)| {
            let kept = generalisation * column.levels.get(usize::from(*level)).map_or(0.0, |level| level.entropy);
            let present = failed.iter().filter(|count| **count > 0);
            let sum: f64 = present.map(|c| *c as f64 * (*c as f64 / suppressed as f64).log2()).sum();
            floor10(kept - suppression * sum)
        });
        losses.collect()
    }

    /// The metrics that see sizes of classes only.
    pub(in crate::anonymity) fn size_loss(&self, classes: impl Iterator<Item = ClassSize>) -> f64 {
        let Factors { generalisation, suppression } = self.factors;
        let (mut kept, mut suppressed, mut squares) = (0_u64, 0_u64, 0_u128);
        for class in classes {
            let n = u128::from(class.n);
            if class.is_kept {
                kept += u64::from(class.n > 0);
                squares += n * n;
            } else {
                suppressed += class.n;
                squares += n * if self.metric == Metric::Dm { u128::from(self.n) } else { n };
            }
        }
        match self.metric {
            Metric::Aecs => {
                let extra = if suppressed > 0 { generalisation } else { 0.0 };
                let divisor = suppression * kept as f64 + extra;
                if divisor == 0.0 { f64::INFINITY } else { self.n as f64 / divisor }
            }
            _ => squares as f64,
        }
    }

    /// The metrics that see the loss of information of every class, which comes with it.
    // INVARIANT: terms are summed as integers, so that the order of classes does not matter.
    pub(in crate::anonymity) fn class_losses(&self, classes: impl Iterator<Item = (ClassSize, f64)>) -> f64 {
        let Factors { generalisation, suppression } = self.factors;
        let (mut lost, mut attacked, mut suppressed) = (0_u128, 0_u128, 0_u64);
        for (class, information) in classes.filter(|(class, _)| class.n > 0) {
            if !class.is_kept {
                suppressed += class.n;
                continue;
            }
            lost += u128::from(class.n) * fixed(information);
            if let Some(stakes) = self.stakes {
                let chance = stakes.chance(class.n, class.n_population);
                if stakes.is_attacked(chance) {
                    attacked += if stakes.is_journalist { u128::from(class.n) * fixed(chance) } else { fixed(1.0) };
                }
            }
        }
        let (lost, attacked) = (unfixed(lost), unfixed(attacked));
        match self.stakes {
            None => generalisation * lost + suppression * suppressed as f64,
            Some(stakes) => {
                let given = stakes.profit.benefit * lost + stakes.profit.loss * attacked;
                generalisation * given + suppression * suppressed as f64 * stakes.profit.benefit
            }
        }
    }

    /// A class's own part of the metric when it is kept: what sample-based rules order by.
    pub(in crate::anonymity) fn own_loss(
        &self,
        node: &[u8],
        class: ClassSize,
        values: impl Iterator<Item = usize>,
    ) -> Vec<f64> {
        let n = class.n as f64;
        match self.metric {
            Metric::Loss => {
                let shares = self.columns.iter().zip(node).zip(values);
                let columns: Vec<f64> =
                    shares.map(|((column, level), value)| n * column.share(usize::from(*level), value)).collect();
                self.combine.loss(&columns).values
            }
            Metric::Ebil => vec![self.factors.generalisation * n * self.class_loss(node, values)],
            Metric::Payout | Metric::PayoutJournalist => {
                let lost = self.class_loss(node, values);
                let given = self
                    .stakes
                    .map_or(0.0, |stakes| stakes.profit.benefit - stakes.payout(class.n, class.n_population, lost));
                vec![self.factors.generalisation * n * given]
            }
            _ => Vec::new(),
        }
    }
}

/// A number of 0 to 1 as a multiple of 2⁻⁶⁰.
pub(in crate::anonymity) fn fixed(x: f64) -> u128 {
    (x * FIXED_ONE) as u128
}

pub(in crate::anonymity) fn unfixed(x: u128) -> f64 {
    x as f64 / FIXED_ONE
}

const FIXED_ONE: f64 = (1_u64 << 60) as f64;
