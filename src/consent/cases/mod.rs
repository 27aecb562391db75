//! Cases as JSON lines: a customer, an activity, events and a request in; a decision out.

mod answer;
mod case_line;
mod cases_reader;

pub use answer::Answer;
pub use cases_reader::Cases;
