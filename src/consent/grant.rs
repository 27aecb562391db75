//! A consent with its proof.

use std::fmt;

use super::Purposes;

/// A consent with the fields that prove it.
///
/// Read from JSON as part of an [`Event`](super::Event); what is absent there proves nothing.
///
/// # References
/// GDPR Art. 7(1): the controller shall be able to demonstrate that the data subject has consented.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    pub(super) purposes: Purposes,
    pub(super) notice_version: Option<Box<str>>,
    pub(super) method: Option<Box<str>>,
    pub(super) affirmative: Option<bool>,
    pub(super) by: Option<Box<str>>,
    pub(super) parental_verification: bool,
    pub(super) explicit: bool,
    pub(super) explicit_for: Box<[Box<str>]>,
    pub(super) data_categories: Option<Box<[Box<str>]>>,
    pub(super) controllers: Option<Box<[Box<str>]>>,
    pub(super) bundled_with_contract: bool,
    pub(super) despite_restriction: bool,
    pub(super) value: Answer,
}

impl Grant {
    /// A grant of nothing with no proof.
    pub(super) fn unproven() -> Self {
        Self {
            purposes: Purposes::only([]),
            notice_version: None,
            method: None,
            affirmative: None,
            by: None,
            parental_verification: false,
            explicit: false,
            explicit_for: Box::default(),
            data_categories: None,
            controllers: None,
            bundled_with_contract: false,
            despite_restriction: false,
            value: Answer::Absent,
        }
    }

    /// Gives the purposes that were agreed to.
    pub const fn purposes(&self) -> &Purposes {
        &self.purposes
    }

    /// Gives the version of the notice that was shown.
    pub fn notice_version(&self) -> Option<&str> {
        self.notice_version.as_deref()
    }

    /// Gives how the consent was collected.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("purposes", &self.purposes).finish_non_exhaustive()
    }
}

/// What the `value` of a grant said; what was neither is not kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    Absent,
    /// `true`, `"yes"` or `"granted"`.
    Yes,
    Unclear,
}
