//! All measures of a table.

use std::fmt;

use rayon::prelude::*;

use super::attribute::Attribute;
use super::disclosure::{Disclosure, Found, Measure, Spot};
use super::extremes::Counted;
use super::grouping::Grouping;
use super::risk::Risk;
use super::sample::Sample;
use super::settings::{MeasureSettings, MissingValues, SensitiveMode};
use super::value_counts::{Cell, ValueCounts};
use super::whole::Whole;
use super::witness::Witness;
use crate::anonymity::{AnonymityError, ClassSizes, ColumnType, Table, TableColumn};

/// How anonymous a table is: every measure, with the class that sets it.
///
/// # Privacy
/// Holds personal data and is not to be published: `Debug` shows numbers only; [`witness`](Measures::witness) gives labels
/// to whoever owns the table.
///
/// # Examples
/// ```
/// use consentric::anonymity::{ColumnType, Measure, MeasureSettings, Measures, Role, TableReader};
/// let csv = "city,disease\nBonn,flu\nBonn,angina\nLille,flu\n";
/// let table = TableReader::new()
///     .with_column("city", Role::Quasi, ColumnType::Categorical)
///     .with_column("disease", Role::Sensitive, ColumnType::Categorical)
///     .read("patients.csv", csv.as_bytes())?;
/// let measures = Measures::of(&table, &MeasureSettings::new())?;
/// assert_eq!((measures.k(), measures.n_classes(), measures.risk().highest()), (1, 2, 1.0));
/// assert_eq!(measures.witness(Measure::K).map(|witness| witness.first_row()), Some(2));
/// # Ok::<(), consentric::anonymity::AnonymityError>(())
/// ```
pub struct Measures<'t> {
    sizes: ClassSizes,
    risk: Risk,
    n_rows: u64,
    n_suppressed: u64,
    n_left_out: u64,
    n_raw: u64,
    n_missing: Vec<(String, u64)>,
    mode: SensitiveMode,
    missing: MissingValues,
    /// The classes of the quasi-identifiers first; in joint mode, then those of every sensitive column.
    pub(super) groupings: Vec<Grouping<'t>>,
    pub(super) counted: Vec<Counted<'t>>,
    attributes: Vec<AttributeMeasures>,
    disclosure: Option<Disclosure>,
}

/// The measures of one sensitive column, or of several as one.
#[derive(Clone, Debug)]
pub struct AttributeMeasures {
    column: String,
    column_type: ColumnType,
    is_type_assumed: bool,
    n_values: u64,
    n_classes: u64,
    disclosure: Disclosure,
}

impl<'t> Measures<'t> {
    /// Measures a table.
    ///
    /// # Errors
    /// [`AnonymityError::NoQuasiIdentifier`] without one; [`AnonymityError::UnknownColumn`] if the settings name a column
    /// the table lacks; [`AnonymityError::Cell`] at the first missing value if these are errors;
    /// [`AnonymityError::NoRowLeft`] if all rows are suppressed or left out; [`AnonymityError::RawRows`] if the original
    /// table is said to be smaller; [`AnonymityError::NotInHierarchy`], [`AnonymityError::Role`] or
    /// [`AnonymityError::OutOfRange`] for a distance that does not fit.
    ///
    /// # Complexity
    /// `O(rows · columns)` for the classes, then `O(c · log c)` over the `c` counts that are not 0; never classes times
    /// values. Memory about 20 bytes a row.
    pub fn of(table: &'t Table, settings: &MeasureSettings) -> Result<Self, AnonymityError> {
        let sample = Sample::new(table, settings)?;
        for (name, _) in &settings.distances {
            if !sample.sensitive.iter().any(|column| column.name() == name) {
                return Err(AnonymityError::Role { column: name.clone(), expected: "sensitive" });
            }
        }
        let n_raw = settings.n_raw.unwrap_or(sample.n_rows);
        if n_raw < sample.n_rows {
            return Err(AnonymityError::RawRows { found: n_raw, expected: sample.n_rows });
        }
        let n_missing = sample.quasi.iter().chain(&sample.sensitive);
        let n_missing = n_missing.map(|column| (column.name().to_owned(), column.n_missing())).collect();
        let (groupings, counted) = count(&sample, settings)?;
        let classes = groupings.first();
        let sizes = classes.into_iter().flat_map(|classes| &classes.sizes).copied().map(u64::from);
        let sizes = ClassSizes::from_sizes(sizes);
        let mut measures = Self {
            risk: Risk::of(&sizes),
            sizes,
            n_rows: sample.n_rows,
            n_suppressed: sample.n_suppressed,
            n_left_out: sample.n_left_out,
            n_raw,
            n_missing,
            mode: settings.mode,
            missing: settings.missing,
            groupings,
            counted,
            attributes: Vec::new(),
            disclosure: None,
        };
        measures.disclose();
        Ok(measures)
    }

    /// Gives the rows of the smallest class.
    pub fn k(&self) -> u64 {
        self.sizes.min()
    }

    /// Gives the rows of the table, those that are not measured counted.
    pub const fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Gives the rows that are suppressed.
    pub const fn n_suppressed(&self) -> u64 {
        self.n_suppressed
    }

    /// Gives the rows left out because a value is missing.
    pub const fn n_left_out(&self) -> u64 {
        self.n_left_out
    }

    /// Gives the missing cells of every quasi-identifier and sensitive column, whether or not their rows are measured.
    pub fn n_missing(&self) -> &[(String, u64)] {
        &self.n_missing
    }

    /// Gives what a missing value was taken for.
    pub const fn missing(&self) -> MissingValues {
        self.missing
    }

    /// Gives how several sensitive columns were measured.
    pub const fn mode(&self) -> SensitiveMode {
        self.mode
    }

    /// Gives the number of classes of the quasi-identifiers.
    pub const fn n_classes(&self) -> u64 {
        self.sizes.n_classes()
    }

    /// Gives the sizes of the classes of the quasi-identifiers.
    pub const fn class_sizes(&self) -> &ClassSizes {
        &self.sizes
    }

    /// Gives the prosecutor's risk.
    pub const fn risk(&self) -> &Risk {
        &self.risk
    }

    /// Gives the average class in units of k: rows in classes over classes times k.
    pub fn c_avg_released(&self) -> f64 {
        self.c_avg(self.sizes.n_rows())
    }

    /// Gives the average class in units of k, with the rows of the original table.
    pub fn c_avg_raw(&self) -> f64 {
        self.c_avg(self.n_raw)
    }

    /// Gives the discernibility: the sum of squares of class sizes, and the rows of the original table for every one
    /// suppressed.
    pub fn dm(&self) -> u128 {
        let squares = self.sizes.histogram().iter().map(|(size, n)| u128::from(*size).pow(2) * u128::from(*n));
        squares.sum::<u128>() + u128::from(self.n_gone()) * u128::from(self.n_raw)
    }

    /// Gives the classification metric: rows that are suppressed or not of the most frequent value of their class, over
    /// the rows of the original table. Of several sensitive columns the highest, in joint mode on the classes of that mode.
    /// `None` without one.
    pub fn cm(&self) -> Option<f64> {
        let disclosure = self.disclosure.as_ref()?;
        Some((self.n_gone() + disclosure.n_minority()) as f64 / self.n_raw as f64)
    }

    /// Gives the worst of every measure over all sensitive columns; `None` without one.
    pub const fn disclosure(&self) -> Option<&Disclosure> {
        self.disclosure.as_ref()
    }

    /// Gives the measures of every sensitive column, or of all as one in composite mode.
    pub fn attributes(&self) -> &[AttributeMeasures] {
        &self.attributes
    }

    /// Gives the class that sets a measure; `None` if the table has no such measure.
    pub fn witness(&self, measure: Measure) -> Option<Witness> {
        if measure == Measure::K {
            let class = self.groupings.first()?.smallest();
            return Some(self.witness_of(0, class, None, None, measure.rule()));
        }
        self.disclosure.as_ref()?.spot(measure).map(|spot| self.witness_at(spot, measure))
    }

    /// Gives the class that sets a measure of one sensitive column.
    pub fn attribute_witness(&self, column: &str, measure: Measure) -> Option<Witness> {
        let attribute = self.attributes.iter().find(|attribute| attribute.column == column)?;
        attribute.disclosure.spot(measure).map(|spot| self.witness_at(spot, measure))
    }

    pub(super) fn witness_of(
        &self,
        grouping: usize,
        class: usize,
        column: Option<&str>,
        value: Option<String>,
        rule: &'static str,
    ) -> Witness {
        let grouping = self.groupings.get(grouping);
        Witness {
            first_row: grouping.map_or(0, |grouping| grouping.first_row(class)),
            class: grouping.map_or_else(Vec::new, |grouping| grouping.labels(class)),
            column: column.map(str::to_owned),
            value,
            rule,
        }
    }

    fn witness_at(&self, spot: Spot, measure: Measure) -> Witness {
        let counted = self.counted.get(spot.attribute);
        let value = spot.place.value.or_else(|| self.most_gained(spot, measure));
        let value = counted.and_then(|counted| Some(counted.attribute.label(value?)));
        let column = counted.map(|counted| counted.attribute.name.as_str());
        let grouping = counted.map_or(0, |counted| counted.grouping);
        self.witness_of(grouping, spot.place.class, column, value, measure.rule())
    }

    /// Of a distance, the value that gained most in the class.
    fn most_gained(&self, spot: Spot, measure: Measure) -> Option<u32> {
        if !measure.is_distance() {
            return None;
        }
        let counted = self.counted.get(spot.attribute)?;
        let view = counted.view(self.groupings.get(counted.grouping)?, spot.place.class);
        // Of several equal ones the first: a later one must be above it.
        let gain = |best: Option<(i128, u32)>, cell: &Cell| match (best, view.excess(*cell)) {
            (Some((most, value)), gain) if gain <= most => Some((most, value)),
            (_, gain) => Some((gain, cell.value)),
        };
        view.cells.iter().fold(None, gain).map(|(_, value)| value)
    }

    /// Rows of the original table that are neither measured nor left out.
    const fn n_gone(&self) -> u64 {
        self.n_raw - self.sizes.n_rows() - self.n_left_out
    }

    fn c_avg(&self, rows: u64) -> f64 {
        rows as f64 / (u128::from(self.sizes.n_classes()) * u128::from(self.sizes.min())) as f64
    }

    fn disclose(&mut self) {
        let of = |counted: &Counted<'_>| {
            self.groupings.get(counted.grouping).map(|classes| (classes.n_classes(), counted.extremes(classes)))
        };
        let extremes: Vec<_> = self.counted.par_iter().filter_map(of).collect();
        let recursive = |place: usize, l: u64| {
            let counted = self.counted.get(place)?;
            counted.recursive_c(self.groupings.get(counted.grouping)?, l)
        };
        let mut attributes = Vec::with_capacity(self.counted.len());
        let mut overall: Option<Disclosure> = None;
        for (place, (counted, (n_classes, found))) in self.counted.iter().zip(&extremes).enumerate() {
            let disclosure =
                Disclosure::new(place, self.groupings.get(counted.grouping), found, recursive(place, found.distinct.0));
            overall = Some(match overall {
                None => disclosure.clone(),
                Some(worst) => worst.worst(&disclosure),
            });
            attributes.push(AttributeMeasures {
                column: counted.attribute.name.clone(),
                column_type: counted.attribute.column_type,
                is_type_assumed: counted.attribute.is_type_assumed,
                n_values: counted.attribute.n_values() as u64,
                n_classes: *n_classes as u64,
                disclosure,
            });
        }
        // SPEC: c is at the l of all sensitive columns together.
        if let Some(worst) = &mut overall {
            let l = worst.l_distinct();
            let mut highest: Option<Found<f64>> = None;
            for attribute in 0..self.counted.len() {
                let Some((value, place)) = recursive(attribute, l) else { continue };
                let grouping = self.counted.get(attribute).and_then(|counted| self.groupings.get(counted.grouping));
                let first_row = grouping.map_or(0, |grouping| grouping.first_row(place.class));
                let found = Found { value, spot: Spot { attribute, place, first_row } };
                highest = Some(highest.map_or(found, |highest| highest.or_worse(found, value > highest.value)));
            }
            worst.recursive_c = highest;
        }
        self.attributes = attributes;
        self.disclosure = overall;
    }
}

impl fmt::Debug for Measures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Measures")
            .field("n_rows", &self.n_rows)
            .field("n_classes", &self.n_classes())
            .field("k", &self.k())
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}

impl AttributeMeasures {
    /// Gives the name of the column; in composite mode all names with `+` between.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// Gives how values compare.
    pub const fn column_type(&self) -> ColumnType {
        self.column_type
    }

    /// Says whether nobody declared how values compare, so that they were taken as categories.
    pub const fn is_type_assumed(&self) -> bool {
        self.is_type_assumed
    }

    /// Gives the number of different values in the rows measured.
    pub const fn n_values(&self) -> u64 {
        self.n_values
    }

    /// Gives the number of classes on which the column was measured.
    pub const fn n_classes(&self) -> u64 {
        self.n_classes
    }

    /// Gives the measures.
    pub const fn disclosure(&self) -> &Disclosure {
        &self.disclosure
    }
}

type Counts<'t> = (Vec<Grouping<'t>>, Vec<Counted<'t>>);

fn count<'t>(sample: &Sample<'t>, settings: &MeasureSettings) -> Result<Counts<'t>, AnonymityError> {
    let mut groupings = vec![Grouping::new(sample, sample.quasi.clone())?];
    let mut asked: Vec<(Vec<&'t TableColumn>, usize)> = Vec::new();
    match settings.mode {
        SensitiveMode::Separate => asked.extend(sample.sensitive.iter().map(|column| (vec![*column], 0))),
        SensitiveMode::Composite if sample.sensitive.len() > 1 => asked.push((sample.sensitive.clone(), 0)),
        SensitiveMode::Composite | SensitiveMode::Joint if sample.sensitive.len() < 2 => {
            asked.extend(sample.sensitive.iter().map(|column| (vec![*column], 0)));
        }
        SensitiveMode::Composite | SensitiveMode::Joint => {
            let others = |column: &TableColumn| {
                let others = sample.sensitive.iter().filter(|other| other.name() != column.name());
                sample.quasi.iter().chain(others).copied().collect::<Vec<_>>()
            };
            for column in &sample.sensitive {
                asked.push((vec![*column], groupings.len()));
                groupings.push(Grouping::new(sample, others(column))?);
            }
        }
    }
    // Columns side by side; collected in their order, whatever the number of threads.
    let counted = asked.into_par_iter().map(|(columns, grouping)| {
        let (attribute, values) = match columns.as_slice() {
            [column] => Attribute::of_column(sample, column),
            _ => Attribute::of_columns(sample, &columns)?,
        };
        let mut whole = Whole::new(&values, attribute.n_values());
        for (_, distance) in settings.distances.iter().filter(|(name, _)| *name == attribute.name) {
            whole = whole.with_distance(&attribute, distance)?;
        }
        let classes = groupings.get(grouping).ok_or(AnonymityError::NoQuasiIdentifier)?;
        let counts = ValueCounts::new(classes, &values, attribute.n_values());
        Ok(Counted { attribute, grouping, counts, whole })
    });
    let counted = counted.collect::<Result<Vec<_>, AnonymityError>>()?;
    Ok((groupings, counted))
}
