//! Recency, frequency and monetary value: how they are computed.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::raw::RawFeature;
use super::{FeatureError, FrequencyUnit, Measure, Refunds, Rfm, Transform, Unit, ZeroAmount};
use crate::protect::Protected;
use crate::record::{History, NO_ROW, Sign, Transactions};
use crate::time::{Date, Zone};
use crate::warning::Warning;

/// Features of the customers who have a purchase in the window.
pub(super) struct RfmTable {
    /// Places among the protected customers, ascending.
    pub(super) places: Vec<u32>,
    pub(super) features: Vec<RawFeature>,
    pub(super) analysis_date: Date,
    /// Rows of allowed customers by what became of them.
    pub(super) counts: BTreeMap<&'static str, u64>,
    pub(super) warnings: Vec<Warning>,
}

/// The days of the window, both included.
#[derive(Clone, Copy)]
struct Window {
    from: i32,
    to: i32,
}

/// What is known of one customer after one look at the rows.
#[derive(Clone, Copy)]
struct Purchases {
    place: u32,
    first: i32,
    last: i32,
    frequency: u64,
    minor: i128,
    units: i128,
}

impl RfmTable {
    pub(super) fn compute(rfm: &Rfm, protected: &Protected<'_>) -> Result<Self, FeatureError> {
        let history = protected.history.ok_or(FeatureError::NoTransactions)?;
        let transactions = &history.transactions;
        if rfm.unit == FrequencyUnit::Orders && !transactions.has_orders() {
            return Err(FeatureError::OrderIdMissing);
        }
        if rfm.measures.contains(&Measure::Units) && transactions.units.is_none() {
            return Err(FeatureError::UnitsMissing);
        }
        let analysis_date = match rfm.analysis_date {
            Some(date) => date,
            None => Zone::parse(transactions.time_zone())
                .and_then(|zone| zone.day_of(protected.run.at))
                .unwrap_or_else(|_| protected.run.at.date()),
        };
        let window = Window::new(rfm, analysis_date)?;
        let mut counts = BTreeMap::new();
        let rows = RowsByCustomer::group(rfm, protected, history, window, &mut counts)?;
        let mut warnings = Vec::new();
        if counts.get("refund").is_some_and(|n| *n > 0) {
            warnings.push(Warning::RefundsLeftOut);
        }
        if rfm.unit == FrequencyUnit::Orders {
            let orders = shared_orders(transactions, &rows);
            if orders > 0 {
                counts.insert("shared_orders", orders);
                warnings.push(Warning::SharedOrders);
            }
        }
        if history.n_unmatched > 0 {
            counts.insert("unmatched", history.n_unmatched);
            warnings.push(Warning::UnmatchedTransactions);
        }

        if rfm.unit == FrequencyUnit::Rows && rows_an_order(transactions, &rows).is_some_and(|mean| mean >= 2.0) {
            warnings.push(Warning::RowsCountedAsPurchases);
        }
        let (missing_customer, unreadable) = (transactions.n_missing_customer(), transactions.n_unreadable());
        if missing_customer + unreadable > 0 {
            counts.insert("missing_customer", missing_customer);
            counts.insert("unreadable", unreadable);
            warnings.push(Warning::RowsLeftOut { missing_customer, unreadable });
        }

        let n = protected.len();
        let starts: Vec<usize> = (0..n).step_by(CHUNK).collect();
        let chunks: Vec<Vec<Purchases>> = starts
            .into_par_iter()
            .map(|start| {
                let mut days = Vec::new();
                (start..n.min(start + CHUNK))
                    .filter_map(|place| purchases(rfm, transactions, place, rows.of(place), &mut days).transpose())
                    .collect::<Result<Vec<_>, _>>()
            })
            .collect::<Result<_, _>>()?;
        let table: Vec<Purchases> = chunks.into_iter().flatten().collect();
        if table.is_empty() {
            let from = Date::from_days(window.from).unwrap_or(Date::MIN);
            return Err(FeatureError::EmptyWindow { from, to: analysis_date });
        }
        counts.insert("customers_without_purchase", (n - table.len()) as u64);
        let features = rfm.measures.iter().map(|measure| feature(*measure, rfm, transactions, analysis_date, &table));
        Ok(Self {
            features: features.collect(),
            places: table.iter().map(|purchases| purchases.place).collect(),
            analysis_date,
            counts,
            warnings,
        })
    }
}

impl Window {
    fn new(rfm: &Rfm, analysis_date: Date) -> Result<Self, FeatureError> {
        let to = analysis_date.days() - 1;
        let from = match rfm.last_days {
            None => Date::MIN.days(),
            // Earlier than the calendar is the same as its first day.
            Some(days) => {
                i64::from(analysis_date.days()).saturating_sub(i64::from(days)).max(i64::from(Date::MIN.days())) as i32
            }
        };
        if from > to { Err(FeatureError::Window { analysis_date }) } else { Ok(Self { from, to }) }
    }

    const fn holds(self, day: i32) -> bool {
        self.from <= day && day <= self.to
    }
}

/// The rows in use, grouped by customer: a list of rows and where each customer's part of it starts.
struct RowsByCustomer {
    starts: Vec<usize>,
    rows: Vec<u32>,
}

impl RowsByCustomer {
    /// A counting sort by place: two passes over the rows, 4 bytes a row.
    fn group(
        rfm: &Rfm,
        protected: &Protected<'_>,
        history: &History,
        window: Window,
        counts: &mut BTreeMap<&'static str, u64>,
    ) -> Result<Self, FeatureError> {
        let transactions = &history.transactions;
        if u32::try_from(transactions.n_rows()).is_err() {
            return Err(FeatureError::TooManyRows);
        }
        let place_of_code = place_of_code(protected, history);
        let place = |code: u32| place_of_code.get(code as usize).copied().unwrap_or(NO_ROW);
        let [mut n_rows, mut refunds, mut zeros, mut outside] = [0u64; 4];
        let mut starts = vec![0usize; protected.len() + 2];
        for (row, (code, day)) in transactions.codes.iter().zip(&transactions.days).enumerate() {
            let place = place(*code);
            if place == NO_ROW {
                continue;
            }
            n_rows += 1;
            match leaves(rfm, transactions.amounts.at(row).1, *day, window) {
                Some(Rule::Refund) => refunds += 1,
                Some(Rule::ZeroAmount) => zeros += 1,
                Some(Rule::OutsideWindow) => outside += 1,
                None => {
                    // Counted two places on, so that after the sums below each start moves to the next by filling.
                    if let Some(count) = starts.get_mut(place as usize + 2) {
                        *count += 1;
                    }
                }
            }
        }
        for (name, n) in [("rows", n_rows), ("refund", refunds), ("zero_amount", zeros), ("outside_window", outside)] {
            counts.insert(name, n);
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut rows = vec![0u32; sum];
        for (row, (code, day)) in transactions.codes.iter().zip(&transactions.days).enumerate() {
            let place = place(*code);
            if place == NO_ROW || leaves(rfm, transactions.amounts.at(row).1, *day, window).is_some() {
                continue;
            }
            if let Some(next) = starts.get_mut(place as usize + 1) {
                if let Some(slot) = rows.get_mut(*next) {
                    *slot = row as u32;
                }
                *next += 1;
            }
        }
        Ok(Self { starts, rows })
    }

    fn of(&self, place: usize) -> &[u32] {
        let start = self.starts.get(place).copied().unwrap_or(0);
        let end = self.starts.get(place + 1).copied().unwrap_or(start);
        self.rows.get(start..end).unwrap_or_default()
    }
}

/// Why a row is not used.
enum Rule {
    Refund,
    ZeroAmount,
    OutsideWindow,
}

fn leaves(rfm: &Rfm, sign: Sign, day: i32, window: Window) -> Option<Rule> {
    if sign == Sign::Refund && rfm.refunds == Refunds::Exclude {
        Some(Rule::Refund)
    } else if sign == Sign::Zero && rfm.zero_amount == ZeroAmount::Drop {
        Some(Rule::ZeroAmount)
    } else if window.holds(day) {
        None
    } else {
        Some(Rule::OutsideWindow)
    }
}

/// For every customer code of the purchases the place among the allowed customers.
fn place_of_code(protected: &Protected<'_>, history: &History) -> Vec<u32> {
    let mut place_of_row = vec![NO_ROW; protected.n_source_rows];
    for (place, row) in protected.rows.iter().enumerate() {
        if let Some(slot) = place_of_row.get_mut(*row as usize) {
            *slot = place as u32;
        }
    }
    history.row_of_code.iter().map(|row| place_of_row.get(*row as usize).copied().unwrap_or(NO_ROW)).collect()
}

/// Sums one customer's rows; `None` without a purchase.
fn purchases(
    rfm: &Rfm,
    transactions: &Transactions,
    place: usize,
    rows: &[u32],
    keys: &mut Vec<u64>,
) -> Result<Option<Purchases>, FeatureError> {
    keys.clear();
    let (mut first, mut last, mut total, mut units) = (i32::MAX, i32::MIN, 0i128, 0i128);
    let mut n_purchases = 0u64;
    for row in rows {
        let row = *row as usize;
        let (amount, sign) = transactions.amounts.at(row);
        total = total.checked_add(amount).ok_or(FeatureError::AmountTooLarge)?;
        units += i128::from(transactions.units.as_ref().and_then(|units| units.get(row)).copied().unwrap_or(0));
        if sign == Sign::Refund && rfm.refunds == Refunds::Net {
            continue;
        }
        let day = transactions.days.get(row).copied().unwrap_or(0);
        first = first.min(day);
        last = last.max(day);
        n_purchases += 1;
        match rfm.unit {
            FrequencyUnit::Rows => {}
            // Only equality counts, so the bits of a negative day do as well.
            FrequencyUnit::PurchaseDays => keys.push(u64::from(day as u32)),
            FrequencyUnit::Orders => {
                let order = transactions.orders.as_ref().and_then(|orders| orders.codes.get(row)).copied();
                keys.push(u64::from(order.unwrap_or(0)));
            }
        }
    }
    if n_purchases == 0 {
        return Ok(None);
    }
    let frequency = if rfm.unit == FrequencyUnit::Rows {
        n_purchases
    } else {
        keys.sort_unstable();
        keys.dedup();
        keys.len() as u64
    };
    let minor = round_to_minor(total, transactions.amounts.scale(), transactions.currency().digits());
    Ok(Some(Purchases { place: place as u32, first, last, frequency, minor, units }))
}

/// Rounds an exact sum to minor units, half away from zero.
fn round_to_minor(total: i128, scale: u32, digits: u32) -> i128 {
    let divisor = 10i128.pow(scale.saturating_sub(digits));
    let (whole, rest) = (total / divisor, total % divisor);
    if rest.abs() * 2 >= divisor && divisor > 1 { whole + total.signum() } else { whole }
}

fn feature(
    measure: Measure,
    rfm: &Rfm,
    transactions: &Transactions,
    analysis_date: Date,
    table: &[Purchases],
) -> RawFeature {
    let currency = transactions.currency();
    let per_major = 10f64.powi(currency.digits() as i32);
    let frequency_unit = match rfm.unit {
        FrequencyUnit::Orders => Unit::Orders,
        FrequencyUnit::PurchaseDays => Unit::PurchaseDays,
        FrequencyUnit::Rows => Unit::Rows,
    };
    let unit = match measure {
        Measure::RecencyDays | Measure::TenureDays => Unit::Days,
        Measure::Frequency => frequency_unit,
        Measure::MonetaryTotal | Measure::MonetaryMean => Unit::Money(currency),
        Measure::Units => Unit::Pieces,
    };
    let value = |purchases: &Purchases| match measure {
        Measure::RecencyDays => f64::from(analysis_date.days() - purchases.last),
        Measure::TenureDays => f64::from(analysis_date.days() - purchases.first),
        Measure::Frequency => purchases.frequency as f64,
        Measure::MonetaryTotal => purchases.minor as f64 / per_major,
        Measure::MonetaryMean => purchases.minor as f64 / per_major / purchases.frequency as f64,
        Measure::Units => purchases.units as f64,
    };
    let values = table.iter().map(value).collect();
    RawFeature { name: measure.name().to_owned(), unit, transform: Transform::Log1p, values }
}

/// Mean number of the rows in use that share an order id, if there are such ids.
fn rows_an_order(transactions: &Transactions, rows: &RowsByCustomer) -> Option<f64> {
    let orders = transactions.orders.as_ref()?;
    let mut used: Vec<u32> = rows.rows.iter().filter_map(|row| orders.codes.get(*row as usize)).copied().collect();
    let n_rows = used.len();
    used.par_sort_unstable();
    used.dedup();
    (n_rows > 0).then(|| n_rows as f64 / used.len() as f64)
}

/// Order ids that more than one customer uses.
fn shared_orders(transactions: &Transactions, rows: &RowsByCustomer) -> u64 {
    let Some(orders) = &transactions.orders else { return 0 };
    let n_orders = orders.codes.iter().max().map_or(0, |last| *last as usize + 1);
    let mut owner = vec![NO_ROW; n_orders];
    let mut shared = vec![false; n_orders];
    for row in &rows.rows {
        let row = *row as usize;
        let (Some(order), Some(code)) = (orders.codes.get(row), transactions.codes.get(row)) else { continue };
        let order = *order as usize;
        if let (Some(owner), Some(shared)) = (owner.get_mut(order), shared.get_mut(order)) {
            if *owner == NO_ROW {
                *owner = *code;
            } else if *owner != *code {
                *shared = true;
            }
        }
    }
    shared.iter().filter(|shared| **shared).count() as u64
}

/// Customers one task looks at.
const CHUNK: usize = 8_192;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_rounded_once_and_half_away_from_zero() {
        assert_eq!(round_to_minor(1_005_000, 6, 2), 101);
        assert_eq!(round_to_minor(-1_005_000, 6, 2), -101);
        assert_eq!(round_to_minor(1_004_999, 6, 2), 100);
        assert_eq!(round_to_minor(499_999, 6, 0), 0);
        assert_eq!(round_to_minor(500_000, 6, 0), 1);
    }
}
