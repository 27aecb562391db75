//! The manifest of a release.

use std::collections::{BTreeMap, BTreeSet};

use super::canonical::Json;
use super::protection::earned;
use super::{Control, ManifestError, Protection, Risk, SignedAnalysis};
use crate::release::ledger::{Digest, Receipt, Verdict};

/// A name of a de-identification technique in ISO/IEC 20889.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Technique {
    /// Aggregation: data that stand for a group.
    Aggregation,
    /// Sampling.
    Sampling,
    /// Pseudonymization.
    Pseudonymization,
    /// Masking: whole attributes are removed.
    Masking,
    /// Local suppression: single values are removed.
    LocalSuppression,
    /// Record suppression: whole records are removed.
    RecordSuppression,
    /// Rounding.
    Rounding,
    /// Top and bottom coding.
    TopAndBottomCoding,
    /// Combining attributes into one.
    Combining,
    /// Local generalization.
    LocalGeneralization,
    /// Noise addition.
    NoiseAddition,
    /// Permutation.
    Permutation,
    /// Microaggregation.
    Microaggregation,
    /// The formal model k-anonymity, with l-diversity and t-closeness.
    KAnonymity,
    /// The formal model of differential privacy.
    DifferentialPrivacy,
}

/// What a release guarantees, written before it leaves.
///
/// # Privacy
/// Holds settings, counts of cells and names: no value of a person, no figure of a hidden cell. Numbers of hidden cells
/// stand by rule, never beside a cell.
///
/// # Examples
/// ```
/// use consentric::release::manifest::{Control, Level, Manifest, ManifestParts, Risk};
/// let parts = ManifestParts::new("profile gate")
///     .with_parameter("threshold", 50)
///     .with_control(Control::Aggregation, "verifier: 0 cells under 50")?;
/// let manifest = Manifest::of(parts)?;
/// assert_eq!(manifest.protection(Risk::SinglingOut).level, Level::Resisted);
/// assert_eq!(manifest.protection(Risk::Inference).level, Level::Remains);
/// # Ok::<(), consentric::release::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    json: String,
    sha256: Digest,
    /// In the order of [`Risk::ALL`].
    protections: [Protection; 3],
}

/// What a manifest is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ManifestParts {
    policy: String,
    parameters: BTreeMap<String, Json>,
    achieved: BTreeMap<String, Json>,
    suppressed_rows: u64,
    hidden: BTreeMap<String, u64>,
    narrowest_interval: Option<String>,
    differencing: Option<Json>,
    budget: BTreeMap<String, Json>,
    techniques: BTreeSet<Technique>,
    controls: BTreeMap<Control, String>,
    analyses: Vec<SignedAnalysis>,
}

impl ManifestParts {
    /// Begins with the name of the policy.
    pub fn new(policy: impl Into<String>) -> Self {
        Self {
            policy: policy.into(),
            parameters: BTreeMap::new(),
            achieved: BTreeMap::new(),
            suppressed_rows: 0,
            hidden: BTreeMap::new(),
            narrowest_interval: None,
            differencing: None,
            budget: BTreeMap::new(),
            techniques: BTreeSet::new(),
            controls: BTreeMap::new(),
            analyses: Vec::new(),
        }
    }

    /// Adds a whole-number parameter of the policy.
    pub fn with_parameter(mut self, name: impl Into<String>, value: u64) -> Self {
        self.parameters.insert(name.into(), Json::Integer(value));
        self
    }

    /// Adds a parameter of the policy as text, such as `1.5` or `l-diversity`.
    pub fn with_parameter_text(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.insert(name.into(), Json::Text(value.into()));
        self
    }

    /// Adds a whole-number value that the verifier found.
    pub fn with_achieved(mut self, name: impl Into<String>, value: u64) -> Self {
        self.achieved.insert(name.into(), Json::Integer(value));
        self
    }

    /// Adds a value that the verifier found; it is written as the shortest decimal that reads back the same.
    ///
    /// # Errors
    /// [`ManifestError::NotFinite`] if it is no number.
    pub fn with_achieved_value(mut self, name: impl Into<String>, value: f64) -> Result<Self, ManifestError> {
        let name = name.into();
        let written = decimal(&name, value)?;
        self.achieved.insert(name, Json::Text(written));
        Ok(self)
    }

    /// Says how many rows were suppressed.
    pub const fn with_suppressed_rows(mut self, n: u64) -> Self {
        self.suppressed_rows = n;
        self
    }

    /// Says how many cells a rule has hidden.
    pub fn with_hidden(mut self, rule: impl Into<String>, n_cells: u64) -> Self {
        *self.hidden.entry(rule.into()).or_default() += n_cells;
        self
    }

    /// Gives the narrowest interval, as text, that a reader can work out for a hidden cell, relative to what it needs.
    pub fn with_narrowest_interval(mut self, width: impl Into<String>) -> Self {
        self.narrowest_interval = Some(width.into());
        self
    }

    /// Adds what the release ledger said; only a committed release has a receipt.
    pub fn with_differencing(mut self, receipt: &Receipt) -> Self {
        let mut released = 0;
        let frozen: Vec<Json> = receipt
            .verdicts
            .iter()
            .enumerate()
            .filter_map(|(cell, verdict)| match verdict {
                Verdict::Frozen { finding, earlier, at, .. } => Some(Json::object([
                    ("cell", Json::Integer(cell as u64)),
                    ("finding", Json::text(finding.name())),
                    ("earlier", Json::text(earlier.to_string())),
                    ("at", Json::text(at.to_string())),
                ])),
                _ => {
                    released += u64::from(*verdict == Verdict::Released);
                    None
                }
            })
            .collect();
        self.differencing = Some(Json::object([
            ("ledger_head", Json::text(receipt.head.to_string())),
            ("release", Json::text(format!("r{}", receipt.release))),
            ("released", Json::Integer(released)),
            ("frozen", Json::List(frozen)),
        ]));
        self
    }

    /// Adds a spent budget, such as `epsilon`.
    ///
    /// # Errors
    /// [`ManifestError::NotFinite`] if it is no number.
    pub fn with_budget(mut self, name: impl Into<String>, spent: f64) -> Result<Self, ManifestError> {
        let name = name.into();
        let written = decimal(&name, spent)?;
        self.budget.insert(name, Json::Text(written));
        Ok(self)
    }

    /// Adds a technique.
    pub fn with_technique(mut self, technique: Technique) -> Self {
        self.techniques.insert(technique);
        self
    }

    /// Adds a control with what shows that it was applied.
    ///
    /// # Errors
    /// [`ManifestError::NoEvidence`] without evidence.
    pub fn with_control(mut self, control: Control, evidence: impl Into<String>) -> Result<Self, ManifestError> {
        let evidence = evidence.into();
        if evidence.trim().is_empty() {
            return Err(ManifestError::NoEvidence { control: control.name() });
        }
        self.controls.insert(control, evidence);
        Ok(self)
    }

    /// Attaches a signed analysis; it is the only way to a level above that of the controls.
    pub fn with_signed_analysis(mut self, analysis: SignedAnalysis) -> Self {
        self.analyses.push(analysis);
        self
    }

    fn protection(&self, risk: Risk) -> Protection {
        let (level, controls) = earned(risk, &self.controls);
        let mut protection = Protection {
            level,
            earned_by: controls.iter().map(|control| control.name().to_owned()).collect(),
            evidence: controls.iter().filter_map(|control| self.controls.get(control).cloned()).collect(),
        };
        for analysis in &self.analyses {
            let argued = analysis.levels.get(&risk).copied().filter(|argued| *argued > protection.level);
            if let Some(level) = argued {
                protection = Protection {
                    level,
                    earned_by: vec![format!("signed_analysis: {}", analysis.analyst)],
                    evidence: vec![format!("sha256:{}", analysis.document)],
                };
            }
        }
        protection
    }
}

impl Manifest {
    /// Writes the manifest of some parts.
    ///
    /// # Errors
    /// [`ManifestError::NoControl`] if no control is named; [`ManifestError::NoEvidence`] if a differencing ledger is
    /// claimed without its receipt.
    ///
    /// # Complexity
    /// Linear in its length.
    pub fn of(parts: ManifestParts) -> Result<Self, ManifestError> {
        if parts.controls.is_empty() {
            return Err(ManifestError::NoControl);
        }
        if parts.controls.contains_key(&Control::DifferencingLedger) && parts.differencing.is_none() {
            return Err(ManifestError::NoEvidence { control: Control::DifferencingLedger.name() });
        }
        let protections = Risk::ALL.map(|risk| parts.protection(risk));
        let texts = |texts: &[String]| Json::List(texts.iter().map(Json::text).collect());
        let written = Risk::ALL.iter().zip(&protections).map(|(risk, protection)| {
            let fields = [
                ("level", Json::text(protection.level.name())),
                ("earned_by", texts(&protection.earned_by)),
                ("evidence", texts(&protection.evidence)),
            ];
            (risk.name().to_owned(), Json::object(fields))
        });
        let analyses = parts.analyses.iter().map(|analysis| {
            let levels = analysis.levels.iter().map(|(risk, level)| (risk.name().to_owned(), Json::text(level.name())));
            Json::object([
                ("analyst", Json::text(&analysis.analyst)),
                ("document_sha256", Json::text(analysis.document.to_string())),
                ("signature", Json::text(&analysis.signature)),
                ("levels", Json::Object(levels.collect())),
            ])
        });
        let hidden = parts.hidden.iter().map(|(rule, n)| (rule.clone(), Json::Integer(*n))).collect();
        let techniques = parts.techniques.iter().map(|technique| Json::text(technique.name())).collect();
        let json = Json::object([
            ("format", Json::text(FORMAT)),
            ("version", Json::Integer(VERSION)),
            ("policy", Json::text(&parts.policy)),
            ("parameters", Json::Object(parts.parameters)),
            ("achieved", Json::Object(parts.achieved)),
            ("suppressed_rows", Json::Integer(parts.suppressed_rows)),
            ("hidden_cells", Json::Object(hidden)),
            ("narrowest_interval", parts.narrowest_interval.map_or(Json::Null, Json::Text)),
            ("differencing", parts.differencing.unwrap_or(Json::Null)),
            ("budget_spent", Json::Object(parts.budget)),
            ("techniques", Json::List(techniques)),
            ("protection", Json::Object(written.collect())),
            ("analyses", Json::List(analyses.collect())),
        ])
        .write();
        Ok(Self { sha256: Digest::of(json.as_bytes()), json, protections })
    }

    /// Gives the canonical JSON.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Gives the SHA-256 of the canonical JSON, for the audit log.
    pub const fn sha256(&self) -> Digest {
        self.sha256
    }

    /// Gives what is said about a risk.
    pub const fn protection(&self, risk: Risk) -> &Protection {
        let [singling_out, linkability, inference] = &self.protections;
        match risk {
            Risk::SinglingOut => singling_out,
            Risk::Linkability => linkability,
            Risk::Inference => inference,
        }
    }

    /// Says whether the levels are all those that the controls alone earn, or lower.
    pub fn rests_on_controls_alone(&self) -> bool {
        !self.protections.iter().flat_map(|own| &own.earned_by).any(|name| name.starts_with("signed_analysis"))
    }
}

impl Technique {
    /// Gives the name in the standard.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aggregation => "aggregation",
            Self::Sampling => "sampling",
            Self::Pseudonymization => "pseudonymization",
            Self::Masking => "masking",
            Self::LocalSuppression => "local suppression",
            Self::RecordSuppression => "record suppression",
            Self::Rounding => "rounding",
            Self::TopAndBottomCoding => "top and bottom coding",
            Self::Combining => "combining a set of attributes into a single attribute",
            Self::LocalGeneralization => "local generalization",
            Self::NoiseAddition => "noise addition",
            Self::Permutation => "permutation",
            Self::Microaggregation => "microaggregation",
            Self::KAnonymity => "k-anonymity",
            Self::DifferentialPrivacy => "differential privacy",
        }
    }
}

fn decimal(name: &str, value: f64) -> Result<String, ManifestError> {
    if !value.is_finite() {
        return Err(ManifestError::NotFinite { name: name.to_owned() });
    }
    // Both zeros are written alike.
    Ok(if value == 0.0 { "0".to_owned() } else { format!("{value}") })
}

const FORMAT: &str = "consentric-release-manifest";
const VERSION: u64 = 1;
