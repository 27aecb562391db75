//! The rules, a file each.

mod asking;
mod automated;
mod basis;
mod canada;
mod compatible;
mod judge;
mod objection;
mod restriction;
mod states;
mod tcf;
mod transfer;

pub(super) mod age;
pub(super) mod consent;
pub(super) mod erasure;
pub(super) mod everywhere;
pub(super) mod opt_out;

pub(super) use judge::judge;
