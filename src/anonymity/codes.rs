//! Dictionary codes in the narrowest width.

/// Codes of one column, one a row, in the narrowest width that holds them all.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Codes {
    /// At most 256 different codes.
    U8(Vec<u8>),
    /// At most 65,536 different codes.
    U16(Vec<u16>),
    /// Anything else.
    U32(Vec<u32>),
}

impl Codes {
    /// Gives the codes in the narrowest width.
    pub fn narrowest(codes: &[u32]) -> Self {
        match codes.iter().max().copied().unwrap_or(0) {
            0..=0xFF => Self::U8(codes.iter().map(|code| *code as u8).collect()),
            0x100..=0xFFFF => Self::U16(codes.iter().map(|code| *code as u16).collect()),
            _ => Self::U32(codes.to_vec()),
        }
    }

    /// Gives the number of rows.
    pub const fn len(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
            Self::U32(codes) => codes.len(),
        }
    }

    /// Says whether there is no row.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives the code of a row, `None` behind the last.
    pub fn at(&self, row: usize) -> Option<u32> {
        match self {
            Self::U8(codes) => codes.get(row).copied().map(u32::from),
            Self::U16(codes) => codes.get(row).copied().map(u32::from),
            Self::U32(codes) => codes.get(row).copied(),
        }
    }

    /// Gives all codes in the order of rows.
    pub fn iter(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Self::U8(codes) => Box::new(codes.iter().copied().map(u32::from)),
            Self::U16(codes) => Box::new(codes.iter().copied().map(u32::from)),
            Self::U32(codes) => Box::new(codes.iter().copied()),
        }
    }

    /// Gives the highest code, 0 without a row.
    pub fn highest(&self) -> u32 {
        match self {
            Self::U8(codes) => codes.iter().max().copied().map_or(0, u32::from),
            Self::U16(codes) => codes.iter().max().copied().map_or(0, u32::from),
            Self::U32(codes) => codes.iter().max().copied().unwrap_or(0),
        }
    }

    /// Hands over every code in the order of rows; faster than the iterator, whose width is not known.
    pub(super) fn for_each(&self, mut take: impl FnMut(u32)) {
        match self {
            Self::U8(codes) => codes.iter().for_each(|code| take(u32::from(*code))),
            Self::U16(codes) => codes.iter().for_each(|code| take(u32::from(*code))),
            Self::U32(codes) => codes.iter().for_each(|code| take(*code)),
        }
    }

    /// Gives all codes in four bytes each.
    pub fn to_vec(&self) -> Vec<u32> {
        self.iter().collect()
    }
}
