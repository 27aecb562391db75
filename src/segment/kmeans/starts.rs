//! Many starts, the best kept.

use std::sync::{Mutex, PoisonError};

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::lloyd::{self, Run, Step, Stop};
use super::seeding;
use crate::segment::checks;
use crate::segment::table::Table;
use crate::segment::{FitContext, Round, SegmentError};

/// How often to start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Starts {
    /// Until enough of them agree on the best.
    UntilAgreed,
    /// So many.
    Fixed(usize),
}

/// Everything a search needs to know besides the rows.
pub(super) struct Search<'a> {
    pub(super) name: &'a str,
    pub(super) n_segments: usize,
    pub(super) starts: Starts,
    pub(super) stop: Stop,
    pub(super) context: &'a FitContext<'a>,
}

impl Search<'_> {
    /// Runs from given centroids, once.
    pub(super) fn run_given(&self, table: &Table<'_>, centroids: Vec<f64>) -> Result<Run, SegmentError> {
        self.run(table, centroids, 0, 1, &Mutex::new(None))
    }

    /// Runs from several seeded starts and gives the run with the lowest inertia, the first of equals.
    ///
    /// On many rows the starts run on a sample, and all rows are used from its best centroids on.
    pub(super) fn run_seeded(&self, table: &Table<'_>) -> Result<Run, SegmentError> {
        let n_starts = self.max_starts();
        match self.sample(table) {
            Some(sample) => {
                let best = self.best(&sample, n_starts + 1)?;
                self.run(table, best.centroids, n_starts, n_starts + 1, &Mutex::new(None))
            }
            None => self.best(table, n_starts),
        }
    }

    fn max_starts(&self) -> usize {
        match self.starts {
            Starts::UntilAgreed => MAX_STARTS,
            Starts::Fixed(n) => n.max(1),
        }
    }

    /// Gives the best of the starts on these rows; `n_shown` is the number of starts that progress speaks of.
    fn best(&self, table: &Table<'_>, n_shown: usize) -> Result<Run, SegmentError> {
        let stopped = Mutex::new(None);
        let start = |start: usize| {
            let seeds = seeding::greedy(table, self.n_segments, &mut self.rng(start as u64));
            self.run(table, seeds, start, n_shown, &stopped)
        };
        let n_starts = self.max_starts();
        // PERF: few rows keep one thread busy, so whole starts are shared out. Starts that turn out not to be needed
        // are thrown away, so the batch has no say in the result.
        let together = if table.is_large() { 1 } else { rayon::current_num_threads().min(AGREEING) };
        let mut best: Option<Run> = None;
        let mut found = Vec::with_capacity(n_starts.min(MAX_STARTS));
        for first in (0..n_starts).step_by(together) {
            let batch = first..(first + together).min(n_starts);
            let runs: Vec<Result<Run, SegmentError>> =
                if together == 1 { batch.map(start).collect() } else { batch.into_par_iter().map(start).collect() };
            for run in runs {
                let run = run?;
                found.push(run.inertia);
                if best.as_ref().is_none_or(|best| run.inertia < best.inertia) {
                    best = Some(run);
                }
                let bound = best.as_ref().map_or(0.0, |best| best.inertia * (1.0 + AGREEMENT));
                let n_agreeing = found.iter().filter(|&&inertia| inertia <= bound).count();
                if let (Starts::UntilAgreed, Some(best)) = (self.starts, best.take_if(|_| n_agreeing >= AGREEING)) {
                    return Ok(best);
                }
            }
        }
        // There is at least one start, and the first of them is the best so far.
        best.ok_or(SegmentError::Setting { setting: "restarts", allowed: "at least 1 is needed" })
    }

    /// Runs Lloyd's iteration and tells the hook about its rounds, one at a time.
    fn run(
        &self,
        table: &Table<'_>,
        centroids: Vec<f64>,
        start: usize,
        n_starts: usize,
        stopped: &Mutex<Option<SegmentError>>,
    ) -> Result<Run, SegmentError> {
        lloyd::run(table, centroids, self.stop, |step: Step| {
            // Starts that run side by side report one after the other, and none after the hook has asked to stop.
            let mut stopped = stopped.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(error) = stopped.as_ref() {
                return Err(error.clone());
            }
            let round = Round::new(self.name, step.round, self.stop.max_rounds, step.moved, step.inertia);
            let told = self.context.report(&round.of_start(start, n_starts));
            *stopped = told.as_ref().err().cloned();
            told
        })
    }

    /// Gives a sample of rows for the starts, in the order of the table; `None` if all rows are to be used.
    ///
    /// One row out of each of equally long stretches. A sample with fewer different rows than segments is of no use.
    fn sample<'t>(&self, table: &Table<'_>) -> Option<Table<'t>> {
        let (n, size) = (table.n_rows() as u128, SAMPLE_ROWS as u128);
        if n <= size {
            return None;
        }
        let mut rng = self.rng(u64::MAX);
        let mut values = Vec::with_capacity(SAMPLE_ROWS * table.width());
        for stretch in 0..size {
            let row = rng.gen_range((stretch * n / size) as u64..((stretch + 1) * n / size) as u64);
            values.extend_from_slice(table.row(row as usize));
        }
        let sample = Table::from_rows(values, table.width());
        let n_distinct = checks::count_distinct(sample.view(), self.n_segments);
        (n_distinct == self.n_segments).then_some(sample)
    }

    /// Gives the generator of a start; each start has its own, so that their order does not matter.
    fn rng(&self, start: u64) -> Xoshiro256PlusPlus {
        let stream = start.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32);
        Xoshiro256PlusPlus::seed_from_u64(self.context.seed().wrapping_mul(0xD134_2543_DE82_EF95) ^ stream)
    }
}

/// Most starts if their number is left to us.
const MAX_STARTS: usize = 64;
/// So many starts have to agree with the best one before the search ends early.
const AGREEING: usize = 8;
/// Relative difference of the inertia up to which two starts agree.
const AGREEMENT: f64 = 1e-4;
/// Above this many rows the starts run on a sample of so many.
const SAMPLE_ROWS: usize = 50_000;
