//! The report on the bundled sample, as people see it. After a wanted change: `INSTA_UPDATE=always cargo test --test report`.

use consentric::prelude::*;
use consentric::record::{Currency, TransactionRole};
use consentric::report::{Report, Table};
use consentric::synth::simulated_consent;

fn release(n_segments: usize, k: u64) -> Release {
    let csv: &[u8] = include_bytes!("../examples/data/cdnow_sample.csv");
    let reader = TransactionsReader::new()
        .with_column(TransactionRole::Customer, "master_id")
        .with_column(TransactionRole::Timestamp, "date")
        .with_currency(Currency::USD);
    let purchases = reader.read_csv("cdnow_sample.csv", csv).unwrap();
    let purpose = Purpose::parse("segmentation_marketing").unwrap();
    let analysis_date = Date::parse("1998-07-01").unwrap();
    let ledger = simulated_consent(&purchases, &purpose, analysis_date, 42);
    let outcome = Pipeline::for_purpose(purpose)
        .at(analysis_date.start())
        .consent(&ledger)
        .protect(MasterKey::generate().unwrap())
        .features(Rfm::whole_history())
        .segment(KMeans::new(n_segments).unwrap())
        .release(KAnonymity::new(k).unwrap())
        .with_seed(42)
        .run(&Customers::from_transactions(purchases).unwrap())
        .unwrap();
    outcome.release().clone()
}

#[test]
fn the_table_of_the_sample_is_the_known_one() {
    insta::assert_snapshot!(Table::new(&release(5, 20)).to_string());
}

#[test]
fn the_table_with_hidden_segments_is_the_known_one() {
    insta::assert_snapshot!(Table::new(&release(8, 100)).to_string());
}

#[test]
fn the_page_of_the_sample_is_the_known_one() {
    let html = Report::internal(&release(5, 20)).with_setting("data", "bundled CDNOW sample").html();
    insta::assert_snapshot!(html);
}

#[test]
fn the_external_page_shows_no_number_of_a_hidden_segment() {
    let release = release(8, 100);
    let hidden = release.segments().iter().filter(|segment| segment.profile().is_none()).count();
    assert!(hidden >= 2, "the sample at k = 100 hides segments");
    let html = Report::external(&release).html();
    assert!(html.contains("All hidden segments together") || html.contains("all hidden segments together"));
    for forbidden in ["<script", "http://", "https://", "<link", "<img"] {
        assert!(!html.replace("http://www.w3.org/2000/svg", "").contains(forbidden), "{forbidden}");
    }
}
