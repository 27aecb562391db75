//! The laws, each with the dates from which its rules hold.

mod jurisdiction;
mod rule_set;
mod shipped;

pub use jurisdiction::{Jurisdiction, Strictest, jurisdiction};
pub use rule_set::RuleSet;

pub(super) use rule_set::{Family, SensitiveRule};
pub(super) use shipped::{LawCode, Shipped, UNSTATED, shipped};
