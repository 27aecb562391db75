//! What the ledger cannot know.

use super::{AtLeastOne, Party, RecordText};

/// What the ledger and the register cannot know of a record.
///
/// # Privacy
/// A pseudonym as `principal_id` keeps the customer's own id out of the document. `Debug` shows no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDetails {
    /// Names the record; unique.
    pub record_id: RecordText,
    /// Stands for the customer.
    pub principal_id: RecordText,
    /// Where the notice is kept, such as its address; its version comes from the ledger.
    pub notice: RecordText,
    /// Language of notice and question, such as `de` (BCP 47).
    pub language: RecordText,
    /// Everybody involved: at least one controller, and whoever `recipients` names.
    pub parties: AtLeastOne<Party>,
    /// Where the data is kept.
    pub storage_locations: AtLeastOne<RecordText>,
    /// How consent is withdrawn.
    pub withdrawal_method: RecordText,
    /// Ids of the parties that get the data; empty says that nobody does.
    pub recipients: Vec<RecordText>,
    /// Categories of data, used where neither the grant nor the register names any.
    pub information: Vec<RecordText>,
    /// How long data is kept, or by which criteria, used where the register sets no days.
    pub retention: Option<RecordText>,
    /// Codes of the jurisdictions, used where the ledger knows none.
    pub jurisdictions: Vec<RecordText>,
    /// How the data is collected. Default: the method of the newest statement, if it has one.
    pub collection_method: Option<RecordText>,
    /// The rights the customer was told of.
    pub rights: Vec<RecordText>,
}
