//! Purchases in columns.

use std::fmt;

use super::{Currency, Texts};

/// Purchases of customers, one row each, in columns of 4 to 16 bytes a row.
///
/// Held are the customer (as a code), the civil day, the exact amount and, where the source has them, order and units.
/// The time of day is not kept: no feature needs it.
///
/// # Privacy
/// Neither printable nor serialisable; the way out is the consent door of [`Customers`](super::Customers).
pub struct Transactions {
    pub(crate) ids: Texts,
    pub(crate) codes: Vec<u32>,
    pub(crate) days: Vec<i32>,
    pub(crate) amounts: Amounts,
    pub(crate) orders: Option<Orders>,
    pub(crate) units: Option<Vec<i64>>,
    pub(crate) currency: Currency,
    pub(crate) time_zone: String,
    pub(crate) n_missing_customer: u64,
    pub(crate) n_unreadable: u64,
}

/// Order ids as codes; equal codes are equal order ids.
pub(crate) struct Orders {
    pub(crate) codes: Vec<u32>,
}

/// Exact amounts, one a row.
pub(crate) enum Amounts {
    /// In millionths of a major unit.
    Millionths(Vec<i64>),
    /// Products of a quantity and a price, in units of 10^-12 of a major unit, with what the factors say.
    Products(Vec<i128>, Vec<Sign>),
}

/// What an amount, or the quantity and price it comes from, says about the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Sign {
    /// Amount, quantity or price below 0.
    Refund,
    /// None below 0, one of them 0.
    Zero,
    /// All above 0.
    Purchase,
}

impl Amounts {
    /// Decimal places of the integers.
    pub(crate) const fn scale(&self) -> u32 {
        match self {
            Self::Millionths(_) => 6,
            Self::Products(..) => 12,
        }
    }

    pub(crate) fn at(&self, row: usize) -> (i128, Sign) {
        match self {
            Self::Millionths(amounts) => {
                let amount = amounts.get(row).copied().unwrap_or(0);
                let sign = match amount {
                    ..0 => Sign::Refund,
                    0 => Sign::Zero,
                    _ => Sign::Purchase,
                };
                (i128::from(amount), sign)
            }
            Self::Products(products, signs) => {
                (products.get(row).copied().unwrap_or(0), signs.get(row).copied().unwrap_or(Sign::Zero))
            }
        }
    }
}

impl Transactions {
    /// Gives the number of rows held.
    pub fn n_rows(&self) -> usize {
        self.codes.len()
    }

    /// Gives the number of customers who have a row.
    pub fn n_customers(&self) -> usize {
        self.ids.len()
    }

    /// Gives the currency of all amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Gives the IANA name of the zone in which the purchase days were taken.
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// Says whether the source had order ids.
    pub const fn has_orders(&self) -> bool {
        self.orders.is_some()
    }

    /// Gives the number of rows dropped for want of a customer.
    pub const fn n_missing_customer(&self) -> u64 {
        self.n_missing_customer
    }

    /// Gives the number of rows dropped as unreadable, 0 unless the reader was told to skip them.
    pub const fn n_unreadable(&self) -> u64 {
        self.n_unreadable
    }

    /// Gives the bytes held for the data: customers' ids and all columns.
    pub fn allocated_bytes(&self) -> usize {
        let amounts = match &self.amounts {
            Amounts::Millionths(amounts) => amounts.capacity() * 8,
            Amounts::Products(products, signs) => products.capacity() * 16 + signs.capacity(),
        };
        let orders = self.orders.as_ref().map_or(0, |orders| orders.codes.capacity() * 4);
        let units = self.units.as_ref().map_or(0, |units| units.capacity() * 8);
        self.ids.allocated_bytes() + (self.codes.capacity() + self.days.capacity()) * 4 + amounts + orders + units
    }

    /// Gives the first and the last purchase day, `None` without a row.
    pub fn day_range(&self) -> Option<(crate::time::Date, crate::time::Date)> {
        let first = self.days.iter().min()?;
        let last = self.days.iter().max()?;
        // Every day was a valid date when it was read.
        Some((crate::time::Date::from_days(*first).ok()?, crate::time::Date::from_days(*last).ok()?))
    }
}

impl fmt::Debug for Transactions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transactions({} rows of {} customers)", self.n_rows(), self.n_customers())
    }
}
