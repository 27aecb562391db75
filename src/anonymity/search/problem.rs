//! Everything about a search that does not change while it runs.

use std::sync::Mutex;

use super::chunk::Chunk;
use super::class_list::ClassList;
use super::evaluate::Worker;
use super::lattice::Lattice;
use super::pack::{Packed, quasi_columns};
use crate::anonymity::criteria::ClassRules;
use crate::anonymity::loss::{Bounds, LossModel};
use crate::anonymity::prepared::Prepared;
use crate::anonymity::{AnonymityError, Metric};

/// The table, what is asked, and what both together say of every column.
#[derive(Debug)]
pub(super) struct Problem<'a> {
    pub(super) prepared: Prepared<'a>,
    pub(super) lattice: Lattice,
    pub(super) rules: ClassRules,
    pub(super) model: LossModel,
    pub(super) bounds: Bounds,
    pub(super) chunks: Vec<Chunk>,
    /// Of every row of the table, its different row.
    pub(super) tuple_of_row: Vec<u32>,
    /// Columns that hold more than one value, those with most first.
    pub(super) widest_first: Vec<usize>,
    /// Rows that may be suppressed.
    pub(super) allowed: u64,
    /// Tables that are not in use.
    workers: Mutex<Vec<Worker>>,
}

impl<'a> Problem<'a> {
    /// Gives the problem and the different rows of the table.
    pub(super) fn new(prepared: Prepared<'a>) -> Result<(Self, ClassList), AnonymityError> {
        let lattice = Lattice::new(&prepared)?;
        let rules = ClassRules::new(&prepared)?;
        let (columns, to_codes) = quasi_columns(&prepared)?;
        let packed = Packed::new(&prepared, &columns, &to_codes, !rules.sample.is_empty())?;
        let model = LossModel::new(&prepared, columns)?;
        let bounds = Bounds::new(&model);
        let allowed = prepared.plan.limit.rows(prepared.n);
        let Packed { chunks, tuples, tuple_of_row } = packed;
        let width = |place: &usize| model.columns.get(*place).map_or(0, |column| column.values.len());
        let mut widest_first: Vec<usize> = (0..model.columns.len()).filter(|place| width(place) > 1).collect();
        widest_first.sort_by_key(|place| std::cmp::Reverse(width(place)));
        let workers = Mutex::new(Vec::new());
        Ok((
            Self { prepared, lattice, rules, model, bounds, chunks, tuple_of_row, widest_first, allowed, workers },
            tuples,
        ))
    }

    /// The value of a column in a key.
    pub(super) fn code(&self, key: u64, column: usize) -> usize {
        self.chunks.iter().find_map(|chunk| chunk.code(key, column)).unwrap_or(0) as usize
    }

    /// The values of all columns in a key.
    pub(super) fn codes(&self, key: u64) -> impl Iterator<Item = usize> {
        (0..self.model.columns.len()).map(move |column| self.code(key, column))
    }

    /// Whether losses need the share of every class.
    pub(super) fn is_class_metric(&self) -> bool {
        matches!(self.model.metric, Metric::Ebil | Metric::Payout | Metric::PayoutJournalist)
    }

    /// Lends a worker: its tables are as large as the last node needed.
    pub(super) fn with_worker<T>(&self, work: impl FnOnce(&mut Worker) -> T) -> T {
        let idle = self.workers.lock().ok().and_then(|mut idle| idle.pop());
        let mut worker = idle.unwrap_or_default();
        let result = work(&mut worker);
        if let Ok(mut idle) = self.workers.lock() {
            idle.push(worker);
        }
        result
    }
}
