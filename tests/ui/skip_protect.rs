//! Features cannot be computed from customers who still have names.
use consentric::consent::Consented;
use consentric::prelude::*;

fn skip(consented: Consented<'_>) {
    let _ = consented.features(Rfm::in_last_days(365));
}

fn main() {}
