//! Who is where may not be published.
use consentric::prelude::*;
use consentric::segment::Segmentation;

fn send(_: &impl Publish) {}

fn publish(segmentation: &Segmentation<'_>) {
    send(segmentation);
}

fn main() {}
