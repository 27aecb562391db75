//! Strings of the Transparency and Consent Framework, version 2.

use std::str::FromStr;

use iab_gpp::sections::tcfeuv2::TcfEuV2;

use super::bits::{Bits, is_base64};
use super::reading::{SignalProblem, SignalReading, admit};
use super::{Signal, Tcf};
use crate::time::Timestamp;

/// Reads a whole string.
pub(super) fn read(text: &str) -> Result<Option<Signal>, SignalProblem> {
    let allowed = |byte| is_base64(byte) || byte == b'.';
    let text = admit(text, SignalReading::MAX_TCF_BYTES, allowed)?;
    text.map(|text| Ok(Signal::tcf(section(text)?))).transpose()
}

/// Reads the segments of a string, whose alphabet is known to be right.
pub(super) fn section(text: &str) -> Result<Tcf, SignalProblem> {
    if text.len() > SignalReading::MAX_TCF_BYTES {
        return Err(SignalProblem::TooLong { limit: SignalReading::MAX_TCF_BYTES });
    }
    let (core, segments) = match text.split_once('.') {
        Some((core, segments)) => (core, Some(segments)),
        None => (text, None),
    };
    let mut checked = without_restrictions(core, check_core(core)?)?;
    for segment in segments.into_iter().flat_map(|segments| segments.split('.')) {
        check_segment(segment)?;
        checked.push('.');
        checked.push_str(segment);
    }
    let decoded = TcfEuV2::from_str(&checked).map_err(|_| SignalProblem::Unreadable)?;
    Ok(Tcf {
        version: Some(VERSION),
        created: Some(instant(decoded.core.created)?),
        purposes_consent: decoded.core.purpose_consents.into_iter().collect(),
        vendors_consent: decoded.core.vendor_consents.into_iter().collect(),
        disclosed_vendors: decoded.disclosed_vendors.map(|vendors| vendors.into_iter().collect()),
    })
}

/// Walks the core segment and gives the bit at which the publisher's restrictions begin.
fn check_core(core: &str) -> Result<usize, SignalProblem> {
    let mut bits = Bits::new(core);
    let version = bits.number(6)?;
    if version != u16::from(VERSION) {
        return Err(SignalProblem::UnsupportedVersion { version: u8::try_from(version).unwrap_or(u8::MAX) });
    }
    bits.skip(BITS_BEFORE_VENDORS)?;
    check_vendors(&mut bits)?; // with consent
    check_vendors(&mut bits)?; // with legitimate interest
    let restrictions = bits.position();
    for _ in 0..bits.number(12)? {
        bits.skip(8)?; // purpose and kind
        check_ranges(&mut bits, u16::MAX)?;
    }
    Ok(restrictions)
}

/// Gives the core segment as if it had no restrictions.
///
/// `iab_gpp` 0.1 expects another layout of restrictions than the framework has and fails on, or misreads, strings with
/// any. They are the last field and are not kept, so a count of zero takes their place.
fn without_restrictions(core: &str, restrictions: usize) -> Result<String, SignalProblem> {
    let whole = core.get(..restrictions / 6).ok_or(SignalProblem::Unreadable)?;
    let mut bits = Bits::new(core);
    bits.skip(whole.len() * 6)?;
    let n_bits = u8::try_from(restrictions % 6).map_err(|_| SignalProblem::Unreadable)?;
    let rest = bits.number(n_bits)? << (6 - n_bits);
    let last = BASE64.chars().nth(usize::from(rest)).ok_or(SignalProblem::Unreadable)?;
    Ok(format!("{whole}{last}AA"))
}

fn check_segment(segment: &str) -> Result<(), SignalProblem> {
    let mut bits = Bits::new(segment);
    match bits.number(3)? {
        DISCLOSED_VENDORS | ALLOWED_VENDORS => check_vendors(&mut bits),
        PUBLISHER_PURPOSES => {
            bits.skip(24 + 24)?;
            let n_custom = usize::from(bits.number(6)?);
            bits.skip(2 * n_custom)
        }
        _ => Err(SignalProblem::Unreadable),
    }
}

/// Walks a list of vendors, a bit field or ranges, both bounded by the largest number in it.
fn check_vendors(bits: &mut Bits<'_>) -> Result<(), SignalProblem> {
    let largest = bits.number(16)?;
    if bits.bit()? { check_ranges(bits, largest) } else { bits.skip(usize::from(largest)) }
}

/// Walks ranges of vendors.
// INVARIANT: ranges ascend without overlap or are refused, so a list holds at most 65 535 numbers however often a string
// repeats `1 to 65535`; the decoder lists them one by one.
fn check_ranges(bits: &mut Bits<'_>, largest: u16) -> Result<(), SignalProblem> {
    let mut n_vendors = 0_u32;
    for _ in 0..bits.number(12)? {
        let is_range = bits.bit()?;
        let first = bits.number(16)?;
        let last = if is_range { bits.number(16)? } else { first };
        if first == 0 || last < first || last > largest {
            return Err(SignalProblem::Unreadable);
        }
        n_vendors += u32::from(last - first) + 1;
        if n_vendors > u32::from(largest) {
            return Err(SignalProblem::Unreadable);
        }
    }
    Ok(())
}

fn instant(seconds: u64) -> Result<Timestamp, SignalProblem> {
    let micros = i64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(1_000_000));
    micros.map(Timestamp::from_micros).ok_or(SignalProblem::Unreadable)
}

const VERSION: u8 = 2;
/// Creation (36), update (36), platform (12 + 12), screen (6), language (12), vendor list (12), policy (6), two flags,
/// special features (12), purposes with consent and with legitimate interest (24 + 24), one flag, country (12).
const BITS_BEFORE_VENDORS: usize = 36 + 36 + 12 + 12 + 6 + 12 + 12 + 6 + 2 + 12 + 24 + 24 + 1 + 12;
const DISCLOSED_VENDORS: u16 = 1;
const ALLOWED_VENDORS: u16 = 2;
const PUBLISHER_PURPOSES: u16 = 3;
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::super::bits::tests::Writer;
    use super::*;

    fn tcf(text: &str) -> Tcf {
        read(text).unwrap().unwrap().tcf.unwrap()
    }

    /// A core up to the vendors: made on 1 March 2026, purposes 1 and 3.
    fn core() -> Writer {
        let made = 17_723_232_000;
        let head = Writer::default().number(6, 2).number(36, made).number(36, made).number(60, 0).number(2, 0);
        head.number(12, 0).number(24, 0b101 << 21).number(24, 0).number(13, 0)
    }

    /// Vendors in a bit field, by their bits.
    fn field(writer: Writer, bits: &str) -> Writer {
        writer.number(16, bits.len() as u64).bits("0").bits(bits)
    }

    #[test]
    fn a_published_string_with_disclosed_vendors_is_read() {
        let read = tcf(
            "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw",
        );
        assert_eq!(read.version, Some(2));
        assert_eq!(read.created, Some(Timestamp::parse("2020-02-20T23:57:39Z").unwrap()));
        assert_eq!(*read.purposes_consent, [1, 2, 3]);
        assert_eq!(*read.vendors_consent, [2, 6, 8]);
        let disclosed = read.disclosed_vendors.unwrap();
        assert_eq!((disclosed.len(), disclosed[0], disclosed[disclosed.len() - 1]), (79, 2, 720));
    }

    #[test]
    fn vendors_in_ranges_are_read() {
        let read = tcf("CPXuQIAPXuQIAAfKABENB-CgACAAAAAAAAYgF5wAQF5gAAAA.YAAAAAAAAAAA");
        assert_eq!(*read.purposes_consent, [3]);
        assert_eq!(*read.vendors_consent, [755]);
        assert_eq!(read.disclosed_vendors, None);
        let ranges = core().number(16, 40).bits("1").number(12, 2).bits("0").number(16, 3);
        let ranges = ranges.bits("1").number(16, 38).number(16, 40);
        assert_eq!(*tcf(&field(ranges, "").number(12, 0).text()).vendors_consent, [3, 38, 39, 40]);
    }

    #[test]
    fn segments_come_in_any_order_and_none_twice() {
        let core = "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA";
        let disclosed = "IAAA";
        assert_eq!(tcf(&format!("{core}.ZAAgH9794ulA.{disclosed}")).disclosed_vendors, Some(Box::default()));
        assert_eq!(tcf(&format!("{core}.QAAA")).disclosed_vendors, None);
        for wrong in [format!("{core}.{disclosed}.{disclosed}"), format!("{core}."), format!("{disclosed}.{core}")] {
            assert!(super::read(&wrong).is_err(), "{wrong}");
        }
        for unknown in ["AAAA", "gAAA", "-AAA"] {
            assert_eq!(super::read(&format!("{core}.{unknown}")), Err(SignalProblem::Unreadable));
        }
    }

    #[test]
    fn restrictions_of_the_publisher_do_not_disturb_what_is_before_them() {
        for vendors in ["", "1", "11", "101", "1000", "10001", "100001", "0000001"] {
            let plain = field(field(core(), vendors), "1").number(12, 0).text();
            let restricted = field(field(core(), vendors), "1").number(12, 2);
            let restricted = restricted.number(6, 2).number(2, 1).number(12, 1).bits("0").number(16, 755);
            let restricted = restricted.number(6, 7).number(2, 0).number(12, 2).bits("1").number(16, 4).number(16, 9);
            let restricted = restricted.bits("0").number(16, 12).text();
            assert_eq!(tcf(&restricted), tcf(&plain), "{vendors}");
            assert_eq!(tcf(&plain).vendors_consent.len(), vendors.matches('1').count());
            assert_eq!(tcf(&plain).created, Some(Timestamp::parse("2026-03-01T00:00:00Z").unwrap()));
            assert_eq!(*tcf(&plain).purposes_consent, [1, 3]);
        }
    }

    #[test]
    fn ranges_that_no_platform_writes_are_unreadable() {
        let with = |largest, first, last| {
            let ranges =
                core().number(16, largest).bits("1").number(12, 1).bits("1").number(16, first).number(16, last);
            super::read(&field(ranges, "").number(12, 0).text())
        };
        assert!(with(9, 1, 9).is_ok());
        assert!(with(65_535, 1, 65_535).is_ok());
        for (largest, first, last) in [(9, 0, 3), (9, 5, 4), (9, 5, 10), (0, 0, 0)] {
            assert_eq!(with(largest, first, last), Err(SignalProblem::Unreadable));
        }
    }

    #[test]
    fn a_range_that_is_repeated_is_not_listed_again_and_again() {
        let bomb = |writer: Writer| {
            (0..600).fold(writer.bits("1").number(12, 600), |text, _| text.bits("1").number(16, 1).number(16, 65_535))
        };
        let consent = bomb(core().number(16, 65_535)).text();
        assert!(consent.len() < SignalReading::MAX_TCF_BYTES);
        assert_eq!(super::read(&consent), Err(SignalProblem::Unreadable));
        let disclosed = bomb(Writer::default().number(3, 1).number(16, 65_535)).text();
        let whole = format!("{}.{disclosed}", field(field(core(), ""), "").number(12, 0).text());
        assert_eq!(super::read(&whole), Err(SignalProblem::Unreadable));
    }

    #[test]
    fn other_versions_are_unsupported() {
        let first = super::read("BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA");
        assert_eq!(first, Err(SignalProblem::UnsupportedVersion { version: 1 }));
        assert_eq!(super::read("DBAA"), Err(SignalProblem::UnsupportedVersion { version: 3 }));
    }

    #[test]
    fn the_latest_instant_of_the_format_is_an_instant() {
        let late = Writer::default().number(6, 2).number(36, (1 << 36) - 1).number(36, 0).number(60, 0).number(14, 0);
        let late = field(field(late.number(61, 0), ""), "").number(12, 0).text();
        assert_eq!(tcf(&late).created, Some(Timestamp::from_micros(6_871_947_673_000_000)));
    }
}
