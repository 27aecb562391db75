//! Who may get data, and where to.

use crate::consent::Reason;
use crate::consent::case::Case;
use crate::consent::history::holds;
use crate::consent::law::{Family, LawCode, RuleSet, shipped};
use crate::consent::recipient::{Agreement, Recipient, RecipientRole};

/// What stops handing over to the recipient, whatever the basis.
// SPEC: GDPR Art. 26, 28, 44-49; Cal. Civ. Code 1798.100(d); 11 CCR 7051, 7053.
pub(super) fn stops(case: &Case<'_>, rules: &RuleSet, code: &str) -> Option<Reason> {
    let Some((recipient, role)) = case.question().recipient.as_ref().and_then(|known| Some((known, known.role?)))
    else {
        return Some(Reason::NoAgreement);
    };
    let unbound = if rules.family == Family::UnitedStates {
        let bound = recipient.contract || recipient.agreement.as_ref().is_some_and(|known| is_valid(case, known));
        (!bound).then_some(Reason::NoAgreement)
    } else {
        unbound(case, recipient, role)
    };
    if unbound.is_some() {
        return unbound;
    }
    // Also for customers in the United States, whose laws leave it open: the strict reading.
    (!may_cross_border(recipient, code)).then_some(Reason::Transfer)
}

fn unbound(case: &Case<'_>, recipient: &Recipient, role: RecipientRole) -> Option<Reason> {
    let kind = match role {
        RecipientRole::Processor
        | RecipientRole::ServiceProvider
        | RecipientRole::Contractor
        | RecipientRole::SubProcessor => "art28",
        RecipientRole::JointController => "art26",
        // They need a basis of their own purpose.
        RecipientRole::Controller | RecipientRole::ThirdParty => return None,
    };
    let agreement = recipient.agreement.as_ref().filter(|agreement| agreement.kind.as_deref() == Some(kind));
    let Some(agreement) = agreement.filter(|agreement| is_valid(case, agreement)) else {
        return Some(Reason::NoAgreement);
    };
    if role == RecipientRole::SubProcessor && !recipient.authorised {
        return Some(Reason::NoAgreement);
    }
    if role != RecipientRole::JointController {
        let assessed = recipient.due_diligence.as_ref().is_some_and(|known| {
            known.sufficient
                && known.assessed_at.is_some_and(|from| from <= case.at())
                && known.valid_to.is_some_and(|to| case.at() < to)
        });
        if !assessed {
            return Some(Reason::DueDiligence);
        }
    }
    // SPEC: GDPR Art. 28(3), the contract sets out the type of personal data; one that names none covers none.
    let covered = agreement.data_categories.as_deref().unwrap_or_default();
    let within = case.categories().all(|category| holds(covered, category));
    (!within).then_some(Reason::Minimisation)
}

fn is_valid(case: &Case<'_>, agreement: &Agreement) -> bool {
    agreement.valid_from.is_some_and(|from| from <= case.at())
        && agreement.valid_to.is_some_and(|to| case.at() < to)
        && holds(&agreement.purposes, case.purpose.as_str())
}

// SPEC: GDPR Art. 44-46; CJEU C-311/18.
fn may_cross_border(recipient: &Recipient, own_code: &str) -> bool {
    let Some(country) = recipient.country.as_deref() else { return true };
    let own_country = own_code.split('-').next().unwrap_or(own_code);
    if is_in_economic_area(country) || (!own_country.is_empty() && country == own_country) {
        return true;
    }
    let transfer = recipient.transfer.as_ref();
    let tool = transfer.and_then(|transfer| transfer.tool.as_deref());
    if ADEQUATE.contains(&country) {
        return true;
    }
    match (tool, transfer) {
        (Some("adequacy"), Some(transfer)) => country == "US" && transfer.certified,
        (Some("scc" | "bcr" | "idta"), Some(transfer)) => transfer.assessed,
        _ => false,
    }
}

fn is_in_economic_area(country: &str) -> bool {
    match LawCode::parse(country) {
        LawCode::Shipped(place) => shipped(place).is_some_and(|law| law.family() == Family::Union),
        LawCode::Other(_) => false,
    }
}

/// Countries found adequate by the European Commission, as of 2026-02-28; the United States only with certification.
const ADEQUATE: [&str; 14] = ["AD", "AR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"];
