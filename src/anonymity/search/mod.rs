//! Full-domain search: the levels of all quasi-identifiers that lose least.

mod anytime;
mod best_first;
mod budget;
mod chunk;
mod class_list;
mod dense;
mod evaluate;
mod exhaustive;
mod frontier;
mod group;
mod history;
mod incumbent;
mod lattice;
mod margins;
mod pack;
mod pivot;
mod problem;
mod solve;

pub use budget::SearchBudget;
