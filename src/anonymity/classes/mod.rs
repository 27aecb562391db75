//! Classes: rows whose codes are equal in every column, and how many there are of each.
//!
//! [`ClassSizes`] counts, [`Classes`] also says which row is in which class; both are one pass over packed keys. While the
//! keys are few, every key has a counter of its own; otherwise rows are dealt out to parts that fit a core's own cache, and
//! each part is counted or sorted there. [`ClassCounts`] keeps counts up to date while rows come and go.

mod class_counts;
mod class_sizes;
#[expect(clippy::module_inception, reason = "the main type of the module has its name")]
mod classes;
mod direct;
mod element;
mod key_space;
mod partition;
mod radix_sort;

pub use class_counts::{ClassChange, ClassCounts};
pub use class_sizes::ClassSizes;
pub use classes::Classes;
