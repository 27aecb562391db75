//! A case as JSON: never a panic, never an allowance without a reason to allow.
#![no_main]

use consentric::consent::Cases;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(Ok(cases)) = Cases::with_register("fuzz", bytes) {
        let _ = cases.answer(2, bytes);
    }
    let answer = Cases::new().answer(1, bytes);
    assert_eq!(answer.is_allow(), answer.decision().is_some_and(|decision| decision.is_allow()));
    assert!(serde_json::to_string(&answer).is_ok());
});
