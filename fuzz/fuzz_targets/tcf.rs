//! Any text as a TCF string: no panic, and what is not verified says nothing and blocks.

#![no_main]

use consentric::consent::{Operation, SignalReading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let reading = SignalReading::from_tcf(text);
    assert_eq!(reading.blocks(Operation::Share).is_some(), reading.problem().is_some());
    assert!(reading.signal().is_none() || reading.problem().is_none());
    if text.len() > SignalReading::MAX_TCF_BYTES {
        assert!(reading.problem().is_some());
    }
});
