//! Features cannot be released.
use consentric::feature::Features;
use consentric::prelude::*;

fn skip(features: Features, policy: KAnonymity) {
    let _ = features.release(&policy);
}

fn main() {}
