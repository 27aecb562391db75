//! What a column of purchases is read as.

use std::fmt;

use super::RecordError;

/// What a column of purchases is read as.
///
/// Closed: these are the facts that features are made of; no other column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransactionRole {
    /// Whose purchase it is. Required; a row without it is dropped and counted.
    Customer,
    /// When it was: an RFC 3339 instant, or a date or local time of the reader's zone. Required.
    Timestamp,
    /// What was paid: a decimal number with up to 6 decimals. Required unless quantity and unit price are there.
    Amount,
    /// How many were bought, up to 6 decimals.
    Quantity,
    /// What one cost, up to 6 decimals.
    UnitPrice,
    /// To which order the row belongs. Optional.
    Order,
    /// How many pieces, a whole number. Optional.
    Units,
    /// The ISO 4217 code of the amount. Optional.
    Currency,
}

impl TransactionRole {
    /// All roles.
    pub const ALL: [TransactionRole; 8] = [
        Self::Customer,
        Self::Timestamp,
        Self::Amount,
        Self::Quantity,
        Self::UnitPrice,
        Self::Order,
        Self::Units,
        Self::Currency,
    ];

    /// Gives the role of a name such as `unit_price`.
    ///
    /// # Errors
    /// [`RecordError::Schema`] for any other text.
    pub fn parse(name: &str) -> Result<Self, RecordError> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join("`, `");
            RecordError::Schema { problem: format!("no role `{name}`; the roles are `{names}`") }
        })
    }

    /// Gives the name, which is also the name of its column unless another is given.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Timestamp => "timestamp",
            Self::Amount => "amount",
            Self::Quantity => "quantity",
            Self::UnitPrice => "unit_price",
            Self::Order => "order",
            Self::Units => "units",
            Self::Currency => "currency",
        }
    }
}

impl fmt::Display for TransactionRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
