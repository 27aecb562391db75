//! The builder does not run before it knows what may leave.
use consentric::prelude::*;

fn skip(ledger: &Ledger, customers: &Customers, purpose: Purpose, at: Timestamp, key: MasterKey, strategy: KMeans) {
    let _ = Pipeline::for_purpose(purpose)
        .at(at)
        .consent(ledger)
        .protect(key)
        .features(Rfm::in_last_days(365))
        .segment(strategy)
        .run(customers);
}

fn main() {}
