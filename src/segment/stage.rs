//! The segment door: from features to who is where.

use std::fmt;

use super::checks::check_fit;
use super::{FitContext, Model, SegmentError, SegmentId, Strategy};
use crate::audit::{Action, Outcome};
use crate::consent::Run;
use crate::feature::Features;
use crate::protect::Pseudonym;
use crate::warning::Warning;

/// Who is in which segment: the most telling personal data of all.
///
/// Made by [`Features::segment`] only. The way on is [`release`](Segmentation::release).
///
/// # Privacy
/// Neither printable nor serialisable; sizes can be asked for, and the segment of one known pseudonym.
pub struct Segmentation<'a> {
    pub(crate) features: &'a Features,
    pub(crate) labels: Vec<Option<SegmentId>>,
    pub(crate) model: Box<dyn Model>,
    pub(crate) strategy: String,
    pub(crate) seed: u64,
    pub(crate) rounds: usize,
    pub(crate) converged: bool,
    pub(crate) run: Run,
}

impl Features {
    /// Divides the customers into segments by a strategy.
    ///
    /// The strategy sees the scaled matrix and nothing else. Features stay usable, so that several strategies can be compared on the same customers.
    ///
    /// # Errors
    /// [`SegmentError`] of the strategy, or [`SegmentError::BadFit`] if its result does not fit its input.
    ///
    /// # Complexity
    /// That of the strategy.
    pub fn segment(&self, strategy: &dyn Strategy, context: &FitContext<'_>) -> Result<Segmentation<'_>, SegmentError> {
        let fit = strategy.fit(self.x.view(), context)?;
        check_fit(strategy.name(), &fit, self.n_customers())?;
        let mut run = self.run.clone();
        run.warnings.extend(fit.warnings);
        if !fit.converged && !run.warnings.iter().any(|warning| matches!(warning, Warning::NotConverged { .. })) {
            run.warnings.push(Warning::NotConverged { rounds: fit.rounds });
        }
        let event = run.trail.push(run.at, Action::Segment, &run.purpose, Outcome::None);
        strategy.name().clone_into(&mut event.detail);
        event.counts.insert("customers".to_owned(), self.n_customers() as u64);
        event.counts.insert("segments".to_owned(), fit.model.n_segments() as u64);
        event.counts.insert("rounds".to_owned(), fit.rounds as u64);
        Ok(Segmentation {
            features: self,
            labels: fit.labels,
            model: fit.model,
            strategy: strategy.name().to_owned(),
            seed: context.seed(),
            rounds: fit.rounds,
            converged: fit.converged,
            run,
        })
    }
}

impl Segmentation<'_> {
    /// Gives the number of segments, empty ones included.
    pub fn n_segments(&self) -> usize {
        self.model.n_segments()
    }

    /// Gives the number of customers of every segment, counted from the assignment.
    ///
    /// # Privacy
    /// Small counts are personal data; `release` hides them.
    pub fn sizes(&self) -> Vec<u64> {
        let mut sizes = vec![0; self.n_segments()];
        for segment in self.labels.iter().flatten() {
            if let Some(size) = sizes.get_mut(segment.index()) {
                *size += 1;
            }
        }
        sizes
    }

    /// Gives the segment of the customer under a pseudonym of this run: `None` if there is no such customer,
    /// `Some(None)` for one who belongs to no segment.
    ///
    /// # Privacy
    /// A segment is personal data: answer it to the person, or use it under the purpose of the run.
    ///
    /// # Complexity
    /// `O(n_customers)`, each comparison in constant time.
    pub fn segment_of(&self, pseudonym: &Pseudonym) -> Option<Option<SegmentId>> {
        let place = self.features.pseudonyms.iter().position(|known| known == pseudonym)?;
        self.labels.get(place).copied()
    }

    /// Gives the number of customers who belong to no segment.
    pub fn n_no_segment(&self) -> u64 {
        self.labels.iter().filter(|label| label.is_none()).count() as u64
    }
}

impl fmt::Debug for Segmentation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Segmentation({} customers in {} segments)", self.labels.len(), self.n_segments())
    }
}
