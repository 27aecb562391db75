//! A made-up shop.

use serde::Serialize;

use super::generator::Generator;
use crate::time::Date;

/// A made-up shop whose customers mostly buy once and a few of them very often.
///
/// # Examples
/// ```
/// use consentric::synth::Shop;
/// let shop = Shop::new(1_000, 42);
/// let purchases: Vec<_> = shop.transactions().collect();
/// assert!(purchases.len() > 1_000);
/// assert_eq!(purchases, shop.transactions().collect::<Vec<_>>());
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Shop {
    n_customers: u64,
    n_days: u32,
    first_day: Date,
    seed: u64,
}

impl Shop {
    /// Gives a shop with that many customers, open for 540 days from 2024-01-01 on.
    pub fn new(n_customers: u64, seed: u64) -> Self {
        // The day is a constant of the calendar, so the fallback is never taken.
        let first_day = Date::from_days(19_723).unwrap_or(Date::MIN);
        Self { n_customers, n_days: 540, first_day, seed }
    }

    /// Sets the number of days the shop is open, at least 1. Default: 540.
    pub const fn with_days(mut self, n_days: u32) -> Self {
        self.n_days = if n_days == 0 { 1 } else { n_days };
        self
    }

    /// Sets the first day; purchases past the end of the calendar fall on its last day. Default: 2024-01-01.
    pub const fn with_first_day(mut self, first_day: Date) -> Self {
        self.first_day = first_day;
        self
    }

    /// Gives the purchases, customer by customer and by day.
    ///
    /// Half of the customers buy once; of the rest most buy a few times and one in seventeen some twenty times or more.
    /// Who buys for the first time does so in the first sixth of the days.
    ///
    /// # Complexity
    /// `O(purchases)`, memory for one customer.
    pub fn transactions(&self) -> impl Iterator<Item = Purchase> + use<> {
        let shop = *self;
        (1..=shop.n_customers).flat_map(move |number| shop.of_customer(number))
    }

    fn of_customer(self, number: u64) -> impl Iterator<Item = Purchase> {
        let customer = format!("{number:07}");
        let mut generator = Generator::of(self.seed, &customer);
        let n_more = match generator.below(100) {
            0..50 => 0,
            50..85 => 1 + generator.failures(2, 300),
            85..97 => 2 + generator.failures(5, 300),
            _ => 5 + generator.failures(20, 300),
        };
        let n_days = u64::from(self.n_days);
        let first = generator.below((n_days / 6).max(1));
        let mut days = vec![first];
        days.extend((0..n_more).map(|_| first + generator.below(n_days - first)));
        days.sort_unstable();
        days.into_iter().map(move |day| {
            let day = self.first_day.plus_days(i32::try_from(day).unwrap_or(i32::MAX)).unwrap_or(Date::MAX);
            let doublings = generator.failures(2, 6);
            let cents = 500 + (generator.below(2_500) << doublings);
            let amount = format!("{}.{:02}", cents / 100, cents % 100);
            Purchase { customer: customer.clone(), timestamp: day.to_string(), amount }
        })
    }
}

/// A made-up purchase, as text the readers read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Purchase {
    /// The customer's id, seven digits.
    pub customer: String,
    /// The day, `YYYY-MM-DD`.
    pub timestamp: String,
    /// The amount with two decimals.
    pub amount: String,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn half_of_the_customers_buy_once_and_a_few_very_often() {
        let mut n_purchases = BTreeMap::new();
        for purchase in Shop::new(10_000, 7).transactions() {
            *n_purchases.entry(purchase.customer).or_insert(0u32) += 1;
        }
        assert_eq!(n_purchases.len(), 10_000);
        let once = n_purchases.values().filter(|n| **n == 1).count();
        assert!((4_800..5_200).contains(&once), "{once}");
        assert!(n_purchases.values().any(|n| *n > 50));
    }

    #[test]
    fn the_shop_stays_within_its_days_even_at_the_end_of_the_calendar() {
        let last = "2024-01-10".to_owned();
        assert!(Shop::new(500, 1).with_days(10).transactions().all(|purchase| purchase.timestamp <= last));
        assert!(Shop::new(5, 1).with_days(0).transactions().all(|purchase| purchase.timestamp == "2024-01-01"));
        let end = Shop::new(20, 1).with_first_day(Date::MAX);
        assert!(end.transactions().all(|purchase| purchase.timestamp == "9999-12-31"));
    }
}
