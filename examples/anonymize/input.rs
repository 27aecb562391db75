//! The files the program reads.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use consentric::anonymity::{ColumnType, Hierarchy, Role, Subset, Table, TableReader};

use crate::args::Args;
use crate::failure::Failure;

/// The table; every column that no flag names is insensitive.
pub fn table(args: &Args) -> Result<Table, Failure> {
    let mut types: Vec<(&str, ColumnType)> = Vec::new();
    for text in &args.types {
        let column_type = match text.rsplit_once(':') {
            Some((column, "numeric")) => (column, ColumnType::Numeric),
            Some((column, "categorical")) => (column, ColumnType::Categorical),
            _ => return Err(Failure::Usage(format!("`--types {text}`: write column:numeric or column:categorical"))),
        };
        types.push(column_type);
    }
    let named: BTreeSet<&str> = args.qi.iter().chain(&args.sensitive).map(String::as_str).collect();
    if let Some((column, _)) = types.iter().find(|(column, _)| !named.contains(column)) {
        return Err(Failure::Usage(format!("`--types {column}`: no column of `--qi` or `--sensitive`")));
    }
    let of =
        |name: &str| types.iter().rev().find(|(column, _)| *column == name).map_or_else(ColumnType::default, |t| t.1);
    let mut reader = TableReader::new().with_separator(args.separator).with_others(Role::Insensitive);
    for name in &args.qi {
        reader = reader.with_column(name, Role::Quasi, of(name));
    }
    for name in &args.sensitive {
        reader = reader.with_column(name, Role::Sensitive, of(name));
    }
    let name = args.data.display().to_string();
    let table = reader.read(&name, open(&args.data)?)?;
    let others: Vec<&str> = table.columns_of(Role::Insensitive).map(|column| column.name()).collect();
    if !others.is_empty() {
        eprintln!("taken as insensitive, and written unchanged: {}", others.join(", "));
    }
    if table.n_blank_lines() > 0 {
        eprintln!("{name}: {} blank lines skipped", table.n_blank_lines());
    }
    Ok(table)
}

/// The hierarchy of a column, if there is a file for it.
pub fn hierarchy(args: &Args, column: &str) -> Result<Option<Hierarchy>, Failure> {
    let ending = format!("_hierarchy_{column}.csv");
    let mut files: Vec<PathBuf> = Vec::new();
    for path in &args.hierarchies {
        if path.is_dir() {
            for entry in fs::read_dir(path).map_err(|error| refused(path, &error))? {
                files.push(entry.map_err(|error| refused(path, &error))?.path());
            }
        } else {
            files.push(path.clone());
        }
    }
    files.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(&ending)));
    files.sort();
    files.dedup();
    match files.as_slice() {
        [] => Ok(None),
        [path] => {
            let text = fs::read_to_string(path).map_err(|error| refused(path, &error))?;
            Ok(Some(Hierarchy::parse(&path.display().to_string(), &text)?))
        }
        [one, other, ..] => Err(Failure::Refused(format!(
            "two hierarchies of column `{column}`: {} and {}; name the one that is meant",
            one.display(),
            other.display()
        ))),
    }
}

/// The research subset.
pub fn subset(args: &Args, table: &Table) -> Result<Option<Subset>, Failure> {
    let Some(path) = &args.subset else { return Ok(None) };
    let name = path.display().to_string();
    let reader = TableReader::new().with_separator(args.separator).with_others(Role::Insensitive);
    let rows = reader.read(&name, open(path)?)?;
    let numbered = rows.columns().len() == 1 && rows.columns().iter().all(|column| column.name() == "row");
    if !numbered {
        return Ok(Some(Subset::matching(table, &rows)?));
    }
    let column = rows.column("row")?;
    let mut numbers = Vec::with_capacity(rows.n_rows());
    for row in 0..rows.n_rows() {
        let number = column.text_at(row).trim().parse::<u64>();
        numbers.push(number.map_err(|_| Failure::Refused(format!("{name}: row {row} is not a row number")))?);
    }
    Ok(Some(Subset::of_rows(table, numbers)?))
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    Ok(BufReader::with_capacity(1 << 16, File::open(path).map_err(|error| refused(path, &error))?))
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Refused(format!("{}: {error}", path.display()))
}
