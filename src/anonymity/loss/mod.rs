//! How much a node loses: every metric of one node, and bounds that need no grouping.

mod aggregate;
mod bound;
mod columns;
mod factors;
mod node;

pub(super) use aggregate::{Combine, Loss};
pub(super) use bound::Bounds;
pub(super) use columns::QuasiColumn;
pub(super) use factors::{Factors, floor10};
pub(super) use node::{ClassSize, Fate, LossModel, fixed, unfixed};
