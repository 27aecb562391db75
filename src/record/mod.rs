//! Customer records: typed, columnar, and closed to everybody but the consent door.
//!
//! [`Customers`] holds one row a customer, [`Transactions`] one row a purchase. Both are columns with narrow codes.
//! Every column has a [`Role`] and a [`Kind`] before the first cell is read; a column without a role is an error.
//! [`CustomersReader`] and [`TransactionsReader`] take them in from CSV and from the caller's own structs, row by row;
//! bad input gets one error with file, line and column, and never a value in its text.
//! What is in here can be counted and handed to [`Customers::consent`](crate::record::Customers), nothing else:
//! neither type prints, serialises or hands out a value.

mod builder;
mod column;
mod currency;
mod customers;
mod customers_reader;
mod dictionary;
mod error;
mod guard;
mod number;
mod rows;
mod schema;
mod source;
mod texts;
mod transaction_role;
mod transactions;
mod transactions_reader;

pub use currency::Currency;
pub use customers::Customers;
pub use customers_reader::CustomersReader;
pub use error::{CellProblem, RecordError};
pub use schema::{Field, Kind, Role, Schema};
pub use transaction_role::TransactionRole;
pub use transactions::Transactions;
pub use transactions_reader::TransactionsReader;

pub(crate) use column::Column;
pub(crate) use customers::{History, IdOrder, NO_ROW};
pub(crate) use dictionary::Dictionary;
pub(crate) use guard::{RowGuard, TooLong};
pub(crate) use number::decimal;
pub(crate) use texts::Texts;
#[cfg(all(test, feature = "synth"))]
pub(crate) use transactions::Amounts;
pub(crate) use transactions::Sign;
