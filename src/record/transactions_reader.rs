//! Purchases from files and structs.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Serialize;

use super::dictionary::Dictionary;
use super::rows::RowsText;
use super::source::{Lines, Place, Source};
use super::transactions::{Amounts, Orders, Sign};
use super::{CellProblem, Currency, RecordError, TransactionRole, Transactions, number};
use crate::time::Zone;

/// Reads purchases, one row each, from the columns that have a role.
///
/// A column is looked for under the name of its role unless [`with_column`](TransactionsReader::with_column) gives
/// another. Optional columns are read if they are there. The amount is column `amount`; without it, or if one of the
/// other two is named by the caller and `amount` is not, it is `quantity` times `unit_price`, exactly. Cells lose the
/// white space around them; blank lines are passed over.
///
/// # Privacy
/// Columns without a role are not read: what is not taken in needs no protection. Errors name file, line and column,
/// never a cell. The header is quoted only if the first line looks like one throughout (no e-mail address, number,
/// date or long text).
///
/// # Examples
/// ```
/// use consentric::record::{TransactionRole, TransactionsReader};
/// let purchases = TransactionsReader::new()
///     .with_column(TransactionRole::Customer, "master_id")
///     .with_column(TransactionRole::Timestamp, "date")
///     .read_csv("cdnow.csv", "master_id,date,cds,amount\n00004,19970101,2,29.33\n".as_bytes())?;
/// assert_eq!((purchases.n_rows(), purchases.n_customers()), (1, 1));
/// # Ok::<(), consentric::record::RecordError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TransactionsReader {
    /// In the order of [`TransactionRole::ALL`]; `None` is the name of the role.
    names: [Option<String>; 8],
    currency: Currency,
    zone: Zone,
    skips_unreadable: bool,
    max_row_bytes: u64,
}

/// The default of both readers: far above any honest row, far below what would hurt.
pub(super) const MAX_ROW_BYTES: u64 = 16 << 20;

impl TransactionsReader {
    /// Starts a reader with the defaults named at its options.
    pub fn new() -> Self {
        Self {
            names: Default::default(),
            currency: Currency::NONE,
            zone: Zone::utc(),
            skips_unreadable: false,
            max_row_bytes: MAX_ROW_BYTES,
        }
    }

    /// Reads a role from the column of that name, which must then be there; default: the name of the role.
    pub fn with_column(mut self, role: TransactionRole, name: impl Into<String>) -> Self {
        if let Some(slot) = self.names.get_mut(role as usize) {
            *slot = Some(name.into());
        }
        self
    }

    /// Takes amounts as this currency where the source has no currency column; default [`Currency::NONE`].
    ///
    /// The spend of a customer is rounded to the currency's decimals once, after all is summed.
    pub const fn with_currency(mut self, currency: Currency) -> Self {
        self.currency = currency;
        self
    }

    /// Takes purchase days in this zone; default UTC.
    pub fn with_zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    /// Drops and counts rows with an unreadable cell or a wrong number of cells; default: the first one is an error.
    pub const fn skipping_unreadable(mut self) -> Self {
        self.skips_unreadable = true;
        self
    }

    /// Refuses rows of more bytes; default 16 MiB.
    pub const fn with_max_row_bytes(mut self, n: u64) -> Self {
        self.max_row_bytes = n;
        self
    }

    /// Reads CSV with a header line, in UTF-8; `source_name` stands for it in errors.
    ///
    /// # Privacy
    /// Kept of a row are customer, day, amount, order and units, nothing else.
    ///
    /// # Errors
    /// [`RecordError`] with line and column: for a column that is wanted and absent or there twice; for rows too
    /// long, too short or cut off; for a cell that is not what its role says; for a second currency; and for no row.
    ///
    /// # Complexity
    /// `O(bytes)`; memory that of the columns, and of the customer and order ids once more at most.
    pub fn read_csv(&self, source_name: &str, mut reader: impl Read) -> Result<Transactions, RecordError> {
        self.read(Source::open(source_name, Lines::OfFile, &mut reader, self.max_row_bytes)?)
    }

    /// Reads a CSV file.
    ///
    /// # Errors
    /// [`RecordError::Io`] if the file cannot be opened; else those of [`read_csv`](TransactionsReader::read_csv).
    pub fn read_csv_file(&self, path: &Path) -> Result<Transactions, RecordError> {
        let source_name = path.display().to_string();
        match File::open(path) {
            Ok(file) => self.read_csv(&source_name, file),
            Err(error) => Err(RecordError::Io { source_name, error }),
        }
    }

    /// Reads the caller's own structs: fields are columns by their serde names, `None` is an empty cell.
    ///
    /// In errors the source is called `rows`, and struct `i` (from 0) is line `i + 2`: line 1 are the field names.
    ///
    /// # Errors
    /// [`RecordError::NotFlat`] for a row without field names or with nested or flattened values; else those of
    /// [`read_csv`](TransactionsReader::read_csv).
    pub fn read_rows(&self, rows: impl IntoIterator<Item = impl Serialize>) -> Result<Transactions, RecordError> {
        let mut reader = RowsText::new(rows.into_iter());
        self.read(Source::open("rows", Lines::OfRows, &mut reader, self.max_row_bytes)?)
    }

    fn read(&self, mut source: Source<'_>) -> Result<Transactions, RecordError> {
        let mut loading = Loading::new(self.places(&source)?);
        loop {
            let row = source.next_row().and_then(|more| {
                if more {
                    loading.take(&source, &self.zone)?;
                }
                Ok(more)
            });
            match row {
                Ok(true) => {}
                Ok(false) => return Ok(loading.finish(self.currency, &self.zone)),
                Err(error) if self.skips_unreadable && error.is_unreadable() => loading.n_unreadable += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn places(&self, source: &Source<'_>) -> Result<Places, RecordError> {
        let required = |role: TransactionRole| match source.find(self.name(role))? {
            Some(place) => Ok(place),
            None => Err(source.missing_column(self.name(role), &format!("role `{role}`"))),
        };
        let optional = |role: TransactionRole| match self.is_named(role) {
            true => required(role).map(Some),
            false => source.find(self.name(role)),
        };
        Ok(Places {
            customer: required(TransactionRole::Customer)?,
            timestamp: required(TransactionRole::Timestamp)?,
            money: self.money(source, &required, &optional)?,
            order: optional(TransactionRole::Order)?,
            units: optional(TransactionRole::Units)?,
            currency: optional(TransactionRole::Currency)?,
        })
    }

    fn money(
        &self,
        source: &Source<'_>,
        required: &dyn Fn(TransactionRole) -> Result<Place, RecordError>,
        optional: &dyn Fn(TransactionRole) -> Result<Option<Place>, RecordError>,
    ) -> Result<Money, RecordError> {
        let names_product = self.is_named(TransactionRole::Quantity) || self.is_named(TransactionRole::UnitPrice);
        if names_product && self.is_named(TransactionRole::Amount) {
            let problem = "name a column for `amount`, or for `quantity` and `unit_price`, not for both".to_owned();
            return Err(RecordError::Schema { problem });
        }
        if names_product {
            return Ok(Money::Product(required(TransactionRole::Quantity)?, required(TransactionRole::UnitPrice)?));
        }
        if let Some(amount) = optional(TransactionRole::Amount)? {
            return Ok(Money::Amount(amount));
        }
        match (optional(TransactionRole::Quantity)?, optional(TransactionRole::UnitPrice)?) {
            (Some(quantity), Some(price)) => Ok(Money::Product(quantity, price)),
            _ => {
                let wanted = "role `amount` (or `quantity` and `unit_price`)";
                Err(source.missing_column(self.name(TransactionRole::Amount), wanted))
            }
        }
    }

    fn name(&self, role: TransactionRole) -> &str {
        self.names.get(role as usize).and_then(Option::as_deref).unwrap_or(role.name())
    }

    fn is_named(&self, role: TransactionRole) -> bool {
        self.names.get(role as usize).is_some_and(Option::is_some)
    }
}

impl Default for TransactionsReader {
    fn default() -> Self {
        Self::new()
    }
}

/// Where in a row each role is.
struct Places {
    customer: Place,
    timestamp: Place,
    money: Money,
    order: Option<Place>,
    units: Option<Place>,
    currency: Option<Place>,
}

enum Money {
    Amount(Place),
    Product(Place, Place),
}

/// Purchases while they are being read.
struct Loading {
    places: Places,
    customers: Dictionary,
    codes: Vec<u32>,
    days: Vec<i32>,
    amounts: Amounts,
    order_ids: Dictionary,
    orders: Vec<u32>,
    units: Vec<i64>,
    currency: Option<Currency>,
    n_missing_customer: u64,
    n_unreadable: u64,
}

impl Loading {
    fn new(places: Places) -> Self {
        let amounts = match places.money {
            Money::Amount(_) => Amounts::Millionths(Vec::new()),
            Money::Product(..) => Amounts::Products(Vec::new(), Vec::new()),
        };
        Self {
            places,
            customers: Dictionary::new(),
            codes: Vec::new(),
            days: Vec::new(),
            amounts,
            order_ids: Dictionary::new(),
            orders: Vec::new(),
            units: Vec::new(),
            currency: None,
            n_missing_customer: 0,
            n_unreadable: 0,
        }
    }

    /// Takes one row in: all of it or, on an error, nothing.
    fn take(&mut self, source: &Source<'_>, zone: &Zone) -> Result<(), RecordError> {
        let places = &self.places;
        let customer = source.text(&places.customer)?;
        if customer.is_empty() {
            self.n_missing_customer += 1;
            return Ok(());
        }
        let day = read(source, &places.timestamp, |text| zone.day_of_text(text).map_err(CellProblem::Time))?;
        let money = match &places.money {
            Money::Amount(amount) => (read(source, amount, number::millionths)?, None),
            Money::Product(quantity, price) => {
                (read(source, quantity, number::millionths)?, Some(read(source, price, number::millionths)?))
            }
        };
        let order = places.order.as_ref().map(|place| full(source, place)).transpose()?;
        let units = places.units.as_ref().map(|place| read(source, place, number::integer)).transpose()?;
        if let Some(place) = &places.currency {
            let parse = |text: &str| Currency::parse(text).map_err(|_| CellProblem::NotCurrency);
            let currency = read(source, place, parse)?;
            if let Some(first) = self.currency.filter(|first| *first != currency) {
                let (source_name, line, column) = (source.name().to_owned(), source.line_of(place), place.name.clone());
                return Err(RecordError::MixedCurrency { source_name, line, column, first });
            }
            self.currency = Some(currency);
        }
        // Nothing below refuses a row but a full dictionary, which ends the reading.
        if let Some(order) = order {
            self.orders.push(self.order_ids.code(order)?);
        }
        self.codes.push(self.customers.code(customer)?);
        self.days.push(day.days());
        self.units.extend(units);
        match (&mut self.amounts, money) {
            (Amounts::Products(products, signs), (quantity, Some(price))) => {
                products.push(i128::from(quantity) * i128::from(price));
                signs.push(sign_of(quantity, price));
            }
            (Amounts::Millionths(amounts), (amount, _)) => amounts.push(amount),
            (Amounts::Products(..), (_, None)) => {}
        }
        Ok(())
    }

    fn finish(mut self, currency: Currency, zone: &Zone) -> Transactions {
        let mut ids = self.customers.into_texts();
        ids.shrink_to_fit();
        self.codes.shrink_to_fit();
        self.days.shrink_to_fit();
        self.orders.shrink_to_fit();
        self.units.shrink_to_fit();
        match &mut self.amounts {
            Amounts::Millionths(amounts) => amounts.shrink_to_fit(),
            Amounts::Products(products, signs) => {
                products.shrink_to_fit();
                signs.shrink_to_fit();
            }
        }
        Transactions {
            ids,
            codes: self.codes,
            days: self.days,
            amounts: self.amounts,
            orders: self.places.order.map(|_| Orders { codes: self.orders }),
            units: self.places.units.map(|_| self.units),
            currency: self.currency.unwrap_or(currency),
            time_zone: zone.name().to_owned(),
            n_missing_customer: self.n_missing_customer,
            n_unreadable: self.n_unreadable,
        }
    }
}

fn full<'a>(source: &'a Source<'_>, place: &Place) -> Result<&'a str, RecordError> {
    let text = source.text(place)?;
    if text.is_empty() { Err(source.problem(place, CellProblem::Empty)) } else { Ok(text) }
}

fn read<T>(
    source: &Source<'_>,
    place: &Place,
    parse: impl FnOnce(&str) -> Result<T, CellProblem>,
) -> Result<T, RecordError> {
    parse(full(source, place)?).map_err(|problem| source.problem(place, problem))
}

/// What two factors say about a row; a refund of nothing is a refund.
const fn sign_of(quantity: i64, price: i64) -> Sign {
    if quantity < 0 || price < 0 {
        Sign::Refund
    } else if quantity == 0 || price == 0 {
        Sign::Zero
    } else {
        Sign::Purchase
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Transactions {
        TransactionsReader::new().read_csv("buys.csv", text.as_bytes()).unwrap()
    }

    #[test]
    fn rows_become_codes_days_and_exact_amounts_in_their_order() {
        let table = table(
            "customer,timestamp,amount,order,units\nb,1970-01-02,0.1,x,3\na,1969-12-31,-2,y,-1\n b ,19700101,0,x,0\n",
        );
        assert_eq!(table.ids.iter().collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!((table.codes.as_slice(), table.days.as_slice()), (&[0, 1, 0][..], &[1, -1, 0][..]));
        assert_eq!(table.orders.as_ref().map(|orders| orders.codes.as_slice()), Some(&[0, 1, 0][..]));
        assert_eq!(table.units.as_deref(), Some(&[3, -1, 0][..]));
        let amounts: Vec<_> = (0..3).map(|row| table.amounts.at(row)).collect();
        assert_eq!(amounts, [(100_000, Sign::Purchase), (-2_000_000, Sign::Refund), (0, Sign::Zero)]);
        assert_eq!(table.allocated_bytes(), 2 + 2 * 4 + 3 * (4 + 4 + 8 + 4 + 8));
    }

    #[test]
    fn products_are_exact_and_say_what_their_factors_say() {
        let table = table(
            "customer,timestamp,quantity,unit_price\na,20260101,0.000001,0.000001\na,20260101,-2,-3\n\
             a,20260101,0,-1\na,20260101,5,0\na,20260101,9223372036854,9223372036854\n",
        );
        assert_eq!(table.amounts.scale(), 12);
        let amounts: Vec<_> = (0..5).map(|row| table.amounts.at(row)).collect();
        let large = 9_223_372_036_854i128 * 9_223_372_036_854 * 1_000_000_000_000;
        let expected = [
            (1, Sign::Purchase),
            (6_000_000_000_000, Sign::Refund),
            (0, Sign::Refund),
            (0, Sign::Zero),
            (large, Sign::Purchase),
        ];
        assert_eq!(amounts, expected);
    }
}
