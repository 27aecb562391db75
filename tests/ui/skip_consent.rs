//! Customers cannot be protected before anybody asked whether they may be used.
use consentric::prelude::*;

fn skip(customers: &Customers, key: MasterKey) {
    let _ = customers.protect(key);
}

fn main() {}
