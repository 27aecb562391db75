//! The articles behind a reason, in the law that decided.

use super::Reason;
use super::law::Family;

type Citations = &'static [&'static str];

/// The articles and sections behind a reason in a law; those of the reason itself where the law has none of its own.
pub(super) const fn citations(reason: Reason, family: Family, code: &str) -> Citations {
    use Family::{Brazil, Canada, Quebec, UnitedKingdom, UnitedStates};
    match (reason, family) {
        (Reason::Consent, UnitedKingdom) => &["UK GDPR Art. 6(1)(a)", "UK GDPR Art. 7"],
        (Reason::Consent, Brazil) => &["LGPD Art. 7(I)", "LGPD Art. 8"],
        (Reason::Consent | Reason::ImpliedConsent, Canada | Quebec) => &["PIPEDA 4.3"],
        (Reason::ExplicitConsent, Brazil) => &["LGPD Art. 11(I)"],
        (Reason::ExplicitConsent, Canada | Quebec) => &["PIPEDA 4.3.6"],
        (Reason::Contract, Brazil) => &["LGPD Art. 7(V)"],
        (Reason::LegalObligation, Brazil) => &["LGPD Art. 7(II)"],
        (Reason::LegitimateInterest, Brazil) => &["LGPD Art. 7(IX)", "LGPD Art. 10"],
        (Reason::LegitimateInterest, UnitedKingdom) => &["UK GDPR Art. 6(1)(f)", "UK GDPR Art. 6(1)(ea)"],
        (Reason::SoftOptIn, UnitedKingdom) => &["PECR reg. 22"],
        (Reason::NoConsent, UnitedKingdom) => &["UK GDPR Art. 6(1)(a)", "PECR reg. 22"],
        (Reason::NoConsent, Brazil) => &["LGPD Art. 7(I)"],
        (Reason::NoConsent, Canada) => &["PIPEDA 4.3", "PIPEDA 4.3.6", "CASL s. 6"],
        (Reason::NoConsent, Quebec) => &["P-39.1 s. 8.1", "P-39.1 s. 12"],
        (Reason::ConsentWithdrawn, Brazil) => &["LGPD Art. 8(5)"],
        (Reason::ConsentWithdrawn, Canada | Quebec) => &["PIPEDA 4.3.8"],
        (Reason::ConsentExpired, Canada | Quebec) => &["CASL s. 10(10)(a)"],
        (Reason::SpecialCategory, Brazil) => &["LGPD Art. 11"],
        (Reason::SpecialCategory, Canada | Quebec) => &["PIPEDA 4.3.6"],
        (Reason::Child, Brazil) => &["LGPD Art. 14"],
        (Reason::Child, Quebec) => &["P-39.1 s. 4.1", "P-39.1 s. 14"],
        (Reason::Child, UnitedKingdom) => &["UK DPA 2018 s. 9"],
        (Reason::NoNotice, Canada | Quebec) => &["PIPEDA 4.3"],
        (Reason::AdmNotPermitted, UnitedKingdom) => &["UK GDPR Art. 22B", "UK GDPR Art. 22C"],
        (_, UnitedStates) => in_state(reason, code),
        _ => reason.citations(),
    }
}

const fn in_state(reason: Reason, code: &str) -> Citations {
    let Some(state) = State::of(code) else { return reason.citations() };
    match reason {
        Reason::NoOptOut | Reason::OptedOut | Reason::OptedIn => state.opt_out(),
        Reason::Consent
        | Reason::ExplicitConsent
        | Reason::NoConsent
        | Reason::ConsentScope
        | Reason::ConsentPending
        | Reason::ConsentRefused
        | Reason::ConsentWithdrawn
        | Reason::ConsentInvalid
        | Reason::ConsentExpired
        | Reason::SpecialCategory
        | Reason::NoNotice => state.sensitive(reason),
        Reason::MinorNoOptIn => state.minors(),
        Reason::NoAgreement | Reason::Processor => state.processors(),
        Reason::PurposeIncompatible => state.notice(),
        Reason::Child => &["16 CFR 312.5"],
        Reason::Exempt => &["Cal. Civ. Code 1798.121(d)", "11 CCR 7027(m)"],
        Reason::Banned if matches!(state, State::Connecticut) => &["Conn. SB 1295 (2025)"],
        _ => reason.citations(),
    }
}

/// A state with an act of its own.
#[derive(Clone, Copy)]
enum State {
    California,
    Virginia,
    Colorado,
    Connecticut,
    Texas,
    Utah,
    Maryland,
}

impl State {
    const fn of(code: &str) -> Option<Self> {
        Some(match code.as_bytes() {
            b"US-CA" => Self::California,
            b"US-VA" => Self::Virginia,
            b"US-CO" => Self::Colorado,
            b"US-CT" => Self::Connecticut,
            b"US-TX" => Self::Texas,
            b"US-UT" => Self::Utah,
            b"US-MD" => Self::Maryland,
            _ => return None,
        })
    }

    const fn opt_out(self) -> Citations {
        match self {
            Self::California => &["Cal. Civ. Code 1798.120", "11 CCR 7025", "11 CCR 7028"],
            Self::Virginia => &["Va. Code 59.1-577(A)(5)"],
            Self::Colorado => &["C.R.S. 6-1-1306(1)(a)"],
            Self::Connecticut => &["Conn. Gen. Stat. 42-518(a)(5)", "Conn. Gen. Stat. 42-520(e)"],
            Self::Texas => &["Tex. Bus. & Com. Code 541.051(b)(5)", "Tex. Bus. & Com. Code 541.055(e)"],
            Self::Utah => &["Utah Code 13-61-201(4)"],
            Self::Maryland => &["Md. Com. Law 14-4705", "Md. Com. Law 14-4707"],
        }
    }

    /// Consent, or what stands in its place for sensitive data.
    const fn sensitive(self, reason: Reason) -> Citations {
        match self {
            Self::California => &["Cal. Civ. Code 1798.140(h)", "Cal. Civ. Code 1798.121"],
            Self::Virginia => &["Va. Code 59.1-578(A)(5)"],
            Self::Colorado if matches!(reason, Reason::ConsentExpired) => &["4 CCR 904-3 Rule 7.08(A)"],
            Self::Colorado => &["C.R.S. 6-1-1308(7)"],
            Self::Connecticut => &["Conn. Gen. Stat. 42-520(a)(4)"],
            Self::Texas => &["Tex. Bus. & Com. Code 541.101(b)(2)"],
            Self::Utah => &["Utah Code 13-61-302(3)"],
            Self::Maryland => &["Md. Com. Law 14-4707(a)"],
        }
    }

    const fn minors(self) -> Citations {
        match self {
            Self::California => &["Cal. Civ. Code 1798.120(c)", "11 CCR 7070-7071"],
            Self::Connecticut => &["Conn. Gen. Stat. 42-520(a)(7)", "Conn. SB 3 (2023)"],
            Self::Colorado => &["Colo. SB 24-041"],
            // Their acts leave children to the federal rule; older minors are held to the same bar here.
            Self::Virginia | Self::Texas | Self::Utah | Self::Maryland => &["16 CFR 312.5"],
        }
    }

    const fn processors(self) -> Citations {
        match self {
            Self::California => &["Cal. Civ. Code 1798.100(d)", "11 CCR 7051", "11 CCR 7053"],
            Self::Virginia => &["Va. Code 59.1-579"],
            Self::Colorado => &["C.R.S. 6-1-1305"],
            Self::Connecticut => &["Conn. Gen. Stat. 42-521"],
            Self::Texas => &["Tex. Bus. & Com. Code 541.104"],
            Self::Utah => &["Utah Code 13-61-301"],
            Self::Maryland => &["Md. Com. Law 14-4708"],
        }
    }

    const fn notice(self) -> Citations {
        match self {
            Self::California => &["Cal. Civ. Code 1798.100(a)(1)", "Cal. Civ. Code 1798.100(c)", "11 CCR 7002"],
            Self::Virginia => &["Va. Code 59.1-578(A)(2)"],
            Self::Colorado => &["C.R.S. 6-1-1308(2)", "C.R.S. 6-1-1308(4)"],
            Self::Connecticut => &["Conn. Gen. Stat. 42-520(a)(2)"],
            Self::Texas => &["Tex. Bus. & Com. Code 541.101(b)(1)"],
            Self::Utah => &["Utah Code 13-61-302(1)"],
            Self::Maryland => &["Md. Com. Law 14-4707"],
        }
    }
}
