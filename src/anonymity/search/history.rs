//! Classes of nodes that were evaluated: the start of the next ones.

use std::sync::Arc;

use super::class_list::ClassList;
use super::lattice::is_below;

/// The classes of evaluated nodes, the fewest first, within a limit of bytes.
#[derive(Debug)]
pub(super) struct History {
    /// Those of the table as it is: more special than every node.
    tuples: Arc<ClassList>,
    entries: Vec<Entry>,
    n_bytes: usize,
    max_bytes: usize,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    node: Box<[u8]>,
    classes: Arc<ClassList>,
    last_use: u64,
}

impl History {
    pub(super) fn new(tuples: ClassList, max_bytes: usize) -> Self {
        Self { tuples: Arc::new(tuples), entries: Vec::new(), n_bytes: 0, max_bytes, clock: 0 }
    }

    /// The fewest classes from which a node can be made.
    pub(super) fn source(&mut self, node: &[u8]) -> Arc<ClassList> {
        self.clock += 1;
        match self.entries.iter_mut().find(|entry| is_below(&entry.node, node)) {
            Some(entry) => {
                entry.last_use = self.clock;
                Arc::clone(&entry.classes)
            }
            None => Arc::clone(&self.tuples),
        }
    }

    /// Keeps the classes of a node.
    pub(super) fn keep(&mut self, node: &[u8], classes: ClassList) {
        self.clock += 1;
        self.n_bytes += classes.n_bytes();
        let place = self.entries.partition_point(|entry| entry.classes.len() <= classes.len());
        self.entries.insert(place, Entry { node: node.into(), classes: Arc::new(classes), last_use: self.clock });
        while self.n_bytes > self.max_bytes {
            let oldest = self.entries.iter().enumerate().min_by_key(|(_, entry)| entry.last_use);
            let Some((place, _)) = oldest else { break };
            let gone = self.entries.remove(place);
            self.n_bytes -= gone.classes.n_bytes();
        }
    }
}

/// Bytes that class histories may take: 64 MiB.
pub(super) const MAX_HISTORY_BYTES: usize = 64 << 20;
