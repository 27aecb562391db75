//! Cut points that stay as they are from release to release.

use super::TableError;

/// Cut points of a histogram, frozen with the definition of a release.
///
/// # Privacy
/// Cut points that follow the data, as quantiles do, tell values of single customers. These are declared.
///
/// # Examples
/// ```
/// use consentric::release::table::FrozenCuts;
///
/// let cuts = FrozenCuts::new([0, 100, 1_000])?;
/// assert_eq!(cuts.counts([-5, 0, 99, 100, 5_000]), [1, 2, 1, 1]);
/// # Ok::<(), consentric::release::table::TableError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrozenCuts(Vec<i128>);

impl FrozenCuts {
    /// Takes the cut points; a value at a cut point belongs above it.
    ///
    /// # Errors
    /// [`TableError::Cuts`] unless they ascend strictly.
    pub fn new(cuts: impl IntoIterator<Item = i128>) -> Result<Self, TableError> {
        let cuts: Vec<i128> = cuts.into_iter().collect();
        match cuts.iter().zip(cuts.iter().skip(1)).position(|(a, b)| a >= b) {
            Some(place) => Err(TableError::Cuts { place: place + 1 }),
            None => Ok(Self(cuts)),
        }
    }

    /// Gives the cut points.
    pub fn cuts(&self) -> &[i128] {
        &self.0
    }

    /// Gives the number of bins: below the first cut point, between each two, and from the last on.
    pub fn n_bins(&self) -> usize {
        self.0.len() + 1
    }

    /// Gives the bin of a value.
    pub fn bin(&self, value: i128) -> usize {
        self.0.partition_point(|cut| *cut <= value)
    }

    /// Counts values, one of each customer, by bin.
    pub fn counts(&self, values: impl IntoIterator<Item = i128>) -> Vec<u64> {
        let mut counts = vec![0; self.n_bins()];
        for value in values {
            if let Some(count) = counts.get_mut(self.bin(value)) {
                *count += 1;
            }
        }
        counts
    }
}
