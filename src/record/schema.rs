//! What every column is, declared before the first cell is read.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{Currency, RecordError};

/// What a column means for the person it describes.
///
/// Closed by the literature on statistical disclosure control; a column outside these has no business in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Names the person directly (name, e-mail, customer number). Never passes `protect`.
    Identifier,
    /// Singles the person out in combination (age, postcode, sex).
    QuasiIdentifier,
    /// Harms the person when known (health, debt, religion).
    Sensitive,
    /// What the person did (purchases, visits).
    Behaviour,
}

/// How the cells of a column are read and held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Free text.
    Text,
    /// One of few labels, held as a dictionary code of 1, 2 or 4 bytes.
    Category,
    /// A whole number.
    Integer,
    /// A finite decimal number.
    Decimal,
    /// An amount in minor units of one currency.
    Money(Currency),
    /// A civil day.
    Date,
    /// An instant.
    Timestamp,
    /// True or false.
    Boolean,
}

/// One column of a customer table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    name: String,
    role: Role,
    kind: Kind,
}

impl Field {
    /// Declares a column by its name in the header, its role and its kind.
    pub fn new(name: impl Into<String>, role: Role, kind: Kind) -> Self {
        Self { name: name.into(), role, kind }
    }

    /// Gives the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Gives the kind.
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

/// The columns of a customer table: one that names the customer, and the declared rest.
///
/// # Examples
/// ```
/// use consentric::record::{Field, Kind, Role, Schema};
/// let schema = Schema::new("customer_id", [
///     Field::new("age", Role::QuasiIdentifier, Kind::Integer),
///     Field::new("visits", Role::Behaviour, Kind::Integer),
/// ])?
/// .ignoring("internal_note");
/// assert_eq!(schema.fields().count(), 2);
/// # Ok::<(), consentric::record::RecordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    customer: String,
    fields: IndexMap<String, Field>,
    ignored: BTreeSet<String>,
}

impl Schema {
    /// Declares a table whose customers are named by column `customer`.
    ///
    /// # Errors
    /// [`RecordError::Schema`] if a name is empty or appears twice.
    pub fn new(customer: impl Into<String>, fields: impl IntoIterator<Item = Field>) -> Result<Self, RecordError> {
        let customer = customer.into();
        let mut columns = IndexMap::new();
        for field in fields {
            if field.name.is_empty() || field.name == customer {
                return Err(RecordError::Schema { problem: format!("column name `{}` is empty or taken", field.name) });
            }
            if let Some(twice) = columns.insert(field.name.clone(), field) {
                return Err(RecordError::Schema { problem: format!("column `{}` is declared twice", twice.name) });
            }
        }
        if customer.is_empty() {
            return Err(RecordError::Schema { problem: "the customer column has no name".to_owned() });
        }
        Ok(Self { customer, fields: columns, ignored: BTreeSet::new() })
    }

    /// Names a column of the source that is not read; an undeclared column that is not named so is an error.
    #[must_use]
    pub fn ignoring(mut self, column: impl Into<String>) -> Self {
        self.ignored.insert(column.into());
        self
    }

    /// Gives the column that names the customer.
    pub fn customer(&self) -> &str {
        &self.customer
    }

    /// Gives the other columns in their order.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = &Field> {
        self.fields.values()
    }

    /// Gives the place and declaration of a column.
    pub fn field(&self, name: &str) -> Option<(usize, &Field)> {
        self.fields.get_full(name).map(|(place, _, field)| (place, field))
    }

    /// Says whether a column of the source is to be left unread.
    pub fn is_ignored(&self, column: &str) -> bool {
        self.ignored.contains(column)
    }
}
