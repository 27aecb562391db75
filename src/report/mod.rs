//! Report: a release as people look at it.
//!
//! [`Table`] is for the terminal: at most 100 columns, one line a segment. With the feature `report`, `Report` is one
//! HTML file with its pictures inside: no script, no request, light and dark, readable on a phone.
//! Both take a [`Release`](crate::release::Release) and nothing else, so they cannot show what may not leave.
//!
//! ```text
//! Release ──▶ number, label (how a figure and a feature are written)
//!                ├──▶ table                                  terminal
//!                └──▶ coverage, profile, notes ──▶ html      sections of the page
//!                     svg_heatmap, svg_density (through svg, which wraps kuva)
//! ```

mod label;
mod number;
mod table;

#[cfg(feature = "report")]
mod coverage;
#[cfg(feature = "report")]
mod html;
#[cfg(feature = "report")]
mod markup;
#[cfg(feature = "report")]
mod notes;
#[cfg(feature = "report")]
mod palette;
#[cfg(feature = "report")]
mod profile;
#[cfg(feature = "report")]
mod reason;
#[cfg(feature = "report")]
mod svg;
#[cfg(feature = "report")]
mod svg_density;
#[cfg(feature = "report")]
mod svg_heatmap;

#[cfg(test)]
mod sample;

#[cfg(feature = "report")]
pub use html::Report;
pub use table::Table;
