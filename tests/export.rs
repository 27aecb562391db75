//! Promises of the export: what partners and reports outside may see, again and again.

use consentric::consent::{AssumeLawful, Question, Snapshot};
use consentric::feature::{Features, Measure, Scale, Transform};
use consentric::prelude::*;
use consentric::release::ReleaseError;
use consentric::release::export::{Export, ExportCell, ExportPlan, ExportRow, FeatureRange};
use consentric::release::ledger::{LedgerKey, ReleaseLedger, SetForm, Verdict};
use consentric::release::manifest::{Level, Risk};
use consentric::release::table::{Reason, Threshold};
use consentric::segment::{Fit, KMeansModel, Model, SegmentError};
use ndarray::{Array2, ArrayView2, array};

const KEY: [u8; 32] = [5; 32];

/// 300 small, 200 middle, 120 large and 30 very large spenders, without those whom `is_gone` names.
fn features_under(key: [u8; 32], day: u32, is_gone: impl Fn(usize) -> bool) -> Features {
    let mut csv = "customer,timestamp,amount\n".to_owned();
    for i in (0..650).filter(|i| !is_gone(*i)) {
        csv += &format!("c{i},2026-01-10,{}.00\n", euros(i));
    }
    let table = TransactionsReader::new().read_csv("rows", csv.as_bytes()).unwrap();
    let customers = Customers::from_transactions(table).unwrap();
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let consented = customers.consent(&AssumeLawful::dangerous("test"), &question, at(day)).unwrap();
    let spend = Rfm::in_last_days(60).with_measures(&[Measure::MonetaryTotal]).unwrap();
    let spend = spend.with_scaling(Transform::None, Scale::None);
    consented.protect(MasterKey::from_bytes(key)).unwrap().features(spend).unwrap()
}

fn features(day: u32, is_gone: impl Fn(usize) -> bool) -> Features {
    features_under(KEY, day, is_gone)
}

fn euros(i: usize) -> usize {
    match i {
        0..300 => 10 + i % 50,
        300..500 => 1_000 + i,
        500..620 => 2_000 + i,
        _ => 3_000 + i,
    }
}

fn at(day: u32) -> Timestamp {
    Timestamp::parse(&format!("2026-02-{day:02}T00:00:00Z")).unwrap()
}

/// Centroids that stay as they are.
struct Frozen(Array2<f64>);

impl consentric::segment::Strategy for Frozen {
    fn name(&self) -> &str {
        "frozen"
    }

    fn fit(&self, x: ArrayView2<'_, f64>, _: &FitContext<'_>) -> Result<Fit, SegmentError> {
        let model = KMeansModel::new(self.0.clone())?;
        let labels = Model::assign(&model, x);
        Ok(Fit { model: Box::new(model), labels, converged: true, rounds: 1, warnings: Vec::new() })
    }
}

fn frozen() -> Frozen {
    Frozen(array![[30.0], [1_400.0], [2_560.0], [3_630.0]])
}

fn ledger() -> ReleaseLedger {
    ReleaseLedger::in_memory(&LedgerKey::from_bytes([7; 32]), 50, SetForm::Sketch).unwrap()
}

fn plan() -> ExportPlan {
    ExportPlan::new().with_range("monetary_total", "0..5000:500".parse().unwrap())
}

fn export(features: &Features, plan: &ExportPlan, ledger: &mut ReleaseLedger) -> Result<Export, ReleaseError> {
    features.segment(&frozen(), &FitContext::new(1)).unwrap().export(plan, ledger)
}

fn rows(export: &Export) -> Vec<&ExportRow> {
    let segments = export.segments().map(|(_, row)| row);
    std::iter::once(export.everybody()).chain(export.other()).chain(segments).collect()
}

/// All cells in a fixed order.
fn cells(export: &Export) -> Vec<Option<ExportCell>> {
    rows(export)
        .iter()
        .flat_map(|row| [row.n(), row.share()].into_iter().chain(row.figures().iter().copied()))
        .collect()
}

fn value(cell: Option<ExportCell>) -> f64 {
    cell.unwrap().figure().value()
}

#[test]
fn an_export_shows_rounded_figures_and_joins_small_segments() {
    let export = export(&features(1, |_| false), &plan(), &mut ledger()).unwrap();
    let place = export.place_of("monetary_total").unwrap();
    assert_eq!(value(export.everybody().n()), 650.0);
    let segments: Vec<Option<f64>> =
        export.segments().map(|(_, row)| row.n().map(|cell| cell.figure().value())).collect();
    assert_eq!(segments, [Some(300.0), Some(200.0), None, None], "30 are too few, and 120 protect them");
    assert_eq!(value(export.other().unwrap().n()), 150.0);
    let hidden: Vec<(u32, &[Reason])> =
        export.hidden_segments().iter().map(|own| (own.id().unwrap().0, own.reasons())).collect();
    assert_eq!(hidden, [(2, &[Reason::Complement][..]), (3, &[Reason::BelowThreshold][..])]);
    let (_, small) = export.segments().next().unwrap();
    let mean = small.figures()[place].unwrap().figure();
    // u (2n - 1) / 2 >= w: 500 euros of width over 300 customers need a step of 2.
    assert_eq!(mean.step(), 2.0);
    assert!((mean.value() - 34.5).abs() <= 1.0, "{mean:?}");
    assert_eq!(value(small.share()), 0.462);
    let json = export.to_json().unwrap();
    let hidden = r#""n":null,"share":null,"features":{"monetary_total":{"mean":null}}"#;
    let packed: String = json.split_whitespace().collect();
    assert_eq!(packed.matches(hidden).count(), 2, "{json}");
    assert!(!json.contains("median") && !json.contains("\"q25\""));
}

#[test]
fn after_an_erasure_no_figure_moves_by_the_one_who_left() {
    // One of each segment, and one of the hidden one.
    for gone in [0, 7, 299, 300, 450, 500, 619, 620, 649] {
        let mut ledger = ledger();
        let first = export(&features(1, |_| false), &plan(), &mut ledger).unwrap();
        let second = export(&features(2, |i| i == gone), &plan(), &mut ledger).unwrap();
        assert_eq!(ledger.n_releases(), 2);
        let (before, after) = (cells(&first), cells(&second));
        assert_eq!(before.len(), after.len());
        let mut n_frozen = 0;
        for (before, after) in before.iter().zip(&after) {
            let Some(after) = after else { continue };
            assert_eq!(Some(after.figure()), before.map(|cell| cell.figure()), "customer {gone}");
            n_frozen += usize::from(after.at() == at(1));
        }
        // All customers at least are fewer by one.
        assert!(n_frozen > 0 || second.everybody().n().is_none(), "customer {gone}");
        let changed = second.receipt().verdicts.iter().filter(|verdict| !matches!(verdict, Verdict::Released)).count();
        assert!(changed > 0, "customer {gone}");
    }
}

#[test]
fn many_exports_with_one_erasure_each_never_differ_by_few() {
    let mut ledger = ledger();
    let mut seen: Vec<Vec<f64>> = Vec::new();
    for day in 1..=14 {
        let gone = |i: usize| i.is_multiple_of(23) && i / 23 < day as usize;
        let export = export(&features(day, gone), &plan(), &mut ledger).unwrap();
        let counts = rows(&export).iter().map(|row| row.n().map(|cell| cell.figure().value())).collect::<Vec<_>>();
        seen.resize(counts.len(), Vec::new());
        for (earlier, n) in seen.iter_mut().zip(&counts) {
            let Some(n) = n else { continue };
            assert!(earlier.iter().all(|before| before == n || (before - n).abs() >= 50.0), "day {day}");
            earlier.push(*n);
        }
        assert!(counts[0].is_some(), "all customers stay as they were counted first");
    }
}

#[test]
fn figures_move_again_when_enough_customers_have_changed() {
    let mut ledger = ledger();
    let _ = export(&features(1, |_| false), &plan(), &mut ledger).unwrap();
    let second = export(&features(2, |i| i < 60), &plan(), &mut ledger).unwrap();
    assert_eq!(value(second.everybody().n()), 590.0);
    assert_eq!(second.everybody().n().unwrap().at(), at(2));
}

#[test]
fn one_customer_who_spends_more_moves_no_mean() {
    let mut ledger = ledger();
    let first = export(&features(1, |_| false), &plan(), &mut ledger).unwrap();
    // The same members, one of them with another value: the first is left out and stands in again as the 51st.
    let mut csv = "customer,timestamp,amount\n".to_owned();
    (0..650).for_each(|i| csv += &format!("c{i},2026-01-10,{}.00\n", if i == 3 { 600 } else { euros(i) }));
    let table = TransactionsReader::new().read_csv("rows", csv.as_bytes()).unwrap();
    let customers = Customers::from_transactions(table).unwrap();
    let question = Question::from(Purpose::parse("segmentation_marketing").unwrap());
    let consented = customers.consent(&AssumeLawful::dangerous("test"), &question, at(2)).unwrap();
    let spend = Rfm::in_last_days(60).with_measures(&[Measure::MonetaryTotal]).unwrap();
    let spend = spend.with_scaling(Transform::None, Scale::None);
    let changed = consented.protect(MasterKey::from_bytes(KEY)).unwrap().features(spend).unwrap();
    let second = export(&changed, &plan(), &mut ledger).unwrap();
    for (before, after) in cells(&first).iter().zip(cells(&second)) {
        assert!(after.is_none() || after.map(|cell| cell.figure()) == before.map(|cell| cell.figure()));
    }
    let (_, small) = second.segments().next().unwrap();
    assert_eq!(small.figures()[0].unwrap().at(), at(1), "the mean of his segment is the earlier one");
    assert_eq!(small.n().unwrap().at(), at(2), "its members are the same");
}

#[test]
fn a_withdrawal_during_the_run_stops_the_export_and_writes_nothing() {
    let rows: String = (0..160).map(|n| format!("c{n},2026-01-{:02},{}\n", 1 + n % 20, 5 + n)).collect();
    let table = TransactionsReader::new().read_csv("t", format!("customer,timestamp,amount\n{rows}").as_bytes());
    let customers = Customers::from_transactions(table.unwrap()).unwrap();
    let marketing = Purpose::parse("segmentation_marketing").unwrap();
    let mut consents = Ledger::new();
    let given = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    for n in 0..160 {
        consents.append(&format!("c{n}"), Event::given(given, &marketing, "v1", "web_form")).unwrap();
    }
    let question = Question::segment(&marketing);
    let snapshot = Snapshot::build(consents, Register::of_consent().clone(), vec![question.clone()], at(1)).unwrap();
    let consented = customers.consent(&snapshot, &question, at(1)).unwrap();
    let features = consented.protect(MasterKey::from_bytes(KEY)).unwrap().features(Rfm::in_last_days(365)).unwrap();
    let segmentation = features.segment(&KMeans::new(2).unwrap(), &FitContext::new(1)).unwrap();
    let mut ledger = ledger();
    let head = ledger.head();
    snapshot.append("c7", Event::withdrawn(at(1), &marketing)).unwrap();
    assert_eq!(segmentation.export(&plan(), &mut ledger).unwrap_err(), ReleaseError::ConsentChanged { n: 1 });
    assert_eq!((ledger.n_releases(), ledger.head()), (0, head));
}

#[test]
fn a_model_that_is_fitted_again_is_another_definition() {
    let mut ledger = ledger();
    let all = features(1, |_| false);
    let named = plan().named("value tiers");
    let first = export(&all, &named, &mut ledger).unwrap();
    assert_eq!(first.definition(), "value tiers");
    let moved = Frozen(array![[31.0], [1_400.0], [2_560.0], [3_630.0]]);
    let refitted = all.segment(&moved, &FitContext::new(1)).unwrap();
    let refused = refitted.export(&named, &mut ledger).unwrap_err();
    assert_eq!(refused, ReleaseError::OtherDefinition { definition: "value tiers".to_owned() });
    let wider = ExportPlan::new().with_range("monetary_total", "0..9000".parse().unwrap()).named("value tiers");
    assert!(matches!(export(&all, &wider, &mut ledger), Err(ReleaseError::OtherDefinition { .. })));

    // Without a name it is another one by itself, and is compared across definitions.
    let one_gone = features(2, |i| i == 7);
    let other = one_gone.segment(&moved, &FitContext::new(1)).unwrap().export(&plan(), &mut ledger).unwrap();
    assert!(other.definition().starts_with("model ") && other.definition().len() == 22);
    let (_, row) = other.segments().next().unwrap();
    assert_eq!(row.n(), None, "it would differ by one from the segment of the other definition");
    assert_eq!(other.everybody().n().unwrap().at(), at(1), "all customers are the same figure in every definition");
}

#[test]
fn another_key_of_pseudonyms_is_refused_under_every_name() {
    let mut ledger = ledger();
    let _ = export(&features(1, |_| false), &plan(), &mut ledger).unwrap();
    let other = features_under([6; 32], 2, |i| i == 7);
    for plan in [plan(), plan().named("new")] {
        assert!(matches!(export(&other, &plan, &mut ledger), Err(ReleaseError::OtherDefinition { .. })));
    }
    assert_eq!(ledger.n_releases(), 1);
}

#[test]
fn a_feature_without_a_range_has_neither_mean_nor_sum() {
    let bare = export(&features(1, |_| false), &ExportPlan::new(), &mut ledger()).unwrap();
    assert_eq!(bare.place_of("monetary_total"), None);
    assert!(bare.everybody().figures().is_empty());
    let json = bare.to_json().unwrap();
    assert!(!json.contains("mean") && !json.contains("sum\"") && !json.contains("monetary_total"), "{json}");
    let unknown = plan().with_range("age", FeatureRange::new(0, 100, 0).unwrap());
    let refused = export(&features(1, |_| false), &unknown, &mut ledger()).unwrap_err();
    assert_eq!(refused, ReleaseError::UnknownFeature { feature: "age".to_owned() });
}

#[test]
fn sums_are_clamped_and_no_finer_than_the_width() {
    let plan = ExportPlan::new().with_sum("monetary_total", "0..1200:100".parse().unwrap());
    let export = export(&features(1, |_| false), &plan, &mut ledger()).unwrap();
    let sum = export.everybody().figures()[0].unwrap().figure();
    let truth: usize = (0..650).map(|i| euros(i).min(1_200)).sum();
    assert_eq!(sum.step(), 100.0);
    assert!((sum.value() - truth as f64).abs() <= 50.0, "{sum:?} {truth}");
}

#[test]
fn too_few_customers_export_nothing() {
    let few = features(1, |i| i >= 40);
    assert_eq!(export(&few, &plan(), &mut ledger()).unwrap_err(), ReleaseError::TooFewCustomers { k: 50 });
    let apart = features(1, |i| i % 10 > 0);
    // 30, 20, 12 and 3 customers.
    assert_eq!(export(&apart, &plan(), &mut ledger()).unwrap_err(), ReleaseError::NothingToShow { k: 50 });
    let larger = plan().with_threshold(Threshold::new(1_000).unwrap());
    assert!(matches!(
        export(&features(1, |_| false), &larger, &mut ledger()),
        Err(ReleaseError::TooFewCustomers { .. })
    ));
}

#[test]
fn the_manifest_says_no_more_than_the_controls_earn_and_stands_in_the_audit() {
    let export = export(&features(1, |_| false), &plan(), &mut ledger()).unwrap();
    let manifest = export.manifest();
    assert_eq!(manifest.protection(Risk::SinglingOut).level, Level::Resisted);
    assert_eq!(manifest.protection(Risk::Linkability).level, Level::Remains);
    assert!(!manifest.json().contains("differencing_ledger"), "a ledger that ends with the program is no control");
    let events = export.audit().events();
    assert!(events.last().unwrap().detail.contains(&manifest.sha256().to_string()));
    let counts = &events[events.len() - 2].counts;
    assert_eq!((counts["hidden_below_threshold"], counts["cells_frozen"]), (2, 0));
    let text = format!("{export:?} {:?}", export.hidden_segments());
    assert!(!text.contains("Below") && !text.contains("counts"), "{text}");
}

#[test]
fn the_manifest_claims_the_comparison_only_if_the_ledger_is_kept() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("export_kept.ledger");
    for ending in ["ledger", "ledger.head", "ledger.lock"] {
        let _ = std::fs::remove_file(path.with_extension(ending));
    }
    let key = LedgerKey::from_bytes([7; 32]);
    let mut kept = ReleaseLedger::create(&path, &key, 50, SetForm::Sketch).unwrap();
    let first = export(&features(1, |_| false), &plan(), &mut kept).unwrap();
    assert!(first.manifest().json().contains("\"differencing\":{\"frozen\":[]"));
    drop(kept);
    // A program that opens it later finds the export, and freezes.
    let mut kept = ReleaseLedger::open(&path, &key).unwrap();
    assert!(kept.is_kept());
    let second = export(&features(2, |i| i == 7), &plan(), &mut kept).unwrap();
    assert_eq!(second.everybody().n(), first.everybody().n());
    assert_eq!(second.definition(), first.definition(), "one key gives a model one name");
    let other = ReleaseLedger::in_memory(&LedgerKey::from_bytes([8; 32]), 50, SetForm::Sketch);
    let other = export(&features(1, |_| false), &plan(), &mut other.unwrap()).unwrap();
    assert_ne!(other.definition(), first.definition(), "nobody without the key can try out a model");
    assert!(second.manifest().json().contains("\"narrowest_interval\":null"), "it would tell how much has changed");
    assert!(second.audit().events().iter().any(|event| event.counts.get("cells_frozen").is_some_and(|n| *n > 0)));
}

/// Segments by fixed limits of spend, without centroids; some customers are in none.
struct Limits;

impl Model for Limits {
    fn n_segments(&self) -> usize {
        3
    }

    fn assign(&self, rows: ArrayView2<'_, f64>) -> Vec<Option<SegmentId>> {
        let place = |euros: f64| [1_000.0, 1_490.0, 9_000.0].iter().position(|limit| euros < *limit);
        let segment = |euros: f64| place(euros).filter(|_| !(1_300.0..1_400.0).contains(&euros));
        rows.outer_iter().map(|row| segment(row[0]).map(|place| SegmentId(place as u32))).collect()
    }
}

impl consentric::segment::Strategy for Limits {
    fn name(&self) -> &str {
        "limits"
    }

    fn fit(&self, x: ArrayView2<'_, f64>, _: &FitContext<'_>) -> Result<Fit, SegmentError> {
        Ok(Fit { model: Box::new(Self), labels: self.assign(x), converged: true, rounds: 1, warnings: Vec::new() })
    }
}

#[test]
fn a_model_without_centroids_needs_a_version_and_customers_in_no_segment_have_their_row() {
    let features = features(1, |_| false);
    let segmentation = features.segment(&Limits, &FitContext::new(1)).unwrap();
    let refused = segmentation.export(&plan(), &mut ledger()).unwrap_err();
    assert_eq!(refused, ReleaseError::NoModelIdentity { strategy: "limits".to_owned() });
    let export = segmentation.export(&plan().with_model_version("2026"), &mut ledger()).unwrap();
    let outside = export.no_segment().unwrap();
    assert_eq!(value(outside.n()), 100.0);
    assert!(outside.figures()[0].is_some());
    assert!(export.other().is_none() && export.segments().all(|(_, row)| row.n().is_some()));
}

#[test]
fn a_segment_of_nobody_is_hidden_and_looks_like_a_small_one() {
    let far = Frozen(array![[30.0], [1_400.0], [2_560.0], [99_000.0]]);
    let features = features(1, |i| i >= 620);
    let export = features.segment(&far, &FitContext::new(1)).unwrap().export(&plan(), &mut ledger()).unwrap();
    let (id, row) = export.segments().last().unwrap();
    assert_eq!((id, row.n(), row.figures()), (SegmentId(3), None, &[None][..]));
    let reasons = export.hidden_segments().iter().find(|own| own.id() == Some(id)).unwrap().reasons();
    assert_eq!(reasons, [Reason::Zero]);
    assert!(export.segments().any(|(_, row)| row.n().is_some()));
}

#[test]
fn the_json_is_the_known_one() {
    insta::assert_snapshot!(export(&features(1, |_| false), &plan(), &mut ledger()).unwrap().to_json().unwrap());
}

#[test]
fn the_same_bytes_leave_on_1_and_8_threads() {
    let bytes = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut ledger = ledger();
            let first = export(&features(1, |_| false), &plan(), &mut ledger).unwrap().to_json().unwrap();
            let second = export(&features(2, |i| i == 310), &plan(), &mut ledger).unwrap().to_json().unwrap();
            (first, second, ledger.head())
        })
    };
    assert_eq!(bytes(1), bytes(8));
}
