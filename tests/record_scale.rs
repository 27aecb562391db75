//! Ten million rows of eight columns stream into memory of at most twice the columns.

use std::io::{self, Read, Write};
use std::time::Instant;

use consentric::record::{Currency, Customers, Field, Kind, Role, Schema};

#[test]
fn two_hundred_thousand_rows_load_and_count_right() {
    let customers = load(200_000);
    assert_eq!(customers.len(), 200_000);
    assert_eq!(customers.n_missing("age"), Some(200_000 / 50));
    assert_eq!(customers.n_missing("city"), Some(0));
    assert!(customers.contains("C000000000199999") && !customers.contains("C000000000200000"));
    // Rows of 43 to 60 bytes each: id 16 + 4, order 4, columns 1 + 2 + 8 + 8 + 8 + 4 + 1.
    let bytes_a_row = customers.allocated_bytes() / customers.len();
    assert!((40..70).contains(&bytes_a_row), "{bytes_a_row} bytes a row");
}

// cargo test --release --test record_scale -- --ignored --nocapture --test-threads 1
#[test]
#[expect(clippy::disallowed_methods, reason = "the time is printed, nothing depends on it")]
#[ignore = "takes half a minute in a release build; the command is above"]
fn ten_million_rows_of_eight_columns_peak_within_twice_the_columns() {
    let Some(before) = peak_bytes() else { return };
    let start = Instant::now();
    let customers = load(10_000_000);
    let seconds = start.elapsed().as_secs_f64();
    let Some(after) = peak_bytes() else { return };
    let (grown, held) = (after - before, customers.allocated_bytes());
    let ratio = grown as f64 / held as f64;
    println!("{seconds:.1} s, columns {} MB, peak {} MB, ratio {ratio:.2}", held >> 20, grown >> 20);
    assert_eq!(customers.len(), 10_000_000);
    assert!(ratio <= 2.0, "peak is {ratio:.2} times the columns");
}

fn load(n_rows: u64) -> Customers {
    let schema = Schema::new(
        "customer_id",
        [
            Field::new("segment", Role::Behaviour, Kind::Category),
            Field::new("city", Role::QuasiIdentifier, Kind::Category),
            Field::new("age", Role::QuasiIdentifier, Kind::Integer),
            Field::new("spend", Role::Behaviour, Kind::Money(Currency::EUR)),
            Field::new("score", Role::Behaviour, Kind::Decimal),
            Field::new("since", Role::Behaviour, Kind::Date),
            Field::new("member", Role::Behaviour, Kind::Boolean),
        ],
    )
    .unwrap();
    Customers::reader(schema).read_csv("made", Made::new(n_rows)).unwrap()
}

/// The high-water mark of this process; `None` where the system does not tell.
fn peak_bytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<usize>().ok()? * 1024)
}

/// A CSV file that exists only while it is read, ids in scattered order.
struct Made {
    row: u64,
    n_rows: u64,
    text: Vec<u8>,
    at: usize,
}

impl Made {
    fn new(n_rows: u64) -> Self {
        let header = b"customer_id,segment,city,age,spend,score,since,member\n".to_vec();
        Self { row: 0, n_rows, text: header, at: 0 }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.len() < 1 << 16 && self.row < self.n_rows {
            let row = self.row;
            // 7,919 is coprime to both sizes, so that every id comes once.
            let id = row * 7_919 % self.n_rows;
            let age = if row.is_multiple_of(50) { String::new() } else { (18 + row % 70).to_string() };
            let (spend, cents, score) = (row % 5_000, row % 100, row % 1_000);
            let (month, day) = (1 + row % 12, 1 + row % 28);
            writeln!(
                self.text,
                "C{id:015},s{},city{},{age},{spend}.{cents:02},0.{score:03},2020-{month:02}-{day:02},{}",
                row % 9,
                row % 3_000,
                if row.is_multiple_of(3) { "true" } else { "false" },
            )?;
            self.row += 1;
        }
        Ok(())
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            self.refill()?;
        }
        let n = (&self.text[self.at..]).read(buffer)?;
        self.at += n;
        Ok(n)
    }
}
