//! Counts the classes of columns that are codes already; learn here how to count without a table.
//!
//! Arguments are files of one column each, raw little-endian codes, named `.u8`, `.u16` or `.u32` after their width. Every
//! line on standard input asks for one count, every answer is one line of JSON; so a script can time counts alone.

use std::io::{BufRead, Write};
use std::process::ExitCode;

use consentric::anonymity::{ClassSizes, Codes};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let columns: Vec<Codes> = std::env::args().skip(1).map(|path| column(&path)).collect::<Result<_, _>>()?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{{\"columns\":{}}}", columns.len())?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        line?;
        let sizes = ClassSizes::of(&columns)?;
        let (rows, classes, min, max) = (sizes.n_rows(), sizes.n_classes(), sizes.min(), sizes.max());
        writeln!(out, "{{\"n_rows\":{rows},\"n_classes\":{classes},\"min\":{min},\"max\":{max}}}")?;
        out.flush()?;
    }
    Ok(())
}

fn column(path: &str) -> Result<Codes, Box<dyn std::error::Error>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let width = |n| bytes.chunks_exact(n);
    Ok(match path.rsplit('.').next() {
        Some("u8") => Codes::U8(bytes),
        Some("u16") => Codes::U16(width(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()),
        Some("u32") => {
            Codes::U32(width(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect())
        }
        _ => return Err(format!("{path}: the name must end in .u8, .u16 or .u32").into()),
    })
}
