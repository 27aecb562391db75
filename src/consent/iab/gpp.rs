//! Strings of the Global Privacy Platform, version 1.

use std::str::FromStr;

use iab_gpp::sections::SectionDecodeError;
use iab_gpp::sections::us_common::OptOut;
use iab_gpp::sections::usca::UsCa;
use iab_gpp::sections::usco::UsCo;
use iab_gpp::sections::usct::UsCt;
use iab_gpp::sections::usde::UsDe;
use iab_gpp::sections::usfl::UsFl;
use iab_gpp::sections::usia::UsIa;
use iab_gpp::sections::usmn::UsMn;
use iab_gpp::sections::usmt::UsMt;
use iab_gpp::sections::usnat::{Core, UsNat};
use iab_gpp::sections::usne::UsNe;
use iab_gpp::sections::usnh::UsNh;
use iab_gpp::sections::usnj::UsNj;
use iab_gpp::sections::usor::UsOr;
use iab_gpp::sections::uspv1::{Flag, UspV1};
use iab_gpp::sections::ustn::UsTn;
use iab_gpp::sections::ustx::UsTx;
use iab_gpp::sections::usut::UsUt;
use iab_gpp::sections::usva::UsVa;

use super::bits::{Bits, is_base64};
use super::reading::{SignalProblem, SignalReading, admit};
use super::{GppUsnat, Signal, tcf};

/// Reads a whole string.
pub(super) fn read(text: &str) -> Result<Option<Signal>, SignalProblem> {
    let allowed = |byte| is_base64(byte) || matches!(byte, b'.' | b'~');
    let Some(text) = admit(text, SignalReading::MAX_GPP_BYTES, allowed)? else { return Ok(None) };
    let mut parts = text.split('~');
    let header = parts.next().ok_or(SignalProblem::Unreadable)?;
    let ids = section_ids(header, text.bytes().filter(|byte| *byte == b'~').count())?;
    if ids.is_empty() {
        return Ok(None);
    }
    let mut signal = Signal::default();
    for (id, section) in ids.into_iter().zip(parts) {
        match id {
            TCF_EU_1 => return Err(SignalProblem::UnsupportedVersion { version: 1 }),
            TCF_EU_2 => signal.tcf = Some(tcf::section(section)?),
            _ => {
                let fields = united_states(id, section)?;
                signal.gpp_usnat = Some(signal.gpp_usnat.map_or(fields, |earlier| strictest(earlier, fields)));
            }
        }
    }
    Ok(Some(signal))
}

/// Reads the numbers of the sections, as many as there are sections, ascending.
///
/// Not left to `iab_gpp` 0.1: it adds offsets to the offset before instead of the number before, so that of three single
/// numbers the third is wrong, and its sums overflow.
fn section_ids(header: &str, n_sections: usize) -> Result<Vec<u16>, SignalProblem> {
    let mut bits = Bits::new(header);
    if bits.number(6)? != HEADER {
        return Err(SignalProblem::Unreadable);
    }
    let version = bits.number(6)?;
    if version != VERSION {
        return Err(SignalProblem::UnsupportedVersion { version: u8::try_from(version).unwrap_or(u8::MAX) });
    }
    let mut ids = Vec::new();
    let mut last = 0_u16;
    for _ in 0..bits.number(12)? {
        let is_range = bits.bit()?;
        let mut step = |last: u16| last.checked_add(bits.fibonacci()?).ok_or(SignalProblem::Unreadable);
        let first = step(last)?;
        last = if is_range { step(first)? } else { first };
        // INVARIANT: never more numbers than sections, so the list is as short as the string.
        if usize::from(last - first) >= n_sections.saturating_sub(ids.len()) {
            return Err(SignalProblem::Unreadable);
        }
        ids.extend(first..=last);
    }
    if ids.len() == n_sections { Ok(ids) } else { Err(SignalProblem::Unreadable) }
}

/// Reads the opt-outs of a state that has a segment for Global Privacy Control, or none.
macro_rules! state {
    ($kind:ty, $text:expr, $n_bits:literal, $second:ident: $field:ident, gpc) => {{
        let section: $kind = decode($text, $n_bits, true)?;
        let (sale, second) = (number(&section.core.sale_opt_out), number(&section.core.$field));
        Ok(GppUsnat { sale: Some(sale), $second: Some(second), gpc: section.gpc, ..GppUsnat::default() })
    }};
    ($kind:ty, $text:expr, $n_bits:literal, $second:ident: $field:ident) => {{
        let section: $kind = decode($text, $n_bits, false)?;
        let (sale, second) = (number(&section.core.sale_opt_out), number(&section.core.$field));
        Ok(GppUsnat { sale: Some(sale), $second: Some(second), ..GppUsnat::default() })
    }};
}

/// Reads the opt-outs of a section for the United States.
fn united_states(id: u16, text: &str) -> Result<GppUsnat, SignalProblem> {
    match id {
        6 => us_privacy(text),
        7 => national(text),
        8 => state!(UsCa, text, 46, sharing: sharing_opt_out, gpc),
        9 => state!(UsVa, text, 40, targeted_advertising: targeted_advertising_opt_out),
        10 => state!(UsCo, text, 38, targeted_advertising: targeted_advertising_opt_out, gpc),
        11 => state!(UsUt, text, 42, targeted_advertising: targeted_advertising_opt_out),
        12 => state!(UsCt, text, 44, targeted_advertising: targeted_advertising_opt_out, gpc),
        13 => state!(UsFl, text, 46, targeted_advertising: targeted_advertising_opt_out),
        14 => state!(UsMt, text, 46, targeted_advertising: targeted_advertising_opt_out, gpc),
        15 => state!(UsOr, text, 52, targeted_advertising: targeted_advertising_opt_out, gpc),
        16 => state!(UsTx, text, 42, targeted_advertising: targeted_advertising_opt_out, gpc),
        17 => state!(UsDe, text, 52, targeted_advertising: targeted_advertising_opt_out, gpc),
        18 => state!(UsIa, text, 42, targeted_advertising: targeted_advertising_opt_out, gpc),
        19 => state!(UsNe, text, 42, targeted_advertising: targeted_advertising_opt_out, gpc),
        20 => state!(UsNh, text, 46, targeted_advertising: targeted_advertising_opt_out, gpc),
        21 => state!(UsNj, text, 54, targeted_advertising: targeted_advertising_opt_out, gpc),
        22 => state!(UsTn, text, 42, targeted_advertising: targeted_advertising_opt_out, gpc),
        23 => state!(UsMn, text, 42, targeted_advertising: targeted_advertising_opt_out, gpc),
        section => Err(SignalProblem::UnsupportedSection { section }),
    }
}

/// Reads the national section.
fn national(text: &str) -> Result<GppUsnat, SignalProblem> {
    let n_bits = if text.starts_with('C') { 70 } else { 60 };
    let section: UsNat = decode(text, n_bits, true)?;
    let (sale, sharing, ads) = match &section.core {
        Core::V1(core) => (&core.sale_opt_out, &core.sharing_opt_out, &core.targeted_advertising_opt_out),
        Core::V2(core) => (&core.sale_opt_out, &core.sharing_opt_out, &core.targeted_advertising_opt_out),
        _ => return Err(SignalProblem::Unreadable),
    };
    Ok(GppUsnat {
        sale: Some(number(sale)),
        sharing: Some(number(sharing)),
        targeted_advertising: Some(number(ads)),
        gpc: section.gpc,
    })
}

/// Reads the older string of four characters, such as `1YNN`.
fn us_privacy(text: &str) -> Result<GppUsnat, SignalProblem> {
    if text.len() != 4 {
        return Err(SignalProblem::Unreadable);
    }
    let section = UspV1::from_str(text).map_err(problem)?;
    let sale = match section.opt_out_sale {
        Flag::NotApplicable => 0,
        Flag::Yes => 1,
        Flag::No => 2,
    };
    Ok(GppUsnat { sale: Some(sale), ..GppUsnat::default() })
}

/// Decodes a section of `n_bits` bits and perhaps one segment more, after the tests that `iab_gpp` 0.1 leaves out.
fn decode<T>(text: &str, n_bits: usize, has_segment: bool) -> Result<T, SignalProblem>
where
    T: FromStr<Err = SectionDecodeError>,
{
    let mut segments = text.split('.');
    let core = segments.next().ok_or(SignalProblem::Unreadable)?;
    check_core(core, n_bits)?;
    if let Some(segment) = segments.next() {
        // It would pass over segments of a state that has none.
        if !has_segment {
            return Err(SignalProblem::Unreadable);
        }
        Bits::new(segment).skip(3)?;
    }
    if segments.next().is_some() {
        return Err(SignalProblem::Unreadable);
    }
    T::from_str(text).map_err(problem)
}

/// Tests that a core is whole, where it would read missing bits as zeros, and that no field is 3, which it reads as "not
/// applicable". After the version every field has two bits.
fn check_core(core: &str, n_bits: usize) -> Result<(), SignalProblem> {
    let mut bits = Bits::new(core);
    let version = bits.number(6)?;
    if !matches!(version, 1 | 2) {
        return Err(SignalProblem::UnsupportedVersion { version: u8::try_from(version).unwrap_or(u8::MAX) });
    }
    while bits.position() < n_bits {
        if bits.number(2)? == 3 {
            return Err(SignalProblem::Unreadable);
        }
    }
    Ok(())
}

/// Joins the fields of two sections: an opt-out before a 2 before a 0.
fn strictest(one: GppUsnat, other: GppUsnat) -> GppUsnat {
    // 1 is the strictest, then 2, then 0.
    let rank = |field: u8| [2, 0, 1].get(usize::from(field)).copied().unwrap_or(0);
    let join = |one: Option<u8>, other: Option<u8>| one.into_iter().chain(other).min_by_key(|field| rank(*field));
    GppUsnat {
        sale: join(one.sale, other.sale),
        sharing: join(one.sharing, other.sharing),
        targeted_advertising: join(one.targeted_advertising, other.targeted_advertising),
        gpc: one.gpc.max(other.gpc),
    }
}

const fn number(field: &OptOut) -> u8 {
    match field {
        OptOut::NotApplicable => 0,
        OptOut::OptedOut => 1,
        OptOut::DidNotOptOut => 2,
    }
}

// PRIVACY: the texts of the decoder hold pieces of the string; only the version is taken over.
fn problem(error: SectionDecodeError) -> SignalProblem {
    match error {
        SectionDecodeError::UnknownSegmentVersion { segment_version: version }
        | SectionDecodeError::InvalidSectionVersion { found: version, .. } => {
            SignalProblem::UnsupportedVersion { version }
        }
        _ => SignalProblem::Unreadable,
    }
}

const HEADER: u16 = 3;
const VERSION: u16 = 1;
const TCF_EU_1: u16 = 1;
const TCF_EU_2: u16 = 2;

#[cfg(test)]
mod tests {
    use super::super::bits::tests::Writer;
    use super::*;

    fn fields(text: &str) -> GppUsnat {
        read(text).unwrap().unwrap().gpp_usnat.unwrap()
    }

    fn usnat(sale: u8, sharing: u8, ads: u8, gpc: Option<bool>) -> GppUsnat {
        GppUsnat { sale: Some(sale), sharing: Some(sharing), targeted_advertising: Some(ads), gpc }
    }

    fn state(sale: u8, ads: u8, gpc: Option<bool>) -> GppUsnat {
        GppUsnat { sale: Some(sale), sharing: None, targeted_advertising: Some(ads), gpc }
    }

    fn header(ids: &[u64]) -> String {
        let mut last = 0;
        let start = Writer::default().number(6, 3).number(6, 1).number(12, ids.len() as u64);
        let header = ids.iter().fold(start, |header, id| {
            let step = id - last;
            last = *id;
            header.bits("0").fibonacci(step)
        });
        header.text()
    }

    #[test]
    fn published_strings_of_each_section_are_read() {
        assert_eq!(fields("DBABLA~BVVVVVVVVWA"), usnat(1, 1, 1, None));
        assert_eq!(fields("DBABLA~BVVVVVVVVWA.YA"), usnat(1, 1, 1, Some(true)));
        assert_eq!(fields("DBABLA~BAAAAAAAAQA"), usnat(0, 0, 0, None));
        assert_eq!(fields("DBABLA~BVQqAAAACg"), usnat(2, 2, 2, None));
        assert_eq!(fields("DBABLA~CAAAAAAAAAWA.Q"), usnat(0, 0, 0, Some(false)));
        let california = GppUsnat { sale: Some(1), sharing: Some(1), ..GppUsnat::default() };
        assert_eq!(fields("DBABBg~BVVVVVVY"), california);
        let set = GppUsnat { sale: Some(2), sharing: Some(2), gpc: Some(true), ..GppUsnat::default() };
        assert_eq!(fields("DBABBg~BVqqqqpY.YA"), set);
        assert_eq!(fields("DBABRg~BVVVVWY"), state(1, 1, None));
        assert_eq!(fields("DBABRg~BVWSSVY"), state(1, 1, None));
        assert_eq!(fields("DBABJg~BVVVVVg.YA"), state(1, 1, Some(true)));
        assert_eq!(fields("DBABJg~BAAAAEA"), state(0, 0, None));
        assert_eq!(fields("DBABFg~BVVVVVmA"), state(1, 1, None));
        assert_eq!(fields("DBABVg~BVVVVVVg.YA"), state(1, 1, Some(true)));
    }

    #[test]
    fn the_older_string_of_california_is_read() {
        assert_eq!(fields("DBABTA~1YYN").sale, Some(1));
        assert_eq!(fields("DBABTA~1YNN").sale, Some(2));
        assert_eq!(fields("DBABTA~1---").sale, Some(0));
        assert_eq!(read("DBABTA~2YNN"), Err(SignalProblem::UnsupportedVersion { version: 2 }));
        for cut in ["", "1", "1Y", "1YN", "1YNNN", "1ynn"] {
            assert_eq!(read(&format!("DBABTA~{cut}")), Err(SignalProblem::Unreadable), "{cut}");
        }
    }

    #[test]
    fn a_string_may_hold_europe_and_the_united_states() {
        let signal = read("DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN").unwrap().unwrap();
        assert_eq!(signal.gpp_usnat.unwrap().sale, Some(2));
        assert_eq!(signal.tcf.unwrap().version, Some(2));
    }

    #[test]
    fn three_sections_with_gaps_keep_their_numbers() {
        assert_eq!(section_ids(&header(&[2, 6, 8]), 3), Ok(vec![2, 6, 8]));
        assert_eq!(section_ids(&header(&[7, 9, 12, 16, 23]), 5), Ok(vec![7, 9, 12, 16, 23]));
        let string = format!("{}~BVVVVVVVVWA~BVVVVWY~BVVVVVVg", header(&[7, 9, 12]));
        assert_eq!(fields(&string), usnat(1, 1, 1, None));
    }

    #[test]
    fn a_range_of_sections_is_read() {
        // The header of the standard's third example: Canada and US Privacy.
        assert_eq!(section_ids("DBABjw", 2), Ok(vec![5, 6]));
        let both = Writer::default().number(24, 0x0C_1002).bits("1").fibonacci(7).fibonacci(2).bits("0").fibonacci(3);
        assert_eq!(section_ids(&both.text(), 4), Ok(vec![7, 8, 9, 12]));
    }

    #[test]
    fn a_header_that_lists_more_or_fewer_sections_is_unreadable() {
        for n_sections in [0, 1, 3, 4_000] {
            assert_eq!(section_ids(&header(&[7, 8]), n_sections), Err(SignalProblem::Unreadable));
        }
        let wide = Writer::default().number(24, 0x0C_1FFF).bits("1").fibonacci(1).fibonacci(2_000);
        assert_eq!(section_ids(&wide.text(), 8_000), Err(SignalProblem::Unreadable));
    }

    #[test]
    fn a_number_beyond_a_byte_is_no_other_section() {
        // 263 is 7 modulo 256.
        let string = format!("{}~BAAAAAAAAQA", header(&[263]));
        assert_eq!(read(&string), Err(SignalProblem::UnsupportedSection { section: 263 }));
    }

    #[test]
    fn an_opt_out_of_any_section_counts() {
        let string = format!("{}~BAAAAAAAAQA.QA~BVVVVVVY", header(&[7, 8]));
        assert_eq!(fields(&string), usnat(1, 1, 0, Some(false)));
        let string = format!("{}~BVQqAAAACg~BVVVVVg.YA", header(&[7, 10]));
        assert_eq!(fields(&string), usnat(1, 2, 1, Some(true)));
    }

    #[test]
    fn a_section_that_is_not_read_leaves_the_string_unverified() {
        for (id, section) in [(4, "A"), (5, "BPXuQIAPXuQIAAfKABENB-CgAAAAAAAAAAAAAAAA"), (24, "BVVV.Y"), (27, "BVVV")] {
            let string = format!("{}~{section}", header(&[id]));
            let section = u16::try_from(id).unwrap();
            assert_eq!(read(&string), Err(SignalProblem::UnsupportedSection { section }));
        }
        let first = format!("{}~BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA", header(&[1]));
        assert_eq!(read(&first), Err(SignalProblem::UnsupportedVersion { version: 1 }));
    }

    #[test]
    fn a_value_the_standard_does_not_know_is_unreadable() {
        // Sale 3, targeted advertising 2.
        let core = Writer::default().number(6, 1).bits("01 01 01 11 10").number(16, 0).bits("00 10 00 00").text();
        assert_eq!(read(&format!("DBABRg~{core}")), Err(SignalProblem::Unreadable));
    }

    #[test]
    fn later_versions_of_a_section_are_unsupported() {
        assert_eq!(read("DBABBg~CVVVVVVVVWA"), Err(SignalProblem::UnsupportedVersion { version: 2 }));
        assert_eq!(read("DBABLA~DVVVVVVVVWA"), Err(SignalProblem::UnsupportedVersion { version: 3 }));
        assert_eq!(read("DCABLA~BVVVVVVVVWA"), Err(SignalProblem::UnsupportedVersion { version: 2 }));
    }

    #[test]
    fn segments_that_a_section_does_not_have_are_unreadable() {
        // Virginia has none, California one, and of one kind.
        for string in ["DBABRg~BVVVVWY.YA", "DBABBg~BVVVVVVY.YA.YA", "DBABBg~BVVVVVVY.AA", "DBABBg~BVVVVVVY."] {
            assert_eq!(read(string), Err(SignalProblem::Unreadable), "{string}");
        }
    }

    #[test]
    fn a_string_without_sections_says_nothing() {
        assert_eq!(read("DBAA"), Ok(None));
        assert_eq!(read("DBAA~BVVVVWY"), Err(SignalProblem::Unreadable));
    }

    #[test]
    fn joining_prefers_the_opt_out_in_either_order() {
        for (one, other, joined) in [(1, 2, 1), (2, 0, 2), (0, 1, 1), (0, 0, 0), (2, 2, 2)] {
            let sale = |value| GppUsnat { sale: Some(value), ..GppUsnat::default() };
            assert_eq!(strictest(sale(one), sale(other)), sale(joined));
            assert_eq!(strictest(sale(other), sale(one)), sale(joined));
        }
    }
}
