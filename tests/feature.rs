//! Promises of the features stage.

use consentric::feature::{FeatureError, Measure, Refunds, Scale, Transform, ZeroAmount};
use consentric::prelude::*;
use consentric::record::TransactionRole;
use consentric::time::Zone;

fn features(csv: &str, rfm: Rfm) -> Result<String, FeatureError> {
    in_zone(csv, rfm, "UTC")
}

/// Runs the stages and gives the profile of all customers as one segment, values in full.
fn in_zone(csv: &str, rfm: Rfm, zone: &str) -> Result<String, FeatureError> {
    let reader = TransactionsReader::new().with_zone(Zone::parse(zone).unwrap());
    let customers = Customers::from_transactions(reader.read_csv("rows", csv.as_bytes()).unwrap()).unwrap();
    let policy = consentric::consent::AssumeLawful::dangerous("test");
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let at = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let features = customers
        .consent(&policy, &question, at)
        .unwrap()
        .protect(MasterKey::from_bytes([1; 32]))
        .unwrap()
        .features(rfm)?;
    let policy = KAnonymity::new(2).unwrap().dangerous().without_suppression();
    let segmentation = features.segment(&KMeans::new(1).unwrap(), &FitContext::new(1)).unwrap();
    let release = segmentation.release(&policy).unwrap();
    let profile = release.segments()[0].profile().unwrap().clone();
    let means: Vec<String> = profile.features().map(|(name, feature)| format!("{name} {}", feature.mean)).collect();
    Ok(format!("n {}, {}", profile.n(), means.join(", ")))
}

#[test]
fn recency_is_at_least_one_and_counts_whole_civil_days() {
    let csv = "customer,timestamp,amount\na,2026-01-31T23:59:59Z,1.00\n";
    let shown = features(csv, Rfm::in_last_days(30)).unwrap();
    assert_eq!(shown, "n 1, recency_days 1, frequency 1, monetary_total 1");
}

#[test]
fn a_purchase_just_before_midnight_falls_on_the_day_of_the_zone() {
    let csv = "customer,timestamp,amount\na,2026-01-30T23:59:59Z,1.00\n";
    let recency = |zone| in_zone(csv, Rfm::in_last_days(30).as_of(Date::parse("2026-02-01").unwrap()), zone).unwrap();
    assert!(recency("UTC").contains("recency_days 2"));
    assert!(recency("Asia/Tokyo").contains("recency_days 1"));
    assert!(recency("America/New_York").contains("recency_days 2"));
}

#[test]
fn the_window_ends_before_the_analysis_date_and_starts_n_days_before() {
    let csv = "customer,timestamp,amount\na,2026-02-01,1.00\na,2026-01-31,2.00\na,2026-01-02,4.00\na,2026-01-01,8.00\n";
    assert!(features(csv, Rfm::in_last_days(30)).unwrap().contains("monetary_total 6"));
    assert!(features(csv, Rfm::in_last_days(1)).unwrap().contains("monetary_total 2"));
    assert!(features(csv, Rfm::whole_history()).unwrap().contains("monetary_total 14"));
    let error = features(csv, Rfm::in_last_days(1).as_of(Date::parse("2025-01-01").unwrap())).unwrap_err();
    assert!(matches!(error, FeatureError::EmptyWindow { .. }));
    let error = features(csv, Rfm::in_last_days(0)).unwrap_err();
    assert!(matches!(error, FeatureError::Window { .. }));
}

#[test]
fn the_same_data_gives_three_frequencies_in_three_units() {
    let csv = "customer,timestamp,amount,order\na,2026-01-05,1.00,x\na,2026-01-05,1.00,x\na,2026-01-05,1.00,y\na,2026-01-06,1.00,z\n";
    let frequency = |unit| features(csv, Rfm::in_last_days(30).counting(unit)).unwrap();
    assert!(frequency(FrequencyUnit::Rows).contains("frequency 4"));
    assert!(frequency(FrequencyUnit::Orders).contains("frequency 3"));
    assert!(frequency(FrequencyUnit::PurchaseDays).contains("frequency 2"));
    let without = "customer,timestamp,amount\na,2026-01-05,1.00\n";
    let error = features(without, Rfm::in_last_days(30).counting(FrequencyUnit::Orders)).unwrap_err();
    assert_eq!(error, FeatureError::OrderIdMissing);
}

#[test]
fn refunds_are_excluded_netted_or_kept() {
    let csv = "customer,timestamp,amount\na,2026-01-05,10.00\na,2026-01-06,-4.00\n";
    let with = |refunds| features(csv, Rfm::in_last_days(60).with_refunds(refunds)).unwrap();
    assert_eq!(with(Refunds::Exclude), "n 1, recency_days 27, frequency 1, monetary_total 10");
    assert_eq!(with(Refunds::Net), "n 1, recency_days 27, frequency 1, monetary_total 6");
    assert_eq!(with(Refunds::Keep), "n 1, recency_days 26, frequency 2, monetary_total 6");
}

#[test]
fn a_free_purchase_is_a_purchase_unless_told_otherwise() {
    let csv = "customer,timestamp,amount\na,2026-01-05,10.00\na,2026-01-06,0.00\n";
    let with = |zero| features(csv, Rfm::in_last_days(60).with_zero_amount(zero)).unwrap();
    assert!(with(ZeroAmount::Keep).contains("recency_days 26, frequency 2"));
    assert!(with(ZeroAmount::Drop).contains("recency_days 27, frequency 1"));
}

#[test]
fn quantity_times_price_is_exact_and_rounded_once() {
    // 3 x 0.335 = 1.005 twice is 2.01; rounding each row first would give 2.02 or 2.00.
    let csv = "customer,timestamp,quantity,unit_price\na,2026-01-05,3,0.335\na,2026-01-06,3,0.335\n";
    assert!(features(csv, Rfm::in_last_days(60)).unwrap().ends_with("monetary_total 2.01"));
}

#[test]
fn sums_past_two_to_the_53_stay_exact() {
    let csv = "customer,timestamp,amount\na,2026-01-05,90071992547409.91\na,2026-01-05,0.02\na,2026-01-05,-90071992547409.92\n";
    // Kept exact up to the last step: the difference is one cent, which floats of the sum would lose.
    let too_large = TransactionsReader::new().read_csv("rows", csv.as_bytes());
    match too_large {
        Ok(_) => {
            let shown = features(csv, Rfm::in_last_days(60).with_refunds(Refunds::Keep)).unwrap();
            assert!(shown.ends_with("monetary_total 0.01"), "{shown}");
        }
        Err(error) => assert!(error.to_string().contains("out of range"), "{error}"),
    }
}

#[test]
fn other_measures_are_what_they_say() {
    let csv = "customer,timestamp,amount,units\na,2026-01-05,10.00,2\na,2026-01-15,5.00,3\n";
    let measures = [Measure::MonetaryMean, Measure::TenureDays, Measure::Units];
    let shown = features(csv, Rfm::in_last_days(60).with_measures(&measures).unwrap()).unwrap();
    assert_eq!(shown, "n 1, monetary_mean 7.5, tenure_days 27, units 5");
    assert!(Rfm::in_last_days(60).with_measures(&[]).is_err());
    assert!(Rfm::in_last_days(60).with_measures(&[Measure::Units, Measure::Units]).is_err());
}

#[test]
fn a_constant_feature_is_named_in_a_warning() {
    let csv = "customer,timestamp,amount\na,2026-01-05,10.00\nb,2026-01-05,10.00\n";
    let customers =
        Customers::from_transactions(TransactionsReader::new().read_csv("rows", csv.as_bytes()).unwrap()).unwrap();
    let policy = consentric::consent::AssumeLawful::dangerous("test");
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let at = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let protected = customers.consent(&policy, &question, at).unwrap().protect(MasterKey::from_bytes([1; 32])).unwrap();
    let features = protected.features(Rfm::in_last_days(60)).unwrap();
    let constant = features.warnings().iter().filter(|warning| warning.code() == "CONSTANT_FEATURE").count();
    assert_eq!(constant, 3);
}

#[test]
fn unscaled_features_are_warned_of() {
    let csv: String = (0..50).fold("customer,timestamp,amount\n".to_owned(), |csv, i| {
        csv + &format!("c{i},2026-01-{:02},{}.00\n", i % 28 + 1, i * i * 10 + 1)
    });
    let customers =
        Customers::from_transactions(TransactionsReader::new().read_csv("rows", csv.as_bytes()).unwrap()).unwrap();
    let policy = consentric::consent::AssumeLawful::dangerous("test");
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let at = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let warned = |spec: consentric::feature::FeatureSpec| {
        let protected =
            customers.consent(&policy, &question, at).unwrap().protect(MasterKey::from_bytes([1; 32])).unwrap();
        let features = protected.features(spec).unwrap();
        features.warnings().iter().any(|warning| warning.code() == "UNSCALED")
    };
    assert!(warned(Rfm::in_last_days(60).with_scaling(Transform::None, Scale::None)));
    assert!(!warned(Rfm::in_last_days(60).into()));
}

#[test]
fn a_feature_called_recency_is_refused_as_ambiguous() {
    assert!(matches!(Columns::of(["recency"]), Err(FeatureError::AmbiguousRecency { .. })));
    assert!(Columns::of(["recency_days"]).is_ok());
}

#[test]
fn purchases_of_somebody_outside_the_customer_table_are_left_out_with_a_warning() {
    let schema = Schema::new("id", []).unwrap();
    let table = CustomersReader::new(schema).read_csv("table", "id\na\nb\n".as_bytes()).unwrap();
    let csv = "who,timestamp,amount\na,2026-01-05,10.00\nz,2026-01-05,99.00\n";
    let reader = TransactionsReader::new().with_column(TransactionRole::Customer, "who");
    let customers = table.with_transactions(reader.read_csv("rows", csv.as_bytes()).unwrap()).unwrap();
    let policy = consentric::consent::AssumeLawful::dangerous("test");
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let at = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let protected = customers.consent(&policy, &question, at).unwrap().protect(MasterKey::from_bytes([1; 32])).unwrap();
    let features = protected.features(Rfm::in_last_days(60)).unwrap();
    assert_eq!(features.n_customers(), 1);
    assert!(features.warnings().iter().any(|warning| warning.code() == "UNMATCHED_TRANSACTIONS"));
}

#[test]
fn counting_rows_of_orders_with_several_rows_is_warned_of() {
    let csv = "customer,timestamp,amount,order\na,2026-01-05,1.00,x\na,2026-01-05,1.00,x\nb,2026-01-05,1.00,y\nb,2026-01-06,1.00,y\n";
    let reader = TransactionsReader::new();
    let customers = Customers::from_transactions(reader.read_csv("rows", csv.as_bytes()).unwrap()).unwrap();
    let policy = consentric::consent::AssumeLawful::dangerous("test");
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let at = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let warned = |unit| {
        let protected =
            customers.consent(&policy, &question, at).unwrap().protect(MasterKey::from_bytes([1; 32])).unwrap();
        let features = protected.features(Rfm::in_last_days(60).counting(unit)).unwrap();
        features.warnings().iter().any(|warning| warning.code() == "ROWS_COUNTED_AS_PURCHASES")
    };
    assert!(warned(FrequencyUnit::Rows));
    assert!(!warned(FrequencyUnit::Orders));
}
