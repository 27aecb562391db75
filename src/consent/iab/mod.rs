//! Consent strings of browsers and apps: IAB Global Privacy Platform and Transparency and Consent Framework.
//!
//! [`SignalReading::from_gpp`] and [`SignalReading::from_tcf`] turn what a request carried into a [`Signal`], or say why
//! they cannot. The strings are input of strangers: length and alphabet are checked first, the sizes of all lists inside
//! second, and only then does the `iab_gpp` crate see them, section by section.

mod bits;
mod gpp;
mod reading;
mod tcf;

use super::signal::{GppUsnat, Signal, Tcf};

pub use reading::{SignalProblem, SignalReading};
