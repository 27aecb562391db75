//! What a released cell is a cell of.

use super::Digest;

/// What a figure says about the members of a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Measure {
    /// How many customers.
    Count,
    /// The sum of a column.
    Sum(String),
    /// The mean of a column.
    Mean(String),
    /// The share of a value of a column.
    Share {
        /// The column.
        column: String,
        /// The value, one of a declared list.
        value: String,
    },
    /// A bin of a histogram over frozen cuts.
    Bin {
        /// The column.
        column: String,
        /// Place of the bin, from 0.
        bin: u32,
    },
}

/// What a released cell is a cell of: all that must be equal for two figures to be the same figure at two times.
///
/// Centroids and cut points are frozen with it: the same definition with others is refused, new ones need a new name of
/// the segmentation.
///
/// # Examples
/// ```
/// use consentric::release::ledger::{CellDefinition, Digest, Measure};
/// let cell = CellDefinition::new("newsletter", "value tiers 2026", Measure::Mean("spent".to_owned()))
///     .with_centroids(Digest::of_numbers([0.5, 1.5]))
///     .with_cell(["tier 1"]);
/// assert_ne!(cell, cell.clone().with_cell(["tier 2"]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellDefinition {
    purpose: String,
    segmentation: String,
    centroids: Option<Digest>,
    cuts: Option<Digest>,
    levels: Vec<u32>,
    dimension: Vec<String>,
    cell: Vec<String>,
    measure: Measure,
}

impl CellDefinition {
    /// Names the purpose, the segmentation and the measure of a cell; a margin is a cell without a label.
    pub fn new(purpose: impl Into<String>, segmentation: impl Into<String>, measure: Measure) -> Self {
        Self {
            purpose: purpose.into(),
            segmentation: segmentation.into(),
            centroids: None,
            cuts: None,
            levels: Vec::new(),
            dimension: Vec::new(),
            cell: Vec::new(),
            measure,
        }
    }

    /// Freezes the centroids; default none.
    #[must_use]
    pub fn with_centroids(mut self, centroids: Digest) -> Self {
        self.centroids = Some(centroids);
        self
    }

    /// Freezes the cut points and declared domains; default none.
    #[must_use]
    pub fn with_cuts(mut self, cuts: Digest) -> Self {
        self.cuts = Some(cuts);
        self
    }

    /// Names the level of each hierarchy; default none.
    #[must_use]
    pub fn with_levels(mut self, levels: impl IntoIterator<Item = u32>) -> Self {
        self.levels = levels.into_iter().collect();
        self
    }

    /// Names the columns by which the cell is cut beside its segment; default none.
    #[must_use]
    pub fn with_dimension<T: Into<String>>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.dimension = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Names the labels of the cell within its table, segment first; default none, a margin.
    #[must_use]
    pub fn with_cell<T: Into<String>>(mut self, labels: impl IntoIterator<Item = T>) -> Self {
        self.cell = labels.into_iter().map(Into::into).collect();
        self
    }

    /// Gives the measure.
    pub const fn measure(&self) -> &Measure {
        &self.measure
    }

    /// The digest of the cell without what is frozen with its table.
    pub(super) fn id(&self, population: &str) -> Digest {
        let table = self.table(population).to_string();
        let frozen = self.frozen().to_string();
        Digest::of_texts([table.as_str(), frozen.as_str()].into_iter().chain(self.cell.iter().map(String::as_str)))
    }

    /// The digest of the table that the cell stands in, by its names.
    pub(super) fn table(&self, population: &str) -> Digest {
        let levels: Vec<String> = self.levels.iter().map(u32::to_string).collect();
        let lengths = [levels.len().to_string(), self.dimension.len().to_string()];
        let measure = self.measure.texts();
        let fixed = [population, &self.purpose, &self.segmentation];
        let texts = fixed
            .into_iter()
            .chain(measure.iter().map(String::as_str))
            .chain(lengths.iter().map(String::as_str))
            .chain(levels.iter().map(String::as_str))
            .chain(self.dimension.iter().map(String::as_str));
        Digest::of_texts(texts)
    }

    /// The digest of what is frozen.
    pub(super) fn frozen(&self) -> Digest {
        let text = |digest: Option<Digest>| digest.map_or_else(String::new, |digest| digest.to_string());
        Digest::of_texts([text(self.centroids), text(self.cuts)])
    }
}

impl Measure {
    /// The column that is measured; `None` for a count.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Count => None,
            Self::Sum(column) | Self::Mean(column) | Self::Share { column, .. } | Self::Bin { column, .. } => {
                Some(column)
            }
        }
    }

    fn texts(&self) -> [String; 3] {
        let (kind, detail) = match self {
            Self::Count => ("count", String::new()),
            Self::Sum(_) => ("sum", String::new()),
            Self::Mean(_) => ("mean", String::new()),
            Self::Share { value, .. } => ("share", value.clone()),
            Self::Bin { bin, .. } => ("bin", bin.to_string()),
        };
        [kind.to_owned(), self.column().unwrap_or_default().to_owned(), detail]
    }
}
