//! An export as it leaves.

use super::definition::Definition;
use super::{FeatureMeasure, FeatureRange};
use crate::audit::{AuditTrail, Root};
use crate::feature::Unit;
use crate::release::HiddenSegment;
use crate::release::ledger::Receipt;
use crate::release::manifest::Manifest;
use crate::release::table::Figure;
use crate::segment::SegmentId;
use crate::time::{Date, Timestamp};

/// Segments as partners and reports outside may see them, with the manifest of what that guarantees.
///
/// Made by [`Segmentation::export`](crate::segment::Segmentation::export) only.
///
/// # Privacy
/// What serialises holds rounded figures over at least the threshold of customers, compared with every earlier export
/// that the ledger knows; hidden cells look alike. Beside it an export carries the full [audit](Export::audit) and the
/// [reasons](Export::hidden_segments) for the controller, neither of which leaves.
#[derive(Clone)]
#[must_use]
pub struct Export {
    pub(super) definition: Definition,
    pub(super) population: String,
    pub(super) consent_source: &'static str,
    pub(super) notices: Vec<&'static str>,
    pub(super) at: Timestamp,
    pub(super) analysis_date: Date,
    pub(super) strategy: String,
    pub(super) threshold: u64,
    pub(super) features: Vec<ExportedFeature>,
    pub(super) everybody: ExportRow,
    pub(super) segments: Vec<(SegmentId, ExportRow)>,
    pub(super) other: Option<ExportRow>,
    pub(super) no_segment: Option<ExportRow>,
    pub(super) left_out: Option<(u64, u64)>,
    pub(super) manifest: Manifest,
    pub(super) receipt: Receipt,
    pub(super) hidden: Vec<HiddenSegment>,
    pub(super) trail: AuditTrail,
    pub(super) audit_root: Root,
}

/// A feature with all that is frozen with its figures.
#[derive(Clone, Debug)]
pub(super) struct ExportedFeature {
    pub(super) name: String,
    pub(super) unit: Unit,
    pub(super) range: FeatureRange,
    pub(super) measure: FeatureMeasure,
}

/// The figures over one group of customers. Hidden ones look alike: `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRow {
    pub(super) n: Option<ExportCell>,
    pub(super) share: Option<ExportCell>,
    /// In the order of the features of the plan.
    pub(super) figures: Vec<Option<ExportCell>>,
}

/// A figure and the time it is of: that of this export, or of an earlier one whose figure stays for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportCell {
    pub(super) figure: Figure,
    pub(super) at: Timestamp,
}

impl Export {
    /// Gives the name of the definition.
    pub fn definition(&self) -> &str {
        &self.definition.name
    }

    /// Gives the instant at which consent was judged.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Gives the figures over all customers.
    pub const fn everybody(&self) -> &ExportRow {
        &self.everybody
    }

    /// Gives the figures of all segments, by ascending id.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = (SegmentId, &ExportRow)> {
        self.segments.iter().map(|(id, row)| (*id, row))
    }

    /// Gives the figures over the segments that leave as one, if there are such.
    pub const fn other(&self) -> Option<&ExportRow> {
        self.other.as_ref()
    }

    /// Gives the figures over the customers in no segment, if there are such.
    pub const fn no_segment(&self) -> Option<&ExportRow> {
        self.no_segment.as_ref()
    }

    /// Gives the place of a feature among the [figures](ExportRow::figures) of a row; `None` if it is not exported.
    pub fn place_of(&self, feature: &str) -> Option<usize> {
        self.features.iter().position(|known| known.name == feature)
    }

    /// Gives what the export guarantees.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Gives what the release ledger wrote down, for the controller.
    pub const fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// Gives which segments are hidden and why, for the controller.
    ///
    /// # Privacy
    /// It is no part of what may leave: it tells which of the hidden segments are small.
    pub fn hidden_segments(&self) -> &[HiddenSegment] {
        &self.hidden
    }

    /// Gives the audit events of all stages up to here, for the controller's own records.
    ///
    /// # Privacy
    /// Its counts may be smaller than the threshold: it is no part of what may leave.
    pub const fn audit(&self) -> &AuditTrail {
        &self.trail
    }

    /// Gives the root of the audit trail as far as it is published; see [`AuditTrail::published`].
    pub const fn audit_root(&self) -> Root {
        self.audit_root
    }
}

impl ExportRow {
    /// Gives the number of customers.
    pub const fn n(&self) -> Option<ExportCell> {
        self.n
    }

    /// Gives the share of all customers, worked out from the two numbers that are shown.
    pub const fn share(&self) -> Option<ExportCell> {
        self.share
    }

    /// Gives the figures of the features.
    pub fn figures(&self) -> &[Option<ExportCell>] {
        &self.figures
    }
}

impl ExportCell {
    /// Gives the rounded figure.
    pub const fn figure(&self) -> Figure {
        self.figure
    }

    /// Gives the time it is of.
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}

impl std::fmt::Debug for Export {
    // PRIVACY: as for the release, the audit is for the controller and does not print along.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export")
            .field("definition", &self.definition.name)
            .field("at", &self.at)
            .field("n_segments", &self.segments.len())
            .finish_non_exhaustive()
    }
}
