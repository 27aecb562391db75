//! What browsers and devices say for their users.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// What a browser or device said about its user's wishes.
///
/// Global Privacy Control, the opt-out fields of a GPP string, or a TCF string; several may come together.
///
/// # References
/// 11 CCR 7025; GDPR Art. 21(5); IAB Global Privacy Platform; IAB TCF v2.3.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Signal {
    pub(super) known_consumer: Option<bool>,
    pub(super) gpc: Option<bool>,
    pub(super) gpp_usnat: Option<GppUsnat>,
    pub(super) tcf: Option<Tcf>,
}

impl Signal {
    /// Gives a Global Privacy Control header.
    pub const fn gpc(set: bool) -> Self {
        Self { known_consumer: None, gpc: Some(set), gpp_usnat: None, tcf: None }
    }

    /// Gives the signal of a `Sec-GPC` header by its value, `None` if it says nothing.
    ///
    /// The one value with a meaning is `1`. Any other is as if the header were absent, which is no opt-in either. Where a
    /// proxy joined several headers (`1, 1`), one that is set suffices.
    ///
    /// # Examples
    /// ```
    /// use consentric::consent::Signal;
    /// assert_eq!(Signal::from_gpc_header("1"), Some(Signal::gpc(true)));
    /// assert_eq!(Signal::from_gpc_header("0"), None);
    /// ```
    ///
    /// # References
    /// W3C, *Global Privacy Control*, the `Sec-GPC` header field.
    pub fn from_gpc_header(value: &str) -> Option<Self> {
        value.split(',').any(|one| one.trim_ascii() == "1").then_some(Self::gpc(true))
    }

    /// Gives the opt-out fields of a GPP string.
    pub const fn gpp_usnat(fields: GppUsnat) -> Self {
        Self { known_consumer: None, gpc: None, gpp_usnat: Some(fields), tcf: None }
    }

    /// Gives a decoded TCF string.
    pub const fn tcf(tcf: Tcf) -> Self {
        Self { known_consumer: None, gpc: None, gpp_usnat: None, tcf: Some(tcf) }
    }

    /// Says whether Global Privacy Control is set, as a header or inside a GPP string.
    pub fn sets_gpc(&self) -> bool {
        self.gpc == Some(true) || self.gpp_usnat.is_some_and(|fields| fields.gpc == Some(true))
    }

    /// Says whether any opt-out is set.
    pub fn opts_out(&self) -> bool {
        self.sets_gpc() || self.gpp_usnat.is_some_and(|fields| fields.opts_out_of_sale() || fields.opts_out_of_ads())
    }
}

/// The opt-out fields of the United States sections of a GPP string: 0 not applicable, 1 opted out, 2 not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GppUsnat {
    /// Sale.
    #[serde(rename = "SaleOptOut", default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<u8>,
    /// Sharing for advertising across contexts.
    #[serde(rename = "SharingOptOut", default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<u8>,
    /// Targeted advertising.
    #[serde(rename = "TargetedAdvertisingOptOut", default, skip_serializing_if = "Option::is_none")]
    pub targeted_advertising: Option<u8>,
    /// The Global Privacy Control bit, which overrides any 2.
    #[serde(rename = "Gpc", default, skip_serializing_if = "Option::is_none")]
    pub gpc: Option<bool>,
}

impl GppUsnat {
    pub(super) fn opts_out_of_sale(self) -> bool {
        is_set(self.sale)
    }

    pub(super) fn opts_out_of_ads(self) -> bool {
        is_set(self.sharing) || is_set(self.targeted_advertising)
    }
}

/// A number the standard does not know is read as an opt-out: unreadable means no.
const fn is_set(field: Option<u8>) -> bool {
    !matches!(field, None | Some(0 | 2))
}

/// What a TCF string says.
///
/// # References
/// IAB Europe, Transparency and Consent Framework v2.2 and v2.3.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tcf {
    /// Version of the string's format.
    pub version: Option<u8>,
    /// When the string was made.
    pub created: Option<Timestamp>,
    /// Purposes with consent, by number.
    pub purposes_consent: Box<[u16]>,
    /// Vendors with consent, by number.
    pub vendors_consent: Box<[u16]>,
    /// Vendors that were disclosed, `None` without that segment.
    pub disclosed_vendors: Option<Box<[u16]>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gpc_header_is_a_signal_and_any_other_is_none() {
        for value in ["1", " 1 ", "1, 1", "1,0"] {
            assert_eq!(Signal::from_gpc_header(value), Some(Signal::gpc(true)), "{value}");
        }
        for value in ["", "0", "11", "?1", "true", "1;q=1", "é"] {
            assert_eq!(Signal::from_gpc_header(value), None, "{value}");
        }
    }
}
