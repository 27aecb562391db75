//! Any fit-and-predict algorithm of linfa as a strategy.

#![expect(clippy::indexing_slicing, reason = "rows and orders are counted from the lengths of what they index")]

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use linfa::DatasetBase;
use linfa::traits::{Fit as LinfaFit, PredictInplace};
use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::segment::checks;
use crate::segment::numbering::{self, Numbered};
use crate::segment::table::Table;
use crate::segment::{Fit, FitContext, Model, Round, SegmentError, SegmentId, Strategy};

/// Makes a strategy of parameters `P` of linfa whose fitted object predicts numbers `L`: `usize` or `Option<usize>`.
///
/// Segments are the numbers that occur in the prediction of the fitted rows, numbered anew by falling size, ties by the
/// lexicographically smaller mean. A new row for which linfa predicts another number belongs to no segment.
///
/// linfa tells neither its rounds nor whether it came to rest, so the fit says 0 rounds and converged, and the hook of
/// the context is called once, after the fit.
///
/// # Complexity
/// That of the algorithm; the features are copied once.
///
/// # Examples
/// ```
/// use consentric::segment::linfa::Adapter;
/// use consentric::segment::{FitContext, SegmentError, Strategy};
/// use linfa_clustering::KMeans;
/// use ndarray::array;
///
/// let strategy = Adapter::new("linfa", KMeans::params(2));
/// let x = array![[0.1], [5.0], [0.0]];
/// let fit = strategy.fit(x.view(), &FitContext::new(42))?;
/// assert_eq!(fit.labels[0], fit.labels[2]);
/// # Ok::<(), SegmentError>(())
/// ```
pub struct Adapter<P, E, L> {
    name: String,
    params: Box<Params<P>>,
    n_segments: usize,
    of: PhantomData<fn() -> (E, L)>,
}

/// Gives the parameters for a seed.
type Params<P> = dyn Fn(u64) -> P + Send + Sync;

impl<P, E, L> Adapter<P, E, L> {
    /// Takes parameters that bring their own randomness, if any: every fit uses a copy of them.
    #[must_use]
    pub fn new(name: impl Into<String>, params: P) -> Self
    where
        P: LinfaFit<Array2<f64>, Array1<()>, E, Object: PredictInplace<Array2<f64>, Array1<L>>>,
        P: Clone + Send + Sync + 'static,
        E: std::error::Error + From<linfa::Error>,
    {
        Self::seeded(name, move |_| params.clone())
    }

    /// Takes a function that gives the parameters for the seed of the run.
    #[must_use]
    pub fn seeded(name: impl Into<String>, params: impl Fn(u64) -> P + Send + Sync + 'static) -> Self
    where
        P: LinfaFit<Array2<f64>, Array1<()>, E, Object: PredictInplace<Array2<f64>, Array1<L>>>,
        E: std::error::Error + From<linfa::Error>,
    {
        Self { name: name.into(), params: Box::new(params), n_segments: 1, of: PhantomData }
    }

    /// Refuses data with fewer rows, or fewer different rows, than so many segments. Default 1.
    ///
    /// # Errors
    /// [`SegmentError::SegmentCount`] outside 1 to 65,535.
    pub fn with_segments(mut self, n_segments: usize) -> Result<Self, SegmentError> {
        checks::check_segment_count(n_segments)?;
        self.n_segments = n_segments;
        Ok(self)
    }
}

impl<P, E, L> Strategy for Adapter<P, E, L>
where
    P: LinfaFit<Array2<f64>, Array1<()>, E>,
    P::Object: PredictInplace<Array2<f64>, Array1<L>> + Send + Sync + 'static,
    E: std::error::Error + From<linfa::Error>,
    L: Copy + Into<Option<usize>> + 'static,
{
    fn name(&self) -> &str {
        &self.name
    }

    fn fit(&self, x: ArrayView2<'_, f64>, context: &FitContext<'_>) -> Result<Fit, SegmentError> {
        let n = x.nrows();
        checks::check_matrix(x)?;
        checks::check_customers(n, self.n_segments)?;
        checks::check_distinct(x, self.n_segments)?;
        let dataset = DatasetBase::from(x.as_standard_layout().into_owned());
        let object = (self.params)(context.seed()).fit(&dataset).map_err(super::refused::refused)?;
        context.report(&Round::new(&self.name, 1, 1, n, f64::NAN))?;

        let predicted = predict(&object, dataset.records());
        if predicted.len() != n {
            return Err(SegmentError::BadFit {
                strategy: self.name.clone(),
                what: "it did not give one label for each row",
            });
        }
        let groups = numbering::by_falling_size(Groups::new(&Table::new(x), &predicted));
        let segment_of: BTreeMap<usize, SegmentId> = groups.names.into_iter().zip((0..).map(SegmentId)).collect();
        let n_features = x.ncols();
        let labels = predicted.iter().map(|name| segment_of.get(&(*name)?).copied()).collect();
        let model = Box::new(AdapterModel { object, segment_of, n_features, of: PhantomData });
        let fit = Fit { model, labels, converged: true, rounds: 0, warnings: vec![] };
        // An algorithm that finds no segment at all shows up here.
        checks::check_fit(&self.name, &fit, n)?;
        Ok(fit)
    }
}

impl<P, E, L> fmt::Debug for Adapter<P, E, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adapter")
            .field("name", &self.name)
            .field("n_segments", &self.n_segments)
            .finish_non_exhaustive()
    }
}

fn predict<O, L>(object: &O, rows: &Array2<f64>) -> Vec<Option<usize>>
where
    O: PredictInplace<Array2<f64>, Array1<L>>,
    L: Copy + Into<Option<usize>>,
{
    let mut found = object.default_target(rows);
    object.predict_inplace(rows, &mut found);
    found.iter().map(|&name| name.into()).collect()
}

struct AdapterModel<O, L> {
    object: O,
    /// For each number of linfa's the segment.
    segment_of: BTreeMap<usize, SegmentId>,
    n_features: usize,
    of: PhantomData<fn() -> L>,
}

impl<O, L> Model for AdapterModel<O, L>
where
    O: PredictInplace<Array2<f64>, Array1<L>> + Send + Sync,
    L: Copy + Into<Option<usize>>,
{
    fn n_segments(&self) -> usize {
        self.segment_of.len()
    }

    fn assign(&self, rows: ArrayView2<'_, f64>) -> Vec<Option<SegmentId>> {
        let mut assigned = vec![None; rows.nrows()];
        if rows.ncols() != self.n_features {
            return assigned;
        }
        // linfa sees finite rows only: it gives NaN to some segment, or panics.
        let is_finite = |row: &usize| rows.row(*row).iter().all(|value| value.is_finite());
        let finite: Vec<usize> = (0..rows.nrows()).filter(is_finite).collect();
        if finite.is_empty() {
            return assigned;
        }
        let predicted = predict(&self.object, &rows.select(Axis(0), &finite));
        for (row, name) in finite.into_iter().zip(predicted) {
            assigned[row] = name.and_then(|name| self.segment_of.get(&name).copied());
        }
        assigned
    }
}

/// The numbers that linfa predicts, with how many rows each has and their mean.
struct Groups {
    names: Vec<usize>,
    sizes: Vec<u64>,
    means: Vec<Vec<f64>>,
}

impl Groups {
    fn new(table: &Table<'_>, predicted: &[Option<usize>]) -> Self {
        let mut groups: BTreeMap<usize, (u64, Vec<f64>)> = BTreeMap::new();
        for (row, name) in table.rows().zip(predicted).filter_map(|(row, name)| Some((row, (*name)?))) {
            let (size, sums) = groups.entry(name).or_insert_with(|| (0, vec![0.0; table.width()]));
            *size += 1;
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let mean = |(size, sums): &(u64, Vec<f64>)| sums.iter().map(|sum| sum / *size as f64).collect();
        Self {
            names: groups.keys().copied().collect(),
            sizes: groups.values().map(|(size, _)| *size).collect(),
            means: groups.values().map(mean).collect(),
        }
    }
}

impl Numbered for Groups {
    fn sizes(&self) -> Vec<u64> {
        self.sizes.clone()
    }

    fn centre(&self, segment: usize) -> &[f64] {
        self.means.get(segment).map_or(&[], Vec::as_slice)
    }

    fn reorder(self, order: &[usize]) -> Self {
        Self {
            names: order.iter().map(|&old| self.names[old]).collect(),
            sizes: order.iter().map(|&old| self.sizes[old]).collect(),
            means: order.iter().map(|&old| self.means[old].clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// Predicts by sign; 0 belongs to nobody, and numbers have gaps.
    #[derive(Clone)]
    struct Signs;

    impl LinfaFit<Array2<f64>, Array1<()>, linfa::Error> for Signs {
        type Object = Signs;

        fn fit(&self, _: &DatasetBase<Array2<f64>, Array1<()>>) -> Result<Signs, linfa::Error> {
            Ok(Signs)
        }
    }

    impl PredictInplace<Array2<f64>, Array1<Option<usize>>> for Signs {
        fn predict_inplace<'a>(&'a self, x: &'a Array2<f64>, y: &mut Array1<Option<usize>>) {
            *y = x.column(0).mapv(|value| if value == 0.0 { None } else { Some(3 + 4 * usize::from(value > 0.0)) });
        }

        fn default_target(&self, x: &Array2<f64>) -> Array1<Option<usize>> {
            Array1::from_elem(x.nrows(), None)
        }
    }

    #[test]
    fn numbers_with_gaps_and_rows_of_nobody_are_kept_apart() -> Result<(), SegmentError> {
        let strategy = Adapter::new("signs", Signs);
        let x = array![[-1.0], [0.0], [2.0], [3.0]];
        let fit = strategy.fit(x.view(), &FitContext::new(0))?;
        assert_eq!(fit.labels, [Some(SegmentId(1)), None, Some(SegmentId(0)), Some(SegmentId(0))]);
        assert_eq!(fit.model.assign(x.view()), fit.labels);
        // Fitted to one sign only, the other is no segment.
        let one = strategy.fit(array![[1.0]].view(), &FitContext::new(0))?;
        assert_eq!(one.model.assign(array![[-1.0], [1.0]].view()), [None, Some(SegmentId(0))]);
        let none = strategy.fit(array![[0.0]].view(), &FitContext::new(0));
        assert!(matches!(none, Err(SegmentError::BadFit { .. })));
        Ok(())
    }
}
