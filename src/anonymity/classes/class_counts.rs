//! Class counts that follow rows as they come and go.

use std::collections::BTreeMap;
use std::collections::hash_map::{Entry, HashMap};
use std::fmt;
use std::hash::Hash;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ClassSizes;
use crate::anonymity::AnonymityError;
use crate::anonymity::criterion::within;

/// The rows of every class, up to date after every row that comes or goes, and the classes with fewer than k.
///
/// `T` is what names a class: codes, labels, or a key of the caller's. Partial counts of several machines merge to the
/// counts of all, in any order. Consent withdrawn is a row removed: the answer says at once whether its class is too small.
///
/// # Privacy
/// Holds what names classes; serialised counts are personal data. `Debug` shows numbers only.
///
/// # Complexity
/// [`insert`](ClassCounts::insert), [`remove`](ClassCounts::remove) and all questions `O(1)`, merging `O(classes)`.
///
/// # Examples
/// ```
/// use consentric::anonymity::ClassCounts;
/// let mut counts = ClassCounts::new(2)?;
/// assert!(counts.insert(("Bonn", 30))?.is_below_k());
/// assert!(!counts.insert(("Bonn", 30))?.is_below_k());
/// assert!(counts.remove(&("Bonn", 30))?.fell_below_k());
/// assert_eq!((counts.n_classes_below_k(), counts.n_rows_below_k()), (1, 1));
/// # Ok::<(), consentric::anonymity::AnonymityError>(())
/// ```
#[derive(Clone)]
pub struct ClassCounts<T> {
    k: u64,
    counts: HashMap<T, u64>,
    n_rows: u64,
    n_classes_below: u64,
    n_rows_below: u64,
}

/// What a row that came or went did to its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassChange {
    before: u64,
    after: u64,
    k: u64,
}

impl ClassChange {
    /// Gives the rows of the class before.
    pub const fn before(self) -> u64 {
        self.before
    }

    /// Gives the rows of the class now.
    pub const fn after(self) -> u64 {
        self.after
    }

    /// Says whether the class has rows, but fewer than k.
    pub const fn is_below_k(self) -> bool {
        self.after > 0 && self.after < self.k
    }

    /// Says whether the class had k rows and has fewer now, but some.
    pub const fn fell_below_k(self) -> bool {
        self.before >= self.k && self.is_below_k()
    }
}

impl<T: Eq + Hash> ClassCounts<T> {
    /// Begins without a row.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for a `k` of 0.
    pub fn new(k: u64) -> Result<Self, AnonymityError> {
        within("k", k as f64, k > 0, "1 or more")?;
        Ok(Self { k, counts: HashMap::new(), n_rows: 0, n_classes_below: 0, n_rows_below: 0 })
    }

    /// Counts a row that came.
    ///
    /// # Errors
    /// [`AnonymityError::TooLarge`] beyond 2⁶⁴ - 1 rows; nothing changes then.
    pub fn insert(&mut self, class: T) -> Result<ClassChange, AnonymityError> {
        self.add(class, 1)
    }

    /// Counts a row that went.
    ///
    /// # Errors
    /// [`AnonymityError::NotCounted`] if the class has no row; nothing changes then.
    pub fn remove(&mut self, class: &T) -> Result<ClassChange, AnonymityError> {
        let count = self.counts.get_mut(class).ok_or(AnonymityError::NotCounted)?;
        let before = *count;
        *count -= 1;
        if *count == 0 {
            self.counts.remove(class);
        }
        self.n_rows -= 1;
        Ok(self.moved(before, before - 1))
    }

    /// Adds the counts of another part of the rows.
    ///
    /// # Errors
    /// [`AnonymityError::OtherK`] if they were made for another k, [`AnonymityError::TooLarge`] beyond 2⁶⁴ - 1 rows; nothing
    /// changes then.
    pub fn merge(&mut self, other: Self) -> Result<(), AnonymityError> {
        if other.k != self.k {
            return Err(AnonymityError::OtherK { found: other.k, expected: self.k });
        }
        self.n_rows.checked_add(other.n_rows).ok_or(TOO_LARGE)?;
        for (class, n) in other.counts {
            self.add(class, n)?;
        }
        Ok(())
    }

    /// Gives k.
    pub const fn k(&self) -> u64 {
        self.k
    }

    /// Gives the rows of a class.
    pub fn count(&self, class: &T) -> u64 {
        self.counts.get(class).copied().unwrap_or(0)
    }

    /// Gives the rows in all classes.
    pub const fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Gives the number of classes.
    pub fn n_classes(&self) -> u64 {
        self.counts.len() as u64
    }

    /// Gives the number of classes with fewer than k rows.
    pub const fn n_classes_below_k(&self) -> u64 {
        self.n_classes_below
    }

    /// Gives the rows in classes with fewer than k.
    pub const fn n_rows_below_k(&self) -> u64 {
        self.n_rows_below
    }

    /// Says whether every class has at least k rows.
    pub const fn is_k_anonymous(&self) -> bool {
        self.n_classes_below == 0
    }

    /// Gives how many classes have how many rows.
    ///
    /// # Complexity
    /// `O(classes)`.
    pub fn class_sizes(&self) -> ClassSizes {
        ClassSizes::from_sizes(self.counts.values().copied())
    }

    fn add(&mut self, class: T, n: u64) -> Result<ClassChange, AnonymityError> {
        self.n_rows = self.n_rows.checked_add(n).ok_or(TOO_LARGE)?;
        let count = match self.counts.entry(class) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(0),
        };
        let before = *count;
        // No class has more rows than all together.
        *count += n;
        let after = *count;
        Ok(self.moved(before, after))
    }

    fn moved(&mut self, before: u64, after: u64) -> ClassChange {
        if before > 0 && before < self.k {
            self.n_classes_below -= 1;
            self.n_rows_below -= before;
        }
        if after > 0 && after < self.k {
            self.n_classes_below += 1;
            self.n_rows_below += after;
        }
        ClassChange { before, after, k: self.k }
    }
}

impl<T: Eq + Hash> PartialEq for ClassCounts<T> {
    fn eq(&self, other: &Self) -> bool {
        self.k == other.k && self.counts == other.counts
    }
}

impl<T: Eq + Hash> Eq for ClassCounts<T> {}

impl<T> fmt::Debug for ClassCounts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, classes, below, k) = (self.n_rows, self.counts.len(), self.n_classes_below, self.k);
        write!(f, "ClassCounts({rows} rows, {classes} classes, {below} below k = {k})")
    }
}

/// What counts look like in a file: classes in their order, so that equal counts give equal bytes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<T> {
    k: u64,
    classes: Vec<(T, u64)>,
}

impl<T: Eq + Hash + Ord + Serialize> Serialize for ClassCounts<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sorted: BTreeMap<&T, u64> = self.counts.iter().map(|(class, n)| (class, *n)).collect();
        Stored { k: self.k, classes: sorted.into_iter().collect() }.serialize(serializer)
    }
}

impl<'de, T: Eq + Hash + Deserialize<'de>> Deserialize<'de> for ClassCounts<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let stored = Stored::<T>::deserialize(deserializer)?;
        let mut counts = Self::new(stored.k).map_err(D::Error::custom)?;
        for (class, n) in stored.classes {
            let change = counts.add(class, n).map_err(D::Error::custom)?;
            if n == 0 || change.before > 0 {
                return Err(D::Error::custom("a class is counted twice, or has no row"));
            }
        }
        Ok(counts)
    }
}

const TOO_LARGE: AnonymityError = AnonymityError::TooLarge { what: "rows", limit: u64::MAX };
