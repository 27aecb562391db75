//! A key can be neither copied nor written out.
use consentric::protect::MasterKey;

fn copy(key: &MasterKey) -> (MasterKey, String) {
    (key.clone(), serde_json::to_string(key).unwrap_or_default())
}

fn main() {}
