//! Decisions compiled for the hot path.

mod block;
mod due;
mod state;
mod store;
mod watch;

pub use store::Snapshot;
