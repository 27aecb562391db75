//! What a run gives back.

use std::time::Duration;

use crate::audit::AuditTrail;
use crate::release::export::Export;
use crate::release::{ModelFile, Release, ReleaseError};
use crate::segment::Round;

/// What a run gives back: the release, the model if it may leave, the audit, and how long each stage took.
#[derive(Debug)]
#[must_use]
pub struct Outcome {
    pub(super) release: Release,
    pub(super) export: Option<Export>,
    pub(super) timings: Vec<Timing>,
}

/// How long a stage took on this machine; never part of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timing {
    /// The stage.
    pub stage: Stage,
    /// Its time.
    pub time: Duration,
}

/// A stage of the pipeline. Closed: these five are the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Who may be used.
    Consent,
    /// Pseudonyms and minimisation.
    Protect,
    /// The matrix.
    Features,
    /// Who is where.
    Segment,
    /// What may leave.
    Release,
}

/// What a progress hook is told.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// A stage begins.
    Stage(Stage),
    /// The strategy finished a round.
    Round(&'a Round<'a>),
}

impl Outcome {
    /// Gives what may leave.
    pub const fn release(&self) -> &Release {
        &self.release
    }

    /// Gives what partners and reports outside may see, if the run was asked for it.
    pub const fn export(&self) -> Option<&Export> {
        self.export.as_ref()
    }

    /// Gives the model file.
    ///
    /// # Errors
    /// Those of [`Release::model`].
    pub const fn model(&self) -> Result<&ModelFile, &ReleaseError> {
        self.release.model()
    }

    /// Gives the audit events: who was refused and why, as counts, and what was done.
    pub const fn audit(&self) -> &AuditTrail {
        self.release.audit()
    }

    /// Gives the time each stage took, in order.
    pub fn timings(&self) -> &[Timing] {
        &self.timings
    }
}

impl Stage {
    /// Gives the word of the stage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Protect => "protect",
            Self::Features => "features",
            Self::Segment => "segment",
            Self::Release => "release",
        }
    }
}
