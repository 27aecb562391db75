//! The builder asks for consent before it takes features.
use consentric::prelude::*;

fn out_of_order(purpose: Purpose, at: Timestamp) {
    let _ = Pipeline::for_purpose(purpose).at(at).features(Rfm::in_last_days(365));
}

fn main() {}
