//! The adult data, which are not part of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use consentric::anonymity::{Anonymization, ColumnType, Criterion, Hierarchy, Role, Table, TableColumn};

/// The rows of the adult data and their hierarchies.
pub struct Adult {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    hierarchies: Vec<String>,
}

impl Adult {
    /// `None`, with a line that says so, if the data are not there.
    pub fn read() -> Option<Self> {
        let root = std::env::var_os("CONSENTRIC_SHARED_DATA")
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
        let folder = root.join("adult");
        let Ok(text) = fs::read_to_string(folder.join("adult.csv")) else {
            println!("skipped: {} is not there", folder.display());
            return None;
        };
        let mut lines = text.lines().map(|line| line.split(';').map(str::to_owned).collect::<Vec<_>>());
        let header = lines.next()?;
        let hierarchy = |name: &String| fs::read_to_string(folder.join(format!("adult_hierarchy_{name}.csv"))).ok();
        let hierarchies = header.iter().map(hierarchy).collect::<Option<_>>()?;
        Some(Self { header, rows: lines.collect(), hierarchies })
    }

    /// All columns as categories, to be generalised along their hierarchies.
    pub fn categories(&self, columns: &[&str], k: u64) -> (Table, Anonymization) {
        let mut plan = Anonymization::new().with_criterion(Criterion::k_anonymity(k).expect("k"));
        for name in columns {
            let hierarchy = &self.hierarchies[self.place(name)];
            plan = plan.with_quasi(name, &Hierarchy::parse(name, hierarchy).expect("a hierarchy"));
        }
        (self.table(columns, false), plan)
    }

    /// Age and education in school order as numbers, the others as categories in the order of their hierarchies.
    pub fn ordered(&self, columns: &[&str], k: u64) -> (Table, Anonymization) {
        let mut plan = Anonymization::new().with_criterion(Criterion::k_anonymity(k).expect("k"));
        for name in columns {
            if NUMBERS.contains(name) {
                plan = plan.with_quasi_as_is(name);
                continue;
            }
            let lines = self.hierarchies[self.place(name)].lines();
            let order: Vec<Vec<String>> =
                lines.filter_map(|line| Some(vec![line.split(';').next()?.to_owned()])).collect();
            plan = plan.with_quasi(name, &Hierarchy::from_rows(name, &order).expect("an order"));
        }
        (self.table(columns, true), plan)
    }

    fn table(&self, columns: &[&str], with_numbers: bool) -> Table {
        let column = |name: &&str| {
            let place = self.place(name);
            let numeric = with_numbers && NUMBERS.contains(name);
            let text = |row: &Vec<String>| match SCHOOLS.iter().position(|school| *school == row[place]) {
                Some(school) if numeric => (school + 1).to_string(),
                _ => row[place].clone(),
            };
            let texts: Vec<String> = self.rows.iter().map(text).collect();
            let column_type = if numeric { ColumnType::Numeric } else { ColumnType::Categorical };
            TableColumn::new(name, Role::Quasi, column_type, texts.iter().map(String::as_str)).expect("a column")
        };
        Table::from_columns("adult", columns.iter().map(column).collect()).expect("rows")
    }

    fn place(&self, name: &str) -> usize {
        self.header.iter().position(|found| found == name).expect("a column of the data")
    }
}

/// Eight quasi-identifiers; the ninth is `salary-class`.
pub const COLUMNS: [&str; 8] =
    ["age", "education", "workclass", "marital-status", "occupation", "race", "sex", "native-country"];

const NUMBERS: [&str; 2] = ["age", "education"];

const SCHOOLS: [&str; 16] = [
    "Preschool",
    "1st-4th",
    "5th-6th",
    "7th-8th",
    "9th",
    "10th",
    "11th",
    "12th",
    "HS-grad",
    "Some-college",
    "Assoc-voc",
    "Assoc-acdm",
    "Bachelors",
    "Masters",
    "Prof-school",
    "Doctorate",
];
