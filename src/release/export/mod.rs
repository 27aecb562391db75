//! Segment profiles for partners and reports outside: rounded, audited, and compared with everything exported before.
//!
//! [`Segmentation::export`](crate::segment::Segmentation::export) is the door to the outside; the
//! [`Release`](super::Release) is for the house, with exact figures.
//!
//! ```text
//!  sizes, clamped contributions ──gate──▶ shown or hidden ──ledger──▶ anew, frozen or withheld ──commit──▶ Export
//!                                  ▲                                              │
//!                                  └───────── withheld cells are hidden ◀─────────┘
//! ```
//!
//! | step | rule |
//! | --- | --- |
//! | gate | [threshold, dominance, complements, audit, precision](super::table) |
//! | ledger | [no two exports differ by few](super::ledger): a figure leaves anew, as it was before, or not |
//! | consent | nobody of the run was denied meanwhile, asked last |
//! | commit | written down before it is handed out |
//! | manifest | [what it guarantees](super::manifest), with its digest in the audit trail |

mod cells;
mod definition;
mod exported;
mod guarantee;
mod plan;
mod planned;
mod range;
mod stage;
mod written;

pub use exported::{Export, ExportCell, ExportRow};
pub use plan::ExportPlan;
pub use range::{FeatureMeasure, FeatureRange};
