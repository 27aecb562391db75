//! A reader that lets no row grow without end.

use std::cell::Cell;
use std::io::{self, Read};

/// Hands bytes on until a row has used up its budget, with one kind of line break and a sure end.
///
/// `\r\n` and `\r` become `\n`, and two more `\n` follow the last byte. So every complete row ends in one `\n` that is
/// not the last byte given: whoever counts can tell the line of a row, and an open quote from a finished file.
pub(crate) struct RowGuard<R> {
    inner: R,
    limit: u64,
    left: u64,
    given: u64,
    after_return: bool,
    ended: bool,
    n_closing: usize,
}

impl<R: Read> RowGuard<R> {
    pub(crate) const fn new(inner: R, limit: u64) -> Self {
        Self { inner, limit, left: Self::budget(limit), given: 0, after_return: false, ended: false, n_closing: 2 }
    }

    /// Gives the next row a full budget.
    pub(crate) const fn renew(&mut self) {
        self.left = Self::budget(self.limit);
    }

    /// Says whether the input is over and `position` is behind the very last byte: no complete row ends there.
    pub(crate) const fn is_end(&self, position: u64) -> bool {
        self.ended && self.n_closing == 0 && position == self.given
    }

    // A row of exactly the limit needs one more byte to show that the input ends behind it.
    const fn budget(limit: u64) -> u64 {
        limit.saturating_add(1)
    }

    /// Turns every line break into one `\n` in place and gives the number of bytes left.
    fn one_line_break(&mut self, bytes: &mut [u8]) -> usize {
        if !self.after_return && !bytes.contains(&b'\r') {
            return bytes.len();
        }
        let cells = Cell::from_mut(bytes).as_slice_of_cells();
        let mut free = cells.iter();
        let mut n = 0;
        for cell in cells {
            let byte = cell.get();
            let is_second_half = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if is_second_half {
                continue;
            }
            if let Some(target) = free.next() {
                target.set(if byte == b'\r' { b'\n' } else { byte });
                n += 1;
            }
        }
        n
    }
}

impl<R: Read> Read for RowGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while !self.ended {
            if self.left == 0 {
                return Err(io::Error::other(TooLong));
            }
            let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
            let Some(part) = buffer.get_mut(..room) else { break };
            match self.inner.read(part) {
                Ok(0) => self.ended = true,
                Ok(n) => {
                    self.left -= n.min(room) as u64;
                    let n = part.get_mut(..n.min(room)).map_or(0, |bytes| self.one_line_break(bytes));
                    self.given += n as u64;
                    if n > 0 {
                        return Ok(n);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let n = self.n_closing.min(buffer.len());
        buffer.iter_mut().take(n).for_each(|byte| *byte = b'\n');
        self.n_closing -= n;
        self.given += n as u64;
        Ok(n)
    }
}

/// What the guard reports as the cause of its error.
#[derive(Debug, thiserror::Error)]
#[error("row too long")]
pub(crate) struct TooLong;

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte a call.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = buffer.len().min(1);
            self.0.read(&mut buffer[..n])
        }
    }

    #[test]
    fn every_line_break_becomes_one_and_the_end_is_marked() {
        for reader in [&mut &b"a\r\nb\rc\n\r\nd\r"[..] as &mut dyn Read, &mut Drops(b"a\r\nb\rc\n\r\nd\r")] {
            let mut text = String::new();
            RowGuard::new(reader, 1000).read_to_string(&mut text).unwrap();
            assert_eq!(text, "a\nb\nc\n\nd\n\n\n");
        }
    }

    #[test]
    fn the_budget_ends_an_endless_input() {
        let mut bytes = Vec::new();
        let error = RowGuard::new(io::repeat(b'x'), 100).read_to_end(&mut bytes).unwrap_err();
        assert!(error.get_ref().is_some_and(|cause| cause.is::<TooLong>()));
        assert_eq!(bytes.len(), 101);
    }
}
