//! Any bytes as a source of another system: an import or an error, and never a yes without its proof.

#![no_main]

use consentric::consent::{CsvColumns, EventKind, Importer, Ledger, Purpose};
use consentric::time::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((format, source)) = data.split_first() else { return };
    let (Ok(at), Ok(news), Ok(ads)) = (
        Timestamp::parse("2026-06-01T00:00:00Z"),
        Purpose::parse("newsletter"),
        Purpose::parse("third_party_advertising"),
    ) else {
        return;
    };
    let Ok(importer) = Importer::new("fuzz", at) else { return };
    let importer = importer.with_purpose("news", &news).with_purpose("ads", &ads).ignoring("other");
    let columns = CsvColumns::new("id", "at");
    let import = match format % 6 {
        0 => importer.read_json(source),
        1 => importer.read_salesforce(source),
        2 => importer.read_hubspot(source),
        3 => importer.read_snowplow(source),
        4 => importer.read_csv(source, &columns.with_notice_version("notice").with_method("method")),
        _ => importer.read_csv(source, &columns),
    };
    let Ok(import) = import else { return };
    let has_no_proof = |kind: &EventKind| match kind {
        EventKind::ConsentGiven(grant) => grant.notice_version().is_none(),
        _ => true,
    };
    // The last form names neither a column of the notice nor one of the method.
    assert!(format % 6 != 5 || import.iter().all(|item| has_no_proof(item.event().kind())));
    assert!(import.iter().all(|item| item.event().recorded_at() == at && !item.customer().trim().is_empty()));
    let n_events = import.n_events();
    let mut ledger = Ledger::new();
    assert_eq!(import.append_to(&mut ledger).ok(), Some(n_events));
    assert_eq!(ledger.n_events(), n_events as u64);
});
