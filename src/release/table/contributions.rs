//! What single customers contribute to a cell.

use std::collections::BTreeMap;
use std::fmt;

use super::TableError;

/// Declared range of what one customer contributes, in the smallest unit of the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContributionRange {
    lower: i128,
    upper: i128,
}

impl ContributionRange {
    /// Declares a range; contributions outside it count as its ends.
    ///
    /// # Errors
    /// [`TableError::Range`] if `lower > upper`, [`TableError::Overflow`] beyond 2^96.
    pub const fn new(lower: i128, upper: i128) -> Result<Self, TableError> {
        if lower > upper {
            return Err(TableError::Range);
        }
        if lower < -LARGEST || upper > LARGEST {
            return Err(TableError::Overflow);
        }
        Ok(Self { lower, upper })
    }

    /// Gives the lower end.
    pub const fn lower(self) -> i128 {
        self.lower
    }

    /// Gives the upper end.
    pub const fn upper(self) -> i128 {
        self.upper
    }
}

/// Who stands behind a cell: how many, and the largest contributions.
///
/// # Privacy
/// Personal data: the largest contributions are those of single customers. `Debug` shows none of it, and the type
/// does not serialise.
#[derive(Clone, PartialEq, Eq)]
pub struct Contributions {
    pub(super) n_customers: u64,
    pub(super) n_households: Option<u64>,
    /// Exact sum, signs kept.
    pub(super) total: i128,
    /// Exact sum of absolute values.
    pub(super) absolute: i128,
    /// Largest absolute contributions, descending, at most [`TOP`].
    top: Vec<i128>,
}

impl Contributions {
    /// Counts customers: each contributes one.
    pub fn count(n_customers: u64) -> Self {
        let top = vec![1; usize::try_from(n_customers).unwrap_or(TOP).min(TOP)];
        let total = i128::from(n_customers);
        Self { n_customers, n_households: None, total, absolute: total, top }
    }

    /// Adds amounts per customer first, then clamps what each contributes to `range`.
    ///
    /// Customers are any numbers that tell them apart; the numbers are not kept.
    ///
    /// # Errors
    /// [`TableError::Overflow`] if the sums leave 2^120.
    ///
    /// # Complexity
    /// `O(amounts · log customers)`.
    pub fn of(
        amounts: impl IntoIterator<Item = (u64, i128)>,
        range: Option<ContributionRange>,
    ) -> Result<Self, TableError> {
        let mut by_customer: BTreeMap<u64, i128> = BTreeMap::new();
        for (customer, amount) in amounts {
            let own = by_customer.entry(customer).or_insert(0);
            *own = own.checked_add(amount).ok_or(TableError::Overflow)?;
        }
        Self::per_customer(by_customer.into_values(), range)
    }

    /// Takes one amount for each customer, clamped to `range`.
    ///
    /// # Errors
    /// As [`Contributions::of`].
    pub fn per_customer(
        amounts: impl IntoIterator<Item = i128>,
        range: Option<ContributionRange>,
    ) -> Result<Self, TableError> {
        let mut all = Self { n_customers: 0, n_households: None, total: 0, absolute: 0, top: Vec::new() };
        for amount in amounts {
            let amount = range.map_or(amount, |range| amount.clamp(range.lower, range.upper));
            let size = amount.checked_abs().ok_or(TableError::Overflow)?;
            all.n_customers += 1;
            all.total = checked(all.total.checked_add(amount))?;
            all.absolute = checked(all.absolute.checked_add(size))?;
            all.top.push(size);
            if all.top.len() >= 64 * TOP {
                shorten(&mut all.top);
            }
        }
        shorten(&mut all.top);
        Ok(all)
    }

    /// Adds the number of distinct households; they are held to the threshold like customers.
    #[must_use]
    pub fn with_households(mut self, n_households: u64) -> Self {
        self.n_households = Some(n_households);
        self
    }

    /// Gives the number of distinct customers.
    pub const fn n_customers(&self) -> u64 {
        self.n_customers
    }

    /// Gives the sum of the `n` largest absolute contributions, `n` at most ten.
    pub(super) fn largest(&self, n: usize) -> i128 {
        self.top.iter().take(n).sum()
    }

    /// Gives the contributions of all customers of `parts` together.
    ///
    /// With `disjoint` parts no customer is in two. Otherwise the union is taken as badly as it can be: only as many
    /// customers as the largest part has, and the largest contributions of all parts those of the same customers.
    /// Households may span parts in either case, so only those of the largest part are sure.
    pub(super) fn union<'a>(parts: impl IntoIterator<Item = &'a Self>, disjoint: bool) -> Self {
        let mut all = Self { n_customers: 0, n_households: None, total: 0, absolute: 0, top: Vec::new() };
        for part in parts {
            all.total = all.total.saturating_add(part.total);
            all.absolute = all.absolute.saturating_add(part.absolute);
            all.n_households = all.n_households.max(part.n_households);
            if disjoint {
                all.n_customers = all.n_customers.saturating_add(part.n_customers);
                all.top.extend(&part.top);
                shorten(&mut all.top);
            } else {
                all.n_customers = all.n_customers.max(part.n_customers);
                all.top.resize(all.top.len().max(part.top.len()), 0);
                for (sum, own) in all.top.iter_mut().zip(&part.top) {
                    *sum = sum.saturating_add(*own);
                }
            }
        }
        all
    }
}

impl fmt::Debug for Contributions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Contributions { .. }")
    }
}

fn checked(sum: Option<i128>) -> Result<i128, TableError> {
    sum.filter(|sum| sum.abs() <= MOST).ok_or(TableError::Overflow)
}

fn shorten(top: &mut Vec<i128>) {
    top.sort_unstable_by(|a, b| b.cmp(a));
    top.truncate(TOP);
}

/// How many of the largest contributions are kept.
pub(super) const TOP: usize = 10;
/// Largest end of a range.
const LARGEST: i128 = 1 << 96;
/// Largest sum: products with percentages stay within 128 bits.
const MOST: i128 = 1 << 110;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_added_per_customer_and_clamped_afterwards() {
        let range = ContributionRange::new(0, 100).unwrap();
        let cell = Contributions::of([(1, 70), (2, 10), (1, 70), (3, -5)], Some(range)).unwrap();
        assert_eq!((cell.n_customers, cell.total, cell.largest(1)), (3, 110, 100));
    }

    #[test]
    fn the_largest_of_a_disjoint_union_are_exact() {
        let a = Contributions::per_customer(1..=30, None).unwrap();
        let b = Contributions::per_customer(25..=40, None).unwrap();
        let both = Contributions::per_customer((1..=30).chain(25..=40), None).unwrap();
        assert_eq!(Contributions::union([&a, &b], true), both);
    }

    #[test]
    fn an_overlapping_union_is_never_better_than_the_truth() {
        let a = Contributions::of([(1, 10), (2, 5)], None).unwrap();
        let b = Contributions::of([(2, 9), (3, 1)], None).unwrap();
        let truth = Contributions::of([(1, 10), (2, 14), (3, 1)], None).unwrap();
        let union = Contributions::union([&a, &b], false);
        assert!(union.n_customers <= truth.n_customers && union.largest(1) >= truth.largest(1));
        assert_eq!(union.total, truth.total);
    }
}
