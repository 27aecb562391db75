//! Made-up purchases that several benchmarks share.

use consentric::prelude::*;
use consentric::synth::Shop;

/// Customers of the shop.
pub const N: u64 = 100_000;

pub fn purchases() -> Transactions {
    TransactionsReader::new().read_rows(Shop::new(N, 42).transactions()).expect("the shop writes what the reader reads")
}

pub fn purpose() -> Purpose {
    Purpose::parse("segmentation_marketing").expect("a purpose of the catalogue")
}

pub fn at() -> Timestamp {
    Timestamp::parse("2025-07-01T00:00:00Z").expect("a time")
}

pub fn key() -> MasterKey {
    MasterKey::from_bytes([7; 32])
}
