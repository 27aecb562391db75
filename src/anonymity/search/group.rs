//! Rows or classes to classes of a more general node: one look-up a chunk, one probe a class.

use super::chunk::{Chunk, mask};
use super::class_list::{ClassList, Spread};
use super::dense;
use super::pack::runs;
use crate::anonymity::loss::QuasiColumn;

/// An open-addressing table that is reused from node to node.
#[derive(Debug, Default)]
pub(super) struct Grouper {
    slots: Vec<Slot>,
    /// Slots in use, in the order of their first key: a reset touches only these.
    used: Vec<u32>,
    /// Of direct addressing.
    cells: Vec<u32>,
    /// Of every source class, its class.
    pub(super) class_of: Vec<u32>,
    pub(super) classes: ClassList,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u64,
    n: u32,
    /// One more than the class; 0 if the slot is free.
    class: u32,
}

/// How a key generalises: of every chunk its place and its table.
struct Step<'t> {
    shift: u32,
    mask: u64,
    table: &'t [u32],
}

impl Grouper {
    /// Numbers different keys, ascending.
    pub(super) fn number(&mut self, keys: &[u64]) -> (Vec<u64>, Vec<u32>) {
        self.class_of.clear();
        self.class_of.resize(keys.len(), 0);
        let ones = std::iter::repeat_n(1, keys.len());
        self.fill::<true>(keys.len(), keys.len(), keys.iter().copied().zip(ones));
        self.drain();
        let mut class_of = std::mem::take(&mut self.class_of);
        // PERF: in the order of keys, neighbours fall into one class as soon as the low columns generalise.
        let mut order: Vec<(u64, u32)> = std::mem::take(&mut self.classes.keys).into_iter().zip(0..).collect();
        order.sort_unstable();
        let mut place_of = vec![0_u32; order.len()];
        for (place, (_, class)) in (0..).zip(&order) {
            if let Some(at) = place_of.get_mut(*class as usize) {
                *at = place;
            }
        }
        for class in &mut class_of {
            *class = place_of.get(*class as usize).copied().unwrap_or(0);
        }
        (order.into_iter().map(|(key, _)| key).collect(), class_of)
    }

    /// Groups classes by their key at a node, which is as general as theirs or more.
    ///
    /// With `remembers`, the class of every source class can be asked for afterwards.
    pub(super) fn group(
        &mut self,
        source: &ClassList,
        chunks: &[Chunk],
        columns: &[QuasiColumn],
        node: &[u8],
        remembers: bool,
    ) {
        let tables =
            || chunks.iter().filter_map(|chunk| Some((chunk.shift, chunk.bits(), chunk.table(columns, node)?)));
        let n_labels = columns.iter().zip(node).map(|(column, level)| {
            column.levels.get(usize::from(*level)).map_or(1, |level| usize::try_from(level.n_labels).unwrap_or(1))
        });
        let most = n_labels.fold(1_usize, usize::saturating_mul).min(source.len());
        let is_plain =
            !remembers && source.n_population.is_empty() && source.first_rows.is_empty() && source.spreads.is_empty();
        if !is_plain {
            self.class_of.clear();
            self.class_of.resize(source.len(), 0);
        }
        // PERF: no probe and no growth; `anonymity/search/ours/synth1m_8` takes two thirds of the time.
        if let Some((digits, n_cells)) = dense::digits(tables(), source.len()) {
            let Self { cells, classes, class_of, .. } = self;
            if is_plain {
                dense::count(source, &digits, n_cells, cells);
                dense::take(&digits, cells, classes);
            } else {
                dense::number(source, &digits, n_cells, cells, classes, class_of);
                self.carry(source);
            }
            return;
        }
        let steps: Vec<Step<'_>> =
            tables().map(|(shift, bits, table)| Step { shift, mask: mask(bits), table: &table.codes }).collect();
        let counted = source.keys.iter().copied().zip(source.n.iter().copied());
        match (steps.as_slice(), is_plain) {
            ([a], true) => self.fill::<false>(most, source.len(), counted.map(|(key, n)| (a.at(key), n))),
            ([a, b], true) => {
                self.fill::<false>(most, source.len(), counted.map(|(key, n)| (a.at(key) | b.at(key), n)))
            }
            ([a, b, c], true) => {
                self.fill::<false>(most, source.len(), counted.map(|(key, n)| (a.at(key) | b.at(key) | c.at(key), n)));
            }
            ([a, b, c, d], true) => {
                let key = |key| a.at(key) | b.at(key) | c.at(key) | d.at(key);
                self.fill::<false>(most, source.len(), counted.map(|(k, n)| (key(k), n)));
            }
            (steps, is_plain) => {
                let key = |key: u64| steps.iter().fold(0, |sum, step| sum | step.at(key));
                if is_plain {
                    self.fill::<false>(most, source.len(), counted.map(|(k, n)| (key(k), n)));
                } else {
                    self.fill::<true>(most, source.len(), counted.map(|(k, n)| (key(k), n)));
                }
            }
        }
        self.drain();
        if !is_plain {
            self.carry(source);
        }
    }

    /// Adds up equal keys.
    // PERF: keys are spread by one multiplication; at least half of the slots are free, so most probes hit at once. The
    // slots in use start few and double, so that those of a general node stay in the nearest cache.
    #[expect(clippy::indexing_slicing, reason = "places are masked by a power of two, which is the number of slots")]
    fn fill<const REMEMBER: bool>(&mut self, most: usize, n_sources: usize, counted: impl Iterator<Item = (u64, u32)>) {
        let mut n_slots = (2 * most.clamp(8, FIRST_CLASSES.max(n_sources / 8))).next_power_of_two();
        self.reserve(n_slots);
        self.used.clear();
        let mut class_of = self.class_of.iter_mut();
        let mut slots = &mut self.slots[..n_slots];
        let mut shift = u64::BITS - n_slots.trailing_zeros();
        for (key, n) in counted {
            let mut place = (key.wrapping_mul(SPREAD) >> shift) as usize;
            loop {
                let slot = &mut slots[place & (n_slots - 1)];
                if slot.key == key && slot.class != 0 {
                    slot.n += n;
                } else if slot.class == 0 {
                    self.used.push((place & (n_slots - 1)) as u32);
                    *slot = Slot { key, n, class: self.used.len() as u32 };
                } else {
                    place += 1;
                    continue;
                }
                if REMEMBER && let Some(class) = class_of.next() {
                    *class = slot.class - 1;
                }
                break;
            }
            if 2 * self.used.len() > n_slots {
                n_slots *= 2;
                shift -= 1;
                grow(&mut self.slots, &mut self.used, n_slots);
                slots = &mut self.slots[..n_slots];
            }
        }
    }

    fn reserve(&mut self, n_slots: usize) {
        if self.slots.len() < n_slots {
            self.slots.resize(n_slots, Slot::default());
        }
    }

    /// Takes the classes out and frees their slots.
    #[expect(clippy::indexing_slicing, reason = "places of slots that were taken")]
    fn drain(&mut self) {
        let Self { slots, used, classes, .. } = self;
        classes.keys.clear();
        classes.n.clear();
        classes.keys.reserve(used.len());
        classes.n.reserve(used.len());
        for place in used.iter() {
            let slot = &mut slots[*place as usize];
            classes.keys.push(slot.key);
            classes.n.push(slot.n);
            slot.class = 0;
        }
    }

    /// Adds up what else is counted.
    fn carry(&mut self, source: &ClassList) {
        let n_classes = self.classes.len();
        let class_of = self.class_of.as_slice();
        let add = |to: &mut Vec<u32>, from: &[u32], start: u32, join: fn(u32, u32) -> u32| {
            to.clear();
            if !from.is_empty() {
                to.resize(n_classes, start);
            }
            for (class, value) in class_of.iter().zip(from) {
                if let Some(at) = to.get_mut(*class as usize) {
                    *at = join(*at, *value);
                }
            }
        };
        add(&mut self.classes.n_population, &source.n_population, 0, |a, b| a + b);
        add(&mut self.classes.first_rows, &source.first_rows, u32::MAX, u32::min);
        self.classes.spreads.resize_with(source.spreads.len(), || Spread::new(0));
        for (to, from) in self.classes.spreads.iter_mut().zip(&source.spreads) {
            let n_values = from.n_values();
            let same = matches!((&*to, Spread::new(n_values)),
                (Spread::Dense { n_values: a, .. }, Spread::Dense { .. }) if *a == n_values);
            if !same {
                *to = Spread::new(n_values);
            }
            match to {
                Spread::Dense { counts, .. } => add_dense(counts, n_values, n_classes, class_of, from),
                Spread::Sparse { .. } => *to = add_sparse(n_values, n_classes, class_of, from),
            }
        }
    }
}

/// Moves the classes to their places among more slots.
#[expect(clippy::indexing_slicing, reason = "places are masked by a power of two, which is the number of slots")]
fn grow(slots: &mut Vec<Slot>, used: &mut [u32], n_slots: usize) {
    let moved: Vec<Slot> = used.iter().map(|place| std::mem::take(&mut slots[*place as usize])).collect();
    if slots.len() < n_slots {
        slots.resize(n_slots, Slot::default());
    }
    let shift = u64::BITS - n_slots.trailing_zeros();
    for (at, slot) in used.iter_mut().zip(moved) {
        let mut place = (slot.key.wrapping_mul(SPREAD) >> shift) as usize & (n_slots - 1);
        while slots[place].class != 0 {
            place = (place + 1) & (n_slots - 1);
        }
        slots[place] = slot;
        *at = place as u32;
    }
}

impl Step<'_> {
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "tables have a power of two of codes, masked to its bits")]
    fn at(&self, key: u64) -> u64 {
        u64::from(self.table[((key >> self.shift) & self.mask) as usize]) << self.shift
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "classes are below n_classes and values below n_values, which size the rows"
)]
fn add_dense(counts: &mut Vec<u32>, n_values: usize, n_classes: usize, class_of: &[u32], from: &Spread) {
    counts.clear();
    counts.resize(n_classes * n_values, 0);
    match from {
        Spread::Dense { counts: source, .. } => {
            if n_values == 0 {
                return;
            }
            for (class, row) in class_of.iter().zip(source.chunks_exact(n_values)) {
                let start = *class as usize * n_values;
                for (at, n) in counts[start..start + n_values].iter_mut().zip(row) {
                    *at += n;
                }
            }
        }
        Spread::Sparse { ends, pairs, .. } => {
            let mut start = 0;
            for (class, end) in class_of.iter().zip(ends) {
                for (value, n) in &pairs[start..*end] {
                    counts[*class as usize * n_values + *value as usize] += n;
                }
                start = *end;
            }
        }
    }
}

fn add_sparse(n_values: usize, n_classes: usize, class_of: &[u32], from: &Spread) -> Spread {
    let classes = class_of.iter().enumerate();
    let triples = classes.flat_map(|(source, class)| from.run(source).iter().map(|(value, n)| (*class, *value, *n)));
    runs(n_classes, n_values, triples.collect())
}

/// Classes for which there is room at first.
const FIRST_CLASSES: usize = 1024;
/// An odd number near 2⁶⁴ over the golden ratio.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
