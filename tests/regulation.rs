//! What the law says, one test per article or clause, named after it.
//!
//! Every test shows both sides: a case that is allowed and one that is denied, which differ in the fact tested alone.
//! Dates, ages and periods are tried one microsecond before, at, and one microsecond after the instant they end.

#[path = "regulation/ask.rs"]
mod ask;
#[path = "regulation/case.rs"]
mod case;

#[path = "regulation/age.rs"]
mod age;
#[path = "regulation/asking_again.rs"]
mod asking_again;
#[path = "regulation/automated_decisions.rs"]
mod automated_decisions;
#[path = "regulation/bases.rs"]
mod bases;
#[path = "regulation/canada_brazil.rs"]
mod canada_brazil;
#[path = "regulation/compatibility.rs"]
mod compatibility;
#[path = "regulation/consent.rs"]
mod consent;
#[path = "regulation/erasure.rs"]
mod erasure;
#[path = "regulation/identity.rs"]
mod identity;
#[path = "regulation/jurisdictions.rs"]
mod jurisdictions;
#[path = "regulation/objection.rs"]
mod objection;
#[path = "regulation/precedence.rs"]
mod precedence;
#[path = "regulation/reading.rs"]
mod reading;
#[path = "regulation/recipients.rs"]
mod recipients;
#[path = "regulation/tcf.rs"]
mod tcf;
#[path = "regulation/time.rs"]
mod time;
#[path = "regulation/us_signals.rs"]
mod us_signals;
#[path = "regulation/us_states.rs"]
mod us_states;
#[path = "regulation/us_versions.rs"]
mod us_versions;
#[path = "regulation/vocabulary.rs"]
mod vocabulary;
