//! Customers: the first stage.

use std::cmp::Ordering;
use std::fmt;

use rayon::prelude::*;

use super::{Column, Field, RecordError, Texts, Transactions};

/// Customers as they come in: names, traits and purchases, before anybody asked whether they may be used.
///
/// The only way on is [`consent`](Customers::consent).
///
/// # Privacy
/// Neither printable nor serialisable, and no method hands out a value.
pub struct Customers {
    pub(crate) ids: Texts,
    /// How the ids compare.
    pub(crate) id_order: IdOrder,
    /// Rows by ascending id.
    pub(crate) order: Vec<u32>,
    pub(crate) columns: Vec<(Field, Column)>,
    pub(crate) history: Option<History>,
}

/// Purchases and whose they are.
pub(crate) struct History {
    pub(crate) transactions: Transactions,
    /// For every customer code of the transactions the row of the customer table; [`NO_ROW`] for none.
    pub(crate) row_of_code: Vec<u32>,
    pub(crate) n_unmatched: u64,
}

/// Marks purchases of somebody who is not in the customer table.
pub(crate) const NO_ROW: u32 = u32::MAX;

impl Customers {
    /// Takes the customers who appear in the purchases, with no other column than these.
    ///
    /// # Errors
    /// [`RecordError::TooLarge`] above 2^32 - 2 customers.
    ///
    /// # Complexity
    /// `O(n log n)` for `n` customers, in parallel.
    pub fn from_transactions(transactions: Transactions) -> Result<Self, RecordError> {
        let ids = transactions.ids.clone();
        let (id_order, order) = ascending(&ids)?;
        let row_of_code = (0..order.len() as u32).collect();
        let history = Some(History { transactions, row_of_code, n_unmatched: 0 });
        Ok(Self { ids, id_order, order, columns: Vec::new(), history })
    }

    /// Adds purchases to a customer table; purchases of others are left out and counted.
    ///
    /// # Errors
    /// [`RecordError::Schema`] if purchases were added before.
    ///
    /// # Complexity
    /// `O(m log n)` for `m` customers with purchases among `n` customers, in parallel.
    pub fn with_transactions(mut self, transactions: Transactions) -> Result<Self, RecordError> {
        if self.history.is_some() {
            return Err(RecordError::Schema { problem: "purchases were added before; read them in one go".to_owned() });
        }
        let row_of_code: Vec<u32> = (0..transactions.ids.len())
            .into_par_iter()
            .map(|code| self.row_of(transactions.ids.at(code)).unwrap_or(NO_ROW))
            .collect();
        let unmatched = |code: &&u32| row_of_code.get(**code as usize).is_none_or(|row| *row == NO_ROW);
        let n_unmatched = transactions.codes.iter().filter(unmatched).count() as u64;
        self.history = Some(History { transactions, row_of_code, n_unmatched });
        Ok(self)
    }

    /// Gives the number of customers.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Says whether there is no customer.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Gives the declared columns, the customer's id apart.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &Field> {
        self.columns.iter().map(|(field, _)| field)
    }

    /// Says whether a customer of that id is held.
    pub fn contains(&self, customer: &str) -> bool {
        self.row_of(customer).is_some()
    }

    /// Gives the number of customers whose cell in a declared column is missing, `None` for a column not held.
    ///
    /// # Complexity
    /// `O(n / 64)` for `n` customers.
    pub fn n_missing(&self, column: &str) -> Option<u64> {
        let (_, column) = self.columns.iter().find(|(field, _)| field.name() == column)?;
        Some(column.missing.count())
    }

    /// Gives the bytes held for the data: ids, their order, cells, labels, marks of missing cells, and purchases.
    ///
    /// Left out are the few words of the structs themselves and what the allocator adds to each allocation.
    pub fn allocated_bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(|(_, column)| column.allocated_bytes()).sum();
        let history = self
            .history
            .as_ref()
            .map_or(0, |history| history.transactions.allocated_bytes() + history.row_of_code.capacity() * 4);
        self.ids.allocated_bytes() + self.order.capacity() * 4 + columns + history
    }

    /// Gives the purchases, if there are any.
    pub fn transactions(&self) -> Option<&Transactions> {
        self.history.as_ref().map(|history| &history.transactions)
    }

    fn row_of(&self, id: &str) -> Option<u32> {
        let found = self.order.binary_search_by(|row| self.id_order.compare(self.ids.at(*row as usize), id));
        found.ok().and_then(|place| self.order.get(place).copied())
    }
}

impl fmt::Debug for Customers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Customers({} customers, {} columns)", self.len(), self.columns.len())
    }
}

/// How ids compare: by value if all are decimal numbers, else all by bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdOrder {
    ByValue,
    ByBytes,
}

impl IdOrder {
    pub(crate) fn of<'a>(mut ids: impl Iterator<Item = &'a str>) -> Self {
        let decimal = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if ids.all(decimal) { Self::ByValue } else { Self::ByBytes }
    }

    /// The number of bytes with which all ids begin; they say nothing about the order.
    fn n_common(self, ids: &Texts) -> usize {
        let first = ids.at(0).as_bytes();
        match self {
            Self::ByValue => 0,
            Self::ByBytes => ids.iter().fold(first.len(), |n, id| {
                let shared = first.iter().zip(id.as_bytes()).take(n);
                shared.take_while(|(a, b)| a == b).count()
            }),
        }
    }

    /// A number that is smaller only if the id comes first; equal numbers say nothing.
    fn key(self, id: &str, n_common: usize) -> u64 {
        match self {
            // Behind 2^64 all are alike.
            Self::ByValue => id.parse().unwrap_or(u64::MAX),
            Self::ByBytes => {
                // A zero stands for the end of a short id: nothing is smaller.
                let bytes = id.bytes().skip(n_common).chain(std::iter::repeat(0)).take(8);
                bytes.fold(0, |key, byte| key << 8 | u64::from(byte))
            }
        }
    }

    /// Leading zeros do not count for the value; ids of one value go by bytes, so that only equal texts are equal.
    pub(crate) fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Self::ByBytes => a.cmp(b),
            Self::ByValue => {
                let (value_a, value_b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
                value_a.len().cmp(&value_b.len()).then_with(|| value_a.cmp(value_b)).then_with(|| a.cmp(b))
            }
        }
    }
}

/// The rows of a column of ids by ascending id.
pub(crate) fn ascending(ids: &Texts) -> Result<(IdOrder, Vec<u32>), RecordError> {
    let n = u32::try_from(ids.len())
        .ok()
        .filter(|n| *n < NO_ROW)
        .ok_or(RecordError::TooLarge { what: "customers", limit: u64::from(NO_ROW - 1) })?;
    let id_order = IdOrder::of(ids.iter());
    let n_common = id_order.n_common(ids);
    // PERF: most comparisons end at eight bytes that lie beside the row number: 22 % of the instructions off
    // record/load_customers/consentric/100k_x8 (callgrind, without making the data).
    let keyed = |row: u32| (id_order.key(ids.at(row as usize), n_common), row);
    let mut rows: Vec<(u64, u32)> = (0..n).into_par_iter().map(keyed).collect();
    // Equal ids keep the order of their rows, so that a duplicate is found behind its first appearance.
    rows.par_sort_unstable_by(|(key_a, a), (key_b, b)| {
        let by_id = || id_order.compare(ids.at(*a as usize), ids.at(*b as usize));
        key_a.cmp(key_b).then_with(by_id).then_with(|| a.cmp(b))
    });
    Ok((id_order, rows.into_iter().map(|(_, row)| row).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(ids: &[&str]) -> Vec<String> {
        let mut texts = Texts::default();
        for id in ids {
            texts.push(id).unwrap();
        }
        let (_, order) = ascending(&texts).unwrap();
        order.iter().map(|row| texts.at(*row as usize).to_owned()).collect()
    }

    #[test]
    fn short_long_and_huge_ids_sort_as_their_comparison_says() {
        let huge = ["18446744073709551616", "18446744073709551615", "18446744073709551617", "7", "007", "0"];
        assert_eq!(sorted(&huge)[..3], ["0", "007", "7"]);
        assert_eq!(sorted(&huge)[3..], [huge[1], huge[0], huge[2]]);
        let texts =
            ["customer-12", "customer-1", "customer-1\0", "customer-123456789b", "customer-123456789a", "customer"];
        let mut expected = texts;
        expected.sort_unstable();
        assert_eq!(sorted(&texts), expected);
        assert_eq!(sorted(&["", "a", "\0", "ab"]), ["", "\0", "a", "ab"]);
    }

    #[test]
    fn ids_sort_by_value_only_if_all_are_numbers() {
        assert_eq!(sorted(&["10", "9", "010", "00009"]), ["00009", "9", "010", "10"]);
        assert_eq!(sorted(&["10", "9", "a"]), ["10", "9", "a"]);
    }
}
