//! What a column of a table is.

/// What a column is to whoever attacks the table. Closed: every column is exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Names a person; never reaches an output.
    Identifier,
    /// A quasi-identifier: others may know it, and together with others of its kind it may single somebody out.
    Quasi,
    /// Nobody else should learn it.
    Sensitive,
    /// Neither known elsewhere nor worth protecting.
    Insensitive,
    /// How many persons a row stands for; kept, not protected.
    Weight,
    /// The household, whose members are counted once where a rule says so.
    Household,
}

/// How the values of a column compare. Declared, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ColumnType {
    /// As text, in the order of their bytes.
    #[default]
    Categorical,
    /// As numbers, parsed after trimming.
    Numeric,
}
