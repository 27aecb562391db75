//! Why a decision is what it is.

use std::fmt;

use serde::{Serialize, Serializer};

/// Declares the reasons once: variant, stable text, sources and meaning.
macro_rules! reasons {
    (
        allow { $($allow:ident $allow_text:literal [$($allow_source:literal),*] $allow_doc:literal)* }
        deny { $($deny:ident $deny_text:literal [$($deny_source:literal),*] $deny_doc:literal)* }
    ) => {
        /// Why a decision is what it is; the texts are stable.
        ///
        /// The order is that of the list: reasons to allow first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $(#[doc = $allow_doc] $allow,)*
            $(#[doc = $deny_doc] $deny,)*
        }

        impl Reason {
            /// All reasons, in order.
            pub const ALL: &'static [Reason] = &[$(Reason::$allow,)* $(Reason::$deny,)*];

            /// Gives the stable text, such as `CONSENT_WITHDRAWN`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$allow => $allow_text,)*
                    $(Self::$deny => $deny_text,)*
                }
            }

            /// Says whether the reason allows.
            pub const fn is_allow(self) -> bool {
                matches!(self, $(Self::$allow)|*)
            }

            /// Gives the articles and sections behind the reason.
            pub const fn citations(self) -> &'static [&'static str] {
                match self {
                    $(Self::$allow => &[$($allow_source),*],)*
                    $(Self::$deny => &[$($deny_source),*],)*
                }
            }
        }
    };
}

reasons! {
    allow {
        Consent "CONSENT" ["GDPR Art. 6(1)(a)", "GDPR Art. 7"] "The customer agreed."
        ExplicitConsent "EXPLICIT_CONSENT" ["GDPR Art. 9(2)(a)"] "The customer agreed explicitly to a special category of data."
        Contract "CONTRACT" ["GDPR Art. 6(1)(b)"] "Needed for a contract."
        LegalObligation "LEGAL_OBLIGATION" ["GDPR Art. 6(1)(c)"] "A law demands it."
        VitalInterests "VITAL_INTERESTS" ["GDPR Art. 6(1)(d)"] "Somebody's life is at stake."
        PublicTask "PUBLIC_TASK" ["GDPR Art. 6(1)(e)"] "A task in the public interest."
        LegitimateInterest "LEGITIMATE_INTEREST" ["GDPR Art. 6(1)(f)"] "An interest that outweighs the customer's."
        CreditProtection "CREDIT_PROTECTION" ["LGPD Art. 7(X)"] "Protection of credit in Brazil."
        CompatiblePurpose "COMPATIBLE_PURPOSE" ["GDPR Art. 6(4)"] "Compatible with the purpose of collection."
        ImpliedConsent "IMPLIED_CONSENT" ["PIPEDA 4.3"] "Implied consent in Canada."
        SoftOptIn "SOFT_OPT_IN" ["ePrivacy Art. 13(2)"] "A customer of similar products who was offered a way out."
        NoOptOut "NO_OPT_OUT" ["Cal. Civ. Code 1798.120"] "The customer never opted out."
        OptedIn "OPTED_IN" ["11 CCR 7028"] "The customer opted in again."
        Processor "PROCESSOR" ["GDPR Art. 28"] "Handed to a bound processor."
        Exempt "EXEMPT" ["GDPR Art. 17(3)", "GDPR Art. 18(2)"] "Exempt from the rule that would deny."
        Anonymous "ANONYMOUS" ["GDPR Rec. 26"] "No longer personal data."
        RightExercise "RIGHT_EXERCISE" ["GDPR Art. 15", "GDPR Art. 20"] "The customer uses a right."
        HumanInLoop "HUMAN_IN_LOOP" ["GDPR Art. 22(1)"] "A human decides."
    }
    deny {
        UnknownSubject "UNKNOWN_SUBJECT" ["GDPR Art. 25(2)"] "The ledger has never seen the customer."
        UnknownJurisdiction "UNKNOWN_JURISDICTION" ["GDPR Art. 25(2)"] "The customer lives under a law that is not shipped."
        PurposeUnknown "PURPOSE_UNKNOWN" ["GDPR Art. 5(1)(b)", "GDPR Art. 30(1)(b)"] "The purpose is not registered."
        PurposeIncompatible "PURPOSE_INCOMPATIBLE" ["GDPR Art. 6(4)"] "Not compatible with the purpose of collection."
        NoLawfulBasis "NO_LAWFUL_BASIS" ["GDPR Art. 6(1)"] "No basis, or one that cannot be judged."
        NoNotice "NO_NOTICE" ["GDPR Art. 13(1)"] "The customer was not told."
        NoticeOutdated "NOTICE_OUTDATED" ["GDPR Art. 13"] "The notice has changed materially since."
        NoConsent "NO_CONSENT" ["GDPR Art. 6(1)(a)"] "The customer was never asked, or never answered for any purpose."
        ConsentPending "CONSENT_PENDING" ["GDPR Art. 4(11)"] "Asked, not answered."
        ConsentRefused "CONSENT_REFUSED" ["GDPR Art. 4(11)"] "The customer said no."
        ConsentWithdrawn "CONSENT_WITHDRAWN" ["GDPR Art. 7(3)"] "The customer took the consent back."
        ConsentExpired "CONSENT_EXPIRED" ["EDPB 05/2020 par. 110"] "The consent is too old."
        ConsentInvalid "CONSENT_INVALID" ["GDPR Art. 7(1)", "GDPR Art. 7(4)", "GDPR Rec. 32"] "The consent is not proven, or was declared void."
        ConsentScope "CONSENT_SCOPE" ["GDPR Art. 6(1)(a)", "GDPR Rec. 32"] "Agreed, but not to this."
        Objected "OBJECTED" ["GDPR Art. 21(2)", "GDPR Art. 21(3)"] "The customer objected."
        Restricted "RESTRICTED" ["GDPR Art. 18"] "Processing is restricted."
        Erased "ERASED" ["GDPR Art. 17(1)"] "The customer asked for erasure."
        SpecialCategory "SPECIAL_CATEGORY" ["GDPR Art. 9", "GDPR Art. 10"] "Special data without explicit consent."
        Child "CHILD" ["GDPR Art. 8(1)"] "Too young to agree alone."
        AgeUnknown "AGE_UNKNOWN" ["GDPR Art. 8(2)"] "Age not known; for importers."
        AdmNotPermitted "ADM_NOT_PERMITTED" ["GDPR Art. 22"] "No solely automated decision."
        StaleDerived "STALE_DERIVED" ["GDPR Art. 5(1)(d)", "GDPR Art. 16"] "Derived from data that was corrected since."
        RightNotApplicable "RIGHT_NOT_APPLICABLE" ["GDPR Art. 20(1)"] "The right does not reach this data."
        OptedOut "OPTED_OUT" ["GDPR Art. 21", "GDPR Art. 25(2)"] "The customer opted out."
        LimitedSensitive "LIMITED_SENSITIVE" ["Cal. Civ. Code 1798.121"] "Use of sensitive data was limited."
        MinorNoOptIn "MINOR_NO_OPT_IN" ["Cal. Civ. Code 1798.120(c)"] "A minor who did not opt in."
        Cooldown "COOLDOWN" ["Cal. Civ. Code 1798.135(c)(4)", "GDPR Rec. 32"] "Too early to ask again."
        Retaliation "RETALIATION" ["Cal. Civ. Code 1798.125(a)"] "Treats somebody worse for using a right."
        Banned "BANNED" ["Md. Com. Law 14-4707(a)"] "Banned whatever the customer says."
        NoAgreement "NO_AGREEMENT" ["GDPR Art. 28"] "The recipient is not bound."
        DueDiligence "DUE_DILIGENCE" ["GDPR Art. 28(1)"] "The recipient was not assessed."
        Transfer "TRANSFER" ["GDPR Art. 44"] "No ground to send data to that country."
        Retention "RETENTION" ["GDPR Art. 5(1)(e)"] "Kept too long."
        Minimisation "MINIMISATION" ["GDPR Art. 5(1)(c)"] "More data than the purpose needs."
        Unreadable "UNREADABLE" ["GDPR Art. 25(2)"] "Could not be read."
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_distinct_and_allows_come_first() {
        let mut texts: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(texts.len(), 18 + 35);
        assert!(Reason::ALL.is_sorted());
        assert!(Reason::ALL.iter().take(18).all(|reason| reason.is_allow()));
        assert!(!Reason::ALL.iter().skip(18).any(|reason| reason.is_allow()));
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Reason::ALL.len());
    }
}
