//! What the ledger says about a planned cell.

use std::fmt;

use super::Digest;
use crate::time::Timestamp;

/// Place of a released cell in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellId {
    /// Place of the release, from 0.
    pub release: u32,
    /// Place of the cell in its release, from 0.
    pub cell: u32,
}

/// Why a cell may not leave as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Finding {
    /// Fewer members than the threshold.
    TooFew,
    /// Fewer members than the threshold are in this cell or an earlier one only.
    Members,
    /// The same members as an earlier cell, and fewer than the threshold contribute something else.
    Contributions,
    /// What a margin leaves beside the cell differs by too few from an earlier cell or from what an earlier margin left.
    Complement,
    /// The cell, or what its margin leaves, shows a group that an earlier release hid, up to too few members.
    HiddenComplement,
    /// Differs by too few from another cell of its own release.
    OwnRelease,
    /// Cells of the last releases and this one add up to a group of fewer than the threshold.
    Combination,
    /// Whether cells of the last releases add up to such a group could not be decided.
    Undecided,
    /// The same definition was released with other centroids or cuts.
    OtherCuts,
}

/// What the ledger says about a planned cell. Closed: these are the four ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The figure may leave.
    Released,
    /// The earlier figure leaves again, with its earlier time, until enough has changed.
    Frozen {
        /// Why.
        finding: Finding,
        /// The earlier cell.
        earlier: CellId,
        /// The figures that it showed.
        figures: Vec<String>,
        /// When it was released.
        at: Timestamp,
    },
    /// No figure leaves; the cell joins the audit as a hidden one.
    Withheld {
        /// Why.
        finding: Finding,
        /// The earlier cell that it would have differed from, if it is one.
        earlier: Option<CellId>,
    },
    /// The release is wrong as it is planned.
    Refused {
        /// Why.
        finding: Finding,
    },
}

/// What a committed release stands for in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Place of the release, from 0.
    pub release: u32,
    /// The head of the ledger behind it, for the audit log.
    pub head: Digest,
    /// What was said about each cell of the plan, in its order; released cells are numbered from 0 in this order.
    pub verdicts: Vec<Verdict>,
}

impl Verdict {
    /// Says whether something of the cell may leave: its figure or the earlier one.
    pub const fn shows(&self) -> bool {
        matches!(self, Self::Released | Self::Frozen { .. })
    }

    /// Gives the finding, if there is one.
    pub const fn finding(&self) -> Option<Finding> {
        match self {
            Self::Released => None,
            Self::Frozen { finding, .. } | Self::Withheld { finding, .. } | Self::Refused { finding } => Some(*finding),
        }
    }
}

impl Finding {
    /// Gives the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::Members => "members",
            Self::Contributions => "contributions",
            Self::Complement => "complement",
            Self::HiddenComplement => "hidden_complement",
            Self::OwnRelease => "own_release",
            Self::Combination => "combination",
            Self::Undecided => "undecided",
            Self::OtherCuts => "other_cuts",
        }
    }
}

impl fmt::Display for CellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}/c{}", self.release, self.cell)
    }
}
