//! The three outcomes of reading a consent string.

use std::fmt;

use super::{Signal, gpp, tcf};
use crate::consent::{Operation, Reason};

/// What a browser's consent string says, if it says anything that can be read.
///
/// Closed: a string is read, absent, or neither. Only the first is a statement of the customer and goes into the ledger
/// as [`EventKind::Signal`](crate::consent::EventKind::Signal). A string that cannot be verified is no event at all, above
/// all no withdrawal: keep it out of the ledger, and let [`blocks`](Self::blocks) stop new sharing and selling for as long
/// as it is the last thing the customer's browser sent.
///
/// # Privacy
/// `Debug` shows the outcome only, neither the string nor what it says.
///
/// # Examples
/// ```
/// use consentric::consent::{Operation, Reason, SignalReading};
/// // A request of a browser in California, whose owner opted out of sale and sharing.
/// let reading = SignalReading::from_gpp("DBABBg~BVVVVVVY");
/// assert!(reading.signal().is_some_and(|signal| signal.opts_out()));
/// // The same, cut off on its way.
/// let cut = SignalReading::from_gpp("DBABBg~BVVVV");
/// assert_eq!(cut.signal(), None);
/// assert_eq!(cut.blocks(Operation::Sell), Some(Reason::ConsentInvalid));
/// assert_eq!(cut.blocks(Operation::Segment), None);
/// ```
///
/// # References
/// IAB Tech Lab, *Global Privacy Platform*, consent string specification 1.0; IAB Europe, *Transparency and Consent
/// Framework* v2.2 and v2.3, consent string and vendor list formats; 11 CCR 7025.
#[derive(Clone, PartialEq, Eq, Hash)]
#[must_use = "a string that cannot be verified blocks sharing and selling"]
pub enum SignalReading {
    /// The string was read to its end.
    Verified(Signal),
    /// There is no string, or one that lists no section: nothing was said.
    NotPresent,
    /// There is a string, and what it says is not known.
    CannotVerify(SignalProblem),
}

impl SignalReading {
    /// The longest GPP string that is looked at, in bytes.
    pub const MAX_GPP_BYTES: usize = 8_192;
    /// The longest TCF string that is looked at, in bytes; also for a TCF section inside a GPP string.
    pub const MAX_TCF_BYTES: usize = 4_096;

    /// Gives what a string of the Global Privacy Platform says, such as the `gpp` parameter of a request.
    ///
    /// The opt-outs of all sections for the United States are joined, an opt-out before a 2 before a 0: US Privacy, the
    /// national section (versions 1 and 2) and the states `CA CO CT DE FL IA MN MT NE NH NJ OR TN TX UT VA`. The European
    /// section gives the [`Tcf`](crate::consent::Tcf). All or nothing: one section that is not understood (Canada, TCF 1,
    /// the newer states, a later version) might hold an opt-out, so the whole string is not verified. A value that the
    /// standard does not know is not understood either.
    ///
    /// A string cut off inside is recognised, since its header names the sections and each has a least length. One that
    /// lost just the optional segment of its last section (`.YA`, Global Privacy Control) is a whole string by the
    /// standard and is read as one: read the `Sec-GPC` header beside it
    /// ([`Signal::from_gpc_header`]).
    ///
    /// # Privacy
    /// Keeps nothing of the string but the fields of the signal.
    ///
    /// # Complexity
    /// `O(bytes)`, plus the vendors a range lists: at most 65 535 a list.
    ///
    /// # Examples
    /// ```
    /// use consentric::consent::{Event, EventKind, SignalReading};
    /// use consentric::time::Timestamp;
    /// // California, no choice made on the site, but Global Privacy Control set in the browser.
    /// let now = Timestamp::parse("2026-03-01T08:00:00Z")?;
    /// let event = match SignalReading::from_gpp("DBABBg~BVqqqqpY.YA") {
    ///     SignalReading::Verified(signal) => Some(Event::new(now, EventKind::Signal(Box::new(signal)))),
    ///     SignalReading::NotPresent | SignalReading::CannotVerify(_) => None,
    /// };
    /// assert!(event.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// IAB Tech Lab, *Global Privacy Platform*: consent string specification, US national and state sections.
    pub fn from_gpp(text: &str) -> Self {
        Self::of(gpp::read(text))
    }

    /// Gives what a TCF string says, such as the `gdpr_consent` parameter of a request.
    ///
    /// Versions 2.0 to 2.3 of the framework, which are version 2 of the string; those of version 1 are not verified. The
    /// disclosed vendors are `None` only without that segment. Legitimate interests, special features and the publisher's
    /// restrictions are not kept. A string that lost just its last segments is a whole one by the standard.
    ///
    /// # Privacy
    /// Keeps nothing of the string but the fields of the signal.
    ///
    /// # Complexity
    /// `O(bytes)`, plus the vendors a range lists: at most 65 535 a list.
    ///
    /// # Examples
    /// ```
    /// use consentric::consent::{SignalProblem, SignalReading};
    /// let old = SignalReading::from_tcf("BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA");
    /// assert_eq!(old.problem(), Some(SignalProblem::UnsupportedVersion { version: 1 }));
    /// ```
    ///
    /// # References
    /// IAB Europe, *Transparency and Consent String with Global Vendor & CMP List Formats* v2.
    pub fn from_tcf(text: &str) -> Self {
        Self::of(tcf::read(text))
    }

    fn of(read: Result<Option<Signal>, SignalProblem>) -> Self {
        match read {
            Ok(Some(signal)) => Self::Verified(signal),
            Ok(None) => Self::NotPresent,
            Err(problem) => Self::CannotVerify(problem),
        }
    }

    /// Gives the reason that denies the operation now, `None` if this reading has nothing to say against it.
    ///
    /// What cannot be verified denies `share` and `sell` with [`Reason::ConsentInvalid`]; it withdraws nothing and leaves
    /// every other operation to [`decide`](crate::consent::decide). What was verified denies nothing here: record it, then
    /// decide.
    pub const fn blocks(&self, operation: Operation) -> Option<Reason> {
        match (self, operation) {
            (Self::CannotVerify(_), Operation::Share | Operation::Sell) => Some(Reason::ConsentInvalid),
            _ => None,
        }
    }

    /// Gives the signal, if the string was verified.
    pub const fn signal(&self) -> Option<&Signal> {
        match self {
            Self::Verified(signal) => Some(signal),
            _ => None,
        }
    }

    /// Gives the signal by value, if the string was verified.
    pub fn into_signal(self) -> Option<Signal> {
        match self {
            Self::Verified(signal) => Some(signal),
            _ => None,
        }
    }

    /// Gives what stood in the way, if the string could not be verified.
    pub const fn problem(&self) -> Option<SignalProblem> {
        match self {
            Self::CannotVerify(problem) => Some(*problem),
            _ => None,
        }
    }
}

impl fmt::Debug for SignalReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verified(_) => f.write_str("Verified(..)"),
            Self::NotPresent => f.write_str("NotPresent"),
            Self::CannotVerify(problem) => f.debug_tuple("CannotVerify").field(problem).finish(),
        }
    }
}

/// Why a consent string could not be verified.
///
/// # Privacy
/// Names limits, versions and sections, nothing a person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SignalProblem {
    /// Longer than any string that is looked at.
    #[error("the consent string is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// Characters that no consent string has.
    #[error(
        "the consent string holds other characters than `A-Z a-z 0-9 - _ . ~`; pass it decoded, as the page set it"
    )]
    NotText,
    /// Cut off, or values that the standard does not know.
    #[error("the consent string is cut off or no consent string")]
    Unreadable,
    /// A version that is not read.
    #[error("version {version} of the consent string or of a section in it is not read; TCF 2 and GPP 1 are")]
    UnsupportedVersion {
        /// The version found.
        version: u8,
    },
    /// A section that is not read.
    #[error("section {section} of the GPP string is not read and might hold an opt-out")]
    UnsupportedSection {
        /// Its number in the header.
        section: u16,
    },
}

/// Gives the text without the space around it, `None` if nothing is left; too long or of a wrong alphabet is a problem.
pub(super) fn admit(text: &str, limit: usize, is_allowed: fn(u8) -> bool) -> Result<Option<&str>, SignalProblem> {
    // The length is tested first: nothing is done for a string that is too long.
    if text.len() > limit {
        return Err(SignalProblem::TooLong { limit });
    }
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    if text.bytes().all(is_allowed) { Ok(Some(text)) } else { Err(SignalProblem::NotText) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published strings, most of them of the standards.
    const GPP: [&str; 17] = [
        "DBABMA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA",
        "DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN",
        "DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YYN",
        "DBABTA~1YYN",
        "DBABLA~BVVVVVVVVWA",
        "DBABLA~BVVVVVVVVWA.YA",
        "DBABLA~BAAAAAAAAQA",
        "DBABLA~BVVVkkkkkpFY",
        "DBABLA~CAAAAAAAAAWA.Q",
        "DBABBg~BVVVVVVY",
        "DBABBg~BVqqqqpY.YA",
        "DBABRg~BVVVVWY",
        "DBABJg~BVVVVVg.YA",
        "DBABFg~BVVVVVmA",
        "DBABVg~BVVVVVVg",
        "DBABVg~BAAAAAEA",
        "DBABM~COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.QFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw",
    ];
    const TCF: [&str; 5] = [
        "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA",
        "CPXuQIAPXuQIAAfKABENB-CgACAAAAAAAAYgF5wAQF5gAAAA.YAAAAAAAAAAA",
        "CPSG_8APSG_8AAAAAAENAACgAAAAAAAAAAAAAAAAAAAA.YAAAAAAAAAAA",
        "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw.ZAAgH9794ulA",
        "CPi8wgAPi8wgAAOACBENCuCoAP_AAEfAACiQJHNd_H__bX9n-f7_6ft0eY1f9_r37uQzDhfNk-8F3L_W_LwX_2E7NF36tq4KmR4ku1LBIUNtHMnUDUmxaokVrzHsak2cpzNKJ_BkknsZe2dYGF9vm5tj-QKZ7_5_d3f52T_9_9v-39z33913v3d93-_13LjdV5_9H_v9fR_b8_Kf9_5-_4v8_____3_e______8AEEggCTDVuIAuxLHAm0DCKBECMKwkKoFABBQDC0QGADg4KdlYBPrCBAAgFAEYEQIcAUYEAgAAAgCQiACQIsEAAAIgEAAIAEQiEABAwCCgAsDAIAAQDQMUQoABAkIMiAiKUwICIEggJbKhBKC6Q0wgCrLACgkRsFAAiAAAUgACAsHAMESAlYsECTFG-QAjBCgFEqFaAGGgAwABBI4RABgACCRwqADAAEEjgA",
    ];

    /// A small generator; the same strings at every run.
    struct Splitmix(u64);

    impl Splitmix {
        fn below(&mut self, n: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((mixed ^ (mixed >> 31)) % n as u64) as usize
        }
    }

    /// A reading and its laws: verified signals say something, and only what is unverified blocks, and only two operations.
    fn checked(reading: SignalReading) -> SignalReading {
        match &reading {
            SignalReading::Verified(signal) => assert!(signal.gpp_usnat.is_some() || signal.tcf.is_some()),
            SignalReading::NotPresent => assert_eq!(reading.problem(), None),
            SignalReading::CannotVerify(_) => assert_eq!(reading.signal(), None),
        }
        for (_, operation) in Operation::ALL {
            let stopped = reading.problem().is_some() && matches!(operation, Operation::Share | Operation::Sell);
            assert_eq!(reading.blocks(operation), stopped.then_some(Reason::ConsentInvalid));
        }
        reading
    }

    #[test]
    fn published_strings_are_verified() {
        for text in GPP {
            assert!(checked(SignalReading::from_gpp(text)).signal().is_some(), "{text}");
        }
        for text in TCF {
            assert!(checked(SignalReading::from_tcf(text)).signal().is_some(), "{text}");
        }
        let long = SignalReading::from_tcf(TCF[4]).into_signal().unwrap().tcf.unwrap();
        assert_eq!((long.vendors_consent.len(), long.purposes_consent.len()), (772, 10));
    }

    #[test]
    fn no_string_is_not_present() {
        for text in ["", " ", "\t \n"] {
            assert_eq!(checked(SignalReading::from_gpp(text)), SignalReading::NotPresent);
            assert_eq!(checked(SignalReading::from_tcf(text)), SignalReading::NotPresent);
        }
        assert_eq!(SignalReading::from_gpp(" DBABLA~BVVVVVVVVWA "), SignalReading::from_gpp("DBABLA~BVVVVVVVVWA"));
    }

    #[test]
    fn a_cut_string_never_loses_an_opt_out() {
        for text in GPP {
            let whole = SignalReading::from_gpp(text).into_signal().unwrap();
            for cut in 1..text.len() {
                // Without the optional segment of the last section the string is whole by the standard.
                if text[cut..].trim_start_matches('A').starts_with('.') {
                    continue;
                }
                if let Some(signal) = checked(SignalReading::from_gpp(&text[..cut])).signal() {
                    assert_eq!(*signal, whole, "{text} at {cut}");
                }
            }
        }
    }

    #[test]
    fn a_cut_at_a_segment_keeps_what_the_core_says() {
        let core = SignalReading::from_gpp("DBABBg~BVVVVVVY").into_signal().unwrap();
        assert!(core.opts_out() && !core.sets_gpc());
        let whole = SignalReading::from_gpp("DBABBg~BVVVVVVY.YA").into_signal().unwrap();
        assert!(whole.opts_out() && whole.sets_gpc());
    }

    #[test]
    fn a_cut_tcf_string_never_gains_a_consent() {
        for text in TCF {
            let whole = SignalReading::from_tcf(text).into_signal().unwrap().tcf.unwrap();
            for cut in 1..text.len() {
                let Some(Signal { tcf: Some(signal), .. }) =
                    checked(SignalReading::from_tcf(&text[..cut])).into_signal()
                else {
                    continue;
                };
                assert_eq!(signal.purposes_consent, whole.purposes_consent, "{text} at {cut}");
                assert_eq!(signal.vendors_consent, whole.vendors_consent, "{text} at {cut}");
                assert!(signal.disclosed_vendors.is_none() || signal.disclosed_vendors == whole.disclosed_vendors);
            }
        }
    }

    #[test]
    fn flipped_bits_never_panic() {
        for text in GPP.iter().chain(&TCF) {
            for place in 0..text.len() {
                for bit in 0..8 {
                    let mut bytes = text.as_bytes().to_vec();
                    bytes[place] ^= 1 << bit;
                    let flipped = String::from_utf8_lossy(&bytes);
                    let _ = checked(SignalReading::from_gpp(&flipped));
                    let _ = checked(SignalReading::from_tcf(&flipped));
                }
            }
        }
    }

    #[test]
    fn one_hundred_thousand_random_strings_never_panic() {
        let all = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~".as_slice();
        // Of fields that are 0, 1 or 2 alone, so that more strings are read to the end.
        let known = b"ABCEFGIJKQRSUVWYZaghiklmopq".as_slice();
        let starts = ["", "D", "DBA", "DBABLA~B", "DBABM~C", "DBABBg~B", "C", "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAA"];
        let mut random = Splitmix(7);
        let mut n_verified = 0;
        for round in 0..100_000 {
            let mut text = starts[round % starts.len()].to_owned();
            let alphabet = if (round / starts.len()).is_multiple_of(2) { all } else { known };
            for _ in 0..random.below(120) {
                text.push(char::from(alphabet[random.below(alphabet.len())]));
            }
            let gpp = checked(SignalReading::from_gpp(&text));
            let tcf = checked(SignalReading::from_tcf(&text));
            n_verified += u32::from(gpp.signal().is_some()) + u32::from(tcf.signal().is_some());
        }
        assert!(n_verified > 1_000, "only {n_verified} strings were read to the end: the test reads nothing");
    }

    #[test]
    fn random_texts_of_any_alphabet_never_panic() {
        let mut random = Splitmix(11);
        for _ in 0..20_000 {
            let bytes: Vec<_> = (0..random.below(60)).map(|_| random.below(256) as u8).collect();
            let text = String::from_utf8_lossy(&bytes);
            let _ = checked(SignalReading::from_gpp(&text));
            let _ = checked(SignalReading::from_tcf(&text));
        }
    }

    #[test]
    fn too_long_strings_are_refused_before_anything_else() {
        // Not even the alphabet is tested: the string is of spaces.
        let gpp = " ".repeat(SignalReading::MAX_GPP_BYTES + 1);
        assert_eq!(SignalReading::from_gpp(&gpp).problem(), Some(SignalProblem::TooLong { limit: 8_192 }));
        assert_eq!(SignalReading::from_gpp(&gpp[1..]), SignalReading::NotPresent);
        let tcf = "C".repeat(SignalReading::MAX_TCF_BYTES + 1);
        assert_eq!(SignalReading::from_tcf(&tcf).problem(), Some(SignalProblem::TooLong { limit: 4_096 }));
        assert_eq!(SignalReading::from_tcf(&tcf[1..]).problem(), Some(SignalProblem::Unreadable));
        let inside = SignalReading::from_gpp(&format!("DBABMA~{tcf}"));
        assert_eq!(inside.problem(), Some(SignalProblem::TooLong { limit: 4_096 }));
    }

    #[test]
    fn the_longest_strings_are_read_without_harm() {
        for filler in ["A", "_", "~", ".", "DB", "~B"] {
            let text = filler.repeat(SignalReading::MAX_GPP_BYTES / filler.len());
            assert!(checked(SignalReading::from_gpp(&text)).problem().is_some());
            let rest = SignalReading::MAX_GPP_BYTES - "DBP_".len();
            let text = format!("DBP_{}", &text[..rest]);
            assert!(checked(SignalReading::from_gpp(&text)).problem().is_some());
        }
    }

    #[test]
    fn other_characters_are_not_text() {
        for text in ["DBABLA~BVVVVVVVVWA=", "DBABLA%7EBVVVVVVVVWA", "DBABLA~BVVV VVVVVWA", "DBABLA~Bé", "\0"] {
            assert_eq!(SignalReading::from_gpp(text).problem(), Some(SignalProblem::NotText), "{text}");
        }
        assert_eq!(SignalReading::from_tcf("CPXx~RfA").problem(), Some(SignalProblem::NotText));
    }

    #[test]
    fn debug_shows_the_outcome_only() {
        assert_eq!(format!("{:?}", SignalReading::from_tcf(TCF[1])), "Verified(..)");
        assert_eq!(format!("{:?}", SignalReading::from_gpp("")), "NotPresent");
        assert_eq!(format!("{:?}", SignalReading::from_gpp("D")), "CannotVerify(Unreadable)");
    }
}
