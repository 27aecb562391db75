//! Customer segmentation that only sees people who may be seen.
//!
//! Customers go in with their names and their choices; segments come out in which nobody stands out. In between lie
//! five stages, each a type with one door, so that a program that skips one does not compile:
//!
//! ```text
//!  Customers ──consent──▶ Consented ──protect──▶ Protected ──features──▶ Features ──segment──▶ Segmentation ──release──▶ Release
//!  (records)   who may     (only      minimise,   (no direct  RFM, scale   (matrix,   k-means …   (who is      k-anonymous   (may
//!              be used     lawful     pseudonyms  identifier)              one row                where: still               leave)
//!              for this    rows)                                           per person)            personal data)
//!              purpose
//! ```
//!
//! # The map
//!
//! | module | takes → gives | holds |
//! | --- | --- | --- |
//! | [`time`], [`audit`], [`Warning`] | – | instants and days; what was done; what a reader should know |
//! | [`record`] | files, structs → [`Customers`](record::Customers) | schema, roles, kinds, readers |
//! | [`consent`] | `Customers` → [`Consented`](consent::Consented) | purposes, events, the ledger, decisions |
//! | [`protect`] | `Consented` → [`Protected`](protect::Protected) | keys, pseudonyms, minimisation |
//! | [`feature`] | `Protected` → [`Features`](feature::Features) | recency, frequency, spend; scaling |
//! | [`segment`] | `Features` → [`Segmentation`](segment::Segmentation) | strategies and models, k-means, linfa adapters |
//! | [`anonymity`] | any [`Table`](anonymity::Table) → [`Solution`](anonymity::Solution) | hierarchies, measures, search, Mondrian, microaggregation, verifier |
//! | [`release`] | `Segmentation` → [`Release`](release::Release), [`Export`](release::export::Export) | k-anonymous profiles, exports, model files |
//! | [`report`] | `Release` → text, HTML | what people look at |
//! | [`pipeline`] | all of it | the builder, progress, outcome |
//! | [`prelude`], [`Error`] | – | what most programs import; one error over all stages |
//! | `synth` | – | made-up shops and consent choices (feature `synth`) |
//!
//! A module imports only from rows above its own.
//!
//! # The builder
//!
//! See [`Pipeline`](pipeline::Pipeline) for a whole run in twenty lines.
//!
//! Each stage works without the builder, too: a service may only ask [`Ledger`](consent::Ledger) for a decision, a data
//! scientist may only fit [`KMeans`](segment::KMeans) to a matrix.
//!
//! # What is promised
//!
//! - **Privacy**: nothing leaves without a lawful basis, a gate and a record. Unknown, unreadable or unsupported is no.
//! - **Truth**: same input and seed give the same bytes at any number of threads. No clock, no global state.
//! - **No panics**: bad input gives a typed error with the place and never with a value of a person.
//!
//! What is not: pseudonyms are not anonymity, k-anonymity does not stop inference, and no library makes a purpose lawful.
//!
//! # Features of the crate
//!
//! | feature | adds |
//! | --- | --- |
//! | `report` | self-contained HTML reports |
//! | `iab` | consent strings of browsers: GPP and TCF |
//! | `synth` | seeded synthetic customers and consent choices |
//!
//! None changes a result or weakens a default.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::todo)
)]

pub mod anonymity;
pub mod audit;
pub mod consent;
mod error;
pub mod feature;
pub mod pipeline;
pub mod prelude;
pub mod protect;
pub mod record;
pub mod release;
pub mod report;
pub mod segment;
#[cfg(feature = "synth")]
pub mod synth;
pub mod time;
mod warning;

pub use error::Error;
pub use warning::Warning;

/// The examples of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
