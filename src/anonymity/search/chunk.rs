//! Look-up tables that generalise several columns of a key at once.

use std::sync::OnceLock;

use crate::anonymity::loss::QuasiColumn;

/// Some columns that lie together in the key.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Columns, each with its place in the chunk's part of the key.
    fields: Vec<Field>,
    pub(super) shift: u32,
    bits: u32,
    /// If columns are too wide for a key, every combination in the data has a number; else the number is made of codes.
    numbered: Option<Vec<u32>>,
    /// Of every combination of levels.
    tables: Vec<OnceLock<ChunkTable>>,
}

/// How the codes of a chunk generalise.
#[derive(Debug, Default)]
pub(super) struct ChunkTable {
    /// Of every code, the generalised code.
    pub(super) codes: Box<[u32]>,
    /// Of every code, the number of the generalised code.
    pub(super) numbers: Box<[u32]>,
    /// The generalised codes, ascending.
    pub(super) leaders: Box<[u32]>,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    column: usize,
    shift: u32,
    bits: u32,
    n_levels: usize,
}

impl Chunk {
    /// Takes columns side by side.
    pub(super) fn of_columns(columns: &[QuasiColumn], members: &[usize], shift: u32) -> Self {
        let mut fields = Vec::with_capacity(members.len());
        let mut bits = 0;
        for place in members {
            let Some(column) = columns.get(*place) else { continue };
            let width = bits_of(column);
            fields.push(Field { column: *place, shift: bits, bits: width, n_levels: column.levels.len() });
            bits += width;
        }
        let n_tables = fields.iter().map(|field| field.n_levels).product();
        let tables = std::iter::repeat_with(OnceLock::new).take(n_tables).collect();
        Self { fields, shift, bits, numbered: None, tables }
    }

    /// Takes columns as numbered combinations: `codes` holds those of every combination, one after the other.
    pub(super) fn of_combinations(columns: &[QuasiColumn], members: &[usize], shift: u32, codes: Vec<u32>) -> Self {
        let mut chunk = Self::of_columns(columns, members, shift);
        let n = codes.len() / members.len().max(1);
        chunk.bits = usize::BITS - n.saturating_sub(1).leading_zeros();
        chunk.numbered = Some(codes);
        chunk
    }

    /// Bits of the key.
    pub(super) const fn bits(&self) -> u32 {
        self.bits
    }

    /// The code of a column in a key.
    pub(super) fn code(&self, key: u64, column: usize) -> Option<u32> {
        let place = self.fields.iter().position(|field| field.column == column)?;
        let field = self.fields.get(place)?;
        let part = (key >> self.shift) & mask(self.bits);
        match &self.numbered {
            Some(codes) => codes.get(part as usize * self.fields.len() + place).copied(),
            None => Some(((part >> field.shift) & mask(field.bits)) as u32),
        }
    }

    /// Where a column lies in the key, if its code is read off.
    pub(super) fn position(&self, column: usize) -> Option<(u32, u32)> {
        let field = self.fields.iter().find(|field| field.column == column)?;
        self.numbered.is_none().then_some((self.shift + field.shift, field.bits))
    }

    /// The table of a node; made when first asked for.
    pub(super) fn table(&self, columns: &[QuasiColumn], node: &[u8]) -> Option<&ChunkTable> {
        let place = self.fields.iter().fold(0, |place, field| {
            place * field.n_levels + node.get(field.column).map_or(0, |level| usize::from(*level))
        });
        Some(self.tables.get(place)?.get_or_init(|| ChunkTable::new(self.make(columns, node))))
    }

    fn make(&self, columns: &[QuasiColumn], node: &[u8]) -> Box<[u32]> {
        let leaders: Vec<&[u32]> = self.fields.iter().map(|field| leaders(columns, node, field.column)).collect();
        if let Some(codes) = &self.numbered {
            return generalise_combinations(codes, &leaders);
        }
        // INVARIANT: a code and its leader lie in the same chunk, so the table is its own closure.
        let mut table = vec![0_u32];
        for (field, leaders) in self.fields.iter().zip(leaders) {
            let mut wider = Vec::with_capacity(table.len() << field.bits);
            for code in 0..1_usize << field.bits {
                let part = leaders.get(code).copied().unwrap_or(0) << field.shift;
                wider.extend(table.iter().map(|below| below | part));
            }
            table = wider;
        }
        table.into()
    }
}

impl ChunkTable {
    // INVARIANT: a generalised code is the least of those that become it, so it is met first.
    fn new(codes: Box<[u32]>) -> Self {
        let mut numbers: Vec<u32> = Vec::with_capacity(codes.len());
        let mut leaders = Vec::new();
        for (code, leader) in (0_u32..).zip(&codes) {
            if *leader == code {
                numbers.push(leaders.len() as u32);
                leaders.push(code);
            } else {
                numbers.push(numbers.get(*leader as usize).copied().unwrap_or(0));
            }
        }
        Self { codes, numbers: numbers.into(), leaders: leaders.into() }
    }
}

fn leaders<'c>(columns: &'c [QuasiColumn], node: &[u8], column: usize) -> &'c [u32] {
    let level = node.get(column).map_or(0, |level| usize::from(*level));
    columns.get(column).and_then(|column| column.levels.get(level)).map_or(&[], |level| &level.leaders)
}

/// Of every combination, the first with the same generalised codes.
fn generalise_combinations(codes: &[u32], leaders: &[&[u32]]) -> Box<[u32]> {
    let width = leaders.len().max(1);
    let mut first = std::collections::BTreeMap::new();
    let combinations = (0_u32..).zip(codes.chunks_exact(width));
    let table = combinations.map(|(number, combination)| {
        let pairs = combination.iter().zip(leaders);
        let key: Vec<u32> = pairs.map(|(code, to)| to.get(*code as usize).copied().unwrap_or(0)).collect();
        *first.entry(key).or_insert(number)
    });
    let mut table: Vec<u32> = table.collect();
    table.resize(table.len().next_power_of_two(), 0);
    table.into()
}

/// Bits that hold every code of a column.
pub(super) fn bits_of(column: &QuasiColumn) -> u32 {
    usize::BITS - column.values.len().saturating_sub(1).leading_zeros()
}

pub(super) const fn mask(bits: u32) -> u64 {
    if bits >= 64 { u64::MAX } else { (1 << bits) - 1 }
}
