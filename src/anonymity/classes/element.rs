//! What is dealt out to parts: the rest of a row's key, with or without its row.

/// The rest of a key in the least room.
pub(super) trait Element: Copy + Default + Send + Sync {
    fn new(rest: u64, row: u32) -> Self;
    fn rest(self) -> u64;
    fn row(self) -> u32;
}

/// Up to 32 bits of key.
#[derive(Clone, Copy, Default)]
pub(super) struct Narrow(u32);

/// Up to 64 bits of key.
#[derive(Clone, Copy, Default)]
pub(super) struct Wide(u64);

/// Up to 32 bits of key, and the row.
#[derive(Clone, Copy, Default)]
pub(super) struct NarrowRow(u64);

/// Up to 64 bits of key, and the row; 12 bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct WideRow([u32; 3]);

impl Element for Narrow {
    fn new(rest: u64, _: u32) -> Self {
        Self(rest as u32)
    }

    fn rest(self) -> u64 {
        u64::from(self.0)
    }

    fn row(self) -> u32 {
        0
    }
}

impl Element for Wide {
    fn new(rest: u64, _: u32) -> Self {
        Self(rest)
    }

    fn rest(self) -> u64 {
        self.0
    }

    fn row(self) -> u32 {
        0
    }
}

impl Element for NarrowRow {
    fn new(rest: u64, row: u32) -> Self {
        Self(rest << 32 | u64::from(row))
    }

    fn rest(self) -> u64 {
        self.0 >> 32
    }

    fn row(self) -> u32 {
        self.0 as u32
    }
}

impl Element for WideRow {
    fn new(rest: u64, row: u32) -> Self {
        Self([(rest >> 32) as u32, rest as u32, row])
    }

    fn rest(self) -> u64 {
        let [high, low, _] = self.0;
        u64::from(high) << 32 | u64::from(low)
    }

    fn row(self) -> u32 {
        let [_, _, row] = self.0;
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_gives_back_what_it_was_given() {
        let (rest, row) = (0xFEDC_BA98_7654_3210, 0x89AB_CDEF);
        assert_eq!((WideRow::new(rest, row).rest(), WideRow::new(rest, row).row()), (rest, row));
        assert_eq!(Wide::new(rest, row).rest(), rest);
        let rest = rest >> 32;
        assert_eq!((NarrowRow::new(rest, row).rest(), NarrowRow::new(rest, row).row()), (rest, row));
        assert_eq!(Narrow::new(rest, row).rest(), rest);
        assert_eq!(size_of::<WideRow>(), 12);
    }
}
