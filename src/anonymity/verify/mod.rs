//! The verifier: re-checks an output before it may leave.
//!
//! It reads the very bytes that would be written, groups them in plain ordered maps, and recomputes every criterion and
//! the loss by their definitions. Written apart from the models: it shares no code with packing, search or recoding, so
//! that one mistake cannot both make and pass an output.

mod audit;
mod class;
mod label;
mod loss;
mod output;
mod reading;
mod rules;
mod verified;

pub use output::Output;
pub use verified::Verified;
