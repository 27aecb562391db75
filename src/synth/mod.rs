//! Seeded made-up customers, purchases and consent choices, for tests, benches and demonstrations.
//!
//! Nothing in here is about real people. Equal seeds give equal data, on any machine and in any order of the input
//! rows: every customer has a generator of his own, seeded from the seed and his id.

mod consent;
mod generator;
mod shop;

pub use consent::simulated_consent;
pub use shop::{Purchase, Shop};
