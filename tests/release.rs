//! Promises of the release stage.

use consentric::consent::AssumeLawful;
use consentric::feature::{FeatureSpec, Features, Scale, Transform};
use consentric::prelude::*;
use consentric::protect::{PseudonymDomain, Pseudonymiser};
use consentric::release::{ModelFile, ReleaseError};

const KEY: [u8; 32] = [5; 32];

/// Three groups by spend: 60 small, 40 middle and `n_large` large spenders.
fn features(n_large: usize) -> Features {
    features_by(n_large, Rfm::in_last_days(60).into())
}

fn features_by(n_large: usize, spec: FeatureSpec) -> Features {
    let mut csv = "customer,timestamp,amount\n".to_owned();
    for i in 0..100 + n_large {
        let euros = match i {
            0..60 => 10 + i % 5,
            60..100 => 1_000 + i,
            _ => 900_000 + i,
        };
        csv += &format!("c{i},2026-01-10,{euros}.00\n");
    }
    let customers =
        Customers::from_transactions(TransactionsReader::new().read_csv("rows", csv.as_bytes()).unwrap()).unwrap();
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let at = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let consented = customers.consent(&AssumeLawful::dangerous("test"), &question, at).unwrap();
    consented.protect(MasterKey::from_bytes(KEY)).unwrap().features(spec).unwrap()
}

fn release(features: &Features, k: u64) -> Result<Release, ReleaseError> {
    let strategy = KMeans::new(3).unwrap();
    features.segment(&strategy, &FitContext::new(1)).unwrap().release(&KAnonymity::new(k).unwrap())
}

fn model_json(release: &Release) -> String {
    release.model().unwrap().to_json().unwrap()
}

#[test]
fn shares_of_visible_segments_and_the_rest_sum_to_one() {
    for n_large in [0, 7, 30] {
        let release = release(&features(n_large), 20).unwrap();
        let shown = release.segments().iter().filter_map(SegmentProfile::profile);
        let sum: f64 = shown.chain(release.other()).map(|profile| profile.share()).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    }
}

#[test]
fn a_lone_small_segment_is_not_given_away_by_the_total() {
    let release = release(&features(7), 20).unwrap();
    let visible: Vec<u64> = release.segments().iter().filter_map(SegmentProfile::profile).map(|p| p.n()).collect();
    assert_eq!(visible, [60], "the next smallest is hidden with it");
    assert_eq!(release.other().unwrap().n(), 47);
    let json = release.to_json().unwrap();
    assert_eq!(json.matches("\"suppressed\": true").count(), 2);
    assert!(release.warnings().iter().any(|warning| warning.code() == "SUPPRESSED"));
}

#[test]
fn too_few_customers_or_only_small_segments_release_nothing() {
    let features = features(0);
    assert_eq!(release(&features, 101).unwrap_err(), ReleaseError::TooFewCustomers { k: 101 });
    assert_eq!(release(&features, 80).unwrap_err(), ReleaseError::NothingToShow { k: 80 });
    assert_eq!(KAnonymity::new(1).unwrap_err(), ReleaseError::Threshold { k: 1 });
}

#[test]
fn a_model_leaves_only_if_every_centroid_stands_for_k_customers() {
    let features = features(7);
    let withheld = release(&features, 20).unwrap();
    assert_eq!(withheld.model().unwrap_err(), &ReleaseError::ModelIsPersonal { k: 20 });
    assert!(withheld.warnings().iter().any(|warning| warning.code() == "MODEL_WITHHELD"));
    assert!(release(&features, 5).unwrap().model().is_ok());
}

#[test]
fn a_saved_model_assigns_customers_as_the_fit_did() {
    let features = features(30);
    let segmentation = features.segment(&KMeans::new(3).unwrap(), &FitContext::new(1)).unwrap();
    let json = model_json(&release(&features, 5).unwrap());
    let model = ModelFile::parse(&json).unwrap();
    assert_eq!(model.to_json().unwrap(), json, "load then save gives the same bytes");

    let domain = PseudonymDomain::new("segmentation", "own", "segmentation_marketing", 1).unwrap();
    let pseudonymiser = Pseudonymiser::new(&MasterKey::from_bytes(KEY), &domain).unwrap();
    for (customer, euros) in [("c0", 10.0), ("c61", 1_061.0), ("c110", 900_110.0)] {
        let (segment, _) = model.assign(&[22.0, 1.0, euros]).unwrap();
        let known = segmentation.segment_of(&pseudonymiser.pseudonym("customer_id", customer)).unwrap().unwrap();
        assert_eq!(segment, known.0, "{customer}");
        assert!(model.segment_name(segment).is_some());
    }
    assert!(model.assign(&[f64::NAN, 1.0, 1.0]).is_none());
    assert!(model.assign(&[1.0, 1.0]).is_none());
    assert!(model.assign(&[1.0, 1.0, f64::MAX]).is_some());
}

#[test]
fn a_model_never_holds_the_smallest_and_largest_value() {
    let features = features_by(30, Rfm::in_last_days(60).with_scaling(Transform::None, Scale::MinMax));
    let release = release(&features, 5).unwrap();
    assert_eq!(release.model().unwrap_err(), &ReleaseError::ModelIsPersonal { k: 5 });
}

#[test]
fn a_centroid_that_is_one_customer_does_not_leave_even_if_many_are_near_it() {
    // Spend only: 40 times 0, once 4, 30 times 5, 30 times 100. After one round the centroid 4 is one customer's value,
    // while the labels counted afterwards give it 31.
    let spend = [(40, 0), (1, 4), (30, 5), (30, 100)].iter().flat_map(|(n, euros)| std::iter::repeat_n(*euros, *n));
    let rows = spend.enumerate().map(|(i, euros)| format!("c{i},2026-01-10,{euros}.00\n"));
    let csv = "customer,timestamp,amount\n".to_owned() + &rows.collect::<String>();
    let customers =
        Customers::from_transactions(TransactionsReader::new().read_csv("rows", csv.as_bytes()).unwrap()).unwrap();
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let at = Timestamp::parse("2026-02-01T00:00:00Z").unwrap();
    let consented = customers.consent(&AssumeLawful::dangerous("test"), &question, at).unwrap();
    let spec = Rfm::in_last_days(60).with_measures(&[consentric::feature::Measure::MonetaryTotal]).unwrap();
    let spec = spec.with_scaling(Transform::None, Scale::None);
    let features = consented.protect(MasterKey::from_bytes(KEY)).unwrap().features(spec).unwrap();
    let start = ndarray::array![[0.0], [4.0], [5.2]];
    let strategy = KMeans::new(3).unwrap().with_start(start.view()).with_max_rounds(1);
    let segmentation = features.segment(&strategy, &FitContext::new(1)).unwrap();
    assert!(segmentation.sizes().iter().all(|size| *size >= 30), "the labels alone would let it pass");
    let release = segmentation.release(&KAnonymity::new(20).unwrap()).unwrap();
    assert_eq!(release.model().unwrap_err(), &ReleaseError::ModelIsPersonal { k: 20 });
}

#[test]
fn the_model_says_that_consent_was_assumed() {
    let json = model_json(&release(&features(30), 5).unwrap());
    assert!(json.contains("ASSUMED LAWFUL") && json.contains("\"source\": \"assumed\""), "{json}");
    assert!(release(&features(30), 5).unwrap().to_json().unwrap().contains("ASSUMED LAWFUL"));
}

#[test]
fn a_changed_model_file_is_refused() {
    let features = features(30);
    let json = model_json(&release(&features, 5).unwrap());
    let refused = |json: &str| ModelFile::parse(json).unwrap_err().to_string();
    assert!(refused(&json.replace("\"seed\": 1", "\"seed\": 2")).contains("checksum"));
    assert!(refused(&json.replace("\"version\": 1", "\"version\": 2")).contains("version"));
    assert!(refused(&json.replace("consentric-model", "other")).contains("format"));
    assert!(refused(&json.replace("\"seed\"", "\"more\": 1, \"seed\"")).contains("unknown"));
    assert!(refused("{}").contains("format"));
    assert!(refused(&json[..json.len() / 2]).contains("JSON"));
}

#[test]
fn a_strategy_that_breaks_its_contract_is_caught() {
    use consentric::segment::{Fit, KMeansModel, SegmentError};
    use ndarray::{Array2, ArrayView2};

    /// Says that it knows more segments than a machine can count.
    struct Endless;
    impl consentric::segment::Model for Endless {
        fn n_segments(&self) -> usize {
            usize::MAX
        }
        fn assign(&self, rows: ArrayView2<'_, f64>) -> Vec<Option<SegmentId>> {
            vec![None; rows.nrows()]
        }
    }

    struct Liar(usize);
    impl Strategy for Liar {
        fn name(&self) -> &str {
            "liar"
        }
        fn fit(&self, x: ArrayView2<'_, f64>, _: &FitContext<'_>) -> Result<Fit, SegmentError> {
            let model: Box<dyn consentric::segment::Model> = match self.0 {
                101 => Box::new(Endless),
                _ => Box::new(KMeansModel::new(Array2::zeros((1, x.ncols())))?),
            };
            let labels = vec![Some(SegmentId(u32::from(self.0 == x.nrows()))); self.0.min(100)];
            Ok(Fit { model, labels, converged: true, rounds: 1, warnings: Vec::new() })
        }
    }
    let features = features(0);
    for n_labels in [99, 100, 101] {
        let error = features.segment(&Liar(n_labels), &FitContext::new(1)).unwrap_err();
        assert!(matches!(error, SegmentError::BadFit { .. }), "{error}");
    }
}
