//! Tables and hierarchies as text.

use std::collections::{BTreeMap, BTreeSet};

/// A table of text.
#[derive(Clone, Debug, PartialEq)]
pub struct NaiveTable {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl NaiveTable {
    pub fn new(columns: &[&str], rows: &[&[&str]]) -> Self {
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        Self { columns: owned(columns), rows: rows.iter().map(|row| owned(row)).collect() }
    }

    /// The first line holds the names; they are trimmed, cells are not. Blank lines are skipped.
    pub fn parse(text: &str, separator: char) -> Result<Self, String> {
        let mut records = split_records(text, separator).into_iter();
        let columns: Vec<String> =
            records.next().ok_or("the table is empty")?.iter().map(|name| name.trim().to_owned()).collect();
        let rows: Vec<Vec<String>> = records.collect();
        if rows.is_empty() {
            return Err("the table has no rows".to_owned());
        }
        for (number, row) in rows.iter().enumerate() {
            if row.len() != columns.len() {
                return Err(format!("row {number} has {} cells, the header {}", row.len(), columns.len()));
            }
        }
        Ok(Self { columns, rows })
    }

    pub fn to_text(&self, separator: char) -> String {
        let mut text = String::new();
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell, separator)).collect();
            text.push_str(&cells.join(&separator.to_string()));
            text.push('\n');
        }
        text
    }

    pub fn position(&self, name: &str) -> usize {
        self.columns.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column `{name}`"))
    }

    pub fn cell(&self, row: usize, name: &str) -> &str {
        &self.rows[row][self.position(name)]
    }
}

/// One row per level-0 value, its labels level by level.
#[derive(Clone, Debug, PartialEq)]
pub struct NaiveHierarchy {
    pub rows: Vec<Vec<String>>,
}

impl NaiveHierarchy {
    pub fn new(rows: &[&[&str]]) -> Self {
        Self { rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect() }
    }

    /// `;` between levels, no header, text as it is but for the line end.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rows = Vec::new();
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            rows.push(line.split(';').map(str::to_owned).collect::<Vec<String>>());
        }
        if text.is_empty() || text.ends_with('\n') {
            rows.pop();
        }
        let hierarchy = Self { rows };
        hierarchy.check()?;
        Ok(hierarchy)
    }

    pub fn to_text(&self) -> String {
        self.rows.iter().map(|row| row.join(";") + "\n").collect()
    }

    /// Equal lengths, no value twice, every label under one parent.
    pub fn check(&self) -> Result<(), String> {
        let levels = self.rows.first().ok_or("the hierarchy is empty")?.len();
        let mut seen = BTreeSet::new();
        let mut parents: BTreeMap<(usize, &str), &str> = BTreeMap::new();
        for (line, row) in self.rows.iter().enumerate() {
            if row.len() != levels {
                return Err(format!("line {}: {} levels where the first line has {levels}", line + 1, row.len()));
            }
            if !seen.insert(&row[0]) {
                return Err(format!("line {}: `{}` occurs twice", line + 1, row[0]));
            }
            for level in 0..levels - 1 {
                let parent = parents.entry((level, &row[level])).or_insert(&row[level + 1]);
                if *parent != row[level + 1] {
                    return Err(format!(
                        "line {}: `{}` is under `{parent}` and `{}`",
                        line + 1,
                        row[level],
                        row[level + 1]
                    ));
                }
            }
        }
        Ok(())
    }

    pub fn height(&self) -> usize {
        self.rows[0].len() - 1
    }

    /// H: rows of the hierarchy.
    pub fn size(&self) -> u64 {
        self.rows.len() as u64
    }

    pub fn label(&self, value: &str, level: usize) -> Option<&str> {
        self.rows.iter().find(|row| row[0] == value).map(|row| row[level].as_str())
    }

    /// c(v, l): rows of the hierarchy with this label at this level.
    pub fn count(&self, label: &str, level: usize) -> u64 {
        self.rows.iter().filter(|row| row[level] == label).count() as u64
    }

    pub fn has_root(&self) -> bool {
        let top = self.height();
        self.rows.iter().all(|row| row[top] == self.rows[0][top])
    }
}

/// Cuts text into records; quotes may hold separators, line ends and doubled quotes.
pub fn split_records(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut inside, mut any) = (false, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if inside {
            match letter {
                '"' if letters.peek() == Some(&'"') => {
                    letters.next();
                    cell.push('"');
                }
                '"' => inside = false,
                other => cell.push(other),
            }
        } else if letter == '"' && cell.is_empty() {
            (inside, any) = (true, true);
        } else if letter == separator {
            record.push(std::mem::take(&mut cell));
            any = true;
        } else if letter == '\n' {
            if any || !cell.is_empty() {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            any = false;
        } else if letter == '\r' && matches!(letters.peek(), Some('\n') | None) {
            // Part of the line end.
        } else {
            cell.push(letter);
        }
    }
    if any || !cell.is_empty() {
        record.push(cell);
        records.push(record);
    }
    records
}

fn quoted(cell: &str, separator: char) -> String {
    if cell.contains([separator, '"', '\n', '\r', ',']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
