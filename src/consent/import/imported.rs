//! What was imported.

use std::fmt;

use crate::consent::{ConsentError, Event, Ledger};

/// What one source says, read to its end.
///
/// # Privacy
/// `Debug` shows counts only.
#[derive(Clone, PartialEq, Eq)]
#[must_use = "an import reaches no ledger by itself"]
pub struct Import {
    pub(super) items: Vec<Imported>,
}

impl Import {
    /// Gives the number of events.
    pub const fn n_events(&self) -> usize {
        self.items.len()
    }

    /// Gives the events in the order of the source.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Imported> {
        self.items.iter()
    }

    /// Adds every event to a ledger, and gives how many; on an error none.
    ///
    /// # Errors
    /// [`ConsentError::TooLarge`] if the ledger cannot number so many different statements.
    ///
    /// # Complexity
    /// `O(n)` for `n` events.
    pub fn append_to(self, ledger: &mut Ledger) -> Result<usize, ConsentError> {
        let limit = u64::from(u32::MAX);
        let n_events = self.items.len();
        if ledger.kinds.len() as u64 + n_events as u64 >= limit {
            return Err(ConsentError::TooLarge { what: "different consent statements", limit });
        }
        // INVARIANT: importers give no event an id and no customer an empty one, and there is room for the statements:
        // no append fails, so nothing is half written.
        for Imported { customer, event } in self.items {
            ledger.append(&customer, event)?;
        }
        Ok(n_events)
    }
}

impl IntoIterator for Import {
    type Item = Imported;
    type IntoIter = std::vec::IntoIter<Imported>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl fmt::Debug for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Import({} events)", self.items.len())
    }
}

/// An event of one customer.
///
/// # Privacy
/// The id is the customer's own; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Imported {
    pub(super) customer: Box<str>,
    pub(super) event: Event,
}

impl Imported {
    /// Gives the customer.
    pub fn customer(&self) -> &str {
        &self.customer
    }

    /// Gives the event.
    pub const fn event(&self) -> &Event {
        &self.event
    }
}

impl fmt::Debug for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Imported({:?})", self.event)
    }
}
