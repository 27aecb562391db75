//! The controller's register of purposes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::catalogue::Catalogue;
use super::law::{Jurisdiction, LawCode, UNSTATED, shipped};
use super::{Activity, Flags, LawfulBasis, Ledger, Purpose, Question, Reason, decide};
use crate::time::Timestamp;

/// The controller's purposes, one [`Activity`] each, under the laws that are known.
///
/// One register serves every department. Its hash stands in every decision: equal hash, time, knowledge and ledger
/// give an equal decision for ever.
///
/// # Examples
/// ```
/// use consentric::consent::{Activity, LawfulBasis, Purpose, Register};
/// let newsletter = Purpose::parse("newsletter")?;
/// let register = Register::new().with(&newsletter, Activity::on(LawfulBasis::Consent).with_consent_validity_days(365));
/// assert!(register.activity(&newsletter).is_some());
/// assert_ne!(register.policy_hash(), Register::new().policy_hash());
/// # Ok::<(), consentric::consent::ConsentError>(())
/// ```
///
/// # References
/// GDPR Art. 5(1)(b), 5(2), 30.
#[derive(Clone)]
#[must_use]
pub struct Register {
    pub(super) catalogue: Arc<Catalogue>,
    catalogue_digest: [u8; 32],
    activities: BTreeMap<Purpose, Activity>,
    laws: Vec<Arc<dyn Jurisdiction>>,
    gpc_everywhere: bool,
    hash: PolicyHash,
}

impl Register {
    /// Gives a register of the built-in catalogue without an activity, under which nothing is allowed.
    pub fn new() -> Self {
        static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| Arc::new(Catalogue::built_in()));
        Self::under(Arc::clone(&CATALOGUE))
    }

    /// Gives a register in which every purpose of the built-in catalogue rests on consent; a ledger that is asked
    /// without a register answers by it.
    pub fn of_consent() -> &'static Self {
        static REGISTER: LazyLock<Register> = LazyLock::new(|| Register::new().resting_on_consent());
        &REGISTER
    }

    /// Gives every purpose of the catalogue that has no activity one on the basis of consent.
    pub fn resting_on_consent(mut self) -> Self {
        let purposes: Vec<Purpose> = self.catalogue.purposes.keys().cloned().collect();
        for purpose in purposes {
            if !self.activities.contains_key(&purpose) {
                self.insert(purpose, Activity::on(LawfulBasis::Consent));
            }
        }
        self.hashed()
    }

    pub(super) fn under(catalogue: Arc<Catalogue>) -> Self {
        let catalogue_digest = digest(&*catalogue);
        let register = Self {
            catalogue,
            catalogue_digest,
            activities: BTreeMap::new(),
            laws: Vec::new(),
            gpc_everywhere: false,
            hash: PolicyHash([0; 32]),
        };
        register.hashed()
    }

    /// Adds the activity of a purpose, or replaces it; a purpose outside the catalogue enters it without flags.
    pub fn with(mut self, purpose: &Purpose, activity: Activity) -> Self {
        if !self.catalogue.purposes.contains_key(purpose) {
            self = self.with_purpose(purpose, Flags::default());
        }
        self.insert(purpose.clone(), activity);
        self.hashed()
    }

    /// Adds a purpose to the catalogue, or replaces what the law attaches to it.
    pub fn with_purpose(mut self, purpose: &Purpose, flags: Flags) -> Self {
        let mut catalogue = Catalogue::clone(&self.catalogue);
        catalogue.purposes.insert(purpose.clone(), flags);
        self.catalogue_digest = digest(&catalogue);
        self.catalogue = Arc::new(catalogue);
        self.hashed()
    }

    /// Adds a law of one's own; for a code that is shipped it is judged beside the shipped one, and the stricter
    /// stands.
    pub fn with_law(mut self, law: Arc<dyn Jurisdiction>) -> Self {
        self.laws.push(law);
        self.hashed()
    }

    /// Honours browsers' opt-out signals also in the states that do not demand it (Virginia, Utah).
    pub fn with_gpc_everywhere(mut self) -> Self {
        self.gpc_everywhere = true;
        self.hashed()
    }

    /// Gives the activity of a purpose.
    pub fn activity(&self, purpose: &Purpose) -> Option<&Activity> {
        self.activities.get(purpose)
    }

    /// Gives the purposes that have an activity, ascending.
    pub fn purposes(&self) -> impl ExactSizeIterator<Item = &Purpose> {
        self.activities.keys()
    }

    /// Gives what the law attaches to a purpose, `None` outside the catalogue.
    pub fn flags(&self, purpose: &Purpose) -> Option<Flags> {
        self.catalogue.purposes.get(purpose).copied()
    }

    /// Gives the hash of the register and of the version of the rule tables.
    pub const fn policy_hash(&self) -> PolicyHash {
        self.hash
    }

    /// Counts how many customers would get another answer to a question under another register: from which reason to
    /// which, without changing anything.
    ///
    /// # Complexity
    /// Two decisions a customer.
    pub fn impact(
        &self,
        other: &Register,
        ledger: &Ledger,
        question: &Question,
        at: Timestamp,
    ) -> BTreeMap<(Reason, Reason), u64> {
        let mut counts = BTreeMap::new();
        for customer in ledger.customers() {
            let request = question.about(customer, at);
            let (from, to) = (decide(ledger, self, &request).reason(), decide(ledger, other, &request).reason());
            if from != to {
                *counts.entry((from, to)).or_insert(0) += 1;
            }
        }
        counts
    }

    pub(super) const fn honours_gpc_everywhere(&self) -> bool {
        self.gpc_everywhere
    }

    /// Adds an activity with the defaults filled in; the caller hashes.
    pub(super) fn insert(&mut self, purpose: Purpose, mut activity: Activity) {
        let defaults = &self.catalogue.defaults;
        activity.notice_current = activity.notice_current.or_else(|| defaults.notice_current.clone());
        activity.controller = activity.controller.or_else(|| defaults.controller.clone());
        activity.consent_validity_days = activity.consent_validity_days.or(defaults.consent_validity_days);
        activity.retention_days = activity.retention_days.or(defaults.retention_days);
        self.activities.insert(purpose, activity);
    }

    pub(super) fn hashed(mut self) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(RULES.as_bytes());
        hasher.update(self.catalogue_digest);
        hasher.update([u8::from(self.gpc_everywhere)]);
        for (purpose, activity) in &self.activities {
            hasher.update(digest(&(purpose, activity)));
        }
        for law in &self.laws {
            hasher.update(digest(&(law.code(), law.version())));
        }
        self.hash = PolicyHash(hasher.finalize().into());
        self
    }

    /// The laws behind a code; none if it is not known here.
    pub(super) fn laws_of<'a>(&'a self, code: &'a LawCode) -> impl Iterator<Item = &'a dyn Jurisdiction> {
        let name = match code {
            LawCode::Shipped(place) => shipped(*place).map_or("", |law| law.code),
            LawCode::Other(name) => name,
        };
        let built_in = match code {
            LawCode::Shipped(place) => shipped(*place).map(|law| law as &dyn Jurisdiction),
            LawCode::Other(_) => None,
        };
        let own = self.laws.iter().filter(move |law| law.code() == name).map(|law| &**law);
        built_in.into_iter().chain(own)
    }

    pub(super) fn unstated_law(&self) -> &'static dyn Jurisdiction {
        &UNSTATED
    }

    pub(super) fn own_laws(&self) -> impl Iterator<Item = &dyn Jurisdiction> {
        self.laws.iter().map(|law| &**law)
    }
}

impl Default for Register {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Register({} activities, {})", self.activities.len(), self.hash)
    }
}

/// SHA-256 over a register in canonical form and the version of the rule tables.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PolicyHash([u8; 32]);

impl PolicyHash {
    /// For a policy without a register.
    pub(super) const NONE: Self = Self([0; 32]);

    /// Gives the bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits.
    fn hex(&self) -> [u8; 64] {
        let mut hex = [b'0'; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            for (digit, nibble) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
            }
        }
        hex
    }
}

impl fmt::Display for PolicyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.hex()).unwrap_or_default())
    }
}

impl fmt::Debug for PolicyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for PolicyHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.hex()).unwrap_or_default())
    }
}

/// Fields are written in the order of their declaration and maps in the order of their keys: equal content, equal bytes.
fn digest<T: Serialize>(value: &T) -> [u8; 32] {
    let mut hasher = Sha256::new();
    // Writing plain structures to memory does not fail.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    hasher.update(&bytes);
    hasher.finalize().into()
}

/// Version of the rule tables: changes with every change of a rule.
const RULES: &str = "consentric-rules/1";
