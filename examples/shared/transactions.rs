//! Flags for purchases, shared by every program that reads them.

use std::path::PathBuf;

use clap::Args;
use consentric::feature::{FrequencyUnit, Rfm};
use consentric::record::{Currency, TransactionRole, Transactions, TransactionsReader};
use consentric::time::{Date, Zone};

use crate::choices::{Frequency, RefundRule, ZeroRule};
use crate::failure::Failure;

#[derive(Args)]
pub struct TransactionFlags {
    /// Purchases, one row each [default: the bundled CDNOW sample]
    #[arg(long, value_name = "CSV")]
    pub transactions: Option<PathBuf>,

    /// Column for a role, repeatable; roles: customer, timestamp, amount, quantity, unit_price, order, units, currency
    /// [default: columns called like the roles]
    #[arg(long = "column", value_name = "ROLE=NAME")]
    pub columns: Vec<String>,

    /// Recency counts back from this day [default: the day after the last row]
    #[arg(long, value_name = "DATE")]
    pub analysis_date: Option<Date>,

    /// Zone in which a purchase falls on a day, an IANA name
    #[arg(long, default_value = "UTC", value_name = "ZONE")]
    pub time_zone: String,

    /// Currency of the amounts if there is no currency column, such as EUR [default: unnamed, two decimals]
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,

    /// What frequency counts [default: orders if there is an order column, else days]
    #[arg(long, value_enum)]
    pub frequency: Option<Frequency>,

    /// Rows with an amount, quantity or price below 0
    #[arg(long, value_enum, default_value_t = RefundRule::Exclude)]
    pub refunds: RefundRule,

    /// Rows with an amount, quantity or price of 0
    #[arg(long, value_enum, default_value_t = ZeroRule::Keep)]
    pub zero_amount: ZeroRule,

    /// Leave out and count rows that cannot be read, instead of stopping at the first
    #[arg(long)]
    pub skip_unreadable: bool,
}

/// Purchases with what was settled about them.
pub struct Loaded {
    pub transactions: Transactions,
    pub rfm: Rfm,
    pub frequency: &'static str,
    pub analysis_date: Date,
    pub is_sample: bool,
}

impl TransactionFlags {
    pub fn load(&self) -> Result<Loaded, Failure> {
        let mut reader = TransactionsReader::new().with_zone(Zone::parse(&self.time_zone).map_err(usage)?);
        if self.skip_unreadable {
            reader = reader.skipping_unreadable();
        }
        let currency = match &self.currency {
            Some(code) => Currency::parse(code).map_err(usage)?,
            None if self.transactions.is_none() => Currency::USD,
            None => Currency::NONE,
        };
        reader = reader.with_currency(currency);
        let transactions = match &self.transactions {
            Some(path) => {
                for column in &self.columns {
                    let (role, name) = column
                        .split_once('=')
                        .ok_or_else(|| Failure::Usage(format!("`--column {column}`: write ROLE=NAME")))?;
                    reader = reader.with_column(TransactionRole::parse(role).map_err(usage)?, name);
                }
                reader.read_csv_file(path)?
            }
            None if self.columns.is_empty() => reader
                .with_column(TransactionRole::Customer, "master_id")
                .with_column(TransactionRole::Timestamp, "date")
                .with_column(TransactionRole::Units, "cds")
                .read_csv("examples/data/cdnow_sample.csv", SAMPLE)?,
            None => return Err(Failure::Usage("`--column` goes with `--transactions`".to_owned())),
        };
        let analysis_date = match (self.analysis_date, transactions.day_range()) {
            (Some(date), _) => date,
            (None, Some((_, last))) => last.plus_days(1).map_err(|_| {
                Failure::Refused(
                    "the last purchase is on the last day of the calendar; give `--analysis-date`".to_owned(),
                )
            })?,
            (None, None) => return Err(Failure::Refused("no purchase with a customer".to_owned())),
        };
        let (unit, frequency) = match self.frequency {
            Some(Frequency::Orders) => (FrequencyUnit::Orders, "orders"),
            Some(Frequency::Days) => (FrequencyUnit::PurchaseDays, "days"),
            Some(Frequency::Rows) => (FrequencyUnit::Rows, "rows"),
            None if transactions.has_orders() => (FrequencyUnit::Orders, "orders"),
            None => (FrequencyUnit::PurchaseDays, "days"),
        };
        let rfm = Rfm::whole_history()
            .as_of(analysis_date)
            .counting(unit)
            .with_refunds(self.refunds.rule())
            .with_zero_amount(self.zero_amount.rule());
        Ok(Loaded { transactions, rfm, frequency, analysis_date, is_sample: self.transactions.is_none() })
    }
}

fn usage(error: impl std::error::Error) -> Failure {
    Failure::Usage(error.to_string())
}

/// CDNOW sample, Fader & Hardie, as shipped by lifetimes 0.11.3; see `examples/data/ATTRIBUTION.md`.
const SAMPLE: &[u8] = include_bytes!("../data/cdnow_sample.csv");
