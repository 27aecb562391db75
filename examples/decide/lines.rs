//! Lines of a source, with their numbers and a limit of their length.

use std::io::{BufRead, Read};

use crate::failure::Failure;

pub struct Lines {
    name: String,
    source: Box<dyn BufRead>,
    n_read: u64,
}

impl Lines {
    pub fn new(name: String, source: Box<dyn BufRead>) -> Self {
        Self { name, source, n_read: 0 }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next lines that are not blank, with their numbers from 1; few only at the end.
    ///
    /// Of a line beyond the limit only the beginning is kept, which is no JSON.
    pub fn batch(&mut self, n: usize) -> Result<Vec<(u64, Vec<u8>)>, Failure> {
        let mut batch = Vec::with_capacity(n);
        let mut n_bytes = 0;
        while batch.len() < n && n_bytes < MAX_BATCH {
            let mut line = Vec::new();
            let refused = |error: std::io::Error| Failure::Refused(format!("{}: {error}", self.name));
            if self.source.by_ref().take(MAX_LINE).read_until(b'\n', &mut line).map_err(refused)? == 0 {
                break;
            }
            self.n_read += 1;
            if line.len() as u64 == MAX_LINE && line.last() != Some(&b'\n') {
                self.source.skip_until(b'\n').map_err(refused)?;
            }
            if self.n_read == 1 && line.starts_with(BYTE_ORDER_MARK) {
                line.drain(..BYTE_ORDER_MARK.len());
            }
            n_bytes += line.len();
            if !line.trim_ascii().is_empty() {
                batch.push((self.n_read, line));
            }
        }
        Ok(batch)
    }
}

const MAX_LINE: u64 = 1 << 20;
const MAX_BATCH: usize = 1 << 26;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
