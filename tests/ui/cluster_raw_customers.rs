//! Raw customers cannot be clustered.
use consentric::prelude::*;

fn cluster(customers: &Customers, strategy: &KMeans) {
    let _ = strategy.fit(customers, &FitContext::new(1));
}

fn main() {}
