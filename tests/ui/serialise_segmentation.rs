//! Who is where does not serialise.
use consentric::segment::Segmentation;

fn serialise(segmentation: &Segmentation<'_>) -> String {
    serde_json::to_string(segmentation).unwrap_or_default()
}

fn main() {}
