//! Consent: whether a customer's data may be used for a purpose at a time, and why.
//!
//! A [`Ledger`] holds what customers said, as [`Event`]s. An [`Activity`] says what is to be done, for which
//! [`Purpose`], reading which data. [`decide`] answers with a [`Decision`] and its [`Reason`]. The door from
//! [`Customers`](crate::record::Customers) to the next stage asks any [`ConsentPolicy`], which a ledger is.
//!
//! What is unknown, unreadable or beyond this version means no. This version judges segmentation on the basis of
//! consent: the newest statement about the purpose by the time it took effect, objections, opt-outs, restrictions,
//! erasures, the proof of a grant and the age of consent. Registers, other bases, validity periods, changed notices,
//! double opt-in, recipients and the opt-out laws of the United States come later, under the same names.
//!
//! Engineering, not legal advice.

mod activity;
mod decide;
mod decision;
mod error;
mod event;
mod grant;
mod jurisdiction;
mod ledger;
mod policy;
mod purpose;
mod read;
mod reason;
mod stage;
mod wire;

pub use activity::{Activity, LawfulBasis};
pub use decide::decide;
pub use decision::{Decision, Operation, Request};
pub use error::{ConsentError, JsonProblem, LineProblem};
pub use event::{Event, EventKind, Grant, ObjectionScope, Purposes, Right, Signal};
pub use ledger::{Ledger, Subject};
pub use policy::{AssumeLawful, ConsentPolicy, ConsentSource};
pub use purpose::Purpose;
pub use reason::Reason;
pub use stage::Consented;

pub(crate) use stage::Run;
