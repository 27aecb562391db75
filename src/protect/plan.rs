//! How customers are protected.

use super::MasterKey;

/// How customers are protected: with which key, in which epoch.
///
/// Which columns stay is not decided here but by what the purpose declares
/// ([`Question::reading`](crate::consent::Question::reading)): a plan can only take away.
#[derive(Debug)]
pub struct ProtectPlan {
    pub(super) key: MasterKey,
    pub(super) recipient: String,
    pub(super) epoch: u32,
}

impl ProtectPlan {
    /// Protects with `key`, for the controller itself, in epoch 1.
    pub fn new(key: MasterKey) -> Self {
        Self { key, recipient: "own".to_owned(), epoch: 1 }
    }

    /// Makes pseudonyms for another recipient than the controller itself (default `own`).
    #[must_use]
    pub fn for_recipient(mut self, recipient: impl Into<String>) -> Self {
        self.recipient = recipient.into();
        self
    }

    /// Makes pseudonyms of another key epoch (default 1); a new epoch cuts the link to all earlier pseudonyms.
    #[must_use]
    pub const fn in_epoch(mut self, epoch: u32) -> Self {
        self.epoch = epoch;
        self
    }
}

impl From<MasterKey> for ProtectPlan {
    fn from(key: MasterKey) -> Self {
        Self::new(key)
    }
}
