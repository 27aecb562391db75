//! Consent cannot be forged.
use consentric::consent::Consented;
use consentric::prelude::*;

fn forge(customers: &Customers) -> Consented<'_> {
    Consented { customers, rows: vec![0, 1, 2] }
}

fn main() {}
