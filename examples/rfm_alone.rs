//! Computes recency, frequency and spend stage by stage, without the builder; learn here what each door gives.

use consentric::feature::Rfm;
use consentric::prelude::*;
use serde::Serialize;

#[derive(Serialize)]
struct Purchase {
    customer: u32,
    timestamp: &'static str,
    amount: &'static str,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let buy = |customer, timestamp, amount| Purchase { customer, timestamp, amount };
    let rows = [buy(1, "2026-01-05", "10.00"), buy(1, "2026-01-20", "5.50"), buy(2, "2025-12-24", "99.90")];
    let customers = Customers::from_transactions(TransactionsReader::new().read_rows(rows)?)?;

    let purpose = Purpose::parse("segmentation_marketing")?;
    let mut ledger = Ledger::new();
    let asked = Timestamp::parse("2025-11-01T12:00:00Z")?;
    ledger.append("1", Event::given(asked, &purpose, "v1", "web_form"))?;

    let at = Timestamp::parse("2026-02-01T00:00:00Z")?;
    let consented = customers.consent(&ledger, &Question::from(purpose), at)?;
    println!("{consented:?}, refused: {:?}", consented.refused());
    let protected = consented.protect(MasterKey::generate()?)?;
    let features = protected.features(Rfm::in_last_days(365))?;
    for column in features.columns() {
        println!("{:15} in {}", column.name, column.unit.words());
    }
    println!("{features:?} as of {}", features.analysis_date());
    assert_eq!(features.n_customers(), 1);
    Ok(())
}
