//! The flags of the program.

use std::path::PathBuf;

use clap::{ArgGroup, Parser, ValueEnum};
use consentric::anonymity::{ColumnType, MissingValues, SensitiveMode};

/// Measures how anonymous a table is: one JSON object on standard output.
///
/// Classes are the rows with equal quasi-identifiers. Every measure comes with the class that sets it, so the output holds
/// personal data. Exit code 0: measured; 1: the table cannot be read or measured; 2: wrong usage.
#[derive(Parser)]
#[command(version, group(ArgGroup::new("mode").args(["joint", "separate", "composite"])))]
pub struct Args {
    /// The table: CSV with a header
    #[arg(long, value_name = "CSV")]
    pub data: PathBuf,

    /// The byte between cells, `\t` for a tab
    #[arg(long, value_name = "BYTE", default_value = ",", value_parser = separator)]
    pub separator: u8,

    /// Quasi-identifiers: columns that others may know
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', required = true)]
    pub qi: Vec<String>,

    /// Sensitive columns: what nobody else should learn
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', required = true)]
    pub sensitive: Vec<String>,

    /// How values compare; a sensitive column not named is categorical, and the output says that this was assumed
    #[arg(long, value_name = "COLUMN:numeric|categorical,…", value_delimiter = ',', value_parser = column_type)]
    pub types: Vec<(String, ColumnType)>,

    /// Measure every sensitive column on the classes of quasi-identifiers and all other sensitive columns
    #[arg(long)]
    pub joint: bool,

    /// Measure every sensitive column on the classes of quasi-identifiers [default]
    #[arg(long)]
    pub separate: bool,

    /// Measure all sensitive columns as one, whose values are tuples
    #[arg(long)]
    pub composite: bool,

    /// What an empty cell is: one more value, a reason to leave the row out, or an error
    #[arg(long, value_enum, value_name = "value|exclude|error", default_value = "value")]
    pub missing: Missing,

    /// Rows whose quasi-identifiers all hold this text are suppressed: counted, not measured; empty for none
    #[arg(long, value_name = "TEXT", default_value = "*")]
    pub suppressed_label: String,

    /// The original table, for its number of rows
    #[arg(long, value_name = "CSV")]
    pub raw: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Missing {
    Value,
    Exclude,
    Error,
}

impl Args {
    pub const fn mode(&self) -> SensitiveMode {
        if self.joint {
            SensitiveMode::Joint
        } else if self.composite {
            SensitiveMode::Composite
        } else {
            SensitiveMode::Separate
        }
    }

    pub const fn missing(&self) -> MissingValues {
        match self.missing {
            Missing::Value => MissingValues::Value,
            Missing::Exclude => MissingValues::Exclude,
            Missing::Error => MissingValues::Error,
        }
    }
}

fn separator(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        [byte] if !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => Err("one byte is needed, no quote and no line end".to_owned()),
    }
}

fn column_type(text: &str) -> Result<(String, ColumnType), String> {
    match text.rsplit_once(':') {
        Some((column, "numeric")) => Ok((column.to_owned(), ColumnType::Numeric)),
        Some((column, "categorical")) => Ok((column.to_owned(), ColumnType::Categorical)),
        _ => Err("COLUMN:numeric or COLUMN:categorical is needed".to_owned()),
    }
}
