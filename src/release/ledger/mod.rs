//! What was released before, so that the difference of two releases gives nobody away.
//!
//! A [`PlannedRelease`] lists the cells that are to leave: who their members are, what each contributes, how they add up.
//! [`ReleaseLedger::would`] holds every cell against every earlier one and gives a [`Verdict`];
//! [`ReleaseLedger::commit`] writes the release down, and only then may it be handed out. The caller hides what is
//! withheld, audits the table again and asks again.
//!
//! | finding | verdict |
//! | --- | --- |
//! | fewer than the threshold are in a cell or an earlier one only | frozen if the earlier one is the same cell, else withheld |
//! | the same members, fewer than the threshold contribute something else | as above |
//! | what a margin leaves beside a cell, or beside all shown ones, is that close to something earlier | withheld |
//! | cells of the last twelve releases add up to a group of fewer than the threshold | withheld |
//! | the same definition with other centroids or cuts | refused |
//!
//! # How sets are compared
//! Customers become elements by HMAC-SHA-256 under the [`LedgerKey`]. Each set keeps counts of its members in some
//! hundred buckets, whose differences are a certain lower bound of the true one, and a [`CharacteristicSketch`] that
//! gives the exact difference up to its capacity. A pair (member, contribution) is an element by SipHash-2-4 under a key
//! that the member's HMAC gives. What cannot be decoded counts as small, unless the buckets prove that it is large.
//! [`SetForm::Exact`] keeps the elements themselves: needed for thresholds above 1000.
//!
//! Combinations need exact sets: those of the last twelve releases stand in the ledger as elements. Where the space of
//! combinations is too large to decide, the cells concerned are withheld as [`Finding::Undecided`].
//!
//! # The file
//! A header with version, form and capacity; then records, each behind its length and before its link, the HMAC over
//! the link before it and the record. A `.head` file beside it says how far the ledger reaches, a `.lock` file keeps
//! other writers out. A record that is whole but behind the head belongs to a program that ended before it handed the
//! release out: it counts as released. Merging, recovering or losing a ledger belongs in the audit log.

mod assess;
mod atoms;
mod built;
mod combination;
mod cut;
mod definition;
mod digest;
mod elimination;
mod error;
mod estimate;
mod field;
mod key;
mod keyed_set;
mod plan;
mod polynomial;
mod record;
mod release_ledger;
mod set;
mod siphash;
mod sketch;
mod state;
mod store;
mod verdict;
mod wire;

pub use definition::{CellDefinition, Measure};
pub use digest::Digest;
pub use error::LedgerError;
pub use key::LedgerKey;
pub use keyed_set::KeyedSet;
pub use plan::{ContributionsId, MembersId, PlannedCell, PlannedRelease, Population};
pub use release_ledger::{Assessment, ReleaseLedger};
pub use set::SetForm;
pub use sketch::{CharacteristicSketch, Difference, DifferenceSketch, NDifferent};
pub use verdict::{CellId, Finding, Receipt, Verdict};
