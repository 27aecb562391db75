//! The builder: each step gives the next, so that none can be forgotten.

use std::fmt;
use std::ops::ControlFlow;

use super::Progress;
use crate::consent::{AssumeLawful, ConsentPolicy, Question};
use crate::feature::FeatureSpec;
use crate::protect::ProtectPlan;
use crate::release::KAnonymity;
use crate::release::export::ExportPlan;
use crate::release::ledger::ReleaseLedger;
use crate::segment::Strategy;
use crate::time::Timestamp;

/// Builds a run from customers to a release; start with [`Pipeline::for_purpose`].
///
/// # Examples
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use consentric::prelude::*;
///
/// let at = Timestamp::parse("2026-01-01T00:00:00Z")?;
/// let purpose = Purpose::parse("segmentation_marketing")?;
/// let mut ledger = Ledger::new();
/// let mut rows = String::from("customer,timestamp,amount\n");
/// for i in 0..100 {
///     let day = i % 28 + 1;
///     rows += &format!("c{i},2025-11-{day:02},{}.50\n", 5 + i % 40);
///     let asked = Timestamp::parse("2025-06-01T00:00:00Z")?;
///     ledger.append(&format!("c{i}"), Event::given(asked, &purpose, "v1", "web_form"))?;
/// }
/// let purchases = TransactionsReader::new().read_csv("rows", rows.as_bytes())?;
/// let customers = Customers::from_transactions(purchases)?;
///
/// let outcome = Pipeline::for_purpose(purpose)
///     .at(at)
///     .consent(&ledger)
///     .protect(MasterKey::generate()?)
///     .features(Rfm::in_last_days(365))
///     .segment(KMeans::new(3)?)
///     .release(KAnonymity::new(10)?)
///     .with_seed(42)
///     .run(&customers)?;
/// assert_eq!(outcome.release().n_customers(), 100);
/// # Ok(())
/// # }
/// ```
#[must_use = "a pipeline does nothing until `run`"]
pub struct Pipeline<'p, S = state::Ready<'p>> {
    pub(super) state: S,
    pub(super) seed: u64,
    pub(super) on_progress: Option<&'p ProgressHook<'p>>,
}

/// A function that sees the progress of a run and may stop it.
pub(super) type ProgressHook<'p> = dyn Fn(&Progress<'_>) -> ControlFlow<()> + Sync + 'p;

/// The steps of the builder; named in error messages, never by a user.
pub mod state {
    use super::{
        ConsentPolicy, ExportPlan, FeatureSpec, KAnonymity, ProtectPlan, Question, ReleaseLedger, Strategy, Timestamp,
        fmt,
    };

    /// Knows the purpose; next comes [`at`](super::Pipeline::at).
    pub struct ForPurpose(pub(super) Question);

    /// Knows the time; next comes [`consent`](super::Pipeline::consent).
    pub struct At(pub(super) Question, pub(super) Timestamp);

    /// Knows who decides; next comes [`protect`](super::Pipeline::protect).
    pub struct Consented<'p>(pub(super) At, pub(super) Policy<'p>);

    /// Knows the key; next comes [`features`](super::Pipeline::features).
    pub struct Protected<'p>(pub(super) Consented<'p>, pub(super) ProtectPlan);

    /// Knows the features; next comes [`segment`](super::Pipeline::segment).
    pub struct WithFeatures<'p>(pub(super) Protected<'p>, pub(super) FeatureSpec);

    /// Knows the strategy; next comes [`release`](super::Pipeline::release).
    pub struct Segmented<'p>(pub(super) WithFeatures<'p>, pub(super) Box<dyn Strategy + 'p>);

    /// Knows all it needs; next comes [`run`](super::Pipeline::run).
    pub struct Ready<'p> {
        pub(in crate::pipeline) question: Question,
        pub(in crate::pipeline) at: Timestamp,
        pub(in crate::pipeline) policy: Policy<'p>,
        pub(in crate::pipeline) plan: ProtectPlan,
        pub(in crate::pipeline) spec: FeatureSpec,
        pub(in crate::pipeline) strategy: Box<dyn Strategy + 'p>,
        pub(in crate::pipeline) anonymity: KAnonymity,
        pub(in crate::pipeline) export: Option<(ExportPlan, &'p mut ReleaseLedger)>,
    }

    /// States print their name only: they hold keys and settings that are not the reader's business.
    macro_rules! names_only {
        ($($state:ty),+) => {$(
            impl fmt::Debug for $state {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(stringify!($state))
                }
            }
        )+};
    }
    names_only!(ForPurpose, At, Consented<'_>, Protected<'_>, WithFeatures<'_>, Segmented<'_>, Ready<'_>);

    /// The policy, lent or own.
    pub(in crate::pipeline) enum Policy<'p> {
        Lent(&'p dyn ConsentPolicy),
        Own(Box<dyn ConsentPolicy>),
    }

    impl Policy<'_> {
        pub(in crate::pipeline) fn get(&self) -> &dyn ConsentPolicy {
            match self {
                Self::Lent(policy) => *policy,
                Self::Own(policy) => policy.as_ref(),
            }
        }
    }
}

use state::{At, Consented, ForPurpose, Policy, Protected, Ready, Segmented, WithFeatures};

impl<'p> Pipeline<'p, ForPurpose> {
    /// Starts a run for one purpose; a [`Question`] says more about it, such as the columns it may read.
    pub fn for_purpose(question: impl Into<Question>) -> Self {
        Pipeline { state: ForPurpose(question.into()), seed: 0, on_progress: None }
    }

    /// Sets the time at which consent is judged and from which recency counts; never the machine's clock.
    pub fn at(self, at: Timestamp) -> Pipeline<'p, At> {
        self.with(|ForPurpose(question)| At(question, at))
    }
}

impl<'p> Pipeline<'p, At> {
    /// Keeps the customers whom the policy allows.
    pub fn consent(self, policy: &'p dyn ConsentPolicy) -> Pipeline<'p, Consented<'p>> {
        self.with(|at| Consented(at, Policy::Lent(policy)))
    }

    /// Opens the settings that weaken the protection; each leaves an audit event and a warning in every output.
    pub fn dangerous(self) -> Dangerous<'p> {
        Dangerous(self)
    }
}

/// Settings that weaken the protection, spelled so that a reviewer finds them.
#[must_use = "say which danger is meant"]
pub struct Dangerous<'p>(Pipeline<'p, At>);

impl<'p> Dangerous<'p> {
    /// Takes all customers without asking for consent, on the caller's word; `why` goes to the audit.
    ///
    /// # Privacy
    /// Every output says that nothing was checked. The lawful basis of each customer is the caller's to prove
    /// (GDPR Art. 5(2)).
    pub fn assuming_lawful(self, why: impl Into<String>) -> Pipeline<'p, Consented<'p>> {
        let policy = Box::new(AssumeLawful::dangerous(why));
        self.0.with(|at| Consented(at, Policy::Own(policy)))
    }
}

impl<'p> Pipeline<'p, Consented<'p>> {
    /// Replaces identifiers by pseudonyms under a key and drops what the purpose does not declare.
    pub fn protect(self, plan: impl Into<ProtectPlan>) -> Pipeline<'p, Protected<'p>> {
        self.with(|consented| Protected(consented, plan.into()))
    }
}

impl<'p> Pipeline<'p, Protected<'p>> {
    /// Computes features.
    pub fn features(self, spec: impl Into<FeatureSpec>) -> Pipeline<'p, WithFeatures<'p>> {
        self.with(|protected| WithFeatures(protected, spec.into()))
    }
}

impl<'p> Pipeline<'p, WithFeatures<'p>> {
    /// Divides the customers by a strategy, yours or one of ours.
    pub fn segment(self, strategy: impl Strategy + 'p) -> Pipeline<'p, Segmented<'p>> {
        self.with(|features| Segmented(features, Box::new(strategy)))
    }
}

impl<'p> Pipeline<'p, Segmented<'p>> {
    /// Releases what describes at least k customers.
    pub fn release(self, anonymity: KAnonymity) -> Pipeline<'p, Ready<'p>> {
        self.with(|Segmented(WithFeatures(Protected(Consented(At(question, at), policy), plan), spec), strategy)| {
            Ready { question, at, policy, plan, spec, strategy, anonymity, export: None }
        })
    }
}

impl<'p> Pipeline<'p, Ready<'p>> {
    /// Sets the seed of all randomness but keys and noise (default 0).
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Makes an [export](crate::release::export) as well, after the release and held against `ledger` (default none).
    ///
    /// # Privacy
    /// The ledger knows customers by their pseudonyms: protect every run under the same key, or definitions that are
    /// known are refused.
    pub fn with_export(mut self, plan: ExportPlan, ledger: &'p mut ReleaseLedger) -> Self {
        self.state.export = Some((plan, ledger));
        self
    }

    /// Calls `hook` at each stage and each round of the strategy; `Break` stops the run.
    pub fn on_progress<H>(mut self, hook: &'p H) -> Self
    where
        H: Fn(&Progress<'_>) -> ControlFlow<()> + Sync + 'p,
    {
        self.on_progress = Some(hook);
        self
    }
}

impl<'p, S> Pipeline<'p, S> {
    fn with<T>(self, step: impl FnOnce(S) -> T) -> Pipeline<'p, T> {
        Pipeline { state: step(self.state), seed: self.seed, on_progress: self.on_progress }
    }
}

impl<S> fmt::Debug for Pipeline<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline").field("seed", &self.seed).finish_non_exhaustive()
    }
}

impl fmt::Debug for Dangerous<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dangerous(..)")
    }
}
