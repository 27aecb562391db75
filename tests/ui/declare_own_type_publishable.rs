//! Nobody outside can declare a type publishable.
use consentric::prelude::*;

#[derive(serde::Serialize)]
struct Names(Vec<String>);

impl Publish for Names {}

fn main() {}
