//! Classes of nodes that were evaluated: the start of the next ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::class_list::ClassList;
use super::lattice::{Signature, is_below};

/// The classes of evaluated nodes, the fewest first, within a limit of bytes.
#[derive(Debug)]
pub(super) struct History {
    /// Those of the table as it is: more special than every node.
    tuples: Arc<ClassList>,
    entries: Vec<Entry>,
    /// Of every entry.
    signatures: Vec<Signature>,
    nodes: BTreeSet<Box<[u8]>>,
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
        Self {
            tuples: Arc::new(tuples),
            entries: Vec::new(),
            signatures: Vec::new(),
            nodes: BTreeSet::new(),
            n_bytes: 0,
            max_bytes,
            clock: 0,
        }
    }

    /// The fewest classes from which a node can be made.
    pub(super) fn source(&mut self, node: &[u8]) -> Arc<ClassList> {
        self.clock += 1;
        match self.find(node).and_then(|place| self.entries.get_mut(place)) {
            Some(entry) => {
                entry.last_use = self.clock;
                Arc::clone(&entry.classes)
            }
            None => Arc::clone(&self.tuples),
        }
    }

    /// How few they are.
    pub(super) fn n_source_classes(&self, node: &[u8]) -> usize {
        self.find(node).and_then(|place| self.entries.get(place)).map_or(self.tuples.len(), |entry| entry.classes.len())
    }

    /// Whether the classes of a node are not there yet.
    pub(super) fn is_missing(&self, node: &[u8]) -> bool {
        !self.nodes.contains(node)
    }

    fn find(&self, node: &[u8]) -> Option<usize> {
        let signature = Signature::new(node);
        let candidates = self.signatures.iter().enumerate().filter(|(_, other)| other.may_be_below(signature));
        let is_found = |place: &usize| self.entries.get(*place).is_some_and(|entry| is_below(&entry.node, node));
        candidates.map(|(place, _)| place).find(is_found)
    }

    /// Those of the table as it is.
    pub(super) fn tuples(&self) -> &ClassList {
        &self.tuples
    }

    /// Keeps the classes of a node.
    pub(super) fn keep(&mut self, node: &[u8], classes: ClassList) {
        if !self.nodes.insert(node.into()) {
            return;
        }
        self.clock += 1;
        self.n_bytes += classes.n_bytes();
        let place = self.entries.partition_point(|entry| entry.classes.len() <= classes.len());
        self.signatures.insert(place, Signature::new(node));
        self.entries.insert(place, Entry { node: node.into(), classes: Arc::new(classes), last_use: self.clock });
        while self.n_bytes > self.max_bytes {
            let oldest = self.entries.iter().enumerate().min_by_key(|(_, entry)| entry.last_use);
            let Some((place, _)) = oldest else { break };
            self.signatures.remove(place);
            let gone = self.entries.remove(place);
            self.nodes.remove(&gone.node);
            self.n_bytes -= gone.classes.n_bytes();
        }
    }
}

/// Bytes that class histories may take: 64 MiB.
pub(super) const MAX_HISTORY_BYTES: usize = 64 << 20;
