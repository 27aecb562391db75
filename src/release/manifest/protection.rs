//! What a release resists, by the controls that were applied.

use std::collections::BTreeMap;

use super::ManifestError;
use crate::release::ledger::Digest;

/// What can happen to a customer in released data. Closed: the opinion names these three.
///
/// # References
/// Article 29 Working Party: *Opinion 05/2014 on Anonymisation Techniques*, WP216.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Records of one person can be told from all others.
    SinglingOut,
    /// Records of one person in two places can be brought together.
    Linkability,
    /// A value of a person can be deduced.
    Inference,
}

/// How far a risk remains, from worst to best. Closed: the table knows these three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing works against it.
    Remains,
    /// It may remain: what works against it has limits.
    MayRemain,
    /// It is resisted.
    Resisted,
}

/// A control that works against a risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Control {
    /// Identifiers became pseudonyms.
    Pseudonyms,
    /// Aggregates over at least k customers, with a threshold and hidden cells.
    Aggregation,
    /// Sensitive values are diverse in each class (l) or close to the whole (t).
    SensitiveGate,
    /// The release was compared with every earlier one.
    DifferencingLedger,
    /// What hidden cells can be worked out to was audited.
    SuppressionAudit,
    /// Noise with a proven budget.
    DifferentialPrivacy,
}

/// What is said about one risk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    /// How far the risk remains.
    pub level: Level,
    /// What earns it: names of controls, or of an analysis.
    pub earned_by: Vec<String>,
    /// What shows it.
    pub evidence: Vec<String>,
}

/// An analysis by a person who signed that a risk is lower than the controls alone say.
///
/// The signature is kept, not verified: whose key it is under is for the reader to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAnalysis {
    pub(super) analyst: String,
    pub(super) document: Digest,
    pub(super) signature: String,
    pub(super) levels: BTreeMap<Risk, Level>,
}

impl SignedAnalysis {
    /// Takes who analysed, the digest of the document, the signature over it and the levels it argues for.
    ///
    /// # Errors
    /// [`ManifestError::Unsigned`] if analyst, signature or levels are empty.
    pub fn new(
        analyst: impl Into<String>,
        document: Digest,
        signature: impl Into<String>,
        levels: impl IntoIterator<Item = (Risk, Level)>,
    ) -> Result<Self, ManifestError> {
        let (analyst, signature, levels) = (analyst.into(), signature.into(), levels.into_iter().collect());
        let analysis = Self { analyst, document, signature, levels };
        let signed = !analysis.analyst.trim().is_empty() && !analysis.signature.trim().is_empty();
        if signed && !analysis.levels.is_empty() { Ok(analysis) } else { Err(ManifestError::Unsigned) }
    }
}

impl Risk {
    /// All of them in the order of the opinion.
    pub const ALL: [Self; 3] = [Self::SinglingOut, Self::Linkability, Self::Inference];

    /// Gives the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SinglingOut => "singling_out",
            Self::Linkability => "linkability",
            Self::Inference => "inference",
        }
    }
}

impl Level {
    /// Gives the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Remains => "remains",
            Self::MayRemain => "may_remain",
            Self::Resisted => "resisted",
        }
    }
}

impl Control {
    /// Gives the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pseudonyms => "pseudonyms",
            Self::Aggregation => "aggregation",
            Self::SensitiveGate => "sensitive_gate",
            Self::DifferencingLedger => "differencing_ledger",
            Self::SuppressionAudit => "suppression_audit",
            Self::DifferentialPrivacy => "differential_privacy",
        }
    }
}

/// What the controls earn against a risk, and which of them earn it.
///
/// SPEC: the rows of the table build on each other, so a control without the ones under it earns nothing more. With
/// noise on, exact counts decide nothing that is published, so its own row alone holds.
pub(super) fn earned(risk: Risk, controls: &BTreeMap<Control, String>) -> (Level, Vec<Control>) {
    use Control::{Aggregation, DifferencingLedger, DifferentialPrivacy, Pseudonyms, SensitiveGate, SuppressionAudit};
    let has = |control: &Control| controls.contains_key(control);
    if has(&DifferentialPrivacy) {
        return (Level::MayRemain, vec![DifferentialPrivacy]);
    }
    let aggregation = has(&Aggregation);
    let gate = aggregation && has(&SensitiveGate);
    let ledger = gate && has(&DifferencingLedger) && has(&SuppressionAudit);
    match risk {
        Risk::SinglingOut if aggregation => (Level::Resisted, vec![Aggregation]),
        Risk::Linkability if ledger => (Level::MayRemain, vec![DifferencingLedger, SuppressionAudit]),
        Risk::Inference if gate => (Level::MayRemain, vec![SensitiveGate]),
        _ if has(&Pseudonyms) && !aggregation => (Level::Remains, vec![Pseudonyms]),
        _ => (Level::Remains, Vec::new()),
    }
}
