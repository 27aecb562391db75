//! Promises of the protect stage.

use consentric::prelude::*;
use consentric::protect::{MasterKey, ProtectError, ProtectPlan, PseudonymDomain, Pseudonymiser};

fn customers() -> Customers {
    let schema = Schema::new(
        "id",
        [
            Field::new("email", Role::Identifier, Kind::Text),
            Field::new("age", Role::QuasiIdentifier, Kind::Integer),
            Field::new("visits", Role::Behaviour, Kind::Integer),
        ],
    )
    .unwrap();
    let csv = "id,email,age,visits\n1,a@example.org,30,5\n2,b@example.org,40,\n3,c@example.org,50,9\n";
    CustomersReader::new(schema).read_csv("table", csv.as_bytes()).unwrap()
}

fn purpose() -> Purpose {
    Purpose::parse("segmentation_marketing").unwrap()
}

fn ledger() -> Ledger {
    let mut ledger = Ledger::new();
    let given = Timestamp::parse("2025-01-01T00:00:00Z").unwrap();
    for id in ["1", "2", "3"] {
        ledger.append(id, Event::given(given, &purpose(), "v1", "web_form")).unwrap();
    }
    ledger
}

fn protect(question: &Question) -> Result<(Vec<String>, Vec<String>), ProtectError> {
    let (customers, ledger) = (customers(), ledger());
    let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let consented = customers.consent(&ledger, question, at).unwrap();
    let protected = consented.protect(MasterKey::from_bytes([1; 32]))?;
    let names = protected.columns().map(|field| field.name().to_owned()).collect();
    let features = protected.features(Columns::of(["age"]).unwrap());
    Ok((names, vec![features.map(|_| ()).map_or_else(|error| error.to_string(), |()| String::new())]))
}

#[test]
fn only_declared_columns_pass() {
    let (columns, _) = protect(&Question::segment(&purpose()).reading(["visits"])).unwrap();
    assert_eq!(columns, ["visits"]);
    assert!(protect(&Question::segment(&purpose())).unwrap().0.is_empty());
}

#[test]
fn an_undeclared_column_cannot_become_a_feature() {
    let (_, error) = protect(&Question::segment(&purpose()).reading(["visits"])).unwrap();
    assert!(error[0].contains("`age`"), "{error:?}");
}

#[test]
fn an_identifier_cannot_even_be_declared() {
    let error = protect(&Question::segment(&purpose()).reading(["email"])).unwrap_err();
    assert_eq!(error, ProtectError::Identifier { column: "email".to_owned() });
    let error = protect(&Question::segment(&purpose()).reading(["shoe_size"])).unwrap_err();
    assert_eq!(error, ProtectError::UnknownColumn { column: "shoe_size".to_owned() });
}

#[test]
fn a_missing_value_is_an_error_that_names_no_one() {
    let (customers, ledger) = (customers(), ledger());
    let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let question = Question::segment(&purpose()).reading(["visits"]);
    let consented = customers.consent(&ledger, &question, at).unwrap();
    let protected = consented.protect(MasterKey::generate().unwrap()).unwrap();
    let error = protected.features(Columns::of(["visits"]).unwrap()).unwrap_err().to_string();
    assert!(error.contains("`visits` is missing for customer 1 "), "{error}");
}

#[test]
fn two_domains_share_no_token_and_two_generated_keys_neither() {
    let token = |key: &MasterKey, recipient: &str| {
        let domain = PseudonymDomain::new("analytics", recipient, "newsletter", 1).unwrap();
        Pseudonymiser::new(key, &domain).unwrap().pseudonym("customer_id", "7").expose()
    };
    let (one, other) = (MasterKey::generate().unwrap(), MasterKey::generate().unwrap());
    assert_eq!(token(&one, "own"), token(&one, "own"));
    assert_ne!(token(&one, "own"), token(&one, "partner"));
    assert_ne!(token(&one, "own"), token(&other, "own"));
    assert!(PseudonymDomain::new("", "own", "newsletter", 1).is_err());
}

#[test]
fn no_stage_prints_a_value() {
    let (customers, ledger) = (customers(), ledger());
    let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let question = Question::segment(&purpose()).reading(["age"]);
    let mut shown = format!("{customers:?} {ledger:?}");
    let consented = customers.consent(&ledger, &question, at).unwrap();
    shown += &format!("{consented:?}");
    let protected = consented.protect(ProtectPlan::new(MasterKey::from_bytes([9; 32])).in_epoch(4)).unwrap();
    shown += &format!("{protected:?}");
    let features = protected.features(Columns::of(["age"]).unwrap()).unwrap();
    shown += &format!("{features:?}");
    let segmentation = features.segment(&KMeans::new(2).unwrap(), &FitContext::new(1)).unwrap();
    shown += &format!("{segmentation:?}");
    for secret in ["example.org", "30", "40", "50"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_sensitive_column_needs_a_grant_that_names_it() {
    let schema = Schema::new("id", [Field::new("debt", Role::Sensitive, Kind::Decimal)]).unwrap();
    let customers = CustomersReader::new(schema).read_csv("table", "id,debt\n1,10\n2,20\n".as_bytes()).unwrap();
    let line = |id: &str, more: &str| {
        format!(
            "{{\"customer_id\":\"{id}\",\"at\":\"2025-01-01T00:00:00Z\",\"type\":\"consent_given\",\"purposes\":[\"segmentation_marketing\"],\"notice_version\":\"v1\",\"method\":\"letter\",\"affirmative\":true,\"by\":\"self\"{more}}}\n"
        )
    };
    let lines = line("1", "") + &line("2", ",\"explicit_for\":[\"debt\"]");
    let ledger = Ledger::read_jsonl("consent.jsonl", lines.as_bytes()).unwrap();
    let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let consented = customers.consent(&ledger, &Question::segment(&purpose()).reading(["debt"]), at).unwrap();
    assert_eq!(consented.len(), 1);
    assert_eq!(consented.refused()["SPECIAL_CATEGORY"], 1);
    assert_eq!(
        customers.consent(&ledger, &Question::segment(&purpose()), at).unwrap().len(),
        2,
        "undeclared, it is not read"
    );
}
