//! The protect door: from lawful customers to customers without a name.

use std::fmt;

use rayon::prelude::*;

use super::{ProtectError, ProtectPlan, Pseudonym, PseudonymDomain, Pseudonymiser};
use crate::audit::{Action, Outcome};
use crate::consent::{Consented, Question, Run};
use crate::record::{Column, Field, History, Role, Texts};

/// Lawful customers under pseudonyms, with the declared columns only.
///
/// Made by [`Consented::protect`] only. Customers stay in the order of their ids, so that a new key changes no result.
///
/// # Privacy
/// No id, no other identifier and no undeclared column can be reached from here.
pub struct Protected<'a> {
    pub(crate) pseudonyms: Vec<Pseudonym>,
    /// Rows of the source, by ascending id.
    pub(crate) rows: Vec<u32>,
    pub(crate) columns: Vec<(&'a Field, &'a Column)>,
    pub(crate) history: Option<&'a History>,
    /// Rows of the source in all, allowed or not.
    pub(crate) n_source_rows: usize,
    /// The pseudonym of nobody: equal if and only if key and domain are.
    pub(crate) domain_mark: Pseudonym,
    pub(crate) run: Run,
}

impl<'a> Consented<'a> {
    /// Replaces ids by pseudonyms and drops every column that the purpose does not declare.
    ///
    /// # Privacy
    /// The audit event lists the dropped columns by name.
    ///
    /// # Errors
    /// [`ProtectError::UnknownColumn`] if the purpose declares a column that is not there,
    /// [`ProtectError::Identifier`] if it declares an identifier, [`ProtectError::Domain`] if the recipient is empty.
    ///
    /// # Complexity
    /// One HMAC a customer, in parallel; 16 bytes of memory each.
    ///
    /// # References
    /// GDPR Art. 4(5), 5(1)(c), 25(1).
    pub fn protect(self, plan: impl Into<ProtectPlan>) -> Result<Protected<'a>, ProtectError> {
        let plan = plan.into();
        let mut run = self.run;
        let domain = PseudonymDomain::new("segmentation", plan.recipient, run.purpose.clone(), plan.epoch)?;
        let pseudonymiser = Pseudonymiser::new(&plan.key, &domain)?;

        for column in declared(&self.question) {
            match self.customers.columns.iter().find(|(field, _)| field.name() == column) {
                None => return Err(ProtectError::UnknownColumn { column: column.to_owned() }),
                Some((field, _)) if field.role() == Role::Identifier => {
                    return Err(ProtectError::Identifier { column: column.to_owned() });
                }
                Some(_) => {}
            }
        }
        let (columns, dropped): (Vec<_>, Vec<_>) = self
            .customers
            .columns
            .iter()
            .map(|(field, column)| (field, column))
            .partition(|(field, _)| declared(&self.question).any(|column| column == field.name()));

        let ids: &Texts = &self.customers.ids;
        let pseudonyms = self
            .rows
            .par_iter()
            .with_min_len(1024)
            .map(|row| pseudonymiser.pseudonym("customer_id", ids.at(*row as usize)))
            .collect();
        let event = run.trail.push(run.at, Action::Protect, &run.purpose, Outcome::None);
        "pseudonyms made, columns dropped".clone_into(&mut event.detail);
        event.counts.insert("customers".to_owned(), self.rows.len() as u64);
        event.columns = dropped.iter().map(|(field, _)| field.name().to_owned()).collect();
        Ok(Protected {
            pseudonyms,
            rows: self.rows,
            columns,
            history: self.customers.history.as_ref(),
            n_source_rows: self.customers.ids.len(),
            domain_mark: pseudonymiser.pseudonym("domain_mark", ""),
            run,
        })
    }
}

impl Protected<'_> {
    /// Gives the number of customers.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Says whether there is no customer, which the consent door prevents.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Gives the declared columns that are left.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &Field> {
        self.columns.iter().map(|(field, _)| *field)
    }
}

/// The declared columns of the customer table; purchases are no column of it.
fn declared(question: &Question) -> impl Iterator<Item = &str> {
    question.data_categories().filter(|category| *category != "purchase_history")
}

impl fmt::Debug for Protected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Protected({} customers, {} columns)", self.len(), self.columns.len())
    }
}
