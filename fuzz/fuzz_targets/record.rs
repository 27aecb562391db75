//! Any bytes as a record or receipt: refused, or read without loss.

#![no_main]

use consentric::consent::{ConsentReceipt, ConsentRecord, RecordText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let as_value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    if let Ok(record) = ConsentRecord::read_json(text) {
        let Ok(again) = serde_json::to_string(record.to_27560()) else { panic!("a record that cannot be written") };
        assert_eq!(as_value(&again), as_value(text));
        assert!(ConsentRecord::read_json(&again).is_ok_and(|read| read == record));
        assert!(record.to_json_ld().is_object());
        let Ok(id) = RecordText::parse("receipt") else { return };
        let receipt = ConsentReceipt::of(&record, id);
        let written = serde_json::to_string(receipt.to_27560()).unwrap_or_default();
        assert!(ConsentReceipt::read_json(&written).is_ok_and(|read| read == receipt));
    }
    if let Ok(receipt) = ConsentReceipt::read_json(text) {
        let again = serde_json::to_string(receipt.to_27560()).unwrap_or_default();
        assert_eq!(as_value(&again), as_value(text));
    }
});
