//! What was done, for which purpose and with what outcome: the record that proves it.
//!
//! Every stage appends events to an [`AuditTrail`]. Events hold counts and names of columns, never a value of a
//! person. The root of their Merkle tree ([`AuditTrail::root`]) stands in every output, so that a trail shown later
//! can be checked against it.

mod event;
mod trail;
mod tree;

pub use event::{Action, AuditEvent, Outcome};
pub use trail::{AuditTrail, Root};
