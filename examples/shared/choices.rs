//! The words that flags about purchases accept.

use clap::ValueEnum;
use consentric::feature::{Refunds, ZeroAmount};

#[derive(Clone, Copy, ValueEnum)]
pub enum Frequency {
    Orders,
    Days,
    Rows,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RefundRule {
    Exclude,
    Net,
    Keep,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ZeroRule {
    Keep,
    Drop,
}

impl RefundRule {
    pub const fn rule(self) -> Refunds {
        match self {
            Self::Exclude => Refunds::Exclude,
            Self::Net => Refunds::Net,
            Self::Keep => Refunds::Keep,
        }
    }
}

impl ZeroRule {
    pub const fn rule(self) -> ZeroAmount {
        match self {
            Self::Keep => ZeroAmount::Keep,
            Self::Drop => ZeroAmount::Drop,
        }
    }
}
