//! A progress bar on stderr, if that is a terminal.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::time::Duration;

use consentric::pipeline::Progress;
use indicatif::{ProgressBar, ProgressStyle};

pub struct Bar(ProgressBar);

impl Bar {
    pub fn new() -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    pub fn tell(&self, text: &str) {
        self.0.set_message(text.to_owned());
    }

    pub fn show(&self, progress: &Progress<'_>) -> ControlFlow<()> {
        match progress {
            Progress::Stage(stage) => self.tell(stage.name()),
            Progress::Round(round) => self.tell(&format!(
                "{} start {} of {}, round {}, {} customers moved",
                round.strategy,
                round.start + 1,
                round.n_starts,
                round.round,
                round.moved
            )),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
