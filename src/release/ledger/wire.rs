//! Numbers and texts as bytes: big endian, every list behind its length.

use super::estimate::{BucketCounts, BucketMarks};
use super::set::{MemberSet, PairSet, Set, SetForm, Shape};
use super::sketch::SPARE;
use super::{CharacteristicSketch, Digest, KeyedSet};

/// Bytes being written.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

/// Bytes being read; every method gives `None` at the end.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Writer {
    pub(super) fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn number(&mut self, value: u32) {
        self.0.extend(value.to_be_bytes());
    }

    pub(super) fn long(&mut self, value: u64) {
        self.0.extend(value.to_be_bytes());
    }

    pub(super) fn digest(&mut self, value: &Digest) {
        self.0.extend(value.as_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.0.extend(text.as_bytes());
    }

    pub(super) fn numbers(&mut self, values: &[u32]) {
        self.number(values.len() as u32);
        values.iter().for_each(|value| self.number(*value));
    }

    pub(super) fn longs(&mut self, values: &[u64]) {
        self.number(values.len() as u32);
        values.iter().for_each(|value| self.long(*value));
    }

    pub(super) fn members(&mut self, members: &MemberSet) {
        for count in members.counts.counts() {
            self.0.extend(count.to_be_bytes());
        }
        self.set(&members.set);
    }

    pub(super) fn pairs(&mut self, pairs: &PairSet) {
        self.0.extend(pairs.marks.marks());
        self.set(&pairs.set);
    }

    fn set(&mut self, set: &Set) {
        self.long(set.n());
        match set {
            Set::Sketch(sketch) => sketch.values().iter().for_each(|value| self.long(*value)),
            Set::Exact(set) => set.elements().iter().for_each(|element| self.long(*element)),
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Whether everything was read.
    pub(super) const fn is_done(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(n)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn long(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn digest(&mut self) -> Option<Digest> {
        self.array().map(Digest::from_bytes)
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.number()? as usize;
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }

    /// The length of a list whose entries take at least `size` bytes: never more than the bytes that are left.
    pub(super) fn length(&mut self, size: usize) -> Option<usize> {
        let length = self.number()? as usize;
        (length.checked_mul(size)? <= self.bytes.len() - self.at).then_some(length)
    }

    pub(super) fn numbers(&mut self) -> Option<Vec<u32>> {
        let length = self.length(4)?;
        (0..length).map(|_| self.number()).collect()
    }

    pub(super) fn longs(&mut self) -> Option<Vec<u64>> {
        let length = self.length(8)?;
        (0..length).map(|_| self.long()).collect()
    }

    pub(super) fn members(&mut self, shape: Shape) -> Option<MemberSet> {
        let counts = self.take(shape.n_buckets().checked_mul(2)?)?;
        let counts = counts.chunks_exact(2).filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
        Some(MemberSet { counts: BucketCounts::new(counts.collect()), set: self.set(shape)? })
    }

    pub(super) fn pairs(&mut self, shape: Shape) -> Option<PairSet> {
        let marks = BucketMarks::new(self.take(shape.n_buckets())?.to_vec());
        Some(PairSet { marks, set: self.set(shape)? })
    }

    fn set(&mut self, shape: Shape) -> Option<Set> {
        let n = self.long()?;
        let length = match shape.form {
            SetForm::Sketch => shape.capacity.checked_add(SPARE)?,
            SetForm::Exact => usize::try_from(n).ok()?,
        };
        let words = self.take(length.checked_mul(8)?)?.chunks_exact(8);
        let values = words.filter_map(|word| Some(u64::from_be_bytes(word.try_into().ok()?))).collect();
        match shape.form {
            SetForm::Sketch => CharacteristicSketch::stored(n, values).map(Set::Sketch),
            SetForm::Exact => KeyedSet::stored(values).map(Set::Exact),
        }
    }
}
