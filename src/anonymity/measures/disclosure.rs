//! What a class gives away about a sensitive value.

use super::extremes::{Extremes, Place, ROUNDING};
use super::grouping::Grouping;

/// The measures of attribute disclosure: what somebody learns who knows only the class of a person.
///
/// Each is the worst over all classes. [`Measures::witness`](super::Measures::witness) names the class.
///
/// # References
/// Machanavajjhala et al.: *l-Diversity*, ICDE 2006. Li, Li, Venkatasubramanian: *t-Closeness*, ICDE 2007. Wong et al.:
/// *(α, k)-Anonymity*, KDD 2006. Cao, Karras: *Publishing Microdata with a Robust Privacy Guarantee*, VLDB 2012. Brickell,
/// Shmatikov: *The Cost of Privacy*, KDD 2008.
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    pub(super) alpha: Found<f64>,
    pub(super) l_distinct: Found<u64>,
    pub(super) l_entropy: Found<f64>,
    pub(super) recursive_c: Option<Found<f64>>,
    pub(super) beta: Found<f64>,
    pub(super) infeasible: Option<Spot>,
    pub(super) beta_capped: Found<f64>,
    pub(super) delta: Found<f64>,
    pub(super) lacking: Option<Spot>,
    pub(super) t: Found<f64>,
    pub(super) t_equal: Found<f64>,
    pub(super) t_ordered: Option<Found<f64>>,
    pub(super) t_by_value: Option<Found<f64>>,
    pub(super) t_hierarchical: Option<Found<f64>>,
    pub(super) n_minority: u64,
}

/// A value and what sets it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) spot: Spot,
}

impl<T: PartialEq> Found<T> {
    /// The other if it is worse, or as bad and of a lower first row.
    pub(super) fn or_worse(self, other: Self, is_worse: bool) -> Self {
        let is_earlier = self.value == other.value && other.spot.first_row < self.spot.first_row;
        if is_worse || is_earlier { other } else { self }
    }
}

/// Which attribute, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) attribute: usize,
    pub(super) place: Place,
    /// The first row of the class, which decides between equal extremes.
    pub(super) first_row: u64,
}

/// Enhanced beta-likeness. Closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likeness {
    /// The least beta that every class keeps.
    Feasible(f64),
    /// No beta is kept: some value is more frequent in a class than its share of the table ever allows.
    Infeasible,
}

/// A measure of which the class that sets it can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// The smallest class.
    K,
    /// The highest share of one value.
    Alpha,
    /// The fewest different values.
    LDistinct,
    /// The least entropy.
    LEntropy,
    /// The most frequent value against the rare ones.
    RecursiveC,
    /// The highest relative gain of a value.
    Beta,
    /// As beta, with the bound of the value's own share.
    BetaEnhanced,
    /// The highest relative gain, cut at -ln of the least share.
    BetaCapped,
    /// The highest change of a share, as a logarithm.
    Delta,
    /// As delta, infinite where a value is lacking.
    DeltaStrict,
    /// The distance of distributions, by the type of the column.
    T,
    /// The distance, values equally far apart.
    TEqual,
    /// The distance, values apart by rank.
    TOrdered,
    /// The distance, values apart by their difference.
    TByValue,
    /// The distance, values apart by hierarchy.
    THierarchical,
}

impl Measure {
    pub(super) const fn is_distance(self) -> bool {
        matches!(self, Self::T | Self::TEqual | Self::TOrdered | Self::TByValue | Self::THierarchical)
    }

    /// Gives the rule in words.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::K => "k-anonymity: rows of the smallest class",
            Self::Alpha => "alpha: highest share of one value in a class",
            Self::LDistinct => "distinct l-diversity: fewest values in a class",
            Self::LEntropy => "entropy l-diversity: least exp of the entropy in a class",
            Self::RecursiveC => "recursive (c, l)-diversity: most frequent value over the l-th and all after it",
            Self::Beta => "basic beta-likeness: highest (q - p)/p",
            Self::BetaEnhanced => "enhanced beta-likeness: (q - p)/p at most -ln p",
            Self::BetaCapped => "beta-likeness, cut at -ln of the least share",
            Self::Delta => "delta-disclosure: highest |ln(q/p)| of values in a class",
            Self::DeltaStrict => "delta-disclosure: every value in every class",
            Self::T => "t-closeness: distance by the type of the column",
            Self::TEqual => "t-closeness: equal distance",
            Self::TOrdered => "t-closeness: ordered distance",
            Self::TByValue => "t-closeness: distance by value",
            Self::THierarchical => "t-closeness: hierarchical distance",
        }
    }
}

impl Disclosure {
    /// Gives the highest share of one value in a class, α.
    pub const fn alpha(&self) -> f64 {
        self.alpha.value
    }

    /// Gives the fewest different values in a class.
    pub const fn l_distinct(&self) -> u64 {
        self.l_distinct.value
    }

    /// Gives the least exp(H) of a class, H with natural logarithms; a real number.
    pub const fn l_entropy(&self) -> f64 {
        self.l_entropy.value
    }

    /// Gives the bound that c of recursive (c, l)-diversity must exceed at l = [`l_distinct`](Disclosure::l_distinct);
    /// `None` for l = 1, where any c above 1 will do.
    pub fn recursive_c(&self) -> Option<f64> {
        self.recursive_c.map(|found| found.value)
    }

    /// Gives the highest (q - p)/p.
    pub const fn beta(&self) -> f64 {
        self.beta.value
    }

    /// Gives the same for enhanced β-likeness, if it can be kept at all.
    pub const fn beta_enhanced(&self) -> Likeness {
        if self.infeasible.is_some() { Likeness::Infeasible } else { Likeness::Feasible(self.beta.value) }
    }

    /// Gives the highest (q - p)/p, but at most -ln of the least share in the table; for comparison with other programs.
    pub const fn beta_capped(&self) -> f64 {
        self.beta_capped.value
    }

    /// Gives the highest |ln(q/p)| over values that stand in their class.
    pub const fn delta(&self) -> f64 {
        self.delta.value
    }

    /// Gives the same over all values: infinite if a class lacks one.
    pub const fn delta_strict(&self) -> f64 {
        if self.lacking.is_some() { f64::INFINITY } else { self.delta.value }
    }

    /// Gives the highest distance to the distribution of the table: ordered for numbers, equal for categories.
    pub const fn t(&self) -> f64 {
        self.t.value
    }

    /// Gives the highest distance, every two values equally far apart.
    pub const fn t_equal(&self) -> f64 {
        self.t_equal.value
    }

    /// Gives the highest distance over ranks, for numeric columns.
    pub fn t_ordered(&self) -> Option<f64> {
        self.t_ordered.map(|found| found.value)
    }

    /// Gives the highest distance by value, if asked for.
    pub fn t_by_value(&self) -> Option<f64> {
        self.t_by_value.map(|found| found.value)
    }

    /// Gives the highest distance by hierarchy, if asked for.
    pub fn t_hierarchical(&self) -> Option<f64> {
        self.t_hierarchical.map(|found| found.value)
    }

    /// Gives the rows that are not of the most frequent value of their class; one value counts, also of several equal.
    pub const fn n_minority(&self) -> u64 {
        self.n_minority
    }

    pub(super) fn new(
        attribute: usize,
        grouping: Option<&Grouping<'_>>,
        found: &Extremes,
        recursive_c: Option<(f64, Place)>,
    ) -> Self {
        let spot = |place: Place| {
            let first_row = grouping.map_or(0, |grouping| grouping.first_row(place.class));
            Spot { attribute, place, first_row }
        };
        let at = |(value, place): (f64, Place)| Found { value, spot: spot(place) };
        Self {
            alpha: at(found.alpha),
            l_distinct: Found { value: found.distinct.0, spot: spot(found.distinct.1) },
            l_entropy: at(found.entropy),
            recursive_c: recursive_c.map(at),
            beta: at(found.beta),
            infeasible: found.infeasible.map(spot),
            beta_capped: at((found.beta_capped, found.beta.1)),
            delta: at(found.delta),
            lacking: found.lacking.map(spot),
            t: at(found.t_ordered.unwrap_or(found.t_equal)),
            t_equal: at(found.t_equal),
            t_ordered: found.t_ordered.map(at),
            t_by_value: found.t_by_value.map(at),
            t_hierarchical: found.t_hierarchical.map(at),
            n_minority: found.n_minority,
        }
    }

    /// The worst of two attributes; of equal ones that of the lower first row, then the first. `recursive_c` has a l of
    /// its own and is set apart.
    pub(super) fn worst(self, other: &Self) -> Self {
        let higher = |one: Found<f64>, other: Found<f64>| one.or_worse(other, other.value > one.value);
        let either = |one: Option<Found<f64>>, other: Option<Found<f64>>| match (one, other) {
            (Some(one), Some(other)) => Some(higher(one, other)),
            (one, other) => one.or(other),
        };
        let earlier = |one: Option<Spot>, other: Option<Spot>| match (one, other) {
            (Some(one), Some(other)) => Some(if other.first_row < one.first_row { other } else { one }),
            (one, other) => one.or(other),
        };
        Self {
            alpha: higher(self.alpha, other.alpha),
            l_distinct: self.l_distinct.or_worse(other.l_distinct, other.l_distinct.value < self.l_distinct.value),
            l_entropy: {
                let (own, found) = (self.l_entropy.value, other.l_entropy.value);
                let is_equal = (own - found).abs() <= own * ROUNDING;
                let is_earlier = other.l_entropy.spot.first_row < self.l_entropy.spot.first_row;
                if if is_equal { is_earlier } else { found < own } { other.l_entropy } else { self.l_entropy }
            },
            recursive_c: None,
            beta: higher(self.beta, other.beta),
            infeasible: earlier(self.infeasible, other.infeasible),
            beta_capped: higher(self.beta_capped, other.beta_capped),
            delta: higher(self.delta, other.delta),
            lacking: earlier(self.lacking, other.lacking),
            t: higher(self.t, other.t),
            t_equal: higher(self.t_equal, other.t_equal),
            t_ordered: either(self.t_ordered, other.t_ordered),
            t_by_value: either(self.t_by_value, other.t_by_value),
            t_hierarchical: either(self.t_hierarchical, other.t_hierarchical),
            n_minority: self.n_minority.max(other.n_minority),
        }
    }

    /// What sets a measure of sensitive values.
    pub(super) fn spot(&self, measure: Measure) -> Option<Spot> {
        let spot = |found: Found<f64>| found.spot;
        match measure {
            Measure::K => None,
            Measure::Alpha => Some(self.alpha.spot),
            Measure::LDistinct => Some(self.l_distinct.spot),
            Measure::LEntropy => Some(self.l_entropy.spot),
            Measure::RecursiveC => self.recursive_c.map(spot),
            Measure::Beta => Some(self.beta.spot),
            Measure::BetaEnhanced => Some(self.infeasible.unwrap_or(self.beta.spot)),
            Measure::BetaCapped => Some(self.beta_capped.spot),
            Measure::Delta => Some(self.delta.spot),
            Measure::DeltaStrict => Some(self.lacking.unwrap_or(self.delta.spot)),
            Measure::T => Some(self.t.spot),
            Measure::TEqual => Some(self.t_equal.spot),
            Measure::TOrdered => self.t_ordered.map(spot),
            Measure::TByValue => self.t_by_value.map(spot),
            Measure::THierarchical => self.t_hierarchical.map(spot),
        }
    }
}
