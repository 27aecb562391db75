//! What happens to the customers of a run while it runs.

use super::store::Snapshot;
use crate::consent::{ConsentWatch, Question};
use crate::time::Timestamp;

/// The customers of one run.
pub(super) struct Watching {
    pub(super) snapshot: Snapshot,
    pub(super) question: Question,
    pub(super) at: Timestamp,
    pub(super) epoch: u64,
    /// Ascending.
    pub(super) customers: Vec<u32>,
}

impl ConsentWatch for Watching {
    fn n_denied(&self) -> u64 {
        self.snapshot.n_denied_since(self.epoch, &self.question, self.at, &self.customers)
    }
}
