//! Laws of the whole pipeline: what no order of rows, key, thread count or withdrawal may change.

use consentric::prelude::*;
use consentric::record::TransactionRole;
use proptest::prelude::*;

fn purpose() -> Purpose {
    Purpose::parse("segmentation_marketing").unwrap()
}

fn at() -> Timestamp {
    Timestamp::parse("2026-01-01T00:00:00Z").unwrap()
}

/// One purchase: customer, day of November 2025, cents.
type Row = (u16, u8, u32);

fn customers(rows: &[Row]) -> Customers {
    let mut csv = "who,timestamp,amount\n".to_owned();
    for (customer, day, cents) in rows {
        csv += &format!("c{customer},2025-11-{day:02},{}.{:02}\n", cents / 100, cents % 100);
    }
    let reader = TransactionsReader::new().with_column(TransactionRole::Customer, "who");
    Customers::from_transactions(reader.read_csv("rows", csv.as_bytes()).unwrap()).unwrap()
}

fn ledger(allowed: impl Iterator<Item = u16>) -> Ledger {
    let given = Timestamp::parse("2025-01-01T00:00:00Z").unwrap();
    let mut ledger = Ledger::new();
    for customer in allowed {
        ledger.append(&format!("c{customer}"), Event::given(given, &purpose(), "v1", "web_form")).unwrap();
    }
    ledger
}

fn release(customers: &Customers, ledger: &Ledger, k: u64, key: [u8; 32]) -> Result<Release, Error> {
    let outcome = Pipeline::for_purpose(purpose())
        .at(at())
        .consent(ledger)
        .protect(MasterKey::from_bytes(key))
        .features(Rfm::in_last_days(365))
        .segment(KMeans::new(4)?.with_restarts(4))
        .release(KAnonymity::new(k)?)
        .with_seed(42)
        .run(customers)?;
    Ok(outcome.release().clone())
}

fn json(release: &Release) -> String {
    release.to_json().unwrap()
}

/// Rows of 30 to 80 customers with one to four purchases each.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    proptest::collection::vec((0u16..80, 1u8..29, 1u32..50_000), 60..240).prop_map(|mut rows| {
        rows.extend((0..30).map(|customer| (customer, (customer % 28) as u8 + 1, 100 + u32::from(customer) * 37)));
        rows
    })
}

use proptest::strategy::Strategy;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn neither_the_order_of_rows_nor_the_key_changes_the_release(rows in rows(), shift in 0usize..200) {
        let mut turned = rows.clone();
        turned.rotate_left(shift % rows.len());
        turned.reverse();
        let ledger = ledger(0..80);
        let first = release(&customers(&rows), &ledger, 5, [1; 32]);
        let second = release(&customers(&turned), &ledger, 5, [2; 32]);
        match (first, second) {
            (Ok(first), Ok(second)) => prop_assert_eq!(json(&first), json(&second)),
            (Err(first), Err(second)) => prop_assert_eq!(first.to_string(), second.to_string()),
            (first, second) => prop_assert!(false, "{:?} {:?}", first.is_ok(), second.is_ok()),
        }
    }

    #[test]
    fn no_released_figure_describes_fewer_than_k_customers(rows in rows(), k in 2u64..25) {
        let n_customers = rows.iter().map(|row| row.0).collect::<std::collections::BTreeSet<_>>().len() as u64;
        if let Ok(release) = release(&customers(&rows), &ledger(0..80), k, [1; 32]) {
            let shown: u64 = release.segments().iter().filter_map(SegmentProfile::profile).map(|p| p.n()).sum();
            for profile in release.segments().iter().filter_map(SegmentProfile::profile).chain(release.other()) {
                prop_assert!(profile.n() >= k);
            }
            // What is hidden is known as the rest of the total: it must be nothing or many, and of two segments.
            let hidden = n_customers - shown;
            prop_assert!(hidden == 0 || hidden >= k);
            let n_hidden = release.segments().iter().filter(|segment| segment.profile().is_none()).count();
            prop_assert!(n_hidden != 1);
            prop_assert_eq!(release.other().map_or(0, |other| other.n()), hidden);
            let coverage = release.coverage();
            for n in coverage.refused.values().chain([&coverage.n_known, &coverage.n_allowed]) {
                prop_assert!(n.shown().is_none_or(|n| n == 0 || n >= k));
            }
            if let Ok(model) = release.model() {
                prop_assert!(release.segments().iter().all(|segment| segment.profile().is_some()));
                prop_assert_eq!(model.features().count(), 3);
            }
            // Every number of customers in the JSON is one of those above.
            let value: serde_json::Value = serde_json::from_str(&json(&release)).unwrap();
            for key in ["n_known", "n_allowed", "n_customers", "n_no_segment"] {
                prop_assert!(value[key].as_u64().is_none_or(|n| n == 0 || n >= k), "{}: {}", key, value[key]);
            }
        }
    }

    #[test]
    fn withdrawing_only_ever_shrinks_who_is_processed(
        rows in rows(),
        leavers in proptest::collection::btree_set(0u16..80, 0..80),
    ) {
        let customers = customers(&rows);
        let mut ledger = ledger(0..80);
        let question = Question::from(purpose());
        let before = customers.consent(&ledger, &question, at()).unwrap().len();
        let mut processed = before;
        for leaver in leavers {
            let late = Timestamp::parse("2025-12-01T00:00:00Z").unwrap();
            ledger.append(&format!("c{leaver}"), Event::withdrawn(late, &purpose())).unwrap();
            let now = customers.consent(&ledger, &question, at()).map_or(0, |consented| consented.len());
            prop_assert!(now <= processed);
            let had_data = customers.contains(&format!("c{leaver}"));
            prop_assert_eq!(now, processed - usize::from(had_data));
            processed = now;
        }
    }
}

#[test]
fn same_seed_gives_the_same_bytes_on_1_2_and_8_threads() {
    let rows: Vec<Row> =
        (0..40_000u32).map(|i| ((i * 7919 % 30_000) as u16, (i * 31 % 28) as u8 + 1, 1 + i * 6151 % 90_000)).collect();
    let (customers, ledger) = (customers(&rows), ledger(0..20_000));
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| json(&release(&customers, &ledger, 20, [1; 32]).unwrap()))
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
}

#[test]
fn another_seed_may_change_segments_but_never_who_is_in() {
    let rows: Vec<Row> = (0..400u16).map(|i| (i % 120, (i % 28) as u8 + 1, u32::from(i) * 97 + 5)).collect();
    let (customers, ledger) = (customers(&rows), ledger(0..100));
    let release = release(&customers, &ledger, 5, [1; 32]).unwrap();
    assert_eq!(release.n_customers(), 100);
    assert_eq!(release.coverage().refused["UNKNOWN_SUBJECT"].shown(), Some(20));
}

#[test]
fn the_audit_tells_who_was_refused_and_what_was_done_without_a_personal_value() {
    let rows: Vec<Row> = (0..100u16).map(|i| (i, (i % 28) as u8 + 1, u32::from(i) * 97 + 500)).collect();
    let release = release(&customers(&rows), &ledger(0..60), 5, [1; 32]).unwrap();
    let audit = release.audit();
    let actions: Vec<String> = audit.events().iter().map(|event| format!("{:?}", event.action)).collect();
    assert_eq!(actions, ["Consent", "Protect", "Features", "Segment", "Release", "Release"]);
    assert_eq!(audit.events()[0].counts["allowed"], 60);
    assert_eq!(audit.events()[0].counts["UNKNOWN_SUBJECT"], 40);
    let shown = audit.to_string();
    assert!((0..100).all(|i| !shown.contains(&format!("c{i} "))));
    // The published root commits to the counts that are shown, not to those of the full trail.
    assert_eq!(json(&release).matches(&release.audit_root().to_string()).count(), 1);
    assert_ne!(release.audit_root(), audit.root());
    let shown = release.coverage().refused.iter().chain([(&"allowed", &release.coverage().n_allowed)]);
    let shown = shown.filter_map(|(name, n)| Some(((*name).to_owned(), n.shown()?))).collect();
    let published = audit.published(&shown);
    assert_eq!(published.root(), release.audit_root());
    let consent = consentric::audit::Action::Consent;
    assert!(published.events().iter().all(|event| event.action == consent || event.counts.is_empty()));
    assert_eq!(format!("{audit:?}"), "AuditTrail(6 events)", "its counts do not print by accident");
}

#[test]
fn a_hook_sees_every_stage_and_can_stop_the_run() {
    use std::ops::ControlFlow;
    use std::sync::Mutex;

    use consentric::pipeline::Progress;

    let rows: Vec<Row> = (0..60u16).map(|i| (i, (i % 28) as u8 + 1, u32::from(i) * 97 + 500)).collect();
    let (customers, ledger) = (customers(&rows), ledger(0..60));
    let seen = Mutex::new(Vec::new());
    let run = |stop_at: &'static str| {
        seen.lock().unwrap().clear();
        let hook = |progress: &Progress<'_>| match progress {
            Progress::Stage(stage) => {
                seen.lock().unwrap().push(stage.name());
                if stage.name() == stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }
            Progress::Round(_) if stop_at == "round" => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        Pipeline::for_purpose(purpose())
            .at(at())
            .consent(&ledger)
            .protect(MasterKey::generate().unwrap())
            .features(Rfm::in_last_days(365))
            .segment(KMeans::new(3).unwrap())
            .release(KAnonymity::new(5).unwrap())
            .on_progress(&hook)
            .run(&customers)
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert_eq!(run("never"), Ok(()));
    assert_eq!(*seen.lock().unwrap(), ["consent", "protect", "features", "segment", "release"]);
    assert_eq!(run("features"), Err("stopped on request before stage `features`".to_owned()));
    assert!(run("round").unwrap_err().starts_with("stopped on request in round"));
}

#[test]
fn dangerous_settings_leave_a_warning_and_an_audit_event() {
    let rows: Vec<Row> = (0..60u16).map(|i| (i, (i % 28) as u8 + 1, u32::from(i) * 97 + 500)).collect();
    let outcome = Pipeline::for_purpose(purpose())
        .at(at())
        .dangerous()
        .assuming_lawful("contract of 2025, checked by the privacy officer")
        .protect(MasterKey::generate().unwrap())
        .features(Rfm::in_last_days(365))
        .segment(KMeans::new(3).unwrap())
        .release(KAnonymity::new(50).unwrap().dangerous().without_suppression())
        .run(&customers(&rows))
        .unwrap();
    let release = outcome.release();
    assert!(!release.is_for_release());
    let codes: Vec<&str> = release.warnings().iter().map(consentric::Warning::code).collect();
    assert!(codes.contains(&"ASSUMED_LAWFUL") && codes.contains(&"NOT_FOR_RELEASE"), "{codes:?}");
    let details: Vec<&str> = outcome.audit().events().iter().map(|event| event.detail.as_str()).collect();
    assert!(details.iter().any(|detail| detail.contains("privacy officer")));
    assert!(details.contains(&"without_suppression"));
    assert!(outcome.model().is_err(), "a model of small segments is personal data");
}

#[test]
fn a_hidden_count_changes_nothing_that_is_published() {
    let rows: Vec<Row> = (0..100u16).map(|i| (i, (i % 28) as u8 + 1, u32::from(i % 50) * 97 + 500)).collect();
    let customers = customers(&rows);
    let published = |n_refused: u16| {
        let mut ledger = ledger(0..80);
        let on = Timestamp::parse("2025-01-01T00:00:00Z").unwrap();
        // Few refusals of two kinds, hidden at k = 25 with all others: which kind is whose must not show.
        for i in 80..100u16 {
            let id = format!("c{i}");
            if i < 80 + n_refused {
                ledger.append(&id, Event::refused(on, &purpose())).unwrap();
            } else {
                ledger.append(&id, Event::withdrawn(on, &purpose())).unwrap();
            }
        }
        json(&release(&customers, &ledger, 25, [1; 32]).unwrap())
    };
    assert_eq!(published(5), published(6));
    assert!(published(5).contains("\"CONSENT_REFUSED\": null"));
}

#[test]
fn the_id_of_a_refused_customer_changes_no_segment() {
    let csv = |more: &str| {
        let rows = (0..400u32).map(|i| format!("{i},2025-11-{:02},{}.00\n", i * 7 % 28 + 1, i * 131 % 977 + 1));
        "customer,timestamp,amount\n".to_owned() + &rows.collect::<String>() + more
    };
    let mut ledger = Ledger::new();
    let given = Timestamp::parse("2025-01-01T00:00:00Z").unwrap();
    for i in 0..400 {
        ledger.append(&i.to_string(), Event::given(given, &purpose(), "v1", "web_form")).unwrap();
    }
    let segments = |more: &str| {
        let reader = TransactionsReader::new();
        let customers = Customers::from_transactions(reader.read_csv("rows", csv(more).as_bytes()).unwrap()).unwrap();
        serde_json::to_string(release(&customers, &ledger, 5, [1; 32]).unwrap().segments()).unwrap()
    };
    // A letter among ids that are all numbers turns their order, and the order decides the starts of k-means.
    assert_eq!(segments(""), segments("abc,2025-11-01,5.00\n"));
}

#[test]
fn what_customers_said_after_the_time_of_the_run_is_warned_of() {
    let rows: Vec<Row> = (0..60u16).map(|i| (i, (i % 28) as u8 + 1, u32::from(i) * 97 + 500)).collect();
    let (customers, mut ledger) = (customers(&rows), ledger(0..60));
    let codes = |ledger: &Ledger| -> Vec<&'static str> {
        release(&customers, ledger, 5, [1; 32]).unwrap().warnings().iter().map(|warning| warning.code()).collect()
    };
    assert!(!codes(&ledger).contains(&"LATER_CONSENT_EVENTS"));
    let later = Timestamp::parse("2026-01-01T00:00:01Z").unwrap();
    ledger.append("c7", Event::withdrawn(later, &purpose())).unwrap();
    assert!(codes(&ledger).contains(&"LATER_CONSENT_EVENTS"));
}
