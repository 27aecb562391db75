//! Features taken from a customer table.

use super::raw::RawFeature;
use super::{FeatureError, Transform, Unit};
use crate::protect::Protected;
use crate::record::{Kind, Role};

/// Numbers of a customer table as features, one row a customer.
///
/// The columns must be declared by the purpose and hold numbers. Money is taken in major units. A customer with a missing
/// value is an error: this version imputes nothing.
///
/// # Examples
/// ```
/// use consentric::prelude::*;
///
/// #[derive(serde::Serialize)]
/// struct Member {
///     id: u32,
///     age: u8,
///     visits: u32,
/// }
///
/// let schema = Schema::new("id", [
///     Field::new("age", Role::QuasiIdentifier, Kind::Integer),
///     Field::new("visits", Role::Behaviour, Kind::Integer),
/// ])?;
/// let members = (0..50).map(|id| Member { id, age: 20 + (id * 7 % 60) as u8, visits: 1 + id % 9 });
/// let customers = CustomersReader::new(schema).read_rows(members)?;
///
/// let purpose = Purpose::parse("segmentation_marketing")?;
/// let mut ledger = Ledger::new();
/// for id in 0..50 {
///     let given = Timestamp::parse("2025-06-01T09:00:00Z")?;
///     ledger.append(&id.to_string(), Event::given(given, &purpose, "v1", "letter"))?;
/// }
/// let outcome = Pipeline::for_purpose(Question::segment(&purpose).reading(["age", "visits"])) // undeclared is dropped
///     .at(Timestamp::parse("2026-01-01T00:00:00Z")?)
///     .consent(&ledger)
///     .protect(MasterKey::generate()?)
///     .features(Columns::of(["age", "visits"])?)
///     .segment(KMeans::new(2)?)
///     .release(KAnonymity::new(10)?)
///     .run(&customers)?;
/// assert_eq!(outcome.release().features().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    names: Vec<String>,
}

impl Columns {
    /// Takes these columns, in this order.
    ///
    /// # Errors
    /// [`FeatureError::NoFeature`] without a name, [`FeatureError::Twice`] for a repeated one,
    /// [`FeatureError::AmbiguousRecency`] for a column called `recency`, since that name has two opposite meanings.
    pub fn of<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Result<Self, FeatureError> {
        let mut taken: Vec<String> = Vec::new();
        for name in names {
            let name = name.into();
            if name.eq_ignore_ascii_case("recency") {
                return Err(FeatureError::AmbiguousRecency { column: name });
            }
            if taken.contains(&name) {
                return Err(FeatureError::Twice { column: name });
            }
            taken.push(name);
        }
        if taken.is_empty() { Err(FeatureError::NoFeature) } else { Ok(Self { names: taken }) }
    }

    pub(super) fn compute(&self, protected: &Protected<'_>) -> Result<Vec<RawFeature>, FeatureError> {
        self.names
            .iter()
            .map(|name| {
                let (field, column) = protected
                    .columns
                    .iter()
                    .find(|(field, _)| field.name() == name)
                    .ok_or_else(|| FeatureError::NotDeclared { column: name.clone() })?;
                let (unit, transform) = match field.kind() {
                    Kind::Money(currency) => (Unit::Money(currency), Transform::Log1p),
                    Kind::Integer if field.role() == Role::Behaviour => (Unit::Number, Transform::Log1p),
                    Kind::Integer | Kind::Decimal | Kind::Boolean => (Unit::Number, Transform::None),
                    _ => return Err(FeatureError::NotNumeric { column: name.clone() }),
                };
                let values = protected
                    .rows
                    .iter()
                    .enumerate()
                    .map(|(place, row)| {
                        column
                            .number(*row as usize)
                            .ok_or_else(|| FeatureError::Missing { row: place, column: name.clone() })
                    })
                    .collect::<Result<Vec<f64>, _>>()?;
                Ok(RawFeature { name: name.clone(), unit, transform, values })
            })
            .collect()
    }
}
