//! Built-in hierarchies, materialised over a declared domain.
//!
//! Domain and cuts are the caller's and never follow the data: so a share of the hierarchy has one meaning, and two releases
//! speak of the same bands. Each builder gives a [`Hierarchy`](super::Hierarchy).
//!
//! | builder | for | levels |
//! | --- | --- | --- |
//! | [`Bands`] | numbers | bands of growing width, `*` |
//! | [`Dates`] | days | month, quarter, year, decade, or ISO week; `*` |
//! | [`Prefix`] | codes, postcodes | one character less a level |
//! | [`Ordered`] | ordered categories | neighbours joined |
//! | [`Priority`] | skewed categories | rare values joined |

mod bands;
mod dates;
mod ordered;
mod prefix;
mod priority;

pub use bands::Bands;
pub use dates::{DateLevel, Dates};
pub use ordered::Ordered;
pub use prefix::{Prefix, Side};
pub use priority::Priority;
