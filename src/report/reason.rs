//! Reason codes of consent decisions in plain words.

/// What a reason code says, in the words of somebody who has not read the law.
pub(super) fn words(code: &str) -> &'static str {
    match code {
        "NO_CONSENT" => "were never asked, or never answered",
        "CONSENT_PENDING" => "were asked and have not confirmed yet",
        "CONSENT_REFUSED" => "said no",
        "CONSENT_WITHDRAWN" => "said yes once and took it back",
        "CONSENT_EXPIRED" => "said yes too long ago; the consent has run out",
        "CONSENT_INVALID" => "have a consent on file that cannot be proven valid",
        "CONSENT_SCOPE" => "said yes to something else, not to this purpose",
        "NOTICE_OUTDATED" => "said yes before the privacy notice changed",
        "NO_NOTICE" => "were not told about this use of their data",
        "UNKNOWN_SUBJECT" => "have no consent record at all; unknown means no",
        "UNKNOWN_JURISDICTION" => "live where the rules are unknown to this version",
        "PURPOSE_UNKNOWN" => "were judged for a purpose that is not in the register",
        "PURPOSE_INCOMPATIBLE" => "gave their data for a purpose that does not cover this one",
        "NO_LAWFUL_BASIS" => "have no legal ground for this use on file",
        "OBJECTED" => "objected to this use",
        "OPTED_OUT" => "opted out",
        "RESTRICTED" => "asked that their data be left alone for now",
        "ERASED" => "asked to be erased",
        "SPECIAL_CATEGORY" => "would need an explicit yes for sensitive data",
        "LIMITED_SENSITIVE" => "limited the use of their sensitive data",
        "CHILD" => "are under the age at which they can agree themselves",
        "AGE_UNKNOWN" => "have no known age where one is needed",
        "MINOR_NO_OPT_IN" => "are minors without the opt-in the law asks for",
        "STALE_DERIVED" => "corrected their data after this was computed",
        "RETENTION" => "have data older than it may be kept",
        "MINIMISATION" => "were asked for more data than the purpose needs",
        "NO_AGREEMENT" => "concern a recipient without a valid contract",
        "DUE_DILIGENCE" => "concern a recipient that was not vetted",
        "TRANSFER" => "concern a transfer abroad that is not allowed",
        "COOLDOWN" => "were asked too recently to be asked again",
        "UNREADABLE" => "have a record that cannot be read; unreadable means no",
        _ => "were refused by the rule with this code",
    }
}
