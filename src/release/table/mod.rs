//! What of a table of aggregates may leave.
//!
//! A profile of segments is a table that is published again and again: counts, sums, means and shares by segment, by
//! the values of a dimension within segments, and their totals. [`Table::gate`] hides what tells of single customers,
//! and what else would give that away, and rounds the rest:
//!
//! ```text
//!  TableBuilder ──build──▶ Table ──gate──▶ GatedTable
//!  cells, relations        adds up         shown (rounded) or hidden; reasons for the controller
//! ```
//!
//! | step | rule |
//! | --- | --- |
//! | single cells | [`Threshold`], [`Dominance`], zeros, shares of everybody or nobody, [`Diversity`], [`Closeness`] |
//! | complements | the cheapest further cells, until the audit passes, less those that it passes without |
//! | audit | elimination, exact intervals, unions of hidden cells; [`Table::audit`] gives it on its own |
//! | precision | means, sums and shares no finer than one customer's protection width allows |
//!
//! Exact arithmetic throughout: a cell whose audit would leave the range of the integers is hidden.

mod audit;
mod bin;
mod cell;
mod column;
mod complement;
mod contributions;
mod cuts;
mod diversity;
mod dominance;
mod error;
mod gate;
mod policy;
mod precision;
mod published;
mod reason;
mod rules;
mod system;
#[expect(clippy::module_inception, reason = "the type `Table` is what the module is about")]
mod table;
mod threshold;

pub use audit::{Audit, Interval, TooLarge};
pub use bin::SuppressBin;
pub use cell::{Cell, CellId, Relation};
pub use column::{Column, ColumnId, Measure};
pub use contributions::{ContributionRange, Contributions};
pub use cuts::FrozenCuts;
pub use diversity::{Attribute, Closeness, Diversity};
pub use dominance::Dominance;
pub use error::TableError;
pub use policy::ReleasePolicy;
pub use published::{Figure, GatedTable, PublishedCell};
pub use reason::Reason;
pub use table::{Table, TableBuilder};
pub use threshold::Threshold;
