//! What a reader can work out, exactly.

mod certificate;
mod elimination;
mod integral;
mod interval;
mod report;
mod tableau;

pub(super) use certificate::{Search, Shift};
pub(super) use elimination::{determined, peel};
pub(super) use interval::{Bounds, Room};
pub use report::{Audit, Interval};
pub(super) use tableau::Allowance;
pub use tableau::TooLarge;
