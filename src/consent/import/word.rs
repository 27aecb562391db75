//! What a status of another system means.

/// What a customer said, in the words all sources share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Nobody asked: no statement.
    Never,
    /// Asked, not answered.
    Asked,
    Given,
    Refused,
    Withdrawn,
    /// Given once, and over by the source's own word.
    Lapsed,
    /// Something that is not understood, and therefore no yes.
    Unclear,
}

impl Word {
    /// Reads the words people and programs write into a column of consent, and the terms of the Data Privacy Vocabulary.
    pub(super) fn read(status: &str) -> Self {
        let plain: String = status.trim().chars().map(|c| if matches!(c, '-' | ' ') { '_' } else { c }).collect();
        match plain.to_ascii_lowercase().as_str() {
            "" | "never_asked" | "not_asked" | "not_seen" | "notseen" | "not_specified" | "null" => Self::Never,
            "asked" | "requested" | "pending" | "seen" | "consentrequested" | "consentrequestdeferred" => Self::Asked,
            "given"
            | "granted"
            | "yes"
            | "true"
            | "1"
            | "opt_in"
            | "optin"
            | "opted_in"
            | "allowed"
            | "accepted"
            | "subscribed"
            | "consentgiven"
            | "renewedconsentgiven" => Self::Given,
            "refused" | "denied" | "declined" | "rejected" | "no" | "false" | "0" | "consentrefused" => Self::Refused,
            "withdrawn" | "revoked" | "opt_out" | "optout" | "opted_out" | "unsubscribed" | "consentwithdrawn"
            | "consentrevoked" => Self::Withdrawn,
            "expired" | "lapsed" | "invalidated" | "consentexpired" | "consentinvalidated" => Self::Lapsed,
            _ => Self::Unclear,
        }
    }
}
