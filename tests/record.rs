//! What the readers of `record` promise.

use std::io::{self, Read};

use consentric::record::{
    CellProblem, Currency, Customers, Field, Kind, RecordError, Role, Schema, TransactionRole, Transactions,
    TransactionsReader,
};
use consentric::time::{TimeError, Zone};
use proptest::prelude::*;
use serde::Serialize;

fn schema() -> Schema {
    Schema::new(
        "id",
        [
            Field::new("name", Role::Identifier, Kind::Text),
            Field::new("city", Role::QuasiIdentifier, Kind::Category),
            Field::new("age", Role::QuasiIdentifier, Kind::Integer),
            Field::new("score", Role::Behaviour, Kind::Decimal),
            Field::new("debt", Role::Sensitive, Kind::Money(Currency::EUR)),
            Field::new("born", Role::QuasiIdentifier, Kind::Date),
            Field::new("seen", Role::Behaviour, Kind::Timestamp),
            Field::new("member", Role::Behaviour, Kind::Boolean),
        ],
    )
    .unwrap()
}

const HEADER: &str = "id,name,city,age,score,debt,born,seen,member\n";
const ROW: &str = "c1,Anna,Bonn,31,0.5,12.30,1990-02-28,2026-01-31T09:30:00Z,yes\n";

fn customers(text: &str) -> Result<Customers, RecordError> {
    Customers::reader(schema()).read_csv("crm.csv", text.as_bytes())
}

/// A table of one more column beside the id.
fn column(kind: Kind, cells: &str) -> Result<Customers, RecordError> {
    let schema = Schema::new("id", [Field::new("x", Role::Behaviour, kind)]).unwrap();
    Customers::reader(schema).read_csv("crm.csv", format!("id,x\n{cells}").as_bytes())
}

fn purchases(text: &str) -> Result<Transactions, RecordError> {
    TransactionsReader::new().read_csv("buys.csv", text.as_bytes())
}

fn place_and_problem(error: &RecordError) -> (u64, &str, CellProblem) {
    match error {
        RecordError::Cell { line, column, problem, .. } => (*line, column, *problem),
        other => panic!("not about a cell: {other}"),
    }
}

// Customers.

#[test]
fn a_table_of_all_kinds_loads_and_counts_missing_cells() {
    let table = customers(&format!("{HEADER}{ROW}c2,,,,,,,,\n")).unwrap();
    assert_eq!(table.len(), 2);
    assert!(table.contains("c1") && table.contains("c2") && !table.contains("c3"));
    for field in schema().fields() {
        assert_eq!(table.n_missing(field.name()), Some(1), "{}", field.name());
    }
    assert_eq!(table.n_missing("id"), None);
    assert!(table.allocated_bytes() > 0);
}

#[test]
fn columns_may_come_in_any_order_and_ignored_ones_are_passed_over() {
    let schema = Schema::new("id", [Field::new("age", Role::QuasiIdentifier, Kind::Integer)]).unwrap().ignoring("note");
    let table = Customers::reader(schema).read_csv("crm.csv", " note ,age, id,note\nx,31,c1,y\n".as_bytes()).unwrap();
    assert_eq!((table.len(), table.fields().len()), (1, 1));
}

#[test]
fn an_untyped_column_is_an_error() {
    let error = customers("id,shoe size\nc1,44\n").unwrap_err();
    assert!(matches!(&error, RecordError::UntypedColumn { column, .. } if column == "shoe size"), "{error}");
}

#[test]
fn a_declared_column_that_is_absent_is_an_error() {
    let error = customers("id,name\nc1,Anna\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "crm.csv line 1: no column `city` for the schema; say which of these it is: `id`, `name`"
    );
    let error = customers("name,city\nAnna,Bonn\n").unwrap_err();
    assert!(matches!(error, RecordError::MissingColumn { column, .. } if column == "id"));
}

#[test]
fn a_column_that_appears_twice_is_an_error() {
    let error = customers("id,name,name\nc1,Anna,Anna\n").unwrap_err();
    assert!(matches!(error, RecordError::DuplicateColumn { column, .. } if column == "name"));
    let error = purchases("customer,timestamp,amount,amount\nc1,20260101,1,1\n").unwrap_err();
    assert!(matches!(error, RecordError::DuplicateColumn { column, .. } if column == "amount"));
}

#[test]
fn an_empty_file_and_a_lone_header_are_errors() {
    for text in ["", "\n\r\n\n", "\u{feff}"] {
        assert!(matches!(customers(text), Err(RecordError::NoHeader { .. })), "{text:?}");
        assert!(matches!(purchases(text), Err(RecordError::NoHeader { .. })), "{text:?}");
    }
    assert!(matches!(customers(HEADER), Err(RecordError::NoRows { .. })));
    assert!(matches!(purchases("customer,timestamp,amount"), Err(RecordError::NoRows { .. })));
}

#[test]
fn a_duplicate_customer_is_named_by_both_lines() {
    for text in ["id,x\nb,1\na,2\nb,3\na,4\n", "id,x\n\n\"b\",\"1\n\"\na,2\nb,3\n"] {
        let schema = Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Text)]).unwrap();
        let error = Customers::reader(schema).read_csv("crm.csv", text.as_bytes()).unwrap_err();
        let RecordError::DuplicateCustomer { line, first_line, ref column, .. } = error else { panic!("{error}") };
        let expected = if text.contains('"') { (6, 3) } else { (4, 2) };
        assert_eq!((line, first_line, column.as_str()), (expected.0, expected.1, "id"));
    }
}

#[test]
fn an_empty_customer_id_is_an_error_in_a_customer_table() {
    let error = column(Kind::Integer, "c1,1\n  ,2\n").unwrap_err();
    assert_eq!(place_and_problem(&error), (3, "id", CellProblem::Empty));
}

#[test]
fn every_kind_refuses_what_it_is_not_with_line_and_column() {
    for (kind, cell, problem) in [
        (Kind::Integer, "2.0", CellProblem::NotInteger),
        (Kind::Integer, "9223372036854775808", CellProblem::OutOfRange),
        (Kind::Decimal, "NaN", CellProblem::NotFinite),
        (Kind::Decimal, "-inf", CellProblem::NotFinite),
        (Kind::Decimal, "1e999", CellProblem::OutOfRange),
        (Kind::Decimal, "1.000.000", CellProblem::NotDecimal),
        (Kind::Money(Currency::EUR), "1.005", CellProblem::MinorUnit),
        (Kind::Money(Currency::EUR), "infinity", CellProblem::NotFinite),
        (Kind::Money(Currency::EUR), "1e3", CellProblem::NotDecimal),
        (Kind::Date, "10000-01-01", CellProblem::Time(TimeError::Form)),
        (Kind::Date, "2023-02-29", CellProblem::Time(TimeError::Calendar)),
        (Kind::Date, "0000-01-01", CellProblem::Time(TimeError::Range)),
        (Kind::Timestamp, "0000-12-31 10:00", CellProblem::Time(TimeError::Range)),
        (Kind::Timestamp, "yesterday", CellProblem::Time(TimeError::Form)),
        (Kind::Boolean, "maybe", CellProblem::NotBoolean),
    ] {
        let error = column(kind, &format!("c1,\nc2,{cell}\n")).unwrap_err();
        assert_eq!(place_and_problem(&error), (3, "x", problem), "{cell}");
    }
}

#[test]
fn the_last_day_of_9999_is_held() {
    assert!(column(Kind::Date, "c1,9999-12-31\n").is_ok());
    assert!(column(Kind::Timestamp, "c1,9999-12-31 23:59:59\n").is_ok());
    // Instants end where an offset could lead out of the calendar, with an error that says so.
    let error = column(Kind::Timestamp, "c1,9999-12-31T23:59:59Z\n").unwrap_err();
    assert_eq!(place_and_problem(&error), (2, "x", CellProblem::Time(TimeError::Range)));
    assert!(purchases("customer,timestamp,amount\nc1,99991231,1\n").is_ok());
}

#[test]
fn a_local_timestamp_is_read_in_the_zone_of_the_reader() {
    let schema = || Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Timestamp)]).unwrap();
    let text = "id,x\nc1,0001-01-01 00:00\n";
    assert!(Customers::reader(schema()).read_csv("crm.csv", text.as_bytes()).is_ok());
    let tokyo = Customers::reader(schema()).with_zone(Zone::parse("Asia/Tokyo").unwrap());
    let error = tokyo.read_csv("crm.csv", text.as_bytes()).unwrap_err();
    assert_eq!(place_and_problem(&error).2, CellProblem::Time(TimeError::Range));
}

// Lines, bytes, limits.

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_name() {
    for text in ["\u{feff}id,x\nc1,1\n", "\u{feff}\"id\",x\r\nc1,1\r\n"] {
        let schema = || Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Integer)]).unwrap();
        let drops = Drops(text.as_bytes());
        assert_eq!(Customers::reader(schema()).read_csv("crm.csv", drops).unwrap().len(), 1);
    }
}

#[test]
fn lines_are_those_of_the_file_behind_quoted_breaks_blank_lines_and_returns() {
    for (text, line) in [
        ("id,x\nc1,\"a\nb\"\n,c\n", 4),
        ("id,x\r\nc1,\"a\r\nb\"\r\n,c\r\n", 4),
        ("id,x\rc1,a\r,c\r", 3),
        ("\n\nid,x\n\n\nc1,a\n\n,c", 8),
        ("\"id\",x\r\n\r\nc1,a\r\n\r\n,c", 5),
        // The row starts on line 2, its second cell on line 4.
        ("x,id\n\"a\n\nb\",\n", 4),
    ] {
        let schema = Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Text)]).unwrap();
        for reader in [&mut text.as_bytes() as &mut dyn Read, &mut Drops(text.as_bytes())] {
            let error = Customers::reader(schema.clone()).read_csv("crm.csv", reader).unwrap_err();
            assert_eq!(place_and_problem(&error), (line, "id", CellProblem::Empty), "{text:?}");
        }
    }
}

#[test]
fn a_ragged_row_is_an_error_with_its_line() {
    for (row, n) in [("c2,1,2\n", 3), ("c2\n", 1)] {
        let error = column(Kind::Integer, &format!("c1,1\n{row}")).unwrap_err();
        let RecordError::RowLength { line, found, expected, .. } = error else { panic!("{error}") };
        assert_eq!((line, found, expected), (3, n, 2));
    }
}

#[test]
fn a_quote_left_open_is_an_error_at_the_row_where_it_opens() {
    for end in ["", "\n", "\r\n"] {
        let error = column(Kind::Text, &format!("c1,a\nc2,\"b\nc3,c{end}")).unwrap_err();
        assert!(matches!(error, RecordError::OpenQuote { line: 3, .. }), "{error}");
    }
    assert!(column(Kind::Text, "c1,\"a\"").is_ok());
    assert!(column(Kind::Text, "c1,\"a\n\n\"").is_ok());
}

#[test]
fn a_row_that_never_ends_stops_at_the_limit() {
    for endless in ["c2,", "c2,\"", ""] {
        for filler in [b'x', b',', b'\n', b'\r', b'"'] {
            let reader = format!("id,x\nc1,1\n{endless}").into_bytes();
            let reader = io::Cursor::new(reader).chain(io::repeat(filler));
            let schema = Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Text)]).unwrap();
            let reading = Customers::reader(schema).with_max_row_bytes(1 << 20);
            let error = reading.read_csv("crm.csv", reader).unwrap_err();
            let RecordError::RowTooLong { line, limit, .. } = error else { panic!("{endless:?} {filler}: {error}") };
            // `c2,` and a line break is a row; blank lines without end follow it.
            let is_row = endless == "c2," && matches!(filler, b'\n' | b'\r');
            assert_eq!((line, limit), (if is_row { 4 } else { 3 }, 1 << 20));
        }
    }
}

#[test]
fn the_limit_of_a_row_does_not_depend_on_how_the_bytes_arrive() {
    let schema = || Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Text)]).unwrap();
    for (length, fits) in [(97, true), (98, false)] {
        // `c1,` + 97 = 100 bytes, with the line break 101.
        let text = format!("id,x\nc1,{}\nc2,b\n", "a".repeat(length));
        for reader in [&mut text.as_bytes() as &mut dyn Read, &mut Drops(text.as_bytes())] {
            let result = Customers::reader(schema()).with_max_row_bytes(101).read_csv("crm.csv", reader);
            assert_eq!(result.is_ok(), fits);
        }
    }
}

#[test]
fn a_header_of_a_million_columns_is_one_error() {
    let header = (0..1_000_000).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    let error = customers(&format!("{header}\n")).unwrap_err();
    assert!(matches!(&error, RecordError::UntypedColumn { column, .. } if column == "c0"));
    let error = purchases(&format!("{header}\n")).unwrap_err();
    assert!(error.to_string().len() < 300, "{error}");
    assert!(matches!(error, RecordError::MissingColumn { .. }));
}

#[test]
fn a_cell_that_is_not_utf8_is_an_error_only_where_it_is_read() {
    let schema = Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Text)]).unwrap().ignoring("note");
    let error = Customers::reader(schema.clone()).read_csv("crm.csv", &b"id,x,note\nc1,\xff,\n"[..]).unwrap_err();
    assert!(matches!(&error, RecordError::NotUtf8 { line: 2, column, .. } if column == "x"), "{error}");
    assert!(Customers::reader(schema).read_csv("crm.csv", &b"id,x,note\nc1,a,\xff\n"[..]).is_ok());
}

#[test]
fn a_failing_source_is_an_error_of_the_system() {
    let reader = "id,x\nc1,1\n".as_bytes().chain(Broken);
    let schema = Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Integer)]).unwrap();
    assert!(matches!(Customers::reader(schema).read_csv("crm.csv", reader), Err(RecordError::Io { .. })));
    let path = std::path::Path::new("/no/such/file.csv");
    let error = TransactionsReader::new().read_csv_file(path).unwrap_err();
    assert!(error.to_string().starts_with("/no/such/file.csv: "), "{error}");
}

// Purchases.

#[test]
fn purchases_are_read_by_role_and_nothing_else_is() {
    let table = purchases(
        "customer,email,timestamp,amount,order,units\n a ,x,2026-01-31,1.5,o1,2\na,x,20260201,-3,o1,1\n,x,1,1,o,1\n",
    )
    .unwrap();
    assert_eq!((table.n_rows(), table.n_customers(), table.n_missing_customer()), (2, 1, 1));
    assert!(table.has_orders());
    assert_eq!(table.currency(), Currency::NONE, "no currency is guessed");
    let (first, last) = table.day_range().unwrap();
    assert_eq!((first.to_string(), last.to_string()), ("2026-01-31".to_owned(), "2026-02-01".to_owned()));
}

#[test]
fn files_are_read_by_path_and_named_by_it() {
    let path = std::env::temp_dir().join(format!("consentric_record_{}.csv", std::process::id()));
    std::fs::write(&path, "customer,timestamp,amount\na,20260101,1\nb,20260101,?\n").unwrap();
    let table = TransactionsReader::new().skipping_unreadable().read_csv_file(&path);
    let error = TransactionsReader::new().read_csv_file(&path).unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(table.unwrap().n_rows(), 1);
    assert!(error.to_string().starts_with(&format!("{} line 3, column `amount`: ", path.display())), "{error}");
}

#[test]
fn the_purchase_day_is_the_day_in_the_zone() {
    let text = "customer,timestamp,amount\na,2026-03-31T23:59:59Z,1\n";
    for (zone, day) in [("UTC", "2026-03-31"), ("Asia/Tokyo", "2026-04-01"), ("America/New_York", "2026-03-31")] {
        let reader = TransactionsReader::new().with_zone(Zone::parse(zone).unwrap());
        let table = reader.read_csv("buys.csv", text.as_bytes()).unwrap();
        assert_eq!(table.day_range().unwrap().0.to_string(), day);
        assert_eq!(table.time_zone(), zone);
    }
}

#[test]
fn amounts_that_are_no_exact_numbers_are_errors_with_line_and_column() {
    for (cell, problem) in [
        ("", CellProblem::Empty),
        ("NaN", CellProblem::NotFinite),
        ("inf", CellProblem::NotFinite),
        ("-Infinity", CellProblem::NotFinite),
        ("1e5", CellProblem::NotDecimal),
        ("12 EUR", CellProblem::NotDecimal),
        ("0.1234567", CellProblem::TooPrecise),
        ("99999999999999", CellProblem::OutOfRange),
    ] {
        let error = purchases(&format!("customer,timestamp,amount\na,20260101,1\nb,20260101,{cell}\n")).unwrap_err();
        assert_eq!(place_and_problem(&error), (3, "amount", problem), "{cell}");
    }
    assert!(purchases("customer,timestamp,amount\na,20260101,0.1000000000\n").is_ok());
}

#[test]
fn negative_amounts_are_kept_for_the_refund_rule() {
    assert_eq!(purchases("customer,timestamp,amount\na,20260101,-1\na,20260101,0\n").unwrap().n_rows(), 2);
}

#[test]
fn dates_out_of_range_and_not_in_the_calendar_are_errors() {
    for (cell, problem) in [
        ("0000-01-01", TimeError::Range),
        ("2026-13-01", TimeError::Calendar),
        ("10000-01-01", TimeError::Form),
        ("-001-01-01", TimeError::Form),
        ("+999999-01-01T00:00:00Z", TimeError::Form),
        ("31.01.2026", TimeError::Form),
    ] {
        let error = purchases(&format!("customer,timestamp,amount\na,{cell},1\n")).unwrap_err();
        assert_eq!(place_and_problem(&error), (2, "timestamp", CellProblem::Time(problem)), "{cell}");
    }
}

#[test]
fn two_currencies_are_an_error_where_the_second_appears() {
    let text = "customer,timestamp,amount,currency\na,20260101,1,EUR\nb,20260101,1,eur\nc,20260101,1,CHF\n";
    for reader in [TransactionsReader::new(), TransactionsReader::new().skipping_unreadable()] {
        let error = reader.read_csv("buys.csv", text.as_bytes()).unwrap_err();
        let RecordError::MixedCurrency { line, first, ref column, .. } = error else { panic!("{error}") };
        assert_eq!((line, first, column.as_str()), (4, Currency::EUR, "currency"));
    }
    let one = TransactionsReader::new().with_currency(Currency::USD);
    let table = one.read_csv("buys.csv", text.trim_end_matches("c,20260101,1,CHF\n").as_bytes()).unwrap();
    assert_eq!(table.currency(), Currency::EUR);
    let error = purchases("customer,timestamp,amount,currency\na,20260101,1,euro\n").unwrap_err();
    assert_eq!(place_and_problem(&error).2, CellProblem::NotCurrency);
}

#[test]
fn the_amount_wins_unless_quantity_and_price_are_named() {
    let text = "customer,timestamp,amount,quantity,unit_price\na,20260101,x,2,1.5\n";
    assert_eq!(place_and_problem(&purchases(text).unwrap_err()).1, "amount");
    let named = TransactionsReader::new()
        .with_column(TransactionRole::Quantity, "quantity")
        .with_column(TransactionRole::UnitPrice, "unit_price");
    assert_eq!(named.read_csv("buys.csv", text.as_bytes()).unwrap().n_rows(), 1);
    let both = named.with_column(TransactionRole::Amount, "amount");
    assert!(matches!(both.read_csv("buys.csv", text.as_bytes()), Err(RecordError::Schema { .. })));
    let error = purchases("customer,timestamp,quantity\na,20260101,1\n").unwrap_err();
    assert!(error.to_string().contains("(or `quantity` and `unit_price`)"), "{error}");
}

#[test]
fn a_named_column_must_be_there_even_if_its_role_is_optional() {
    let text = "customer,timestamp,amount\na,20260101,1\n";
    assert!(!purchases(text).unwrap().has_orders());
    for role in TransactionRole::ALL {
        let error = TransactionsReader::new().with_column(role, "nope").read_csv("buys.csv", text.as_bytes());
        let error = error.unwrap_err();
        assert!(matches!(error, RecordError::MissingColumn { .. }), "{role}: {error}");
    }
}

#[test]
fn optional_columns_that_are_there_must_be_filled_and_whole() {
    let error = purchases("customer,timestamp,amount,order\na,20260101,1, \n").unwrap_err();
    assert_eq!(place_and_problem(&error), (2, "order", CellProblem::Empty));
    let error = purchases("customer,timestamp,amount,units\na,20260101,1,2.0\n").unwrap_err();
    assert_eq!(place_and_problem(&error), (2, "units", CellProblem::NotInteger));
}

#[test]
fn unreadable_rows_are_dropped_and_counted_on_request_and_leave_no_customer() {
    let text = "customer,timestamp,amount\na,20260101,1\nb,20260101,NaN\nc,?,1\nd,20260101\n,?,?\ne,20260101,2\n";
    let table = TransactionsReader::new().skipping_unreadable().read_csv("buys.csv", text.as_bytes()).unwrap();
    assert_eq!((table.n_rows(), table.n_customers()), (2, 2));
    assert_eq!((table.n_unreadable(), table.n_missing_customer()), (3, 1));
}

#[test]
fn roles_are_read_by_their_names() {
    for role in TransactionRole::ALL {
        assert_eq!(TransactionRole::parse(role.name()).unwrap(), role);
    }
    assert!(TransactionRole::parse("Customer").is_err());
}

// Structs.

#[derive(Serialize)]
struct Purchase {
    customer: String,
    timestamp: String,
    amount: f64,
    order: Option<u32>,
}

#[derive(Serialize)]
struct Person {
    id: String,
    x: Option<f64>,
}

fn people(rows: Vec<(&str, Option<f64>)>) -> Result<Customers, RecordError> {
    let schema = Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Decimal)]).unwrap();
    Customers::reader(schema).read_rows(rows.into_iter().map(|(id, x)| Person { id: id.to_owned(), x }))
}

#[test]
fn structs_give_the_same_table_as_their_csv() {
    let rows = (0..20_000).map(|n| Purchase {
        customer: format!("c\n{}", n % 777),
        timestamp: "2026-01-31T10:00:00Z".to_owned(),
        amount: f64::from(n) / 4.0,
        order: Some(n / 3),
    });
    let table = TransactionsReader::new().read_rows(rows).unwrap();
    assert_eq!((table.n_rows(), table.n_customers()), (20_000, 777));
}

#[test]
fn none_is_a_missing_cell_and_an_error_names_the_struct() {
    let table = people(vec![("a", Some(1.5)), ("b", None)]).unwrap();
    assert_eq!((table.len(), table.n_missing("x")), (2, Some(1)));
    // Struct 2 is line 4, whatever line breaks the values have.
    let error = people(vec![("a\na", None), ("b", None), ("c", Some(f64::NAN))]).unwrap_err();
    assert_eq!(error.to_string(), "rows line 4, column `x`: not a finite number");
    let error = people(vec![("a\na", None), ("b", None), ("b", None)]).unwrap_err();
    assert!(matches!(error, RecordError::DuplicateCustomer { line: 4, first_line: 3, .. }), "{error}");
    assert!(matches!(people(vec![]), Err(RecordError::NoRows { .. })));
}

#[test]
fn rows_without_names_or_with_nested_values_are_refused() {
    let error = TransactionsReader::new().read_rows([("anna@example.org", "2026-01-01", 1)]).unwrap_err();
    assert!(matches!(error, RecordError::NotFlat { line: 2, .. }), "{error}");
    #[derive(Serialize)]
    struct Nested {
        id: u32,
        inner: Purchase,
    }
    let inner = Purchase { customer: "a".into(), timestamp: "b".into(), amount: 1.0, order: None };
    let error = Customers::reader(schema()).read_rows([Nested { id: 1, inner }]).unwrap_err();
    assert!(matches!(error, RecordError::NotFlat { line: 2, .. }), "{error}");
    let map = std::collections::BTreeMap::from([("id", "a")]);
    let error = Customers::reader(schema()).read_rows([map]).unwrap_err();
    assert!(matches!(error, RecordError::NotFlat { .. }), "{error}");
}

#[test]
fn a_row_that_cannot_be_written_is_named_and_the_rows_before_it_are_read_first() {
    struct Odd(u32);
    impl Serialize for Odd {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeStruct;
            if self.0 == 5 {
                return Err(serde::ser::Error::custom("canary-value"));
            }
            let mut row = serializer.serialize_struct("Odd", 2)?;
            row.serialize_field("id", &self.0)?;
            row.serialize_field("x", if self.0 == 3 { "bad" } else { "1" })?;
            row.end()
        }
    }
    let schema = Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Integer)]).unwrap();
    let reader = Customers::reader(schema);
    let error = reader.read_rows((4..9).map(Odd)).unwrap_err();
    assert!(matches!(error, RecordError::NotFlat { line: 3, .. }) && !error.to_string().contains("canary"), "{error}");
    assert_eq!(place_and_problem(&reader.read_rows((2..9).map(Odd)).unwrap_err()).0, 3);
}

// Privacy and robustness.

#[test]
fn no_value_appears_in_any_error_text_or_debug_output() {
    let mut texts = vec![
        customers(&format!("{HEADER}{ROW}{ROW}")).unwrap_err(),
        customers("canary@example.org,Anna\nid,canary\n").unwrap_err(),
        purchases("canary@example.org,Anna\nid,canary\n").unwrap_err(),
        purchases("Canary,Bonn,1990-01-31\n").unwrap_err(),
        purchases("Canary,Bonn,\u{7}\n").unwrap_err(),
        purchases("customer,timestamp,amount\ncanary,canary\n").unwrap_err(),
        purchases("customer,timestamp,amount\ncanary,\"canary").unwrap_err(),
        purchases("customer,timestamp,amount,currency\na,20260101,1,EUR\na,20260101,1,XCC\n").unwrap_err(),
    ];
    for kind in [Kind::Integer, Kind::Decimal, Kind::Money(Currency::EUR), Kind::Date, Kind::Timestamp, Kind::Boolean] {
        for cell in ["canary", "424242.4242424242424242424242424x"] {
            texts.push(column(kind, &format!("c1,{cell}\n")).unwrap_err());
        }
    }
    for error in texts {
        let shown = format!("{error} {error:?}").to_lowercase();
        for value in ["canary", "anna", "c1", "424242", "xcc", "1990"] {
            assert!(!shown.contains(value), "{value} in: {shown}");
        }
        assert_eq!(error.to_string().lines().count(), 1);
    }
    assert_eq!(format!("{:?}", customers(&format!("{HEADER}{ROW}")).unwrap()), "Customers(1 customers, 8 columns)");
}

/// Bytes that are often near what a reader accepts.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b",".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\"".to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        Just(b"20260131".to_vec()),
        Just(b"2026-01-31T10:00:00+25:99".to_vec()),
        Just(b"-9223372036854.775808".to_vec()),
        Just("é２".as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..8),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic(bytes in hostile(), with_header in any::<bool>()) {
        let prefix = |header: &str| if with_header { [header.as_bytes(), &bytes].concat() } else { bytes.clone() };
        let _ = Customers::reader(schema()).read_csv("crm.csv", &prefix(HEADER)[..]);
        let text = prefix("customer,timestamp,quantity,unit_price,order,units,currency\n");
        let _ = TransactionsReader::new().read_csv("buys.csv", &text[..]);
        let _ = TransactionsReader::new().skipping_unreadable().with_max_row_bytes(30).read_csv("buys.csv", &text[..]);
    }

    #[test]
    fn hostile_cells_give_a_table_or_an_error_at_their_line(cells in proptest::collection::vec(".{0,12}", 9..10)) {
        let schema = Schema::new("id", [Field::new("x", Role::Behaviour, Kind::Text)]).unwrap();
        #[derive(Serialize)]
        struct Row<'a> { id: usize, x: &'a str }
        let table = Customers::reader(schema).read_rows(cells.iter().enumerate().map(|(id, x)| Row { id, x })).unwrap();
        let n_blank = cells.iter().filter(|cell| cell.trim().is_empty()).count() as u64;
        prop_assert_eq!((table.len(), table.n_missing("x")), (9, Some(n_blank)));
    }

    #[test]
    fn chunking_does_not_change_the_outcome(bytes in hostile()) {
        let text = [b"customer,timestamp,amount\n", &bytes[..]].concat();
        let whole = format!("{:?}", TransactionsReader::new().read_csv("buys.csv", &text[..]));
        let drops = format!("{:?}", TransactionsReader::new().read_csv("buys.csv", Drops(&text)));
        prop_assert_eq!(whole, drops);
    }
}

/// Gives one byte a call.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = buffer.len().min(1);
        self.0.read(&mut buffer[..n])
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("disk on fire"))
    }
}
