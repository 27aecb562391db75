//! The mark of what may leave.

use serde::Serialize;

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::release::Release {}
    impl Sealed for crate::release::ModelFile {}
    impl Sealed for crate::release::export::Export {}
}

/// Marks what may leave the process: sealed, so that nothing else can be declared publishable.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may not be published: it still describes single customers",
    label = "this is personal data",
    note = "call `.release(KAnonymity::new(k)?)` first; only a `Release` may leave"
)]
pub trait Publish: sealed::Sealed + Serialize {
    /// Gives the canonical JSON of what leaves.
    ///
    /// # Errors
    /// A [`serde_json::Error`] if a value cannot be written, which no shipped type causes.
    fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

impl Publish for super::Release {}
impl Publish for super::ModelFile {}
impl Publish for super::export::Export {}
