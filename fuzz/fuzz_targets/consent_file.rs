//! A consent file: read whole or refused with a place.
#![no_main]

use consentric::consent::ConsentFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = ConsentFile::read("fuzz", bytes);
});
