//! Running the five stages.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::builder::state::Ready;
use super::{Outcome, Pipeline, Progress, Stage, Timing};
use crate::Error;
use crate::record::Customers;
use crate::segment::{FitContext, Round};

impl<'p> Pipeline<'p, Ready<'p>> {
    /// Runs the five stages on the customers.
    ///
    /// Same customers, settings and seed give the same release, whatever the order of the rows, the key and the number
    /// of threads. Work is done in the rayon pool of the caller.
    ///
    /// # Privacy
    /// What comes back is aggregated; its audit may hold counts below k and is for the controller.
    ///
    /// # Errors
    /// [`Error`] of the stage that refused; [`Error::Stopped`] if the progress hook asked to stop between stages.
    ///
    /// # Complexity
    /// The sum of the stages; see each.
    pub fn run(self, customers: &Customers) -> Result<Outcome, Error> {
        let Ready { question, at, policy, plan, spec, strategy, anonymity, export } = self.state;
        let hook = self.on_progress;
        let mut clock = Clock { timings: Vec::with_capacity(5) };
        let begin = |stage: Stage| match hook.map(|hook| hook(&Progress::Stage(stage))) {
            Some(ControlFlow::Break(())) => Err(Error::Stopped { stage: stage.name() }),
            _ => Ok(()),
        };

        begin(Stage::Consent)?;
        let consented = clock.time(Stage::Consent, || customers.consent(policy.get(), &question, at))?;
        begin(Stage::Protect)?;
        let protected = clock.time(Stage::Protect, || consented.protect(plan))?;
        begin(Stage::Features)?;
        let features = clock.time(Stage::Features, || protected.features(spec))?;
        begin(Stage::Segment)?;
        let tell = |round: &Round<'_>| hook.map_or(ControlFlow::Continue(()), |hook| hook(&Progress::Round(round)));
        let context = FitContext::new(self.seed);
        let context = if hook.is_some() { context.on_round(&tell) } else { context };
        let segmentation = clock.time(Stage::Segment, || features.segment(strategy.as_ref(), &context))?;
        begin(Stage::Release)?;
        let (release, export) = clock.time(Stage::Release, || -> Result<_, Error> {
            let release = segmentation.release(&anonymity)?;
            // Last of all: what the ledger has written down counts as handed out.
            let export = export.map(|(plan, ledger)| segmentation.export(&plan, ledger)).transpose()?;
            Ok((release, export))
        })?;
        Ok(Outcome { release, export, timings: clock.timings })
    }
}

struct Clock {
    timings: Vec<Timing>,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "how long a stage took is told beside the result, never part of it")]
    fn time<T>(&mut self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        let time: Duration = start.elapsed();
        self.timings.push(Timing { stage, time });
        result
    }
}
