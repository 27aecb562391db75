//! The classes that set the measures of one sensitive attribute.

use super::attribute::Attribute;
use super::class_view::{ClassView, Logs};
use super::grouping::Grouping;
use super::ratio::Ratio;
use super::value_counts::ValueCounts;
use super::whole::Whole;
use crate::anonymity::ColumnType;

/// A sensitive attribute, its counts and what they say.
pub(super) struct Counted<'t> {
    pub(super) attribute: Attribute<'t>,
    /// Which of the groupings its classes are.
    pub(super) grouping: usize,
    pub(super) counts: ValueCounts,
    pub(super) whole: Whole,
}

/// Where an extreme was found, and with which value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) class: usize,
    pub(super) value: Option<u32>,
}

/// Every extreme over the classes; of several equal ones that of the first class.
pub(super) struct Extremes {
    pub(super) alpha: (f64, Place),
    pub(super) distinct: (u64, Place),
    pub(super) entropy: (f64, Place),
    pub(super) beta: (f64, Place),
    pub(super) infeasible: Option<Place>,
    pub(super) beta_capped: f64,
    pub(super) delta: (f64, Place),
    pub(super) lacking: Option<Place>,
    pub(super) t_equal: (f64, Place),
    pub(super) t_ordered: Option<(f64, Place)>,
    pub(super) t_by_value: Option<(f64, Place)>,
    pub(super) t_hierarchical: Option<(f64, Place)>,
    /// Rows that are not of the majority of their class.
    pub(super) n_minority: u64,
}

/// The highest so far.
struct Highest {
    found: Option<(Ratio, Place)>,
}

impl Highest {
    const fn new() -> Self {
        Self { found: None }
    }

    fn offer(&mut self, ratio: Ratio, class: usize, value: Option<u32>) {
        if self.found.is_none_or(|(highest, _)| ratio.is_above(highest)) {
            self.found = Some((ratio, Place { class, value }));
        }
    }

    /// The highest, divided by what all have in common.
    fn over(&self, common: f64) -> (f64, Place) {
        self.found.map_or((0.0, Place::default()), |(ratio, place)| {
            // A denominator of nothing: there is one value, and no distance.
            (if common > 0.0 { ratio.value() / common } else { 0.0 }, place)
        })
    }
}

impl Counted<'_> {
    pub(super) fn views<'a>(&'a self, grouping: &'a Grouping<'_>) -> impl Iterator<Item = (usize, ClassView<'a>)> {
        let classes = grouping.sizes.iter().zip(self.counts.classes()).enumerate();
        classes.map(|(class, (n, cells))| (class, ClassView { n: u64::from(*n), cells, whole: &self.whole }))
    }

    pub(super) fn view<'a>(&'a self, grouping: &Grouping<'_>, class: usize) -> ClassView<'a> {
        let n = grouping.sizes.get(class).copied().map_or(0, u64::from);
        ClassView { n, cells: self.counts.class(class), whole: &self.whole }
    }

    pub(super) fn extremes(&self, grouping: &Grouping<'_>) -> Extremes {
        let logs = Logs::new();
        let is_numeric = self.attribute.column_type == ColumnType::Numeric;
        let (mut alpha, mut beta, mut delta) = (Highest::new(), Highest::new(), Highest::new());
        let (mut t_equal, mut t_ordered, mut t_hierarchical) = (Highest::new(), Highest::new(), Highest::new());
        let mut t_by_value = None;
        let mut distinct = (u64::MAX, Place::default());
        let mut entropy = (f64::INFINITY, Place::default());
        let (mut infeasible, mut lacking) = (None, None);
        let mut n_minority = 0;
        for (class, view) in self.views(grouping) {
            let here = |value| Place { class, value };
            let majority = view.majority();
            n_minority += view.n - u64::from(majority.n);
            alpha.offer(Ratio::new(majority.n, view.n), class, Some(majority.value));
            if view.n_distinct() < distinct.0 {
                distinct = (view.n_distinct(), here(None));
            }
            let entropy_l = view.entropy_l(&logs);
            // What differs by rounding only is equal, and the first class stands.
            if entropy_l < entropy.0 * (1.0 - ROUNDING) {
                entropy = (entropy_l, here(None));
            }
            let (most, least) = view.most_and_least();
            beta.offer(view.ratio(most), class, Some(most.value));
            for cell in [most, least] {
                delta.offer(view.ratio_either_way(cell), class, Some(cell.value));
            }
            if infeasible.is_none() {
                infeasible = view.infeasible().map(|value| here(Some(value)));
            }
            if lacking.is_none() {
                lacking = view.lacking().map(|value| here(Some(value)));
            }
            t_equal.offer(Ratio::new(view.t_equal(), view.n), class, None);
            if is_numeric {
                t_ordered.offer(Ratio::new(view.t_ordered(), view.n), class, None);
            }
            if let Some(t) = view.t_hierarchical() {
                t_hierarchical.offer(Ratio::new(t, view.n), class, None);
            }
            if let Some(t) = view.t_by_value()
                && t_by_value.is_none_or(|(highest, _)| t > highest)
            {
                t_by_value = Some((t, here(None)));
            }
        }
        let n = self.whole.n as f64;
        let steps = self.whole.totals.len().saturating_sub(1) as f64;
        let beta = beta.found.map_or((0.0, Place::default()), |(Ratio { numerator, denominator }, place)| {
            // The difference is taken before the division, so that no digit is lost.
            ((numerator as i128 - denominator as i128) as f64 / denominator as f64, place)
        });
        let (delta_ratio, delta_place) = delta.over(1.0);
        let rarest = self.whole.logs.iter().copied().fold(0.0, f64::max);
        Extremes {
            alpha: alpha.over(1.0),
            distinct,
            entropy,
            beta,
            infeasible,
            beta_capped: beta.0.min(rarest),
            delta: (delta_ratio.ln(), delta_place),
            lacking,
            t_equal: t_equal.over(n),
            t_ordered: is_numeric.then(|| t_ordered.over(n * steps)),
            t_by_value,
            t_hierarchical: self.whole.tree.as_ref().map(|tree| t_hierarchical.over(n * tree.height as f64)),
            n_minority,
        }
    }

    /// The highest r_1 / (r_l + … + r_d); `None` for l of 1, as any c above it will do.
    pub(super) fn recursive_c(&self, grouping: &Grouping<'_>, l: u64) -> Option<(f64, Place)> {
        if l < 2 {
            return None;
        }
        let mut highest = Highest::new();
        let mut counts = Vec::new();
        for (class, view) in self.views(grouping) {
            if let Some(ratio) = view.recursive_c(l, &mut counts) {
                highest.offer(ratio, class, None);
            }
        }
        let (c, Place { class, .. }) = highest.over(1.0);
        let value = Some(self.view(grouping, class).majority().value);
        Some((c, Place { class, value }))
    }
}

/// Relative, of a sum of logarithms.
pub(super) const ROUNDING: f64 = 1e-12;
