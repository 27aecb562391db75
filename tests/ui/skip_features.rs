//! A strategy cannot run on anything but features.
use consentric::prelude::*;
use consentric::protect::Protected;

fn skip(protected: Protected<'_>, strategy: KMeans) {
    let _ = protected.segment(&strategy, &FitContext::new(1));
}

fn main() {}
