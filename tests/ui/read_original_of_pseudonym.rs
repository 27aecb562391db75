//! A pseudonym does not know the name behind it, and the pseudonymiser has no way back.
use consentric::protect::{Pseudonym, Pseudonymiser};

fn reverse(pseudonymiser: &Pseudonymiser, pseudonym: Pseudonym) -> String {
    let _ = pseudonym.original();
    pseudonymiser.reverse(pseudonym)
}

fn main() {}
