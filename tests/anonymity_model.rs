//! The slow twin of `anonymity` against numbers computed by hand, from the definitions alone.

#[path = "model/naive_anonymity/mod.rs"]
#[expect(unused_imports, reason = "other tests use the rest of the twin")]
mod naive;

#[path = "model/naive_anonymity_tests/mod.rs"]
mod hand;
