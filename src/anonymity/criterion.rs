//! What makes a table anonymous enough.

use super::{AnonymityError, Hierarchy};

/// One rule that every class of a table, or the whole of it, must keep. Several combine by "and".
///
/// A value of this type is right for good: parameters out of range are errors here.
///
/// # Examples
/// ```
/// use consentric::anonymity::{AnonymityError, Criterion};
/// let rules = [Criterion::k_anonymity(5)?, Criterion::l_distinct("salary", 2)?];
/// assert_eq!(rules[1].name(), "distinct l-diversity");
/// assert!(matches!(Criterion::k_anonymity(0), Err(AnonymityError::OutOfRange { .. })));
/// # Ok::<(), AnonymityError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Criterion {
    pub(super) rule: Rule,
}

#[derive(Clone, Debug)]
pub(super) enum Rule {
    KAnonymity { k: u64 },
    DistinctL { column: String, l: u64 },
    EntropyL { column: String, l: f64, estimator: EntropyEstimator },
    RecursiveL { column: String, c: f64, l: u64 },
    TEqual { column: String, t: f64 },
    TOrdered { column: String, t: f64, order: Option<Vec<String>> },
    THierarchical { column: String, t: f64, hierarchy: Hierarchy },
    Beta { column: String, beta: f64, enhanced: bool },
    DeltaDisclosure { column: String, delta: f64 },
    DeltaPresence { low: f64, high: f64 },
    KMap { k: u64 },
    KMapEstimated { k: u64, population: u64, significance: f64, estimator: PopulationEstimator },
    AverageRisk { limit: f64 },
    SampleUniqueness { limit: f64 },
    Profitability { attack: Attack, profit: Profit },
}

/// How entropy l-diversity estimates the entropy of a class. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntropyEstimator {
    /// Of the frequencies as they are.
    Shannon,
    /// Corrected for small classes.
    Grassberger,
}

/// How estimated k-map models the population. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopulationEstimator {
    /// Poisson.
    Poisson,
    /// Poisson, conditioned on at least one.
    ZeroTruncated,
}

/// What an attacker knows in the game of profitability. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// That the target is in the data; attacks are paid for.
    Prosecutor,
    /// The population; attacks are paid for.
    Journalist,
    /// As prosecutor; no attack may pay.
    ProsecutorNoAttack,
    /// As journalist; no attack may pay.
    JournalistNoAttack,
}

/// The stakes of publisher and attacker, a record each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profit {
    pub(super) benefit: f64,
    pub(super) loss: f64,
    pub(super) gain: f64,
    pub(super) cost: f64,
}

impl Profit {
    /// Takes the publisher's benefit and loss and the attacker's gain and cost.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] if one is negative or not finite.
    pub fn new(benefit: f64, loss: f64, gain: f64, cost: f64) -> Result<Self, AnonymityError> {
        for (what, found) in
            [("publisher benefit", benefit), ("publisher loss", loss), ("attacker gain", gain), ("attacker cost", cost)]
        {
            within(what, found, found.is_finite() && found >= 0.0, "0 or more")?;
        }
        Ok(Self { benefit, loss, gain, cost })
    }
}

/// The share of rows that may be suppressed, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Default)]
pub struct SuppressionLimit(f64);

impl SuppressionLimit {
    /// Takes a share.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] outside 0 to 1.
    pub fn new(share: f64) -> Result<Self, AnonymityError> {
        within("suppression limit", share, (0.0..=1.0).contains(&share), "0 to 1")?;
        Ok(Self(share))
    }

    /// Gives the share.
    pub const fn share(self) -> f64 {
        self.0
    }

    /// Gives the rows of `n` that may be suppressed.
    // SPEC: the product in f64, then floor.
    pub fn rows(self, n: u64) -> u64 {
        (self.0 * n as f64).floor() as u64
    }
}

impl Criterion {
    /// Demands at least `k` rows a class.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for 0.
    ///
    /// # References
    /// Samarati, Sweeney: *Protecting Privacy when Disclosing Information*, 1998.
    pub fn k_anonymity(k: u64) -> Result<Self, AnonymityError> {
        within("k", k as f64, k > 0, "1 or more")?;
        Ok(Rule::KAnonymity { k }.into())
    }

    /// Demands at least `l` different values of a sensitive column in every class.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for 0.
    ///
    /// # References
    /// Machanavajjhala et al.: *l-Diversity*, ICDE 2006.
    pub fn l_distinct(column: &str, l: u64) -> Result<Self, AnonymityError> {
        within("l", l as f64, l > 0, "1 or more")?;
        Ok(Rule::DistinctL { column: column.to_owned(), l }.into())
    }

    /// Demands an entropy of a sensitive column of at least that of `l` equally frequent values; `l` may be a fraction.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] below 1.
    ///
    /// # References
    /// Machanavajjhala et al.: *l-Diversity*, ICDE 2006. Grassberger: *Entropy Estimates from Insufficient Samplings*,
    /// 2003.
    pub fn l_entropy(column: &str, l: f64, estimator: EntropyEstimator) -> Result<Self, AnonymityError> {
        within("l", l, l.is_finite() && l >= 1.0, "1 or more")?;
        Ok(Rule::EntropyL { column: column.to_owned(), l, estimator }.into())
    }

    /// Demands that the most frequent value is less than `c` times as frequent as the `l`-th and all after it together.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for `l` of 0 or `c` not above 0.
    ///
    /// # References
    /// Machanavajjhala et al.: *l-Diversity*, ICDE 2006.
    pub fn l_recursive(column: &str, c: f64, l: u64) -> Result<Self, AnonymityError> {
        within("l", l as f64, l > 0, "1 or more")?;
        within("c", c, c.is_finite() && c > 0.0, "above 0")?;
        Ok(Rule::RecursiveL { column: column.to_owned(), c, l }.into())
    }

    /// Demands that the distribution in every class is within `t` of the table's, every two values equally far apart.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] outside 0 to 1.
    ///
    /// # References
    /// Li, Li, Venkatasubramanian: *t-Closeness*, ICDE 2007.
    pub fn t_equal(column: &str, t: f64) -> Result<Self, AnonymityError> {
        Ok(Rule::TEqual { column: column.to_owned(), t: closeness(t)? }.into())
    }

    /// As [`t_equal`](Criterion::t_equal), values apart by their places in order: numbers by size, texts by bytes.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] outside 0 to 1.
    pub fn t_ordered(column: &str, t: f64) -> Result<Self, AnonymityError> {
        Ok(Rule::TOrdered { column: column.to_owned(), t: closeness(t)?, order: None }.into())
    }

    /// As [`t_ordered`](Criterion::t_ordered), in an order of the caller's: every value of the data, once.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] outside 0 to 1; a value that is not in the list is an error when the table is read.
    pub fn t_ordered_by<S: Into<String>>(
        column: &str,
        t: f64,
        order: impl IntoIterator<Item = S>,
    ) -> Result<Self, AnonymityError> {
        let order = Some(order.into_iter().map(Into::into).collect());
        Ok(Rule::TOrdered { column: column.to_owned(), t: closeness(t)?, order }.into())
    }

    /// As [`t_equal`](Criterion::t_equal), values apart by the height at which they meet.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] outside 0 to 1.
    pub fn t_hierarchical(column: &str, t: f64, hierarchy: &Hierarchy) -> Result<Self, AnonymityError> {
        Ok(Rule::THierarchical { column: column.to_owned(), t: closeness(t)?, hierarchy: hierarchy.clone() }.into())
    }

    /// Demands that no value is more than `beta` more frequent in a class, relatively, than in the table.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] unless above 0.
    ///
    /// # References
    /// Cao, Karras: *Publishing Microdata with a Robust Privacy Guarantee*, VLDB 2012.
    pub fn beta_basic(column: &str, beta: f64) -> Result<Self, AnonymityError> {
        within("beta", beta, beta.is_finite() && beta > 0.0, "above 0")?;
        Ok(Rule::Beta { column: column.to_owned(), beta, enhanced: false }.into())
    }

    /// As [`beta_basic`](Criterion::beta_basic), with the bound of the smaller of `beta` and -ln of the table's share.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] unless above 0.
    pub fn beta_enhanced(column: &str, beta: f64) -> Result<Self, AnonymityError> {
        within("beta", beta, beta.is_finite() && beta > 0.0, "above 0")?;
        Ok(Rule::Beta { column: column.to_owned(), beta, enhanced: true }.into())
    }

    /// Demands that the binary logarithm of class share over table share stays under `delta` for every value present.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] unless above 0.
    ///
    /// # References
    /// Brickell, Shmatikov: *The Cost of Privacy*, KDD 2008.
    pub fn delta_disclosure(column: &str, delta: f64) -> Result<Self, AnonymityError> {
        within("delta", delta, delta.is_finite() && delta > 0.0, "above 0")?;
        Ok(Rule::DeltaDisclosure { column: column.to_owned(), delta }.into())
    }

    /// Demands that the share of the research subset in every class of the population is within bounds, closed.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] unless `0 <= low <= high <= 1`.
    ///
    /// # References
    /// Nergiz, Atzori, Clifton: *Hiding the Presence of Individuals from Shared Databases*, SIGMOD 2007.
    pub fn delta_presence(low: f64, high: f64) -> Result<Self, AnonymityError> {
        within("lower bound of delta", low, (0.0..=1.0).contains(&low), "0 to 1")?;
        within("upper bound of delta", high, (low..=1.0).contains(&high), "the lower bound to 1")?;
        Ok(Rule::DeltaPresence { low, high }.into())
    }

    /// Demands at least `k` rows of the population table in every class.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for 0.
    ///
    /// # References
    /// Sweeney: *Computational Disclosure Control*, 2001.
    pub fn k_map(k: u64) -> Result<Self, AnonymityError> {
        within("k", k as f64, k > 0, "1 or more")?;
        Ok(Rule::KMap { k }.into())
    }

    /// Demands k-map over a population that is known by its size alone.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for `k` or `population` of 0, `significance` outside 0 to 1 (both open).
    pub fn k_map_estimated(
        k: u64,
        population: u64,
        significance: f64,
        estimator: PopulationEstimator,
    ) -> Result<Self, AnonymityError> {
        within("k", k as f64, k > 0, "1 or more")?;
        within("population", population as f64, population > 0, "1 or more")?;
        within("significance", significance, significance > 0.0 && significance < 1.0, "between 0 and 1")?;
        Ok(Rule::KMapEstimated { k, population, significance, estimator }.into())
    }

    /// Demands that classes over rows, the average risk, is at most `limit`.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] outside 0 to 1.
    pub fn average_risk(limit: f64) -> Result<Self, AnonymityError> {
        within("average risk", limit, (0.0..=1.0).contains(&limit), "0 to 1")?;
        Ok(Rule::AverageRisk { limit }.into())
    }

    /// Demands that the share of rows alone in their class is at most `limit`.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] outside 0 to 1.
    pub fn sample_uniqueness(limit: f64) -> Result<Self, AnonymityError> {
        within("sample uniqueness", limit, (0.0..=1.0).contains(&limit), "0 to 1")?;
        Ok(Rule::SampleUniqueness { limit }.into())
    }

    /// Population uniqueness needs a model of the population, which nobody can check.
    ///
    /// # Errors
    /// Always [`AnonymityError::Unsupported`].
    pub const fn population_uniqueness(limit: f64) -> Result<Self, AnonymityError> {
        let _ = limit;
        Err(AnonymityError::Unsupported {
            what: "population uniqueness",
            instead: "take sample uniqueness, or k-map with a population table",
        })
    }

    /// Demands that publishing every class pays although attackers act in their own interest.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for a no-attack form with an attacker cost of 0.
    ///
    /// # References
    /// Wan et al.: *A Game Theoretic Framework for Analyzing Re-Identification Risk*, PLOS ONE 2015.
    pub fn profitability(attack: Attack, profit: Profit) -> Result<Self, AnonymityError> {
        let no_attack = matches!(attack, Attack::ProsecutorNoAttack | Attack::JournalistNoAttack);
        within("attacker cost", profit.cost, !no_attack || profit.cost > 0.0, "above 0 where no attack may pay")?;
        Ok(Rule::Profitability { attack, profit }.into())
    }

    /// Gives the name of the criterion.
    pub const fn name(&self) -> &'static str {
        match &self.rule {
            Rule::KAnonymity { .. } => "k-anonymity",
            Rule::DistinctL { .. } => "distinct l-diversity",
            Rule::EntropyL { .. } => "entropy l-diversity",
            Rule::RecursiveL { .. } => "recursive (c, l)-diversity",
            Rule::TEqual { .. } => "t-closeness, equal distance",
            Rule::TOrdered { .. } => "t-closeness, ordered distance",
            Rule::THierarchical { .. } => "t-closeness, hierarchical distance",
            Rule::Beta { enhanced: false, .. } => "basic beta-likeness",
            Rule::Beta { enhanced: true, .. } => "enhanced beta-likeness",
            Rule::DeltaDisclosure { .. } => "delta-disclosure privacy",
            Rule::DeltaPresence { .. } => "delta-presence",
            Rule::KMap { .. } => "k-map",
            Rule::KMapEstimated { .. } => "estimated k-map",
            Rule::AverageRisk { .. } => "average risk",
            Rule::SampleUniqueness { .. } => "sample uniqueness",
            Rule::Profitability { .. } => "profitability",
        }
    }

    /// Gives the sensitive column it looks at, if it looks at one.
    pub fn column(&self) -> Option<&str> {
        match &self.rule {
            Rule::DistinctL { column, .. }
            | Rule::EntropyL { column, .. }
            | Rule::RecursiveL { column, .. }
            | Rule::TEqual { column, .. }
            | Rule::TOrdered { column, .. }
            | Rule::THierarchical { column, .. }
            | Rule::Beta { column, .. }
            | Rule::DeltaDisclosure { column, .. } => Some(column),
            _ => None,
        }
    }
}

impl From<Rule> for Criterion {
    fn from(rule: Rule) -> Self {
        Self { rule }
    }
}

fn closeness(t: f64) -> Result<f64, AnonymityError> {
    within("t", t, (0.0..=1.0).contains(&t), "0 to 1")?;
    Ok(t)
}

pub(super) fn within(what: &'static str, found: f64, holds: bool, allowed: &'static str) -> Result<(), AnonymityError> {
    if holds { Ok(()) } else { Err(AnonymityError::OutOfRange { what, found, allowed }) }
}
