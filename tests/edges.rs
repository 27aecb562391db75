//! The edges of the rules, over all stages: each test guards one comparison that a slip of the pen could turn.

use consentric::consent::*;
use consentric::feature::*;
use consentric::prelude::*;
use consentric::protect::*;
use consentric::record::*;
use consentric::release::*;
use consentric::segment::{Fit, KMeansModel, SegmentError};
use ndarray::{Array2, ArrayView2};

const MARKETING: &str = "segmentation_marketing";
fn purpose(id: &str) -> Purpose {
    Purpose::parse(id).unwrap()
}
fn question() -> Question {
    Question::segment(&purpose(MARKETING))
}
fn day(n: i64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000 + n * 86_400_000_000)
}
fn given(n: i64) -> Event {
    Event::given(day(n), &purpose(MARKETING), "v1", "web_form")
}
fn event(n: i64, kind: EventKind) -> Event {
    Event::new(day(n), kind)
}
fn grant(changes: serde_json::Value) -> Event {
    let mut json = serde_json::to_value(given(1)).unwrap();
    for (key, value) in changes.as_object().unwrap() {
        json[key] = value.clone();
    }
    serde_json::from_value(json).unwrap()
}
fn ledger(events: impl IntoIterator<Item = Event>) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.know("anna").unwrap();
    for event in events {
        ledger.append("anna", event).unwrap();
    }
    ledger
}
fn ask(ledger: &Ledger, question: &Question) -> Reason {
    decide(ledger, Register::of_consent(), &question.about("anna", day(9))).reason()
}
fn reason(events: impl IntoIterator<Item = Event>) -> Reason {
    ask(&ledger(events), &question())
}

#[test]
fn a_grant_of_the_instant_of_a_restriction_does_not_lift_it() {
    assert_eq!(
        reason([event(1, EventKind::RestrictionSet), grant(serde_json::json!({"despite_restriction": true}))]),
        Reason::Restricted
    );
}

#[test]
fn an_opt_out_of_the_instant_of_the_grant_wins() {
    let explicit = grant(serde_json::json!({"explicit_for": ["health"]}));
    let l = ledger([explicit, event(1, EventKind::OptOut { right: Right::LimitSensitive })]);
    assert_eq!(ask(&l, &question().reading(["health"])), Reason::OptedOut);
}

#[test]
fn a_signal_does_not_reach_statistics() {
    let l = ledger([
        Event::given(day(1), &purpose("analytics_aggregate"), "v1", "w"),
        event(2, EventKind::Signal(Box::new(Signal::gpc(true)))),
    ]);
    assert_eq!(ask(&l, &Question::from(purpose("analytics_aggregate"))), Reason::Consent);
}

#[test]
fn limiting_sensitive_data_stops_only_what_reads_it() {
    let l = ledger([
        grant(serde_json::json!({"explicit_for":["health"]})),
        event(2, EventKind::OptOut { right: Right::LimitSensitive }),
    ]);
    assert_eq!(ask(&l, &question().reading(["health"])), Reason::OptedOut);
}

#[test]
fn somebody_who_speaks_only_later_is_unknown() {
    let mut l = Ledger::new();
    l.append("anna", given(20)).unwrap();
    assert_eq!(ask(&l, &question()), Reason::UnknownSubject);
}

#[test]
fn a_grant_lifts_no_objection_to_another_basis() {
    let l = ledger([Event::objection(day(1), ObjectionScope::All), given(2)]);
    let interest = Activity::on(LawfulBasis::LegitimateInterest).with_balancing_assessment("LIA-1");
    let register = Register::new().with(&purpose(MARKETING), interest);
    assert_eq!(l.under(&register).decide(&question().about("anna", day(9))).reason(), Reason::Objected);
}

#[test]
fn every_grant_of_the_instant_must_hold_despite_the_restriction() {
    let despite = grant(serde_json::json!({"despite_restriction": true}));
    assert_eq!(reason([event(0, EventKind::RestrictionSet), despite, given(1)]), Reason::Restricted);
}

#[test]
fn blank_proof_is_no_proof() {
    for key in ["notice_version", "method"] {
        assert_eq!(reason([grant(serde_json::json!({key: " \t"}))]), Reason::ConsentInvalid);
    }
}
fn living(codes: &[&str], birth: Option<&str>, e: Event) -> Ledger {
    let mut l = ledger([e]);
    let mut s = codes.iter().fold(Subject::new(), |s, c| s.with_jurisdiction(c));
    if let Some(b) = birth {
        s = s.with_birth_date(Date::parse(b).unwrap());
    }
    l.describe("anna", &s).unwrap();
    l
}

#[test]
fn explicit_consent_is_not_enough_in_maryland() {
    for (code, expected) in [("US-CA", Reason::ExplicitConsent), ("US-MD", Reason::Banned)] {
        let explicit = grant(serde_json::json!({"explicit_for":["health"]}));
        assert_eq!(ask(&living(&[code], None, explicit), &question().reading(["health"])), expected, "{code}");
    }
}

#[test]
fn a_precise_place_is_sensitive_in_north_america_only() {
    for (c, e) in [("DE", Reason::Consent), ("CA-QC", Reason::SpecialCategory), ("US-TX", Reason::SpecialCategory)] {
        assert_eq!(ask(&living(&[c], None, given(1)), &question().reading(["precise_geolocation"])), e);
    }
}

#[test]
fn a_grown_up_who_agreed_alone_is_told_nothing() {
    let d = decide(&ledger([given(1)]), Register::of_consent(), &question().about("anna", day(9)));
    assert_eq!(d.obligations().names().count(), 0);
}

#[test]
fn the_earliest_failed_test_gives_the_reason() {
    assert_eq!(
        reason([grant(serde_json::json!({"affirmative": false})), grant(serde_json::json!({"controllers": ["B"]}))]),
        Reason::ConsentInvalid
    );
}

#[test]
fn an_event_of_the_instant_itself_is_not_later() {
    let l = ledger([given(5)]);
    assert!(!l.has_events_after(day(5)));
    assert!(l.has_events_after(day(4)));
}

#[test]
fn each_law_has_its_age_and_of_several_the_highest_holds() {
    for (codes, birth, e) in [
        (&["BR"][..], "2011-11-15", Reason::Consent),
        (&["BR"], "2011-11-16", Reason::Child),
        (&["CA-QC"], "2009-11-16", Reason::Child),
        (&["CA-ON"], "2010-11-15", Reason::Consent),
        (&["AT", "DE"], "2008-01-01", Reason::Child),
        (&["DE", "AT"], "2008-01-01", Reason::Child),
    ] {
        assert_eq!(ask(&living(codes, Some(birth), given(1)), &question()), e, "{codes:?}");
    }
}

fn table(csv: &str) -> Transactions {
    TransactionsReader::new().read_csv("rows", csv.as_bytes()).unwrap()
}
fn customers(csv: &str) -> Customers {
    Customers::from_transactions(table(csv)).unwrap()
}
fn at() -> Timestamp {
    Timestamp::parse("2026-02-01T00:00:00Z").unwrap()
}

#[test]
fn an_answer_about_another_instant_is_no_answer() {
    struct Stale;
    impl ConsentPolicy for Stale {
        fn decide(&self, request: &Request<'_>) -> Decision {
            Decision::new(Reason::Consent, if request.customer() == "a" { day(0) } else { request.at() })
        }
    }
    let c = customers("customer,timestamp,amount\na,2026-01-01,1\nb,2026-01-01,1\n");
    let done = c.consent(&Stale, &question(), at()).unwrap();
    assert_eq!((done.len(), done.refused()[Reason::Unreadable.as_str()]), (1, 1));
}

#[test]
fn refusals_of_all_chunks_are_added_up() {
    let csv: String = "customer,timestamp,amount\n".to_owned()
        + &(0..40_000).map(|i| format!("c{i},2026-01-01,1\n")).collect::<String>();
    let mut l = Ledger::new();
    l.append("c0", given(1)).unwrap();
    let c = customers(&csv);
    let done = c.consent(&l, &question(), at()).unwrap();
    assert_eq!(done.refused()["UNKNOWN_SUBJECT"], 39_999);
}
fn counts(trail: &consentric::audit::AuditTrail, event: usize) -> std::collections::BTreeMap<String, u64> {
    trail.events()[event].counts.clone()
}
const SHOP: &str = "customer,timestamp,amount,order\na,2026-01-05,10,x\na,2026-01-06,0,x\na,2026-01-07,-3,y\na,2020-01-01,-3,z\na,2019-01-01,7,z\nb,2026-01-05,20,x\nc,2019-01-01,7,w\n";
fn protected_of<'a>(c: &'a Customers, p: &dyn ConsentPolicy) -> Protected<'a> {
    c.consent(p, &question(), at()).unwrap().protect(MasterKey::from_bytes([1; 32])).unwrap()
}
fn everybody() -> AssumeLawful {
    AssumeLawful::dangerous("test")
}
fn release_of(f: &Features, s: &dyn Strategy, policy: &KAnonymity) -> Result<Release, ReleaseError> {
    f.segment(s, &FitContext::new(1)).unwrap().release(policy)
}
fn open() -> KAnonymity {
    KAnonymity::new(2).unwrap().dangerous().without_suppression()
}
fn features_count(rel: &Release, name: &str) -> u64 {
    let e = rel.audit().events().iter().find(|e| e.counts.contains_key("rows")).unwrap();
    e.counts.get(name).copied().unwrap_or(0)
}

#[test]
fn the_audit_counts_who_has_no_data() {
    let c = customers("customer,timestamp,amount\na,2026-01-01,1\n");
    let mut l = Ledger::new();
    for id in ["a", "b", "d"] {
        l.append(id, given(1)).unwrap();
    }
    let f = protected_of(&c, &l).features(Rfm::whole_history()).unwrap();
    let r = release_of(&f, &KMeans::new(1).unwrap(), &open()).unwrap();
    assert_eq!(counts(r.audit(), 0)["without_data"], 2);
}
fn shop() -> Release {
    let c = customers(SHOP);
    let f = protected_of(&c, &everybody())
        .features(Rfm::in_last_days(60).counting(FrequencyUnit::Orders).with_zero_amount(ZeroAmount::Drop))
        .unwrap();
    release_of(&f, &KMeans::new(1).unwrap(), &open()).unwrap()
}

#[test]
fn the_audit_counts_rows_by_what_became_of_them() {
    let r = shop();
    let got = ["rows", "refund", "zero_amount", "outside_window", "customers_without_purchase", "shared_orders"]
        .map(|n| features_count(&r, n));
    assert_eq!(got, [7, 2, 1, 2, 1, 1]);
    assert!(r.warnings().iter().any(|w| w.code() == "SHARED_ORDERS"));
}

#[test]
fn an_order_of_two_rows_is_not_shared() {
    let c = customers("customer,timestamp,amount,order\na,2026-01-05,1,x\na,2026-01-05,1,x\nb,2026-01-05,2,y\n");
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60).counting(FrequencyUnit::Orders)).unwrap();
    assert!(!f.warnings().iter().any(|w| w.code() == "SHARED_ORDERS"));
}
fn mean(csv: &str, reader: TransactionsReader, spec: impl Into<FeatureSpec>, name: &str) -> f64 {
    let c = Customers::from_transactions(reader.read_csv("rows", csv.as_bytes()).unwrap()).unwrap();
    let f = protected_of(&c, &everybody()).features(spec).unwrap();
    release_of(&f, &KMeans::new(1).unwrap(), &open()).unwrap().segments()[0]
        .profile()
        .unwrap()
        .feature(name)
        .unwrap()
        .mean
}

#[test]
fn spend_is_rounded_to_the_decimals_of_its_currency() {
    let csv = "customer,timestamp,amount\na,2026-01-05,10.2\na,2026-01-06,10.3005\n";
    let rfm = || Rfm::in_last_days(60).with_measures(&[Measure::MonetaryTotal, Measure::MonetaryMean]).unwrap();
    for (code, total) in [("JPY", 21.0), ("EUR", 20.5), ("KWD", 20.501)] {
        let r = || TransactionsReader::new().with_currency(Currency::parse(code).unwrap());
        assert_eq!(mean(csv, r(), rfm(), "monetary_total"), total, "{code}");
        assert_eq!(mean(csv, r(), rfm(), "monetary_mean"), total / 2.0, "{code}");
    }
}

#[test]
fn rows_of_others_are_counted_as_rows() {
    let s = Schema::new("id", []).unwrap();
    let t = CustomersReader::new(s).read_csv("t", "id\na\nb\n".as_bytes()).unwrap();
    let c = t
        .with_transactions(table("customer,timestamp,amount\na,2026-01-05,1\nz,2026-01-05,1\nz,2026-01-06,1\n"))
        .unwrap();
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    let r = release_of(&f, &KMeans::new(1).unwrap(), &open()).unwrap();
    assert_eq!(features_count(&r, "unmatched"), 2);
}

#[test]
fn recipient_and_epoch_of_the_plan_make_the_pseudonyms() {
    let c = customers("customer,timestamp,amount\na,2026-01-05,1\nb,2026-01-06,2\n");
    let key = || MasterKey::from_bytes([1; 32]);
    let f = c
        .consent(&everybody(), &question(), at())
        .unwrap()
        .protect(ProtectPlan::new(key()).for_recipient("esp").in_epoch(3))
        .unwrap()
        .features(Rfm::whole_history())
        .unwrap();
    let s = f.segment(&KMeans::new(1).unwrap(), &FitContext::new(1)).unwrap();
    let known = |rec: &str, epoch| {
        s.segment_of(
            &Pseudonymiser::new(&key(), &PseudonymDomain::new("segmentation", rec, MARKETING, epoch).unwrap())
                .unwrap()
                .pseudonym("customer_id", "a"),
        )
        .is_some()
    };
    assert_eq!([known("esp", 3), known("own", 3), known("esp", 1)], [true, false, false]);
}

#[test]
fn counts_and_money_of_a_table_are_logged_and_dropped_columns_are_in_the_audit() {
    let s = Schema::new(
        "id",
        [
            Field::new("age", Role::QuasiIdentifier, Kind::Integer),
            Field::new("visits", Role::Behaviour, Kind::Integer),
            Field::new("spend", Role::Behaviour, Kind::Money(Currency::EUR)),
        ],
    )
    .unwrap();
    let t =
        CustomersReader::new(s).read_csv("t", "id,age,visits,spend\n1,30,5,2.00\n2,40,6,9.00\n".as_bytes()).unwrap();
    let f = t
        .consent(&everybody(), &question().reading(["visits", "spend", "age"]), at())
        .unwrap()
        .protect(MasterKey::from_bytes([1; 32]))
        .unwrap()
        .features(Columns::of(["visits", "age", "spend"]).unwrap())
        .unwrap();
    let r = release_of(&f, &KMeans::new(1).unwrap(), &KAnonymity::new(2).unwrap()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&r.model().unwrap().to_json().unwrap()).unwrap();
    let got: Vec<&str> = json["schema"].as_array().unwrap().iter().map(|c| c["transform"].as_str().unwrap()).collect();
    assert_eq!(got, ["log1p", "none", "log1p"]);
    let f = t
        .consent(&everybody(), &question().reading(["visits"]), at())
        .unwrap()
        .protect(MasterKey::from_bytes([1; 32]))
        .unwrap()
        .features(Columns::of(["visits"]).unwrap())
        .unwrap();
    let r = release_of(&f, &KMeans::new(1).unwrap(), &KAnonymity::new(2).unwrap()).unwrap();
    let e = r.audit().events().iter().find(|e| e.detail == "pseudonyms made, columns dropped").unwrap();
    assert_eq!(e.columns, ["age", "spend"]);
}

#[test]
fn the_default_analysis_date_is_the_day_in_the_zone_of_the_purchases() {
    let csv = "customer,timestamp,amount\na,2026-01-30T12:00:00Z,1\n";
    let zone = consentric::time::Zone::parse("America/New_York").unwrap();
    assert_eq!(mean(csv, TransactionsReader::new().with_zone(zone), Rfm::whole_history(), "recency_days"), 1.0);
}
fn scaler(spec: FeatureSpec) -> Vec<serde_json::Value> {
    let csv: String = "customer,timestamp,amount\n".to_owned()
        + &[1, 2, 4, 8, 100]
            .iter()
            .enumerate()
            .map(|(i, a)| format!("c{i},2026-01-{:02},{a}\n", i + 1))
            .collect::<String>();
    let c = customers(&csv);
    let f = protected_of(&c, &everybody()).features(spec).unwrap();
    let r = release_of(&f, &KMeans::new(1).unwrap(), &KAnonymity::new(2).unwrap()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&r.model().unwrap().to_json().unwrap()).unwrap();
    json["scaler"].as_array().unwrap().clone()
}
fn spec() -> FeatureSpec {
    Rfm::in_last_days(60).with_measures(&[Measure::RecencyDays, Measure::MonetaryTotal]).unwrap().into()
}

#[test]
fn robust_is_the_median_over_the_middle_half() {
    let s = scaler(spec().with_scaling(Transform::None, Scale::Robust));
    assert_eq!((s[1]["center"].as_f64(), s[1]["spread"].as_f64()), (Some(4.0), Some(6.0)));
}

#[test]
fn later_scaling_of_one_feature_wins_over_that_of_all() {
    let s = scaler(
        spec()
            .with_scaling(Transform::None, Scale::Robust)
            .with_scaling_of("monetary_total", Transform::Log1p, Scale::Z)
            .with_weight_of("monetary_total", 4.0),
    );
    let got: Vec<_> = s
        .iter()
        .map(|s| (s["transform"].as_str().unwrap(), s["scale"].as_str().unwrap(), s["factor"].as_f64().unwrap()))
        .collect();
    assert_eq!(got, [("none", "robust", 1.0), ("log1p", "z", 2.0)]);
}

#[test]
fn a_weight_of_nothing_or_of_no_feature_is_refused() {
    let c = customers(SHOP);
    let go = |s| protected_of(&c, &everybody()).features(s).map(|_| ());
    assert!(matches!(go(spec().with_weight_of("moneytary", 2.0)), Err(FeatureError::UnknownFeature { .. })));
    for w in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(go(spec().with_weight_of("monetary_total", w)), Err(FeatureError::Weight { .. })));
    }
}

fn warned(amounts: &[(u32, u32)], measures: &[Measure], code: &str) -> bool {
    let csv: String = "customer,timestamp,amount,units\n".to_owned()
        + &amounts.iter().enumerate().map(|(i, (a, u))| format!("c{i},2026-01-05,{a},{u}\n")).collect::<String>();
    let c = customers(&csv);
    let s = Rfm::in_last_days(60).with_measures(measures).unwrap().with_scaling(Transform::None, Scale::None);
    protected_of(&c, &everybody()).features(s).unwrap().warnings().iter().any(|w| w.code() == code)
}

#[test]
fn a_share_over_nine_tenths_is_warned_of() {
    // deviation 4 times, 94 % of variance
    let two = [Measure::MonetaryTotal, Measure::Units];
    assert!(warned(&[(1, 1), (5, 2), (1, 2), (5, 1)], &two, "UNSCALED"));
    assert!(!warned(&[(1, 1), (3, 2), (1, 2), (3, 1)], &two, "UNSCALED"));
}

#[test]
fn a_lone_feature_is_never_unscaled() {
    assert!(!warned(&[(1, 1), (500, 2)], &[Measure::MonetaryTotal], "UNSCALED"));
}

#[test]
fn a_scale_without_width_is_told_apart_from_a_constant() {
    let csv = "customer,timestamp,amount\n".to_owned()
        + &(0..9).map(|i| format!("c{i},2026-01-05,{}\n", if i == 0 { 9 } else { 5 })).collect::<String>();
    let c = customers(&csv);
    let f = protected_of(&c, &everybody())
        .features(
            Rfm::in_last_days(60)
                .with_measures(&[Measure::MonetaryTotal])
                .unwrap()
                .with_scaling(Transform::None, Scale::Robust),
        )
        .unwrap();
    assert_eq!(
        f.warnings()
            .iter()
            .map(|w| w.code())
            .filter(|c| *c == "NO_SPREAD" || *c == "CONSTANT_FEATURE")
            .collect::<Vec<_>>(),
        ["NO_SPREAD"]
    );
}

#[test]
fn centroids_already_at_rest_need_one_round() {
    let x = ndarray::array![[0.0], [2.0], [10.0], [12.0]];
    let s = KMeans::new(2).unwrap().with_start(ndarray::array![[1.0], [11.0]].view()).with_tolerance(0.0);
    assert_eq!(s.fit_model(x.view(), &FitContext::new(0)).unwrap().rounds(), 1);
}

#[test]
fn a_round_that_filled_a_cluster_is_not_the_last() {
    let x = ndarray::array![[0.0], [0.0], [5.0], [9.0], [9.0]];
    let s = KMeans::new(3).unwrap().with_start(ndarray::array![[0.0], [0.0], [0.0]].view()).with_tolerance(1e9);
    assert_eq!(s.fit_model(x.view(), &FitContext::new(0)).unwrap().rounds(), 2);
}

#[test]
fn a_cluster_of_one_row_keeps_it() {
    let x = ndarray::array![[0.0], [1.0], [2.0], [100.0]];
    let s = KMeans::new(3).unwrap().with_start(ndarray::array![[1.0], [40.0], [1000.0]].view()).with_tolerance(0.0);
    assert_eq!(
        s.fit_model(x.view(), &FitContext::new(0)).unwrap().centroids().to_owned(),
        ndarray::array![[1.5], [100.0], [0.0]]
    );
}
/// Labels as told.
struct Told(Vec<Option<u32>>, u32, bool);
impl Strategy for Told {
    fn name(&self) -> &str {
        "told"
    }
    fn fit(&self, x: ArrayView2<'_, f64>, _: &FitContext<'_>) -> Result<Fit, SegmentError> {
        Ok(Fit {
            model: Box::new(KMeansModel::new(Array2::zeros((self.1 as usize, x.ncols())))?),
            labels: self.0.iter().map(|l| l.map(SegmentId)).collect(),
            converged: self.2,
            rounds: 3,
            warnings: if self.1 == 9 { vec![consentric::Warning::EmptySegments { segments: 1 }] } else { vec![] },
        })
    }
}
fn labels(parts: &[(Option<u32>, usize)]) -> Vec<Option<u32>> {
    parts.iter().flat_map(|(l, n)| std::iter::repeat_n(*l, *n)).collect()
}
fn told(parts: &[(Option<u32>, usize)], n_segments: u32, k: u64) -> Result<Release, ReleaseError> {
    let l = labels(parts);
    let csv: String = "customer,timestamp,amount\n".to_owned()
        + &(0..l.len()).map(|i| format!("{i},2026-01-{:02},{}\n", i % 28 + 1, i * 7 % 31 + 1)).collect::<String>();
    let c = customers(&csv);
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    release_of(&f, &Told(l, n_segments, true), &KAnonymity::new(k).unwrap())
}

#[test]
fn few_without_a_segment_are_hidden_and_join_the_others() {
    let r = told(&[(Some(0), 50), (Some(1), 30), (None, 5)], 2, 20).unwrap();
    assert_eq!(r.n_no_segment(), None);
    assert!(r.segments()[1].profile().is_none());
    assert_eq!(r.other().unwrap().n(), 35);
    let r = told(&[(Some(0), 50), (Some(1), 30), (None, 25)], 2, 20).unwrap();
    assert_eq!((r.n_no_segment(), r.other()), (Some(25), None));
}

#[test]
fn few_without_a_segment_count_among_the_hidden() {
    let r = told(&[(Some(0), 50), (Some(1), 30), (Some(2), 12), (None, 9)], 3, 20).unwrap();
    assert!(r.segments()[1].profile().is_some());
    assert_eq!(r.other().unwrap().n(), 21);
}

#[test]
fn hidden_segments_of_exactly_k_together_need_no_company() {
    let r = told(&[(Some(0), 50), (Some(1), 30), (Some(2), 12), (Some(3), 8)], 4, 20).unwrap();
    assert!(r.segments()[1].profile().is_some());
}

#[test]
fn exactly_k_customers_are_enough() {
    let r = told(&[(Some(0), 20)], 1, 20).unwrap();
    assert_eq!(r.segments()[0].profile().unwrap().n(), 20);
}

#[test]
fn a_segment_of_nobody_is_hidden() {
    let r = told(&[(Some(0), 50), (Some(1), 30)], 3, 20).unwrap();
    assert!(r.segments()[2].profile().is_none());
    assert!(r.segments()[1].profile().is_some());
}

#[test]
fn of_equal_segments_the_first_is_hidden() {
    let r = told(&[(Some(0), 30), (Some(1), 30), (Some(2), 5)], 3, 20).unwrap();
    assert!(r.segments()[0].profile().is_none() && r.segments()[1].profile().is_some());
}

#[test]
fn a_withheld_model_is_denied_in_the_audit() {
    let r = told(&[(Some(0), 50), (Some(1), 5), (Some(2), 30)], 3, 20).unwrap();
    let e = r.audit().events().iter().find(|e| e.detail == "model file").unwrap();
    assert_eq!(e.outcome, consentric::audit::Outcome::Deny);
}

#[test]
fn a_shown_segment_beside_hidden_ones_is_not_all_customers() {
    let r = told(&[(Some(0), 50), (Some(1), 5), (Some(2), 30)], 3, 20).unwrap();
    assert_ne!(r.segments()[0].profile().unwrap().name(), "all customers");
}

#[test]
fn a_name_tells_nothing_of_a_hidden_segment() {
    // three alike segments, the third hidden with a small one
    let mut csv = "customer,timestamp,amount\n".to_owned();
    for i in 0..110 {
        csv += &format!("{i},2026-01-10,{}\n", i + 1);
    }
    let c = customers(&csv);
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    let r = release_of(
        &f,
        &Told(labels(&[(Some(0), 45), (Some(1), 40), (Some(2), 21), (Some(3), 4)]), 4, true),
        &KAnonymity::new(20).unwrap(),
    )
    .unwrap();
    let names: Vec<&str> = r.segments().iter().filter_map(|s| s.profile()).map(|p| p.name()).collect();
    assert!(names[0].ends_with(", lower spend") && names[1].ends_with(", higher spend"), "{names:?}");
}

#[test]
fn no_hexagon_names_a_hidden_segment() {
    let mut csv = "customer,timestamp,amount\n".to_owned();
    for i in 0..110 {
        csv += &format!("{i},2026-01-{:02},{}\n", 1 + (i % 2), if i < 60 { 1 } else { 900 });
    }
    let c = customers(&csv);
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    let r = release_of(
        &f,
        &Told(labels(&[(Some(0), 60), (Some(1), 46), (Some(2), 4)]), 3, true),
        &KAnonymity::new(20).unwrap(),
    )
    .unwrap();
    let d = r.density().unwrap();
    assert!(d.bins.iter().all(|b| b.segment != Some(SegmentId(1))), "{d:?}");
    assert!(d.bins.iter().any(|b| b.segment.is_none()));
}

#[test]
fn few_outside_all_hexagons_are_not_told() {
    let mut csv = "customer,timestamp,amount\n".to_owned();
    for i in 0..104 {
        csv += &format!(
            "{i},2026-01-{:02},{}\n",
            if i < 50 { 1 } else { 20 },
            if i < 50 {
                1
            } else if i < 100 {
                50
            } else {
                9000
            }
        );
    }
    let c = customers(&csv);
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    let r = release_of(&f, &KMeans::new(1).unwrap(), &KAnonymity::new(20).unwrap()).unwrap();
    assert_eq!(r.density().unwrap().share_left_out, None);
}

#[test]
fn no_spend_has_no_shares() {
    let c = customers("customer,timestamp,amount\na,2026-01-05,0\nb,2026-01-06,0\n");
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    assert_eq!(
        release_of(&f, &KMeans::new(1).unwrap(), &open()).unwrap().segments()[0].profile().unwrap().revenue_share(),
        None
    );
}

#[test]
fn a_mean_spend_is_no_revenue() {
    let c = customers("customer,timestamp,amount\na,2026-01-05,3\nb,2026-01-06,4\n");
    let f = protected_of(&c, &everybody())
        .features(Rfm::in_last_days(60).with_measures(&[Measure::MonetaryMean]).unwrap())
        .unwrap();
    assert_eq!(
        release_of(&f, &KMeans::new(1).unwrap(), &open()).unwrap().segments()[0].profile().unwrap().revenue_share(),
        None
    );
}
/// 60 with a purchase in the window, `n_idle` without; `n_refused` refuse.
fn idle(n_idle: usize, refused: &[(&str, usize)]) -> Release {
    let total: usize = refused.iter().map(|r| r.1).sum();
    let mut csv = "customer,timestamp,amount\n".to_owned();
    let mut l = Ledger::new();
    for i in 0..60 + n_idle + total {
        csv += &format!("{i},{},{}\n", if i >= 60 { "2020-01-01" } else { "2026-01-10" }, i % 9 + 1);
        if i < 60 + n_idle {
            l.append(&i.to_string(), given(1)).unwrap();
        }
    }
    let mut i = 60 + n_idle;
    for (kind, n) in refused {
        for _ in 0..*n {
            match *kind {
                "R" => l.append(&i.to_string(), Event::refused(day(1), &purpose(MARKETING))).unwrap(),
                "W" => l.append(&i.to_string(), Event::withdrawn(day(1), &purpose(MARKETING))).unwrap(),
                _ => {}
            }
            i += 1;
        }
    }
    let c = customers(&csv);
    let f = protected_of(&c, &l).features(Rfm::in_last_days(60)).unwrap();
    release_of(&f, &KMeans::new(1).unwrap(), &KAnonymity::new(20).unwrap()).unwrap()
}

#[test]
fn few_allowed_without_a_purchase_hide_both_totals() {
    let r = idle(3, &[("R", 30)]);
    assert_eq!(
        (r.n_customers(), r.coverage().n_known, r.coverage().n_allowed),
        (60, ReleasedCount::Suppressed, ReleasedCount::Suppressed)
    );
    let r = idle(20, &[("R", 30)]);
    assert_eq!((r.coverage().n_known, r.coverage().n_allowed), (ReleasedCount::Shown(110), ReleasedCount::Shown(80)));
}

#[test]
fn exactly_k_refusals_are_shown() {
    let r = idle(0, &[("R", 20)]);
    assert_eq!(
        (r.coverage().n_known, r.coverage().refused["CONSENT_REFUSED"]),
        (ReleasedCount::Shown(80), ReleasedCount::Shown(20))
    );
}

#[test]
fn two_small_refusals_below_k_together_hide_a_third() {
    let r = idle(0, &[("R", 10), ("W", 9), ("U", 50)]);
    assert!(r.coverage().refused.values().all(|n| *n == ReleasedCount::Suppressed));
}

#[test]
fn a_model_of_exactly_k_customers_leaves() {
    let c = customers(
        &("customer,timestamp,amount\n".to_owned()
            + &(0..20).map(|i| format!("{i},2026-01-10,{}\n", i + 1)).collect::<String>()),
    );
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    assert!(release_of(&f, &KMeans::new(1).unwrap(), &KAnonymity::new(20).unwrap()).unwrap().model().is_ok());
}
fn two_far() -> Release {
    let c = customers(
        &("customer,timestamp,amount\n".to_owned()
            + &(0..40).map(|i| format!("{i},2026-01-10,{}\n", if i % 2 == 0 { 1 } else { 3 })).collect::<String>()),
    );
    let s = Rfm::in_last_days(60)
        .with_measures(&[Measure::MonetaryTotal])
        .unwrap()
        .with_scaling(Transform::None, Scale::None);
    let f = protected_of(&c, &everybody()).features(s).unwrap();
    release_of(&f, &KMeans::new(2).unwrap(), &KAnonymity::new(20).unwrap()).unwrap()
}

#[test]
fn a_customer_between_two_centroids_is_of_the_lower() {
    let r = two_far();
    let m = r.model().unwrap();
    assert_eq!(m.assign(&[2.0]), Some((0, 1.0)));
}

#[test]
fn a_value_too_large_to_scale_has_no_segment() {
    let r = two_far();
    let m = r.model().unwrap();
    assert_eq!(m.assign(&[f64::MAX]), None);
}

#[test]
fn k_below_two_is_refused() {
    for k in [0, 1] {
        assert_eq!(KAnonymity::new(k).unwrap_err(), ReleaseError::Threshold { k });
    }
    assert!(KAnonymity::new(2).is_ok());
}

#[test]
fn the_warnings_of_a_strategy_are_kept_and_its_rest_told_once() {
    let c = customers("customer,timestamp,amount\na,2026-01-05,3\nb,2026-01-06,4\nc,2026-01-07,9\n");
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    let n = |s: &dyn Strategy, code: &str| {
        release_of(&f, s, &open()).unwrap().warnings().iter().filter(|w| w.code() == code).count()
    };
    let x = ndarray::array![[0.0, 0.0, 0.0], [9.0, 9.0, 9.0]];
    assert_eq!(
        n(&KMeans::new(2).unwrap().with_start(x.view()).with_tolerance(0.0).with_max_rounds(1), "NOT_CONVERGED"),
        1
    );
    assert_eq!(n(&Told(vec![Some(0); 3], 1, false), "NOT_CONVERGED"), 1);
    assert_eq!(n(&Told(vec![Some(0); 3], 1, true), "NOT_CONVERGED"), 0);
    assert_eq!(n(&Told(vec![Some(0); 3], 9, true), "EMPTY_SEGMENTS"), 1);
}

#[test]
fn a_hook_can_stop_before_each_stage_and_each_is_timed() {
    use consentric::pipeline::{Progress, Stage};
    use std::ops::ControlFlow;
    let c = customers("customer,timestamp,amount\na,2026-01-05,3\nb,2026-01-06,4\nc,2026-01-07,9\n");
    let go = |stop: Option<Stage>| {
        let hook = move |p: &Progress<'_>| match p {
            Progress::Stage(s) if Some(*s) == stop => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        Pipeline::for_purpose(purpose(MARKETING))
            .at(at())
            .dangerous()
            .assuming_lawful("t")
            .protect(MasterKey::from_bytes([1; 32]))
            .features(Rfm::in_last_days(60))
            .segment(KMeans::new(1).unwrap())
            .release(open())
            .on_progress(&hook)
            .run(&c)
            .map(|o| o.timings().iter().map(|t| t.stage).collect::<Vec<_>>())
            .map_err(|e| e.to_string())
    };
    let all = [Stage::Consent, Stage::Protect, Stage::Features, Stage::Segment, Stage::Release];
    assert_eq!(go(None).unwrap(), all);
    for s in all {
        assert_eq!(go(Some(s)).unwrap_err(), format!("stopped on request before stage `{}`", s.name()));
    }
}

#[test]
fn the_pass_over_all_rows_is_told_as_the_last_start() {
    use std::sync::Mutex;
    let x = Array2::from_shape_fn((60_000, 1), |(i, _)| (i % 1000) as f64);
    let seen = Mutex::new(Vec::new());
    let hook = |r: &consentric::segment::Round<'_>| {
        seen.lock().unwrap().push((r.start, r.n_starts));
        std::ops::ControlFlow::Continue(())
    };
    KMeans::new(2).unwrap().with_restarts(2).fit_model(x.view(), &FitContext::new(1).on_round(&hook)).unwrap();
    let mut seen = seen.into_inner().unwrap();
    seen.dedup();
    assert_eq!(seen, [(0, 3), (1, 3), (2, 3)]);
}

#[test]
fn a_deviation_over_ten_times_the_smallest_is_warned_of() {
    // deviations 1, 11, 11 : shares 0.4 %, 49.8 %, 49.8 %
    let csv = "customer,timestamp,amount,units\na,2026-01-05,1,1\na,2026-01-30,0,0\nb,2026-01-27,23,3\nc,2026-01-05,23,3\nc,2026-01-30,0,0\nd,2026-01-27,1,1\n";
    let c = customers(csv);
    let s = Rfm::in_last_days(60)
        .with_measures(&[Measure::MonetaryTotal, Measure::Units, Measure::TenureDays])
        .unwrap()
        .with_scaling(Transform::None, Scale::None);
    assert!(protected_of(&c, &everybody()).features(s).unwrap().warnings().iter().any(|w| w.code() == "UNSCALED"));
}

#[test]
fn the_objective_told_after_a_fill_is_that_of_the_means() {
    let x = ndarray::array![[0.0], [0.0], [5.0], [9.0], [9.0]];
    let seen = std::sync::Mutex::new(Vec::new());
    let hook = |r: &consentric::segment::Round<'_>| {
        seen.lock().unwrap().push(r.objective);
        std::ops::ControlFlow::Continue(())
    };
    KMeans::new(3)
        .unwrap()
        .with_start(ndarray::array![[0.0], [0.0], [0.0]].view())
        .fit_model(x.view(), &FitContext::new(1).on_round(&hook))
        .unwrap();
    assert_eq!(seen.into_inner().unwrap()[0], 54.0);
}

#[test]
fn a_model_of_another_width_is_not_written() {
    struct Odd;
    impl Strategy for Odd {
        fn name(&self) -> &str {
            "odd"
        }
        fn fit(&self, x: ArrayView2<'_, f64>, _: &FitContext<'_>) -> Result<Fit, SegmentError> {
            Ok(Fit {
                model: Box::new(KMeansModel::new(Array2::zeros((1, x.ncols() + 1)))?),
                labels: vec![Some(SegmentId(0)); x.nrows()],
                converged: true,
                rounds: 1,
                warnings: vec![],
            })
        }
    }
    let c = customers(
        &("customer,timestamp,amount\n".to_owned()
            + &(0..30).map(|i| format!("{i},2026-01-10,{}\n", i + 1)).collect::<String>()),
    );
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    assert!(matches!(
        release_of(&f, &Odd, &KAnonymity::new(20).unwrap()).unwrap().model(),
        Err(ReleaseError::ModelNotWritable { .. })
    ));
}

#[test]
fn of_equal_labels_in_a_hexagon_the_lower_gives_its_name() {
    let csv = "customer,timestamp,amount\n".to_owned()
        + &(0..80)
            .map(|i| format!("{i},2026-01-{:02},{}\n", if i < 40 { 1 } else { 20 }, if i < 40 { 1 } else { 50 }))
            .collect::<String>();
    let c = customers(&csv);
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    let r =
        release_of(&f, &Told((0..80).map(|i| Some(i % 2)).collect(), 2, true), &KAnonymity::new(20).unwrap()).unwrap();
    let d = r.density().unwrap();
    assert!(d.bins.len() == 2 && d.bins.iter().all(|b| b.segment == Some(SegmentId(0))));
}
fn html(parts: &[(Option<u32>, usize)], n: u32, converged: bool, policy: KAnonymity) -> String {
    let l = labels(parts);
    let csv: String = "customer,timestamp,amount\n".to_owned()
        + &(0..l.len()).map(|i| format!("{i},2026-01-{:02},{}\n", i % 28 + 1, i * 7 % 31 + 1)).collect::<String>();
    let c = customers(&csv);
    let f = protected_of(&c, &everybody()).features(Rfm::in_last_days(60)).unwrap();
    let r = release_of(&f, &Told(l, n, converged), &policy).unwrap();
    consentric::report::Report::external(&r).html()
}

#[test]
fn the_page_promises_k_only_if_it_was_kept() {
    let two = &[(Some(0), 30), (Some(1), 25)];
    assert!(!html(two, 2, true, open()).contains("at least 2 customers"));
    assert!(html(two, 2, true, KAnonymity::new(20).unwrap()).contains("at least 20 customers"));
}

#[test]
fn the_page_says_that_a_strategy_was_not_at_rest() {
    let two = &[(Some(0), 30), (Some(1), 25)];
    assert!(html(two, 2, false, KAnonymity::new(20).unwrap()).contains("3, not at rest"));
    assert!(!html(two, 2, true, KAnonymity::new(20).unwrap()).contains("not at rest"));
}

#[test]
fn the_worst_warning_of_an_unprotected_run_is_that() {
    let h = html(&[(Some(0), 30), (Some(1), 25)], 2, false, open());
    let worst = h.split("Worst warning").nth(1).unwrap();
    assert!(
        worst[..200].contains("not for release") || worst[..200].to_lowercase().contains("suppression"),
        "{}",
        &worst[..200]
    );
}

#[test]
fn the_page_counts_who_is_in_no_segment() {
    assert!(
        html(&[(Some(0), 30), (Some(1), 25), (None, 22)], 2, true, KAnonymity::new(20).unwrap())
            .contains("in no segment</th><td>22")
    );
}

#[test]
fn the_page_lists_reasons_by_falling_number() {
    let r = idle(0, &[("R", 25), ("W", 30), ("U", 70)]);
    let h = consentric::report::Report::external(&r).html();
    let p = |s: &str| h.find(s).unwrap();
    assert!(p("UNKNOWN_SUBJECT") < p("CONSENT_WITHDRAWN") && p("CONSENT_WITHDRAWN") < p("CONSENT_REFUSED"));
}
