//! Instants, civil dates and time zones; the clock is always the caller's.
//!
//! Nothing in this crate asks the machine what time it is. A run is told its time, so that the same input gives the
//! same answer tomorrow. Calendar arithmetic and the time zone database come from `jiff`; the database is the one
//! compiled in, so that two machines agree on a clock change.

mod date;
mod error;
mod timestamp;
mod zone;

pub use date::Date;
pub use error::TimeError;
pub use timestamp::Timestamp;
pub use zone::Zone;
