//! The verifier refuses every output that was tampered with.

use consentric::anonymity::{
    AnonymityError, Anonymization, ColumnType, Criterion, Hierarchy, Outcome, Output, Role, SearchBudget, Solution,
    SuppressionLimit, Table, TableReader,
};

const CSV: &str = "id;city;band;s;note\n\
    1;a;1;p;x\n2;a;1;q;\n3;a;2;p;x\n4;b;1;r;x\n5;b;2;q;y\n6;c;3;p;x\n7;c;3;p;\"z;z\"\n8;d;4;q;x\n9;d;3;r;x\n10;a;4;p;x\n";

fn table() -> Table {
    TableReader::new()
        .with_separator(b';')
        .with_column("id", Role::Identifier, ColumnType::Categorical)
        .with_column("city", Role::Quasi, ColumnType::Categorical)
        .with_column("band", Role::Quasi, ColumnType::Categorical)
        .with_column("s", Role::Sensitive, ColumnType::Categorical)
        .with_others(Role::Insensitive)
        .read("ten.csv", CSV.as_bytes())
        .unwrap()
}

fn asked() -> Anonymization {
    let city = Hierarchy::parse("city", "a;X;*\nb;X;*\nc;Y;*\nd;Y;*\ne;Y;*\n").unwrap();
    let band = Hierarchy::parse("band", "1;1-2;*\n2;1-2;*\n3;3-4;*\n4;3-4;*\n").unwrap();
    Anonymization::new()
        .with_quasi("city", &city)
        .with_quasi("band", &band)
        .with_criterion(Criterion::k_anonymity(3).unwrap())
        .with_suppression(SuppressionLimit::new(0.1).unwrap())
}

fn solved<'a>(asked: &'a Anonymization, table: &'a Table) -> Solution<'a> {
    match asked.search(table, &SearchBudget::unlimited()).unwrap() {
        Outcome::Solved(solution) => solution,
        Outcome::NoSolution(nearest) => panic!("{nearest:?}"),
    }
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8(output.as_bytes().to_vec()).unwrap().lines().map(str::to_owned).collect()
}

/// The refusal of an output whose lines were changed.
fn refusal(change: impl FnOnce(&mut Vec<String>)) -> String {
    let (table, asked) = (table(), asked());
    let solution = solved(&asked, &table);
    let mut lines = lines(&solution.render(b';'));
    change(&mut lines);
    let output = Output::from_bytes((lines.join("\n") + "\n").into_bytes(), b';');
    match solution.verify_output(&asked, output) {
        Err(AnonymityError::NotVerified { problem }) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_output_as_it_is_passes_and_holds_no_identifier() {
    let (table, asked) = (table(), asked());
    let verified = solved(&asked, &table).verify(&asked, b';').unwrap();
    let text = String::from_utf8(verified.as_bytes().to_vec()).unwrap();
    assert_eq!(text.lines().next(), Some("city;band;s;note"));
    assert_eq!(text.lines().nth(1), Some("X;1-2;p;x"));
    assert_eq!(text.lines().nth(7), Some("Y;3-4;p;\"z;z\""));
    assert_eq!(text.lines().nth(10), Some("*;*;p;x"), "the suppressed row keeps its other cells");
    assert_eq!(verified.claims().suppressed, 1);
}

#[test]
fn a_changed_cell_is_refused() {
    let problem = refusal(|lines| lines[2] = lines[2].replace(";q;", ";p;"));
    assert_eq!(problem, "row 1, column `s` was changed");
}

#[test]
fn swapped_rows_are_refused() {
    assert!(refusal(|lines| lines.swap(2, 8)).starts_with("row 1"));
}

#[test]
fn a_dropped_and_an_added_row_are_refused() {
    assert_eq!(refusal(|lines| drop(lines.pop())), "9 rows, not 10");
    assert_eq!(refusal(|lines| lines.push("*;*;p;x".to_owned())), "more than 10 rows");
}

#[test]
fn a_label_one_level_too_low_is_refused() {
    let problem = refusal(|lines| lines[1] = lines[1].replace("X;", "a;"));
    assert_eq!(problem, "row 0: a label is not that of the value at the stated level");
}

#[test]
fn a_suppression_that_is_not_done_is_refused() {
    let problem = refusal(|lines| lines[10] = lines[10].replace("*;*;", "X;3-4;"));
    assert!(problem.contains("does not keep k-anonymity"), "{problem}");
}

#[test]
fn a_class_that_is_hidden_in_part_is_refused() {
    assert_eq!(refusal(|lines| lines[1] = lines[1].replace("X;1-2;", "*;*;")), "a class is suppressed in part");
}

#[test]
fn a_class_hidden_beyond_the_limit_is_refused() {
    let problem = refusal(|lines| {
        for line in lines.iter_mut() {
            *line = line.replace("Y;3-4;", "*;*;");
        }
    });
    assert_eq!(problem, "5 rows are suppressed, 1 may be");
}

#[test]
fn another_header_and_ragged_rows_are_refused() {
    assert_eq!(refusal(|lines| lines[0] = "id;city;band;s".to_owned()), "the header is not that of the input");
    assert_eq!(refusal(|lines| lines[3].push_str(";more")), "row 2 has 5 cells, not 4");
    assert!(refusal(Vec::clear).contains("header"));
}

#[test]
fn a_solution_for_a_weaker_request_is_refused_under_a_stricter_one() {
    let (table, weak) = (table(), asked());
    let solution = solved(&weak, &table);
    let strict = asked().with_criterion(Criterion::k_anonymity(6).unwrap());
    assert!(matches!(solution.verify(&strict, b';'), Err(AnonymityError::NotVerified { .. })));
    let unlimited = asked().with_suppression(SuppressionLimit::new(0.0).unwrap());
    assert!(matches!(solution.verify(&unlimited, b';'), Err(AnonymityError::NotVerified { .. })));
    let levels = asked().with_levels("city", 2, 2).unwrap();
    assert!(matches!(solution.verify(&levels, b';'), Err(AnonymityError::NotVerified { .. })));
    let diverse = asked().with_criterion(Criterion::l_distinct("s", 4).unwrap());
    assert!(matches!(solution.verify(&diverse, b';'), Err(AnonymityError::NotVerified { .. })));
}

#[test]
fn a_node_that_is_not_admissible_is_never_verified() {
    let (table, asked) = (table(), asked());
    let solution = asked.evaluate(&table, &[0, 0]).unwrap();
    assert!(!solution.claims().anonymous);
    assert!(matches!(solution.verify(&asked, b';'), Err(AnonymityError::NotVerified { .. })));
}

#[test]
fn a_table_that_is_all_stars_is_judged_as_the_class_it_is() {
    let table = table();
    let plan = asked().with_criterion(Criterion::k_anonymity(10).unwrap());
    let solution = solved(&plan, &table);
    assert_eq!(solution.claims().transformation, Some(vec![2, 2]));
    assert_eq!((solution.claims().suppressed, solution.claims().fully_generalised), (0, 10));
    assert!(solution.verify(&plan, b';').is_ok());
    // One more than there are: everybody is suppressed, which looks the same and is claimed as what it is.
    let all = SuppressionLimit::new(1.0).unwrap();
    let plan = asked().with_criterion(Criterion::k_anonymity(11).unwrap()).with_suppression(all);
    let solution = solved(&plan, &table);
    assert_eq!((solution.claims().suppressed, solution.claims().classes), (10, 0));
    assert!(solution.verify(&plan, b';').is_ok());
}
