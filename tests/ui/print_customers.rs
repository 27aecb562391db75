//! Customers have no text form for people.
use consentric::record::Customers;

fn print(customers: &Customers) -> String {
    format!("{customers}")
}

fn main() {}
