//! Brings a strategy of your own to the pipeline; learn here the two traits it takes.

use consentric::prelude::*;
use consentric::report::Table;
use consentric::segment::{Fit, Model, SegmentError};
use consentric::synth::{Shop, simulated_consent};
use ndarray::ArrayView2;

/// Two segments, below and above the mean of the first feature, which scaling has put at 0.
struct Halves;

impl Model for Halves {
    fn n_segments(&self) -> usize {
        2
    }
    fn assign(&self, rows: ArrayView2<'_, f64>) -> Vec<Option<SegmentId>> {
        rows.outer_iter().map(|row| row.first().map(|first| SegmentId(u32::from(*first > 0.0)))).collect()
    }
}

impl Strategy for Halves {
    fn name(&self) -> &str {
        "halves"
    }
    fn fit(&self, x: ArrayView2<'_, f64>, _: &FitContext<'_>) -> Result<Fit, SegmentError> {
        Ok(Fit { model: Box::new(Halves), labels: self.assign(x), converged: true, rounds: 1, warnings: vec![] })
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (purpose, at) = (Purpose::parse("segmentation_marketing")?, Timestamp::parse("2025-07-01T00:00:00Z")?);
    let purchases = TransactionsReader::new().read_rows(Shop::new(500, 7).transactions())?;
    let ledger = simulated_consent(&purchases, &purpose, at.date(), 7);
    let pipeline = Pipeline::for_purpose(purpose).at(at).consent(&ledger).protect(MasterKey::generate()?);
    let pipeline = pipeline.features(Rfm::whole_history()).segment(Halves).release(KAnonymity::new(20)?);
    println!("{}", Table::new(pipeline.run(&Customers::from_transactions(purchases)?)?.release()));
    Ok(())
}
