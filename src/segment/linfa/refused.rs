//! Errors of linfa as errors of ours.

use crate::segment::SegmentError;

/// Gives an error of linfa as one of ours.
pub(super) fn refused(error: impl std::fmt::Display) -> SegmentError {
    SegmentError::Library { library: "linfa-clustering", reason: error.to_string() }
}
