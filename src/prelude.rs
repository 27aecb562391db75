//! What nine of ten programs need: `use consentric::prelude::*;`.

pub use crate::Error;
pub use crate::consent::{Activity, ConsentPolicy, Event, LawfulBasis, Ledger, Purpose, Question, Register};
pub use crate::feature::{Columns, FrequencyUnit, Rfm};
pub use crate::pipeline::{Outcome, Pipeline};
pub use crate::protect::MasterKey;
pub use crate::record::{Customers, CustomersReader, Field, Kind, Role, Schema, Transactions, TransactionsReader};
pub use crate::release::{KAnonymity, Publish, Release, SegmentProfile};
pub use crate::segment::{FitContext, KMeans, SegmentId, Strategy};
pub use crate::time::{Date, Timestamp};
