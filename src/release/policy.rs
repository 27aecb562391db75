//! The rule of release.

use super::ReleaseError;

/// Releases only aggregates over at least k customers.
///
/// # Privacy
/// k-anonymity resists singling out. It does not by itself stop linking or inference: a segment of k customers who
/// all share a trait still tells the trait. Nor does it stop somebody who knows this rule from narrowing down how many
/// customers a hidden segment has.
///
/// # References
/// Sweeney: *k-anonymity: a model for protecting privacy*, IJUFKS 2002.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KAnonymity {
    k: u64,
    suppression: bool,
}

impl KAnonymity {
    /// Demands at least `k` customers behind every figure.
    ///
    /// Median and quartiles leave as they are: of fewer than ten customers they are nearly the values of single ones,
    /// so choose 10 or more for anything that leaves the house.
    ///
    /// # Errors
    /// [`ReleaseError::Threshold`] below 2.
    pub const fn new(k: u64) -> Result<Self, ReleaseError> {
        if k < 2 { Err(ReleaseError::Threshold { k }) } else { Ok(Self { k, suppression: true }) }
    }

    /// Gives k.
    pub const fn k(&self) -> u64 {
        self.k
    }

    /// Says whether figures below k are hidden.
    pub const fn suppresses(&self) -> bool {
        self.suppression
    }

    /// Opens the settings that weaken the protection; each leaves an audit event.
    pub const fn dangerous(self) -> Dangerous {
        Dangerous(self)
    }
}

/// Settings that weaken the protection, spelled so that a reviewer finds them.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Dangerous(KAnonymity);

impl Dangerous {
    /// Shows every segment however small; the result is marked "not for release" everywhere.
    ///
    /// # Privacy
    /// Figures may describe a single customer: for the eyes of those who may see the customers anyway.
    pub const fn without_suppression(self) -> KAnonymity {
        KAnonymity { suppression: false, ..self.0 }
    }
}
