//! Protection: identifiers become pseudonyms, columns nobody declared are dropped.
//!
//! Pseudonymised data is still personal data (GDPR Art. 4(5), Rec. 26): it keeps names out of the analysis, it does
//! not make anybody anonymous. Only [`release`](crate::release) does something about that.

mod error;
mod key;
mod plan;
mod pseudonym;
mod stage;

pub use error::ProtectError;
pub use key::MasterKey;
pub use plan::ProtectPlan;
pub use pseudonym::{Pseudonym, PseudonymDomain, Pseudonymiser};
pub use stage::Protected;
