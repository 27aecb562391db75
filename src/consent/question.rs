//! What is asked about every customer alike.

use serde::Serialize;

use super::Purpose;
use super::recipient::Recipient;
use crate::time::Timestamp;

/// What is to be done with the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Compute features and put the customer in a segment.
    Segment,
    /// Use the data in another way.
    Use,
    /// Send a message.
    Contact,
    /// Hand over to another controller, or for advertising across contexts.
    Share,
    /// Sell.
    Sell,
    /// Hand over to a processor or service provider.
    Disclose,
    /// Count or average.
    Aggregate,
    /// Keep.
    Store,
    /// Decide by machine alone.
    AutomatedDecision,
    /// Use a label, model or aggregate that was made earlier.
    UseDerived,
    /// Give the person access.
    Access,
    /// Give the person the data to take along.
    Port,
    /// Explain a decision to the person.
    Explain,
    /// Ask for consent.
    AskConsent,
    /// Treat differently in price or service by status.
    Differentiate,
}

impl Operation {
    pub(super) const ALL: [(&'static str, Self); 15] = [
        ("segment", Self::Segment),
        ("use", Self::Use),
        ("contact", Self::Contact),
        ("share", Self::Share),
        ("sell", Self::Sell),
        ("disclose", Self::Disclose),
        ("aggregate", Self::Aggregate),
        ("store", Self::Store),
        ("automated_decision", Self::AutomatedDecision),
        ("use_derived", Self::UseDerived),
        ("access", Self::Access),
        ("port", Self::Port),
        ("explain", Self::Explain),
        ("ask_consent", Self::AskConsent),
        ("differentiate", Self::Differentiate),
    ];

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, operation)| *operation)
    }

    /// Whether data goes to somebody else.
    pub(super) const fn hands_over(self) -> bool {
        matches!(self, Self::Share | Self::Sell | Self::Disclose)
    }
}

/// What is asked about every customer alike: operation, purpose, data and circumstances.
///
/// [`about`](Question::about) makes the request about one customer of it.
///
/// # Examples
/// ```
/// use consentric::consent::{Operation, Purpose, Question};
/// let question = Question::segment(&Purpose::parse("segmentation_marketing")?).reading(["age"]);
/// assert_eq!(question.data_categories().collect::<Vec<_>>(), ["age", "purchase_history"]);
/// assert_eq!(question.operation(), Operation::Segment);
/// # Ok::<(), consentric::consent::ConsentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Question {
    pub(super) operation: Operation,
    /// As asked; `None` where a case named none, or no possible id.
    pub(super) purpose: Option<Purpose>,
    /// Ascending, each once.
    pub(super) data_categories: Vec<Box<str>>,
    /// Columns the schema calls sensitive; each is treated as a special category of its own name.
    pub(super) sensitive: Vec<Box<str>>,
    /// Categories that derived features reveal.
    pub(super) revealed: Vec<Box<str>>,
    pub(super) channel: Option<Box<str>>,
    pub(super) recipient: Option<Recipient>,
    pub(super) derived: Option<Derived>,
    pub(super) data_origin: Option<Box<str>>,
    pub(super) significant: bool,
    pub(super) human_review: HumanReview,
    pub(super) pseudonymised: bool,
    /// `Some(false)` only: the marketing does not profile.
    pub(super) profiled: Option<bool>,
    pub(super) product_line: Option<Box<str>>,
    pub(super) opt_out_in_message: bool,
    pub(super) tcf_purpose: Option<u16>,
    pub(super) infers_characteristics: Option<bool>,
    pub(super) strictly_necessary: bool,
    pub(super) based_on: Option<Box<str>>,
    pub(super) dropping: bool,
}

/// A label, model or aggregate made earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    pub(super) computed_at: Option<Timestamp>,
    /// Only the release gate says so.
    pub(super) anonymous: bool,
    /// `None` for all categories.
    pub(super) inputs: Option<Vec<Box<str>>>,
}

impl Derived {
    /// Gives something that was computed at an instant from all categories of data.
    pub const fn computed_at(at: Timestamp) -> Self {
        Self { computed_at: Some(at), anonymous: false, inputs: None }
    }

    /// Names the categories it was computed from. Default: all.
    #[must_use]
    pub fn from_inputs<'a>(mut self, categories: impl IntoIterator<Item = &'a str>) -> Self {
        self.inputs = Some(categories.into_iter().map(Box::from).collect());
        self
    }
}

/// Who looks at a decision before it takes effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HumanReview {
    /// Whether the review weighs the case.
    pub meaningful: bool,
    /// Whether the reviewer can change the outcome.
    pub reviewer_can_override: bool,
}

impl Question {
    /// Asks about an operation for a purpose, reading no category of data yet.
    pub fn new(operation: Operation, purpose: &Purpose) -> Self {
        Self::unnamed(operation, Some(purpose.clone()))
    }

    /// Asks about segmentation, which reads `purchase_history`.
    pub fn segment(purpose: &Purpose) -> Self {
        Self::new(Operation::Segment, purpose).reading([PURCHASE_HISTORY])
    }

    pub(super) const fn unnamed(operation: Operation, purpose: Option<Purpose>) -> Self {
        Self {
            operation,
            purpose,
            data_categories: Vec::new(),
            sensitive: Vec::new(),
            revealed: Vec::new(),
            channel: None,
            recipient: None,
            derived: None,
            data_origin: None,
            significant: false,
            human_review: HumanReview { meaningful: false, reviewer_can_override: false },
            pseudonymised: false,
            profiled: None,
            product_line: None,
            opt_out_in_message: false,
            tcf_purpose: None,
            infers_characteristics: None,
            strictly_necessary: false,
            based_on: None,
            dropping: false,
        }
    }

    /// Adds categories or fields of data that are read.
    pub fn reading<I>(mut self, data_categories: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.data_categories.extend(data_categories.into_iter().map(|category| Box::from(category.as_ref())));
        self.data_categories.sort_unstable();
        self.data_categories.dedup();
        self
    }

    /// Adds the special categories that a derived feature reveals, which counts as reading them (CJEU C-184/20).
    pub fn revealing<'a>(mut self, categories: impl IntoIterator<Item = &'a str>) -> Self {
        self.revealed.extend(categories.into_iter().map(Box::from));
        self
    }

    /// Reads only the categories the register allows, instead of denying when more are asked for; the run reports what
    /// was dropped.
    pub const fn with_dropping(mut self) -> Self {
        self.dropping = true;
        self
    }

    /// Names the channel of a message, such as `email` or `post`. Default: electronic.
    pub fn over(mut self, channel: &str) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// Names who gets the data.
    pub fn to(mut self, recipient: Recipient) -> Self {
        self.recipient = Some(recipient);
        self
    }

    /// Names the earlier result that is used.
    pub fn of_derived(mut self, derived: Derived) -> Self {
        self.derived = Some(derived);
        self
    }

    /// Says where ported data comes from: `provided`, `observed` or `inferred`.
    pub fn with_data_origin(mut self, origin: &str) -> Self {
        self.data_origin = Some(origin.into());
        self
    }

    /// Says that the decision has legal or similarly significant effects.
    pub const fn significant(mut self) -> Self {
        self.significant = true;
        self
    }

    /// Says how a human looks at the decision. Default: not at all.
    pub const fn with_human_review(mut self, review: HumanReview) -> Self {
        self.human_review = review;
        self
    }

    /// Says that the rows are pseudonymised.
    pub const fn pseudonymised(mut self) -> Self {
        self.pseudonymised = true;
        self
    }

    /// Says that the marketing does not profile. Default: it may.
    pub const fn not_profiled(mut self) -> Self {
        self.profiled = Some(false);
        self
    }

    /// Names the line of products that is advertised.
    pub fn for_product_line(mut self, product_line: &str) -> Self {
        self.product_line = Some(product_line.into());
        self
    }

    /// Says that the message offers a way out.
    pub const fn with_opt_out_in_message(mut self) -> Self {
        self.opt_out_in_message = true;
        self
    }

    /// Names the purpose of the Transparency and Consent Framework, so that its strings decide.
    pub const fn with_tcf_purpose(mut self, number: u16) -> Self {
        self.tcf_purpose = Some(number);
        self
    }

    /// Says that no characteristics of the person are inferred (Cal. Civ. Code 1798.121(d)).
    pub const fn not_inferring_characteristics(mut self) -> Self {
        self.infers_characteristics = Some(false);
        self
    }

    /// Says that the data is strictly necessary for the product the customer asked for (Maryland).
    pub const fn strictly_necessary_for_requested_product(mut self) -> Self {
        self.strictly_necessary = true;
        self
    }

    /// Names the status by which customers are treated differently, such as `loyalty`.
    pub fn based_on(mut self, status: &str) -> Self {
        self.based_on = Some(status.into());
        self
    }

    /// Marks columns as sensitive, so that a grant must name them explicitly.
    pub(crate) fn with_sensitive<'a>(mut self, columns: impl Iterator<Item = &'a str>) -> Self {
        self.sensitive.extend(columns.map(Box::from));
        self
    }

    /// Makes the request about one customer at an instant.
    pub const fn about<'a>(&'a self, customer: &'a str, at: Timestamp) -> Request<'a> {
        Request { question: self, customer, at, known_at: None, profile: None }
    }

    /// Gives the operation.
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// Gives the purpose.
    pub const fn purpose(&self) -> Option<&Purpose> {
        self.purpose.as_ref()
    }

    /// Gives the categories and fields of data, ascending.
    pub fn data_categories(&self) -> impl ExactSizeIterator<Item = &str> {
        self.data_categories.iter().map(AsRef::as_ref)
    }

    /// Takes away the categories that are not allowed, and gives them; purchases are no column and stay.
    pub(super) fn drop_all_but(&mut self, allowed: &[String]) -> Vec<String> {
        let mut dropped = Vec::new();
        self.data_categories.retain(|category| {
            let stays = **category == *PURCHASE_HISTORY || allowed.iter().any(|allowed| **allowed == **category);
            if !stays {
                dropped.push(category.to_string());
            }
            stays
        });
        dropped
    }

    pub(super) fn is_marked_sensitive(&self, category: &str) -> bool {
        self.sensitive.iter().any(|marked| &**marked == category)
    }
}

impl From<Purpose> for Question {
    fn from(purpose: Purpose) -> Self {
        Self::segment(&purpose)
    }
}

/// A question about one customer at a time.
///
/// # Privacy
/// `Debug` names no customer.
#[derive(Clone, Copy)]
#[must_use]
pub struct Request<'a> {
    pub(super) question: &'a Question,
    pub(super) customer: &'a str,
    pub(super) at: Timestamp,
    pub(super) known_at: Option<Timestamp>,
    pub(super) profile: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// Answers with what had reached us by `known_at` only. Default: with all that is known today.
    pub const fn with_known_at(mut self, known_at: Timestamp) -> Self {
        self.known_at = Some(known_at);
        self
    }

    /// Counts only the events of one profile, of those merged with it, and those without a profile. Default: all.
    pub const fn with_profile(mut self, profile: &'a str) -> Self {
        self.profile = Some(profile);
        self
    }

    /// Gives the question.
    pub const fn question(&self) -> &'a Question {
        self.question
    }

    /// Gives the customer.
    pub const fn customer(&self) -> &'a str {
        self.customer
    }

    /// Gives the instant that is asked about.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Gives the instant whose knowledge counts, `None` for today's.
    pub const fn known_at(&self) -> Option<Timestamp> {
        self.known_at
    }
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({:?} for {:?} at {})", self.question.operation, self.question.purpose, self.at)
    }
}

const PURCHASE_HISTORY: &str = "purchase_history";
