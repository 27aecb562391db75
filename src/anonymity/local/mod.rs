//! Local models: classes are cut from the rows themselves, each with labels of its own.
//!
//! | model | cuts | labels |
//! | --- | --- | --- |
//! | [`Mondrian::Strict`], [`Mondrian::Relaxed`] | between ordered values | `[lo, hi]`, `{a, b}`, or of the hierarchy |
//! | [`Mondrian::AlongHierarchies`] | by the children of a label | of the hierarchy |
//! | [`Microaggregation`] | groups of near points | means |
//!
//! Which when: one vocabulary for every record, stable over time, needs a full-domain search; mixed columns Mondrian;
//! numbers such as recency, frequency and spend microaggregation. Greedy top-down recoding and k-member clustering are
//! not offered, because their result hangs on the order of rows.

mod aligned;
mod along_hierarchies;
mod between_values;
mod finish;
mod labels;
mod loss;
mod mdav;
mod micro_loss;
mod model;
mod ordered;
mod parts;
mod passes;
mod penalty;
mod point_tree;
mod points;
#[cfg(test)]
mod tests;

pub use model::{Microaggregation, Mondrian};
